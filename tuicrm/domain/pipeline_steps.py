"""Steps by which a pipeline is shaped, pure: each gives the pipeline as it is after it, or raises Refused (reference §5.3).

Stages of work come first, then the one of success, then those of failure. The first of all, the one of success and the first of
failure stay where they are. A stage that is deleted keeps its name in `gone`, and its key is never given again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from tuicrm.domain.schema import Label, Pipeline, Semantics, Stage, all_labels
from tuicrm.domain.slugs import slug, unused
from tuicrm.domain.stage_colours import COLOURS
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.limits import NAME, STAGES

PipelineStep: TypeAlias = Callable[[Pipeline], Pipeline]


# -- names -------------------------------------------------------------------------------------------------------------
def checked_name(name: str, others: Iterable[Label], taken: str) -> str:
    """A name in one line that no other one has. Raises Refused; `taken` says that one has it."""
    label = name.strip()
    if not label:
        raise refused("label", _("is required"), name)
    NAME.check("label", label)
    if "\n" in label or "\r" in label:
        raise refused("label", _("one line is expected"), name)
    wanted = label.casefold()
    if any(wanted in map(str.casefold, all_labels(other)) for other in others):
        raise refused("label", taken, name)
    return label


def refused(field: str, message: str, value: object) -> Refused:
    """A refusal of a value: `field` is the word by which it was given."""
    return Refused(f"{field}: {message}", [FieldProblem(field, message, value)])


def _name(pipeline: Pipeline, name: str, but: str = "") -> str:
    others = (stage.label for stage in pipeline.stages if stage.key != but)
    return checked_name(name, others, _("a stage with this name already exists"))


# -- what stands where -------------------------------------------------------------------------------------------------
def stage_at(pipeline: Pipeline, key: str) -> Stage:
    """The stage of that key. Raises NotFound."""
    found = pipeline.stage(key)
    if found is None:
        raise NotFound(_("This stage was deleted by someone. Choose another."))
    return found


def why_fixed(pipeline: Pipeline, key: str) -> str | None:
    """Why a stage can neither be moved nor deleted; None when it can."""
    at = pipeline.index(key)
    if at == 0:
        return _("The first stage cannot be deleted: items start there.")
    if pipeline.stages[at].semantics == "success":
        return _("The success stage cannot be deleted: each pipeline has exactly one.")
    if pipeline.stages[at].semantics == "failure" and pipeline.stages[at - 1].semantics != "failure":
        return _("The first failure stage cannot be deleted: each pipeline needs at least one.")
    return None


def why_not_moved(pipeline: Pipeline, key: str, step: int) -> str | None:
    """Why a stage cannot go one place down (1) or up (-1); None when it can."""
    reason = why_fixed(pipeline, key)
    if reason is not None:
        return reason
    at = pipeline.index(key) + step
    if not 0 <= at < len(pipeline.stages):
        return _("This is the last stage.") if step > 0 else _("This is the first stage.")
    if pipeline.stages[at].semantics != stage_at(pipeline, key).semantics:
        return _("Stages in progress come before the success stage, failure stages after it.")
    return why_fixed(pipeline, pipeline.stages[at].key)


# -- steps -------------------------------------------------------------------------------------------------------------
def added(
    pipeline: Pipeline,
    name: str,
    *,
    colour: str = "",
    semantics: Semantics = "process",
    probability: int | None = None,
    after: str = "",
) -> Pipeline:
    """One more stage: after another one of its kind (a key), else as the last of its kind. Without a colour it gets one that no other
    stage has, without a probability that of the stage of work before it."""
    label = _name(pipeline, name)
    STAGES.check_room("label", len(pipeline.stages), name)
    if semantics == "success":
        raise refused("semantics", _("a pipeline has exactly one success stage"), semantics)
    key = unused(slug(label, "stage"), [stage.key for stage in (*pipeline.stages, *pipeline.gone)])
    stages = pipeline.stages
    at = _before(stages, semantics, after)
    if probability is None:
        probability = stages[at].probability if semantics == "process" else 0
    made = Stage(key, label, colour or _fresh_colour(stages), semantics, probability=checked_probability(probability))
    return replace(pipeline, stages=[*stages[: at + 1], made, *stages[at + 1 :]])


def _before(stages: Sequence[Stage], semantics: Semantics, after: str) -> int:
    """Where the stage stands behind which a new one comes."""
    last = max((at for at, stage in enumerate(stages) if stage.semantics == semantics), default=len(stages) - 1)
    at = next((at for at, stage in enumerate(stages) if stage.key == after), last)
    return at if stages[at].semantics == semantics else last


def _fresh_colour(stages: Sequence[Stage]) -> str:
    used = {stage.colour.upper() for stage in stages}
    return next((colour for colour in COLOURS.values() if colour not in used), next(iter(COLOURS.values())))


def renamed(pipeline: Pipeline, key: str, name: str) -> Pipeline:
    """Another name for a stage; items, rules and layouts know it by its key."""
    stage_at(pipeline, key)
    return _with(pipeline, key, label=_name(pipeline, name, but=key))


def recoloured(pipeline: Pipeline, key: str, colour: str) -> Pipeline:
    """Another colour (`#RRGGBB`)."""
    return _with(pipeline, key, colour=colour)


def weighed(pipeline: Pipeline, key: str, probability: int) -> Pipeline:
    """Another probability, in per cent."""
    return _with(pipeline, key, probability=checked_probability(probability))


def asking(pipeline: Pipeline, key: str, fields: Collection[str]) -> Pipeline:
    """Have these fields (keys) asked for, and not required, when an item comes to the stage."""
    return _with(pipeline, key, asks=list(dict.fromkeys(fields)))


def moved(pipeline: Pipeline, key: str, step: int) -> Pipeline:
    """One place down (1) or up (-1), among the stages of its kind."""
    stage_at(pipeline, key)
    reason = why_not_moved(pipeline, key, step)
    if reason is not None:
        raise Refused(reason)
    at, stages = pipeline.index(key), list(pipeline.stages)
    stages[at], stages[at + step] = stages[at + step], stages[at]
    return replace(pipeline, stages=stages)


def dropped(pipeline: Pipeline, key: str) -> Pipeline:
    """Without the stage; its name is kept for what happened in it."""
    gone = stage_at(pipeline, key)
    reason = why_fixed(pipeline, key)
    if reason is not None:
        raise Refused(reason)
    return replace(
        pipeline, stages=[stage for stage in pipeline.stages if stage.key != key], gone=[*pipeline.gone, gone]
    )


def checked_probability(probability: int) -> int:
    """Raises Refused for what is no per cent."""
    if not 0 <= probability <= 100:
        raise refused("probability", _("a number from 0 to 100 is expected"), probability)
    return probability


def _with(pipeline: Pipeline, key: str, **changed: object) -> Pipeline:
    stage_at(pipeline, key)
    return replace(
        pipeline, stages=[replace(stage, **changed) if stage.key == key else stage for stage in pipeline.stages]
    )


# -- from one pipeline into another ------------------------------------------------------------------------------------
def proposed(source: Pipeline, target: Pipeline) -> dict[str, str]:
    """For each stage of a pipeline the stage of another that is most like it: of its name and kind, else of its kind and as far on."""
    return {stage.key: _most_like(source, stage, target).key for stage in source.stages}


def _most_like(source: Pipeline, stage: Stage, target: Pipeline) -> Stage:
    alike = [one for one in target.stages if one.semantics == stage.semantics]
    names = {label.casefold() for label in all_labels(stage.label)}
    same = next((one for one in alike if names & {label.casefold() for label in all_labels(one.label)}), None)
    same = same or next((one for one in alike if one.key == stage.key), None)
    if same is not None or not alike:
        return same or target.stages[0]
    own = [one for one in source.stages if one.semantics == stage.semantics]
    at = own.index(stage)
    far = at * (len(alike) - 1) / (len(own) - 1) if len(own) > 1 else 0
    return alike[round(far)]
