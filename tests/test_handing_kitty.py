"""Kitty's file transfer on a real pty: the test is kitty, at the other end."""

from __future__ import annotations

import os
import pty
import re
import select
import termios
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tuicrm.errors import CrmError, Interrupted, Refused, Unreachable
from tuicrm.handing_kitty import send_to_kitty

_COMMAND = re.compile(rb"\x1b\]5113;([^\x1b]*)\x1b\\")


class Kitty:
    """The terminal's end of a pty, with a transfer under way at the other."""

    def __init__(self, name: str, content: bytes, patience: float = 20) -> None:
        self.master, self.slave = pty.openpty()
        self.found = termios.tcgetattr(self.slave)
        self.problem: CrmError | None = None
        self._data = b""
        self.raw = b""
        self._thread = threading.Thread(target=self._send, args=(name, content, patience), daemon=True)
        self._thread.start()

    def _send(self, name: str, content: bytes, patience: float) -> None:
        try:
            send_to_kitty(self.slave, self.slave, name, content, patience=patience)
        except CrmError as problem:
            self.problem = problem

    def next(self) -> dict[str, str]:
        """The next command."""
        while not (found := _COMMAND.search(self._data)):
            assert select.select([self.master], [], [], 20)[0], self._data
            read = os.read(self.master, 65_536)
            self._data += read
            self.raw += read
        assert found.start() == 0, "something else was written between"
        self._data = self._data[found.end() :]
        return dict(one.split("=", 1) for one in found[1].decode("ascii").split(";"))

    def say(self, told: dict[str, str], status: str, end: bytes = b"\x1b\\") -> None:
        coded = b64encode(status.encode()).decode()
        file = f";fid={told['fid']}" if "fid" in told else ""
        os.write(self.master, f"\x1b]5113;ac=status;id={told['id']}{file};st={coded}".encode() + end)

    def end(self) -> None:
        """Wait until it is over; the line settings are as they were."""
        self._thread.join(20)
        assert not self._thread.is_alive()
        assert termios.tcgetattr(self.slave) == self.found

    def close(self) -> None:
        for one in (self.master, self.slave):
            with suppress(OSError):
                os.close(one)


@pytest.fixture
def kitties() -> Iterator[list[Kitty]]:
    made: list[Kitty] = []
    yield made
    for one in made:
        one.close()


def begin(kitties: list[Kitty], content: bytes = b"%PDF", name: str = "a.pdf", patience: float = 20) -> Kitty:
    kitties.append(Kitty(name, content, patience))
    return kitties[-1]


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, 600_000])
def test_a_file_arrives_as_it_is(kitties: list[Kitty], size: int) -> None:
    content = os.urandom(size)
    kitty = begin(kitties, content, "../Of\x1bfer;\n.pdf")
    asked = kitty.next()
    assert asked["ac"] == "send"
    # A key that was pressed, and somebody else's answer, mean nothing.
    os.write(kitty.master, b"x")
    kitty.say({"id": "other"}, "EPERM:other")
    kitty.say(asked, "OK", b"\x07")
    file = kitty.next()
    assert (file["ac"], file["sz"]) == ("file", str(size))
    assert re.fullmatch(rb"~/Downloads/_Offer; [0-9a-f]{8}\.pdf", b64decode(file["n"]))
    kitty.say(file, "STARTED")
    arrived = b""
    while True:
        told = kitty.next()
        piece = b64decode(told["d"])
        assert len(piece) <= 4096
        arrived += piece
        kitty.say(told, "OK" if told["ac"] == "end_data" else "PROGRESS")
        if told["ac"] == "end_data":
            break
    assert kitty.next()["ac"] == "finish"
    kitty.end()
    assert kitty.problem is None
    assert arrived == content


def test_the_bytes_are_those_of_the_documented_protocol(kitties: list[Kitty]) -> None:
    """`<OSC> 5113 ; ac=… ; id=… <ST>`, names and data in base64, the file named before its data."""
    kitty = begin(kitties, b"\x01\x02\x03", "a.pdf")
    kitty.say(asked := kitty.next(), "OK")
    told = [asked, kitty.next()]
    kitty.say(told[1], "STARTED")
    told.append(kitty.next())
    kitty.say(told[2], "OK")
    told.append(kitty.next())
    kitty.end()
    session, name = asked["id"], b64encode(b"~/Downloads/a ad4a178d.pdf").decode()
    assert re.fullmatch("[0-9a-f]{16}", session), "a safe string"
    assert kitty.raw == b"".join(f"\x1b]5113;{one}\x1b\\".encode() for one in (
        f"ac=send;id={session}",
        f"ac=file;id={session};fid=f1;n={name};sz=3",
        f"ac=end_data;id={session};fid=f1;d=AQID",
        f"ac=finish;id={session}",
    ))  # fmt: skip


def test_a_person_who_says_no_is_obeyed(kitties: list[Kitty]) -> None:
    kitty = begin(kitties)
    kitty.say(kitty.next(), "EPERM:User refused the transfer\x1b[31m")
    assert kitty.next()["ac"] == "cancel"
    kitty.end()
    assert isinstance(kitty.problem, Refused)
    assert "User refused the transfer" in kitty.problem.message


def test_what_cannot_be_written_there_is_said(kitties: list[Kitty]) -> None:
    kitty = begin(kitties, b"x" * 9000)
    kitty.say(kitty.next(), "OK")
    kitty.say(kitty.next(), "EIO:Failed to write")
    assert kitty.next()["ac"] == "cancel"
    kitty.end()
    assert isinstance(kitty.problem, Refused)


def test_ctrl_c_stops_it(kitties: list[Kitty]) -> None:
    kitty = begin(kitties)
    kitty.say(kitty.next(), "OK")
    assert kitty.next()["ac"] == "file"
    os.write(kitty.master, b"\x03")
    assert kitty.next()["ac"] == "cancel"
    kitty.end()
    assert isinstance(kitty.problem, Interrupted)


def test_a_terminal_that_is_silent_or_gone_is_not_waited_for(kitties: list[Kitty]) -> None:
    silent = begin(kitties, patience=0.2)
    silent.end()
    assert isinstance(silent.problem, Unreachable)
    babbling = begin(kitties, patience=0.3)
    os.write(babbling.master, b"\x1b]5113;ac=status\x1b\\\x1b]5113;\x1b\\\x1b]5113;ac=status;st=%%%\x1b\\" * 3)
    babbling.end()
    assert isinstance(babbling.problem, Unreachable)
