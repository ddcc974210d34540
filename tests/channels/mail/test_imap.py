"""A server that speaks IMAP until it does not: whatever it answers ends in a sentence, soon, and with little in memory."""

from __future__ import annotations

import random
import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from time import monotonic

import pytest

from tuicrm.channels.mail.imap import ImapLine, ImapServer
from tuicrm.errors import Unreachable

SOUND = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
    "LOGIN": b"",
    "EXAMINE": b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n",
    "LIST": b'* LIST (\\Sent) "/" "Sent"\r\n',
    "SEARCH": b"* SEARCH 3 8\r\n",
    "FETCH": b"* 1 FETCH (UID 3 FLAGS () RFC822.SIZE 9 BODY[] {9}\r\nFrom: a\r\n)\r\n",
}
HOSTILE = [
    b"* 1 FETCH (UID 3 FLAGS () RFC822.SIZE 9 BODY[] {99999999999999999999}\r\nx", b"* 1 FETCH " + b"(" * 50_000 + b"\r\n",
    b"* 1 FETCH (UID " + b"9" * 5_000 + b")\r\n", b"* SEARCH " + b"9" * 5_000 + b"\r\n", b"* SEARCH a b \xff\r\n", b"* \xff\xfe\r\n",
    b'* LIST () "/" "&&&-\xff"\r\n', b"* LIST\r\n", b"* OK [UIDVALIDITY x]\r\n", b"* 1 FETCH (UID 3 BODY[] NIL)\r\n",
    b"* 1 FETCH (UID (1 2) FLAGS 3 RFC822.SIZE NIL)\r\n", b"* BYE\r\n",
    b"+ \r\n", b"* 1 FETCH (FLAGS)\r\n", b"* CAPABILITY\r\n", b"\r\n",
    b"* 99999999999999999999 EXISTS\r\n", b"* 1 FETCH (UID 3 BODY[] \"\\\")\r\n",
    b"* 1 FETCH (UID {3}\r\nabc)\r\n", b"* NO [ALERT] \x1b[2J\r\n",
]  # fmt: skip


@contextmanager
def server(says: dict[str, bytes]) -> Iterator[ImapServer]:
    """Answers each command with what it `says` to it, and OK."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                asked, _address = listening.accept()
                with asked, suppress(OSError, IndexError), asked.makefile("rb") as lines:
                    asked.sendall(b"* OK here\r\n")
                    for line in lines:
                        words = line.decode("ascii", "replace").split()
                        command = words[2] if words[1] == "UID" else words[1]
                        asked.sendall(says.get(command.upper(), b"") + f"{words[0]} OK done\r\n".encode())

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield ImapServer("127.0.0.1", listening.getsockname()[1], "plain", "anna")
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def look(there: ImapServer) -> list[int]:
    line = ImapLine(there, "x", patience=0.3)
    try:
        line.folder_of_sent()
        if line.open("INBOX") is None:
            return []
        return [mail.uid for group in line.mails(line.uids(0, date(2026, 1, 1))) for mail in group]
    finally:
        line.close()


def outcome(there: ImapServer) -> str:
    """What is told of a look that did not work; "sound" of one that brought nothing but what was asked for."""
    try:
        return "sound" if set(look(there)) <= {3, 8} else "unsound"
    except Unreachable as told:
        return str(told)


def test_what_a_sound_server_says_is_read() -> None:
    with server(SOUND) as there:
        assert look(there) == [3]


@pytest.mark.parametrize("command", SOUND)
def test_whatever_a_server_answers_ends_in_a_sentence(command: str) -> None:
    begun, before = monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for hostile in HOSTILE:
        with server({**SOUND, command: hostile + SOUND[command]}) as there:
            told = outcome(there)
            assert told == "sound" or told.startswith("127.0.0.1: "), hostile[:40]
            assert told.isprintable()
            assert len(told) < 400
    assert monotonic() - begun < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_random_answers_do_not_either() -> None:
    chance = random.Random(18)
    for _round in range(40):
        says = dict(SOUND)
        for command, content in SOUND.items():
            sound = bytearray(content)
            for _change in range(chance.randrange(3)):
                if sound:
                    sound[chance.randrange(len(sound))] = chance.choice(b'(){}[]"\\ \r\n09*\xff\0')
            says[command] = bytes(sound)
        with server(says) as there, suppress(Unreachable):
            look(there)


def test_a_flood_before_an_answer_ends() -> None:
    with server({**SOUND, "SEARCH": b"* 1 EXISTS\r\n" * 100_000}) as there:
        assert look(there) == []
    flood = b"* 1 FETCH (UID 3 BODY[] {120000000}\r\n" + b"x" * 120_000_000
    with server({**SOUND, "FETCH": flood}) as there, pytest.raises(Unreachable, match=r"does not end|in time"):
        look(there)
