"""`tuicrm contact query NAME`: addresses for mail programs."""

from __future__ import annotations

from tuicrm.cli.arguments.item_words import type_of
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import TextCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _, ngettext

query_ = verb()


@query_.command(
    cls=TextCommand,
    help=_("Find e-mail addresses by a name, as mutt and aerc read them."),
    examples=[
        ("rossi", N_("A line of what was found, then address, name and ref on each line, with tabs between.")),
        ("'%s'", N_("In muttrc: set query_command = \"tuicrm contact query '%s'\"; in aerc.conf: address-book-cmd.")),
    ],
)
def query(
    context: typer.CommandContext,
    name: str = typer.Argument(metavar="TEXT", help=_("Part of a name or address.")),
    limit: int = typer.Option(50, "--limit", min=1, metavar="N", help=_("At most so many.")),
) -> None:
    from tuicrm.cli.running.indexing import reading
    from tuicrm.services.messages.address_query import addresses_of
    from tuicrm.services.search.engine import finder

    work, item_type = work_of(context), type_of(context)
    if not item_type.reached:
        raise UsageError(_("{type} have no e-mail addresses.").format(type=work.session.label(item_type.plural)))
    with reading(work) as tell:
        finder(work.session).index.catch_up(tell)
    found = addresses_of(work.session, item_type.key, name, limit)
    if work.out.json:
        told = [{"address": one.address, "name": one.name, "ref": one.ref} for one in found]
        work.out.envelope(addresses=told, total=len(told))
        return
    # The first line is for people: mutt shows it and reads the others.
    work.out.text(ngettext("{n} address", "{n} addresses", len(found)))
    work.out.data("".join(f"{one.address}\t{one.name}\t{one.ref}\n" for one in found))
