"""What filters know of an item's activities: `next_activity < today`, `activities is empty`, `idle > 14d`.

None of these is a value of the item. `next_activity` is when something is to be done with it next, `activities` stands for what is
planned: both are the store's path NEXT. `idle` is how long ago it was last changed, or anything was last done with it (the path LAST):
days, where no other unit is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tuicrm.domain.conditions import And, Condition, Not, Operator, Test
from tuicrm.domain.context import Context
from tuicrm.domain.filters.syntax import Word
from tuicrm.domain.schema import Field, all_labels
from tuicrm.domain.stamps import stamp
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.regex import regex

NEXT, LAST, IDLE = "@next", "@last", "@idle"
CHANGED = "updated"
"""The field that says when an item was last changed."""
FIELDS = (
    Field("next_activity", "datetime", {"en": "Next activity", "it": "Prossima attività"}, derived=NEXT),
    Field("activities", "datetime", {"en": "Activities", "it": "Attività"}, derived=NEXT),
    Field("idle", "integer", {"en": "Idle", "it": "Ferma da"}, derived=IDLE),
)
_LENGTH = regex(r"(\d{1,6})\s*([a-z]*)")
_HOURS = {"": 24, "d": 24, "g": 24, "w": 168, "s": 168, "h": 1, "m": 730, "y": 8766, "a": 8766}
"""How long a unit is; a month is a twelfth of a year."""


def beside(fields: Mapping[str, Field]) -> dict[str, Field]:
    """The fields of a type, and before them those of its plans that no field is called like."""
    called = {name.casefold() for field in fields.values() for name in (field.key, *all_labels(field.label))}
    own = {
        one.key: one for one in FIELDS if not called & {name.casefold() for name in (one.key, *all_labels(one.label))}
    }
    return {**fields, **own}


def never_empty(word: Word) -> UsageError:
    """What is said where somebody asks whether an item is idle at all."""
    return UsageError(
        _("{field} is never empty: say how long, such as {field} > 14d").format(field=word.text), word.start
    )


def idle(operator: Operator, value: Word, context: Context) -> Condition:
    """Items that were left alone for so long. Raises UsageError."""
    hours = _hours(value)
    if operator == "=":
        return And((idle_for(">=", hours, context), Not(idle_for(">=", hours + 24, context))))
    if operator == "!=":
        return Not(And((idle_for(">=", hours, context), Not(idle_for(">=", hours + 24, context)))))
    if operator in ("<", "<="):
        return Not(idle_for(">=" if operator == "<" else ">", hours, context))
    return idle_for(operator, hours, context)


def idle_for(operator: Operator, hours: int, context: Context) -> Condition:
    """Changed before, and nothing done since, so many hours ago."""
    try:
        edge = stamp(context.now - timedelta(hours=hours))
    except OverflowError:
        edge = "0001-01-01T00:00:00Z"
    before: Operator = "<" if operator == ">" else "<="
    since: Operator = ">=" if operator == ">" else ">"
    return And((Test(CHANGED, "datetime", before, edge), Not(Test(LAST, "datetime", since, edge))))


def _hours(word: Word) -> int:
    found = _LENGTH.fullmatch(word.text.strip().casefold())
    unit = _HOURS.get(found[2]) if found else None
    if found is None or unit is None:
        raise UsageError(
            _("a length of time is expected, such as 14d, 2w or 36h, not “{found}”").format(found=word.text), word.start
        )
    return int(found[1]) * unit
