"""Card layouts among imported files: the common layout of every variant, as `layout import` reads it."""

from __future__ import annotations

from typing import Any

from tests.conftest import OpenAs
from tests.services.importing.conftest import Put
from tuicrm.domain.importing import FileReport
from tuicrm.domain.layout_use import Place
from tuicrm.domain.layouts import place_field
from tuicrm.services import field_changes, fields, layouts, tabs
from tuicrm.services.importing.running import run_import
from tuicrm.services.layout_files import export_layout
from tuicrm.services.layout_names import find_layout
from tuicrm.services.session import Session
from tuicrm.services.undo import undo

NEW, REPEAT, DEALS = Place("lead", "new"), Place("lead", "repeat"), Place("deal", "general")


def element(name: str, flags: str = "0", **options: Any) -> dict[str, Any]:
    return {"name": name, "optionFlags": flags, **({"options": options} if options else {})}


def section(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "main", "title": "Heart", "type": "section", "elements": list(elements), **more}


LEAD = [section(element("STATUS_ID"), element("TRACKING_SOURCE_ID", "1"), element("PHONE", "1", defaultCountry="RU"))]


def taken(session: Session, put: Put, *sections: Any, type_key: str = "lead") -> FileReport:
    name = f"crm.{type_key}.details.configuration.get.json"
    return run_import(session, [put(name, {"result": list(sections)})]).files[0]


def given(session: Session, place: Place) -> list[dict[str, Any]]:
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
        "Lead: stands in it twice, taken where it came first: TITLE",
        "Lead: says nothing here, not kept: main: editable",
    ]


def test_what_is_no_layout_is_told_with_its_place(workspace: Session, put: Put) -> None:
    file = taken(workspace, put, section(element("TITLE", "9")))
    assert file.problem == 'no card layout: main.TITLE.optionFlags: 0 or 1 is expected, not "9"'


def test_nothing_stored_changes_nothing(workspace: Session, put: Put) -> None:
    file = run_import(workspace, [put("crm.lead.details.configuration.get.json", {"result": None})]).files[0]
    assert [one.outcome for one in file.definitions] == ["not taken"]


def test_tabs_and_unseen_fields_stay_and_shaping_the_common_layout_is_enough(
    seeded: Session, open_as: OpenAs, put: Put
) -> None:
    made = fields.add_field(seeded, "deal", "Secret", "number")
    field_changes.restrict_field(seeded, "deal", made.key, ["anna"])
    layouts.edit(seeded, DEALS, "place", lambda layout: place_field(layout, made.key, 0, 1))
    tabs.hide(seeded, DEALS, seeded.workspace.type("deal").tabs[-1].key)
    hidden = layouts.in_use(seeded, DEALS).layout.hidden_tabs
    luca = open_as("luca")
    refused = taken(luca, put, section(element("TITLE")), type_key="deal")
    assert refused.notes == ["not taken: you may not change the common layout"]
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
