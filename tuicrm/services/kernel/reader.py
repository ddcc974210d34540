"""Who asks, and what they may see: as much of a `Session` as the rules of a change rest on.

The modules below `session.py` (drafts, numbers, rules, rights, names) take a `Reader`, so that none of them imports the session that
is made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any, Protocol

from msgspec import Struct

from tuicrm.domain.access import Access
from tuicrm.domain.conditions import Condition, Sort
from tuicrm.domain.context import Context, Names
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import ItemType, Label
from tuicrm.domain.workspace import ConfigRecord, Person, Workspace
from tuicrm.store.protocol import Record, Store

ENTRIES, ACTIVITIES, IMPORT_KEYS = "entry", "activity", "import_key"
"""The tables of what belongs to items."""
DOCUMENTS = "document"
"""The table of documents that were made on items (`domain/documents/document.py`)."""
MESSAGES, MESSAGES_KNOWN = "message", "message_known"
"""The tables of messages (`domain/messages/message.py`) and of what is known of their Message-IDs, so that none is taken in twice."""
BOOKINGS = "booking"
"""The table of bookings: room, start, end, holder (`activity:17`, `deal:7/FIELD`), by; for a field `of` (`deal/FIELD`),
and `off` while that is deleted."""
NEXT = "@next"
"""When something is to be done with an item next: not one of its fields, but to be asked for as if it were (`Indexes.soonest`)."""
LAST = "@last"
"""When anything was done with an item last, likewise."""


class ItemPage(Struct, frozen=True):
    """Items in order, how many match in all, and where the next page starts (None: this was the last)."""

    items: list[Item]
    total: int
    next: tuple[Any, ...] | None = None


class ReaderNames(Names, Protocol):
    """The names of what a reader may see, and of what they may only know to be there."""

    def related(self, ref: Ref) -> str | None:
        """`D-42 ERP connector`; that it is deleted, to those who could read it. None for what the person may know nothing of."""


class ReaderPast(Protocol):
    """What is known of items that are gone."""

    def last_known(self, ref: Ref) -> dict[str, Any] | None:
        """The fields of an item that was deleted, as they were last, to those who could read it then; None for any other."""


class Reader(Protocol):
    """One person who reads in a workspace. `Session` says of each what it does."""

    store: Store
    clock: Callable[[], datetime]
    zone: tzinfo
    language: str
    person_key: str
    own_steps: set[int]

    @property
    def whole(self) -> Store: ...
    @property
    def past(self) -> ReaderPast:
        """What is known of items that are gone."""

    @property
    def names(self) -> ReaderNames:
        """The names of items, people and dictionaries, as this person may see them."""

    @property
    def workspace(self) -> Workspace: ...
    @property
    def access(self) -> Access: ...
    @property
    def person(self) -> Person: ...
    def load_workspace(self, extra: dict[str, list[ConfigRecord]] | None = None) -> Workspace: ...
    def moment(self) -> datetime: ...
    def context(self, *, canonical: bool = False) -> Context: ...
    def label(self, label: Label) -> str: ...
    def title(self, item_type: ItemType, item_id: int, fields: dict[str, Any]) -> str: ...
    def title_of(self, item: Item) -> str: ...
    def mask(self, record: Record) -> Item: ...
    def peek(self, ref: Ref) -> Item | None: ...
    def get(self, ref: Ref) -> Item: ...
    def no_such(self, ref: Ref) -> str: ...
    def many(self, type_key: str, ids: Iterable[int]) -> list[Item]: ...
    def ids(self, type_key: str, where: Condition | None = None, sort: Sequence[Sort] = ()) -> list[int]: ...
    def find(
        self,
        type_key: str,
        where: Condition | None = None,
        sort: Sequence[Sort] = (),
        limit: int = 0,
        after: tuple[Any, ...] | None = None,
    ) -> ItemPage: ...
