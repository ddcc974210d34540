"""A field that the person may not see is nothing that an import knows of: not guessed, offered, filled, or named. A dry run is
compared with one in a workspace that has no such field: the reports are equal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.conftest import OpenAs
from tests.doors import restrict_field
from tests.services.importing.conftest import Put
from tuicrm.domain.importing import Report
from tuicrm.errors import Refused
from tuicrm.services.definitions import fields
from tuicrm.services.importing.options import Decisions, ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.kernel.session import Session

BITRIX: dict[str, Any] = {
    "result": [
        {"ID": "7", "TITLE": "X", "STAGE_ID": "NEW", "CATEGORY_ID": "0", "UF_CRM_SECRET": "12", "PROBABILITY": "5"},
    ],
    "total": 1,
}  # fmt: skip
COLUMNS = ("Secret margin", "secret_margin", "SECRET MARGIN", "Secret marginn", "Margine segreto")


@pytest.fixture
def luca(seeded: Session, open_as: OpenAs) -> Session:
    """Luca, who may change settings, and from whom nothing is hidden yet."""
    with seeded.change("role") as change:
        change.put("role", {"key": "definer", "label": "Definer", "specials": ["settings"]})
        entry = seeded.workspace.entry("person", "luca")
        assert entry is not None
        change.put("person", {**entry.doc, "roles": ["manager", "definer"]}, entry.id)
    return open_as("luca")


def hide_a_field(anna: Session, luca: Session) -> None:
    """A custom field with a code, a default and a rule, for Anna alone."""
    label = {"en": "Secret margin", "it": "Margine segreto"}
    made = fields.new_field(anna, "deal", "Secret margin", "number", default="7", settings={"max": "10"})
    made = msgspec.structs.replace(made, label=label, source="UF_CRM_SECRET", required=True)
    fields.keep_new(anna, "deal", made)
    restrict_field(anna, "deal", made.key, ["anna"])
    luca.store.refresh()


def told(report: Report) -> bytes:
    # A key is never given twice, whether a field that is here has it or one that was: a number may stand behind it.
    return re.sub(rb"(secret_margin|margine_segreto)_\d\b", rb"\1", msgspec.json.encode(report))


def files(put: Put) -> list[Path]:
    rows = [put(f"{n}.csv", f"Deal Name,{column}\nDeal {n},12\n") for n, column in enumerate(COLUMNS)]
    return [*rows, put("crm.deal.list.json", BITRIX)]


@pytest.mark.parametrize("create", [False, True])
def test_the_report_is_that_of_a_workspace_without_it(seeded: Session, luca: Session, put: Put, create: bool) -> None:
    options = ImportOptions("deal", dry_run=True, create_fields=create)
    before = told(run_import(luca, files(put), options))
    hide_a_field(seeded, luca)
    assert told(run_import(luca, files(put), options)) == before
    # The test can fail: whoever sees the field is told of it.
    assert told(run_import(seeded, files(put), options)) != before


def test_it_is_not_filled_and_its_rules_do_not_bind(seeded: Session, luca: Session, put: Put) -> None:
    hide_a_field(seeded, luca)
    report = run_import(luca, files(put), ImportOptions("deal", enforce=True))
    assert (report.made, report.rejected) == (len(COLUMNS) + 1, 0)
    seeded.store.refresh()
    deals = seeded.find("deal").items
    imported = [deal.fields for deal in deals if deal.fields["title"].startswith(("Deal", "X"))]
    assert len(imported) == len(COLUMNS) + 1
    # The default of a new item, as it has it however it is made.
    assert {doc["secret_margin"] for doc in imported} == {"7"}


def test_nobody_can_map_a_column_to_it(seeded: Session, luca: Session, put: Put) -> None:
    hide_a_field(seeded, luca)
    file = put("x.csv", "Deal Name,Hue\nX,1\n")
    messages = set()
    for field in ("secret_margin", "Secret margin", "nothing_like_it"):
        with pytest.raises(Refused) as refused:
            run_import(luca, [file], ImportOptions("deal", Decisions(columns={"Hue": field})))
        messages.add(refused.value.message.replace(field, "*"))
    assert len(messages) == 1


def test_a_map_may_name_what_one_sees(seeded: Session, luca: Session, put: Put) -> None:
    hide_a_field(seeded, luca)
    file = put("x.csv", "Deal Name,Hue\nX,9\n")
    assert run_import(seeded, [file], ImportOptions("deal", Decisions(columns={"Hue": "secret_margin"}))).made == 1
    assert "9" in {deal.fields.get("secret_margin") for deal in seeded.find("deal").items}
