"""A real Radicale on a free port of this machine, with one person (anna, "s3cret") and as many calendars as are wanted."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import uuid
from contextlib import suppress
from pathlib import Path

from tuicrm.channels.caldav import CaldavCalendar, CaldavServer

_SERVE = """
import sys
from radicale import config, server
settings = config.load([(sys.argv[1], False)])
# Nothing here has to outlive the machine's power; a disk that is waited for takes 0.1 s for each event.
settings.update({"storage": {"_filesystem_fsync": "False"}}, "tests", privileged=True)
server.serve(settings)
"""
USER, PASSWORD = "anna", "s3cret"


class Radicale:
    """The server; it can be killed and started again over the same calendars, on the same port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}/"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        config = self._folder / "config"
        config.write_text(
            f"[server]\nhosts = 127.0.0.1:{self._port}\n"
            f"[auth]\ntype = htpasswd\ndelay = 0\nhtpasswd_filename = {self._folder / 'users'}\nhtpasswd_encryption = plain\n"
            f"[storage]\nfilesystem_folder = {self._folder / 'collections'}\n"
            "[logging]\nlevel = error\n"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(config)],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        while not self._answers():
            with suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"Radicale ended with {self._process.wait(0.05)}")

    def _answers(self) -> bool:
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self._port)) == 0

    def kill(self) -> None:
        """As a machine that loses its power."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def new_calendar(self, name: str = "Work", *, user: str = USER) -> CaldavCalendar:
        """A calendar with nothing in it, by a path of its own."""
        server = self.server()
        url = f"{self.url}{user}/{uuid.uuid4()}/"
        body = (
            '<?xml version="1.0"?><C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>'
            f"<displayname>{name}</displayname></prop></set></C:mkcalendar>"
        )
        assert server._client.request(url, "MKCALENDAR", body, {"Content-Type": "application/xml"}).status == 201
        return CaldavServer(url, USER, PASSWORD).calendar()

    def full_calendar(self, events: bytes) -> CaldavCalendar:
        """A calendar with these events in it, each an object of its own."""
        url = f"{self.url}{USER}/{uuid.uuid4()}/"
        assert (
            self.server()._client.request(url, "PUT", events.decode(), {"Content-Type": "text/calendar"}).status == 201
        )
        return CaldavServer(url, USER, PASSWORD).calendar()

    def server(self, password: str = PASSWORD) -> CaldavServer:
        return CaldavServer(self.url, USER, password)


def event_data(uid: str, *lines: str, start: str = "DTSTART:20270111T100000Z") -> bytes:
    """A calendar object with one event, as a server keeps it, that begins at `start`; `lines` are more of its properties."""
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//x//x//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20270101T000000Z",
        start,
    ]
    said = [] if any(line.startswith("SUMMARY") for line in lines) else ["SUMMARY:Meet"]
    return "\r\n".join([*head, *said, *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()
