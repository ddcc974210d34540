"""Lists and boards by dates at any size: `python -m benchmarks.lists [--items 1000000] [--folder DIR] [--anew]`.

The workspace is written straight to the store and kept in the folder: deals with titles of their own (the hard case for sorting:
every value is distinct), a company for ten of them, an open activity for one in five. Figures are in ms: by the clock, and of
the processor, which is nearly the same when others work on the machine too. `--anew` forgets what was kept of former runs.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

from tuicrm.domain.generate_words import GOODS, SCOPES
from tuicrm.domain.schema import DEFAULT_PIPELINE
from tuicrm.services.reader import ACTIVITIES, stamp
from tuicrm.services.start import Maker, Settings, create_workspace, indexes
from tuicrm.services.surroundings import system_login
from tuicrm.store import JournalStore
from tuicrm.store.protocol import Op

_LINE = 2_000
_FOLDED = 200_000
_STAGES = ("new", "preparation", "prepayment", "executing", "final_invoice", "won", "lost")


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
    store = JournalStore(path, indexes=indexes(), compact_at=0)
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


class Took(NamedTuple):
    """Milliseconds by the clock, and of the processor."""

    clock: float
    processor: float


def measured(path: Path) -> Iterator[tuple[str, Took]]:
    """What is done and how long it takes: the first time of each counts, as nobody waits for the second."""
    from tuicrm.services import item_views
    from tuicrm.services.dated_boards import Activities, Deadlines
    from tuicrm.services.filters import compile_for
    from tuicrm.services.list_columns import Arrangement, ListColumn, Order, keep
    from tuicrm.services.lists import ItemList
    from tuicrm.services.shown import Shown
    from tuicrm.services.start import open_session
    from tuicrm.widgets.item_list import ItemRows

    session = open_session(path)

    def timed(what: Callable[[], object]) -> Took:
        began, used = perf_counter(), process_time()
        what()
        return Took((perf_counter() - began) * 1000, (process_time() - used) * 1000)

    def rows_at(shown: ItemList, first: int) -> None:
        rows = ItemRows(shown, 140, set(), "")
        for y in range(first, first + 36):
            rows.line(y, None)

    def arranged(*order: Order) -> None:
        keep(session, "deal", Arrangement(tuple(ListColumn(key) for key in ("title", "amount", "close_date")), order))

    arranged()
    lists: list[ItemList] = []
    yield "open, not sorted yet", timed(lambda: lists.append(ItemList(session, "deal", at_once=True)))
    shown = lists[0]
    yield "sort by name (beside)", timed(shown.get_ready)
    yield "show sorted by name", timed(shown.load)
    yield "draw the first page", timed(lambda: rows_at(shown, 1))
    yield "jump to the last and draw", timed(lambda: rows_at(shown, len(shown.ids) - 40))
    yield (
        "find the cursor again, in the middle",
        timed(lambda: ItemRows(shown, 140, set(), "").span(shown.ids[len(shown.ids) // 2])),
    )
    yield "sums in the foot (beside)", timed(shown.sums)
    yield "make ready for changes (beside)", timed(shown.settle)
    for name, order in (
        ("amount", [Order("amount", True)]),
        ("date, then amount", [Order("close_date"), Order("amount", True)]),
    ):
        arranged(*order)
        shown.load()
        yield f"sort by {name} (beside)", timed(shown.get_ready)
        yield f"show sorted by {name}", timed(shown.load)
        yield f"read again, sorted by {name}", timed(shown.load)
    arranged(Order("@next"))
    shown.load()
    yield "sort by the next activity (beside)", timed(shown.get_ready)
    yield "show sorted by the next activity", timed(shown.load)
    arranged()
    for text in ("amount > 50000", "stage = New and close_date < today", "scanner"):
        where = compile_for(session, "deal", text)
        lists.clear()
        yield f"filter {text}", timed(lambda where=where: lists.append(ItemList(session, "deal", where, at_once=True)))  # type: ignore[misc]
        if lists[0].waits:
            yield f"filter {text} (beside)", timed(lists[0].get_ready)
            yield "show what it leaves", timed(lists[0].load)
    from tuicrm.domain.items import Ref
    from tuicrm.services import items

    items.edit(session, Ref("deal", 5), {"title": "Another name"})
    yield "read again after another changed one", timed(shown.load)
    boards: list[Deadlines | Activities] = []
    for view in (Deadlines, Activities):
        reading = partial(item_views.prepare, session, view.view, Shown("deal"), lambda _done, _of: None)
        yield f"read for {view.view} (beside)", timed(reading)
        yield f"open {view.view}", timed(lambda view=view: boards.append(view(session, "deal")))  # type: ignore[misc]
        items.edit(session, Ref("deal", 6), {"close_date": f"2027-01-0{len(boards)}"})
        yield f"{view.view} again after a change", timed(boards[-1].load)
    session.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the workspace is kept for the next time")
    parser.add_argument("--anew", action="store_true", help="forget columns and answers that were kept")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = (asked.folder or Path(temporary)) / f"list-{asked.items}"
        if not path.exists():
            make(path, asked.items)
        if asked.anew:
            for pattern in ("*.col", "*.view"):
                for file in (path / ".cache").glob(pattern):
                    file.unlink()
        for what, took in measured(path):
            print(f"{what:50} {took.clock:9.1f} {took.processor:9.1f}")


if __name__ == "__main__":
    main()
