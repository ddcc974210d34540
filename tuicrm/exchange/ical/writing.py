"""Events as a calendar file: folded lines, CRLF, the zones that are used written whole, nothing that depends on when it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from tuicrm import __version__
from tuicrm.exchange.ical.event_reading import OWN_KIND
from tuicrm.exchange.ical.events import UTC_ZONE, IcalEvent, IcalFile, IcalGuest, IcalWhen, is_day
from tuicrm.exchange.ical.lines import clean
from tuicrm.exchange.ical.rules import written_rule
from tuicrm.exchange.ical.times import written
from tuicrm.exchange.ical.vtimezone import zone_lines

_PARTSTAT = {"asked": "NEEDS-ACTION", "accepted": "ACCEPTED", "declined": "DECLINED", "maybe": "TENTATIVE"}
_CLASS = {"private": "PRIVATE", "confidential": "CONFIDENTIAL"}
_EPOCH = "19700101T000000Z"
_SERIES_YEARS = 10


def write_calendar(file: IcalFile) -> bytes:
    """The file as UTF-8. The same events give the same bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//tuicrm//tuicrm {__version__}//EN",
        "CALSCALE:GREGORIAN",
        *([f"METHOD:{_one_line(file.method)}"] if file.method else []),
        *([_text("X-WR-CALNAME", file.name)] if file.name else []),
    ]
    for zone, (first, last) in sorted(_zones(file.events).items()):
        lines += zone_lines(zone, first, last)
    for event in file.events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return folded(lines)


def folded(lines: Iterable[str]) -> bytes:
    """Content lines as they stand in a file: at most 75 bytes each, no letter cut in two."""
    from icalendar.parser import Contentline

    return b"".join(Contentline(line).to_ical() + b"\r\n" for line in lines)  # type: ignore[no-untyped-call]


def _zones(events: Iterable[IcalEvent]) -> dict[str, tuple[int, int]]:
    """The zones that are used, each with its first and last year."""
    found: dict[str, tuple[int, int]] = {}
    for event in events:
        if event.zone in ("", UTC_ZONE):
            continue
        years = [when.year for when in (event.start, event.end, event.occurrence, *event.more) if when is not None]
        if not years or event.whole_day:
            continue
        last = max(years) + (_SERIES_YEARS if event.rule else 0)
        before = found.get(event.zone, (min(years), last))
        found[event.zone] = (min(before[0], *years), max(before[1], last))
    return found


def _event(event: IcalEvent) -> Iterator[str]:
    name = "VTODO" if event.task else "VEVENT"
    when = partial(_when, zone=event.zone)
    yield f"BEGIN:{name}"
    yield f"UID:{_one_line(event.uid)}"
    yield f"DTSTAMP:{_utc(event.stamp) or _EPOCH}"
    if event.modified:
        yield f"LAST-MODIFIED:{_utc(event.modified)}"
    yield f"SEQUENCE:{event.sequence}"
    if event.start is not None:
        yield when("DTSTART", [event.start])
    if event.end is not None:
        yield when("DUE" if event.task else "DTEND", [event.end])
    base = event.start if event.start is not None else event.end
    if event.rule and base is not None:
        yield f"RRULE:{_one_line(written_rule(event.rule, base, event.zone))}"
    if event.skipped:
        yield when("EXDATE", event.skipped)
    if event.more:
        yield when("RDATE", event.more)
    if event.occurrence is not None:
        yield when("RECURRENCE-ID", [event.occurrence])
    yield from _said(event)
    yield from map(_one_line, event.extra)
    for minutes in event.reminders:
        yield from _alarm(minutes, event.summary)
    yield f"END:{name}"


def _said(event: IcalEvent) -> Iterator[str]:
    """What it is, how it stands, who takes part."""
    yield _text("SUMMARY", event.summary)
    for name, text in (("DESCRIPTION", event.text), ("LOCATION", event.place)):
        if text:
            yield _text(name, text)
    if event.status:
        yield f"STATUS:{_one_line(event.status)}"
    if event.done_at:
        yield f"COMPLETED:{_utc(event.done_at)}"
    if event.secrecy:
        yield f"CLASS:{_CLASS[event.secrecy]}"
    if event.free:
        yield "TRANSP:TRANSPARENT"
    if event.priority:
        yield f"PRIORITY:{event.priority}"
    if event.colour:
        yield _text("COLOR", event.colour)
    if event.own_kind:
        yield _text(OWN_KIND, event.own_kind)
    if event.organizer is not None:
        yield _guest("ORGANIZER", event.organizer, {})
    for guest in event.guests:
        given = {
            "CUTYPE": guest.kind,
            "ROLE": guest.role,
            "PARTSTAT": _PARTSTAT[guest.answer],
            "RSVP": "TRUE" if guest.reply_wanted else "",
        }
        yield _guest("ATTENDEE", guest, given)


def _alarm(minutes: int, summary: str) -> Iterator[str]:
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", _text("DESCRIPTION", summary or "-"))
    yield f"TRIGGER:{f'-PT{minutes}M' if minutes else 'PT0S'}"
    yield "END:VALARM"


def _guest(name: str, guest: IcalGuest, params: Mapping[str, str]) -> str:
    from icalendar.parser import Parameters

    given: dict[str, Any] = {"CN": clean(guest.name).replace("\n", " "), **params}
    told = Parameters({key: value for key, value in given.items() if value}).to_ical().decode("utf-8")
    uri = guest.address if ":" in guest.address else f"mailto:{guest.address}"
    return f"{name};{told}:{_one_line(uri)}" if told else f"{name}:{_one_line(uri)}"


def _when(name: str, moments: Iterable[IcalWhen], zone: str) -> str:
    """Days, or times of one zone, as a property."""
    given = list(moments)
    texts = ",".join(written(one, utc=zone == UTC_ZONE) for one in given)
    if is_day(given[0]):
        return f"{name};VALUE=DATE:{texts}"
    return f"{name}:{texts}" if zone in ("", UTC_ZONE) else f"{name};TZID={zone}:{texts}"


def _text(name: str, text: str) -> str:
    from icalendar.prop import vText

    return f"{name}:{vText(clean(text)).to_ical().decode('utf-8')}"


def _one_line(text: str) -> str:
    return clean(text).replace("\n", "").replace("\t", "")


def _utc(stamp: str) -> str:
    """A UTC ISO text as a file has it; "" for what is none."""
    try:
        moment = datetime.fromisoformat(stamp)
        return written(moment.astimezone(UTC).replace(tzinfo=None), utc=True) if moment.tzinfo is not None else ""
    except (ValueError, OverflowError):
        return ""
