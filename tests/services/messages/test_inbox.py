"""The inbox below the screen: whose it is, what one sender's messages have in common, what an item keeps, all or nothing."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.services.messages.mails import mail
from tuicrm.domain.items import Ref
from tuicrm.errors import NotFound, Refused, RequiredFields
from tuicrm.services.history import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import inbox, inbox_counts, records
from tuicrm.services.messages.inbox import far_end, parted
from tuicrm.services.messages.records import SeenMessage
from tuicrm.services.messages.taking_in import MailTaking, TakingIn

D1 = Ref("deal", 1)


def came(session: Session, number: int, sender: str = "Ada Byron <ada@engine.example>") -> SeenMessage:
    taken = TakingIn(session, MailTaking(everything=True)).one(mail(sender=sender, number=f"{number}@engine.example"))
    return records.by_id(session, taken.id)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Ada Byron", ("Ada", "Byron")),
        ("Byron, Ada", ("Ada", "Byron")),
        ('"Byron, Ada Augusta"', ("Ada Augusta", "Byron")),
        ("Ada Augusta Byron", ("Ada", "Augusta Byron")),
        ("Byron", ("", "Byron")),
        (",", ("", ",")),
        ("", ("", "")),
        ("  ", ("", "")),
    ],
)
def test_names_are_parted(name: str, found: tuple[str, str]) -> None:
    assert parted(name) == found


def test_a_deal_keeps_no_address_and_a_contact_keeps_it_once(seeded: Session) -> None:
    first, second = came(seeded, 1), came(seeded, 2, "ada@ENGINE.example")
    assert far_end(first.record) == "ada@engine.example"
    linked = inbox.link(seeded, [first], D1, remember=True)
    assert (linked.n, linked.remembered) == (1, ()), "a deal is not reached by addresses"
    contact = items.add(seeded, "contact", {"last_name": "Byron"}).ref
    linked = inbox.link(seeded, [second], contact, remember=True, private=False)
    assert (linked.n, linked.remembered) == (1, ("ada@ENGINE.example",))
    assert not records.by_id(seeded, second.record.id).record.private
    again = inbox.link(seeded, [records.by_id(seeded, first.record.id)], contact, remember=True)
    assert again.remembered == ()
    assert len(seeded.get(contact).fields["email"]) == 1
    undo.undo(seeded)
    undo.undo(seeded)
    assert "email" not in seeded.get(contact).fields
    assert records.by_id(seeded, second.record.id).on == ()


def test_what_is_refused_leaves_all_as_it_was(seeded: Session) -> None:
    first, second = came(seeded, 1), came(seeded, 2)
    with pytest.raises(RequiredFields):
        inbox.make_item(seeded, [first], "company", {})
    with pytest.raises(Refused, match="neither an address nor a number"):
        inbox.make_item(seeded, [first], "deal", {"title": "x"})
    with pytest.raises(NotFound):
        inbox.link(seeded, [first], Ref("deal", 99))
    assert [one.on for one in records.inbox(seeded)] == [(), ()]
    inbox.link(seeded, [first], D1)
    with pytest.raises(Refused, match="is on D-1 already"):
        inbox.make_item(seeded, [records.by_id(seeded, first.record.id)], "contact", {"last_name": "x"})
    with pytest.raises(Refused, match="is on items already"):
        inbox.leave(seeded, [second, records.by_id(seeded, first.record.id)])
    assert [one.record.id for one in records.inbox(seeded)] == [second.record.id]


def test_it_is_its_owners_alone(seeded: Session, open_as: OpenAs) -> None:
    mine = came(seeded, 1)
    luca = open_as("luca")
    assert (inbox_counts.count(seeded), inbox_counts.count(luca)) == (1, 0)
    assert records.inbox(luca) == []
    with pytest.raises(NotFound):
        records.by_id(luca, mine.record.id)
    with pytest.raises(NotFound):
        inbox.link(luca, [mine], D1)
    theirs = came(luca, 2)
    seeded.store.refresh()
    assert [one.record.id for one in inbox.of_same_senders(seeded, [mine])] == [mine.record.id]
    assert inbox_counts.count(luca) == 1
    assert theirs.record.name == "Ada Byron"


def test_what_is_proposed_of_a_sender(seeded: Session) -> None:
    one = came(seeded, 1)
    assert inbox.proposed(seeded, one, "contact") == {
        "email": [{"value": "ada@engine.example", "type": "work"}],
        "first_name": "Ada",
        "last_name": "Byron",
    }
    assert inbox.proposed(seeded, one, "company")["title"] == "Ada Byron"
    assert inbox.proposed(seeded, one, "lead")["title"] == "Your offer"
    nameless = came(seeded, 2, "noreply@engine.example")
    assert inbox.proposed(seeded, nameless, "contact")["last_name"] == "noreply"
