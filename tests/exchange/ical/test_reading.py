"""Calendar files of other programs, and bad ones: what is meant is read, what is wrong is told with the event's name."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.exchange.ical.expanded import CALENDARS
from tuicrm.errors import Refused
from tuicrm.exchange.ical.events import IcalEvent, IcalFile, IcalGuest
from tuicrm.exchange.ical.reading import read_calendar
from tuicrm.limits import CALENDAR_EVENTS, CALENDAR_EXTRA, CALENDAR_SIZE

PLAIN = "DTSTART:20270111T100000Z\nSUMMARY:Meet\n"


def file(body: str, *, head: str = "") -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{body}END:VCALENDAR\n"


def event(lines: str = PLAIN, *, uid: str = "a1", name: str = "VEVENT") -> str:
    return f"BEGIN:{name}\nUID:{uid}\n{lines}END:{name}\n"


def read(text: str | bytes, zone: str = "") -> IcalFile:
    data = text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode()
    return read_calendar(data, "mine.ics", zone=zone)


def one(lines: str, *, head: str = "", name: str = "VEVENT", zone: str = "") -> IcalEvent:
    found = read(file(event(lines, name=name), head=head), zone=zone)
    assert [remark for remark in found.remarks if remark.left_out] == []
    return found.events[0]


def refused(data: str | bytes) -> str:
    with pytest.raises(Refused) as problem:
        read(data)
    assert problem.value.message.startswith("mine.ics")
    return problem.value.message


def left_out(lines: str) -> str:
    """What is told of an event that cannot be meant; its neighbour is read all the same."""
    found = read(file(event(f"SUMMARY:Broken\n{lines}") + event(uid="a2")))
    assert [one.uid for one in found.events] == ["a2"]
    (remark,) = found.remarks
    assert (remark.event, remark.line, remark.left_out) == ("“Broken”", 3, True)
    return remark.message


def told(lines: str, *, head: str = "") -> list[str]:
    return [remark.message for remark in read(file(event(lines), head=head)).remarks]


# -- what is meant -----------------------------------------------------------------------------------------------------
def test_a_week_of_google() -> None:
    found = read((CALENDARS / "google.ics").read_bytes())
    assert (found.method, found.name, found.remarks) == ("PUBLISH", "Anna – vendite", ())
    series, moved, fair, call = found.events
    assert (series.summary, series.place) == ("Punto vendite ☕", "Sala blu, Via Roma 1")
    assert series.text == (
        'Punto della settimana\n\nVedi <a href="https://ferrari.example/note?q=1;2">le note</a>, e poi l’offerta.'
    )
    assert (series.start, series.end, series.zone) == (
        datetime(2027, 1, 11, 10),
        datetime(2027, 1, 11, 10, 30),
        "Europe/Rome",
    )
    assert (
        series.rule == "FREQ=WEEKLY;WKST=MO;UNTIL=20270430T235959;BYDAY=MO"
    )  # a wall time: summer time has come by then
    assert series.skipped == (datetime(2027, 1, 18, 10), datetime(2027, 4, 5, 10))
    assert series.reminders == (10, 1440)
    assert series.organizer is not None
    assert series.organizer.address == "anna@ferrari.example"
    assert [(one.address, one.answer, one.reply_wanted) for one in series.guests] == [
        ("anna@ferrari.example", "accepted", False),
        ("maria@rossi.example", "asked", True),
    ]
    assert (moved.uid, moved.occurrence, moved.start) == (
        series.uid,
        datetime(2027, 2, 1, 10),
        datetime(2027, 2, 2, 15),
    )
    assert moved.guests[0].answer == "maybe"
    assert (fair.start, fair.end, fair.free, fair.status) == (date(2027, 1, 25), date(2027, 1, 28), True, "TENTATIVE")
    assert (call.zone, call.secrecy, call.sequence) == ("UTC", "private", 1)


def test_an_invitation_of_outlook_with_windows_zones_and_one_that_is_told_by_rules_alone() -> None:
    found = read((CALENDARS / "outlook.ics").read_bytes(), zone="Europe/Rome")
    assert (found.method, found.remarks) == ("REQUEST", ())
    monthly, call = found.events
    assert (monthly.zone, monthly.start) == ("Europe/Berlin", datetime(2027, 1, 29, 9, 30))
    assert (monthly.summary, monthly.reminders) == ("Riunione mensile; prezzi", (15,))
    assert monthly.organizer == IcalGuest("maria@rossi.example", "Rossi, Maria")
    assert [(one.name, one.role, one.kind) for one in monthly.guests] == [
        ("Bianchi, Anna", "", ""),
        ("Luca Riva", "OPT-PARTICIPANT", ""),
        ("Room 4", "NON-PARTICIPANT", "RESOURCE"),
    ]
    assert "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE" in monthly.extra
    assert (call.zone, call.secrecy, call.priority) == ("America/New_York", "confidential", 1)


def test_apples_and_thunderbirds() -> None:
    sydney, birthday, alarm = read((CALENDARS / "apple.ics").read_bytes()).events
    assert (sydney.zone, sydney.reminders) == ("Australia/Sydney", (30,))
    assert sydney.more == (datetime(2027, 4, 20, 17), datetime(2027, 4, 21, 17))
    assert "BEGIN:VALARM" in sydney.extra  # the one that is not so many minutes before
    assert (birthday.rule, birthday.start, birthday.reminders) == ("FREQ=YEARLY", date(2027, 7, 1), (900,))
    assert (alarm.zone, alarm.start, alarm.end) == ("", datetime(2027, 1, 15, 7), datetime(2027, 1, 15, 7, 15))
    offer, call, visit = read((CALENDARS / "thunderbird.ics").read_bytes()).events
    assert (offer.task, offer.start, offer.end) == (True, datetime(2027, 1, 12, 9), datetime(2027, 1, 14, 18))
    assert (offer.status, offer.priority, offer.zone) == ("IN-PROCESS", 9, "Europe/Berlin")
    assert (call.start, call.end, call.done_at) == (None, datetime(2027, 1, 6, 12), "2027-01-06T08:09:55Z")
    assert (visit.rule, visit.skipped) == ("FREQ=WEEKLY;COUNT=3", (datetime(2027, 3, 31, 14),))


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        ("DTSTART;VALUE=DATE:20270111\n", date(2027, 1, 11), date(2027, 1, 12)),
        ("DTSTART;VALUE=DATE:20270111\nDURATION:P1W\n", date(2027, 1, 11), date(2027, 1, 18)),
        ("DTSTART:20270111T100000Z\n", datetime(2027, 1, 11, 10), None),
        ("DTSTART:20270111T235960Z\n", datetime(2027, 1, 11, 23, 59, 59), None),
        # Hours by the clock, days by the calendar, through the change of clocks.
        (
            "DTSTART;TZID=Europe/Rome:20270328T013000\nDURATION:PT2H\n",
            datetime(2027, 3, 28, 1, 30),
            datetime(2027, 3, 28, 4, 30),
        ),
        (
            "DTSTART;TZID=Europe/Rome:20270327T100000\nDURATION:P1D\n",
            datetime(2027, 3, 27, 10),
            datetime(2027, 3, 28, 10),
        ),
        (
            "DTSTART;TZID=Europe/Rome:20270111T100000\nDTEND;TZID=America/New_York:20270111T070000\n",
            datetime(2027, 1, 11, 10),
            datetime(2027, 1, 11, 13),
        ),
    ],
)
def test_how_long_it_takes(lines: str, start: object, end: object) -> None:
    found = one(lines)
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize(
    ("tzid", "zone"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("/softwarestudio.org/Tzfile/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ('"Europe/Rome"', "Europe/Rome"),
        ("Etc/UTC", "UTC"),
        ("../../etc/passwd", ""),
    ],
)
def test_zones_by_all_their_names(tzid: str, zone: str) -> None:
    assert one(f"DTSTART;TZID={tzid}:20270111T100000\n").zone == zone


RULES = """BEGIN:VTIMEZONE
TZID:Home
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:{a}
TZOFFSETTO:{a}
END:STANDARD
END:VTIMEZONE
"""


def test_a_zone_that_only_rules_tell_is_one_with_the_same_clocks_or_moments_are_kept() -> None:
    assert one("DTSTART;TZID=Home:20270111T100000\n", head=RULES.format(a="+0545")).zone == "Asia/Katmandu"
    assert (
        one("DTSTART;TZID=Home:20270111T100000\n", head=RULES.format(a="+0100"), zone="Africa/Lagos").zone
        == "Africa/Lagos"
    )
    strange = one("DTSTART;TZID=Home:20270111T100000\nDTEND;TZID=Home:20270111T110000\n", head=RULES.format(a="+0137"))
    assert (strange.start, strange.end, strange.zone) == (
        datetime(2027, 1, 11, 8, 23),
        datetime(2027, 1, 11, 9, 23),
        "UTC",
    )
    assert (
        "'Home' is known only by its rules"
        in told("DTSTART;TZID=Home:20270111T100000\n", head=RULES.format(a="+0137"))[0]
    )
    # The same name in the next file is that file's own.
    assert (
        one("DTSTART;TZID=Home:20270111T100000\n", head=RULES.format(a="+0900"), zone="Asia/Tokyo").zone == "Asia/Tokyo"
    )


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=YEARLY;BYHOUR=1,2,3", "FREQ=YEARLY;BYDAY=MO", "FREQ=MINUTELY;BYMONTH=3"]
)
def test_rules_of_a_zone_that_would_take_for_ever_are_not_followed(rule: str) -> None:
    head = (
        RULES.format(a="+0100").replace("END:STANDARD", f"RRULE:{rule}\nEND:STANDARD").replace("19700101", "16010101")
    )
    assert one("DTSTART;TZID=Home:20270111T100000\n", head=head).zone == ""
    many = "".join(f"BEGIN:VTIMEZONE\nTZID:Z{number}\nEND:VTIMEZONE\n" for number in range(1000))
    assert one("DTSTART;TZID=Z7:20270111T100000\n", head=many).zone == ""


def test_an_unknown_zone_is_told_and_a_calendar_says_which_zone_times_without_one_are_in() -> None:
    assert told("DTSTART;TZID=Mars/Olympus:20270111T100000\n") == [
        "the time zone 'Mars/Olympus' is unknown: the times were taken as yours"
    ]
    assert one("DTSTART:20270111T100000\n", head="X-WR-TIMEZONE:Asia/Tokyo\n").zone == "Asia/Tokyo"


def test_a_series_that_ends_with_the_calendar_has_no_end_that_matters() -> None:
    found = one("DTSTART;TZID=Europe/Rome:20270111T100000\nRRULE:FREQ=DAILY;UNTIL=99991231T235959Z\n")
    assert found.rule == "FREQ=DAILY;UNTIL=99990101T005959"


def test_skipped_days_are_the_hours_of_that_day_whatever_they_are_written_as() -> None:
    lines = "DTSTART;TZID=Europe/Rome:20270111T100000\nRRULE:FREQ=DAILY\nEXDATE;VALUE=DATE:20270112\nEXDATE:20270113T090000Z\n"
    assert one(lines).skipped == (datetime(2027, 1, 12, 10), datetime(2027, 1, 13, 10))


@pytest.mark.parametrize(
    ("alarm", "reminders", "kept"),
    [
        ("TRIGGER:-PT15M\nACTION:DISPLAY", (15,), False),
        ("TRIGGER;RELATED=END:-PT90M\nACTION:DISPLAY", (30,), False),
        ("TRIGGER:PT0S\nACTION:AUDIO", (0,), False),
        ("TRIGGER:PT15M\nACTION:DISPLAY", (), True),
        ("TRIGGER:-PT90S\nACTION:DISPLAY", (), True),
        ("TRIGGER;VALUE=DATE-TIME:20270111T080000Z\nACTION:DISPLAY", (), True),
        ("TRIGGER:-P9999W\nACTION:DISPLAY", (), True),
        ("ACTION:DISPLAY", (), True),
    ],
)
def test_reminders_are_minutes_or_are_kept_as_they_stand(alarm: str, reminders: tuple[int, ...], kept: bool) -> None:
    found = one(f"DTSTART:20270111T100000Z\nDTEND:20270111T110000Z\nBEGIN:VALARM\n{alarm}\nEND:VALARM\n")
    assert (found.reminders, found.extra[:1] == ("BEGIN:VALARM",)) == (reminders, kept)


# -- what is wrong -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "does not say when it begins"),
        ("DTSTART:20271301T100000\n", "DTSTART: “20271301T100000” is not a day or time"),
        ("DTSTART:tomorrow\n", "DTSTART: “tomorrow”"),
        ("DTSTART;TZID=America/New_York:99991231T235900\n", "DTSTART: “99991231T235900”"),
        ("DTSTART;TZID=Asia/Tokyo:00010101T000000\n", "DTSTART: “00010101T000000”"),
        ("DTSTART:99981231T100000Z\nDURATION:P5D\n", "beyond the calendar"),
        ("DTSTART:20270111T100000Z\nDTEND;VALUE=DATE:20270112\n", "begins on a day and ends at a time"),
        ("DTSTART:20270111T100000Z\nDURATION:forever\n", "“forever” is not a length"),
        ("DTSTART:99981230T100000Z\nDURATION:P99999999D\n", "beyond the calendar"),
        ("DTSTART:20270111T100000Z\nRRULE:FREQ=SOMETIMES\n", "RRULE: “FREQ=SOMETIMES”"),
        ("DTSTART:20270111T100000Z\nRRULE:FREQ=DAILY;RSCALE=HEBREW\n", "RRULE"),
        ("DTSTART:20270111T100000Z\nRRULE:FREQ=DAILY;UNTIL=never\n", "“NEVER” is not a day"),
        ("DTSTART:20270111T100000Z\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY\n", "several rules"),
        ("DTSTART:20270111T100000Z\nRRULE:FREQ=DAILY\nEXDATE:soon\n", "EXDATE: “soon”"),
        ("DTSTART:20270111T100000Z\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270111T100000Z\n", "this and all following"),
    ],
)
def test_an_event_that_cannot_be_meant_is_left_out_by_name(lines: str, message: str) -> None:
    assert message in left_out(lines)


def test_an_event_without_a_uid_is_left_out() -> None:
    found = read(file(f"BEGIN:VEVENT\n{PLAIN}END:VEVENT\n"))
    assert (found.events, found.remarks[0].event) == ((), "“Meet”")
    assert "UID" in found.remarks[0].message


def test_small_things_that_are_wrong_are_told() -> None:
    assert told("DTSTART:20270111T100000Z\nDTEND:20270111T090000Z\n") == [
        "it ends before it begins: the end was left out"
    ]
    assert told(f"{PLAIN}no colon here\n") == ["1 line is not understood: no colon here"]
    assert told(f"{PLAIN}X-BIG:{'x' * CALENDAR_EXTRA.most}\n") == [
        "what other programs keep with it is too much and was left out"
    ]
    journal = read(file(event() + "BEGIN:VJOURNAL\nUID:j\nEND:VJOURNAL\nBEGIN:X-PART\nEND:X-PART\n"))
    assert [one.message for one in journal.remarks] == [
        "1 journal entry is not read",
        "1 part of another kind is not read",
    ]


def test_a_file_that_was_cut_off_is_refused_whole() -> None:
    whole = file(event() + event("DTSTART:20270111T100000Z\nSUMMARY:Second\n", uid="a2"))
    cut = whole[: whole.index("SUMMARY:Second") + 20]
    assert "cut off: it ends in the middle of “Second” (line 8)" in refused(cut)
    assert "cut off" in refused(whole.removesuffix("END:VCALENDAR\n"))
    assert "damaged: line 7 ends VTODO" in refused(file("BEGIN:VEVENT\nUID:a\nDTSTART:20270111\n\nEND:VTODO\n"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "not a calendar file"),
        ("a,b\n1,2\n", "not a calendar file"),
        ("<html><body>Log in</body></html>", "not a calendar file"),
        (event(), "line 1 begins VEVENT outside a calendar"),
        ("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 50, "too many things lie in each other"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "text"),
    ],
)
def test_what_is_no_calendar_is_refused(data: str | bytes, message: str) -> None:
    assert message in refused(data)


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    assert "bytes" in refused(bytes(CALENDAR_SIZE.most + 1))
    many = file("BEGIN:VEVENT\nEND:VEVENT\n" * (CALENDAR_EVENTS.most + 1))
    assert f"at most {CALENDAR_EVENTS.most} events" in refused(many)


@pytest.mark.parametrize(
    ("encoding", "note"), [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")]
)
def test_encodings(encoding: str, note: str) -> None:
    text = file(event("DTSTART:20270111T100000Z\nSUMMARY:Perché non più caffè\nLOCATION:Città\n")).replace("\n", "\r\n")
    found = read_calendar(text.encode(encoding))
    assert (found.events[0].summary, found.events[0].place) == ("Perché non più caffè", "Città")
    assert note in "".join(remark.message for remark in found.remarks)
    assert bool(found.remarks) == bool(note)


def test_a_line_folded_within_a_letter_is_put_together() -> None:
    data = file(event("DTSTART:20270111T100000Z\nSUMMARY:Caffè\n")).encode().replace("è".encode(), b"\xc3\r\n \xa8")
    assert read_calendar(data).events[0].summary == "Caffè"


def test_what_could_steer_a_terminal_is_dropped() -> None:
    found = one("DTSTART:20270111T100000Z\nSUMMARY:\x1b]52;c;aGk=\x07Meet\x9b31m\nX-A:\x1b[31m\n")
    assert (found.summary, found.extra) == ("]52;c;aGk=Meet31m", ("X-A:[31m",))


def test_how_far_it_is_is_told() -> None:
    seen: list[int] = []
    text = file("".join(event(uid=f"a{number}") for number in range(250)))
    read_calendar(text.encode(), tell=seen.append)
    assert seen == [100, 200]
