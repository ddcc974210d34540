"""Pipelines of Bitrix24: its default one has its own name and stages here, and what is in use stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.services.importing.conftest import Put
from tests.services.importing.definitions.test_type_definitions import made, stages
from tuicrm.domain.importing import Report
from tuicrm.services.history.undo import undo
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session

DEFAULT = {"id": 0, "name": "Vendite dirette", "sort": 100, "entityTypeId": 2, "isDefault": "Y"}
WHOLESALE = {"id": 9, "name": "Wholesale", "sort": 200, "entityTypeId": 2, "isDefault": "N"}
STAGES = stages(
    "DEAL_STAGE",
    ("NEW", "Fresh", "process"),
    ("UC_1", "Visit", "process"),
    ("WON", "Signed", "success"),
    ("LOSE", "Gone", "failure"),
)
ROWS: list[dict[str, Any]] = [
    {"ID": "1", "TITLE": "A", "STAGE_ID": "UC_1", "CATEGORY_ID": "0", "IS_RECURRING": "N"},
    {"ID": "2", "TITLE": "B", "STAGE_ID": "NEW", "IS_RECURRING": "N"},
]


def bundle(put: Put, *, named: bool = True) -> list[Path]:
    files = [put("crm.deal.list.json", {"result": ROWS}), put("stages.json", {"result": STAGES})]
    return [*files, put("categories.json", {"result": {"categories": [DEFAULT, WHOLESALE]}})] if named else files


def pipelines(session: Session) -> dict[str, list[str]]:
    return {
        session.label(one.label): [session.label(stage.label) for stage in one.stages]
        for one in session.workspace.pipelines("deal")
    }


def where(session: Session) -> dict[str, tuple[str, str]]:
    return {
        str(deal.fields.get("title")): (deal.fields["pipeline"], deal.fields["stage"])
        for deal in session.find("deal").items
    }


def notes(report: Report) -> list[str]:
    return [note for file in report.files for note in file.notes]


def test_the_default_pipeline_takes_the_place_of_ours_where_that_is_unused(workspace: Session, put: Put) -> None:
    before = pipelines(workspace)
    report = run_import(workspace, bundle(put))
    assert list(pipelines(workspace)) == ["Vendite dirette", "Wholesale"]
    assert pipelines(workspace)["Vendite dirette"] == ["Fresh", "Visit", "Signed", "Gone"]
    assert where(workspace) == {"A": ("general", "uc_1"), "B": ("general", "new")}
    (told,) = [one for file in report.files for one in file.definitions if one.name == "Vendite dirette"]
    assert told.reason == "4 stages, in place of General, which was not used"
    won = workspace.workspace.pipelines("deal")[0].stage("won")
    assert won is not None
    shipped = workspace.workspace.type("deal").pipelines[0].stage("won")
    assert shipped is not None
    assert (won.semantics, won.probability, won.colour) == ("success", shipped.probability, shipped.colour)
    undo(workspace)
    assert pipelines(workspace) == before


def test_a_second_run_changes_nothing(workspace: Session, put: Put) -> None:
    run_import(workspace, bundle(put))
    again = run_import(workspace, bundle(put))
    assert (again.seq, again.known) == (0, 2)
    assert made(again, "pipeline") == [("Vendite dirette", "known"), ("Wholesale", "known")]


def test_stages_without_the_name_are_taken_alone(workspace: Session, put: Put) -> None:
    run_import(workspace, bundle(put, named=False))
    assert pipelines(workspace) == {"General": ["Fresh", "Visit", "Signed", "Gone"]}
    assert where(workspace)["A"] == ("general", "uc_1")


def test_what_holds_items_stays_and_the_sources_own_is_made_beside_it(workspace: Session, put: Put) -> None:
    items.add(workspace, "deal", items.values(workspace, "deal", {"title": "Mine"}))
    before = pipelines(workspace)["General"]
    report = run_import(workspace, bundle(put))
    assert pipelines(workspace)["General"] == before
    assert pipelines(workspace)["Vendite dirette"] == ["Fresh", "Visit", "Signed", "Gone"]
    # A code without its pipeline means that of the source.
    assert where(workspace) == {
        "Mine": ("general", "new"),
        "A": ("vendite_dirette", "uc_1"),
        "B": ("vendite_dirette", "new"),
    }
    assert notes(report) == ["General has items or was changed, so it is kept beside Vendite dirette"]
    assert made(run_import(workspace, bundle(put)), "pipeline") == [
        ("Vendite dirette", "known"),
        ("Wholesale", "known"),
    ]


def test_without_its_name_one_in_use_gets_the_stages_that_it_lacks(workspace: Session, put: Put) -> None:
    items.add(workspace, "deal", items.values(workspace, "deal", {"title": "Mine"}))
    report = run_import(workspace, bundle(put, named=False))
    assert "Visit" in pipelines(workspace)["General"]
    assert "Fresh" not in pipelines(workspace)["General"]
    assert made(report, "stage") == [("Fresh", "known"), ("Visit", "made"), ("Signed", "known"), ("Gone", "known")]


def test_a_name_that_was_changed_here_stays(workspace: Session, put: Put) -> None:
    records = workspace.workspace.records["pipeline"].values()
    entry = next(one for one in records if one.doc["type"] == "deal")
    with workspace.change("rename") as change:
        change.put("pipeline", {**entry.doc, "label": "Our way"}, entry.id)
    run_import(workspace, bundle(put))
    assert list(pipelines(workspace)) == ["Our way", "Wholesale"]
    assert where(workspace)["A"] == ("general", "uc_1")


def test_stages_that_make_no_pipeline_change_nothing(workspace: Session, put: Put) -> None:
    before = pipelines(workspace)
    lacking = put("stages.json", {"result": stages("DEAL_STAGE", ("NEW", "Fresh", "process"))})
    run_import(workspace, [lacking, put("categories.json", {"result": {"categories": [DEFAULT]}})])
    assert pipelines(workspace) == before


def test_stages_of_leads_are_the_sources_own(workspace: Session, put: Put) -> None:
    told = stages(
        "STATUS", ("NEW", "Unassigned", "process"), ("CONVERTED", "Quality", "success"), ("JUNK", "Bad", "failure")
    )
    run_import(workspace, [put("statuses.json", {"result": told})])
    (pipeline,) = workspace.workspace.pipelines("lead")
    assert [(stage.key, stage.label) for stage in pipeline.stages] == [
        ("new", "Unassigned"),
        ("converted", "Quality"),
        ("junk", "Bad"),
    ]
