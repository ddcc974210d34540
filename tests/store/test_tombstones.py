"""Deleted fields: gone from every reading at once, back when the tombstone goes; dropped by compaction, kept in history."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.store.folders import apart
from tuicrm.domain.conditions import Aggregate, Empty, Not, Search, Sort, Test
from tuicrm.errors import Damaged
from tuicrm.store import JournalStore, compaction, create_store, open_store, open_tinydb
from tuicrm.store.protocol import Doc, Find, Key, Op

MARGIN = {"type": "deal", "key": "margin", "kind": "integer"}
FILLED = Not(Empty("margin"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JournalStore]:
    """Three deals, two of them with a margin, folded into a snapshot; one more in the journal."""
    opened = create_store(tmp_path / "w")
    opened.commit([Op("field", 1, dict(MARGIN))])
    opened.commit([Op("deal", n, {"title": f"Deal {n}", **({"margin": n} if n < 3 else {})}) for n in (1, 2, 3)])
    opened.files.compact()
    opened.commit([Op("deal", 4, {"title": "Deal 4", "margin": 4})])
    yield opened
    opened.close()


def delete(store: JournalStore) -> int:
    return store.commit([Op("field", 1, {**MARGIN, "deleted": True})])


def lift(store: JournalStore) -> int:
    return store.commit([Op("field", 1, dict(MARGIN))])


def margins(store: JournalStore) -> dict[int, Any]:
    return {record.id: record.doc.get("margin") for record in store.find(Find("deal")).records}


def readings(store: JournalStore) -> list[Any]:
    """Every way to read that a store has, asked for the margin."""
    return [
        [record.doc.get("margin") for record in store.get("deal", [1, 2, 3, 4])],
        [record.doc for record in store.find(Find("deal", columns=("margin",))).records],
        store.ids("deal", FILLED),
        store.ids("deal", Search("4", ("margin",))),
        store.ids("deal", None, (Sort("margin", "integer", descending=True),)),
        apart(store, "deal", "margin"),
        [group.results for group in store.fold("deal", None, "", (Aggregate("sum", "margin", "integer"),))],
    ]


GONE: list[Any] = [[None] * 4, [{}] * 4, [], [], [1, 2, 3, 4], {None: [1, 2, 3, 4]}, [(Decimal(0),)]]


@pytest.mark.parametrize("asked_before", [False, True], ids=["fresh", "asked before"])
def test_its_values_vanish_from_every_reading_and_come_back(store: JournalStore, asked_before: bool) -> None:
    other = open_store(store.folder.path)
    before = readings(store) if asked_before else None
    delete(store)
    other.refresh()
    late = open_store(store.folder.path)
    for reader in (store, other, late):
        assert readings(reader) == GONE
    lift(store)
    other.refresh()
    late.refresh()
    for reader in (store, other, late):
        assert margins(reader) == {1: 1, 2: 2, 3: None, 4: 4}
        assert reader.ids("deal", FILLED) == [1, 2, 4]
    assert before in (None, readings(store))
    other.close()
    late.close()


def test_who_writes_a_record_meanwhile_carries_them_along(store: JournalStore) -> None:
    delete(store)
    rev = store.get("deal", [1])[0].rev
    store.commit([Op("deal", 1, {"title": "changed"})], {Key("deal", 1): rev})
    (step,) = next(iter(store.past.log())).steps
    assert step.old == {"title": "Deal 1"}
    store.commit([Op("deal", 2, None)])
    gone = next(iter(store.past.log())).steps[0].before()
    store.commit([Op("deal", 2, gone)])
    lift(store)
    assert margins(store) == {1: 1, 2: 2, 3: None, 4: 4}


def test_a_script_through_the_tinydb_face_does_not_see_them_either(store: JournalStore) -> None:
    delete(store)
    with open_tinydb(store.folder.path) as face:
        assert [dict(doc) for doc in face.table("deal").all()] == [{"title": f"Deal {n}"} for n in (1, 2, 3, 4)]
        face.table("deal").update({"title": "all"})
    lift(store)
    assert margins(store) == {1: 1, 2: 2, 3: None, 4: 4}


def test_compaction_drops_them_and_keeps_them_in_history(store: JournalStore) -> None:
    delete(store)
    assert list(store.past.dropped("deal", "margin")) == []
    assert store.files.compact()
    on_disk = b"".join(path.read_bytes() for path in store.folder.path.glob("deal.*.jsonl"))
    assert b"margin" not in on_disk
    assert dict(store.past.dropped("deal", "margin")) == {1: 1, 2: 2, 4: 4}
    assert list(store.past.dropped("deal", "other")) == []
    lift(store)
    assert margins(store) == {1: None, 2: None, 3: None, 4: None}
    assert store.files.verify() == []
    assert [version.doc for version in store.past.history(Key("deal", 1))] == [{"title": "Deal 1", "margin": 1}]


def test_a_table_that_nobody_wrote_is_rewritten_once(store: JournalStore) -> None:
    store.files.compact()
    delete(store)
    store.files.compact()
    name = store.opened.manifest.tables["deal"].file
    store.commit([Op("note", 1, {"text": "elsewhere"})])
    store.files.compact()
    assert store.opened.manifest.tables["deal"].file == name
    assert dict(store.past.dropped("deal", "margin")) == {1: 1, 2: 2, 4: 4}


def test_what_was_dropped_last_is_what_counts(store: JournalStore) -> None:
    delete(store)
    store.files.compact()
    with store.batch() as batch:
        batch.add([Op("field", 1, dict(MARGIN))])
        restored = [
            Op("deal", n, {"title": f"Deal {n}", "margin": value}) for n, value in store.past.dropped("deal", "margin")
        ]
        batch.add(restored)
        batch.close()
    assert margins(store) == {1: 1, 2: 2, 3: None, 4: 4}
    store.commit([Op("deal", 1, {"title": "Deal 1"}), Op("deal", 2, {"title": "Deal 2", "margin": 20})])
    delete(store)
    store.files.compact()
    assert dict(store.past.dropped("deal", "margin")) == {2: 20, 4: 4}


def test_a_field_without_values_leaves_compaction_as_it_was(store: JournalStore) -> None:
    store.commit([Op("field", 2, {"type": "deal", "key": "empty", "deleted": True})])
    store.files.compact()
    store.commit([Op("field", 2, {"type": "deal", "key": "empty"})])
    assert store.files.compact()
    assert store.files.compact()
    assert len(store.opened.manifest.journals) == 1


def test_lifted_while_it_was_being_dropped_nothing_is_lost(
    store: JournalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other session brings the field back between the writing of the snapshots and their publishing."""
    delete(store)
    publish = compaction._publish
    other = open_store(store.folder.path)

    def late(*given: Any) -> None:
        lifting = threading.Thread(target=lift, args=(other,))
        lifting.start()
        lifting.join()
        publish(*given)

    monkeypatch.setattr(compaction, "_publish", late)
    store.files.compact()
    monkeypatch.undo()
    assert margins(store) == {1: 1, 2: 2, 3: None, 4: 4}
    assert store.files.verify() == []
    assert store.files.compact()
    assert margins(other) == margins(store) == {1: 1, 2: 2, 3: None, 4: 4}
    assert len(list(store.folder.path.glob("deal.*.jsonl"))) == 1
    other.close()


def test_a_flipped_bit_in_every_byte_of_what_was_dropped_is_named(store: JournalStore) -> None:
    delete(store)
    store.files.compact()
    (path,) = (store.folder.path / "history").glob("dropped.*.jsonl")
    sound = path.read_bytes()
    for byte in range(len(sound)):
        damaged = bytearray(sound)
        damaged[byte] ^= 1
        path.write_bytes(damaged)
        faults = store.files.verify()
        assert [fault.place for fault in faults] == [f"history/{path.name}"], byte
        with pytest.raises(Damaged, match="dropped"):
            list(store.past.dropped("deal", "margin"))
    path.write_bytes(sound)
    assert store.files.verify() == []


def test_schema_records_of_any_shape_hide_nothing(store: JournalStore) -> None:
    odd: list[Doc] = [
        {"deleted": True},
        {"type": 1, "key": "title", "deleted": True},
        {"type": "deal", "key": [], "deleted": True},
    ]
    store.commit([Op("field", 10 + n, doc) for n, doc in enumerate(odd)])
    store.commit([Op("field", 20, {"type": "deal", "key": "title", "deleted": "yes"})])
    assert store.get("deal", [1])[0].doc == {"title": "Deal 1", "margin": 1}
    assert store.ids("deal", Test("title", "string", "=", "deal 1")) == [1]
