"""Moving the items that are meant to a stage: one, or several at once. For boards and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import Stage
from tuicrm.i18n import ngettext
from tuicrm.render.symbols import DOT
from tuicrm.screens.host import Host
from tuicrm.screens.items.lacking import ask_of_several
from tuicrm.screens.items.stage_moving import move_item
from tuicrm.services.items import stages
from tuicrm.services.items.stages import MoveOutcome, told

if TYPE_CHECKING:
    from tuicrm.screens.items.creating import Unmark


class ItemsHost(Host, Protocol):
    """A board or list, as far as moving what it shows needs it."""

    def reload(self, follow: int | None = None) -> None:
        """Read again; the cursor goes to an item where one is given."""


async def move_meant(host: ItemsHost, refs: Sequence[Ref], stage: Stage, pipeline: str, unmark: Unmark) -> None:
    """Move items of one type, asking for what the stage asks for; the cursor goes along with one, what stays of several is told."""
    if len(refs) == 1:
        await move_one(host, refs[0], stage, pipeline, unmark)
        return
    session = host.session
    items = session.many(refs[0].type, [ref.id for ref in refs])
    if stage.semantics == "success" and all(_pipeline(host, item) == pipeline for item in items):
        coming = [item for item in items if item.get("stage") != stage.key]
        if await finish_many(host, coming, stage, unmark):
            return
    bring = await ask_of_several(host, [(item, pipeline, stage.key) for item in items])
    if bring is not None:
        await tell_moved(host, stages.move_many(session, refs, stage.key, pipeline, bring=bring), unmark)


async def move_one(host: ItemsHost, ref: Ref, stage: Stage, pipeline: str, unmark: Unmark) -> None:
    """Move an item, asking for what the stage needs; the cursor goes along."""
    if await move_item(host, ref, stage, pipeline):
        unmark([ref])
        host.reload(follow=ref.id)


async def finish_many(host: Host, coming: Sequence[Item], stage: Stage, unmark: Unmark) -> bool:
    """Offer what success makes of several; whether that was settled, and they are not just to be moved."""
    from tuicrm.screens.items.creating import finish_many_by_creating
    from tuicrm.services.conversion.proposing import finishing

    if len(coming) < 2 or not finishing(host.session, coming[0].type):
        return False
    return await finish_many_by_creating(host, [item.ref for item in coming], stage, unmark)


async def tell_moved(host: ItemsHost, outcome: MoveOutcome, unmark: Unmark) -> None:
    """Draw the move of several; those that stayed are marked still, and told with what each lacks."""
    unmark(outcome.moved)
    host.reload()
    moved = ngettext("{n} moved", "{n} moved", len(outcome.moved))
    stayed = [told(host.session, lacking) for lacking in outcome.stayed]
    if not stayed:
        host.say_done(moved)
        return
    from tuicrm.widgets.pages import Pages, paragraphs

    title = f"{moved} {DOT} {ngettext('{n} not moved', '{n} not moved', len(stayed))}"
    if not host.messages.say_whole("\n".join((title, *stayed)), "refused"):
        await host.ask(Pages(host.surface, title, lambda cells: paragraphs(stayed, cells)))
        if outcome.moved:
            host.say_done(moved)


def _pipeline(host: Host, item: Item) -> str:
    own = host.session.workspace.pipeline_of(item.type, item.fields)
    return own.key if own is not None else ""
