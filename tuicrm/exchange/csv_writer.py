"""CSV as RFC 4180 has it: UTF-8, CRLF, quotes where they are needed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO, NamedTuple

from tuicrm.regex import regex

# What a spreadsheet would run as a formula (OWASP, "CSV Injection"); a plain negative number is harmless.
# Full-width signs count too: a spreadsheet of a Far Eastern language takes them for the plain ones.
_FORMULA = regex(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER = regex(r"[-+]?\d+(?:\.\d+)?")


class Written(NamedTuple):
    """How many rows were written, and in how many cells a formula was made harmless: say so where it is not 0."""

    rows: int
    neutralised: int


def write_csv(
    stream: BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    neutralise: bool = False,
    mark: bool = False,
) -> Written:
    """Write a header and rows, each as wide as the header, as they come.

    `neutralise` puts an apostrophe before cells that a spreadsheet would run as a formula; off, cells are written as they
    are. `mark` starts the file with a byte-order mark, which Excel needs to see UTF-8. The stream stays open.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig" if mark else "utf-8", newline="", write_through=True)
    count = neutralised = 0
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            cells = list(row)
            if neutralise:
                risky = [is_formula(cell) for cell in cells]
                neutralised += sum(risky)
                cells = [f"'{cell}" if risk else cell for cell, risk in zip(cells, risky, strict=True)]
            writer.writerow(cells)
            count += 1
    finally:
        text.detach()
    return Written(count, neutralised)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet might run a cell."""
    return bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell)
