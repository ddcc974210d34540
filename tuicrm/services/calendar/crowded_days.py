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
from tuicrm.store.protocol import Asked, Find, Ordered

_AT, _START, _END, _DAY = (
    Sort("at", "datetime"),
    Sort("start", "datetime"),
    Sort("end", "datetime"),
    Sort("day", "date"),
)
_COMES = ("asked", "accepted", "maybe")


class CrowdedDay(Struct, frozen=True):
    """A day: the first activities in it, by number, and how many there are in all."""

    day: date
    first: tuple[int, ...]
    count: int


def can_count(session: Session, whose: Whose) -> bool:
    """Whether counting says what reading would: in everybody's calendars, what one may not read is not there."""
    return whose != Whose() or all(session.access.readable(key) == ALWAYS for key in session.workspace.types)


class Crowds:
    """Counts the activities of some calendars by day. `room`: how many of a day are wanted. Series are not counted: `series` gives
    them."""

    def __init__(self, session: Session, whose: Whose, room: int) -> None:
        self._session = session
        self._room = room
        mine = _whose(session, whose)
        # The same questions as those of `occurrences.between`: the store keeps one order for both.
        self._plain = _both(mine, And((Empty("start"), Empty("day"))))
        self._begun = _both(mine, Not(Empty("start")))
        self._whole = _both(mine, Not(Empty("day")))
        self._several = _both(mine, Not(Empty("last_day")))
        repeated = _both(mine, And((Not(Empty("rule")), Test("done", "boolean", "=", False))))
        self.series = session.store.find(Find(ACTIVITIES, repeated)).records
        self._skipped = {record.id for record in self.series}

    def asked(self) -> list[Asked]:
        """What is asked of the store: orders, which it keeps once they are sorted."""
        timed = ((self._plain, _AT), (self._begun, _START))
        lasting = [(_both(where, Not(Empty("end"))), sort) for where, by in timed for sort in (by, _END)]
        return [Asked(where, (sort,)) for where, sort in (*timed, (self._whole, _DAY), *lasting)]

    def count(self, days: Sequence[date]) -> int:
        """About how many there are in these days: what begins in them."""
        begin, end = self._bounds(days[0])[0], self._bounds(days[-1])[1]
        timed = ((self._plain, _AT), (self._begun, _START))
        found = sum(self._window(where, sort, begin, end, 0)[1] for where, sort in timed)
        return found + self._window(self._whole, _DAY, days[0].isoformat(), _after(days[-1]), 0)[1]

    def days(self, days: Sequence[date]) -> list[CrowdedDay]:
        """Each of them."""
        several = self._lasting_days(days)
        first, last = self._bounds(days[0])[0], self._bounds(days[-1])[1]
        begun = self._window(self._begun, _START, first, last, 0)[1] > 0
        skipped = self._series_by_day(days)
        found = []
        for day in days:
            iso, (begin, end) = day.isoformat(), self._bounds(day)
            room = self._room + len(self._skipped)
            before = [number for here, until, number in several if here < iso <= until]
            parts = [
                (before, len(before)),
                self._window(self._whole, _DAY, iso, _after(day), room),
                self._running(begin),
            ]
            parts.append(self._window(self._plain, _AT, begin, end, room))
            if begun:
                parts.append(self._window(self._begun, _START, begin, end, room))
            ids = dict.fromkeys(
                number for numbers, _count in parts for number in numbers if number not in self._skipped
            )
            found.append(CrowdedDay(day, tuple(ids), sum(count for _numbers, count in parts) - skipped.get(day, 0)))
        return found

    def _lasting_days(self, days: Sequence[date]) -> list[tuple[str, str, int]]:
        """What is for several whole days: its first and last day, and its number."""
        during = (Test("day", "date", "<=", days[-1].isoformat()), Test("last_day", "date", ">=", days[0].isoformat()))
        records = self._session.store.find(Find(ACTIVITIES, _both(self._several, And(during)))).records
        return [
            (str(one.doc["day"]), str(one.doc["last_day"]), one.id) for one in records if one.id not in self._skipped
        ]

    def _series_by_day(self, days: Sequence[date]) -> dict[date, int]:
        """How many series have their next occurrence in each day: it is counted as if it were all."""
        found = dict[date, int]()
        bounds = [(day, *self._bounds(day)) for day in days] if self.series else []
        for record in self.series:
            begins = record.doc.get("start") or record.doc.get("at") or ""
            for day, begin, end in bounds:
                whole = record.doc.get("day")
                if (whole == day.isoformat()) if whole else (begin <= begins < end):
                    found[day] = found.get(day, 0) + 1
        return found

    def _running(self, midnight: str) -> tuple[list[int], int]:
        """Those that began before a moment and end after it."""
        found: list[int] = []
        for family, sort in ((self._plain, _AT), (self._begun, _START)):
            lasting = _both(family, Not(Empty("end")))
            began = self._window(lasting, sort, "", midnight, 0)[1]
            ended = self._window(lasting, _END, "", _just_after(midnight), 0)[1]
            if began > ended:
                runs = And((Test(sort.path, "datetime", "<", midnight), Test("end", "datetime", ">", midnight)))
                found += self._session.store.ids(ACTIVITIES, _both(lasting, runs), (sort,))
        kept = [number for number in found if number not in self._skipped]
        return kept, len(kept)

    def _window(self, where: Condition, sort: Sort, least: str, below: str, n: int) -> tuple[list[int], int]:
        asked = Ordered(ACTIVITIES, where, (sort,), least=least or None, below=below)
        found = self._session.store.window(asked, n)
        return found.ids[:n], found.count

    def _bounds(self, day: date) -> tuple[str, str]:
        context = self._session.context()
        begin, end = (local(one, time(), context) for one in (day, day + timedelta(days=1)))
        return stamp(begin), stamp(end)


def _both(where: Condition | None, other: Condition) -> Condition:
    return other if where is None else And((where, other))


def _after(day: date) -> str:
    return (day + timedelta(days=1)).isoformat()


def _just_after(moment: str) -> str:
    return stamp(datetime.fromisoformat(moment).astimezone(UTC) + timedelta(seconds=1))


def _whose(session: Session, whose: Whose) -> Condition | None:
    """Whose activities are meant, as a condition that is the same for all days; None for everybody's."""
    people = tuple(sorted(people_of(session, whose)))
    parts: list[Condition] = [OneOf("responsible", "person", people)] if people else []
    parts += [OneOf(f"people.{key}", "list", _COMES) for key in people]
    parts += [OneOf("rooms", "list", whose.rooms)] if whose.rooms else []
    return None if whose == Whose() else Or(tuple(parts))
