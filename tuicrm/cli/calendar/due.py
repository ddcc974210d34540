"""`tuicrm due`: what is late, due in a moment, due today; for a prompt, a status line, cron."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _

if TYPE_CHECKING:
    from tuicrm.services.calendar.due_lists import DueLine, DueWhen

due = verb()

SOMETHING = 1
"""What --exit-code ends with where something is due."""


@due.command(
    cls=CrmCommand,
    help=_("List what is late, due soon or due today. It is yours, and that in which you take part."),
    examples=[
        ("--short", N_("One short line for a prompt or a status line; nothing where nothing is due.")),
        ("--exit-code --quiet", N_("For scripts: ends with 1 where something is due.")),
    ],
)
def _due(
    context: typer.CommandContext,
    mine: bool = typer.Option(False, "--mine", help=_("Yours alone; the default.")),
    who: str = typer.Option("", metavar="WHO", help=_("Of one person.")),
    everybody: bool = typer.Option(False, "--all", help=_("Everybody's, as far as you may see it.")),
    limit: int = typer.Option(20, metavar="N", min=0, help=_("At most so many; 0 for all.")),
    short: bool = typer.Option(False, "--short", help=_("Numbers alone, on one line.")),
    exit_code: bool = typer.Option(False, "--exit-code", help=_("End with 1 where something is due.")),
) -> None:
    from tuicrm.services.calendar.due_lists import due_lines
    from tuicrm.services.workspace.people import find_person

    work = work_of(context)
    session = work.session
    if sum((mine, bool(who), everybody)) > 1:
        raise UsageError(_("--mine, --who and --all go one by one."))
    people = [find_person(session.workspace, who, me=session.person_key).key if who else session.person_key]
    found = due_lines(session, None if everybody else people)
    _tell(work, found, limit, short=short)
    if exit_code and found:
        raise typer.Exit(SOMETHING)


def _tell(work: CommandRun, found: list[DueLine], limit: int, *, short: bool) -> None:
    numbers = Counter(one.when for one in found)
    shown = found[: limit or None]
    if work.out.json:
        rows = [
            {
                "id": one.id,
                "when": one.when,
                "at": one.at,
                "what": one.what,
                "kind": one.kind,
                "owner": str(one.owner),
                "title": one.title,
                "responsible": one.responsible,
                "whole_day": one.whole_day,
                "asked": one.asked,
            }
            for one in shown
        ]
        counts = {"late": numbers["late"], "soon": numbers["soon"], "today": numbers["today"]}
        work.out.envelope(due=rows, **counts, total=len(found))
    elif short:
        if found and not work.out.quiet:
            work.out.text(_short(numbers))
    elif not work.out.quiet:
        if not found:
            work.out.say(_("Nothing is due today."))
            return
        _table(work, shown)
        if len(shown) < len(found):
            work.out.say(_("{n} of {all}; --limit 0 shows all.").format(n=len(shown), all=len(found)))


def _short(numbers: Mapping[DueWhen, int]) -> str:
    from tuicrm.render.symbols import CLOCK, LATE

    pieces = [f"{LATE}{numbers['late']}"] if numbers["late"] else []
    coming = numbers["soon"] + numbers["today"]
    return " ".join([*pieces, *([f"{CLOCK}{coming}"] if coming else [])])


def _table(work: CommandRun, shown: list[DueLine]) -> None:
    from tuicrm.domain.kinds.dates import late_text, short_when
    from tuicrm.render.table import TableColumn

    session = work.session
    now = session.context()
    words = {"soon": _("soon"), "today": _("today")}
    rows = [
        [
            str(one.id),
            late_text(one.at, now) if one.when == "late" else words[one.when],
            "" if one.whole_day else short_when(one.at, now),
            one.what,
            session.names.person(one.responsible) or "",
            f"{session.workspace.show_ref(one.owner)} {one.title}",
        ]
        for one in shown
    ]
    heads = [_("Due"), _("When"), _("What"), _("Who"), _("Item")]
    work.out.table([TableColumn("#", "right"), *map(TableColumn, heads)], rows)
