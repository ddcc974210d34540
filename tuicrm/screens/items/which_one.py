"""Which of a series is meant: this one, this and all that follow, or all; a key each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.services.calendar.series_changes import WHICH, is_series

if TYPE_CHECKING:
    from tuicrm.services.calendar.series_changes import Which

_KEYS: dict[Which, str] = {"this": "t", "following": "f", "all": "a"}


async def which_one(host: Host, activity: int, title: str) -> tuple[Which | None, bool]:
    """What is meant of an activity (None for one that does not repeat), and whether the question was answered, not left."""
    if not is_series(host.session, activity):
        return None, True
    from tuicrm.widgets.menu import Menu, MenuEntry

    entries = {which: MenuEntry(_KEYS[which], _(label), _nothing) for which, label in WHICH.items()}
    chosen = await host.ask(Menu(host.surface, title, list(entries.values())))
    found = next((which for which, entry in entries.items() if entry is chosen), None)
    return found, found is not None


def _nothing() -> None:
    """What is chosen is done by who asked."""
