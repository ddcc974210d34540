"""Product rows as a table with what they come to under it: the same lines for the card's tab and the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tuicrm.domain.card import ProductsView, ProductView, SumView
from tuicrm.domain.products import COLUMNS
from tuicrm.i18n import N_, _
from tuicrm.render.compose import blank, line_width, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, LINE
from tuicrm.render.text import clean, fit, width

HEADS = {
    "name": N_("Product"),
    "quantity": N_("Quantity"),
    "unit": N_("Unit"),
    "price": N_("Price"),
    "discount": N_("Discount"),
    "tax": N_("Tax"),
    "total": N_("Total"),
}
"""What people call the columns."""

_SHORT = {"quantity": N_("Qty"), "discount": N_("Disc.")}
"""The same where there is little room."""

_LEFT = ("name", "unit")
_SPARED = ("unit", "discount", "tax", "price")
"""What gives way first where there is no room for all."""
_START, _GAP = 2, 2
_LEAST_NAME, _MOST_NAME = 12, 60
_MOST_CELLS = 16
_ROOMY = 24
"""Cells of the name from which on columns have their whole names."""


class ProductRows:
    """The lines at one width (`pane.Rows`). The cursor stands on ids of rows, in the column `column`."""

    def __init__(
        self,
        view: ProductsView,
        cells: int,
        empty: str = "",
        *,
        numbered: bool = False,
        given: Mapping[str, int] | None = None,
    ) -> None:
        """`empty` is said where there are no rows; `numbered` puts its number before each; `given` are widths that were given to
        columns."""
        self.column = COLUMNS[0]
        self._view = view
        self._cells = cells
        self._empty = empty
        self._digits = len(str(len(view.rows))) if numbered else 0
        self._start = _START + (self._digits + _GAP if numbered else 0)
        self._columns = _columns(view, cells - self._start, given or {})
        self._places = {row.id: at for at, row in enumerate(view.rows, start=1)}
        self._foot = _foot(view, cells)

    @property
    def rows(self) -> Sequence[Any]:
        return range(1 + max(len(self._view.rows), 1) + len(self._foot))

    def span(self, target: int) -> tuple[int, int]:
        y = self._places[target]
        return y, y

    def at(self, y: int) -> int | None:
        return self._view.rows[y - 1].id if 0 < y <= len(self._view.rows) else None

    @property
    def columns(self) -> Sequence[str]:
        """The columns that are shown."""
        return tuple(self._columns)

    def cell(self, column: str) -> tuple[int, int]:
        """Where a column begins, and its width; the name's where it is not shown."""
        place = self.columns.index(column) if column in self._columns else 0
        widths = [wide for _head, wide in self._columns.values()]
        return self._start + sum(widths[:place]) + _GAP * place, widths[place]

    def places(self) -> Sequence[tuple[str, int, int]]:
        """The columns that are shown: which, where it begins, its width."""
        return [(column, *self.cell(column)) for column in self._columns]

    def line(self, y: int, cursor: int | None) -> Line:
        if y == 0:
            return pad(
                (
                    Run(" " * self._start),
                    *self._texts({column: head for column, (head, _wide) in self._columns.items()}, "heading"),
                ),
                self._cells,
            )
        if not self._view.rows:
            return pad((Run("  "), Run(clean(self._empty), "faint")), self._cells) if y == 1 else blank(self._cells)
        if y <= len(self._view.rows):
            return self._row(self._view.rows[y - 1], cursor, y)
        at = y - 1 - len(self._view.rows)
        return self._foot[at] if at < len(self._foot) else blank(self._cells)

    def _row(self, row: ProductView, cursor: int | None, number: int) -> Line:
        here = row.id == cursor
        start: Line = (Run(BAR if here else " ", "accent"), Run(" "))
        if self._digits:
            start += (Run(f"{number:>{self._digits}}" + " " * _GAP, "accent"),)
        line = pad(
            (*start, *self._texts(dict(zip(COLUMNS, row.texts, strict=True)), "", self.column if here else "")),
            self._cells,
        )
        return on(line, "on:cursor") if here else line

    def _texts(self, texts: Mapping[str, str], style: str, lit: str = "") -> Line:
        runs: list[Run] = []
        for column, (_head, wide) in self._columns.items():
            if runs:
                runs += blank(_GAP)
            # Underlined, so that the cell under the cursor shows without colours, and while it is empty.
            own = "accent bold underline" if column == lit else "title" if column == "name" else "value"
            text = fit(clean(texts[column]), wide, "left" if column in _LEFT else "right")
            runs.append(Run(text, style or own))
        return tuple(runs)


def product_lines(view: ProductsView, cells: int) -> list[Line]:
    """All of it as lines, each row with its number."""
    drawn = ProductRows(view, cells, numbered=True)
    return [drawn.line(y, None) for y in drawn.rows]


def _columns(view: ProductsView, cells: int, given: Mapping[str, int]) -> dict[str, tuple[str, int]]:
    """The columns that so many cells have room for: name and width. As wide as was `given`, else as their texts; the name of a row
    gets what is left."""
    shown, short = list(COLUMNS), False
    while True:
        found = {column: _column(view, column, given.get(column, 0), short=short) for column in shown}
        room = cells - sum(wide for _head, wide in found.values()) - _GAP * (len(shown) - 1) + found["name"][1]
        wanted = given.get("name") or (_LEAST_NAME if short else _ROOMY)
        if room >= wanted or (short and len(shown) == len(COLUMNS) - len(_SPARED)):
            return {**found, "name": (found["name"][0], max(min(room, given.get("name") or _MOST_NAME), 1))}
        if short:
            shown.remove(next(column for column in _SPARED if column in shown))
        short = True


def _column(view: ProductsView, column: str, given: int, *, short: bool) -> tuple[str, int]:
    head = _(_SHORT[column]) if short and column in _SHORT else _(HEADS[column])
    at = COLUMNS.index(column)
    widest = max((width(clean(row.texts[at])) for row in view.rows), default=0)
    return head, given or min(max(width(head), widest), _MOST_CELLS)


def _foot(view: ProductsView, cells: int) -> list[Line]:
    """A rule, the sums, and what the amount has to do with them."""
    if not view.sums:
        return []
    widest = max(width(clean(one.amount)) for one in view.sums)
    lines = [blank(cells), pad((Run(" " * _START), Run(LINE * max(cells - _START, 0), "rule")), cells)]
    lines += [_sum_line(one, widest, cells) for one in view.sums]
    note = next((words for words in view.note if width(clean(words)) <= cells - _START), "")
    return [*lines, blank(cells), pad((Run(" " * _START), Run(clean(note), "dim")), cells)] if note else lines


def _sum_line(one: SumView, widest: int, cells: int) -> Line:
    """`Net      € 1,000.00`, both at the right end."""
    amount = Run("  " + fit(clean(one.amount), widest, "right"), "title" if one.strong else "value")
    label = Run(clean(one.label), "title" if one.strong else "label")
    return spread((), (label, amount), cells) if line_width((label, amount)) < cells else pad((label, amount), cells)
