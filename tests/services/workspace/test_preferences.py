"""What a person sets for themselves: kept by place, for them alone, and no step of undo."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.errors import AccessDenied
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences

HERE, THERE = LayoutPlace("deal", "general"), LayoutPlace("lead", "new")


def test_folded_sections_are_remembered_by_place_and_person(seeded: Session, open_as: OpenAs) -> None:
    preferences.fold(seeded, HERE, ["main", "client"])
    preferences.fold(seeded, THERE, ["main"])
    assert preferences.folded(open_as("anna"), HERE) == {"main", "client"}
    assert preferences.folded(seeded, THERE) == {"main"}
    assert preferences.folded(open_as("luca"), HERE) == frozenset()
    preferences.fold(seeded, HERE, [])
    assert preferences.folded(seeded, HERE) == frozenset()
    assert preferences.folded(seeded, THERE) == {"main"}


def test_a_choice_of_layout_is_remembered(seeded: Session, open_as: OpenAs) -> None:
    preferences.choose_layout(seeded, HERE, "common")
    preferences.fold(seeded, HERE, ["main"])
    assert (preferences.layout_choice(seeded, HERE), preferences.layout_choice(seeded, THERE)) == ("common", "")
    assert preferences.layout_choice(open_as("luca"), HERE) == ""
    preferences.choose_layout(seeded, HERE, "")
    assert preferences.layout_choice(seeded, HERE) == ""
    assert preferences.folded(seeded, HERE) == {"main"}


def test_they_are_no_step_of_undo_and_none_of_redo(seeded: Session) -> None:
    items.add(seeded, "deal", {"title": "New"})
    preferences.fold(seeded, HERE, ["main"])
    assert undo(seeded).label == "add deal"
    preferences.choose_layout(seeded, HERE, "common")
    assert redo(seeded).label == "add deal"
    assert preferences.folded(seeded, HERE) == {"main"}


def test_one_record_a_person(seeded: Session, open_as: OpenAs) -> None:
    again = open_as("anna")
    preferences.fold(seeded, HERE, ["main"])
    again.store.refresh()
    preferences.fold(again, THERE, ["main"])
    preferences.choose_layout(again, THERE, "common")
    seeded.store.refresh()
    assert len(seeded.store.ids("preference", None)) == 1
    assert preferences.folded(seeded, HERE) == preferences.folded(seeded, THERE) == {"main"}


def test_nobody_writes_somebody_elses(seeded: Session, open_as: OpenAs) -> None:
    preferences.fold(open_as("luca"), HERE, ["main"])
    seeded.store.refresh()
    (theirs,) = seeded.store.ids("preference", None)

    def write() -> None:
        with seeded.change("theirs") as change:
            change.patch("preference", theirs, {"folded": {}})

    with pytest.raises(AccessDenied):
        write()


@pytest.mark.parametrize("wrong", [None, 5, "x", [], {"deal/general": 5}, {"deal/general": {"a": 1}}])
def test_what_a_script_wrote_there_does_no_harm(seeded: Session, wrong: object) -> None:
    from tuicrm.store.protocol import Op

    doc = {"person": "anna", "folded": wrong, "layouts": wrong}
    seeded.store.commit([Op("preference", 1, doc)], by="anna", note="a script")
    assert preferences.folded(seeded, HERE) == frozenset()
    preferences.layout_choice(seeded, HERE)
    preferences.fold(seeded, HERE, ["main"])
    preferences.choose_layout(seeded, HERE, "common")
    assert preferences.folded(seeded, HERE) == {"main"}
    assert preferences.layout_choice(seeded, HERE) == "common"
