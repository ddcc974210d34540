"""Items that hold something in every field that can go along, of every type there is, smart processes too."""

from __future__ import annotations

from typing import Any

from tests.smart import delivery
from tuicrm.domain.conversion import Came, Plan, Proposal, WantedItem
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Field, Scenario
from tuicrm.services.conversion import making, proposing
from tuicrm.services.items import items
from tuicrm.services.kernel.builtin_definitions import load_types
from tuicrm.services.kernel.session import Session

ALL = [
    (key, scenario)
    for key, item_type in load_types().items()
    for scenario in [*item_type.creates, *([Scenario(["delivery"])] if key == "deal" else [])]
]
"""Every type with each of its scenarios, as they ship."""

_TEXTS: dict[str, Any] = {
    "money": {"amount": "1234.50", "currency": "EUR"},
    "phone": [{"value": "+390255550142", "typed": "02 5555 0142", "type": "work"}],
    "email": [{"value": "maria@rossi.it", "type": "work"}],
    "web": [{"value": "https://rossi.it", "type": "work"}],
    "messenger": [{"value": "@maria", "type": "telegram"}],
    "address": {"line1": "Via Roma 1", "city": "Milano", "country": "IT"},
    "date": "1980-02-03",
    "boolean": True,
    "number": "22.5",
    "integer": 50,
    "dictionary": "web",
}


def with_deliveries(session: Session) -> None:
    """Make a smart process whose items belong to deals."""
    delivery(session)


def value_for(session: Session, field: Field) -> Any:
    """A value that a field takes."""
    if field.kind == "item":
        target = field.targets[0]
        known = session.ids(target)
        ref = Ref(target, known[0]) if known else items.add(session, target, {"title": "Named"}).ref
        return [str(ref)] if field.many else str(ref)
    if field.kind == "person":
        return ["luca"] if field.many else session.person_key
    if field.kind == "dictionary" and field.dictionary != "source":
        return session.workspace.dictionaries[field.dictionary].entries[0].key
    return _TEXTS.get(field.kind, f"{field.key} of it")


def full(session: Session, type_key: str) -> Ref:
    """An item with a value in every field that somebody can set."""
    fields = session.workspace.fields(type_key).values()
    values = {
        field.key: value_for(session, field)
        for field in fields
        if not field.read_only and not field.derived and field.kind not in ("stage", "pipeline", "file", "products")
    }
    return items.add(session, type_key, values).ref


def proposal(session: Session, ref: Ref, text: str) -> Proposal:
    return proposing.propose(session, session.get(ref), proposing.find_scenario(session, ref.type, text))


def make(session: Session, ref: Ref, text: str, **changed: dict[str, Any]) -> Came:
    """Make a scenario as proposed, with other values where some are given by type (None leaves one out)."""
    proposed = proposal(session, ref, text)
    return making.carry_out(session, Plan(proposed, wanted(proposed, **changed)))


def wanted(proposed: Proposal, **changed: dict[str, Any]) -> dict[str, WantedItem]:
    kept = {}
    for part in proposed.parts:
        fields = {**part.fields, **changed.get(part.type, {})}
        kept[part.type] = WantedItem(fields={key: value for key, value in fields.items() if value is not None})
    return kept
