"""Export: what is written is what import reads back, and only what one may take along."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied
from tuicrm.services.exporting.exporting import export_csv, exported_fields
from tuicrm.services.exporting.exporting_json import export_json
from tuicrm.services.items import items
from tuicrm.services.kernel import lookup
from tuicrm.services.kernel.session import Session


def rows(session: Session, *, neutralise: bool = False) -> list[dict[str, str]]:
    stream = io.BytesIO()
    export_csv(session, "deal", stream, neutralise=neutralise)
    return list(csv.DictReader(io.StringIO(stream.getvalue().decode("utf-8-sig"))))


def test_a_row_holds_texts_that_read_back_to_the_same_values(seeded: Session) -> None:
    editable = {f.key for f in exported_fields(seeded, "deal") if not f.read_only}
    for row in rows(seeded):
        item = seeded.get(lookup.read_ref(seeded, row["ref"]))
        texts = {key: text for key, text in row.items() if key in editable and text}
        again = items.values(seeded, "deal", texts)
        assert again == {key: item.fields[key] for key in texts}


def test_pages_are_followed_to_the_end(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuicrm.services.exporting.exportable.PAGE", 2)
    assert sorted(row["ref"] for row in rows(seeded)) == ["D-1", "D-2", "D-3"]


def test_json_has_the_form_of_the_command_line(seeded: Session) -> None:
    stream = io.BytesIO()
    done = export_json(seeded, ["deal"], stream)
    written = json.loads(stream.getvalue())
    assert (done.written, written["schema"], written["total"]) == (3, 1, 3)
    assert written["items"][0]["fields"]["currency"] == "EUR"


def test_formulas_are_made_harmless_for_spreadsheets(seeded: Session) -> None:
    items.edit(seeded, Ref("deal", 1), {"title": "=1+1"})
    assert {row["title"] for row in rows(seeded, neutralise=True)} >= {"'=1+1"}
    assert {row["title"] for row in rows(seeded)} >= {"=1+1"}


def test_only_what_one_may_take_along(seeded: Session, open_as: OpenAs) -> None:
    stream = io.BytesIO()
    done = export_csv(open_as("luca"), "deal", stream)
    assert (done.written, done.withheld) == (1, 2)
    role = seeded.workspace.entry("role", "manager")
    assert role is not None
    with seeded.change("take the right") as change:
        change.patch("role", role.id, {"rules": {"*": {"read": "all"}}})
    with pytest.raises(AccessDenied):
        export_csv(open_as("luca"), "deal", io.BytesIO())
