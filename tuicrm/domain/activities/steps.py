"""What becomes of a series when one of it is done, left out or changed: pure steps from record to record.

A series is one open record whose `at`, `start`, `end` (or days) hold its next open occurrence. What stands for one of them is a record
of its own, with `of` and `occurrence`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.activities import rules
from tuicrm.domain.activities.expanding import counted
from tuicrm.domain.activities.planned import Activity, read
from tuicrm.domain.activities.rules import Rule
from tuicrm.domain.activities.series import (
    Occurrence,
    Series,
    check,
    last_day,
    next_after,
    occurrence_at,
    series_of,
)
from tuicrm.domain.activities.wall import day_end, read_wall, wall_of, write_wall, zone_named
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.stamps import read_stamp, stamp
from tuicrm.i18n import _

ActivityDoc: TypeAlias = dict[str, Any]

OF_SERIES = ("rule", "wall", "skipped", "more")
"""What only a series holds."""
_OWN = ("uid", "sequence", "done", "done_at", "done_by", "note", "result", "of", "occurrence")
"""What does not go over to a series that is split off."""


class OpenSeries(Struct, frozen=True):
    """A series as its record has it: what repeats, and the occurrence that is open next."""

    activity: Activity
    doc: ActivityDoc
    series: Series
    next: Occurrence


def standing(record_id: int, doc: ActivityDoc) -> OpenSeries | None:
    """The series that an open record is; None for an activity that does not repeat, or has nothing to come."""
    activity = read(record_id, 0, doc)
    series = None if activity.done else series_of(activity)
    if series is None:
        return None
    found = _first_from(series, activity)
    return OpenSeries(activity, doc, series, found) if found is not None else None


def _first_from(series: Series, activity: Activity) -> Occurrence | None:
    """The first occurrence that is not before what the record holds."""
    if series.whole_day:
        day = read_wall(activity.day)
        return None if day is None else next_after(series, write_wall(day - timedelta(days=1)))
    begin, zone = read_stamp(activity.begins), zone_named(series.zone) or UTC
    if begin is None:
        return None
    # Two hours: a time that the clocks jump over is shown later than it is called.
    found = next_after(series, write_wall(wall_of(begin, zone) - timedelta(hours=2)))
    while found is not None and found.span is not None and found.span.start < begin:
        found = next_after(series, found.wall)
    return found


def occurrence_of(known: OpenSeries, wall: str = "") -> Occurrence | None:
    """An open occurrence by its name; "" for the next one. None for one that there is not, or no more."""
    if not wall or wall == known.next.wall:
        return known.next
    found = occurrence_at(known.series, wall)
    return found if found is not None and found.wall > known.next.wall else None


def times(known: OpenSeries, one: Occurrence) -> ActivityDoc:
    """`at`, `start`, `end` or days of an occurrence, as a record holds them."""
    doc, activity = known.doc, known.activity
    if one.span is None:
        last = last_day(one.day, known.series.days)
        zone = zone_named(known.series.zone) or UTC
        days: ActivityDoc = {"day": one.day, "at": stamp(day_end(date.fromisoformat(last), zone))}
        return {**days, "last_day": last} if doc.get("last_day") else days
    begin = one.span.start
    found: ActivityDoc = {"at": stamp(begin)}
    was, due, end = read_stamp(activity.begins), read_stamp(activity.at), read_stamp(activity.end)
    if activity.start and was is not None and due is not None:
        found = {"at": stamp(begin + (due - was)), "start": stamp(begin)}
    if end is not None:
        found["end"] = stamp(one.span.end)
    return found


def apart(known: OpenSeries, one: Occurrence) -> ActivityDoc:
    """A record that stands for one occurrence alone."""
    kept = {
        name: value for name, value in known.doc.items() if name not in (*OF_SERIES, "day", "last_day", "start", "end")
    }
    return {**kept, **times(known, one), "of": known.activity.id, "occurrence": one.wall}


def without(known: OpenSeries, one: Occurrence) -> ActivityDoc | None:
    """What changes of a series where one occurrence is no longer its own: it goes on to the next, or leaves that one out. None where
    nothing is left of it."""
    if one.wall != known.next.wall:
        return {"skipped": sorted({*known.series.skipped, one.wall})}
    following = next_after(known.series, one.wall)
    return None if following is None else times(known, following)


def left_out(known: OpenSeries, one: Occurrence) -> ActivityDoc | None:
    """The same, and the occurrence is named as left out: other calendars are to know."""
    fields = without(known, one)
    return None if fields is None else {**fields, "skipped": sorted({*known.series.skipped, one.wall})}


def single() -> ActivityDoc:
    """What a record no longer holds when it does not repeat."""
    return dict.fromkeys(OF_SERIES)


# -- from one on -------------------------------------------------------------------------------------------------------
def ended_with(known: OpenSeries, one: Occurrence) -> ActivityDoc:
    """What changes of a series whose last occurrence this is."""
    return _ended(known, one, date.fromisoformat(one.day))


def ended_before(known: OpenSeries, one: Occurrence) -> ActivityDoc:
    """What changes of a series that ends before an occurrence which is not its next."""
    return _ended(known, one, date.fromisoformat(one.day) - timedelta(days=1))


def _ended(known: OpenSeries, one: Occurrence, day: date) -> ActivityDoc:
    rule = rules.read(known.series.rule)
    ended = replace(rule, count=0, until=day.isoformat().replace("-", ""))
    more = [wall for wall in known.series.more if wall < one.wall]
    return {"rule": rules.write(ended), "more": more or None}


def begun_at(known: OpenSeries, one: Occurrence, *, anew: bool) -> ActivityDoc:
    """The record of a series that begins at an occurrence of this one; `anew`: as another one, with an identity of its own."""
    rule, start, wall = rules.read(known.series.rule), read_wall(known.series.wall), read_wall(one.wall)
    if rule.count and start is not None and wall is not None:
        rule = replace(rule, count=max(rule.count - counted(rule, start, wall), 1))
    doc = {name: value for name, value in known.doc.items() if not (anew and name in _OWN)}
    doc |= {"rule": rules.write(rule), "wall": one.wall, **times(known, one), "done": False}
    for name in ("skipped", "more"):
        left = [text for text in doc.pop(name, None) or () if text >= one.wall]
        doc |= {name: left} if left else {}
    return doc


# -- all of it ---------------------------------------------------------------------------------------------------------
def changed(known: OpenSeries, one: Occurrence, fields: Mapping[str, Any]) -> ActivityDoc:
    """The record of a series in which all are changed as `fields` say of one of them (None takes away). Raises BadValue where the
    rule does not go with the new time, or nothing would be left."""
    rest = {name: value for name, value in fields.items() if name not in ("rule", *OF_SERIES)}
    moved = _cleaned({**known.doc, **times(known, one), **rest})
    rule = str(fields["rule"] or "") if "rule" in fields else known.series.rule
    if not rule:
        return _cleaned({**moved, **single()})
    activity = read(known.activity.id, 0, moved)
    wall, before = first_wall(activity), read_wall(one.wall)
    if wall is None or before is None:
        raise BadValue(_("a time is expected from which it repeats"), activity.at)
    if "rule" in fields:
        begun = {**moved, "rule": rule, "wall": written_wall(wall, activity)}
        begun |= {
            name: [w for w in moved.get(name) or () if w >= begun["wall"]] or None for name in ("skipped", "more")
        }
        return aligned(known.activity.id, _cleaned(begun), wall)
    away = wall - before
    rule = rules.write(rule_moved(rules.read(rule), before.date(), wall.date()))
    shifted: ActivityDoc = {"rule": rule, "wall": _shifted(known.series.wall, away, activity)}
    for name in ("skipped", "more"):
        shifted[name] = [_shifted(text, away, activity) for text in moved.get(name) or ()] or None
    open_next = read_wall(known.next.wall)
    return aligned(known.activity.id, _cleaned({**moved, **shifted}), (open_next or before) + away)


def aligned(record_id: int, doc: ActivityDoc, since: datetime) -> ActivityDoc:
    """The record of a series at its first occurrence from a time on the wall on. Raises BadValue where there is no such one."""
    check(str(doc.get("rule") or ""), str(doc.get("wall") or ""))
    activity = read(record_id, 0, doc)
    series = series_of(activity)
    found = None if series is None else next_after(series, write_wall(since - timedelta(seconds=1)))
    if series is None or found is None:
        raise BadValue(_("nothing would be left of the series: its end comes before it"), doc.get("rule"))
    return {**doc, **times(OpenSeries(activity, doc, series, found), found)}


def begun(doc: ActivityDoc, rule: str) -> ActivityDoc:
    """The record of an activity that repeats from its own time on: at the first occurrence from there. Raises BadValue."""
    activity = read(0, 0, doc)
    wall = first_wall(activity)
    if wall is None:
        raise BadValue(_("a time is expected from which it repeats"), activity.at)
    zone = zone_named(activity.zone)
    known = {**doc, "rule": rule, "wall": written_wall(wall, activity), "zone": activity.zone if zone else "UTC"}
    found = aligned(0, known, wall)
    # It begins with what really comes first: "every monday" from a Wednesday on begins on Monday.
    first = first_wall(read(0, 0, found))
    return found if first is None else {**found, "wall": _first_name(found, first)}


def _first_name(doc: ActivityDoc, first: datetime) -> str:
    activity = read(0, 0, doc)
    series = series_of(activity)
    found = _first_from(series, activity) if series is not None else None
    return found.wall if found is not None else written_wall(first, activity)


def first_wall(activity: Activity) -> datetime | None:
    """When an activity begins on the wall of its zone; the day where it is for whole days."""
    if activity.day:
        return read_wall(activity.day)
    begin = read_stamp(activity.begins)
    return None if begin is None else wall_of(begin, zone_named(activity.zone) or UTC)


def written_wall(wall: datetime, activity: Activity) -> str:
    """A time on the wall as this activity's series names it."""
    return wall.date().isoformat() if activity.day else write_wall(wall)


def _shifted(text: str, away: timedelta, activity: Activity) -> str:
    wall = read_wall(text)
    return text if wall is None else written_wall(wall + away, activity)


def rule_moved(rule: Rule, before: date, after: date) -> Rule:
    """A rule whose days are moved as one of them is. Raises BadValue where that cannot be said of all."""
    if before == after or not (rule.names_days or rule.months):
        return rule
    if rule.frequency == "WEEKLY" and not rule.months:
        away = (after - before).days
        return replace(
            rule, days=tuple(sorted(((0, (day + away) % 7) for _n, day in rule.days), key=lambda day: day[1]))
        )
    if rule.frequency in ("MONTHLY", "YEARLY") and not (rule.positions or rule.year_days or rule.weeks):
        months = (after.month,) if rule.months == (before.month,) else rule.months
        if rule.frequency == "YEARLY" or after.month == before.month or rule.months == ():
            if not rule.days and rule.month_days in ((before.day,), ()):
                return replace(rule, months=months, month_days=(after.day,) if rule.month_days else ())
            if (
                not rule.month_days
                and len(rule.days) == 1
                and rule.days[0][0]
                and (rule.months or rule.frequency == "MONTHLY")
            ):
                return replace(rule, months=months, days=(_nth(after, last=rule.days[0][0] < 0),))
    raise BadValue(_("the rule does not go with another day: say with --repeat how it is to repeat"), rules.write(rule))


def _nth(day: date, *, last: bool) -> tuple[int, int]:
    """Which weekday of its month a day is: the second Tuesday; the last one where that was the rule and still fits."""
    from calendar import monthrange

    if last and day.day > monthrange(day.year, day.month)[1] - 7:
        return -1, day.weekday()
    return (day.day - 1) // 7 + 1, day.weekday()


def _cleaned(doc: Mapping[str, Any]) -> ActivityDoc:
    return {name: value for name, value in doc.items() if value is not None and value != []}
