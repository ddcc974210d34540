"""The items of a run by the names and ids that other rows may call them; beyond the run, items that are here already."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from tuicrm.domain.conditions import Search
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds import Traits
from tuicrm.domain.schema import ItemType
from tuicrm.exchange.bitrix.types import ID_LETTERS
from tuicrm.services.importing.entries import WantedLink
from tuicrm.services.importing.keys import id_key, known_items
from tuicrm.services.session import Session

_KEPT = 20_000
_WANTED: dict[str, Callable[[Traits], bool]] = {
    "email": lambda traits: traits.is_email,
    "domain": lambda traits: traits.is_website,
}
"""By what a link names an item: the fields that it is looked for in."""
_BEHIND = re.compile(r"(.+?)\s*\(([^()\s]+[@.][^()\s]+)\)")


class Links:
    """Finds what rows name. Memory: one short entry a row of the run, that later rows may name it."""

    def __init__(self, session: Session, *, addresses: bool = False) -> None:
        """`addresses`: whether rows name items by e-mail or web addresses, which are then kept too."""
        self._session = session
        self._ids: dict[tuple[str, str, str], Ref] = {}
        self._names: dict[tuple[str, str], Ref | None] = {}
        self._addresses: dict[tuple[str, str, str], Ref | None] | None = {} if addresses else None
        # Rows name the same few companies over and over.
        self._earlier = lru_cache(_KEPT)(self._look_up)
        self._named_here = lru_cache(_KEPT)(self._find_by_name)
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
            for kind, address in _addresses(values, item_type):
                if self._addresses.setdefault((ref.type, kind, address), ref) != ref:
                    self._addresses[ref.type, kind, address] = None

    def resolve(self, wanted: WantedLink, source: str, *, refs: bool = True) -> Ref | None:
        """The item that a cell names; None when there is none, or several of that name. `refs`: `CO-7` means this workspace's."""
        types = wanted.types
        text = wanted.text.strip()
        if wanted.by == "run":
            return next((ref for key in types if (ref := self._ids.get((source, key, text)))), None)
        if wanted.by in ("id", "any"):
            letters, _bar, number = text.partition("_")
            if number.isdigit() and ID_LETTERS.get(letters) in types:
                types, text = (ID_LETTERS[letters],), number
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
        return self._called(types, text) if wanted.by in ("name", "any") else None

    def _called(self, types: tuple[str, ...], text: str) -> Ref | None:
        """By name; `Ada Byron (ada@engine.example)` is who has the address, and else who has the name before it."""
        found = self._by_name(types, text)
        behind = _BEHIND.fullmatch(text)
        if found is not None or behind is None:
            return found
        by = "email" if "@" in behind[2] else "domain"
        return self._by_address(types, by, behind[2]) or self._by_name(types, behind[1])

    def _by_address(self, types: tuple[str, ...], by: str, text: str) -> Ref | None:
        address = text.strip().casefold() if by == "email" else host(text)
        if not address:
            return None
        here = self._addresses or {}
        if any((key, by, address) in here for key in types):
            found = {here.get((key, by, address)) for key in types} - {None}
            return found.pop() if len(found) == 1 else None
        return self._reached_here(types, by, address)

    def _find_by_address(self, types: tuple[str, ...], by: str, address: str) -> Ref | None:
        """The one item here that has it."""
        found = set()
        for key in types:
            item_type = self._session.workspace.types[key]
            fields = tuple(field.key for field in item_type.fields if _WANTED[by](field.traits))
            for item in self._session.find(key, Search(address, fields)).items if fields else ():
                if (by, address) in _addresses(item.fields, item_type):
                    found.add(item.ref)
        return found.pop() if len(found) == 1 else None

    def _by_name(self, types: tuple[str, ...], text: str) -> Ref | None:
        folded = _fold(text)
        if any((type_key, folded) in self._names for type_key in types):
            found = {self._names.get((type_key, folded)) for type_key in types} - {None}
            return found.pop() if len(found) == 1 else None
        return self._named_here(types, folded)

    def _look_up(self, source: str, type_key: str, external: str) -> Ref | None:
        key = id_key(source, type_key, external)
        known = known_items(self._session, [key]).get(key)
        return known.ref if known else None

    def _find_by_name(self, types: tuple[str, ...], folded: str) -> Ref | None:
        found = self._session.names.items(folded, types)
        return Ref.parse(found[0].key) if len(found) == 1 else None


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def host(text: str) -> str:
    """The host of a web address, as hosts are compared: `https://www.Engine.example/about` is `engine.example`."""
    plain = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().casefold())
    return re.split(r"[/?#:\s]", plain, maxsplit=1)[0].removeprefix("www.").rstrip(".")


def _addresses(values: Mapping[str, Any], item_type: ItemType) -> Iterator[tuple[str, str]]:
    """("email", address) and ("domain", host) of an item's values."""
    for field in item_type.fields:
        if not (field.traits.is_email or field.traits.is_website):
            continue
        given = values.get(field.key)
        for one in given if isinstance(given, list) else [given]:
            text = one.get("value") if isinstance(one, dict) else one
            if isinstance(text, str) and text.strip():
                yield ("email", text.strip().casefold()) if field.traits.is_email else ("domain", host(text))
