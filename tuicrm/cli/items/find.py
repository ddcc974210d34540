"""`tuicrm find`: anything in the workspace by words, parts of names, last digits of phone numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.formats import CSV, FORMAT, IDS, JSON, NO_HEADER, TABLE, TSV, chosen, write
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import TextCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.indexing import reading
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _, ngettext
from tuicrm.render.line import Run

if TYPE_CHECKING:
    from tuicrm.domain.items import Ref
    from tuicrm.services.search.engine import Findings, SearchGroup

find = verb()

COLUMNS = ("ref", "type", "id", "rev", "title", "in", "text", "near")
"""What csv and tsv tell of each: where it was found and the text there, `near` where words are only alike."""


@find.command(
    cls=TextCommand,
    help=_("Search everything in items, their timelines included."),
    examples=[
        ("rossi 0142", N_("A name, and the last digits of a phone number.")),
        ("tablet --type deal --format ids", N_("Refs only, for another command.")),
    ],
)
def _find(
    context: typer.CommandContext,
    words: list[str] = typer.Argument(metavar="WORDS...", help=_("Beginnings of words, phone numbers, refs.")),
    type: list[str] = typer.Option([], "--type", metavar="TYPE", help=_("Only this type; repeat for several.")),
    limit: int = typer.Option(20, min=1, metavar="N", help=_("Maximum number per type.")),
    columns: str = typer.Option(
        "",
        metavar="COLUMNS",
        help=_("Columns of csv and tsv: ref, type, id, rev, title, in, text, near; by default, all."),
    ),
    format: str = FORMAT,
    no_header: bool = NO_HEADER,
) -> None:
    from tuicrm.services.kernel.lookup import find_type
    from tuicrm.services.search.engine import finder

    work = work_of(context)
    wanted = chosen(work.out, format)
    shown = _columns(columns)
    session = work.session
    text = " ".join(words)
    types = [find_type(session, name).key for name in type]
    if not text.strip():
        raise UsageError(_("Enter what to search for."))
    asking = finder(session)
    with reading(work) as tell:
        asking.index.catch_up(tell)
    findings = asking.find(text, types, limit)
    more = any(group.more for group in findings.groups)
    if wanted == JSON:
        work.out.envelope(found=_plain(work, findings), total=findings.count, more=more)
    elif wanted == TABLE:
        _draw(work, findings, header=not no_header)
    else:
        if wanted == IDS:
            refs = (session.workspace.show_ref(one.ref) for group in findings.groups for one in group.finds)
            work.out.data("".join(f"{ref}\n" for ref in refs))
        else:
            write(work.out, wanted, shown, _rows(work, findings, shown), header=not no_header)
        _say(work, findings)
    if more and wanted in (CSV, TSV, IDS):
        work.out.warn(_("There are more: --limit sets how many of each type are shown."))


def _plain(work: CommandRun, findings: Findings) -> list[dict[str, Any]]:
    from tuicrm.services.search.snippets import Teller

    teller = Teller(work.session, findings, beside=False)
    found = []
    for group in findings.groups:
        for one in group.finds:
            row = teller.row(one)
            told: dict[str, Any] = {"ref": row.ref, "type": group.type, "id": one.ref.id, "title": row.name}
            if row.label:
                told |= {"in": row.field or "timeline", "text": row.text}
            found.append({**told, "near": row.near})
    return found


def _columns(text: str) -> list[str]:
    """Those of COLUMNS that are wanted. Raises UsageError."""
    wanted = [name for part in text.split(",") if (name := part.strip().casefold())]
    for name in wanted:
        if name not in COLUMNS:
            known = ", ".join(COLUMNS)
            raise UsageError(
                _("--columns: there is no column {name}; choose from: {known}").format(name=name, known=known)
            )
    return wanted or list(COLUMNS)


def _rows(work: CommandRun, findings: Findings, columns: Sequence[str]) -> Iterator[list[str]]:
    """What was found, a row an item."""
    revs: dict[Ref, int] = {}
    if "rev" in columns:
        for group in findings.groups:
            found = work.session.many(group.type, [one.ref.id for one in group.finds])
            revs |= {item.ref: item.rev for item in found}
    plain = _plain(work, findings)
    refs = (one.ref for group in findings.groups for one in group.finds)
    for told, ref in zip(plain, refs, strict=True):
        row = {**told, "rev": revs.get(ref, "")}
        yield [_text(row.get(name, "")) for name in columns]


def _text(value: object) -> str:
    return ("yes" if value else "") if isinstance(value, bool) else str(value)


def _draw(work: CommandRun, findings: Findings, *, header: bool) -> None:
    from tuicrm.render.found import found_line, found_whole
    from tuicrm.render.text import clean
    from tuicrm.services.search.snippets import Teller

    teller = Teller(work.session, findings)
    for group in findings.groups:
        if header:
            work.out.lines([(Run(clean(_heading(work, group)), "heading"),)])
        rows = [teller.row(one) for one in group.finds]
        if work.out.terminal:
            work.out.lines(found_line(row, teller.sought, work.out.cells) for row in rows)
        else:
            work.out.lines(found_whole(row, teller.sought) for row in rows)
    _say(work, findings)


def _say(work: CommandRun, findings: Findings) -> None:
    count = findings.count
    work.out.say(ngettext("{n} found", "{n} found", count) if count else _("Nothing found."))


def _heading(work: CommandRun, group: SearchGroup) -> str:
    """`Deals 20+`."""
    label = work.session.label(work.session.workspace.type(group.type).plural)
    return f"{label} {len(group.finds)}{'+' if group.more else ''}"
