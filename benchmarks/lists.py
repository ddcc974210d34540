"""Lists and boards at any size, of one source tree or of several side by side:

    python -m benchmarks.lists [--items 100000 1000000] [--tree OLD --tree NEW] [--folder DIR]

A workspace of each size is written straight to the store, once, and copied for each tree: deals with titles of their own (the hard
case for sorting: every value is distinct), a company for ten of them, an open activity for one in five. Each view is opened in a
process of its own, twice: at first nothing is kept of former openings, then what the first one kept is there. Figures are in ms of
the processor, so that what others do on the machine counts less; memory in MB, more than the process held before it opened the
workspace.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeAlias

from tuicrm.domain.generate_words import GOODS, SCOPES
from tuicrm.domain.schema import DEFAULT_PIPELINE
from tuicrm.domain.stamps import stamp
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, indexes
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
                store.files.compact()
                print(f"{written:,}", file=sys.stderr)
        store.files.compact()
    finally:
        gc.enable()
        store.close()


Figures: TypeAlias = dict[str, float]


def held() -> float:
    """MB that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Watch:
    """What took how long, and the memory at the end."""

    def __init__(self) -> None:
        self.figures: Figures = {}
        self._before = held()

    def took(self, what: str, work: Callable[[], object]) -> None:
        began = process_time()
        work()
        self.figures[what] = (process_time() - began) * 1000

    def memory(self) -> None:
        gc.collect()
        self.figures["memory, MB"] = held() - self._before


def of_list(path: Path, watch: Watch) -> None:
    """A list of all deals."""
    from tuicrm.domain.items import Ref
    from tuicrm.services.boards.filters import compile_for
    from tuicrm.services.boards.list_columns import Arrangement, ListColumn, SortKey, keep
    from tuicrm.services.boards.lists import ItemList
    from tuicrm.services.items import items
    from tuicrm.services.workspace.start import open_session
    from tuicrm.widgets.item_list import ItemRows

    session = open_session(path)
    lists: list[ItemList] = []

    def rows_at(first: int) -> None:
        rows = ItemRows(lists[0], 140, set(), "")
        for y in range(first, first + 36):
            rows.line(y, None)

    def arranged(*order: SortKey) -> None:
        keep(session, "deal", Arrangement(tuple(ListColumn(key) for key in ("title", "amount", "close_date")), order))

    def first_page() -> None:
        lists.append(ItemList(session, "deal", at_once=True))
        rows_at(1)

    arranged()
    watch.took("first page, sorted or not", first_page)
    watch.took("sort by name, beside", lists[0].get_ready)
    watch.took("show sorted", lists[0].load)
    watch.took("a page", lambda: rows_at(1))
    watch.took("the last page", lambda: rows_at(len(lists[0].ids) - 40))
    watch.took("find the cursor, in the middle", lambda: lists[0].ids.index(lists[0].ids[len(lists[0].ids) // 2]))
    watch.memory()
    watch.took("sums, beside", lists[0].sums)
    watch.took("made ready for changes, beside", lists[0].settle)
    items.edit(session, Ref("deal", 5), {"title": f"Another name {perf_counter()}"})
    watch.took("read again after a change", lists[0].load)
    arranged(SortKey("amount", True))
    lists[0].load()
    watch.took("sort by amount, beside", lists[0].get_ready)
    watch.took("show sorted by amount", lists[0].load)
    arranged(SortKey("@next"))
    lists[0].load()
    watch.took("sort by the next activity, beside", lists[0].get_ready)
    watch.took("show sorted by the next activity", lists[0].load)
    arranged()
    lists[0].load()
    where = compile_for(session, "deal", "amount > 50000")
    lists[0].get_ready_to_count(where, lambda _done, _of: None)
    watch.took("count what a filter leaves", lambda: lists[0].count(where))
    session.close()


def of_board(view: str, path: Path, watch: Watch) -> None:
    """A board of all deals."""
    from tuicrm.domain.items import Ref
    from tuicrm.services.boards import item_views
    from tuicrm.services.boards.board import Board
    from tuicrm.services.boards.dated_boards import Activities, Deadlines
    from tuicrm.services.boards.view_spec import ViewSpec
    from tuicrm.services.items import items
    from tuicrm.services.workspace.start import open_session

    session = open_session(path)
    make = {"board": Board, "deadlines": Deadlines, "activities": Activities}[view]
    boards: list[Board | Deadlines | Activities] = []

    def draw() -> None:
        for ids in boards[0].ids.values():
            for item_id in ids[:10]:
                boards[0].card(item_id)

    def first_data() -> None:
        item_views.prepare(session, view, ViewSpec("deal"), lambda _done, _of: None)
        boards.append(make(session, "deal"))
        draw()

    watch.took("first data", first_data)
    watch.memory()
    watch.took("what is due, beside", boards[0].get_ready)
    watch.took("read again", boards[0].load)
    for turn in range(2):
        days = datetime.now(UTC) + timedelta(days=turn + len(str(perf_counter())))
        items.edit(session, Ref("deal", 6), {"close_date": days.date().isoformat()})
    watch.took("read again after a change", boards[0].load)
    session.close()


SCENES = ("list", "board", "deadlines", "activities")


def measure(scene: str, path: Path) -> Figures:
    """The figures of one view, in this process."""
    watch = Watch()
    if scene == "list":
        of_list(path, watch)
    else:
        of_board(scene, path, watch)
    return watch.figures


def measured(tree: Path, path: Path) -> Figures:
    """Of all views, each in a process of its own that runs a tree by its own script, the first time and again."""
    found: Figures = {}
    for pattern in ("*.col", "*.view"):
        for file in (path / ".cache").glob(pattern):
            file.unlink()
    for scene in SCENES:
        for times in ("first", "again"):
            run = subprocess.run(
                [sys.executable, str(tree / "benchmarks" / "lists.py"), "--scene", scene, "--workspace", str(path)],
                cwd=tree,
                env={**os.environ, "PYTHONPATH": str(tree)},
                capture_output=True,
                text=True,
                check=True,
            )
            found |= {f"{scene}, {times}: {what}": took for what, took in json.loads(run.stdout).items()}
    return found


def _shown(found: Sequence[tuple[str, Figures]]) -> None:
    print(f"{'':58}" + "".join(f"{name:>22}" for name, _figures in found))
    for what in found[0][1]:
        print(f"{what:58}" + "".join(f"{figures.get(what, float('nan')):22,.1f}" for _name, figures in found))


def main() -> None:
    """Print a table: a column for each tree and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[100_000])
    parser.add_argument(
        "--tree", type=Path, action="append", help="a source tree to run; again for another; this one without"
    )
    parser.add_argument("--folder", type=Path, help="where the workspaces are kept for the next time")
    parser.add_argument("--scene", choices=SCENES, help=argparse.SUPPRESS)
    parser.add_argument("--workspace", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.scene:
        print(json.dumps(measure(asked.scene, asked.workspace)))
        return
    trees: list[Path] = [tree.resolve() for tree in asked.tree or [Path(__file__).resolve().parent.parent]]
    found: list[tuple[str, Figures]] = []
    with tempfile.TemporaryDirectory(dir=asked.folder) as temporary:
        for count in asked.items:
            kept = (asked.folder or Path(temporary)) / f"list-{count}"
            if not kept.exists():
                make(kept, count)
            for tree in trees:
                copy = Path(temporary) / f"{tree.name}-{count}"
                shutil.copytree(kept, copy)
                found.append((f"{tree.name} {count:,}"[-21:], measured(tree, copy)))
                shutil.rmtree(copy)
    _shown(found)


if __name__ == "__main__":
    main()
