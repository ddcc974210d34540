"""What is done with what waits in the inbox: the marked messages, else the one under the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Field
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.screens import opening
from tuicrm.screens.asking import NO, YES, question
from tuicrm.screens.host import Workplace
from tuicrm.screens.items.adding import add_item
from tuicrm.screens.messages.inbox_pane import InboxPane
from tuicrm.services.messages import inbox, records
from tuicrm.services.messages.inbox import LinkedMessages
from tuicrm.services.messages.records import SeenMessage
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.form import Form
from tuicrm.widgets.menu import Menu, MenuEntry, letter
from tuicrm.widgets.question import Answer, Question

_ON_ONE = ("open", "mark", "mark_all", "inbox.link", "inbox.make", "inbox.leave", "inbox.share", "inbox.done")
_OF_INBOX = ("inbox.make", "inbox.leave")
_MINE, _ALL = "mine", "all"


class InboxHost(Workplace, Protocol):
    """The inbox on screen, as far as what is done there needs it."""

    @property
    def pane(self) -> InboxPane:
        """The messages, with the cursor and the marks."""

    @property
    def which(self) -> str:
        """Which list is shown: `inbox`, `unanswered`, `failed`."""

    def turn(self) -> None:
        """On to the next of the lists."""

    def leave(self) -> None:
        """Close it."""


class InboxActions(Controller):
    """Each is one change, whatever is marked, and one undo."""

    def __init__(self, host: InboxHost) -> None:
        self._host = host

    def why_not(self, action_id: str) -> str | None:
        if action_id in _ON_ONE and self._host.pane.cursor is None:
            return _("Nothing waits here.")
        if action_id in _OF_INBOX and self._host.which != "inbox":
            return _("Only of what is in the inbox, on no item.")
        if action_id == "inbox.done" and not any(one.record.unanswered for one in self.meant()):
            return _("It waits for no answer.")
        if action_id == "inbox.make" and not inbox.types_to_make(self._host.session):
            return _("You may not add leads, contacts or companies.")
        return None

    def meant(self) -> list[SeenMessage]:
        """The messages that are meant, as they are now; those that are gone are left out."""
        found = []
        for number in self._host.pane.meant():
            with suppress(NotFound):
                found.append(records.by_id(self._host.session, number))
        return found

    def _done(self, told: str) -> None:
        self._host.pane.marked.clear()
        self._host.reload()
        self._host.say_done(told)

    # -- looking -------------------------------------------------------------------------------------------------------
    async def do_open(self) -> None:
        if self._host.pane.cursor is not None:
            await opening.show_message(self._host, self._host.pane.cursor)

    def do_mark(self) -> None:
        self._host.pane.toggle_mark()
        self._host.pane.moves.do_move_down()

    def do_mark_all(self) -> None:
        pane = self._host.pane
        pane.mark_all()
        if pane.marked:
            self._host.say(ngettext("{n} marked", "{n} marked", len(pane.marked)))

    def do_back(self) -> None:
        """`esc` first lets the marks go."""
        host = self._host
        if host.pane.marked:
            host.pane.clear_marks()
        elif len(host.app.screen_stack) > 2:
            host.leave()
        else:
            opening.go_to_first_board(host)

    def do_inbox_which(self) -> None:
        self._host.turn()

    async def do_inbox_channels(self) -> None:
        await opening.arrange_channels(self._host, self._host.session, self._host.reload)

    # -- on an item ----------------------------------------------------------------------------------------------------
    async def do_inbox_link(self) -> None:
        """Ask which item, whether it keeps the address, and who reads it from then on."""
        session, found = self._host.session, self.meant()
        if not found:
            return
        done: list[tuple[Ref, LinkedMessages]] = []

        def save(answers: Mapping[str, Answer]) -> None:
            ref = Ref.read(answers["on"][0]) if answers["on"] else None
            if ref is None:
                raise Refused(_("Which item?"), [FieldProblem("on", _("is required"))])
            private = answers["read"] == (_MINE,) if "read" in answers else None
            remember = answers.get("keep") == (YES,)
            done.append((ref, inbox.link(session, found, ref, remember=remember, private=private)))

        title = _("Put {message} on an item").format(message=_named(found))
        await self._host.ask(Form(self._host.surface, title, self._link_questions(found), save))
        if done:
            ref, linked = done[0]
            shown = session.workspace.show_ref(ref)
            told = ngettext("{n} message is on {item} now", "{n} messages are on {item} now", linked.n, item=shown)
            if linked.remembered:
                told = f"{told}, {_('which keeps {points}').format(points=', '.join(linked.remembered))}"
            self._done(told)

    def _link_questions(self, found: Sequence[SeenMessage]) -> list[Question]:
        session = self._host.session
        field = Field("on", "item", "Item", targets=list(session.workspace.types))
        asked = [question(session, field, required=True)._replace(label=_("Item"))]
        points = list(dict.fromkeys(filter(None, (inbox.far_end(one.record) for one in found))))
        if points:
            choices = (Choice(YES, _("yes")), Choice(NO, _("no")))
            hint = _("{points}: what comes of it goes there by itself from then on").format(points=", ".join(points))
            asked.append(
                Question(
                    "keep", _("Keep the sender"), "boolean", chosen=(YES,), choices=choices, required=True, hint=hint
                )
            )
        if any(one.record.private for one in found):
            readers = (Choice(_MINE, _("only you")), Choice(_ALL, _("all who may read the item")))
            asked.append(Question("read", _("Read by"), "list", chosen=(_MINE,), choices=readers, required=True))
        return asked

    # -- an item of the sender -----------------------------------------------------------------------------------------
    async def do_inbox_make(self) -> None:
        """A lead, contact or company of who sent it, prefilled; what waits of the same sender goes onto it."""
        session, found = self._host.session, self.meant()
        if not found:
            return
        if len({inbox.far_end(one.record).casefold() for one in found}) > 1:
            self._host.say(_("These are of several people: mark those of one."), "refused")
            return
        type_key = await self._which_type()
        if type_key is None:
            return
        made: list[int] = []

        def add(values: Mapping[str, Any]) -> Ref:
            ref, n = inbox.make_item(session, found, type_key, dict(values))
            made.append(n)
            return ref

        given = inbox.proposed(session, found[0], type_key)
        ref = await add_item(self._host, type_key, given, also=list(given), add=add)
        if ref is not None:
            shown = session.workspace.show_ref(ref)
            self._done(
                ngettext(
                    "{ref} was created, with {n} message", "{ref} was created, with {n} messages", made[-1], ref=shown
                )
            )

    async def _which_type(self) -> str | None:
        """The key of the type that is made; the only one is not asked about."""
        session, taken = self._host.session, set[str]()
        known = inbox.types_to_make(session)
        if len(known) == 1:
            return known[0].key
        entries = {}
        for one in sorted(known, key=lambda one: not one.has_stages):
            label = session.label(one.label)
            entries[one.key] = MenuEntry(letter(label, taken), label, _nothing)
        chosen = await self._host.ask(Menu(self._host.surface, _("Create what"), list(entries.values())))
        return next((key for key, entry in entries.items() if entry is chosen), None)

    # -- the rest ------------------------------------------------------------------------------------------------------
    def do_inbox_share(self) -> None:
        """Shared where one of them is private, else private again."""
        found = self.meant()
        private = not any(one.record.private for one in found)
        inbox.share(self._host.session, found, private=private)
        self._done(_("Only you read it now") if private else _("Shared with all who may read the item it is put on"))

    def do_inbox_done(self) -> None:
        """They need no answer: they are counted no more."""
        found = [one for one in self.meant() if one.record.unanswered]
        inbox.settle_answers(self._host.session, found)
        self._done(_("Needs no answer: {message}").format(message=_named(found)))

    def do_inbox_leave(self) -> None:
        found = self.meant()
        inbox.leave(self._host.session, found)
        self._done(_("Left: {message}").format(message=_named(found)))


def _named(found: Sequence[SeenMessage]) -> str:
    """What one is about, else its ref; how many several are."""
    if len(found) == 1:
        return found[0].record.subject or found[0].ref
    return ngettext("{n} message", "{n} messages", len(found))


def _nothing() -> None:
    """What is chosen is done by who asked."""
