"""The tabs of a card: which a type can have is data; a layout orders and hides them. The first, general, is always there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from tuicrm.domain.schema import Layout, Tab

GENERAL, HISTORY, DOCUMENTS = "general", "history", "documents"


class LayoutTabs(NamedTuple):
    """A type's tabs as a layout has them."""

    shown: list[Tab]
    hidden: list[Tab]


def arrange(tabs: Sequence[Tab], layout: Layout) -> LayoutTabs:
    """In the layout's order, those it does not name after them; general can be moved, but not hidden."""
    places = {key: at for at, key in enumerate(layout.tabs)}
    ordered = sorted(tabs, key=lambda tab: places.get(tab.key, len(places)))
    hidden = set(layout.hidden_tabs) - {GENERAL}
    return LayoutTabs([tab for tab in ordered if tab.key not in hidden], [tab for tab in ordered if tab.key in hidden])


def move_tab(layout: Layout, tabs: Sequence[Tab], key: str, step: int) -> Layout:
    """One place on among those shown; unmoved at the ends, and when it is hidden."""
    shown, hidden = arrange(tabs, layout)
    at = next((at for at, tab in enumerate(shown) if tab.key == key), -1)
    if at < 0 or not 0 <= at + step < len(shown):
        return layout
    shown[at], shown[at + step] = shown[at + step], shown[at]
    return replace(layout, tabs=[tab.key for tab in (*shown, *hidden)])


def hide_tab(layout: Layout, key: str) -> Layout:
    """Take a tab out of the bar; general stays."""
    if key == GENERAL or key in layout.hidden_tabs:
        return layout
    return replace(layout, hidden_tabs=[*layout.hidden_tabs, key])


def show_tab(layout: Layout, key: str) -> Layout:
    """Put a tab back into the bar, where it stood."""
    return replace(layout, hidden_tabs=[hidden for hidden in layout.hidden_tabs if hidden != key])


def reset_tabs(layout: Layout) -> Layout:
    """The type's own order, nothing hidden."""
    return replace(layout, tabs=[], hidden_tabs=[])
