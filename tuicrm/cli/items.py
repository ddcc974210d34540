"""`tuicrm deal list`, `show`, `add`, `edit`, `move`, `delete`, `products`: the same verbs for every item type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.cli import typed as typer

from tuicrm.cli import asked_told, product_rows
from tuicrm.cli.alike import look_for_alike, plain, tell_alike
from tuicrm.cli.creating import create
from tuicrm.cli.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.item_history import history, restore
from tuicrm.cli.item_words import answer, type_of, words_and_values
from tuicrm.cli.naming import fields_of, sorts_of
from tuicrm.cli.work import Work, assignments, work_of
from tuicrm.domain.items import Item
from tuicrm.errors import CrmError, Refused, UsageError
from tuicrm.i18n import _, ngettext

if TYPE_CHECKING:
    from tuicrm.domain.items import Ref
    from tuicrm.domain.schema import Field, ItemType, Pipeline, Stage
    from tuicrm.services.duplicates import Candidate
    from tuicrm.services.session import Session
    from tuicrm.services.stages import Lacking

app = noun(_("Items of one type."))
app.add_typer(product_rows.app, name="products")

_RIGHT = ("money", "number", "integer")

_DryRun = typer.Option(False, "--dry-run", help=_("Only tell what would be done."))
_Where = typer.Option("", "--where", metavar="EXPR", help=_("All that match this filter."))
_Expect = typer.Option(None, "--expect", metavar="REV", help=_("Only if this is still its revision."))


@app.command("list", cls=CrmCommand, help=_("List the items that match a filter."))
def list_(
    context: typer.Context,
    where: str = typer.Option("", metavar="EXPR", help=_('A filter: amount > 1000 and stage = "Proposal".')),
    sort: str = typer.Option("", metavar="FIELDS", help=_("Fields to sort by, -field from the top: -amount,title.")),
    columns: str = typer.Option("", metavar="FIELDS", help=_("Fields to show, with commas between.")),
    limit: int = typer.Option(0, min=0, metavar="N", help=_("At most so many; 0 for all.")),
) -> None:
    from tuicrm.services.exporting import plain_item
    from tuicrm.services.filters import compile_for

    work, item_type = work_of(context), type_of(context)
    session = work.session
    condition = compile_for(session, item_type.key, where)
    sorts = sorts_of(session, item_type.key, sort)
    fields = fields_of(session, item_type.key, columns)
    page = session.find(item_type.key, condition, sorts, limit)
    if work.out.json:
        keys = [field.key for field in fields]
        work.out.envelope(items=[plain_item(session, item, keys) for item in page.items], total=page.total)
        return
    fields = fields or _columns(session, item_type)
    _table(work, page.items, fields)
    count = ngettext("{n} item", "{n} items", page.total)
    shown = _("{n} of {all}").format(n=len(page.items), all=count) if len(page.items) < page.total else count
    work.out.say(shown)


def _columns(session: Session, item_type: ItemType) -> list[Field]:
    known = session.workspace.fields(item_type.key)
    return [known[key] for key in item_type.columns if key in known and session.access.sees(known[key])]


def _table(work: Work, items: Sequence[Item], fields: Sequence[Field]) -> None:
    from tuicrm.render.table import TableColumn
    from tuicrm.services.cards import field_value, show

    session = work.session
    context = session.context()
    heads = [TableColumn(_("Ref"), style="accent", shrinks=False)]
    for field in fields:
        heads.append(TableColumn(session.label(field.label), "right" if field.kind in _RIGHT else "left"))
    rows = []
    for item in items:
        values = [(field, field_value(item, field)) for field in fields]
        texts = ["" if v is None else show(session, item, field, v, context) for field, v in values]
        rows.append([session.workspace.show_ref(item.ref), *(", ".join(text.splitlines()) for text in texts)])
    work.out.table(heads, rows)


@app.command(cls=CrmCommand, help=_("Show an item as its card."))
def show(
    context: typer.Context,
    refs: list[str] = typer.Argument(metavar="REF...", help=_("D-42, or 42.")),
    all_fields: bool = typer.Option(False, "--all", help=_("Empty fields too.")),
) -> None:
    from tuicrm.services.items import read_ref

    work, item_type = work_of(context), type_of(context)
    session = work.session
    items = [session.get(read_ref(session, text, item_type.key)) for text in refs]
    if work.out.json:
        work.out.envelope(items=[_shown(session, item) for item in items], total=len(items))
        return
    for number, item in enumerate(items):
        if number:
            work.out.lines([()])
        draw_card(work, item, show_empty=all_fields)


def _shown(session: Session, item: Item) -> dict[str, Any]:
    """An item for programs; of a client, what is theirs besides."""
    from tuicrm.services import clients
    from tuicrm.services.exporting import plain_item

    sold = {key: clients.plain(session, found) for key, found in clients.sales(session, item).items()}
    return {**plain_item(session, item), **({"sales": sold} if sold else {})}


def draw_card(work: Work, item: Item, *, show_empty: bool = False) -> None:
    """An item's card with its timeline, as lines."""
    from tuicrm.render.card_text import card_text
    from tuicrm.services import cards, timeline

    view = cards.view(work.session, item)
    entries = timeline.view(work.session, item.ref)
    work.out.lines(card_text(view, entries, work.out.cells, show_empty=show_empty))


@app.command(cls=TextCommand, help=_("Add an item; prints its ref."))
def add(
    context: typer.Context,
    values: list[str] = typer.Argument(
        None, metavar="FIELD=VALUE...", help=_('title="ERP connector" amount="38000 EUR"')
    ),
) -> None:
    from tuicrm.services import items

    work, item_type = work_of(context), type_of(context)
    given = assignments(values or [])
    fields = items.values(work.session, item_type.key, given)
    found = look_for_alike(work, item_type.key, fields)
    _answer_with_alike(work, items.add(work.session, item_type.key, fields), found)


def _answer_with_alike(work: Work, item: Item, found: Sequence[Candidate], before: Item | None = None) -> None:
    """The item, and beside it what it looks like, and what its stage asks for; `before` is as it was."""
    _answer(work, [before] if before else [], [item], **({"alike": plain(work.session, found)} if found else {}))
    tell_alike(work, found)


def _answer(work: Work, before: Sequence[Item], after: Sequence[Item], **more: Any) -> None:
    """The items as they are now, and what the stages ask for to which they came."""
    asked = asked_told.lacking(work.session, before, after)
    answer(work, after, **more, **asked_told.plain(asked))
    if asked and not work.out.json:
        asked_told.tell(work, after[0].type, asked)


@app.command(cls=TextCommand, help=_("Change fields of an item, of several, or of all that match a filter."))
def edit(
    context: typer.Context,
    words: list[str] = typer.Argument(
        None,
        metavar="[REF...] FIELD=VALUE...",
        help=_("amount=41000; FIELD= empties it; FIELD+=VALUE and FIELD-=VALUE where it holds several."),
    ),
    where: str = _Where,
    expect: int = _Expect,
    dry_run: bool = _DryRun,
) -> None:
    from tuicrm.cli.bulk_edit import edit_many, ids_meant
    from tuicrm.services import items

    work, item_type = work_of(context), type_of(context)
    session = work.session
    refs, values = words_and_values(words or [])
    if not refs and not where:
        raise UsageError(_("Say which: REF... or --where."))
    if not values:
        raise UsageError(_("Say what to change: FIELD=VALUE."))
    given = assignments(values)
    if len(refs) == 1 and not where and not dry_run and not any(name.endswith(("+", "-")) for name in given):
        item = session.get(items.read_ref(session, refs[0], item_type.key))
        fields = items.values(session, item_type.key, given, within=item)
        found = look_for_alike(work, item.type, fields, item)
        _answer_with_alike(work, items.edit(session, item.ref, fields, expect=expect), found, item)
        return
    if expect is not None:
        raise UsageError(_("--expect goes with one item at a time."))
    ids = ids_meant(session, item_type.key, refs, where)
    edit_many(work, item_type.key, ids, given, dry_run=dry_run)


@app.command(cls=TextCommand, help=_("Move items to a stage."))
def move(
    context: typer.Context,
    words: list[str] = typer.Argument(
        metavar="REF... STAGE [FIELD=VALUE...]", help=_("Items, the stage, and what that stage still needs.")
    ),
    pipeline: str = typer.Option("", metavar="NAME", help=_("Into another pipeline.")),
    expect: int = _Expect,
    dry_run: bool = _DryRun,
) -> None:
    from tuicrm.services import items, stages
    from tuicrm.services.rights import require

    work, item_type = work_of(context), type_of(context)
    session = work.session
    texts, given = words_and_values(words, least=2)
    refs = [items.read_ref(session, text, item_type.key) for text in texts[:-1]]
    if not refs:
        raise UsageError(_("Say which item goes to which stage: D-42 Proposal."))
    if len(refs) > 1:
        if expect is not None:
            raise UsageError(_("--expect goes with one item at a time."))
        bring = items.values(session, item_type.key, assignments(given))
        _move_many(work, refs, texts[-1], pipeline, bring, dry_run=dry_run)
        return
    item = session.get(refs[0])
    bring = items.values(session, item_type.key, assignments(given), within=item)
    target = _pipeline(session, item, pipeline)
    stage = items.find_stage(session, target, texts[-1])
    if dry_run:
        require(session, "edit", item.type, item.fields)
        lacking = stages.needs(session, item, target.key, stage.key, bring)
        failed = _not_moved(session, stage, [stages.Lacking(item.ref, "", tuple(lacking))])
        if failed:
            raise failed
        moved = item
    else:
        moved = stages.move(session, item.ref, stage.key, target.key, bring=bring, expect=expect)
    _answer(work, [item], [moved])
    work.out.say(_only_told(dry_run) or _("Moved to {stage}.").format(stage=session.label(stage.label)))


def _pipeline(session: Session, item: Item, name: str) -> Pipeline:
    from tuicrm.services.items import find_pipeline

    found = find_pipeline(session, item.type, name) if name else session.workspace.pipeline_of(item.type, item.fields)
    if found is None:
        raise Refused(_("This type has no stages."))
    return found


def _move_many(
    work: Work, refs: list[Ref], stage_name: str, pipeline: str, bring: dict[str, Any], *, dry_run: bool
) -> None:
    """Move those that can move; the others are told with what they lack, and make the exit code."""
    from tuicrm.services import items, stages
    from tuicrm.services.exporting import plain_item

    session, ref_of = work.session, work.session.workspace.show_ref
    found = [session.get(ref) for ref in refs]
    target = _pipeline(session, found[0], pipeline)
    if any(_pipeline(session, item, pipeline) != target for item in found):
        raise UsageError(_("They are in different pipelines: say which with --pipeline."))
    stage = items.find_stage(session, target, stage_name)
    came = stages.move_many(session, refs, stage.key, target.key, bring=bring, dry_run=dry_run)
    moved, failed = [session.get(ref) for ref in came.moved], _not_moved(session, stage, came.stayed)
    if work.out.json and failed:
        stayed = [
            {"ref": ref_of(one.ref), "lacks": [field.key for field in one.fields], "reason": one.reason}
            for one in came.stayed
        ]
        work.out.fail(failed, items=[plain_item(session, item) for item in moved], total=len(moved), stayed=stayed)
    else:
        _answer(work, found, moved)
    if not work.out.json:
        for one in came.stayed:
            work.out.warn(stages.told(session, one))
        if moved:
            work.out.say(_only_told(dry_run) or _("Moved to {stage}.").format(stage=session.label(stage.label)))
        if failed:
            work.out.fail(type(failed)(failed.message))  # each item was told already
    if failed:
        raise typer.Exit(failed.exit_code)


def _not_moved(session: Session, stage: Stage, stayed: Sequence[Lacking]) -> CrmError | None:
    """What it comes to that these stayed where they are; None where they are there already."""
    from tuicrm.errors import AccessDenied, FieldProblem, RequiredFields

    ref_of, must = session.workspace.show_ref, _("must be filled")
    problems = [FieldProblem(field.key, f"{ref_of(one.ref)}: {must}") for one in stayed for field in one.fields]
    if problems:
        names = {session.label(field.label): None for one in stayed for field in one.fields}
        message = _("{stage} needs: {fields}").format(stage=session.label(stage.label), fields=", ".join(names))
        return RequiredFields(message, problems)
    barred = [ref_of(one.ref) for one in stayed if one.barred]
    return AccessDenied(_("You may not change: {refs}").format(refs=", ".join(barred))) if barred else None


def _only_told(dry_run: bool) -> str:
    return _("Nothing was changed: --dry-run only tells what would be.") if dry_run else ""


app.command(
    "create",
    cls=TextCommand,
    help=_("Make other items from items: a deal and a contact from a lead, a quote from a deal."),
)(create)


app.command(
    cls=CrmCommand, help=_("What changed of an item: when, by whom, from what to what; or the item as it was.")
)(history)
app.command(cls=CrmCommand, help=_("Bring values, or the whole item, back to what they were; a deleted item too."))(
    restore
)


@app.command(cls=CrmCommand, help=_("Delete items; `tuicrm undo` brings them back."))
def delete(
    context: typer.Context,
    refs: list[str] = typer.Argument(None, metavar="[REF...]", help=_("D-42, or 42.")),
    where: str = _Where,
    expect: int = _Expect,
    dry_run: bool = _DryRun,
) -> None:
    from tuicrm.cli.bulk_edit import ids_meant
    from tuicrm.services import items

    work, item_type = work_of(context), type_of(context)
    session = work.session
    if not refs and not where:
        raise UsageError(_("Say which: REF... or --where."))
    found = session.many(item_type.key, ids_meant(session, item_type.key, refs or [], where))
    if found and not dry_run:
        items.delete(session, [item.ref for item in found], expect=expect)
    answer(work, found)
    work.out.say(_only_told(dry_run) or _("Deleted; `tuicrm undo` brings it back."))
