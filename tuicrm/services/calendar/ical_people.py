"""Who is meant by an address of a calendar file: people of the workspace, else the contacts whom it reaches; and the other way."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from tuicrm.domain.items import Item, Ref
from tuicrm.services.kernel.contact_lookup import reached_by, reached_types
from tuicrm.services.kernel.session import Session


class AddressBook:
    """The addresses of a workspace, as far as one person may see them; each is looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._items: dict[str, Ref | None] = {}
        self._mails: dict[Ref, tuple[str, str]] = {}

    @cached_property
    def _people(self) -> dict[str, str]:
        people = sorted(self._session.workspace.people.values(), key=lambda one: one.retired)
        found: dict[str, str] = {}
        for one in people:
            if one.email:
                found.setdefault(one.email.strip().casefold(), one.key)
        return found

    def person(self, address: str) -> str:
        """The key of the person of this address; "" where it is nobody's here."""
        return self._people.get(address, "")

    def of_person(self, key: str) -> tuple[str, str]:
        """The address and name of a person ("" for an address that nobody wrote down)."""
        person = self._session.workspace.people.get(key)
        return (person.email.strip().casefold(), person.name) if person is not None else ("", "")

    def item(self, address: str) -> Ref | None:
        """The item whom an address reaches and that may be read: a contact, company or lead; the first of several."""
        if address not in self._items:
            self._items[address] = self._look_up(address) if "@" in address else None
        return self._items[address]

    def of_item(self, ref: Ref) -> tuple[str, str]:
        """The first e-mail of an item and what it is called; "" where it has none, or may not be read."""
        if ref not in self._mails:
            item = self._session.peek(ref)
            self._mails[ref] = (_mail(item), self._session.title_of(item)) if item is not None else ("", "")
        return self._mails[ref]

    def first_item(self, addresses: Iterable[str]) -> Ref | None:
        """The first item whom one of these reaches."""
        found = (self.item(address) for address in addresses if not self.person(address))
        return next((ref for ref in found if ref is not None), None)

    def _look_up(self, address: str) -> Ref | None:
        for type_key in reached_types(self._session.workspace):
            ids = self._session.ids(type_key, reached_by([address]))
            if ids:
                return Ref(type_key, ids[0])
        return None


def _mail(item: Item) -> str:
    given = item.fields.get("email")
    for one in given if isinstance(given, list) else [given]:
        text = one.get("value") if isinstance(one, dict) else one
        if isinstance(text, str) and "@" in text:
            return text.strip().casefold()
    return ""
