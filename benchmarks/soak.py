"""Eight people at random work on one workspace: `python -m benchmarks.soak [--minutes 10] [--seed 1]`.

Four use the program on a terminal, four the command line. Afterwards every change that was acknowledged is in the store, the
workspace has no fault, each session answers, and none has grown. The tests run the same for less than a minute (tests/test_soak.py).
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from benchmarks.probe import Probe
from benchmarks.soak_check import missing
from benchmarks.soak_people import CRM, Acks, AtTerminal, Tally, Writer
from tuicrm.services.checks.checking import faults
from tuicrm.services.items import items
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.people import Details, add_person
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

AT_TERMINALS = ("ada", "bea", "carlo", "dario")
WRITERS = ("elsa", "fabio", "gina", "hugo")
_DEALS = 40
_SIZES = ((140, 40), (80, 24))
_GROWTH_MB, _GROWTH = 5.0, 0.1
"""A session may grow by so many MB or by this part of what it had at half-time, whichever is more, beside what the workspace grew."""
_SAMPLES = 10
"""Of memory, over the time. The first half fills the caches of Textual and of our own, which have a size they do not exceed."""


class Outcome(NamedTuple):
    """What a soak came to. `wrong` says all that must not be; memory is PSS in MB, of each session, tenth by tenth of the
    time, and of a `new` one at half-time and at the end: what the workspace itself takes."""

    seconds: float
    commands: int
    keys: int
    acknowledged: int
    transactions: int
    conflicts: int
    refused: int
    worst_key_ms: float
    memory: Sequence[Sequence[float]]
    new: Sequence[float]
    wrong: Sequence[str]

    def lines(self) -> list[str]:
        """The figures for people."""
        memory = [" ".join(f"{each:5.1f}" for each in series) for series in self.memory]
        return [
            f"time                 {self.seconds:.0f} s",
            f"commands · keys      {self.commands} · {self.keys}",
            f"acknowledged         {self.acknowledged}",
            f"transactions         {self.transactions} ({self.transactions / self.seconds * 60:.0f} a minute)",
            f"conflicts · refused  {self.conflicts} · {self.refused}",
            f"worst first answer   {self.worst_key_ms:.0f} ms",
            *(f"memory, MB           {series}" for series in memory),
            f"of a new session     {' → '.join(f'{each:.1f}' for each in self.new)}",
            f"wrong                {len(self.wrong)}",
            *(f"  {what}" for what in self.wrong[:20]),
        ]


def make(folder: Path) -> None:
    """The workspace: the eight as administrators, so that all may change all, and some deals."""
    create_workspace(folder, person=Maker(system_login(), "Soak"), settings=Settings("Soak"))
    session = open_session(folder)
    roles = [role.key for role in session.workspace.roles.values() if role.admin]
    for name in AT_TERMINALS + WRITERS:
        add_person(session, Details(name.title(), logins=[name], roles=roles), key=name)
    for number in range(_DEALS):
        texts = {"title": f"deal {number}", "amount": f"{number * 100} EUR"}
        items.add(session, "deal", items.values(session, "deal", texts))
    session.close()


def soak(folder: Path, seconds: float, seed: int = 1) -> Outcome:
    """Run in an empty folder for so long, after each session has done everything once."""
    workspace, tally, acks = folder / "workspace", Tally(), Acks(folder / "acks")
    make(workspace)
    probes = [
        Probe([*CRM, "--data", str(workspace), "--as", name], _SIZES[at % 2]) for at, name in enumerate(AT_TERMINALS)
    ]
    try:
        players = [AtTerminal(name, probe, seed, tally) for name, probe in zip(AT_TERMINALS, probes, strict=True)]
        writers = [Writer(name, workspace, folder, seed, tally, acks) for name in WRITERS]
        with ThreadPoolExecutor(len(players) + len(writers)) as pool:
            list(pool.map(AtTerminal.warm_up, players))
            begun = time.monotonic()
            work = [one.work for one in players] + [one.work for one in writers]
            at_work = [pool.submit(one, begun + seconds) for one in work]
            memory: list[list[float]] = [[] for _ in probes]
            for tenth in range(1, _SAMPLES):
                time.sleep(max(0.0, begun + seconds * tenth / _SAMPLES - time.monotonic()))
                _weigh(probes, memory)
                if tenth == _SAMPLES // 2:
                    new = [_new(workspace)]
            for one in at_work:
                one.result()
            took = time.monotonic() - begun
            _weigh(probes, memory)
            new.append(_new(workspace))
            for player in players:
                player.still_answers()
            for player in players:
                player.leave()
    finally:
        for probe in probes:
            probe.close()
    grown = _grown(memory, new) if seconds >= _TELLING else []
    wrong = [*tally.wrong, *grown, *(f"fsck: {fault.place}: {fault.what}" for fault in faults(workspace))]
    lost, transactions = missing(workspace, acks.path, AT_TERMINALS)
    return Outcome(
        took,
        tally.commands,
        tally.keys,
        acks.count,
        transactions,
        tally.conflicts,
        tally.refused,
        tally.worst_key_ms,
        memory,
        new,
        [*wrong, *lost],
    )


def _weigh(probes: Sequence[Probe], memory: Sequence[list[float]]) -> None:
    for probe, series in zip(probes, memory, strict=True):
        series.append(0.0 if probe.ended else probe.memory())


def _new(workspace: Path) -> float:
    """What a session that only shows the board weighs."""
    probe = Probe([*CRM, "--data", str(workspace), "--as", AT_TERMINALS[0]], _SIZES[0])
    try:
        while "deal" not in probe.text() and not probe.ended:
            time.sleep(0.1)
        time.sleep(1)
        return 0.0 if probe.ended else probe.memory()
    finally:
        probe.close()


_TELLING = 15
"""Seconds from which on it tells something that a program grows: before that it still meets things for the first time."""


def _grown(memory: Sequence[Sequence[float]], new: Sequence[float]) -> list[str]:
    halves = [(series[len(series) // 2 - 1], series[-1]) for series in memory]
    of_workspace = max(new[1] - new[0], 0.0)
    return [
        f"{name} has grown from {before:.1f} to {after:.1f} MB since half-time, a new session by {of_workspace:.1f} MB"
        for name, (before, after) in zip(AT_TERMINALS, halves, strict=True)
        if after - before - of_workspace > max(_GROWTH_MB, before * _GROWTH)
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tuicrm-soak-"))
    outcome = soak(folder, chosen.minutes * 60, chosen.seed)
    print("\n".join(outcome.lines()))
    if outcome.wrong:
        print(f"kept: {folder}")
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
