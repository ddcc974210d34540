"""Which items a mail belongs to: by the addresses in it, by its thread, and what is open of the clients found. Never by a domain.

Only items that the person may read whose mail it is: a mail tells nobody of a client who is another's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tuicrm.domain.conditions import And, Condition, Empty, OneOf, Or
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.addresses import all_compared
from tuicrm.domain.schema import ItemType
from tuicrm.limits import MESSAGE_ITEMS
from tuicrm.services.kernel import contact_lookup, repeats
from tuicrm.services.kernel.session import Session

_MOST_REMEMBERED = 5_000


class Matcher:
    """Finds items by addresses; remembers what it found while some mails are taken in."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, tuple[Ref, ...]] = {}
        self._theirs: dict[Ref, tuple[Ref, ...]] = {}

    def forget(self) -> None:
        """What was found may be other by now."""
        self._known.clear()
        self._theirs.clear()

    def by_addresses(self, addresses: Iterable[str]) -> list[Ref]:
        """Contacts, companies and leads whom one of these reaches; our own people are nobody's client."""
        own = {one.email.strip().casefold() for one in self._session.workspace.people.values() if one.email}
        found: dict[Ref, None] = {}
        for address in all_compared(addresses):
            if address not in own:
                found |= dict.fromkeys(self._reached(address))
        return list(found)

    def _reached(self, address: str) -> tuple[Ref, ...]:
        if address not in self._known:
            if len(self._known) >= _MOST_REMEMBERED:
                self.forget()
            self._known[address] = tuple(_reached(self._session, address))
        return self._known[address]

    def with_what_is_theirs(self, refs: Sequence[Ref]) -> list[Ref]:
        """These items, the companies of people among them, and what is open of theirs: a fact of today (reference §10)."""
        found = dict.fromkeys(refs)
        for ref in refs:
            if ref not in self._theirs:
                self._theirs[ref] = tuple(_theirs(self._session, ref))
            found |= dict.fromkeys(self._theirs[ref])
        return list(found)[: MESSAGE_ITEMS.most]


def _reached(session: Session, address: str) -> Iterator[Ref]:
    for type_key in contact_lookup.reached_types(session.workspace):
        field = session.workspace.field(type_key, "email")
        if field is None or not session.access.sees(field):
            continue
        where = contact_lookup.reached_by([address])
        if session.workspace.pipelines(type_key):
            # A lead that is done with is its client's by now.
            where = And((where, repeats.in_stages(session.workspace, type_key, "process")))
        yield from (Ref(type_key, item_id) for item_id in session.ids(type_key, where)[: MESSAGE_ITEMS.most])


def _theirs(session: Session, ref: Ref) -> Iterator[Ref]:
    """The companies of a person, and the open items that name the client; of a person's company, those that name nobody of it."""
    item = session.peek(ref)
    if item is None:
        return
    item_type = session.workspace.type(ref.type)
    around = [] if item_type.has_stages else _clients(session, item_type, ref)
    yield from around
    for other in session.workspace.types.values():
        if not other.client or not session.workspace.pipelines(other.key):
            continue
        where = _naming(session, other, [ref], around)
        if where is not None:
            open_ones = And((where, repeats.in_stages(session.workspace, other.key, "process")))
            yield from (Ref(other.key, item_id) for item_id in session.ids(other.key, open_ones)[: MESSAGE_ITEMS.most])


def _clients(session: Session, item_type: ItemType, ref: Ref) -> list[Ref]:
    item = session.get(ref)
    found = (Ref.read(one) for one in repeats.clients_of(item_type, item.fields))
    return [one for one in found if one is not None and session.peek(one) is not None]


def _naming(session: Session, other: ItemType, refs: list[Ref], around: list[Ref]) -> Condition | None:
    """The condition that leaves items of a type which name one of `refs`, or one of `around` and nobody beside."""
    fields = session.workspace.fields(other.key)
    keys = [key for key in other.client if key in fields and session.access.sees(fields[key])]
    parts: list[Condition] = []
    for key in keys:
        named = tuple(str(ref) for ref in refs if ref.type in fields[key].targets)
        if named:
            parts.append(OneOf(key, "item", named))
        company = tuple(str(ref) for ref in around if ref.type in fields[key].targets)
        people = [one for one in keys if any(ref.type in fields[one].targets for ref in refs)]
        if company and key not in people:
            parts.append(And((OneOf(key, "item", company), *(Empty(one) for one in people))))
    return Or(tuple(parts)) if parts else None
