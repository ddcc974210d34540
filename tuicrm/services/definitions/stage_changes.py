"""Stages of a pipeline: added, renamed, recoloured, put in order, with a probability and what is asked there (reference §5.3).

Each is one step of the pipeline's record as it stands when it is written: two who shape one pipeline do not undo each other's work.
Deleting is in `pipelines.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from tuicrm.domain import pipeline_steps as steps
from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.schema import Field, Pipeline, Semantics, Stage
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.items.stages import why_not_asked
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session

if TYPE_CHECKING:
    from tuicrm.services.kernel.changes import Change


# -- rights, records ---------------------------------------------------------------------------------------------------
def why_not_shape(session: Session) -> str | None:
    """Why this person may not shape pipelines; None when they may."""
    if session.access.has("settings"):
        return None
    return _("You may not change pipelines and stages: ask someone who may change settings.")


def require_shape(session: Session) -> None:
    """Raise AccessDenied unless this person may shape pipelines: said before anything else is looked at."""
    reason = why_not_shape(session)
    if reason is not None:
        raise AccessDenied(reason)


def living(session: Reader, type_key: str, key: str) -> Pipeline:
    """A pipeline. Raises NotFound."""
    found = session.workspace.pipeline(type_key, key)
    if found is None:
        raise NotFound(_("This pipeline was deleted by someone. Choose another."))
    return found


def entry_of(session: Reader, type_key: str, key: str) -> ConfigRecord:
    """The record of a pipeline. Raises NotFound."""
    found = session.workspace.pipeline_entry(living(session, type_key, key))
    if found is None:
        raise NotFound(_("This pipeline was deleted by someone. Choose another."))
    return found


def take_step(change: Change, type_key: str, key: str, step: steps.PipelineStep) -> None:
    """Have a change take a step on a pipeline as it stands at commit."""

    def shaped(doc: dict[str, Any]) -> dict[str, Any]:
        before = msgspec.convert(doc, Pipeline)
        if before.deleted:
            raise NotFound(_("This pipeline was deleted by someone. Choose another."))
        after = step(before)
        return doc if after == before else msgspec.to_builtins(after)

    change.reshape("pipeline", entry_of(change.session, type_key, key).id, shaped)


def shape(session: Session, type_key: str, key: str, label: str, step: steps.PipelineStep) -> Pipeline:
    """Take a step on a pipeline, as one change. Raises Refused, NotFound, AccessDenied."""
    require_shape(session)
    session.store.refresh()
    step(living(session, type_key, key))  # what is wrong is said before anything is written
    with session.change(label) as change:
        take_step(change, type_key, key, step)
    return living(session, type_key, key)


def _named(session: Session, pipeline: Pipeline, stage: str) -> str:
    return session.label(steps.stage_at(pipeline, stage).label)


# -- changes -----------------------------------------------------------------------------------------------------------
def add_stage(
    session: Session,
    type_key: str,
    pipeline: str,
    name: str,
    *,
    colour: str = "",
    semantics: Semantics = "process",
    probability: int | None = None,
    after: str = "",
) -> Stage:
    """One more stage: see `pipeline_steps.added`. Raises as all that follow: Refused, NotFound, AccessDenied."""
    before = {stage.key for stage in living(session, type_key, pipeline).stages}

    def step(now: Pipeline) -> Pipeline:
        return steps.added(now, name, colour=colour, semantics=semantics, probability=probability, after=after)

    label = _("add the stage {stage}").format(stage=name.strip())
    shaped = shape(session, type_key, pipeline, label, step)
    return next(stage for stage in shaped.stages if stage.key not in before and stage.label == name.strip())


def rename_stage(session: Session, type_key: str, pipeline: str, stage: str, name: str) -> Pipeline:
    """Give a stage (a key) another name, as one change. Raises Refused, NotFound, AccessDenied, Conflict."""
    what = _("rename the stage {stage}").format(stage=_named(session, living(session, type_key, pipeline), stage))
    return shape(session, type_key, pipeline, what, lambda now: steps.renamed(now, stage, name))


def change_stage(
    session: Session,
    type_key: str,
    pipeline: str,
    stage: str,
    *,
    name: str | None = None,
    colour: str | None = None,
    probability: int | None = None,
    asks: Sequence[str] | None = None,
) -> Pipeline:
    """Change what is said of a stage; what is not given stays. `asks` are keys of fields that this person sees: others stay."""
    before = steps.stage_at(living(session, type_key, pipeline), stage)
    if asks is not None:
        _check_asked(session, type_key, asks)

    def step(now: Pipeline) -> Pipeline:
        after = now
        if name is not None and name.strip() != session.label(steps.stage_at(now, stage).label):
            after = steps.renamed(after, stage, name)
        if colour is not None:
            after = steps.recoloured(after, stage, colour)
        if probability is not None:
            after = steps.weighed(after, stage, probability)
        if asks is not None:
            unseen = [key for key in steps.stage_at(now, stage).asks if not _is_seen(session, type_key, key)]
            after = steps.asking(after, stage, [*asks, *unseen])
        return after

    label = _("change the stage {stage}").format(stage=session.label(before.label))
    return shape(session, type_key, pipeline, label, step)


def move_stage(session: Session, type_key: str, pipeline: str, stage: str, step: int) -> Pipeline:
    """One place down (1) or up (-1), among the stages of its kind."""
    what = _("move the stage {stage}").format(stage=_named(session, living(session, type_key, pipeline), stage))
    return shape(session, type_key, pipeline, what, lambda now: steps.moved(now, stage, step))


# -- what is asked -----------------------------------------------------------------------------------------------------


def askable(session: Session, type_key: str) -> list[Field]:
    """The fields that a stage can ask for."""
    fields = session.workspace.fields(type_key).values()
    return [field for field in fields if session.access.sees(field) and why_not_asked(field) is None]


def _check_asked(session: Session, type_key: str, keys: Sequence[str]) -> None:
    problems = []
    for key in keys:
        field = session.workspace.field(type_key, key)
        if field is None or not session.access.sees(field):
            problems.append(FieldProblem("asks", _("there is no field {name}").format(name=key), key))
        elif reason := why_not_asked(field):
            problems.append(FieldProblem("asks", reason, key))
    if problems:
        raise Refused("; ".join(f"{problem.field}: {problem.message}" for problem in problems), problems)


def _is_seen(session: Session, type_key: str, key: str) -> bool:
    field = session.workspace.field(type_key, key)
    return field is not None and session.access.sees(field)
