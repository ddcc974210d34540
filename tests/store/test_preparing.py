"""What takes its time is read before anybody asks: beside what others read and write, told how far it is, stopped at any moment."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.store.folders import apart
from tuicrm.domain.conditions import Aggregate, Sort, Test
from tuicrm.store import create_store, open_store, query, snapshot
from tuicrm.store.protocol import Asked, Op, Ordered, Store

RATES = {"EUR": "1"}
BY_TITLE = Asked(sort=(Sort("title", "string"),))
LARGE = Asked(
    Test("amount", "money", ">", Decimal(50), RATES), (Sort("amount", "money", True, RATES), Sort("n", "integer"))
)
SUMMED = Asked(by="stage", aggregates=(Aggregate("count"), Aggregate("sum", "amount", "money")))


@pytest.fixture(autouse=True)
def nothing_is_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "MOMENT", 0)
    monkeypatch.setattr(snapshot, "_AT_ONCE", 10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with_deals = create_store(tmp_path / "w")
    with_deals.commit([Op("deal", n, _deal(n)) for n in range(1, 101)])
    assert with_deals.files.compact()
    with_deals.close()
    return tmp_path / "w"


def _deal(n: int) -> dict[str, object]:
    drawn = random.Random(n)
    return {
        "title": f"Deal {drawn.randrange(60)}",
        "stage": drawn.choice(("new", "won")),
        "n": drawn.randrange(5),
        "amount": {"amount": f"{drawn.randrange(100)}.00", "currency": "EUR"},
    }


def answers(store: Store) -> list[object]:
    return [
        store.ids("deal", None, BY_TITLE.sort),
        apart(store, "deal", "", LARGE.where, LARGE.sort),
        store.fold("deal", None, SUMMED.by, SUMMED.aggregates),
    ]


@pytest.mark.parametrize("asked", [BY_TITLE, LARGE, SUMMED])
def test_what_was_prepared_is_ready(folder: Path, asked: Asked) -> None:
    store = open_store(folder)
    told: list[tuple[int, int]] = []
    assert not store.is_ready("deal", asked)
    store.prepare("deal", asked, lambda done, of: told.append((done, of)))
    assert told[:2] == [(10, 100), (20, 100)]
    assert store.is_ready("deal", asked)
    fresh = open_store(folder)
    assert answers(store) == answers(fresh)
    store.close()
    fresh.close()


@pytest.mark.parametrize("kept", [True, False])
def test_an_order_goes_on_from_one_that_is_known(folder: Path, kept: bool) -> None:
    store, writer = open_store(folder), open_store(folder)
    both = Asked(sort=(Sort("stage", "stage", descending=True), *BY_TITLE.sort))
    if kept:
        store.window(Ordered("deal", sort=tuple(BY_TITLE.sort)), 1)
    else:
        store.prepare("deal", BY_TITLE, lambda _done, _of: None)
    writer.commit([Op("deal", 7, _deal(507)), Op("deal", 101, _deal(700)), Op("deal", 9, None)])
    store.refresh()
    store.prepare("deal", both, lambda _done, _of: None)
    assert store.is_ready("deal", both)
    assert store.ids("deal", None, both.sort) == writer.ids("deal", None, both.sort)
    for each in (store, writer):
        each.close()


@pytest.mark.parametrize("asked", [BY_TITLE, LARGE, SUMMED])
def test_what_others_write_meanwhile_is_in_it(folder: Path, asked: Asked) -> None:
    """At every moment at which it is told of: the change is of a record that was read, or will be, is new, or is deleted."""
    writer, store = open_store(folder), open_store(folder)
    numbers = iter(range(1, 1000))

    def write(_done: int, _of: int) -> None:
        n = next(numbers)
        writer.commit([Op("deal", n, _deal(n + 500)), Op("deal", 200 + n, _deal(n + 700)), Op("deal", 100 - n, None)])
        if n % 2:
            store.refresh()

    store.prepare("deal", asked, write)
    store.refresh()
    fresh = open_store(folder)
    assert answers(store) == answers(fresh)
    for each in (writer, store, fresh):
        each.close()


def test_a_compaction_meanwhile_spoils_nothing(folder: Path) -> None:
    writer, store = open_store(folder), open_store(folder)
    folded: list[bool] = []

    def fold(done: int, _of: int) -> None:
        if done == 50 and not folded:
            writer.commit([Op("deal", 7, _deal(999)), Op("deal", 300, _deal(998))])
            folded.append(writer.files.compact())
            store.refresh()

    store.prepare("deal", BY_TITLE, fold)
    assert folded == [True]
    fresh = open_store(folder)
    assert answers(store) == answers(fresh)
    for each in (writer, store, fresh):
        each.close()


def test_stopped_at_any_moment_nothing_is_kept(folder: Path) -> None:
    class Stopped(Exception):
        pass

    def stop_after(count: int) -> Callable[[int, int], None]:
        left = iter(range(count))

        def tell(_done: int, _of: int) -> None:
            if next(left, None) is None:
                raise Stopped

        return tell

    for count in range(10):
        store = open_store(folder)
        with pytest.raises(Stopped):
            store.prepare("deal", BY_TITLE, stop_after(count))
        assert not store.is_ready("deal", BY_TITLE)
        assert not list((folder / ".cache").glob("*.col")), count
        fresh = open_store(folder)
        assert store.ids("deal", None, BY_TITLE.sort) == sorted(
            range(1, 101), key=lambda n: (str(_deal(n)["title"]).casefold(), n)
        )
        for path in (folder / ".cache").glob("*.[cv]*"):
            path.unlink()
        store.close()
        fresh.close()
