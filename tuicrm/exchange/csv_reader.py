"""CSV files as they come out of other programs, read row by row in bounded memory.

Byte-order marks, wide and old encodings, four separators, mixed line ends, quoted newlines, a missing last newline, Excel's
`sep=` line, repeated and empty column names. What cannot be read is refused with its line, or handed on as Rejected.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO, TextIO, cast

from tuicrm.errors import Refused
from tuicrm.exchange.encodings import HEAD, Encoding, find_encoding
from tuicrm.exchange.sheet import Rejected, Sheet, SheetRecord, SheetRow
from tuicrm.i18n import N_, _
from tuicrm.limits import CELL, COLUMNS, RECORD
from tuicrm.regex import regex

DELIMITERS = {",": "", ";": N_("semicolon"), "\t": N_("tab"), "|": N_("vertical bar")}

_SPOOL = 16 << 20
_SAMPLE_ROWS = 50
# What stands in data and never in a column's name: an address of a person or page, a date, a phone number.
_DATA = regex(
    r"""[^@\s]+@[^@\s]+\.\w+
    | (?:https?://|www\.)\S+
    | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?
    | \+\d[\d()\s./-]{6,} | \(?\d{2,4}\)?[\s.-]\d{3,4}[\s.-]\d{3,4}""",
    re.VERBOSE,
)
_NUMBER = regex(r"[-+]?\d[\d.,]*")


def read_csv(stream: BinaryIO, name: str, encoding: Encoding | str = "") -> Sheet:
    """Open a CSV file. Raises Refused when it is binary, empty, has no line of column names, or too many columns.

    `encoding` is what a person named (`encodings.codec_of`), or what was found when the same file was read before (`Sheet.encoding`).

    Reading `rows` raises Refused at a quote that is never closed and at a cell over that of `limits.CELL`. The stream stays open while
    rows are read; one that cannot seek (a pipe) is copied to a temporary file first.
    """
    csv.field_size_limit(CELL.most)
    stream = _seekable(stream)
    if isinstance(encoding, str):
        encoding = find_encoding(stream, name, encoding)
    stream.seek(0)
    sample = stream.read(HEAD).decode(encoding.codec, errors="ignore").removeprefix("\ufeff")
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding.codec, newline="")
    told = _told_separator(sample)
    if told:
        _skip_line(text, name)
    delimiter = told or sniff_delimiter(sample)
    notes = [encoding.note] if encoding.note else []
    if DELIMITERS.get(delimiter):
        notes.append(_("separated by: {name}").format(name=_(DELIMITERS[delimiter])))
    lines = _Lines(text, delimiter, name, first=1 if told else 0)
    header = _header(lines, name)
    columns, needed, renamed = _name_columns(header)
    return Sheet(columns, _records(lines, columns, needed), name, "csv", tuple(notes + renamed), encoding)


def sniff_delimiter(sample: str) -> str:
    """The separator that cuts the sample into rows of one width, the widest if several do; "," where none does."""
    cut = sample if len(sample) < HEAD // 4 else sample[: max(sample.rfind("\n"), 1)]
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        rows = _sample_rows(cut, delimiter)
        width = len(rows[0]) if rows else 0
        # A separator that cuts through a quoted cell leaves half a pair of quotes on either side.
        even = sum(len(row) == width and not any(cell.count('"') % 2 for cell in row) for row in rows)
        score = (round(even / max(len(rows), 1), 1), width)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _sample_rows(sample: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return rows
    return rows


def _told_separator(sample: str) -> str:
    """Excel's first line `sep=;`, also in quotes, and with separators behind it where a program has filled it up."""
    found = re.match(r"""(["']?)sep=([,;|\t])\1\2*[ ]*(?:\r\n|\r|\n)""", sample, re.IGNORECASE)
    return found[2] if found else ""


def _skip_line(text: TextIO, name: str) -> None:
    try:
        text.readline()
    except UnicodeError as error:
        raise Refused(_("{name}, line {line}: {reason}").format(name=name, line=1, reason=error)) from error


def _seekable(stream: BinaryIO) -> BinaryIO:
    if stream.seekable():
        return stream
    spool = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 closed when the sheet's rows are dropped
    while chunk := stream.read(1 << 20):
        spool.write(chunk)
    return cast("BinaryIO", spool)


class _Lines:
    """The records of a file with the line each begins on; what the csv module says goes into our own words."""

    def __init__(self, text: TextIO, delimiter: str, name: str, first: int) -> None:
        self._text = text
        self._reader = csv.reader(self._pieces(), delimiter=delimiter, strict=True)
        self._name = name
        self._first = first
        self._begun = first + 1
        """The line on which the present record begins."""
        self._left = RECORD.most
        """How many more characters the present record may have."""

    def _pieces(self) -> Iterator[str]:
        """The lines of the file. Raises Refused where a record is too long to be one."""
        while piece := self._text.readline(self._left + 1):
            self._left -= len(piece)
            if self._left < 0:
                told = _("{name}, line {line}: a record of more than {limit} characters; this may not be a CSV file")
                raise Refused(told.format(name=self._name, line=self._begun, limit=f"{RECORD.most:,}"))
            yield piece

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        """(line, cells) or, for a record that breaks the rules of quoting, (line, reason)."""
        while True:
            line = self._begun = self._reader.line_num + self._first + 1
            self._left = RECORD.most
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                yield line, self._reason(error, line)
            except UnicodeError as error:
                raise Refused(
                    _("{name}, line {line}: {reason}").format(name=self._name, line=line, reason=error)
                ) from error
            else:
                if cells is None:
                    return
                if any(cells):
                    yield line, cells

    def _reason(self, error: csv.Error, line: int) -> str:
        """Why one record is rejected. Raises Refused where what follows it cannot be trusted either."""
        said = str(error)
        if "unexpected end" in said:
            raise Refused(
                _("{name}, line {line}: a quote opened in this record is never closed").format(
                    name=self._name, line=line
                )
            ) from error
        if "field limit" in said:
            raise Refused(
                _("{name}, line {line}: a cell of more than {limit} characters; a quote may be left unclosed").format(
                    name=self._name, line=line, limit=f"{CELL.most:,}"
                )
            ) from error
        return _("text follows a closing quote; a quote inside a cell must be doubled")


def _header(lines: _Lines, name: str) -> list[str]:
    for line, cells in lines:
        if isinstance(cells, str):
            raise Refused(_("{name}, line {line}: {reason}").format(name=name, line=line, reason=cells))
        # The mark of a file whose encoding does not take it for one.
        cells[0] = cells[0].removeprefix("\ufeff")
        if len(cells) > COLUMNS.most:
            raise Refused(
                _("{name} has {n} columns; at most {limit} can be imported").format(
                    name=name, n=len(cells), limit=COLUMNS.most
                )
            )
        _refuse_data(cells, name)
        return cells
    raise Refused(_("{name} is empty: a first line with the names of the columns is expected").format(name=name))


def _refuse_data(cells: Sequence[str], name: str) -> None:
    filled = [cell.strip() for cell in cells if cell.strip()]
    data = next((cell for cell in filled if _DATA.fullmatch(cell)), None)
    numbers = [cell for cell in filled if _NUMBER.fullmatch(cell)]
    if data is None and len(numbers) * 2 > len(filled):
        data = numbers[0]
    if data is not None:
        raise Refused(
            _(
                "{name}: the first line looks like data ({example}); put a line with the names of the columns before it"
            ).format(name=name, example=data[:60])
        )


def _name_columns(header: Sequence[str]) -> tuple[tuple[str, ...], int, list[str]]:
    """Unique names, how many cells a row must have at least, and what was renamed."""
    columns: list[str] = []
    renamed: list[str] = []
    counts: dict[str, int] = {}
    needed = 0
    taken, used = {cell.strip() for cell in header}, set[str]()
    for place, cell in enumerate(header, 1):
        wanted = cell.strip()
        if wanted:
            needed = place
        name = wanted or _("Column {n}").format(n=place)
        count = counts.get(wanted, 2)
        while name in used or (name != wanted and name in taken):
            name = f"{wanted or _('Column {n}').format(n=place)} ({count})"
            count += 1
        counts[wanted] = count
        used.add(name)
        if name != wanted:
            said = (
                _("column {n} has no name; called {name} here")
                if not wanted
                else _("column {n} repeats a name; called {name} here")
            )
            renamed.append(said.format(n=place, name=name))
        columns.append(name)
    return tuple(columns), needed, renamed


def _records(lines: _Lines, columns: tuple[str, ...], needed: int) -> Iterator[SheetRecord]:
    for line, cells in lines:
        if isinstance(cells, str):
            yield Rejected(line, {}, cells)
        elif len(cells) > COLUMNS.most:
            # Not with all its cells: a million of them, in a file of such rows, would be a million columns to report.
            told = _("cells in this row: {n}, columns: {columns}; the extra cells are left out")
            reason = told.format(n=len(cells), columns=len(columns))
            yield Rejected(line, _paired(columns, cells[: len(columns)]), reason)
        elif len(cells) < needed or any(cells[len(columns) :]):
            reason = _("cells in this row: {n}, columns: {columns}").format(n=len(cells), columns=len(columns))
            yield Rejected(line, _paired(columns, cells), reason)
        else:
            yield SheetRow(line, _paired(columns, cells))


def _paired(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Cells by column; missing ones are "", those beyond the last column get its number for a name."""
    paired = {name: cells[place] if place < len(cells) else "" for place, name in enumerate(columns)}
    for place, cell in enumerate(cells[len(columns) :], len(columns) + 1):
        if cell:
            paired[_("Column {n}").format(n=place)] = cell
    return paired
