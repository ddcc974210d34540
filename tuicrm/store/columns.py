"""The columns of one table: those that somebody asked for, brought up to date by changed ids."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from itertools import islice
from typing import Any, Protocol, TypeAlias

from tuicrm.domain.progress import Tell
from tuicrm.store.column import ColumnForm, Kept, PathColumn
from tuicrm.store.postings import fields_of
from tuicrm.store.protocol import Doc

_SLICE = 1000

Wanted: TypeAlias = tuple[str, ColumnForm]
"""A column: its path and form."""


class ColumnBase(Protocol):
    """The part of a table that never changes, with columns kept beside it."""

    @property
    def ids(self) -> Sequence[int]:
        """The ids of its records, ascending."""

    def slices(self, fields: Sequence[str]) -> Iterable[Mapping[str, list[Any]]]:
        """The records by id, some at a time: of each of these top-level fields its values, None where a record has none."""

    def load(self, path: str, form: str) -> Kept | None:
        """A column of all records, if it was kept."""

    def save(self, path: str, form: str, kept: Kept) -> None:
        """Keep a column for the next opening. Not being able to is no error."""

    def doc(self, record_id: int) -> Doc | None:
        """A record as it was; None when it was not there."""

    def load_view(self, name: str) -> bytes | None:
        """An answer of this part alone, if it was kept."""

    def save_view(self, name: str, content: bytes) -> None:
        """Keep an answer for the next opening. Not being able to is no error."""


class TableSource(Protocol):
    """What queries need of a table. `version` rises with every change; ids of what changed since may be unknown (None)."""

    @property
    def name(self) -> str:
        """The name of the table, such as `deal`."""

    def live_ids(self) -> Sequence[int]:
        """Ids of all records there are, ascending."""

    def doc(self, record_id: int) -> Doc:
        """The document, shared with others: never change it. Raises KeyError when there is none."""

    @property
    def base(self) -> ColumnBase | None:
        """The records as they once were; None when there is no such part."""

    @property
    def dead(self) -> Set[str]:
        """Top-level fields that were deleted: the base may hold values of them, which nobody sees."""

    def newer_ids(self) -> Iterable[int]:
        """Ids of all records that are other than in the base, not in it, or deleted since."""

    def version(self) -> int:
        """A number that rises with every change of the table."""

    def changed_since(self, version: int) -> Iterable[int] | None:
        """Ids written or deleted after `version`; None: no longer known, read all anew."""

    @property
    def lent(self) -> Mapping[str, Callable[[int], Any]]:
        """Paths that no document holds, and what a record has there, by id (`soonest.py`)."""

    def wake(self, path: str) -> None:
        """Such a path is asked for: from now on `doc` gives it too, and what changes there counts."""

    def is_ready(self, path: str) -> bool:
        """Whether `wake` takes but a moment."""

    def prepare(self, path: str, tell: Tell) -> None:
        """Read what `wake` needs. Raises what `tell` raises."""

    def posting(self, field: str, value: object) -> Sequence[int] | None:
        """Ids of the records that hold `value` at `field`, ascending; None when the field has no postings."""


class ColumnRows(Protocol):
    """Rows with columns: of a whole table, or some of them."""

    @property
    def ids(self) -> Sequence[int]:
        """The ids of the rows, ascending: row n is the record `ids[n]`."""

    @property
    def selections(self) -> list[tuple[object, bytes]]:
        """What conditions came to, as long as no row changed (`select.selected`)."""

    def __len__(self) -> int: ...

    def need(self, wanted: Iterable[tuple[str, ColumnForm]]) -> None:
        """Read several columns in one pass, so that `column` finds each of them made."""

    def column(self, path: str, form: ColumnForm) -> PathColumn:
        """The column of a path in a form; read now if nothing asked for it before."""


def field_of(path: str) -> str:
    """The top-level field that a path begins with."""
    return path.partition(".")[0]


def by_row(of_rows: Sequence[int], ids: Sequence[int], wanted: Iterable[int]) -> Iterable[int]:
    """What each of some ids has, of what is said by row; `ids` are those of the rows, ascending."""
    if not ids:
        return ()
    first, span = ids[0], ids[-1] - ids[0] + 1
    if span > 4 * len(ids):
        return map(dict(zip(ids, of_rows, strict=True)).__getitem__, wanted)
    if span > len(ids):  # of a million, a dict would take a hundred MB
        spread = array("I", bytes(4 * span))
        for record_id, what in zip(ids, of_rows, strict=True):
            spread[record_id - first] = what
        of_rows = spread
    return map(of_rows.__getitem__, map((-first).__add__, wanted))


def read_columns(
    base: ColumnBase, wanted: Iterable[Wanted], tell: Tell = lambda _done, _of: None
) -> dict[Wanted, PathColumn]:
    """Columns of a base, as they were kept or in one pass over it. A base never changes: nobody has to wait meanwhile."""
    found = {key: PathColumn(*key) for key in wanted}
    fresh: dict[Wanted, PathColumn] = {}
    for (path, form), column in found.items():
        kept = base.load(path, form.name)
        if kept is None:
            fresh[path, form] = column
        else:
            column.restore(kept)
    if fresh:
        _read_all(base, fresh, tell)
        for (path, form), column in fresh.items():
            base.save(path, form.name, column.kept())
    return found


def _read_all(base: ColumnBase, fresh: Mapping[Wanted, PathColumn], tell: Tell) -> None:
    fields = sorted({field for path, _form in fresh for field in fields_of(path)})
    plain = [column for column in fresh.values() if column.field]
    others = [column for column in fresh.values() if not column.field]
    done, of = 0, len(base.ids)
    for values in base.slices(fields):
        for column in plain:
            column.extend_values(values[column.field])
        if others:
            docs = [dict(zip(fields, row, strict=True)) for row in zip(*map(values.__getitem__, fields), strict=True)]
            for column in others:
                column.extend(docs)
        done += len(values[fields[0]])
        tell(done, of)


class ColumnStore:
    """The rows of a table and those of its columns that somebody has asked for. Not locked: `TableQuery` does that."""

    _FEW = 32  # moved rows up to which shifting arrays (30 µs a column) beats making them anew (5 ms)

    def __init__(self, source: TableSource) -> None:
        self._source = source
        self._version: int | None = None
        self._columns: dict[tuple[str, ColumnForm], PathColumn] = {}
        self._ready: tuple[ColumnBase, dict[Wanted, PathColumn]] | None = None
        self.ids = array("q")
        self.selections: list[tuple[object, bytes]] = []

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def version(self) -> int | None:
        """The version of the table that the rows are of; None before the first `refresh`."""
        return self._version

    @property
    def any_loaded(self) -> bool:
        """Whether any column is in memory."""
        return bool(self._columns)

    def has(self, wanted: Iterable[Wanted]) -> bool:
        """Whether all of these are in memory."""
        return all(key in self._columns for key in wanted)

    def row(self, record_id: int) -> int:
        """The row of an id; -1 when there is none."""
        row = bisect_left(self.ids, record_id)
        return row if row < len(self.ids) and self.ids[row] == record_id else -1

    def column(self, path: str, form: ColumnForm) -> PathColumn:
        """The column; decoded now if it is new."""
        self.need([(path, form)])
        return self._columns[path, form]

    def need(self, wanted: Iterable[Wanted]) -> None:
        """Decode all columns that are missing, in one pass over the documents."""
        missing = {key: PathColumn(*key) for key in wanted if key not in self._columns}
        buried = {key: column for key, column in missing.items() if field_of(key[0]) in self._source.dead}
        lent = {key: column for key, column in missing.items() if key[0] in self._source.lent}
        living = {key: column for key, column in missing.items() if key not in buried and key not in lent}
        base = self._source.base
        if buried:
            self._extend(buried, ({} for _id in self.ids))
        for (path, _form), column in lent.items():
            values = map(self._source.lent[path], self.ids)
            while some := list(islice(values, _SLICE)):
                column.extend_values(some)
        if living and base is None:
            self._extend(living, ({} if doc is None else doc for doc in map(self._doc, self.ids)))
        elif living and base is not None:
            ready = self._taken(base, living)
            ready |= read_columns(base, [key for key in living if key not in ready])
            self._lay_over(base, ready)
            missing |= ready
        self._columns |= missing

    def lacking(self, wanted: Iterable[Wanted]) -> tuple[ColumnBase, list[Wanted]] | None:
        """The base, and those columns of it that `need` would have to read first; None for none."""
        base, dead, lent = self._source.base, self._source.dead, self._source.lent
        ready = self._ready[1] if self._ready is not None and self._ready[0] is base else {}
        found = [
            key
            for key in wanted
            if not (key in self._columns or key in ready or key[0] in lent or field_of(key[0]) in dead)
        ]
        return (base, found) if base is not None and found else None

    def offer(self, base: ColumnBase, columns: dict[Wanted, PathColumn]) -> None:
        """Columns of a base that somebody read beside: `need` takes them, as long as the base is the same."""
        kept = self._ready[1] if self._ready is not None and self._ready[0] is base else {}
        self._ready = base, {**kept, **columns}

    def _taken(self, base: ColumnBase, wanted: Iterable[Wanted]) -> dict[Wanted, PathColumn]:
        """What was offered of these; it is nobody else's from now on."""
        if self._ready is None or self._ready[0] is not base:
            self._ready = None
            return {}
        offered = self._ready[1]
        return {key: offered.pop(key) for key in wanted if key in offered}

    @staticmethod
    def _extend(columns: Mapping[Wanted, PathColumn], docs: Iterable[Mapping[str, Any]]) -> None:
        rows = iter(docs)
        while some := list(islice(rows, _SLICE)):
            for column in columns.values():
                column.extend(some)

    def _lay_over(self, base: ColumnBase, columns: Mapping[tuple[str, ColumnForm], PathColumn]) -> None:
        """From rows of the base to the rows there are."""
        laid = ColumnStore(self._source)
        laid.ids = array("q", base.ids)
        laid._columns = dict(columns)
        laid._apply(sorted(self._source.newer_ids()))
        if laid.ids != self.ids:
            # Others wrote since the rows were taken; they are told of with the next refresh.
            places = [laid.row(record_id) for record_id in self.ids]
            for column in columns.values():
                column.take(places)

    def those(self, wanted: Iterable[tuple[str, ColumnForm]]) -> dict[tuple[str, ColumnForm], PathColumn]:
        """The columns themselves; decoded now if they are new."""
        return {key: self.column(*key) for key in wanted}

    def still_has(self, columns: Mapping[tuple[str, ColumnForm], PathColumn]) -> bool:
        """Whether these very columns are still followed."""
        return all(self._columns.get(key) is column for key, column in columns.items())

    def refresh(self, before: Callable[[set[int]], None] | None = None) -> set[int] | None:
        """Follow the table. Returns the ids that may have changed; None when everything was read anew. `before` is called with
        the ids while their rows are as they were."""
        # The version is asked first: what is written meanwhile is then told again next time.
        version = self._source.version()
        if version == self._version:
            return set()
        self.selections.clear()
        known = self._version is not None and self._columns
        changed = self._source.changed_since(self._version or 0) if known else None
        self._version = version
        if changed is None:
            self._columns.clear()
            self.ids = array("q", self._source.live_ids())
            return None
        ids = set(changed)
        if before is not None:
            before(ids)
        self._apply(sorted(ids))
        for key in [key for key, column in self._columns.items() if column.bloated]:
            del self._columns[key]
        return ids

    def _doc(self, record_id: int) -> Doc | None:
        try:
            return self._source.doc(record_id)
        except KeyError:
            return None

    def _apply(self, changed: Iterable[int]) -> None:
        gone: list[int] = []
        late: list[tuple[int, Doc]] = []
        for record_id in changed:
            row, doc = self.row(record_id), self._doc(record_id)
            if row >= 0 and doc is not None:
                for column in self._columns.values():
                    column.replace(row, doc)
            elif row >= 0:
                gone.append(row)
            elif doc is not None and (not self.ids or record_id > self.ids[-1]):
                self._append(record_id, doc)
            elif doc is not None:
                late.append((record_id, doc))
        if len(gone) + len(late) <= self._FEW:
            self._shift(gone, late)
        else:
            self._rearrange(set(gone), late)

    def _append(self, record_id: int, doc: Doc) -> None:
        self.ids.append(record_id)
        for column in self._columns.values():
            column.extend([doc])

    def _shift(self, gone: list[int], late: list[tuple[int, Doc]]) -> None:
        for row in reversed(gone):
            del self.ids[row]
            for column in self._columns.values():
                del column.codes[row]
        for record_id, doc in late:
            row = bisect_left(self.ids, record_id)
            self.ids.insert(row, record_id)
            for column in self._columns.values():
                column.insert(row, doc)

    def _rearrange(self, gone: set[int], late: list[tuple[int, Doc]]) -> None:
        for record_id, doc in late:
            self._append(record_id, doc)
        ids = self.ids
        rows = sorted((row for row in range(len(ids)) if row not in gone), key=ids.__getitem__)
        self.ids = array("q", map(ids.__getitem__, rows))
        for column in self._columns.values():
            column.arrange(rows)


class Picked:
    """Some rows of a table's columns, with columns of their own: what is asked of all can be asked of these alone."""

    def __init__(self, whole: ColumnStore, ids: Iterable[int]) -> None:
        """Of those ids that have a row."""
        self._whole = whole
        self._rows = [row for record_id in sorted(ids) if (row := whole.row(record_id)) >= 0]
        self.ids = [whole.ids[row] for row in self._rows]
        self._columns: dict[tuple[str, ColumnForm], PathColumn] = {}
        self.selections: list[tuple[object, bytes]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def need(self, wanted: Iterable[tuple[str, ColumnForm]]) -> None:
        """Have the whole table read these columns; rows are picked from each once it is asked for."""
        self._whole.need(wanted)

    def column(self, path: str, form: ColumnForm) -> PathColumn:
        """The column with the picked rows alone."""
        found = self._columns.get((path, form))
        if found is None:
            found = self._columns[path, form] = self._whole.column(path, form).picked(self._rows)
        return found
