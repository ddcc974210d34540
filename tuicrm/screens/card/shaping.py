"""Which layout of a card is shaped, and whether one is being shaped now."""

from __future__ import annotations

from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
from tuicrm.domain.schema import Layout
from tuicrm.errors import NotFound
from tuicrm.i18n import _
from tuicrm.screens.card.item import CardItem
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts


class CardShaping:
    """What is shaped is the layout in use; one's own, begun from it, for who may not change what all have; or a view chosen from
    the list."""

    def __init__(self, session: Session, shown: CardItem) -> None:
        self._session = session
        self._shown = shown
        self.on = False
        """Whether the card is in customise mode."""
        self.chosen: LayoutUse | None = None
        """The view that was chosen for shaping; None for what this person shapes anyway."""

    def begin(self, chosen: LayoutUse | None = None) -> None:
        """Enter customise mode."""
        self.on, self.chosen = True, chosen

    def end(self) -> None:
        """Leave customise mode."""
        self.on, self.chosen = False, None

    @property
    def place(self) -> LayoutPlace:
        """Where the card's layout holds."""
        return layouts.place_of(self._session, self._shown.item)

    @property
    def use(self) -> LayoutUse:
        """The layout that is shaped, as it is kept now."""
        try:
            return layouts.as_kept(self._session, self.place, self.chosen)
        except NotFound:
            self.chosen = None
            return layouts.as_kept(self._session, self.place)

    def use_shown(self) -> LayoutUse | None:
        """The layout that the card shows where that is not the one in use."""
        shaped = self.use if self.on else None
        # One's own that is not begun yet is still the one in use.
        return shaped if shaped is not None and shaped.kept is not None else None

    @property
    def layout(self) -> Layout:
        """What is shaped, or is begun with."""
        return layouts.current(self._session, self.place, self.use)

    def told(self) -> str:
        """Whose cards the next steps change."""
        use, view = self.use, self._shown.view
        if use.kind == "view":
            return _("This is what people with the view {name} see.").format(name=use.name)
        if use.kind == "personal":
            return _("You are arranging your personal layout; others keep theirs.")
        return _("This is what everyone sees: the common layout of {place}.").format(place=view.place or view.noun)
