"""What tests stand on: waits that wait for work, folders that are put back, and how much a test may cost."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.cost import at_most
from tests.examples import examples
from tests.quiet import until_quiet, waits_for_work
from tests.store.put_back import PutBack, contents

ROOT = Path(__file__).resolve().parents[1]


def burn(seconds: float) -> None:
    """Have the processor for so long."""
    begun = time.thread_time()
    while time.thread_time() - begun < seconds:
        pass


async def test_what_is_to_be_done_now_or_soon_is_waited_for_and_nothing_else() -> None:
    done: list[str] = []
    loop = asyncio.get_running_loop()

    def first() -> None:
        loop.call_soon(lambda: done.append("now"))
        loop.call_later(0.005, lambda: done.append("soon"))
        loop.call_later(60, lambda: done.append("later"))

    loop.call_soon(first)
    await until_quiet(most=30)
    assert done == ["now", "soon"]


async def test_a_thread_at_work_is_waited_for_and_one_that_waits_is_not() -> None:
    done: list[str] = []
    may = threading.Event()

    def work() -> None:
        burn(0.2)
        done.append("worked")

    with waits_for_work():
        working = asyncio.create_task(asyncio.to_thread(work))
        await until_quiet(most=30)
        assert done == ["worked"]
        waiting = asyncio.create_task(asyncio.to_thread(may.wait))
        begun = time.monotonic()
        await until_quiet(most=30)
        assert time.monotonic() - begun < 20
        assert not waiting.done()
        may.set()
        await asyncio.gather(working, waiting)


def test_a_folder_is_put_back_whatever_was_done_to_it(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    (whole / "deep" / "deeper").mkdir(parents=True)
    (whole / "one").write_text("one")
    (whole / "deep" / "deeper" / "two").write_text("two")
    tries = PutBack(whole, tmp_path / "copy")
    first = dict(contents(tries.copy))
    assert first == {"one": b"one", "deep": None, "deep/deeper": None, "deep/deeper/two": b"two"}
    (tries.copy / "one").write_text("other")
    (tries.copy / "deep" / "deeper" / "two").unlink()
    (tries.copy / "deep" / "deeper").rmdir()
    (tries.copy / "new" / "newer").mkdir(parents=True)
    (tries.copy / "new" / "newer" / "three").write_text("three")
    tries.put_back()
    assert dict(contents(tries.copy)) == first


def test_what_costs_too_much_fails() -> None:
    with at_most(60):
        pass
    with pytest.raises(AssertionError), at_most(0.01):
        burn(0.02)


def test_costs_are_written_by_test(tmp_path: Path) -> None:
    """Processor time, of children too, and none of what is slept away."""
    (tmp_path / "test_it.py").write_text(
        "import subprocess, sys, time\n"
        "BUSY = 'import time\\nwhile time.process_time() < 0.3: pass'\n"
        "def test_busy(): subprocess.run([sys.executable, '-c', BUSY], check=True)\n"
        "def test_idle(): time.sleep(0.3)\n"
    )
    plugin = "import pathlib, tests.cost\ndef pytest_configure(config):\n"
    plugin += f"    config.pluginmanager.register(tests.cost.Costs(pathlib.Path({str(tmp_path / 'costs')!r})))\n"
    (tmp_path / "conftest.py").write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{plugin}")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    costs = json.loads((tmp_path / "costs").read_text())
    assert costs["test_it.py::test_busy"] > 0.25
    assert costs["test_it.py::test_idle"] < 0.25


def test_few_examples_unless_many_are_asked_for(pytestconfig: pytest.Config) -> None:
    assert examples(500) == (500 if pytestconfig.getoption("--deep") else 100)
