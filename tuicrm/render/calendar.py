"""What calendars have in common: how an entry looks in few cells, days and hours, and what stands where under the mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from tuicrm.domain.calendar import CalendarDay, CalendarEntry, CalendarLook, CalendarSpot, EntryKey, WorkHours
from tuicrm.i18n import _, ngettext
from tuicrm.render.activity_colours import ACTIVITY_COLOURS
from tuicrm.render.compose import line_width, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, DOT, HANDLE, LATE, MARKED
from tuicrm.render.text import clean, cut, width

_OF_KIND = {"call": "#57ab5a", "meeting": "#b083f0"}
_USUAL = "#539bf5"
_BUSY = "#8a8f98"

DayWords = Callable[[date], str]


class CalendarFrame(Struct, frozen=True):
    """What is drawn around the entries: now and the hours of work, and the words of the person who reads (`day_name`: "Mon 23",
    `day_title`: "Mon 23 Nov"). `marked`: what the mouse would set down, and `moved` what keys move, is drawn apart from the rest."""

    now: datetime
    hours: WorkHours
    day_name: DayWords
    day_title: DayWords
    month_name: DayWords
    drop: CalendarSpot | None = None
    moved: EntryKey | None = None
    plan_key: str = ""
    free: tuple[tuple[int, int], ...] = ()
    """Side by side: the minutes at which all are free."""


class CalendarPicture(Protocol):
    """A calendar in lines, and what stands where in it."""

    @property
    def height(self) -> int:
        """Lines that it has."""

    def line(self, y: int, cursor: CalendarSpot) -> Line:
        """One line, exactly as wide as asked."""

    def at(self, x: int, y: int, /) -> CalendarSpot | None:
        """What is under a cell; None for nothing that the cursor could stand on."""

    def moved(self, cursor: CalendarSpot, across: int, down: int) -> CalendarSpot:
        """Where the cursor goes: aside, or down and up. It may be a day that is not shown."""

    def stops(self) -> list[CalendarSpot]:
        """The entries, one after the other as time goes by."""

    def settled(self, cursor: CalendarSpot) -> CalendarSpot:
        """The cursor on something that is there: its entry, else what is at its time."""


def colour_of(entry: CalendarEntry) -> str:
    """`#rrggbb`: its own, else that of its kind."""
    if entry.busy:
        return _BUSY
    return ACTIVITY_COLOURS.get(entry.colour) or _OF_KIND.get(entry.kind, _USUAL)


def title_of(entry: CalendarEntry) -> str:
    """What is told of it."""
    return _("busy") if entry.busy else entry.what


def clock(moment: datetime) -> str:
    """`09:30`."""
    return f"{moment:%H:%M}"


def entry_ink(entry: CalendarEntry) -> str:
    """The style of its text: late ones in the colour of lateness, done ones faint."""
    return "late" if entry.late else "faint" if entry.done else "dim italic" if entry.busy else "value"


def entry_mark(entry: CalendarEntry) -> str:
    """What stands before its text: that it is late, or done."""
    return LATE if entry.late else MARKED if entry.done else ""


def entry_bar(entry: CalendarEntry, *, selected: bool = False) -> Run:
    """What stands at its left side, in its colour; in the cursor's, with the cursor on it."""
    return Run(BAR, "accent" if selected else f"fg:{colour_of(entry)}")


def entry_sign(entry: CalendarEntry) -> str:
    """What tells its kind, in one cell."""
    sign = clean(entry.sign)
    return sign if width(sign) == 1 else DOT


def entry_line(
    entry: CalendarEntry, cells: int, *, selected: bool = False, moved: bool = False, times: str = "", text: str = ""
) -> Line:
    """`▌!09:30 Call Paolo`: an entry in one line of exactly `cells`; `text` in place of what it is, where that goes on below. The
    cursor has a ground, what is being moved another."""
    if cells <= 0:
        return ()
    mark, ink = entry_mark(entry), entry_ink(entry)
    runs = [entry_bar(entry, selected=selected or moved)]
    if moved:
        runs.append(Run(HANDLE, "handle"))
    if mark:
        runs.append(Run(mark, f"{ink} bold"))
    if times:
        runs.append(Run(f"{times} ", "late" if entry.late else "faint" if entry.done else "dim"))
    room = max(cells - line_width(tuple(runs)), 0)
    runs.append(Run(cut(text or title_of(entry), room), ink))
    return grounded(pad(tuple(runs), cells), selected=selected, moved=moved)


def grounded(line: Line, *, selected: bool, moved: bool) -> Line:
    """A line of an entry on its ground: one on which every ink can be read."""
    return on(line, "on:mark" if moved else "on:cursor" if selected else "on:bar")


def detail_line(
    entry: CalendarEntry | None, spot: CalendarSpot, frame: CalendarFrame, cells: int, *, hours: bool, planned: int = 0
) -> Line:
    """` Wed 25 Nov 09:00–10:00  Call Paolo · Rossi Srl · Blue room   AB`: what the cursor is on in full, or that the time is free
    (`hours`: the cursor is on a time of the day), or how many are `planned` on the day."""
    day = frame.day_title(spot.day)
    if entry is None:
        at = f"{day} {spot.minute // 60:02}:{spot.minute % 60:02}" if hours else day
        told = (
            _("free") if hours else ngettext("{n} planned", "{n} planned", planned) if planned else _("nothing planned")
        )
        return on(pad((Run(f" {at}", "dim"), Run(f" {DOT} {told}", "faint")), cells), "on:panel")
    when = f"{day} {_('whole day')}" if entry.whole else f"{day} {clock(entry.begin)}–{clock(entry.end)}"
    parts = (entry.about, entry.place, _("repeats") if entry.repeats else "")
    told = f" {DOT} ".join(one for one in parts if one) if not entry.busy else ""
    mark, ink = entry_mark(entry), entry_ink(entry)
    runs = (
        Run(f" {when} ", "dim"),
        entry_bar(entry),
        Run(f"{mark} " if mark else " ", f"{ink} bold"),
        Run(clean(title_of(entry)), ink),
        Run(f" {DOT} {clean(told)}" if told else "", "dim"),
    )
    signs = f"{entry_sign(entry)} {clean(entry.initials)} "
    return on(spread(runs, (Run(signs, "faint"),), cells), "on:panel")


def range_title(look: CalendarLook, days: Sequence[CalendarDay], month: date, frame: CalendarFrame) -> str:
    """What is shown: `Mon 23 Nov 2026`, `23–29 Nov 2026`, `Nov 2026`."""
    first, last = days[0].day, days[-1].day
    if look == "month":
        return f"{frame.month_name(month)} {month.year}"
    if first == last:
        return f"{frame.day_title(first)} {first.year}"
    begin = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else _day_of(first, last, frame)
    return f"{begin}–{_day_of(last, None, frame)}"


def _day_of(day: date, other: date | None, frame: CalendarFrame) -> str:
    """`23 Nov`, with its year unless that is the other's."""
    text = f"{day.day} {frame.month_name(day)}"
    return text if other is not None and other.year == day.year else f"{text} {day.year}"
