"""Options of lists: added, renamed, put in order, retired; gone only where nobody uses them; several steps are one change."""

from __future__ import annotations

from functools import partial

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Field
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.definitions import field_changes, field_options, option_lists
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items
from tuicrm.services.kernel import field_texts
from tuicrm.services.kernel.session import Session

D1, D2 = Ref("deal", 1), Ref("deal", 2)


@pytest.fixture
def colour(seeded: Session) -> Field:
    return add_field(seeded, "deal", "Colour", "list", options=["Red", "Green", "Blue"], default="Green")


def test_options_are_added_renamed_and_put_in_order(seeded: Session, colour: Field) -> None:
    assert field_options.add_option(seeded, "deal", "colour", "Red wine").key == "red_wine"
    field_options.rename_option(seeded, "deal", "colour", "green", "Dark green")
    assert field_options.move_option(seeded, "deal", "colour", "red_wine", -1)
    assert not field_options.move_option(seeded, "deal", "colour", "red", -1)
    now = seeded.workspace.fields("deal")["colour"]
    assert [(o.key, o.label) for o in now.options] == [
        ("red", "Red"), ("green", "Dark green"), ("red_wine", "Red wine"), ("blue", "Blue")
    ]  # fmt: skip
    for bad in ("", "red", "x" * 201, "a\nb"):
        with pytest.raises(Refused):
            field_options.add_option(seeded, "deal", "colour", bad)
    for _n in range(3):
        undo(seeded)
    assert seeded.workspace.fields("deal")["colour"] == colour


def test_an_option_in_use_is_retired_and_still_shown(seeded: Session, colour: Field) -> None:
    items.edit(seeded, D1, {"colour": "red"})
    assert field_options.in_use(seeded, "deal", colour) == {"red": 1}
    assert not field_options.delete_option(seeded, "deal", "colour", "red")
    assert field_options.delete_option(seeded, "deal", "colour", "blue")
    now = seeded.workspace.fields("deal")["colour"]
    assert [(o.key, o.retired) for o in now.options] == [("red", True), ("green", False)]
    assert field_texts.show_value(seeded, seeded.get(D1), now) == "Red"
    with pytest.raises(Refused, match="Green"):
        items.values(seeded, "deal", {"colour": "red"})
    with pytest.raises(Refused, match="can be chosen"):
        field_options.delete_option(seeded, "deal", "colour", "green")
    field_options.retire_option(seeded, "deal", "colour", "red", back=True)
    field_options.delete_option(seeded, "deal", "colour", "green")
    assert seeded.workspace.fields("deal")["colour"].default is None
    with pytest.raises(Refused, match="deleted by someone"):
        field_options.rename_option(seeded, "deal", "colour", "green", "Back")


def test_the_default_option(seeded: Session, colour: Field) -> None:
    field_options.set_default(seeded, "deal", "colour", ["blue"])
    assert items.add(seeded, "deal", {"title": "x"}).get("colour") == "blue"
    field_options.set_default(seeded, "deal", "colour", [])
    assert items.add(seeded, "deal", {"title": "x"}).get("colour") is None
    with pytest.raises(Refused):
        field_options.set_default(seeded, "deal", "colour", ["blue", "red"])


def test_in_several_values_each_counts(seeded: Session) -> None:
    made = add_field(seeded, "deal", "Tags", "list", options=["a", "b", "c"], many=True)
    items.edit(seeded, D1, {"tags": ["a", "b"]})
    items.edit(seeded, D2, {"tags": ["a"]})
    assert field_options.in_use(seeded, "deal", made) == {"a": 2, "b": 1}
    assert not field_options.delete_option(seeded, "deal", "tags", "b")
    assert field_options.delete_option(seeded, "deal", "tags", "c")


def test_how_many_hold_it_is_told_of_what_one_may_see(seeded: Session, colour: Field, open_as: OpenAs) -> None:
    items.edit(seeded, D1, {"colour": "red"})
    items.edit(seeded, D2, {"colour": "red"})
    manager = next(role for role in seeded.workspace.records["role"].values() if role.doc["key"] == "manager")
    with seeded.change("less") as change:
        change.patch("role", manager.id, {"rules": {"*": {"read": "own"}}})
    assert field_options.held(seeded, "deal", colour) == {"red": 2}
    assert field_options.held(open_as("luca"), "deal", colour) == {"red": 1}


def test_a_retired_option_is_no_default(seeded: Session, colour: Field) -> None:
    field_options.retire_option(seeded, "deal", "colour", "green")
    assert seeded.workspace.fields("deal")["colour"].default is None
    with pytest.raises(Refused, match="cannot be chosen"):
        field_options.set_default(seeded, "deal", "colour", ["green"])


def test_what_has_options(seeded: Session, colour: Field) -> None:
    known = seeded.workspace.fields("deal")
    assert [option.key for option in field_options.options_of(seeded, colour)] == ["red", "green", "blue"]
    assert "call" in [option.key for option in field_options.options_of(seeded, known["source"])]
    with pytest.raises(Refused, match="has no options"):
        field_options.options_of(seeded, known["amount"])
    for key in ("source", "amount"):
        with pytest.raises(Refused, match="not a custom list"):
            field_options.add_option(seeded, "deal", key, "x")


def test_several_steps_are_one_change(seeded: Session, colour: Field) -> None:
    items.edit(seeded, D1, {"colour": "red"})
    seq = seeded.store.seq()

    used = field_options.in_use(seeded, "deal", colour)

    changed = field_options.change_options(
        seeded,
        "deal",
        "colour",
        [
            partial(option_lists.added, label="White"),
            partial(option_lists.renamed, option="blue", label="Navy"),
            partial(option_lists.moved, option="white", step=-1),
            partial(option_lists.retired, option="green"),
            partial(option_lists.dropped, option="red", used=used),
        ],
        ["White"],
    )
    assert seeded.store.seq() == seq + 1
    assert [(o.key, o.label, o.retired) for o in changed.options] == [
        ("red", "Red", True), ("green", "Green", True), ("white", "White", False), ("blue", "Navy", False)
    ]  # fmt: skip
    assert changed.default == "white"
    undo(seeded)
    assert seeded.workspace.fields("deal")["colour"] == colour


def test_all_that_is_wrong_with_several_steps_is_told(seeded: Session, colour: Field, open_as: OpenAs) -> None:
    steps = [
        partial(option_lists.added, label="Red"),
        partial(option_lists.added, label="White"),
        partial(option_lists.renamed, option="gone", label="x"),
    ]
    with pytest.raises(Refused) as refused:
        field_options.change_options(seeded, "deal", "colour", steps, ["Purple"])
    assert [problem.value for problem in refused.value.fields] == ["Red", "gone", "Purple"]
    assert seeded.workspace.fields("deal")["colour"] == colour
    with pytest.raises(Refused, match="can be chosen"):
        field_options.change_options(
            seeded, "deal", "colour", [partial(option_lists.retired, option=o.key) for o in colour.options]
        )
    with pytest.raises(AccessDenied):
        field_options.change_options(open_as("luca"), "deal", "colour", steps)
    field_changes.delete_field(seeded, "deal", "colour")
    with pytest.raises(NotFound):
        field_options.change_options(seeded, "deal", "colour", steps)
