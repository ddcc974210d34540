"""Saving edits of an item: what its stage requires is asked for, and of what another changed meanwhile both values are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuicrm.domain.items import Item, Ref
from tuicrm.errors import Clash, Conflict, Refused, RequiredFields
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.screens.items.lacking import ask_missing
from tuicrm.services.items import items
from tuicrm.services.kernel import conflicts


async def save_fields(host: Host, item: Item, values: Mapping[str, Any]) -> bool:
    """Save edits; fields that the stage requires and finds empty are asked for first, and what another changed meanwhile is
    shown with both values. False when left."""
    session = host.session
    try:
        items.edit(session, item.ref, values, base=item)
    except Conflict as conflict:
        if not conflict.clashes:
            raise
        return await _choose_sides(host, item.ref, values, conflict)
    except RequiredFields as refused:
        fields = session.workspace.fields(item.type)
        lacking = [fields[problem.field] for problem in refused.fields]

        def save(more: Mapping[str, Any]) -> None:
            items.edit(session, item.ref, {**values, **more}, base=item)

        stays = Item(item.type, item.id, item.rev, {**item.fields, **values})
        return await ask_missing(host, stays, lacking, refused.message, save)
    return True


async def _choose_sides(host: Host, ref: Ref, values: Mapping[str, Any], conflict: Conflict) -> bool:
    """Ask, field by field, which of both values is to be; then save. Raises Refused when left, with the others' values."""
    now, wanted = host.session.get(ref), dict(values)
    for clash in conflict.clashes:
        field = host.session.workspace.field(ref.type, clash.field)
        if not await choose_side(host, ref, host.session.label(field.label) if field else clash.field, clash):
            del wanted[clash.field]
    if wanted:
        return await save_fields(host, now, wanted)
    host.say(_("The current value was kept."))
    return False


async def choose_side(host: Host, ref: Ref, label: str, clash: Clash) -> bool:
    """Show both values of one field, by whom and when; whether one's own is to be. Raises Refused when left."""
    from tuicrm.widgets.clash import ClashQuestion, Sides

    theirs, mine = (conflicts.shown(host.session, ref, clash.field, value) for value in (clash.theirs, clash.mine))
    who = conflicts.who_and_when(host.session, clash)
    answer = await host.ask(ClashQuestion(host.surface, Sides(label, theirs, who, mine)))
    if answer is None:
        raise Refused(_("Not saved: {what}").format(what=conflicts.told(host.session, ref, clash)))
    if not answer:
        host.say(_("The current value was kept."))
    return answer
