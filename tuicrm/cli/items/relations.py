"""`tuicrm relations`, `link` and `unlink`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.items import Ref
    from tuicrm.domain.relations import Relative
    from tuicrm.services.kernel.session import Session

relations, link, unlink = verb(), verb(), verb()


@relations.command(
    cls=CrmCommand, help=_("Show what an item was created from, what was created from it, and what it is linked to.")
)
def _relations(
    context: typer.CommandContext,
    ref: str = typer.Argument(metavar="REF"),
    limit: int = typer.Option(100, min=1, metavar="N", help=_("Maximum number per group.")),
) -> None:
    from tuicrm.services.items.relations import relations as read
    from tuicrm.services.kernel.lookup import read_ref

    work = work_of(context)
    session = work.session
    item = session.get(read_ref(session, ref))
    found = read(session, item, limit)
    if work.out.json:
        groups = {"family": found.family, "names": found.names, "named": found.named, "links": found.links}
        told = {name: [_plain(session, one) for one in group] for name, group in groups.items()}
        work.out.envelope(ref=session.workspace.show_ref(item.ref), **told, more=found.more)
        return
    _draw(work, [*found.all])
    if not any(found.all):
        work.out.say(_("Nothing here."))
    elif found.more:
        work.out.say(_("There are more: --limit N shows more of them."))


def _draw(work: CommandRun, relatives: list[Relative]) -> None:
    from tuicrm.render.table import TableColumn
    from tuicrm.services.items.relation_lines import texts

    heads = [TableColumn(_("Item"), style="title"), TableColumn(_("As")), TableColumn(_("Stage"))]
    if relatives:
        rows = [texts(work.session, one) for one in relatives]
        work.out.table([*heads, TableColumn(_("Amount"), "right")], rows)


def _plain(session: Session, relative: Relative) -> dict[str, Any]:
    from tuicrm.services.items.relation_lines import amount, stage

    show, edge = session.workspace.show_ref, relative.edge
    item = None if relative.gone else session.peek(relative.ref)
    money = amount(session, item)
    return {
        "ref": show(relative.ref),
        "type": relative.ref.type,
        "title": relative.title,
        "depth": relative.depth,
        "as": relative.how,
        "field": {"ref": show(edge.holder), "key": edge.field} if edge and edge.field else None,
        "link": edge.link if edge and edge.link else None,
        "stage": stage(session, item),
        "amount": money[1] if money else None,
        "deleted": relative.gone,
    }


@link.command(cls=TextCommand, help=_("Link two items, optionally saying how they are related."))
def _link(
    context: typer.CommandContext,
    ref: str = typer.Argument(metavar="REF"),
    other: str = typer.Argument(metavar="REF"),
    word: str = typer.Argument("", metavar="[WORD]", help=_("How they are related: “instead of”, “see also”.")),
) -> None:
    from tuicrm.services.items import relations as service

    work = work_of(context)
    a, b = _both(work.session, ref, other)
    made = service.link(work.session, a, b, word)
    show = work.session.workspace.show_ref
    work.out.done(
        _("{a} and {b} are now linked.").format(a=show(a), b=show(b)),
        link={"id": made, "refs": [show(a), show(b)], "word": " ".join(word.split())},
    )


@unlink.command(
    cls=CrmCommand, help=_("Unlink two items: removes their link, or clears the field that refers to the other.")
)
def _unlink(
    context: typer.CommandContext,
    ref: str = typer.Argument(metavar="REF"),
    other: str = typer.Argument(metavar="REF"),
) -> None:
    from tuicrm.services.items import relations as service

    work = work_of(context)
    a, b = _both(work.session, ref, other)
    edge = service.between(work.session, a, b)
    told = service.remove(work.session, edge)
    show = work.session.workspace.show_ref
    if work.out.json:
        field = {"ref": show(edge.holder), "key": edge.field} if edge.field else None
        work.out.envelope(removed={"refs": [show(a), show(b)], "link": edge.link or None, "field": field})
    else:
        work.out.say(f"{told}.")


def _both(session: Session, ref: str, other: str) -> tuple[Ref, Ref]:
    from tuicrm.services.kernel.lookup import read_ref

    return read_ref(session, ref), read_ref(session, other)
