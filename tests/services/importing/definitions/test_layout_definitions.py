"""Card layouts among imported files: the common layout of every variant, as `layout import` reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tests.services.importing.conftest import Put
from tuicrm.domain.importing import FileReport, Report
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.layouts import place_field
from tuicrm.services.history.undo import undo
from tuicrm.services.importing.definitions.layout_definitions import LayoutQuestion
from tuicrm.services.importing.options import Decisions, ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts, tabs
from tuicrm.services.layouts.layout_files import export_layout
from tuicrm.services.layouts.layout_names import find_layout

NEW, REPEAT, DEALS = LayoutPlace("lead", "new"), LayoutPlace("lead", "repeat"), LayoutPlace("deal", "general")


def element(name: str, flags: str = "0", **options: Any) -> dict[str, Any]:
    return {"name": name, "optionFlags": flags, **({"options": options} if options else {})}


def section(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "main", "title": "Heart", "type": "section", "elements": list(elements), **more}


LEAD = [section(element("STATUS_ID"), element("TRACKING_SOURCE_ID", "1"), element("PHONE", "1", defaultCountry="RU"))]


def taken(session: Session, put: Put, *sections: Any, type_key: str = "lead") -> FileReport:
    name = f"crm.{type_key}.details.configuration.get.json"
    return run_import(session, [put(name, {"result": list(sections)})]).files[0]


def given(session: Session, place: LayoutPlace) -> list[dict[str, Any]]:
    session.store.refresh()
    return export_layout(session, place, find_layout(session, place, "common"))


def test_it_is_the_common_layout_of_every_variant_and_comes_out_as_it_was(workspace: Session, put: Put) -> None:
    before = given(workspace, NEW), given(workspace, REPEAT)
    (told,) = taken(workspace, put, *LEAD).definitions
    assert (told.what, told.outcome, told.left) == ("layout", "made", ("TRACKING_SOURCE_ID",))
    assert "TRACKING_SOURCE_ID" in told.reason
    assert given(workspace, NEW) == given(workspace, REPEAT) == LEAD
    assert [one.outcome for one in taken(workspace, put, *LEAD).definitions] == ["known"]
    undo(workspace)
    assert (given(workspace, NEW), given(workspace, REPEAT)) == before


def test_what_else_the_file_holds_is_told(workspace: Session, put: Put) -> None:
    file = taken(workspace, put, section(element("TITLE"), element("TITLE"), editable=True))
    assert file.notes == [
        "Lead: listed twice, used where it comes first: TITLE",
        "Lead: has no meaning here, dropped: main: editable",
    ]


def test_what_is_no_layout_is_told_with_its_place(workspace: Session, put: Put) -> None:
    file = taken(workspace, put, section(element("TITLE", "9")))
    assert file.problem == 'not a card layout: main.TITLE.optionFlags: 0 or 1 is expected, not "9"'


def test_nothing_stored_changes_nothing(workspace: Session, put: Put) -> None:
    file = run_import(workspace, [put("crm.lead.details.configuration.get.json", {"result": None})]).files[0]
    assert [one.outcome for one in file.definitions] == ["not taken"]


def test_tabs_and_unseen_fields_stay_and_shaping_the_common_layout_is_enough(
    seeded: Session, open_as: OpenAs, put: Put
) -> None:
    made = add_field(seeded, "deal", "Secret", "number")
    restrict_field(seeded, "deal", made.key, ["anna"])
    layouts.edit(seeded, DEALS, "place", lambda layout: place_field(layout, made.key, 0, 1))
    tabs.hide(seeded, DEALS, seeded.workspace.type("deal").tabs[-1].key)
    hidden = layouts.in_use(seeded, DEALS).layout.hidden_tabs
    luca = open_as("luca")
    refused = taken(luca, put, section(element("TITLE")), type_key="deal")
    assert refused.notes == ["skipped: you may not change the common layout"]
    with seeded.change("role") as change:
        change.put("role", {"key": "shaper", "label": "Shaper", "specials": ["edit_common_layout"]})
        entry = seeded.workspace.entry("person", "luca")
        assert entry is not None
        change.put("person", {**entry.doc, "roles": ["manager", "shaper"]}, entry.id)
    luca.store.refresh()
    file = taken(luca, put, section(element("TITLE"), element("secret")), type_key="deal")
    assert [(one.outcome, one.left) for one in file.definitions] == [("made", ("secret",))]
    seeded.store.refresh()
    layout = layouts.in_use(seeded, DEALS).layout
    assert [placed.field for placed in layout.sections[0].fields] == ["title", "secret"]
    assert layout.hidden_tabs == hidden != []


# -- several of one type -----------------------------------------------------------------------------------------------
DEAL_A = [section(element("STAGE_ID"), element("TITLE"), element("OPPORTUNITY_WITH_CURRENCY"))]
DEAL_B = [section(element("COMMENTS"), element("STAGE_ID"), element("TITLE"))]
CATEGORIES = {
    "result": {"categories": [{"id": 9, "name": "Wholesale", "sort": 200, "entityTypeId": 2, "isDefault": "N"}]}
}
WHOLESALE = LayoutPlace("deal", "wholesale")


def two(put: Put) -> list[Path]:
    files = {"a.deal.json": DEAL_A, "b.deal.json": DEAL_B}
    return [put("cats.json", CATEGORIES), *(put(name, {"result": sections}) for name, sections in files.items())]


def test_several_layouts_are_told_and_asked_for_their_pipeline(workspace: Session, put: Put) -> None:
    before = given(workspace, DEALS)
    report = run_import(workspace, two(put))
    told = [one for file in report.files for one in file.definitions if one.what == "layout"]
    assert [one.outcome for one in told] == ["not taken", "not taken"]
    assert '[layouts] "a.deal.json" = "General"' in told[0].reason
    assert given(workspace, DEALS) == before


def test_each_goes_where_a_map_says(workspace: Session, put: Put) -> None:
    decisions = Decisions(layouts={"a.deal.json": "Wholesale", "b.deal.json": "general"})
    report = run_import(workspace, two(put), ImportOptions(decisions=decisions))
    assert [one.outcome for file in report.files for one in file.definitions if one.what == "layout"] == ["made"] * 2
    assert (given(workspace, WHOLESALE), given(workspace, DEALS)) == (DEAL_A, DEAL_B)
    again = run_import(workspace, two(put), ImportOptions(decisions=decisions))
    assert again.definitions_made == 0


def test_the_one_that_is_left_is_of_all_the_others(workspace: Session, put: Put) -> None:
    run_import(workspace, two(put), ImportOptions(decisions=Decisions(layouts={"a.deal.json": "Wholesale"})))
    assert (given(workspace, WHOLESALE), given(workspace, DEALS)) == (DEAL_A, DEAL_B)


def test_the_same_layout_twice_is_one(workspace: Session, put: Put) -> None:
    files = [put(name, {"result": LEAD}) for name in ("a.lead.json", "b.lead.json")]
    outcomes = [one.outcome for file in run_import(workspace, files).files for one in file.definitions]
    assert outcomes == ["made", "known"]


def test_a_pipeline_that_there_is_not_is_told(workspace: Session, put: Put) -> None:
    report = run_import(workspace, two(put), ImportOptions(decisions=Decisions(layouts={"a.deal.json": "Retail"})))
    told = [one for file in report.files for one in file.definitions if one.what == "layout"]
    assert (told[0].outcome, told[0].reason) == (
        "not taken",
        "there is no pipeline Retail; choose one of: General, Wholesale",
    )


def test_several_in_one_file_have_numbers(workspace: Session, put: Put) -> None:
    both = put("crm.deal.json", json.dumps([{"result": DEAL_A}, {"result": DEAL_B}]))
    decisions = Decisions(layouts={"crm.deal.json": "Wholesale", "crm.deal.json#2": "General"})
    run_import(workspace, [put("cats.json", CATEGORIES), both], ImportOptions(decisions=decisions))
    assert (given(workspace, WHOLESALE), given(workspace, DEALS)) == (DEAL_A, DEAL_B)


def told_of(report: Report) -> list[tuple[str, str]]:
    return [(one.outcome, one.reason) for file in report.files for one in file.definitions if one.what == "layout"]


def test_who_can_be_asked_is_asked_with_the_pipelines_of_the_run(workspace: Session, put: Put) -> None:
    asked: list[LayoutQuestion] = []

    def ask(question: LayoutQuestion) -> dict[str, str]:
        asked.append(question)
        return {"a.deal.json": "wholesale", "b.deal.json": ""}

    before = given(workspace, DEALS)
    report = run_import(workspace, two(put), ask=ask)
    (question,) = asked
    assert (question.type_label, dict(question.layouts)) == (
        "Deal",
        {"a.deal.json": ["Heart"], "b.deal.json": ["Heart"]},
    )
    assert [one.shown for one in question.variants] == ["General", "Wholesale"]
    assert told_of(report) == [("made", ""), ("not taken", "not imported")]
    assert (given(workspace, WHOLESALE), given(workspace, DEALS)) == (DEAL_A, before)


def test_only_what_is_open_is_asked(workspace: Session, put: Put) -> None:
    def ask(_question: LayoutQuestion) -> dict[str, str]:
        raise AssertionError

    decided = ImportOptions(decisions=Decisions(layouts={"a.deal.json": "Wholesale"}))
    run_import(workspace, two(put), decided, ask=ask)
    assert (given(workspace, WHOLESALE), given(workspace, DEALS)) == (DEAL_A, DEAL_B)
    same = [put(name, {"result": LEAD}) for name in ("a.lead.json", "b.lead.json")]
    run_import(workspace, same, ask=ask)


def test_two_for_one_pipeline_are_not_laid_over_each_other(workspace: Session, put: Put) -> None:
    decisions = Decisions(layouts={"a.deal.json": "GENERAL", "b.deal.json": "general"})
    report = run_import(workspace, two(put), ImportOptions(decisions=decisions))
    assert told_of(report) == [("made", ""), ("not taken", "“General” already has the one from a.deal.json")]
    assert given(workspace, DEALS) == DEAL_A


def test_one_too_many_and_one_left_out_are_told(workspace: Session, put: Put) -> None:
    third = put("c.deal.json", {"result": [section(element("TITLE"))]})
    decisions = Decisions(layouts={"a.deal.json": "Wholesale", "b.deal.json": "general"})
    report = run_import(workspace, [*two(put), third], ImportOptions(decisions=decisions))
    assert told_of(report)[2] == ("not taken", "every pipeline already has another layout in this run")
    left = ImportOptions(decisions=Decisions(layouts={"a.deal.json": "", "b.deal.json": ""}))
    assert told_of(run_import(workspace, two(put), left)) == [("not taken", "not imported")] * 2
