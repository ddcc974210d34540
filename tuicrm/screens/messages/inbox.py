"""The inbox: messages of people who are not known here, newest first; read, put on an item, made a lead or contact, let go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from textual.containers import Horizontal
from textual.widget import Widget

from tuicrm.errors import NotFound
from tuicrm.i18n import N_, _, ngettext
from tuicrm.render.heads import trail_head
from tuicrm.render.inbox_rows import InboxLine
from tuicrm.render.line import Line
from tuicrm.render.message_view import message_view
from tuicrm.screens import opening
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.host import Opener, TrailSpot
from tuicrm.screens.messages.inbox_actions import InboxActions
from tuicrm.screens.messages.inbox_pane import InboxPane
from tuicrm.screens.messages.look import look_of
from tuicrm.screens.places import places
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records, showing
from tuicrm.services.messages.records import SeenMessage
from tuicrm.services.workspace import presence
from tuicrm.widgets.pages import TextLines
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.surface import Surface

LISTS = {"inbox": N_("Inbox"), "unanswered": N_("Unanswered"), "failed": N_("Not arrived")}
"""What can be listed: what is on no item, what came and waits for an answer, what did not arrive or perhaps did not."""
_FOUND: Mapping[str, Callable[[Session, int], list[SeenMessage]]] = {
    "inbox": records.inbox,
    "unanswered": records.unanswered,
    "failed": records.failed,
}
_LISTED = 500
"""Messages that are listed; as they are dealt with, the next ones come."""


def inbox_screen(whence: Opener) -> InboxScreen:
    """What waits for this person."""
    return InboxScreen(whence.session, whence.surface)


class InboxScreen(CrmScreen):
    """What waits, two lines a message; where it is wide, the one under the cursor is shown beside it."""

    scope = "inbox"
    DEFAULT_CSS = """
    InboxScreen #waiting { height: 1fr; }
    InboxScreen #beside { display: none; }
    InboxScreen.-wide #beside { display: block; width: 50%; margin-left: 2; }
    """

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.pane = InboxPane(surface.look, self._empty)
        self.beside: LinePane[int] = LinePane(surface.look, id="beside")
        self.beside.can_focus = False
        self.waiting: list[SeenMessage] = []
        self.which = "inbox"
        self.actions = InboxActions(self)
        self.controllers = (self.actions, self.everywhere)
        self.everywhere.places = lambda: places(self)
        self.standing.spot = lambda: TrailSpot("inbox", self.pane.cursor, opening.go_to_inbox)
        self.standing.stand_on = self._stand_on

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        n = len(self.waiting)
        many = _("{n} wait, and more").format(n=_LISTED)
        told = "" if not n else many if n > _LISTED else ngettext("{n} waits", "{n} wait", n)
        place = () if self.which == "inbox" else (_(LISTS[self.which]),)
        return trail_head((_(LISTS["inbox"]), *place, told), cells, presence.names(self.session))

    def body(self) -> Iterable[Widget]:
        yield Horizontal(self.pane, self.beside, id="waiting")

    def _stand_on(self, cursor: int | None) -> None:
        if cursor is not None and self.pane.has(cursor):
            self.pane.move_to(cursor)

    def _empty(self) -> Sequence[tuple[str, str]]:
        """What is told where nothing waits: what comes here, and how."""
        keys = self.surface.keys
        if self.which != "inbox":
            told = (
                _("Everything is answered.")
                if self.which == "unanswered"
                else _("All that was sent arrived, or waits.")
            )
            return [
                ("", ""),
                (told, "title"),
                ("", ""),
                (_("{key} goes on to the next list.").format(key=keys.key("inbox.which")), "faint"),
            ]
        return [
            ("", ""),
            (_("Nothing waits here."), "title"),
            ("", ""),
            (
                _(
                    "What people write who are not known yet comes here, and calls of numbers that nobody has: to be put on an "
                    "item, made a lead or contact, or left. What known clients write goes to their cards by itself."
                ),
                "value",
            ),
            ("", ""),
            (
                _(
                    "{key} opens the channels that messages come in by; what strangers write comes by those that take in everything."
                ).format(key=keys.key("inbox.channels")),
                "faint",
            ),
            (_("One mail by hand: tuicrm mail add < message.eml"), "faint"),
        ]

    # -- data ----------------------------------------------------------------------------------------------------------
    def on_mount(self) -> None:
        super().on_mount()
        self._show()
        self.pane.focus()

    def reload(self) -> None:
        super().reload()
        self._show()

    def turn(self) -> None:
        """On to the next of the lists."""
        keys = list(LISTS)
        self.which = keys[(keys.index(self.which) + 1) % len(keys)]
        self.pane.marked.clear()
        self._show()

    def _show(self) -> None:
        self.waiting = _FOUND[self.which](self.session, _LISTED + 1)
        self.pane.show_lines([self._line(one) for one in self.waiting[:_LISTED]])
        self._show_beside()
        self.top.update()
        self.refresh_hints()

    def _line(self, one: SeenMessage) -> InboxLine:
        told = showing.in_short(self.session, one)
        return InboxLine(one.record.id, told.sign, told.who, told.address, told.when, told.facts, told.about, told.text)

    def _show_beside(self) -> None:
        """Where it is wide, the whole of the message under the cursor."""
        self.beside.show(lambda cells: TextLines(self._whole(cells), cells))

    def _whole(self, cells: int) -> list[Line]:
        if self.pane.cursor is None:
            return []
        try:
            found = records.by_id(self.session, self.pane.cursor)
        except NotFound:
            return []
        return message_view(look_of(self.session, found, thread_too=False), cells)

    # -- events --------------------------------------------------------------------------------------------------------
    def on_line_pane_moved(self) -> None:
        self._show_beside()

    def on_line_pane_opened(self, message: LinePane.Opened) -> None:
        if message.pane is self.pane:
            self.start(self.actions.do_open())
