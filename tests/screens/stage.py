"""A small screen to try on what all screens have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from tuicrm.render.compose import on, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean
from tuicrm.screens.base import CrmScreen
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.menu import MenuEntry
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.surface import Surface, TerminalLook


class ListRows:
    """Texts under a heading every ten lines; the headings cannot be stood on."""

    def __init__(self, texts: Sequence[str], cells: int) -> None:
        self.texts = texts
        self.cells = cells
        self.drawn: list[int] = []

    @property
    def rows(self) -> range:
        return range(len(self.texts) + len(self.texts) // 10)

    def _index(self, y: int) -> int | None:
        return None if y % 11 == 10 else y - y // 11

    def span(self, target: int) -> tuple[int, int]:
        if not 0 <= target < len(self.texts):
            raise KeyError(target)
        y = target + target // 10
        return y, y

    def at(self, y: int) -> int | None:
        return self._index(y) if 0 <= y < len(self.rows) else None

    def line(self, y: int, cursor: int | None) -> Line:
        self.drawn.append(y)
        index = self._index(y)
        if index is None:
            return pad((Run(f"heading {y}", "heading"),), self.cells)
        line = pad((Run("> " if index == cursor else "  "), Run(clean(self.texts[index]))), self.cells)
        return on(line, "on:cursor") if index == cursor else line


class ListPane(LinePane[int]):
    scope = "fields"

    def __init__(self, look: TerminalLook, texts: Sequence[str], id: str | None = None) -> None:
        super().__init__(look, lambda cells: ListRows(texts, cells), id)
        self.edited: list[int | None] = []

    def do_field_edit(self) -> None:
        self.edited.append(self.cursor)


class StageScreen(CrmScreen):
    """Two panes of texts."""

    def __init__(self, session: Session, surface: Surface, texts: Sequence[str] = ()) -> None:
        super().__init__(session, surface)
        self.everywhere.places = self.places
        self.texts = list(texts)
        self.went: list[str] = []
        self.reloads = 0

    def top_line(self, cells: int) -> Line:
        return pad((Run(" stage"),), cells)

    def body(self) -> Iterable[Widget]:
        yield ListPane(self.surface.look, self.texts, id="one")

    def why_not(self, action_id: str) -> str | None:
        return "Proposal needs: Amount [/]" if action_id == "stage.next" else None

    def do_stage_next(self) -> None:
        raise AssertionError("why_not forbids it")

    def places(self) -> Sequence[MenuEntry]:
        return (
            MenuEntry("d", "Deals [/]", lambda: self.went.append("deals")),
            MenuEntry("c", "Contacts", lambda: None),
        )

    def reload(self) -> None:
        self.reloads += 1
