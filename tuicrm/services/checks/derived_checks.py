"""Whether what is derived from the records says what they say: sums, orders and filters as they are kept beside the snapshots,
postings, and the indexes of search and of likeness. Each is asked as it is kept, and once more of the records alone.

A sample unless all is asked for: some fields of each type, some items of each index, other ones every time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import Any, NamedTuple

from tuicrm.domain.conditions import Aggregate, Condition, Sort, Test
from tuicrm.domain.entering import administers
from tuicrm.domain.matching import values_at
from tuicrm.domain.progress import Tell
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import IndexTrouble
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session, config_records
from tuicrm.services.search.sign_texts import AlikeSigning
from tuicrm.services.search.word_texts import SearchWording
from tuicrm.services.workspace.start import indexes
from tuicrm.store import open_store
from tuicrm.store.parts import Fault
from tuicrm.store.protocol import Store, StorePlace

_FIELDS, _ITEMS, _KEYS = 3, 50, 20
"""Fields of each type, items of each index, values of each posting that a sample takes."""
_ATTEMPTS = 5
_CACHE = ".cache"


class _Question(NamedTuple):
    """What is asked of both, and what people know it by."""

    name: str
    ask: Callable[[Session], Any]


def faults(place: StorePlace, *, whole: bool = False, tell: Tell = lambda _done, _of: None) -> list[Fault]:
    """What is kept and is not so; [] where all that was asked is. Raises NotAWorkspace, NewerFormat, Damaged, what `tell`
    raises."""
    with closing(open_store(place, indexes())) as kept:
        person = _somebody(kept)
        if not person:
            return []
        with closing(open_store(place, indexes(), kept=False)) as fresh:
            asked, anew = Session(kept, person), Session(fresh, person)
            questions = list(_questions(asked, whole=whole))
            found = []
            for number, question in enumerate(questions, 1):
                if not _agree(question, asked, anew):
                    told = _(
                        "{what}: the cached data does not match the records. Delete the folder "
                        ".cache; it is created again"
                    )
                    found.append(Fault(_CACHE, told.format(what=question.name)))
                tell(number, len(questions))
            return [*found, *_indexes(asked, whole=whole)]


def _somebody(store: Store) -> str:
    """An administrator, who sees everything; "" where there is no such person."""
    people = Workspace({}, config_records(store, ("person", "department", "role")))
    return next((one.key for one in people.people.values() if administers(people, one)), "")


def _agree(question: _Question, asked: Session, anew: Session) -> bool:
    """Whether both answer alike. Others may write in between: then once more."""
    for _attempt in range(_ATTEMPTS):
        for session in (asked, anew):
            session.store.refresh()
        seqs = asked.store.seq(), anew.store.seq()
        alike = bool(question.ask(asked) == question.ask(anew))
        for session in (asked, anew):
            session.store.refresh()
        if alike or (seqs == (asked.store.seq(), anew.store.seq()) and seqs[0] == seqs[1]):
            return alike
    return True  # never quiet for long enough to say


def _questions(session: Session, *, whole: bool) -> Iterator[_Question]:
    workspace = session.workspace
    for key, item_type in workspace.types.items():
        fields = [one for one in workspace.fields(key).values() if not one.traits.is_whole_thing]
        some = fields if whole else random.sample(fields, min(_FIELDS, len(fields)))
        for field in some:
            rates = workspace.rates.table() if field.traits.has_currency else {}
            sort = Sort(field.derived or field.key, field.kind, rates=rates)
            name = _("{type} sorted by {field}").format(type=key, field=field.key)
            yield _Question(name, partial(_ids, key, None, (sort,)))
        sums = [Aggregate("count")]
        if item_type.amount:
            sums.append(Aggregate("sum", item_type.amount, "money"))
        name = _("counts and sums of {type}").format(type=key)
        yield _Question(name, partial(_folded, key, tuple(sums)))
    for table, paths in indexes().by_table.items():
        for path in paths:
            for value in _values(session, table, path, whole=whole):
                name = _("{table} by {field}").format(table=table, field=path)
                test = Test(path, "string", "=", value)
                yield _Question(name, partial(_ids, table, test, ()))


def _ids(table: str, where: Condition | None, sorts: Sequence[Sort], session: Session) -> list[int]:
    return session.whole.ids(table, where, sorts)


def _folded(key: str, sums: Sequence[Aggregate], session: Session) -> list[Any]:
    found = session.whole.fold(key, None, "stage", sums)
    return sorted((str(group.key), group.results) for group in found)


def _values(session: Session, table: str, path: str, *, whole: bool) -> Iterator[str]:
    """Values that some records, or all of them, hold at a path."""
    read, seen = values_at(path), set[str]()
    ids = session.whole.ids(table)
    for record in session.whole.get(table, ids if whole else random.sample(list(ids), min(_KEYS, len(ids)))):
        for value in read(record.doc):
            if isinstance(value, str) and value not in seen:
                seen.add(value)
                yield value


# -- indexes -----------------------------------------------------------------------------------------------------------
def _indexes(session: Session, *, whole: bool) -> Iterator[Fault]:
    store, some = session.store, 0 if whole else _ITEMS
    wrong: tuple[tuple[str, Iterator[tuple[str, int]]], ...] = (
        ("search", store.wrong_words(SearchWording(session), some)),
        ("alike", store.wrong_signs(AlikeSigning(session), some)),
    )
    for name, found in wrong:
        try:
            for key, item_id in found:
                told = _(
                    "{type} {id}: the index “{name}” does not match the record. Delete the "
                    "folder .cache; it is created again"
                )
                yield Fault(_CACHE, told.format(type=key, id=item_id, name=name))
        except IndexTrouble as trouble:
            told = _("the index “{name}” cannot be read ({reason}). Delete the folder .cache; it is created again")
            yield Fault(_CACHE, told.format(name=name, reason=trouble.message))
