"""The worker and a real Postfix: what is for now and what is for good, who of several gets it, and that nothing goes out twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.conftest import Clock, OpenAs
from tests.mailbox import Inbox, mailbox
from tests.postfix import PASSWORD, Postfix
from tests.services.messages import sending
from tuicrm.domain.items import Ref
from tuicrm.services.history import undo
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import drafts, mail_files, outbox, records, writing
from tuicrm.services.messages.accounts import add_channel, edit_channel
from tuicrm.services.messages.outbox import MailDraft
from tuicrm.services.messages.worker import Worker

D1 = Ref("deal", 1)


@pytest.fixture
def sender(seeded: Session, postfix: Postfix, tmp_path: Path) -> Session:
    """Anna, who logs in at the server over TLS."""
    sending.account(seeded, postfix, tmp_path / "secret")
    return seeded


def queue(session: Session, *to: str, **said: object) -> int:
    mail = MailDraft(to or ("paolo@example.test",), **{"subject": "Offer", "text": "Dear Paolo\n", "on": [D1], **said})  # type: ignore[arg-type]
    return outbox.queue(session, writing.sending_channel(session), mail, now=True)


def sent(session: Session) -> list[tuple[int, str]]:
    """What a worker did: ids and statuses."""
    with Worker(session) as worker:
        return [(step.id, step.status) for step in worker.send_due()]


def error(session: Session, number: int) -> str:
    return records.by_id(session, number).record.error


def test_a_server_that_is_busy_is_asked_again_when_the_pause_is_over(
    sender: Session, postfix: Postfix, clock: Clock
) -> None:
    number = queue(sender, "later@example.test")
    for minutes in (1, 5, 30):
        assert sent(sender) == [(number, "queued")]
        assert "come back later" in error(sender, number)
        assert sent(sender) == [], "not before its time"
        clock.tick(minutes=minutes, seconds=-1)
        assert sent(sender) == []
        clock.tick(seconds=1)
    assert postfix.mails() == []
    with postfix.taking("later@example.test"):
        assert sent(sender) == [(number, "sent")]
    assert error(sender, number) == ""
    assert len(postfix.mails()) == 1


def test_of_several_receivers_each_has_it_once(sender: Session, postfix: Postfix, clock: Clock) -> None:
    number = queue(sender, "paolo@example.test", "later@example.test", cc=["nobody@example.test"])
    assert sent(sender) == [(number, "queued")]
    assert "later@example.test: " in error(sender, number)
    assert "nobody@example.test: " in error(sender, number)
    clock.tick(minutes=1)
    with postfix.taking("later@example.test"):
        assert sent(sender) == [(number, "sent")]
    assert error(sender, number).startswith("nobody@example.test: 550"), (
        "who did not get it is said, whatever came later"
    )
    assert "later@example.test" not in error(sender, number)
    assert sorted(str(mail["Delivered-To"]) for mail in postfix.mails()) == ["later@example.test", "paolo@example.test"]
    refused = queue(sender, "paolo@example.test", "nobody@example.test")
    assert sent(sender) == [(refused, "sent")]
    assert error(sender, refused).startswith("nobody@example.test: 550")


def test_what_is_refused_for_good_is_tried_no_more(sender: Session, clock: Clock) -> None:
    large = mail_files.kept_file(sender, "large.bin", b"x" * 2_000_001)
    full, big = queue(sender, "full@example.test"), queue(sender, files=[large])
    assert sent(sender) == [(full, "failed"), (big, "failed")]
    assert "mailbox is full" in error(sender, full)
    assert "552" in error(sender, big)
    clock.tick(days=2)
    assert sent(sender) == []
    assert outbox.settle(sender, full, arrived=False) == "queued"
    assert sent(sender) == [(full, "failed")]
    nearly = queue(sender, "nearly@example.test")
    assert sent(sender) == [(nearly, "queued")], "a mailbox that is full for now"


def test_an_account_that_is_refused_keeps_its_mails_and_says_no_secret(
    sender: Session, tmp_path: Path, clock: Clock
) -> None:
    first, second = queue(sender), queue(sender)
    (tmp_path / "secret").write_text("wrong secret")
    with Worker(sender) as worker:
        assert [(step.id, step.status) for step in worker.send_due()] == [(first, "queued")]
        assert "log-in was refused" in str(worker.troubles)
        assert "wrong secret" not in str(worker.troubles) + error(sender, first)
    clock.tick(minutes=1)
    (tmp_path / "secret").unlink()
    with Worker(sender) as worker:
        assert list(worker.send_due()) == []
        assert "cannot be read" in str(worker.troubles)
    (tmp_path / "secret").write_text(PASSWORD)
    (tmp_path / "secret").chmod(0o600)
    edit_channel(sender, "mail", {"ca": ""})
    with Worker(sender) as worker:
        assert [step.status for step in worker.send_due()] == ["queued"]
        assert "certificate is not trusted" in str(worker.troubles)
    kept = b"".join(one.read_bytes() for one in (tmp_path / "workspace").rglob("*") if one.is_file())
    assert kept.count(b"log-in was refused") >= 1, "the journal is what was looked through"
    assert PASSWORD.encode() not in kept
    assert b"wrong secret" not in kept
    assert sorted(one for one, _status in outbox_of(sender)) == [first, second]


def outbox_of(session: Session) -> list[tuple[int, str]]:
    return [(one.id, str(one.doc.get("status"))) for one in outbox.own(session)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85", "\r\n\r\n"])
def test_nothing_that_is_typed_becomes_a_head_of_a_mail_that_arrives(
    seeded: Session, postfix: Postfix, tmp_path: Path, end: str
) -> None:
    evil = f"x{end}Bcc: eve@example.test{end}{end}body"
    sending.account(seeded, postfix, tmp_path / "secret", html="yes", signature=f"Anna{end}.{end}QUIT")
    path = tmp_path / f"a{end}Content-Type: text.html{end}x.pdf"
    path.write_bytes(b"%PDF")
    number = outbox.queue(
        seeded,
        writing.sending_channel(seeded),
        writing.new_mail(seeded, [D1], to=["paolo@example.test"], subject=evil, text=evil, files=[path]),
        now=True,
    )
    assert sent(seeded) == [(number, "sent")]
    (mail,) = postfix.mails()
    assert isinstance(mail, EmailMessage)
    assert mail["Bcc"] is None
    assert mail["Delivered-To"] == "paolo@example.test"
    assert [str(mail[name]) for name in ("From", "To")] == ["Anna Bianchi <anna@example.test>", "paolo@example.test"]
    assert mail["Subject"].startswith("x Bcc: eve@example.test")
    assert [part.get_content_type() for part in mail.walk() if not part.is_multipart()] == [
        "text/plain", "text/html", "application/pdf",
    ]  # fmt: skip
    (file,) = mail.iter_attachments()
    assert "\n" not in (file.get_filename() or "")
    body = mail.get_body(("plain",))
    assert body is not None
    assert "QUIT" in body.get_content(), "a dot alone on a line ends nothing"


def test_what_is_recalled_or_undone_in_time_never_goes_out(sender: Session, postfix: Postfix, clock: Clock) -> None:
    by = writing.sending_channel(sender)
    waits = MailDraft(["paolo@example.test"], "Offer", "Dear", on=[D1])
    recalled, undone = outbox.queue(sender, by, waits), outbox.queue(sender, by, waits)
    undo.undo(sender)
    outbox.recall(sender, recalled)
    draft = drafts.keep(sender, by, waits)
    clock.tick(minutes=5)
    assert sent(sender) == []
    assert postfix.mails() == []
    assert [one.record.id for one in records.of_item(sender, D1)] == [draft]
    assert undone not in dict(outbox_of(sender))


def test_what_is_written_while_others_are_sent_does_not_wait(sender: Session) -> None:
    first, later = queue(sender), 0
    with Worker(sender) as worker:
        for step in worker.send_due():
            assert (step.id, step.status) == (first, "sent")
            later = queue(sender)
        assert worker.has_more()
        assert [step.id for step in worker.send_due()] == [later]
        assert not worker.has_more()
        edit_channel(sender, "mail", {"port": "9"})
        waits = queue(sender), queue(sender)
        assert worker.has_more()
        worker.close()
        assert [step.id for step in worker.send_due()] == [waits[0]], "a server that is not there is asked once"
        assert not worker.has_more(), "and what waits for it waits"


class _Dying(Inbox):
    """Takes a whole message, and dies instead of answering."""

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]  # noqa: N802
        await super().handle_DATA(server, session, envelope)
        server.transport.abort()
        return "250 nobody hears this"


@contextmanager
def dying() -> Iterator[Inbox]:
    with mailbox(_Dying()) as inbox:
        yield inbox


def test_a_server_that_dies_with_the_message_is_asked_about_and_never_given_it_again(
    seeded: Session, clock: Clock, open_as: OpenAs
) -> None:
    with dying() as inbox:
        add_channel(seeded, "Mail", "smtp", {"address": "a@example.test", "host": "127.0.0.1", "port": str(inbox.port)})
        number = queue(seeded)
        assert sent(seeded) == [(number, "unknown")]
        assert len(inbox.mails) == 1, "it has it, and said nothing"
        for _day in range(3):
            clock.tick(days=1)
            assert sent(seeded) == []
            assert sent(open_as("anna")) == []
        assert len(inbox.mails) == 1
        assert outbox.settle(seeded, number, arrived=True) == "sent"
        assert sent(seeded) == []
        assert len(inbox.mails) == 1
