"""How the columns of an import were read, in words: what could have been read otherwise, with the cells that decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tuicrm.domain.importing import ColumnReading, Sample
from tuicrm.i18n import _
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import LATE, NEAR
from tuicrm.render.text import clean, wrap

_MARGIN = 6


def reading_lines(readings: Sequence[ColumnReading], cells: int) -> Iterator[Line]:
    """A reading a paragraph; what only the person's locale decided, and what nothing decided, with a sign."""
    for one in readings:
        sign, style = {"both": (LATE, "late"), "person": (NEAR, "today")}.get(one.why, (" ", ""))
        if one.what == "zone":
            sign, style = " ", ""
        text = clean(f"{one.column}: {_told(one)}")
        for at, line in enumerate(wrap(text, max(cells - _MARGIN, 10))):
            yield (Run(f"  {sign if at == 0 else ' '} ", style), Run(line if at == 0 else f"  {line}", style or "dim"))


def _told(one: ColumnReading) -> str:
    first = _cell(one.cells[0]) if one.cells else ""
    match one.what:
        case "zone":
            told = _("times without a time zone ({cell}) are read as {zone}")
            return told.format(cell=first, zone=one.read)
        case "skipped":
            told = _("clocks in {zone} skip {cell}: it is read as an hour later")
            return told.format(zone=one.read, cell=first)
        case "clock":
            return _("it contains days: times of day ({cell}) are dropped").format(cell=first)
        case "years":
            return _("two-digit years: {cell} is {day}").format(cell=first, day=one.read)
        case "serials":
            return _("spreadsheet day numbers: {cell} is {day}").format(cell=first, day=one.read)
    return _decided(one)


def _decided(one: ColumnReading) -> str:
    """Of an order or a decimal mark, what decided it."""
    cells, way = [_cell(cell) for cell in one.cells], _way(one)
    first, more = cells[0], ", ".join(cells[1:])
    match one.why:
        case "shown" if more:
            told = _("{way}, as in {cell}; {more} is, too, with more decimals than possible")
            return told.format(way=way, cell=first, more=more)
        case "shown":
            return _("{way}, as in {cell}").format(way=way, cell=first)
        case "unit":
            told = _("read as thousands, not decimals: {cells} would have more decimals than possible")
            return told.format(cells=", ".join(cells))
        case "file":
            told = _("{way}: {cell} could be either, but {column} has {other}")
            return told.format(way=way, cell=first, column=one.cells[1].column, other=cells[1])
        case "person":
            return _("{way}: {cell} could be either, and nothing in the file tells which").format(way=way, cell=first)
    if one.what == "order":
        told = _("{cells} use both orders of day and month, so ambiguous days are rejected")
    else:
        told = _("{cells} use both “.” and “,” before decimals, so ambiguous numbers are rejected")
    return told.format(cells=", ".join(cells))


def _way(one: ColumnReading) -> str:
    if one.what == "order":
        return _("read as day/month/year") if one.read == "dmy" else _("read as month/day/year")
    return _("decimals after “{mark}”").format(mark=one.read)


def _cell(sample: Sample) -> str:
    return _("“{text}” (line {n})").format(text=sample.text, n=sample.line)
