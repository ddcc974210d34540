"""What issue 3 asks of speed, measured in one run: `python -m benchmarks [--quick] [--workspace 100000=/path]`.

Workspaces are made with `tuicrm init --items N` and kept in the folder given; a ready one is copied, since it is written to.
Figures are medians. The floor of starts and keys is `benchmarks/floor/lineapi.py`; of the command line `import typer`.
A move is on disk (fdatasync) before it is shown, so that the time until it shows is that of both. The store against SQLite:
`python -m benchmarks.store`.
"""

from __future__ import annotations

import argparse
import compileall
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from benchmarks.probe import Answer, Probe
from benchmarks.store import took

ROOT = Path(__file__).resolve().parent.parent
FLOOR = [sys.executable, str(ROOT / "benchmarks" / "floor" / "lineapi.py")]
CRM = [sys.executable, "-m", "tuicrm"]
SIZES = (1_000, 10_000, 100_000)
TERMINALS = ((140, 40), (80, 24))
_FIRST_CARD = 60.0
"""Seconds the first card may take: an index of the timeline may have to be made."""
_UNHURRIED = 0.4
"""Seconds of silence after an answer that may come in several parts."""


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
    """Rows down and up again, so that they stay within the screen."""
    answers = [probe.press(b"jk"[turn % 2 :][:1]) for turn in range(times)]
    return {
        f"{name}: one move, ms": middle(answer.ms for answer in answers),
        f"{name}: one move, bytes": middle(answer.bytes for answer in answers),
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


def board_and_card(workspace: Path, size: tuple[int, int], plan: Plan) -> Figures:
    """One run of tuicrm through the screens. A figure is None where no answer came."""
    probe = Probe([*CRM, "--data", str(workspace)], size)
    try:
        figures: Figures = {"first data, ms": probe.first(r"[€$£] ?\d")}
        figures |= moves(probe, "board", plan.moves)
        figures["key held, lag ms"] = probe.hold(b"j", plan.moves).ms
        if plan.idle:
            figures["idle, bytes"], figures["idle, processor %"] = probe.idle(plan.idle)
        figures["memory of the board, MB"] = probe.memory()
        figures["first card opened, ms"] = probe.press(b"\r", _FIRST_CARD, _UNHURRIED).ms
        figures |= moves(probe, "card", plan.moves)
        probe.press(b"\t")
        figures |= moves(probe, "timeline", plan.moves)
        figures["back to the board, ms"] = probe.press(b"q").ms
        figures["card opened again, ms"] = probe.press(b"\r").ms
        probe.press(b"q")
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
    return [probe.press(b"><"[turn % 2 :][:1]) for turn in range(2 * times)]


def together(workspace: Path, size: tuple[int, int], times: int) -> list[float]:
    """Milliseconds from a key in one session until another one, left alone, begins to draw what it did."""
    command = [*CRM, "--data", str(workspace)]
    here, there = Probe(command, size), Probe(command, size)
    try:
        for probe in (here, there):
            probe.first(r"[€$£] ?\d")
        found = []
        for turn in range(times):
            _quiet = there.idle(0.2)
            since, begun = there.count(), perf_counter()
            here.press(b"><"[turn % 2 :][:1])
            if (seen := there.first_after(since)) is not None:
                found.append((seen - begun) * 1000)
        return found
    finally:
        for probe in (here, there):
            probe.quit(b"Q")
            probe.close()


def command_line(workspace: Path, plan: Plan) -> list[tuple[str, float, float]]:
    """Name, milliseconds, milliseconds of the floor."""

    def ran(*command: str) -> float:
        return took(lambda: subprocess.run(command, capture_output=True, check=True, cwd=ROOT), 2 * plan.runs + 1)

    listing = (*CRM, "deal", "list", "--limit", "50", "--json", "--data", str(workspace))
    return [
        ("tuicrm --version ÷ bare Python", ran(*CRM, "--version"), ran(sys.executable, "-c", "")),
        ("deal list --limit 50 --json ÷ import typer", ran(*listing), ran(sys.executable, "-c", "import typer")),
    ]


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
    print(f"\n{title:36}{'floor':>10}" + "".join(f"{size:>12,}" for size in sizes) + f"{'÷ floor':>10}")
    for name in columns[sizes[-1]]:
        like = base.get(name.replace("card:", "board:").replace("timeline:", "board:"))
        last = columns[sizes[-1]][name]
        cells = "".join(f"{cell(columns[size].get(name)):>12}" for size in sizes)
        ratio = f"{last / like:.2f}" if last is not None and like else ""
        print(f"{name:36}{cell(like) if like is not None else '':>10}{cells}{ratio:>10}")


def cell(value: float | None) -> str:
    """A figure; a dash for an answer that never came."""
    return "-" if value is None else f"{value:,.1f}"


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
        paths = {items: workspace_of(items, folder, ready.get(items)) for items in sizes}
        for size in TERMINALS[: 1 if asked.quick else None]:
            bare: list[Figures] = []
            runs: dict[int, list[Figures]] = {items: [] for items in sizes}
            for turn in range(plan.runs):  # interleaved, so that all see the same machine
                bare.append(floor(size, plan))
                for items in sizes:
                    once = plan if turn == 0 else plan._replace(idle=0)
                    runs[items].append(board_and_card(paths[items], size, once))
            show("×".join(map(str, size)), medians(bare), {items: medians(runs[items]) for items in sizes})
        print("\nchange seen by another session, ms: median, worst")
        for items, path in paths.items():
            seen = together(path, TERMINALS[0], 4 * plan.runs)
            print(f"{items:>12,}{median(seen):>10.1f}{max(seen):>10.1f}" if seen else f"{items:>12,}  never seen")
        print()
        for name, own, base in command_line(paths[sizes[-1]], plan):
            print(f"{name:46}{own:>10.1f} ms ÷{base:>8.1f} ms = {own / base:.2f}")


if __name__ == "__main__":
    main()
