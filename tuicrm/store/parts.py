"""What a store has under names of its own (`protocol.Store`): the past, contents of files, who is here, its files; and a batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from msgspec import Struct

from tuicrm.domain.progress import Tell
from tuicrm.errors import Refused
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.store.archive import Archived, Piece
    from tuicrm.store.backup import Contents, Sink
    from tuicrm.store.protocol import Doc, Key, Op, QueryAnswer, RecordStep, Transaction, Version


class Fault(Struct, frozen=True):
    """One fault: what is damaged (a file of a folder, a record as `deal 7`: a place within the workspace that its keeper knows), what
    is wrong, and how far in, in bytes, where the place can be counted through (-1 else)."""

    place: str
    what: str
    at: int = -1


class Batch(Protocol):
    """A big change of many lines, visible to all only when closed; dropped without `close`, it never happened.

    What it wrote is taken back then. Where others wrote behind it that cannot be, and a StorageError that ends it says how much
    of the disk stays taken."""

    def add(self, ops: Sequence[Op], expect: Mapping[Key, int] | None = None) -> None:
        """Write one line. `expect` is checked again, record by record, when the batch closes."""

    def close(
        self, expect: Mapping[Key, int] | None = None, answers: Sequence[QueryAnswer] = ()
    ) -> tuple[int, list[Key]]:
        """Make it visible. Returns its seq and the records left out because others changed them meanwhile.

        Raises Conflict, and it never happened, where `expect` or `answers` do not hold by now. With `answers` it is all or nothing:
        Conflict too where a record would be left out."""

    def drop(self) -> None:
        """Give it up now, before its end; again, and once it is closed, is nothing. There is room for a small commit then, however
        full the disk is."""


class Past(Protocol):
    """What was done in a workspace: by transactions, and by the states of its records."""

    def log(self, before: int = 0, since: int = 0, by: str = "") -> Iterator[Transaction]:
        """Transactions newest first: `before` (exclusive, 0 for the end), down to `since` (exclusive); reads history/ too."""

    def transaction(self, seq: int) -> Transaction | None:
        """One transaction; None for a number that none has, and while its batch is not written whole."""

    def steps(self, seq: int) -> Iterator[RecordStep]:
        """All steps of a transaction, or of a whole batch, one line in memory at a time."""

    def history(self, key: Key) -> list[Version]:
        """Every state of a record, newest first, by following its steps backwards."""

    def backwards(self, key: Key) -> Iterator[Version]:
        """The same, each read when it is asked for: of thousands, the newest are there at once. Where the past was archived, the
        last one is the state in which the record came out of it, with the seq of a transaction that is no longer here."""

    def as_of(self, key: Key, when: str) -> Version | None:
        """The state at a UTC ISO time; None when there was none yet. Raises NotFound for a time whose past was archived."""

    def dropped(self, table: str, field: str) -> Iterator[tuple[int, Any]]:
        """Ids and values of a deleted field that were dropped since: what brings them back when the deletion is undone.

        A deleted field has a tombstone in the schema (a record of the table `field` with `type`, `key` and `deleted`): no
        reading gives its values from then on, and with the tombstone gone all do again, unless they were dropped meanwhile."""

    def tables(self) -> dict[str, int]:
        """Every table that records were ever written to, with an id that is higher than all of theirs."""

    @property
    def archived(self) -> tuple[int, str]:
        """Up to which transaction the past was moved out of the workspace, and when that was written; 0 and "" where it is all
        here."""


class Blobs(Protocol):
    """Contents of files, each kept once under its digest."""

    def put(self, data: bytes | BinaryIO) -> str:
        """Keep a file's content; returns its sha256 in hex. Writing the same content twice keeps one."""

    def open(self, digest: str) -> BinaryIO:
        """A file's content, to read. Raises NotFound for a digest that is not kept."""

    def digests(self) -> Iterator[str]:
        """The sha256 of every file that is kept."""

    def size(self, digest: str) -> int:
        """Bytes of a content; 0 for one that is gone."""


class Presence(Protocol):
    """Who is here now."""

    def tell(self, doc: Mapping[str, Any]) -> None:
        """Say to the other sessions who is here and where; the last word counts. Not kept: it goes with this session."""

    def others(self) -> list[Doc]:
        """What the other sessions that are running now told last."""


class Files(Protocol):
    """What can be done with the files of a store that keeps its records in some, by whoever looks after them."""

    def compact(self) -> bool:
        """Fold the journal into snapshots, on this thread. False when another session is at it."""

    def verify(self) -> list[Fault]:
        """Every fault there is; [] for a sound workspace. Raises NotAWorkspace, NewerFormat, StorageError for what may not be read."""

    def back_up(self, target: Path | Sink, tell: Tell = lambda _done, _of: None) -> Contents:
        """Write a backup of the workspace as it is now, into a new or empty folder or whatever takes files. Raises StorageError,
        Damaged, and what `tell` (bytes done, of how many) raises."""

    def room(self) -> tuple[int, int, int, bool]:
        """Bytes of the journal that is not folded yet, bytes that folding it needs at most, bytes free on the disk, and whether
        the journal is longer than it is let grow. Raises StorageError."""

    def past_pieces(self) -> Iterator[Piece]:
        """The journals that hold the past, oldest first."""

    def archive(self, before: str, target: Path, tell: Tell = lambda _done, _of: None) -> Archived:
        """Move what of the past was done before a UTC ISO time into a folder elsewhere. Raises StorageError, what `tell` raises."""


def no_files(place: str) -> Refused:
    """What a store says of `files` that keeps its records elsewhere."""
    told = _("{place} is not a folder: use its own tools to back it up, check it and compact it")
    return Refused(told.format(place=place))
