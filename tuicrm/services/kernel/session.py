"""The one door: everything that is read or written passes a `Session`, which knows who is asking.

Reading filters by access and masks hidden fields; writing goes through `Session.change` (`changes.py`), which checks access,
values, required fields and revisions and adds timeline entries, all in one transaction. Undo is in `undo.py`, behind the same door.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Protocol

from msgspec.structs import replace

from tuicrm.domain.access import Access
from tuicrm.domain.activities.seen import as_seen
from tuicrm.domain.conditions import ALWAYS, Aggregate, And, Condition, Or, Sort, Test
from tuicrm.domain.config_records import CONFIG_TABLES, ConfigRecord, Person
from tuicrm.domain.context import Context
from tuicrm.domain.entries import sound
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import ItemType, Label, label_text
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import AccessDenied, NotFound
from tuicrm.i18n import _
from tuicrm.services.kernel import message_sight
from tuicrm.services.kernel.builtin_definitions import load_types
from tuicrm.services.kernel.reader import ACTIVITIES, MESSAGES, ItemPage
from tuicrm.services.kernel.session_past import SessionPast
from tuicrm.store import clock
from tuicrm.store.protocol import Asked, Find, FoldGroup, Ordered, Record, Store, Window
from tuicrm.store.protocol import RecordChange as Changed

if TYPE_CHECKING:
    from tuicrm.services.kernel.bulk import Bulk
    from tuicrm.services.kernel.changes import Change


class Closing(Protocol):
    """What is closed with a session."""

    def close(self) -> None:
        """Let go of what is held."""


def utc_now() -> datetime:
    """The clock of the program; tests hand in their own."""
    return clock.utc_now()


def config_records(
    store: Store, tables: Iterable[str] = CONFIG_TABLES, extra: dict[str, list[ConfigRecord]] | None = None
) -> dict[str, list[ConfigRecord]]:
    """The records of the config tables, as `Workspace` takes them."""
    records: dict[str, list[ConfigRecord]] = {}
    for table in tables:
        found = store.find(Find(table)).records
        records[table] = [ConfigRecord(record.id, record.rev, record.doc) for record in found]
        records[table] += (extra or {}).get(table, [])
    return records


class Session:
    """One person at work in a workspace. Safe to use from worker threads."""

    def __init__(
        self,
        store: Store,
        person: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        zone: tzinfo = UTC,
        language: str = "en",
        locale: str = "en_GB",
        country: str = "",
    ) -> None:
        """`country` is where phone numbers without a prefix lie; the workspace's own without.

        Raises AccessDenied when the workspace has no such person or the person is retired."""
        from tuicrm.services.kernel.names import SessionNames

        self.store = store
        self.past = SessionPast(self)
        self.clock = clock
        self.zone, self.language, self.locale, self.country = zone, language, locale, country
        self.person_key = person
        self.names = SessionNames(self)
        self._lock = threading.RLock()
        self._workspace: Workspace | None = None
        self._access: Access | None = None
        self._seen = 0
        self._closed = False
        self._told: dict[str, str] = {}
        self.heard: Callable[[str, str], None] | None = None
        """Told what was understood of a text that somebody typed (`domain/typed.py`)."""
        self.own_steps: set[int] = set()
        """The transactions that this session wrote: what else the person did was done in another place."""
        self.looks = False
        """Whether somebody else looks through it (`looking.py`): nothing is written then."""
        self.marks: dict[str, object] = {}
        """What stands beside every change that this session writes, as `change` takes it."""
        self.followers: dict[str, Closing] = {}
        """What goes with the session and is closed with it, by name."""
        if person not in self.workspace.people or self.person.retired:
            raise AccessDenied(_("{person} is not a person of this workspace.").format(person=person))

    @property
    def whole(self) -> Store:
        """The one way past what this person may read (`Store.whole`): for rules that must hold among all records, for who moves or
        counts what goes with a definition, for indexes that only propose. What is read so is told to nobody who may not see it."""
        return self.store.whole()

    # -- who and what --------------------------------------------------------------------------------------------------
    @property
    def workspace(self) -> Workspace:
        """The definitions as they are now; rebuilt when a config table has changed."""
        with self._lock:
            seq = self.store.seq()
            if self._workspace is not None and seq != self._seen:
                touched = {change.table for change in self.store.changes(self._seen)}
                if not touched.isdisjoint(CONFIG_TABLES):
                    self._workspace = None
            if self._workspace is None:
                self._workspace, self._access = self.load_workspace(), None
            self._seen = seq
            return self._workspace

    def load_workspace(self, extra: dict[str, list[ConfigRecord]] | None = None) -> Workspace:
        """Definitions from the store, with `extra` records on top that are not written yet."""
        return Workspace(load_types(), config_records(self.store, extra=extra))

    @property
    def access(self) -> Access:
        """What this person may do, by the definitions as they are now."""
        with self._lock:
            workspace = self.workspace
            if self._access is None:
                self._access = Access(self.person, workspace)
            return self._access

    @property
    def person(self) -> Person:
        """Who is asking. Whose entry is gone, or is no entry, is like one who left: they may do nothing."""
        gone = Person(self.person_key, self.person_key, retired=True)
        return self.workspace.people.get(self.person_key, gone)

    def moment(self) -> datetime:
        """When what is written now happens: what the clock says, but after a clock was set back no earlier than what was written
        before. What is to come, and what day it is, follows the clock alone."""
        with suppress(OverflowError):  # what was written before is of the end of the calendar
            return self.clock() + self.store.behind()
        return self.clock()

    def context(self, *, canonical: bool = False) -> Context:
        """How this person reads and types values, now."""
        workspace = self.workspace
        return Context(
            names=self.names,
            now=self.clock(),
            zone=self.zone,
            language=self.language,
            locale=self.locale,
            country=self.country or workspace.country,
            currency=workspace.base_currency,
            currencies=workspace.currencies,
            me=self.person_key,
            canonical=canonical,
            heard=self.heard,
            settings=workspace.settings,
        )

    def label(self, label: Label) -> str:
        """A definition's label in this person's language."""
        return label_text(label, self.language)

    def title(self, item_type: ItemType, item_id: int, fields: dict[str, Any], language: str = "") -> str:
        """An item's name: its title fields, else the type's automatic title in a language, this person's without."""
        words = [str(fields[key]) for key in item_type.title if fields.get(key)]
        if words:
            return " ".join(words)
        ref = f"{item_type.prefix}-{item_id}"
        if not item_type.auto_title:
            return ref
        number = fields.get(item_type.numbering.field) if item_type.numbering else None
        automatic = label_text(item_type.auto_title, language or self.language)
        return automatic.format(ref=ref, id=item_id, number=number or ref)

    def title_of(self, item: Item) -> str:
        """What an item is called, as this person may see it."""
        return self.title(self.workspace.type(item.type), item.id, item.fields)

    # -- reading -------------------------------------------------------------------------------------------------------
    def mask(self, record: Record) -> Item:
        """A record as this person may see it."""
        hidden = self.access.hidden(record.table)
        fields = {key: value for key, value in record.doc.items() if key not in hidden} if hidden else record.doc
        return Item(record.table, record.id, record.rev, fields)

    def peek(self, ref: Ref) -> Item | None:
        """The item, or None when it is gone, unknown or not for this person."""
        if ref.type not in self.workspace.types:
            return None
        for record in self.store.get(ref.type, [ref.id]):
            if self.access.may("read", ref.type, record.doc):
                return self.mask(record)
        return None

    def get(self, ref: Ref) -> Item:
        """The item. Raises NotFound, in the same words whether there is no such item or it may not be read."""
        records = self.store.get(ref.type, [ref.id]) if ref.type in self.workspace.types else []
        if not records:
            raise NotFound(self.past.why_gone(ref))
        if not self.access.may("read", ref.type, records[0].doc):
            raise NotFound(self.no_such(ref))
        return self.mask(records[0])

    def written(self, ref: Ref) -> Item:
        """An item that this person has just written: as `get`, and also where it went out of their sight by that. Raises NotFound."""
        for record in self.whole.get(ref.type, [ref.id]):
            return self.mask(record)
        raise NotFound(self.past.why_gone(ref))

    def no_such(self, ref: Ref) -> str:
        """The one answer about what is not there and what this person may not read."""
        return _("There is no {ref}.").format(ref=self.workspace.show_ref(ref))

    def many(self, type_key: str, ids: Iterable[int]) -> list[Item]:
        """Those of the items that exist and may be read, in the order asked for."""
        may = self.access.may
        return [self.mask(record) for record in self.store.get(type_key, ids) if may("read", type_key, record.doc)]

    def _where(self, type_key: str, where: Condition | None) -> Condition | None:
        readable = self.access.readable(type_key)
        if readable == ALWAYS:
            return where
        return readable if where is None else And((readable, where))

    def find(
        self,
        type_key: str,
        where: Condition | None = None,
        sort: Sequence[Sort] = (),
        limit: int = 0,
        after: tuple[Any, ...] | None = None,
    ) -> ItemPage:
        """Items that match and may be read, in order, a page at a time."""
        page = self.store.find(Find(type_key, self._where(type_key, where), tuple(sort), limit, after))
        return ItemPage([self.mask(record) for record in page.records], page.total, page.next)

    def ids(self, type_key: str, where: Condition | None = None, sort: Sequence[Sort] = ()) -> list[int]:
        """All ids of what `find` would give: for who goes through all of them. What is shown is read in parts (`in_order.py`)."""
        return self.store.ids(type_key, self._where(type_key, where), sort)

    def count(self, type_key: str, where: Condition | None = None) -> int:
        """How many items match and may be read."""
        return self.store.count(type_key, self._where(type_key, where))

    def count_by(self, type_key: str, by: str, where: Condition | None = None) -> dict[Any, int]:
        """The same by a field's value (None: without any); one with several values counts with each."""
        return {group.key: group.results[0] for group in self.fold(type_key, where, by, [Aggregate("count")])}

    def among(self, type_key: str, ids: Iterable[int], where: Condition | None = None) -> list[int]:
        """Those of some items that match and may be read, as they come."""
        return self.store.among(type_key, ids, self._where(type_key, where))

    def window(self, asked: Ordered, n: int, at: int = 0, around: int | None = None) -> Window:
        """Some of an order, of what may be read (`Store.window`)."""
        return self.store.window(self._readable(asked), n, at, around)

    def top(self, asked: Ordered, n: int) -> dict[Any, Window]:
        """The first of each group of an order, of what may be read (`Store.top`)."""
        return self.store.top(self._readable(asked), n)

    def position(self, asked: Ordered, item_id: int) -> int:
        """Where an item stands in an order, of what may be read; -1 where it does not."""
        return self.store.position(self._readable(asked), item_id)

    def _readable(self, asked: Ordered) -> Ordered:
        where = self._where(asked.table, asked.where)
        return asked if where is asked.where else replace(asked, where=where)

    def fold(self, type_key: str, where: Condition | None, by: str, aggregates: Sequence[Aggregate]) -> list[FoldGroup]:
        """Count and add up a type's items (those of `where` that this person may read) by the values of a field."""
        return self.store.fold(type_key, self._where(type_key, where), by, aggregates)

    def is_ready(self, type_key: str, asked: Asked) -> bool:
        """Whether what is asked so (by `window`, `top`, `fold`) would be answered in a moment."""
        return self.store.is_ready(type_key, replace(asked, where=self._where(type_key, asked.where)))

    def prepare(self, type_key: str, asked: Asked, tell: Tell = lambda _done, _of: None) -> None:
        """Read what an answer needs, from a thread: nobody else waits meanwhile. Raises what `tell` raises; nothing is kept then."""
        self.store.prepare(type_key, replace(asked, where=self._where(type_key, asked.where)), tell)

    def owned(self, table: str, owner: Ref) -> list[Record]:
        """The timeline entries, activities or messages of an item that may be read ([] else), by id."""
        if self.peek(owner) is None:
            return []
        names_it = "on" if table == MESSAGES else "owner"
        found = self.store.find(Find(table, Test(names_it, "string", "=", str(owner)))).records
        if table == MESSAGES:
            found = [record for record in found if message_sight.may_read(self, record.doc)]
        return [self.seen(record) for record in found]

    def bound(self, owner: Ref) -> list[Record]:
        """Activities of other items that are bound to this one as well, or in which it takes part, as far as both may be read."""
        if self.peek(owner) is None:
            return []
        where = Or(tuple(Test(name, "string", "=", str(owner)) for name in ("also", "contacts")))
        found = [
            (record, Ref.read(record.doc.get("owner"))) for record in self.store.find(Find(ACTIVITIES, where)).records
        ]
        return [
            self.seen(record) for record, of in found if of is not None and of != owner and self.peek(of) is not None
        ]

    def seen(self, record: Record) -> Record:
        """A timeline entry, activity or message that may be read, as this person may see it: of others' private activities, when."""
        doc = sound(record.table, record.doc)
        if record.table == ACTIVITIES and doc.get("private"):
            doc = as_seen(doc, self.person_key, _("busy"))
        if record.table == MESSAGES:
            doc = message_sight.as_seen(self, doc)
        return record if doc is record.doc else record._replace(doc=doc)

    def record(self, table: str, record_id: int) -> Record:
        """One timeline entry, activity or message. Raises NotFound when it is gone or its item may not be read."""
        for record in self.store.get(table, [record_id]):
            if table == MESSAGES:
                if message_sight.may_read(self, record.doc):
                    return self.seen(record)
                continue
            owner = Ref.read(record.doc.get("owner"))
            if owner is not None and self.peek(owner) is not None:
                return self.seen(record)
        raise NotFound(_("This entry was deleted by someone."))

    # -- writing -------------------------------------------------------------------------------------------------------
    @contextmanager
    def change(self, label: str, **meta: object) -> Iterator[Change]:
        """Collect edits and commit them as one transaction when the block ends well; nothing is written when it raises."""
        from tuicrm.services.kernel.changes import Change

        change = Change(self, label, {**self.marks, **meta})
        yield change
        change.commit()

    @contextmanager
    def bulk(self, label: str, **meta: object) -> Iterator[Bulk]:
        """A big change: many small ones that become visible, and are undone, as one. Dropped whole when the block raises."""
        from tuicrm.services.kernel.bulk import Bulk

        with self.store.batch(by=self.person_key, note=label, meta=meta) as batch:
            bulk = Bulk(self, label, batch)
            try:
                yield bulk
                bulk.close()
            except BaseException:
                bulk.drop()
                raise

    # -- others --------------------------------------------------------------------------------------------------------
    def here(self, ref: Ref | None = None, editing: str = "") -> None:
        """Tell the other sessions where this person is: in the workspace, on a card, at a field of it."""
        told = {"person": self.person_key, "ref": str(ref) if ref else "", "editing": editing}
        if told != self._told:
            self._told = told
            self.store.presence.tell(told)

    def subscribe(self, wake: Callable[[Sequence[Changed]], None]) -> Callable[[], None]:
        """Call `wake` from any thread when records change, here or elsewhere; returns how to stop."""
        return self.store.subscribe(wake)

    def close(self) -> None:
        """Let go of the store; again is nothing."""
        with self._lock:
            if not self._closed:
                self._closed = True
                for each in self.followers.values():
                    each.close()
                self.store.close()
