"""The list of fields, and fields of one's own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field
from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, Refused
from tuicrm.services.definitions import fields
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def test_fields_are_listed_with_how_many_items_have_them(seeded: Session) -> None:
    filled = {info.field.key: info.filled for info in fields.list_fields(seeded, "deal")}
    assert (filled["title"], filled["amount"], filled["currency"], filled["comment"]) == (3, 2, 2, 0)


def test_a_field_of_ones_own_takes_values(seeded: Session) -> None:
    made = add_field(seeded, "deal", "Delivery time (weeks)", "integer")
    assert (made.key, made.custom) == ("delivery_time_weeks", True)
    items.edit(seeded, Ref("deal", 1), items.values(seeded, "deal", {"Delivery time (weeks)": "4"}))
    assert seeded.get(Ref("deal", 1)).get("delivery_time_weeks") == 4


def test_a_list_gets_keys_for_its_options(workspace: Session) -> None:
    made = add_field(workspace, "deal", "Colour", "list", options=["Red", "red!", "Bleu ciel"])
    assert [option.key for option in made.options] == ["red", "red_2", "bleu_ciel"]
    assert fields.field_record("deal", made)["options"][2] == {
        "key": "bleu_ciel", "label": "Bleu ciel", "retired": False, "source": ""
    }  # fmt: skip


@pytest.mark.parametrize(
    ("label", "more", "field"),
    [
        (" ", {}, "label"),
        ("Amount", {}, "label"),
        ("importo", {}, "label"),
        ("Size", {"kind": "stage"}, "kind"),
        ("Size", {"kind": "list"}, "options"),
        ("Size", {"kind": "list", "options": ["a", "A "]}, "options"),
        ("Size", {"options": ["a"]}, "options"),
        ("Size", {"kind": "list", "options": ["x" * 201]}, "options"),
        ("Size", {"kind": "list", "options": ["a\nb"]}, "options"),
        ("Size", {"kind": "list", "options": [f"o{n}" for n in range(2001)]}, "options"),
        ("Size", {"kind": "item"}, "targets"),
        ("Size", {"kind": "item", "targets": ["spaceship"]}, "targets"),
        ("Size", {"kind": "dictionary"}, "dictionary"),
        ("Size", {"key": "amount"}, "key"),
        ("Size", {"key": "Größe"}, "key"),
        ("Size", {"key": "rev"}, "key"),
    ],
)
def test_what_makes_no_field_is_refused(workspace: Session, label: str, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        add_field(workspace, "deal", label, **more)
    assert [problem.field for problem in refused.value.fields] == [field]


def test_a_key_is_never_given_twice(workspace: Session) -> None:
    first = add_field(workspace, "deal", "Margin")
    entry = next(iter(workspace.workspace.records["field"].values()))
    with workspace.change("delete the field") as change:
        change.patch("field", entry.id, {"deleted": True})
    assert workspace.workspace.field("deal", first.key) is None
    assert add_field(workspace, "deal", "Margin").key == "margin_2"


def test_what_someone_made_just_now_is_taken(workspace: Session, open_as: OpenAs) -> None:
    again = open_as("anna")
    add_field(workspace, "deal", "Margin")
    with pytest.raises(Refused, match="already"):
        add_field(again, "deal", "margin")
    assert add_field(again, "deal", "Margin!").key == "margin_2"


def test_several_made_at_once_get_keys_of_their_own(workspace: Session) -> None:
    margin = fields.field_record("deal", fields.new_field(workspace, "deal", "Margin"))
    also = workspace.load_workspace({"field": [ConfigRecord(-1, 0, margin)]})
    assert fields.new_field(workspace, "deal", "Margin!", workspace=also).key == "margin_2"


def test_adding_needs_the_right_and_can_be_undone(seeded: Session, open_as: OpenAs) -> None:
    with pytest.raises(AccessDenied):
        add_field(open_as("luca"), "deal", "Secret")
    add_field(seeded, "deal", "Margin")
    undo(seeded)
    assert seeded.workspace.field("deal", "margin") is None
