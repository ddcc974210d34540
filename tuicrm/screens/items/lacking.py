"""Small forms of what an item lacks for what is to be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tuicrm.domain.items import Item
from tuicrm.domain.schema import Field
from tuicrm.i18n import _
from tuicrm.screens.asking import question, values_of
from tuicrm.screens.host import Host
from tuicrm.services.items import stages
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.question import Answer


async def ask_missing(
    host: Host,
    item: Item,
    lacking: Sequence[Field],
    title: str,
    save: Callable[[Mapping[str, Any]], None],
    asked: Sequence[Field] = (),
) -> bool:
    """A small form of just these fields; those `asked` may be left empty. `save` finishes what waited for them. False when left:
    all is as it was."""
    from tuicrm.widgets.form import Form

    session, done = host.session, list[bool]()

    def finish(answers: Mapping[str, Answer]) -> None:
        save(values_of(session, item.type, answers))
        done.append(True)

    questions = [question(session, field, item.get(field.key), required=True) for field in lacking]
    questions += [question(session, field, item.get(field.key)) for field in asked]
    await host.ask(Form(host.surface, title, questions, finish))
    if not done:
        host.say(_("Nothing was changed."))
    return bool(done)


async def ask_of_several(host: Host, moves: Sequence[tuple[Item, str, str]]) -> Mapping[str, Any] | None:
    """What the stages ask for to which several items go (pipeline and stage by key), once for all; {} where nothing is asked,
    None when left."""
    from tuicrm.widgets.form import Form

    session = host.session
    asked = stages.asks_of_several(session, moves)
    if not asked:
        return {}
    type_key, found = moves[0][0].type, list[Mapping[str, Any]]()
    names = dict.fromkeys(_stage_name(session, type_key, pipeline, stage) for _item, pipeline, stage in moves)
    title = _("{stage} asks for").format(stage=", ".join(names))
    questions = [question(session, field) for field in asked]
    await host.ask(Form(host.surface, title, questions, lambda a: found.append(values_of(session, type_key, a))))
    if not found:
        host.say(_("Nothing was changed."))
        return None
    return found[0]


def _stage_name(session: Session, type_key: str, pipeline: str, stage: str) -> str:
    known = session.workspace.stage_known(type_key, {"pipeline": pipeline, "stage": stage})
    return session.label(known.label) if known else stage
