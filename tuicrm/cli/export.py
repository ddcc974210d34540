"""`tuicrm export`: items as CSV or JSON, on stdout or into a file."""

from __future__ import annotations

import io
from pathlib import Path

import typer

from tuicrm.cli.grammar import CrmCommand, verb
from tuicrm.cli.naming import fields_of, sorts_of
from tuicrm.cli.output import SCHEMA
from tuicrm.cli.work import work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import _, ngettext

export = verb()

FORMATS = ("csv", "json")


@export.command(
    cls=CrmCommand,
    help=_("Write items out as CSV or JSON. In CSV a row is an item, with values as import reads them back."),
)
def _export(
    context: typer.Context,
    type: str = typer.Argument(metavar="TYPE"),
    format: str = typer.Option("", metavar="FORMAT", help=_("csv or json; by the file's name, else csv.")),
    where: str = typer.Option("", metavar="EXPR", help=_("Only what matches this filter.")),
    sort: str = typer.Option("", metavar="FIELDS", help=_("Order: -amount,title.")),
    columns: str = typer.Option("", metavar="FIELDS", help=_("Fields, with commas between; all without.")),
    output: str = typer.Option("-", "-o", "--output", metavar="FILE", help=_("Where to; - is stdout.")),
    spreadsheet: bool = typer.Option(
        False, "--spreadsheet", help=_("For Excel: byte-order mark, and no cell runs as a formula.")
    ),
    products: bool = typer.Option(
        False, "--products", help=_("CSV: a row a product row, with the item's values on each.")
    ),
    force: bool = typer.Option(False, "--force", help=_("Replace the file if there is one.")),
) -> None:
    from tuicrm.services.exporting import export_csv, export_json, save_file
    from tuicrm.services.filters import compile_for
    from tuicrm.services.items import find_type

    work = work_of(context)
    session = work.session
    chosen = format or ("json" if work.out.json or output.endswith(".json") else "csv")
    if chosen not in FORMATS:
        raise UsageError(_("{name} is no format; there are: {known}").format(name=chosen, known=", ".join(FORMATS)))
    if products and chosen != "csv":
        raise UsageError(_("--products goes with CSV; JSON has the product rows in each item."))
    type_key = find_type(session, type).key
    condition = compile_for(session, type_key, where)
    sorts = sorts_of(session, type_key, sort)
    fields = fields_of(session, type_key, columns)
    # All of it before the first byte is shown: what fails halfway leaves no half file, and no half answer.
    content = io.BytesIO()
    if chosen == "csv":
        done = export_csv(
            session,
            type_key,
            content,
            where=condition,
            sort=sorts,
            fields=fields,
            products=products,
            neutralise=spreadsheet,
            mark=spreadsheet,
        )
    else:
        head = {"schema": SCHEMA, "status": "ok"}
        done = export_json(session, type_key, content, head=head, where=condition, sort=sorts, fields=fields)
    if output != "-":
        save_file(Path(output).expanduser(), content.getvalue(), replace=force)
    if output != "-" and work.out.json:
        counts = {"written": done.written, "withheld": done.withheld, "neutralised": done.neutralised}
        work.out.envelope(path=output, **counts)
    elif output == "-":
        work.out.raw(content.getvalue().decode())
    work.out.say(ngettext("{n} item written", "{n} items written", done.written))
    if done.withheld:
        work.out.warn(ngettext("{n} item left out: no right", "{n} items left out: no right", done.withheld))
    if done.neutralised:
        told = ngettext("{n} cell was made harmless", "{n} cells were made harmless", done.neutralised)
        work.out.warn(told)
