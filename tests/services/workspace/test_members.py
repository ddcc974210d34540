"""Whom something is for: people and departments as they are typed, checked, offered."""

from __future__ import annotations

import pytest

from tuicrm.errors import NotFound, Refused
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.members import check_members, find_member, member_choices
from tuicrm.services.workspace.people import Details, add_department, add_person, retire_department, retire_person


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("luca", "luca"),
        ("Luca Riva", "luca"),
        (" luca riva ", "luca"),
        ("lriva", "luca"),
        ("sales", "department:sales"),
        ("SALES", "department:sales"),
        ("department:sales", "department:sales"),
        ("department:Sales", "department:sales"),
    ],
)
def test_people_and_departments_are_found_as_they_are_typed(seeded: Session, text: str, expected: str) -> None:
    add_department(seeded, "Sales")
    with seeded.change("login") as change:
        entry = seeded.workspace.entry("person", "luca")
        assert entry is not None
        change.patch("person", entry.id, {"logins": ["luca", "lriva"]})
    assert find_member(seeded, text) == expected


def test_who_is_not_there_is_told(seeded: Session) -> None:
    for nobody in ("nobody", "", "department:", "department:luca"):
        with pytest.raises(NotFound):
            find_member(seeded, nobody)


def test_several_of_a_name_are_told_apart(seeded: Session) -> None:
    add_department(seeded, "Luca Riva", key="luca_dep")
    with pytest.raises(Refused, match="luca, department:luca_dep"):
        find_member(seeded, "Luca Riva")
    add_person(seeded, Details("Luca Riva"), key="other")
    with pytest.raises(Refused, match="luca, other"):
        find_member(seeded, "Luca Riva")
    assert find_member(seeded, "department:Luca Riva") == "department:luca_dep"


def test_a_persons_key_is_that_person(seeded: Session) -> None:
    add_department(seeded, "Elsewhere", key="luca")
    assert find_member(seeded, "luca") == "luca"
    assert find_member(seeded, "department:luca") == "department:luca"


def test_members_are_known_and_each_stands_once(seeded: Session) -> None:
    assert check_members(seeded, ["luca", "department:company", "luca"]) == ["luca", "department:company"]
    with pytest.raises(Refused) as refused:
        check_members(seeded, ["luca", "x", "company", "department:y"])
    (problem,) = refused.value.fields
    assert (problem.field, problem.value) == ("members", ["x", "company", "department:y"])


def test_retired_ones_are_offered_only_where_they_stand_already(seeded: Session) -> None:
    add_department(seeded, "Sales")
    retire_department(seeded, "sales")
    retire_person(seeded, "luca")
    assert [choice.key for choice in member_choices(seeded)] == ["anna", "department:company"]
    kept = ["luca", "department:sales"]
    assert {choice.key for choice in member_choices(seeded, kept)} == {"anna", "department:company", *kept}
    # They stay where they are: whoever comes back has it again.
    assert check_members(seeded, kept) == kept
