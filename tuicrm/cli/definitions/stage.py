"""`tuicrm stage list`, `add`, `rename`, `edit`, `move`, `delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.places import DOWN, DRY_RUN, TYPE, UP, direction
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.grammar.verbs import USUAL
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.schema import Pipeline, Stage

app = noun(_("Stages of a pipeline."))

_STAGE = typer.Argument(metavar="STAGE", help=_("A stage, by key or label."))
_NAME = typer.Argument(metavar="NAME", help=_("The label people see."))
_PIPELINE = typer.Option("", metavar="NAME", help=_("In this pipeline; by default, in the default one."))
_COLOUR = typer.Option(None, metavar="COLOUR", help=_("A colour by name (green, orange, …) or as #39A8EF."))
_PROBABILITY = typer.Option(None, metavar="PERCENT", help=_("How likely an item in this stage is to be won: 0 to 100."))
_ASKS = typer.Option(
    None, metavar="FIELD", help=_("A field to ask for there; repeat for several, empty to ask for nothing.")
)


@app.command("list", cls=CrmCommand, help=_("List the stages of a type, pipeline by pipeline."))
def list_(
    context: typer.CommandContext,
    type: str = typer.Argument(USUAL, metavar="TYPE"),
    pipeline: str = typer.Option("", metavar="NAME", help=_("Only this pipeline.")),
) -> None:
    from tuicrm.domain.stage_colours import colour_name
    from tuicrm.services.kernel.lookup import find_pipeline, find_type

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    chosen = (
        [find_pipeline(session, type_key, pipeline, begins=True)] if pipeline else session.workspace.pipelines(type_key)
    )
    label = session.label
    stages = [(line, stage) for line in chosen for stage in line.stages]
    if work.out.json:
        rows = [plain(work, line, stage) for line, stage in stages]
        work.out.envelope(stages=rows, total=len(rows))
        return
    heads = [TableColumn(_("Pipeline")), TableColumn(_("Key"), style="accent"), TableColumn(_("Label"))]
    heads += [TableColumn(_("Kind")), TableColumn("%", "right"), TableColumn(_("Colour")), TableColumn(_("Asks for"))]
    words = {"process": _("in progress"), "success": _("success"), "failure": _("failure")}
    work.out.table(
        heads,
        [
            [
                label(line.label),
                stage.key,
                label(stage.label),
                words[stage.semantics],
                str(stage.probability),
                colour_name(stage.colour),
                ", ".join(label(field.label) for field in _asked(work, line, stage)),
            ]
            for line, stage in stages
        ],
    )


@app.command(cls=CrmCommand, help=_("Add a stage; prints its key."))
def add(
    context: typer.CommandContext,
    type: str = TYPE,
    name: str = _NAME,
    pipeline: str = _PIPELINE,
    failure: bool = typer.Option(False, "--failure", help=_("A failure stage; by default, a stage in progress.")),
    after: str = typer.Option("", metavar="STAGE", help=_("After this stage; by default, as the last of its kind.")),
    colour: str | None = _COLOUR,
    probability: int | None = _PROBABILITY,
) -> None:
    from tuicrm.domain.stage_colours import colour_of
    from tuicrm.services.definitions import stage_changes
    from tuicrm.services.kernel.lookup import find_stage

    work, line = _pipeline(context, type, pipeline)
    session = work.session
    made = stage_changes.add_stage(
        session,
        line.type,
        line.key,
        name,
        colour=colour_of(colour) if colour else "",
        semantics="failure" if failure else "process",
        probability=probability,
        after=find_stage(session, line, after).key if after else "",
    )
    _answer(work, line, made.key)


@app.command(cls=CrmCommand, help=_("Rename a stage."))
def rename(
    context: typer.CommandContext, type: str = TYPE, stage: str = _STAGE, name: str = _NAME, pipeline: str = _PIPELINE
) -> None:
    from tuicrm.services.definitions import stage_changes
    from tuicrm.services.kernel.lookup import find_stage

    work, line = _pipeline(context, type, pipeline)
    key = find_stage(work.session, line, stage).key
    stage_changes.rename_stage(work.session, line.type, line.key, key, name)
    _answer(work, line, key)


@app.command(cls=CrmCommand, help=_("Change a stage: its name, colour, probability and the fields asked for there."))
def edit(
    context: typer.CommandContext,
    type: str = TYPE,
    stage: str = _STAGE,
    pipeline: str = _PIPELINE,
    name: str | None = typer.Option(None, metavar="NAME", help=_("The label people see.")),
    colour: str | None = _COLOUR,
    probability: int | None = _PROBABILITY,
    asks: list[str] | None = _ASKS,
) -> None:
    from tuicrm.domain.stage_colours import colour_of
    from tuicrm.services.definitions import stage_changes
    from tuicrm.services.kernel.lookup import find_stage, named_field

    work, line = _pipeline(context, type, pipeline)
    session = work.session
    if not asks and all(said is None for said in (name, colour, probability)):
        raise UsageError(_("Nothing to change: give at least one option."))
    key = find_stage(session, line, stage).key
    stage_changes.change_stage(
        session,
        line.type,
        line.key,
        key,
        name=name,
        colour=None if colour is None else colour_of(colour),
        probability=probability,
        asks=[named_field(session, line.type, text).key for text in asks if text.strip()] if asks else None,
    )
    _answer(work, line, key)


@app.command(cls=CrmCommand, help=_("Move a stage up or down among those of its kind."))
def move(
    context: typer.CommandContext,
    type: str = TYPE,
    stage: str = _STAGE,
    pipeline: str = _PIPELINE,
    up: bool = UP,
    down: bool = DOWN,
) -> None:
    from tuicrm.services.definitions import stage_changes
    from tuicrm.services.kernel.lookup import find_stage

    step = direction(up=up, down=down)
    work, line = _pipeline(context, type, pipeline)
    key = find_stage(work.session, line, stage).key
    stage_changes.move_stage(work.session, line.type, line.key, key, step)
    _answer(work, line, key)


@app.command(cls=CrmCommand, help=_("Delete a stage after moving its items to another one."))
def delete(
    context: typer.CommandContext,
    type: str = TYPE,
    stage: str = _STAGE,
    pipeline: str = _PIPELINE,
    to: str = typer.Option("", metavar="STAGE", help=_("Where its items go.")),
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.cli.definitions.moves_output import answer, telling_of
    from tuicrm.services.definitions import pipelines
    from tuicrm.services.kernel.lookup import find_stage

    work, line = _pipeline(context, type, pipeline)
    session = work.session
    key = find_stage(session, line, stage).key
    target = find_stage(session, line, to).key if to else ""
    with telling_of(work) as progress:
        outcome = pipelines.delete_stage(session, line.type, line.key, key, target, progress, dry_run=dry_run)
    answer(work, outcome, key, dry_run=dry_run, deleted=True)


def _pipeline(context: typer.CommandContext, type: str, name: str) -> tuple[CommandRun, Pipeline]:
    """The run, and the pipeline that is spoken of. Raises Refused for a type without."""
    from tuicrm.cli.definitions.pipeline import spoken_of

    return spoken_of(context, type, name)


def _answer(work: CommandRun, pipeline: Pipeline, key: str) -> None:
    """The stage's key, or the stage as it is now."""
    if not work.out.json:
        work.out.text(key)
        return
    now = work.session.workspace.pipeline(pipeline.type, pipeline.key) or pipeline
    stage = now.stage(key)
    if stage is not None:
        work.out.envelope(stage=plain(work, now, stage))


def plain(work: CommandRun, pipeline: Pipeline, stage: Stage) -> dict[str, Any]:
    """A stage for programs."""
    return {
        "pipeline": pipeline.key,
        "key": stage.key,
        "label": work.session.label(stage.label),
        "semantics": stage.semantics,
        "colour": stage.colour,
        "probability": stage.probability,
        "asks": [field.key for field in _asked(work, pipeline, stage)],
    }


def _asked(work: CommandRun, pipeline: Pipeline, stage: Stage) -> list[Any]:
    from tuicrm.services.items.stages import asked

    return list(asked(work.session, pipeline.type, stage))
