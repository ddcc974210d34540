"""Files of fields: taken in, kept, written out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import NotFound, Refused
from tuicrm.limits import FILE_SIZE
from tuicrm.services.items import attachments, items
from tuicrm.services.kernel.session import Session

CO1 = Ref("company", 1)


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    path = tmp_path / "logo [1].png"
    path.write_bytes(b"\x89PNG" + bytes(range(256)) * 100)
    return path


def test_a_file_is_taken_in_and_written_out(seeded: Session, logo: Path, tmp_path: Path) -> None:
    field = seeded.workspace.fields("company")["logo"]
    value = attachments.take(seeded, field, f" {logo} ")
    assert (value["name"], value["size"]) == (logo.name, logo.stat().st_size)
    items.edit(seeded, CO1, {"logo": value})
    kept = seeded.get(CO1).get("logo")
    (tmp_path / "out").mkdir()
    written = attachments.write_out(seeded, kept, tmp_path / "out")
    assert written == tmp_path / "out" / logo.name
    assert written.read_bytes() == logo.read_bytes()
    with pytest.raises(Refused, match="exists"):
        attachments.write_out(seeded, kept, written)
    with pytest.raises(NotFound):
        attachments.write_out(seeded, {**kept, "blob": "0" * 64}, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_what_is_there_stays_by_its_name(seeded: Session, logo: Path) -> None:
    field = seeded.workspace.fields("company")["logo"]
    value = attachments.take(seeded, field, str(logo))
    logo.unlink()
    assert attachments.shown(value) == logo.name
    assert attachments.take(seeded, field, attachments.shown(value), value) == value
    assert attachments.take(seeded, field, "", value) is None
    assert attachments.check(field, logo.name, value) == f"{logo.name} (25,604 B)"


def test_paths_that_are_no_files_are_refused(seeded: Session, tmp_path: Path) -> None:
    field = seeded.workspace.fields("company")["logo"]
    for wrong in (str(tmp_path), str(tmp_path / "nothing.pdf"), "\0", "x" * 10_000, "a [3 abc]"):
        with pytest.raises(BadValue, match="the path of a file"):
            attachments.take(seeded, field, wrong)
        with pytest.raises(BadValue, match="the path of a file"):
            attachments.check(field, wrong, None)
    with pytest.raises(BadValue, match="one file"):
        attachments.take(seeded, field, "a\nb")


def test_a_file_that_is_too_large_is_told_as_too_large(
    seeded: Session, logo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = seeded.workspace.fields("company")["logo"]
    monkeypatch.setattr(FILE_SIZE, "most", logo.stat().st_size - 1)
    with pytest.raises(BadValue, match=f"at most {FILE_SIZE.most} bytes"):
        attachments.take(seeded, field, str(logo))
    with pytest.raises(BadValue, match=f"at most {FILE_SIZE.most} bytes"):
        attachments.check(field, str(logo), None)


def test_texts_of_the_command_line_name_paths(seeded: Session, logo: Path) -> None:
    values = items.values(seeded, "company", {"logo": str(logo)})
    assert values["logo"]["name"] == logo.name
    with pytest.raises(Refused, match="the path of a file"):
        items.values(seeded, "company", {"logo": "nothing.png"})
