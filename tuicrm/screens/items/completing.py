"""What the rows of a list do not tell by themselves: their order, where it takes longer than a moment; then their sums."""

from __future__ import annotations

import asyncio

from tuicrm.domain.due import NOTHING_DUE, Due
from tuicrm.i18n import _
from tuicrm.render.symbols import DOT
from tuicrm.screens.items.cursor import ListHost
from tuicrm.screens.items.readying import Readying
from tuicrm.screens.settling import A_MOMENT
from tuicrm.services.boards.due_here import DueHere
from tuicrm.services.boards.lists import ItemList

_MANY = 10_000
"""Items whose sums are told after they are shown."""


class Completing:
    """Finds these out beside the list, which is there already."""

    def __init__(self, host: ListHost) -> None:
        self._host = host
        self.sums: tuple[list[str], str] = [], ""
        self._due = DueHere(host.session, host.pane.items.type)
        self.readying = Readying(host, host.top.update, self._readied)
        self._stopped_for: object = None
        """What somebody stopped: it is not begun again because others changed something."""

    def begin(self) -> None:
        """Begin to find them out for the list as it is shown now."""
        shown = self._host.pane.items
        if shown.waits:
            if self._stopped_for != (self._host.what, shown.arrangement.order):
                self.readying.start((self._host.what, shown.arrangement.order), shown.get_ready)
        else:
            self.readying.stop()
            self._count_due()
            self._sum_up()

    @property
    def due(self) -> Due:
        """What is late or due with what the list shows, as it was counted last."""
        shown = self._host.pane.items
        return NOTHING_DUE if shown.waits or self._due.waits else self._due.due

    def _count_due(self) -> None:
        shown = self._host.pane.items
        was_waiting = self._due.waits
        self._due.follow(shown.scope, len(shown.ids))
        if self._due.waits and not was_waiting:
            self._host.run_worker(self._count_due_later(), exclusive=True, group="due")

    async def _count_due_later(self) -> None:
        await asyncio.sleep(A_MOMENT)
        await asyncio.to_thread(self._due.get_ready)
        if self._host.is_attached:
            self._count_due()
            self._host.top.update()

    def begin_anew(self) -> None:
        """What was stopped may begin again."""
        self._stopped_for = None

    def count_text(self) -> str:
        """How many there are; as long as that is being found out, or they are not sorted, how far it is."""
        shown = self._host.pane.items
        if self.readying.goes_on:
            told = _("sorting: {percent} %") if shown.ids else _("searching: {percent} %")
            told = told.format(percent=self.readying.percent)
        else:
            told = _("not sorted") if shown.waits else ""
        return f" {DOT} ".join(filter(None, (shown.count_text if shown.ids or not shown.waits else "", told)))

    def _readied(self, done: bool) -> None:
        host = self._host
        if done:
            host.reload()
        else:
            self._stopped_for = host.what, host.pane.items.arrangement.order
            host.top.update()
            host.say(_("Stopped: {key} sorts it.").format(key=host.surface.keys.key("list.order")))

    def _sum_up(self) -> None:
        """The line of sums stands where there is anything to sum."""
        shown = self._host.pane.items
        if len(shown.ids) > _MANY:
            # What takes longer than a moment the first time is told after the rows are there.
            self._host.run_worker(self._sum_up_later(shown), exclusive=True, group="sums")
        else:
            self._tell_sums(shown.sums())

    async def _sum_up_later(self, shown: ItemList) -> None:
        await asyncio.sleep(A_MOMENT)
        sums = await asyncio.to_thread(shown.sums)
        await asyncio.to_thread(shown.settle)
        if self._host.is_attached and shown is self._host.pane.items:
            self._tell_sums(sums)

    def _tell_sums(self, sums: tuple[list[str], str]) -> None:
        self.sums = sums
        self._host.foot.display = any(sums[0])
        self._host.foot.update()
        self._host.head.update()
