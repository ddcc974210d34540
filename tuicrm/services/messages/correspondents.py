"""Who a mail about an item may go to: the item itself, its client, whom it was written to before; and anybody who is looked for."""

from __future__ import annotations

from collections.abc import Iterator

from tuicrm.domain.conditions import And, Condition, Empty, Not, Search, Sort
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.addresses import compared, is_address
from tuicrm.domain.words import fold
from tuicrm.services.kernel import contact_lookup
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.address_query import FoundAddress, addresses_in
from tuicrm.services.messages.reaching import clients
from tuicrm.services.search.name_lookup import check_search

_REMEMBERED = 20
"""Messages of an item whose addresses are offered."""
_MOST = 50


def correspondents(session: Session, ref: Ref) -> list[FoundAddress]:
    """The addresses of an item and of its clients, then those that its mails came from and went to, each once, the likeliest first.

    Raises NotFound, AccessDenied."""
    found: dict[str, FoundAddress] = {}
    for one in (*_of_clients(session, ref), *_written_with(session, ref)):
        found.setdefault(compared(one.address), one)
    return list(found.values())


def _of_clients(session: Session, ref: Ref) -> Iterator[FoundAddress]:
    item = session.get(ref)
    for one in (item, *clients(session, item)):
        for address in addresses_in(session, one):
            yield FoundAddress(address, session.title_of(one), session.workspace.show_ref(one.ref))


def _written_with(session: Session, ref: Ref) -> Iterator[FoundAddress]:
    mails = [one.record for one in records.of_item(session, ref) if one.record.channel == "mail"]
    own = {compared(one.address) for one in session.workspace.channels.values()} | {compared(session.person.email)}
    for mail in mails[:_REMEMBERED]:
        for address in (mail.sender, *mail.to, *mail.cc):
            if is_address(address) and compared(address) not in own:
                yield FoundAddress(address, "", "")


def looked_for(session: Session, text: str) -> list[FoundAddress]:
    """The addresses of those whose name or address holds all words of a text, each once. Raises UsageError for more text than can be
    looked for."""
    check_search(text)
    words = fold(text).split()
    found: dict[str, FoundAddress] = {}
    for type_key in contact_lookup.reached_types(session.workspace) if words else ():
        field = session.workspace.field(type_key, "email")
        if field is None or not session.access.sees(field):
            continue
        item_type = session.workspace.type(type_key)
        paths = (*item_type.title, field.key)
        where: list[Condition] = [Search(word, paths, plain=True) for word in words]
        order = tuple(Sort(path, "string") for path in item_type.title)
        for item in session.find(type_key, And((*where, Not(Empty(field.key)))), order, _MOST).items:
            for address in addresses_in(session, item):
                one = FoundAddress(address, session.title_of(item), session.workspace.show_ref(item.ref))
                found.setdefault(compared(address), one)
    return list(found.values())[:_MOST]
