"""When several people, and rooms, are free together."""

from __future__ import annotations

from datetime import datetime, timedelta

from tuicrm.domain.activities.spans import Span, free
from tuicrm.domain.activities.working import working_time
from tuicrm.domain.kinds.moments import local
from tuicrm.services.calendar.occurrences import Whose, between
from tuicrm.services.kernel.session import Session

_AHEAD = 60
"""Days that are looked through."""


def next_free(session: Session, whose: Whose, length: timedelta, after: datetime) -> Span | None:
    """The next stretch of working time in which all of them are free for so long, from a moment on; None where there is none in two
    months."""
    context = session.context()
    working = working_time(context.settings)
    found = between(session, after, after + timedelta(days=_AHEAD), whose)
    busy = [one.span for one in found if one.span is not None and not one.done]
    day = after.astimezone(session.zone).date()
    for n in range(_AHEAD):
        here = day + timedelta(days=n)
        if not working.works_on(here):
            continue
        begin, end = (local(here, clock, context) for clock in (working.begin, working.end))
        if max(begin, after) < end:
            for span in free(busy, Span(max(begin, after), end), length):
                return Span(span.start, span.start + length)
    return None
