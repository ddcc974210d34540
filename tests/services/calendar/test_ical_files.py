"""Calendar files taken in as activities and written from them: nothing twice, nothing lost, what is whose busy."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Clock, OpenAs
from tests.exchange.ical.expanded import CALENDARS, occurrences
from tuicrm.domain.items import Ref
from tuicrm.errors import NotFound, Refused
from tuicrm.exchange.ical.events import IcalEvent
from tuicrm.exchange.ical.reading import read_calendar
from tuicrm.harmless import is_harmful
from tuicrm.services.calendar.ical_files import (
    CalendarReport,
    CalendarTarget,
    RefreshedFile,
    export_calendar,
    import_calendar,
    refresh_file,
)
from tuicrm.services.calendar.invitations import invitation
from tuicrm.services.history import undo
from tuicrm.services.items import activities, items
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people
from tuicrm.store.protocol import Find, Op

DEAL, MARIA = Ref("deal", 1), Ref("contact", 1)
MINE = CalendarTarget(people=("anna",))


@pytest.fixture
def rome(seeded: Session) -> Session:
    """Anna's session in Rome; she, Luca and Maria have addresses."""
    seeded.zone = ZoneInfo("Europe/Rome")
    people.edit_person(seeded, "anna", people.Details(email="anna@ferrari.example"))
    people.edit_person(seeded, "luca", people.Details(email="Luca@ferrari.example"))
    items.edit(seeded, MARIA, items.values(seeded, "contact", {"email": "Maria@Rossi.example"}))
    return seeded


def calendar(*events: str, method: str = "") -> bytes:
    head = f"METHOD:{method}\n" if method else ""
    return f"BEGIN:VCALENDAR\n{head}{''.join(events)}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def event(*lines: str, uid: str = "a1", start: str = "DTSTART:20270111T100000Z", name: str = "VEVENT") -> str:
    said = [] if any(line.startswith("SUMMARY") for line in lines) else ["SUMMARY:Meet"]
    return "\n".join([f"BEGIN:{name}", f"UID:{uid}", start, *said, *lines, f"END:{name}", ""])


def take(session: Session, *events: str, method: str = "", on: Ref | None = DEAL, **options: Any) -> CalendarReport:
    return import_calendar(session, calendar(*events, method=method), "mine.ics", on=on, **options)


def outcomes(report: CalendarReport) -> list[str]:
    return [row.outcome for row in report.rows]


def docs(session: Session) -> list[dict[str, Any]]:
    return [record.doc for record in session.store.find(Find(ACTIVITIES)).records]


def doc(session: Session) -> dict[str, Any]:
    (found,) = docs(session)
    return found


def exported(session: Session, target: CalendarTarget = MINE) -> list[IcalEvent]:
    return list(read_calendar(export_calendar(session, target)[0]).events)


# -- in and out --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["google", "outlook", "apple", "thunderbird"])
def test_a_file_of_another_program_goes_through_the_workspace_unchanged_in_meaning(rome: Session, name: str) -> None:
    data = (CALENDARS / f"{name}.ics").read_bytes()
    report = import_calendar(rome, data, f"{name}.ics", on=DEAL)
    assert set(outcomes(report)) == {"added"}
    content, count = export_calendar(rome, MINE)
    # A wall time wherever one is became one in Rome.
    kept = [one for one in occurrences(data) if one[0] != "floating-27"]
    assert [one for one in occurrences(content) if one[0] != "floating-27"] == kept
    assert count == len(read_calendar(data).events)
    again = import_calendar(rome, data, f"{name}.ics", on=DEAL)
    assert set(outcomes(again)) == {"unchanged"}
    assert again.seq == 0
    assert set(outcomes(import_calendar(rome, content, "own.ics", on=DEAL))) == {"unchanged"}
    assert export_calendar(rome, MINE)[0] == content


def test_what_an_event_is_here(rome: Session) -> None:
    take(
        rome,
        event(
            "DTEND:20270111T113000Z", "SUMMARY:Offer\\, prices", "DESCRIPTION:One\\nTwo", "LOCATION:Via Roma 1", "PRIORITY:1",
            "COLOR:teal",
            "CLASS:PRIVATE", "ORGANIZER:mailto:maria@rossi.example", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@ferrari.example",
            "ATTENDEE;PARTSTAT=TENTATIVE:mailto:luca@ferrari.example", "ATTENDEE;PARTSTAT=DECLINED:mailto:maria@rossi.example",
            "ATTENDEE:mailto:stranger@else.example", "SEQUENCE:3", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "END:VALARM",
            start="DTSTART;TZID=Europe/Rome:20270111T100000",
        ),
    )  # fmt: skip
    made = doc(rome)
    assert made["owner"] == "deal:1"
    assert {key: made[key] for key in ("what", "kind", "text", "place", "priority", "colour", "private", "uid", "sequence")} == {
        "what": "Offer, prices", "kind": "meeting", "text": "One\nTwo", "place": "Via Roma 1", "priority": 1, "colour": "5",
        "private": True, "uid": "a1", "sequence": 3,
    }  # fmt: skip
    assert (made["at"], made["start"], made["end"], made["zone"]) == (
        "2027-01-11T09:00:00Z", "2027-01-11T09:00:00Z", "2027-01-11T11:30:00Z", "Europe/Rome"
    )  # fmt: skip
    assert made["people"] == {"anna": "accepted", "luca": "maybe"}
    assert (made["contacts"], made["answers"]) == (["contact:1"], {"contact:1": "declined"})
    assert (made["reminders"], made["responsible"], made["done"]) == ([15], "anna", False)
    (out,) = exported(rome)
    assert [guest.address for guest in out.guests] == [
        "anna@ferrari.example", "luca@ferrari.example", "maria@rossi.example", "stranger@else.example"
    ]  # fmt: skip


def test_whole_days_are_days_and_are_due_when_the_last_one_ends_in_ones_own_zone(rome: Session) -> None:
    take(rome, event("DTEND;VALUE=DATE:20270114", start="DTSTART;VALUE=DATE:20270111"))
    made = doc(rome)
    assert (made["day"], made["last_day"], made["at"]) == ("2027-01-11", "2027-01-13", "2027-01-13T22:59:59Z")
    assert "start" not in made


def test_a_task_is_due_at_its_end_and_done_where_it_is(rome: Session) -> None:
    take(
        rome,
        event("DUE:20270112T120000Z", uid="a", name="VTODO"),
        event("STATUS:COMPLETED", "COMPLETED:20261101T101500Z", uid="b", start="DUE;VALUE=DATE:20261102", name="VTODO"),
    )
    due, done = docs(rome)
    assert (due["kind"], due["at"], due["start"]) == ("todo", "2027-01-12T12:00:00Z", "2027-01-11T10:00:00Z")
    assert (done["day"], done["done"], done["done_at"]) == ("2026-11-02", True, "2026-11-01T10:15:00Z")


def test_a_series_stands_at_its_next_occurrence_and_what_is_over_is_done(rome: Session) -> None:
    take(
        rome,
        event(
            "RRULE:FREQ=WEEKLY",
            "DTEND;TZID=Europe/Rome:20200106T110000",
            uid="s",
            start="DTSTART;TZID=Europe/Rome:20200106T100000",
        ),
        event("RRULE:FREQ=WEEKLY;COUNT=3", uid="over", start="DTSTART;TZID=Europe/Rome:20200106T100000"),
        event("DTEND:20200106T110000Z", uid="past", start="DTSTART:20200106T100000Z"),
        event("RRULE:FREQ=YEARLY", uid="days", start="DTSTART;VALUE=DATE:20200701"),
    )
    series, over, past, days = docs(rome)
    assert (series["wall"], series["rule"], series["done"]) == ("2020-01-06T10:00", "FREQ=WEEKLY", False)
    # Now is Monday, 23 November 2026, 11:00 in Rome: that one is over.
    assert (series["at"], series["end"]) == ("2026-11-30T09:00:00Z", "2026-11-30T10:00:00Z")
    assert (over["done"], past["done"], past["done_at"]) == (True, True, "2020-01-06T11:00:00Z")
    assert (days["day"], days["wall"]) == ("2027-07-01", "2020-07-01")
    assert [str(one.start) for one in exported(rome) if one.uid in ("s", "days")] == [
        "2020-01-06 10:00:00",
        "2020-07-01",
    ]


def test_an_event_hangs_on_the_contact_whom_it_reaches_or_on_the_item_that_is_named(rome: Session) -> None:
    reached = event("ATTENDEE:mailto:luca@ferrari.example", "ATTENDEE:MAILTO:maria@rossi.example")
    report = take(rome, reached, event(uid="a2"), on=None)
    assert outcomes(report) == ["added", "left_out"]
    assert report.rows[0].on == "C-1 Maria Rossi"
    assert "--on" in report.rows[1].message
    assert doc(rome)["owner"] == "contact:1"
    with pytest.raises(NotFound):
        take(rome, event(uid="a3"), on=Ref("deal", 99))


def test_what_nothing_here_repeats_by_is_left_out_with_the_reason(rome: Session) -> None:
    report = take(rome, event("RRULE:FREQ=HOURLY"), event(uid="a2"))
    assert outcomes(report) == ["left_out", "added"]
    assert "too often" in report.rows[0].message


def test_limits_and_rights_hold_for_each_event(rome: Session, open_as: OpenAs) -> None:
    report = take(rome, event("LOCATION:" + "x" * 20_000), event(uid="a2"))
    assert outcomes(report) == ["left_out", "added"]
    assert report.rows[0].message.startswith("place: ")


# -- again -------------------------------------------------------------------------------------------------------------
def test_a_newer_revision_changes_what_it_says_and_leaves_the_rest(rome: Session) -> None:
    take(rome, event("SEQUENCE:1", "LOCATION:Here"))
    activity = docs(rome)[0]
    number = take(rome, event("SEQUENCE:1", "LOCATION:Here")).rows[0].activity
    activities.edit(rome, number, {"text": "my own words"})
    report = take(rome, event("SEQUENCE:2", "LOCATION:There", start="DTSTART:20270112T100000Z"))
    assert outcomes(report) == ["changed"]
    after = doc(rome)
    assert (after["place"], after["at"], after["text"]) == ("There", "2027-01-12T10:00:00Z", "my own words")
    assert (after["created"], after["sequence"]) == (activity["created"], 2)
    # An older one, come late.
    late = take(rome, event("SEQUENCE:1", "LOCATION:Elsewhere"))
    assert (outcomes(late), doc(rome)["place"]) == (["unchanged"], "There")
    undo.undo(rome)
    assert doc(rome)["place"] == "Here"
    assert outcomes(take(rome, event("SEQUENCE:2", "LOCATION:There", start="DTSTART:20270112T100000Z"))) == ["changed"]


def test_what_both_sides_changed_is_told_and_somebody_decides(rome: Session) -> None:
    number = take(rome, event("LOCATION:Here")).rows[0].activity
    activities.edit(rome, number, {"place": "Mine"})
    newer = event("SEQUENCE:1", "LOCATION:Theirs", "DESCRIPTION:New")
    report = take(rome, newer)
    assert outcomes(report) == ["clash"]
    (clash,) = report.rows[0].clashes
    assert (clash.group, clash.ours, clash.theirs) == ("place", ("Mine",), ("Theirs",))
    assert "text" not in doc(rome), "nothing is written by half"
    assert outcomes(take(rome, newer, prefer="mine")) == ["changed"]
    assert (doc(rome)["place"], doc(rome)["text"]) == ("Mine", "New")
    undo.undo(rome)
    assert outcomes(take(rome, newer, prefer="theirs")) == ["changed"]
    assert doc(rome)["place"] == "Theirs"


def test_one_occurrence_moves_and_another_is_called_off(rome: Session) -> None:
    series = event("RRULE:FREQ=DAILY;COUNT=5")
    take(rome, series)
    moved = event("RECURRENCE-ID:20270112T100000Z", "SEQUENCE:1", start="DTSTART:20270112T150000Z")
    assert outcomes(take(rome, moved, method="REQUEST")) == ["changed"]
    head, inner = sorted(docs(rome), key=lambda one: "of" in one)
    assert (inner["occurrence"], inner["at"], head["skipped"]) == (
        "2027-01-12T10:00",
        "2027-01-12T15:00:00Z",
        ["2027-01-12T10:00"],
    )
    off = event("RECURRENCE-ID:20270111T100000Z", "SEQUENCE:2", "STATUS:CANCELLED")
    assert outcomes(take(rome, off, method="CANCEL")) == ["changed"]
    head, inner = sorted(docs(rome), key=lambda one: "of" in one)
    assert head["skipped"] == ["2027-01-11T10:00", "2027-01-12T10:00"]
    assert head["at"] == "2027-01-13T10:00:00Z"
    out = exported(rome)
    assert [str(one.occurrence) for one in out] == ["None", "2027-01-12 10:00:00"]
    assert [str(one) for one in out[0].skipped] == ["2027-01-11 10:00:00"]
    # The moved one is an occurrence like any other again.
    assert outcomes(take(rome, event("RRULE:FREQ=DAILY;COUNT=5", "SEQUENCE:3", "EXDATE:20270111T100000Z"))) == [
        "changed"
    ]
    assert doc(rome)["skipped"] == ["2027-01-11T10:00"]


def test_what_is_called_off_goes_and_undo_brings_it_back(rome: Session) -> None:
    take(rome, event("RRULE:FREQ=DAILY"), event("RECURRENCE-ID:20270112T100000Z", start="DTSTART:20270112T150000Z"))
    assert len(docs(rome)) == 2
    report = take(rome, event("STATUS:CANCELLED", "SEQUENCE:1"), method="CANCEL")
    assert (outcomes(report), docs(rome)) == (["cancelled"], [])
    undo.undo(rome)
    assert len(docs(rome)) == 2
    assert outcomes(take(rome, event("STATUS:CANCELLED", uid="never"))) == ["unchanged"]


def test_what_is_done_stays_when_it_is_called_off(rome: Session) -> None:
    number = take(rome, event()).rows[0].activity
    activities.done(rome, number)
    report = take(rome, event("STATUS:CANCELLED", "SEQUENCE:1"))
    assert (outcomes(report), len(docs(rome))) == (["unchanged"], 1)


def test_answers_are_set_for_people_contacts_and_others_who_were_asked(rome: Session) -> None:
    guests = [
        f"ATTENDEE:mailto:{one}" for one in ("luca@ferrari.example", "maria@rossi.example", "stranger@else.example")
    ]
    take(rome, event(*guests))

    def reply(address: str, answer: str, uid: str = "a1") -> CalendarReport:
        return take(rome, event(f"ATTENDEE;PARTSTAT={answer}:mailto:{address}", uid=uid), method="REPLY", on=None)

    assert outcomes(reply("Luca@ferrari.example", "ACCEPTED")) == ["answered"]
    assert outcomes(reply("maria@rossi.example", "DECLINED")) == ["answered"]
    assert outcomes(reply("stranger@else.example", "TENTATIVE")) == ["answered"]
    assert (doc(rome)["people"], doc(rome)["answers"]) == ({"luca": "accepted"}, {"contact:1": "declined"})
    assert [one.answer for one in exported(rome)[0].guests] == ["accepted", "declined", "maybe"]
    uninvited = reply("else@else.example", "ACCEPTED")
    assert (outcomes(uninvited), uninvited.seq) == (["left_out"], 0)
    assert outcomes(reply("luca@ferrari.example", "ACCEPTED", uid="gone")) == ["left_out"]
    assert outcomes(take(rome, event(), method="COUNTER")) == ["left_out"]


def test_a_dry_run_writes_nothing(rome: Session) -> None:
    before = rome.store.seq()
    report = take(rome, event(), event("RRULE:FREQ=HOURLY", uid="a2"), dry_run=True)
    assert (outcomes(report), report.seq, rome.store.seq()) == (["added", "left_out"], 0, before)
    assert (docs(rome), report.rows[0].activity) == ([], 0)


def test_a_file_that_was_cut_off_writes_nothing(rome: Session) -> None:
    with pytest.raises(Refused, match="cut off"):
        import_calendar(rome, calendar(event(), event(uid="a2"))[:-40], "mine.ics", on=DEAL)
    assert docs(rome) == []


def test_many_events_are_one_change(rome: Session) -> None:
    report = take(rome, *(event(uid=f"a{number}") for number in range(250)))
    assert outcomes(report) == ["added"] * 250
    undo.undo(rome)
    assert docs(rome) == []
    assert set(outcomes(take(rome, *(event(uid=f"a{number}") for number in range(250))))) == {"added"}


# -- out ---------------------------------------------------------------------------------------------------------------
def test_what_was_made_here_has_one_uid_for_ever_and_a_revision_that_rises(rome: Session, clock: Clock) -> None:
    number = activities.add(rome, DEAL, "Call", "2026-12-01T09:00:00Z", kind="call")
    (first,) = exported(rome)
    assert (first.task, first.own_kind, str(first.start), first.zone) == (
        False,
        "call",
        "2026-12-01 10:00:00",
        "Europe/Rome",
    )
    activities.move(rome, [number], lambda _at: "2026-12-02T09:00:00Z")
    (second,) = exported(rome)
    assert second.uid == first.uid
    assert second.sequence > first.sequence
    content = export_calendar(rome, MINE)[0]
    clock.tick(days=3)
    assert export_calendar(rome, MINE)[0] == content
    assert outcomes(import_calendar(rome, content, "own.ics")) == ["unchanged"]
    # It was changed elsewhere, and comes back.
    newer = content.replace(f"SEQUENCE:{second.sequence}".encode(), b"SEQUENCE:9999").replace(
        b"SUMMARY:Call", b"SUMMARY:Ring"
    )
    assert outcomes(import_calendar(rome, newer, "own.ics")) == ["changed"]
    assert doc(rome)["what"] == "Ring"


def test_private_ones_of_others_are_busy_time(rome: Session, open_as: OpenAs) -> None:
    take(rome, event("CLASS:PRIVATE", "LOCATION:Clinic", "DESCRIPTION:Secret", "DTEND:20270111T110000Z"))
    luca = open_as("luca")
    (seen,) = exported(luca)
    assert (seen.summary, seen.place, seen.text, seen.guests, seen.extra) == ("busy", "", "", (), ())
    assert (str(seen.start), str(seen.end)) == ("2027-01-11 10:00:00", "2027-01-11 11:00:00")
    assert exported(rome)[0].place == "Clinic"


def test_nobody_else_invites_to_a_private_one_whatever_it_is_called(rome: Session, open_as: OpenAs) -> None:
    guest = "ATTENDEE:mailto:Maria@Rossi.example"
    take(rome, event("CLASS:PRIVATE", "SUMMARY:busy", "LOCATION:Clinic", guest))
    with pytest.raises(NotFound):
        invitation(open_as("luca"), 1)
    made = invitation(rome, 1, "crm@ferrari.example")
    assert (made.subject, "Clinic" in made.text, made.to) == ("busy", True, ("maria@rossi.example",))


def test_what_a_script_wrote_invites_in_plain_lines_to_addresses_alone(rome: Session) -> None:
    take(rome, event("ATTENDEE:mailto:Maria@Rossi.example"))
    evil = "x\r\nATTENDEE:mailto:eve@example.com\r\nEND:VEVENT\u2028\u202e\x1b]0;pwned\x07"
    given = {"what": evil, "place": evil, "text": evil, "uid": evil, "zone": evil, "rule": evil, "colour": evil}
    rome.store.commit([Op(ACTIVITIES, 1, {**doc(rome), **given})], by="anna")
    rome.store.commit([Op("person", 2, {**rome.whole.get("person", [2])[0].doc, "email": evil})], by="anna")
    made = invitation(rome, 1, "crm@ferrari.example")
    assert made.to == ("maria@rossi.example",)
    assert not any(is_harmful(sign) for sign in made.subject + made.text.replace("\n", ""))
    lines = made.calendar.replace("\r\n ", "").split("\r\n")
    assert [line for line in lines if line.startswith(("ATTENDEE", "END:VEVENT"))][1:] == ["END:VEVENT"]
    assert not any(sign in made.calendar for sign in "\x1b\x07")


def test_what_lies_at_the_ends_of_the_calendar_goes_out(rome: Session) -> None:
    take(rome, event("DTEND:20270111T110000Z", "RRULE:FREQ=DAILY"))
    whole = doc(rome)
    days = {"start": None, "end": None, "day": "9999-12-31", "last_day": "9999-12-31"}
    for given in ({"wall": "9999-12-31T23:00"}, {"zone": "9999-99-99"}, {"created": "0001-01-01T00:00:00+14:00"}, days):
        rome.store.commit([Op(ACTIVITIES, 1, {**whole, **given})], by="anna")
        assert export_calendar(rome, MINE)[1] == 1, given


def test_whose_calendar_it_is(rome: Session) -> None:
    take(
        rome,
        event("ATTENDEE;PARTSTAT=DECLINED:mailto:luca@ferrari.example"),
        event("ATTENDEE:mailto:luca@ferrari.example", uid="a2"),
    )
    activities.add(rome, DEAL, "Luca's", "2026-12-01T09:00:00Z", responsible="luca")
    assert sorted(one.summary for one in exported(rome, CalendarTarget(people=("luca",)))) == ["Luca's", "Meet"]
    assert len(exported(rome)) == 2
    assert exported(rome, CalendarTarget(rooms=("blue",))) == []


def test_a_file_kept_fresh_is_written_only_where_something_is_other(rome: Session, tmp_path: Path) -> None:
    target = CalendarTarget(people=("anna",), path=tmp_path / "anna.ics")
    assert refresh_file(rome, target).written
    before = (tmp_path / "anna.ics").stat().st_mtime_ns
    assert not refresh_file(rome, target).written
    assert (tmp_path / "anna.ics").stat().st_mtime_ns == before
    take(rome, event())
    assert refresh_file(rome, target) == RefreshedFile(1, written=True)
    assert b"SUMMARY:Meet" in (tmp_path / "anna.ics").read_bytes()
    assert [path.name for path in tmp_path.glob(".*")] == []
