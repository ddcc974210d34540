"""Several real processes on one workspace, and their sudden deaths. The long version: `python -m benchmarks.store_faults`."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.store_faults import concurrent, increments, kills


@pytest.mark.parametrize(("processes", "each"), [(1, 200), (2, 200), (4, 100), (8, 60)])
@pytest.mark.parametrize("compaction", [False, True])
def test_nothing_is_lost_or_given_twice(tmp_path: Path, processes: int, each: int, compaction: bool) -> None:
    found = concurrent(tmp_path / "w", processes, each, compaction=compaction)
    assert found.written == processes * each
    assert (found.lost, found.duplicate_ids, found.lost_updates, found.faults) == (0, 0, 0, 0)


def test_four_processes_count_to_four_hundred(tmp_path: Path) -> None:
    assert increments(tmp_path / "w", 4, 100) == 400


def test_kill_9_loses_nothing_acknowledged(tmp_path: Path) -> None:
    found = kills(tmp_path / "w", 10)
    assert found.acknowledged > 40
    assert (found.lost, found.not_opened, found.faults) == (0, 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("compaction", [False, True])
def test_nothing_of_many_is_lost_or_given_twice(tmp_path: Path, compaction: bool) -> None:
    found = concurrent(tmp_path / "w", 8, 1000, compaction=compaction)
    assert (found.lost, found.duplicate_ids, found.lost_updates, found.faults) == (0, 0, 0, 0)


@pytest.mark.slow
def test_kill_9_two_hundred_times(tmp_path: Path) -> None:
    found = kills(tmp_path / "w", 200, seed=2)
    assert (found.lost, found.not_opened, found.faults) == (0, 0, 0)
