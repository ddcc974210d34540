"""What every store does, whatever is behind it: the contract of `store/protocol.py` and `parts.py`. A new backend adds a line to
BACKENDS in `backends.py`."""

from __future__ import annotations

import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.backends import INDEXES, Open, docs, put, shop
from tuicrm.domain.conditions import Test
from tuicrm.errors import Conflict, CrmError, NotFound, Refused
from tuicrm.store import open_store
from tuicrm.store.protocol import Doc, Find, Key, Op, RecordChange, Store


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
