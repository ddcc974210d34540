"""What becomes of rows: made, known already, made once, rejected with a reason; whatever stands in a cell."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.doors import card_of
from tests.hostile import HOSTILE
from tests.services.importing.conftest import Put
from tests.services.importing.exports import (
    AS_DEALS,
    COMPANIES,
    all_of,
    deals_answer,
    hubspot,
    whole,
)
from tuicrm.errors import Refused
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def test_a_second_run_makes_nothing_twice(workspace: Session, put: Put) -> None:
    files = hubspot(put)
    run_import(workspace, files)
    again = run_import(workspace, files)
    whole(again)
    assert (again.made, again.known, again.seq) == (0, 3, again.seq)
    assert len(all_of(workspace, "deal")) == 1
    put("companies.csv", COMPANIES + "engine.example,Engine Works,,,Milano,,99,\n")
    renumbered = run_import(workspace, [files[2]])
    assert (renumbered.made, renumbered.known) == (0, 1)


def test_what_was_deleted_is_made_again(workspace: Session, put: Put) -> None:
    file = put("companies.csv", COMPANIES + ",Engine Works,,,,,1,\n")
    run_import(workspace, [file])
    items.delete(workspace, [all_of(workspace, "company")[0].ref])
    assert run_import(workspace, [file]).made == 1
    assert run_import(workspace, [file]).known == 1


def test_a_row_that_stands_there_twice_is_made_once(workspace: Session, put: Put) -> None:
    row = ",Engine Works,,,Milano,,1,\n"
    report = run_import(workspace, [put("companies.csv", COMPANIES + row + row)])
    whole(report)
    assert (report.made, next(iter(report.tables())).repeated) == (1, 1)


def test_what_changed_in_the_source_is_told_and_left(workspace: Session, put: Put) -> None:
    run_import(workspace, [put("crm.deal.list.json", deals_answer({"ID": "37", "TITLE": "A deal"}))])
    report = run_import(workspace, [put("crm.deal.list.json", deals_answer({"ID": "37", "TITLE": "Renamed there"}))])
    assert next(iter(report.tables())).changed == 1
    assert [deal.fields["title"] for deal in all_of(workspace, "deal")] == ["A deal"]


def test_rejected_rows_go_to_a_file_with_the_reason_and_come_in_when_mended(workspace: Session, put: Put) -> None:
    file = put("deals.csv", "Deal Name,Amount,Close Date\nGood,1200,2026-12-18\nBad,lots,2026-12-19\nWorse,1,never\n")
    report = run_import(workspace, [file], AS_DEALS)
    whole(report)
    rejects = Path(report.files[0].rejects_file)
    assert rejects.parent == file.parent
    rows = list(csv.DictReader(io.StringIO(rejects.read_text("utf-8"))))
    assert [(row["Deal Name"], row["tuicrm line"]) for row in rows] == [("Bad", "3"), ("Worse", "4")]
    assert "lots" in rows[0]["tuicrm reason"]
    assert "Close Date" in rows[1]["tuicrm reason"]
    assert {c.column: c.rejected for c in next(iter(report.tables())).columns} == {
        "Deal Name": 0,
        "Amount": 1,
        "Close Date": 1,
    }
    mended = put("mended.csv", rejects.read_text("utf-8").replace("lots", "900").replace("never", "2026-12-20"))
    assert run_import(workspace, [mended], AS_DEALS).made == 2
    assert len(all_of(workspace, "deal")) == 3


def test_a_file_of_rejects_that_is_there_is_never_overwritten(workspace: Session, put: Put) -> None:
    file = put("deals.csv", "Deal Name,Amount\nBad,lots\n")
    mine = put("deals.rejects.csv", "somebody is just correcting this")
    report = run_import(workspace, [file], AS_DEALS)
    assert Path(report.files[0].rejects_file).name == "deals.rejects-2.csv"
    assert mine.read_text() == "somebody is just correcting this"
    with pytest.raises(Refused, match="exists"):
        run_import(workspace, [file], ImportOptions(type="deal", rejects=mine))


def test_required_fields_pass_and_are_shown_as_missing_or_are_enforced(workspace: Session, put: Put) -> None:
    with workspace.change("require") as change:
        change.put("field", {"type": "deal", "key": "amount", "required_at": {"general": ["new"]}})
    file = put("deals.csv", "Deal Name,Deal Stage\nNo amount,New\n")
    strict = run_import(workspace, [file], ImportOptions(type="deal", enforce=True))
    assert (strict.made, strict.rejected) == (0, 1)
    assert "Amount" in strict.files[0].examples[0].reason
    report = run_import(workspace, [file], AS_DEALS)
    assert [(remark.kind, remark.count) for remark in report.remarks] == [("lacking", 1)]
    view = card_of(workspace, all_of(workspace, "deal")[0].ref)
    assert next(f for s in view.sections for f in s.fields if f.key == "amount").missing


def test_hostile_cells_are_only_text(workspace: Session, put: Put) -> None:
    content = io.StringIO()
    writer = csv.writer(content)
    writer.writerow(["Deal Name", "Deal Description"])
    texts = [text.replace("\r", "").replace("\0", "") for text in HOSTILE]
    for at, text in enumerate(texts):
        writer.writerow([f"{at} {text}", text])
    report = run_import(workspace, [put("deals.csv", content.getvalue().encode("utf-8", "replace"))], AS_DEALS)
    whole(report)
    assert report.made + report.rejected == len(texts)
    for deal in all_of(workspace, "deal"):
        assert card_of(workspace, deal.ref).title


_CELL = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["New", "1.234,5", "2026-12-18", "18/12/26", "anna", "CO-1", "-", "=1+1", "a@b.example", "€ 12"]
)
_COLUMN = st.sampled_from(
    ["Deal Name", "Amount", "Deal Stage", "Close Date", "Deal Owner", "Pipeline", "company", "id", "ref", "Nothing", ""]
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(_COLUMN, min_size=1, max_size=6), st.lists(st.lists(_CELL, max_size=7), max_size=8), st.binary(max_size=40)
)
@example(["Deal Name"], [["x"]], b"")
def test_any_csv_is_accounted_for_or_refused(
    workspace: Session, put: Put, columns: list[str], rows: list[list[str]], tail: bytes
) -> None:
    content = io.StringIO()
    csv.writer(content).writerows([columns, *rows])
    before = len(all_of(workspace, "deal"))
    report = run_import(
        workspace, [put("any.csv", content.getvalue().encode() + tail)], ImportOptions(type="deal", dry_run=bool(tail))
    )
    whole(report)
    assert len(all_of(workspace, "deal")) == before + (0 if report.dry_run else report.made)
