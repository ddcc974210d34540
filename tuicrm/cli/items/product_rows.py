"""`tuicrm deal products D-42`, and `add`, `edit`, `remove`, `move`, `sum`: an item's product rows, for every type that has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup, TextCommand, noun
from tuicrm.cli.grammar.typed import Command, CommandContext, work_of
from tuicrm.cli.running.work import CommandRun, assignments, stdin_for
from tuicrm.errors import NotFound, UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.items import Item
    from tuicrm.services.items.products import RowsChange

SHOW = "show"


class _ProductRowsGroup(CrmGroup):
    """Shows the rows of a ref that stands where a verb could."""

    def resolve_command(self, ctx: CommandContext, args: list[str]) -> tuple[str, Command, list[str]]:
        if self.get_command(ctx, args[0]) is None and any(sign.isdigit() for sign in args[0]):
            args = [SHOW, *args]
        return super().resolve_command(ctx, args)


app = noun(_("Product rows: show them with totals, add, change, remove, reorder."), _ProductRowsGroup)

_Ref = typer.Argument(metavar="REF", help=_("D-42, or 42."))
_Row = typer.Argument(metavar="ROW", help=_("Its number in the list, or its name."))
_DryRun = typer.Option(False, "--dry-run", help=_("Only show the totals they would come to."))
_Expect = typer.Option(None, "--expect", metavar="REV", help=_("Only if the item is still at this revision."))


@app.command(SHOW, cls=CrmCommand, help=_("Show an item's product rows and totals; `products D-42` is enough."))
def show(context: typer.CommandContext, ref: str = _Ref) -> None:
    _answer(work_of(context), _item(context, ref))


@app.command(
    cls=TextCommand,
    help=_(
        "Add rows: a product from the catalogue by name, code or ref, or anything else with a "
        "price. For a single row, PART=VALUE sets quantity, unit, price, discount, tax or name."
    ),
)
def add(
    context: typer.CommandContext,
    ref: str = _Ref,
    words: list[str] = typer.Argument(
        metavar="ROW... [PART=VALUE...]",
        help=_(
            '"2 day x Consulting @ 800 -10% +22%"; P-3 quantity=2 discount=10%; - reads one row per line from stdin.'
        ),
    ),
    at: int = typer.Option(0, "--at", min=0, metavar="N", help=_("Insert before this row; by default, at the end.")),
    expect: int = _Expect,
    dry_run: bool = _DryRun,
) -> None:
    from tuicrm.services.items import products

    item = _item(context, ref)
    rows = _typed(work_of(context), item, words)
    _make(context, item, products.adding(rows, at - 1 if at else None), expect=expect, dry_run=dry_run)


@app.command(cls=TextCommand, help=_("Change a row: quantity, unit, price, discount, tax, name; `unit=` empties it."))
def edit(
    context: typer.CommandContext,
    ref: str = _Ref,
    row: str = _Row,
    parts: list[str] = typer.Argument(metavar="PART=VALUE...", help=_("quantity=3 discount=10% tax=+22")),
    expect: int = _Expect,
    dry_run: bool = _DryRun,
) -> None:
    from tuicrm.services.items import products

    item = _item(context, ref)
    session, given = work_of(context).session, assignments(parts)
    step = products.editing_parts(session, item, _row_id(item, row), given, canonical=True)
    _make(context, item, step, expect=expect, dry_run=dry_run)


@app.command(cls=CrmCommand, help=_("Remove rows; `tuicrm undo` restores them."))
def remove(
    context: typer.CommandContext,
    ref: str = _Ref,
    rows: list[str] = typer.Argument(metavar="ROW...", help=_("Their numbers in the list, or their names.")),
    expect: int = _Expect,
    dry_run: bool = _DryRun,
) -> None:
    from tuicrm.services.items import products

    item = _item(context, ref)
    step = products.removing(item, list(dict.fromkeys(_row_id(item, row) for row in rows)))
    _make(context, item, step, expect=expect, dry_run=dry_run)


@app.command(cls=CrmCommand, help=_("Move a row to another position."))
def move(
    context: typer.CommandContext,
    ref: str = _Ref,
    row: str = _Row,
    place: int = typer.Argument(metavar="PLACE", min=1, help=_("Its new number.")),
    expect: int = _Expect,
) -> None:
    from tuicrm.services.items import products

    item = _item(context, ref)
    step = products.moving(item, _row_id(item, row), place - 1)
    if step is None:
        _answer(work_of(context), item)
        work_of(context).out.say(_("It is already there."))
    else:
        _make(context, item, step, expect=expect)


@app.command("sum", cls=CrmCommand, help=_("Calculate the amount from the rows again, after it was set by hand."))
def sum_(context: typer.CommandContext, ref: str = _Ref) -> None:
    from tuicrm.services.items import products
    from tuicrm.services.kernel.product_rules import MANUAL

    work, item = work_of(context), _item(context, ref)
    if item.get(MANUAL) is True:
        products.follow_sum(work.session, item.ref)
        item = work.session.written(item.ref)
    _answer(work, item)


# -- what they share ---------------------------------------------------------------------------------------------------
def _item(context: typer.CommandContext, text: str) -> Item:
    """The item whose rows are meant. Raises NotFound, AccessDenied, Refused for types without rows."""
    from tuicrm.cli.arguments.item_words import type_of
    from tuicrm.services.items.products import field_of
    from tuicrm.services.kernel.lookup import read_ref

    session, item_type = work_of(context).session, type_of(context)
    field_of(session, item_type.key)
    return session.get(read_ref(session, text, item_type.key))


def _row_id(item: Item, text: str) -> int:
    """A row by its number in the list, else by its name. Raises NotFound, UsageError for several."""
    from tuicrm.domain import named
    from tuicrm.services.items.products import entries

    kept = entries(item)
    if text.isascii() and text.isdigit():
        if not 0 < int(text) <= len(kept):
            raise NotFound(_("There is no row {n}; there are {count}.").format(n=text, count=len(kept)))
        return kept[int(text) - 1][0]
    rows = [(row_id, str(row.get("name") or "")) for row_id, row in kept if isinstance(row, dict)]
    known = [named.Named(row_id, "", (name,), name, detail=str(at)) for at, (row_id, name) in enumerate(rows, start=1)]
    try:
        return named.the(text, known, _("There is no row “{name}”").format(name=text))
    except named.NotNamed as missing:
        if missing.several:
            told = _("Several rows are called “{name}”: give the number instead.").format(name=text)
            raise UsageError(told) from missing
        raise NotFound(missing.message) from missing


def _typed(work: CommandRun, item: Item, words: list[str]) -> list[Mapping[str, Any]]:
    """The rows that the words say. Raises Refused, UsageError."""
    from tuicrm.domain.kinds.product_parts import PARTS
    from tuicrm.services.items import products

    is_part = [word.partition("=")[0] in PARTS and "=" in word for word in words]
    texts = [stdin_for(word) for word, part in zip(words, is_part, strict=True) if not part]
    parts = assignments([word for word, part in zip(words, is_part, strict=True) if part])
    name = parts.get("name")
    if not texts and name:
        # What has a name and nothing else is free text.
        texts = ['"{}"'.format(name.replace('"', '""'))]
    rows = [row for text in texts for row in products.typed_rows(work.session, item, text, parts.get("price", ""))]
    if not rows:
        raise UsageError(_('Give what to add: a product, or "2 x Consulting @ 800".'))
    if parts and len(rows) > 1:
        raise UsageError(_("Use PART=VALUE with one row at a time."))
    return [products.with_parts(work.session, item, row, parts, canonical=True) for row in rows]


def _make(
    context: typer.CommandContext, item: Item, step: RowsChange, *, expect: int | None = None, dry_run: bool = False
) -> None:
    """Make the change, or only try it out, and show what came of it."""
    from tuicrm.services.items import products

    work = work_of(context)
    if dry_run:
        _answer(work, products.outcome(work.session, item.ref, step))
        work.out.say(_("Nothing was changed: --dry-run only shows what would happen."))
    else:
        products.apply(work.session, item.ref, step, expect=expect)
        made = work.session.written(item.ref)
        _answer(work, made)
        tell_kept_amount(work, item, made)


def tell_kept_amount(work: CommandRun, before: Item, now: Item) -> None:
    """Say that the first rows left an amount as it was set, and which command makes it their sum."""
    from tuicrm.services.items.products import amount_kept

    if kept := amount_kept(work.session, before, now):
        noun, ref = work.session.workspace.type(now.type).key, work.session.workspace.show_ref(now.ref)
        command = f"tuicrm {noun} products sum {ref}"
        work.out.say(_("{kept}. `{command}` takes the sum.").format(kept=kept, command=command))


def _answer(work: CommandRun, item: Item) -> None:
    """The rows and their totals, as the products tab has them."""
    from tuicrm.services.items import product_view

    session = work.session
    if work.out.json:
        ref = session.workspace.show_ref(item.ref)
        work.out.envelope(ref=ref, rev=item.rev, **product_view.plain(item))
        return
    from tuicrm.render.products import product_lines

    view = product_view.view(session, item)
    if view.rows:
        work.out.lines(product_lines(view, work.out.cells))
    else:
        work.out.say(_("{ref} has no products yet.").format(ref=session.workspace.show_ref(item.ref)))
