"""SMS by the folders of a daemon on this machine: gammu-smsd (its files backend) or smstools. What is laid down there is whole."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from tuicrm.channels.channel import HandedOver, NotGiven, SendOutcome
from tuicrm.channels.texts.text import InText, OutText, StatusNews
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _

_MOST = 1 << 16
"""Bytes of a file that are read: an SMS has 255 parts at most."""
_MOST_FILES = 10_000


class SmsFolders(Struct, frozen=True):
    """What a daemon calls its folders, below one."""

    out: str
    sent: str
    failed: str
    incoming: str


STYLES = {
    "gammu": SmsFolders("outbox", "sent", "error", "inbox"),
    "smstools": SmsFolders("outgoing", "sent", "failed", "incoming"),
}


def send_by_folder(root: Path, style: str, out: OutText) -> SendOutcome:
    """Lay a text down for the daemon: under another name first, then renamed, so that it never takes half of one."""
    folder = root / STYLES[style].out
    name, content = _file_of(style, out)
    hidden = folder / f".{out.name}.tmp"
    try:
        with os.fdopen(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o660), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        hidden.rename(folder / name)
    except OSError as error:
        with suppress(OSError):
            hidden.unlink()
        return NotGiven(f"{folder}: {error.strerror}", account=True)
    return HandedOver(name=out.name)


def _file_of(style: str, out: OutText) -> tuple[str, bytes]:
    """The name and the content that the daemon reads."""
    text = out.text.replace("\0", "").encode("utf-8", errors="replace").decode("utf-8")
    if style == "smstools":
        # Lines of the text must not become headers: the first empty line ends those.
        return f"tuicrm-{out.name}", f"To: {out.to.removeprefix('+')}\nAlphabet: UTF-8\nReport: yes\n\n{text}".encode()
    # By the mark in front it knows that this is UTF-16; `d` asks whether it arrived.
    return f"OUTC20000101_000000_00_{out.to}_tuicrm-{out.name}.txtd", b"\xff\xfe" + text.encode("utf-16-le")


def news_in(root: Path, style: str, names: set[str]) -> Iterator[StatusNews]:
    """What became of the texts of these names: those that the daemon could not send. Raises OSError."""
    for path in _files(root / STYLES[style].failed):
        name = _name_in(path.name)
        if name in names:
            yield StatusNews(name, "failed", _("the SMS daemon could not send it ({file})").format(file=path.name))


def _name_in(file: str) -> str:
    found = re.search(r"tuicrm-([A-Za-z0-9]+)", file)
    return found[1] if found else ""


def incoming(root: Path, style: str) -> Iterator[InText]:
    """What has come, by file name. What cannot be read is left out; nothing is moved. Raises OSError."""
    for path in _files(root / STYLES[style].incoming):
        content = _content(path)
        found = None if content is None else (_of_smstools if style == "smstools" else _of_gammu)(path, content)
        if found is not None:
            yield found


def _files(folder: Path) -> list[Path]:
    with os.scandir(folder) as found:
        names = [one.name for one in found if not one.name.startswith(".")]
    return [folder / name for name in sorted(names)[:_MOST_FILES]]


def _content(path: Path) -> bytes | None:
    """A file's content; None for what is no plain file (a pipe is not waited for)."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb") as file:
            return file.read(_MOST)
    except OSError:
        return None


def _of_gammu(path: Path, content: bytes) -> InText | None:
    """`IN20261130_101500_00_+393331234567_00.txt`: parts of a long one are files of their own, by the last number."""
    found = re.fullmatch(r"IN(\d{8})_(\d{6})_(\d+)_([+0-9A-Za-z]*)_(\d+)\.txt", path.name)
    if found is None:
        return None
    text = (
        content.decode("utf-16", errors="replace")
        if content[:2] in (b"\xff\xfe", b"\xfe\xff")
        else content.decode("utf-8", "replace")
    )
    return InText(found[4], text, _moment(f"{found[1]}{found[2]}", "%Y%m%d%H%M%S"), path.name)


def _of_smstools(path: Path, content: bytes) -> InText | None:
    head, _empty, body = content.partition(b"\n\n")
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
    said = {name.strip().casefold(): value.strip() for name, _colon, value in lines}
    if not said.get("from"):
        return None
    wide = "ucs" in said.get("alphabet", "").casefold()
    text = body.decode("utf-16-be" if wide else "utf-8", errors="replace")
    sender = said["from"]
    sender = f"+{sender}" if sender.isdigit() and len(sender) > 7 else sender
    return InText(sender, text.rstrip("\n"), _moment(said.get("received", ""), "%y-%m-%d %H:%M:%S"), path.name)


def _moment(text: str, form: str) -> str:
    """A daemon's own local time as UTC ISO; "" for what is no time."""
    try:
        return stamp(datetime.strptime(text, form).astimezone(UTC))
    except ValueError:
        return ""
