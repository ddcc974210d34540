"""Moving an item to another stage: which one is asked, then what that stage needs or asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Pipeline, Stage
from tuicrm.errors import Conflict
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.screens.items.lacking import ask_missing
from tuicrm.services.items import stages


async def choose_stage(host: Host, type_key: str, pipeline: str, stage: str = "") -> tuple[Pipeline, Stage] | None:
    """Pick a stage of any pipeline of the type; those of `pipeline` come first, its `stage` is the present one."""
    from tuicrm.widgets.picker import Picker

    workspace, label = host.session.workspace, host.session.label
    places = {
        f"{each.key}/{one.key}": (each, one)
        for each in sorted(workspace.pipelines(type_key), key=lambda p: p.key != pipeline)
        for one in each.stages
    }
    several = len(workspace.pipelines(type_key)) > 1
    choices = [
        Choice(key, label(one.label), label(each.label) if several else "") for key, (each, one) in places.items()
    ]
    here = (f"{pipeline}/{stage}",) if stage else ()
    chosen = await host.ask(Picker(host.surface, _("Move to"), choices, chosen=here))
    return places[chosen[0]] if chosen else None


async def move_item(host: Host, ref: Ref, stage: Stage, pipeline: str) -> bool:
    """Move an item; what the stage needs or asks for is asked, and the move then finishes. False when left."""
    session = host.session
    item = base = session.get(ref)
    label = session.label(stage.label)
    if item.get("stage") == stage.key and pipeline in ("", item.get("pipeline")):
        host.say(_("It is already in {stage}.").format(stage=label))
        return False
    if stage.semantics == "success" and pipeline in ("", item.get("pipeline")):
        from tuicrm.screens.items.creating import finish_by_creating
        from tuicrm.services.conversion.proposing import finishing

        if finishing(session, ref.type):
            made = await finish_by_creating(host, ref, stage)
            if made is not None:
                return made
    lacking = stages.needs(session, item, pipeline, stage.key)
    asked = stages.asks(session, item, pipeline or str(item.get("pipeline") or ""), stage.key)
    if lacking or asked:
        title = (_("{stage} requires") if lacking else _("{stage} asks for")).format(stage=label)

        def save(values: Mapping[str, Any]) -> None:
            nonlocal base
            try:
                stages.move(session, ref, stage.key, pipeline, bring=values, base=base)
            except Conflict:
                # Both values are told now; the same answer once more is the answer to them.
                base = session.get(ref)
                raise

        if not await ask_missing(host, item, lacking, title, save, asked):
            return False
    else:
        stages.move(session, ref, stage.key, pipeline, base=base)
    host.say_done(_("{ref} is in {stage}").format(ref=session.workspace.show_ref(ref), stage=label))
    return True
