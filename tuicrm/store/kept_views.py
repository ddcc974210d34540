"""Kept answers of a snapshot in `.cache/`: the first view of a board then needs no columns at all.

A snapshot never changes, so neither do its answers; what is newer than it is taken out and put in record by record (`views.py`).
Disposable: made anew when missing, stale, damaged, or made by another tuicrm. Only what every board asks for is kept: all records, or
those of one pipeline.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Protocol

import msgspec

from tuicrm.digests import blake2b
from tuicrm.domain import matching
from tuicrm.domain.conditions import Sort, Test
from tuicrm.domain.matching import comparable_at
from tuicrm.files import code_digest
from tuicrm.store import column, columns, folds, select, views
from tuicrm.store.column import ColumnForm, PathColumn
from tuicrm.store.protocol import Doc, FoldGroup
from tuicrm.store.views import Apart, KeptView, Sums, ViewQuestion

_MOST_NEWER = 2_000
"""Newer records up to which carrying an answer along beats asking anew."""


class ViewSnapshot(Protocol):
    """A snapshot."""

    def doc(self, record_id: int) -> Doc | None:
        """A record as it was; None when it was not there."""

    def load_view(self, name: str) -> bytes | None:
        """An answer of this snapshot alone, if it was kept."""

    def save_view(self, name: str, content: bytes) -> None:
        """Keep an answer for the next opening. Not being able to is no error."""


class DocRows:
    """A few documents as rows with columns."""

    def __init__(self, docs: Mapping[int, Doc]) -> None:
        self._docs = dict(sorted(docs.items()))
        self.ids = list(self._docs)
        self.selections: list[tuple[object, bytes]] = []
        self._columns: dict[tuple[str, ColumnForm], PathColumn] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def need(self, wanted: Iterable[tuple[str, ColumnForm]]) -> None:
        """Make several columns."""
        for path, form in wanted:
            self.column(path, form)

    def column(self, path: str, form: ColumnForm) -> PathColumn:
        """The column of a path in a form, made when first asked for."""
        found = self._columns.get((path, form))
        if found is None:
            found = self._columns[path, form] = PathColumn(path, form)
            found.extend(self._docs.values())
        return found


Read = Callable[[int], Doc | None]
"""A record by its id, as it is at some moment."""


def can_keep(question: ViewQuestion) -> bool:
    """Whether this is what every board asks for."""
    return question[2] is None or isinstance(question[2], Test)


def load(base: ViewSnapshot, newer: Sequence[int], question: ViewQuestion, now: Read) -> KeptView | None:
    """The answer as it is now; None when none was kept, or too much is newer."""
    if not can_keep(question) or len(newer) > _MOST_NEWER:
        return None
    content = base.load_view(_name(question))
    if content is None:
        return None
    try:
        held = msgspec.msgpack.decode(content)
        view = _restored(question, held)
        return view if _carry(view, newer, base.doc, now) else None
    except (ValueError, TypeError, KeyError, ArithmeticError, msgspec.DecodeError):
        return None


def save(base: ViewSnapshot, newer: Sequence[int], view: KeptView, now: Read) -> None:
    """Keep an answer, as it is for the snapshot alone. Not being able to is no error."""
    if can_keep(view.question) and len(newer) <= _MOST_NEWER and _code():
        copy = _restored(view.question, _plain(view))
        if _carry(copy, newer, now, base.doc):
            base.save_view(_name(view.question), msgspec.msgpack.encode(_plain(copy)))


def _carry(view: KeptView, ids: Sequence[int], before: Read, after: Read) -> bool:
    """From one moment to another; False when the other one has what such an answer is not for."""
    view.take_out(DocRows({i: doc for i in ids if (doc := before(i)) is not None}), partial(doc_comparables, before))
    rows = DocRows({i: doc for i in ids if (doc := after(i)) is not None})
    if not view.can_follow(rows):
        return False
    view.put_in(rows, partial(doc_comparables, after))
    return True


def doc_comparables(read: Read, sorts: Sequence[Sort]) -> Callable[[int], list[Any]]:
    """The comparables of a record's sort keys, by id, each read from its document."""
    getters = [comparable_at(sort) for sort in sorts]

    def comparables(record_id: int) -> list[Any]:
        doc = read(record_id) or {}
        return [get(doc) for get in getters]

    return comparables


def _plain(view: KeptView) -> list[Any]:
    if isinstance(view, Sums):
        return [[group.key, [_plain_result(result) for result in group.results]] for group in view.groups.values()]
    if isinstance(view, Apart):
        return [[key, ids.tobytes()] for key, ids in view.found.items()]
    raise TypeError(view)


def _plain_result(result: object) -> object:
    if isinstance(result, Decimal):
        return str(result)
    return {key: str(amount) for key, amount in result.items()} if isinstance(result, dict) else result


def _restored(question: ViewQuestion, held: Iterable[Any]) -> KeptView:
    if question[0] == Apart.NAME:
        found: dict[Any, array[int]] = {}
        for key, content in held:
            ids = array("q")
            ids.frombytes(content)
            found[key] = ids
        return Apart(question, {}, found)
    return Sums(question, {}, {key: FoldGroup(key, tuple(map(_result, results))) for key, results in held})


def _result(plain: object) -> object:
    if isinstance(plain, str):
        return Decimal(plain)
    return {key: Decimal(amount) for key, amount in plain.items()} if isinstance(plain, dict) else plain


def _name(question: ViewQuestion) -> str:
    return blake2b(f"{question!r}\0{_code()}".encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    """What stands for the way answers are found: another tuicrm may find others."""
    return code_digest(matching, column, columns, folds, select, views)
