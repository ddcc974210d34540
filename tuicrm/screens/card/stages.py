"""The stages of a card: on and back by one, or to any."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tuicrm.domain.schema import Stage
from tuicrm.i18n import _
from tuicrm.screens.card.item import CardController, CardHost
from tuicrm.screens.items.allowed import why_not_allowed
from tuicrm.screens.items.stage_moving import choose_stage, move_item, stage_ways
from tuicrm.services.items import stages
from tuicrm.widgets.controller import Way

_STEPS = {"stage.previous": -1, "stage.next": 1}


class StageActions(CardController):
    """Moves the card's item."""

    def __init__(self, host: CardHost) -> None:
        super().__init__(host)
        self.moved: Callable[[], Awaitable[None]] = self._reload
        """What comes after a move."""

    def hides(self, action_id: str) -> bool:
        """Where there are no stages, neither the footer nor the palette speaks of them; a key for them says so."""
        return action_id in (*_STEPS, "stage.move") and not self._host.shown.view.steps

    def why_not(self, action_id: str) -> str | None:
        if action_id not in (*_STEPS, "stage.move"):
            return None
        shown = self._host.shown
        if not shown.view.steps:
            return _("This type has no stages.")
        step = _STEPS.get(action_id, 0)
        if step and stages.neighbour(self._session, shown.item, step) is None:
            return _("This is the last stage.") if step > 0 else _("This is the first stage.")
        return why_not_allowed(self._session, "edit", shown.current)

    async def do_stage_next(self) -> None:
        await self._step(1)

    async def do_stage_previous(self) -> None:
        await self._step(-1)

    async def _step(self, step: int) -> None:
        item = self._item
        stage = stages.neighbour(self._session, item, step)
        if stage is not None:
            await self._move(stage, item.get("pipeline") or "")

    async def do_stage_move(self) -> None:
        await self._choose()

    async def _choose(self, begin: str = "") -> None:
        item = self._item
        own = self._session.workspace.pipeline_of(item.type, item.fields)
        pipeline = str(item.get("pipeline") or "") or (own.key if own is not None and begin else "")
        found = await choose_stage(self._host, item.type, pipeline, item.get("stage") or "", begin)
        if found is not None:
            chosen, stage = found
            await self._move(stage, chosen.key)

    def ask_for(self, stage_key: str) -> None:
        """A stage was clicked: ask as the key does, the cursor on that stage."""
        if reason := self.why_not("stage.move"):
            self._host.say(reason, "refused")
        else:
            self._host.start(self._choose(stage_key))

    def ways(self) -> list[Way]:
        item = self._item
        own = self._session.workspace.pipeline_of(item.type, item.fields) if self._host.shown.view.steps else None
        return stage_ways(self._session, own, str(item.get("stage") or ""), self.ask_for)

    async def _move(self, stage: Stage, pipeline: str) -> None:
        if await move_item(self._host, self._ref, stage, pipeline):
            await self.moved()

    async def _reload(self) -> None:
        self._host.reload()
