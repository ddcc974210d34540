"""The filter bar on a screen: what is typed is checked and counted while it is typed; `enter` shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from textual.geometry import Region

from tuicrm.domain.conditions import Condition
from tuicrm.domain.filters.suggest import Suggestion, complete
from tuicrm.domain.progress import Tell
from tuicrm.i18n import _, ngettext
from tuicrm.screens.host import Workplace
from tuicrm.screens.items.readying import Readying
from tuicrm.services.boards import filters, saved_filters
from tuicrm.services.boards.saved_filters import SIGN
from tuicrm.services.kernel import filter_scope
from tuicrm.services.workspace.environment import state_folder
from tuicrm.widgets.filter_bar import FilterBar


class Counted(Protocol):
    """What a filter is counted in: a list, a board."""

    def count(self, where: Condition | None, /) -> int:
        """How many items a filter leaves."""

    def can_count(self, where: Condition | None, /) -> bool:
        """Whether `count` takes but a moment."""

    def get_ready_to_count(self, where: Condition | None, tell: Tell, /) -> None:
        """Read what `count` needs, from a thread. Raises what `tell` raises."""


async def ask_filter(
    screen: Workplace,
    type_key: str,
    text: str,
    counted: Counted,
    show: Callable[[str, Condition | None], Awaitable[None] | None],
) -> None:
    """Ask for a filter, beginning with `text`. `counted` tells how many items one leaves; `show` applies it."""
    session = screen.session
    scope = filter_scope.scope_for(session, type_key, begins=True)
    bar: FilterBar

    def look_again(done: bool) -> None:
        if done and bar.is_attached:
            bar.look_again()

    # What takes longer than a moment to count is read beside; the bar tells how far that is.
    reading = Readying(screen, lambda: bar.say_so_far(so_far()), look_again)

    def so_far() -> str:
        return _("counting: {percent} %").format(percent=reading.percent)

    def check(typed: str) -> str:
        where = filters.compile_for(session, type_key, typed, begins=True)
        if counted.can_count(where):
            return ngettext("{n} match", "{n} match", counted.count(where))
        reading.start(where, lambda tell: counted.get_ready_to_count(where, tell))
        return so_far()

    def suggestions(typed: str, cursor: int) -> Sequence[Suggestion]:
        if typed.lstrip().startswith(SIGN):
            wanted = typed.strip().removeprefix(SIGN).casefold()
            there = saved_filters.saved(session, type_key)
            named = [Suggestion(f"{SIGN}{one.name}", one.text, 0) for one in there if wanted in one.name.casefold()]
            if named:
                return named
        return complete(typed, cursor, scope)

    async def apply(typed: str) -> None:
        where = filters.compile_for(session, type_key, typed, begins=True)
        filters.remember(session, type_key, typed, state_folder())
        outcome = show(typed.strip(), where)
        if outcome is not None:
            await outcome

    screen.run_worker(asyncio.to_thread(filters.get_ready, session, type_key), exit_on_error=False)
    history = filters.history(session, type_key, state_folder())

    async def saved(typed: str) -> str:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.items.saved_filters import SavedFilters

        there = SavedFilters(session, screen.surface, type_key, typed)
        await arrange(screen, there, lambda: None)
        return there.used

    bar = FilterBar(screen.surface, text, check, suggestions, history, saved)
    try:
        await screen.asker.edit(bar, lambda: Region(0, screen.size.height - 4, screen.size.width, 3), apply)
    finally:
        reading.stop()
