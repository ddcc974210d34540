"""One event or task of a calendar file, property by property."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, cast

from tuicrm.exchange.ical.alarms import read_alarms
from tuicrm.exchange.ical.events import UTC_ZONE, IcalAnswer, IcalEvent, IcalGuest, IcalWhen, Secrecy, is_day
from tuicrm.exchange.ical.lines import IcalLine, IcalPart, clean
from tuicrm.exchange.ical.rules import read_rule
from tuicrm.exchange.ical.times import FileZones, IcalMistake, ReadWhen, behind, moved, read_length
from tuicrm.exchange.ical.zones import zone_info
from tuicrm.i18n import _, ngettext
from tuicrm.limits import ACTIVITY, CALENDAR_EXTRA, COMMENT

TellRemark: TypeAlias = Callable[[str], object]

OWN_KIND = "X-TUICRM-KIND"
_READ = frozenset((
    "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "SUMMARY", "DESCRIPTION", "LOCATION", "DTSTART", "DTEND", "DUE", "DURATION",
    "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID", "STATUS", "COMPLETED", "CLASS", "TRANSP", "PRIORITY", "COLOR", "ORGANIZER",
    "ATTENDEE", OWN_KIND,
))  # fmt: skip
_ANSWERS: dict[str, IcalAnswer] = {
    "NEEDS-ACTION": "asked",
    "ACCEPTED": "accepted",
    "COMPLETED": "accepted",
    "IN-PROCESS": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "maybe",
    "DELEGATED": "asked",
}
_SECRECY: dict[str, Secrecy] = {"PRIVATE": "private", "CONFIDENTIAL": "confidential"}


def read_event(part: IcalPart, zones: FileZones, tell: TellRemark) -> IcalEvent:
    """A VEVENT or VTODO. Raises IcalMistake where it cannot be what it was; what is told besides is for people."""
    uid = clean(part.value("UID"))[:255]
    if not uid:
        raise IcalMistake(_("it has no UID: nothing would know it again"))
    if part.all("EXRULE") or len(part.all("RRULE")) > 1:
        raise IcalMistake(_("it has several rules at once, which is not understood"))
    if part.broken:
        n = len(part.broken)
        tell(
            ngettext(
                "{n} line is not understood: {line}", "{n} lines are not understood: {line}", n, line=part.broken[0]
            )
        )
    start, end = _span(part, zones, tell)
    zone = start.zone if start is not None else end.zone if end is not None else ""
    base = start if start is not None else end
    return IcalEvent(
        uid=uid,
        task=part.name == "VTODO",
        sequence=_whole(part.value("SEQUENCE"), 0, 1 << 31),
        stamp=_utc(part, "DTSTAMP", zones),
        modified=_utc(part, "LAST-MODIFIED", zones),
        summary=_bounded(part.text("SUMMARY"), ACTIVITY.most, tell),
        text=_bounded(part.text("DESCRIPTION"), COMMENT.most, tell),
        place=_bounded(part.text("LOCATION"), ACTIVITY.most, tell),
        start=start.when if start is not None else None,
        end=end.in_zone(zone) if end is not None else None,
        zone=zone,
        rule=read_rule(part.value("RRULE"), base, zones) if part.all("RRULE") else "",
        skipped=_moments(part.all("EXDATE"), base, zones, tell),
        more=_moments(part.all("RDATE"), base, zones, tell),
        occurrence=_occurrence(part, base, zones, tell),
        status=part.value("STATUS").upper(),
        done_at=_utc(part, "COMPLETED", zones),
        secrecy=_SECRECY.get(part.value("CLASS").upper(), ""),
        free=part.value("TRANSP").upper() == "TRANSPARENT",
        priority=_whole(part.value("PRIORITY"), 0, 9),
        colour=part.text("COLOR").casefold()[:40],
        own_kind=part.text(OWN_KIND)[:60],
        **_alarmed(part, base, end, tell),
        organizer=next((_guest(line) for line in part.all("ORGANIZER")), None),
        guests=tuple({guest.address: guest for guest in map(_guest, part.all("ATTENDEE"))}.values()),
    )


def _alarmed(part: IcalPart, start: ReadWhen | None, end: ReadWhen | None, tell: TellRemark) -> dict[str, Any]:
    """The reminders, and the lines of all that has no place here."""
    reminders, kept = read_alarms(part, start, end)
    extra = [clean(line.source) for line in part.lines if line.name not in _READ]
    extra += [clean(line) for line in kept]
    if sum(map(len, extra)) > CALENDAR_EXTRA.most:
        tell(_("what other programs keep with it is too much and was left out"))
        extra = []
    return {"reminders": reminders, "extra": tuple(extra)}


# -- when --------------------------------------------------------------------------------------------------------------
def _span(part: IcalPart, zones: FileZones, tell: TellRemark) -> tuple[ReadWhen | None, ReadWhen | None]:
    """When it begins and ends. An event of days that says no end is of one day; a task may be due without beginning."""
    start = _one(part, "DTSTART", zones, tell)
    end = _one(part, "DUE" if part.name == "VTODO" else "DTEND", zones, tell)
    if start is None:
        if part.name == "VEVENT":
            raise IcalMistake(_("it does not say when it begins (DTSTART)"))
        return None, end
    if end is None and part.value("DURATION"):
        end = ReadWhen(_after(start, read_length(part.value("DURATION"))), start.zone)
    if end is None and is_day(start.when) and part.name == "VEVENT":
        end = ReadWhen(behind(start.when, timedelta(days=1)))
    if end is None:
        return start, None
    if is_day(start.when) != is_day(end.when):
        raise IcalMistake(_("it begins on a day and ends at a time, or the other way round"))
    if not end.zone or not start.zone:
        end = ReadWhen(end.when, start.zone)
    if end.in_zone(start.zone) < start.when:
        tell(_("it ends before it begins: the end was left out"))
        return start, ReadWhen(behind(start.when, timedelta(days=1))) if is_day(start.when) else None
    return start, end


def _after(start: ReadWhen, length: timedelta) -> IcalWhen:
    """What is a length behind a start: days by the calendar, hours by the clock (RFC 5545 §3.8.2.5)."""
    if not isinstance(start.when, datetime):
        return behind(start.when, length)
    there = behind(start.when, timedelta(days=length.days))
    rest = length - timedelta(days=length.days)
    if not rest or not start.zone:
        return behind(there, rest)
    tz = zone_info(start.zone)
    utc = cast("datetime", there).replace(tzinfo=tz).astimezone(UTC) + rest
    return utc.astimezone(tz).replace(tzinfo=None)


def _one(part: IcalPart, name: str, zones: FileZones, tell: TellRemark) -> ReadWhen | None:
    line = part.first(name)
    if line is None:
        return None
    try:
        return zones.read(line.value, line.param("TZID"), tell)
    except IcalMistake as mistake:
        raise IcalMistake(f"{name}: {mistake.message}") from mistake


def _moments(
    lines: Iterable[IcalLine], base: ReadWhen | None, zones: FileZones, tell: TellRemark
) -> tuple[IcalWhen, ...]:
    """The days or wall times of EXDATE or RDATE, as the event's own start is one."""
    if base is None:
        return ()
    found: dict[IcalWhen, None] = {}
    for line in lines:
        try:
            for one in zones.read_line(line, tell):
                found[_like(one, base)] = None
        except IcalMistake as mistake:
            raise IcalMistake(f"{line.name}: {mistake.message}") from mistake
    return tuple(found)


def _like(one: ReadWhen, base: ReadWhen) -> IcalWhen:
    """A moment as the event's own start is one: a day for one of days, else a wall time of its zone, at its hour where only a day is
    named."""
    when = one.in_zone(base.zone)
    if is_day(base.when):
        return when.date() if isinstance(when, datetime) else when
    if isinstance(when, datetime):
        return when
    return datetime.combine(when, cast("datetime", base.when).time())


def _occurrence(part: IcalPart, base: ReadWhen | None, zones: FileZones, tell: TellRemark) -> IcalWhen | None:
    line = part.first("RECURRENCE-ID")
    if line is None:
        return None
    if line.param("RANGE"):
        raise IcalMistake(_("it changes “this and all following”, which is not understood: the series must be split"))
    found = _one(part, "RECURRENCE-ID", zones, tell)
    if found is None or base is None:
        return None
    if isinstance(found.when, datetime):
        return found.in_zone(base.zone)
    return found.when


def _utc(part: IcalPart, name: str, zones: FileZones) -> str:
    """A moment as a UTC ISO text; "" where there is none that can be read."""
    try:
        found = _one(part, name, zones, lambda _message: None)
    except IcalMistake:
        return ""
    if found is None:
        return ""
    if not isinstance(found.when, datetime):
        return f"{found.when.isoformat()}T00:00:00Z"
    return f"{moved(found.when, zone_info(found.zone or UTC_ZONE), UTC).isoformat()}Z"


# -- who and what ------------------------------------------------------------------------------------------------------
def _guest(line: IcalLine) -> IcalGuest:
    uri = clean(line.value).strip()
    scheme, _colon, rest = uri.partition(":")
    address = rest.strip() if scheme.casefold() == "mailto" else ""
    mail = clean(address or line.param("EMAIL")).removeprefix("mailto:").casefold()
    role, kind = line.param("ROLE").upper(), line.param("CUTYPE").upper()
    return IcalGuest(
        address=(mail if "@" in mail else uri)[:500],
        name=clean(line.param("CN"))[:200],
        answer=_ANSWERS.get(line.param("PARTSTAT").upper(), "asked"),
        role="" if role == "REQ-PARTICIPANT" else role[:40],
        kind="" if kind == "INDIVIDUAL" else kind[:40],
        reply_wanted=line.param("RSVP").upper() == "TRUE",
    )


def _whole(text: str, least: int, most: int) -> int:
    """A whole number within bounds; the least for what is none."""
    return min(max(int(text), least), most) if text.isascii() and text.isdigit() and len(text) < 12 else least


def _bounded(text: str, most: int, tell: TellRemark) -> str:
    if len(text) <= most:
        return text
    tell(_("a text of it is too long (at most {n}): the rest was left out").format(n=most))
    return text[:most]
