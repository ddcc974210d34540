"""Rows of a run that look like items that are here, or like earlier rows of the run: by which signs (`domain/alike.py`).

Items are asked for some hundred rows at a time, and looked at as the person sees them. Of the rows of the run each sign is kept with
the first row that has it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from tuicrm.domain.alike import COMMON, LEAST, Sign, likelihood, signs
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.values import read_field
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import Field, ItemType
from tuicrm.errors import IndexTrouble
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.sign_texts import alike_index
from tuicrm.store.indexes import SignIndex

_LOOKED_AT = 5
"""Items that are looked at for a row, the likeliest of those that the index proposes."""


class Like(NamedTuple):
    """An item that a row looks like: by which signs; `others` of the row's type look as much like it."""

    ref: Ref
    shared: frozenset[Sign]
    others: tuple[Ref, ...] = ()


class RowOrigin(NamedTuple):
    """Where a row stands, the name of its file and its line; and the item that it became or changes."""

    file: str
    line: int
    ref: Ref


class Earlier(NamedTuple):
    """An earlier row of the run that a row looks like: by which signs."""

    place: RowOrigin
    shared: frozenset[Sign]


class Lookalikes:
    """Compares rows by the kinds of signs that count."""

    def __init__(self, session: Session, kinds: Collection[str]) -> None:
        self._session, self._kinds = session, frozenset(kinds)
        self._context = session.context(canonical=True)
        self._index: SignIndex | None = None
        self._fields: dict[str, tuple[ItemType, dict[str, Field]]] = {}
        # By hash: a hundred thousand rows have half a million signs. Two that fall together would show a likeness that is none.
        self._first: dict[int, int] = {}
        self._times: Counter[int] = Counter()
        self._places: list[RowOrigin] = []

    def catch_up(self, tell: Tell) -> str:
        """Bring the index of signs up to date; why it cannot be asked, "" where it can. Raises what `tell` raises, StorageFull on a
        full disk: with room, more rows would be known to be here."""
        try:
            index = alike_index(self._session)
            index.catch_up(tell)
        except IndexTrouble as trouble:
            if trouble.full is not None:
                raise trouble.full from trouble
            return trouble.message
        self._index = index
        return ""

    def signs_of(self, item_type: ItemType, values: Mapping[str, Any]) -> frozenset[Sign]:
        """The signs of a row that count; nothing where items of the type are not looked at."""
        if not item_type.alike:
            return frozenset()
        fields = {field.key: field for field in item_type.fields}
        phones = {key: self._read(fields[key], values[key]) for key in values if fields[key].traits.is_phone}
        found = signs(item_type, fields, {**values, **phones})
        return frozenset(sign for sign in found if sign.kind in self._kinds)

    def _read(self, field: Field, value: object) -> object:
        """A phone number as it will be written: which country's it is shows in no other form."""
        with suppress(BadValue):
            return read_field(value, field, self._context)
        return value

    # -- items ---------------------------------------------------------------------------------------------------------
    def items(self, type_key: str, rows: Sequence[frozenset[Sign]]) -> list[Like | None]:
        """For the signs of each row the item that it looks like most, one of the row's own type before others."""
        if self._index is None or not any(rows):
            return [None] * len(rows)
        held = self._index.holding({sign for row in rows for sign in row})
        proposed = [self._proposed(row, held) for row in rows]
        seen = self._seen({ref for refs in proposed for ref in refs})
        return [self._likest(type_key, row, refs, seen) for row, refs in zip(rows, proposed, strict=True)]

    @staticmethod
    def _proposed(row: frozenset[Sign], held: Mapping[Sign, Sequence[Ref]]) -> list[Ref]:
        """The items that the index has for a row, the likeliest first."""
        shared: dict[Ref, list[Sign]] = defaultdict(list)
        for sign in row:
            for ref in held.get(sign, ()):
                shared[ref].append(sign)
        likely = {ref: worth for ref, both in shared.items() if (worth := likelihood(both)) >= LEAST}
        return sorted(likely, key=lambda ref: (-likely[ref], ref))[:_LOOKED_AT]

    def _seen(self, refs: Iterable[Ref]) -> dict[Ref, frozenset[Sign]]:
        """The signs of items as the person sees them."""
        by_type: dict[str, list[int]] = {}
        for ref in refs:
            by_type.setdefault(ref.type, []).append(ref.id)
        found: dict[Ref, frozenset[Sign]] = {}
        for key, ids in by_type.items():
            if key in self._session.workspace.types:
                item_type, fields = self._known_fields(key)
                for item in self._session.many(key, ids):
                    found[item.ref] = frozenset(signs(item_type, fields, item.fields))
        return found

    def _known_fields(self, type_key: str) -> tuple[ItemType, dict[str, Field]]:
        if type_key not in self._fields:
            item_type = self._session.access.seen_type(self._session.workspace.type(type_key))
            self._fields[type_key] = item_type, {field.key: field for field in item_type.fields}
        return self._fields[type_key]

    @staticmethod
    def _likest(
        type_key: str, row: frozenset[Sign], refs: Sequence[Ref], seen: Mapping[Ref, frozenset[Sign]]
    ) -> Like | None:
        shared = {ref: row & seen.get(ref, frozenset()) for ref in refs}
        worth = {ref: likelihood(both) for ref, both in shared.items() if likelihood(both) >= LEAST}
        if not worth:
            return None
        best = min(worth, key=lambda ref: (ref.type != type_key, -worth[ref], ref))
        others = [
            ref for ref in worth if ref.type == type_key == best.type and worth[ref] == worth[best] and ref != best
        ]
        return Like(best, shared[best], tuple(others))

    # -- rows ----------------------------------------------------------------------------------------------------------
    def earlier(self, type_key: str, row: frozenset[Sign]) -> Earlier | None:
        """The earlier row of the same type that a row looks like most."""
        shared: dict[int, list[Sign]] = defaultdict(list)
        for sign in row:
            at = self._first.get(hash((type_key, sign)))
            if at is not None and self._times[hash((type_key, sign))] <= COMMON:
                shared[at].append(sign)
        worth = {at: likelihood(both) for at, both in shared.items()}
        best = min(worth, key=lambda at: (-worth[at], at), default=None)
        if best is None or worth[best] < LEAST:
            return None
        return Earlier(self._places[best], frozenset(shared[best]))

    def note(self, type_key: str, row: frozenset[Sign], place: RowOrigin) -> None:
        """Let later rows look like this one."""
        if not row:
            return
        at = len(self._places)
        self._places.append(place)
        for sign in row:
            known = hash((type_key, sign))
            self._first.setdefault(known, at)
            self._times[known] += 1
