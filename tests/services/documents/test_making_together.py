"""Several processes that make documents at once, processes that are killed while they make one, and a disk that is full."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import UTC
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.disk import small_disk
from tests.services.documents.files import D1, add, make, says
from tuicrm.errors import StorageError
from tuicrm.services.checks.checking import faults
from tuicrm.services.documents import reading
from tuicrm.services.items import timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import open_session

ROOT = Path(__file__).resolve().parents[3]

_MAKES = """
import json, sys
from tuicrm.domain.items import Ref
from tuicrm.services.documents import making
from tuicrm.services.items import items
from tuicrm.services.workspace.start import open_session
session, told = open_session(sys.argv[1], login="anna"), []
template = session.workspace.doc_templates["offer"]
making.plan(session, Ref("deal", 1), template)
print("ready", flush=True)
sys.stdin.readline()
for n in range(int(sys.argv[2])):
    made = making.make(session, making.plan(session, Ref("deal", 1 + n % 3), template))
    told.append(made.record.number)
    print(made.ref, flush=True)
print(json.dumps(told))
session.close()
"""


def begin(folder: Path, count: int) -> subprocess.Popen[str]:
    """A process that makes so many documents once it is told to."""
    words = [sys.executable, "-c", _MAKES, str(folder), str(count)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def go(one: subprocess.Popen[str]) -> None:
    assert one.stdout is not None
    assert one.stdin is not None
    assert one.stdout.readline() == "ready\n"
    one.stdin.write("go\n")
    one.stdin.flush()


def whole(session: Session) -> list[str]:
    """The numbers of all documents, each of which is whole: with its file, and told once on the timeline."""
    numbers, told = [], []
    for deal in session.ids("deal"):
        ref = D1._replace(id=deal)
        for one in reading.documents(session, ref):
            assert f"No. {one.record.number}" in says(session, one)
            numbers.append(one.record.number)
        told += [entry["data"]["number"] for entry in timeline.records(session, ref, ["documents"])]
    assert sorted(numbers) == sorted(told)
    assert len(set(numbers)) == len(numbers)
    return numbers


def test_eight_makers_at_once_get_each_number_once_and_none_is_left_out(seeded: Session, workspace_path: Path) -> None:
    add(seeded)
    running = [begin(workspace_path, 2) for _maker in range(8)]
    for one in running:
        go(one)
    given: list[str] = []
    for one in running:
        said, _nothing = one.communicate(timeout=60)
        assert one.returncode == 0
        given += json.loads(said.splitlines()[-1])
    seeded.store.refresh()

    assert sorted(map(int, given)) == list(range(1, 17))
    assert sorted(whole(seeded)) == sorted(given)


def test_killed_while_making_leaves_no_half_document(seeded: Session, workspace_path: Path) -> None:
    add(seeded)
    dice = random.Random("kills")
    for kill in range(4):
        one = begin(workspace_path, 50)
        go(one)
        assert one.stdout is not None
        for _line in range(kill):
            one.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            one.wait(dice.uniform(0.005, 0.12))
        one.kill()
        one.communicate()
    seeded.store.refresh()

    numbers = whole(seeded)
    assert len(numbers) >= 6
    assert faults(workspace_path) == []
    assert make(seeded).record.number not in numbers


def test_on_a_full_disk_a_document_is_made_whole_or_not_at_all(seeded_workspace: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as disk:
        folder = disk.place / "w"
        shutil.copytree(seeded_workspace, folder)
        with closing(
            open_session(folder, login="anna", clock=Clock(), zone=UTC, language="en", locale="en_GB")
        ) as session:
            add(session)
            refused = 0
            for room in (0, 4096, 16_384, 32_768, 45_056, 53_248):
                try:
                    with disk.filled_but(room):
                        make(session)
                except StorageError:
                    refused += 1
                whole(session)
            assert refused >= 3
            before = whole(session)
            assert make(session).record.number not in before
        assert faults(folder) == []
