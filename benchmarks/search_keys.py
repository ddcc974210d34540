"""Search as it is typed, on a real pty: `python -m benchmarks.search_keys WORKSPACE [--times 7] [--building]`.

Each word is typed letter by letter, the next one when the answer to the last is there to its last byte: what is found is drawn by
then. Figures are milliseconds from a key to that byte, over so many times: median and worst of each key. With `--building` the index
is deleted first and read anew beside, while somebody types. What others do on the machine is in the worst, hardly in the median.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.probe import Probe

SIZES = ((140, 40), (80, 24))
WORDS = ("rossi", "maria bianchi", "555", "tablet")
_FIND, _CLEAR, _LEAVE, _QUIT = b"\x06", b"\x15", b"\x1b", b"Q"
_UNHURRIED = 0.25
"""Seconds of silence after which an answer, which may come in two parts, counts as whole."""


def typed(workspace: Path, size: tuple[int, int], times: int) -> Iterator[tuple[str, float]]:
    """What stands in the input, and what the key that completed it took."""
    probe = Probe([sys.executable, "-m", "tuicrm", "--data", str(workspace)], size)
    try:
        probe.first("Deals")
        probe.press(_FIND, 10, _UNHURRIED)
        yield from _words(probe, times)
    finally:
        probe.close()


def _words(probe: Probe, times: int) -> Iterator[tuple[str, float]]:
    for _time in range(times):
        for word in WORDS:
            for end in range(1, len(word) + 1):
                answer = probe.press(word[end - 1].encode(), 10, _UNHURRIED)
                yield word[:end], answer.ms if answer.ms is not None else float("nan")
            probe.press(_CLEAR, 10, _UNHURRIED)
            probe.forget()


def table(found: dict[str, list[float]]) -> None:
    """A line a key, and one of all."""
    print(f"{'typed':16}{'median':>9}{'worst':>9}")
    for text, spans in found.items():
        print(f"{text:16}{median(spans):>9.1f}{max(spans):>9.1f}")
    every = [one for spans in found.values() for one in spans]
    late = sum(one >= 50 for one in every)
    print(f"{'all':16}{median(every):>9.1f}{max(every):>9.1f}   {late} of {len(every)} took 50 ms or more")
    print(f"{'worst median':16}{max(map(median, found.values())):>9.1f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--times", type=int, default=7, help="how often each word is typed")
    parser.add_argument("--building", action="store_true", help="delete the index first")
    asked = parser.parse_args()
    for size in SIZES:
        if asked.building:
            for file in (asked.workspace / ".cache").glob("search.*"):
                file.unlink()
        found: dict[str, list[float]] = {}
        began = time.monotonic()
        for text, ms in typed(asked.workspace, size, asked.times):
            found.setdefault(text, []).append(ms)
        print(f"\n{size[0]}×{size[1]}, {time.monotonic() - began:.0f} s")
        table(found)


if __name__ == "__main__":
    main()
