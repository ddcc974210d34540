"""The contract of any store: orders of which a part is asked for, and what is counted."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.backends import Open, put, shop
from tuicrm.domain.conditions import And, Condition, Empty, Not, OneOf, Or, Sort, Test
from tuicrm.domain.matching import matcher, sort_key
from tuicrm.store.protocol import Doc, Find, Op, Ordered, Store, Window

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
            doc.update({"@next": min(times), "@latest": max(times)} if times else {})
        key = sort_key(sorts)
        assert store.window(Ordered("deal", sort=sorts), 9).ids == sorted(deals, key=lambda n: key(deals[n], n))
        where = Not(Empty("@next"))
        planned = [n for n, doc in deals.items() if "@next" in doc]
        assert (store.ids("deal", where), store.count("deal", where)) == (planned, len(planned))
        early = Ordered("deal", where, (Sort("@next", "datetime"),), below="2026-02-15T00:00:00Z")
        assert sorted(store.window(early, 9).ids) == [n for n in planned if deals[n]["@next"] < "2026-02-15"]
        assert store.count("lead", where) == 0
        late = Test("@latest", "datetime", ">", "2026-02-15T00:00:00Z")
        assert store.ids("deal", late) == [n for n in planned if deals[n]["@latest"] > "2026-02-15"], (
            "each path follows by itself"
        )
    assert all("@next" not in record.doc for record in store.find(Find("deal")).records)
    other.close()


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
