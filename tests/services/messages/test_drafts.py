"""Drafts: for their writer alone, whatever is written in them; sent, they are gone, and back with undo."""

from __future__ import annotations

import pytest

from tests.conftest import Clock, OpenAs
from tests.services.messages.mails import mail
from tuicrm.domain.items import Ref
from tuicrm.errors import NotFound, Refused
from tuicrm.services.history import undo
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import accounts, drafts, outbox, records, writing
from tuicrm.services.messages.outbox import MailDraft
from tuicrm.services.messages.taking_in import MailTaking, TakingIn

D1 = Ref("deal", 1)


def test_a_draft_is_its_writers_alone_and_is_sent_in_place_of_itself(
    seeded: Session, open_as: OpenAs, clock: Clock
) -> None:
    by = accounts.add_channel(seeded, "Mail", "smtp", {"address": "anna@ours.example", "host": "localhost"})
    begun = MailDraft(["no\naddress", "a@b.example"], "Half\nwritten", "Text", on=(D1,))
    number = drafts.keep(seeded, by, begun)
    assert drafts.kept(seeded, number).mail.to == ("no address", "a@b.example")
    luca = open_as("luca")
    assert records.of_item(luca, D1) == []
    with pytest.raises(NotFound):
        drafts.kept(luca, number)
    assert drafts.drafts(luca) == []
    assert [one.record.id for one in drafts.drafts(seeded, D1)] == [number]
    assert drafts.drafts(seeded, Ref("deal", 2)) == []
    assert drafts.keep(seeded, by, MailDraft(["a@b.example"], "Whole", "Text", on=(D1,)), number) == number
    assert [one.record.subject for one in drafts.drafts(seeded)] == ["Whole"]
    clock.tick(hours=1)
    assert outbox.due(seeded) == []
    assert records.inbox(seeded) == []
    kept = drafts.kept(seeded, number)
    sent = outbox.queue(seeded, by, kept.mail, draft=number)
    assert drafts.drafts(seeded) == []
    with pytest.raises(Refused, match="not a draft of yours"):
        drafts.keep(seeded, by, begun, sent)
    undo.undo(seeded)
    assert [one.record.id for one in drafts.drafts(seeded)] == [number]


def test_a_draft_of_an_answer_stays_an_answer(seeded: Session) -> None:
    by = accounts.add_channel(seeded, "Mail", "smtp", {"address": "anna@ours.example", "host": "localhost"})
    came = TakingIn(seeded, MailTaking(on=(D1,), private=False)).one(mail()).id
    answer = writing.answer(seeded, records.by_id(seeded, came), "Yes")
    number = drafts.keep(seeded, by, answer)
    kept = drafts.kept(seeded, number).mail
    assert kept.answers is not None
    assert (kept.answers.id, kept.private) == (came, False)
    records.delete(seeded, records.by_id(seeded, came))
    left = drafts.kept(seeded, number)
    sent = records.by_id(seeded, outbox.queue(seeded, by, left.mail, draft=number)).record
    assert (sent.in_reply_to, sent.thread, sent.private) == ("1@example.com", came, False)
