"""Why somebody may or may not: in sentences that name role, place and scope, and nothing that the asker may not see."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field
from tuicrm.domain.access import Operation
from tuicrm.domain.config_records import Person
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied
from tuicrm.services.definitions import field_changes
from tuicrm.services.items import items, reasons
from tuicrm.services.items.reasons import WhyAnswer
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people, roles
from tuicrm.services.workspace.people import Details
from tuicrm.services.workspace.roles import RoleDetails, read_cell

D1 = Ref("deal", 1)


@pytest.fixture
def luca(seeded: Session) -> Person:
    """Reads all, changes his own; won deals nobody's, by the role of his department."""
    cells = ("*.read=all", "deal.edit=own")
    roles.add_role(seeded, RoleDetails("Sellers", dict(read_cell(seeded, one) for one in cells)), key="sellers")
    of_stage = read_cell(seeded, "deal/general/won.edit=department")
    roles.add_role(seeded, RoleDetails("Closers", dict([of_stage])), key="closers")
    people.add_department(seeded, "Field", key="field", roles=["closers"])
    people.edit_person(seeded, "luca", Details(roles=["sellers"], department="field"))
    return seeded.workspace.people["luca"]


def asked(session: Session, person: Person, operation: Operation, field: str = "", ref: Ref = D1) -> WhyAnswer:
    return reasons.why(session, person, operation, session.workspace.type(ref.type), session.get(ref), field)


def test_each_role_its_place_and_the_highest_are_told(seeded: Session, luca: Person) -> None:
    told = asked(seeded, luca, "edit")
    assert not told.allowed
    assert told.steps == [
        "The role “Sellers” says for Deals: change what they are responsible for.",
        "The role “Closers”, through Field, says nothing of that: it allows nothing.",
        "The highest counts: what they are responsible for.",
        "Anna Bianchi is responsible for it, so Luca Riva may not.",
    ]
    assert told.changers == ["Anna Bianchi"]
    items.edit(seeded, D1, {"stage": "won"})
    assert (
        "The role “Closers”, through Field, says for Deals › General › Deal won: change what their department"
        in " ".join(asked(seeded, luca, "edit").steps)
    )
    items.edit(seeded, D1, {"observers": ["luca"], "responsible": "luca"})
    assert asked(seeded, luca, "edit").allowed
    assert asked(seeded, luca, "read").allowed
    assert not asked(seeded, luca, "delete").allowed


def test_an_administrator_a_retired_person_and_an_observer(seeded: Session, luca: Person) -> None:
    assert asked(seeded, seeded.person, "delete").steps == [
        "Anna Bianchi is an administrator (“Administrator”) and may do everything."
    ]
    roles.edit_role(seeded, "sellers", RoleDetails(rules=dict([read_cell(seeded, "*.read=none")])))
    items.edit(seeded, D1, {"observers": ["luca"]})
    told = asked(seeded, luca, "read")
    assert told.allowed
    assert told.steps[-1] == "Luca Riva is an observer of it, and may read it."
    people.retire_person(seeded, "luca")
    assert not asked(seeded, seeded.workspace.people["luca"], "read").allowed


def test_what_hides_a_field_is_told(seeded: Session, luca: Person) -> None:
    key = add_field(seeded, "deal", "Margin", "number").key
    field_changes.change_field(seeded, "deal", key, visible_to=["anna"])
    told = asked(seeded, luca, "read", key)
    assert not told.allowed
    assert told.steps[-2:] == [
        "“Margin” is shown only to Anna Bianchi.",
        "Luca Riva is not among them, so it is hidden from Luca Riva.",
    ]
    assert asked(seeded, seeded.person, "read", key).allowed
    assert "nobody changes it by hand" in asked(seeded, seeded.person, "edit", "created").steps[-1]


def test_nobody_asks_of_others_but_administrators(seeded: Session, luca: Person, open_as: OpenAs) -> None:
    session = open_as("luca")
    assert asked(session, session.person, "read").allowed
    with pytest.raises(AccessDenied, match="Only administrators"):
        asked(session, session.workspace.people["anna"], "read")
    with pytest.raises(AccessDenied, match="Only administrators"):
        reasons.reach(session, session.workspace.people["anna"])
    assert luca.key == "luca"


def test_what_somebody_reaches_is_counted(seeded: Session, luca: Person, open_as: OpenAs) -> None:
    (deals,) = [row for row in reasons.reach(seeded, luca) if row.type == "deal"]
    session = open_as("luca")
    own = sum(item.get("responsible") == "luca" for item in seeded.many("deal", list(seeded.ids("deal"))))
    assert deals.counts == {"read": len(session.ids("deal")), "edit": own, "delete": 0, "export": 0}
    assert deals.total == len(seeded.ids("deal"))
