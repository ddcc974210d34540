"""`tuicrm undo`, `redo` and `log`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from tuicrm.cli.arguments.moments import moment
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import NotFound
from tuicrm.i18n import _, ngettext
from tuicrm.render.line import Run
from tuicrm.render.table import TableColumn
from tuicrm.render.text import clean, clean_lines

if TYPE_CHECKING:
    from tuicrm.services.history.log import LogLine
    from tuicrm.services.history.undo import Undone
    from tuicrm.services.kernel.session import Session

undo, redo, log = verb(), verb(), verb()

_DRAWN = 10
"""Records of one transaction that are shown as lines; with --json it is fifty."""


@undo.command(cls=CrmCommand, help=_("Undo the last thing you did, or the last N."))
def _undo(
    context: typer.CommandContext, steps: int = typer.Argument(1, metavar="[N]", min=1, help=_("How many steps."))
) -> None:
    from tuicrm.services.history.undo import undo as take_back

    _repeat(work_of(context), take_back, steps, _("Undone: {label}"))


@redo.command(cls=CrmCommand, help=_("Redo what you undid last, or the last N."))
def _redo(
    context: typer.CommandContext, steps: int = typer.Argument(1, metavar="[N]", min=1, help=_("How many steps."))
) -> None:
    from tuicrm.services.history.undo import redo as do_again

    _repeat(work_of(context), do_again, steps, _("Done again: {label}"))


def _repeat(work: CommandRun, step: Callable[[Session], Undone], steps: int, told: str) -> None:
    session, done = work.session, []
    for number in range(steps):
        try:
            outcome = step(session)
        except NotFound:
            if number == 0:
                raise
            break
        refs = [session.workspace.show_ref(ref) for ref in outcome.refs]
        done.append(
            {
                "label": outcome.label,
                "about": outcome.about,
                "seq": outcome.seq,
                "refs": refs,
                "left_out": outcome.left_out,
            }
        )
        if not work.out.json:
            work.out.text(told.format(label=outcome.about))
        if outcome.left_out:
            work.out.warn(
                ngettext(
                    "{n} record left out: it changed meanwhile",
                    "{n} records left out: they changed meanwhile",
                    outcome.left_out,
                )
            )
    if work.out.json:
        work.out.envelope(done=done)
    elif len(done) < steps:
        work.out.warn(_("Only {n} could be done: there was no more.").format(n=len(done)))


@log.command(cls=CrmCommand, help=_("Who changed what, newest first."))
def _log(
    context: typer.CommandContext,
    refs: list[str] = typer.Argument(None, metavar="[REF]...", help=_("Only these items.")),
    since: str = typer.Option("", metavar="WHEN", help=_("A date or time: 2026-11-23, today, -7d.")),
    by: str = typer.Option("", metavar="WHO", help=_("Only what this person did.")),
    limit: int = typer.Option(50, min=0, metavar="N", help=_("Maximum number; 0 for all.")),
    logins: bool = typer.Option(False, "--logins", help=_("Who came in by SSH or a browser, when and from where.")),
) -> None:
    if logins:
        _logins(work_of(context), limit)
        return
    from tuicrm.services.history.log import read_log
    from tuicrm.services.kernel.lookup import read_refs
    from tuicrm.services.workspace.people import find_person

    work = work_of(context)
    session = work.session
    person = find_person(session.workspace, by, me=session.person_key).key if by else ""
    wanted = read_refs(session, refs or ())
    # One more than shown tells whether there is more.
    start = moment(session, since, "since") if since else None
    lines = list(read_log(session, since=start, by=person, limit=limit + 1 if limit else 0, refs=wanted))
    shown = lines[:limit] if limit else lines
    if work.out.json:
        work.out.envelope(transactions=shown, more=len(lines) > len(shown))
        return
    for line in shown:
        _draw(work, line)
    if len(lines) > len(shown):
        work.out.say(_("There are more: --limit 0 shows all."))


def _logins(work: CommandRun, limit: int) -> None:
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.services.workspace.logins import logins

    session = work.session
    found = logins(session, limit or 1_000_000)
    if work.out.json:
        work.out.envelope(logins=[msgspec.to_builtins(one) for one in found], total=len(found))
        return
    context = session.context()
    rows = [
        [
            short_when(one.at, context),
            session.names.person(one.person) or one.person,
            one.whence,
            one.what or _("the program"),
        ]
        for one in found
    ]
    heads = [TableColumn(_("When"), style="dim"), TableColumn(_("Who")), TableColumn(_("From"))]
    work.out.table([*heads, TableColumn(_("What"))], rows)


def remark(text: str) -> tuple[Run, ...]:
    """Something to know of the line that it ends."""
    return (Run(f"  ({clean(text)})", "faint"),) if text else ()


def _draw(work: CommandRun, line: LogLine) -> None:
    from tuicrm.domain.kinds.dates import clock_said, short_when

    context = work.session.context()
    when, said = short_when(line.at, context), clock_said(line.clock, context)
    head = (Run(f"{line.seq:>6}", "faint"), Run(f"  {clean(when):<16}", "dim"), Run(f"  {clean(line.name)}", "accent"))
    work.out.lines([(*head, *remark(said))])
    work.out.lines([(Run("        "), Run(clean(line.label), "title"))])
    for record in line.records[:_DRAWN]:
        words = {"added": "+", "deleted": "-"}.get(record.what, "·")
        work.out.lines([(Run(f"        {words} ", "faint"), Run(clean(record.name)))])
        for field in record.fields:
            old, new = (" ".join(clean_lines(side)) or "—" for side in (field.old, field.new))
            work.out.lines([(Run(f"            {clean(field.label)}: ", "label"), Run(f"{old} → {new}"))])
    more = len(line.records[_DRAWN:]) + line.more
    if more:
        work.out.lines([(Run(" " * 8 + _("and {n} more").format(n=more), "faint"),)])
