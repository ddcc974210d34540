"""Field definitions of the model product: made with all that has a counterpart, known ones left, everything else told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import restrict_field
from tests.hostile import HOSTILE
from tests.services.importing.conftest import Put
from tuicrm.domain.importing import FileReport
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.schema import Field
from tuicrm.limits import FIELDS, OPTIONS
from tuicrm.services.definitions import field_changes, field_options
from tuicrm.services.history.undo import undo
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts

NAME = "crm.deal.userfield.list.json"


def row(code: str, kind: str, label: Any = "", **said: Any) -> dict[str, Any]:
    """A row of crm.deal.userfield.list; capitals are its own keys, `settings` and `options` its own lists."""
    return {
        "ENTITY_ID": "CRM_DEAL",
        "FIELD_NAME": f"UF_CRM_{code}",
        "USER_TYPE_ID": kind,
        "EDIT_FORM_LABEL": label or code.title(),
        "SETTINGS": said.pop("settings", {}),
        "LIST": [
            {"ID": number, "VALUE": text, "SORT": str(at), "DEF": "Y" if text == said.get("default") else "N"}
            for at, (number, text) in enumerate(said.pop("options", {}).items())
        ],
        **said,
    }


def taken(session: Session, put: Put, *rows: dict[str, Any], name: str = NAME) -> FileReport:
    report = run_import(session, [put(name, {"result": list(rows)})])
    (file,) = report.files
    assert not file.problem
    return file


def of(session: Session, code: str) -> Field:
    session.store.refresh()
    (found,) = [field for field in session.workspace.fields("deal").values() if field.source == f"UF_CRM_{code}"]
    return found


def outcomes(file: FileReport) -> dict[str, str]:
    return {one.name: one.outcome for one in file.definitions}


# -- made --------------------------------------------------------------------------------------------------------------
def test_a_field_is_made_with_all_that_has_a_counterpart_and_is_one_undo(workspace: Session, put: Put) -> None:
    seq = workspace.store.seq()
    file = taken(
        workspace,
        put,
        row("FEE", "money", {"en": "Fee", "it": "Onorario"}, MANDATORY="Y", settings={"DEFAULT_VALUE": "5|USD"}),
        row("SIZE", "enumeration", MULTIPLE="Y", options={"7": "Small", "8": "Big"}, default="Big", HELP_MESSAGE="How big"),
        row("PROJECT", "crm", settings={"COMPANY": "Y", "DYNAMIC_31": "Y"}),
        row("SECTOR", "crm_status", settings={"ENTITY_TYPE": "INDUSTRY"}),
    )  # fmt: skip
    assert set(outcomes(file).values()) == {"made"}
    fee, size = of(workspace, "FEE"), of(workspace, "SIZE")
    assert (fee.key, fee.kind, fee.label, fee.required, fee.custom) == (
        "fee",
        "money",
        {"en": "Fee", "it": "Onorario"},
        True,
        True,
    )
    assert fee.default == {"amount": "5.00", "currency": "USD"}
    assert (size.many, size.default, size.help) == (True, ["o8"], "How big")
    assert [(option.key, option.label, option.source) for option in size.options] == [
        ("o7", "Small", "7"),
        ("o8", "Big", "8"),
    ]
    assert of(workspace, "PROJECT").targets == ["company", "invoice"]
    assert of(workspace, "SECTOR").dictionary == "industry"
    assert next(one.reason for one in file.definitions if one.name == "Fee") == "as money, required"
    undo(workspace)
    assert workspace.store.seq() > seq
    assert workspace.workspace.field("deal", "fee") is None


def test_a_default_of_now_is_the_day_of_the_new_item(workspace: Session, put: Put) -> None:
    now = {"DEFAULT_VALUE": {"TYPE": "NOW", "VALUE": ""}}
    taken(
        workspace,
        put,
        row("DAY", "date", settings=now),
        row("DAYS", "date", MULTIPLE="Y", settings=now),
        row("MOMENT", "datetime", settings=now),
    )
    deal = items.add(workspace, "deal", {"title": "x"}).fields
    assert (deal["day"], deal["days"], deal["moment"]) == ("2026-11-23", ["2026-11-23"], "2026-11-23T10:00:00Z")


def test_what_has_no_counterpart_is_told_by_field(workspace: Session, put: Put) -> None:
    file = taken(
        workspace,
        put,
        row("A", "string", "First", settings={"SIZE": 20, "REGEXP": "/^a$/"}, SHOW_FILTER="N"),
        row("B", "url", "Second", settings={"SIZE": 20, "POPUP": "Y"}),
        row("C", "string", "Third", settings={"SIZE": 30}, ERROR_MESSAGE=None),
        row("D", "rest_app_room", "Room", settings={"TIMEZONE": "Europe/Berlin"}),
    )
    assert file.notes == [
        "First: without REGEXP “/^a$/”: a regular expression of PHP",
        "Room: without USER_TYPE_ID “rest_app_room”: no similar type of field here: kept as text",
        "nothing here is similar to SIZE: First, Third",
        "nothing here is similar to POPUP, SIZE: Second",
        "nothing here is similar to TIMEZONE: Room",
        "every field can be filtered, searched and shown in lists here, whatever SHOW_FILTER say",
    ]
    assert {one.name: one.left for one in file.definitions} == {
        "First": ("SIZE", "REGEXP"),
        "Second": ("SIZE", "POPUP"),
        "Third": ("SIZE",),
        "Room": ("USER_TYPE_ID", "TIMEZONE"),
    }
    assert of(workspace, "A").settings == {}


def test_a_list_without_its_options_says_so_and_gets_them_later(workspace: Session, put: Put) -> None:
    without = row("SIZE", "enumeration")
    assert "Size: its options are not in this file" in taken(workspace, put, without).notes
    file = taken(workspace, put, row("SIZE", "enumeration", options={"7": "Small"}))
    assert "Size: options added: Small" in file.notes
    assert [option.source for option in of(workspace, "SIZE").options] == ["7"]


def test_names_that_cannot_stand_here_are_changed_and_told(workspace: Session, put: Put) -> None:
    file = taken(
        workspace,
        put,
        row("A", "string", "amount"),
        row("B", "string", "Twice"),
        row("C", "string", "twice"),
        row("D", "string", "two\nlines"),
        row("E", "string", "x" * 300),
        row("F", "enumeration", "Colours", options={"1": "Red", "2": "red", "3": "y" * 300}),
    )
    labels = {code: of(workspace, code).label for code in "ABCDE"}
    assert labels == {
        "A": "amount (UF_CRM_A)",
        "B": "Twice",
        "C": "twice (UF_CRM_C)",
        "D": "two lines",
        "E": "x" * 100,
    }
    assert [option.label for option in of(workspace, "F").options] == ["Red", "red (2)", "y" * 200]
    for told in (
        "its name here: amount (UF_CRM_A)",
        "its name here: twice (UF_CRM_C)",
        "its name here: two lines",
        "red (2)",
    ):
        assert any(told in note for note in file.notes), told
    again = taken(workspace, put, row("A", "string", "amount"), row("C", "string", "twice"), name=f"again.{NAME}")
    assert again.notes == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_are_only_text(workspace: Session, put: Put, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    file = taken(workspace, put, row("X", "enumeration", text or "x", options={"1": text or "x"}, HELP_MESSAGE=text))
    assert list(outcomes(file).values()) == ["made"]
    assert list(workspace.workspace.misshapen) == []


# -- known -------------------------------------------------------------------------------------------------------------
def test_a_known_field_stays_and_what_differs_is_told(workspace: Session, put: Put) -> None:
    first = row("SIZE", "enumeration", options={"7": "Small", "8": "Big"})
    taken(workspace, put, first, row("B", "string"))
    before = of(workspace, "SIZE")
    field_options.rename_option(workspace, "deal", "size", "o7", "Tiny")
    file = taken(
        workspace,
        put,
        row("SIZE", "enumeration", MANDATORY="Y", options={"7": "Small", "8": "Big", "9": "Huge"}),
        row("B", "integer", MULTIPLE="Y"),
    )
    after = of(workspace, "SIZE")
    assert [(option.key, option.label) for option in after.options] == [("o7", "Tiny"), ("o8", "Big"), ("o9", "Huge")]
    assert (after.required, after.label, of(workspace, "B").kind) == (False, before.label, "string")
    assert file.notes == [
        "Size: required there, not here; options added: Huge; option Tiny, called Small there",
        "B: its type there: integer; here: string; several values there, one here",
    ]
    assert "here it is size" in next(one.reason for one in file.definitions if one.name == "Size")
    assert taken(workspace, put, first, name=f"third.{NAME}").notes == ["Size: option Tiny, called Small there"]


def test_an_option_of_the_same_name_is_the_sources(workspace: Session, put: Put) -> None:
    taken(workspace, put, row("SIZE", "enumeration", options={"7": "Small"}))
    field_options.add_option(workspace, "deal", "size", "Big")
    taken(workspace, put, row("SIZE", "enumeration", options={"7": "Small", "8": "big"}))
    assert [(option.label, option.source) for option in of(workspace, "SIZE").options] == [("Small", "7"), ("Big", "8")]


def test_required_system_fields_are_told_and_left(workspace: Session, put: Put) -> None:
    described = {
        code: {"type": "string", "isRequired": True, "isReadOnly": False, "isDynamic": False, "title": code}
        for code in ("NAME", "LAST_NAME")
    }
    report = run_import(workspace, [put("crm.contact.fields.json", {"result": described})])
    assert report.files[0].notes == ["required in the source, left as they are here: First name, Last name"]
    assert not workspace.workspace.fields("contact")["first_name"].required


def test_deleted_fields_stay_deleted(workspace: Session, put: Put) -> None:
    taken(workspace, put, row("A", "string"))
    field_changes.delete_field(workspace, "deal", "a")
    file = taken(workspace, put, row("A", "string"))
    assert outcomes(file) == {"A": "not taken"}
    assert workspace.workspace.field("deal", "a") is None


def test_there_are_not_more_fields_than_there_can_be(
    workspace: Session, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FIELDS, "most", 2)
    monkeypatch.setattr(OPTIONS, "most", 1)
    options = {"1": "One", "2": "Two"}
    file = taken(workspace, put, row("A", "string"), row("B", "enumeration", options=options), row("C", "string"))
    assert outcomes(file) == {"A": "made", "B": "made", "C": "not taken"}
    assert any("“Two”: at most 1 options" in note for note in file.notes)


# -- where it stands ---------------------------------------------------------------------------------------------------
def test_a_field_that_comes_later_takes_the_place_its_layout_kept_for_it(workspace: Session, put: Put) -> None:
    elements = [{"name": "TITLE"}, {"name": "UF_CRM_A", "optionFlags": "1"}, {"name": "CLIENT"}]
    layout = {"result": [{"name": "main", "title": "Heart", "type": "section", "elements": elements}]}
    run_import(workspace, [put("crm.deal.details.configuration.get.json", layout)])
    taken(workspace, put, row("A", "string"))
    (section,) = layouts.in_use(workspace, LayoutPlace("deal", "general")).layout.sections
    assert [placed.field for placed in section.fields] == ["title", "a", "company", "contacts"]
    assert section.fields[1].always
    assert section.foreign == []


# -- who may not see a field -------------------------------------------------------------------------------------------
def test_nothing_is_told_of_a_field_that_the_person_does_not_see(seeded: Session, open_as: OpenAs, put: Put) -> None:
    taken(seeded, put, row("A", "enumeration", "Secret", options={"1": "Red"}), row("G", "string", "Gone"))
    restrict_field(seeded, "deal", "secret", ["anna"])
    field_changes.delete_field(seeded, "deal", "gone")
    with seeded.change("role") as change:
        change.put("role", {"key": "definer", "label": "Definer", "specials": ["settings"]})
        entry = seeded.workspace.entry("person", "luca")
        assert entry is not None
        change.put("person", {**entry.doc, "roles": ["manager", "definer"]}, entry.id)
    luca = open_as("luca")
    file = taken(luca, put, row("A", "enumeration", "Any", options={"2": "Blue"}), row("G", "string", "Other"))
    assert {(one.name, one.outcome, one.reason) for one in file.definitions} == {
        (name, "not taken", "a field with this code exists or existed") for name in ("Any", "Other")
    }
    assert file.notes == []
    assert [option.label for option in of(seeded, "A").options] == ["Red"]
    # Its name is free for them: that it is taken would tell.
    made = taken(luca, put, row("B", "string", "Secret"), name=f"b.{NAME}")
    assert (outcomes(made), of(luca, "B").label) == ({"Secret": "made"}, "Secret")
