"""An activity in words: when, where and with whom, as timelines, lists and forms tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from tuicrm.domain.activities.planned import Activity, read
from tuicrm.domain.activities.rule_told import told as rule_told
from tuicrm.domain.context import Context
from tuicrm.domain.kinds.dates import clock_time, short_when
from tuicrm.domain.kinds.day_names import day_text, weekday
from tuicrm.domain.kinds.moments import today
from tuicrm.i18n import N_, _
from tuicrm.services.items.room_names import room_name
from tuicrm.services.kernel.session import Session

ANSWERS = {"asked": N_("asked"), "accepted": N_("accepted"), "declined": N_("declined"), "maybe": N_("maybe")}
"""What somebody who is to take part has said, in words."""
PRIORITIES = {1: N_("low priority"), 2: N_("usual priority"), 3: N_("high priority")}


def when_words(activity: Activity, context: Context) -> str:
    """`12 Jan 10:00–11:00`, `Wed 10:00`, `12 Jan – 14 Jan`; with `by 18:00` where it is to be done later than it begins."""
    if activity.whole_day:
        return _days(activity, context)
    begins = short_when(activity.begins, context)
    clock = clock_time(activity.begins, context)
    if activity.end and not begins.endswith(clock):
        begins = f"{begins} {clock}"
    told = f"{begins}–{_end(activity, context)}" if activity.end else begins
    if activity.start and activity.start != activity.at:
        told = f"{told}, {_('by {when}').format(when=short_when(activity.at, context))}"
    return told


def _end(activity: Activity, context: Context) -> str:
    """When it ends; with the day where that is another one."""
    end = clock_time(activity.end, context)
    return (
        end
        if _day(activity.begins, context) == _day(activity.end, context)
        else f"{short_when(activity.end, context)} {end}"
    )


def _day(iso: str, context: Context) -> date | None:
    try:
        return datetime.fromisoformat(iso).astimezone(context.zone).date()
    except (ValueError, OverflowError):
        return None


def _days(activity: Activity, context: Context) -> str:
    try:
        first, last = date.fromisoformat(activity.day), date.fromisoformat(activity.last_day or activity.day)
    except ValueError:
        return activity.day
    here = today(context)
    told = [f"{weekday(day, context)} {day_text(day, context, year=day.year != here.year)}" for day in (first, last)]
    return told[0] if first == last else " – ".join(told)


def details(session: Session, doc: Mapping[str, Any], context: Context) -> list[str]:
    """What a line of an activity says besides what and when it is due: its block of time, where, in which room, with whom."""
    activity = read(0, 0, doc)
    told = []
    if activity.end or activity.whole_day or activity.start:
        told.append(when_words(activity, context))
    if activity.rule:
        told.append(rule_told(activity.rule, context.language))
    told += [activity.place] if activity.place else []
    told += [room_name(session, key) for key in activity.rooms]
    attendees = ", ".join(with_whom(session, activity))
    told += [_("with {people}").format(people=attendees)] if attendees else []
    return told


def with_whom(session: Session, activity: Activity) -> Iterator[str]:
    """`Luca Riva (accepted)`, `Maria Rossi`: who takes part; nobody whom this person may not see."""
    for key, answer in activity.people.items():
        yield f"{session.names.person(key) or key} ({_(ANSWERS[answer])})"
    for ref in activity.contacts:
        if name := session.names.item(ref):
            yield name


def ahead_words(minutes: int) -> str:
    """`15 min`, `2 h`, `1 d`: how long before."""
    for size, word in ((1440, _("{n} d")), (60, _("{n} h"))):
        if minutes and minutes % size == 0:
            return word.format(n=minutes // size)
    return _("{n} min").format(n=minutes)
