"""Clients: what names one (deals, quotes, invoices …) with the sums won and open; who of a company is meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from tuicrm.domain.conditions import Aggregate, And, Condition, Or, Test
from tuicrm.domain.context import Context
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.money import Money, Sum, add_up, money_json
from tuicrm.domain.schema import Field, ItemType
from tuicrm.i18n import _
from tuicrm.services.items import related
from tuicrm.services.kernel.repeats import in_stages
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences


class ClientTotal(msgspec.Struct, frozen=True):
    """Items in stages of one semantics: how many, and what they come to; without a sum for who may not see amounts."""

    items: int
    sum: Sum | None


class Sales(msgspec.Struct, frozen=True):
    """What of one type is a client's. `won` and `lost` are closed, the rest is open."""

    open: ClientTotal
    won: ClientTotal
    lost: ClientTotal


def sold_types(session: Session, client_type: str) -> list[ItemType]:
    """The types with stages whose client can be of that type, as far as this person may know."""
    types = session.workspace.types.values()
    return [one for one in types if session.workspace.pipelines(one.key) and client_keys(session, one, client_type)]


def client_keys(session: Session, item_type: ItemType, client_type: str) -> list[str]:
    """The fields of a type in which its items name a client of the other type, as far as this person sees them."""
    fields = session.workspace.fields(item_type.key)
    named = (fields[key] for key in item_type.client if key in fields)
    return [field.key for field in named if client_type in field.targets and session.access.sees(field)]


def sales(session: Session, item: Item) -> dict[str, Sales]:
    """By type key: what is this client's and may be read; {} for what is no client."""
    return {one.key: sales_of(session, item, one) for one in sold_types(session, item.type)}


def sales_of(session: Session, item: Item, item_type: ItemType) -> Sales:
    """What of one type is this client's."""
    keys = client_keys(session, item_type, item.type)
    theirs = Or(tuple(Test(key, "item", "=", str(item.ref)) for key in keys))
    parts = (_part(session, item_type, theirs, semantics) for semantics in ("process", "success", "failure"))
    return Sales(*parts)


def _part(session: Session, item_type: ItemType, theirs: Condition, semantics: str) -> ClientTotal:
    where = And((theirs, in_stages(session.workspace, item_type.key, semantics)))
    amount = session.workspace.field(item_type.key, item_type.amount)
    seen = amount is not None and session.access.sees(amount)
    aggregates = [Aggregate("count"), *([Aggregate("sum", item_type.amount, "money")] if seen else [])]
    count, amounts = 0, dict[str, Decimal]()
    for group in session.fold(item_type.key, where, "stage", aggregates):
        count += group.results[0]
        for currency, sum_ in (group.results[1] if seen else {}).items():
            amounts[currency] = amounts.get(currency, Decimal(0)) + sum_
    return ClientTotal(count, add_up(amounts, session.workspace.rates) if seen else None)


# -- told --------------------------------------------------------------------------------------------------------------
def told(found: Sales, context: Context) -> str:
    """`open: 2 · € 50,500   won: 1 · € 12,000   lost: 1`; "" where there is nothing."""
    named = ((_("open: {n}"), found.open), (_("won: {n}"), found.won), (_("lost: {n}"), found.lost))
    return "   ".join(_told_part(text.format(n=part.items), part, context) for text, part in named if part.items)


def _told_part(counted: str, part: ClientTotal, context: Context) -> str:
    from tuicrm.services.kernel.texts import sum_text, unrated_text

    texts: Iterable[str] = ()
    if part.sum is not None:
        texts = (sum_text(part.sum, context), unrated_text(part.sum, context))
    return " · ".join(filter(None, (counted, *texts)))


def plain(session: Session, found: Sales) -> dict[str, Any]:
    """For programs."""
    return {
        name: _plain_part(part, session.workspace.base_currency) for name, part in msgspec.structs.asdict(found).items()
    }


def _plain_part(part: ClientTotal, base: str) -> dict[str, Any]:
    if part.sum is None:
        return {"count": part.items, "sum": None}
    return {
        "count": part.items,
        "sum": money_json(Money(part.sum.total, base)),
        "approximate": part.sum.approximate,
        "unrated": [money_json(Money(amount, currency)) for currency, amount in part.sum.unrated.items()],
    }


# -- who is the client -------------------------------------------------------------------------------------------------
class ClientFields(msgspec.Struct, frozen=True):
    """The fields that say who an item's client is: one company, and people of it, the main one first."""

    company: Field
    people: Field


def client_fields(session: Session, type_key: str) -> ClientFields | None:
    """Those of a type, as far as this person sees both."""
    fields = session.workspace.fields(type_key)
    seen = [fields[key] for key in session.workspace.type(type_key).client if key in fields]
    seen = [field for field in seen if session.access.sees(field) and not field.read_only]
    company = next((field for field in seen if not field.many), None)
    people = next((field for field in seen if field.many), None)
    return ClientFields(company, people) if company is not None and people is not None else None


def people_of(session: Session, fields: ClientFields, company: str) -> list[Item]:
    """Those who belong to a company and may be read, in their order."""
    ref = Ref.read(company)
    item = session.peek(ref) if ref is not None else None
    if item is None:
        return []
    return [person for kind in fields.people.targets for person in session.many(kind, related.ids(session, item, kind))]


def usual_people(session: Session, company: str, people: Iterable[Item]) -> list[str]:
    """Whom to propose: all but those whom this person left out the last time."""
    left_out = preferences.left_out(session, company)
    return [str(one.ref) for one in people if str(one.ref) not in left_out]


def remember_people(session: Session, company: str, people: Iterable[Item], chosen: Collection[str]) -> None:
    """Keep in mind who was left out, for the next item of this company."""
    preferences.leave_out(session, company, [str(one.ref) for one in people if str(one.ref) not in chosen])


def with_main(present: Sequence[str], main: str) -> list[str]:
    """The people with another one first."""
    return [main, *(one for one in present if one != main)]


# -- made in passing ---------------------------------------------------------------------------------------------------
def makeable(session: Session, targets: Iterable[str]) -> list[ItemType]:
    """Those of the types that are somebody's clients and that this person may add to: one is made from its name alone."""
    types = session.workspace.types
    clients = {
        target for one in types.values() for field in one.fields if field.key in one.client for target in field.targets
    }
    may = session.access.scope
    return [types[key] for key in targets if key in clients and key in types and may("add", key) != "none"]


def make_client(session: Session, type_key: str, name: str) -> Item:
    """A new one of that name (`Ada Byron`: first and last name). Raises Refused, RequiredFields, AccessDenied."""
    from tuicrm.services.items import items

    keys = session.workspace.type(type_key).title
    words = name.strip().split(None, len(keys) - 1)
    return items.add(session, type_key, dict(zip(keys, words, strict=False)))
