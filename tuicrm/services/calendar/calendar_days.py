"""The days of a calendar as they are shown: read for one person, on their own clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from tuicrm.domain.activities.planned import USUAL_KIND, Activity, read
from tuicrm.domain.activities.seen import is_of
from tuicrm.domain.activities.series import last_day, occurrences, series_of
from tuicrm.domain.activities.spans import Span
from tuicrm.domain.activities.working import working_time
from tuicrm.domain.calendar import SLOT, CalendarDay, CalendarEntry, WorkHours, days_with, in_order
from tuicrm.domain.conditions import Condition
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.moments import local
from tuicrm.domain.progress import Tell
from tuicrm.domain.workspace import ActivityKind
from tuicrm.i18n import _
from tuicrm.services.calendar.crowded_days import CrowdedDay, Crowds, can_count
from tuicrm.services.calendar.occurrences import Shown, Whose, between
from tuicrm.services.items.activity_kinds import kind_of
from tuicrm.services.kernel.reader import ACTIVITIES, stamp
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.zones import zone_named
from tuicrm.store.protocol import Ordered, Record

_MANY = 400
"""From how many in the days shown on they are counted, and only those read that are drawn."""
_USUAL = timedelta(minutes=SLOT)


class CalendarReader:
    """Reads the days of somebody's calendars; of a type's items alone, and those that a condition leaves, where one is given."""

    def __init__(self, session: Session, whose: Whose, type_key: str = "", where: Condition | None = None) -> None:
        self._session = session
        self.whose = whose
        self.type = type_key
        self._where = where

    def entries(self, first: date, last: date) -> list[CalendarEntry]:
        """What touches these days, soonest first. Raises BadValue for days that no clock has."""
        session, context = self._session, self._session.context()
        begin, end = (local(day, time(), context) for day in (first, last + timedelta(days=1)))
        shown = between(session, begin, end, self.whose)
        if self.type:
            kept = self._kept(shown)
            shown = [one for one in shown if one.owner in kept]
        return in_order(self._entry(one) for one in shown)

    def days(self, days: Sequence[date], room: int = 0) -> list[CalendarDay]:
        """Days that follow one another, with what is in them. With a `room`, of days with very much only so many are read, and the
        others counted."""
        if room and not self.type and can_count(self._session, self.whose):
            crowds = Crowds(self._session, self.whose, room)
            if crowds.count(days) > _MANY:
                return self._crowded(crowds.days(days), crowds.series)
        return days_with(self.entries(days[0], days[-1]), days)

    def _crowded(self, crowded: Sequence[CrowdedDay], series: Sequence[Record]) -> list[CalendarDay]:
        """Days of which the first few are read, and what repeats."""
        numbers = dict.fromkeys(number for day in crowded for number in day.first)
        records = self._session.store.get(ACTIVITIES, numbers)
        titles = titles_of(self._session, (one.doc.get("owner") for one in (*records, *series)))
        entries = {one.id: self._entry(self._of_record(one, titles)) for one in records}
        repeated = days_with(self._repeated(crowded, series, titles), [day.day for day in crowded])
        found = []
        for day, again in zip(crowded, repeated, strict=True):
            there = [entries[number] for number in day.first if number in entries]
            found.append(CalendarDay(day.day, tuple(in_order((*there, *again.entries))), day.count - len(there)))
        return found

    def _repeated(
        self, days: Sequence[CrowdedDay], series: Sequence[Record], titles: Mapping[Ref, str]
    ) -> list[CalendarEntry]:
        """The occurrences of series in these days, from the next one that is open on."""
        context, found = self._session.context(), []
        begin, end = (local(day, time(), context) for day in (days[0].day, days[-1].day + timedelta(days=1)))
        for record in series:
            known = read(record.id, record.rev, record.doc)
            repeats, shown = series_of(known), self._of_record(record, titles)
            if repeats is None:
                found.append(self._entry(shown))
                continue
            since, at = _moment(known.begins), _moment(known.at)
            after = at - since if at is not None and since is not None else timedelta()
            for one in occurrences(repeats, begin, end):
                if one.span is None and one.day >= known.day:
                    last = last_day(one.day, repeats.days)
                    late = (
                        not shown.busy
                        and last < context.now.astimezone(zone_named(known.zone) or UTC).date().isoformat()
                    )
                    again = replace(shown, occurrence=one.wall, day=one.day, last_day=last, late=late)
                elif one.span is not None and (since is None or one.span.start >= since):
                    span = one.span if one.span.end > one.span.start else Span(one.span.start, one.span.start + _USUAL)
                    late = not shown.busy and one.span.start + after < context.now
                    again = replace(shown, occurrence=one.wall, span=span, late=late)
                else:
                    continue
                found.append(self._entry(again))
        return found

    def _of_record(self, record: Record, titles: Mapping[Ref, str]) -> Shown:
        """What `between` shows of a record that stands for itself."""
        session = self._session
        owner = Ref.read(record.doc.get("owner"))
        known = read(record.id, record.rev, record.doc)
        busy = owner not in titles or (known.private and not is_of(record.doc, session.person_key))
        shown = Shown(
            activity=record.id,
            what=_("busy"),
            span=None if known.day else _span(known),
            day=known.day,
            last_day=known.last_day or known.day,
            responsible=known.responsible,
            busy=busy,
            done=known.done and not busy,
            takes=not known.done and (known.kind != USUAL_KIND or bool(known.end and not known.day)),
        )
        if busy or owner is None:
            return shown
        return replace(
            shown,
            what=known.what,
            owner=owner,
            title=titles[owner],
            kind=known.kind,
            colour=known.colour,
            place=known.place,
            people=tuple(key for key, answer in known.people.items() if answer != "declined"),
            rooms=known.rooms,
            late=not known.done and known.at < stamp(session.clock()),
            repeats=bool(known.rule or known.of),
        )

    def _kept(self, shown: Sequence[Shown]) -> set[Ref]:
        owners = {one.owner.id for one in shown if one.owner is not None and one.owner.type == self.type}
        return {Ref(self.type, one) for one in self._session.among(self.type, sorted(owners), self._where)}

    def _entry(self, shown: Shown) -> CalendarEntry:
        session = self._session
        person = session.workspace.people.get(shown.responsible)
        begin, end = self._wall(shown)
        kind = kind_of(session, shown.kind) if shown.kind else ActivityKind("", "")
        return CalendarEntry(
            activity=shown.activity,
            occurrence=shown.occurrence,
            begin=begin,
            end=end,
            whole=shown.span is None,
            what=shown.what,
            owner=shown.owner,
            about=shown.title,
            kind=shown.kind,
            sign=kind.symbol,
            colour=shown.colour or kind.colour,
            place=shown.place,
            initials=person.initials if person else "",
            late=shown.late,
            done=shown.done,
            busy=shown.busy,
            repeats=shown.repeats,
            takes=shown.takes,
        )

    def _wall(self, shown: Shown) -> tuple[datetime, datetime]:
        """From when to when on the person's clock; a minute at least, since an hour may come twice."""
        if shown.span is None:
            last = date.fromisoformat(shown.last_day or shown.day)
            return (
                datetime.combine(date.fromisoformat(shown.day), time()),
                datetime.combine(last, time()) + timedelta(days=1),
            )
        begin, end = (self._on_clock(moment) for moment in shown.span)
        if begin.date() < end.date() and end - begin <= _USUAL:
            end = datetime.combine(end.date(), time())  # what is short is of the day in which it begins
        return begin, max(end, begin + timedelta(minutes=1))

    def _on_clock(self, moment: datetime) -> datetime:
        try:
            here = moment.astimezone(self._session.zone)
        except OverflowError:
            here = moment.astimezone(UTC)
        return here.replace(tzinfo=None, second=0, microsecond=0)


def is_ready(session: Session, whose: Whose) -> bool:
    """Whether calendars would be shown in a moment."""
    return all(session.store.is_ready(ACTIVITIES, asked) for asked in Crowds(session, whose, 0).asked())


def prepare(session: Session, whose: Whose, tell: Tell) -> None:
    """Read what calendars ask for, from a thread. Raises what `tell` raises; nothing is kept then."""
    for asked in Crowds(session, whose, 0).asked():
        session.store.prepare(ACTIVITIES, asked, tell)
        # Asked here, so that the answer is known, and kept, when the calendar asks.
        session.store.window(Ordered(ACTIVITIES, asked.where, tuple(asked.sort)), 0)


def titles_of(session: Session, owners: Iterable[object]) -> dict[Ref, str]:
    """What the items are called that may be read, of some stored refs."""
    by_type: dict[str, set[int]] = {}
    for owner in map(Ref.read, owners):
        if owner is not None and owner.type in session.workspace.types:
            by_type.setdefault(owner.type, set()).add(owner.id)
    return {item.ref: session.title_of(item) for key, ids in by_type.items() for item in session.many(key, sorted(ids))}


def _span(known: Activity) -> Span:
    """The block of time of an activity; half an hour of one that says no end."""
    begin = _moment(known.begins) or datetime(1970, 1, 1, tzinfo=UTC)
    end = _moment(known.end)
    return Span(begin, end if end is not None and end > begin else begin + _USUAL)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def with_moved(days: Sequence[CalendarDay], entry: CalendarEntry) -> list[CalendarDay]:
    """The days with one of their entries at another time."""
    kept = [replace(day, entries=tuple(one for one in day.entries if one.key != entry.key)) for day in days]
    added = {one.day: one.entries for one in days_with([entry], [day.day for day in days])}
    return [replace(day, entries=tuple(in_order((*day.entries, *added[day.day])))) for day in kept]


def wall_now(session: Session) -> datetime:
    """Now on the person's clock, to the minute."""
    return session.clock().astimezone(session.zone).replace(tzinfo=None, second=0, microsecond=0)


def work_hours(session: Session) -> WorkHours:
    """When people work here."""
    working = working_time(session.context().settings)
    begin, end = (one.hour * 60 + one.minute for one in (working.begin, working.end))
    return WorkHours(begin, end, working.works_on)
