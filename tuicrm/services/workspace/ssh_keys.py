"""Public keys by which people come in by SSH: kept with each person, and written into the account's `authorized_keys` with a command.

The workspace says who has which key; the file follows it. Each line lets into `tuicrm serve enter` and nowhere else (sshd(8),
AUTHORIZED_KEYS FILE FORMAT: `restrict`, `pty`, `command`)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import shlex
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tuicrm.digests import token_hex
from tuicrm.domain.config_records import Person, SshKey
from tuicrm.domain.stamps import stamp
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refused, StorageError
from tuicrm.i18n import _
from tuicrm.limits import SSH_KEYS
from tuicrm.services.kernel.session import Session

KINDS = (
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa", "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)  # fmt: skip
"""Kinds of keys that are taken; DSA and certificates are not."""
_LEAST_RSA = 2048
_COMMENT = 100
_FILE_MOST = 1 << 20


# -- reading a key -----------------------------------------------------------------------------------------------------
def read_key(text: str) -> SshKey:
    """A public key as a `.pub` file has it: one line, without options. Raises Refused."""
    lines = [
        line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip() and not line.startswith("#")
    ]
    if len(lines) != 1:
        raise _wrong(_("one public key is expected, such as the line of id_ed25519.pub"))
    kind, _space, rest = lines[0].partition(" ")
    body, _space, comment = rest.strip().partition(" ")
    if "PRIVATE KEY" in text:
        raise _wrong(_("this is a private key: keep it to yourself, and give the .pub file"))
    if kind not in KINDS:
        raise _wrong(_("a public key without options is expected, of one of: {known}").format(known=", ".join(KINDS)))
    try:
        blob = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise _wrong(_("the key is cut off or not one")) from None
    parts = list(_parts(blob))
    if not parts or parts[0] != kind.encode() or len(parts) < 2:
        raise _wrong(_("the key is cut off or not one"))
    if kind == "ssh-rsa" and int.from_bytes(parts[2] if len(parts) > 2 else b"", "big").bit_length() < _LEAST_RSA:
        raise _wrong(_("an RSA key of at least {n} bits is expected").format(n=_LEAST_RSA))
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    said = "".join(sign for sign in comment if sign.isprintable() and sign not in '"\\')[:_COMMENT].strip()
    return SshKey(f"SHA256:{digest}", f"{kind} {base64.b64encode(blob).decode()}", said)


def _parts(blob: bytes) -> Iterator[bytes]:
    """The fields of a key: each with its length before it (RFC 4253, 6.6). Raises Refused where one is cut off."""
    while blob:
        length = int.from_bytes(blob[:4], "big")
        if len(blob) < 4 or len(blob) < 4 + length:
            raise _wrong(_("the key is cut off or not one"))
        yield blob[4 : 4 + length]
        blob = blob[4 + length :]


# -- whose keys --------------------------------------------------------------------------------------------------------
def add_key(session: Session, person: Person, text: str) -> SshKey:
    """Let somebody in by a key. Raises Refused for what is no key, and for one that is somebody's already, AccessDenied."""
    _require(session)
    key = read_key(text)
    session.store.refresh()
    for other in session.workspace.people.values():
        if any(one.fingerprint == key.fingerprint for one in other.keys):
            raise _wrong(_("this key is {name}'s already").format(name=other.name))
    entry = session.workspace.entry("person", person.key)
    if entry is None:
        raise NotFound(_("There is no {what} “{text}”.").format(what=_("person"), text=person.key))
    SSH_KEYS.check_room("keys", len(person.keys), key.comment)
    made = msgspec.structs.replace(key, added=stamp(session.moment()))
    with session.change(_("add a key of {name}").format(name=person.name)) as change:
        change.reshape(
            "person", entry.id, lambda doc: {**doc, "keys": [*(doc.get("keys") or ()), msgspec.to_builtins(made)]}
        )
    return made


def find_key(person: Person, text: str) -> SshKey:
    """A key of somebody by its fingerprint (or how that begins), comment or place in the list. Raises NotFound, Refused."""
    bare = text.strip().removeprefix("SHA256:")
    by_place = (
        person.keys[int(bare) - 1 : int(bare)] if bare.isascii() and bare.isdigit() and 0 < int(bare) < 1000 else []
    )
    found = by_place or [
        one
        for one in person.keys
        if one.comment == text.strip() or (bare and one.fingerprint.startswith(f"SHA256:{bare}"))
    ]
    if len(found) > 1:
        raise _wrong(_("several keys begin like that: name one by its fingerprint"))
    if not found:
        raise NotFound(_("{name} has no such key.").format(name=person.name))
    return found[0]


def remove_key(session: Session, person: Person, key: SshKey) -> None:
    """Let nobody in by a key any more; sessions that came in by it end. Raises AccessDenied."""
    _require(session)
    entry = session.workspace.entry("person", person.key)
    if entry is None:
        return

    def without(doc: dict[str, object]) -> dict[str, object]:
        kept = doc.get("keys")
        left = [one for one in (kept if isinstance(kept, list) else ()) if one.get("fingerprint") != key.fingerprint]
        return {**doc, "keys": left}

    with session.change(_("remove a key of {name}").format(name=person.name)) as change:
        change.reshape("person", entry.id, without)


def _require(session: Session) -> None:
    if not session.access.has("settings"):
        raise AccessDenied(_("You may not change keys: ask someone who may change settings."))


# -- the file ----------------------------------------------------------------------------------------------------------
def own_file() -> Path:
    """Where sshd reads the keys of this account unless it is told otherwise."""
    return Path.home() / ".ssh" / "authorized_keys"


def lines_of(session: Session, place: str, program: Sequence[str]) -> list[str]:
    """A line of `authorized_keys` for each key of people who work here: into the program and nowhere else. Raises Refused for a place
    or program that cannot stand in it."""
    found = []
    for person in session.workspace.people.values():
        for key in () if person.retired else person.keys:
            words = [*program, "--data", place, "serve", "enter", person.key, "--key", key.fingerprint]
            command = shlex.join(words)
            if any(sign in command for sign in '"\\\n\r') or not command.isprintable():
                raise _wrong(
                    _("{path} cannot stand in authorized_keys: it has signs that sshd reads otherwise").format(
                        path=place
                    )
                )
            found.append(f'restrict,pty,command="{command}" {key.text} {person.key}')
    return found


def this_program() -> list[str]:
    """The words by which this program is started, with its whole path."""
    started = Path(sys.argv[0])
    if started.name == "tuicrm" and started.is_file():
        return [str(started.absolute())]
    return [sys.executable, "-m", "tuicrm"]


def write_file(path: Path, place: str, lines: Sequence[str]) -> None:
    """Put these lines into a file between two marks of this workspace, and leave all others. Raises Refused for a file that others
    could change, or that is no file, StorageError."""
    begin, end = f"# tuicrm begin {place}", f"# tuicrm end {place}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _locked(path.parent):
            kept = _without(_read(path), begin, end)
            block = [begin, *lines, end] if lines else []
            if block or path.exists():
                _write(path, "\n".join([*kept, *block]) + "\n")
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}") from error


def read_file(path: Path, place: str) -> tuple[list[str], list[str]]:
    """The lines of this workspace in a file, and all others. Raises Refused, StorageError."""
    begin, end = f"# tuicrm begin {place}", f"# tuicrm end {place}"
    try:
        lines = _read(path)
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}") from error
    others = _without(lines, begin, end)
    return [line for line in lines if line not in others and line not in (begin, end)], others


def _without(lines: Sequence[str], begin: str, end: str) -> list[str]:
    kept, inside = list[str](), False
    for line in lines:
        if line == begin:
            inside = True
        elif line == end:
            inside = False
        elif not inside:
            kept.append(line)
    return kept


def _read(path: Path) -> list[str]:
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return []
    with os.fdopen(opened, "rb") as file:
        told = os.fstat(file.fileno())
        if not stat.S_ISREG(told.st_mode):
            raise _wrong(_("{path} is not a file.").format(path=path))
        if told.st_uid != os.getuid() or told.st_mode & 0o022:
            raise _wrong(_("others can change {path}: make it yours, and chmod 600 it").format(path=path))
        content = file.read(_FILE_MOST + 1)
    if len(content) > _FILE_MOST:
        raise _wrong(_("{path} is too long to be a list of keys").format(path=path))
    return content.decode("utf-8", "surrogateescape").splitlines()


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{token_hex(8)}.new")
    opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One at a time writes the file of a folder."""
    import fcntl

    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _wrong(message: str) -> Refused:
    return Refused(message, [FieldProblem("key", message)])
