"""`tuicrm deal move`: one item, or many as one step of undo, to a stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.item_words import answer, type_of, words_and_values
from tuicrm.cli.arguments.piped import STDIN, refs_in
from tuicrm.cli.arguments.places import DRY_RUN, EXPECT, only_told
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.items import asked_output
from tuicrm.cli.running.work import CommandRun, assignments
from tuicrm.domain.items import Item
from tuicrm.errors import AccessDenied, CrmError, FieldProblem, Refused, RequiredFields, UsageError
from tuicrm.i18n import N_, _

if TYPE_CHECKING:
    from tuicrm.domain.items import Ref
    from tuicrm.domain.schema import Pipeline, Stage
    from tuicrm.services.items.stages import Lacking
    from tuicrm.services.kernel.session import Session

move_ = verb()

_LEAST = 2


@move_.command(
    cls=CrmCommand,
    help=_("Move items to a stage."),
    examples=[
        ("D-42 Proposal", N_("The stage to move to, by key or label.")),
        ("D-42 Won close_date=today", N_("And fill in what that stage requires.")),
        ("- Lost < refs.txt", N_("All refs read from stdin, as one step.")),
    ],
)
def move(
    context: typer.CommandContext,
    words: list[str] = typer.Argument(
        metavar="REF... STAGE [FIELD=VALUE...]",
        help=_("Items (- reads refs from stdin), the stage, and values for fields that stage requires."),
    ),
    pipeline: str = typer.Option("", metavar="NAME", help=_("To another pipeline.")),
    expect: int = EXPECT,
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.services.items import items, stages
    from tuicrm.services.kernel import lookup
    from tuicrm.services.kernel.permissions import require

    work, item_type = work_of(context), type_of(context)
    session = work.session
    texts, given = words_and_values(words, least=2)
    if len(texts) < _LEAST:
        raise UsageError(_("Name the items and the stage: D-42 Proposal."))
    piped = STDIN in texts[:-1]
    refs = lookup.read_refs(session, refs_in(texts[:-1]), item_type.key)
    if not refs:
        answer(work, [])
        work.out.say(_("Nothing to do."))
        return
    if len(refs) > 1:
        if expect is not None:
            raise UsageError(_("Use --expect with one item at a time."))
        bring = items.values(session, item_type.key, assignments(given, piped=piped))
        _move_many(work, refs, texts[-1], pipeline, bring, dry_run=dry_run)
        return
    item = session.get(refs[0])
    bring = items.values(session, item_type.key, assignments(given, piped=piped), within=item)
    target = _pipeline(session, item, pipeline)
    stage = lookup.find_stage(session, target, texts[-1])
    if dry_run:
        require(session, "edit", item.type, item.fields)
        lacking = stages.needs(session, item, target.key, stage.key, bring)
        failed = _not_moved(session, stage, [stages.Lacking(item.ref, "", tuple(lacking))])
        if failed:
            raise failed
        moved = item
    else:
        moved = stages.move(session, item.ref, stage.key, target.key, bring=bring, expect=expect)
    asked_output.answer(work, [item], [moved])
    work.out.say(only_told(dry_run) or _("Moved to {stage}.").format(stage=session.label(stage.label)))


def _pipeline(session: Session, item: Item, name: str) -> Pipeline:
    from tuicrm.services.kernel.lookup import find_pipeline

    found = find_pipeline(session, item.type, name) if name else session.workspace.pipeline_of(item.type, item.fields)
    if found is None:
        raise Refused(_("This type has no stages."))
    return found


def _move_many(
    work: CommandRun, refs: list[Ref], stage_name: str, pipeline: str, bring: dict[str, Any], *, dry_run: bool
) -> None:
    """Move those that can move; the others are told with what they lack, and make the exit code."""
    from tuicrm.services.exporting.exportable import plain_item
    from tuicrm.services.items import stages
    from tuicrm.services.kernel import lookup

    session, ref_of = work.session, work.session.workspace.show_ref
    found = [session.get(ref) for ref in refs]
    target = _pipeline(session, found[0], pipeline)
    if any(_pipeline(session, item, pipeline) != target for item in found):
        raise UsageError(_("They are in different pipelines: choose one with --pipeline."))
    stage = lookup.find_stage(session, target, stage_name)
    came = stages.move_many(session, refs, stage.key, target.key, bring=bring, dry_run=dry_run)
    moved, failed = [session.written(ref) for ref in came.moved], _not_moved(session, stage, came.stayed)
    if work.out.json and failed:
        stayed = [
            {"ref": ref_of(one.ref), "lacks": [field.key for field in one.fields], "reason": one.reason}
            for one in came.stayed
        ]
        work.out.fail(failed, items=[plain_item(session, item) for item in moved], total=len(moved), stayed=stayed)
    else:
        asked_output.answer(work, found, moved)
    if not work.out.json:
        for one in came.stayed:
            work.out.warn(stages.told(session, one))
        if moved:
            work.out.say(only_told(dry_run) or _("Moved to {stage}.").format(stage=session.label(stage.label)))
        if failed:
            work.out.fail(type(failed)(failed.message))  # each item was told already
    if failed:
        raise typer.Exit(failed.exit_code)


def _not_moved(session: Session, stage: Stage, stayed: Sequence[Lacking]) -> CrmError | None:
    """What it comes to that these stayed where they are; None where they are there already."""
    ref_of, must = session.workspace.show_ref, _("is required")
    problems = [FieldProblem(field.key, f"{ref_of(one.ref)}: {must}") for one in stayed for field in one.fields]
    if problems:
        names = {session.label(field.label): None for one in stayed for field in one.fields}
        message = _("{stage} requires: {fields}").format(stage=session.label(stage.label), fields=", ".join(names))
        return RequiredFields(message, problems)
    barred = [ref_of(one.ref) for one in stayed if one.barred]
    return AccessDenied(_("You may not change: {refs}").format(refs=", ".join(barred))) if barred else None
