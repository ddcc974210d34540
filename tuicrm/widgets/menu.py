"""A small menu of one-letter keys: `g` and where to go. Its cursor is for those who do not know the letters yet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from textual import events
from textual.geometry import Size
from textual.widget import Widget

from tuicrm.domain.due import NOTHING_DUE, Due
from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import line_width, pad, spread
from tuicrm.render.due_signs import due_signs
from tuicrm.render.line import Line, Run
from tuicrm.render.text import cut
from tuicrm.widgets.dialog import Dialog, room_inside
from tuicrm.widgets.dispatcher import told_layout
from tuicrm.widgets.keyboards import command_key
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.pane_moves import ListMoves
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.thing_rows import ThingRows


class MenuEntry(NamedTuple):
    """A place to go: its letter ("" where all letters of its name are taken), its name, what takes one there, whether that is where
    one is, other words by which the palette finds it, how much is due there (None where nothing is ever due), and why it cannot be
    gone there, if it cannot: who chooses it is told so."""

    key: str
    label: str
    go: Callable[[], None]
    here: bool = False
    words: str = ""
    due: Callable[[], Due] | None = None
    why: str = ""


class _Entries(LinePane[int]):
    """The entries as lines; one click chooses."""

    def on_click(self, event: events.Click) -> None:
        # The pane's own handler, which comes after this one, moves the cursor there before the message is read.
        self.post_message(self.Opened(self))


class Menu(Dialog[MenuEntry], can_focus=True):
    """Ends with the entry whose letter was pressed, or on which the cursor stood, or that was clicked."""

    scope = "menu"
    cells = 36

    def __init__(
        self,
        surface: Surface,
        title: str,
        entries: Sequence[MenuEntry],
        get_ready: Callable[[], None] | None = None,
    ) -> None:
        """`get_ready`, called in a thread, reads what has to be known of what is due; until then no numbers stand there."""
        super().__init__(surface, title)
        self.entries = entries
        self._get_ready = get_ready
        self._list = _Entries(surface.look)
        self._list.can_focus = False
        self._list.lit = True
        self.controllers = (ListMoves(self._list.moves),)
        self._count = OneLine(surface.look, self._count_line)

    def contents(self) -> Iterable[Widget]:
        return self._list, self._count

    def place(self, screen: Size) -> None:
        super().place(screen)
        room = room_inside(screen)
        self._count.display = len(self.entries) > room
        self._list.styles.height = max(min(len(self.entries), room - 1 if self._count.display else room), 1)

    def _count_line(self, cells: int) -> Line:
        told = ngettext("{n} in all", "{n} in all", len(self.entries))
        return pad((Run(f" {cut(told, cells - 1)}", "faint"),), cells)

    def on_mount(self) -> None:
        here = next((at for at, entry in enumerate(self.entries) if entry.here), 0)
        self._show(here)
        self.focus()
        if self._get_ready is not None:
            self.run_worker(self._count_up(self._get_ready))

    async def _count_up(self, get_ready: Callable[[], None]) -> None:
        await asyncio.to_thread(get_ready)
        self._get_ready = None
        if self.is_attached:
            self.follow()

    def follow(self) -> None:
        self._show(self._list.cursor)

    def _show(self, cursor: int | None) -> None:
        counted = self._get_ready is None
        rows = [(one, one.due() if one.due is not None and counted else NOTHING_DUE) for one in self.entries]
        self._list.show(lambda cells: ThingRows(rows, _line, cells), cursor)

    def on_key(self, event: events.Key) -> None:
        pressed = command_key(event)
        for entry in self.entries:
            if entry.key == pressed:
                event.stop()
                self.leave(entry)
                return
        if event.is_printable and len(pressed) == 1:
            event.stop()
            told = told_layout(event, self.surface.keys, self.scope)
            self.host.say(told or _("{key} is not in this menu.").format(key=pressed), "refused")

    def on_line_pane_opened(self) -> None:
        self.do_list_choose()

    def do_list_choose(self) -> None:
        if (at := self._list.cursor) is not None and at < len(self.entries):
            self.leave(self.entries[at])


def _line(row: tuple[MenuEntry, Due], cells: int) -> Line:
    entry, due = row
    if entry.why:
        head = (Run(f"{entry.key or ' '}  ", "faint"), Run(cut(entry.label, max(cells - 3, 0)), "faint"))
        room = max(cells - line_width(head) - 3, 0)
        return spread(head, (Run(cut(entry.why, room), "faint"), Run(" ")), cells)
    key, signs = Run(f"{entry.key or ' '}  ", "key"), due_signs(due)
    room = max(cells - 3 - (line_width(signs) + 2 if signs else 0), 0)
    label = Run(cut(entry.label, room), "value")
    return spread((key, label), (*signs, Run(" ")), cells) if signs else (key, label)


def letter(label: str, taken: set[str]) -> str:
    """The first letter of a name that is still free, else a digit; it is taken then."""
    for one in label.casefold() + "123456789":
        if one.isalnum() and one.isascii() and one not in taken:
            taken.add(one)
            return one
    return ""
