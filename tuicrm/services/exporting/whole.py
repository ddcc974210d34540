"""A workspace as one file: every record of every table, and every file, for another machine or another kind of store.

A zip: `tables/NAME.jsonl` with a line a record (`{"id": 7, "doc": {…}}`, by id), `blobs/SHA256` with the content of each file, and
`manifest.json`, last, which says how many records and which checksum each table has. What was changed when, and who undoes what, stays
where it was: that is what a backup takes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import IO, Any, BinaryIO

import msgspec
from msgspec import Struct

from tuicrm.domain.config_records import CONFIG_TABLES, ConfigRecord
from tuicrm.domain.progress import Tell
from tuicrm.domain.stamps import stamp
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import AccessDenied, Refused, StorageError
from tuicrm.i18n import _
from tuicrm.limits import DOCUMENT, FILE_SIZE
from tuicrm.regex import regex
from tuicrm.services.kernel.builtin_definitions import load_types
from tuicrm.services.kernel.session import Session
from tuicrm.store import create_store, places
from tuicrm.store.protocol import Op, Store, StorePlace

KIND, FORMAT = "tuicrm workspace", 1
MANIFEST = "manifest.json"
_TABLE = regex(r"tables/([a-z][a-z0-9_]{0,63})\.jsonl")
_BLOB = regex(r"blobs/([0-9a-f]{64})")
_LINES = 500
"""Records read, and written, at a time."""
_PIECE = 1 << 20
_MANIFEST_MOST, _ENTRIES_MOST = 4 << 20, 2_000_000
_LINE_MOST = DOCUMENT.most * 2
"""Bytes of one line: a record, and what JSON makes of its letters."""


class TableSum(Struct, frozen=True, forbid_unknown_fields=True):
    """What the manifest says of a table: how many records, the sha256 of its lines, the first id that was never given there."""

    records: int
    sha256: str
    next: int


class WholeManifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What the file says of itself."""

    kind: str
    format: int
    made: str
    by: str
    name: str
    tables: dict[str, TableSum]
    blobs: int


class WholeDone(Struct, frozen=True):
    """What was written or read: records in all, tables, files."""

    records: int
    tables: int
    files: int


class _Line(Struct, frozen=True, forbid_unknown_fields=True):
    id: int
    doc: dict[str, Any]


# -- out ---------------------------------------------------------------------------------------------------------------
def write_whole(session: Session, file: IO[bytes], tell: Tell = lambda _done, _of: None) -> WholeDone:
    """Write the workspace as it is now. `tell` is told records and files done, of how many; what it raises ends it. Raises
    AccessDenied for who may not read all of it, Damaged, StorageError."""
    if not session.access.admin:
        raise AccessDenied(
            _("Only administrators may take the whole workspace along: it holds what others may not see.")
        )
    session.store.refresh()
    store = session.whole
    firsts = {name: after for name, after in session.store.past.tables().items() if store.count(name)}
    blobs = sorted(session.store.blobs.digests())
    total = sum(map(store.count, firsts)) + len(blobs)
    done, sums = 0, dict[str, TableSum]()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(firsts):
            digest, count = hashlib.sha256(), 0
            with archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as entry:
                for line in _lines(store, name):
                    entry.write(line)
                    digest.update(line)
                    count += 1
                    if count % _LINES == 0:
                        tell(done + count, total)
            done += count
            sums[name] = TableSum(count, digest.hexdigest(), firsts[name])
        for number, blob in enumerate(blobs):
            tell(done + number, total)
            with (
                session.store.blobs.open(blob) as content,
                archive.open(f"blobs/{blob}", "w", force_zip64=True) as entry,
            ):
                while piece := content.read(_PIECE):
                    entry.write(piece)
        name = str(session.workspace.settings.get("name") or "")
        manifest = WholeManifest(KIND, FORMAT, stamp(session.clock()), session.person_key, name, sums, len(blobs))
        archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    return WholeDone(done, len(sums), len(blobs))


def _lines(store: Store, table: str) -> Iterator[bytes]:
    ids = sorted(store.ids(table))
    for at in range(0, len(ids), _LINES):
        for record in store.get(table, ids[at : at + _LINES]):
            line = json.dumps(
                {"id": record.id, "doc": record.doc}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            )
            yield f"{line}\n".encode()


# -- in ----------------------------------------------------------------------------------------------------------------
def create_from(
    place: StorePlace, file: BinaryIO, login: str, tell: Tell = lambda _done, _of: None
) -> tuple[WholeDone, str]:
    """Make a workspace of such a file, with the same ids; returns what was read, and the key of who comes in with this `login`: whose
    it is there, else the administrator's who wrote the file, to whom it is added.

    Raises Refused for what is no such file, or says something else than it should, StorageError; nothing of it is left then."""
    with _opened(file) as archive:
        manifest = _manifest(archive)
        with places.made_whole(place), closing(create_store(place)) as store:
            try:
                done = _fill(store, archive, manifest, tell)
                person = _let_in(store, manifest, login)
            except (zipfile.BadZipFile, EOFError, NotImplementedError) as broken:
                raise _wrong(str(broken)) from broken
            if store.files.verify():
                raise StorageError(_("What was written cannot be read again: the disk may be at fault."))
    return done, person


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError) as broken:
        raise _wrong(_("it is not a zip")) from broken


def _manifest(archive: zipfile.ZipFile) -> WholeManifest:
    """What the file says of itself, held against its list of contents. Raises Refused."""
    infos = archive.infolist()
    names = [one.filename for one in infos]
    if MANIFEST not in names:
        raise _wrong(_("it has no manifest.json"))
    if len(infos) > _ENTRIES_MOST or len(set(names)) != len(names):
        raise _wrong(_("it has a name twice, or too many"))
    for one in infos:
        if one.flag_bits & 1:
            raise _wrong(_("it is encrypted"))
        if one.filename != MANIFEST and not _TABLE.fullmatch(one.filename) and not _BLOB.fullmatch(one.filename):
            raise _wrong(_("{name} does not belong there").format(name=one.filename[:80]))
    with archive.open(MANIFEST) as entry:
        content = entry.read(_MANIFEST_MOST + 1)
    try:
        manifest = msgspec.json.decode(content, type=WholeManifest)
    except msgspec.MsgspecError as wrong:
        raise _wrong(f"{MANIFEST}: {wrong}") from wrong
    if manifest.kind != KIND:
        raise _wrong(_("it is not a workspace"))
    if manifest.format != FORMAT:
        raise _wrong(_("it is of format {n}; this version reads {known}").format(n=manifest.format, known=FORMAT))
    tables = {found[1] for name in names if (found := _TABLE.fullmatch(name))}
    if tables != set(manifest.tables) or sum(bool(_BLOB.fullmatch(name)) for name in names) != manifest.blobs:
        raise _wrong(_("its manifest names other tables or files"))
    return manifest


def _fill(store: Store, archive: zipfile.ZipFile, manifest: WholeManifest, tell: Tell) -> WholeDone:
    total = sum(one.records for one in manifest.tables.values()) + manifest.blobs
    done = 0
    config: dict[str, list[ConfigRecord]] = {}
    for number, name in enumerate(sorted(one for one in archive.namelist() if _BLOB.fullmatch(one))):
        tell(number, total)
        _take_blob(store, archive, name)
    with store.batch(by=manifest.by, note=_("made from an export"), meta={"fixed": True}) as batch:
        for table, said in manifest.tables.items():
            ops: list[Op] = []
            for line in _read_lines(archive, table, said):
                ops.append(Op(table, line.id, line.doc))
                if table in CONFIG_TABLES:
                    config.setdefault(table, []).append(ConfigRecord(line.id, 0, line.doc))
                if len(ops) == _LINES:
                    batch.add(ops)
                    done, ops = done + len(ops), []
                    tell(manifest.blobs + done, total)
            if ops:
                batch.add(ops)
                done += len(ops)
        _require_sound(config)
        batch.close()
    for table, said in manifest.tables.items():
        _pass_ids(store, table, said.next)
    return WholeDone(done, len(manifest.tables), manifest.blobs)


def _take_blob(store: Store, archive: zipfile.ZipFile, name: str) -> None:
    if archive.getinfo(name).file_size > FILE_SIZE.most:
        raise _wrong(FILE_SIZE.told)
    with archive.open(name) as content:
        bounded = _Bounded(content, FILE_SIZE.most)
        digest = store.blobs.put(io.BufferedReader(bounded))
    if digest != name.removeprefix("blobs/"):
        raise _wrong(_("{name} holds something else").format(name=name))


class _Bounded(io.RawIOBase):
    """A content that ends with an error where it is longer than it may be."""

    def __init__(self, inner: IO[bytes], most: int) -> None:
        self._inner, self._left = inner, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - as io has it
        piece = self._inner.read(len(buffer))
        self._left -= len(piece)
        if self._left < 0:
            raise _wrong(FILE_SIZE.told)
        buffer[: len(piece)] = piece
        return len(piece)


def _read_lines(archive: zipfile.ZipFile, table: str, said: TableSum) -> Iterator[_Line]:
    """The records of a table, each id once and in order. Raises Refused where they are not what the manifest says."""
    digest, count, last = hashlib.sha256(), 0, 0
    decoder = msgspec.json.Decoder(_Line)
    with archive.open(f"tables/{table}.jsonl") as entry:
        while line := entry.readline(_LINE_MOST + 1):
            if len(line) > _LINE_MOST:
                raise _wrong(f"{table}: {DOCUMENT.told}")
            digest.update(line)
            count += 1
            try:
                found = decoder.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
                raise _wrong(_("{table}, line {n}: {why}").format(table=table, n=count, why=wrong)) from wrong
            if not last < found.id < said.next or count > said.records:
                raise _wrong(_("{table}, line {n}: an id that cannot stand there").format(table=table, n=count))
            last = found.id
            yield found
    if count != said.records or digest.hexdigest() != said.sha256:
        raise _wrong(_("{table} is not what the manifest says: it was changed, or cut off").format(table=table))


def _require_sound(config: Mapping[str, list[ConfigRecord]]) -> None:
    """Raise Refused for definitions of which nothing can be made."""
    workspace = Workspace(load_types(), config)
    for wrong in workspace.misshapen:
        raise _wrong(f"{wrong.table} {wrong.id}: {wrong.reason}")
    if not any(role.admin for role in workspace.roles.values()):
        raise _wrong(_("nobody could manage it: it has no role of an administrator"))


def _pass_ids(store: Store, table: str, least: int) -> None:
    """Have the next ids come after all that were ever given where it comes from: an old ref never names something new."""
    first = store.new_ids(table, 1)[0]
    if first < least - 1:
        store.new_ids(table, least - 1 - first)


def _let_in(store: Store, manifest: WholeManifest, login: str) -> str:
    """Who comes in with a log-in; where it is nobody's, it becomes that of who wrote the file."""
    from tuicrm.services.kernel.session import config_records

    workspace = Workspace({}, config_records(store, ("person", "department", "role", "setting")))
    known = workspace.person_of_login(login)
    if known is not None and not known.retired:
        return known.key
    entry = workspace.entry("person", manifest.by)
    if entry is None or known is not None:
        raise _wrong(_("nobody in it is called {login}, nor who wrote it").format(login=login))
    logins = [*(entry.doc.get("logins") or ()), login]
    op = Op("person", entry.id, {**entry.doc, "logins": logins})
    store.commit([op], by=manifest.by, note=_("made from an export"), meta={"fixed": True})
    return manifest.by


def _wrong(why: str) -> Refused:
    return Refused(_("This is not a workspace that can be read: {why}.").format(why=why.rstrip(".")))
