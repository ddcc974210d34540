"""The items that a document speaks of, as its maker may see them: the item itself, its client, our own company, what it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tuicrm.domain.conditions import Sort, Test
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.products import ProductRow
from tuicrm.domain.workspace import Workspace
from tuicrm.services.documents.vocabulary import OWN_LINK, came_from_fields, client_fields, own_mark, own_type
from tuicrm.services.kernel.session import Session


class Holder(NamedTuple):
    """One of them, and by which field of the document's item (`via`; "" by no field). `unread`: there may be one that is not for the
    maker."""

    item: Item | None
    via: str = ""
    unread: bool = False


NOBODY = Holder(None)


class Holders:
    """Those of one item; each is looked for once."""

    def __init__(self, session: Session, item: Item) -> None:
        self._session, self.item = session, item
        self._workspace: Workspace = session.workspace
        self._hidden = session.access.hidden(item.type)
        self._known: dict[tuple[str, str], list[Holder]] = {}
        self._products: dict[str, Item] | None = None

    def several(self, route: str, via: str) -> list[Holder]:
        """All that stand there, in their order."""
        known = self._known.get((route, via))
        if known is None:
            known = self._known[route, via] = self._found(route, via)
        return known

    def one(self, route: str, via: str) -> Holder:
        """The first that stands there."""
        return next(iter(self.several(route, via)), NOBODY)

    def product(self, row: ProductRow, rows: Sequence[ProductRow]) -> Holder:
        """What the catalogue has of a row; all rows' products are read at once."""
        ref = Ref.read(row.product)
        if ref is None:
            return NOBODY
        if self._products is None:
            self._products = self._read_products(rows)
        item = self._products.get(str(ref))
        return Holder(item, unread=item is None)

    def _read_products(self, rows: Sequence[ProductRow]) -> dict[str, Item]:
        ids: dict[str, list[int]] = {}
        for row in rows:
            if ref := Ref.read(row.product):
                ids.setdefault(ref.type, []).append(ref.id)
        return {
            str(item.ref): item
            for type_key, wanted in ids.items()
            if type_key in self._workspace.types
            for item in self._session.many(type_key, dict.fromkeys(wanted))
        }

    def _found(self, route: str, via: str) -> list[Holder]:
        if route == "item":
            return [Holder(self.item)]
        if route == "client":
            return self._client()
        if route == "own":
            return self._ours()
        if route == "source":
            return self._came_from()
        return self._linked(via)

    def _linked(self, via: str) -> list[Holder]:
        """What a field names. A field that is not for the maker may name something."""
        if via in self._hidden:
            return [Holder(None, via, unread=True)]
        value = self.item.get(via)
        refs = [ref for one in (value if isinstance(value, list) else [value]) if (ref := Ref.read(one)) is not None]
        items = ((self._session.peek(ref)) for ref in refs)
        return [Holder(item, via, unread=item is None) for item in items]

    def _client(self) -> list[Holder]:
        """The company if there is one, else the main contact; what is a client, or may become one, is its own."""
        item_type = self._workspace.type(self.item.type)
        named = (found for key in client_fields(self._workspace, item_type) if (found := self._linked(key)))
        return next(named, [Holder(self.item)] if item_type.reached else [])

    def _ours(self) -> list[Holder]:
        """The company that the item names as ours, else the first that is marked so."""
        fields = self._workspace.fields(self.item.type).values()
        named = next((field.key for field in fields if field.source == OWN_LINK), "")
        if named and (found := self._linked(named)):
            return found
        own = own_type(self._workspace)
        if own is None:
            return []
        mark = Test(own_mark(self._workspace, own.key), "boolean", "=", True)
        marked = self._session.find(own.key, mark, [Sort("id", "integer")], limit=1).items
        return [Holder(item) for item in marked] or self._unread_own(own.key, mark)

    def _unread_own(self, type_key: str, mark: Test) -> list[Holder]:
        """Whether there is one that the maker may not read: no more than that is told."""
        return [Holder(None, unread=True)] if self._session.whole.count(type_key, mark) else []

    def _came_from(self) -> list[Holder]:
        """Of those that it may have been made from, the newest: an invoice of a quote names the quote's deal as well."""
        fields = came_from_fields(self._workspace, self._workspace.type(self.item.type))
        found = [one for field in fields for one in self._linked(field.key)]
        readable = [one for one in found if one.item is not None]
        newest = sorted(readable, key=lambda one: str(one.item.get("created") if one.item else ""), reverse=True)
        return newest[:1] or found[:1]
