"""Who a mail about an item may go to: the item itself, its client, whom it was written to before; and anybody who is looked for."""

from __future__ import annotations

from collections.abc import Iterator

from tuicrm.domain.items import Ref
from tuicrm.domain.messages.addresses import compared, is_address
from tuicrm.services.kernel import contact_lookup
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.address_query import FoundAddress, addresses_in, addresses_of
from tuicrm.services.messages.reaching import clients

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
    """The addresses of those whose name or address a text finds. Raises UsageError for more text than can be looked for."""
    found: dict[str, FoundAddress] = {}
    for type_key in contact_lookup.reached_types(session.workspace):
        for one in addresses_of(session, type_key, text, _MOST):
            found.setdefault(compared(one.address), one)
    return list(found.values())[:_MOST]
