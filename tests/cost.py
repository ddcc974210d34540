"""What tests cost in processor time: `pytest --cost FILE` writes seconds (user and system, own and children's) by test.

Wall time tells of the machine and who else is on it; processor time tells of the test. `python -m tests.cost FILE…` sums it up.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

_NAME = "processor seconds"
_DEAREST = 100


def spent() -> float:
    """Processor seconds of this process and of its children that were waited for."""
    return sum(os.times()[:4])


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """What is done meanwhile costs no more processor time than this; time that others have the processor does not count."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds


class Costs:
    """Sums what setting up, running and taking down each test took; works under xdist too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        now = spent()
        # Reports of one test share their list: each phase says what was spent until then, and the last one counts.
        item.stash.setdefault(_BEGAN, now)
        report.user_properties = [*report.user_properties, (_NAME, now - item.stash[_BEGAN])]
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        item.stash[_BEGAN] = spent()
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name == _NAME and isinstance(value, float):
                self.seconds[report.nodeid] = max(self.seconds.get(report.nodeid, 0.0), value)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not hasattr(session.config, "workerinput"):
            self.path.write_text(json.dumps(self.seconds, indent=0))


_BEGAN = pytest.StashKey[float]()


def tell(seconds: dict[str, float], out: TextIO) -> None:
    """Folders, files and the dearest tests, each with its seconds and number of tests."""
    for depth, heading in ((_folder, "folders"), (_file, "files")):
        sums: dict[str, float] = {}
        counts: Counter[str] = Counter()
        for test, spent_here in seconds.items():
            sums[depth(test)] = sums.get(depth(test), 0.0) + spent_here
            counts[depth(test)] += 1
        out.write(f"\n{heading}\n")
        out.writelines(f"{total:8.1f} s {counts[name]:6,}  {name}\n" for name, total in _dearest(sums))
    out.write(f"\nthe {_DEAREST} dearest\n")
    out.writelines(f"{value:8.2f} s  {test}\n" for test, value in _dearest(seconds)[:_DEAREST])
    out.write(f"\n{sum(seconds.values()):8.1f} s {len(seconds):6,}  in all\n")


def _dearest(seconds: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(seconds.items(), key=lambda one: -one[1])


def _file(test: str) -> str:
    return test.partition("::")[0]


def _folder(test: str) -> str:
    parts = _file(test).split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else "tests/*.py"


def _main(files: list[str]) -> None:
    seconds: dict[str, float] = {}
    for file in files:
        seconds |= json.loads(Path(file).read_text())
    tell(seconds, sys.stdout)


if __name__ == "__main__":
    _main(sys.argv[1:])
