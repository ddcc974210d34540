"""The board, drawn by lines: columns of cards of three or four lines, a cursor, marks. Flat in the number of items.

Only what is on the screen is read and drawn; a move of the cursor redraws the two cards it concerns.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from msgspec.structs import replace
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tuicrm.domain.board import Card
from tuicrm.render.board import (
    CARD_LINES,
    CARD_PITCH,
    card_lines,
    column_head,
    empty_column,
    folded_column,
    head_lines,
    more_line,
)
from tuicrm.render.board_layout import ColumnBox, board_layout, first_full, is_compact
from tuicrm.render.compose import blank
from tuicrm.render.drop_signs import column_drop
from tuicrm.render.line import Line
from tuicrm.services.boards.board_base import CardBoard
from tuicrm.services.boards.in_order import id_at
from tuicrm.widgets.card_drag import CardCarrier
from tuicrm.widgets.dragging import Dragging, waits_for_answer
from tuicrm.widgets.surface import KeptStrips, TerminalLook

_AIRY_FROM = 28
"""Lines of a board from which on a blank one parts heads and cards."""


def _frame(board: CardBoard) -> tuple[object, ...]:
    """What a person chose to see: what others do within it moves no column."""
    return board.pipeline_key, board.text, [column.key for column in board.columns]


class BoardView(Widget, can_focus=True):
    """Shows a `CardBoard`. The screen moves the cursor and acts; messages say what the mouse chose."""

    DEFAULT_CSS = "BoardView { height: 1fr; }"

    class Opened(Message):
        """A card was double-clicked."""

    class Moved(Message):
        """The cursor stands on another card."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, BoardView.Moved)

    def __init__(self, board: CardBoard, look: TerminalLook, new_key: str, back_key: str) -> None:
        """`new_key` adds a card, `back_key` takes the filter away: they are told in an empty column."""
        super().__init__()
        self._new_key = new_key
        self._back_key = back_key
        self.board = board
        self.column = 0
        self.row = 0
        self.marked: set[int] = set()
        self.folded: set[str] = set()
        self._look = look
        self._tops: dict[str, int] = {}
        self._empty: list[int] | None = None
        """Columns that stood empty when the board was last laid out for this person."""
        self._boxes: list[ColumnBox] = []
        self._first = 0
        self._stage = ""
        self._at: int | None = None
        """The item under the cursor as it was drawn last: the board's ids may be others since."""
        self._top_ids: dict[str, int] = {}
        """The first item of each column that was drawn, where there are more above."""
        self._extent = Size(0, 0)
        self._drawn: dict[tuple[Any, ...], tuple[Line, ...]] = {}
        self._lines: dict[int, list[Line]] = {}
        """What was drawn last: by line, a line of each box."""
        self._strips = KeptStrips(look)
        self.drag = Dragging(self, CardCarrier(self))
        self._around: int | None = None
        """The column that is full in place of the cursor's, while a card is on its way there."""
        self._signed: int | None = None
        """The column that has the sign now."""

    # -- what is where -------------------------------------------------------------------------------------------------
    @property
    def stage_key(self) -> str:
        """The stage of the cursor's column."""
        return self.board.columns[self.column].key

    def ids(self, column: int) -> Sequence[int]:
        """The ids of the items in a column, from the top down; columns count from 0."""
        return self.board.ids[self.board.columns[column].key]

    @property
    def current(self) -> int | None:
        """The id of the item under the cursor; None in an empty or folded column."""
        ids = self.ids(self.column) if self.board.columns else ()
        if not ids or self.stage_key in self.folded:
            return None
        return id_at(ids, min(self.row, len(ids) - 1))

    def in_sight(self, item_id: int) -> bool:
        """Whether an item's card is drawn."""
        place = self.board.place(item_id)
        box = self._box(place[0]) if place is not None else None
        if place is None or box is None or box.folded:
            return False
        top = self._tops.get(self.board.columns[place[0]].key, 0)
        return top <= place[1] < top + self.capacity

    @property
    def _compact(self) -> bool:
        return is_compact(self._extent.width)

    @property
    def _heads(self) -> int:
        """Lines of the columns' heads."""
        return head_lines(self._compact, self._airy)

    @property
    def _airy(self) -> bool:
        """Whether there is a line to spare between heads and cards."""
        return self._extent.height >= _AIRY_FROM

    @property
    def capacity(self) -> int:
        """Whole cards that fit into a column."""
        return max((self._extent.height - self._heads) // CARD_PITCH, 1)

    # -- data down -----------------------------------------------------------------------------------------------------
    def show(self, board: CardBoard, follow: int | None = None) -> None:
        """Draw a board anew. The cursor stays on its item (or goes to `follow`) wherever that stands now, else in its place; what
        is scrolled stays on the cards that are in sight."""
        wanted = follow if follow is not None else self._at
        if follow is not None or _frame(board) != _frame(self.board):
            self._empty = None
        self.board = board
        self.marked &= board.among(self.marked)
        place = board.place(wanted) if wanted is not None else None
        slot = self.row - self._tops.get(self._stage, 0)
        self._keep_tops()
        if place is not None:
            self.column, self.row = place
            if self.stage_key == self._stage and follow is None:
                self._keep_slot(slot)
        else:
            here = next((at for at, column in enumerate(board.columns) if column.key == self._stage), self.column)
            self.column = min(here, max(len(board.columns) - 1, 0))
            self.row = min(self.row, max(len(self.ids(self.column)) - 1, 0)) if board.columns else 0
        boxes = self._boxes
        self._drawn.clear()
        self._arrange()
        if boxes != self._boxes:
            self.refresh()
        elif changed := [region for at, box in enumerate(boxes) if (region := self._changed_region(at, box))]:
            self.refresh(*changed)

    def _keep_tops(self) -> None:
        """Scrolled columns begin with the card that they began with. One at its top stays there, and shows what is new."""
        for key, item_id in self._top_ids.items():
            with suppress(ValueError):
                self._tops[key] = self.board.ids.get(key, ()).index(item_id)

    def _keep_slot(self, slot: int) -> None:
        """The cursor's card stays at its height, unless the column's top is in sight with it."""
        top = self._tops.get(self._stage, 0)
        if self._stage in self._top_ids or not top <= self.row < top + self.capacity:
            self._tops[self._stage] = max(self.row - slot, 0)

    def _changed_region(self, at: int, box: ColumnBox) -> Region | None:
        """The lines of a column that are other than they were drawn last, and those between them."""
        changed = [
            y for y in range(self._extent.height) if y not in self._lines or self._lines[y][at] != self._cell(box, y)
        ]
        return Region(box.x, changed[0], box.width, changed[-1] + 1 - changed[0]) if changed else None

    # -- the cursor ----------------------------------------------------------------------------------------------------
    def move_row(self, step: int) -> None:
        """Move the cursor down or up in its column; it stays at the ends."""
        count = len(self.ids(self.column))
        self._go(self.column, max(min(self.row + step, count - 1), 0))

    def move_column(self, step: int) -> None:
        """Move the cursor to a neighbouring column; it keeps its height on the screen."""
        column = max(min(self.column + step, len(self.board.columns) - 1), 0)
        if column != self.column:
            offset = self.row - self._tops.get(self.stage_key, 0)
            key = self.board.columns[column].key
            self._go(column, max(min(self._tops.get(key, 0) + offset, len(self.ids(column)) - 1), 0))

    def move_to(self, row: int) -> None:
        """Move the cursor to a row of its column, from 0; a negative one counts from the end."""
        count = len(self.ids(self.column))
        self._go(self.column, max(min(row if row >= 0 else count + row, count - 1), 0))

    def go_to_first(self) -> None:
        """Move the cursor to the first open column that holds something; it stays where there is no such column."""
        columns = enumerate(self.board.columns)
        at = next((at for at, column in columns if self.ids(at) and column.key not in self.folded), None)
        if at is not None:
            self._go(at, 0)

    def go_to(self, item_id: int) -> None:
        """Put the cursor on an item; it stays where it is when the item is not on the board."""
        place = self.board.place(item_id) if item_id != self.current else None
        if place is not None:
            self._go(*place)

    def _go(self, column: int, row: int) -> None:
        if (column, row) == (self.column, self.row):
            return
        was = (self.column, self.row, self._boxes, dict(self._tops))
        self.column, self.row = column, row
        self._arrange()
        if was[2] != self._boxes or was[3] != self._tops:
            self.refresh()
        else:
            regions = [self._card_region(was[0], was[1]), self._card_region(column, row)]
            if column != was[0]:
                regions += [self._card_region(was[0], -1), self._card_region(column, -1)]
            self.refresh(*(region for region in regions if region))
        self.post_message(self.Moved())

    def _arrange(self) -> None:
        """Find the columns' places and scroll the cursor's column so that the cursor shows."""
        # Asking a widget for its size takes Textual 15 µs, and drawing a board asks a thousand times.
        self._extent = self.size
        columns, boxes = self.board.columns, self._boxes
        folded = [at for at, column in enumerate(columns) if column.key in self.folded]
        if self._empty is None:
            self._empty = [at for at in range(len(columns)) if not self.ids(at)]
        self._boxes = board_layout(
            self._extent.width,
            len(columns),
            folded,
            self.column if self._around is None else self._around,
            self._first,
            self._empty,
        )
        # A column that was folded by hand stays folded while the cursor stands on it.
        self._boxes = [
            box._replace(folded=True) if columns[box.column].key in self.folded else box for box in self._boxes
        ]
        if self._boxes != boxes:
            self._lines.clear()
        self._first = first_full(self._boxes)
        for at, column in enumerate(columns):
            count, top = len(self.ids(at)), self._tops.get(column.key, 0)
            if at == self.column:
                top = min(top, self.row)
                if self.row >= top + self.capacity:
                    # By half pages: scrolling by one card would redraw the column at every step.
                    top = self.row - self.capacity // 2
            self._tops[column.key] = max(min(top, count - self.capacity), 0)
        # For when the board is another.
        self._at = self.current
        self._stage = self.stage_key if self.board.columns else ""
        self._top_ids = {
            key: first
            for key, top in self._tops.items()
            if top and (first := id_at(self.board.ids.get(key, ()), top)) is not None
        }

    # -- marks and folds -----------------------------------------------------------------------------------------------
    def toggle_mark(self) -> None:
        """Mark the item under the cursor, or take the mark away."""
        if self.current is not None:
            self.marked ^= {self.current}
            region = self._card_region(self.column, self.row)
            if region:
                self.refresh(region)

    def mark_all(self) -> None:
        """Mark everything that matches, or nothing when all is marked."""
        everything = {item_id for ids in self.board.ids.values() for item_id in ids}
        self.marked = set() if self.marked == everything else everything
        self.refresh()

    def toggle_fold(self) -> None:
        """Fold the cursor's column to three cells, or open it."""
        self.folded ^= {self.stage_key}
        self._drawn.clear()
        self._arrange()
        self.refresh()

    # -- regions -------------------------------------------------------------------------------------------------------
    def _box(self, column: int) -> ColumnBox | None:
        return next((box for box in self._boxes if box.column == column), None)

    def _card_region(self, column: int, row: int) -> Region | None:
        """Where the card of a row stands; for row -1, and of a column without any open, the column's head."""
        box = self._box(column)
        if box is None or box.folded or row < 0:
            return Region(box.x, 0, box.width, self._heads) if box else None
        y = self._heads + (row - self._tops.get(self.board.columns[column].key, 0)) * CARD_PITCH
        return Region(box.x, y, box.width, len(self._card_at(box, row)) or CARD_LINES)

    def place_of(self, x: int, y: int) -> tuple[int, int] | None:
        """Column and row under a cell of the widget; row -1 on a head, None beside the columns."""
        box = next((box for box in self._boxes if box.x <= x < box.x + box.width), None)
        if box is None:
            return None
        line = y - self._heads
        if line < 0 or box.folded:
            return box.column, -1
        row = self._tops.get(self.board.columns[box.column].key, 0) + line // CARD_PITCH
        inside = line % CARD_PITCH < len(self._card_at(box, row))
        return box.column, row if inside else -1

    # -- drawing -------------------------------------------------------------------------------------------------------
    def render_line(self, y: int) -> Strip:
        strips: list[Strip] = []
        x = 0
        cells = self._lines[y] = [self._cell(box, y) for box in self._boxes]
        for box, cell in zip(self._boxes, cells, strict=True):
            if box.x > x:
                strips.append(self._strips.strip(blank(box.x - x), box.x - x))
            strips.append(self._strips.strip(cell, box.width))
            x = box.x + box.width
        if x < self._extent.width:
            strips.append(self._strips.strip(blank(self._extent.width - x), self._extent.width - x))
        line = Strip.join(strips)
        return line if x <= self._extent.width else line.crop(0, self._extent.width)

    def _cell(self, box: ColumnBox, y: int) -> Line:
        """One line of one column; with a sign where a card would fall into it."""
        line = self._still_cell(box, y)
        return column_drop(line, y, box.width) if box.column == self._signed else line

    def _still_cell(self, box: ColumnBox, y: int) -> Line:
        column = self.board.columns[box.column]
        here = box.column == self.column
        if box.folded:
            key = ("folded", box.column, self._extent.height, here, self._heads)
            lines = self._drawn.get(key)
            if lines is None:
                drawn = folded_column(column, self._extent.height, compact=self._compact, here=here, airy=self._airy)
                lines = self._drawn[key] = tuple(drawn)
            return lines[y] if y < len(lines) else blank(box.width)
        heads = self._heads
        if y < heads:
            # A line may be asked for before `on_resize` hears of the size.
            key = ("head", box.column, box.width, here, heads)
            head = self._drawn.get(key)
            if head is None:
                head = column_head(column, box.width, compact=self._compact, here=here, airy=self._airy)
                self._drawn[key] = head
            return head[y]
        return self._body_line(box, y - heads, here)

    def _body_line(self, box: ColumnBox, y: int, here: bool) -> Line:
        ids, top = self.ids(box.column), self._tops.get(self.board.columns[box.column].key, 0)
        if not ids:
            filtered = self.board.where is not None
            key = (self._back_key if filtered else self._new_key) if here else ""
            empty = empty_column(box.width, selected=here, compact=self._compact, filtered=filtered, key=key)
            return empty[y] if y < CARD_LINES else blank(box.width)
        slot, line = divmod(y, CARD_PITCH)
        row = top + slot
        below = len(ids) - top - self.capacity
        if (below > 0 or top) and y == self.capacity * CARD_PITCH - (0 if self._spare_line else 1):
            return more_line(below if below > 0 else top, box.width, above=below <= 0, compact=self._compact)
        lines = self._card_at(box, row) if slot < self.capacity else ()
        return lines[line] if line < len(lines) else blank(box.width)

    def _card_at(self, box: ColumnBox, row: int) -> tuple[Line, ...]:
        """The lines of the card of a row; none where there is no such."""
        ids, top = self.ids(box.column), self._tops.get(self.board.columns[box.column].key, 0)
        item_id = id_at(ids, row)
        if item_id is None:
            return ()
        # The last line may be the one that says how many more there are.
        tall = row < top + self.capacity - 1 or self._spare_line or (not top and len(ids) <= self.capacity)
        return self._card(item_id, box.width, (box.column, row) == (self.column, self.row), tall=tall)

    @property
    def _spare_line(self) -> bool:
        """Whether a line is left beneath the last whole card and its blank one."""
        return self._extent.height - self._heads > self.capacity * CARD_PITCH

    def _card(self, item_id: int, width: int, selected: bool, *, tall: bool) -> tuple[Line, ...]:
        marked = item_id in self.marked
        key = ("card", item_id, width, selected, marked, tall)
        lines = self._drawn.get(key)
        if lines is None:
            card = self.board.card(item_id) or Card("", "…")
            if marked:
                card = replace(card, marked=True)
            lines = card_lines(card, width, selected=selected, compact=self._compact, tall=tall)
            if len(self._drawn) > 2000:
                self._drawn.clear()
            self._drawn[key] = lines
        return lines

    # -- events --------------------------------------------------------------------------------------------------------
    def on_resize(self, event: events.Resize) -> None:
        self._empty = None
        self._drawn.clear()
        self._arrange()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        place = self.place_of(event.x, event.y)
        if place is None or waits_for_answer(self):
            return
        column, row = place
        self._go(column, max(row, 0))
        if event.chain == 2 and row >= 0:
            self.post_message(self.Opened())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self.move_row(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self.move_row(-1)

    # -- taking a card along -------------------------------------------------------------------------------------------
    async def on_event(self, event: events.Event) -> None:
        if not self.drag.take(event):
            await super().on_event(event)

    def sign(self, column: int | None) -> None:
        """Draw the sign where a card would fall, and no longer where it was."""
        before, self._signed = self._signed, column
        height = self._extent.height
        regions = [Region(box.x, 0, box.width, height) for box in self._boxes if box.column in (before, column)]
        if regions:
            self.refresh(*regions)

    def slide(self, step: int) -> bool:
        """While a card is on its way: open the next column on that side of those that are full; 0 when it no longer is. Whether that
        changed anything."""
        columns, full = self.board.columns, [box.column for box in self._boxes if not box.folded]
        side = (full[-1] if step > 0 else full[0]) if full else self.column
        beside = range(side + 1, len(columns)) if step > 0 else range(side - 1, -1, -1)
        found = next((at for at in beside if columns[at].key not in self.folded), None) if step else None
        if found == self._around or (step and found is None):
            return False
        self._around = found
        self._arrange()
        self.refresh()
        return True


def seen_on(view: BoardView) -> list[int]:
    """The items whose cards are drawn, first the one under the cursor."""
    open_columns = [
        (box.column, view._tops.get(view.board.columns[box.column].key, 0)) for box in view._boxes if not box.folded
    ]
    drawn = [id_at(view.ids(column), top + row) for column, top in open_columns for row in range(view.capacity)]
    return sorted((item_id for item_id in drawn if item_id is not None), key=lambda item_id: item_id != view.current)
