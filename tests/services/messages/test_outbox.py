"""The outbox: queued with its record, recalled by undo, taken by one worker alone; what nobody knows is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import Clock, OpenAs
from tests.mailbox import Inbox, mailbox
from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken
from tuicrm.domain.channels import Channel
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.services.history import undo
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import outbox, records, writing
from tuicrm.services.messages.accounts import add_channel, remove_channel, retire_channel
from tuicrm.services.messages.outbox import LEASE, MailDraft, note, queue, recall, settle, take
from tuicrm.services.messages.worker import Worker
from tuicrm.services.workspace import shared_settings

D1 = Ref("deal", 1)
MAIL = MailDraft(["Paolo <paolo@example.test>"], "Offer", "Dear Paolo\n", on=[D1])


@pytest.fixture
def channel(seeded: Session) -> Channel:
    return add_channel(seeded, "Mail", "smtp", {"address": "anna@example.test", "host": "127.0.0.1", "port": "9"})


def status(session: Session, number: int) -> tuple[str, str]:
    found = records.by_id(session, number).record
    return found.status, found.error


def test_a_queued_mail_stands_on_its_item_and_undo_takes_it_back(
    seeded: Session, channel: Channel, clock: Clock
) -> None:
    number = queue(seeded, channel, MAIL)
    (found,) = records.of_item(seeded, D1)
    one = found.record
    assert (one.status, one.way, one.to, one.sender) == ("queued", "out", ("paolo@example.test",), "anna@example.test")
    assert one.message_id.startswith("D-1.")
    assert (outbox.due(seeded), outbox.next_at(seeded)) == ([], one.after), "not before the delay is over"
    undo.undo(seeded)
    assert records.of_item(seeded, D1) == []
    number = queue(seeded, channel, MAIL)
    clock.tick(seconds=11)
    assert [record.id for record in outbox.due(seeded)] == [number]
    assert take(seeded, number, "one") is not None
    with pytest.raises(Conflict, match="it is too late: MSG-"):
        undo.undo(seeded)
    assert status(seeded, number)[0] == "sending"
    clock.tick(minutes=2)
    assert "write a mail" not in str(undo.next_step(seeded)), "what is sent is sent"


def test_the_delay_is_a_setting(seeded: Session, channel: Channel) -> None:
    shared_settings.change(seeded, {"send_delay": "0"})
    number = queue(seeded, channel, MAIL)
    assert [record.id for record in outbox.due(seeded)] == [number]
    for wrong in ("-1", "x", "3601", "1.5", "99999999999"):
        with pytest.raises(Refused):
            shared_settings.change(seeded, {"send_delay": wrong})


def test_who_takes_a_message_has_it_alone_and_what_became_of_it_is_noted_by_them(
    seeded: Session, channel: Channel
) -> None:
    number = queue(seeded, channel, MAIL, now=True)
    assert take(seeded, number, "one") is not None
    assert take(seeded, number, "two") is None
    assert note(seeded, number, "two", HandedOver()) == ""
    assert note(seeded, number, "one", HandedOver(refused={"b@x.it": "550 no"})) == "sent"
    assert status(seeded, number) == ("sent", "b@x.it: 550 no")
    assert note(seeded, number, "one", NotGiven("late")) == "", "what is sent stays sent"


def test_what_is_temporary_is_tried_again_with_growing_pauses_and_then_failed(
    seeded: Session, channel: Channel, clock: Clock
) -> None:
    number = queue(seeded, channel, MAIL, now=True)
    pauses = []
    while True:
        assert take(seeded, number, "one") is not None
        if note(seeded, number, "one", NotGiven("450 later")) == "failed":
            break
        assert take(seeded, number, "one") is None, "not before its time"
        begun = clock.now
        while not outbox.due(seeded):
            clock.tick(minutes=1)
        pauses.append((clock.now - begun) // timedelta(minutes=1))
    assert pauses == [1, 5, 30, 120]
    assert status(seeded, number) == ("failed", "450 later")
    settle(seeded, number, arrived=False)
    assert take(seeded, number, "one") is not None
    assert note(seeded, number, "one", NotGiven("550 no", final=True)) == "failed"


def test_a_worker_that_died_leaves_what_nobody_knows_and_that_is_asked_about(
    seeded: Session, channel: Channel, clock: Clock
) -> None:
    number = queue(seeded, channel, MAIL, now=True)
    assert take(seeded, number, "dead") is not None
    assert outbox.sweep(seeded) == []
    clock.now += LEASE + timedelta(seconds=1)
    assert outbox.sweep(seeded) == [number]
    assert "may have arrived" in status(seeded, number)[1]
    clock.tick(days=30)
    assert outbox.due(seeded) == [], "never sent again by itself"
    assert settle(seeded, number, arrived=True) == "sent"
    with pytest.raises(Refused, match="nothing to say"):
        settle(seeded, number, arrived=False)
    again = queue(seeded, channel, MAIL, now=True)
    assert take(seeded, again, "one") is not None
    assert note(seeded, again, "one", PerhapsTaken("it went away")) == "unknown"
    assert settle(seeded, again, arrived=False) == "queued"
    assert [record.id for record in outbox.due(seeded)] == [again]


def test_a_worker_that_was_only_slow_still_says_what_became_of_it(
    seeded: Session, channel: Channel, clock: Clock
) -> None:
    number = queue(seeded, channel, MAIL, now=True)
    assert take(seeded, number, "slow") is not None
    clock.now += LEASE + timedelta(seconds=1)
    outbox.sweep(seeded)
    assert note(seeded, number, "slow", HandedOver()) == "sent"


def test_it_is_recalled_until_it_is_taken_by_who_wrote_it(seeded: Session, channel: Channel, open_as: OpenAs) -> None:
    number = queue(seeded, channel, MAIL)
    with pytest.raises(NotFound):
        recall(open_as("luca"), number)
    recall(seeded, number)
    assert records.of_item(seeded, D1) == []
    number = queue(seeded, channel, MAIL, now=True)
    take(seeded, number, "one")
    with pytest.raises(Refused, match="too late"):
        recall(seeded, number)


def test_nobody_writes_by_anothers_channel_or_to_nobody(seeded: Session, channel: Channel, open_as: OpenAs) -> None:
    with pytest.raises(AccessDenied):
        queue(open_as("luca"), channel, MAIL)
    for evil in ([], [""], ["nobody"], ["a@b.it\nBcc: eve@example.com"], ["a@b.it, c"], ["a@b.it"] * 3 + ["x y"]):
        with pytest.raises(Refused):
            queue(seeded, channel, MailDraft(evil, "S", "T", on=[D1]))
    with pytest.raises(NotFound):
        queue(seeded, channel, MailDraft(["a@b.it"], "S", "T", on=[Ref("deal", 999)]))
    number = queue(seeded, channel, MailDraft(["a@b.it"], "S\r\nBcc: eve@example.com", "T", on=[D1]))
    assert records.by_id(seeded, number).record.subject == "S Bcc: eve@example.com"
    with pytest.raises(Refused, match="retire it instead"):
        remove_channel(seeded, channel.key)


@pytest.fixture
def inbox(seeded: Session) -> Iterator[Inbox]:
    with mailbox() as found:
        shared_settings.change(seeded, {"send_delay": "0"})
        yield found


def test_the_worker_sends_what_its_person_may_send_here(seeded: Session, inbox: Inbox, open_as: OpenAs) -> None:
    words = {"address": "anna@example.test", "host": "127.0.0.1", "port": str(inbox.port), "signature": "Anna\nSales"}
    mine = add_channel(seeded, "Mail", "smtp", words)
    shared = add_channel(
        seeded, "Sales", "smtp", {**words, "address": "sales@example.test"}, whose="department:company"
    )
    ours, theirs = queue(seeded, shared, MAIL), queue(seeded, mine, MAIL)
    luca = open_as("luca")
    with Worker(luca) as worker:
        sent = [step.id for step in worker.send_due()]
    seeded.store.refresh()
    assert sent == ([ours] if luca.person.department else [])
    with Worker(seeded) as worker:
        assert {step.id for step in worker.send_due()} | set(sent) == {ours, theirs}
        assert list(worker.send_due()) == []
    assert len(inbox.mails) == 2
    by_id = {str(mail["Message-ID"]): mail for mail in inbox.mails}
    mail = by_id[f"<{records.by_id(seeded, theirs).record.message_id}>"]
    assert str(mail["From"]) == f"{seeded.person.name} <anna@example.test>"
    assert str(mail.get_payload()).replace("\r\n", "\n") == "Dear Paolo\n\n-- \nAnna\nSales\n"


def test_files_and_answers_go_along(seeded: Session, inbox: Inbox, tmp_path: Path) -> None:
    add_channel(seeded, "Mail", "smtp", {"address": "anna@example.test", "host": "127.0.0.1", "port": str(inbox.port)})
    channel = writing.sending_channel(seeded)
    offer = tmp_path / "offer.pdf"
    offer.write_bytes(b"%PDF-1.7")
    first = queue(
        seeded,
        channel,
        writing.new_mail(seeded, [D1], to=["p@example.test"], subject="Offer", text="Here", files=[offer]),
    )
    found = records.by_id(seeded, first)
    second = queue(seeded, channel, writing.answer(seeded, found, "And?"))
    third = queue(seeded, channel, writing.passed_on(seeded, found, "See", to=["c@example.test"]))
    with Worker(seeded) as worker:
        assert [(step.id, step.status) for step in worker.send_due()] == [(n, "sent") for n in (first, second, third)]
    answer, passed = inbox.mails[1], inbox.mails[2]
    heads = answer["Subject"], answer["In-Reply-To"], str(answer["To"])
    assert heads == (
        "Re: Offer",
        inbox.mails[0]["Message-ID"],
        "p@example.test",
    )
    assert "> Here" in str(answer.get_payload())
    assert records.by_id(seeded, second).record.thread == first
    assert passed["Subject"] == "Fwd: Offer"
    assert [part.get_payload(decode=True) for part in passed.walk() if part.get_filename() == "offer.pdf"] == [
        b"%PDF-1.7"
    ]
    assert records.by_id(seeded, third).record.on == ("deal:1",)


def test_a_channel_that_does_not_work_is_asked_once_and_its_mails_wait(
    seeded: Session, channel: Channel, inbox: Inbox
) -> None:
    numbers = [queue(seeded, channel, MAIL) for _n in range(3)]
    with Worker(seeded) as worker:
        assert [(step.id, step.status) for step in worker.send_due()] == [(numbers[0], "queued")]
        assert "refused" in worker.troubles[channel.key]
    retire_channel(seeded, channel.key)
    with Worker(seeded) as worker:
        assert list(worker.send_due()) == []
