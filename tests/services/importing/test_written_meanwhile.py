"""What others write while an import runs, and where its rejected rows find no room."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.disk import small_disk
from tests.services.importing.conftest import Put
from tuicrm.domain.items import Ref
from tuicrm.errors import StorageFull
from tuicrm.services.importing import writing
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def test_an_item_that_others_change_in_that_moment_is_left_out_and_the_others_come(
    seeded: Session, open_as: OpenAs, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is nobody's refusal: no row is told as rejected, and once more it is laid over what is there then."""
    path = put("people.csv", "First Name,Last Name,Job Title\nMaria,Rossi,Buyer\nAda,Neri,Seller\n")
    other, flush = open_as("anna"), writing.Writer.flush

    def late(writer: writing.Writer) -> None:
        items.edit(other, Ref("contact", 1), {"comment": "theirs"})
        monkeypatch.setattr(writing.Writer, "flush", flush)
        flush(writer)

    monkeypatch.setattr(writing.Writer, "flush", late)
    options = ImportOptions(type="contact", duplicates="replace")
    report = run_import(seeded, [path], options)
    assert (report.conflicts, report.files[0].rejected) == (1, 0)
    assert [one.get("position") for one in seeded.find("contact").items] == [None, "Seller"]
    assert seeded.get(Ref("contact", 1)).get("comment") == "theirs"
    assert run_import(seeded, [path], options).conflicts == 0
    assert seeded.get(Ref("contact", 1)).fields["position"] == "Buyer"
    assert seeded.get(Ref("contact", 1)).get("comment") == "theirs"


@pytest.mark.parametrize("room", [0, 40_000])
def test_without_room_for_the_rejected_rows_nothing_is_imported(
    seeded: Session, put: Put, tmp_path: Path, room: int
) -> None:
    rows = [f"Neri {n},{'1990-01-01' if n % 2 else 'long ago'},{'x' * 2000}" for n in range(60)]
    path = put("people.csv", "\n".join(["Last Name,Birthday,Notes", *rows]) + "\n")
    before = seeded.ids("contact")
    with small_disk(tmp_path / "small") as disk:
        options = ImportOptions(type="contact", rejects=disk.place / "rejects.csv")
        with disk.filled_but(room), pytest.raises(StorageFull, match=r"rejects\.csv"):
            run_import(seeded, [path], options)
        assert seeded.ids("contact") == before
        assert not list(disk.place.iterdir())
        report = run_import(seeded, [path], options)
        assert (report.files[0].tables[0].made, report.files[0].rejected) == (30, 30)
        assert len((disk.place / "rejects.csv").read_text().splitlines()) == 31
