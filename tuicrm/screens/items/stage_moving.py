"""Moving an item to another stage: which one is asked, then what that stage needs or asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Pipeline, Stage
from tuicrm.errors import Conflict
from tuicrm.i18n import N_, _
from tuicrm.screens.host import Host
from tuicrm.screens.items.lacking import ask_missing
from tuicrm.services.items import stages
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.controller import Way

_MEANT = {"success": N_("won win close success"), "failure": N_("lost lose close failure junk")}
"""By which words a stage is looked for, whatever its own name."""


async def choose_stage(
    host: Host, type_key: str, pipeline: str, stage: str = "", begin: str = ""
) -> tuple[Pipeline, Stage] | None:
    """Pick a stage of any pipeline of the type; those of `pipeline` come first, its `stage` is the present one. The cursor begins on
    its stage `begin`."""
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
    chosen = await host.ask(
        Picker(host.surface, _("Move to"), choices, chosen=here, begin=begin and f"{pipeline}/{begin}")
    )
    return places[chosen[0]] if chosen else None


def stage_ways(session: Session, pipeline: Pipeline | None, here: str, go: Callable[[str], None]) -> list[Way]:
    """For the palette: each stage of a pipeline but the present one, `here`. `go` gets its key, and asks as the key does."""
    found: list[Way] = []
    for stage in pipeline.stages if pipeline is not None else ():
        label, meant = session.label(stage.label), _MEANT.get(stage.semantics, "")
        words = f"{label} {_(meant)} {meant}" if meant else label
        told = _("Move to {stage}").format(stage=label)
        if stage.key != here:
            found.append(Way(told, (), partial(go, stage.key), words, of="stage.move"))
    return found


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
