"""Who takes part is told by mail, by themselves: once, again at another time, and when it is called off; by a real mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Clock, OpenAs
from tests.mailbox import Inbox, mailbox
from tuicrm.domain.items import Ref
from tuicrm.errors import StorageError
from tuicrm.exchange.ical.events import IcalEvent
from tuicrm.exchange.ical.reading import read_calendar
from tuicrm.services.calendar import inviting, planning, series_changes
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import activities, items
from tuicrm.services.kernel.invited import INVITED
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import shared_settings
from tuicrm.services.workspace.mail_servers import MailServer
from tuicrm.services.workspace.people import Details, edit_person
from tuicrm.store.protocol import Find, Op

D1 = Ref("deal", 1)
AT, LATER = "2027-01-11T10:00:00Z", "2027-01-11T15:00:00Z"
ANNA, LUCA = "anna@example.com", "luca@example.com"


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with mailbox() as opened:
        yield opened


@pytest.fixture
def office(seeded: Session, inbox: Inbox) -> Session:
    """A workspace that invites; Anna, Luca and a contact have addresses."""
    inbox.clear()
    shared_settings.change(seeded, {"invite_by_mail": "on"})
    edit_person(seeded, "anna", Details(email=ANNA))
    edit_person(seeded, "luca", Details(email=LUCA))
    return seeded


@pytest.fixture
def mails(office: Session, inbox: Inbox) -> Callable[[], list[tuple[str, str, IcalEvent]]]:
    """Lets the worker send, twice, and gives what arrived since: method, to whom, what event."""

    def arrived() -> list[tuple[str, str, IcalEvent]]:
        inbox.clear()
        for _twice in range(2):
            inviting.send_due(office, MailServer("127.0.0.1", inbox.port), "crm@example.com")
        found = []
        for to, calendar in inbox.calendars():
            file = read_calendar(calendar)
            found.append((file.method, to, file.events[0]))
        return sorted(found, key=lambda one: one[:2])

    return arrived


def plan(session: Session, **more: Any) -> int:
    given = {"at": AT, "start": AT, "end": "2027-01-11T11:00:00Z", "kind": "meeting", "people": {"luca": "asked"}}
    return planning.plan(session, D1, "Meet", **{**given, **more})


def kinds(found: list[tuple[str, str, IcalEvent]]) -> list[tuple[str, str]]:
    return [one[:2] for one in found]


Mails = Callable[[], list[tuple[str, str, IcalEvent]]]


def test_told_once_again_at_another_time_and_when_it_is_called_off(office: Session, mails: Mails) -> None:
    number = plan(office)
    [(method, to, first)] = mails()
    assert (method, to, first.summary) == ("REQUEST", LUCA, "Meet")
    assert first.organizer is not None
    assert first.organizer.address == ANNA
    planning.edit(office, number, {"colour": "3", "reminders": [15]})
    assert mails() == [], "nothing of that is theirs"
    planning.edit(office, number, {"start": LATER, "at": LATER, "end": "2027-01-11T16:00:00Z"})
    planning.edit(office, number, {"place": "Blue room"})
    [(method, to, again)] = mails()
    assert (method, to, again.uid, again.place) == ("REQUEST", LUCA, first.uid, "Blue room")
    assert again.sequence > first.sequence
    assert again.start != first.start
    planning.edit(office, number, {"people": {}})
    [(method, to, off)] = mails()
    assert (method, to, off.uid, off.cancelled) == ("CANCEL", LUCA, first.uid, True)
    assert off.sequence > again.sequence
    activities.delete(office, number)
    assert mails() == []


def test_what_is_undone_before_it_was_sent_is_told_to_nobody(office: Session, mails: Mails) -> None:
    plan(office)
    undo(office)
    assert mails() == []
    redo(office)
    assert kinds(mails()) == [("REQUEST", LUCA)]
    items.delete(office, [D1])
    undo(office)
    assert mails() == []
    items.delete(office, [D1])
    [(method, to, off)] = mails()
    assert (method, to, off.summary) == ("CANCEL", LUCA, "Meet")
    undo(office)
    [(method, to, back)] = mails()
    assert (method, to, back.cancelled) == ("REQUEST", LUCA, False)


def test_of_a_series_guests_are_told_what_changes_and_not_what_is_done(office: Session, mails: Mails) -> None:
    number = plan(office, rule="FREQ=WEEKLY", zone="UTC", wall="2027-01-11T10:00")
    assert kinds(mails()) == [("REQUEST", LUCA)]
    activities.done(office, number)
    assert mails() == []
    series_changes.change(office, number, {"place": "Blue"}, "this", "2027-01-25T10:00")
    assert kinds(mails()) == [("REQUEST", LUCA)]
    series_changes.delete(office, number, "all", "")
    assert kinds(mails()) == [("CANCEL", LUCA)]


def test_of_a_single_time_of_a_series_those_are_told_whom_it_concerns(
    office: Session, inbox: Inbox, mails: Mails
) -> None:
    """Who is asked to one time gets that one; who is taken off it hears that this one is off, and goes on with the others."""
    contact = items.add(office, "contact", {"first_name": "Eva", "email": [{"value": "eva@example.com"}]})
    eva, wall = str(contact.ref), "2027-01-25T10:00"
    number = plan(office, rule="FREQ=WEEKLY", zone="UTC", wall="2027-01-11T10:00")
    [(_method, _to, whole)] = mails()
    one = series_changes.change(office, number, {"contacts": [eva]}, "this", wall)
    [(method, to, single)] = mails()
    assert (method, to, single.uid, single.rule) == ("REQUEST", "eva@example.com", whole.uid, "")
    assert str(single.occurrence) == "2027-01-25 10:00:00"
    planning.edit(office, one, {"people": {}})
    [(method, to, off)] = mails()
    assert (method, to, off.uid, off.cancelled, off.rule) == ("CANCEL", LUCA, whole.uid, True, "")
    assert str(off.occurrence) == "2027-01-25 10:00:00"
    assert off.sequence > whole.sequence
    planning.edit(office, number, {"place": "Red"})
    [(method, to, again)] = mails()
    assert (method, to, [str(day) for day in again.skipped]) == ("REQUEST", LUCA, ["2027-01-25 10:00:00"])
    inbox.clear()
    inviting.invite(office, one, MailServer("127.0.0.1", inbox.port), "crm@example.com")
    [(to, calendar)] = inbox.calendars()
    [event] = read_calendar(calendar).events
    assert (to, event.uid, str(event.occurrence)) == ("eva@example.com", whole.uid, "2027-01-25 10:00:00")
    inbox.clear()
    assert set(inviting.invite(office, number, MailServer("127.0.0.1", inbox.port), "x@y.it")) == {
        LUCA,
        "eva@example.com",
    }
    sent = {to: [bool(one.rule) for one in read_calendar(calendar).events] for to, calendar in inbox.calendars()}
    assert sent == {LUCA: [True], "eva@example.com": [False]}
    activities.delete(office, one)
    [(method, to, off)] = mails()
    assert (method, to, str(off.occurrence)) == ("CANCEL", "eva@example.com", "2027-01-25 10:00:00")
    undo(office)
    assert kinds(mails()) == [("REQUEST", "eva@example.com")]
    planning.edit(office, number, {"people": {}, "contacts": []})
    assert kinds(mails()) == [("CANCEL", LUCA)]
    series_changes.delete(office, number, "all", "")
    assert kinds(mails()) == [("CANCEL", "eva@example.com")]


def test_who_keeps_a_single_time_of_a_series_is_taken_off_the_others(
    office: Session, clock: Clock, mails: Mails
) -> None:
    number = plan(office, rule="FREQ=WEEKLY", zone="UTC", wall="2027-01-11T10:00")
    mails()
    one = series_changes.change(office, number, {"place": "Blue"}, "this", "2027-01-25T10:00")
    [(_method, _to, event)] = mails()
    assert event.rule == "FREQ=WEEKLY"
    planning.edit(office, number, {"people": {}})
    [(_cancel, to, off), (_request, _to, kept)] = mails()
    assert (to, off.rule, off.occurrence, str(kept.occurrence)) == (LUCA, "FREQ=WEEKLY", None, "2027-01-25 10:00:00")
    planning.edit(office, one, {"people": {}})
    with pytest.raises(StorageError):
        inviting.send_due(office, MailServer("127.0.0.1", 1), "crm@example.com")
    clock.tick(minutes=6)
    [(method, to, off)] = mails()
    assert (method, to, str(off.occurrence)) == ("CANCEL", LUCA, "2027-01-25 10:00:00")
    assert mails() == []


def test_nobody_is_told_of_what_is_past_or_done_or_where_nobody_says_so(office: Session, mails: Mails) -> None:
    past = {"at": "2026-01-11T10:00:00Z", "start": "2026-01-11T10:00:00Z", "end": "2026-01-11T11:00:00Z"}
    activities.delete(office, plan(office, **past))
    number = plan(office)
    activities.done(office, number)
    plan(office, people={"anna": "accepted"})
    from_elsewhere = {"people": {"luca": "asked"}, "ical": {"organizer": {"address": "other@example.com"}}}
    by_a_script = {"people": {"gone\x1b[31m": "asked", "": 7}, "contacts": ["no", "contact:99", 3]}
    for doc in (from_elsewhere, by_a_script):
        [other] = office.store.new_ids("activity")
        office.store.commit([Op("activity", other, {"owner": "deal:1", "what": "x", "at": AT, **doc})])
        with office.change("elsewhere") as change:
            change.patch("activity", other, {"place": "There"})
    assert mails() == []
    shared_settings.change(office, {"invite_by_mail": "off"})
    plan(office)
    assert not any(one.doc.get("waits") for one in office.store.find(Find(INVITED)).records)


def test_two_workers_send_one_and_what_reached_nobody_is_due_again(
    office: Session, open_as: OpenAs, inbox: Inbox, clock: Clock, mails: Mails
) -> None:
    number = plan(office)
    server = MailServer("127.0.0.1", inbox.port)
    assert inviting.waiting(open_as("luca")) == [], "it is Anna's to send"
    other = open_as("anna")
    [found] = inviting.waiting(other)
    inviting.send_due(office, server, "crm@example.com")
    assert found.id == number
    assert inviting.send_due(other, server, "crm@example.com") == []
    assert len(inbox.calendars()) == 1
    office.store.refresh()
    planning.edit(office, number, {"place": "Red"})
    with pytest.raises(StorageError):
        inviting.send_due(office, MailServer("127.0.0.1", 1), "crm@example.com")
    assert mails() == [], "not at once"
    clock.tick(minutes=6)
    assert kinds(mails()) == [("REQUEST", LUCA)]
    assert inviting.invite(office, number, server, "crm@example.com") == (LUCA,)
    assert mails() == []


def test_what_somebody_took_to_send_and_died_over_is_told_once_and_not_sent_twice(
    office: Session, open_as: OpenAs, clock: Clock, mails: Mails
) -> None:
    number = plan(office)
    inviting._take(open_as("anna"), number)
    office.store.refresh()
    assert (mails(), inviting.perhaps_sent(office)) == ([], {}), "it may still be at it"
    clock.tick(minutes=11)
    assert inviting.perhaps_sent(office) == {number: ("luca",)}
    assert inviting.perhaps_sent(office) == {}
    assert mails() == []
    planning.edit(office, number, {"place": "Red"})
    assert kinds(mails()) == [("REQUEST", LUCA)]
    clock.tick(minutes=11)
    assert inviting.perhaps_sent(office) == {}, "what was sent is over"
