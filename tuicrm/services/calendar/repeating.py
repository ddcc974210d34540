"""How what is planned or edited repeats: a rule that is new begins with the activity's own time, one that is there keeps going."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuicrm.domain.activities import steps
from tuicrm.domain.activities.steps import Standing
from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import FieldProblem, Refused


def begun(doc: dict[str, Any]) -> dict[str, Any]:
    """A new activity as it is kept: with a rule, at the first time on which that falls. Raises Refused, with the field `rule`."""
    if not doc.get("rule"):
        return doc
    try:
        return steps.begun(doc, str(doc["rule"]))
    except BadValue as bad:
        raise refused(bad) from bad


def kept_up(known: Standing | None, before: Mapping[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """An edited activity as it is kept. All of a series change as its next occurrence does (`known`; None for what was no series).
    Raises Refused, with the field `rule`."""
    if known is None:
        return begun(after) if after.get("rule") and after.get("rule") != before.get("rule") else after
    fields = {name: after.get(name) for name in {*before, *after} if after.get(name) != before.get(name)}
    try:
        return steps.changed(known, known.next, fields)
    except BadValue as bad:
        raise refused(bad) from bad


def refused(bad: BadValue) -> Refused:
    """What is wrong with a rule, as services say it."""
    return Refused(f"rule: {bad.message}", [FieldProblem("rule", bad.message, bad.value)])
