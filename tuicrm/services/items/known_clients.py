"""Whom a lead's phones and e-mails are known to reach: clients who are here already, offered as the lead's own.

It is offered, not done: one phone may be a whole company's, and a lead that somebody copied would name another's client.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tuicrm.domain.conversion import origin_field
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import Field
from tuicrm.i18n import _
from tuicrm.services.items import items
from tuicrm.services.kernel import contact_lookup, repeats
from tuicrm.services.kernel.session import Session

_MOST = 3


def is_repeat(session: Session, item: Item) -> bool:
    """Whether an item came from somebody who is known, by its phone, its e-mail or its client."""
    rule = session.workspace.type(item.type).repeats
    return rule is not None and rule.reach and item.get(rule.mark) is True


def repeat_label(session: Session, item: Item) -> str:
    """`Repeat lead`, of one that is; "" of any other."""
    rule = session.workspace.type(item.type).repeats
    field = session.workspace.field(item.type, rule.mark) if rule is not None and is_repeat(session, item) else None
    return session.label(field.label) if field is not None and session.access.sees(field) else ""


def known(session: Session, item: Item) -> list[Item]:
    """The clients whom one reaches by the phones or e-mails of an item that names no client yet; [] of a type that is not looked at
    so, and where this person may not change the item."""
    item_type = session.workspace.type(item.type)
    if item_type.repeats is None or not item_type.repeats.reach or repeats.clients_of(item_type, item.fields):
        return []
    found = contact_lookup.reach_of(item.fields)
    if not found or not session.access.may("edit", item.type, item.fields):
        return []
    left_out = repeats.rules(session.workspace).excluded
    targets = {target for field in _client_fields(session, item.type) for target in field.targets}
    clients: list[Item] = []
    for type_key in contact_lookup.reached_types(session.workspace):
        if type_key in targets:
            ids = session.ids(type_key, contact_lookup.reached_by(found))[: _MOST + len(left_out)]
            clients += session.many(type_key, ids)
    return [one for one in clients if str(one.ref) not in left_out and not _made_from(session, one, item)][:_MOST]


def taking(session: Session, item: Item, client: Item) -> dict[str, Any]:
    """What an item's fields are once a client is its own: that one, and of a person the company too."""
    values: dict[str, Any] = {}
    for field in _client_fields(session, item.type):
        if client.type in field.targets:
            values[field.key] = [str(client.ref)] if field.many else str(client.ref)
        else:
            theirs = _of(session, client, field)
            if theirs:
                values[field.key] = [theirs] if field.many else theirs
    return values


def take(session: Session, item: Item, client: Item) -> Item:
    """Make a client the item's own. Raises AccessDenied, Refused, Conflict."""
    return items.edit(session, item.ref, taking(session, item, client), base=item)


def told(session: Session, item: Item) -> str:
    """`Repeat lead; known: C-7 Maria Rossi`; "" of one that is no repeat one and reaches nobody known."""
    label, show = repeat_label(session, item), session.workspace.show_ref
    names = ", ".join(f"{show(one.ref)} {session.title_of(one)}" for one in known(session, item))
    return "; ".join(filter(None, (label, _("known: {clients}").format(clients=names) if names else "")))


def _client_fields(session: Session, type_key: str) -> Iterator[Field]:
    fields = session.workspace.fields(type_key)
    for key in session.workspace.type(type_key).client:
        field = fields.get(key)
        if field is not None and session.access.sees(field) and not field.read_only:
            yield field


def _of(session: Session, client: Item, field: Field) -> str:
    """The client's own client of a type that a field is for: the company of a person; "" for nobody."""
    for stored in repeats.clients_of(session.workspace.type(client.type), client.fields):
        ref = Ref.read(stored)
        if ref is not None and ref.type in field.targets and session.peek(ref) is not None:
            return stored
    return ""


def _made_from(session: Session, client: Item, item: Item) -> bool:
    origin = origin_field(session.workspace.type(client.type), item.type)
    return origin is not None and client.get(origin.key) == str(item.ref)
