"""What issue 3 asks of speed, measured in one run: `python -m benchmarks [--quick] [--workspace 100000=/path]`.

Workspaces are made with `tuicrm init --items N` and kept in the folder given; a ready one is copied, since it is written to.
Figures are medians. The floor of starts and keys is `benchmarks/floor/lineapi.py`; of the command line `import typer`.
A move is on disk (fdatasync) before it is shown, so that the time until it shows is that of both. Every answer is waited for to its
last byte. At the end stands each row of the issue with what was asked for. More of the store: `python -m benchmarks.store`.
"""

from __future__ import annotations

import argparse
import compileall
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.probe import Answer, Probe
from benchmarks.store import fill, measure, sqlite, took
from benchmarks.together import seen

ROOT = Path(__file__).resolve().parent.parent
FLOOR = [sys.executable, str(ROOT / "benchmarks" / "floor" / "lineapi.py")]
CRM = [sys.executable, "-m", "tuicrm"]
SIZES = (1_000, 10_000, 100_000)
TERMINALS = ((140, 40), (80, 24))
_FIRST_CARD = 60.0
"""Seconds the first card may take: an index of the timeline may have to be made."""
_MONEY = r"[€$£] ?\d"
_UNHURRIED = 0.4
"""Seconds of silence after an answer that may come in several parts."""


VERSION, LISTING = "tuicrm --version ÷ bare Python", "deal list --limit 50 --json ÷ import typer"
COMPLETION = "a stage completed ÷ import typer"

WANTED: dict[str, tuple[float, float]] = {
    "first data ÷ floor": (1.6, 0.2),
    "made true ÷ floor": (1.6, 1.2),
    "one move ÷ floor": (2.5, 1.3),
    "one move, largest ÷ smallest": (1.2, 1.2),
    "board: one move, bytes": (2_000, 1_000),
    "card: one move, bytes": (1_000, 600),
    "key held, lag ms": (40, 15),
    "moved to another stage, shown, ms": (40, 15),
    "first card opened, ms": (100, 40),
    "card opened again, ms": (100, 40),
    "back to the board, ms": (50, 20),
    "filter: first letter, results, ms": (100, 30),
    "idle, bytes": (0, 0),
    "idle, processor %": (1, 0.5),
    "10,000 deals: memory of the board, MB": (80, 50),
    "10,000 deals: memory after all, MB": (80, 50),
    "100,000 deals: memory of the board, MB": (160, 90),
    "100,000 deals: memory after all, MB": (160, 90),
    "exit, ms": (150, 50),
    "another's change seen, median, ms": (50, 50),
    "another's change seen, worst, ms": (100, 100),
    VERSION: (2, 1.5),
    LISTING: (3, 2),
    COMPLETION: (2, 1.5),
    **{
        f"{name} ÷ {log}": (1.5, 1.0)
        for log in ("SQLite FULL", "SQLite FULL, WAL")
        for name in ("insert", "update with its revision", "get by id")
    },
}
"""What issue 3 asks at 100,000 deals, by how a figure's name ends: at least, and what to go for."""


class Plan(NamedTuple):
    """How much is measured."""

    runs: int
    moves: int
    idle: float


Figures = dict[str, float | None]


def middle(values: Iterable[float | None]) -> float | None:
    """The median of what is there; None when nothing is."""
    there = [value for value in values if value is not None]
    return median(there) if there else None


def moves(probe: Probe, name: str, times: int) -> Figures:
    """Rows down and up again, so that they stay within the screen. A move that nothing answers would be no move: it spoils both."""
    answers = [probe.press(b"jk"[turn % 2 :][:1]) for turn in range(times)]
    answered = all(answer.ms is not None for answer in answers)
    return {
        f"{name}: one move, ms": middle(answer.ms for answer in answers) if answered else None,
        f"{name}: one move, bytes": middle(answer.bytes for answer in answers) if answered else None,
    }


def floor(size: tuple[int, int], plan: Plan) -> Figures:
    """One run of the smallest program."""
    probe = Probe(FLOOR, size)
    try:
        return {
            "first data, ms": probe.first("000000 company"),
            **moves(probe, "board", plan.moves),
            "key held, lag ms": probe.hold(b"j", plan.moves).ms,
            "exit, ms": probe.quit(b"Q"),
        }
    finally:
        probe.close()


def opened(workspace: Path, size: tuple[int, int]) -> None:
    """Open it and leave."""
    probe = Probe([*CRM, "--data", str(workspace)], size)
    try:
        probe.first(_MONEY)
        probe.quit(b"Q")
    finally:
        probe.close()


def board_and_card(workspace: Path, size: tuple[int, int], plan: Plan) -> Figures:
    """One run of tuicrm through the screens. A figure is None where no answer came. It was opened before, as by who opens it daily:
    first data is the picture kept from then, `made true` the program's own."""
    opened(workspace, size)
    probe = Probe([*CRM, "--data", str(workspace)], size)
    try:
        figures: Figures = {"first data, ms": probe.first(_MONEY)}
        figures["made true, ms"] = probe.true_ms
        figures |= moves(probe, "board", plan.moves)
        figures["key held, lag ms"] = probe.hold(b"j", plan.moves).ms
        if plan.idle:
            figures["idle, bytes"], figures["idle, processor %"] = probe.idle(plan.idle)
        figures["memory of the board, MB"] = probe.memory()
        figures["first card opened, ms"] = probe.press(b"\r", _FIRST_CARD, _UNHURRIED).ms
        figures |= moves(probe, "card", plan.moves)
        probe.press(b"\t")
        figures |= moves(probe, "timeline", plan.moves)
        figures["back to the board, ms"] = probe.press(b"q", quiet=_UNHURRIED).ms
        figures["card opened again, ms"] = probe.press(b"\r", quiet=_UNHURRIED).ms
        probe.press(b"q", quiet=_UNHURRIED)
        figures["moved to another stage, shown, ms"] = middle(answer.ms for answer in _stages(probe, plan.runs))
        probe.press(b"/")
        figures["filter: first letter, results, ms"] = probe.press(b"r", quiet=_UNHURRIED).ms
        figures["filter: more typed at once, ms"] = probe.press(b"ossi", quiet=_UNHURRIED).ms
        probe.press(b"\r")
        figures["memory after all, MB"] = probe.memory()
        figures["exit, ms"] = probe.quit(b"Q")
        return figures
    finally:
        probe.close()


def _stages(probe: Probe, times: int) -> list[Answer]:
    return [probe.press(b"><"[turn % 2 :][:1], quiet=_UNHURRIED) for turn in range(2 * times)]


def command_line(workspace: Path, plan: Plan) -> list[tuple[str, float, float]]:
    """Name, milliseconds, milliseconds of the floor; own and floor in turns. As people run it, where it is installed."""
    installed = Path(sys.executable).with_name("tuicrm")
    crm = [str(installed)] if installed.exists() else CRM
    listing = [*crm, "deal", "list", "--limit", "50", "--json", "--data", str(workspace)]
    asked = ["env", "_TUICRM_COMPLETE=bash", "_TUICRM_LINE=tuicrm deal move D-1 ", f"TUICRM_DATA={workspace}"]
    found = []
    for name, own, base in (
        (VERSION, [*crm, "--version"], [sys.executable, "-c", ""]),
        (LISTING, listing, [sys.executable, "-c", "import typer"]),
        (COMPLETION, [*asked, *crm], [sys.executable, "-c", "import typer"]),
    ):
        spans: tuple[list[float], list[float]] = ([], [])
        for _turn in range(2 * plan.runs + 1):
            for command, spent in zip((own, base), spans, strict=True):
                spent.append(took(partial(subprocess.run, command, capture_output=True, check=True, cwd=ROOT)))
        found.append((name, median(spans[0]), median(spans[1])))
    return found


def stores(folder: Path, records: int) -> list[tuple[str, float, float]]:
    """Name, milliseconds, those of SQLite FULL: with its usual journal, and with its write-ahead log."""
    place = folder / "store"
    place.mkdir(parents=True)
    try:
        fill(place / "ours", records)
        own = dict(measure(place / "ours", records))
        logs = {"SQLite FULL": sqlite(place, records), "SQLite FULL, WAL": sqlite(place, records, ahead=True)}
        return [(f"{name} ÷ {log}", own[name], spans[name]) for log, spans in logs.items() for name in spans]
    finally:
        shutil.rmtree(place)


def medians(runs: Sequence[Figures]) -> Figures:
    """Each figure's median over runs of the same program."""
    return {name: middle(run.get(name) for run in runs) for name in runs[0]}


def workspace_of(items: int, folder: Path, ready: Path | None) -> Path:
    """A workspace of so many deals in `folder`: kept from before, copied from `ready`, or made."""
    path = folder / f"workspace-{items}"
    if not path.exists():
        print(f"making {path}", file=sys.stderr)
        if ready:
            shutil.copytree(ready, path)
        else:
            subprocess.run([*CRM, "init", str(path), "--items", str(items), "--quiet"], check=True, cwd=ROOT)
    return path


def show(title: str, base: Figures, columns: dict[int, Figures]) -> None:
    """A table: a row for each figure, a column for each size, and the last one's ratio to the floor."""
    sizes = list(columns)
    grows = f"{'÷ smallest':>12}" if len(sizes) > 1 else ""
    print(f"\n{title:36}{'floor':>10}" + "".join(f"{size:>12,}" for size in sizes) + f"{'÷ floor':>10}{grows}")
    for name in columns[sizes[-1]]:
        like = base.get(name.replace("card:", "board:").replace("timeline:", "board:"))
        last = columns[sizes[-1]][name]
        cells = "".join(f"{cell(columns[size].get(name)):>12}" for size in sizes)
        ratio = f"{last / like:.2f}" if last is not None and like else ""
        first = columns[sizes[0]].get(name)
        growth = f"{last / first:.2f}" if grows and last is not None and first else ""
        print(f"{name:36}{cell(like) if like is not None else '':>10}{cells}{ratio:>10}{growth:>12}")


def cell(value: float | None) -> str:
    """A figure; a dash for an answer that never came."""
    return "-" if value is None else f"{value:,.1f}"


def verdicts(found: dict[str, float | None]) -> None:
    """What the issue asks, row by row: the figure, at least, go for, and which of them it reaches."""
    print(f"\n{'what the issue asks':58}{'figure':>10}{'at least':>10}{'go for':>10}")
    for name, (least, wish) in WANTED.items():
        for key, figure in found.items():
            if key.endswith(name):
                reached = (
                    ""
                    if figure is None
                    else "  reached"
                    if figure <= wish
                    else "  enough"
                    if figure <= least
                    else "  short"
                )
                print(
                    f"{key:58}{'-' if figure is None else f'{figure:,.2f}':>10}{least:>10,.6g}{wish:>10,.6g}{reached}"
                )


def of_screens(size: tuple[int, int], base: Figures, columns: dict[int, Figures]) -> dict[str, float | None]:
    """The rows of the issue that one size of terminal gives."""
    screen, sizes = "×".join(map(str, size)), list(columns)
    last, first = columns[sizes[-1]], columns[sizes[0]]

    def ratio(name: str, like: float | None) -> float | None:
        figure = last.get(name)
        return figure / like if figure is not None and like else None

    whole = ("first data", "made true")
    found = {f"{screen} {name} ÷ floor": ratio(f"{name}, ms", base["first data, ms"]) for name in whole}
    for place in ("board", "card", "timeline"):
        name = f"{place}: one move, ms"
        found[f"{screen} {place}: one move ÷ floor"] = ratio(name, base["board: one move, ms"])
        if len(sizes) > 1:
            found[f"{screen} {place}: one move, largest ÷ smallest"] = ratio(name, first.get(name))
    for name in last:
        if name.removesuffix(", ms") not in whole and not name.endswith("one move, ms"):
            found[f"{screen} {name}"] = last[name]
    for items in sizes:
        for when in ("of the board", "after all"):
            found[f"{screen} {items:,} deals: memory {when}, MB"] = columns[items].get(f"memory {when}, MB")
    return found


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where workspaces are kept for the next time")
    parser.add_argument("--workspace", action="append", default=[], metavar="N=PATH", help="a ready one of N deals")
    parser.add_argument("--items", type=int, nargs="*", help="the numbers of deals")
    parser.add_argument("--quick", action="store_true", help="one size, few repetitions")
    asked = parser.parse_args()
    # As what is installed is; where PYTHONDONTWRITEBYTECODE is set, every start would compile all of it.
    compileall.compile_dir(ROOT / "tuicrm", quiet=1)
    ready = {int(items): Path(path) for items, _, path in (text.partition("=") for text in asked.workspace)}
    sizes = asked.items or (sorted(ready)[:1] or [1_000] if asked.quick else SIZES)
    plan = Plan(1, 10, 2) if asked.quick else Plan(5, 30, 10)
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        found: dict[str, float | None] = {}
        paths = {items: workspace_of(items, folder, ready.get(items)) for items in sizes}
        for size in TERMINALS[: 1 if asked.quick else None]:
            bare: list[Figures] = []
            runs: dict[int, list[Figures]] = {items: [] for items in sizes}
            for turn in range(plan.runs):  # interleaved, so that all see the same machine
                bare.append(floor(size, plan))
                for items in sizes:
                    once = plan if turn == 0 else plan._replace(idle=0)
                    runs[items].append(board_and_card(paths[items], size, once))
            columns = {items: medians(runs[items]) for items in sizes}
            show("×".join(map(str, size)), medians(bare), columns)
            found |= of_screens(size, medians(bare), columns)
        print("\nanother's change seen, ms: median, worst")
        for items, path in paths.items():
            for place, spans in seen(path, TERMINALS[0], 4 * plan.runs).items():
                print(f"{items:>12,}  {place:8}{median(spans):>10.1f}{max(spans):>10.1f}")
                found[f"{items:,} deals, {place}: another's change seen, median, ms"] = median(spans)
                found[f"{items:,} deals, {place}: another's change seen, worst, ms"] = max(spans)
        print()
        for name, own, base in (*command_line(paths[sizes[-1]], plan), *stores(folder, min(sizes[-1], 100_000))):
            print(f"{name:46}{own:>10.2f} ms ÷{base:>8.2f} ms = {own / base:.2f}")
            found[name] = own / base
        verdicts(found)


if __name__ == "__main__":
    main()
