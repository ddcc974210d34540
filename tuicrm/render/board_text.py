"""A whole board as lines: for the command line where no screen can be opened."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from tuicrm.domain.board import BoardColumn, BoardHead, Card
from tuicrm.render.board import CARD_PITCH, card_lines, column_head, more_line
from tuicrm.render.board_layout import LEAST_CELLS, MOST_CELLS
from tuicrm.render.compose import blank, pad
from tuicrm.render.heads import board_head
from tuicrm.render.line import Line, Run

_GAP = 2


def board_text(
    head: BoardHead, columns: Sequence[tuple[BoardColumn, Sequence[Card]]], cells: int, *, most: int | None = None
) -> list[Line]:
    """The top line, then all columns side by side in as many bands as the width asks for.

    Of each column the cards handed in, at most `most` of them; what is not shown is counted under them.
    """
    lines: list[Line] = [board_head(head, cells)]
    fitting = max((cells + _GAP) // (LEAST_CELLS + _GAP), 1)
    bands = -(-len(columns) // fitting) or 1
    each = -(-len(columns) // bands)
    column_cells = max(min((cells + _GAP) // max(each, 1) - _GAP, MOST_CELLS), min(LEAST_CELLS, cells))
    for start in range(0, len(columns), max(each, 1)):
        lines.append(())
        some = columns[start : start + each]
        band = [_column(column, cards, column_cells, most) for column, cards in some]
        for row in zip_longest(*band, fillvalue=blank(column_cells)):
            line: Line = ()
            for piece in row:
                line = (*line, Run(" " * _GAP), *piece) if line else piece
            lines.append(pad(line, cells))
    return lines


def _column(column: BoardColumn, cards: Sequence[Card], cells: int, most: int | None) -> list[Line]:
    shown = cards if most is None else cards[:most]
    lines = [*column_head(column, cells, compact=False)]
    for card in shown:
        drawn = card_lines(card, cells, compact=True, tall=True)
        lines += [*drawn, *[blank(cells)] * (CARD_PITCH - len(drawn))]
    if column.count > len(shown):
        lines.append(more_line(column.count - len(shown), cells, compact=True))
    return lines
