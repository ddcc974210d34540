"""`tuicrm filter list`, `save`, `delete`: filters kept under a name, which `--where @name` stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.grammar.verbs import USUAL
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.services.boards.saved_filters import SavedFilter
    from tuicrm.services.kernel.session import Session

app = noun(_("Saved filters: --where @name."))

_TYPE = typer.Argument(metavar="TYPE")
_NAME = typer.Argument(metavar="NAME", help=_("Its name."))


@app.command("list", cls=CrmCommand, help=_("List your own and the shared filters of a type."))
def list_(context: typer.CommandContext, type: str = typer.Argument(USUAL, metavar="TYPE")) -> None:
    from tuicrm.services.boards import saved_filters
    from tuicrm.services.kernel.lookup import find_type

    work = work_of(context)
    session = work.session
    found = saved_filters.saved(session, find_type(session, type).key)
    if work.out.json:
        work.out.envelope(filters=[_plain(session, one) for one in found], total=len(found))
        return
    heads = [TableColumn(_("Name"), style="accent"), TableColumn(_("Filter")), TableColumn("")]
    work.out.table(heads, [[one.name, one.text, _("shared") if one.shared else ""] for one in found])


@app.command(cls=TextCommand, help=_("Save a filter under a name, replacing one of the same name."))
def save(
    context: typer.CommandContext,
    type: str = _TYPE,
    name: str = _NAME,
    text: str = typer.Argument(metavar="EXPR", help=_('A filter: amount > 1000 and stage = "Proposal".')),
    shared: bool = typer.Option(False, "--shared", help=_("For everyone.")),
) -> None:
    from tuicrm.services.boards import saved_filters
    from tuicrm.services.kernel.lookup import find_type

    work = work_of(context)
    session = work.session
    one = saved_filters.save(session, find_type(session, type).key, name, text, shared=shared)
    if work.out.json:
        work.out.envelope(filter=_plain(session, one))
    else:
        work.out.text(f"{saved_filters.SIGN}{one.name}")


@app.command(cls=CrmCommand, help=_("Delete a filter; `tuicrm undo` restores it."))
def delete(context: typer.CommandContext, type: str = _TYPE, name: str = _NAME) -> None:
    from tuicrm.services.boards import saved_filters
    from tuicrm.services.kernel.lookup import find_type

    work = work_of(context)
    session = work.session
    one = saved_filters.find(session, find_type(session, type).key, name)
    told = _plain(session, one)
    saved_filters.delete(session, one)
    if work.out.json:
        work.out.envelope(filter=told)
    else:
        work.out.text(one.name)
    work.out.say(_("Deleted; `tuicrm undo` restores it."))


def _plain(session: Session, one: SavedFilter) -> dict[str, Any]:
    from tuicrm.services.boards.saved_filters import why_unreadable

    return {
        "name": one.name,
        "type": one.type,
        "text": one.text,
        "shared": one.shared,
        "wrong": why_unreadable(session, one),
    }
