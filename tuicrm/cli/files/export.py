"""`tuicrm export`: items as CSV or JSON, on stdout or into a file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from tuicrm.cli.arguments.naming import fields_of, sorts_of
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.progress import Telling
from tuicrm.errors import UsageError
from tuicrm.i18n import _, ngettext
from tuicrm.login import at_home

if TYPE_CHECKING:
    from tuicrm.cli.running.work import CommandRun
    from tuicrm.domain.progress import Tell
    from tuicrm.services.kernel.session import Session

export = verb()

FORMATS = ("csv", "json")
_OF_OTHERS = (
    "tsv",
    "xlsx",
    "xls",
    "xlsm",
    "ods",
    "numbers",
    "xml",
    "pdf",
    "html",
    "docx",
    "vcf",
    "ics",
    "yaml",
    "sqlite",
    "db",
)
"""What a file's name may promise, and we do not write."""
ZIP = "zip"
ALL = "all"
"""Instead of a type: all of them, with their definitions."""


@export.command(
    cls=CrmCommand,
    help=_(
        "Export items as CSV or JSON, which `import` reads back. `export all` writes all types with definitions and links into one "
        "JSON file, for another workspace; `export all -o FILE.zip` the whole workspace, with timelines, activities, messages, files, "
        "people, roles and layouts, of which `tuicrm init --from FILE.zip` makes a new one that is equal."
    ),
)
def _export(
    context: typer.CommandContext,
    type: str = typer.Argument(metavar="TYPE", help=_("A type; for JSON also several (deal,contact), or all.")),
    format: str = typer.Option(
        "", metavar="FORMAT", help=_("csv, json, or zip for all; by default, what the file's name says, else csv.")
    ),
    where: str = typer.Option("", metavar="EXPR", help=_("Only what matches this filter.")),
    sort: str = typer.Option("", metavar="FIELDS", help=_("Order: -amount,title.")),
    columns: str = typer.Option("", metavar="FIELDS", help=_("Fields, separated by commas; by default, all.")),
    limit: int = typer.Option(0, min=0, metavar="N", help=_("Maximum number; 0 for all.")),
    output: str = typer.Option("-", "-o", "--output", metavar="FILE", help=_("The file to write; - is stdout.")),
    spreadsheet: bool = typer.Option(
        False, "--spreadsheet", help=_("For Excel: adds a byte-order mark and keeps cells from running as formulas.")
    ),
    products: bool = typer.Option(
        False, "--products", help=_("CSV: one row per product row, each with the item's values.")
    ),
    force: bool = typer.Option(False, "--force", help=_("Replace the file if it exists.")),
) -> None:
    from tuicrm.services.kernel.saving import save_file

    work = work_of(context)
    session = work.session
    if _means_whole(type, format, output):
        if where or sort or columns or limit or products or spreadsheet:
            raise UsageError(_("A zip holds the whole workspace: no filter, order, columns or number goes with it."))
        _whole(work, output, force=force)
        return
    types = _types(session, type)
    several = len(types) > 1 or type.casefold() == ALL
    chosen = _format(format, output, json=work.out.json or several)
    if products and chosen != "csv":
        raise UsageError(_("--products is for CSV only; JSON has the product rows in each item."))
    if several and (chosen == "csv" or where or sort or columns or limit):
        raise UsageError(
            _(
                "Several types can only be exported whole, as JSON: use CSV, --where, --sort, "
                "--columns and --limit with one type."
            )
        )
    asked = _Asked(where, sort, columns, limit, products=products, spreadsheet=spreadsheet, definitions=several)
    # All of it before the first byte is shown: what fails halfway leaves no half file, and no half answer.
    content = io.BytesIO()
    with Telling(work) as telling:

        def tell(done: int, of: int) -> None:
            telling.tell(_("{done} of {all}").format(done=done, all=of))

        done = (_csv if chosen == "csv" else _json)(session, types, content, asked, tell)
    if output != "-":
        save_file(at_home(output), content.getvalue(), replace=force)
    if output != "-" and work.out.json:
        work.out.envelope(path=output, **done.counts)
    elif output == "-":
        work.out.content(content.getvalue())
    work.out.say(ngettext("{n} item written", "{n} items written", done.counts["written"]))
    for line in done.lines:
        work.out.warn(line)
    if type.casefold() == ALL:
        work.out.say(_("Items and definitions; tuicrm export all -o FILE.zip takes everything else along."))


def _means_whole(type: str, format: str, output: str) -> bool:
    """Whether the workspace as a whole is asked for. Raises UsageError for a zip of anything less."""
    named = format.casefold() == ZIP or (not format and Path(output).suffix.casefold() == f".{ZIP}")
    if named and type.casefold() != ALL:
        raise UsageError(_("A zip holds the whole workspace: tuicrm export all -o FILE.zip"))
    return named


def _whole(work: CommandRun, output: str, *, force: bool) -> None:
    import sys
    import tempfile

    from tuicrm.services.exporting.whole import write_whole
    from tuicrm.services.workspace.backups import fresh_file

    with Telling(work) as telling:

        def tell(done: int, of: int) -> None:
            telling.tell(_("{done} of {all}").format(done=done, all=of))

        if output == "-":
            if work.out.terminal:
                raise UsageError(_("a file cannot be shown on a terminal: use -o FILE"))
            # All of it before the first byte: what fails halfway leaves no half file in the pipe.
            with tempfile.TemporaryFile() as whole:
                done = write_whole(work.session, whole, tell)
                whole.seek(0)
                while piece := whole.read(1 << 20):
                    sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
        else:
            path = at_home(output)
            if force:
                path.unlink(missing_ok=True)
            with fresh_file(path) as file:
                done = write_whole(work.session, file, tell)
    if output != "-" and work.out.json:
        work.out.envelope(path=output, records=done.records, tables=done.tables, files=done.files)
    work.out.say(ngettext("{n} record written, and all files", "{n} records written, and all files", done.records))


class _Asked(NamedTuple):
    """What is to be in the file."""

    where: str
    sort: str
    columns: str
    limit: int
    products: bool
    spreadsheet: bool
    definitions: bool


class _Done(NamedTuple):
    """What was written, for programs, and what else to know, for people."""

    counts: dict[str, int]
    lines: list[str]


def _format(named: str, output: str, *, json: bool) -> str:
    """The format that is meant: as named, else by the file's name. Raises UsageError for none of ours, or for two at once."""
    known = ", ".join(FORMATS)
    chosen = named.casefold()
    if chosen and chosen not in FORMATS:
        raise UsageError(_("{name} is not a format; choose one of: {known}").format(name=named, known=known))
    suffix = Path(output).suffix.lstrip(".").casefold() if output != "-" else ""
    other = suffix in FORMATS or suffix in _OF_OTHERS
    if chosen and other and suffix != chosen:
        message = _("{path}: this file name does not fit the format {format}.")
        raise UsageError(message.format(path=output, format=chosen.upper()))
    if not chosen and suffix and suffix not in FORMATS:
        message = _(
            "{path}: .{suffix} is not a supported format; choose one of: {known} (--format sets it for any file name)"
        )
        raise UsageError(message.format(path=output, suffix=suffix, known=known))
    return chosen or suffix or ("json" if json else "csv")


def _types(session: Session, text: str) -> list[str]:
    """The keys of the types that are meant."""
    from tuicrm.services.kernel.lookup import find_type

    if text.casefold() == ALL:
        return list(session.workspace.types)
    return list(dict.fromkeys(find_type(session, one.strip()).key for one in text.split(",") if one.strip()))


def _csv(session: Session, types: list[str], content: BinaryIO, asked: _Asked, tell: Tell) -> _Done:
    from tuicrm.services.boards.filters import compile_for
    from tuicrm.services.exporting.exportable import withheld_text
    from tuicrm.services.exporting.exporting import export_csv

    done = export_csv(
        session,
        types[0],
        content,
        where=compile_for(session, types[0], asked.where, begins=True),
        sort=sorts_of(session, types[0], asked.sort),
        fields=fields_of(session, types[0], asked.columns),
        limit=asked.limit,
        products=asked.products,
        neutralise=asked.spreadsheet,
        mark=asked.spreadsheet,
        tell=tell,
    )
    lines = []
    if done.withheld:
        lines.append(withheld_text(done.withheld))
    if done.neutralised:
        lines.append(
            ngettext(
                "{n} cell was made safe for spreadsheets", "{n} cells were made safe for spreadsheets", done.neutralised
            )
        )
    counts = {"written": done.written, "withheld": done.withheld, "neutralised": done.neutralised}
    return _Done(counts, lines)


def _json(session: Session, types: list[str], content: BinaryIO, asked: _Asked, tell: Tell) -> _Done:
    from tuicrm.services.boards.filters import compile_for
    from tuicrm.services.exporting.exporting_json import export_json, told

    one = types[0]
    done = export_json(
        session,
        types,
        content,
        where=compile_for(session, one, asked.where, begins=True),
        sort=sorts_of(session, one, asked.sort),
        fields=fields_of(session, one, asked.columns),
        limit=asked.limit,
        definitions=asked.definitions,
        tell=tell,
    )
    counts = {
        "written": done.written,
        "withheld": done.withheld,
        "neutralised": 0,
        "links": done.links,
        "links_outside": done.outside,
    }
    return _Done(counts, told(session, done))
