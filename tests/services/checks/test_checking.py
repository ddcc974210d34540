"""Faults are named; what can be read of a damaged workspace is saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Clock, OpenAs
from tests.doors import add_field
from tests.services.documents import files as documents
from tuicrm.domain.items import Ref
from tuicrm.errors import StorageError
from tuicrm.limits import DOCUMENT
from tuicrm.services.checks.checking import faults, salvage, unnamed_files
from tuicrm.services.documents import versions
from tuicrm.services.items import attachments, items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import open_session


def test_a_sound_workspace_has_no_faults(seeded: Session, workspace_path: Path) -> None:
    assert faults(workspace_path) == []


def test_the_rest_of_a_damaged_workspace_is_saved(
    seeded: Session, workspace_path: Path, tmp_path: Path, clock: Clock
) -> None:
    digest = seeded.store.blobs.put(b"a contract")
    seeded.close()
    journal = next(workspace_path.glob("journal.*.jsonl"))
    lines = journal.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b"ERP connector" in line)
    lines[at] = lines[at].replace(b"ERP connector", b"ERP c0nnector")
    damaged = b"".join(lines)
    journal.write_bytes(damaged)
    assert [fault.place for fault in faults(workspace_path)] == [journal.name]

    saved = salvage(workspace_path, tmp_path / "saved", by="anna")
    assert journal.read_bytes() == damaged
    assert saved.damage
    session = open_session(tmp_path / "saved", login="anna", clock=clock)
    assert session.get(Ref("deal", 1)).get("title") == "Website redesign"
    assert session.peek(Ref("deal", 2)) is None
    assert session.store.blobs.open(digest).read() == b"a contract"
    session.close()
    assert faults(tmp_path / "saved") == []


def test_nothing_is_saved_over_anything(seeded: Session, workspace_path: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("dear")
    with pytest.raises(StorageError, match="full"):
        salvage(workspace_path, tmp_path / "full", by="anna")


def test_definitions_that_are_none_are_left_out_and_told_of(
    seeded: Session, workspace_path: Path, open_as: OpenAs
) -> None:
    from tuicrm.domain.workspace import CONFIG_TABLES
    from tuicrm.errors import Refused
    from tuicrm.services.boards.board import Board
    from tuicrm.store.protocol import Op

    junk: list[dict[str, object]] = [
        {},
        {"key": 3},
        {"type": "deal", "key": "x", "kind": 7},
        {"nonsense": [1, {"deep": None}]},
    ]
    ids = {table: seeded.store.new_ids(table, len(junk)) for table in CONFIG_TABLES}
    seeded.store.commit([Op(table, n, doc) for table in CONFIG_TABLES for n, doc in zip(ids[table], junk, strict=True)])
    again = open_as("anna")
    assert Board(again, "deal").head.count == 3
    told = {(one.table, one.id) for one in again.workspace.misshapen}
    assert told >= {(table, n) for table in CONFIG_TABLES for n in ids[table][:2]}
    assert {fault.place for fault in faults(workspace_path)} >= {f"role {ids['role'][0]}", f"field {ids['field'][2]}"}
    for table in CONFIG_TABLES:
        with pytest.raises(Refused, match="this is no"), again.change("junk") as change:
            change.put(table, {"key": 3})


def test_a_file_that_an_item_names_and_that_is_gone_is_a_fault(
    seeded: Session, workspace_path: Path, tmp_path: Path
) -> None:
    field = add_field(seeded, "deal", "Offer", "file")
    offer = tmp_path / "offer.pdf"
    offer.write_bytes(b"an offer")
    items.edit(seeded, Ref("deal", 1), {field.key: attachments.take(seeded, field, str(offer))})
    seeded.close()
    assert (faults(workspace_path), unnamed_files(workspace_path)) == ([], (0, 0))
    (kept,) = (workspace_path / "blobs").glob("??/*")
    kept.unlink()
    (fault,) = faults(workspace_path)
    assert (fault.place, "offer.pdf" in fault.what) == ("deal 1", True)


def test_files_that_nothing_names_today_are_counted_and_no_fault(
    seeded: Session, workspace_path: Path, tmp_path: Path
) -> None:
    """An item's that was taken out, and a document's that was never finished; templates, versions and PDFs are named."""
    field = add_field(seeded, "deal", "Offer", "file")
    offer = tmp_path / "offer.pdf"
    offer.write_bytes(b"an offer")
    items.edit(seeded, Ref("deal", 1), {field.key: attachments.take(seeded, field, str(offer))})
    documents.add(seeded)
    made = documents.make(seeded)
    versions._keep_pdf(seeded, made.record.id, made.record.newest.blob, seeded.store.blobs.put(b"%PDF-"))
    assert unnamed_files(workspace_path) == (0, 0)
    items.edit(seeded, Ref("deal", 1), {field.key: None})
    seeded.store.blobs.put(b"half")
    seeded.close()
    assert (faults(workspace_path), unnamed_files(workspace_path)) == ([], (2, len(b"an offer") + len(b"half")))


def test_a_record_that_is_too_large_by_now_keeps_nothing_else_from_being_saved(
    seeded: Session, workspace_path: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script may have written it before there was a limit."""
    items.edit(seeded, Ref("deal", 1), {"comment": "x" * 20_000})
    seeded.close()
    monkeypatch.setattr(DOCUMENT, "most", 10_000)
    saved = salvage(workspace_path, tmp_path / "saved", by="anna")
    assert [told.partition(": ")[0] for told in saved.damage] == ["deal 1"]
    assert "at most 10000 bytes" in saved.damage[0]
    session = open_session(tmp_path / "saved", login="anna", clock=clock)
    assert session.ids("deal") == [2, 3]
    session.close()
