"""Times as the command line takes them: `2026-12-18T09:30`, `2026-12-18`, `today`, `+3d`, in the person's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tuicrm.errors import FieldProblem, Refused, UsageError

if TYPE_CHECKING:
    from tuicrm.domain.kinds.base import BadValue
    from tuicrm.services.session import Session


def moment(session: Session, text: str, option: str) -> datetime:
    """A moment of the past in UTC; a day alone means its beginning. Raises UsageError naming the option.

    `-1h` is an hour before now as the journal counts: after a clock was set back, what was just written is not a year ahead."""
    from tuicrm.domain.kinds.base import BadValue
    from tuicrm.domain.kinds.values import parse_field
    from tuicrm.domain.schema import Field

    context = replace(session.context(canonical=True), now=session.moment())
    try:
        day = datetime.fromisoformat(str(parse_field(text, Field(option, "date", option), context)))
        return datetime.combine(day.date(), time(), context.zone).astimezone(UTC)
    except BadValue:
        pass
    try:
        return datetime.fromisoformat(str(parse_field(text, Field(option, "datetime", option), context)))
    except BadValue as problem:
        raise UsageError(f"--{option}: {problem.message}") from problem


def due(session: Session, text: str, option: str, planned: str = "") -> str:
    """When an activity is to be done (`activities.read_time`); a day alone keeps the hour that is `planned`.

    Raises Refused naming the option."""
    from tuicrm.domain.kinds.base import BadValue
    from tuicrm.services.activities import read_time

    try:
        return read_time(text, session.context(canonical=True), planned)
    except BadValue as problem:
        raise _refused(problem, text, option) from problem


def _refused(problem: BadValue, text: str, option: str) -> Refused:
    return Refused(f"--{option}: {problem.message}", [FieldProblem(option, problem.message, text)])
