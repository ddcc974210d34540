"""Mails that lie in files: an mbox, a Maildir, a folder of .eml files, one .eml. Read one at a time, changing nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from msgspec import Struct

from tuicrm.errors import NotFound, Refused, StorageError, Unreachable
from tuicrm.i18n import _
from tuicrm.limits import MAIL_SIZE

_FROM = b"From "
_ENDINGS = (".eml", ".msg", ".mail")
_LINE = 1 << 16
"""Bytes that are read of a line at once: a file without line breaks is not read whole for that."""


class FolderMail:
    """A mail in a file: where it lies, for who is told of it, and its bytes; None for one that is too large, or cannot be read."""

    __slots__ = ("content", "place")

    def __init__(self, place: str, content: bytes | None) -> None:
        self.place, self.content = place, content


def mails_in(path: Path) -> Iterator[FolderMail]:
    """The mails of a file or folder. Raises NotFound, Refused for what is neither mbox, Maildir nor mail, StorageError."""
    try:
        if path.is_dir():
            yield from _of_folder(path)
        elif path.is_file():
            yield from _of_file(path)
        else:
            raise NotFound(_("There is no file or folder {path}.").format(path=path))
    except (OSError, ValueError) as problem:
        told = problem.strerror if isinstance(problem, OSError) else problem
        raise StorageError(f"{path}: {told}") from problem


def _of_folder(path: Path) -> Iterator[FolderMail]:
    found = sorted(_maildir_files(path)) if is_maildir(path) else sorted(_mail_files(path))
    if not found and not is_maildir(path):
        raise Refused(_("{path} is not a Maildir and has no .eml files.").format(path=path))
    for one in found:
        yield FolderMail(str(one), whole(one))


def is_maildir(path: Path) -> bool:
    """Whether a folder is a Maildir."""
    return (path / "cur").is_dir() and (path / "new").is_dir()


class MaildirMail(Struct, frozen=True):
    """A mail of a folder: where it lies, its name (of which a mail program changes what is behind the colon), its bytes, when it was
    delivered and when it was changed last (nanoseconds)."""

    path: Path
    name: str
    size: int
    delivered: int
    changed: int


def maildir_mails(path: Path) -> Iterator[MaildirMail]:
    """The mails of one folder of a Maildir. Raises Unreachable where it cannot be read."""
    try:
        for part in ("cur", "new"):
            for one in (path / part).iterdir():
                with suppress(FileNotFoundError):  # moved meanwhile: it comes by its other name the next time
                    told = one.stat()
                    if S_ISREG(told.st_mode) and not one.name.startswith("."):
                        name = one.name.partition(":")[0]
                        yield MaildirMail(one, name, told.st_size, told.st_mtime_ns, told.st_ctime_ns)
    except OSError as problem:
        raise Unreachable(f"{path}: {problem.strerror}") from problem


def move_to_cur(path: Path) -> None:
    """Say of a mail in `new` that it was looked at, as mail programs do; one that is there already, or gone, stays."""
    if path.parent.name == "new":
        with suppress(OSError):
            path.rename(path.parent.parent / "cur" / f"{path.name}:2,")


def _maildir_files(path: Path) -> Iterator[Path]:
    """The mails of a Maildir and of the folders within it (`.Sent`), never what is still being written (`tmp`)."""
    folders = [path, *(one for one in path.iterdir() if one.name.startswith(".") and is_maildir(one))]
    for folder in folders:
        for part in ("cur", "new"):
            yield from (one for one in (folder / part).iterdir() if one.is_file() and not one.name.startswith("."))


def _mail_files(path: Path) -> Iterator[Path]:
    return (one for one in path.rglob("*") if one.suffix.casefold() in _ENDINGS and one.is_file())


def whole(path: Path) -> bytes | None:
    """The bytes of a mail; None for one that is too large, or gone."""
    try:
        with path.open("rb") as file:
            content = file.read(MAIL_SIZE.most + 1)
    except FileNotFoundError:
        return None  # a Maildir's mail that its program moved meanwhile: it comes by its other name the next time
    return content if len(content) <= MAIL_SIZE.most else None


def _of_file(path: Path) -> Iterator[FolderMail]:
    with path.open("rb") as file:
        begin = file.read(len(_FROM))
        file.seek(0)
        if begin != _FROM:
            content = file.read(MAIL_SIZE.most + 1)
            if not looks_like_mail(content):
                raise Refused(_("{path} is neither an mbox nor a mail.").format(path=path))
            yield FolderMail(str(path), content if len(content) <= MAIL_SIZE.most else None)
            return
        for number, content_of in enumerate(_of_mbox(file), 1):
            yield FolderMail(f"{path}:{number}", content_of)


def looks_like_mail(content: bytes) -> bool:
    """Whether bytes begin with a header of mail."""
    line = content.lstrip(b"\r\n").partition(b"\n")[0][:1000]
    name, colon, _value = line.partition(b":")
    return bool(colon) and 0 < len(name) < 100 and all(33 <= byte <= 126 for byte in name)


def _of_mbox(file: BinaryIO) -> Iterator[bytes | None]:
    """The mails of an mbox, one in memory at a time. `>From ` at the beginning of a line is what the mailbox made of `From `."""
    kept = bytearray()
    too_large = begun = False
    blank, whole_line = True, True
    while line := file.readline(_LINE):
        starts = whole_line and blank and line.startswith(_FROM)
        if starts:
            if begun:
                yield None if too_large else bytes(kept)
            kept.clear()
            too_large, begun, blank = False, True, False
        elif not too_large:
            kept += line[1:] if whole_line and line.startswith((b">From ", b">>From ")) else line
            too_large = len(kept) > MAIL_SIZE.most
            if too_large:
                kept.clear()
        blank = whole_line and line in (b"\n", b"\r\n")
        whole_line = line.endswith(b"\n")
    if begun:
        yield None if too_large else bytes(kept)
