"""A calendar file as events: one after the other, so that what is wrong with one is told of that one alone."""

from __future__ import annotations

from collections.abc import Callable

from tuicrm.exchange.ical.event_reading import read_event
from tuicrm.exchange.ical.events import IcalEvent, IcalFile, IcalRemark
from tuicrm.exchange.ical.lines import IcalPart, named, read_parts
from tuicrm.exchange.ical.times import FileZones, IcalMistake
from tuicrm.i18n import _, ngettext

_READ = ("VEVENT", "VTODO")
_BESIDE = ("VTIMEZONE",)


def read_calendar(
    data: bytes,
    name: str = "calendar.ics",
    *,
    zone: str = "",
    encoding: str = "",
    tell: Callable[[int], None] = lambda _done: None,
) -> IcalFile:
    """The events of a file. `zone` (IANA) is the reader's own, preferred where a file's zone is told by its rules alone; `tell` is
    told how many events are read. Raises Refused for a file that is none, too large or cut off; what is wrong with one event is a
    remark."""
    calendars, note = read_parts(data, name, encoding)
    remarks = [IcalRemark("", 1, _("read as {encoding}").format(encoding=note))] if note else []
    events: list[IcalEvent] = []
    for calendar in calendars:
        zones = FileZones(calendar, zone)
        for part in calendar.parts:
            if part.name in _READ:
                _read_one(part, zones, events, remarks)
                if not len(events) % 100:
                    tell(len(events))
        remarks += _others(calendar)
    head = calendars[0]
    return IcalFile(
        method=head.value("METHOD").upper(),
        name=head.text("X-WR-CALNAME") or head.text("NAME"),
        events=tuple(events),
        remarks=tuple(remarks),
    )


def _read_one(part: IcalPart, zones: FileZones, events: list[IcalEvent], remarks: list[IcalRemark]) -> None:
    called = named(part)
    told: dict[str, None] = {}
    try:
        events.append(read_event(part, zones, told.setdefault))
    except IcalMistake as mistake:
        remarks.append(IcalRemark(called, part.number, mistake.message, left_out=True))
    remarks += [IcalRemark(called, part.number, message) for message in told]


def _others(calendar: IcalPart) -> list[IcalRemark]:
    """What else is in the file, which nothing here is made of."""
    counts: dict[str, int] = {}
    for part in calendar.parts:
        if part.name not in (*_READ, *_BESIDE):
            counts[part.name] = counts.get(part.name, 0) + 1
    return [IcalRemark("", calendar.number, _not_read(name, count)) for name, count in counts.items()]


def _not_read(name: str, count: int) -> str:
    if name == "VJOURNAL":
        return ngettext("{n} journal entry is not read", "{n} journal entries are not read", count)
    if name == "VFREEBUSY":
        return ngettext("{n} list of busy times is not read", "{n} lists of busy times are not read", count)
    return ngettext("{n} part of another kind is not read", "{n} parts of other kinds are not read", count)
