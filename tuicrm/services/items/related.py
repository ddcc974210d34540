"""Items that belong together: those of a type that name an item and those it names itself, and how a new one comes to name it."""

from __future__ import annotations

from typing import Any

from tuicrm.domain.conditions import Condition, Or, Test
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import Field
from tuicrm.domain.smart import PARENT
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session

UNLISTED = "unlisted"
"""The setting of an item field whose items are not listed on the cards of those it names: one's own company is in every quote."""


def ids(session: Session, item: Item, kind: str) -> list[int]:
    """Ids of the items of type `kind` that belong with this one and may be read, ascending."""
    if kind not in session.workspace.types:
        return []
    where = pointing(session, item, kind)
    naming = session.ids(kind, where) if where is not None else []
    named = _named(session, item, kind) - set(naming)
    return sorted([*naming, *(one.id for one in session.many(kind, sorted(named)))]) if named else naming


def pointing(session: Session, item: Item, kind: str) -> Condition | None:
    """The condition for items of type `kind` that name this one; None where they have no field for it."""
    found = [
        Test(f"{field.key}.product" if field.traits.holds_rows else field.key, "item", "=", str(item.ref))
        for field in session.workspace.fields(kind).values()
        if _links(session, field, item.type)
    ]
    return Or(tuple(found)) if found else None


def _links(session: Session, field: Field, type_key: str) -> bool:
    return type_key in field.targets and session.access.sees(field) and not field.settings.get(UNLISTED)


def _named(session: Session, item: Item, kind: str) -> set[int]:
    """Ids of the items of that type that this one names."""
    found = set[int]()
    for field in session.workspace.fields(item.type).values():
        if not field.traits.names_items or not _links(session, field, kind):
            continue
        value = item.get(field.key)
        refs = (Ref.read(one) for one in (value if isinstance(value, list) else [value]))
        found |= {ref.id for ref in refs if ref is not None and ref.type == kind}
    return found


# -- new ones ----------------------------------------------------------------------------------------------------------
def naming_field(session: Session, type_key: str, kind: str) -> Field | None:
    """The field in which people say that an item of type `kind` belongs to one of another type: its parent, its origin, its client."""
    fields = session.workspace.fields(kind)
    client = session.workspace.type(kind).client
    for key in (f"{PARENT}{type_key}", type_key, *client, *fields):
        field = fields.get(key)
        if field is None or not field.traits.names_items or field.read_only or field.derived:
            continue
        if _links(session, field, type_key):
            return field
    return None


def why_not_new(session: Session, type_key: str, kind: str) -> str | None:
    """Why no item of type `kind` can be made that names one of the other type; None when it can."""
    if naming_field(session, type_key, kind) is not None:
        return None
    name = session.label(session.workspace.type(kind).plural).lower()
    return _("This list comes from {types} themselves: nothing can be added here.").format(types=name)


def new_values(session: Session, item: Item, kind: str) -> dict[str, Any]:
    """What a new item of type `kind` begins with so that it belongs to this one: its name, the client they share, the first stage."""
    field = naming_field(session, item.type, kind)
    if field is None:
        return {}
    shared = set(session.workspace.type(item.type).client) & set(session.workspace.type(kind).client)
    fields = session.workspace.fields(kind)
    values = {
        key: item.get(key)
        for key in session.workspace.type(kind).client
        if key in shared and item.get(key) and session.access.sees(fields[key])
    }
    pipeline = next(iter(session.workspace.pipelines(kind)), None)
    place = {"pipeline": pipeline.key, "stage": pipeline.stages[0].key} if pipeline else {}
    return {**place, **values, field.key: [str(item.ref)] if field.many else str(item.ref)}
