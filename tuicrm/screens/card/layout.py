"""The layout of a card as a whole: which one it has and why, whose it is, its tabs and views."""

from __future__ import annotations

from tuicrm.domain.layout_use import LayoutUse
from tuicrm.i18n import _
from tuicrm.scopes import CARD, CUSTOMISE
from tuicrm.screens.card.item import CardController, CardHost
from tuicrm.screens.card.shaping import CardShaping
from tuicrm.services.layouts import layouts

_ROOMY = 100
"""Cells from which the footer has room for the layout too."""


class LayoutActions(CardController):
    """Chooses, shares and resets the card's layout."""

    def __init__(self, host: CardHost, shaping: CardShaping) -> None:
        super().__init__(host)
        self._shaping = shaping

    def footer_state(self) -> tuple[str, str]:
        """The layout that the card has, and the key that tells why; on a narrow screen where it is shaped, elsewhere what can be done
        goes before it."""
        scopes = (*CARD, CUSTOMISE) if self._host.size.width >= _ROOMY else (CUSTOMISE,)
        if self._host.dispatcher.scope not in scopes:
            return "", ""
        return self._surface.keys.key("card.layout"), self._host.shown.view.layout

    def why_not(self, action_id: str) -> str | None:
        if action_id not in ("customise.everyone", "customise.personal", "customise.reset"):
            return None
        session, use = self._session, self._shaping.use
        if action_id == "customise.everyone":
            return layouts.why_not_edit(session, LayoutUse("common", use.layout))
        if action_id == "customise.personal":
            if use.kind == "personal" and use.kept is not None:
                return _("You already use your personal layout.")
            return layouts.why_not_edit(session, LayoutUse("personal", use.layout))
        return _("This is the built-in layout: there is nothing to reset.") if use.kept is None else None

    async def do_card_layout(self) -> None:
        """Which layout the card has and why; another one of those this person may use."""
        from tuicrm.screens.card.layout_picker import NEW, pick_layout

        host = self._host
        chosen = await pick_layout(host, self._shaping.place)
        if chosen is None:
            return
        self._shaping.chosen = None
        if chosen == NEW:
            layouts.begin_personal(host.session, self._shaping.place)
        else:
            layouts.switch(host.session, self._shaping.place, chosen)
        host.reload()
        host.say(_("Now this card has: {layout}").format(layout=host.shown.view.layout), "done")

    def do_customise_everyone(self) -> None:
        whose = layouts.set_for_everyone(self._session, self._shaping.place, self._shaping.use)
        self._shaping.chosen = None
        self._host.reload()
        self._host.say_done(layouts.told_everyone(whose))

    def do_customise_personal(self) -> None:
        layouts.begin_personal(self._session, self._shaping.place, self._shaping.use)
        self._shaping.chosen = None
        self._host.reload()
        self._host.say_done(_("You now use a personal layout; others keep theirs."))

    def do_customise_reset(self) -> None:
        layouts.reset(self._session, self._shaping.place, self._shaping.use)
        self._host.reload()
        told = _("Reset; now this card has: {layout}").format(layout=self._host.shown.view.layout)
        self._host.say_done(told)

    async def do_customise_tabs(self) -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.tabs import Tabs

        host, shaping = self._host, self._shaping
        await arrange(host, Tabs(host.session, host.surface, shaping.place, shaping.chosen), host.reload)

    async def do_customise_views(self) -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.views import Views

        host, shaping = self._host, self._shaping
        views = Views(host.session, host.surface, shaping.place, self._shape, shaping.use)
        await arrange(host, views, host.reload)

    def _shape(self, use: LayoutUse) -> None:
        """Go on with a view."""
        layouts.require_edit(self._session, use)
        self._shaping.begin(use)
        self._host.reload()
        self._host.say(self._shaping.told())
