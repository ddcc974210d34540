"""Going about a card: from side to side, to the items beside it, back; and what is still possible once its item is gone."""

from __future__ import annotations

from tuicrm.domain.tabs import GENERAL
from tuicrm.i18n import _
from tuicrm.scopes import EVERYWHERE
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.card.item import CardHost
from tuicrm.screens.card.shaping import CardShaping
from tuicrm.screens.card.tabs import CardTabs
from tuicrm.screens.items.actions import ItemActions
from tuicrm.screens.items.allowed import why_not_allowed
from tuicrm.screens.items.deleting import delete
from tuicrm.screens.items.planning import plan
from tuicrm.services.items.activities import open_of
from tuicrm.services.workspace.shared_settings import ASK_NEXT_STEP, is_on
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.field_pane import FieldPane
from tuicrm.widgets.footer import Hint
from tuicrm.widgets.timeline_pane import TimelinePane

_STEPS = {"card.previous": -1, "card.next": 1}
_STAYS = ("back", "help", "commands", "undo", "redo", "quit", "goto")
"""What can be done on the card of an item that is gone."""


class Gone(Controller):
    """Says of an item that cannot be read any more why nothing can be done with it."""

    def __init__(self, host: CardHost) -> None:
        self._host = host

    def why_not(self, action_id: str) -> str | None:
        # What was open on the card when the item went can be left all the same.
        if self._host.shown.gone and action_id not in _STAYS and self._host.dispatcher.scope in EVERYWHERE:
            return self._host.shown.gone
        return None


class Going(Controller):
    """Moves the cursor over the panes and the card over the items."""

    def __init__(
        self, host: CardHost, tabs: CardTabs, shaping: CardShaping, fields: FieldPane, timeline: TimelinePane
    ) -> None:
        self._host = host
        self._fields = fields
        self._tabs = tabs
        self._shaping = shaping
        self._timeline = timeline

    def shape_hints(self, found: list[Hint]) -> list[Hint]:
        """The key to the other pane says which one that is."""
        if not self._timeline.has_focus:
            return found
        key, name = self._host.surface.keys.key("card.other_pane"), self._tabs.left_name
        return [hint._replace(label=name) if hint.keys == key else hint for hint in found]

    def why_not(self, action_id: str) -> str | None:
        step = _STEPS.get(action_id, 0)
        shown = self._host.shown
        if not step or shown.walk.beside(shown.ref, step) is not None:
            return None
        return _("This is the last item.") if step > 0 else _("This is the first item.")

    # -- other items ---------------------------------------------------------------------------------------------------
    def do_card_next(self) -> None:
        self._walk(1)

    def do_card_previous(self) -> None:
        self._walk(-1)

    def _walk(self, step: int) -> None:
        host, shown = self._host, self._host.shown
        beside = shown.walk.beside(shown.ref, step)
        if beside is None:
            return
        if beside.type != shown.ref.type:
            # Other fields, tabs and stages: as if it were opened anew.
            host.turn_to(beside, shown.walk)
            host.following.tell_where()
            return
        shown.ref = beside
        self._timeline.cursor = None
        host.following.tell_where()
        host.reload()

    # -- sides ---------------------------------------------------------------------------------------------------------
    def do_card_other_pane(self) -> None:
        if self._timeline.has_focus:
            self.do_card_left()
        else:
            self.do_card_right()

    def do_card_left(self) -> None:
        self._host.set_focus(self._tabs.left)

    def do_card_right(self) -> None:
        self._host.set_focus(self._timeline)

    async def do_back(self) -> None:
        """To the fields, out of customise mode, off the card: one after the other."""
        if self._tabs.tab != GENERAL:
            self._tabs.show(GENERAL)
        elif self._shaping.on:
            # Much is hidden again that customise mode shows: the cursor stays with its field, or its section, and in sight.
            fields = self._fields
            section = fields.section_key
            self._shaping.end()
            self._host.reload(fields.field_key or fields.first_of(section), section)
        else:
            if self._lacks_next_step():
                await plan(self._host, self._host.shown.ref)
            self._host.leave()

    def _lacks_next_step(self) -> bool:
        """Whether the workspace asks for what comes next (a setting), and nothing is planned with an item that is under way."""
        session, shown = self._host.session, self._host.shown
        if shown.gone or not is_on(session, ASK_NEXT_STEP) or session.store.read_only:
            return False
        item = shown.current
        stage = session.workspace.stage_of(item.type, item.fields) if item is not None else None
        if item is None or stage is None or stage.semantics != "process" or why_not_allowed(session, "edit", item):
            return False
        return not open_of(session, item.ref)


class CardItemActions(ItemActions):
    """Those of all items, and deleting the one that is shown."""

    def __init__(self, host: CardHost) -> None:
        super().__init__(host, host.shown)
        self._card = host

    def why_not(self, action_id: str) -> str | None:
        if action_id == "delete":
            return why_not_allowed(self._card.session, "delete", self._card.shown.current)
        return super().why_not(action_id)

    def do_delete(self) -> None:
        card = self._card
        told, stack = delete(card.session, [card.shown.ref]), card.app.screen_stack
        below = stack[-2] if len(stack) > 1 else None
        card.leave()
        if isinstance(below, CrmScreen):
            below.say_done(told)
