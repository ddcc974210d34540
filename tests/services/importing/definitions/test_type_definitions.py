"""Smart processes of Bitrix24: the type with what belongs to it, and then its items."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field
from tests.services.importing.conftest import Put
from tuicrm.domain.importing import Report
from tuicrm.domain.items import Ref
from tuicrm.domain.smart import Relation
from tuicrm.errors import Conflict
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def switched(**on: str) -> dict[str, Any]:
    """A type as `crm.type.get` answers it, all off but these."""
    switches = "Categories Stages BeginCloseDates Client LinkWithProducts Mycompany Documents Source Observers Payments"
    return {f"is{name}Enabled": on.get(name, "N") for name in switches.split()}


DELIVERY: dict[str, Any] = {
    "id": 16,
    "title": "Deliveries",
    "entityTypeId": 2024,
    **switched(Stages="Y", Categories="Y", Client="Y", LinkWithProducts="Y", BeginCloseDates="Y", Payments="Y"),
    "relations": {
        "parent": [
            {"entityTypeId": 2, "isChildrenListEnabled": "Y", "isPredefined": "N"},
            {"entityTypeId": 3, "isChildrenListEnabled": "Y", "isPredefined": "Y"},
            {"entityTypeId": 1999, "isChildrenListEnabled": "Y", "isPredefined": "N"},
        ],
        "child": [{"entityTypeId": 2030, "isChildrenListEnabled": "N", "isPredefined": "N"}],
    },
}
DAMAGE: dict[str, Any] = {"id": 17, "title": "Deal", "entityTypeId": 2030, **switched(Stages="Y"), "relations": {}}
CATEGORIES = [
    {"id": 9, "name": "By road", "sort": 100, "entityTypeId": 2024, "isDefault": "Y"},
    {"id": 10, "name": "By sea", "sort": 200, "entityTypeId": 2024, "isDefault": "N"},
]


def stages(entity: str, *rows: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [
        {"ENTITY_ID": entity, "STATUS_ID": code, "NAME": name, "SORT": str(at), "EXTRA": {"SEMANTICS": semantics}}
        for at, (code, name, semantics) in enumerate(rows)
    ]


ROAD = stages(
    "DYNAMIC_2024_STAGE_9",
    ("DT2024_9:NEW", "Packed", "process"),
    ("DT2024_9:GONE", "On the road", "process"),
    ("DT2024_9:SUCCESS", "Delivered", "success"),
    ("DT2024_9:FAIL", "Lost", "failure"),
)
FIELDS = {
    "fields": [
        {"id": "1", "entityId": "CRM_16", "fieldName": "UF_CRM_16_WEIGHT", "userTypeId": "double", "multiple": "N",
         "mandatory": "N", "editFormLabel": {"en": "Weight"}}
    ]
}  # fmt: skip
ROWS = [
    {"id": 5, "entityTypeId": 2024, "title": "To Milano", "categoryId": 9, "stageId": "DT2024_9:GONE", "parentId2": 65,
     "opportunity": 120, "currencyId": "EUR", "begindate": "2026-11-20T03:00:00+03:00", "ufCrm16Weight": 12.5},
    {"id": 6, "entityTypeId": 2024, "title": "To Genova", "categoryId": 10, "stageId": "DT2024_10:NEW", "parentId2": 0},
]  # fmt: skip
DEAL = {"ID": "65", "TITLE": "Machines", "STAGE_ID": "NEW", "CATEGORY_ID": "0", "IS_RECURRING": "N"}


def bundle(put: Put) -> list[Path]:
    return [
        put("rows.json", {"result": {"items": ROWS}, "total": 2}),
        put("fields.json", {"result": FIELDS}),
        put("stages.json", {"result": ROAD}),
        put("categories.json", {"result": {"categories": CATEGORIES}}),
        put("types.json", {"result": {"types": [DELIVERY, DAMAGE]}, "total": 2}),
        put("crm.deal.list.json", {"result": [DEAL]}),
    ]


def made(report: Report, what: str) -> list[tuple[str, str]]:
    return [(one.name, one.outcome) for file in report.files for one in file.definitions if one.what == what]


def test_a_bundle_makes_the_type_and_its_items(workspace: Session, put: Put) -> None:
    report = run_import(workspace, bundle(put))
    assert (report.made, report.rejected, report.remarks) == (3, 0, [])
    record = workspace.workspace.smart_type("deliveries")
    assert record is not None
    assert sorted(record.has) == ["client", "dates", "pipelines", "products", "stages"]
    assert (record.parents, record.source) == ([Relation("deal")], "DYNAMIC_2024")
    assert record.children == [Relation("deal_2030", tab=False)]
    pipelines = workspace.workspace.pipelines("deliveries")
    assert [(one.label, one.default) for one in pipelines] == [("By road", True), ("By sea", False)]
    assert [stage.label for stage in pipelines[0].stages] == ["Packed", "On the road", "Delivered", "Lost"]
    item = workspace.get(Ref("deliveries", 1))
    assert (item.fields["title"], item.fields["parent_deal"], item.fields["start_date"]) == (
        "To Milano",
        "deal:1",
        "2026-11-20",
    )
    assert item.fields["amount"] == {"amount": "120.00", "currency": "EUR"}
    weight = next(field for field in workspace.workspace.fields("deliveries").values() if field.custom)
    assert (item.fields[weight.key], weight.source) == ("12.5", "UF_CRM_16_WEIGHT")
    other = workspace.get(Ref("deliveries", 2))
    assert [(one.fields["pipeline"], one.fields["stage"]) for one in (item, other)] == [
        ("by_road", "gone"),
        ("by_sea", "new"),
    ]


def test_what_of_a_type_is_not_taken_is_told(workspace: Session, put: Put) -> None:
    report = run_import(workspace, bundle(put))
    file = next(file for file in report.files if file.name == "types.json")
    assert file.notes == ["Deliveries: its relation to the item type 1999 was skipped: that type is not here"]
    assert [one.left for one in file.definitions] == [("IS_PAYMENTS_ENABLED",), ()]


def test_a_name_that_is_taken_gets_its_number(workspace: Session, put: Put) -> None:
    assert made(run_import(workspace, bundle(put)), "type") == [("Deliveries", "made"), ("Deal (2030)", "made")]


def test_a_second_run_makes_nothing_twice(workspace: Session, put: Put) -> None:
    run_import(workspace, bundle(put))
    again = run_import(workspace, bundle(put))
    assert (again.made, again.known, again.seq) == (0, 3, 0)
    assert [outcome for _name, outcome in made(again, "type")] == ["known", "known"]
    assert len(workspace.workspace.smart) == 2


def test_what_follows_later_finds_the_type(workspace: Session, put: Put) -> None:
    run_import(workspace, bundle(put)[2:5])
    rows = put("crm.item.list.json", {"result": {"items": ROWS}, "total": 2})
    report = run_import(workspace, [rows])
    assert (report.made, [item.fields["title"] for item in workspace.find("deliveries").items]) == (
        2,
        ["To Milano", "To Genova"],
    )


def test_one_undo_takes_back_all_of_it(workspace: Session, put: Put) -> None:
    before = set(workspace.workspace.types)
    run_import(workspace, bundle(put))
    undo(workspace)
    assert set(workspace.workspace.types) == before
    assert workspace.find("deal").items == []
    redo(workspace)
    assert workspace.get(Ref("deliveries", 1)).fields["parent_deal"] == "deal:1"
    undo(workspace)
    assert run_import(workspace, bundle(put)).made == 3


def test_undo_leaves_a_type_with_items_that_came_later(seeded: Session, put: Put, open_as: OpenAs) -> None:
    run_import(seeded, bundle(put))
    items.add(open_as("luca"), "deliveries", {"title": "Later"})
    with pytest.raises(Conflict, match="only an empty item type can be removed"):
        undo(seeded)
    assert len(seeded.find("deliveries").items) == 3


def test_a_dry_run_reads_rows_of_a_type_that_is_not_here(workspace: Session, put: Put) -> None:
    before = workspace.store.seq()
    report = run_import(workspace, bundle(put), ImportOptions(dry_run=True))
    assert (report.made, report.rejected, workspace.store.seq()) == (3, 0, before)


def test_a_type_without_stages_of_its_own_begins_with_the_usual_ones(workspace: Session, put: Put) -> None:
    only = {**DELIVERY, "relations": {"parent": [], "child": []}}
    run_import(workspace, [put("type.json", {"result": {"type": only}}), put("rows.json", {"result": {"items": ROWS}})])
    (pipeline,) = workspace.workspace.pipelines("deliveries")
    assert [stage.key for stage in pipeline.stages] == ["new", "preparation", "client", "success", "fail"]
    assert workspace.get(Ref("deliveries", 2)).fields["stage"] == "new"


def test_names_as_somebody_may_have_written_them(workspace: Session, put: Put) -> None:
    hostile = {**DELIVERY, "title": "[red]x\n\x1b[31m" + "y" * 300, "relations": None}
    run_import(workspace, [put("type.json", {"result": {"type": hostile}})])
    (record,) = workspace.workspace.smart
    assert len(str(record.label)) <= 60
    assert "\n" not in str(record.label)
    items.add(workspace, record.key, {"title": "one"})


def test_who_may_not_change_definitions_brings_no_type(seeded: Session, put: Put, open_as: OpenAs) -> None:
    report = run_import(open_as("luca"), bundle(put)[:5])
    assert (report.definitions_made, seeded.workspace.smart) == (0, [])
    assert "skipped: you may not change the definitions of this workspace" in report.files[4].notes


def related(to: int, *, listed: str = "Y", given: str = "N") -> dict[str, Any]:
    """One relation as the documented answer has it."""
    return {"entityTypeId": to, "isChildrenListEnabled": listed, "isPredefined": given}


def test_relations_both_ways_as_documented(workspace: Session, put: Put) -> None:
    """Clients are parents by themselves (predefined); a client can be a child as well, with its list of children or without."""
    parents = [related(3, given="Y"), related(4, given="Y"), related(1), related(2), related(31)]
    relations = {"parent": parents, "child": [related(3), related(4, listed="N")]}
    spa = {"id": 16, "title": "SPA", "code": "", "entityTypeId": 2024, **switched(Stages="Y", Client="Y")}
    run_import(workspace, [put("type.json", {"result": {"type": {**spa, "relations": relations}}})])
    record = workspace.workspace.smart_type("spa")
    assert record is not None
    assert [relation.type for relation in record.parents] == ["lead", "deal", "invoice"]
    assert [(relation.type, relation.tab) for relation in record.children] == [("contact", True), ("company", False)]


def test_a_relation_whose_field_is_somebodys_own_is_told_of(workspace: Session, put: Put) -> None:
    add_field(workspace, "deal", "Parent deliveries")
    upside_down = {**DELIVERY, "relations": {"parent": [], "child": [{"entityTypeId": 2}]}}
    report = run_import(workspace, [put("type.json", {"result": {"type": upside_down}})])
    assert report.files[0].notes == ["Deliveries: its relation to Deals was skipped: a field with that key exists"]
    assert workspace.workspace.smart[0].children == []
