"""Pipelines of an item type: added, renamed, put in order, deleted, which is the default; a stage or a pipeline that holds items gives
them away first, in the same change (reference §5.3)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from tuicrm.domain import pipeline_steps as steps
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import Pipeline, Semantics, Stage
from tuicrm.domain.slugs import slug, unused
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import N_, _, ngettext
from tuicrm.limits import PIPELINES
from tuicrm.services.definitions.stage_changes import living, require_shape, shape, take_step
from tuicrm.services.items.item_moves import Outcome, StagePlace, StagePlaces, held, move_all, until_settled
from tuicrm.services.kernel.session import Session

_STAGES: tuple[tuple[str, str, str, Semantics, int], ...] = (
    ("new", N_("New"), "#39A8EF", "process", 10),
    ("preparation", N_("Preparation"), "#55D0E0", "process", 50),
    ("success", N_("Success"), "#7BD500", "success", 100),
    ("failure", N_("Failure"), "#8A8F98", "failure", 0),
)
"""What a pipeline begins with where its type ships none."""


# -- pipelines ---------------------------------------------------------------------------------------------------------
def why_one(session: Session, type_key: str) -> str | None:
    """Why a type cannot have more pipelines; None when it can."""
    item_type = session.workspace.type(type_key)
    if item_type.has_pipelines:
        return None
    if not item_type.has_stages:
        return _("This type has no stages.")
    return _("{types} have one pipeline.").format(types=session.label(item_type.plural))


def default_stages(session: Session, type_key: str) -> list[Stage]:
    """The stages that a new pipeline of a type begins with. They are its own: no file of another program means them."""
    shipped = next(iter(session.workspace.type(type_key).pipelines), None)
    if shipped is not None:
        return [replace(stage, source="") for stage in shipped.stages]
    return [Stage(key, _(label), colour, kind, probability=chance) for key, label, colour, kind, chance in _STAGES]


def add_pipeline(session: Session, type_key: str, name: str) -> Pipeline:
    """One more, with default stages of its own, after the others. Raises Refused, AccessDenied, as all that follow, and NotFound."""
    require_shape(session)
    session.store.refresh()
    reason = why_one(session, type_key)
    if reason is not None:
        raise Refused(reason)
    present = session.workspace.pipelines(type_key)
    label = _checked(session, type_key, name)
    PIPELINES.check_room("label", len(present), name)
    taken = [one.key for one in (*present, *session.workspace.gone_pipelines(type_key))]
    key = unused(slug(label, "pipeline"), taken)
    last = max((one.sort for one in present), default=0)
    made = Pipeline(key, type_key, label, default_stages(session, type_key), default=not present, sort=last + 10)
    with session.change(_("add the pipeline {pipeline}").format(pipeline=label)) as change:
        change.put("pipeline", msgspec.to_builtins(made))
    return living(session, type_key, key)


def rename_pipeline(session: Session, type_key: str, key: str, name: str) -> Pipeline:
    """Another name; items, rules and layouts know it by its key."""
    what = _("rename the pipeline {pipeline}").format(pipeline=session.label(living(session, type_key, key).label))
    return shape(
        session, type_key, key, what, lambda now: replace(now, label=_checked(session, type_key, name, but=key))
    )


def move_pipeline(session: Session, type_key: str, key: str, step: int) -> None:
    """One place down (1) or up (-1). The default one always stands first."""
    require_shape(session)
    session.store.refresh()
    present = session.workspace.pipelines(type_key)
    reason = why_not_moved(session, type_key, key, step)
    if reason is not None:
        raise Refused(reason)
    at = [one.key for one in present].index(key)
    present = list(present)
    present[at], present[at + step] = present[at + step], present[at]
    label = _("move the pipeline {pipeline}").format(pipeline=session.label(living(session, type_key, key).label))
    with session.change(label) as change:
        for number, one in enumerate(present, start=1):
            if one.sort != number * 10:
                take_step(change, type_key, one.key, _sorted(number * 10))


def _sorted(sort: int) -> steps.PipelineStep:
    return lambda now: replace(now, sort=sort)


def why_not_moved(session: Session, type_key: str, key: str, step: int) -> str | None:
    """Why a pipeline cannot go one place down (1) or up (-1); None when it can."""
    present = session.workspace.pipelines(type_key)
    at = next((at for at, one in enumerate(present) if one.key == key), 0)
    if present[at].default or (at + step == 0 and present[0].default):
        return _("The default pipeline always comes first.")
    if not 0 <= at + step < len(present):
        return _("This is the last pipeline.") if step > 0 else _("This is the first pipeline.")
    return None


def set_default(session: Session, type_key: str, key: str) -> Pipeline:
    """The pipeline that items are in where nobody says which."""
    require_shape(session)
    session.store.refresh()
    chosen = living(session, type_key, key)
    label = _("make {pipeline} the default pipeline").format(pipeline=session.label(chosen.label))
    with session.change(label) as change:
        for one in session.workspace.pipelines(type_key):
            if one.default != (one.key == key):
                take_step(change, type_key, one.key, lambda now: replace(now, default=now.key == key))
    return living(session, type_key, key)


def why_not_delete_pipeline(session: Session, type_key: str, key: str) -> str | None:
    """Why a pipeline cannot be deleted; None when it can, once its items are elsewhere."""
    pipeline = session.workspace.pipeline(type_key, key)
    present = session.workspace.pipelines(type_key)
    if len(present) < 2:
        return _("This is the only pipeline.")
    if pipeline is not None and (pipeline.default or pipeline == present[0]):
        return _("This is the default pipeline: make another one the default first.")
    return None


def delete_pipeline(
    session: Session,
    type_key: str,
    key: str,
    to: str = "",
    mapping: Mapping[str, str] | None = None,
    progress: Tell | None = None,
    *,
    dry_run: bool = False,
) -> Outcome:
    """Delete a pipeline. Its items go into another one (`to`, a key) first, stage by stage as `mapping` says (by keys; as proposed
    without). Raises Refused, saying how many, where there are some and nothing is said of where they go."""
    require_shape(session)
    session.store.refresh()

    def work() -> Outcome:
        source = living(session, type_key, key)
        reason = why_not_delete_pipeline(session, type_key, key)
        if reason is not None:
            raise Refused(reason)
        count = held(session, type_key, key)
        if count and not to:
            raise _refuse_held(session.label(source.label), count)
        return move_all(
            session,
            type_key,
            source,
            places_of(session, type_key, source, to, mapping) if count else {},
            _("delete the pipeline {pipeline}").format(pipeline=session.label(source.label)),
            finish=lambda change: take_step(change, type_key, key, lambda now: replace(now, deleted=True)),
            progress=progress,
            dry_run=dry_run,
        )

    return until_settled(session, work)


def move_items(
    session: Session,
    type_key: str,
    key: str,
    to: str,
    mapping: Mapping[str, str] | None = None,
    progress: Tell | None = None,
    *,
    dry_run: bool = False,
) -> Outcome:
    """Move all items of a pipeline into another one, stage by stage as `mapping` says (by keys; as proposed without). Those that
    cannot move stay, and are told with what each lacks."""
    require_shape(session)
    session.store.refresh()
    source, target = living(session, type_key, key), living(session, type_key, to)
    if source.key == target.key:
        raise Refused(_("These are the same pipeline."))
    names = {"source": session.label(source.label), "target": session.label(target.label)}
    label = _("move the items of {source} to {target}").format(**names)
    places = places_of(session, type_key, source, to, mapping)
    return move_all(session, type_key, source, places, label, progress=progress, dry_run=dry_run)


def places_of(
    session: Session, type_key: str, source: Pipeline, to: str, mapping: Mapping[str, str] | None = None
) -> StagePlaces:
    """Where the items of each stage go: as proposed, but for what `mapping` says. Raises NotFound for an unknown stage."""
    target = living(session, type_key, to)
    chosen = {**steps.proposed(source, target), **(mapping or {})}
    places = {key: StagePlace(target, steps.stage_at(target, stage)) for key, stage in chosen.items()}
    return {"": StagePlace(target, target.stages[0]), **places}


# -- deleting a stage --------------------------------------------------------------------------------------------------
def delete_stage(
    session: Session,
    type_key: str,
    pipeline: str,
    stage: str,
    to: str = "",
    progress: Tell | None = None,
    *,
    dry_run: bool = False,
) -> Outcome:
    """Delete a stage. Its items go to another one of the pipeline (`to`, a key) first. Raises Refused, saying how many, where there
    are some and nothing is said of where they go."""
    require_shape(session)
    session.store.refresh()

    def work() -> Outcome:
        source = living(session, type_key, pipeline)
        name = session.label(steps.stage_at(source, stage).label)
        steps.dropped(source, stage)  # says what keeps it from going
        count = held(session, type_key, pipeline, stage)
        if count and not to:
            raise _refuse_held(name, count)
        if count and to == stage:
            raise Refused(_("Choose another stage for its items: this one is being deleted."))
        return move_all(
            session,
            type_key,
            source,
            {stage: StagePlace(source, steps.stage_at(source, to))} if count else {},
            _("delete the stage {stage}").format(stage=name),
            stage=stage,
            finish=lambda change: take_step(change, type_key, pipeline, lambda now: steps.dropped(now, stage)),
            progress=progress,
            dry_run=dry_run,
        )

    return until_settled(session, work)


def _refuse_held(name: str, count: int) -> Refused:
    items = ngettext("{n} item", "{n} items", count)
    message = _("{name} has {items}: choose first where they go.").format(name=name, items=items)
    return Refused(message, [FieldProblem("to", message, count)])


def _checked(session: Session, type_key: str, name: str, but: str = "") -> str:
    others = (one.label for one in session.workspace.pipelines(type_key) if one.key != but)
    return steps.checked_name(name, others, _("a pipeline with this name already exists"))
