"""Days with very much in them: how many there are, and the first few, without reading all of it.

Orders that the store keeps say how many begin in a day; what runs on over midnight is known by counting: of those that began before
it, the ones that have not ended. Read whole are only what is drawn, what lasts for several days, and series.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from tuicrm.domain.conditions import ALWAYS, And, Condition, Empty, Not, OneOf, Or, Sort, Test
from tuicrm.domain.kinds.moments import local
from tuicrm.services.calendar.occurrences import Whose, people_of
from tuicrm.services.kernel.reader import ACTIVITIES, stamp
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Ordered

_AT, _START, _END, _DAY = (
    Sort("at", "datetime"),
    Sort("start", "datetime"),
    Sort("end", "datetime"),
    Sort("day", "date"),
)


class CrowdedDay(Struct, frozen=True):
    """A day: the first activities in it, by number, and how many there are in all."""

    day: date
    first: tuple[int, ...]
    count: int


def can_count(session: Session, whose: Whose) -> bool:
    """Whether counting says what reading would: in everybody's calendars, what one may not read is not there."""
    return whose != Whose() or all(session.access.readable(key) == ALWAYS for key in session.workspace.types)


class Crowds:
    """Counts the activities of some calendars by day. `room`: how many of a day are wanted."""

    def __init__(self, session: Session, whose: Whose, room: int) -> None:
        self._session = session
        self._room = room
        mine = _whose(session, whose)
        self._plain = _both(mine, Empty("rule"), Empty("day"), Empty("start"))
        self._begun = _both(mine, Empty("rule"), Empty("day"), Not(Empty("start")))
        self._single = _both(mine, Empty("rule"), Not(Empty("day")), Empty("last_day"))
        self._several = _both(mine, Empty("rule"), Not(Empty("day")), Not(Empty("last_day")))
        self.repeated = _both(mine, Not(Empty("rule")))
        """Of these each occurrence is one: they are not counted here."""

    def count(self, days: Sequence[date]) -> int:
        """About how many there are in these days: what begins in them."""
        begin, end = self._bounds(days[0])[0], self._bounds(days[-1])[1]
        timed = ((self._plain, _AT), (self._begun, _START))
        found = sum(self._window(where, sort, begin, end, 0)[1] for where, sort in timed)
        last = (days[-1] + timedelta(days=1)).isoformat()
        return found + self._window(self._single, _DAY, days[0].isoformat(), last, 0)[1]

    def days(self, days: Sequence[date]) -> list[CrowdedDay]:
        """Each of them."""
        session, room = self._session, self._room
        several = session.store.find(
            Find(
                ACTIVITIES,
                _both(
                    self._several,
                    Test("day", "date", "<=", days[-1].isoformat()),
                    Test("last_day", "date", ">=", days[0].isoformat()),
                ),
            )
        ).records
        spans = [(str(one.doc["day"]), str(one.doc["last_day"]), one.id) for one in several]
        singles = any(self._window(self._single, _DAY, days[0].isoformat(), _after(days[-1]), 0))
        first, last = self._bounds(days[0])[0], self._bounds(days[-1])[1]
        begun = self._window(self._begun, _START, first, last, 0)[1] > 0
        found = []
        for day in days:
            iso, (begin, end) = day.isoformat(), self._bounds(day)
            whole = [number for here, until, number in spans if here <= iso <= until]
            parts = [(whole, len(whole))]
            if singles:
                parts.append(self._window(self._single, _DAY, iso, _after(day), room))
            parts.append(self._running(begin))
            parts.append(self._window(self._plain, _AT, begin, end, room))
            if begun:
                parts.append(self._window(self._begun, _START, begin, end, room))
            ids = dict.fromkeys(number for numbers, _count in parts for number in numbers)
            found.append(CrowdedDay(day, tuple(ids), sum(count for _numbers, count in parts)))
        return found

    def _running(self, midnight: str) -> tuple[list[int], int]:
        """Those that began before a moment and end after it."""
        found: list[int] = []
        for family, sort in ((self._plain, _AT), (self._begun, _START)):
            lasting = _both(family, Not(Empty("end")))
            began = self._window(lasting, sort, "", midnight, 0)[1]
            ended = self._window(lasting, _END, "", _just_after(midnight), 0)[1]
            if began > ended:
                runs = (Test(sort.path, "datetime", "<", midnight), Test("end", "datetime", ">", midnight))
                found += self._session.store.ids(ACTIVITIES, _both(lasting, *runs), (sort,))
        return found, len(found)

    def _window(self, where: Condition, sort: Sort, least: str, below: str, n: int) -> tuple[list[int], int]:
        asked = Ordered(ACTIVITIES, where, (sort,), least=least or None, below=below)
        found = self._session.store.window(asked, n)
        return found.ids[:n], found.count

    def _bounds(self, day: date) -> tuple[str, str]:
        context = self._session.context()
        begin, end = (local(one, time(), context) for one in (day, day + timedelta(days=1)))
        return stamp(begin), stamp(end)


def _both(*parts: Condition) -> Condition:
    return And(tuple(part for part in parts if part != ALWAYS))


def _after(day: date) -> str:
    return (day + timedelta(days=1)).isoformat()


def _just_after(moment: str) -> str:
    return stamp(datetime.fromisoformat(moment).astimezone(UTC) + timedelta(seconds=1))


def _whose(session: Session, whose: Whose) -> Condition:
    """Whose activities are meant, as a condition that is the same for all days."""
    if whose == Whose():
        return ALWAYS
    people = tuple(sorted(people_of(session, whose)))
    parts: list[Condition] = [OneOf("responsible", "person", people)] if people else []
    parts += [And((Not(Empty(f"people.{key}")), Test(f"people.{key}", "string", "!=", "declined"))) for key in people]
    parts += [Test("rooms", "string", "=", key) for key in whose.rooms]
    return Or(tuple(parts))
