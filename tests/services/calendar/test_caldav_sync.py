"""A person's calendar and the one on a real server, made alike: changes and deletions on either side, both at once, and a connection
that breaks off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.calendar_server import Radicale, event_data
from tests.conftest import Clock
from tests.exchange.ical.expanded import CALENDARS
from tuicrm.channels.caldav import CaldavCalendar, RemoteEvent, RemoteListing
from tuicrm.domain.items import Ref
from tuicrm.errors import NotFound, Unreachable
from tuicrm.exchange.ical.events import IcalEvent
from tuicrm.exchange.ical.reading import read_calendar
from tuicrm.services.calendar.caldav_clashes import clashes, decide, side_words
from tuicrm.services.calendar.caldav_sync import SyncReport, sync_calendar
from tuicrm.services.calendar.ical_files import import_calendar
from tuicrm.services.calendar.ical_known import all_known
from tuicrm.services.history import undo
from tuicrm.services.items import activities
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find

DEAL = Ref("deal", 1)


@pytest.fixture
def rome(seeded: Session) -> Session:
    seeded.zone = ZoneInfo("Europe/Rome")
    return seeded


@pytest.fixture
def there(radicale: Radicale) -> CaldavCalendar:
    return radicale.new_calendar()


def remote(there: CaldavCalendar) -> dict[str, RemoteEvent]:
    """What is on the server, by UID."""
    found = there.fetch(there.listing().etags)
    return {read_calendar(one.data).events[0].uid: one for one in found.values()}


def events(there: CaldavCalendar) -> list[IcalEvent]:
    return [event for one in remote(there).values() for event in read_calendar(one.data).events]


def change(there: CaldavCalendar, uid: str, old: str, new: str) -> None:
    """Somebody else changes an event on the server."""
    one = remote(there)[uid]
    assert old.encode() in one.data
    there.put(one.href, one.data.replace(old.encode(), new.encode()), one.etag)


def docs(session: Session) -> list[dict[str, Any]]:
    return [record.doc for record in session.store.find(Find(ACTIVITIES)).records]


def doc(session: Session) -> dict[str, Any]:
    (found,) = docs(session)
    return found


def sync(session: Session, there: CaldavCalendar, **options: Any) -> list[str]:
    return outcomes(sync_calendar(session, there, on=DEAL, **options))


def outcomes(report: SyncReport) -> list[str]:
    return sorted(row.outcome for row in report.rows)


def call(session: Session, what: str = "Call", at: str = "2026-12-01T09:00:00Z") -> int:
    return activities.add(session, DEAL, what, at, kind="call")


def test_what_is_new_on_either_side_is_on_both_and_a_second_run_does_nothing(
    rome: Session, there: CaldavCalendar
) -> None:
    call(rome)
    there.put(there.new_href("theirs"), event_data("theirs"))
    assert sync(rome, there) == ["added", "sent"]
    assert sorted(one["what"] for one in docs(rome)) == ["Call", "Meet"]
    assert sorted(event.summary for event in events(there)) == ["Call", "Meet"]
    before = rome.store.seq()
    assert sync(rome, there) == []
    assert sync(rome, there) == []
    # Only up to where the server was seen is noted.
    assert rome.store.seq() - before <= 2
    undo.undo(rome)
    assert [one["what"] for one in docs(rome)] == ["Call"], "undo goes back to what came in, not to what is known"
    assert sync(rome, there) == ["withdrawn"]
    assert [event.summary for event in events(there)] == ["Call"]


def test_changes_on_either_side_go_to_the_other(rome: Session, there: CaldavCalendar, clock: Clock) -> None:
    number = call(rome)
    sync(rome, there)
    (sent,) = events(there)
    activities.edit(rome, number, {"text": "Ask for Bo"})
    assert sync(rome, there) == ["sent"]
    (after,) = events(there)
    assert (after.text, after.uid) == ("Ask for Bo", sent.uid)
    assert after.sequence > sent.sequence
    change(there, sent.uid, "SUMMARY:Call", "X-OTHER:kept\r\nSUMMARY:Ring")
    assert sync(rome, there) == ["changed"]
    assert doc(rome)["what"] == "Ring"
    activities.move(rome, [number], lambda _at: "2026-12-02T09:00:00Z")
    assert sync(rome, there) == ["sent"]
    (moved,) = events(there)
    assert (str(moved.start), moved.summary, moved.extra) == ("2026-12-02 10:00:00", "Ring", ("X-OTHER:kept",))


def test_different_fields_changed_on_both_sides_are_merged(rome: Session, there: CaldavCalendar) -> None:
    number = call(rome)
    sync(rome, there)
    uid = next(iter(remote(there)))
    activities.edit(rome, number, {"text": "Ask for Bo"})
    change(there, uid, "SUMMARY:Call", "LOCATION:Office\r\nSUMMARY:Call")
    assert sync(rome, there) == ["changed", "sent"]
    (event,) = events(there)
    assert (event.text, event.place) == ("Ask for Bo", "Office")
    assert (doc(rome)["text"], doc(rome)["place"]) == ("Ask for Bo", "Office")
    assert sync(rome, there) == []


@pytest.mark.parametrize(("prefer", "what"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_the_same_field_is_asked_about_and_decided(
    rome: Session, there: CaldavCalendar, prefer: str, what: str
) -> None:
    number = call(rome)
    sync(rome, there)
    activities.edit(rome, number, {"what": "Mine"})
    change(there, next(iter(remote(there))), "SUMMARY:Call", "SUMMARY:Theirs")
    for _again in range(2):
        report = sync_calendar(rome, there, on=DEAL)
        (row,) = report.rows
        assert (row.outcome, row.clashes[0].ours, row.clashes[0].theirs) == ("clash", ("Mine",), ("Theirs",))
    assert (doc(rome)["what"], events(there)[0].summary) == ("Mine", "Theirs"), "both stay as they are"
    sync(rome, there, prefer=prefer)
    assert (doc(rome)["what"], events(there)[0].summary) == (what, what)
    assert sync(rome, there) == []


def test_each_conflict_is_decided_for_itself_and_only_for_what_was_seen(rome: Session, there: CaldavCalendar) -> None:
    numbers = {what: call(rome, what) for what in ("One", "Two", "Three")}
    sync(rome, there)
    uids = {one.summary: one.uid for one in events(there)}

    def change_both(what: str, mine: str, theirs: str) -> None:
        activities.edit(rome, numbers[what], {"what": mine})
        was = next(one.summary for one in events(there) if one.uid == uids[what])
        change(there, uids[what], f"SUMMARY:{was}", f"SUMMARY:{theirs}")

    for what in ("One", "Two"):
        change_both(what, f"{what} mine", f"{what} theirs")
    three = remote(there)[uids["Three"]]
    there.delete(three.href, three.etag)
    activities.edit(rome, numbers["Three"], {"what": "Three mine"})
    assert sync(rome, there) == ["clash"] * 3
    waiting = {clash.about.title: clash for clash in clashes(rome)}
    assert [side_words(waiting["One theirs"].about, mine=mine) for mine in (True, False)] == [
        "title: One mine",
        "title: One theirs",
    ]
    decide(rome, waiting["One theirs"].number, "mine")
    for title in ("Two theirs", "Three"):
        decide(rome, waiting[title].number, "theirs")
    change_both("Two", "Two newer", "Two theirs")
    assert sync(rome, there) == ["cancelled", "clash", "sent"], "of what is newer than the decision it is asked again"
    assert sorted(one["what"] for one in docs(rome)) == ["One mine", "Two newer"]
    assert sorted(one.summary for one in events(there)) == ["One mine", "Two theirs"]
    [again] = clashes(rome)
    assert (again.about.title, again.decided) == ("Two theirs", "")
    decide(rome, again.number, "theirs")
    assert [one.decided for one in clashes(rome)] == ["theirs"]
    assert sync(rome, there) == ["changed"]
    assert (clashes(rome), sorted(one["what"] for one in docs(rome))) == ([], ["One mine", "Two theirs"])
    with pytest.raises(NotFound):
        decide(rome, again.number, "mine")


def test_deletions_go_to_the_other_side(rome: Session, there: CaldavCalendar) -> None:
    first, _second = call(rome, "One"), call(rome, "Two")
    sync(rome, there)
    activities.delete(rome, first)
    one = next(one for one in remote(there).values() if b"Two" in one.data)
    there.delete(one.href, one.etag)
    assert sync(rome, there) == ["cancelled", "withdrawn"]
    assert (docs(rome), events(there)) == ([], [])
    assert all_known(rome, there.url) == {}
    undo.undo(rome)
    assert [one["what"] for one in docs(rome)] == ["Two"]
    assert sync(rome, there) == ["sent"], "what came back here goes there again"


def test_deleted_on_one_side_and_changed_on_the_other_is_asked_about(rome: Session, there: CaldavCalendar) -> None:
    first, second = call(rome, "One"), call(rome, "Two")
    sync(rome, there)
    activities.delete(rome, first)
    uid = next(uid for uid, one in remote(there).items() if b"One" in one.data)
    change(there, uid, "SUMMARY:One", "SUMMARY:One later")
    activities.edit(rome, second, {"what": "Two, later"})
    two = next(one for one in remote(there).values() if b"Two" in one.data)
    there.delete(two.href, two.etag)
    for _again in range(2):
        assert sync(rome, there) == ["clash", "clash"]
    assert ([one["what"] for one in docs(rome)], [one.summary for one in events(there)]) == (
        ["Two, later"],
        ["One later"],
    )
    sync(rome, there, prefer="theirs")
    assert [one["what"] for one in docs(rome)] == ["One later"]
    assert sync(rome, there) == []


def test_a_series_with_an_occurrence_that_moved_goes_both_ways(rome: Session, there: CaldavCalendar) -> None:
    there.put(there.new_href("s"), event_data("s", "RRULE:FREQ=DAILY;COUNT=5"))
    sync(rome, there)
    inner = "BEGIN:VEVENT\r\nUID:s\r\nRECURRENCE-ID:20270112T100000Z\r\nDTSTAMP:20270101T000000Z\r\nDTSTART:20270112T150000Z\r\n"
    change(there, "s", "END:VCALENDAR", f"{inner}SUMMARY:Later\r\nEND:VEVENT\r\nEND:VCALENDAR")
    assert sync(rome, there) == ["changed"]
    head, moved = sorted(docs(rome), key=lambda one: "of" in one)
    assert (head["skipped"], moved["what"], moved["at"]) == (["2027-01-12T10:00"], "Later", "2027-01-12T15:00:00Z")
    number = next(record.id for record in rome.store.find(Find(ACTIVITIES)).records if record.doc.get("of"))
    activities.edit(rome, number, {"what": "Later still"})
    assert sync(rome, there) == ["sent"]
    assert [event.summary for event in events(there)] == ["Meet", "Later still"]


@pytest.mark.parametrize("name", ["google", "outlook", "apple", "thunderbird"])
def test_what_other_programs_keep_is_unchanged_by_a_run(rome: Session, there: CaldavCalendar, name: str) -> None:
    whole = read_calendar((CALENDARS / f"{name}.ics").read_bytes())
    from tuicrm.exchange.ical.events import IcalFile
    from tuicrm.exchange.ical.writing import write_calendar

    for uid in dict.fromkeys(event.uid for event in whole.events):
        some = tuple(event for event in whole.events if event.uid == uid)
        there.put(there.new_href(some[0].uid), write_calendar(IcalFile(events=some)))
    before = {uid: one.data for uid, one in remote(there).items()}
    assert set(sync(rome, there)) == {"added"}
    assert sync(rome, there) == []
    assert {uid: one.data for uid, one in remote(there).items()} == before


def test_what_belongs_to_no_item_waits_until_somebody_says_where(rome: Session, there: CaldavCalendar) -> None:
    there.put(there.new_href("lost"), event_data("lost"))
    for _again in range(2):
        assert outcomes(sync_calendar(rome, there)) == ["left_out"]
    assert docs(rome) == []
    assert sync(rome, there) == ["added"]


class Breaking:
    """A server that loses its power after so many changes."""

    def __init__(self, there: CaldavCalendar, radicale: Radicale, after: int) -> None:
        self.url = there.url
        self._there, self._radicale, self._left = there, radicale, after

    def listing(self, token: str = "") -> RemoteListing:
        return self._there.listing(token)

    def fetch(self, hrefs: Iterable[str]) -> dict[str, RemoteEvent]:
        return self._there.fetch(hrefs)

    def new_href(self, uid: str) -> str:
        return self._there.new_href(uid)

    def put(self, href: str, data: bytes, etag: str = "") -> str:
        self._left -= 1
        if self._left == 0:
            # The last one arrives, and its answer is lost.
            self._there.put(href, data, etag)
            self._radicale.kill()
        return self._there.put(href, data, etag)

    def delete(self, href: str, etag: str = "") -> None:
        self._there.delete(href, etag)


def many(uids: Iterable[str]) -> bytes:
    whole = event_data("x").split(b"BEGIN:VEVENT")[0] + b"".join(
        b"BEGIN:VEVENT" + event_data(uid).split(b"BEGIN:VEVENT")[1].removesuffix(b"END:VCALENDAR\r\n") for uid in uids
    )
    return whole + b"END:VCALENDAR\r\n"


def test_two_hundred_events_and_a_connection_that_breaks_off_in_the_middle(rome: Session, radicale: Radicale) -> None:
    import_calendar(rome, many(f"ours-{number}" for number in range(60)), "ours.ics", on=DEAL)
    there = radicale.full_calendar(many(f"theirs-{number}" for number in range(140)))
    try:
        with pytest.raises(Unreachable):
            sync_calendar(rome, Breaking(there, radicale, 30), on=DEAL)
    finally:
        radicale.start()
    assert len(docs(rome)) == 200, "what came in is whole"
    assert len(remote(there)) == 170, "what was sent is there, the last one too, whose answer was lost"
    assert set(sync(rome, there)) == {"sent"}
    assert (len(docs(rome)), len(remote(there)), len(there.listing().etags)) == (200, 200, 200)
    assert sync(rome, there) == []


class Failing(Breaking):
    """A server whose listing lacks half of what is there."""

    def listing(self, token: str = "") -> RemoteListing:
        whole = self._there.listing()
        return RemoteListing("", dict(list(whole.etags.items())[:1]), whole=True)


def test_what_a_listing_lacks_is_not_taken_for_deleted(
    rome: Session, there: CaldavCalendar, radicale: Radicale
) -> None:
    call(rome, "One"), call(rome, "Two"), call(rome, "Three")
    sync(rome, there)
    assert outcomes(sync_calendar(rome, Failing(there, radicale, 0), on=DEAL)) == []
    assert (len(docs(rome)), len(remote(there))) == (3, 3)
