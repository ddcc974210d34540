"""Columns say what `domain/matching.py` says, whatever the documents, and however they got there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.store.folders import apart
from tuicrm.domain.conditions import ALWAYS, NEVER, Aggregate, And, Condition, Empty, Not, OneOf, Or, Search, Sort, Test
from tuicrm.domain.matching import matcher, sort_key
from tuicrm.domain.progress import Tell
from tuicrm.store.column import of_kind
from tuicrm.store.columns import ColumnStore
from tuicrm.store.protocol import Doc, Find, FoldGroup, Record
from tuicrm.store.query import TableQuery

RATES = {"EUR": "1", "USD": "0.5"}


class FakeTable:
    """A table in memory that remembers which ids changed, and counts how often documents are read."""

    name = "deal"

    def __init__(self, docs: dict[int, Doc] | None = None, posted: str = "") -> None:
        self.docs = dict(docs or {})
        self.log: list[int] = []
        self.posted = posted
        self.reads = 0
        self.forgotten = False

    def live_ids(self) -> Sequence[int]:
        return sorted(self.docs)

    def doc(self, record_id: int) -> Doc:
        self.reads += 1
        return self.docs[record_id]

    base = None
    dead: frozenset[str] = frozenset()
    lent: Mapping[str, Callable[[int], Any]] = MappingProxyType({})

    def wake(self, path: str) -> None:
        raise KeyError(path)

    def is_ready(self, path: str) -> bool:
        raise KeyError(path)

    def prepare(self, path: str, tell: Tell) -> None:
        raise KeyError(path)

    def newer_ids(self) -> Iterable[int]:
        raise NotImplementedError

    def version(self) -> int:
        return len(self.log)

    def changed_since(self, version: int) -> Iterable[int] | None:
        return None if self.forgotten else self.log[version:]

    def posting(self, field: str, value: Any) -> Sequence[int] | None:
        return [i for i in self.live_ids() if self.docs[i].get(field) == value] if field == self.posted else None

    def write(self, record_id: int, doc: Doc | None) -> None:
        self.log.append(record_id)
        if doc is None:
            self.docs.pop(record_id, None)
        else:
            self.docs[record_id] = doc

    def record(self, record_id: int) -> Record:
        return Record(self.name, record_id, 1, self.docs[record_id])


# -- strategies: few distinct values, so that things meet, and values of the wrong shape among them --------------------
texts = st.sampled_from(["", "a", "A", "ab", "rossi", "Rossi Srl", "02 55"])
amounts = st.builds(
    lambda amount, currency: {"amount": amount, "currency": currency},
    st.sampled_from(["1", "2.00", "2", "-3.5", "x"]),
    st.sampled_from(["EUR", "USD", "GBP"]),
)
phones = st.builds(
    lambda value, typed: {"value": value, "typed": typed, "type": "work"},
    st.sampled_from(["+390255550142", "+391"]),
    st.sampled_from(["02 5555 0142", "1"]),
)
dates = st.sampled_from(["2026-01-01", "2026-11-23", "2027-02-03"])
junk = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), texts, st.just({}), st.lists(texts, max_size=2))
FIELDS: dict[str, tuple[str, st.SearchStrategy[Any], st.SearchStrategy[Any]]] = {
    # key: kind, stored values, comparables
    "title": ("string", texts, texts.map(str.casefold)),
    "amount": ("money", amounts, st.sampled_from([Decimal(1), Decimal(2), Decimal("0.5")])),
    "extra": ("money", st.lists(amounts, max_size=3), st.sampled_from([Decimal(1), Decimal(2)])),
    "count": ("integer", st.integers(-2, 2), st.integers(-2, 2)),
    "rate": ("number", st.sampled_from(["1", "1.0", "2"]), st.sampled_from([Decimal(1), Decimal(2)])),
    "open": ("boolean", st.booleans(), st.booleans()),
    "day": ("date", dates, dates),
    "stage": ("stage", st.sampled_from(["new", "won", "lost"]), st.sampled_from(["new", "won", "gone"])),
    "contacts": ("item", st.lists(st.sampled_from(["contact:1", "contact:2"]), max_size=3), st.just("contact:1")),
    "phones": ("phone", st.lists(phones, max_size=2), st.sampled_from(["+391", "02 555"])),
}
doc_strategy = st.fixed_dictionaries(
    {}, optional={key: st.one_of(stored, junk) for key, (_, stored, _) in FIELDS.items()}
)
paths = st.sampled_from([*FIELDS, "amount.currency", "phones.type", "missing"])


@st.composite
def leaves(draw: st.DrawFn) -> Condition:
    key = draw(st.sampled_from(list(FIELDS)))
    kind, _, comparables = FIELDS[key]
    rates = RATES if kind == "money" else {}
    choice = draw(st.integers(0, 5))
    if choice == 0:
        return Empty(draw(paths))
    if choice == 1:
        return Search(draw(texts).casefold(), tuple(draw(st.lists(paths, max_size=3))))
    if choice == 2:
        return OneOf(key, kind, tuple(draw(st.lists(comparables, max_size=2))), rates)
    if choice == 3:
        return Test(key, kind, "~", draw(texts).casefold())
    return Test(key, kind, draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="])), draw(comparables), rates)


conditions = st.recursive(
    leaves() | st.sampled_from([ALWAYS, NEVER]),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=5,
)
sort_lists = st.lists(
    st.builds(
        lambda key, descending: Sort(key, FIELDS[key][0], descending, RATES if FIELDS[key][0] == "money" else {}),
        st.sampled_from(list(FIELDS)),
        st.booleans(),
    ),
    max_size=3,
)
tables = st.dictionaries(st.integers(1, 60), doc_strategy, max_size=12)


def expected(docs: dict[int, Doc], where: Condition | None, sorts: Sequence[Sort]) -> list[int]:
    holds, key = matcher(where if where is not None else ALWAYS), sort_key(sorts)
    found = [record_id for record_id, doc in docs.items() if holds(doc)]
    return sorted(found, key=lambda record_id: key(docs[record_id], record_id))


@settings(max_examples=examples(300), deadline=None)
@given(tables, conditions, sort_lists)
def test_columns_agree_with_the_matcher(docs: dict[int, Doc], where: Condition, sorts: list[Sort]) -> None:
    query = TableQuery(FakeTable(docs))
    assert query.ids(where, sorts) == expected(docs, where, sorts)
    assert query.ids(None, sorts) == expected(docs, None, sorts)
    assert query.ids(where, sorts) == expected(docs, where, sorts), "with a kept order"
    for ask_rest in (lambda one: one.ids(None, sorts[1:]), lambda one: apart(one, "deal", "", None, sorts[1:])):
        knowing = TableQuery(FakeTable(docs))
        ask_rest(knowing)
        assert knowing.ids(None, sorts) == expected(docs, None, sorts), "with the order of its other keys known"


AGGREGATES = (
    Aggregate("count"),
    Aggregate("sum", "amount", "money"),
    Aggregate("sum", "extra", "money"),
    Aggregate("sum", "rate", "number"),
    Aggregate("weighted", "amount", "money", "count", {"new": 10, "won": 100}),
    Aggregate("min", "day", "date"),
    Aggregate("max", "day", "date"),
)
KEPT_AGGREGATES = AGGREGATES[:5]
"""Those that are kept and followed (`store/views.py`)."""

edits = st.lists(st.tuples(st.integers(1, 70), st.none() | doc_strategy), max_size=12)


@settings(max_examples=examples(200), deadline=None)
@given(tables, st.lists(edits, min_size=1, max_size=3), conditions, sort_lists, st.sampled_from([0, 32]), st.booleans())
def test_following_changes_agrees_with_reading_anew(
    docs: dict[int, Doc],
    rounds: list[list[tuple[int, Doc | None]]],
    where: Condition,
    sorts: list[Sort],
    few: int,
    forget: bool,
) -> None:
    table = FakeTable(docs)
    query = TableQuery(table)
    query._columns._FEW = few  # both ways of moving rows, on tables small enough for Hypothesis
    for changes in rounds:
        query.ids(where, sorts)
        query.ids(None, sorts)
        for by in ("stage", "contacts", ""):
            query.fold(where, by, AGGREGATES)
            query.fold(where, by, KEPT_AGGREGATES)
            apart(query, "deal", by or "count", where, sorts)
            apart(query, "deal", "", where, sorts)
        for record_id, doc in changes:
            table.write(record_id, doc)
        table.forgotten = forget
        fresh = TableQuery(FakeTable(table.docs))
        assert query.ids(where, sorts) == fresh.ids(where, sorts) == expected(table.docs, where, sorts)
        assert query.ids(None, sorts) == expected(table.docs, None, sorts)
        for by in ("stage", "contacts", ""):
            assert query.fold(where, by, AGGREGATES) == fresh.fold(where, by, AGGREGATES)
            assert query.fold(where, by, KEPT_AGGREGATES) == fresh.fold(where, by, KEPT_AGGREGATES)
            assert apart(query, "deal", by or "count", where, sorts) == apart(
                fresh, "deal", by or "count", where, sorts
            )
        together = expected(table.docs, where, sorts)
        assert apart(query, "deal", "", where, sorts) == ({None: together} if together else {})


@settings(max_examples=examples(100), deadline=None)
@given(tables, conditions, sort_lists, st.integers(1, 5))
def test_pages_put_together_are_the_whole(
    docs: dict[int, Doc], where: Condition, sorts: list[Sort], limit: int
) -> None:
    table = FakeTable(docs)
    query = TableQuery(table)
    found: list[int] = []
    after: tuple[Any, ...] | None = None
    for _ in range(len(docs) + 1):
        page = query.find(Find("deal", where, tuple(sorts), limit, after), table.record)
        assert page.total == len(expected(docs, where, sorts))
        found += [record.id for record in page.records]
        if (after := page.next) is None:
            break
    assert found == expected(docs, where, sorts)


# -- cases -------------------------------------------------------------------------------------------------------------
def euro(amount: str, currency: str = "EUR") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


DEALS: dict[int, Doc] = {
    1: {"stage": "new", "amount": euro("10.00"), "contacts": ["contact:1", "contact:2"], "day": "2026-02-01"},
    2: {"stage": "new", "amount": euro("5.50", "USD"), "contacts": ["contact:1"], "count": 50},
    3: {"stage": "won", "amount": euro("7.25"), "day": "2026-01-01"},
    4: {"amount": euro("1")},
    7: {"stage": "new", "amount": euro("0.10"), "day": "2026-01-15"},
}


def test_equal_keys_of_several_kinds_are_one_group() -> None:
    query = TableQuery(FakeTable({1: {"count": 0}, 2: {"count": False}, 3: {"count": 1}, 4: {"count": True}}))
    assert apart(query, "deal", "count") == {0: [1, 2], 1: [3, 4]}
    assert sorted((group.key, group.results) for group in query.fold(None, "count", AGGREGATES[:1])) == [
        (0, (2,)),
        (1, (2,)),
    ]


def test_fold_by_stage() -> None:
    groups = TableQuery(FakeTable(DEALS)).fold(None, "stage", (AGGREGATES[0], AGGREGATES[1], *AGGREGATES[4:]))
    weighted_new = {"EUR": Decimal("1.01"), "USD": Decimal("2.75")}
    assert groups == [
        FoldGroup(
            "new", (3, {"EUR": Decimal("10.10"), "USD": Decimal("5.50")}, weighted_new, "2026-01-15", "2026-02-01")
        ),
        FoldGroup("won", (1, {"EUR": Decimal("7.25")}, {"EUR": Decimal("7.25")}, "2026-01-01", "2026-01-01")),
        FoldGroup(None, (1, {"EUR": Decimal(1)}, {}, None, None)),
    ]


def test_a_fold_over_all_is_one_group_even_of_nothing() -> None:
    query = TableQuery(FakeTable(DEALS))
    assert query.fold(NEVER, "", AGGREGATES[:2]) == [FoldGroup(None, (0, {}))]
    assert query.fold(NEVER, "stage", AGGREGATES[:2]) == []


def test_an_item_with_several_values_counts_in_each_of_their_groups() -> None:
    groups = TableQuery(FakeTable(DEALS)).fold(None, "contacts", AGGREGATES[:1])
    assert [(group.key, group.results[0]) for group in groups] == [("contact:1", 2), ("contact:2", 1), (None, 3)]


@pytest.mark.parametrize(
    "ask",
    [
        lambda query: query.ids(Test("stage", "string", "=", "won")),
        lambda query: query.ids(And((Not(NEVER), OneOf("stage", "stage", ("won", "lost")))), [Sort("day", "date")]),
        lambda query: query.ids(Or((Test("stage", "stage", "=", "won"), Test("stage", "stage", "=", "lost")))),
        lambda query: [3] * query.fold(Test("stage", "stage", "=", "won"), "", AGGREGATES)[0].results[0],
    ],
)
def test_postings_answer_without_reading_the_table(ask: Callable[[TableQuery], list[int]]) -> None:
    table = FakeTable(DEALS, posted="stage")
    assert ask(TableQuery(table)) == [3]
    assert table.reads == 1


def test_a_change_reads_one_document() -> None:
    table = FakeTable({n: {"title": f"deal {n}", "stage": "new"} for n in range(1, 500)})
    query = TableQuery(table)
    by_title = [Sort("title", "string")]
    assert query.ids(None, by_title)[-1] == 99
    table.reads = 0
    table.write(99, {"title": "a first one"})
    assert query.ids(None, by_title)[0] == 99
    assert table.reads == 1


def test_entries_out_of_use_are_let_go() -> None:
    table = FakeTable({1: {"title": "x"}})
    columns = ColumnStore(table)
    columns.refresh()
    for n in range(2000):
        table.write(1, {"title": f"x {n}"})
        columns.need([("title", of_kind("string"))])
        columns.refresh()
    assert len(columns.column("title", of_kind("string")).entries) < 1100


def test_threads_may_ask_while_others_write() -> None:
    table = FakeTable({n: {"title": f"deal {n}", "stage": "new"} for n in range(1, 200)})
    query, by_title = TableQuery(table), [Sort("title", "string", descending=True)]

    def ask(n: int) -> int:
        if n % 4 == 0:
            table.write(n + 1, {"title": f"x {n}", "stage": "won"} if n % 8 else None)
        query.fold(None, "stage", AGGREGATES)
        return len(query.ids(Search("x", ("title",)), by_title)) + len(query.ids(None, by_title))

    with ThreadPoolExecutor(4) as pool:
        assert all(found > 0 for found in pool.map(ask, range(200)))
    assert query.ids(None, by_title) == expected(table.docs, None, by_title)


def test_a_record_deleted_while_the_page_is_read_is_left_out() -> None:
    page = TableQuery(FakeTable(DEALS)).find(Find("deal"), lambda i: None if i == 3 else Record("deal", i, 1, {}))
    assert [record.id for record in page.records] == [1, 2, 4, 7]
