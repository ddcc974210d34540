"""`tuicrm deal list`, `show`, `add`, `edit`, `move`, `delete`, `products`: the same verbs for every item type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.formats import FORMAT, IDS, JSON, NO_HEADER, TABLE, chosen, write
from tuicrm.cli.arguments.item_words import answer, type_of, words_and_values
from tuicrm.cli.arguments.piped import STDIN, items_in, refs_in
from tuicrm.cli.arguments.places import DRY_RUN, EXPECT, only_told
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, noun, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.items import asked_output
from tuicrm.cli.items.alike import look_for_alike, plain, tell_alike
from tuicrm.cli.running.work import CommandRun, assignments
from tuicrm.domain.items import Item
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from tuicrm.cli.arguments.columns import OutputColumn
    from tuicrm.services.duplicates.duplicates import Candidate
    from tuicrm.services.kernel.reader import ItemPage
    from tuicrm.services.kernel.session import Session

app = noun(_("Items of one type."))
show_any = verb()

_Where = typer.Option("", "--where", metavar="EXPR", help=_("All that match this filter."))
_Refs = typer.Argument(metavar="REF...", help=_("D-42, or 42; - reads refs from stdin."))
_All = typer.Option(False, "--all", help=_("Show empty fields, too."))


@app.command(
    "list",
    cls=CrmCommand,
    help=_("List the items that match a filter."),
    examples=[
        ('--where "amount > 1000 and stage = Proposal" --sort -amount', N_("Largest first.")),
        ("--where @hot --format csv --columns ref,title,amount", N_("A saved filter, as CSV.")),
        ("--where 'responsible = me' --format ids", N_("Refs only, for another command.")),
    ],
)
def list_(
    context: typer.CommandContext,
    where: str = typer.Option(
        "", metavar="EXPR", help=_('A filter: amount > 1000 and stage = "Proposal"; `tuicrm help filters`.')
    ),
    sort: str = typer.Option("", metavar="FIELDS", help=_("Fields to sort by, with - for descending: -amount,title.")),
    columns: str = typer.Option(
        "", metavar="FIELDS", help=_("Fields to show, separated by commas; ref, id and rev are columns, too.")
    ),
    limit: int = typer.Option(0, min=0, metavar="N", help=_("Maximum number; 0 for all.")),
    format: str = FORMAT,
    no_header: bool = NO_HEADER,
) -> None:
    from tuicrm.cli.arguments.columns import columns_of
    from tuicrm.cli.arguments.naming import sorts_of
    from tuicrm.services.boards.filters import compile_for

    work = work_of(context)
    wanted = chosen(work.out, format)
    item_type = type_of(context)
    session = work.session
    condition = compile_for(session, item_type.key, where, begins=True)
    sorts = sorts_of(session, item_type.key, sort)
    shown = columns_of(session, item_type, columns)
    page = session.find(item_type.key, condition, sorts, limit)
    if wanted == JSON:
        _envelope(work, page, shown if columns.strip() else [])
        return
    _listed(work, page.items, shown, wanted, header=not no_header)
    count = ngettext("{n} item", "{n} items", page.total)
    if len(page.items) < page.total:
        count = _("{n} of {all}").format(n=len(page.items), all=count)
    work.out.say(count)


def _envelope(work: CommandRun, page: ItemPage, columns: Sequence[OutputColumn]) -> None:
    """The items as one object; ref, id and rev are told of each anyway."""
    from tuicrm.services.exporting.exportable import plain_item

    keys = [column.key for column in columns if column.field]
    found = [plain_item(work.session, item, keys) for item in page.items]
    if columns and not keys:
        found = [{**item, "fields": {}} for item in found]
    work.out.envelope(items=found, total=page.total)


def _listed(
    work: CommandRun, items: Sequence[Item], columns: Sequence[OutputColumn], format: str, *, header: bool
) -> None:
    from tuicrm.cli.arguments.columns import heading, texts

    session = work.session
    if format == IDS:
        work.out.data("".join(f"{session.workspace.show_ref(item.ref)}\n" for item in items))
    elif format == TABLE:
        from tuicrm.cli.arguments.columns import REF, OutputColumn
        from tuicrm.render.table import TableColumn

        if all(one.key != REF for one in columns):
            columns = [OutputColumn(REF), *columns]  # what people go on with
        heads = [
            TableColumn(
                heading(session, one),
                "right" if one.key in ("id", "rev") or (one.field and one.field.traits.aligns_right) else "left",
                style="" if one.field else "accent",
                shrinks=one.field is not None,
            )
            for one in columns
        ]
        work.out.table(heads, texts(session, items, columns, canonical=False), header=header)
    else:
        rows = texts(session, items, columns, canonical=True)
        write(work.out, format, [column.key for column in columns], rows, header=header)


@app.command(
    cls=CrmCommand,
    help=_("Show an item as its card."),
    examples=[("D-42", N_("The card with its timeline.")), ("D-42 --json", N_("For programs."))],
)
def show(context: typer.CommandContext, refs: list[str] = _Refs, all_fields: bool = _All) -> None:
    _show(work_of(context), refs, type_of(context).key, show_empty=all_fields)


@show_any.command(cls=CrmCommand, help=_("Show items of any type; `tuicrm D-42` is enough."))
def _show_any(context: typer.CommandContext, refs: list[str] = _Refs, all_fields: bool = _All) -> None:
    _show(work_of(context), refs, "", show_empty=all_fields)


def _show(work: CommandRun, refs: Sequence[str], type_key: str, *, show_empty: bool) -> None:
    from tuicrm.services.kernel.lookup import read_refs

    session = work.session
    items = [session.get(ref) for ref in read_refs(session, refs_in(refs), type_key)]
    if work.out.json:
        work.out.envelope(items=[_shown(session, item) for item in items], total=len(items))
        return
    for number, item in enumerate(items):
        if number:
            work.out.lines([()])
        draw_card(work, item, show_empty=show_empty)


def _shown(session: Session, item: Item) -> dict[str, Any]:
    """An item for programs; of a client, what is theirs besides."""
    from tuicrm.services.exporting.exportable import plain_item
    from tuicrm.services.items import clients

    sold = {key: clients.plain(session, found) for key, found in clients.sales(session, item).items()}
    return {**plain_item(session, item), **({"sales": sold} if sold else {})}


def draw_card(work: CommandRun, item: Item, *, show_empty: bool = False) -> None:
    """An item's card with its timeline, as lines."""
    from tuicrm.render.card_text import card_text
    from tuicrm.services.items import cards, timeline

    view = cards.view(work.session, item)
    entries = timeline.view(work.session, item.ref)
    work.out.lines(card_text(view, entries, work.out.cells, show_empty=show_empty))


@app.command(
    cls=CrmCommand,
    help=_("Add an item; prints its ref. With -, reads one item per line from stdin and adds all of them or nothing."),
    examples=[
        ('title="ERP connector" amount="38000 EUR"', N_("One item.")),
        ("- < deals.jsonl", N_("One item per line, each a JSON object of fields, as one undo step.")),
    ],
)
def add(
    context: typer.CommandContext,
    values: list[str] = typer.Argument(
        None,
        metavar="[-] FIELD=VALUE...",
        help=_('title="ERP connector" amount="38000 EUR"; - reads one item per line from stdin, each a JSON object.'),
    ),
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.services.items import items

    work, item_type = work_of(context), type_of(context)
    words = values or []
    if STDIN in words:
        _add_many(work, item_type.key, [word for word in words if word != STDIN], dry_run=dry_run)
        return
    fields = items.values(work.session, item_type.key, assignments(words))
    if dry_run:
        from tuicrm.services.items.adding import ItemToAdd, add_many

        add_many(work.session, item_type.key, [ItemToAdd(1, fields)], dry_run=True)
        answer(work, [])
        work.out.say(only_told(dry_run))
        return
    found = look_for_alike(work, item_type.key, fields)
    _answer_with_alike(work, items.add(work.session, item_type.key, fields), found)


def _add_many(work: CommandRun, type_key: str, words: list[str], *, dry_run: bool) -> None:
    from tuicrm.services.items.adding import add_many

    rows = items_in(work.session, type_key, assignments(words, piped=True))
    made = add_many(work.session, type_key, rows, dry_run=dry_run)
    asked_output.answer(work, [], made)
    count = len(rows) if dry_run else len(made)
    work.out.say(ngettext("{n} item", "{n} items", count))
    work.out.say(only_told(dry_run))


def _answer_with_alike(work: CommandRun, item: Item, found: Sequence[Candidate], before: Item | None = None) -> None:
    """The item, and beside it what it looks like, and what its stage asks for; `before` is as it was."""
    alike = {"alike": plain(work.session, found)} if found else {}
    asked_output.answer(work, [before] if before else [], [item], **alike)
    tell_alike(work, found)
    _tell_known(work, item)


def _tell_known(work: CommandRun, item: Item) -> None:
    """Say of a repeat lead that it is one, and with which command somebody who is known becomes its client."""
    from tuicrm.services.items import known_clients

    session = work.session
    told = known_clients.told(session, item)
    if told:
        work.out.say(f"{session.workspace.show_ref(item.ref)}: {told}")
    for client in known_clients.known(session, item)[:1]:
        taking = known_clients.taking(session, item, client).items()
        key = next(key for key, value in taking if str(client.ref) in (value if isinstance(value, list) else [value]))
        ref, other = session.workspace.show_ref(item.ref), session.workspace.show_ref(client.ref)
        command = f"tuicrm {item.type} edit {ref} {key}={other}"
        work.out.say(_("`{command}` takes it as the client.").format(command=command))


@app.command(
    cls=CrmCommand,
    help=_("Change fields of one item, of several, or of all that match a filter."),
    examples=[
        ("D-42 amount=41000", N_("One field of one item.")),
        ("--where 'stage = New' responsible=luca --dry-run", N_("Check first what would change.")),
        ("- source=web < refs.txt", N_("All refs read from stdin, as one step.")),
    ],
)
def edit(
    context: typer.CommandContext,
    words: list[str] = typer.Argument(
        None,
        metavar="[REF...] FIELD=VALUE...",
        help=_(
            "amount=41000; FIELD= empties it; FIELD+=VALUE and FIELD-=VALUE for fields with "
            "several values; - reads refs from stdin."
        ),
    ),
    where: str = _Where,
    expect: int = EXPECT,
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.cli.items.bulk_edit import edit_many, ids_meant
    from tuicrm.services.items import items
    from tuicrm.services.kernel import lookup

    work, item_type = work_of(context), type_of(context)
    session = work.session
    named, values = words_and_values(words or [])
    if not named and not where:
        raise UsageError(_("Name the items: REF... or --where."))
    if not values:
        raise UsageError(_("Nothing to change: add FIELD=VALUE."))
    given = assignments(values, piped=STDIN in named)
    refs = refs_in(named)
    if len(refs) == 1 and not where and not dry_run and not any(name.endswith(("+", "-")) for name in given):
        item = session.get(lookup.read_ref(session, refs[0], item_type.key))
        fields = items.values(session, item_type.key, given, within=item)
        found = look_for_alike(work, item.type, fields, item)
        edited = items.edit(session, item.ref, fields, expect=expect)
        _answer_with_alike(work, edited, found, item)
        if item_type.products:
            from tuicrm.cli.items.product_rows import tell_kept_amount

            tell_kept_amount(work, item, edited)
        return
    if expect is not None:
        raise UsageError(_("Use --expect with one item at a time."))
    ids = ids_meant(session, item_type.key, refs, where)
    edit_many(work, item_type.key, ids, given, dry_run=dry_run)


app.later("move", "items.moving:move_", _("Move items to a stage."))
app.later(
    "create",
    "items.creating:create_",
    _(
        "Create items from other items: a deal and a contact from a lead, a quote from a deal. "
        "Matching fields are copied."
    ),
)
app.later(
    "products",
    "items.product_rows:app",
    _("Product rows: show them with totals, add, change, remove, reorder."),
)
app.later(
    "history",
    "history.item_history:history_",
    _("Show what changed on an item: when, by whom, from what to what; or the item as it was."),
)
app.later(
    "query",
    "items.address_query:query_",
    _("Find e-mail addresses by a name, as mutt and aerc read them."),
)
app.later(
    "restore",
    "history.item_history:restore_",
    _("Restore values, or the whole item, to what they were; works for a deleted item, too."),
)


@app.command(
    cls=CrmCommand,
    help=_("Delete items; `tuicrm undo` restores them."),
    examples=[("D-42 D-43", N_("Two of them, as one step.")), ("- < refs.txt", N_("All refs read from stdin."))],
)
def delete(
    context: typer.CommandContext,
    refs: list[str] = typer.Argument(None, metavar="[REF...]", help=_("D-42, or 42; - reads refs from stdin.")),
    where: str = _Where,
    expect: int = EXPECT,
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.cli.items.bulk_edit import ids_meant
    from tuicrm.services.items import items

    work, item_type = work_of(context), type_of(context)
    session = work.session
    if not refs and not where:
        raise UsageError(_("Name the items: REF... or --where."))
    named = refs_in(refs or [])
    found = session.many(item_type.key, ids_meant(session, item_type.key, named, where))
    if found and not dry_run:
        items.delete(session, [item.ref for item in found], expect=expect)
    answer(work, found)
    if not found:
        work.out.say(_("Nothing to do."))
        return
    work.out.say(only_told(dry_run) or _("Deleted; `tuicrm undo` restores it."))
