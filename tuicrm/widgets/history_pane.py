"""The history of an item, drawn by lines: the cursor stands on what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tuicrm.render.history import ChangedField, HistoryRow, HistoryRows, HistorySpot
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.surface import TerminalLook


class HistoryPane(LinePane[HistorySpot]):
    """Shows steps, newest first."""

    scope = "history"
    spare = 1

    def __init__(self, look: TerminalLook) -> None:
        super().__init__(look)
        self.lit = True

    def show_moments(
        self, moments: Sequence[HistoryRow], tell: Callable[[int, str], ChangedField], empty: str, more: str = ""
    ) -> None:
        """Draw an item's history; `empty` is said where there is no history, `more` under it where there is more to come."""
        self.show(lambda cells: HistoryRows(moments, tell, cells, empty, more), still=True)
