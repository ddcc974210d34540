"""The filter bar on a screen: what is typed is checked and counted while it is typed; `enter` shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from textual.geometry import Region

from tuicrm.domain.conditions import Condition
from tuicrm.domain.filters.suggest import Suggestion, complete
from tuicrm.i18n import ngettext
from tuicrm.screens.base import CrmScreen
from tuicrm.services import filters, saved_filters
from tuicrm.services.saved_filters import SIGN
from tuicrm.services.surroundings import state_folder
from tuicrm.widgets.filter_bar import FilterBar


async def ask_filter(
    screen: CrmScreen,
    type_key: str,
    text: str,
    count: Callable[[Condition | None], int],
    show: Callable[[str, Condition | None], None],
) -> None:
    """Ask for a filter, beginning with `text`. `count` says how many items one leaves; `show` applies it."""
    session = screen.session
    scope = filters.scope_for(session, type_key)

    def check(typed: str) -> str:
        return ngettext("{n} match", "{n} match", count(filters.compile_for(session, type_key, typed)))

    def suggestions(typed: str, cursor: int) -> Sequence[Suggestion]:
        if typed.lstrip().startswith(SIGN):
            wanted = typed.strip().removeprefix(SIGN).casefold()
            there = saved_filters.saved(session, type_key)
            return [Suggestion(f"{SIGN}{one.name}", one.text, 0) for one in there if wanted in one.name.casefold()]
        return complete(typed, cursor, scope)

    def apply(typed: str) -> None:
        where = filters.compile_for(session, type_key, typed)
        filters.remember(session, type_key, typed, state_folder())
        show(typed.strip(), where)

    screen.run_worker(asyncio.to_thread(filters.get_ready, session, type_key), exit_on_error=False)
    history = filters.history(session, type_key, state_folder())

    async def saved(typed: str) -> str:
        from tuicrm.screens.saved_filters import SavedFilters

        dialog = SavedFilters(session, screen.surface, type_key, typed)
        await screen.ask(dialog)
        return dialog.used

    bar = FilterBar(screen.surface, text, check, suggestions, history, saved)
    await screen.edit(bar, lambda: Region(0, screen.size.height - 4, screen.size.width, 3), apply)
