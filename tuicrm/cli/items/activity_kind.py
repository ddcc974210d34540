"""`tuicrm activity kind list`, `add`, `edit`, `retire`, `restore`: kinds of activities of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.arguments.retiring import retiring
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.i18n import N_, _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.config_records import ActivityKind

app = noun(_("Kinds of activities: those that ship, and your own."))

_Kind = typer.Argument(metavar="KIND", help=_("A custom kind, by key or name."))
_Symbol = typer.Option(None, "--symbol", metavar="SIGN", help=_("One sign that stands before it: ♦, ♥."))
_Colour = typer.Option(None, "--colour", metavar="1-7", help=_("A colour, 1 to 7."))


@app.command("list", cls=CrmCommand, help=_("List the kinds of activities, with those no longer in use."))
def list_(context: typer.CommandContext) -> None:
    from tuicrm.services.items.activity_kinds import kinds

    work = work_of(context)
    found = kinds(work.session, retired=True)
    if work.out.json:
        work.out.envelope(kinds=[_plain(work, one) for one in found], total=len(found))
        return
    rows = [
        [one.key, one.symbol, work.session.label(one.label), one.colour, _("retired") if one.retired else ""]
        for one in found
    ]
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(""), TableColumn(_("Name")), TableColumn(_("Colour"))]
    work.out.table([*heads, TableColumn("", style="dim")], rows)


@app.command(
    cls=TextCommand,
    help=_("Add a kind; prints its key."),
    examples=[("Visit --symbol ♦ --colour 3", N_("With a sign."))],
)
def add(
    context: typer.CommandContext,
    name: str = typer.Argument(metavar="NAME"),
    symbol: str = _Symbol,
    colour: str = _Colour,
) -> None:
    from tuicrm.services.items.activity_kinds import add_kind

    work = work_of(context)
    made = add_kind(work.session, name, symbol=symbol or "", colour=colour or "")
    work.out.names(made.key, kind=_plain(work, made))


@app.command(cls=TextCommand, help=_("Change the name, sign or colour of a custom kind."))
def edit(
    context: typer.CommandContext,
    kind: str = _Kind,
    name: str = typer.Argument("", metavar="NAME", help=_("By default, unchanged.")),
    symbol: str = _Symbol,
    colour: str = _Colour,
) -> None:
    from tuicrm.services.items.activity_kinds import KindChanges, edit_kind, find_kind

    work = work_of(context)
    key = find_kind(work.session, kind).key
    _answer(work, edit_kind(work.session, key, KindChanges(name or None, symbol, colour)), _("Changed."))


def _retire(work: CommandRun, kind: str, *, back: bool) -> None:
    from tuicrm.services.items.activity_kinds import find_kind, retire_kind

    changed = retire_kind(work.session, find_kind(work.session, kind).key, back=back)
    _answer(work, changed, _("Restored.") if back else _("Retired."))


retiring(
    app,
    _Kind,
    _retire,
    retire=_("Offer a kind no more; activities of it keep it."),
    restore=_("Offer a retired kind again."),
)


def _plain(work: CommandRun, kind: ActivityKind) -> dict[str, object]:
    return {
        "key": kind.key,
        "label": work.session.label(kind.label),
        "symbol": kind.symbol,
        "colour": kind.colour,
        "retired": kind.retired,
    }


def _answer(work: CommandRun, kind: ActivityKind, said: str) -> None:
    work.out.done(said, kind=_plain(work, kind))
