"""What the store survives, measured on real processes: `python -m benchmarks.store_faults [--rounds 200]`.

The tests run the same functions with fewer rounds (tests/store/test_processes.py).
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tuicrm.errors import Conflict, StorageError
from tuicrm.store import create_store, open_store
from tuicrm.store.protocol import Key, Op

ROOT = Path(__file__).resolve().parent.parent
_COMMON = "deal"


# -- what the processes do ---------------------------------------------------------------------------------------------
class Worker:
    """One process at work on a workspace. What it acknowledges is on disk for good, whatever becomes of it."""

    def __init__(self, folder: Path, name: str, acks: Path) -> None:
        self.store = open_store(folder)
        self.name = name
        self._acks = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def acknowledge(self, record_id: int, value: int) -> None:
        """After the commit came back: the kernel keeps this line even when we are killed now."""
        os.write(self._acks, b"%d %d\n" % (record_id, value))

    def compact(self, _count: int) -> None:
        """Fold the journal, again and again."""
        while True:
            self.store.refresh()
            self.store.files.compact()
            time.sleep(0.001)

    def insert(self, count: int) -> None:
        """Insert records and change each once, each time only if nobody else did."""
        for n in range(count):
            (record_id,) = self.store.new_ids(_COMMON)
            key, doc = Key(_COMMON, record_id), {"by": self.name, "n": n, "v": 0}
            self.store.commit([Op(*key, doc)], {key: 0}, by=self.name)
            record = self.store.get(_COMMON, [record_id])[0]
            self.store.commit([Op(*key, {**record.doc, "v": 1})], {key: record.rev}, by=self.name)
            self.acknowledge(record_id, 1)

    def increment(self, count: int) -> None:
        """Add one to the one record that all share, so often."""
        key = Key(_COMMON, 1)
        while count:
            record = self.store.get(*_of(key))[0]
            try:
                self.store.commit([Op(*key, {"v": record.doc["v"] + 1})], {key: record.rev}, by=self.name)
                count -= 1
            except Conflict:
                self.store.refresh()

    def forever(self, _count: int) -> None:
        """Insert and change records of one's own, of many sizes, until killed."""
        own: dict[int, int] = {}
        chance = random.Random(self.name)
        while True:
            if own and chance.random() < 0.5:
                record_id = chance.choice(list(own))
            else:
                (record_id,) = self.store.new_ids(_COMMON)
            own[record_id] = own.get(record_id, -1) + 1
            doc = {"by": self.name, "v": own[record_id], "text": "x" * chance.randrange(2000)}
            self.store.commit([Op(_COMMON, record_id, doc)], by=self.name)
            self.acknowledge(record_id, own[record_id])


def _of(key: Key) -> tuple[str, list[int]]:
    return key.table, [key.id]


def _start(mode: str, folder: Path, name: str, count: int = 0) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "benchmarks.store_faults", "work", mode, str(folder), name, str(count)]
    return subprocess.Popen([*command, str(_acks(folder, name))], cwd=ROOT, stderr=subprocess.PIPE)


def _acks(folder: Path, name: str) -> Path:
    return folder.parent / f"{folder.name}.{name}.acks"


def _acknowledged(folder: Path, names: Sequence[str]) -> dict[str, dict[int, int]]:
    """By process: the last acknowledged value of each record."""
    found: dict[str, dict[int, int]] = {}
    for name in names:
        path = _acks(folder, name)
        lines = path.read_text().splitlines() if path.exists() else []
        found[name] = {int(line.split()[0]): int(line.split()[1]) for line in lines if line.count(" ") == 1}
    return found


@contextmanager
def _compacting(folder: Path, wanted: bool) -> Iterator[None]:
    """Constant compaction in a process of its own, killed at the end."""
    process = _start("compact", folder, "compact") if wanted else None
    try:
        yield
    finally:
        if process is not None:
            process.kill()
            process.communicate()


# -- what is measured --------------------------------------------------------------------------------------------------
class Concurrent(NamedTuple):
    """Inserts and updates by several processes at once."""

    processes: int
    compaction: bool
    written: int
    lost: int
    duplicate_ids: int
    lost_updates: int
    faults: int
    seconds: float


def concurrent(folder: Path, processes: int, count: int, *, compaction: bool) -> Concurrent:
    """`count` inserts, each updated once, by each process."""
    create_store(folder).close()
    names = [f"p{n}" for n in range(processes)]
    begun = time.perf_counter()
    with _compacting(folder, compaction):
        running = [_start("insert", folder, name, count) for name in names]
        for process in running:
            _out, error = process.communicate(timeout=300)
            if process.returncode:
                raise AssertionError(error.decode())
    seconds = time.perf_counter() - begun
    told = _acknowledged(folder, names)
    ids = [record_id for own in told.values() for record_id in own]
    store = open_store(folder)
    kept = {record.id: record.doc for record in store.get(_COMMON, ids)}
    faults = len(store.files.verify())
    store.close()
    return Concurrent(
        processes,
        compaction,
        len(ids),
        processes * count - len(kept),
        len(ids) - len(set(ids)),
        sum(doc["v"] != 1 for doc in kept.values()),
        faults,
        seconds,
    )


def increments(folder: Path, processes: int, count: int) -> int:
    """What a counter comes to that each process adds to `count` times, with expected revisions."""
    store = create_store(folder)
    store.commit([Op(_COMMON, 1, {"v": 0})])
    store.close()
    for process in [_start("increment", folder, f"p{n}", count) for n in range(processes)]:
        _out, error = process.communicate(timeout=300)
        if process.returncode:
            raise AssertionError(error.decode())
    store = open_store(folder)
    value = int(store.get(_COMMON, [1])[0].doc["v"])
    store.close()
    return value


class Killed(NamedTuple):
    """Rounds of two writers and a compactor that were killed at a random moment."""

    rounds: int
    acknowledged: int
    lost: int
    not_opened: int
    faults: int


def kills(folder: Path, rounds: int, seed: int = 1) -> Killed:
    """kill -9 of all at once, at a random moment; then everything acknowledged must be there, and the store sound."""
    create_store(folder).close()
    chance = random.Random(seed)
    everything: dict[int, int] = {}
    lost = not_opened = faults = 0
    for turn in range(rounds):
        names = [f"r{turn}a", f"r{turn}b"]
        running = [*(_start("forever", folder, name) for name in names), _start("compact", folder, f"r{turn}c")]
        deadline = time.monotonic() + 60
        while not all(_acks(folder, name).exists() and _acks(folder, name).stat().st_size for name in names):
            ended = [process for process in running if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                for process in running:
                    process.kill()
                told = b"".join(process.communicate()[1] for process in running).decode()
                raise AssertionError(f"the writers did not begin: {told}")
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.25))
        for process in chance.sample(running, len(running)):
            process.send_signal(signal.SIGKILL)
        for process in running:
            process.communicate()
        for own in _acknowledged(folder, names).values():
            everything.update(own)
        try:
            store = open_store(folder)
        except StorageError as error:
            print(f"round {turn}: {error}", file=sys.stderr)
            not_opened += 1
            continue
        kept = {record.id: record.doc["v"] for record in store.get(_COMMON, everything)}
        lost += sum(kept.get(record_id, -1) < value for record_id, value in everything.items())
        # Of what was not acknowledged, the last write of each may be there: it is the new truth.
        everything.update(kept)
        faults += len(store.files.verify())
        store.close()
    return Killed(rounds, len(everything), lost, not_opened, faults)


# -- the table ---------------------------------------------------------------------------------------------------------
def main() -> None:
    """Run all of it and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="rounds of kill -9")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        print(f"{'fault':58} {'what came of it'}")
        for processes in (1, 2, 4, 8):
            for compaction in (False, True):
                found = concurrent(place / f"c{processes}{compaction}", processes, 200, compaction=compaction)
                name = f"{processes} × 200 inserts and updates{', constant compaction' if compaction else ''}"
                print(
                    f"{name:58} lost {found.lost}, duplicate ids {found.duplicate_ids}, lost updates {found.lost_updates}, "
                    f"faults {found.faults} ({found.seconds:.1f} s)"
                )
        print(f"{'4 × 100 increments with expected revisions':58} {increments(place / 'i', 4, 100)} of 400")
        killed = kills(place / "k", rounds)
        print(
            f"{f'kill -9 of two writers and a compactor, {rounds} rounds':58} acknowledged {killed.acknowledged}, lost {killed.lost}, "
            f"not opened {killed.not_opened}, faults {killed.faults}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        worker = Worker(Path(sys.argv[3]), sys.argv[4], Path(sys.argv[6]))
        getattr(worker, sys.argv[2])(int(sys.argv[5]))
        worker.store.close()
    else:
        main()
