"""Parts of an activity as they are typed one by one: until when, how long, how long before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tuicrm.domain.activities.planned import Activity
from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.moments import parse_date, parse_moment
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _
from tuicrm.limits import REMINDERS, TYPED_NUMBER
from tuicrm.regex import regex
from tuicrm.services.items.activity_words import ahead_words

_LENGTH = regex(r"(\d{1,5})\s*([a-z]*)(?:\s*(\d{1,2})\s*(?:m|min)?)?")
_CLOCK = regex(r"\d{1,2}(?:[:.]\d\d)?\s*(?:am|pm)?")
_UNITS = {
    **dict.fromkeys(("", "m", "min", "mins", "minute", "minutes", "minuti"), 1),
    **dict.fromkeys(("h", "hr", "hour", "hours", "ora", "ore"), 60),
    **dict.fromkeys(("d", "day", "days", "g", "giorno", "giorni"), 1440),
}


def minutes_of(text: str) -> int:
    """A length of time in minutes: `15`, `15m`, `1h30`, `2h`, `1d`. Raises BadValue."""
    found = _LENGTH.fullmatch(text.strip().casefold()) if len(text) <= TYPED_NUMBER.most else None
    unit = _UNITS.get(found[2]) if found else None
    if found is None or unit is None or (found[3] and unit != 60):
        raise BadValue(_("a length of time is expected, such as 15m, 1h30 or 1d"), text)
    return int(found[1]) * unit + int(found[3] or 0)


def read_reminders(text: str) -> list[int]:
    """`15m, 1h`: minutes before, ascending. Raises BadValue."""
    parts = [part for part in regex(r"[,;]").split(text) if part.strip()]
    if len(parts) > REMINDERS.most:
        raise BadValue(REMINDERS.told, text)
    return sorted({minutes_of(part) for part in parts})


def reminders_text(minutes: Sequence[int]) -> str:
    """The same as they are typed."""
    return ", ".join(map(ahead_words, minutes))


def read_end(text: str, start: str, context: Context) -> str:
    """Until when (UTC ISO), of what begins at `start`: a length (`30m`, `1h30`), a time of the same day (the next one where that has
    passed), or a moment. Raises BadValue."""
    begins = datetime.fromisoformat(start).astimezone(context.zone)
    word = text.strip()
    if _CLOCK.fullmatch(word.casefold()):
        clock = word if not word.isdigit() else f"{word}:00"
        found = parse_moment(f"{begins.date().isoformat()} {clock}", context)
        return stamp(found if found > begins else found + timedelta(days=1))
    try:
        return stamp(begins + timedelta(minutes=minutes_of(word)))
    except (BadValue, OverflowError):
        return stamp(parse_moment(word, context, begins.time()))


def end_text(activity: Activity, context: Context) -> str:
    """Until when, as it is typed: `11:00`; with the day where that is another one, and of whole days the last one."""
    if activity.whole_day:
        return activity.last_day if activity.last_day != activity.day else ""
    if not activity.end:
        return ""
    try:
        begins, ends = (datetime.fromisoformat(iso).astimezone(context.zone) for iso in (activity.begins, activity.end))
    except (ValueError, OverflowError):
        return activity.end
    return f"{ends:%H:%M}" if begins.date() == ends.date() else f"{ends:%Y-%m-%d %H:%M}"


def read_day(text: str, context: Context) -> str:
    """A day (`2027-01-12`); of a moment, the person's own day. Raises BadValue."""
    try:
        return parse_date(text, context).isoformat()
    except BadValue:
        return local_day(parse_moment(text, context), context).isoformat()


def local_day(moment: datetime, context: Context) -> date:
    """On which day a moment is for the person."""
    return moment.astimezone(context.zone).date()
