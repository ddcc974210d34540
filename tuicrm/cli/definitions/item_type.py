"""`tuicrm type list`, `show`, `add`, `edit`, `order`, `remove`: item types, those of one's own made and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.places import DRY_RUN, only_told
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import assignments
from tuicrm.errors import FieldProblem, Refused, UsageError
from tuicrm.i18n import _, ngettext
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.schema import ItemType
    from tuicrm.services.kernel.session import Session

app = noun(_("Item types: deals, contacts, … and custom ones."))

_TYPE = typer.Argument(metavar="TYPE", help=_("An item type: deal, contact, …"))
_OWN = typer.Argument(metavar="TYPE", help=_("A custom item type."))
_WORDS = typer.Argument(
    None,
    metavar="[WORD=VALUE...]",
    help=_('plural=Visits prefix=VIS stages=yes parents="deal, company several"; `type show` lists them.'),
)


@app.command("list", cls=CrmCommand, help=_("List the item types and how many items each has."))
def list_(
    context: typer.CommandContext, own: bool = typer.Option(False, "--own", help=_("Only custom item types."))
) -> None:
    session, out = work_of(context).session, work_of(context).out
    types = [one for one in session.workspace.types.values() if one.smart or not own]
    if out.json:
        rows = [_plain(session, one) for one in types]
        out.envelope(types=rows, total=len(rows))
        return
    heads = [TableColumn(_("Key"), style="accent", shrinks=False), TableColumn(_("Name")), TableColumn(_("Refs"))]
    heads += [TableColumn(""), TableColumn(_("Items"), "right", shrinks=False), TableColumn(_("Has"))]
    out.table(heads, [_row(session, one) for one in types])


def _row(session: Session, item_type: ItemType) -> list[str]:
    from tuicrm.services.definitions.item_type_words import told_switches
    from tuicrm.services.definitions.item_types import count

    record = session.workspace.smart_type(item_type.key)
    return [
        item_type.key,
        session.label(item_type.plural),
        f"{item_type.prefix}-",
        item_type.symbol,
        str(count(session, item_type.key)),
        told_switches(session, record) if record else _("built in"),
    ]


def _plain(session: Session, item_type: ItemType) -> dict[str, Any]:
    """For programs. What only types of one's own say is null for the others."""
    from tuicrm.services.definitions.item_type_checks import switches
    from tuicrm.services.definitions.item_types import count

    record = session.workspace.smart_type(item_type.key)
    relations = {"parents": record.parents, "children": record.children} if record else {}
    return {
        "key": item_type.key,
        "label": session.label(item_type.label),
        "plural": session.label(item_type.plural),
        "prefix": item_type.prefix,
        "symbol": item_type.symbol,
        "own": record is not None,
        "has": {one.key: one.key in record.has for one in switches(session)} if record else None,
        **{
            name: [{"type": one.type, "several": one.many, "tab": one.tab} for one in relations[name]]
            if relations
            else None
            for name in ("parents", "children")
        },
        "pipelines": [pipeline.key for pipeline in session.workspace.pipelines(item_type.key)],
        "items": count(session, item_type.key),
    }


@app.command(cls=CrmCommand, help=_("Show an item type's settings, with the names that `type edit` takes."))
def show(context: typer.CommandContext, type: str = _TYPE) -> None:
    from tuicrm.render.pairs import pairs
    from tuicrm.services.kernel.lookup import find_type

    session, out = work_of(context).session, work_of(context).out
    item_type = find_type(session, type)
    if out.json:
        out.envelope(type=_plain(session, item_type))
    else:
        out.lines(pairs(_pairs(session, item_type)))


def _pairs(session: Session, item_type: ItemType) -> list[tuple[str, str]]:
    from tuicrm.services.definitions.item_type_checks import switches
    from tuicrm.services.definitions.item_type_words import told_relations
    from tuicrm.services.definitions.item_types import count

    label, record = session.label, session.workspace.smart_type(item_type.key)
    kind = "" if record else f" ({_('built in')})"
    found = [(_("Key"), item_type.key + kind), (_("Items"), str(count(session, item_type.key)))]
    words = [
        ("label", _("Singular name"), label(item_type.label)),
        ("plural", _("Plural name"), label(item_type.plural)),
        ("prefix", _("Refs"), item_type.prefix),
        ("symbol", _("Symbol"), item_type.symbol),
    ]
    if record:
        words += [
            (one.key, label(one.label), _("yes") if one.key in record.has else _("no")) for one in switches(session)
        ]
        words.append(("parents", _("Parents"), told_relations(session, record.parents)))
        words.append(("children", _("Children"), told_relations(session, record.children)))
        return [*found, *((f"{name} ({word}=)", value or "–") for word, name, value in words)]
    return [*found, *((name, value) for _word, name, value in words)]


@app.command(cls=TextCommand, help=_("Create a custom item type; prints its key."))
def add(
    context: typer.CommandContext,
    label: str = typer.Argument(metavar="NAME", help=_("The name of one of its items.")),
    words: list[str] = _WORDS,
    key: str = typer.Option("", metavar="KEY", help=_("Its permanent key; by default, made from the name.")),
) -> None:
    from tuicrm.services.definitions import item_type_words

    work = work_of(context)
    texts = assignments(words or [])
    if "label" in texts:
        raise UsageError(_("{field} is given twice").format(field="label"))
    _answer(context, item_type_words.add(work.session, label, texts, key=key))


@app.command(cls=TextCommand, help=_("Change a custom item type; what is switched off is hidden, not lost."))
def edit(context: typer.CommandContext, type: str = _OWN, words: list[str] = _WORDS) -> None:
    from tuicrm.services.definitions import item_type_words

    texts = assignments(words or [])
    if not texts:
        raise UsageError(_("Nothing to change: add NAME=VALUE."))
    _answer(context, item_type_words.change(work_of(context).session, type, texts))


@app.command(cls=CrmCommand, help=_("Put the custom item types in this order; the others follow."))
def order(
    context: typer.CommandContext,
    types: list[str] = typer.Argument(metavar="TYPE...", help=_("Custom item types.")),
) -> None:
    from tuicrm.services.definitions import item_types

    session, out = work_of(context).session, work_of(context).out
    item_types.order(session, types)
    keys = [one.key for one in session.workspace.smart]
    if out.json:
        out.envelope(types=keys, total=len(keys))
        return
    for key in keys:
        out.text(key)


@app.command(cls=CrmCommand, help=_("Remove a custom item type that has no items; `tuicrm undo` restores it."))
def remove(context: typer.CommandContext, type: str = _OWN, dry_run: bool = DRY_RUN) -> None:
    from tuicrm.services.definitions import item_types

    session, out = work_of(context).session, work_of(context).out
    key = item_types.find_own(session, type).key
    fields = sum(field.custom for field in session.workspace.fields(key).values())
    if dry_run:
        reason = item_types.why_not_define(session) or item_types.why_not_remove(session, key)
        if reason is not None:
            raise Refused(reason, [FieldProblem("type", reason, type)])
    else:
        item_types.remove(session, key)
    if out.json:
        out.envelope(type=key, fields=fields, removed=not dry_run)
        return
    out.text(key)
    with_it = ngettext("{n} custom field", "{n} custom fields", fields)
    if dry_run:
        out.say(f"{_('This would also remove: {what}.').format(what=with_it)} {only_told(dry_run)}")
    else:
        out.say(_("Removed, along with {what}; `tuicrm undo` restores it.").format(what=with_it))


def _answer(context: typer.CommandContext, item_type: ItemType) -> None:
    work = work_of(context)
    if work.out.json:
        work.out.envelope(type=_plain(work.session, item_type))
    else:
        work.out.text(item_type.key)
