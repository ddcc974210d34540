"""What the store takes: `python -m benchmarks.store [--records 100000]`. Documents of about 1 KB; medians."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tuicrm.domain.conditions import Aggregate, Sort, Test
from tuicrm.store import create_store, open_store
from tuicrm.store.protocol import Find, Key, Op

_STAGES = ("new", "qualified", "proposal", "won", "lost")


def document(n: int) -> dict[str, Any]:
    """A deal of about 1 KB."""
    return {
        "title": f"Deal {n}",
        "stage": _STAGES[n % 5],
        "amount": {"amount": f"{n * 7 % 90_000}.00", "currency": "EUR"},
        "responsible": f"person{n % 20}",
        "created": f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}T09:00:00Z",
        "comment": "lorem ipsum " * 65,
    }


def took(work: Callable[[], object], times: int = 1) -> float:
    """Milliseconds, the median of several goes."""
    spans = []
    for _turn in range(times):
        begun = time.perf_counter()
        work()
        spans.append((time.perf_counter() - begun) * 1000)
    return median(spans)


def fill(folder: Path, records: int) -> None:
    """A compacted workspace of so many documents."""
    store = create_store(folder)
    for start in range(1, records + 1, 2_000):
        store.commit([Op("deal", n, document(n)) for n in range(start, min(start + 2_000, records + 1))])
    store.files.compact()
    store.close()
    os.sync()  # what is still being written would slow down what is measured next


def measure(folder: Path, records: int) -> list[tuple[str, float]]:
    """Name and milliseconds of each thing done."""
    won = Test("stage", "stage", "=", "won")
    by_amount = (Sort("amount", "money", True, {"EUR": "1"}),)
    results = []

    def opened() -> None:
        open_store(folder).close()

    results.append(("open", took(opened, 5)))
    store = open_store(folder)
    numbers = iter(range(10_000_000, 20_000_000))

    def insert() -> None:
        n = next(numbers)
        store.commit([Op("deal", n, document(n))], {Key("deal", n): 0}, by="anna")

    def update() -> None:
        record = store.get("deal", [next(numbers) % records + 1])[0]
        store.commit([Op("deal", record.id, {**record.doc, "n": 1})], {Key("deal", record.id): record.rev}, by="anna")

    results.append(("get by id", took(lambda: store.get("deal", [next(numbers) % records + 1]), 200)))
    results.append(("filter and sort, columns made the first time", took(lambda: store.ids("deal", won, by_amount))))
    results.append(("filter and sort, again", took(lambda: store.ids("deal", won, by_amount), 5)))
    results.append(("a page of 50", took(lambda: store.find(Find("deal", won, by_amount, 50)), 5)))
    sums = [Aggregate("count"), Aggregate("sum", "amount", "money")]
    results.append(("counts and sums by stage", took(lambda: store.fold("deal", None, "stage", sums), 5)))
    results.append(("insert", took(insert, 50)))
    results.append(("update with its revision", took(update, 50)))
    results.append(("filter and sort, after writes", took(lambda: store.ids("deal", won, by_amount), 5)))
    store.close()
    again = open_store(folder)
    results.append(("filter and sort, columns kept", took(lambda: again.ids("deal", won, by_amount))))
    results.append(("compaction", took(again.files.compact)))
    results.append(("verify every byte", took(again.files.verify)))
    again.close()
    return results


def sqlite(folder: Path, records: int, *, ahead: bool = False) -> dict[str, float]:
    """The same three things in SQLite, each write a transaction that is on disk (synchronous=FULL), documents as JSON text; `ahead`
    with its write-ahead log."""
    connection = sqlite3.connect(folder / f"{records}{'-wal' if ahead else ''}.sqlite", isolation_level=None)
    if ahead:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE deal (id INTEGER PRIMARY KEY, rev INTEGER, doc TEXT)")
    connection.execute("BEGIN")
    rows = ((n, 1, json.dumps(document(n))) for n in range(1, records + 1))
    connection.executemany("INSERT INTO deal VALUES (?, ?, ?)", rows)
    connection.execute("COMMIT")
    os.sync()
    numbers = iter(range(10_000_000, 20_000_000))

    def get() -> Any:
        (text,) = connection.execute("SELECT doc FROM deal WHERE id=?", (next(numbers) % records + 1,)).fetchone()
        return json.loads(text)

    def insert() -> None:
        n = next(numbers)
        connection.execute("INSERT INTO deal VALUES (?, 1, ?)", (n, json.dumps(document(n))))

    def update() -> None:
        n = next(numbers) % records + 1
        connection.execute("UPDATE deal SET rev=rev+1, doc=? WHERE id=? AND rev>0", (json.dumps(document(n)), n))

    found = {
        "get by id": took(get, 200),
        "insert": took(insert, 50),
        "update with its revision": took(update, 50),
    }
    connection.close()
    return found


def sync_alone(folder: Path) -> float:
    """The disk itself: appending 1 KB and syncing it."""
    descriptor = os.open(folder / "alone", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append() -> None:
        os.write(descriptor, b"x" * 1024)
        getattr(os, "fdatasync", os.fsync)(descriptor)

    span = took(append, 50)
    os.close(descriptor)
    return span


def memory(folder: Path) -> float:
    """MB that a process holds after a filter and a sort, more than before it opened the store."""
    code = (
        "import os,sys;from pathlib import Path;from benchmarks.store import *;"
        "held=lambda:int(Path('/proc/self/statm').read_text().split()[1])*os.sysconf('SC_PAGE_SIZE')/2**20;"
        "before=held();s=open_store(Path(sys.argv[1]));"
        "s.ids('deal',Test('stage','stage','=','won'),(Sort('amount','money',True,{'EUR':'1'}),));"
        "print(held()-before)"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    return float(ran.stdout)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="*", default=[10_000, 100_000])
    sizes = parser.parse_args().records
    columns: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as temporary:
        for records in sizes:
            folder = Path(temporary) / f"w{records}"
            filled = took(lambda folder=folder, records=records: fill(folder, records))  # type: ignore[misc] # bound now
            gc.collect()
            results = dict(measure(folder, records))
            results["writing them all, 2,000 a transaction"] = filled
            results["memory for a filter and a sort, MB"] = memory(folder)
            results["the disk alone: 1 KB and fdatasync"] = sync_alone(Path(temporary))
            for ahead in (False, True):
                for name, span in sqlite(Path(temporary), records, ahead=ahead).items():
                    log = ", WAL" if ahead else ""
                    results[f"SQLite FULL{log}: {name}"] = span
                    results[f"{name} ÷ SQLite FULL{log}"] = results[name] / span
            columns.append(results)
    print(f"{'milliseconds':46}" + "".join(f"{size:>12,}" for size in sizes))
    for name in columns[0]:
        print(f"{name:46}" + "".join(f"{column[name]:>12,.2f}" for column in columns))


if __name__ == "__main__":
    main()
