"""How wide a person made the columns of a table that is no list of items: kept for them in the workspace, as those of lists are."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences

LEAST, MOST = 4, 80
"""Cells of a column that was given a width."""


class ColumnWidths:
    """Those of one table, by the columns' keys; `table` names it for all workspaces."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = LayoutPlace(table)

    def of(self, column: str) -> int:
        """Cells of a column; 0 for what it needs."""
        return self.all().get(column, 0)

    def all(self) -> Mapping[str, int]:
        """The columns that were given a width, and how many cells."""
        kept = preferences.table_choice(self._session, self._table)
        return {key: min(max(cells, LEAST), MOST) for key, cells in kept.items() if type(cells) is int and cells}

    def keep(self, column: str, cells: int) -> None:
        """Keep a width; 0 forgets it."""
        others = {key: wide for key, wide in self.all().items() if key != column}
        sized = {column: min(max(cells, LEAST), MOST)} if cells else {}
        preferences.choose_table(self._session, self._table, {**others, **sized})
