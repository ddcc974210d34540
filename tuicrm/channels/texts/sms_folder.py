"""SMS by the folders of a daemon: gammu-smsd's files backend, or smstools. Each file is written whole before it has its name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from msgspec import Struct

from tuicrm.channels.channel import HandedOver, NotGiven, ReceivedText, SendOutcome, SentReport
from tuicrm.domain.messages.sms_parts import sms_parts
from tuicrm.domain.stamps import stamp
from tuicrm.errors import Unreachable
from tuicrm.i18n import _

_MOST = 1 << 16
"""Bytes of a file that are read: an SMS of 255 parts has less."""
_MOST_FILES = 2_000
_GAMMU_IN = re.compile(r"IN(\d{8})_(\d{6})_(\w+)_([^/]*)_(\d+)\.txt", re.ASCII)
_NUMBER = re.compile(r"\+?[0-9]{3,20}", re.ASCII)


class SmsFolders(Struct, frozen=True):
    """Where a daemon looks and puts: what is to go out, what went, what did not, what came. `wide`: it sends every character."""

    layout: str
    outgoing: Path
    sent: Path
    failed: Path
    incoming: Path
    wide: bool = True


def folders_at(layout: str, root: Path, *, wide: bool = True) -> SmsFolders:
    """The folders below a spool folder, as the daemons' settings have them: gammu's outbox, sent, error, inbox; smstools' outgoing,
    sent, failed, incoming."""
    names = ("outbox", "sent", "error", "inbox") if layout == "gammu" else ("outgoing", "sent", "failed", "incoming")
    outgoing, sent, failed, incoming = (root / name for name in names)
    return SmsFolders(layout, outgoing, sent, failed, incoming, wide)


def lost_characters(layout: str, text: str, *, wide: bool) -> str:
    """Why a daemon would send a text otherwise than it is; "" where it would not. gammu-smsd sends GSM-7 alone, and drops what that
    lacks, unless its own settings say `transmitformat = auto` (its manual says that it does by default, and it does not)."""
    odd = sms_parts(text).odd
    if layout != "gammu" or wide or not odd:
        return ""
    told = _(
        "gammu-smsd would lose these characters: {signs}. Set transmitformat = auto there, then say unicode=yes here."
    )
    return told.format(signs=" ".join(odd))


def send_by_folder(where: SmsFolders, name_of: str, to: str, text: str, now: datetime) -> SendOutcome:
    """Put an SMS where the daemon takes it. `name_of` (letters and digits) is the message's own: no two files of it wait at once."""
    if not _NUMBER.fullmatch(to):
        return NotGiven(_("{to} is not a number that an SMS goes to").format(to=to), final=True)
    if why := lost_characters(where.layout, text, wide=where.wide):
        return NotGiven(why, final=True)
    mark = f"tuicrm{name_of}x{token_hex(3)}"
    if where.layout == "gammu":
        # OUTC: of normal priority; what stands behind the number is a note; d asks for a delivery report.
        name = f"OUTC{now:%Y%m%d_%H%M%S}_00_{to}_{mark}.txtd"
        content = b"\xfe\xff" + text.encode("utf-16-be")
    else:
        name = f"{mark}.{to.removeprefix('+')}"
        head = f"To: {to.removeprefix('+')}\nAlphabet: UCS\nReport: yes\n\n"
        content = head.encode("ascii") + text.encode("utf-16-be")
    unnamed = where.outgoing / f".{name}.LOCK"
    try:
        if any(f"tuicrm{name_of}x" in one.name for one in where.outgoing.iterdir() if not one.name.startswith(".")):
            return HandedOver()  # it waits there since an attempt that nobody could note
        descriptor = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o660)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unnamed.rename(where.outgoing / name)
    except OSError as problem:
        with suppress(OSError):
            unnamed.unlink()
        return NotGiven(f"{where.outgoing}: {problem.strerror or problem}", account=True)
    return HandedOver(id=mark)


def folder_reports(where: SmsFolders, waiting: set[str]) -> Iterator[SentReport]:
    """What the daemon did not bring out, of the messages that are waited for. Raises Unreachable."""
    for name in _names(where.failed):
        for mark in waiting:
            if re.search(rf"{re.escape(mark)}(?![0-9a-f])", name):
                yield SentReport(mark, "failed", _("the SMS daemon could not send it"))


def folder_texts(where: SmsFolders) -> Iterator[tuple[list[str], ReceivedText]]:
    """What came, with the files it lies in, oldest first. Raises Unreachable."""
    names = sorted(_names(where.incoming))
    yield from _gammu_texts(where, names) if where.layout == "gammu" else _smstools_texts(where, names)


def _gammu_texts(where: SmsFolders, names: list[str]) -> Iterator[tuple[list[str], ReceivedText]]:
    """Parts of one text share date, time, serial and number."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        found = _GAMMU_IN.fullmatch(name)
        if found:
            groups.setdefault(found.groups()[:4], []).append(name)
    for (day, time, _serial, sender), files in groups.items():
        text = "".join(_decoded(_content(where.incoming / name)) for name in files)
        try:
            at = stamp(datetime.strptime(day + time, "%Y%m%d%H%M%S").astimezone())
        except ValueError:
            at = ""
        yield files, ReceivedText(files[0], sender, text, at)


def _smstools_texts(where: SmsFolders, names: list[str]) -> Iterator[tuple[list[str], ReceivedText]]:
    for name in names:
        if name.startswith(".") or name.endswith(".LOCK"):
            continue
        head, _gap, body = _content(where.incoming / name).replace(b"\r\n", b"\n").partition(b"\n\n")
        lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
        said = {key.strip().lower(): value.strip() for key, colon, value in lines if colon}
        sender = said.get("from", "")
        if not sender or body.startswith(b"SMS STATUS REPORT"):
            continue
        number = f"+{sender}" if sender.isdigit() and len(sender) > 6 and sender[0] != "0" else sender
        wide = said.get("alphabet", "").upper().startswith("UCS")
        text = body.decode("utf-16-be", "replace") if wide else _decoded(body)
        try:
            at = stamp(datetime.strptime(said.get("received", ""), "%y-%m-%d %H:%M:%S").astimezone())
        except ValueError:
            at = ""
        yield [name], ReceivedText(name, number, text, at)


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8")
    except ValueError:
        return content.decode("latin-1")


def _content(path: Path) -> bytes:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            return file.read(_MOST)
    except OSError:
        return b""


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as found:
            return [one.name for one, _n in zip(found, range(_MOST_FILES), strict=False) if one.is_file()]
    except OSError as problem:
        raise Unreachable(f"{folder}: {problem.strerror}") from problem
