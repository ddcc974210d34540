"""Where `g` and the palette can go: the items of every type, as the person looked at them last, and the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tuicrm.domain.schema import ItemType
from tuicrm.i18n import _
from tuicrm.widgets.menu import Entry

if TYPE_CHECKING:
    from tuicrm.screens.base import CrmScreen


_FIND = "f"
"""The key of the search, in every language."""


def places(screen: CrmScreen) -> Sequence[Entry]:
    """The places that this person may read, each with a letter of its name as its key. What ships with the program chooses first:
    a type of one's own takes no letter that hands already know."""
    session = screen.session
    types = list(session.workspace.types.values())
    find, dupes, settings = _("Find anywhere"), _("Duplicates"), _("Settings")
    names = {one.key: session.label(one.plural) for one in types}
    taken = {_FIND}
    keys = {one.key: letter(names[one.key], taken) for one in types if not one.smart}
    duplicates = letter(dupes, taken) if any(one.alike for one in types) else ""
    last = letter(settings, taken)
    keys |= {one.key: letter(names[one.key], taken) for one in types if one.smart}
    entries = [
        Entry(keys[one.key], names[one.key], _to_type(screen, one), here=one.key == screen.type_here)
        for one in types
        if session.access.scope("read", one.key) != "none"
    ]
    entries.append(Entry(_FIND, find, screen.do_find))
    if duplicates:
        entries.append(Entry(duplicates, dupes, _to_dupes(screen)))
    return [*entries, Entry(last, settings, _to_settings(screen))]


def letter(label: str, taken: set[str]) -> str:
    """The first letter of a name that is still free, else a digit."""
    for one in label.casefold() + "123456789":
        if one.isalnum() and one.isascii() and one not in taken:
            taken.add(one)
            return one
    return ""


def _to_settings(screen: CrmScreen) -> Callable[[], None]:
    def go() -> None:
        from tuicrm.screens.settings import SettingsScreen

        _shown = screen.app.switch_screen(SettingsScreen(screen.session, screen.surface))

    return go


def _to_dupes(screen: CrmScreen) -> Callable[[], None]:
    def go() -> None:
        from tuicrm.screens.dupes import DupesScreen

        _shown = screen.app.push_screen(DupesScreen(screen.session, screen.surface, screen.type_here))

    return go


def _to_type(screen: CrmScreen, item_type: ItemType) -> Callable[[], None]:
    def go() -> None:
        from tuicrm.screens.viewing import go_to_type

        go_to_type(screen, item_type.key)

    return go
