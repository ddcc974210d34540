"""A new item: its type's quick fields and what its stage requires or asks for, in a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tuicrm.domain.items import Ref, Walk
from tuicrm.domain.required import missing_fields
from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.asking import question, values_of
from tuicrm.screens.host import Workplace
from tuicrm.screens.items.client import people_for
from tuicrm.services.items import items, known_clients, stages
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.question import Answer, Question


async def add_item(
    host: Workplace,
    type_key: str,
    given: Mapping[str, Any],
    card: Ref | None = None,
    *,
    also: Sequence[str] = (),
    add: Callable[[Mapping[str, Any]], Ref] | None = None,
) -> Ref | None:
    """Ask for the type's quick fields and what its stage requires or asks for, and make the item; None when left. `card` is the
    item on whose card it is made: a company offers its people. `also` are fields that are asked for as well; `add` makes it, where it
    is made with something else."""
    from tuicrm.screens.items.alike import AlikeWatch
    from tuicrm.widgets.form import Form

    session = host.session
    item_type = session.workspace.type(type_key)
    made: list[Ref] = []
    client = item_type.client[0] if item_type.client else ""
    # Not asked of a company that came with another item, nor again where something else is refused.
    people: dict[Any, dict[str, Any]] = {} if str(card) == given.get(client) else {given.get(client): {}}

    async def save(answers: Mapping[str, Answer]) -> None:
        kept = {key: value for key, value in given.items() if key not in answers}
        values = {**kept, **values_of(session, type_key, answers)}
        company = values.get(client)
        if company not in people:
            people[company] = await people_for(host, type_key, values)
        values |= people[company]
        made.append(add(values) if add is not None else items.add(session, type_key, values).ref)

    title = _("New {type}").format(type=session.label(item_type.label).lower())
    where = session.workspace.stage_of(type_key, given)
    if where is not None and given.get("stage"):
        title = f"{title} · {session.label(where.label)}"
    notices = AlikeWatch(host, type_key).notice if item_type.alike else None
    form = Form(host.surface, title, _questions(session, type_key, given, also), save, notices)
    await host.ask(form)
    if (other := Ref.read(form.gone_to)) is not None:
        opening.open_card(host, other, Walk(), lambda _last: host.catch_up())
    if not made:
        return None
    told = _("{ref} was created").format(ref=session.workspace.show_ref(made[0]))
    known = known_clients.told(session, session.written(made[0]))
    host.say_done(f"{told}. {known}" if known else told)
    return made[0]


def _questions(session: Session, type_key: str, given: Mapping[str, Any], also: Sequence[str]) -> list[Question]:
    """What a new item there is asked for."""
    item_type, fields = session.workspace.type(type_key), session.workspace.fields(type_key)
    stage, pipeline = given.get("stage", ""), given.get("pipeline", "")
    needed = [f.key for f in missing_fields(fields.values(), given, pipeline, stage, session.access.sees)]
    where = session.workspace.stage_of(type_key, given)
    asked = [f.key for f in stages.asked(session, type_key, where)] if where is not None and stage else []
    keys = dict.fromkeys(key for key in [*item_type.quick, *also, *needed, *asked] if session.access.sees(fields[key]))
    return [question(session, fields[key], given.get(key), required=key in needed) for key in keys]
