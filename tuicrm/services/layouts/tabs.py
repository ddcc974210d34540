"""The tabs of a card in the layout that a person shapes: their order, which are in the bar (reference §4.3)."""

from __future__ import annotations

from tuicrm.domain import named, tabs
from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
from tuicrm.domain.schema import Tab
from tuicrm.domain.tabs import GENERAL, LayoutTabs
from tuicrm.errors import NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts


def arranged(session: Session, place: LayoutPlace, use: LayoutUse | None = None) -> LayoutTabs:
    """The tabs as the layout in use (or another) has them."""
    layout = (use or layouts.in_use(session, place)).layout
    return tabs.arrange(session.workspace.type(place.type).tabs, layout)


def find_tab(session: Session, type_key: str, text: str) -> Tab:
    """A tab by key or label in any language. Raises NotFound listing those there are."""
    of_type = session.workspace.type(type_key).tabs
    known = [named.labelled(tab, tab.key, tab.label, session.language) for tab in of_type]
    try:
        return named.the(text, known, _("There is no tab “{name}”").format(name=text))
    except named.NotNamed as missing:
        raise NotFound(missing.message) from missing


def move(session: Session, place: LayoutPlace, key: str, step: int, use: LayoutUse | None = None) -> None:
    """One place on. Raises NotFound, AccessDenied."""
    tab = find_tab(session, place.type, key)
    of_type = session.workspace.type(place.type).tabs
    label = _("move the tab {tab}").format(tab=session.label(tab.label))
    layouts.edit(session, place, label, lambda layout: tabs.move_tab(layout, of_type, tab.key, step), use)


def hide(session: Session, place: LayoutPlace, key: str, use: LayoutUse | None = None) -> None:
    """Take a tab out of the bar. Raises Refused for general, NotFound, AccessDenied."""
    tab = find_tab(session, place.type, key)
    if tab.key == GENERAL:
        raise Refused(_("This tab contains the card's own fields and cannot be hidden."))
    label = _("hide the tab {tab}").format(tab=session.label(tab.label))
    layouts.edit(session, place, label, lambda layout: tabs.hide_tab(layout, tab.key), use)


def show(session: Session, place: LayoutPlace, key: str, use: LayoutUse | None = None) -> None:
    """Put a tab back into the bar. Raises NotFound, AccessDenied."""
    tab = find_tab(session, place.type, key)
    label = _("show the tab {tab}").format(tab=session.label(tab.label))
    layouts.edit(session, place, label, lambda layout: tabs.show_tab(layout, tab.key), use)


def reset(session: Session, place: LayoutPlace, use: LayoutUse | None = None) -> None:
    """The type's own order, nothing hidden. Raises AccessDenied."""
    layouts.edit(session, place, _("reset the tabs"), tabs.reset_tabs, use)
