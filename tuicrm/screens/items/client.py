"""Who an item's client is: a company that is chosen offers its people, and any of them can be the main one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Item, Ref
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.services.items import clients
from tuicrm.services.kernel.session import Session


async def people_for(
    host: Host, type_key: str, values: Mapping[str, Any], present: Sequence[str] = ()
) -> dict[str, Any]:
    """The value for the people of the company that the values name, as the person chooses; {} where there is nobody to choose,
    or where that was left. `present` are those of the item now."""
    from tuicrm.widgets.picker import Picker

    session = host.session
    fields = clients.client_fields(session, type_key)
    company = values.get(fields.company.key) if fields is not None else None
    if fields is None or not company or fields.people.key in values:
        return {}
    people = clients.people_of(session, fields, str(company))
    if not people:
        return {}
    proposed = clients.usual_people(session, str(company), people)
    named = [one for one in present if one not in proposed]
    choices = [_person(session, str(one.ref), one) for one in people]
    known = {choice.key for choice in choices}
    choices += [_person(session, one) for one in named if one not in known]
    title = _("{field} of {company}").format(
        field=session.label(fields.people.label), company=session.names.item(Ref.parse(str(company))) or ""
    )
    chosen = await host.ask(Picker(host.surface, title, choices, chosen=(*named, *proposed), many=True, optional=True))
    if chosen is None:
        return {}
    clients.remember_people(session, str(company), people, chosen)
    return {fields.people.key: list(chosen)}


async def choose_main(host: Host, present: Sequence[str]) -> list[str] | None:
    """The people with another one first; None when left."""
    from tuicrm.widgets.picker import Picker

    choices = [_person(host.session, one) for one in present]
    chosen = await host.ask(Picker(host.surface, _("Main contact"), choices, chosen=(present[0],)))
    return clients.with_main(present, chosen[0]) if chosen else None


def _person(session: Session, stored: str, item: Item | None = None) -> Choice:
    ref = Ref.parse(stored)
    name = session.title_of(item) if item is not None else session.names.item(ref) or stored
    return Choice(stored, name, session.workspace.show_ref(ref))
