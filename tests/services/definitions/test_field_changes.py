"""Fields changed, required, restricted, deleted; their options."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, card_of, require_field, restrict_field
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.layouts import place_field, where
from tuicrm.domain.schema import Field
from tuicrm.errors import AccessDenied, CrmError, NotFound, Refused, RequiredFields
from tuicrm.services.boards import filters
from tuicrm.services.definitions import field_changes, field_options, fields
from tuicrm.services.exporting import exportable, exporting
from tuicrm.services.history import log  # fmt: skip
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items, stages
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts

D1, D2 = Ref("deal", 1), Ref("deal", 2)


@pytest.fixture
def margin(seeded: Session) -> Field:
    return add_field(seeded, "deal", "Margin", "number", settings={"min": "0", "max": "100"})


@pytest.fixture
def colour(seeded: Session) -> Field:
    return add_field(seeded, "deal", "Colour", "list", options=["Red", "Green", "Blue"], default="Green")


def problems(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.field for problem in refused.value.fields]


# -- settings ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [
        ("boolean", {"many": True}, "many"),
        ("integer", {"settings": {"min": "5", "max": "1"}}, "max"),
        ("integer", {"settings": {"min": "1.5"}}, "min"),
        ("integer", {"settings": {"pattern": "x"}}, "pattern"),
        ("number", {"settings": {"precision": 13}}, "precision"),
        ("number", {"settings": {"max": "10"}, "default": "11"}, "default"),
        ("string", {"settings": {"pattern": "(("}}, "pattern"),
        ("string", {"settings": {"min_length": 5, "max_length": 2}}, "max_length"),
        ("string", {"settings": {"max_length": 3}, "default": "long"}, "default"),
        ("text", {"settings": {"rows": 99}}, "rows"),
        ("file", {"settings": {"extensions": ["../x"]}}, "extensions"),
        ("file", {"default": "x"}, "default"),
        ("person", {"default": "anna"}, "default"),
        ("date", {"default": {"now": -1}}, "default"),
        ("date", {"default": "someday"}, "default"),
        ("list", {"options": ["a"], "default": "b"}, "default"),
        ("money", {"default": {"amount": "x", "currency": "EUR"}}, "default"),
        ("number", {"settings": {"unit": "a very long unit"}}, "unit"),
    ],
)
def test_bad_settings_are_refused_before_anything_is_made(
    workspace: Session, kind: str, said: dict[str, Any], field: str
) -> None:
    seq = workspace.store.seq()
    with pytest.raises(Refused) as refused:
        add_field(workspace, "deal", "Size", kind, **said)
    assert problems(refused) == [field]
    assert workspace.store.seq() == seq


def test_defaults_are_what_new_items_begin_with(workspace: Session) -> None:
    for label, kind, default in (
        ("Units", "integer", 5),
        ("Fee", "money", {"amount": "10.00", "currency": "USD"}),
        ("Due", "date", {"now": 7}),
        ("At", "datetime", {"now": 0}),
        ("Then", "datetime", {"now": 3}),
        ("Fixed", "date", "2027-01-01"),
        ("Sure", "boolean", False),
    ):
        add_field(workspace, "deal", label, kind, default=default)
    add_field(workspace, "deal", "Colour", "list", options=["Red", "Green"], default="Green")
    add_field(workspace, "deal", "Tags", "list", options=["a", "b", "c"], many=True, default=["a", "C"])
    made = items.add(workspace, "deal", {"title": "New"}).fields
    assert {key: made[key] for key in ("units", "fee", "due", "at", "then", "fixed", "sure", "colour", "tags")} == {
        "units": 5,
        "fee": {"amount": "10.00", "currency": "USD"},
        "due": "2026-11-30",
        "at": "2026-11-23T10:00:00Z",
        "then": "2026-11-26T10:00:00Z",
        "fixed": "2027-01-01",
        "sure": False,
        "colour": "green",
        "tags": ["a", "c"],
    }


def test_name_help_and_settings_change_and_undo(seeded: Session, margin: Field) -> None:
    field_changes.change_field(seeded, "deal", "margin", label="Margin %", help="after costs", settings={"max": "90"})
    changed = seeded.workspace.fields("deal")["margin"]
    assert (changed.label, changed.help, changed.settings) == ("Margin %", "after costs", {"min": "0", "max": "90"})
    field_changes.change_field(seeded, "deal", "margin", settings={"max": None}, default="5")
    assert seeded.workspace.fields("deal")["margin"].settings == {"min": "0"}
    undo(seeded)
    undo(seeded)
    assert seeded.workspace.fields("deal")["margin"] == margin


def test_what_a_system_field_allows(seeded: Session) -> None:
    field_changes.change_field(seeded, "deal", "amount", label="Value", help="without tax")
    assert seeded.workspace.fields("deal")["amount"].label == "Value"
    assert seeded.workspace.fields("deal")["amount"].kind == "money"
    with pytest.raises(Refused) as refused:
        field_changes.change_field(seeded, "deal", "amount", settings={"min": "1"}, default="x")
    assert problems(refused) == ["min", "default"]
    with pytest.raises(Refused) as refused:
        field_changes.change_field(seeded, "deal", "close_date", default=None)
    assert problems(refused) == ["default"]
    with pytest.raises(Refused, match="only hidden"):
        field_changes.delete_field(seeded, "deal", "amount")
    with pytest.raises(Refused, match="system fields"):
        restrict_field(seeded, "deal", "amount", ["anna"])
    with pytest.raises(Refused, match="by hand"):
        require_field(seeded, "deal", "created", always=True)


def test_a_name_of_another_field_is_refused(seeded: Session, margin: Field) -> None:
    for label in ("Amount", "importo", " ", "a\nb", "x" * 101):
        with pytest.raises(Refused):
            field_changes.change_field(seeded, "deal", "margin", label=label)
    field_changes.change_field(seeded, "deal", "margin", label="Margin")


def test_definitions_need_the_right(seeded: Session, margin: Field, open_as: OpenAs) -> None:
    luca = open_as("luca")
    for attempt in (
        lambda: field_changes.change_field(luca, "deal", "margin", label="Mine"),
        lambda: require_field(luca, "deal", "margin", always=True),
        lambda: restrict_field(luca, "deal", "margin", ["luca"]),
        lambda: field_changes.delete_field(luca, "deal", "margin"),
        lambda: field_options.add_option(luca, "deal", "margin", "x"),
    ):
        with pytest.raises((AccessDenied, Refused)):
            attempt()
    assert field_changes.why_not_define(luca)
    assert field_changes.why_not_define(seeded) is None


# -- where it is required ----------------------------------------------------------------------------------------------
def test_required_always_is_everywhere_and_narrowed_here_alone(seeded: Session, margin: Field) -> None:
    with seeded.change("another pipeline") as change:
        general = seeded.workspace.pipelines("deal")[0]
        stages_ = [{"key": s.key, "label": "S", "colour": "#fff", "semantics": s.semantics} for s in general.stages]
        change.put("pipeline", {"key": "trade", "type": "deal", "label": "Trade", "stages": stages_})
    require_field(seeded, "deal", "margin", always=True)
    for place in ({"stage": "new"}, {"pipeline": "trade"}):
        with pytest.raises(RequiredFields):
            items.add(seeded, "deal", {"title": "x", **place})
    require_field(seeded, "deal", "margin", always=True, pipeline="general", stages=["executing"])
    made = items.add(seeded, "deal", {"title": "x"})
    with pytest.raises(RequiredFields):
        items.add(seeded, "deal", {"title": "x", "pipeline": "trade"})
    with pytest.raises(RequiredFields):
        stages.move(seeded, made.ref, "executing")
    require_field(seeded, "deal", "margin", always=False)
    assert seeded.workspace.fields("deal")["margin"].required_at == {"general": ["executing"]}
    items.add(seeded, "deal", {"title": "x", "pipeline": "trade"})
    require_field(seeded, "deal", "margin", always=False, pipeline="general", stages=[])
    assert seeded.workspace.fields("deal")["margin"].required_at == {}
    with pytest.raises(Refused, match="no stage"):
        require_field(seeded, "deal", "margin", always=False, pipeline="general", stages=["space"])


def test_all_of_a_field_changes_in_one_step_or_not_at_all(seeded: Session, margin: Field) -> None:
    required = field_changes.Required(True, {"general": ["executing"]})
    with pytest.raises(Refused) as refused:
        field_changes.change_field(
            seeded, "deal", "margin", label="Amount", settings={"max": "-5", "rows": 3}, default="x",
            required=field_changes.Required(False, {"general": ["space"], "trade": []}), visible_to=["nobody"],
        )  # fmt: skip
    assert problems(refused) == ["label", "rows", "max", "default", "required", "required", "visible_to"]
    assert seeded.workspace.fields("deal")["margin"] == margin
    changed = field_changes.change_field(
        seeded, "deal", "margin", label="Gain", settings={"max": None}, default="5", required=required,
        visible_to=["anna", "department:company", "anna"],
    )  # fmt: skip
    assert (changed.label, changed.settings, changed.default) == ("Gain", {"min": "0"}, "5")
    assert (changed.required, changed.required_at) == (True, {"general": ["executing"]})
    assert changed.visible_to == ["anna", "department:company"]
    undo(seeded)
    assert seeded.workspace.fields("deal")["margin"] == margin


def test_stages_that_are_gone_stand_in_no_way(seeded: Session, margin: Field) -> None:
    entry = fields.find_custom(seeded, "deal", "margin")
    assert entry is not None
    with seeded.change("a script") as change:
        change.patch("field", entry.id, {"required_at": {"gone": ["x"], "general": ["gone", "new"]}})
    require_field(seeded, "deal", "margin", always=True)
    kept = require_field(seeded, "deal", "margin", always=True, pipeline="general", stages=["new"])
    assert kept.required_at == {"gone": ["x"], "general": ["new"]}


def test_what_was_wrong_before_keeps_nobody_from_other_changes(seeded: Session, margin: Field) -> None:
    entry = fields.find_custom(seeded, "deal", "margin")
    assert entry is not None
    with seeded.change("a script") as change:
        change.patch("field", entry.id, {"settings": {"min": "x", "rows": 3}, "default": "y", "visible_to": ["gone"]})
    changed = field_changes.change_field(seeded, "deal", "margin", label="Gain", visible_to=["gone", "anna"])
    assert (changed.label, changed.visible_to) == ("Gain", ["gone", "anna"])
    for said in ({"settings": {"pattern": "x"}}, {"visible_to": ["nobody"]}):
        with pytest.raises(Refused):
            field_changes.change_field(seeded, "deal", "margin", **said)


# -- deleting ----------------------------------------------------------------------------------------------------------
def readings(session: Session) -> list[Any]:
    """Every way in which a field's value reaches a person."""

    exported = io.BytesIO()
    exporting.export_csv(session, "deal", exported)
    lines = [field for line in log.read_log(session) for record in line.records for field in record.fields]
    return [
        session.get(D1).fields.get("margin"),
        {version.doc.get("margin") for version in session.past.history(D1) if version.doc},
        "margin" in exported.getvalue().decode().splitlines()[0],
        exportable.plain_item(session, session.get(D1))["fields"].get("margin"),
        [shown.key for section in card_of(session, D1).sections for shown in section.fields if shown.key == "margin"],
        "margin" in [field.key for field in lines],
        filters.compile_for(session, "deal", "31.5") is not None
        and session.ids("deal", filters.compile_for(session, "deal", "31.5")),
    ]


@pytest.mark.parametrize("compacted", [False, True], ids=["at once", "after compaction"])
def test_a_field_goes_with_its_values_and_comes_back_with_them(seeded: Session, margin: Field, compacted: bool) -> None:
    place = LayoutPlace("deal", "general")
    layouts.edit(seeded, place, "show", lambda layout: place_field(layout, "margin", 0))
    items.edit(seeded, D1, {"margin": "31.5"})
    items.edit(seeded, D2, {"margin": "7"})
    before = readings(seeded)
    assert field_changes.delete_field(seeded, "deal", "margin") == (2, 2)
    assert readings(seeded) == [None, {None}, False, None, [], False, []]
    with pytest.raises(CrmError):
        items.values(seeded, "deal", {"margin": "1"})
    with pytest.raises(NotFound):
        field_changes.delete_field(seeded, "deal", "margin")
    items.edit(seeded, D1, {"title": "Changed meanwhile"})
    if compacted:
        assert seeded.store.files.compact()
        assert list(seeded.store.past.dropped("deal", "margin"))
    undo(seeded)
    undo(seeded)
    assert seeded.get(D2).get("margin") == "7"
    after = readings(seeded)
    assert [after[0], *after[2:]] == [before[0], *before[2:]]
    assert after[1] == before[1]
    assert where(layouts.current(seeded, place), "margin") is not None
    redo(seeded)
    assert seeded.get(D1).get("margin") is None
    assert seeded.workspace.field("deal", "margin") is None
    undo(seeded)
    assert (seeded.get(D1).get("margin"), seeded.get(D2).get("margin")) == ("31.5", "7")


def test_several_values_are_counted(seeded: Session) -> None:
    add_field(seeded, "deal", "Notes", many=True)
    items.edit(seeded, D1, {"notes": ["a", "b", "c"]})
    gone = field_changes.delete_field(seeded, "deal", "notes")
    assert field_changes.told(gone) == "3 values of 1 item"
