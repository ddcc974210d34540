"""Roles: made, changed, given and taken; nobody gives rights they do not have, and an administrator stays, whichever way is tried."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import OpenAs
from tuicrm.domain.access import LEVEL, OPERATIONS, SCOPES, SPECIALS, Access, HeldRole
from tuicrm.domain.config_records import Person, Role
from tuicrm.domain.granting import given_beyond
from tuicrm.domain.items import Ref
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.duplicates import merging
from tuicrm.services.history.undo import undo
from tuicrm.services.items import bulk_edit, items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people, role_files, roles
from tuicrm.services.workspace.people import Details
from tuicrm.services.workspace.roles import RoleDetails, read_cell, read_special

D1 = Ref("deal", 1)


def cells(session: Session, *texts: str) -> RoleDetails:
    return RoleDetails(rules=dict(read_cell(session, text) for text in texts))


def office(session: Session, *texts: str, **specials: bool) -> Role:
    return roles.add_role(session, RoleDetails("Back office", cells(session, *texts).rules, specials))


# -- changing ----------------------------------------------------------------------------------------------------------
def test_a_role_is_made_changed_cloned_moved_and_deleted_and_each_is_one_undo(seeded: Session, open_as: OpenAs) -> None:
    made = office(seeded, "*.read=all", "deal/general/won.edit=none", "deal.edit=own")
    assert (made.key, made.rules["deal/general/won"]) == ("back_office", {"edit": "none"})
    people.edit_person(seeded, "luca", Details(roles=["Back office"]))
    luca = open_as("luca")
    assert luca.access.scope("read", "deal") == "all"
    assert luca.access.scope("edit", "deal", "general", "won") == "none"
    assert luca.access.scope("edit", "deal", "general", "new") == "own"
    roles.edit_role(seeded, "back_office", cells(seeded, "deal/general/won.edit=", "deal.edit=all"))
    luca.store.refresh()
    assert luca.access.scope("edit", "deal", "general", "won") == "all", "at once in every open session"
    copy = roles.clone_role(seeded, "back_office", "Night office")
    assert (copy.rules, copy.key) == (seeded.workspace.roles["back_office"].rules, "night_office")
    roles.move_role(seeded, "night_office", -1)
    assert [one.key for one in roles.roles(seeded)] == ["administrator", "manager", "night_office", "back_office"]
    (lost,) = roles.what_is_lost(seeded, "back_office")
    assert (lost.holder.key, list(lost.kept)) == ("luca", [])
    roles.delete_role(seeded, "back_office")
    luca.store.refresh()
    assert luca.access.scope("read", "deal") == "none"
    undo(seeded)
    luca.store.refresh()
    assert luca.access.scope("read", "deal") == "all", "it comes back to who had it"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("deal", "PLACE.OPERATION=SCOPE"),
        ("deal.fly=all", "read, add"),
        ("deal.edit=much", "none, own"),
        ("deal/x.edit=all", "pipeline"),
    ],
)
def test_a_cell_that_cannot_be_read_says_what_is_expected(seeded: Session, text: str, error: str) -> None:
    with pytest.raises((Refused, NotFound), match=error):
        read_cell(seeded, text)


def test_a_department_gives_its_roles_to_its_head_its_people_and_those_beneath(
    seeded: Session, open_as: OpenAs
) -> None:
    people.add_department(
        seeded, "Field", key="field", parent="company" if "company" in seeded.workspace.departments else ""
    )
    people.add_department(seeded, "North", parent="field", key="north")
    people.add_person(seeded, Details("Nora", logins=["nora"], department="north"))
    people.add_person(seeded, Details("Hugo", logins=["hugo"]))
    people.edit_department(seeded, "field", head="hugo")
    office(seeded, "deal.read=all")
    roles.give_role(seeded, "back_office", ["department:field"])
    assert [one.key for one in roles.holders(seeded, "back_office")] == ["department:field"]
    for login in ("nora", "hugo"):
        assert open_as(login).access.scope("read", "deal") == "all"
    people.add_person(seeded, Details("Otto", logins=["otto"]))
    assert open_as("otto").access.scope("read", "deal") == "none"
    roles.take_role(seeded, "back_office", ["department:field"])
    assert open_as("nora").access.scope("read", "deal") == "none"
    with pytest.raises(Refused, match="does not have this role"):
        roles.take_role(seeded, "back_office", ["luca"])


def test_what_is_lost_reaches_an_open_session_at_once(seeded: Session, open_as: OpenAs) -> None:
    people.edit_person(seeded, "luca", Details(roles=["manager"]))
    luca = open_as("luca")
    assert luca.get(D1).id == 1
    roles.edit_role(seeded, "manager", cells(seeded, "*.read=none"))
    luca.store.refresh()
    with pytest.raises(NotFound):
        luca.get(D1)


# -- what nobody may -----------------------------------------------------------------------------------------------------
LAST: dict[str, Callable[[Session], object]] = {
    "taking the role": lambda session: roles.take_role(session, "administrator", ["anna"]),
    "deleting it": lambda session: roles.delete_role(session, "administrator"),
    "retiring": lambda session: people.retire_person(session, "anna"),
    "no login": lambda session: people.edit_person(session, "anna", Details(logins=[])),
    "other roles": lambda session: people.edit_person(session, "anna", Details(roles=["manager"])),
    "a file": lambda session: role_files.take_in(
        session, role_files.read(session, '[role.administrator]\nname = "Administrator"\nrules."*" = {read = "all"}\n')
    ),
}


@pytest.mark.parametrize("way", LAST.values(), ids=list(LAST))
def test_the_last_administrator_stays(seeded: Session, way: Callable[[Session], object]) -> None:
    with pytest.raises(Refused, match="this is the last one"):
        way(seeded)
    assert seeded.access.admin


def test_two_who_take_each_other_away_at_once_leave_one(seeded: Session, open_as: OpenAs) -> None:
    people.edit_person(seeded, "luca", Details(roles=["administrator"]))
    luca = open_as("luca")
    with luca.change("later") as change:
        entry = luca.workspace.entry("person", "anna")
        assert entry is not None
        change.patch("person", entry.id, {"retired": True})
        people.retire_person(seeded, "luca")
        with pytest.raises((Refused, AccessDenied)):
            change.commit()
        change.forget()


def test_nobody_gives_rights_they_do_not_have(seeded: Session, open_as: OpenAs) -> None:
    office(seeded, "deal.read=all", "deal.edit=own", settings=True)
    people.edit_person(seeded, "luca", Details(roles=["back_office"]))
    luca = open_as("luca")
    for way in (
        lambda: people.edit_person(luca, "luca", Details(roles=["administrator"])),
        lambda: roles.give_role(luca, "administrator", ["luca"]),
        lambda: roles.edit_role(luca, "back_office", cells(luca, "deal.edit=all")),
        lambda: roles.edit_role(luca, "back_office", cells(luca, "*.read=own")),
        lambda: roles.edit_role(luca, "back_office", RoleDetails(specials={"merge": True})),
        lambda: roles.clone_role(luca, "administrator", "Boss"),
        lambda: people.edit_person(luca, "anna", Details(logins=["anna", "luca2"])),
        lambda: people.edit_department(luca, next(iter(luca.workspace.departments)), roles=["administrator"]),
        lambda: people.add_person(luca, Details("Eve", logins=["eve"], roles=["manager"])),
    ):
        with pytest.raises(AccessDenied, match="rights that you do not have"):
            way()
    lower = roles.add_role(luca, RoleDetails("Readers", cells(luca, "deal.read=department").rules))
    assert lower.rules == {"deal": {"read": "department"}}
    roles.edit_role(luca, "back_office", cells(luca, "deal.read=own"))
    with pytest.raises(AccessDenied):
        roles.edit_role(luca, "back_office", cells(luca, "deal.read=all"))


PLACES = ("*", "deal", "deal/general", "deal/general/won", "company")
RULES = st.dictionaries(st.sampled_from(PLACES), st.dictionaries(st.sampled_from(OPERATIONS), st.sampled_from(SCOPES)))
ROLES = st.builds(
    Role, st.just("x"), st.just("X"), st.booleans(), RULES, st.lists(st.sampled_from(SPECIALS), unique=True)
)


def _own(role: Role) -> Access:
    access = Access(Person("p", "P"), Workspace({}, {}))
    access.held = [HeldRole(role)]
    access.admin = role.admin
    return access


@given(ROLES, ROLES)
def test_what_may_be_given_is_never_more_than_one_has(own: Role, given_role: Role) -> None:
    access = _own(own)
    if given_beyond(access, [], [given_role]):
        return
    theirs = _own(given_role)
    assert access.admin or not theirs.admin
    assert all(access.has(one) for one in SPECIALS if theirs.has(one))
    for operation in OPERATIONS:
        for place in (
            ("deal", "general", "won"),
            ("deal", "general", "new"),
            ("deal", "x", ""),
            ("company",),
            ("lead",),
        ):
            assert LEVEL[theirs.scope(operation, *place)] <= LEVEL[access.scope(operation, *place)], (operation, place)


# -- special rights ------------------------------------------------------------------------------------------------------
def test_merging_and_changing_many_need_rights_of_their_own(seeded: Session, open_as: OpenAs) -> None:
    office(seeded, "*.read=all", "*.edit=all", "*.delete=all")
    people.edit_person(seeded, "luca", Details(roles=["back_office"]))
    luca = open_as("luca")
    steps = bulk_edit.read_steps(luca, "deal", {"title": "Same"})
    with pytest.raises(AccessDenied, match="many at once"):
        bulk_edit.apply(luca, "deal", [1, 2], steps)
    with pytest.raises(AccessDenied, match="may not merge"):
        merging.plan(luca, [D1, Ref("deal", 2)])
    items.edit(luca, D1, {"title": "One"})
    roles.edit_role(seeded, "back_office", RoleDetails(specials={read_special("merge"): True, "bulk": True}))
    luca.store.refresh()
    bulk_edit.apply(luca, "deal", [1, 2], steps)
    assert merging.plan(luca, [D1, Ref("deal", 2)]).main.ref == D1


# -- files ---------------------------------------------------------------------------------------------------------------
def test_roles_go_out_as_toml_and_come_back_as_they_were(seeded: Session) -> None:
    office(seeded, "*.read=all", "deal/general/won.edit=none", merge=True)
    text = role_files.written(roles.roles(seeded))
    assert role_files.take_in(seeded, role_files.read(seeded, text)).same == ["administrator", "manager", "back_office"]
    before = seeded.workspace.roles["back_office"]
    roles.delete_role(seeded, "back_office")
    told = role_files.take_in(seeded, role_files.read(seeded, text), dry_run=True)
    assert (told.added, "back_office" in seeded.workspace.roles) == (["back_office"], False)
    assert role_files.take_in(seeded, role_files.read(seeded, text)).added == ["back_office"]
    after = seeded.workspace.roles["back_office"]
    assert (after.label, after.rules, after.specials) == (before.label, before.rules, before.specials)


@pytest.mark.parametrize(
    "text",
    [
        "x", "[role]", "[other]\na = 1", "[role.a]\nwhat = 1", "[role.A]", '[role.a]\nspecial = ["fly"]', "[role.a]\nname = 3",
        '[role.a]\nrules."nowhere" = {read = "all"}', '[role.a]\nrules."deal" = {fly = "all"}',
        '[role.a]\nrules."deal" = {read = "x"}', "[role.a]\nadmin = 1", "[role.a]\nrules = 3",
    ],
)  # fmt: skip
def test_a_file_that_says_something_else_is_refused_whole(seeded: Session, text: str) -> None:
    with pytest.raises(Refused):
        role_files.read(seeded, text)


def test_a_workspace_from_before_means_what_it_meant(seeded: Session) -> None:
    with seeded.change("older") as change:
        setting, role = seeded.workspace.entry("setting", "format"), seeded.workspace.entry("role", "manager")
        assert setting is not None
        assert role is not None
        change.patch("setting", setting.id, {"value": 2})
        change.patch("role", role.id, {"specials": ["personal_layout"]})
    assert {"merge", "bulk"} <= set(seeded.workspace.roles["manager"].specials)
    roles.edit_role(seeded, "manager", RoleDetails(specials={"bulk": False}))
    assert set(seeded.workspace.roles["manager"].specials) == {"personal_layout", "merge"}
