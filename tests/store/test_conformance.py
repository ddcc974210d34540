"""What every store does, whatever is behind it: the contract of `store/protocol.py`. A new backend adds a line to BACKENDS."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.folders import apart
from tuicrm.domain.conditions import Aggregate, And, Condition, Empty, Not, OneOf, Or, Search, Sort, Test
from tuicrm.domain.matching import fold, matcher, sort_key
from tuicrm.errors import Conflict, CrmError, NotFound, Refused
from tuicrm.store import create_store, open_store
from tuicrm.store.protocol import (
    Doc,
    Find,
    Indexes,
    Key,
    Op,
    Ordered,
    QueryAnswer,
    RecordChange,
    Soonest,
    Store,
    Window,
)

Open = Callable[[], Store]

OPEN = Test("done", "boolean", "=", False)
INDEXES = Indexes(
    {"entry": ("owner",), "activity": ("owner",)},
    {"@next": Soonest("activity", "owner", "at", "datetime", OPEN)},
)


def journal(folder: Path) -> Open:
    """A workspace folder; every call opens it once more, as another process would."""
    create_store(folder, INDEXES).close()
    return lambda: open_store(folder, INDEXES)


BACKENDS: dict[str, Callable[[Path], Open]] = {"journal": journal}


@pytest.fixture(params=list(BACKENDS))
def again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same data once more; all are closed at the end."""
    opened: list[Store] = []
    make = BACKENDS[request.param](tmp_path / "store")

    def open_() -> Store:
        opened.append(make())
        return opened[-1]

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def store(again: Open) -> Store:
    return again()


def put(store: Store, table: str, *docs: Doc, by: str = "anna") -> list[int]:
    """Insert documents; returns their ids."""
    ids = store.new_ids(table, len(docs))
    store.commit([Op(table, record_id, doc) for record_id, doc in zip(ids, docs, strict=True)], by=by)
    return ids


def docs(store: Store, table: str) -> dict[int, Doc]:
    return {record.id: record.doc for record in store.find(Find(table)).records}


# -- records and transactions ------------------------------------------------------------------------------------------
def test_what_is_written_is_read_here_and_by_others(store: Store, again: Open) -> None:
    doc = {
        "title": "Ünïcode ✓ 日本",
        "n": 1,
        "f": 0.5,
        "deep": {"a": [1, None, True]},
        "ctrl": "\x01\x1b\x7f\x9b\u202e\u2028",
    }
    (record_id,) = put(store, "deal", doc)
    for reader in (store, again()):
        (record,) = reader.get("deal", [record_id, 99])
        assert (record.table, record.id, record.rev, record.doc) == ("deal", record_id, reader.seq(), doc)
    assert store.get("nothing", [1]) == []


def test_a_record_that_was_read_is_the_readers_own(store: Store) -> None:
    (record_id,) = put(store, "deal", {"tags": ["a"]})
    store.get("deal", [record_id])[0].doc["tags"].append("b")
    assert store.get("deal", [record_id])[0].doc == {"tags": ["a"]}


def test_a_transaction_is_all_or_nothing(store: Store, again: Open) -> None:
    put(store, "deal", {"n": 1})
    seq = store.seq()
    with pytest.raises(Refused):
        store.commit([Op("deal", 1, {"n": 2}), Op("contact", 1, {"bad": float("nan")})])
    with pytest.raises(Conflict):
        store.commit([Op("deal", 1, {"n": 3}), Op("deal", 2, {"n": 4})], {Key("deal", 2): 7})
    assert (store.seq(), docs(store, "deal"), docs(again(), "deal")) == (seq, {1: {"n": 1}}, {1: {"n": 1}})


@pytest.mark.parametrize(
    "bad",
    [float("inf"), float("nan"), "\ud800", {"\udfff": 1}, {1: 2}, {"a": {1, 2}}, object(), Decimal(1), [[b"x"]]],
    ids=lambda bad: type(bad).__name__,
)
def test_what_is_no_json_is_refused(store: Store, bad: Any) -> None:
    with pytest.raises(Refused, match="cannot be saved"):
        store.commit([Op("deal", 1, {"value": bad})])
    assert docs(store, "deal") == {}


@pytest.mark.parametrize(
    "value", ["a\0b", ["a", "\0"], {"typed": "\0", "value": "1"}, {"\0": 1}, [{"rows": [{"name": "\0"}]}]]
)
def test_a_nul_is_refused_by_its_field_wherever_it_stands(store: Store, value: Any) -> None:
    put(store, "deal", {"title": "whole"})
    for ops in ([Op("deal", 2, {"title": "b", "phone": value})], [Op("deal", 1, {"phone": value})]):
        with pytest.raises(Refused, match="phone: a text without NUL characters is expected") as refused:
            store.commit(ops)
        assert [(one.field, one.value) for one in refused.value.fields] == [("phone", value)]
        with store.batch() as batch, pytest.raises(Refused, match="NUL"):
            batch.add(ops)
    assert docs(store, "deal") == {1: {"title": "whole"}}


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4),
        st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans(),
    )
)
def test_of_numbers_their_worth_is_kept_and_of_keys_which_there_are(store: Store, again: Open, doc: Doc) -> None:
    table = f"n{store.seq()}"
    store.commit([Op(table, 1, doc)])
    other = again()
    (kept,) = docs(other, table).values()
    assert kept == doc
    assert all(type(kept[key]) is bool for key, value in doc.items() if type(value) is bool)
    turned = dict(reversed(doc.items()))
    seq = store.commit([Op(table, 1, turned)])
    (step,) = store.past.steps(seq)
    assert step.old == {}, "the order of keys is no change"
    other.close()


def test_very_deep_documents_are_refused_and_not_crashed_on(store: Store) -> None:
    deep: Any = []
    for _n in range(5_000):
        deep = [deep]
    with pytest.raises(Refused, match="deep"):
        store.commit([Op("deal", 1, {"value": deep})])


def test_revisions_say_who_was_first(store: Store, again: Open) -> None:
    other = again()
    (record_id,) = put(store, "deal", {"n": 1})
    key = Key("deal", record_id)
    rev = store.get("deal", [record_id])[0].rev
    store.commit([Op(*key, {"n": 2})], {key: rev})
    with pytest.raises(Conflict) as refused:
        other.commit([Op(*key, {"n": 3})], {key: rev})
    assert (refused.value.expected, refused.value.current) == (rev, {"n": 2})
    with pytest.raises(Conflict):
        other.commit([Op(*key, {"n": 2})], {key: rev})
    with pytest.raises(Conflict):
        other.commit([Op(*key, {"n": 1})], {key: 0})
    assert other.commit([], {key: other.get("deal", [record_id])[0].rev}) == store.seq()


def test_a_revision_never_repeats(store: Store) -> None:
    (record_id,) = put(store, "deal", {"n": 1})
    key, seen = Key("deal", record_id), set()
    for n in range(4):
        rev = store.get("deal", [record_id])[0].rev
        assert rev not in seen
        seen.add(rev)
        store.commit([Op(*key, None)], {key: rev})
        with pytest.raises(Conflict):
            store.commit([Op(*key, {"n": n})], {key: rev})
        store.commit([Op(*key, {"n": n})], {key: 0})


def test_ids_are_never_given_twice(store: Store, again: Open) -> None:
    other = again()
    given_ids = [*store.new_ids("deal", 3), *other.new_ids("deal", 2), *store.new_ids("deal")]
    assert len(set(given_ids)) == 6
    put(store, "deal", {"n": 1})
    last = max(docs(store, "deal"))
    store.commit([Op("deal", last, None)])
    assert other.new_ids("deal")[0] > last
    assert store.new_ids("contact") == [1]
    store.commit([Op("deal", 500, {})])
    assert other.new_ids("deal")[0] > 500


# -- questions ---------------------------------------------------------------------------------------------------------
def shop(store: Store) -> None:
    put(
        store,
        "deal",
        {"title": "Beta", "stage": "new", "amount": {"amount": "10.00", "currency": "EUR"}, "tags": ["a", "b"]},
        {"title": "alpha", "stage": "won", "amount": {"amount": "5.50", "currency": "EUR"}},
        {"title": "Gamma", "stage": "new", "amount": {"amount": "7.00", "currency": "USD"}, "close": "2026-12-01"},
        {"title": "Delta", "stage": "new"},
        {"stage": None},
    )


def found(store: Store, where: Any = None, *sort: Sort) -> list[int]:
    return store.ids("deal", where, sort)


def test_conditions_hold_on_what_is_there(store: Store) -> None:
    shop(store)
    assert found(store, Test("stage", "string", "=", "new")) == [1, 3, 4]
    assert found(store, Test("stage", "string", "!=", "new")) == [2, 5]
    assert found(store, OneOf("stage", "string", ("won", "lost"))) == [2]
    assert found(store, Empty("title")) == [5]
    assert found(store, Not(Empty("close"))) == [3]
    assert found(store, Test("tags", "string", "=", "b")) == [1]
    assert found(store, And((Test("stage", "string", "=", "new"), Test("title", "string", "~", "amm")))) == [3]
    assert found(store, Search("ALPHA".casefold(), ("title", "stage"))) == [2]
    assert found(store, Test("amount", "money", ">", Decimal(6), {"EUR": "1", "USD": "0.5"})) == [1]


def test_accents_matter_unless_a_search_is_plain(store: Store) -> None:
    put(
        store,
        "deal",
        {"title": "Perché no"},
        {"title": "perche"},
        {"title": "Łódź"},
        {"title": None},
        {"title": "PERCHÉ"},
    )
    assert found(store, Search("perché", ("title",))) == [1, 5]
    assert found(store, Search("perche", ("title",))) == [2]
    assert found(store, Search("perche", ("title",), plain=True)) == [1, 2, 5]
    assert found(store, Search("lodz", ("title",), plain=True)) == [3]
    assert found(store, Search("perché", ("title",), plain=True)) == []


@pytest.mark.parametrize("group", [["ß", "ẞ", "SS", "ss"], ["ﬁ", "FI", "fi"], ["ς", "Σ", "σ"], ["É", "é"], ["İ", "i̇"]])
def test_texts_are_alike_as_they_are_folded_here(store: Store, group: list[str]) -> None:
    """Whatever lower case the store itself knows."""
    ids = put(store, "deal", *({"title": one} for one in group), {"title": "x"}, {"title": group[0] + "x"})
    for one in group:
        assert found(store, Test("title", "string", "=", fold(one))) == ids[: len(group)]
        assert found(store, Test("title", "string", "~", fold(one))) == [*ids[: len(group)], ids[-1]]
    sort = Sort("title", "string")
    assert [one for one in found(store, None, sort) if one in ids[: len(group)]] == ids[: len(group)], (
        "equal: ids decide"
    )


def test_order_puts_nothing_last_and_ids_decide(store: Store) -> None:
    shop(store)
    assert found(store, None, Sort("title", "string")) == [2, 1, 4, 3, 5]
    assert found(store, None, Sort("title", "string", descending=True)) == [3, 4, 1, 2, 5]
    assert found(store, None, Sort("stage", "string"), Sort("title", "string")) == [1, 4, 3, 2, 5]


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_pages_are_the_whole_in_order(store: Store, limit: int) -> None:
    shop(store)
    question = Find("deal", None, (Sort("title", "string"),), limit)
    whole: list[int] = []
    after: tuple[Any, ...] | None = None
    while True:
        page = store.find(Find(question.table, question.where, question.sort, limit, after))
        assert page.total == 5
        assert len(page.records) <= limit
        whole += [record.id for record in page.records]
        after = page.next
        if after is None:
            break
    assert whole == [2, 1, 4, 3, 5]


def test_only_the_columns_asked_for(store: Store) -> None:
    shop(store)
    records = store.find(Find("deal", Test("title", "string", "=", "beta"), columns=("title", "none"))).records
    assert [record.doc for record in records] == [{"title": "Beta"}]


def test_ids_apart_by_a_value_are_those_of_each_value_in_order(store: Store) -> None:
    shop(store)
    order = (Sort("title", "string", descending=True),)
    by_stage = apart(store, "deal", "stage", None, order)
    assert by_stage == {"new": [3, 4, 1], "won": [2], None: [5]}
    only = Test("amount", "money", ">", Decimal(6), {"EUR": "1", "USD": "0.5"})
    assert apart(store, "deal", "stage", only, order) == {"new": [1]}
    assert apart(store, "deal", "tags", Not(Empty("tags"))) == {"a": [1], "b": [1]}
    put(
        store,
        "entry",
        {"owner": "deal:1", "kind": "a"},
        {"owner": "deal:2", "kind": "a"},
        {"owner": "deal:1", "kind": "b"},
    )
    assert apart(store, "entry", "kind", Test("owner", "string", "=", "deal:1")) == {"a": [1], "b": [3]}
    assert apart(store, "nothing", "stage") == {}


def test_folds_count_and_add_by_currency(store: Store) -> None:
    shop(store)
    groups = store.fold("deal", None, "stage", [Aggregate("count"), Aggregate("sum", "amount", "money")])
    results = {group.key: group.results for group in groups}
    assert results["new"] == (3, {"EUR": Decimal("10.00"), "USD": Decimal("7.00")})
    assert results["won"] == (1, {"EUR": Decimal("5.50")})
    assert results[None][0] == 1
    (whole,) = store.fold("deal", Test("stage", "string", "=", "new"), "", [Aggregate("max", "close", "date")])
    assert whole.results == ("2026-12-01",)


_VALUES = st.none() | st.text(max_size=4) | st.integers(-5, 5)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 6), st.none() | st.fixed_dictionaries({"title": _VALUES, "owner": _VALUES}))))
def test_any_writes_read_back_the_same_everywhere(
    store: Store, again: Open, writes: list[tuple[int, Doc | None]]
) -> None:
    table = f"t{store.seq()}"
    expected: dict[int, Doc] = {}
    for record_id, doc in writes:
        store.commit([Op(table, record_id, doc)])
        if doc is None:
            expected.pop(record_id, None)
        else:
            expected[record_id] = doc
    assert docs(store, table) == expected
    other = again()
    assert docs(other, table) == expected
    other.close()


# -- an order, of which a part is asked for ----------------------------------------------------------------------------
BY_TITLE = (Sort("title", "string"),)


def test_a_window_shows_some_of_an_order_and_how_many_there_are(store: Store) -> None:
    shop(store)
    asked = Ordered("deal", sort=BY_TITLE)  # 2, 1, 4, 3, 5
    assert store.window(asked, 2) == Window([2, 1], 0, 5)
    assert store.window(asked, 2, 3) == Window([3, 5], 3, 5)
    assert store.window(asked, 2, -2) == Window([3, 5], 3, 5)
    assert store.window(asked, 9, -99) == Window([2, 1, 4, 3, 5], 0, 5)
    assert store.window(asked, 2, 7) == Window([], 5, 5)
    assert store.window(asked, 0, 1) == Window([], 1, 5)
    assert store.window(asked, 1, around=4) == Window([1, 4, 3], 1, 5)
    assert store.window(asked, 2, around=2) == Window([2, 1, 4], 0, 5)
    assert store.window(asked, 1, around=99) == Window([], 0, 5)
    assert store.window(Ordered("nothing", sort=BY_TITLE), 5) == Window([], 0, 0)
    turned = Ordered("deal", turned=True)
    assert (store.window(turned, 2), store.position(turned, 4)) == (Window([5, 4], 0, 5), 1)


def test_top_tells_how_many_each_value_has_and_the_first_of_them(store: Store) -> None:
    shop(store)
    asked = Ordered("deal", sort=BY_TITLE, by="stage")
    assert store.top(asked, 2) == {"new": Window([1, 4], 0, 3), "won": Window([2], 0, 1), None: Window([5], 0, 1)}
    assert store.top(asked, 0)["new"] == Window([], 0, 3)
    new = Ordered("deal", sort=BY_TITLE, by="stage", key="new")
    assert store.window(new, 2, 1) == Window([4, 3], 1, 3)
    assert (store.position(new, 3), store.position(new, 2), store.position(new, 99)) == (2, -1, -1)
    assert store.window(Ordered("deal", by="tags", key="b"), 5).ids == [1]
    assert store.top(Ordered("deal", None, BY_TITLE, by="stage", least="c"), 5) == {
        "new": Window([4, 3], 0, 2),
        None: Window([5], 0, 1),
    }
    assert store.top(Ordered("nothing", by="stage"), 5) == {}


def test_bounds_are_those_of_the_first_sort_key(store: Store) -> None:
    shop(store)
    between = Ordered("deal", sort=BY_TITLE, least="alpha", below="delta")
    assert store.window(between, 9).ids == [2, 1]
    assert store.window(Ordered("deal", sort=BY_TITLE, least="delta"), 9).ids == [4, 3, 5]
    assert store.window(Ordered("deal", sort=BY_TITLE, least="x", below="b"), 9) == Window([], 0, 0)
    with pytest.raises(ValueError, match="ascends"):
        store.window(Ordered("deal", sort=(Sort("title", "string", descending=True),), least="a"), 9)


def test_counting_and_which_of_some_match(store: Store) -> None:
    shop(store)
    new = Test("stage", "string", "=", "new")
    assert (store.count("deal"), store.count("deal", new), store.count("deal", Not(new))) == (5, 3, 2)
    assert (store.count("nothing"), store.count("nothing", new)) == (0, 0)
    assert store.among("deal", [4, 99, 2, 1], new) == [4, 1]
    assert store.among("deal", [4, 99]) == [4]
    put(store, "entry", {"owner": "deal:1"}, {"owner": "deal:2"})
    assert store.count("entry", Test("owner", "string", "=", "deal:2")) == 1
    put(store, "many", *({"n": n} for n in range(1_200)))
    assert store.among("many", range(1_000, 0, -1), Test("n", "integer", "<", 2)) == [2, 1]


_SORTS = st.lists(
    st.builds(Sort, st.sampled_from(["title", "day"]), st.just("string"), descending=st.booleans())
    | st.builds(Sort, st.just("n"), st.just("integer"), descending=st.booleans()),
    max_size=2,
)
_MINE: list[Condition] = [
    Test("responsible", "person", "=", "anna"),
    Or((Test("responsible", "person", "=", "anna"), OneOf("observers", "person", ("anna",)))),
    OneOf("responsible", "person", ("anna", "luca")),
]
"""What access leaves of a type: one's own, where one looks on, a department's."""
_FILTERS: list[Condition | None] = [
    None,
    Not(Empty("title")),
    Test("n", "integer", ">", 0),
    *_MINE,
    *(And((mine, Test("title", "string", "~", "a"))) for mine in _MINE),
]
_ROW = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["a", "A", "b", "ß", "SS", "", "ﬁ", "FI", None]),
        "day": st.sampled_from(["2026-01-01", "2026-02-01", None]),
        "n": st.sampled_from([0, 1, -1, 2, "1", None]),
        "stage": st.sampled_from(["new", "won", None]),
        "responsible": st.sampled_from(["anna", "luca"]),
        "observers": st.lists(st.sampled_from(["anna", "luca"]), max_size=2),
    },
)
_WRITES = st.lists(st.tuples(st.integers(1, 12), st.none() | _ROW), min_size=1, max_size=14)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_WRITES, min_size=1, max_size=3), st.sampled_from(_FILTERS), _SORTS, st.data())
def test_orders_are_those_of_a_plain_sort(
    store: Store, rounds: list[list[tuple[int, Doc | None]]], where: Condition | None, sorts: list[Sort], data: Any
) -> None:
    """Ties by id, what is missing last both ways, what is deleted gone, what was kept of former answers followed."""
    table, living = f"o{store.seq()}", dict[int, Doc]()
    holds, key = matcher(where or And(())), sort_key(sorts)
    for turn, writes in enumerate(rounds):
        for record_id, doc in writes:
            store.commit([Op(table, record_id, doc)])
            living.pop(record_id, None)
            if doc is not None:
                living[record_id] = doc
        if turn == 1:
            assert store.files.compact()
        plain = sorted((i for i, doc in living.items() if holds(doc)), key=lambda i: key(living[i], i))
        assert store.ids(table, where, sorts) == plain
        assert store.count(table, where) == len(plain)
        assert store.among(table, range(14), where) == sorted(plain)
        by = data.draw(st.sampled_from(["", "stage"]))
        groups: dict[Any, list[int]] = {}
        for one in plain:
            groups.setdefault(living[one].get(by) or None, []).append(one)
        n = data.draw(st.integers(0, 4))
        found = store.top(Ordered(table, where, tuple(sorts), by), n)
        assert found == {each: Window(ids[:n], 0, len(ids)) for each, ids in groups.items()}
        for each, ids in groups.items():
            for turned in (False, True):
                asked = Ordered(table, where, tuple(sorts), by, each, turned=turned)
                whole = ids[::-1] if turned else ids
                at = data.draw(st.integers(0, len(ids)))
                assert store.window(asked, n, at) == Window(whole[at : at + n], at, len(ids))
                assert [store.position(asked, one) for one in whole] == list(range(len(ids)))
                assert all(store.position(asked, one) < 0 for one in range(14) if one not in ids)
        if sorts and sorts[0].path == "day" and not sorts[0].descending and plain:
            days = ["2026-01-01", "2026-01-15", "2026-02-01", "2026-03-01"]
            edges = [None, *sorted(data.draw(st.lists(st.sampled_from(days), max_size=3))), None]
            parts = [Ordered(table, where, tuple(sorts), "", None, *pair) for pair in pairwise(edges)]
            assert [one for part in parts for one in store.window(part, 20).ids] == plain


_PLANNED = st.tuples(
    st.integers(1, 6),
    st.none()
    | st.fixed_dictionaries(
        {"done": st.sampled_from([False, False, True])},
        optional={
            "owner": st.sampled_from(["deal:1", "deal:2", "deal:3", "lead:1", "deal:9", "no ref", "deal:x"]),
            "at": st.sampled_from(["2026-01-01T09:00:00Z", "2026-02-01T09:00:00Z", "2026-03-01T09:00:00Z"]),
        },
    ),
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_PLANNED, min_size=1, max_size=5), min_size=1, max_size=4), st.booleans(), st.booleans())
def test_what_is_soonest_is_asked_for_as_if_it_were_the_records_own(
    store: Store, again: Open, rounds: list[list[tuple[int, Doc | None]]], down: bool, elsewhere: bool
) -> None:
    activities: dict[int, Doc] = {}
    other = again()
    writer = other if elsewhere else store
    writer.commit([Op("deal", n, {"n": n % 2}) for n in range(1, 5)])
    writer.commit([Op("activity", n, None) for n in range(1, 7)])
    sorts = (Sort("n", "integer"), Sort("@next", "datetime", descending=down))
    for turn, writes in enumerate(rounds):
        for record_id, doc in writes:
            writer.commit([Op("activity", record_id, doc)])
            activities.pop(record_id, None)
            if doc is not None:
                activities[record_id] = doc
        writer.commit([Op("deal", 4, {"n": turn % 2})])
        if turn == 2:
            writer.files.compact()
        store.refresh()
        deals: dict[int, Doc] = {n: {"n": n % 2} for n in range(1, 4)} | {4: {"n": turn % 2}}
        for n, doc in deals.items():
            times = [
                a["at"] for a in activities.values() if "at" in a and a.get("owner") == f"deal:{n}" and not a["done"]
            ]
            doc.update({"@next": min(times)} if times else {})
        key = sort_key(sorts)
        assert store.window(Ordered("deal", sort=sorts), 9).ids == sorted(deals, key=lambda n: key(deals[n], n))
        where = Not(Empty("@next"))
        planned = [n for n, doc in deals.items() if "@next" in doc]
        assert (store.ids("deal", where), store.count("deal", where)) == (planned, len(planned))
        early = Ordered("deal", where, (Sort("@next", "datetime"),), below="2026-02-15T00:00:00Z")
        assert sorted(store.window(early, 9).ids) == [n for n in planned if deals[n]["@next"] < "2026-02-15"]
        assert store.count("lead", where) == 0
    assert all("@next" not in record.doc for record in store.find(Find("deal")).records)
    other.close()


# -- postings ----------------------------------------------------------------------------------------------------------
def test_postings_follow_every_change(store: Store, again: Open) -> None:
    put(store, "entry", {"owner": "deal:1"}, {"owner": "deal:2"}, {"owner": "deal:1"})
    mine = Test("owner", "string", "=", "deal:1")
    assert store.ids("entry", mine) == [1, 3]
    assert store.files.compact()
    store.commit([Op("entry", 3, {"owner": "deal:2"}), Op("entry", 2, {"owner": "deal:1"})])
    for reader in (store, again()):
        assert reader.ids("entry", mine) == [1, 2]


# -- batches -----------------------------------------------------------------------------------------------------------
def test_a_batch_shows_only_when_closed_and_as_one(store: Store, again: Open) -> None:
    other = again()
    put(store, "deal", {"n": 1}, {"n": 2})
    other.refresh()
    with store.batch(by="anna", note="import", meta={"x": 1}) as batch:
        batch.add([Op("deal", 1, {"n": 10}), Op("deal", 3, {"n": 30})])
        batch.add([Op("deal", 2, {"n": 20})])
        other.refresh()
        assert docs(other, "deal") == {1: {"n": 1}, 2: {"n": 2}} == docs(store, "deal")
        other.commit([Op("deal", 2, {"n": 22})])
        seq, left_out = batch.close()
    other.refresh()
    for reader in (store, other, again()):
        assert docs(reader, "deal") == {1: {"n": 10}, 2: {"n": 22}, 3: {"n": 30}}
        assert {(step.table, step.id) for step in reader.past.steps(seq)} == {("deal", 1), ("deal", 3)}
    assert left_out == [Key("deal", 2)]
    newest = next(iter(store.past.log()))
    assert (newest.seq, newest.note, newest.meta) == (seq, "import", {"x": 1})


def test_a_batch_without_an_end_never_was(store: Store, again: Open) -> None:
    with store.batch() as batch:
        batch.add([Op("deal", 1, {"n": 1})])
    assert docs(store, "deal") == docs(again(), "deal") == {}
    assert [transaction.seq for transaction in store.past.log()] == []


# -- the past ----------------------------------------------------------------------------------------------------------
def test_history_goes_back_through_delete_and_compaction(store: Store) -> None:
    (record_id,) = put(store, "deal", {"n": 1})
    key = Key("deal", record_id)
    store.commit([Op(*key, {"n": 2, "new": True})], by="luca", note="more")
    assert store.files.compact()
    deleted = store.commit([Op(*key, None)], by="luca")
    assert store.files.compact()
    assert store.files.compact()
    store.commit([Op(*key, {"n": 2}, deleted)], by="anna", note="back")
    states = store.past.history(key)
    assert [state.doc for state in states] == [{"n": 2}, None, {"n": 2, "new": True}, {"n": 1}]
    assert [state.by for state in states] == ["anna", "luca", "luca", "anna"]
    assert store.past.as_of(key, states[2].at) is not None
    assert store.past.as_of(key, "2000-01-01T00:00:00Z") is None


def test_a_step_knows_what_stood_before(store: Store) -> None:
    put(store, "deal", {"a": 1, "b": 2})
    seq = store.commit([Op("deal", 1, {"b": 3, "c": 4})])
    (step,) = store.past.steps(seq)
    assert (step.doc, step.before()) == ({"b": 3, "c": 4}, {"a": 1, "b": 2})
    (gone,) = store.past.steps(store.commit([Op("deal", 1, None)]))
    assert (gone.doc, gone.before()) == (None, {"b": 3, "c": 4})


def test_the_log_is_newest_first_and_can_be_narrowed(store: Store) -> None:
    seqs = [store.commit([Op("deal", 1, {"n": n})], by="anna" if n % 2 else "luca", note=f"n{n}") for n in range(6)]
    assert store.files.compact()
    seqs.append(store.commit([Op("deal", 1, {"n": 6})], by="luca", note="n6"))
    assert [t.note for t in store.past.log()] == [f"n{n}" for n in range(6, -1, -1)]
    assert [t.note for t in store.past.log(by="anna")] == ["n5", "n3", "n1"]
    assert [t.note for t in store.past.log(before=seqs[3], since=seqs[0])] == ["n2", "n1"]
    transaction = store.past.transaction(seqs[2])
    assert transaction is not None
    assert (transaction.by, transaction.note) == ("luca", "n2")
    assert store.past.transaction(99) is None


# -- others ------------------------------------------------------------------------------------------------------------
def test_changes_are_told_once_a_record(store: Store, again: Open) -> None:
    other = again()
    begin = other.seq()
    put(store, "deal", {"n": 1}, {"n": 2})
    store.commit([Op("deal", 1, {"n": 3})], by="luca")
    store.commit([Op("deal", 2, None)])
    told = {(change.id, change.rev, change.by) for change in other.refresh()}
    assert {change[0] for change in told} == {1, 2}
    since = other.changes(begin)
    assert [(change.id, change.rev, change.by) for change in since] == [(1, store.seq() - 1, "luca"), (2, 0, "")]
    assert other.changes(store.seq()) == []


def test_subscribers_hear_of_this_and_of_other_sessions(store: Store, again: Open) -> None:
    other = again()
    heard: list[RecordChange] = []
    both = threading.Event()

    def wake(changes: Any) -> None:
        heard.extend(changes)
        if {change.id for change in heard} >= {1, 2}:
            both.set()

    stop = store.subscribe(wake)
    store.commit([Op("deal", 1, {})], by="anna")
    other.commit([Op("deal", 2, {})], by="luca")
    assert both.wait(10)
    stop()
    assert {(change.id, change.by) for change in heard} == {(1, "anna"), (2, "luca")}


def test_threads_may_use_one_store(store: Store) -> None:
    problems: list[BaseException] = []

    def work(n: int) -> None:
        try:
            for _turn in range(25):
                put(store, "deal", {"n": n})
                store.find(Find("deal", Test("n", "integer", "=", n), limit=3))
        except BaseException as problem:  # noqa: BLE001 - told by the test
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(docs(store, "deal")) == 150


# -- files, copies, checks ---------------------------------------------------------------------------------------------
def test_blobs_are_kept_once_and_named_by_content(store: Store, again: Open) -> None:
    digest = store.blobs.put(b"hello" * 1000)
    assert store.blobs.put(b"hello" * 1000) == digest
    with again().blobs.open(digest) as file:
        assert file.read() == b"hello" * 1000
    for wrong in ("0" * 64, "../../etc/passwd", ""):
        with pytest.raises(NotFound):
            store.blobs.open(wrong)


def test_a_copy_is_a_workspace_of_its_own(store: Store, tmp_path: Path) -> None:
    shop(store)
    assert store.files.compact()
    store.commit([Op("deal", 1, {"title": "later"})])
    digest = store.blobs.put(b"file")
    store.files.back_up(tmp_path / "copy")
    store.commit([Op("deal", 1, {"title": "not in the copy"})])
    copy = open_store(tmp_path / "copy", INDEXES)
    try:
        assert docs(copy, "deal")[1] == {"title": "later"}
        assert copy.files.verify() == []
        with copy.blobs.open(digest) as file:
            assert file.read() == b"file"
        assert len(list(copy.past.log())) == 2
    finally:
        copy.close()
    with pytest.raises(CrmError, match="already a workspace"):
        store.files.back_up(tmp_path / "copy")


def test_a_sound_store_has_no_faults(store: Store) -> None:
    shop(store)
    assert store.files.verify() == []
    assert store.files.compact()
    assert store.files.verify() == []


# -- counting what is filled -------------------------------------------------------------------------------------------
def test_filled_fields_are_counted_over_all_that_match(store: Store) -> None:
    assert store.filled("deal") == {}
    shop(store)
    put(store, "deal", {"title": "", "tags": [], "more": {}, "zero": 0, "no": False})
    everything = {"title": 4, "stage": 4, "amount": 3, "tags": 1, "close": 1, "zero": 1, "no": 1}
    assert store.filled("deal") == everything
    assert store.files.compact()
    store.commit([Op("deal", 1, None), Op("deal", 2, {"title": "alpha", "close": "2026-12-02"})])
    assert store.filled("deal") == {"title": 3, "stage": 2, "amount": 1, "close": 2, "zero": 1, "no": 1}
    assert store.filled("deal", Test("stage", "string", "=", "new")) == {
        "title": 2,
        "stage": 2,
        "amount": 1,
        "close": 1,
    }
    assert store.filled("deal", None, lambda: True) == {}


# -- questions that a commit rests on ----------------------------------------------------------------------------------
def test_a_commit_rests_on_the_answer_to_a_question(store: Store, again: Open) -> None:
    first, second = put(store, "deal", {"stage": "new"}, {"stage": "won"})
    question = Test("stage", "string", "=", "new")
    answer = QueryAnswer("deal", question, frozenset(store.ids("deal", question)))
    other = again()
    other.commit([Op("deal", second, {"stage": "won", "n": 2})])
    store.commit([Op("deal", 9, {"stage": "lost"})], answers=[answer])
    other.refresh()
    other.commit([Op("deal", second, {"stage": "new"})])
    with pytest.raises(Conflict):
        store.commit([Op("deal", first, None)], answers=[answer])
    assert set(docs(store, "deal")) == {first, second, 9}


def test_a_batch_that_rests_on_an_answer_leaves_nothing_out(store: Store, again: Open) -> None:
    first, second = put(store, "deal", {"stage": "new"}, {"stage": "new"})
    question = Test("stage", "string", "=", "new")
    answer = QueryAnswer("deal", question, frozenset({first, second}))
    for others, ops in (
        (again(), [Op("deal", second, {"stage": "new", "n": 2})]),
        (again(), [Op("deal", second, None)]),
    ):
        with store.batch() as batch:
            batch.add([Op("deal", each, {"stage": "won"}) for each in (first, second)])
            others.commit(ops)
            with pytest.raises(Conflict):
                batch.close(answers=[answer])
        assert docs(store, "deal")[first] == {"stage": "new"}


def test_a_batch_does_not_close_on_what_it_no_longer_rests_on(store: Store, again: Open) -> None:
    rested, written = put(store, "deal", {"n": 1}, {"n": 1})
    expect = {Key("deal", rested): store.seq()}
    with store.batch() as batch:
        batch.add([Op("deal", written, {"n": 2})], expect)
        again().commit([Op("deal", rested, {"n": 3})])
        with pytest.raises(Conflict):
            batch.close(expect)
    assert docs(store, "deal")[written] == {"n": 1}
