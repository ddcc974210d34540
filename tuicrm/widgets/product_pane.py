"""The product rows of an item, drawn by lines: the cursor stands on a row, and in one of its cells."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region

from tuicrm.domain.card import ProductsView
from tuicrm.domain.products import COLUMNS
from tuicrm.render.products import ProductRows
from tuicrm.services.workspace.column_widths import ColumnWidths
from tuicrm.widgets.column_edges import ColumnEdge, Resized
from tuicrm.widgets.edged_pane import EdgedPane
from tuicrm.widgets.surface import TerminalLook


class ProductPane(EdgedPane[int]):
    """Shows a `ProductsView`; `cursor` is a row's id, `column` the cell's."""

    scope = "products"
    spare = 1

    def __init__(self, look: TerminalLook, widths: ColumnWidths) -> None:
        super().__init__(look)
        self.lit = True
        self.column = "name"
        self._kept = widths

    def show_products(self, view: ProductsView, empty: str, cursor: int | None = None) -> None:
        """Draw an item's rows; `empty` is said where there are no rows."""

        self.drag.cancel()

        def build(cells: int) -> ProductRows:
            found = ProductRows(view, cells, empty, given=self._kept.all())
            found.column = self.column
            return found

        self.show(build, cursor, still=cursor is None)

    # -- the edges of its columns --------------------------------------------------------------------------------------
    @property
    def head_lines(self) -> int:
        return 1

    def edges(self) -> Sequence[ColumnEdge]:
        places = self.rows.places() if isinstance(self.rows, ProductRows) else []
        return [ColumnEdge(COLUMNS.index(column), start, start + cells) for column, start, cells in places]

    def on_resized(self, message: Resized) -> None:
        message.stop()
        self._kept.keep(COLUMNS[message.column], message.cells)
        self._rebuild(still=True)

    # -- its cells -----------------------------------------------------------------------------------------------------
    def to_column(self, column: str) -> None:
        """Put the cursor into a column."""
        self.column = column
        if isinstance(self.rows, ProductRows) and self.cursor is not None:
            self.rows.column = column
            self.refresh_rows(self.cursor)

    def step_column(self, by: int) -> bool:
        """Go one cell on; whether there was one."""
        columns = self.rows.columns if isinstance(self.rows, ProductRows) else ()
        at = (columns.index(self.column) if self.column in columns else 0) + by
        if not 0 <= at < len(columns) or self.cursor is None:
            return False
        self.to_column(columns[at])
        return True

    def cell_region(self, row: int, column: str) -> Region | None:
        """Where a cell stands on the screen; None while it is not in sight."""
        if not isinstance(self.rows, ProductRows) or not self.has(row):
            return None
        line = self.region_of(row)
        if not line:
            return None
        x, cells = self.rows.cell(column)
        return Region(self.region.x + x, self.region.y + line.y, cells, 1)
