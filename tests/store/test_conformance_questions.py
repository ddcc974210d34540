"""The contract of any store: what matches, in which order, what it comes to, and commits that rest on an answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.store.backends import Open, docs, found, put, shop
from tests.store.folders import apart
from tuicrm.domain.conditions import Aggregate, And, Empty, Not, OneOf, Search, Sort, Test
from tuicrm.domain.matching import fold
from tuicrm.errors import Conflict
from tuicrm.store.protocol import Find, Key, Op, QueryAnswer, Store


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


def test_postings_follow_every_change(store: Store, again: Open) -> None:
    put(store, "entry", {"owner": "deal:1"}, {"owner": "deal:2"}, {"owner": "deal:1"})
    mine = Test("owner", "string", "=", "deal:1")
    assert store.ids("entry", mine) == [1, 3]
    assert store.files.compact()
    store.commit([Op("entry", 3, {"owner": "deal:2"}), Op("entry", 2, {"owner": "deal:1"})])
    for reader in (store, again()):
        assert reader.ids("entry", mine) == [1, 2]


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
