"""Looking for what is typed, and reading beside it what can be found, each in a thread."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from tuicrm.errors import IndexTrouble, UsageError
from tuicrm.screens.host import Workplace
from tuicrm.screens.settling import A_MOMENT
from tuicrm.services.search.engine import Finder, Findings, SearchStopped, finder
from tuicrm.services.search.snippets import Teller
from tuicrm.widgets.inputs import PlainInput
from tuicrm.widgets.work import SEARCH_GROUP

_OF_ALL, _OF_ONE = 8, 200
"""Items of a type that are listed among all types, and where only that type is looked at."""
_INDEX_GROUP = "index"
_ASKED_AGAIN = 1.0
"""Seconds between two looks at what was read meanwhile."""


class FindHost(Workplace, Protocol):
    """The screen on which it is typed."""

    @property
    def input(self) -> PlainInput:
        """The input that holds the words to look for."""

    def leave(self) -> None:
        """Close it."""


class LiveSearch:
    """What was found for what stands in the input."""

    def __init__(self, host: FindHost, show: Callable[[], None], tell: Callable[[], None]) -> None:
        """`show` draws what was found, `tell` what is said of the search."""
        self._host = host
        self._show = show
        self._tell = tell
        self.finder: Finder | None = None
        self.type = ""
        """The type that alone is looked at; "" for all."""
        self.findings = self.all = Findings("")
        """What is shown, and what there was of all types."""
        self.recent: list[str] = []
        """What was looked for lately."""
        self.refused = ""
        """Why nothing is looked for."""
        self.trouble = ""
        """Why the newest may not be found."""
        self._question = threading.Event()
        """Set once nobody waits for the answer any more."""
        self.is_left = threading.Event()

    @property
    def text(self) -> str:
        """What is looked for."""
        return self._host.input.value

    def leave(self) -> None:
        """Nobody looks any more."""
        self.is_left.set()
        self._question.set()

    def forget(self) -> None:
        """Nothing is looked for."""
        self.findings = self.all = Findings("")
        self.type = self.refused = ""

    def turn(self, step: int) -> None:
        """To the next type that there are finds of, and on to all again."""
        types = ["", *(group.type for group in self.all.groups)]
        at = types.index(self.type) if self.type in types else 0
        self.type = types[(at + step) % len(types)]

    def look(self) -> None:
        """Look for what stands in the input now."""
        text = self.text
        self._question.set()
        self._question = threading.Event()
        if not text.strip():
            self._show()
            return
        asked = partial(self._ask, text, self.type, self._question)
        self._host.run_worker(asked, exclusive=True, group=SEARCH_GROUP)

    async def _ask(self, text: str, only: str, question: threading.Event) -> None:
        if self.finder is None:
            self.finder = await asyncio.to_thread(finder, self._host.session)
        with self.finder.index.asking():
            await self._ask_and_show(self.finder, text, only, question)
            await asyncio.sleep(A_MOMENT)  # until the terminal has it

    async def _ask_and_show(self, asking: Finder, text: str, only: str, question: threading.Event) -> None:
        try:
            findings, everything = await asyncio.to_thread(self._answer, asking, text, only, question)
        except SearchStopped:
            return
        except UsageError as too_much:
            self._refuse(text, too_much.message)
            return
        except IndexTrouble as error:
            self.trouble = str(error)
            self._tell()
            return
        self.refused = ""
        if self._host.is_attached and not question.is_set() and text == self.text and only == self.type:
            self.findings, self.all = findings, everything
            self._show()

    def _refuse(self, text: str, why: str) -> None:
        """Say why nothing is looked for; what was typed stays."""
        if self._host.is_attached and text == self.text:
            self.refused, self.findings, self.all = why, Findings(text), Findings("")
            self._show()

    def _answer(self, asking: Finder, text: str, only: str, question: threading.Event) -> tuple[Findings, Findings]:
        everything = self.all
        if not only or everything.text != text:
            everything = asking.find(text, (), _OF_ALL, question.is_set)
        return (asking.find(text, (only,), _OF_ONE, question.is_set) if only else everything), everything


class IndexReading:
    """Reads what is not in the index yet; what is typed is looked for again then."""

    def __init__(self, host: FindHost, search: LiveSearch, tell: Callable[[], None]) -> None:
        """`tell` is called when there is something else to say of it."""
        self._host = host
        self._search = search
        self._tell = tell
        self.done, self.of = 0, 0

    def begin(self) -> None:
        """Records may have changed."""
        self._host.run_worker(self._catch_up, exclusive=True, group=_INDEX_GROUP)

    async def _catch_up(self) -> None:
        loop, asked = asyncio.get_running_loop(), time.monotonic()

        def tell(done: int, of: int) -> None:
            nonlocal asked
            if self._search.is_left.is_set():
                raise SearchStopped
            if time.monotonic() - asked > _ASKED_AGAIN:
                asked = time.monotonic()
                loop.call_soon_threadsafe(self._read_so_far, done, of)

        try:
            found_more = await asyncio.to_thread(self._in_thread, tell)
        except SearchStopped:
            return
        except IndexTrouble as error:
            self._search.trouble, found_more = str(error), False
        if found_more:
            self._read_so_far(0, 0)
        else:
            self._tell()

    def _in_thread(self, tell: Callable[[int, int], None]) -> bool:
        search = self._search
        if search.finder is None:
            search.finder = finder(self._host.session)
            self._try_out(search.finder)
        return search.finder.index.catch_up(tell)

    def _try_out(self, asking: Finder) -> None:
        """Ask and tell once what nobody sees: the first letter would else wait for what is loaded with it (30 ms)."""
        findings = asking.find("a", (), 1, self._search.is_left.is_set)
        teller = Teller(self._host.session, findings)
        for group in findings.groups:
            for find in group.finds:
                teller.row(find)

    def _read_so_far(self, done: int, of: int) -> None:
        """So much is read: what was typed may find more."""
        if not self._host.is_attached:
            return
        self.done, self.of = done, of
        self._search.all = Findings("")
        self._tell()
        if self._search.text.strip():
            self._search.look()
