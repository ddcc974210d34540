"""fsck looks at what is kept beside the records: what is not what they say is told, what is sound raises no alarm."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Ref
from tuicrm.services.checks import checking
from tuicrm.services.checks.derived_checks import faults
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.engine import Finder
from tuicrm.services.search.sign_texts import alike_index
from tuicrm.store.column import Kept
from tuicrm.store.snapshot import Snapshot


@pytest.fixture
def folded(seeded: Session, workspace_path: Path) -> Path:
    """A workspace whose snapshots, columns, answers, postings and indexes are all kept."""
    seeded.store.files.compact()
    assert faults(workspace_path, whole=True) == []
    Finder(seeded).index.catch_up()
    alike_index(seeded).catch_up()
    seeded.close()
    assert list((workspace_path / ".cache").glob("deal.*.col"))
    return workspace_path


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_sound_raises_no_alarm(folded: Path, open_as: OpenAs, whole: bool) -> None:
    assert checking.faults(folded, whole=whole) == []
    with closing(open_as("anna")) as session:
        items.edit(session, Ref("deal", 1), {"title": "newer than the snapshot"})
        assert checking.faults(folded, whole=whole) == []


def test_a_column_of_other_values_is_found(folded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As another past of the workspace would leave it: sound by its own checksum."""
    load = Snapshot.load

    def other(self: Snapshot, path: str, form: str) -> Kept | None:
        found = load(self, path, form)
        if found is None or path != "title" or not self.name.startswith("deal."):
            return found
        return Kept(found.entries[::-1], found.codes, found.width)

    monkeypatch.setattr(Snapshot, "load", other)
    (fault,) = {fault.what.partition(":")[0] for fault in faults(folded, whole=True)}
    assert fault == "deal sorted by title"


def test_postings_of_other_records_are_found(folded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posting = Snapshot.posting

    def lost(self: Snapshot, field: str, value: str) -> object:
        return () if self._cache is not None and field == "owner" else posting(self, field, value)

    monkeypatch.setattr(Snapshot, "posting", lost)
    assert any("entry by owner" in fault.what for fault in faults(folded, whole=True))


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("search", "UPDATE found SET name='nonsense' WHERE rowid=(SELECT min(rowid) FROM found)"),
        ("search", "DELETE FROM found WHERE rowid=(SELECT max(rowid) FROM found)"),
        ("alike", "UPDATE sign SET value='nonsense'"),
    ],
)
def test_an_index_that_says_something_else_is_found(folded: Path, name: str, statement: str) -> None:
    (path,) = (folded / ".cache").glob(f"{name}.*.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement)
        db.commit()
    found = faults(folded, whole=True)
    assert found
    assert all(f"“{name}”" in fault.what for fault in found)


@pytest.mark.parametrize("name", ["search", "alike"])
def test_an_index_that_cannot_be_read_is_found(folded: Path, name: str) -> None:
    (path,) = (folded / ".cache").glob(f"{name}.*.db")
    path.write_bytes(b"no database" * 1_000)
    (fault,) = faults(folded)
    assert f"“{name}” cannot be read" in fault.what


def test_it_can_be_stopped(folded: Path) -> None:
    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checking.faults(folded, tell=stop)
