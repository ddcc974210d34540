"""Which layout a card has and why, and the others that a person may use."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from tuicrm.domain.context import Choice
from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
from tuicrm.i18n import _
from tuicrm.render.compose import pad
from tuicrm.render.line import Run
from tuicrm.render.text import cut, wrap
from tuicrm.screens.host import Host
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts
from tuicrm.services.layouts.views import member_names
from tuicrm.services.workspace import preferences
from tuicrm.widgets.one_line import LineSource, OneLine
from tuicrm.widgets.picker import Picker, PickerLook
from tuicrm.widgets.surface import TerminalLook

NEW = "new"
"""The key of the choice of a layout of one's own that does not exist yet."""
_FIRST = "first"


class LayoutLook(PickerLook):
    """Tells under the list which layout is in use, and why."""

    def __init__(self, session: Session, place: LayoutPlace, cells: int) -> None:
        used = layouts.in_use(session, place)
        self._now = _("now: {layout}").format(layout=layouts.describe(used))
        self._why = wrap(layouts.explain(session, place), cells)

    def told(self) -> str:
        return self._now

    def under(self, look: TerminalLook) -> Iterable[Widget]:
        return [OneLine(look, _told(line)) for line in self._why]


async def pick_layout(host: Host, place: LayoutPlace) -> str | None:
    """Ask which layout a card is to have: `NEW`, or what `layouts.switch` takes; None when left."""
    session = host.session
    found = layouts.available(session, place)
    choices = [Choice(use.choice, layouts.describe(use), _detail(session, use)) for use in found]
    if not any(use.kind == "personal" for use in found) and session.access.has("personal_layout"):
        choices.append(Choice(NEW, _("a personal layout"), _("based on the card as it is now")))
    if preferences.layout_choice(session, place):
        choices.append(Choice(_FIRST, _("whichever comes first"), layouts.describe(found[0])))
    used = (layouts.in_use(session, place).choice,)
    look = LayoutLook(session, place, Picker.cells - 6)
    chosen = await host.ask(Picker(host.surface, _("Layout of this card"), choices, chosen=used, look=look))
    if not chosen:
        return None
    return "" if chosen[0] == _FIRST else chosen[0]


def _detail(session: Session, use: LayoutUse) -> str:
    if use.kind == "view" and use.kept is not None:
        return ", ".join(member_names(session, use.kept.record.members))
    return {
        "personal": _("only yours"),
        "common": _("shared by everyone"),
    }.get(use.kind, _("ships with tuicrm"))


def _told(text: str) -> LineSource:
    return lambda cells: pad((Run(f" {cut(text, cells - 1)}", "dim"),), cells)
