"""Entries of a calendar that the mouse takes to another day or hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from textual.geometry import Offset
from textual.message import Message

from tuicrm.domain.calendar import CalendarEntry, CalendarSpot, EntryKey
from tuicrm.render.calendar import CalendarPicture, clock, title_of
from tuicrm.render.symbols import EMPTY


class EntryDropped(Message):
    """The mouse let an entry go: when it is to begin."""

    def __init__(self, entry: CalendarEntry, begin: datetime) -> None:
        super().__init__()
        self.entry = entry
        self.begin = begin


class DrawnCalendar(Protocol):
    """The calendar, as far as taking its entries along needs it."""

    @property
    def picture(self) -> CalendarPicture | None:
        """What is drawn, and what stands where; None before the first drawing."""

    @property
    def has_hours(self) -> bool:
        """Whether lines stand for hours: in a month and an agenda they do not."""

    def post_message(self, message: Message) -> bool: ...
    def entry_of(self, key: EntryKey | None) -> CalendarEntry | None:
        """The entry of a key; None where it is not shown."""

    def sign(self, drop: CalendarSpot | None) -> None:
        """Draw the sign where an entry would fall; None takes it away."""

    def told_day(self, spot: CalendarSpot) -> str:
        """A spot's day as people say it: `Tue 12 Jan`."""


class EntryCarrier:
    """An entry, and how far from its beginning it was taken, on the way to another time (`dragging.Carrier`)."""

    pace = 0.0

    def __init__(self, view: DrawnCalendar) -> None:
        self._view = view

    def _spot(self, here: Offset) -> CalendarSpot | None:
        picture = self._view.picture
        return picture.at(here.x, here.y) if picture is not None else None

    def thing_at(self, here: Offset) -> tuple[CalendarEntry, timedelta] | None:
        spot = self._spot(here)
        entry = self._view.entry_of(spot.key) if spot is not None else None
        if spot is None or entry is None or entry.busy:
            return None
        if entry.whole or not self._view.has_hours:
            return entry, timedelta(days=(spot.day - entry.begin.date()).days)
        return entry, max(spot.at - entry.begin, timedelta())

    def place_at(self, thing: tuple[CalendarEntry, timedelta], here: Offset) -> datetime | None:
        entry, taken = thing
        spot = self._spot(here)
        if spot is None:
            return None
        by_days = entry.whole or not self._view.has_hours
        begin = (datetime.combine(spot.day, entry.begin.time()) if by_days else spot.at) - taken
        return begin if begin != entry.begin else None

    def show(self, thing: tuple[CalendarEntry, timedelta] | None, place: datetime | None) -> str:
        view = self._view
        spot = None if place is None else CalendarSpot(place.date(), place.hour * 60 + place.minute)
        view.sign(spot)
        if thing is None:
            return ""
        told = EMPTY if spot is None or place is None else view.told_day(spot)
        if place is not None and not thing[0].whole:
            told = f"{told} {clock(place)}"
        return f"{title_of(thing[0])} → {told}"

    def drop(self, thing: tuple[CalendarEntry, timedelta], place: datetime) -> None:
        self._view.post_message(EntryDropped(thing[0], place))

    def scroll(self, _by: Offset) -> bool:
        """The hours and days that are shown stay."""
        return False
