"""What boards, lists and cards do alike with the items that are meant: merge, create from them, plan, copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tuicrm.domain.items import Item, Ref
from tuicrm.i18n import _
from tuicrm.render.text import clean_lines
from tuicrm.screens import opening
from tuicrm.screens.host import Host
from tuicrm.screens.items.allowed import why_not_allowed
from tuicrm.screens.items.planning import plan
from tuicrm.services.kernel.permissions import why_not_make_documents, why_not_merge
from tuicrm.widgets.controller import Controller

_PLANS = ("activity.new", "activity.log")


class Selection(Protocol):
    """The items of a screen that are meant."""

    @property
    def current(self) -> Item | None:
        """The item under the cursor, read anew; None where nothing is."""

    def meant(self) -> list[Ref]:
        """Those that are marked, else the one under the cursor."""

    def unmark(self, refs: Sequence[Ref]) -> None:
        """Take the marks of these items away, where there are any."""


class ItemActions(Controller):
    """Does them."""

    def __init__(self, host: Host, selection: Selection) -> None:
        self._host = host
        self._selection = selection

    def why_not(self, action_id: str) -> str | None:
        selection, session = self._selection, self._host.session
        if action_id == "merge":
            too_few = _("Mark two or more: one is made of them.") if len(selection.meant()) < 2 else None
            return why_not_merge(session.access) or too_few
        if action_id == "why" and selection.current is None:
            return _("There is no item under the cursor.")
        if action_id == "create" and (refs := selection.meant()):
            from tuicrm.screens.items.creating import why_not_create

            return why_not_create(session, refs[0].type, selection.current if len(refs) == 1 else None)
        if action_id == "document":
            return why_not_make_documents(session.access) or why_not_allowed(session, "edit", selection.current)
        return why_not_allowed(session, "edit", selection.current) if action_id in _PLANS else None

    def do_merge(self) -> None:
        """Those that are meant, side by side."""
        host, refs = self._host, self._selection.meant()

        def merged(item: Item) -> None:
            self._selection.unmark(refs)
            host.reload()
            host.say_done(_("Merged into {ref}").format(ref=host.session.workspace.show_ref(item.ref)))

        opening.open_merge(host, refs, merged)

    async def do_why(self) -> None:
        """Which role decides what may be done with the item under the cursor."""
        from tuicrm.screens.items.why import show_why

        if (item := self._selection.current) is not None:
            await show_why(self._host, item)

    async def do_create(self) -> None:
        from tuicrm.screens.items.creating import create_from

        if refs := self._selection.meant():
            await create_from(self._host, refs, self._selection.unmark)

    async def do_document(self) -> None:
        """A document of what is meant, from a template."""
        from tuicrm.screens.documents.making import make_documents

        if refs := self._selection.meant():
            await make_documents(self._host, refs, self._selection.unmark)

    async def do_message(self) -> None:
        """A mail, a call, an SMS, a word by messenger to the client of the item."""
        item = self._selection.current
        if item is not None:
            await opening.choose_way(self._host, item.ref)

    async def do_activity_new(self) -> None:
        item = self._selection.current
        if item is not None and await plan(self._host, item.ref):
            self._host.reload()

    async def do_activity_log(self) -> None:
        """A call that was just made, its result, and what comes next."""
        from tuicrm.screens.items.logging_done import log_done

        item = self._selection.current
        if item is not None and await log_done(self._host, item.ref):
            self._host.reload()

    # -- copying -------------------------------------------------------------------------------------------------------
    def do_copy_value(self) -> None:
        item = self._selection.current
        if item is not None:
            copy(self._host, self._host.session.title_of(item))

    def do_copy_card(self) -> None:
        from tuicrm.render.ansi import plain
        from tuicrm.render.card_text import card_text
        from tuicrm.services.items import cards, timeline

        item, session = self._selection.current, self._host.session
        if item is not None:
            lines = card_text(cards.view(session, item), timeline.view(session, item.ref), 80)
            copy(self._host, "\n".join(plain(line) for line in lines))


def copy(host: Host, text: str) -> None:
    """OSC 52: whether the terminal takes it cannot be known, so it is not called copied."""
    host.app.copy_to_clipboard("\n".join(clean_lines(text)))
    host.say(_("Copied to the clipboard"))
