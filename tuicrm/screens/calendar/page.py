"""What a calendar shows: which days, whose, in which look; read for one person, drawn by the view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from tuicrm.domain.agenda import first_weekday
from tuicrm.domain.calendar import CalendarDay, CalendarEntry, CalendarLook, free_minutes, held, shown_days
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.day_names import day_text, weekday
from tuicrm.render.calendar import CalendarFrame
from tuicrm.render.calendar_blocks import GridColumn
from tuicrm.services.boards.view_spec import ViewSpec
from tuicrm.services.calendar import calendars
from tuicrm.services.calendar.calendar_days import CalendarReader, wall_now, with_moved, work_hours
from tuicrm.services.calendar.occurrences import Whose
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.calendar_view import CalendarShown

_CELL = 8
"""How many of a day are read for a month: no more lines has a cell, and no more are gone through by keys."""


class CalendarPage:
    """Some days of some calendars. `shown` is the view of a type's items that it is of; of no type, it is of people and rooms."""

    def __init__(self, session: Session, shown: ViewSpec, look: CalendarLook, plan_key: str) -> None:
        self._session = session
        self._plan_key = plan_key
        self.shown = shown
        self.look = look
        self.whose = Whose() if shown.type else calendars.mine(session)
        self.moved: CalendarEntry | None = None
        """What is on its way, drawn where it would go."""
        self.days: Sequence[CalendarDay] = ()
        self.read(wall_now(session).date())

    # -- which days ----------------------------------------------------------------------------------------------------
    @property
    def _middle(self) -> date:
        """A day of the month that is shown."""
        return self.days[len(self.days) // 2].day

    def covers(self, day: date) -> bool:
        """Whether a day is among those that are shown; of a month, whether it is of that month."""
        if self.look == "month":
            return self._middle.replace(day=1) == day.replace(day=1)
        return self.days[0].day <= day <= self.days[-1].day

    def read(self, day: date) -> None:
        """Read the days that are shown around one. An agenda is turned back by as many days as it shows."""
        if self.look == "agenda" and self.days and day < self.days[0].day:
            before = self.days[0].day - (self.days[-1].day - self.days[0].day)
            day = held(min(day, before)) if before <= day else day
        self._read(shown_days(self.look, day, first_weekday(self._session.locale)))

    def read_again(self) -> None:
        """Read the same days."""
        self._read([one.day for one in self.days])

    def _read(self, days: Sequence[date]) -> None:
        # Of a month's days no more than their cells can show.
        self.days = self._reader(self.whose).days(days, _CELL if self.look == "month" else 0)

    def _reader(self, whose: Whose) -> CalendarReader:
        return CalendarReader(self._session, whose, self.shown.type, self.shown.where)

    def holds(self, ref: Ref) -> bool:
        """Whether anything with an item is shown."""
        return any(entry.owner == ref for day in self.days for entry in day.entries)

    # -- as it is drawn ------------------------------------------------------------------------------------------------
    def drawn(self) -> CalendarShown:
        """All of it, with what is on its way."""
        frame, days, moved = self.frame(), self.days, self.moved
        if moved is not None:
            days, frame = with_moved(days, moved), replace(frame, moved=moved.key)
        columns: Sequence[GridColumn] = ()
        if self.look == "side":
            columns = self._columns()
            frame = replace(frame, free=free_minutes([one.day for one in columns], frame.hours))
        return CalendarShown(self.look, days, frame, self._middle.month, columns)

    def _columns(self) -> list[GridColumn]:
        """A column for each calendar, of the day that is shown."""
        found, moved = [], self.moved
        for name, whose in calendars.apart(self._session, self.whose):
            [day] = self._reader(whose).days([self.days[0].day])
            if moved is not None and any(one.key == moved.key for one in day.entries):
                [day] = with_moved([day], moved)
            found.append(GridColumn(day, name))
        return found

    def frame(self) -> CalendarFrame:
        """What is drawn around the entries, in the words and on the clock of the person who reads."""
        context = self._session.context()
        return CalendarFrame(
            now=wall_now(self._session),
            hours=work_hours(self._session),
            day_name=lambda day: f"{weekday(day, context)} {day.day}",
            day_title=lambda day: f"{weekday(day, context)} {day_text(day, context, year=False)}",
            month_name=lambda day: day_text(day, context, year=False).split(" ", 1)[1],
            plan_key=self._plan_key,
        )
