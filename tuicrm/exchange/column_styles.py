"""How the columns of a file write dates and numbers, judged by all their cells before any is read.

`03/04/2026` alone could be two days, beside `25/04/2026` it is one; `3,100` EUR is no fraction, euros have two decimals. What a
column does not show, another column of the file may; what neither shows, the person's locale decides; where both are shown, nobody
guesses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar

from tuicrm.domain.kinds import written_dates, written_numbers
from tuicrm.domain.kinds.base import setting
from tuicrm.domain.kinds.currency_signs import currency_beside
from tuicrm.domain.kinds.money import most_decimals
from tuicrm.domain.kinds.written_dates import Order
from tuicrm.domain.kinds.written_numbers import Mark, WrittenNumber, decimals_in, readings
from tuicrm.domain.schema import Field
from tuicrm.i18n import LANGUAGES
from tuicrm.regex import regex

Why: TypeAlias = Literal["shown", "unit", "file", "person", "both"]
"""What decided: a cell of the column itself; that no more decimals can be; another column of the file; the person's locale. `both`:
cells show both, and nothing decides."""

_SERIAL = regex(r"(\d{5})(?:[.,](\d{1,12}))?")
_FIRST_SERIAL, _LAST_SERIAL = 25_569, 73_050
"""Days of a spreadsheet (1 is 1 January 1900) from 1970 to 2099."""
_EPOCH = date(1899, 12, 30)

Choice = TypeVar("Choice", Order, Mark)


class Cell(NamedTuple):
    """A cell that shows something, and the line on which it stands."""

    text: str
    line: int
    column: str = ""


class StyleVerdict(NamedTuple, Generic[Choice]):
    """What a column's cells are read by, why, and the cells that show it; `choice` is None where they show both."""

    choice: Choice | None
    why: Why
    cells: tuple[Cell, ...]


class ColumnStyle(NamedTuple):
    """How a column's cells are read.

    `order` and `decimal` are for cells that could be read in two ways; None where the column shows both, as the texts `shown` do, and
    such cells are refused. `orders` has the order of single marks between a day's numbers, which go before `order`. `serials`: the
    column counts days as spreadsheets do. `strict`: cells that only the number of their decimals decides are refused too.

    The rest is the person's: the zone of times without one, today (for years of two digits), the languages of months' names, the
    currency of amounts without one."""

    order: Order | None = "dmy"
    decimal: Mark | None = "."
    orders: Mapping[str, Order | None] = {}
    serials: bool = False
    strict: bool = False
    shown: tuple[str, ...] = ()
    zone: tzinfo = UTC
    today: date = date(2026, 1, 1)
    languages: tuple[str, ...] = LANGUAGES
    currency: str = "EUR"

    def order_of(self, mark: str) -> Order | None:
        """The order of a day's numbers between which this mark stands."""
        return self.orders.get(mark, self.order)


class ShownChoices(Generic[Choice]):
    """The first cells of a column that show each choice, and the first that could be read by either."""

    def __init__(self) -> None:
        self.sure: dict[Choice, Cell] = {}
        self.likely: dict[Choice, Cell] = {}
        self.open: Cell | None = None


class ColumnCells:
    """What the cells of one column show, that go into a field."""

    def __init__(self, name: str, field: Field, default: ColumnStyle) -> None:
        self.name, self.field = name, field
        self._default = default
        self.numbers: ShownChoices[Mark] = ShownChoices()
        self.dates: dict[str, ShownChoices[Order]] = {}
        self.filled = self.serials = 0
        self.zoneless: Cell | None = None
        self.timed: Cell | None = None
        self.short: Cell | None = None
        self.serial: Cell | None = None
        self.skipped: Cell | None = None

    def see(self, text: str, line: int, currency: str = "") -> None:
        """Take a cell in; `currency` is what another column says of it."""
        text = text.strip()
        if not text:
            return
        self.filled += 1
        cell = Cell(text, line, self.name)
        if self.field.traits.is_time:
            self._date(cell)
        else:
            self._number(cell, currency)

    def _number(self, cell: Cell, currency: str) -> None:
        number = written_numbers.take_apart(cell.text)
        found = readings(number) if number else {}
        if number is None or not found:
            return
        if len(found) == 1:
            self.numbers.sure.setdefault(next(iter(found)), cell)
        elif len(set(found.values())) == 2:
            fitting = fitting_marks(found, decimals_of(number, self.field, currency, self._default.currency))
            if len(fitting) == 1:
                self.numbers.likely.setdefault(fitting[0], cell)
            else:
                self.numbers.open = self.numbers.open or cell

    def _date(self, cell: Cell) -> None:
        if serial_day(cell.text):
            self.serials += 1
            self.serial = self.serial or cell
            return
        found = written_dates.take_apart(cell.text, self._default.today, self._default.languages)
        if found is None:
            return
        if found.short:
            self.short = self.short or cell
        # Midnight is how many programs write a day.
        if found.clock not in (None, time()):
            self.timed = self.timed or cell
        if found.offset is None:
            self.zoneless = self.zoneless or cell
            if self.skipped is None and any(
                is_skipped(day, found.clock, self._default.zone) for day in found.days.values()
            ):
                self.skipped = cell
        if found.mark:
            shown = self.dates.setdefault(found.mark, ShownChoices())
            if len(found.days) == 1:
                shown.sure.setdefault(next(iter(found.days)), cell)  # type: ignore[arg-type]  # with a mark there is an order
            elif len(set(found.days.values())) == 2:
                shown.open = shown.open or cell

    @property
    def counts_days(self) -> bool:
        """Whether the whole column is a spreadsheet's count of days. One number alone shows nothing."""
        return self.serials == self.filled and self.serials > 1


def decimals_of(number: WrittenNumber, field: Field, currency: str, base: str) -> int | None:
    """How many decimals a number can have in a field; None for any. `currency` is what is told beside it, `base` the workspace's."""
    if field.traits.has_currency:
        return most_decimals(currency_beside(number, base) or currency or base, field)
    return 0 if field.traits.is_whole else setting(field, "precision")


def fitting_marks(found: Mapping[Mark, str], decimals: int | None) -> list[Mark]:
    """The marks by which a number has no more decimals than it can have."""
    return [mark for mark, digits in found.items() if decimals is None or decimals_in(digits) <= decimals]


def is_skipped(day: date, clock: time | None, zone: tzinfo) -> bool:
    """Whether a zone's clocks skip a time, as they do in spring."""
    if clock is None or zone is UTC:
        return False
    moment = datetime.combine(day, clock, zone)
    try:
        return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None)
    except OverflowError:
        return False


def serial_day(text: str) -> timedelta | None:
    """The days since 30 December 1899 of a cell that may be a spreadsheet's day (`46374`, `46374.604`); None for another."""
    found = _SERIAL.fullmatch(text)
    if found is None or not _FIRST_SERIAL <= int(found[1]) <= _LAST_SERIAL:
        return None
    seconds = round(float(f"0.{found[2] or 0}") * 86_400)
    return timedelta(days=int(found[1]), seconds=seconds)


def of_serial(day: timedelta) -> tuple[date, timedelta]:
    """The day, and the time since its midnight."""
    return _EPOCH + timedelta(days=day.days), timedelta(seconds=day.seconds)


# -- judging -----------------------------------------------------------------------------------------------------------
class Judged(NamedTuple):
    """A column's style, and what decided it where any of its cells could be read in two ways: of days by the mark between their
    numbers, of numbers."""

    style: ColumnStyle
    dates: Mapping[str, StyleVerdict[Order]]
    numbers: StyleVerdict[Mark] | None


def judge(columns: Iterable[ColumnCells], default: ColumnStyle) -> dict[str, Judged]:
    """The style of each column by its name, from all that the file shows."""
    known = list(columns)
    return {column.name: _judged(column, [one for one in known if one is not column], default) for column in known}


def _judged(column: ColumnCells, others: list[ColumnCells], default: ColumnStyle) -> Judged:
    numbers = _verdict(column.numbers, [one.numbers for one in others], default.decimal)
    marks = {
        mark: _verdict(shown, [one.dates[mark] for one in others if mark in one.dates], _usual(mark, default))
        for mark, shown in column.dates.items()
    }
    dates = {mark: verdict for mark, verdict in marks.items() if verdict is not None}
    contradicting = [one for one in (numbers, *dates.values()) if one is not None and one.why == "both"]
    style = default._replace(
        decimal=numbers.choice if numbers else default.decimal,
        orders={mark: verdict.choice for mark, verdict in dates.items()},
        serials=column.counts_days,
        strict=numbers is not None and numbers.why == "both" and not column.numbers.sure,
        shown=tuple(cell.text for one in contradicting for cell in one.cells),
    )
    return Judged(style, dates, numbers)


def _usual(mark: str, default: ColumnStyle) -> Order | None:
    """The order where nothing shows one: the person's; between points, no country writes the month first."""
    return "dmy" if mark == "." else default.order


def _verdict(
    own: ShownChoices[Choice], others: list[ShownChoices[Choice]], default: Choice | None
) -> StyleVerdict[Choice] | None:
    """What decides for one column; None where no cell of it could be read in two ways."""
    elsewhere = {choice: cell for other in reversed(others) for choice, cell in other.sure.items()}
    likely: tuple[Cell, ...] = tuple(own.likely.values())
    against: tuple[Cell, ...]
    if len(own.sure) == 2:
        if own.open:
            return StyleVerdict(None, "both", tuple(own.sure.values()))
        return StyleVerdict(None, "unit", likely) if likely else None
    if own.sure:
        choice, cell = next(iter(own.sure.items()))
        against = tuple(other for shown, other in own.likely.items() if shown != choice)
        return StyleVerdict(choice, "shown", (cell, *against)) if own.open or likely else None
    if len(likely) == 2:
        return StyleVerdict(None, "both" if own.open else "unit", likely)
    if likely:
        choice = next(iter(own.likely))
        against = tuple(other for shown, other in elsewhere.items() if shown != choice)
        if against and choice not in elsewhere:
            return StyleVerdict(None, "both", (*likely, *against))
        return StyleVerdict(choice, "unit", likely)
    if own.open is None:
        return None
    hints = elsewhere or {choice: cell for other in reversed(others) for choice, cell in other.likely.items()}
    if len(hints) == 1:
        choice, cell = next(iter(hints.items()))
        return StyleVerdict(choice, "file", (own.open, cell))
    return StyleVerdict(default, "person", (own.open,))
