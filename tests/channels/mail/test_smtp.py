"""Mail handed to real servers: a Postfix with certificates and log-ins, and one that dies when it has the whole message."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from msgspec.structs import replace

from tests.postfix import PASSWORD, USER, Postfix
from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken
from tuicrm.channels.mail.composing import MailParts, letter_of
from tuicrm.channels.mail.letter import Letter
from tuicrm.channels.mail.smtp import SmtpLine, SmtpServer, tried

PARTS = MailParts(
    "anna@example.test", ["paolo@example.test"], "Offer", "Dear Paolo,\n.\n..\nAnna\n", "<a.1@tuicrm.test>",
    datetime(2026, 11, 23, 10, tzinfo=UTC),
)  # fmt: skip


def the(postfix: Postfix, **other: object) -> SmtpServer:
    return replace(SmtpServer("localhost", postfix.port, "starttls", USER, str(postfix.ca)), **other)


def letter(*to: str, **other: object) -> Letter:
    return letter_of(replace(PARTS, **({"to": list(to)} if to else {}), **other))


def test_postfix_takes_it_as_it_was_written(postfix: Postfix) -> None:
    line = SmtpLine(the(postfix), PASSWORD)
    assert line.send(letter(subject="Proposta à la carte")) == HandedOver()
    assert line.send(letter("a@example.test", "b@example.test", message_id="<a.2@tuicrm.test>")) == HandedOver()
    line.close()
    mails = {mail["Message-ID"]: mail for mail in postfix.mails()}
    first = mails["<a.1@tuicrm.test>"]
    assert first["Subject"] == "Proposta à la carte"
    assert first.get_content() == PARTS.text, "a dot alone on a line ends nothing"  # type: ignore[attr-defined]
    assert "ESMTPSA" in first["Received"], "over TLS, logged in"
    assert "<a.2@tuicrm.test>" in mails


def test_what_postfix_refuses_is_for_good_or_for_now(postfix: Postfix) -> None:
    line = SmtpLine(the(postfix), PASSWORD)
    nobody = line.send(letter("nobody@example.test"))
    assert isinstance(nobody, NotGiven)
    assert nobody.final, nobody
    assert "no such user" in nobody.why
    later = line.send(letter("later@example.test"))
    assert isinstance(later, NotGiven)
    assert not later.final
    assert "come back later" in later.why
    some = line.send(letter("paolo@example.test", "nobody@example.test", "later@example.test"))
    assert isinstance(some, HandedOver)
    assert (list(some.refused), list(some.later)) == (["nobody@example.test"], ["later@example.test"])
    big = line.send(letter(text="x" * 70 + "\n" + ("y" * 70 + "\n") * 30_000))
    assert isinstance(big, NotGiven)
    assert big.final, big
    assert "552" in big.why
    line.close()


def test_a_wrong_password_an_unknown_certificate_and_no_encryption_are_told(postfix: Postfix) -> None:
    for server, secret, told in [
        (the(postfix), "wrong", "log-in was refused"),
        (the(postfix, ca=""), PASSWORD, "certificate is not trusted"),
        (the(postfix, host="127.0.0.3"), PASSWORD, "127.0.0.3"),
        (the(postfix, security="plain"), PASSWORD, "no encryption, or no such log-in"),
    ]:
        found = SmtpLine(server, secret, patience=5).send(letter())
        assert isinstance(found, NotGiven)
        assert (found.account, found.final) == (True, False), found
        assert told in found.why
        assert PASSWORD not in found.why


def test_an_account_is_tried_step_by_step(postfix: Postfix) -> None:
    def steps(server: SmtpServer, secret: str = PASSWORD) -> list[tuple[str, bool]]:
        return [(one.name, one.works) for one in tried(server, secret, 5)]

    good = [("name", True), ("port", True), ("tls", True)]
    assert steps(the(postfix)) == [*good, ("login", True)]
    assert steps(the(postfix), "wrong") == [*good, ("login", False)]
    assert steps(the(postfix, ca="")) == [*good[:2], ("tls", False)]
    assert steps(the(postfix, host="no-such-host.invalid")) == [("name", False)]
    assert steps(the(postfix, port=1)) == [("name", True), ("port", False)]
    assert steps(the(postfix, security="tls"))[-1] == ("tls", False)


@contextmanager
def dying(after: Callable[[socket.socket], object]) -> Iterator[SmtpServer]:
    """A server that takes a whole message, and then does something else than answer."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            asked, _address = listening.accept()
            with asked, asked.makefile("rb") as lines:
                asked.sendall(b"220 here\r\n")
                for line in lines:
                    if line.upper().startswith(b"DATA"):
                        asked.sendall(b"354 go on\r\n")
                        while next(lines, b".\r\n") != b".\r\n":
                            pass
                        after(asked)
                        return
                    asked.sendall(b"250 fine\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield SmtpServer("127.0.0.1", listening.getsockname()[1], "plain")
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def test_who_dies_with_the_whole_message_may_have_taken_it() -> None:
    with dying(lambda asked: None) as server:
        assert isinstance(SmtpLine(server).send(letter()), PerhapsTaken)
    with dying(lambda asked: asked.sendall(b"what?\r\n")) as server:
        assert isinstance(SmtpLine(server).send(letter()), PerhapsTaken)
    with dying(lambda asked: asked.recv(1)) as server:
        assert isinstance(SmtpLine(server, patience=0.2).send(letter()), PerhapsTaken)


def test_who_refuses_the_whole_message_has_it_not() -> None:
    for said, final in ((b"554 spam\r\n", True), (b"451 try again\r\n", False), (b"421 closing\r\n", False)):
        with dying(lambda asked, said=said: asked.sendall(said)) as server:  # type: ignore[misc]
            found = SmtpLine(server).send(letter())
            assert isinstance(found, NotGiven), found
            assert found.final == final
