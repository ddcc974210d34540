"""The card: stage bar, tabs, fields on the left, timeline on the right; every field edited in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.containers import Horizontal
from textual.widget import Widget

from tuicrm.actions import EVERYWHERE
from tuicrm.domain.card import CardView
from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.domain.products import FIELD as PRODUCTS
from tuicrm.domain.schema import Stage
from tuicrm.domain.tabs import GENERAL
from tuicrm.errors import AccessDenied, NotFound
from tuicrm.i18n import _
from tuicrm.render.chips import Chips
from tuicrm.render.fields import Target
from tuicrm.render.heads import card_head
from tuicrm.render.line import Line, Run
from tuicrm.render.stagebar import stage_bar
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.card_fields import FieldActions
from tuicrm.screens.card_tabs import TabActions
from tuicrm.screens.card_timeline import TimelineActions
from tuicrm.screens.customise import CustomiseActions
from tuicrm.screens.following import why_type_gone
from tuicrm.screens.host import Opener
from tuicrm.screens.places import places
from tuicrm.services import cards, items, presence, stages
from tuicrm.services.session import Session
from tuicrm.widgets.chip_line import ChipLine
from tuicrm.widgets.controller import Controller, Way
from tuicrm.widgets.field_pane import FieldPane
from tuicrm.widgets.footer import Hint
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.timeline_pane import TimelinePane

_OF_STAGES = frozenset({"stage.previous", "stage.next", "stage.move"})


def open_card(over: Opener, ref: Ref, walk: Walk, closed: Callable[[Ref], None]) -> None:
    """Open the card of an item over a screen; `closed` is told which one was shown last. Raises NotFound, AccessDenied.

    A card that was left is used again: to make and take away a screen takes three times as long as to show one.
    """
    app = over.app
    name = f"card {len(app.screen_stack)}"  # one for each place in the stack: a card may open another one over itself
    if app.is_screen_installed(name):
        card = app.get_screen(name, CardScreen)
        card.turn_to(ref, walk)
    else:
        card = CardScreen(over.session, over.surface, ref, walk)
        app.install_screen(card, name)
    _shown = app.push_screen(card, lambda _answer: closed(card.ref))


class _Hooks(Controller):
    """What the card has a say in."""

    def __init__(self, card: CardScreen) -> None:
        self._card = card

    def hides(self, action_id: str) -> bool:
        """Where there are no stages, neither the footer nor the palette speaks of them; a key for them says so."""
        return action_id in _OF_STAGES and not self._card.card.steps

    def shape_hints(self, found: list[Hint]) -> list[Hint]:
        """The key to the other pane says which one that is."""
        card = self._card
        found = card.with_finish(found)
        key = card.surface.keys.key("card.other_pane")
        return [
            hint._replace(label=card.left_name) if hint.keys == key and card.timeline.has_focus else hint
            for hint in found
        ]

    def footer_state(self) -> tuple[str, str]:
        return self._card.footer_state()

    def ways(self) -> list[Way]:
        return self._card.ways()


class CardScreen(CustomiseActions, FieldActions, TimelineActions, TabActions):
    """One item; `ref` is the one shown, so that the cursor of what it was opened from can follow."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, session: Session, surface: Surface, ref: Ref, walk: Walk | None = None) -> None:
        """`walk` is the items of the filter it was opened from, for `[` and `]`. Raises NotFound, AccessDenied."""
        super().__init__(session, surface)
        self.controllers = (_Hooks(self), *self.controllers)
        self.everywhere.places = lambda: places(self, self.ref.type)
        self.following.where = lambda: self.ref
        self.following.why_gone = lambda: why_type_gone(session, self.ref.type)
        self.fields = FieldPane(surface.look)
        self.timeline = TimelinePane(surface.look)
        self._begin(ref, walk or Walk())

    def _begin(self, ref: Ref, walk: Walk) -> None:
        self.item = self.session.get(ref)
        self.ref = ref
        self.walk = walk
        self.tab = GENERAL
        self.gone = ""
        self.changes: dict[str, str] = {}
        """Fields that others changed while this card was open: who and when, by field."""
        self.card: CardView = self._view()

    def _view(self) -> CardView:
        """The card of the item as it was read, in the layout that is shown."""
        return cards.view(
            self.session, self.item, position=self._position(), use=self.layout_shown, changed=self.changes
        )

    def turn_to(self, ref: Ref, walk: Walk) -> None:
        """Once left, be the card of another item as if made anew. Raises NotFound, AccessDenied."""
        self.customising, self.chosen, self.show_empty, self.shown_groups = False, None, False, ()
        self._begin(ref, walk)
        self.fields.cursor = self.timeline.cursor = None
        self.remove_class("-tab", "-timeline")
        CrmScreen.reload(self)
        self.messages.hush()
        self.on_mount()

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        return card_head(self.card, cells, presence.on_card(self.session, self.ref))

    def body(self) -> Iterable[Widget]:
        look = self.surface.look
        yield ChipLine(look, self._stages, id="stages")
        yield ChipLine(look, self.tab_chips, id="tabs")
        yield OneLine(look, self.rule_line, id="rule")
        yield Horizontal(self.fields, self.timeline, id="panes")

    def rule_line(self, cells: int) -> Line:
        """What parts the head from the panes."""
        return (Run(" " + "─" * (cells - 2) + " ", "rule"),)

    def _stages(self, cells: int) -> Chips:
        return stage_bar(self.card.steps, self.card.days, cells, compact=cells < 100)

    def on_mount(self) -> None:
        self.set_class(not self.card.steps, "-no-stages")
        self.show_card()
        self.show_timeline()
        self.fields.focus()

    # -- data ----------------------------------------------------------------------------------------------------------
    @property
    def current(self) -> Item | None:
        return None if self.gone else self.item

    def reload(self, field: str = "", section: str = "") -> None:
        """Read again; the cursor goes to a field or section where one is given. An item deleted elsewhere stays readable as it
        was, and says so."""
        CrmScreen.reload(self)
        before = self.item
        try:
            self.item = self.session.get(self.ref)
            self.gone = ""
        except (NotFound, AccessDenied) as error:
            self.gone = error.message
            self.say(_("{reason} {key} goes back.").format(reason=error.message, key=self.surface.keys.key("back")))
            return
        self._note_changes(before)
        self.card = self._view()
        self.show_card(self.fields.place_of(self.card, field, section))
        self.show_timeline()
        self.show_in_tab()
        self.refresh_hints()

    def _note_changes(self, before: Item) -> None:
        """What others changed since the item was read last; what one changes oneself is no news."""
        if before.ref != self.item.ref:
            self.changes = {}
        elif before.rev != self.item.rev:
            found = {**self.changes, **cards.news(self.session, before, self.item)}
            self.changes = {key: told for key, told in found.items() if told}

    def show_card(self, cursor: Target | None = None) -> None:
        """Draw the card as it was read, in the mode it is in."""
        self.fields.show_view(
            self.card, show_empty=self.show_empty, customise=self.customising, cursor=cursor, hints=self.field_hints()
        )
        self.top.update()
        for line in self.query("#stages, #tabs").results(OneLine):
            line.update()

    def touches(self, tables: set[str]) -> bool:
        """Whether a change of these tables may show here: nearly all may, by the names that fields point at."""
        return bool(tables)

    def _position(self) -> str:
        """`12/240`."""
        place = self.walk.place(self.ref)
        return f"{place + 1}/{len(self.walk)}" if place >= 0 and len(self.walk) > 1 else ""

    def why_not(self, action_id: str) -> str | None:
        stays = ("back", "help", "commands", "undo", "redo", "quit", "goto")
        # What was open on it when it went can be left all the same.
        if self.gone and action_id not in stays and self.scope_here in EVERYWHERE:
            return self.gone
        if action_id in ("card.next", "card.previous"):
            return self._why_not_walk(1 if action_id == "card.next" else -1)
        if action_id in ("stage.next", "stage.previous"):
            reason = self._why_not_stage(1 if action_id == "stage.next" else -1)
            return reason or super().why_not(action_id)
        if action_id == "stage.move" and not self.card.steps:
            return _("This type has no stages.")
        return super().why_not(action_id)

    def _why_not_walk(self, step: int) -> str | None:
        if self.walk.beside(self.ref, step) is not None:
            return None
        return _("This is the last item.") if step > 0 else _("This is the first item.")

    def _why_not_stage(self, step: int) -> str | None:
        if not self.card.steps:
            return _("This type has no stages.")
        if stages.neighbour(self.session, self.item, step) is None:
            return _("This is the last stage.") if step > 0 else _("This is the first stage.")
        return None

    # -- going about ---------------------------------------------------------------------------------------------------
    def do_back(self) -> None:
        if self.tab != GENERAL:
            self.show_tab(GENERAL)
        else:
            super().do_back()

    def do_card_next(self) -> None:
        self._walk(1)

    def do_card_previous(self) -> None:
        self._walk(-1)

    def _walk(self, step: int) -> None:
        beside = self.walk.beside(self.ref, step)
        if beside is None:
            return
        if beside.type != self.ref.type:
            # Other fields, tabs and stages: as if it were opened anew.
            self.turn_to(beside, self.walk)
            self.following.tell_where()
            return
        self.ref = beside
        self.timeline.cursor = None
        self.following.tell_where()
        self.reload()

    def do_card_other_pane(self) -> None:
        if self.timeline.has_focus:
            self.do_card_left()
        else:
            self.do_card_right()

    def do_card_left(self) -> None:
        self.set_focus(self.left)

    def do_card_right(self) -> None:
        self.set_focus(self.timeline)

    def on_descendant_focus(self) -> None:
        super().on_descendant_focus()
        # Not while an editor has the focus: what it stands on stays.
        if self.focused in (self.left, self.timeline):
            self.set_class(self.timeline.has_focus, "-timeline")
            self.query_one("#tabs", OneLine).update()

    def open_card(self, ref: Ref, walk: Walk | None = None) -> None:
        """Another card on top of this one."""
        open_card(self, ref, walk or Walk(), lambda _last: self.catch_up())

    async def open_products(self) -> None:
        await self.go_to_tab(
            next(tab.key for tab in self.session.workspace.type(self.ref.type).tabs if tab.kind == PRODUCTS)
        )

    def on_chip_line_picked(self, message: ChipLine.Picked) -> None:
        """A click on a stage moves the item there; on a tab, opens it."""
        if message.line.id == "tabs":
            self.start(self.go_to_tab(message.key))
            return
        pipeline = self.session.workspace.pipeline_of(self.ref.type, self.item.fields)
        stage = pipeline.stage(message.key) if pipeline else None
        if pipeline and stage and message.key != self.item.get("stage"):
            self.start(self._move(stage, self.item.get("pipeline") or ""))

    def on_line_pane_opened(self, message: FieldPane.Opened) -> None:
        if self.open_tab is not None and message.pane is self.open_tab.pane:
            self.open_tab.do_open()
        elif message.pane is self.fields:
            self.start(self.do_field_edit())
        else:
            self.start(self.do_timeline_read())

    # -- the item ------------------------------------------------------------------------------------------------------
    def do_delete(self) -> None:
        items.delete(self.session, [self.ref])
        name = self.card.ref
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        self.leave()
        if isinstance(below, CrmScreen):
            below.say_done(_("{ref} is deleted").format(ref=name))

    async def do_stage_next(self) -> None:
        await self._step(1)

    async def do_stage_previous(self) -> None:
        await self._step(-1)

    async def _step(self, step: int) -> None:
        stage = stages.neighbour(self.session, self.item, step)
        if stage is not None:
            await self._move(stage, self.item.get("pipeline") or "")

    async def do_stage_move(self) -> None:
        found = await self.choose_stage(self.ref.type, self.item.get("pipeline") or "", self.item.get("stage") or "")
        if found is not None:
            pipeline, stage = found
            await self._move(stage, pipeline.key)

    async def _move(self, stage: Stage, pipeline: str) -> None:
        if await self.move_item(self.ref, stage, pipeline):
            self.reload()
