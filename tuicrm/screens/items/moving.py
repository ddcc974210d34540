"""Moving all that a stage or a pipeline holds: where it goes is asked, how far it is is shown, what stays is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tuicrm.domain import pipeline_steps as steps
from tuicrm.domain.context import Choice
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import Pipeline
from tuicrm.errors import Refused
from tuicrm.i18n import _, ngettext
from tuicrm.services.items import item_moves, stages
from tuicrm.services.items.item_moves import Outcome
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.question import Question


def stage_choices(session: Session, pipeline: Pipeline, but: str = "") -> list[Choice]:
    """The stages of a pipeline to choose from."""
    return [Choice(stage.key, session.label(stage.label)) for stage in pipeline.stages if stage.key != but]


async def ask_stage(host: Keyed[Any], session: Session, pipeline: Pipeline, stage: str, count: int) -> str | None:
    """Where the items of a stage go: another one of its pipeline, by key; None when left."""
    from tuicrm.widgets.picker import Picker

    items = ngettext("{n} item", "{n} items", count)
    title = _("Where do its {items} go?").format(items=items)
    chosen = await host.ask(Picker(host.surface, title, stage_choices(session, pipeline, stage)))
    return chosen[0] if chosen else None


async def ask_pipeline(host: Keyed[Any], session: Session, source: Pipeline, title: str) -> Pipeline | None:
    """Another pipeline of the same type; None when left."""
    from tuicrm.widgets.picker import Picker

    others = {one.key: one for one in session.workspace.pipelines(source.type) if one.key != source.key}
    choices = [Choice(key, session.label(one.label)) for key, one in others.items()]
    chosen = await host.ask(Picker(host.surface, title, choices))
    return others[chosen[0]] if chosen else None


async def ask_mapping(host: Keyed[Any], session: Session, source: Pipeline, target: Pipeline) -> dict[str, str] | None:
    """Where the items of each stage go, by keys, as proposed unless changed; {} where there is nothing to move, None when left."""
    from tuicrm.widgets.form import Form

    counts = item_moves.held_by_stage(session, source.type, source.key)
    proposed = steps.proposed(source, target)
    questions = [
        Question(
            stage.key,
            f"{session.label(stage.label)} ({counts[stage.key]:,})",
            "list",
            chosen=(proposed[stage.key],),
            choices=stage_choices(session, target),
            required=True,
        )
        for stage in source.stages
        if counts.get(stage.key)
    ]
    if not questions:
        return {}
    title = _("Into {pipeline}: which stage becomes which").format(pipeline=session.label(target.label))
    answers = await host.ask(Form(host.surface, title, questions))
    return None if answers is None else {key: answer[0] for key, answer in answers.items()}


async def move_them(host: Keyed[Any], session: Session, title: str, work: Callable[[Tell], Outcome]) -> Outcome | None:
    """Do the work, with a box that says how far it is and stops it; tell what stays. None where nothing was done."""
    from tuicrm.services.kernel.bulk import left_out_text
    from tuicrm.widgets.progress import with_progress

    try:
        outcome = await with_progress(host, title, work)
    except Refused as refused:
        if not refused.fields:
            raise
        await _tell(host, refused.message, [f"{problem.field} {problem.message}" for problem in refused.fields])
        return None
    if outcome is None:
        host.say(_("Stopped: nothing was changed."))
        return None
    left = [stages.told(session, one) for one in outcome.first]
    more = outcome.stayed - len(left)
    left += [_("and {n} more").format(n=more)] if more > 0 else []
    if outcome.left_out:
        left.append(left_out_text(outcome.left_out))
    if left:
        stayed = ngettext("{n} not moved", "{n} not moved", outcome.stayed)
        await _tell(host, f"{ngettext('{n} moved', '{n} moved', outcome.moved)} · {stayed}", left)
    return outcome


async def _tell(host: Keyed[Any], title: str, lines: list[str]) -> None:
    from tuicrm.widgets.pages import Pages, paragraphs

    await host.ask(Pages(host.surface, title, lambda cells: paragraphs(lines, cells)))
