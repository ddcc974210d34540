"""Series where single activities are done, put off and deleted: the next one is meant, and the series goes on to the one after it.

What is done to this one, this and following, or all, by somebody who chooses, is in `services/calendar/series_changes.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tuicrm.domain.activities import steps
from tuicrm.domain.activities.planned import moved
from tuicrm.domain.activities.steps import OpenSeries, apart
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.store.protocol import Record

__all__ = ["NEXT", "Finished", "apart", "finish", "put_off", "set_apart", "standing"]


def standing(record: Record) -> OpenSeries | None:
    """The series that a record is; None for an activity that does not repeat, or is done. Nothing heavy is loaded for those."""
    doc = record.doc
    if not doc.get("rule") or doc.get("done"):
        return None
    return steps.standing(record.id, doc)


class Finished(Struct, frozen=True):
    """What of a series is done: an occurrence by its name, "" for the next one. Where the series `ends` with it, those before it stay
    open."""

    occurrence: str = ""
    ends: bool = False


NEXT = Finished()


def finish(
    change: Change,
    record: Record,
    ticked: Mapping[str, Any],
    meant: Finished = NEXT,
    *,
    base: Mapping[str, Any] | None = None,
) -> int:
    """Tick an activity off, with what is kept of it then; of a series, what is `meant`. Returns the number of what is done.
    `base` as in `Change.patch`; a series always rests on what was seen of it."""
    known = standing(record)
    if known is None:
        change.patch(ACTIVITIES, record.id, ticked, base=base)
        return record.id
    one = steps.occurrence_of(known, meant.occurrence) or known.next
    is_next = one.wall == known.next.wall
    if meant.ends:
        fields = None if is_next else steps.ended_before(known, one)
    else:
        fields = steps.without(known, one) if is_next else steps.left_out(known, one)
    if fields is None:
        ended = steps.ended_with(known, one) if meant.ends else {}
        change.patch(ACTIVITIES, record.id, {**ticked, **ended}, base=record.doc)
        return record.id
    change.patch(ACTIVITIES, record.id, fields, base=record.doc)
    done = {**apart(known, one), **ticked}
    return change.put(ACTIVITIES, {name: value for name, value in done.items() if value is not None})


def put_off(change: Change, record: Record, at: str) -> int:
    """Put an activity off to `at` (UTC ISO); of a series, its next occurrence alone. Returns the number of what is put off."""
    known = standing(record)
    if known is None:
        change.patch(ACTIVITIES, record.id, moved(record.doc, at), base=record.doc)
        return record.id
    doc = apart(known, known.next)
    return set_apart(change, record, known, {**doc, **moved(doc, at)})


def set_apart(change: Change, record: Record, known: OpenSeries, doc: Mapping[str, Any], wall: str = "") -> int:
    """Write a record that stands for an occurrence (the next one without `wall`), which the series no longer has; where that is all
    there is left of it, the series becomes it. Returns its number."""
    one = steps.occurrence_of(known, wall) or known.next
    fields = steps.left_out(known, one)
    if fields is not None:
        change.patch(ACTIVITIES, record.id, fields, base=record.doc)
        return change.put(ACTIVITIES, {name: value for name, value in doc.items() if value is not None})
    kept = {name: value for name, value in doc.items() if name not in ("of", "occurrence") and value is not None}
    gone = {name: None for name in record.doc if name not in kept}
    change.patch(ACTIVITIES, record.id, {**gone, **kept}, base=record.doc)
    return record.id
