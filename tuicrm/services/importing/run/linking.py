"""The items of a run by the names and ids that other rows may call them; beyond the run, items that are here already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from tuicrm.domain.conditions import Search
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import ItemType
from tuicrm.exchange.bitrix.types import ID_LETTERS
from tuicrm.regex import regex
from tuicrm.services.importing.addresses import WANTED, addresses_of, host
from tuicrm.services.importing.entries import WantedLink
from tuicrm.services.importing.keys import id_key, known_items
from tuicrm.services.kernel.session import Session

_KEPT = 20_000
_AT_ONCE = 2_000
_ONE_BY_ONE = 50
"""Addresses that are searched for each by itself; whoever asks for more has all of them read once. A search takes 13 ms among 20,000
companies, reading all of them as long as some hundred searches."""
_BEHIND = regex(r"(.+?)\s*\(([^()\s]+[@.][^()\s]+)\)")


class Links:
    """Finds what rows name. Memory: one short entry a row of the run, that later rows may name it; one an address here, where many are
    asked for."""

    def __init__(self, session: Session, *, addresses: bool = False) -> None:
        """`addresses`: whether rows name items by e-mail or web addresses, which are then kept too."""
        self._session = session
        self._ids: dict[tuple[str, str, str], Ref] = {}
        self._names: dict[tuple[str, str], Ref | None] = {}
        self._addresses: dict[tuple[str, str, str], Ref | None] | None = {} if addresses else None
        # Rows name the same few companies over and over.
        self._earlier = lru_cache(_KEPT)(self._look_up)
        self._named_here = lru_cache(_KEPT)(self._find_by_name)
        self._asked = 0
        self._known_addresses: dict[tuple[str, str], dict[str, set[Ref]]] = {}
        self._reached_here = lru_cache(_KEPT)(self._find_by_address)

    def register(
        self, ref: Ref, source: str, external: str, name: str, values: Mapping[str, Any], item_type: ItemType
    ) -> None:
        """Let later rows find an item by its id in the source, by its name and by its addresses; what two have is nobody's."""
        if external:
            self._ids[source, ref.type, external] = ref
        folded = _fold(name)
        if folded:
            known = self._names.setdefault((ref.type, folded), ref)
            if known != ref:
                self._names[ref.type, folded] = None
        if self._addresses is not None:
            for kind, address in addresses_of(values, item_type):
                if self._addresses.setdefault((ref.type, kind, address), ref) != ref:
                    self._addresses[ref.type, kind, address] = None

    def resolve(self, wanted: WantedLink, source: str, *, refs: bool = True) -> Ref | None:
        """The item that a cell names; None when there is none, or several of that name. `refs`: `CO-7` means this workspace's."""
        types = wanted.types
        text = wanted.text.strip()
        if wanted.by == "run":
            return next((ref for key in types if (ref := self._ids.get((source, key, text)))), None)
        if wanted.by in ("id", "any"):
            types, text = id_meant(wanted)
            for type_key in types:
                found = self._ids.get((source, type_key, text)) or self._earlier(source, type_key, text)
                if found is not None:
                    return found
        if wanted.by == "any" and refs:
            ref = self._session.workspace.read_ref(text)
            if ref is not None and ref.type in types and self._session.peek(ref) is not None:
                return ref
        if wanted.by in ("email", "domain"):
            return self._by_address(types, wanted.by, text)
        if wanted.by == "own domain":
            return _one(self._owners(types, text))
        return self._called(types, text) if wanted.by in ("name", "any") else None

    def _called(self, types: tuple[str, ...], text: str) -> Ref | None:
        """By name; `Ada Byron (ada@engine.example)` is who has the address, and else who has the name before it."""
        found = self._by_name(types, text)
        behind = _BEHIND.fullmatch(text)
        if found is not None or behind is None:
            return found
        by = "email" if "@" in behind[2] else "domain"
        return self._by_address(types, by, behind[2]) or self._by_name(types, behind[1])

    def names_several(self, wanted: WantedLink) -> bool:
        """Whether what a cell names is not one item, but several."""
        types, text = wanted.types, wanted.text.strip()
        if wanted.by == "own domain":
            return len(self._owners(types, text)) > 1
        if wanted.by in ("email", "domain"):
            return len(self._with_address(types, wanted.by, text)) > 1
        return wanted.by in ("name", "any") and len(self._with_name(types, _fold(text))) > 1

    def _by_address(self, types: tuple[str, ...], by: str, text: str) -> Ref | None:
        return _one(self._with_address(types, by, text))

    def _with_address(self, types: tuple[str, ...], by: str, text: str) -> frozenset[Ref]:
        """Items that have an address: those of the run, and only where it has no such one, those that are here."""
        address = text.strip().casefold() if by == "email" else host(text)
        if not address:
            return frozenset()
        return self._with_address_in_run(types, by, address) or self._reached_here(types, by, address)

    def _with_address_in_run(self, types: tuple[str, ...], by: str, address: str) -> frozenset[Ref]:
        here = self._addresses or {}
        return _together(here[place] for key in types if (place := (key, by, address)) in here)

    def _owners(self, types: tuple[str, ...], domain: str) -> frozenset[Ref]:
        """All that have a domain, in the run and here: whoever is linked by it did not say so."""
        return self._with_address_in_run(types, "domain", domain) | self._reached_here(types, "domain", domain)

    def _find_by_address(self, types: tuple[str, ...], by: str, address: str) -> frozenset[Ref]:
        self._asked += 1
        if self._asked <= _ONE_BY_ONE:
            searched = (self._items_with(key, by, address) for key in types)
            return frozenset(item.ref for items in searched for item, found in items if address in found)
        known = self._known_addresses
        for key in types:
            if (key, by) not in known:
                here = known[key, by] = defaultdict(set)
                for item, found in self._items_with(key, by, ""):
                    for one in found:
                        here[one].add(item.ref)
        return frozenset(ref for key in types for ref in known[key, by].get(address, ()))

    def _items_with(self, key: str, by: str, address: str) -> Iterator[tuple[Item, set[str]]]:
        """Items here, with their addresses; all that have any, or those in which this one can be found."""
        item_type = self._session.workspace.types[key]
        fields = tuple(field.key for field in item_type.fields if WANTED[by](field.traits))
        where = Search(address, fields) if address else None
        page = self._session.find(key, where, limit=_AT_ONCE) if fields else None
        while page is not None:
            for item in page.items:
                if found := {one for kind, one in addresses_of(item.fields, item_type) if kind == by}:
                    yield item, found
            page = self._session.find(key, where, limit=_AT_ONCE, after=page.next) if page.next else None

    def _by_name(self, types: tuple[str, ...], text: str) -> Ref | None:
        return _one(self._with_name(types, _fold(text)))

    def _with_name(self, types: tuple[str, ...], folded: str) -> frozenset[Ref]:
        here = self._names
        in_run = _together(here[place] for key in types if (place := (key, folded)) in here)
        return in_run or self._named_here(types, folded)

    def _look_up(self, source: str, type_key: str, external: str) -> Ref | None:
        key = id_key(source, type_key, external)
        known = known_items(self._session, [key]).get(key)
        return known.ref if known else None

    def _find_by_name(self, types: tuple[str, ...], folded: str) -> frozenset[Ref]:
        return frozenset(Ref.parse(one.key) for one in self._session.names.items(folded, types))


_SEVERAL = frozenset({Ref("", 1), Ref("", 2)})
"""Items of the run that share what should be one's alone: which they are was not kept."""


def id_meant(wanted: WantedLink) -> tuple[tuple[str, ...], str]:
    """Of which types an id is, and the id itself: `CO_12` says its type."""
    text = wanted.text.strip()
    letters, _bar, number = text.partition("_")
    own = ID_LETTERS.get(letters)
    return ((own,), number) if own is not None and own in wanted.types and number.isdigit() else (wanted.types, text)


def _together(found: Iterable[Ref | None]) -> frozenset[Ref]:
    """Items of a run, of which None stands for several."""
    refs = list(found)
    return _SEVERAL if None in refs else frozenset(ref for ref in refs if ref is not None)


def _one(found: frozenset[Ref]) -> Ref | None:
    return next(iter(found)) if len(found) == 1 else None


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
