"""`tuicrm numbering list`, `show`, `edit`: the numbers that quotes, invoices and their like get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.places import TYPE
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun, assignments
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.services.definitions.numbering import Numbering

app = noun(_("Numbering of quotes, invoices and other numbered types."))


@app.command("list", cls=CrmCommand, help=_("List the numbered types and the next number of each."))
def list_(context: typer.CommandContext) -> None:
    from tuicrm.domain.numbering import RESETS
    from tuicrm.services.definitions import numbering

    work = work_of(context)
    session = work.session
    found = [numbering.numbering(session, key) for key in numbering.numbered(session)]
    if work.out.json:
        work.out.envelope(numbering=[_plain(one) for one in found], total=len(found))
        return
    heads = [TableColumn(_("Type"), style="accent"), TableColumn(_("Pattern")), TableColumn(_("Restarts"))]
    heads += [TableColumn(_("Start"), "right"), TableColumn(_("Step"), "right"), TableColumn(_("Next"))]
    rows = [
        [
            one.type,
            one.numerator.pattern,
            _(RESETS[one.numerator.reset]),
            str(one.numerator.start),
            str(one.numerator.step),
            one.next_text,
        ]
        for one in found
    ]
    work.out.table(heads, rows)


@app.command(cls=CrmCommand, help=_("Show how a type is numbered, with the names that `numbering edit` takes."))
def show(context: typer.CommandContext, type: str = TYPE) -> None:
    from tuicrm.services.definitions import numbering
    from tuicrm.services.kernel.lookup import find_type

    work = work_of(context)
    _answer(work, numbering.numbering(work.session, find_type(work.session, type).key))


@app.command(cls=TextCommand, help=_("Change how a type is numbered; existing numbers are kept."))
def edit(
    context: typer.CommandContext,
    type: str = TYPE,
    words: list[str] = typer.Argument(
        None,
        metavar="WORD=VALUE...",
        help=_("pattern={YEAR}-{NUMBER:4} start=1 step=1 reset=never|year|month|day next=120"),
    ),
) -> None:
    from tuicrm.services.definitions import numbering
    from tuicrm.services.kernel.lookup import find_type

    work = work_of(context)
    texts = assignments(words or [])
    if not texts:
        raise UsageError(_("Nothing to change: add NAME=VALUE."))
    _answer(work, numbering.change_numbering(work.session, find_type(work.session, type).key, texts))


def _answer(work: CommandRun, found: Numbering) -> None:
    from tuicrm.domain.numbering import RESETS
    from tuicrm.render.pairs import pairs

    if work.out.json:
        work.out.envelope(numbering=_plain(found))
        return
    numerator = found.numerator
    work.out.lines(
        pairs(
            [
                (_("Pattern") + " (pattern=)", numerator.pattern),
                (_("Start") + " (start=)", str(numerator.start)),
                (_("Step") + " (step=)", str(numerator.step)),
                (_("Restarts") + " (reset=)", _(RESETS[numerator.reset])),
                (_("Next") + " (next=)", f"{found.next} → {found.next_text}"),
            ]
        )
    )


def _plain(found: Numbering) -> dict[str, Any]:
    numerator = found.numerator
    return {
        "type": found.type,
        "field": numerator.field,
        "pattern": numerator.pattern,
        "start": numerator.start,
        "step": numerator.step,
        "reset": numerator.reset,
        "next": found.next,
        "next_text": found.next_text,
    }
