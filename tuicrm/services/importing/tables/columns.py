"""How the columns of a CSV file are read: judged in one pass over its rows, and told for the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from tuicrm.domain.context import Context
from tuicrm.domain.importing import ColumnReading, Sample
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.moments import month_first, today
from tuicrm.domain.kinds.numbers import local_mark
from tuicrm.domain.schema import Field
from tuicrm.exchange.assemble import currencies_of
from tuicrm.exchange.cells import read_cell
from tuicrm.exchange.column_styles import Cell, ColumnCells, ColumnStyle, Judged, judge
from tuicrm.exchange.mapping import ColumnMap
from tuicrm.exchange.sheet import SheetRow
from tuicrm.i18n import LANGUAGES

_SHOWN = 60


class ReadColumns(NamedTuple):
    """Each column's style by its name, and what the report says of how columns were read."""

    styles: Mapping[str, ColumnStyle]
    readings: list[ColumnReading]


def judge_columns(
    rows: Iterable[SheetRow], mapping: ColumnMap, fields: Mapping[str, Field], context: Context
) -> ReadColumns:
    """Judge the columns of one type's rows, all cells of them."""
    default = default_style(context)
    columns = {
        guess.column: ColumnCells(guess.column, field, default)
        for guess in mapping.guesses
        if guess.target
        and guess.target.part != "currency"
        and (field := fields.get(guess.target.field))
        and (field.traits.is_time or field.traits.is_number)
    }
    if not columns:
        return ReadColumns({}, [])
    for row in rows:
        currencies = currencies_of(mapping, row.cells)
        for name, column in columns.items():
            # Several numbers in one cell are judged one by one.
            text = row.cells.get(name, "")
            for one in text.split(";") if column.field.many else (text,):
                column.see(one, row.number, currencies.get(column.field.key, ""))
    judged = judge(columns.values(), default)
    readings = [told for name, column in columns.items() for told in _told(column, judged[name])]
    return ReadColumns({name: one.style for name, one in judged.items()}, readings)


def default_style(context: Context) -> ColumnStyle:
    """How dates and numbers are written where this person lives: for columns that do not tell."""
    return ColumnStyle(
        order="mdy" if month_first(context.locale) else "dmy",
        decimal=local_mark(context.locale),
        zone=context.zone,
        today=today(context),
        languages=tuple(dict.fromkeys((*LANGUAGES, context.language))),
        currency=context.currency,
    )


def _told(column: ColumnCells, judged: Judged) -> Iterator[ColumnReading]:
    """What to say of one column, where it could be read otherwise."""
    for order in judged.dates.values():
        yield ColumnReading(column.name, "order", order.choice or "", order.why, _samples(order.cells))
    if judged.numbers is not None:
        yield ColumnReading(
            column.name, "decimal", judged.numbers.choice or "", judged.numbers.why, _samples(judged.numbers.cells)
        )
    if column.counts_days and column.serial:
        yield _example(column, "serials", column.serial, judged.style)
    if column.short:
        yield _example(column, "years", column.short, judged.style)
    if column.field.traits.is_moment and (sample := column.zoneless or (column.counts_days and column.serial)):
        yield ColumnReading(column.name, "zone", str(judged.style.zone), "person", _samples([sample]))
    if column.field.traits.is_moment and column.skipped:
        yield ColumnReading(column.name, "skipped", str(judged.style.zone), "person", _samples([column.skipped]))
    if column.field.traits.is_day and column.timed:
        yield ColumnReading(column.name, "clock", "", "shown", _samples([column.timed]))


def _example(column: ColumnCells, what: Literal["serials", "years"], cell: Cell, style: ColumnStyle) -> ColumnReading:
    try:
        read = str(read_cell(cell.text, Field(column.name, "date", ""), style))
    except BadValue:
        read = ""
    return ColumnReading(column.name, what, read, "shown", _samples([cell]))


def _samples(cells: Iterable[Cell]) -> tuple[Sample, ...]:
    return tuple(Sample(cell.text[:_SHOWN], cell.line, cell.column) for cell in cells)
