"""Keeping what is derived from the records (`derived.py`) as new as they are: built once, type by type, then by what changed.

Several sessions may be at it at once: each takes the next few items under the file's lock. What is written is read then, from a
store that is at least as new as the file, so that nothing older ever replaces something newer.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import sample
from typing import Any, Protocol

import msgspec

from tuicrm.digests import blake2b
from tuicrm.domain.items import Ref
from tuicrm.domain.progress import Tell
from tuicrm.errors import IndexTrouble
from tuicrm.store.derived import Derived, no_room
from tuicrm.store.folder import Folder, in_memory
from tuicrm.store.protocol import RecordChange
from tuicrm.store.snapshot import cache_of

_AT_ONCE = 100
"""Items a transaction, 20 to 40 ms: 200 are read 10 % faster."""

_WHILE_ASKED = 10
"""The same for a while after a question: who asks waits for those that are being read, and takes turns with them for the
processor."""

_A_WHILE = 3.0
"""Seconds after which somebody who types is thought to have stopped."""

_ROOM = 2.0
"""Seconds that reading waits for questions at most: somebody who types for long is not to end it."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value);
CREATE TABLE IF NOT EXISTS part (number INTEGER PRIMARY KEY, type TEXT UNIQUE, shape TEXT, upto INTEGER, done INTEGER);
"""
_ITEM_BITS = 40
_COMPARED = 50
"""Items whose rows are compared at once."""


class FollowedRecords(Protocol):
    """What is followed: the records of a workspace folder, as a store has them."""

    @property
    def folder(self) -> Folder:
        """Where the records are kept, and what is derived of them beside."""

    @property
    def read_only(self) -> bool:
        """Whether nothing may be written in that folder."""

    @property
    def own_cache(self) -> Callable[[], Path] | None:
        """A folder of the user's own, for what can be kept nowhere beside the records."""

    def ids(self, table: str) -> list[int]:
        """Of all rows of a table."""

    def seq(self) -> int:
        """The newest transaction that was seen."""

    def mark(self, seq: int) -> str:
        """What tells a transaction from another of the same number, in a workspace that was restored."""

    def refresh(self) -> list[RecordChange]:
        """See what others wrote; what changed by it."""

    def changes(self, since: int) -> list[RecordChange]:
        """What changed after a transaction."""


class Filling(Protocol):
    """What is derived: its tables, and what of an item goes into them."""

    name: str
    schema: str

    def shapes(self) -> dict[str, str]:
        """The types that take part, in the order in which they are read; a shape is what of the definitions their rows depend
        on."""

    def write(self, db: sqlite3.Connection, number: int, type_key: str, ids: Sequence[int]) -> Iterable[int]:
        """Write the rows of these items as they are now; those of items that are gone go. `number` stands for the type.

        Returns the places of items whose rows are others now because of these."""

    def rows(self, db: sqlite3.Connection, place: int) -> list[tuple[Any, ...]]:
        """What the file says of an item, however it was written."""

    def forget(self, db: sqlite3.Connection, number: int) -> None:
        """Take away all rows of a type."""

    def owners(self, db: sqlite3.Connection, changes: Sequence[RecordChange], /) -> Iterable[Ref]:
        """The items whose rows are others because of changed entries and activities."""


class FollowedType(msgspec.Struct, frozen=True):
    """A type in the file: read up to an id, or whole."""

    number: int
    type: str
    upto: int
    done: bool


def place(number: int, item_id: int) -> int:
    """The number that stands for an item in the file, in the order of types and ids."""
    return number << _ITEM_BITS | item_id


def item_of(place: int) -> int:
    """The id of the item that a number stands for."""
    return place & ((1 << _ITEM_BITS) - 1)


def part_of(place: int) -> int:
    """The number of the item's type."""
    return place >> _ITEM_BITS


def bounds(number: int) -> tuple[int, int]:
    """The smallest and the greatest number that an item of a type may have."""
    return number << _ITEM_BITS, ((number + 1) << _ITEM_BITS) - 1


class Follower:
    """One derived file of a workspace, followed by one store."""

    def __init__(self, records: FollowedRecords, filling: Filling) -> None:
        """Raises IndexTrouble where nothing can be kept."""
        self._records, self._filling = records, filling
        with told(None):
            self.file = _open(records, _file_name(filling), _SCHEMA + filling.schema)
        self._checked = -1, ""
        """The transaction, and its mark, that the file was seen to stand at as this workspace has it."""
        self._asking = 0
        self._asked = threading.Condition()
        self._asked_at = -_A_WHILE
        self.seq = -1
        """The transaction up to which all that is read is followed, as seen last; -1 while it was never looked at."""

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    # -- how far it is -------------------------------------------------------------------------------------------------
    def parts(self) -> dict[str, FollowedType]:
        """What is there, by type."""
        with self.file.reading() as db:
            found = db.execute("SELECT number, type, upto, done FROM part").fetchall()
        return {row[1]: FollowedType(row[0], row[1], row[2], bool(row[3])) for row in found}

    def lacks(self) -> int:
        """How many items are still to be read before the file is whole."""
        shapes = self._filling.shapes()
        with self.file.reading() as db:
            found = {row[0]: row[1:] for row in db.execute("SELECT type, shape, upto, done FROM part")}
        count = 0
        for key, shape in shapes.items():
            known, upto, done = found.get(key, ("", 0, 0))
            if known != shape or not done:
                ids = self._records.ids(key)
                count += len(ids) - (bisect_right(ids, upto) if known == shape else 0)
        return count

    def is_new(self) -> bool:
        """Whether nothing happened since this session last caught up."""
        return self.seq == self._records.seq()

    # -- asking --------------------------------------------------------------------------------------------------------
    @contextmanager
    def asking(self) -> Iterator[None]:
        """While somebody asks, what is read makes room: between a few items, for as long as that takes."""
        with self._asked:
            self._asking += 1
        try:
            yield
        finally:
            with self._asked:
                self._asking -= 1
                self._asked_at = time.monotonic()
                self._asked.notify_all()

    def _make_room(self) -> int:
        """Let who asks go first; how many items may be read then."""
        with self._asked:
            self._asked.wait_for(lambda: not self._asking, _ROOM)
        return _WHILE_ASKED if time.monotonic() - self._asked_at < _A_WHILE else _AT_ONCE

    # -- getting there -------------------------------------------------------------------------------------------------
    def catch_up(self, tell: Tell = lambda _done, _of: None) -> bool:
        """Read what is lacking, then what changed; whether anything was. Raises what `tell` raises, and sqlite3.Error where nothing
        can be written."""
        self._records.refresh()
        built = self._build(tell)
        return self._follow(tell) or built

    def _build(self, tell: Tell) -> bool:
        done, of = 0, 0
        while True:
            count = self._make_room()
            with self.file.writing() as db:
                self._catch_up_with(db)
                part = self._next_part(db)
                if part is None:
                    return done > 0
                ids = self._records.ids(part.type)
                start = bisect_right(ids, part.upto)
                of = max(of, done + len(ids) - start)
                some = ids[start : start + count]
                if some:
                    self._filling.write(db, part.number, part.type, some)
                    db.execute("UPDATE part SET upto=? WHERE number=?", (some[-1], part.number))
                if start + len(some) >= len(ids):
                    db.execute("UPDATE part SET done=1 WHERE number=?", (part.number,))
            if not done:
                of = max(of, self.lacks() + len(some))
            done += len(some)
            tell(min(done, of), of)

    def _next_part(self, db: sqlite3.Connection) -> FollowedType | None:
        """The first type that is not read whole in the shape that it has; those that are gone are forgotten."""
        shapes = self._filling.shapes()
        found = {row[1]: row for row in db.execute("SELECT number, type, shape, upto, done FROM part").fetchall()}
        for key in [key for key in found if key not in shapes]:
            self._forget(db, found[key][0])
        for key, shape in shapes.items():
            if key in found and found[key][2] == shape:
                if not found[key][4]:
                    return FollowedType(found[key][0], key, found[key][3], done=False)
                continue
            number = found[key][0] if key in found else None
            if number is not None:
                self._forget(db, number)
            given = db.execute("INSERT INTO part VALUES (?, ?, ?, 0, 0)", (number, key, shape)).lastrowid
            return FollowedType(int(given or 0), key, 0, done=False)
        return None

    def _forget(self, db: sqlite3.Connection, number: int) -> None:
        self._filling.forget(db, number)
        db.execute("DELETE FROM part WHERE number=?", (number,))

    def _follow(self, tell: Tell) -> bool:
        """Read again what changed since the transaction that the file stands at."""
        records = self._records
        with self.file.writing() as db:
            seq, newest = self._catch_up_with(db), records.seq()
            refs = list(dict.fromkeys(self._changed(db, records.changes(seq))))
        known, at = set(refs), 0
        while at < len(refs):
            some = refs[at : at + self._make_room()]
            with self.file.writing() as db:
                self._catch_up_with(db)
                more = self._write(db, some)
            at += len(some)
            refs += [ref for ref in more if ref not in known]
            known.update(more)
            tell(min(at, len(refs)), len(refs))
        if newest > seq:
            with self.file.writing() as db:
                if newest > _seq(db):
                    _set(db, seq=newest, mark=records.mark(newest))
        self.seq = newest
        return bool(refs)

    def _changed(self, db: sqlite3.Connection, changes: Sequence[RecordChange]) -> Iterable[Ref]:
        shapes = self._filling.shapes()
        yield from (Ref(change.table, change.id) for change in changes if change.table in shapes)
        yield from (ref for ref in self._filling.owners(db, changes) if ref.type in shapes)

    def _write(self, db: sqlite3.Connection, refs: Sequence[Ref]) -> list[Ref]:
        """Write the rows of some items; returns those whose rows are others because of them."""
        numbers: dict[str, int] = dict(db.execute("SELECT type, number FROM part").fetchall())
        types = {number: key for key, number in numbers.items()}
        by_type: dict[str, list[int]] = {}
        for ref in refs:
            by_type.setdefault(ref.type, []).append(ref.id)
        more: dict[int, None] = {}
        for key, ids in by_type.items():
            if key in numbers:
                more |= dict.fromkeys(self._filling.write(db, numbers[key], key, ids))
        return [Ref(types[part_of(one)], item_of(one)) for one in more if part_of(one) in types]

    # -- where it stands -----------------------------------------------------------------------------------------------
    def _catch_up_with(self, db: sqlite3.Connection) -> int:
        """The transaction that the file stands at; this store is at least as new from then on. A file of another past begins
        anew."""
        records, seq = self._records, _seq(db)
        if seq > records.seq():
            records.refresh()
        if seq > records.seq() or not self._is_of_this_past(db, seq):
            for (number,) in db.execute("SELECT number FROM part").fetchall():
                self._forget(db, number)
            seq = -1
        if seq < 0:
            seq = records.seq()
            _set(db, seq=seq, mark=records.mark(seq))
        return seq

    def _is_of_this_past(self, db: sqlite3.Connection, seq: int) -> bool:
        """Whether the transaction that the file stands at is what it was: a workspace may have been put back from a copy."""
        if seq < 0:
            return True
        told = seq, str(_value(db, "mark"))
        if told != self._checked and told[1] != self._records.mark(seq):
            return False
        self._checked = told
        return True


# -- whether it is right -------------------------------------------------------------------------------------------------
def wrong_rows(records: FollowedRecords, filling: Filling, some: int) -> Iterator[tuple[str, int]]:
    """Items whose rows are others in the file than they would be now; of types that are read whole, as far as the file follows. Looks
    at so many of each type (0: all), and changes nothing. Raises IndexTrouble for a file that cannot be read as what it is."""
    try:
        yield from _wrong_rows(records, filling, some)
    except (OSError, sqlite3.OperationalError):
        return  # somebody is making it, or it cannot be opened: whoever needs it makes another
    except sqlite3.DatabaseError as problem:
        raise IndexTrouble(str(problem)) from problem


def _wrong_rows(records: FollowedRecords, filling: Filling, some: int) -> Iterator[tuple[str, int]]:
    cache, name = cache_of(records.folder), _file_name(filling)
    if cache is None or cache.stat(name) is None:
        return
    db = cache.database(name, patience=1.0)
    seq = _seq(db)
    if seq < 0 or seq > records.seq() or _value(db, "mark") != records.mark(seq):
        return
    shapes = filling.shapes()
    changed = {(change.table, change.id) for change in records.changes(seq)}
    if any(table not in shapes for table, _id in changed):
        return  # what hangs on items changed since: nobody has followed yet
    anew = in_memory()
    anew.executescript(filling.schema)
    for number, key, done, shape in db.execute("SELECT number, type, done, shape FROM part").fetchall():
        if not done or shapes.get(key) != shape:
            continue
        ids = [one for one in records.ids(key) if (key, one) not in changed]
        looked_at = sample(ids, min(some, len(ids))) if some else ids
        for at in range(0, len(looked_at), _COMPARED):
            slice_ = looked_at[at : at + _COMPARED]
            filling.write(anew, number, key, slice_)
            for item_id in slice_:
                where = place(number, item_id)
                if filling.rows(db, where) != filling.rows(anew, where):
                    yield key, item_id
    anew.close()


@contextmanager
def told(path: Path | None) -> Iterator[None]:
    """What goes wrong with a derived file, as IndexTrouble."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise IndexTrouble(str(error), no_room(error, path)) from error


def _file_name(filling: Filling) -> str:
    digest = blake2b((_SCHEMA + filling.schema).encode(), digest_size=4).hexdigest()
    return f"{filling.name}.{digest}.db"


def _open(records: FollowedRecords, name: str, schema: str) -> Derived:
    """Beside the workspace; in the user's own cache, under the name of that very folder, where nothing can be written there."""
    cache = cache_of(records.folder)
    if cache is not None and not records.read_only:
        with suppress(OSError, sqlite3.Error):
            return Derived(cache, name, schema)
    if records.own_cache is None:
        raise OSError(f"{records.folder.path}: nothing can be kept beside it")
    whose = blake2b(str(records.folder.path).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    return Derived(Folder.making(records.own_cache() / "derived" / whose), name, schema)


def _value(db: sqlite3.Connection, name: str) -> int | str | None:
    row = db.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
    return row[0] if row else None


def _seq(db: sqlite3.Connection) -> int:
    """-1 for a file that was just made."""
    found = _value(db, "seq")
    return found if isinstance(found, int) else -1


def _set(db: sqlite3.Connection, **values: object) -> None:
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(values.items()))
