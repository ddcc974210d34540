"""Columns kept beside a snapshot answer as those that are read anew, whatever lies over it and whatever became of the files."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.folders import apart
from tuicrm.domain.conditions import Aggregate, Empty, Search, Sort, Test
from tuicrm.store import create_store, open_store
from tuicrm.store.column import Kept
from tuicrm.store.protocol import Doc, Op, Store
from tuicrm.store.snapshot import Snapshot

RATES = {"EUR": "1", "USD": "0.5"}


def answers(store: Store) -> list[Any]:
    """Everything that columns are for; first what is kept as whole answers, while no column is in memory yet."""
    sums = [
        Aggregate("count"),
        Aggregate("sum", "amount", "money"),
        Aggregate("weighted", "amount", "money", "n", {"new": 50}),
    ]
    return [
        apart(store, "deal", "stage", None, [Sort("title", "string"), Sort("n", "integer", descending=True)]),
        apart(store, "deal", "stage", Test("flag", "boolean", "=", True)),
        store.fold("deal", None, "stage", sums),
        store.fold("deal", Test("flag", "boolean", "=", True), "stage", sums),
        store.fold("deal", None, "", sums),
        store.ids("deal", Test("stage", "stage", "=", "new"), [Sort("title", "string")]),
        store.ids("deal", Test("tags", "string", "=", "b")),
        store.ids("deal", Test("amount", "money", ">", Decimal(7), RATES), [Sort("amount", "money", True, RATES)]),
        store.ids("deal", Test("flag", "boolean", "=", True)),
        store.ids("deal", Empty("title")),
        store.ids("deal", Search("a", ("title", "tags"))),
        store.fold("deal", None, "stage", [Aggregate("count"), Aggregate("sum", "amount", "money")]),
        store.fold("deal", None, "n", [Aggregate("count")]),
    ]


def deal(n: int) -> Doc:
    doc: Doc = {"title": f"Deal {n % 7}", "stage": ("new", "won")[n % 2], "n": n % 3, "flag": bool(n % 2)}
    if n % 4:
        doc["amount"] = {"amount": f"{n}.50", "currency": ("EUR", "USD")[n % 2]}
    if n % 5 == 0:
        doc |= {"tags": ["a", "b"], "title": None}
    return doc


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = create_store(tmp_path / "w")
    store.commit([Op("deal", n, deal(n)) for n in range(1, 60)])
    assert store.files.compact()
    store.close()
    return tmp_path / "w"


def reopened(folder: Path) -> list[Any]:
    store = open_store(folder)
    try:
        return answers(store)
    finally:
        store.close()


def test_the_second_opening_reads_no_document(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = reopened(folder)

    def scanned(*_args: object) -> None:
        raise AssertionError("the snapshot was scanned")

    monkeypatch.setattr(Snapshot, "scan", scanned)
    assert reopened(folder) == first


def test_what_is_newer_lies_over_them(folder: Path) -> None:
    reopened(folder)
    store = open_store(folder)
    store.commit(
        [
            Op("deal", 3, {"title": "Alpha", "stage": "lost"}),
            Op("deal", 4, None),
            Op("deal", 100, deal(8)),
            Op("deal", 70, deal(9)),
        ]
    )
    newer = answers(store)
    store.commit([Op("deal", 5, {"title": "after"}), Op("deal", 6, None), Op("deal", 65, deal(10))])
    after = answers(store)
    store.close()
    assert newer != after
    for path in (folder / ".cache").glob("*.col"):
        path.unlink()
    assert reopened(folder) == after
    assert reopened(folder) == after


@pytest.mark.parametrize("harm", ["cut", "rubbish", "flip", "empty", "other"])
def test_harmed_ones_are_made_anew(folder: Path, harm: str) -> None:
    first = reopened(folder)
    files = sorted(path for path in (folder / ".cache").iterdir() if path.suffix in (".col", ".view"))
    assert len([path for path in files if path.suffix == ".view"]) == 6
    assert len(files) > 9
    contents = [path.read_bytes() for path in files]
    for path, content, another in zip(files, contents, [*contents[1:], contents[0]], strict=True):
        flipped = bytearray(content)
        flipped[len(flipped) // 2] ^= 1
        path.write_bytes(
            {
                "cut": content[:-1],
                "rubbish": os.urandom(len(content)),
                "flip": bytes(flipped),
                "empty": b"",
                "other": another[:8],
            }[harm]
        )
    assert reopened(folder) == first
    assert [path.read_bytes() for path in files] == contents


def test_compaction_takes_them_away_with_their_snapshot(folder: Path) -> None:
    reopened(folder)
    before = {path.name for path in (folder / ".cache").iterdir() if path.suffix in (".col", ".view")}
    store = open_store(folder)
    store.commit([Op("deal", 1, deal(2))])
    expected = answers(store)
    assert store.files.compact()
    assert answers(store) == expected
    store.close()
    assert before.isdisjoint(path.name for path in (folder / ".cache").iterdir())
    assert reopened(folder) == expected


_VALUE = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=3)
)
_DOC = st.dictionaries(
    st.sampled_from(["title", "stage", "tags", "amount", "flag", "n"]),
    _VALUE
    | st.lists(_VALUE, max_size=3)
    | st.fixed_dictionaries({"amount": st.sampled_from(["1.50", "x", ""]), "currency": _VALUE}),
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_DOC, min_size=1, max_size=8), st.dictionaries(st.integers(1, 12), st.none() | _DOC, max_size=6))
def test_any_documents_answer_the_same(
    tmp_path_factory: pytest.TempPathFactory, docs: list[Doc], over: dict[int, Doc | None]
) -> None:
    folder = tmp_path_factory.mktemp("any") / "w"
    store = create_store(folder)
    store.commit([Op("deal", n, doc) for n, doc in enumerate(docs, 1)])
    assert store.files.compact()
    store.close()
    assert reopened(folder) == reopened(folder)
    store = open_store(folder)
    store.commit([Op("deal", n, doc) for n, doc in over.items()])
    followed = answers(store)
    store.close()
    assert reopened(folder) == followed


def test_a_kept_answer_needs_no_columns_and_follows_once_it_has_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def columns_of(store: Store) -> dict[Any, list[int]]:
        return apart(store, "deal", "stage", None, [Sort("n", "integer")])

    store = open_store(folder)
    columns_of(store)
    store.close()
    store = open_store(folder)
    loaded: list[str] = []
    load = Snapshot.load

    def noted(self: Snapshot, path: str, form: str) -> Kept | None:
        loaded.append(path)
        return load(self, path, form)

    monkeypatch.setattr(Snapshot, "load", noted)
    before = columns_of(store)
    assert loaded == []
    store.settle("deal")
    assert sorted(loaded) == ["n", "stage"]
    store.commit([Op("deal", 1, {"stage": "lost", "n": 0}), Op("deal", 2, None)])
    after = columns_of(store)
    store.close()
    assert after["lost"] == [1]
    assert after != before
    for path in (folder / ".cache").iterdir():
        path.unlink()
    store = open_store(folder)
    assert columns_of(store) == after
    store.close()
