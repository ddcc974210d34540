"""The history tab of a card: what changed, by whom, of which field; the card as it was; a value, or all of it, brought back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.dates import clock_said, short_when
from tuicrm.errors import AccessDenied, RequiredFields
from tuicrm.i18n import _
from tuicrm.render.history import ChangedField, HistoryRow
from tuicrm.screens.card.item import CardHost
from tuicrm.screens.card.tab import CardTab
from tuicrm.services.history import history
from tuicrm.services.history.history import HistoryStep
from tuicrm.services.items import cards
from tuicrm.services.kernel.permissions import require
from tuicrm.widgets.history_pane import HistoryPane

_ON_STEP = ("history.view", "history.value", "history.whole")


class HistoryTab(CardTab):
    """What happened to the item's fields, newest first."""

    pane: HistoryPane

    def __init__(self, card: CardHost) -> None:
        super().__init__(card, HistoryPane(card.surface.look))
        self._read: tuple[Ref, int, int] | None = None
        """The item, its revision and the definitions that what is shown was read with."""
        self._reading: history.HistoryReading | None = None
        self._all: list[HistoryStep] = []
        self._shown: list[HistoryStep] = []
        self._field, self._by = "", ""

    # -- what is shown -------------------------------------------------------------------------------------------------
    def show_item(self, item: Item) -> None:
        session = self.card.session
        if self._read is not None and self._read[0] != item.ref:
            self._field, self._by = "", ""
            self.pane.cursor = None
        read = (item.ref, item.rev, id(session.workspace))
        if read != self._read:
            self._reading = reading = history.HistoryReading(session, item.ref)
            reading.go_on()
            self._all = reading.steps()
            self._read = read
            if not reading.whole:
                self.run_worker(self._read_on(reading), exclusive=True, group="history")
        self._show()

    async def _read_on(self, reading: history.HistoryReading) -> None:
        """Read the older ones, some at a time: whoever presses a key meanwhile need not wait."""
        while not reading.whole and reading is self._reading and self.is_attached:
            await asyncio.sleep(0)
            reading.go_on()
        if reading.whole and reading is self._reading and self.is_attached:
            self._all = reading.steps()
            self._show()

    def _show(self) -> None:
        session, ref = self.card.session, self.card.shown.item.ref
        context, workspace = session.context(), session.workspace
        found = [step for step in self._all if not self._by or step.version.by == self._by]
        if self._field:
            known = workspace.field(ref.type, self._field)
            found = [step for step in found if self._field in step.keys] if known is not None else found
        self._shown = found
        words = {"added": _("created"), "deleted": _("deleted")}
        moments = [
            HistoryRow(
                step.version.seq,
                short_when(step.version.at, context),
                session.names.person(step.version.by) or step.version.by,
                "  ".join(filter(None, (words.get(step.what, ""), clock_said(step.version.clock, context)))),
                [self._field] if self._field else step.keys,
            )
            for step in found
        ]

        def tell(at: int, key: str) -> ChangedField:
            one = history.texts(session, ref, found[at], context, (key,))[0]
            return ChangedField(one.label, one.old, one.new, found[at].what == "added")

        more = _("loading older entries…") if self._reading is not None and not self._reading.whole else ""
        self.pane.show_moments(moments, tell, self._empty(), more)

    def _empty(self) -> str:
        return _("No changes match this choice.") if self._field or self._by else _("No changes yet.")

    @property
    def _here(self) -> tuple[HistoryStep, str] | None:
        """The step and field under the cursor."""
        if self.pane.cursor is None:
            return None
        seq, key = self.pane.cursor
        step = next((step for step in self._shown if step.version.seq == seq), None)
        return (step, key) if step is not None else None

    # -- what can be done ----------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        """Why the step under the cursor cannot be shown or brought back, as a sentence; None when it can, and for other actions."""
        if action_id not in _ON_STEP:
            return None
        here = self._here
        if here is None:
            return self._empty()
        step, key = here
        if action_id != "history.value" and step.version.doc is None:
            return _("The item was deleted at that time.")
        if action_id == "history.value" and (step.before is None or not key):
            return _("There was no value before.")
        if action_id == "history.view":
            return None
        try:
            require(self.card.session, "edit", self.card.shown.item.type, self.card.shown.item.fields)
        except AccessDenied as denied:
            return denied.message
        return None

    def do_open(self) -> None:
        self.card.start(self.do_history_view())

    async def do_history_view(self) -> None:
        """The card as it was after the step, to be read."""
        from tuicrm.render.card_text import card_text
        from tuicrm.widgets.pages import Pages

        here = self._here
        if here is None or here[0].version.doc is None:
            return
        session, version = self.card.session, here[0].version
        item = history.item_of(self.card.shown.item.ref, version)
        view = cards.view(session, item)
        when = short_when(version.at, session.context())
        title = _("{ref} as it was, {when} – read-only").format(ref=view.ref, when=when)
        await self.card.ask(Pages(self.card.surface, title, lambda cells: card_text(view, None, cells)))

    async def do_history_value(self) -> None:
        """The value that stood there before the step."""
        here = self._here
        if here is not None and here[0].before is not None:
            step, key = here
            before = step.version._replace(doc=step.before)
            await self._bring(lambda: history.restore(self.card.session, self.card.shown.item.ref, before, [key]))

    async def do_history_whole(self) -> None:
        """All of the item as it was after the step."""
        here = self._here
        if here is not None:
            step = here[0]
            await self._bring(lambda: history.restore(self.card.session, self.card.shown.item.ref, step.version))

    async def _bring(self, act: Callable[[], history.Restored]) -> None:
        session = self.card.session
        try:
            done = act()
        except RequiredFields as refused:
            self.card.messages.say_error(refused)
            return
        known = session.workspace.fields(done.ref.type)
        self.card.reload()
        names = ", ".join(session.label(known[key].label) for key in done.fields)
        self.card.say_done(_("Restored: {fields}").format(fields=names))
        if done.left:
            gone = ", ".join(session.label(known[key].label) for key in done.left)
            self.card.say(_("Could not be restored, because it no longer exists: {fields}.").format(fields=gone))

    # -- filters -------------------------------------------------------------------------------------------------------
    async def do_history_field(self) -> None:
        known = self.card.session.workspace.fields(self.card.shown.item.type)
        keys = dict.fromkeys(key for step in self._all for key in step.keys)
        choices = [Choice(key, self.card.session.label(known[key].label)) for key in known if key in keys]
        chosen = await self._choose(_("Changes to which field?"), _("all"), choices, self._field)
        if chosen is not None:
            self._field = chosen
            self._show()

    async def do_history_by(self) -> None:
        session = self.card.session
        people = dict.fromkeys(step.version.by for step in self._all)
        choices = [Choice(key, session.names.person(key) or key) for key in people]
        chosen = await self._choose(_("Changes by whom?"), _("everyone"), choices, self._by)
        if chosen is not None:
            self._by = chosen
            self._show()

    async def _choose(self, title: str, all_of_them: str, choices: Sequence[Choice], present: str) -> str | None:
        """One of them, "" for all; None when left."""
        from tuicrm.widgets.picker import Picker

        picker = Picker(self.card.surface, title, [Choice(_ALL, all_of_them), *choices], chosen=(present or _ALL,))
        chosen = await self.card.ask(picker)
        return None if not chosen else "" if chosen[0] == _ALL else chosen[0]


_ALL = "*"
"""The key of the choice that takes a filter away: no field or person has it."""
