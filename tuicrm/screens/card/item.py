"""The item that a card shows, and what a card is for those that it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from textual.widget import Widget

from tuicrm.domain.card import CardView
from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.domain.layout_use import LayoutUse
from tuicrm.errors import AccessDenied, NotFound
from tuicrm.render.fields import FieldTarget
from tuicrm.screens import opening
from tuicrm.screens.following import Following
from tuicrm.screens.host import Workplace
from tuicrm.services.items import cards
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.dispatcher import Dispatcher
from tuicrm.widgets.surface import Surface


class CardItem:
    """The item as it was read last, where it stands among those of its walk, and what others changed meanwhile.

    `ref` is the one shown, so that the cursor of what the card was opened from can follow.
    """

    def __init__(self, session: Session, ref: Ref, walk: Walk) -> None:
        """`walk` is the items of the filter it was opened from. Raises NotFound, AccessDenied."""
        self._session = session
        self.use: Callable[[], LayoutUse | None] = lambda: None
        """The layout that is shown where that is not the one in use."""
        self.turn_to(ref, walk)

    def turn_to(self, ref: Ref, walk: Walk) -> None:
        """Show another item. Raises NotFound, AccessDenied."""
        self.item = self._session.get(ref)
        self.ref = ref
        self.walk = walk
        self.gone = ""
        """Why it cannot be read any more; "" where it can."""
        self.changes: dict[str, str] = {}
        """Fields that others changed while this card was open: who and when, by field."""
        self.view: CardView = self._view()

    def read(self) -> None:
        """Read it again. An item deleted elsewhere stays readable as it was."""
        before = self.item
        try:
            self.item = self._session.get(self.ref)
            self.gone = ""
        except (NotFound, AccessDenied) as error:
            self.gone = error.message
            return
        self._note_changes(before)
        self.view = self._view()

    def _view(self) -> CardView:
        return cards.view(self._session, self.item, position=self._position(), use=self.use(), changed=self.changes)

    def _note_changes(self, before: Item) -> None:
        """What others changed since the item was read last; what one changes oneself is no news."""
        if before.ref != self.item.ref:
            self.changes = {}
        elif before.rev != self.item.rev:
            found = {**self.changes, **cards.news(self._session, before, self.item)}
            self.changes = {key: told for key, told in found.items() if told}

    def _position(self) -> str:
        """`12/240`."""
        place = self.walk.place(self.ref)
        return f"{place + 1}/{len(self.walk)}" if place >= 0 and len(self.walk) > 1 else ""

    # -- what is meant on a card ---------------------------------------------------------------------------------------
    @property
    def current(self) -> Item | None:
        return None if self.gone else self.item

    def meant(self) -> list[Ref]:
        return [self.ref] if not self.gone else []

    def unmark(self, refs: Sequence[Ref]) -> None:
        """There are no marks on a card."""


class CardHost(Workplace, Protocol):
    """The card, as far as its panes and controllers need it."""

    @property
    def shown(self) -> CardItem:
        """The item that the card is about."""

    @property
    def dispatcher(self) -> Dispatcher:
        """Finds what a key asks for on the card, and does it."""

    @property
    def following(self) -> Following:
        """Keeps the card as new as the records."""

    def reload(self, field: str = "", section: str = "") -> None:
        """Read again; the cursor goes to a field or section where one is given."""

    def draw(self, cursor: FieldTarget | None = None) -> None:
        """Draw the card as it was read, in the mode it is in."""

    def turn_to(self, ref: Ref, walk: Walk) -> None:
        """Be the card of another item as if made anew. Raises NotFound, AccessDenied."""

    def leave(self) -> None:
        """Close the card."""

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True) -> None:
        """Put the cursor into a pane."""

    def set_class(self, add: bool, *class_names: str) -> object:
        """Have panes stand as a class says."""


class CardController(Controller):
    """Base of what a card holds: the card, and the short way to what is on it."""

    def __init__(self, host: CardHost) -> None:
        self._host = host

    @property
    def _session(self) -> Session:
        return self._host.session

    @property
    def _surface(self) -> Surface:
        return self._host.surface

    @property
    def _ref(self) -> Ref:
        """The item that is shown."""
        return self._host.shown.ref

    @property
    def _item(self) -> Item:
        """The same, as it was read last."""
        return self._host.shown.item


def open_card(host: CardHost, ref: Ref, walk: Walk | None = None) -> None:
    """Another card on top of this one."""
    opening.open_card(host, ref, walk or Walk(), lambda _last: host.catch_up())
