"""Calendar files that we write: what others make of them is what was meant, in every zone, and nothing else gets in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Timezone
from msgspec.structs import replace

from tests.exchange.ical.expanded import CALENDARS, occurrences
from tuicrm.exchange.ical.events import IcalEvent, IcalFile, IcalGuest
from tuicrm.exchange.ical.reading import read_calendar
from tuicrm.exchange.ical.vtimezone import zone_lines
from tuicrm.exchange.ical.writing import folded, write_calendar

MEET = IcalEvent(
    uid="a1", summary="Meet", start=datetime(2027, 1, 11, 10), end=datetime(2027, 1, 11, 11), zone="Europe/Rome"
)


@pytest.mark.parametrize("name", ["google", "outlook", "apple", "thunderbird"])
def test_a_file_of_another_program_goes_in_and_out_unchanged_in_meaning(name: str) -> None:
    data = (CALENDARS / f"{name}.ics").read_bytes()
    read = read_calendar(data)
    written = write_calendar(read)
    assert len(occurrences(data)) >= 4
    assert occurrences(written) == occurrences(data)
    again = read_calendar(written)
    assert (again.events, again.method, again.name, again.remarks) == (read.events, read.method, read.name, ())
    assert write_calendar(again) == written


def test_the_same_events_give_the_same_bytes_in_short_lines_of_whole_letters() -> None:
    event = replace(MEET, summary="è☕" * 60, text="a\r\nb\n" + "x" * 500)
    data = write_calendar(IcalFile(events=(event,)))
    assert data == write_calendar(IcalFile(events=(event,)))
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert read_calendar(data).events[0] == replace(
        event, text=event.text.replace("\r\n", "\n"), stamp="1970-01-01T00:00:00Z"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "a\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil",
        "a\r\nX-EVIL:1",
        'a";X-EVIL="1',
        "a;X-EVIL=1:b",
        "a\\nX",
        "\x1b[31m\x00",
        "a,b;c\\",
        "\u2028x",
    ],
)
def test_no_text_becomes_a_line_or_parameter_of_its_own(hostile: str) -> None:
    event = replace(
        MEET,
        uid=f"u{hostile}",
        summary=hostile,
        text=hostile,
        place=hostile,
        status=hostile.upper(),
        organizer=IcalGuest(f"x{hostile}@y", hostile),
        guests=(IcalGuest(f"x{hostile}@y", hostile),),
    )
    data = write_calendar(IcalFile(method="REQUEST", name=hostile, events=(event,)))
    (component,) = Calendar.from_ical(data).walk("VEVENT")
    assert not [name for name in component if "EVIL" in name.upper()]
    assert "X-EVIL" not in component["ATTENDEE"].params
    assert not any(byte < 32 for byte in data.replace(b"\r\n", b"")), "controls"
    (again,) = read_calendar(data).events
    assert again.summary == hostile.replace("\r\n", "\n").replace("\x1b", "").replace("\x00", "")


def test_an_end_of_a_series_is_told_as_a_moment() -> None:
    weekly = replace(MEET, rule="FREQ=WEEKLY;UNTIL=20270405T100000")
    assert b"UNTIL=20270405T080000Z" in write_calendar(IcalFile(events=(weekly,)))
    days = IcalEvent(uid="d", start=date(2027, 1, 11), end=date(2027, 1, 12), rule="FREQ=DAILY;UNTIL=20270115")
    assert b"UNTIL=20270115\r\n" in write_calendar(IcalFile(events=(days,)))
    floating = replace(weekly, zone="")
    assert b"UNTIL=20270405T100000\r\n" in write_calendar(IcalFile(events=(floating,)))


ZONES = (
    "Europe/Rome", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Jerusalem", "Europe/Dublin",
    "Africa/Casablanca", "America/Nuuk", "Asia/Kathmandu", "Africa/Cairo", "America/Havana", "Pacific/Chatham",
)  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_a_zone_is_written_whole(zone: str) -> None:
    """Who knows nothing but the VTIMEZONE has the same clocks (khal#817)."""
    lines = [line.replace(f"TZID:{zone}", "TZID:told") for line in zone_lines(zone, 2026, 2031)]
    written = Timezone.from_ical(folded(lines))
    assert isinstance(written, Timezone)
    told = written.to_tz(lookup_tzid=False)
    for moment in moments(ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)):
        assert moment.astimezone(told).replace(tzinfo=None) == moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None), (
            moment
        )


def moments(tz: ZoneInfo, moment: datetime, end: datetime) -> Iterator[datetime]:
    """Some days of each month; of those in which the clocks change, every half hour."""
    while moment < end:
        later = moment + timedelta(days=5)
        if moment.astimezone(tz).utcoffset() != later.astimezone(tz).utcoffset():
            yield from (moment + timedelta(minutes=30) * step for step in range(5 * 48))
        yield moment
        moment = later


def test_clocks_that_follow_rules_are_told_by_rules() -> None:
    for zone in ("Europe/Rome", "Australia/Lord_Howe", "Asia/Jerusalem"):
        assert sum(line.startswith("RRULE:") for line in zone_lines(zone, 2027, 2037)) == 2
        assert len(zone_lines(zone, 2027, 2037)) < 30
