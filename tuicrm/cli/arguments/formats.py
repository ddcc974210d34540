"""Rows for people and for programs: `--format table|json|csv|tsv|ids`, with or without a header."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tuicrm.cli.grammar import typed as typer
from tuicrm.errors import UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.cli.running.output import Output

TABLE, JSON, CSV, TSV, IDS = FORMATS = ("table", "json", "csv", "tsv", "ids")

FORMAT = typer.Option(
    "", "--format", metavar="FORMAT", help=_("table, json, csv, tsv, or ids (refs only, one per line).")
)
NO_HEADER = typer.Option(False, "--no-header", help=_("Leave out the line of column names."))

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def chosen(out: Output, format: str) -> str:
    """The format that is meant; of JSON the output is told at once, so that what fails is told so too. Raises UsageError."""
    named = format.strip().casefold()
    if named and named not in FORMATS:
        known = ", ".join(FORMATS)
        raise UsageError(_("{name} is not a format; choose one of: {known}").format(name=format, known=known))
    if out.json and named not in ("", JSON):
        raise UsageError(_("--json and --format {name} cannot be used together.").format(name=named))
    out.json = out.json or named == JSON
    return JSON if out.json else named or TABLE


def write(out: Output, format: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, header: bool) -> None:
    """Rows as `csv` or `tsv`, on stdout."""
    if format == CSV:
        _csv(out, heads, rows, header=header)
        return
    lines = ["\t".join(heads)] if header else []
    lines += ["\t".join(value.translate(_ESCAPES) for value in row) for row in rows]
    out.data("".join(f"{line}\n" for line in lines))


def _csv(out: Output, heads: Sequence[str], rows: Iterable[Sequence[str]], *, header: bool) -> None:
    import csv
    import io

    text = io.StringIO(newline="")
    # Lines end as lines of a pipe do; `export` writes files, with the ends that RFC 4180 wants.
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(heads)
    writer.writerows(rows)
    out.data(text.getvalue())
