"""Moving items through their stages: one or many, with what the target stage still needs (reference §3.1, §5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from tuicrm.domain.items import Item, Ref
from tuicrm.domain.required import is_empty, missing_fields
from tuicrm.domain.schema import Field, Pipeline, Stage
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.services.kernel.session import Session

_Place: TypeAlias = tuple[Pipeline, Stage]


class Lacking(Struct, frozen=True):
    """An item that cannot move: what it lacks, or why it is refused; `barred` where the person may not."""

    ref: Ref
    title: str
    fields: tuple[Field, ...] = ()
    reason: str = ""
    barred: bool = False


class MoveOutcome(Struct, frozen=True):
    """What a move of several items came to."""

    moved: tuple[Ref, ...]
    stayed: tuple[Lacking, ...]


def neighbour(session: Session, item: Item, step: int) -> Stage | None:
    """The stage `step` places after (or before) the item's own; None at the ends."""
    pipeline = session.workspace.pipeline_of(item.type, item.fields)
    if pipeline is None:
        return None
    at = pipeline.index(item.get("stage") or "") + step
    return pipeline.stages[at] if 0 <= at < len(pipeline.stages) else None


def needs(
    session: Session, item: Item, pipeline: str, stage: str, bring: Mapping[str, Any] | None = None
) -> list[Field]:
    """The fields that must be filled before the item may enter the stage."""
    fields = session.workspace.fields(item.type).values()
    return missing_fields(fields, {**item.fields, **(bring or {})}, pipeline, stage, session.access.sees)


def asks(session: Session, item: Item, pipeline: str, stage: str) -> list[Field]:
    """What the stage asks for when the item comes to it, and what it needs is not; nothing where the item is there already."""

    place = session.workspace.pipeline(item.type, pipeline)
    found = place.stage(stage) if place else None
    if found is None or (item.get("pipeline"), item.get("stage")) == (pipeline, stage):
        return []
    needed = {field.key for field in needs(session, item, pipeline, stage)}
    return [field for field in asked(session, item.type, found) if field.key not in needed]


def asks_of_several(session: Session, items: Sequence[tuple[Item, str, str]]) -> list[Field]:
    """What is asked for where several items come to their stages (pipeline and stage by key), each once."""
    found = {field.key: field for item, pipeline, stage in items for field in asks(session, item, pipeline, stage)}
    return list(found.values())


def still_asked(session: Session, before: Item, after: Item) -> list[Field]:
    """What the stage asked for to which an item came (`before` is as it was), and which is empty still."""
    found = asks(session, before, str(after.get("pipeline") or ""), str(after.get("stage") or ""))
    return [field for field in found if is_empty(after.get(field.key))]


def move(
    session: Session,
    ref: Ref,
    stage: str,
    pipeline: str = "",
    *,
    bring: Mapping[str, Any] | None = None,
    base: Item | None = None,
    expect: int | None = None,
) -> Item:
    """Move one item; `bring` fills fields along. Raises RequiredFields listing what the stage needs. See `Change.edit` for `base`."""
    item = session.get(ref)
    target, place = _target(session, item, stage, pipeline)
    with session.change(_move_label(session, ref, place)) as change:
        change.edit(ref, {**(bring or {}), "pipeline": target.key, "stage": place.key}, base=base, expect=expect)
    return session.written(ref)


def move_many(
    session: Session,
    refs: Sequence[Ref],
    stage: str,
    pipeline: str = "",
    *,
    bring: Mapping[str, Any] | None = None,
    dry_run: bool = False,
) -> MoveOutcome:
    """Move those that can move, as one change; list the others with what they lack. `bring` fills fields of each along. A dry run
    only says so."""
    return _move_all(session, refs, lambda item: _target(session, item, stage, pipeline), bring, dry_run=dry_run)


def told(session: Session, lacking: Lacking) -> str:
    """One line about an item that could not move."""
    return f"{session.workspace.show_ref(lacking.ref)} {why(session, lacking)}"


def why(session: Session, lacking: Lacking) -> str:
    """Its title and what keeps it: what it lacks, or the reason."""
    fields = ", ".join(session.label(field.label) for field in lacking.fields)
    reason = _("requires {fields}").format(fields=fields) if fields else lacking.reason
    return f"{lacking.title}: {reason}" if lacking.title else reason


def step_many(
    session: Session, refs: Sequence[Ref], step: int, *, bring: Mapping[str, Any] | None = None
) -> MoveOutcome:
    """Move each `step` stages on (or back) from its own, those that can, as one change; list the others with what they lack. `bring`
    fills fields along, of those whose stage asks for them."""
    return _move_all(session, refs, lambda item: _beside(session, item, step), bring, where_asked=True)


def _move_all(
    session: Session,
    refs: Sequence[Ref],
    place_of: Callable[[Item], _Place],
    bring: Mapping[str, Any] | None = None,
    *,
    where_asked: bool = False,
    dry_run: bool = False,
) -> MoveOutcome:
    brought: dict[Ref, Mapping[str, Any]] = {}
    movable: list[tuple[Ref, _Place]] = []
    stayed: list[Lacking] = []
    for ref in refs:
        title = session.workspace.show_ref(ref)
        try:
            item = session.get(ref)
            title = session.title_of(item)
            target, place = place_of(item)
        except (NotFound, AccessDenied, Refused) as error:
            stayed.append(Lacking(ref, title, reason=error.message, barred=isinstance(error, AccessDenied)))
            continue
        brought[ref] = _brought(session, item, target, place, bring, where_asked=where_asked)
        lacking = needs(session, item, target.key, place.key, brought[ref])
        if (item.get("pipeline"), item.get("stage")) == (target.key, place.key):
            already = _("It is already in {stage}.").format(stage=session.label(place.label))
            stayed.append(Lacking(ref, title, reason=already))
        elif lacking:
            stayed.append(Lacking(ref, title, tuple(lacking)))
        elif not session.access.may("edit", ref.type, item.fields):
            stayed.append(Lacking(ref, title, reason=_("You may not change it."), barred=True))
        else:
            movable.append((ref, (target, place)))
    if movable and not dry_run:
        with session.change(_moves_label(session, movable)) as change:
            for ref, (target, place) in movable:
                change.edit(ref, {**brought[ref], "pipeline": target.key, "stage": place.key})
    return MoveOutcome(tuple(ref for ref, _place in movable), tuple(stayed))


def _brought(
    session: Session, item: Item, target: Pipeline, place: Stage, bring: Mapping[str, Any] | None, *, where_asked: bool
) -> Mapping[str, Any]:
    """What an item gets of what was brought."""
    if not bring or not where_asked:
        return bring or {}
    asked = {field.key for field in asks(session, item, target.key, place.key)}
    return {key: value for key, value in bring.items() if key in asked}


def _beside(session: Session, item: Item, step: int) -> _Place:
    pipeline, place = session.workspace.pipeline_of(item.type, item.fields), neighbour(session, item, step)
    if pipeline is None:
        raise Refused(_("This type has no stages."))
    if place is None:
        raise Refused(_("This is the last stage.") if step > 0 else _("This is the first stage."))
    return pipeline, place


def _target(session: Session, item: Item, stage: str, pipeline: str) -> tuple[Pipeline, Stage]:
    workspace = session.workspace
    target = workspace.pipeline(item.type, pipeline) if pipeline else workspace.pipeline_of(item.type, item.fields)
    if target is None:
        raise Refused(_("This type has no stages."))
    place = target.stage(stage)
    if place is None:
        known = ", ".join(session.label(s.label) for s in target.stages)
        raise Refused(_("there is no stage {name}; choose one of: {known}").format(name=stage, known=known))
    return target, place


def _move_label(session: Session, ref: Ref, place: Stage) -> str:
    shown = session.workspace.show_ref(ref)
    return _("move {ref} to {stage}").format(ref=shown, stage=session.label(place.label))


def _moves_label(session: Session, moves: Sequence[tuple[Ref, _Place]]) -> str:
    if len(moves) == 1:
        return _move_label(session, moves[0][0], moves[0][1][1])
    if len({(pipeline.key, stage.key) for _ref, (pipeline, stage) in moves}) == 1:
        return ngettext("move {n} item to ", "move {n} items to ", len(moves)) + session.label(moves[0][1][1].label)
    return ngettext("move {n} item to other stages", "move {n} items to other stages", len(moves))


def why_not_required(field: Field) -> str | None:
    """Why a field cannot be made required; None when it can."""
    if field.traits.is_place:
        return _("Every item always has a stage.")
    if field.read_only or field.derived:
        return _("Nobody can fill it in by hand, so it cannot be required.")
    return None


def asked(session: Session, type_key: str, stage: Stage) -> list[Field]:
    """The fields that a stage asks for, that this person sees and can fill."""
    known = session.workspace.fields(type_key)
    found = (known[key] for key in stage.asks if key in known)
    return [field for field in found if session.access.sees(field) and why_not_asked(field) is None]


def why_not_asked(field: Field) -> str | None:
    """Why a field cannot be asked for; None when it can."""
    return why_not_required(field)
