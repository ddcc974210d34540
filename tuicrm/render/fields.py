"""The left side of a card: sections and their fields as rows, and the line of each row when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from tuicrm.domain.card import CardView, SectionView
from tuicrm.i18n import _
from tuicrm.render.compose import blank
from tuicrm.render.field_lines import (
    START_CELLS,
    add_section_line,
    empty_line,
    field_line,
    folded_line,
    section_line,
)
from tuicrm.render.line import Line
from tuicrm.render.text import clean, width, wrap

RowKind: TypeAlias = Literal["section", "field", "empty", "blank", "add"]

LABEL_CELLS = 18
VALUE_LINES = 8
"""A value takes no more lines than this on the card; its editor shows the whole."""

_WIDEST_LABEL = 28


class FieldLine(msgspec.Struct, frozen=True):
    """One screen row. `field` is -1 outside fields; `part` counts the lines of one value; `value` is that line's text."""

    kind: RowKind
    section: int
    field: int = -1
    part: int = 0
    value: str = ""


class FieldTarget(msgspec.Struct, frozen=True):
    """What the cursor stands on: a field, or a section's heading where `field` is -1 (customise mode, and folded ones)."""

    section: int
    field: int = -1


class Hints(msgspec.Struct, frozen=True):
    """Keys to speak of, as they are bound: the screen fills them from the action table."""

    show_empty: str = "."
    fold: str = "z"
    take: str = "enter"
    section: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    """What can be done where the cursor is, the longest first: one that fits is shown."""


DEFAULT_HINTS = Hints()


class FieldRows:
    """A card's rows at one width, and the way between screen rows and fields."""

    def __init__(
        self, view: CardView, cells: int, label_cells: int, rows: Sequence[FieldLine], customise: bool, hints: Hints
    ) -> None:
        self.view = view
        self.hints = hints
        self.cells = cells
        self.label_cells = label_cells
        self.rows = tuple(rows)
        self.customise = customise
        self._first: dict[FieldTarget, int] = {}
        self._last: dict[FieldTarget, int] = {}
        for y, row in enumerate(self.rows):
            on_heading = row.kind == "section" and (customise or view.sections[row.section].folded)
            if row.kind == "field" or on_heading:
                target = FieldTarget(row.section, row.field)
                self._first.setdefault(target, y)
                self._last[target] = y
        self.targets = tuple(self._first)
        """What the cursor can stand on, from top to bottom."""
        self._drawn: dict[tuple[int, bool], Line] = {}

    def span(self, target: FieldTarget) -> tuple[int, int]:
        """First and last row of a target. Raises KeyError for one that is not shown."""
        return self._first[target], self._last[target]

    def at(self, y: int) -> FieldTarget | None:
        """What stands on a row; None for nothing the cursor can stand on."""
        if not 0 <= y < len(self.rows):
            return None
        row = self.rows[y]
        target = FieldTarget(row.section, row.field)
        return target if row.kind in ("section", "field") and target in self._first else None

    @property
    def value_x(self) -> int:
        """The first cell of the values, where an editor goes."""
        return START_CELLS + self.label_cells

    def line(self, y: int, cursor: FieldTarget | None = None) -> Line:
        """The line of a row, exactly as wide as the rows were made for; blank beyond the last."""
        if not 0 <= y < len(self.rows):
            return blank(self.cells)
        selected = cursor is not None and self.at(y) == cursor
        found = self._drawn.get((y, selected))
        if found is None:
            found = self._drawn[y, selected] = self._draw(self.rows[y], selected)
        return found

    def _draw(self, row: FieldLine, selected: bool) -> Line:
        if row.kind == "blank":
            return blank(self.cells)
        if row.kind == "add":
            return add_section_line(self.view.hidden, self.cells)
        section = self.view.sections[row.section]
        if row.kind == "section":
            if section.folded and not self.customise:
                return folded_line(
                    section.title,
                    sum(not field.of for field in section.fields),
                    self.cells,
                    selected=selected,
                    key=self.hints.fold,
                )
            hint = self.hints.section if selected else ()
            return section_line(section.title, self.cells, customise=self.customise, selected=selected, hint=hint)
        if row.kind == "empty":
            return empty_line(int(row.value), self.hints.show_empty, self.cells)
        field = section.fields[row.field]
        first, end = self.span(FieldTarget(row.section, row.field))
        if field.offered and selected:
            wordings = (_("{key} makes it the client"), _("{key} takes it"))
            field = replace(field, told=tuple(words.format(key=self.hints.take) for words in wordings))
        return field_line(
            field,
            row.value,
            self.cells,
            self.label_cells,
            first=row.part == 0,
            last=row.part == end - first,
            customise=self.customise,
            selected=selected,
            hint=self.hints.field,
        )


def build_rows(
    view: CardView,
    cells: int,
    *,
    show_empty: bool = False,
    customise: bool = False,
    value_lines: int = VALUE_LINES,
    hints: Hints = DEFAULT_HINTS,
) -> FieldRows:
    """The rows of a card on `cells`, a value in at most `value_lines` (0 for all of it).

    Empty fields are hidden behind "4 empty" unless they must be filled or are always shown, and all of a folded section behind its
    heading; customise mode shows everything.
    """
    label_cells = _label_cells(view, cells)
    value_cells = cells - START_CELLS - label_cells
    rows: list[FieldLine] = []
    for at, section in enumerate(view.sections):
        if rows:
            rows.append(FieldLine("blank", at))
        rows.append(FieldLine("section", at))
        if not section.folded or customise:
            rows += _section_rows(section, at, value_cells, value_lines, show_empty or customise, customise)
    if customise:
        rows += [FieldLine("blank", len(view.sections)), FieldLine("add", len(view.sections))]
    return FieldRows(view, cells, label_cells, rows, customise, hints)


def _section_rows(
    section: SectionView, at: int, value_cells: int, value_lines: int, show_empty: bool, customise: bool
) -> list[FieldLine]:
    rows: list[FieldLine] = []
    hidden = 0
    for index, field in enumerate(section.fields):
        if field.of and customise:
            continue  # it is no field of this card
        kept = field.required or field.missing or field.needed_for or field.always or field.changed
        if field.empty and not (show_empty or kept):
            hidden += 1
            continue
        room = max(value_cells - (2 if field.link else 0), 1)
        lines = [""] if field.empty else wrap(field.value, room, value_lines) or [""]
        rows += [FieldLine("field", at, index, part, line) for part, line in enumerate(lines)]
    if hidden:
        rows.append(FieldLine("empty", at, value=str(hidden)))
    return rows


def _label_cells(view: CardView, cells: int) -> int:
    longest = max((width(clean(field.label)) for section in view.sections for field in section.fields), default=0)
    most = min(max(cells * 46 // 100, 8), _WIDEST_LABEL)
    return min(max(longest + 2, LABEL_CELLS), most)
