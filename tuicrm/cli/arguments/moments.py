"""Times as the command line takes them: `2026-12-18T09:30`, `2026-12-18`, `today`, `fri`, `+3d`, in the person's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tuicrm.errors import FieldProblem, Refused, UsageError

if TYPE_CHECKING:
    from tuicrm.domain.kinds.base import BadValue
    from tuicrm.services.kernel.session import Session


def moment(session: Session, text: str, option: str) -> datetime:
    """A moment of the past in UTC; a day alone means its beginning. Raises UsageError naming the option.

    `-1h` is an hour before now as the journal counts: after a clock was set back, what was just written is not a year ahead."""
    from tuicrm.domain import typed
    from tuicrm.domain.kinds.base import BadValue

    context = replace(session.context(canonical=True), now=session.moment())
    try:
        found = typed.when(text, context)
    except BadValue as problem:
        raise UsageError(f"--{option}: {problem.message}") from problem
    if isinstance(found, datetime):
        return found
    return datetime.combine(date.fromisoformat(found), time(), context.zone).astimezone(UTC)


def due(session: Session, text: str, option: str, planned: str = "") -> str:
    """When an activity is to be done (`activities.read_time`); a day alone keeps the hour that is `planned`.

    Raises Refused naming the option."""
    from tuicrm.domain import typed
    from tuicrm.domain.kinds.base import BadValue
    from tuicrm.domain.schema import Field
    from tuicrm.services.items.activities import read_time

    context = session.context(canonical=True)
    try:
        at, _canonical = typed.either(text, lambda known: read_time(text, known, planned), context, is_time=True)
        typed.hear(text, at, Field("", "datetime", ""), context)
        return at
    except BadValue as problem:
        raise _refused(problem, text, option) from problem


def _refused(problem: BadValue, text: str, option: str) -> Refused:
    return Refused(f"--{option}: {problem.message}", [FieldProblem(option, problem.message, text)])
