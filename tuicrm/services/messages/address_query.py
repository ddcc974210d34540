"""Addresses for mail programs: who is called so, or is reached at an address that begins so."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from tuicrm.channels.mail.headers import one_line
from tuicrm.domain.items import Item
from tuicrm.domain.messages.addresses import is_address
from tuicrm.domain.words import fold
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.engine import finder


class FoundAddress(Struct, frozen=True):
    """An address, whose it is, and the item: `C-7`."""

    address: str
    name: str
    ref: str


def addresses_of(session: Session, type_key: str, text: str, most: int = 50) -> list[FoundAddress]:
    """The addresses of the items of a type that a text finds and this person may read, each once: those whose name or address holds a
    word of it, not those that only mention it. Raises UsageError for more text than can be looked for."""
    found: dict[str, FoundAddress] = {}
    sought = fold(text).split()
    groups = finder(session).find(text, (type_key,), most).groups
    for item in session.many(type_key, [one.ref.id for group in groups for one in group.finds]):
        name = one_line(session.title_of(item))
        for address in addresses_in(session, item):
            if any(word in fold(name) or word in fold(address) for word in sought):
                found.setdefault(address.casefold(), FoundAddress(address, name, session.workspace.show_ref(item.ref)))
    return list(found.values())[:most]


def addresses_in(session: Session, item: Item) -> Iterator[str]:
    """The mail addresses that an item tells this person, its first one first."""
    field = session.workspace.field(item.type, "email")
    if field is None or not session.access.sees(field):
        return
    value = item.get(field.key)
    for one in value if isinstance(value, list) else [value]:
        address = one.get("value") if isinstance(one, dict) else None
        if isinstance(address, str) and is_address(address):
            yield address
