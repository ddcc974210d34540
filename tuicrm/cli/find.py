"""`tuicrm find`: anything in the workspace by words, parts of names, last digits of phone numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli import typed as typer

from tuicrm.cli.grammar import TextCommand, verb
from tuicrm.cli.indexing import reading
from tuicrm.cli.work import Work, work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import _, ngettext

if TYPE_CHECKING:
    from tuicrm.services.finding import Findings, Group

find = verb()


@find.command(cls=TextCommand, help=_("Find items by anything on them, their timelines included."))
def _find(
    context: typer.Context,
    words: list[str] = typer.Argument(metavar="WORDS...", help=_("Beginnings of words, phone numbers, refs.")),
    type: list[str] = typer.Option([], "--type", metavar="TYPE", help=_("Only of this type; may be given again.")),
    limit: int = typer.Option(20, min=1, metavar="N", help=_("At most so many of each type.")),
) -> None:
    from tuicrm.services.finding import finder
    from tuicrm.services.items import find_type

    work = work_of(context)
    session = work.session
    text = " ".join(words)
    types = [find_type(session, name).key for name in type]
    if not text.strip():
        raise UsageError(_("Say what to look for."))
    asking = finder(session)
    with reading(work) as tell:
        asking.index.catch_up(tell)
    findings = asking.find(text, types, limit)
    if work.out.json:
        work.out.envelope(found=_plain(work, findings), total=findings.count, more=any(g.more for g in findings.groups))
    else:
        _draw(work, findings)


def _plain(work: Work, findings: Findings) -> list[dict[str, Any]]:
    from tuicrm.services.found import Teller

    teller = Teller(work.session, findings)
    found = []
    for group in findings.groups:
        for one in group.finds:
            row = teller.row(one)
            told: dict[str, Any] = {"ref": row.ref, "type": group.type, "id": one.ref.id, "title": row.name}
            if row.label:
                told |= {"in": row.field or "timeline", "text": row.text}
            found.append({**told, "near": row.near})
    return found


def _draw(work: Work, findings: Findings) -> None:
    from tuicrm.render.found import found_line, found_whole
    from tuicrm.render.line import Run
    from tuicrm.render.text import clean
    from tuicrm.services.found import Teller

    teller = Teller(work.session, findings)
    for group in findings.groups:
        work.out.lines([(Run(clean(_heading(work, group)), "heading"),)])
        rows = [teller.row(one) for one in group.finds]
        if work.out.terminal:
            work.out.lines(found_line(row, teller.sought, work.out.cells) for row in rows)
        else:
            work.out.lines(found_whole(row, teller.sought) for row in rows)
    count = findings.count
    work.out.say(ngettext("{n} found", "{n} found", count) if count else _("Nothing found."))


def _heading(work: Work, group: Group) -> str:
    """`Deals 20+`."""
    label = work.session.label(work.session.workspace.type(group.type).plural)
    return f"{label} {len(group.finds)}{'+' if group.more else ''}"
