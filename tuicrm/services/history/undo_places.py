"""What undo asks of pipelines (reference §5.3): no stage goes while it holds items, no item goes back into a stage that is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

import msgspec

from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Pipeline, Stage
from tuicrm.errors import FieldProblem
from tuicrm.i18n import _, ngettext
from tuicrm.services.history import undo_options
from tuicrm.services.items.item_moves import held_ids
from tuicrm.services.kernel.booked_rooms import within
from tuicrm.services.kernel.reader import ACTIVITIES, BOOKINGS
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, QueryAnswer, RecordStep


class UndoPlaces(NamedTuple):
    """What keeps a transaction from being taken back, and what its taking back rests on; the types that it shapes, by key."""

    problems: list[FieldProblem]
    answers: list[QueryAnswer]
    types: set[str]


def look(session: Session, steps: Iterable[RecordStep]) -> UndoPlaces:
    """Look at the stages and options that would go, and the stages that items would go back to, of the steps of one transaction."""
    pipelines: list[RecordStep] = []
    touched: dict[str, set[int]] = {}
    back: list[RecordStep] = []
    rooms: list[RecordStep] = []
    holders: set[str] = set()
    types: set[str] = set()
    listed: list[RecordStep] = []
    for step in steps:
        if session.workspace.rooms and (step.table == ACTIVITIES or step.table in session.workspace.types):
            holders.add(f"{step.table}:{step.id}")
        if step.table == "pipeline":
            pipelines.append(step)
        elif step.table == "room":
            rooms.append(step)
        elif step.table == "type":
            types.add(str((step.doc or step.before() or {}).get("key")))
        elif step.table in undo_options.TABLES:
            listed.append(step)
        elif step.table in session.workspace.types:
            touched.setdefault(step.table, set()).add(step.id)
            back += [step] if _goes_back(session, step) else []
    coming = {place for step in pipelines for place in _stages(step.before())}
    found = UndoPlaces([], [], types)
    for step in back:
        if _place(step.table, step.before() or {}) not in coming:
            name = session.workspace.show_ref(Ref(step.table, step.id))
            message = _("the stage that {name} was in is gone").format(name=name)
            found.problems.append(FieldProblem("stage", message, (step.before() or {}).get("stage")))
    for step in pipelines:
        _look_at_leaving(session, step, touched, found)
    for step in rooms:
        _look_at_room(session, step, holders, found)
    found.problems.extend(undo_options.problems(session, listed, touched))
    return found


def _look_at_leaving(session: Session, step: RecordStep, touched: Mapping[str, set[int]], found: UndoPlaces) -> None:
    """The stages that a pipeline has by now and would lose: what they hold must be what the transaction itself moved there."""
    present = next(iter(session.whole.get(step.table, [step.id])), None)
    staying = _stages(step.before())
    for (type_key, pipeline, key), stage in _stages(present.doc if present else None).items():
        if (type_key, pipeline, key) in staying or (type_key, pipeline, key) not in _stages(step.doc):
            continue
        held = held_ids(session, type_key, pipeline, key)
        others = set(held.ids) - touched.get(type_key, set())
        if others:
            items = ngettext("{n} item", "{n} items", len(others))
            message = _("{stage} holds {items} by now").format(stage=session.label(stage.label), items=items)
            found.problems.append(FieldProblem("stage", message, len(others)))
        found.answers.append(held)


def _look_at_room(session: Session, step: RecordStep, holders: Set[str], found: UndoPlaces) -> None:
    """A room that would go: nothing may have booked it but what goes with it."""
    if step.before() is not None or step.doc is None:
        return
    where = within(str(step.doc.get("key")))
    there = session.whole.find(Find(BOOKINGS, where)).records
    booked = [one.id for one in there if str(one.doc.get("holder")).partition("/")[0] not in holders]
    if booked:
        bookings = ngettext("{n} booking", "{n} bookings", len(booked))
        message = _("{room} has {bookings} by now").format(room=step.doc.get("label"), bookings=bookings)
        found.problems.append(FieldProblem("", message, len(booked)))
    found.answers.append(QueryAnswer(BOOKINGS, where, frozenset(one.id for one in there)))


def _goes_back(session: Session, step: RecordStep) -> bool:
    """Whether an item would go back to a stage that does not exist any more."""
    then = step.before()
    if step.doc is None or then is None or not then.get("stage") or not session.workspace.pipelines(step.table):
        return False
    place = _place(step.table, then)
    if not all(isinstance(part, str | None) for part in place):
        return False  # a script wrote what is no stage: nothing could be gone
    return place != _place(step.table, step.doc) and session.workspace.stage_of(step.table, then) is None


def _place(type_key: str, doc: Mapping[str, Any]) -> tuple[str, Any, Any]:
    return type_key, doc.get("pipeline"), doc.get("stage")


def _stages(doc: Mapping[str, Any] | None) -> dict[tuple[str, Any, Any], Stage]:
    """The stages of a pipeline's record by where they are; {} for none, or one that is deleted."""
    return dict(_each_stage(doc)) if doc and not doc.get("deleted") else {}


def _each_stage(doc: Mapping[str, Any]) -> Iterator[tuple[tuple[str, Any, Any], Stage]]:
    try:
        pipeline = msgspec.convert(doc, Pipeline)
    except msgspec.ValidationError:
        return  # what a script wrote there is no pipeline, and has no stages
    for stage in pipeline.stages:
        yield (pipeline.type, pipeline.key, stage.key), stage
