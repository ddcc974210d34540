"""`tuicrm pipeline list`, `add`, `rename`, `move`, `default`, `move-items`, `delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.places import DOWN, DRY_RUN, TYPE, UP, direction
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.grammar.verbs import USUAL
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import Refused, UsageError
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.schema import Pipeline
    from tuicrm.services.kernel.session import Session

app = noun(_("Pipelines of an item type."))

_PIPELINE = typer.Argument(metavar="PIPELINE", help=_("A pipeline, by key or label."))
_NAME = typer.Argument(metavar="NAME", help=_("The label people see."))
_MAP = typer.Option(
    [], "--map", metavar="STAGE=STAGE", help=_("Where a stage's items go; repeat for several. Others go as proposed.")
)


@app.command("list", cls=CrmCommand, help=_("List a type's pipelines, the default one first."))
def list_(context: typer.CommandContext, type: str = typer.Argument(USUAL, metavar="TYPE")) -> None:
    from tuicrm.services.kernel.lookup import find_type

    work = work_of(context)
    session = work.session
    pipelines = session.workspace.pipelines(find_type(session, type).key)
    if work.out.json:
        rows = [plain(session, one) for one in pipelines]
        work.out.envelope(pipelines=rows, total=len(rows))
        return
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Label")), TableColumn(_("Stages")), TableColumn("")]
    table = [
        [
            one.key,
            session.label(one.label),
            " › ".join(session.label(stage.label) for stage in one.stages),
            _("default") if one.default else "",
            str(_count(session, one)),
        ]
        for one in pipelines
    ]
    work.out.table([*heads, TableColumn(_("Items"), "right")], table)


@app.command(cls=CrmCommand, help=_("Add a pipeline with its own stages; prints its key."))
def add(context: typer.CommandContext, type: str = TYPE, name: str = _NAME) -> None:
    from tuicrm.services.definitions import pipelines
    from tuicrm.services.kernel.lookup import find_type

    work = work_of(context)
    type_key = find_type(work.session, type).key
    _answer(work, type_key, pipelines.add_pipeline(work.session, type_key, name).key)


@app.command(cls=CrmCommand, help=_("Rename a pipeline."))
def rename(context: typer.CommandContext, type: str = TYPE, pipeline: str = _PIPELINE, name: str = _NAME) -> None:
    from tuicrm.services.definitions import pipelines

    work, found = spoken_of(context, type, pipeline)
    pipelines.rename_pipeline(work.session, found.type, found.key, name)
    _answer(work, found.type, found.key)


@app.command(cls=CrmCommand, help=_("Move a pipeline up or down; the default one stays first."))
def move(
    context: typer.CommandContext, type: str = TYPE, pipeline: str = _PIPELINE, up: bool = UP, down: bool = DOWN
) -> None:
    from tuicrm.services.definitions import pipelines

    step = direction(up=up, down=down)
    work, found = spoken_of(context, type, pipeline)
    pipelines.move_pipeline(work.session, found.type, found.key, step)
    _answer(work, found.type, found.key)


@app.command(cls=CrmCommand, help=_("Choose the default pipeline."))
def default(context: typer.CommandContext, type: str = TYPE, pipeline: str = _PIPELINE) -> None:
    from tuicrm.services.definitions import pipelines

    work, found = spoken_of(context, type, pipeline)
    pipelines.set_default(work.session, found.type, found.key)
    _answer(work, found.type, found.key)


@app.command("move-items", cls=CrmCommand, help=_("Move all items of a pipeline to another one, stage by stage."))
def move_items(
    context: typer.CommandContext,
    type: str = TYPE,
    pipeline: str = _PIPELINE,
    to: str = typer.Argument(metavar="TO", help=_("The pipeline they go to.")),
    mapping: list[str] = _MAP,
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.cli.definitions.moves_output import answer, telling_of
    from tuicrm.services.definitions import pipelines
    from tuicrm.services.kernel.lookup import find_pipeline

    work, found = spoken_of(context, type, pipeline)
    target = find_pipeline(work.session, found.type, to)
    stages = _mapping(work.session, found, target, mapping)
    with telling_of(work) as progress:
        outcome = pipelines.move_items(
            work.session, found.type, found.key, target.key, stages, progress, dry_run=dry_run
        )
    answer(work, outcome, target.key, dry_run=dry_run)
    if outcome.stayed and not dry_run:
        raise typer.Exit(Refused.exit_code)


@app.command(cls=CrmCommand, help=_("Delete a pipeline after moving its items to another one."))
def delete(
    context: typer.CommandContext,
    type: str = TYPE,
    pipeline: str = _PIPELINE,
    to: str = typer.Option("", metavar="PIPELINE", help=_("Where its items go.")),
    mapping: list[str] = _MAP,
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.cli.definitions.moves_output import answer, telling_of
    from tuicrm.services.definitions import pipelines
    from tuicrm.services.kernel.lookup import find_pipeline

    work, found = spoken_of(context, type, pipeline)
    if mapping and not to:
        raise UsageError(_("--map can only be used with --to."))
    target = find_pipeline(work.session, found.type, to) if to else None
    stages = _mapping(work.session, found, target, mapping) if target else {}
    with telling_of(work) as progress:
        outcome = pipelines.delete_pipeline(
            work.session, found.type, found.key, target.key if target else "", stages, progress, dry_run=dry_run
        )
    answer(work, outcome, found.key, dry_run=dry_run, deleted=True)


def spoken_of(context: typer.CommandContext, type: str, name: str) -> tuple[CommandRun, Pipeline]:
    """The run, and the pipeline of that name; the default one for "". Raises Refused for a type without stages."""
    from tuicrm.services.kernel.lookup import find_pipeline, find_type

    work = work_of(context)
    type_key = find_type(work.session, type).key
    present = work.session.workspace.pipelines(type_key)
    if not present:
        raise Refused(_("This type has no stages."))
    return work, find_pipeline(work.session, type_key, name) if name else present[0]


def _mapping(session: Session, source: Pipeline, target: Pipeline, words: list[str]) -> dict[str, str]:
    """`OLD=NEW` words by keys. A label may hold a sign of equality itself. Raises UsageError, Refused."""
    from tuicrm.services.kernel.lookup import find_stage

    found: dict[str, str] = {}
    for word in words:
        places = [at for at, sign in enumerate(word) if sign == "="]
        if not places:
            raise UsageError(_("expected STAGE=STAGE, not “{word}”").format(word=word))
        for at in places:
            try:
                found[find_stage(session, source, word[:at]).key] = find_stage(session, target, word[at + 1 :]).key
                break
            except Refused:
                if at == places[-1]:
                    raise
    return found


def _answer(work: CommandRun, type_key: str, key: str) -> None:
    """The pipeline's key, or the pipeline as it is now."""
    found = work.session.workspace.pipeline(type_key, key)
    if work.out.json and found is not None:
        work.out.envelope(pipeline=plain(work.session, found))
    else:
        work.out.text(key)


def plain(session: Session, pipeline: Pipeline) -> dict[str, Any]:
    """A pipeline for programs."""
    return {
        "key": pipeline.key,
        "label": session.label(pipeline.label),
        "default": pipeline.default,
        "stages": [stage.key for stage in pipeline.stages],
        "items": _count(session, pipeline),
    }


def _count(session: Session, pipeline: Pipeline) -> int:
    """How many of its items this person may read."""
    from tuicrm.domain.conditions import Test

    return session.count(pipeline.type, Test("pipeline", "pipeline", "=", pipeline.key))
