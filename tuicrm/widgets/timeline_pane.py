"""The timeline of a card, drawn by lines."""

from __future__ import annotations

from typing import NamedTuple

from tuicrm.domain.card import EntryView, TimelineView
from tuicrm.i18n import _
from tuicrm.render.compose import blank, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.timeline import NO_HINTS, EntryHints, TimelineRows, build_timeline, timeline_head
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.surface import TerminalLook

_HEAD = 2
"""Lines above the entries: what is shown, and a blank one."""


class Kinds(NamedTuple):
    """Labels of the kinds that are shown (empty: all of them) and of the others there are."""

    shown: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


ALL_KINDS = Kinds()


class _PaneTimeline:
    """A timeline's rows under its head (`pane.Rows`); how to begin where there is nothing."""

    def __init__(self, rows: TimelineRows, view: TimelineView, cells: int, kinds: Kinds, empty: str) -> None:
        self._rows = rows
        self._cells = cells
        self._head = timeline_head(view, cells, kinds.shown, kinds.others)
        self._empty = empty if not view.entries else ""

    @property
    def rows(self) -> range:
        return range(_HEAD + max(len(self._rows.rows), 1))

    def span(self, target: int) -> tuple[int, int]:
        first, last = self._rows.span(target)
        return first + _HEAD, last + _HEAD

    def at(self, y: int) -> int | None:
        return self._rows.at(y - _HEAD) if y >= _HEAD else None

    def line(self, y: int, cursor: int | None) -> Line:
        if y == 0:
            return self._head
        if y < _HEAD:
            return blank(self._cells)
        if self._empty:
            return pad((Run(self._empty, "faint"),), self._cells)
        return self._rows.line(y - _HEAD, cursor)


class TimelinePane(LinePane[int]):
    """Shows a `TimelineView`; the cursor stands on an entry, by its number in the view."""

    scope = "timeline"
    spare = 1

    def __init__(self, look: TerminalLook, id: str | None = None) -> None:
        super().__init__(look, id=id)
        self.view = TimelineView(())

    def show_view(
        self, view: TimelineView, kinds: Kinds = ALL_KINDS, empty: str = "", hints: EntryHints = NO_HINTS
    ) -> None:
        """Draw a timeline. The cursor stays on its entry wherever that stands now."""
        kept = self.entry
        self.view = view
        places = {(e.table, e.id, e.group): at for at, e in enumerate(view.entries)}
        wanted = places.get((kept.table, kept.id, kept.group)) if kept is not None else None

        def build(cells: int) -> _PaneTimeline:
            return _PaneTimeline(
                build_timeline(view, cells, hints=hints), view, cells, kinds, empty or _("Nothing yet.")
            )

        self.show(build, wanted, still=True)

    @property
    def entry(self) -> EntryView | None:
        """The entry under the cursor."""
        at = self.cursor
        return self.view.entries[at] if at is not None and at < len(self.view.entries) else None
