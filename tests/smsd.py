"""A real gammu-smsd with its files backend, and gammu's own phone that is none, so that it runs without a modem."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from time import monotonic, sleep

_CONF = """[gammu]
model = dummy
connection = none
device = {folder}/phone
gammuloc = /dev/null
[smsd]
service = files
logfile = {folder}/log
debuglevel = 255
checksecurity = 0
checkbattery = 0
checksignal = 0
checknetwork = 0
commtimeout = 1
sendtimeout = 3
loopsleep = 1
statusfrequency = 0
transmitformat = auto
inboxpath = {folder}/inbox/
outboxpath = {folder}/outbox/
sentsmspath = {folder}/sent/
errorsmspath = {folder}/error/
"""


def is_here() -> bool:
    """Whether it is installed (scripts/mail_servers.sh)."""
    return shutil.which("gammu-smsd") is not None


class Smsd:
    """The daemon, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("inbox", "outbox", "sent", "error", *(f"phone/sms/{n}" for n in range(1, 6))):
            (folder / name).mkdir(parents=True)
        self._conf = folder / "smsdrc"
        self._conf.write_text(_CONF.format(folder=folder))
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Have it look at its outbox."""
        out = subprocess.DEVNULL
        self._running = subprocess.Popen(["gammu-smsd", "-c", str(self._conf)], stdout=out, stderr=out)

    def kill(self) -> None:
        """End it at once."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()

    def until_sent(self, n: int, seconds: float = 20) -> list[Path]:
        """The files of what it sent, as soon as they are so many."""
        until = monotonic() + seconds
        while len(found := sorted((self.folder / "sent").iterdir())) < n:
            assert monotonic() < until, (self.folder / "log").read_text(errors="replace")[-2000:]
            sleep(0.05)
        return found

    @property
    def log(self) -> str:
        """What it wrote of what it did."""
        return (self.folder / "log").read_text(errors="replace")
