"""People and departments: let in, changed, retired; nobody is locked out for good."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.history.undo import undo
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people
from tuicrm.services.workspace.people import Details


def administrator(session: Session) -> str:
    return next(role.key for role in session.workspace.roles.values() if role.admin)


def test_a_person_gets_a_key_from_the_name(workspace: Session) -> None:
    person = people.add_person(workspace, Details("Zoë Müller-Lüdenscheidt", email="zoe@Example.com"))
    assert person.key == "zoe_muller_ludenscheidt"
    assert person.email == "zoe@example.com"
    again = people.add_person(workspace, Details("Zoe Muller Ludenscheidt"))
    assert again.key == "zoe_muller_ludenscheidt_2"


def test_a_name_without_latin_letters_still_gets_a_key(workspace: Session) -> None:
    assert people.add_person(workspace, Details("王芳")).key == "person"


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (Details("  "), "name"),
        (Details("Bea", logins=["anna"]), "logins"),
        (Details("Bea", zone="Mars/Olympus"), "zone"),
        (Details("Bea", email="bea@"), "email"),
        (Details("Bea", language="42"), "language"),
    ],
)
def test_what_is_wrong_is_refused_by_field(workspace: Session, details: Details, field: str) -> None:
    with pytest.raises(Refused) as refused:
        people.add_person(workspace, details)
    assert [problem.field for problem in refused.value.fields] == [field]
    assert list(workspace.workspace.people) == ["anna"]


@pytest.mark.parametrize("details", [Details("Bea", department="nowhere"), Details("Bea", roles=["king"])])
def test_unknown_departments_and_roles_are_named_with_what_there_is(workspace: Session, details: Details) -> None:
    with pytest.raises(NotFound, match="choose one of:"):
        people.add_person(workspace, details)


def test_people_are_found_by_key_login_and_name(seeded: Session) -> None:
    for text in ("luca", "Luca Riva", "luca riva"):
        assert people.find_person(seeded.workspace, text, me="").key == "luca"
    people.add_person(seeded, Details("Luca Riva"), key="luca2")
    with pytest.raises(Refused, match=r"Luca Riva \(luca\), Luca Riva \(luca2\)"):
        people.find_person(seeded.workspace, "Luca Riva", me="")


def test_the_last_administrator_can_neither_retire_nor_step_down(seeded: Session) -> None:
    with pytest.raises(Refused, match="administrator"):
        people.retire_person(seeded, "anna")
    for details in (Details(roles=[]), Details(logins=[])):
        with pytest.raises(Refused, match="administrator"):
            people.edit_person(seeded, "anna", details)
    people.edit_person(seeded, "luca", Details(roles=[administrator(seeded)]))
    assert people.retire_person(seeded, "anna").retired


def test_an_administrator_who_cannot_log_in_does_not_count(workspace: Session) -> None:
    people.add_person(workspace, Details("Ghost", roles=[administrator(workspace)]))
    with pytest.raises(Refused):
        people.retire_person(workspace, "anna")


def test_who_retired_keeps_items_and_is_shut_out(seeded: Session, open_as: OpenAs) -> None:
    people.retire_person(seeded, "luca")
    assert seeded.get(Ref("deal", 2)).get("responsible") == "luca"
    assert [person.key for person in people.people(seeded)] == ["anna"]
    assert len(people.people(seeded, retired=True)) == 2
    with pytest.raises(AccessDenied, match="no longer"):
        open_as("luca")
    people.retire_person(seeded, "luca", back=True)
    assert open_as("luca").person.name == "Luca Riva"


def test_only_who_may_change_settings_lets_people_in(seeded: Session, open_as: OpenAs) -> None:
    with pytest.raises(AccessDenied):
        people.add_person(open_as("luca"), Details("Friend of Luca"))


def test_letting_in_can_be_undone(workspace: Session) -> None:
    people.add_person(workspace, Details("Bea"))
    undo(workspace)
    assert list(workspace.workspace.people) == ["anna"]


def test_departments_make_a_tree(workspace: Session) -> None:
    people.add_department(workspace, "Sales", parent="company")
    people.add_department(workspace, "North", parent="Sales", head="anna")
    people.add_department(workspace, "Back office", parent="company")
    shown = [(depth, part.name) for depth, part in people.departments(workspace)]
    assert shown == [(0, "Test company"), (1, "Back office"), (1, "Sales"), (2, "North")]


@pytest.mark.parametrize("under", ["company", "sales", "north"])
def test_a_department_is_never_inside_itself(workspace: Session, under: str) -> None:
    people.add_department(workspace, "Sales", parent="company")
    people.add_department(workspace, "North", parent="sales")
    with pytest.raises(Refused, match="inside itself"):
        people.edit_department(workspace, "company", parent=under)


def test_a_department_retires_when_it_is_empty(workspace: Session) -> None:
    people.add_department(workspace, "Sales", parent="company")
    people.edit_person(workspace, "anna", Details(department="sales"))
    with pytest.raises(Refused, match="Anna Bianchi"):
        people.retire_department(workspace, "sales")
    people.edit_person(workspace, "anna", Details(department=""))
    people.retire_department(workspace, "sales")
    assert [part.key for _depth, part in people.departments(workspace)] == ["company"]


@pytest.mark.parametrize("word", ["me", "ME", " io ", "Io"])
def test_oneself_in_the_words_of_every_language(seeded: Session, word: str) -> None:
    assert people.find_person(seeded.workspace, word, me="luca").key == "luca"
    with pytest.raises(NotFound):
        people.find_person(seeded.workspace, word, me="")
    department = people.add_department(seeded, "Sales", head=word)
    assert department.head == seeded.person_key


def test_people_are_found_without_accents_and_by_their_address(seeded: Session) -> None:
    people.add_person(seeded, Details("Zoë Müller", email="Zoe@example.com", logins=["zm"]), key="z")
    for text in ("zoe muller", "ZOË  MÜLLER", "zoe@EXAMPLE.com", "ZM"):
        assert people.find_person(seeded.workspace, text, me="").key == "z"
