"""What the program above the store talks to, and nothing else (STORE.md, "The protocol").

Tables are names, ids are ints that come from the store, documents are JSON objects. Every record has a revision: the seq of the
transaction that wrote it, so that it never repeats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from os import PathLike
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

import msgspec
from msgspec import Struct, field

from tuicrm.domain.conditions import Aggregate, Condition, Sort
from tuicrm.domain.progress import Tell
from tuicrm.errors import CrmError

if TYPE_CHECKING:
    from tuicrm.store.indexes import SignIndex, Signing, WordIndex, Wording
    from tuicrm.store.parts import Batch, Blobs, Files, Past, Presence

Doc: TypeAlias = dict[str, Any]
"""A JSON object. What every store keeps of one, and no more than that: texts without NUL characters and lone surrogates, which are
refused; numbers by their worth and not by their form (`1e3` may come back as 1000, `-0.0` as 0.0; an int stays an int), decimal
fractions therefore as texts; of keys which there are and not their order, which nothing may hang on; of a key that a JSON text names
twice, the last."""


StorePlace: TypeAlias = "str | PathLike[str]"
"""Where a workspace lies, as a person says it: the path of a folder (`places.py`)."""


class Key(NamedTuple):
    """What names a record."""

    table: str
    id: int


class Record(NamedTuple):
    """A record as read; `doc` is the caller's own copy."""

    table: str
    id: int
    rev: int
    doc: Doc


class Op(msgspec.Struct, frozen=True):
    """What a commit does to one record: `doc` is its whole new document, or None to delete it.

    `previous`: for a record that comes back, the seq of the transaction that deleted it, so that its history stays whole also when
    that was folded away."""

    table: str
    id: int
    doc: Doc | None
    previous: int = 0


class QueryAnswer(msgspec.Struct, frozen=True):
    """What a question gave when a change was thought out: these ids of a table. A commit that rests on it says so.

    No more than the question asked once more, under the lock that a commit is under anyway: a store whose commits come one after the
    other checks it by asking again, and needs no locks on what was read."""

    table: str
    where: Condition | None
    ids: frozenset[int]


class RecordChange(msgspec.Struct, frozen=True):
    """One record that changed: by whom, in which transaction; `rev` 0 when it was deleted."""

    table: str
    id: int
    rev: int
    by: str
    seq: int


class RecordStep(Struct, frozen=True):
    """One record's part in a transaction, as the journal keeps it.

    `doc` is the new document (None: deleted); `old` the former values of the top-level fields that changed or went
    (for a delete: the whole document; for a creation: None); `fresh` names fields that were not there before;
    `previous` is the seq of the record's previous change, 0 for none.
    """

    table: str
    id: int
    doc: Doc | None
    old: Doc | None
    fresh: tuple[str, ...] = ()
    previous: int = 0

    def before(self) -> Doc | None:
        """The document before this step (None: it did not exist)."""
        if self.old is None:
            return None
        if self.doc is None:
            return dict(self.old)
        kept = {key: value for key, value in self.doc.items() if key not in self.fresh}
        return {**kept, **self.old}


class Transaction(Struct, frozen=True):
    """One transaction: all or nothing. `at` is never before that of the one before it; `clock` is what the clock said where it
    was set back since ("" else). `meta` is the caller's own (label, undo links); a batch comes as one, with all its steps
    reachable through `parts.Past.steps`."""

    seq: int
    at: str
    by: str
    note: str
    meta: Doc
    steps: tuple[RecordStep, ...]
    batch: str = ""
    clock: str = ""


class Version(NamedTuple):
    """One state in a record's history: `doc` None when it was deleted then. `at` and `clock` as of a transaction."""

    seq: int
    at: str
    by: str
    note: str
    doc: Doc | None
    clock: str = ""


class Find(Struct, frozen=True):
    """A question to one table. `after` is the `next` of the page before (None: from the start); `limit` 0 means no limit.

    `columns` empty: whole documents; else only these top-level fields.
    """

    table: str
    where: Condition | None = None
    sort: tuple[Sort, ...] = ()
    limit: int = 0
    after: tuple[Any, ...] | None = None
    columns: tuple[str, ...] = ()


class Asked(msgspec.Struct, frozen=True):
    """A question that is going to be asked: for an order (`window`, or `top` with `by`), or with `aggregates` for a fold."""

    where: Condition | None = None
    sort: Sequence[Sort] = ()
    by: str = ""
    aggregates: Sequence[Aggregate] = ()


class Ordered(Struct, frozen=True):
    """Records of a table in an order, of which only some are asked for at a time: those that match `where`.

    `by` and `key`: only those with that value there (None: with none): a column of a board. `least` and `below`: only those whose
    first sort key, which must ascend then, is not less than the one and less than the other (comparables as in a `Test`; None: no
    bound; those without a value stand behind all, and go with what has no upper bound). `turned`: begun from the other end."""

    table: str
    where: Condition | None = None
    sort: tuple[Sort, ...] = ()
    by: str = ""
    key: Any = None
    least: Any = None
    below: Any = None
    turned: bool = False


class Window(Struct, frozen=True):
    """Some of an order: ids, the place of the first of them (from 0), and how many there are in all."""

    ids: list[int]
    first: int
    count: int


class Page(Struct, frozen=True):
    """Records in order, how many match in all, and where the next page starts (None: this was the last)."""

    records: list[Record]
    total: int
    next: tuple[Any, ...] | None = None


class FoldGroup(Struct, frozen=True):
    """One group of a fold: its key (the value at `by`, None where empty) and one result an aggregate, in order.

    `sum` and `weighted` of money: `dict[currency, Decimal]` without those that come to nothing; of numbers: Decimal;
    `min`/`max`: text or None.
    """

    key: Any
    results: tuple[Any, ...]


class Store(Protocol):
    """A store of JSON records with transactions, revisions, history and a change feed. Synchronous; safe from threads."""

    @property
    def read_only(self) -> bool:
        """Whether every commit is refused, since the place cannot be written to."""

    @property
    def place(self) -> str:
        """Where it is, as people are told: the path of a folder."""

    def get(self, table: str, ids: Iterable[int]) -> list[Record]:
        """The records that exist, in the order asked for."""

    def find(self, find: Find) -> Page:
        """A page of the records that a question asks for, in its order."""

    def ids(self, table: str, where: Condition | None = None, sort: Sequence[Sort] = ()) -> list[int]:
        """All ids that match, in order: for who goes through all of them (an export, a check), never for who shows them."""

    def count(self, table: str, where: Condition | None = None) -> int:
        """How many match."""

    def among(self, table: str, ids: Iterable[int], where: Condition | None = None) -> list[int]:
        """Those of some ids that are there and match, as they come."""

    def window(self, asked: Ordered, n: int, at: int = 0, around: int | None = None) -> Window:
        """`n` of an order, from a place on (from 0; negative: from the end), or `around` an id: it, `n` before and `n` behind it;
        none of them where it is not in the order."""

    def top(self, asked: Ordered, n: int) -> dict[Any, Window]:
        """Of an order, apart by the value at `by` (None where there is none; "" keeps all under None): how many each has, and its
        first `n`: the columns of a board. `key` is not looked at; who has several values stands with each."""

    def position(self, asked: Ordered, id: int) -> int:
        """Where a record stands in an order, from 0; -1 where it does not."""

    def fold(self, table: str, where: Condition | None, by: str, aggregates: Sequence[Aggregate]) -> list[FoldGroup]:
        """Group by the value at `by` ("" for one group over all)."""

    def filled(
        self, table: str, where: Condition | None = None, stopped: Callable[[], bool] = lambda: False
    ) -> dict[str, int]:
        """How many of the matching records have each top-level field filled; a field that none has is left out. Nobody else waits
        meanwhile; `stopped` is asked now and then, and true ends it early."""

    def is_ready(self, table: str, asked: Asked) -> bool:
        """Whether an answer would take but a moment."""

    def prepare(self, table: str, asked: Asked, tell: Tell) -> None:
        """Read what an answer needs. Nobody else waits meanwhile; of what `tell` ends, nothing is kept."""

    def settle(self, table: str) -> None:
        """Make ready, in a moment when nobody waits, what kept answers need to follow changes."""

    def commit(
        self,
        ops: Sequence[Op],
        expect: Mapping[Key, int] | None = None,
        by: str = "",
        note: str = "",
        meta: Mapping[str, Any] | None = None,
        answers: Sequence[QueryAnswer] = (),
    ) -> int:
        """Write one transaction and return its seq. No ops: only the expectations are checked; returns the present seq.
        `answers` are expectations too: Conflict where one is another by now.

        Raises Conflict, StorageFull, ReadOnlyStore, Refused (a NUL, a lone surrogate, a value that is no JSON; see `Doc`).
        """

    def batch(
        self, by: str = "", note: str = "", meta: Mapping[str, Any] | None = None
    ) -> AbstractContextManager[Batch]:
        """Several transactions that show together or not at all; undone as one. An exception inside takes all of them back."""

    def new_ids(self, table: str, n: int = 1) -> list[int]:
        """Ids that nobody else gets, ever."""

    def seq(self) -> int:
        """The newest transaction this store has seen."""

    def mark(self, seq: int) -> str:
        """What tells a transaction from any other of that number, as one of another past of this workspace; "" where that is not
        known."""

    def behind(self) -> timedelta:
        """How far the clock is behind the newest transaction: it was set back since. Nothing where it is not."""

    def refresh(self) -> list[RecordChange]:
        """Look for what other sessions wrote, now. A few `stat` calls when nothing happened."""

    def changes(self, since: int) -> list[RecordChange]:
        """What changed after `since`, oldest first, at most once a record."""

    def subscribe(self, wake: Callable[[Sequence[RecordChange]], None]) -> Callable[[], None]:
        """Call `wake` (from any thread) after each commit of this or another session; returns how to stop it.

        The first subscription starts the looking."""

    @property
    def trouble(self) -> CrmError | None:
        """Why what other sessions write is no longer seen (the workspace is damaged, or gone); None while it is."""

    @property
    def files(self) -> Files:
        """What can be done with the files that the records are kept in. Raises Refused where they are not kept in any of ours
        (`parts.no_files`): what is there has tools of its own for it."""

    def words(self, wording: Wording) -> WordIndex:
        """Search, by the words that `wording` says of records. The store keeps what it needs for it where it likes, and closes it.
        Raises IndexTrouble where nothing can be kept."""

    def signs(self, signing: Signing) -> SignIndex:
        """Likeness, by the signs that `signing` says of records, in the same way."""

    def wrong_words(self, wording: Wording, some: int) -> Iterator[tuple[str, int]]:
        """Records (type and id) of which what search stands on says something else than they do; so many of each type are looked
        at, 0: all. Raises IndexTrouble where it cannot be read as what it is."""

    def wrong_signs(self, signing: Signing, some: int) -> Iterator[tuple[str, int]]:
        """The same of likeness."""

    def whole(self) -> Store:
        """The same, with everything that is there, whoever may see it: for what must hold among all records (a number that is given
        once, whether a client came before, what goes with a type). A store that keeps back by itself what its person may not read
        gives all of it here, and here alone; what is found so is told to nobody who may not see it."""

    @property
    def upkeep(self) -> CrmError | None:
        """Why the store could not do the work that keeps it small and quick, last time it tried; None while all is well."""

    @property
    def presence(self) -> Presence:
        """Who else is here."""

    @property
    def past(self) -> Past:
        """What was done."""

    @property
    def blobs(self) -> Blobs:
        """Attachments and documents."""

    def close(self) -> None:
        """Let go of it; again is nothing."""


class Soonest(Struct, frozen=True):
    """What is soonest among the records of `table` that match `where` and name a record at `owner` (by its stored ref, `deal:7`):
    the least text at `at`, of a `kind`; the greatest where it is the `latest`. Its path can be asked for in every table, in conditions
    and sort keys, as if documents had it."""

    table: str
    owner: str
    at: str
    kind: str
    where: Condition
    latest: bool = False


class Indexes(Struct, frozen=True):
    """What a store keeps to answer sooner. `by_table`: which fields have postings (value → ids): `{"entry": ("owner",)}`. `soonest`:
    paths that follow from other records, by name."""

    by_table: dict[str, tuple[str, ...]] = field(default_factory=dict)
    soonest: dict[str, Soonest] = field(default_factory=dict)
