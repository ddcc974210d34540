"""The card: stage bar, tabs, fields on the left, timeline on the right; every field edited in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget

from tuicrm.domain.card import CardView
from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.domain.tabs import GENERAL
from tuicrm.errors import Refusal
from tuicrm.i18n import _
from tuicrm.render.chips import Chips
from tuicrm.render.fields import FieldTarget
from tuicrm.render.heads import card_head
from tuicrm.render.line import Line, Run
from tuicrm.render.stagebar import stage_bar
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.card.customise import CardFields, Customising
from tuicrm.screens.card.fields import FieldActions
from tuicrm.screens.card.going import CardItemActions, Going, Gone
from tuicrm.screens.card.item import CardItem
from tuicrm.screens.card.layout import LayoutActions
from tuicrm.screens.card.shaping import CardShaping
from tuicrm.screens.card.stages import StageActions
from tuicrm.screens.card.tabs import CardTabs
from tuicrm.screens.card.timeline import TimelineActions
from tuicrm.screens.following import why_type_gone
from tuicrm.screens.host import Opener, TrailSpot
from tuicrm.screens.places import places
from tuicrm.screens.settings.defining import FieldDefining
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import presence
from tuicrm.widgets.chip_line import ChipLine
from tuicrm.widgets.field_drag import FieldDropped
from tuicrm.widgets.field_pane import FieldPane
from tuicrm.widgets.one_line import LineSource, OneLine
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.timeline_pane import TimelinePane


def open_card(over: Opener, ref: Ref, walk: Walk, closed: Callable[[Ref], None]) -> None:
    """Open the card of an item over a screen; `closed` is told which one was shown last. Raises NotFound, AccessDenied.

    A card that was left is used again: to make and take away a screen takes three times as long as to show one.
    """
    app = over.app
    name = _name_of(len(app.screen_stack))
    if app.is_screen_installed(name):
        card = app.get_screen(name, CardScreen)
        card.turn_to(ref, walk)
    else:
        card = CardScreen(over.session, over.surface, ref, walk)
        app.install_screen(card, name)
    _shown = app.push_screen(card, lambda _answer: closed(card.ref))


def card_spot(shown: CardItem, tabs: CardTabs) -> TrailSpot:
    """A card as a place to come back to: which item, on which tab."""
    ref, walk = shown.ref, shown.walk
    return TrailSpot(("card", ref), tabs.tab, lambda over: open_card(over, ref, walk, lambda _last: over.catch_up()))


def _name_of(depth: int) -> str:
    """One name for each place in the stack: a card may open another one over itself."""
    return f"card {depth}"


def _rule(cells: int) -> Line:
    return (Run(" " + "─" * (cells - 2) + " ", "rule"),)


class CardScreen(CrmScreen):
    """One item: its panes, and what works on them."""

    mode = ""
    """What is done with the cards, where that is more than to look at one; an English source."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, session: Session, surface: Surface, ref: Ref, walk: Walk | None = None) -> None:
        """`walk` is the items of the filter it was opened from, for `[` and `]`. Raises NotFound, AccessDenied."""
        super().__init__(session, surface)
        self.shown = CardItem(session, ref, walk or Walk())
        self.fields = FieldPane(surface.look)
        self.timeline = TimelinePane(surface.look)
        self.shaping = CardShaping(session, self.shown)
        self.shown.use = self.shaping.use_shown
        self.tabs = CardTabs(self, self.fields, self.timeline)
        self.customising = Customising(self, self.shaping, self.fields)
        self.field_actions = FieldActions(self, self.fields, self.tabs.go_to_products)
        self.timeline_actions = TimelineActions(self, self.timeline)
        self.stage_actions = StageActions(self)
        self.controllers = (
            Gone(self),
            self.customising,
            LayoutActions(self, self.shaping),
            FieldDefining(self, CardFields(self, self.shaping, self.fields)),
            self.field_actions,
            self.timeline_actions,
            self.stage_actions,
            self.tabs,
            Going(self, self.tabs, self.shaping, self.fields, self.timeline),
            CardItemActions(self),
            *self.controllers,
        )
        self.everywhere.places = lambda: places(self, self.ref.type, str(self.item.get("pipeline") or ""))
        self.following.where = lambda: self.ref
        self.standing.spot = lambda: card_spot(self.shown, self.tabs)
        self.standing.stand_on = self.tabs.come_back
        self.following.why_gone = lambda: why_type_gone(session, self.ref.type)

    @property
    def ref(self) -> Ref:
        """The ref of the item that is shown."""
        return self.shown.ref

    @property
    def item(self) -> Item:
        """The item as it was read last."""
        return self.shown.item

    @property
    def card(self) -> CardView:
        """What is drawn of it."""
        return self.shown.view

    def turn_to(self, ref: Ref, walk: Walk) -> None:
        """Be the card of another item as if made anew. Raises NotFound, AccessDenied."""
        self.shaping.end()
        self.field_actions.show_empty = False
        self.timeline_actions.shown_groups = ()
        self.shown.turn_to(ref, walk)
        self.tabs.tab = GENERAL
        self.fields.cursor = self.timeline.cursor = None
        self.remove_class("-tab", "-timeline")
        CrmScreen.reload(self)
        self.messages.hush()
        self.on_mount()

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        return card_head(self.card, cells, presence.on_card(self.session, self.ref), _(self.mode))

    def body(self) -> Iterable[Widget]:
        look = self.surface.look
        yield ChipLine(look, self._stages, id="stages")
        yield self.tabs.bar
        yield OneLine(look, self.rule(), id="rule")
        yield self.tabs.panes

    def rule(self) -> LineSource:
        """What parts the head from the panes."""
        return _rule

    def _stages(self, cells: int) -> Chips:
        return stage_bar(self.card.steps, self.card.days, cells, compact=cells < 100)

    # -- data ----------------------------------------------------------------------------------------------------------
    def reload(self, field: str = "", section: str = "") -> None:
        """Read again; the cursor goes to a field or section where one is given. An item deleted elsewhere stays readable as it
        was, and says so."""
        super().reload()
        self.shown.read()
        if self.shown.gone:
            key = self.surface.keys.key("back")
            self.say(_("{reason} {key} goes back.").format(reason=self.shown.gone, key=key))
            return
        self.draw(self.fields.place_of(self.card, field, section))
        self.timeline_actions.show()
        self.tabs.show_item()
        self.refresh_hints()

    def draw(self, cursor: FieldTarget | None = None) -> None:
        """Draw the card as it was read, in the mode it is in."""
        self.fields.show_view(
            self.card,
            show_empty=self.field_actions.show_empty,
            customise=self.shaping.on,
            cursor=cursor,
            hints=self.customising.field_hints(),
        )
        self.top.update()
        for line in self.query("#stages, #tabs, #rule").results(OneLine):
            line.update()

    # -- events --------------------------------------------------------------------------------------------------------
    def on_mount(self) -> None:
        self.set_class(not self.card.steps, "-no-stages")
        self.draw()
        self.timeline_actions.show()
        self.fields.focus()

    def on_descendant_focus(self) -> None:
        # Not while an editor has the focus: what it stands on stays.
        if self.focused in (self.tabs.left, self.timeline):
            self.set_class(self.timeline.has_focus, "-timeline")
            self.tabs.bar.update()

    def on_chip_line_picked(self, message: ChipLine.Picked) -> None:
        """A click on a stage asks as the key that moves does; on a tab, opens it."""
        if message.line is self.tabs.bar:
            self.start(self.tabs.go_to(message.key))
        else:
            self.stage_actions.ask_for(message.key)

    def on_field_dropped(self, message: FieldDropped) -> None:
        try:
            self.customising.drop(message)
        except Refusal as error:
            self.messages.say_error(error)

    def on_line_pane_opened(self, message: FieldPane.Opened) -> None:
        if self.tabs.open is not None and message.pane is self.tabs.open.pane:
            self.tabs.open.do_open()
        elif message.pane is self.fields:
            self.start(self.field_actions.do_field_edit())
        else:
            self.start(self.timeline_actions.do_timeline_read())
