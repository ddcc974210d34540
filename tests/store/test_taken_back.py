"""A batch that is given up takes its lines back from the journal: whoever has read them by then loses and misreads nothing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.store.folders import filled
from tuicrm.errors import StorageFull
from tuicrm.store import JournalStore, open_store
from tuicrm.store.parts import Batch
from tuicrm.store.protocol import Key, Op

ROOT = Path(__file__).resolve().parents[2]

Open = Callable[[], JournalStore]


class GivenUp(Exception):
    """What ends a batch here."""


@pytest.fixture
def again(tmp_path: Path) -> Iterator[Open]:
    """Opens the same folder once more, as another process would; all are closed at the end."""
    folder, opened = filled(tmp_path / "w"), list[JournalStore]()

    def open_() -> JournalStore:
        opened.append(open_store(folder))
        return opened[-1]

    yield open_
    for store in opened:
        store.close()


def give_up(store: JournalStore, lines: int, look: Callable[[], object] = lambda: None, first: int = 100) -> None:
    with suppress(GivenUp), store.batch() as batch:
        for n in range(lines):
            batch.add([Op("deal", first + n, {"text": "x" * 300})])
            look()
        raise GivenUp


def docs(store: JournalStore) -> dict[int, object]:
    return {record.id: record.doc for record in store.get("deal", range(1, 1000))}


def test_the_journal_is_as_long_as_before_and_others_who_read_go_on(again: Open) -> None:
    mine, other, late = again(), again(), again()
    for n in range(3):
        mine.refresh()
        size, seq = mine.opened.growing.size, mine.seq()
        give_up(mine, 20, other.refresh)
        assert (mine.opened.growing.size, mine.seq(), other.seq()) == (size, seq, seq)
        # The seqs come again, with other lines, longer and shorter ones.
        mine.commit([Op("deal", 1, {"n": n, "text": "y" * (7000 if n % 2 else 1)})])
        assert [(change.id, change.seq) for change in other.refresh()] == [(1, seq + 1)]
        other.commit([Op("deal", 2, {"n": n})], expect={})
        assert docs(mine) != docs(late)
    mine.refresh()
    late.refresh()
    assert docs(mine) == docs(other) == docs(late) == docs(again())
    assert (
        [line.seq for line in mine.past.log()]
        == list(range(mine.seq(), 0, -1))
        == [line.seq for line in other.past.log()]
    )
    assert mine.files.verify() == []


def test_the_past_that_was_looked_at_meanwhile_is_told_anew(again: Open) -> None:
    mine, other = again(), again()
    seq = mine.seq()

    def look() -> None:
        assert next(iter(other.past.log())).seq == seq
        assert other.past.journals.line(mine.opened.written) is not None

    give_up(mine, 5, look)
    other.commit([Op("deal", 1, {"n": 111})], note="after")
    for store in (mine, other):
        store.refresh()
        newest = store.past.transaction(seq + 1)
        assert newest is not None
        assert newest.note == "after"
        assert store.past.history(Key("deal", 1))[0].doc == {"n": 111}
        assert store.past.transaction(seq + 2) is None


def test_what_others_wrote_behind_keeps_its_place_and_it_is_said_how_much_stays(again: Open) -> None:
    mine, other = again(), again()
    size = mine.opened.growing.size

    def fill() -> None:
        with mine.batch() as batch:
            batch.add([Op("deal", 100, {"text": "x" * 150_000})])
            other.commit([Op("deal", 1, {"n": 11})])
            batch.add([Op("deal", 101, {"text": "x" * 150_000})])
            raise StorageFull("full")

    with pytest.raises(StorageFull) as raised:
        fill()
    assert raised.value.message == "full; 0.1 MB of unfinished changes stay in use until the journal is compacted"
    assert 150_000 < mine.opened.growing.size - size < 160_000
    assert docs(mine) == docs(other) == docs(again())
    assert mine.files.verify() == []
    assert mine.files.compact()
    assert docs(other) == docs(again())
    assert other.seq() <= again().seq()


def test_of_two_that_are_open_one_is_given_up(again: Open) -> None:
    mine, other, late = again(), again(), again()
    with mine.batch() as kept:
        kept.add([Op("deal", 100, {"n": 1})])
        give_up(other, 5, late.refresh, first=200)
        kept.add([Op("deal", 101, {"n": 2})])
        late.refresh()
        kept.close()
    late.refresh()
    other.refresh()
    assert docs(mine) == docs(other) == docs(late) == docs(again())
    assert docs(late)[101] == {"n": 2}
    assert 200 not in docs(late)


@pytest.mark.parametrize("seed", range(25))
def test_whatever_three_do_all_see_the_same(again: Open, seed: int) -> None:
    chance, stores = random.Random(seed), [again() for _store in range(3)]
    seen = [store.seq() for store in stores]
    told: list[set[int]] = [set() for _store in stores]
    for at, store in enumerate(stores):
        store.subscribe(lambda changes, told=told[at]: told.update(change.seq for change in changes))  # type: ignore[misc]
    open_ones: dict[int, tuple[ExitStack, Batch]] = {}
    begun = stores[0].seq()
    for step in range(60):
        at = chance.randrange(3)
        store, what = (
            stores[at],
            chance.choice(["look", "look", "write", "begin", "add", "add", "add", "drop", "close"]),
        )
        ops = [Op("deal", chance.randrange(1, 60), {"step": step, "text": "x" * chance.choice([0, 50, 50, 4000])})]
        if what == "look":
            store.refresh()
        elif what == "write":
            store.commit(ops)
        elif what == "begin" and at not in open_ones:
            stack = ExitStack()
            open_ones[at] = stack, stack.enter_context(store.batch())
        elif what == "add" and at in open_ones:
            open_ones[at][1].add(ops)
        elif what in ("drop", "close") and at in open_ones:
            stack, batch = open_ones.pop(at)
            if what == "close":
                batch.close()
            stack.close()
        for number, each in enumerate(stores):
            assert each.seq() >= seen[number]
            seen[number] = each.seq()
    for stack, _batch in open_ones.values():
        stack.close()
    fresh = again()
    for number, store in enumerate(stores):
        store.refresh()
        assert docs(store) == docs(fresh)
        assert store.seq() == fresh.seq()
        assert [line.seq for line in store.past.log()] == [line.seq for line in fresh.past.log()]
        assert store.changes(begun) == fresh.changes(begun)
        store.feed.stop()  # what it is telling just now is told then
        assert {change.seq for change in fresh.changes(begun)} <= told[number]
    assert fresh.files.verify() == []


_WRITER = """
import sys
from tuicrm.store import open_store
from tuicrm.store.protocol import Op
store = open_store(sys.argv[1])
for n in range(120):
    try:
        with store.batch() as batch:
            for line in range(1 + n % 5):
                batch.add([Op("deal", 500 + line, {"text": "x" * (n * 37 % 900)})])
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    store.commit([Op("deal", 1, {"n": n, "text": "y" * (n * 53 % 1100)})])
store.commit([Op("deal", 2, {"done": True})])
store.close()
"""
_READER = """
import sys
from tuicrm.store import open_store
store = open_store(sys.argv[1])
print("ready", flush=True)
seq, seen = store.seq(), 0
while True:
    store.refresh()
    assert store.seq() >= seq
    told = [line.seq for line in store.past.log(since=seq)]
    assert told == list(range(store.seq(), seq, -1)), (seq, told)
    assert [change.seq for change in store.changes(seq)][-1:] == told[:1]
    seq, seen = store.seq(), seen + len(told)
    record = store.get("deal", [1, 2])
    assert "n" in record[0].doc
    assert not store.get("deal", range(500, 505))
    if record[1].doc.get("done"):
        break
print(seen)
store.close()
"""


def test_processes_that_read_while_another_takes_back(tmp_path: Path) -> None:
    folder = filled(tmp_path / "w")
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}

    def start(code: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code, str(folder)], env=environ, text=True, stdout=subprocess.PIPE
        )

    readers = [start(_READER) for _reader in range(2)]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
    writer = start(_WRITER)
    told = [process.communicate(timeout=100)[0] for process in (*readers, writer)]
    assert [process.returncode for process in (*readers, writer)] == [0, 0, 0]
    assert told[0] == told[1] == "121\n"
    store = open_store(folder)
    assert store.files.verify() == []
    assert store.seq() == 12 + 121
    store.close()
