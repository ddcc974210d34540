"""Faults are named; what can be read of a damaged workspace is saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Clock
from tuicrm.domain.items import Ref
from tuicrm.errors import StorageError
from tuicrm.services.checking import faults, salvage
from tuicrm.services.session import Session
from tuicrm.services.start import open_session


def test_a_sound_workspace_has_no_faults(seeded: Session, workspace_path: Path) -> None:
    assert faults(workspace_path) == []


def test_the_rest_of_a_damaged_workspace_is_saved(
    seeded: Session, workspace_path: Path, tmp_path: Path, clock: Clock
) -> None:
    digest = seeded.store.put_blob(b"a contract")
    seeded.close()
    journal = next(workspace_path.glob("journal.*.jsonl"))
    lines = journal.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b"ERP connector" in line)
    lines[at] = lines[at].replace(b"ERP connector", b"ERP c0nnector")
    damaged = b"".join(lines)
    journal.write_bytes(damaged)
    assert [fault.file for fault in faults(workspace_path)] == [journal.name]

    saved = salvage(workspace_path, tmp_path / "saved", by="anna")
    assert journal.read_bytes() == damaged
    assert saved.damage
    session = open_session(tmp_path / "saved", login="anna", clock=clock)
    assert session.get(Ref("deal", 1)).get("title") == "Website redesign"
    assert session.peek(Ref("deal", 2)) is None
    assert session.store.open_blob(digest).read() == b"a contract"
    session.close()
    assert faults(tmp_path / "saved") == []


def test_nothing_is_saved_over_anything(seeded: Session, workspace_path: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("dear")
    with pytest.raises(StorageError, match="full"):
        salvage(workspace_path, tmp_path / "full", by="anna")
