"""Lists and boards by dates at any size: `python -m benchmarks.lists [--items 1000000] [--folder DIR]`.

The workspace is written straight to the store and kept in the folder: deals with titles of their own (the hard case for sorting:
every value is distinct), a company for ten of them, an open activity for one in five; no timelines. Figures are medians in ms.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from tuicrm.domain.generate_words import GOODS, SCOPES
from tuicrm.domain.schema import DEFAULT_PIPELINE
from tuicrm.services.session import ACTIVITIES, stamp
from tuicrm.services.start import INDEXES, Maker, Settings, create_workspace
from tuicrm.services.surroundings import system_login
from tuicrm.store import JournalStore
from tuicrm.store.protocol import Op

_LINE = 2_000
_FOLDED = 200_000
_STAGES = ("new", "preparation", "prepayment", "executing", "final", "won", "lost")


def records(count: int, now: datetime) -> Iterator[Op]:
    """All records of a workspace of so many deals."""
    day = [(now + timedelta(days=n)).date().isoformat() for n in range(-400, 400)]
    for n in range(1, count // 10 + 2):
        yield Op(
            "company", n, {"title": f"Company {n * 7919 % 1_000_003}", "responsible": "anna", "created": stamp(now)}
        )
    for n in range(1, count + 1):
        drawn = n * 48_271 % 2_147_483_647
        stage = _STAGES[drawn % 7]
        created = stamp(now - timedelta(minutes=drawn % 1_000_000))
        yield Op(
            "deal",
            n,
            {
                "title": f"{GOODS[drawn % len(GOODS)]}{SCOPES[drawn // 7 % len(SCOPES)]} {drawn % 9_999_991}",
                "pipeline": DEFAULT_PIPELINE,
                "stage": stage,
                "stage_since": created,
                "closed": stage in ("won", "lost"),
                "amount": {"amount": f"{drawn % 90_000}.00", "currency": "EUR" if drawn % 9 else "USD"},
                "company": f"company:{drawn % (count // 10 + 1) + 1}",
                "responsible": f"person{drawn % 20}",
                "close_date": day[drawn % 800],
                "created": created,
                "updated": created,
            },
        )
        if n % 5 == 0:
            at = stamp(now + timedelta(minutes=drawn % 60_000 - 10_000))
            yield Op(
                ACTIVITIES,
                n // 5,
                {"owner": f"deal:{n}", "what": "call", "at": at, "kind": "call", "done": False, "responsible": "anna"},
            )


def make(path: Path, count: int) -> None:
    """Write a workspace of so many deals."""
    create_workspace(path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company"))
    store = JournalStore(path, indexes=INDEXES, compact_at=0)
    gc.disable()
    try:
        found, written = records(count, datetime.now(UTC)), 0
        while line := list(islice(found, _LINE)):
            store.commit(line, by="anna", note="generate", meta={"fixed": True})
            written += len(line)
            if written % _FOLDED < _LINE:
                store.compact()
                print(f"{written:,}", file=sys.stderr)
        store.compact()
    finally:
        gc.enable()
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the workspace is kept for the next time")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = (asked.folder or Path(temporary)) / f"list-{asked.items}"
        if not path.exists():
            make(path, asked.items)


if __name__ == "__main__":
    main()
