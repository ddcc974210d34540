"""The items of a run by the names and ids that other rows may call them; beyond the run, items that are here already."""

from __future__ import annotations

from functools import lru_cache

from tuicrm.domain.items import Ref
from tuicrm.services.importing.entries import WantedLink
from tuicrm.services.importing.keys import id_key, known_items
from tuicrm.services.session import Session

_KEPT = 20_000
# Ids with a type's letters before them, as custom fields of Bitrix24 hold them (reference §2.1).
_LETTERS = {"L": "lead", "D": "deal", "C": "contact", "CO": "company", "Q": "quote"}


class Links:
    """Finds what rows name. Memory: one short entry a row of the run, that later rows may name it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ids: dict[tuple[str, str, str], Ref] = {}
        self._names: dict[tuple[str, str], Ref | None] = {}
        # Rows name the same few companies over and over.
        self._earlier = lru_cache(_KEPT)(self._look_up)
        self._named_here = lru_cache(_KEPT)(self._find_by_name)

    def register(self, ref: Ref, source: str, external: str, name: str) -> None:
        """Let later rows find an item by its id in the source and by its name; a name that two have is nobody's."""
        if external:
            self._ids[source, ref.type, external] = ref
        folded = _fold(name)
        if folded:
            known = self._names.setdefault((ref.type, folded), ref)
            if known != ref:
                self._names[ref.type, folded] = None

    def resolve(self, wanted: WantedLink, source: str, *, refs: bool = True) -> Ref | None:
        """The item that a cell names; None when there is none, or several of that name. `refs`: `CO-7` means this workspace's."""
        types = wanted.types
        text = wanted.text.strip()
        if wanted.by == "run":
            return next((ref for key in types if (ref := self._ids.get((source, key, text)))), None)
        if wanted.by in ("id", "any"):
            letters, _bar, number = text.partition("_")
            if number.isdigit() and _LETTERS.get(letters) in types:
                types, text = (_LETTERS[letters],), number
            for type_key in types:
                found = self._ids.get((source, type_key, text)) or self._earlier(source, type_key, text)
                if found is not None:
                    return found
        if wanted.by == "any" and refs:
            ref = self._session.workspace.read_ref(text)
            if ref is not None and ref.type in types and self._session.peek(ref) is not None:
                return ref
        return self._by_name(types, text) if wanted.by in ("name", "any") else None

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
