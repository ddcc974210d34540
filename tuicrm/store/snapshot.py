"""A snapshot: the immutable file of a table, memory-mapped and shared by every session; documents are decoded when touched.

Ids, offsets and revisions, and postings of indexed fields, lie in `.cache/`, mapped too: disposable, made anew when missing or stale.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter
from typing import Any, TypeAlias
from urllib.parse import quote

import msgspec
from msgspec import Raw
from msgspec.structs import astuple

from tuicrm.digests import blake2b
from tuicrm.errors import Damaged, StorageError
from tuicrm.i18n import _
from tuicrm.store import kept_columns
from tuicrm.store.column import Kept
from tuicrm.store.folder import Folder
from tuicrm.store.lines import HEAD, unseal
from tuicrm.store.manifest import kept_name
from tuicrm.store.postings import fields_of, texts_at
from tuicrm.store.protocol import Doc
from tuicrm.store.records import SnapshotLine, decode_snapshot

Ints: TypeAlias = Sequence[int]
_SLICE = 8 << 20
_AT_ONCE = 1000
"""Documents decoded at a time: few enough to stay in the processor's cache."""
_TOUCHES = 64
"""Single lines read until their pages are let go."""
_EMPTY_MEMBERS = (b":null", b':""', b":[]", b":{}")
_HEADER = 3  # count, size of the snapshot, checksum


def posting_hash(value: str) -> int:
    """A value as a signed 64-bit number; equal numbers are checked against the documents."""
    return int.from_bytes(
        blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little", signed=True
    )


@lru_cache(maxsize=64)
def _narrow(fields: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    """Decodes snapshot lines for these fields of the document: a struct of `f0`, `f1`, …; None for a field that is missing."""
    names = [f"f{n}" for n in range(len(fields))]
    members = [(name, Any, None) for name in names]
    doc = msgspec.defstruct("Narrow", members, rename=dict(zip(names, fields, strict=True)), gc=False)
    return msgspec.json.Decoder(msgspec.defstruct("Line", [("doc", doc)], gc=False))


def filled_members(text: bytes, members: dict[str, Raw]) -> dict[str, Raw]:
    """Those that hold something; `text` is what they were decoded from. Few records hold any other: most need no second look."""
    if any(empty in text for empty in _EMPTY_MEMBERS):
        return {name: raw for name, raw in members.items() if b":" + bytes(raw) not in _EMPTY_MEMBERS}
    return members


def _give_back(mapped: object, start: int, end: int) -> int:
    """Let the pages between two places of a mapped file go, to be read again when touched; returns where that ended."""
    first = start - start % mmap.PAGESIZE
    if hasattr(mapped, "madvise") and end > first:
        mapped.madvise(mmap.MADV_DONTNEED, first, end - first)
    return end


def cache_of(folder: Folder) -> Folder | None:
    """Where what can be made again is kept; None where nothing can be."""
    try:
        return folder.made(".cache")
    except OSError:
        return None


class _Mapped:
    """Arrays of 64-bit numbers in one mapped file: header (count, size of the snapshot, checksum), then the arrays."""

    def __init__(self, cache: Folder, name: str, size: int, columns: int) -> None:
        """Raises OSError or ValueError when the file is missing, stale or damaged."""
        with cache.reader(name) as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        numbers = memoryview(self._map).cast("q")
        count = numbers[0]
        if numbers[1] != size or len(numbers) != _HEADER + columns * count:
            raise ValueError(name)
        if numbers[2] != zlib.crc32(numbers[_HEADER:]):
            raise ValueError(name)
        # The checksum read every page of it; of a million ids few are looked at again.
        _give_back(self._map, 0, len(self._map))
        self.columns = [numbers[_HEADER + n * count : _HEADER + (n + 1) * count] for n in range(columns)]

    @staticmethod
    def write(cache: Folder, name: str, size: int, columns: Sequence[array[int]]) -> None:
        """Keep arrays for the next opening. Not being able to is no error: they are made anew."""
        body = b"".join(column.tobytes() for column in columns)
        header = array("q", [len(columns[0]), size, zlib.crc32(body)]).tobytes()
        with contextlib.suppress(OSError, StorageError):
            cache.replace(name, [header, body], durable=False)


class Snapshot:
    """One table's records by id, as they were when it was written."""

    def __init__(
        self,
        folder: Folder,
        name: str,
        indexed: Sequence[str] = (),
        *,
        salvage: list[str] | None = None,
        size: int = -1,
        kept: bool = True,
    ) -> None:
        """Raises Damaged, naming file, byte and record; with `salvage`, damage is listed there and passed over. `size` is how long
        the file is to be, where that is known: one that was cut off at the end of a line looks like a sound one. `kept`: whether what
        is in .cache counts, and is added to.

        Raises FileNotFoundError when the file is gone (compacted away meanwhile)."""
        self.path = folder.path / name
        self.name = name
        self._cache = cache_of(folder) if kept and salvage is None else None
        self._salvage = salvage
        self._touched = 0
        with folder.reader(name) as file:
            found = os.fstat(file.fileno())
            self.size = found.st_size
            self._map: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self.size else b""
        self._kept_name = kept_name(name, found)
        if size not in (-1, self.size):
            self._cut_off()
        self.ids: Ints
        self.offsets: Ints
        self.revs: Ints
        self._load_index()
        self._indexed = tuple(indexed)
        self._postings: dict[str, tuple[Ints, Ints]] = {}

    def _cut_off(self) -> None:
        told = _("{file}: the file is shorter or longer than when it was written (it ends at byte {byte})")
        message = told.format(file=self.path, byte=self.size)
        if self._salvage is None:
            raise Damaged(message)
        self._salvage.append(message)

    # -- ids -----------------------------------------------------------------------------------------------------------
    @property
    def _index(self) -> str:
        return f"{self._kept_name}.idx"

    def _load_index(self) -> None:
        try:
            if self._cache is None:
                raise ValueError("every line is read")
            self.ids, self.offsets, self.revs = _Mapped(self._cache, self._index, self.size, 3).columns
        except (OSError, ValueError, IndexError, TypeError):
            found = array("q"), array("q"), array("q")
            for offset, line in self.lines():
                try:
                    record = self.check(offset, line)
                except Damaged as damage:
                    if self._salvage is None:
                        raise
                    self._salvage.append(damage.message)
                    continue
                for column, value in zip(found, (record.id, offset, record.rev), strict=True):
                    column.append(value)
            self.ids, self.offsets, self.revs = found
            if self._cache is not None:
                _Mapped.write(self._cache, self._index, self.size, found)

    @staticmethod
    def keep_index(
        folder: Folder, name: str, size: int, ids: array[int], offsets: array[int], revs: array[int]
    ) -> None:
        """Keep the index of a snapshot just written."""
        cache = cache_of(folder)
        if cache is not None:
            _Mapped.write(cache, f"{name}.idx", size, (ids, offsets, revs))

    def position(self, record_id: int) -> int:
        """Place of a record; -1 when there is none."""
        place = bisect_left(self.ids, record_id)
        return place if place < len(self.ids) and self.ids[place] == record_id else -1

    # -- lines ---------------------------------------------------------------------------------------------------------
    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Offset and content of every line, without its end."""
        offset = 0
        while offset < self.size:
            end = self._map.find(b"\n", offset)
            end = self.size if end < 0 else end
            yield offset, self._map[offset:end]
            offset = end + 1

    def line(self, place: int) -> bytes:
        """The line at a place, without its end. Raises Damaged when it does not end where it must."""
        # One line touched brings in 64 KB around it: a session that walks about would end with the whole file in its memory.
        self._touched += 1
        if self._touched % _TOUCHES == 0:
            _give_back(self._map, 0, self.size)
        return self._line_at(self.offsets[place])

    def check(self, offset: int, line: bytes, record_id: int | None = None) -> SnapshotLine:
        """The record on a line. Raises Damaged."""
        body = unseal(line)
        if body is not None:
            try:
                return decode_snapshot(body)
            except msgspec.DecodeError:
                pass
        name = "?" if record_id is None else str(record_id)
        raise Damaged(
            _("{file}: record {record} at byte {byte} fails its checksum").format(
                file=self.path, record=name, byte=offset
            )
        )

    def raw(self, place: int) -> bytes:
        """The document of the record at a place, undecoded; its checksum is checked first."""
        line = self.line(place)
        if unseal(line) is None:
            self.check(self.offsets[place], line, self.ids[place])
        return line[line.index(b',"doc":', HEAD) + 7 : -1]

    def scan(self, fields: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Every record in order: its id and, of its document, these top-level fields where they are filled. Only these are decoded;
        checksums are checked as ever. Raises Damaged."""
        decode = _narrow(tuple(fields)).decode
        for record_id, line in self._sound_lines():
            values = zip(fields, astuple(decode(line).doc), strict=True)
            yield record_id, {name: value for name, value in values if value is not None}

    def slices(self, fields: Sequence[str]) -> Iterator[dict[str, list[Any]]]:
        """The same a slice of records at a time: of each of these fields its values, None where a record has none."""
        decoder = _narrow(tuple(fields))
        members = [(field, attrgetter(f"doc.f{n}")) for n, field in enumerate(fields)]
        for _ids, lines, block in self._sound_blocks():
            some = decoder.decode_lines(block) if block else list(map(decoder.decode, lines))
            yield {field: list(map(get, some)) for field, get in members}

    def members(self) -> Iterator[tuple[int, dict[str, Raw]]]:
        """Id and the filled members of every document, undecoded, in order; checksums are checked as ever. Raises Damaged."""
        read: Any = msgspec.json.Decoder(msgspec.defstruct("Line", [("doc", dict[str, Raw])], gc=False)).decode
        for record_id, line in self._sound_lines():
            yield record_id, filled_members(line, read(line).doc)

    def _sound_lines(self) -> Iterator[tuple[int, bytes]]:
        """Id and line of every record, in order of the file. Raises Damaged."""
        for ids, lines, _block in self._sound_blocks():
            yield from zip(ids, lines, strict=True)

    def _sound_blocks(self) -> Iterator[tuple[Ints, list[bytes], bytes]]:
        """Some records at a time, in order of the file: their ids, their lines, and these as one piece where they stand together
        (b"": they do not). Pages that were read are given back: else a scan of 200 MB leaves 200 MB in the process. Raises Damaged."""
        given_back, count = 0, len(self.offsets)
        for start in range(0, count, _AT_ONCE):
            stop = min(start + _AT_ONCE, count)
            offsets, ids = self.offsets[start:stop], self.ids[start:stop]
            end = self.offsets[stop] if stop < count else self.size
            block = bytes(self._map[offsets[0] : end])
            lines = block.split(b"\n")
            if not lines[-1]:
                lines.pop()
            if list(accumulate((len(line) + 1 for line in lines), initial=offsets[0]))[:-1] != list(offsets):
                block, lines = b"", [self._line_at(offset) for offset in offsets]
            # One comparison for all of them is twice as fast as one each; which one differs is looked for only where one does.
            heads = b'{"crc":"%08x",' * len(lines) % tuple([zlib.crc32(line[HEAD:]) for line in lines])
            if heads != b"".join([line[:HEAD] for line in lines]):
                for offset, line, record_id in zip(offsets, lines, ids, strict=True):
                    self.check(offset, line, record_id)
            yield ids, lines, block
            if end - given_back > _SLICE:
                given_back = _give_back(self._map, given_back, end)
        _give_back(self._map, given_back, self.size)

    def _line_at(self, offset: int) -> bytes:
        end = self._map.find(b"\n", offset)
        return bytes(self._map[offset : end if end >= 0 else self.size])

    def load(self, path: str, form: str) -> Kept | None:
        """A column of all records, if it was kept for this very file."""
        if self._cache is None:
            return None
        return kept_columns.load(
            self._cache, kept_columns.name_of(self._kept_name, path, form), self.size, len(self.ids)
        )

    def save(self, path: str, form: str, kept: Kept) -> None:
        """Keep a column for the next opening."""
        if self._cache is not None:
            kept_columns.save(self._cache, kept_columns.name_of(self._kept_name, path, form), self.size, kept)

    def doc(self, record_id: int) -> Doc | None:
        """A record as it is in the snapshot; None when it is not there."""
        place = self.position(record_id)
        return None if place < 0 else msgspec.json.decode(self.raw(place))

    def load_view(self, name: str) -> bytes | None:
        """An answer kept for this very file (`kept_views.py`)."""
        return None if self._cache is None else kept_columns.load_sealed(self._cache, self._view(name), self.size)

    def save_view(self, name: str, content: bytes) -> None:
        """Keep an answer for the next opening."""
        if self._cache is not None:
            kept_columns.save_sealed(self._cache, self._view(name), self.size, content)

    def _view(self, name: str) -> str:
        return f"{self._kept_name}.{name}.view"

    # -- postings ------------------------------------------------------------------------------------------------------
    def posting(self, field: str, value: str) -> Ints:
        """Ids, ascending, of the records whose `field` holds a text with the hash of `value`."""
        if field not in self._postings:
            self._postings[field] = self._load_postings(field)
        hashes, ids = self._postings[field]
        wanted = posting_hash(value)
        return ids[bisect_left(hashes, wanted) : bisect_right(hashes, wanted)]

    def _load_postings(self, field: str) -> tuple[Ints, Ints]:
        name = f"{self._kept_name}.{quote(field, safe='')}.post"
        try:
            if self._cache is None:
                raise ValueError(name)
            hashes, ids = _Mapped(self._cache, name, self.size, 2).columns
        except (OSError, ValueError, IndexError, TypeError):
            made = self._scan_postings(field)
            if self._cache is not None:
                _Mapped.write(self._cache, name, self.size, made)
            return made
        return hashes, ids

    def _scan_postings(self, path: str) -> tuple[array[int], array[int]]:
        """Hashes in order, and the ids that belong to them."""
        hashes, ids = array("q"), array("q")
        last, number = "", 0
        texts = texts_at(path)
        for record_id, doc in self.scan(fields_of(path)):
            for value in texts(doc):
                if value != last:  # entries of one owner often stand together
                    last, number = value, posting_hash(value)
                hashes.append(number)
                ids.append(record_id)
        # By place, not by pair: a million pairs are 100 MB.
        order = sorted(range(len(hashes)), key=hashes.__getitem__)
        return array("q", map(hashes.__getitem__, order)), array("q", map(ids.__getitem__, order))

    def warm(self) -> None:
        """Make and keep the postings now, where nobody waits for them."""
        for field in self._indexed:
            self.posting(field, "")

    def verify(self) -> Iterable[tuple[int, str]]:
        """Byte and description of every fault: checksums, order, and records that the index does not know."""
        before, seen = 0, set[int]()
        for offset, line in self.lines():
            try:
                record = self.check(offset, line)
            except Damaged as damage:
                yield offset, damage.message
                continue
            if record.id <= before:
                yield offset, _("record {record} is out of order").format(record=record.id)
            before = record.id
            seen.add(record.id)
        if self.size and self._map[self.size - 1 :] != b"\n":
            yield self.size - 1, _("the last line is cut off")
        for record_id in sorted(set(self.ids) - seen):
            yield -1, _("record {record} is in the index but not in the file").format(record=record_id)
