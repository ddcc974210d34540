"""Finding anything in the workspace: what is typed is looked for at once, on all types or one, timelines included."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from textual.widget import Widget
from textual.worker import Worker

from tuicrm.domain.found import FoundRow, Sought
from tuicrm.domain.items import MixedWalk, Ref
from tuicrm.errors import UsageError
from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import cut_line, on, pad
from tuicrm.render.heads import trail_head
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import HERE_LEFT, HERE_RIGHT
from tuicrm.render.text import clean
from tuicrm.screens import opening
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.host import Opener
from tuicrm.screens.settling import A_MOMENT
from tuicrm.services import filters, presence
from tuicrm.services.finding import Find, Finder, Findings, Group, Stopped, finder
from tuicrm.services.following import Tell
from tuicrm.services.found import Teller
from tuicrm.services.session import Session
from tuicrm.services.surroundings import state_folder
from tuicrm.widgets.found_pane import FoundGroup, FoundPane, FoundRows
from tuicrm.widgets.inputs import PlainInput
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.work import SEARCH_GROUP

_OF_ALL, _OF_ONE = 8, 200
"""Items of a type that are listed among all types, and where only that type is looked at."""
_RECENT = 12
_INDEX_GROUP = "index"
_ASKED_AGAIN = 1.0
"""Seconds between two looks at what was read meanwhile."""


def open_find(over: Opener) -> None:
    """Open it over a screen; `esc` comes back there."""
    _shown = over.app.push_screen(FindScreen(over.session, over.surface))


class FindScreen(CrmScreen):
    """An input, which types there are finds of, and the finds."""

    scope = "find"

    DEFAULT_CSS = "FindScreen PlainInput { margin-left: 2; } FindScreen FoundPane, FindScreen OneLine { width: 100%; }"

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.input = PlainInput()
        self.pane = FoundPane(surface.look)
        self.type = ""
        """The type that alone is looked at; "" for all."""
        self._bar = OneLine(surface.look, self._bar_line)
        self._status = OneLine(surface.look, self._status_line)
        self._finder: Finder | None = None
        self._findings = self._all = Findings("")
        """What is shown, and what there was of all types."""
        self._finds: dict[str, Find] = {}
        self._question = threading.Event()
        """Set once nobody waits for the answer any more."""
        self._left = threading.Event()
        self._read = (0, 0)
        self._trouble = self._refused = ""
        self._looked = ""
        self._recent: list[str] = []

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        return trail_head((_("Find"),), cells, presence.names(self.session))

    def body(self) -> Iterable[Widget]:
        yield self.input
        yield self._bar
        yield self.pane
        yield self._status

    def on_mount(self) -> None:
        super().on_mount()
        self._recent = filters.history(self.session, "", state_folder())[:_RECENT]
        self.input.focus()
        self._show()
        self._follow_records()

    def on_unmount(self) -> None:
        self._left.set()
        self._question.set()

    def reload(self) -> None:
        super().reload()
        self._follow_records()

    def _bar_line(self, cells: int) -> Line:
        """`All 12  Contacts 3  Deals 8+`, with where one is between the two signs of the stage bar."""
        groups = self._all.groups
        if not groups:
            return on(pad((), cells), "on:bar")
        more = any(group.more for group in groups)
        chips = [("", f"{_('All')} {self._all.count}{'+' if more else ''}")]
        chips += [(group.type, self._counted(group)) for group in groups]
        if self.type and self.type not in {group.type for group in groups}:
            chips.append((self.type, f"{self._plural(self.type)} 0"))
        runs: list[Run] = [Run(" ")]
        for key, text in chips:
            here = key == self.type
            left, right = (HERE_LEFT, HERE_RIGHT) if here else (" ", " ")
            runs += [Run(left, "accent"), Run(clean(text), "title" if here else "dim"), Run(right, "accent")]
        return on(pad(cut_line(tuple(runs), cells), cells), "on:bar")

    def _counted(self, group: Group) -> str:
        return f"{self._plural(group.type)} {len(group.finds)}{'+' if group.more else ''}"

    def _plural(self, type_key: str) -> str:
        return self.session.label(self.session.workspace.type(type_key).plural)

    def _status_line(self, cells: int) -> Line:
        done, of = self._read
        if self._refused:
            run = Run(clean(self._refused), "late")
        elif self._trouble:
            run = Run(_("The search may not know the newest: {reason}").format(reason=clean(self._trouble)), "late")
        elif of:
            run = Run(_("Reading for the search: {done} of {all}").format(done=done, all=of), "today")
        elif self._findings.groups:
            run = Run(ngettext("{n} found", "{n} found", self._findings.count), "faint")
        else:
            run = Run("")
        return pad((Run("  "), run), cells)

    # -- what is found -------------------------------------------------------------------------------------------------
    def _show(self) -> None:
        """Draw what there is to show."""
        if not self.input.value.strip():
            self._show_recent()
            return
        findings = self._findings
        teller = Teller(self.session, findings)
        self._finds = {str(one.ref): one for group in findings.groups for one in group.finds}
        groups = [FoundGroup(self._counted(group), [str(one.ref) for one in group.finds]) for group in findings.groups]
        finds = self._finds
        empty = _("Nothing found.") if findings.text == self.input.value and not self._refused else ""
        self._draw(groups, lambda key: teller.row(finds[key]), teller.sought, empty)

    def _show_recent(self) -> None:
        self._finds, self._findings, self._all, self.type, self._refused = {}, Findings(""), Findings(""), "", ""
        texts = {f"recent:{at}": text for at, text in enumerate(self._recent)}
        groups = [FoundGroup(_("Looked for lately"), list(texts))] if texts else []
        told = _("Type a word or its beginning, a name, part of a phone number, or a ref; several words narrow it.")
        self._draw(groups, texts.__getitem__, Sought(), told)

    def _draw(
        self, groups: Sequence[FoundGroup], row: Callable[[str], FoundRow | str], sought: Sought, empty: str
    ) -> None:
        first = next((key for group in groups for key in group.keys), None)
        keep = self.pane.cursor if self._looked == self._shown_for else first
        self._looked = self._shown_for
        self.pane.show(lambda cells: FoundRows(groups, row, sought, cells, empty), keep or first)
        self._bar.update()
        self._status.update()
        self.refresh_hints()

    @property
    def _shown_for(self) -> str:
        return f"{self.type} {self.input.value}"

    def on_input_changed(self) -> None:
        if self._left.is_set():
            return
        self._look_for(self.input.value)

    def _look_for(self, text: str) -> None:
        self._question.set()
        self._question = threading.Event()
        if not text.strip():
            self._show()
            return
        _asked: Worker[None] = self.run_worker(
            partial(self._ask, text, self.type, self._question), exclusive=True, group=SEARCH_GROUP
        )

    async def _ask(self, text: str, only: str, question: threading.Event) -> None:
        if self._finder is None:
            self._finder = await asyncio.to_thread(finder, self.session)
        with self._finder.index.asking():
            await self._ask_and_show(self._finder, text, only, question)
            await asyncio.sleep(A_MOMENT)  # until the terminal has it

    async def _ask_and_show(self, asking: Finder, text: str, only: str, question: threading.Event) -> None:
        try:
            findings, everything = await asyncio.to_thread(self._answer, asking, text, only, question)
        except Stopped:
            return
        except UsageError as too_much:
            self._refuse(text, too_much.message)
            return
        except sqlite3.Error as error:
            self._trouble = str(error)
            self._status.update()
            return
        self._refused = ""
        if self.is_attached and not question.is_set() and text == self.input.value and only == self.type:
            self._findings, self._all = findings, everything
            self._show()

    def _refuse(self, text: str, why: str) -> None:
        """Say why nothing is looked for; what was typed stays."""
        if self.is_attached and text == self.input.value:
            self._refused, self._findings, self._all = why, Findings(text), Findings("")
            self._show()

    def _answer(self, asking: Finder, text: str, only: str, question: threading.Event) -> tuple[Findings, Findings]:
        everything = self._all
        if not only or everything.text != text:
            everything = asking.find(text, (), _OF_ALL, question.is_set)
        return (asking.find(text, (only,), _OF_ONE, question.is_set) if only else everything), everything

    # -- what it is found in -------------------------------------------------------------------------------------------
    def _follow_records(self) -> None:
        """Read what is not in the index yet; what is found is looked for again then."""
        _reading: Worker[None] = self.run_worker(self._catch_up_index, exclusive=True, group=_INDEX_GROUP)

    async def _catch_up_index(self) -> None:
        loop, asked = asyncio.get_running_loop(), time.monotonic()

        def tell(done: int, of: int) -> None:
            nonlocal asked
            if self._left.is_set():
                raise Stopped
            if time.monotonic() - asked > _ASKED_AGAIN:
                asked = time.monotonic()
                loop.call_soon_threadsafe(self._read_so_far, done, of)

        try:
            found_more = await asyncio.to_thread(self._catch_up_in_thread, tell)
        except Stopped:
            return
        except (sqlite3.Error, OSError) as error:
            self._trouble, found_more = str(error), False
        if found_more:
            self._read_so_far(0, 0)
        else:
            self._status.update()

    def _catch_up_in_thread(self, tell: Tell) -> bool:
        if self._finder is None:
            self._finder = finder(self.session)
            self._try_out(self._finder)
        return self._finder.index.catch_up(tell)

    def _try_out(self, asking: Finder) -> None:
        """Ask and tell once what nobody sees: the first letter would else wait for what is loaded with it (30 ms)."""
        findings = asking.find("a", (), 1, self._left.is_set)
        teller = Teller(self.session, findings)
        for group in findings.groups:
            for find in group.finds:
                teller.row(find)

    def _read_so_far(self, done: int, of: int) -> None:
        """So much is read: what was typed may find more."""
        if not self.is_attached:
            return
        self._read = done, of
        self._all = Findings("")
        self._status.update()
        if self.input.value.strip():
            self._look_for(self.input.value)

    # -- actions -------------------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        if action_id == "find.open" and self.pane.cursor is None:
            return self._refused or _("Nothing found.") if self.input.value.strip() else _("Type what to look for.")
        if action_id in ("find.type", "find.type_before") and not self._all.groups:
            return _("There is nothing found to narrow.")
        return None

    def do_find_open(self) -> None:
        key = self.pane.cursor or ""
        if key.startswith("recent:"):
            self.input.set_text(self._recent[int(key.partition(":")[2])])
            return
        found = self._finds.get(key)
        if found is None:
            return
        filters.remember(self.session, "", self.input.value, state_folder())
        walk = MixedWalk(one.ref for group in self._findings.groups for one in group.finds)
        opening.open_card(self, found.ref, walk, self._came_back)

    def _came_back(self, last: Ref) -> None:
        """The cursor goes to the card that was shown last."""
        self.catch_up()
        if self.pane.has(str(last)):
            self.pane.move_to(str(last))

    def on_line_pane_opened(self) -> None:
        self.do_find_open()

    def do_find_type(self) -> None:
        self._turn(1)

    def do_find_type_before(self) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        """To the next type that there are finds of, and on to all again."""
        types = ["", *(group.type for group in self._all.groups)]
        at = types.index(self.type) if self.type in types else 0
        self.type = types[(at + step) % len(types)]
        self._bar.update()
        self._look_for(self.input.value)

    def do_find_leave(self) -> None:
        self.leave()

    def do_find_down(self) -> None:
        self.pane.do_move_down()

    def do_find_up(self) -> None:
        self.pane.do_move_up()

    def do_find_page_down(self) -> None:
        self.pane.do_move_page_down()

    def do_find_page_up(self) -> None:
        self.pane.do_move_page_up()
