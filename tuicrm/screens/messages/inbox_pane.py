"""The messages of the inbox as lines, with the marks on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tuicrm.render.inbox_rows import InboxLine, InboxRows
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.surface import TerminalLook


class InboxPane(LinePane[int]):
    """Two lines a message; the cursor stands on a message's id."""

    scope = "inbox"

    def __init__(self, look: TerminalLook, empty: Callable[[], Sequence[tuple[str, str]]]) -> None:
        """`empty` says what there is to know where nothing waits, in paragraphs with their styles."""
        super().__init__(look)
        self._empty = empty
        self.marked: set[int] = set()
        self._ids: list[int] = []
        self.lit = True

    def show_lines(self, shown: Sequence[InboxLine]) -> None:
        """Draw other messages; marks of what is no longer there go, what is being read stays at its height."""
        self._ids = [one.id for one in shown]
        self.marked &= set(self._ids)
        empty = self._empty() if not shown else ()
        self.show(lambda cells: InboxRows(shown, cells, self.marked, empty), still=True)

    def meant(self) -> list[int]:
        """The marked messages in their order, else the one under the cursor."""
        if self.marked:
            return [one for one in self._ids if one in self.marked]
        return [self.cursor] if self.cursor is not None else []

    def toggle_mark(self) -> None:
        """Mark the message under the cursor, or take the mark away."""
        if self.cursor is not None:
            self.marked ^= {self.cursor}
            self.refresh_rows(self.cursor)

    def mark_all(self) -> None:
        """Mark all that is shown, or nothing when all is marked."""
        all_marked = self.marked >= set(self._ids)
        self.marked.clear()
        if not all_marked:
            self.marked.update(self._ids)
        self.refresh()

    def clear_marks(self) -> None:
        """Mark nothing."""
        self.marked.clear()
        self.refresh()
