"""What is refused of an activity: each field by its name, with the value and what is expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from tuicrm.domain.activities.lasting import LONGEST
from tuicrm.domain.activities.planned import ANSWERS, COLOURS, PRIORITIES
from tuicrm.domain.items import Ref
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.limits import (
    ACTIVITY,
    ALSO,
    ATTENDEES,
    COMMENT,
    PLACE,
    REMINDER_AHEAD,
    REMINDERS,
    ROOMS_OF_ACTIVITY,
    RULE,
    SKIPPED,
    UID,
    VALUES_OF_FIELD,
    Limit,
)
from tuicrm.regex import regex

_MOMENT = regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DAY = regex(r"\d{4}-\d\d-\d\d")
_KEY = regex(r"[^\s\x00-\x1f]{1,300}")
_ZONE = regex(r"[A-Za-z0-9_+\-/]{1,64}")
_WALL = regex(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?")

PartCheck: TypeAlias = Callable[[Any], str]
"""What is expected of a value that is no such; "" where it is one."""


def check(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Raise Refused where a record holds what no activity may, in what is other than `before`: what a script wrote may stay."""
    problems = found(before or {}, after)
    if problems:
        raise Refused("; ".join(f"{one.field}: {one.message}" for one in problems), problems)


def found(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldProblem]:
    """All that is wrong with what changed."""
    changed = [name for name in after if after[name] is not None and not _same(after[name], before.get(name))]
    problems = [
        FieldProblem(name, told, after[name])
        for name in changed
        if name in CHECKS and (told := CHECKS[name](after[name]))
    ]
    return problems or [
        one for one in _together(after) if one.field in changed or "day" in changed or "start" in changed
    ]


def _is_too_long(since: object, until: object) -> bool:
    try:
        return datetime.fromisoformat(str(until)) - datetime.fromisoformat(str(since)) > LONGEST
    except (TypeError, ValueError):
        return False


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and bool(one == other)


def _together(doc: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """What is wrong with values beside each other."""
    start, end, day, last = (doc.get(name) for name in ("start", "end", "day", "last_day"))
    if end and end <= (start or doc.get("at") or ""):
        yield FieldProblem("end", _("a time after the start is expected"), end)
    if last and not day:
        yield FieldProblem("last_day", _("the first day is expected beside it"), last)
    if day and last and last < day:
        yield FieldProblem("last_day", _("no day before the first is expected"), last)
    for name, since, until in (("end", start or doc.get("at"), end), ("last_day", day, last)):
        if doc.get("rule") and since and until and _is_too_long(since, until):
            told = _("each time of a series lasts a year at most")
            yield from (FieldProblem(name, told, until), FieldProblem("rule", told, doc["rule"]))
    if day and (start or end):
        yield FieldProblem("day", _("whole days have no times"), day)


def _is_moment(value: object) -> str:
    expected = _("a moment in UTC is expected, such as 2027-01-12T09:00:00Z")
    if not (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return expected
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return expected
    return ""


def _is_day(value: object) -> str:
    expected = _("a day is expected, such as 2027-01-12")
    if not (isinstance(value, str) and _DAY.fullmatch(value)):
        return expected
    try:
        date.fromisoformat(value)
    except ValueError:
        return expected
    return ""


def _is_wall(value: object) -> str:
    try:
        sound = isinstance(value, str) and _WALL.fullmatch(value) and datetime.fromisoformat(value)
    except ValueError:
        sound = False
    return "" if sound else _("a time on the clock is expected, such as 2027-01-11T10:00")


def _text(limit: Limit, *, line: bool = False) -> PartCheck:
    def told(value: object) -> str:
        if not isinstance(value, str):
            return _("a text is expected")
        if len(value) > limit.most:
            return limit.told
        return _("a text of one line is expected") if line and ("\n" in value or "\r" in value) else ""

    return told


def _several(limit: Limit, of: PartCheck) -> PartCheck:
    """A list, each but once."""

    def told(value: object) -> str:
        if not isinstance(value, list):
            return _("a list is expected")
        if len(value) > limit.most:
            return limit.told
        wrong = next(filter(None, map(of, value)), "")
        return wrong or ("" if len({str(one) for one in value}) == len(value) else _("each is expected once"))

    return told


def _one_of(values: Sequence[Any]) -> PartCheck:
    def told(value: object) -> str:
        fits = value in values and not isinstance(value, bool)
        return "" if fits else _("one of these is expected: {list}").format(list=", ".join(map(str, values)))

    return told


def _is_ref(value: object) -> str:
    return "" if Ref.read(value) is not None else _("an item is expected, such as deal:42")


def _is_key(value: object) -> str:
    return "" if isinstance(value, str) and _KEY.fullmatch(value) else _("a key is expected")


def _is_zone(value: object) -> str:
    fits = isinstance(value, str) and _ZONE.fullmatch(value)
    return "" if fits else _("a time zone is expected, such as Europe/Rome")


def _is_rule(value: object) -> str:
    """That it ever falls on a day hangs on when it begins: who writes a series asks that as well (`series.check`)."""
    from tuicrm.domain.activities import rules
    from tuicrm.domain.kinds.base import BadValue

    if told := _text(RULE, line=True)(value):
        return told
    try:
        rules.read(value)
    except BadValue as bad:
        return bad.message
    return ""


def _is_yes_no(value: object) -> str:
    return "" if isinstance(value, bool) else _("yes or no is expected")


def _counts(value: object) -> str:
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return "" if fits else _("a whole number from 0 is expected")


def _is_ahead(value: object) -> str:
    return _counts(value) or (REMINDER_AHEAD.told if isinstance(value, int) and value > REMINDER_AHEAD.most else "")


def _are_reminders(value: object) -> str:
    return _several(REMINDERS, _is_ahead)(value) or (
        "" if isinstance(value, list) and value == sorted(value) else _("an ascending list is expected")
    )


def _are_people(value: object) -> str:
    if not isinstance(value, dict):
        return _("people with what each has answered are expected")
    if len(value) > ATTENDEES.most:
        return ATTENDEES.told
    wrong = next(filter(None, map(_is_key, value)), "")
    return wrong or next(filter(None, map(_one_of(ANSWERS), value.values())), "")


def _is_file(value: object) -> str:
    fits = isinstance(value, dict) and set(value) == {"blob", "name", "size"}
    return "" if fits else _("a file of this workspace is expected")


CHECKS: Mapping[str, PartCheck] = {
    "owner": _is_ref,
    "what": _text(ACTIVITY),
    "kind": _is_key,
    **dict.fromkeys(("at", "start", "end"), _is_moment),
    **dict.fromkeys(("day", "last_day"), _is_day),
    "zone": _is_zone,
    **dict.fromkeys(("done", "private"), _is_yes_no),
    "also": _several(ALSO, _is_ref),
    "people": _are_people,
    "contacts": _several(ATTENDEES, _is_ref),
    "place": _text(PLACE, line=True),
    "rooms": _several(ROOMS_OF_ACTIVITY, _is_key),
    "colour": _one_of(COLOURS),
    "priority": _one_of(PRIORITIES),
    "reminders": _are_reminders,
    "files": _several(VALUES_OF_FIELD, _is_file),
    **dict.fromkeys(("text", "note", "result"), _text(COMMENT)),
    "rule": _is_rule,
    "wall": _is_wall,
    **dict.fromkeys(("skipped", "more"), _several(SKIPPED, _is_wall)),
    "of": _counts,
    "occurrence": _is_wall,
    "uid": _text(UID, line=True),
    "sequence": _counts,
}
"""By field. What is not in it may be anything: those who come later keep more."""

_LOOSE = frozenset(("owner", "what", "at", "kind", "text", "note", "done"))
"""Of these anything is shown, as text: they were there before there were checks."""


def mended(doc: Mapping[str, Any]) -> dict[str, Any]:
    """What of a record is to be read otherwise than it stands: values that are no such, as if they were not there."""
    return {name: None for name in doc if name in CHECKS and name not in _LOOSE and CHECKS[name](doc[name])}
