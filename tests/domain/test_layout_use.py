"""Which layout a person gets: by name, by nearest department, their own, the common one, the built-in one; the newest among equals."""

from __future__ import annotations

from typing import Any

import pytest

from tuicrm.domain.access import Access
from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.layout_use import LayoutPlace, LayoutUse, chosen, uses
from tuicrm.domain.schema import Field, ItemType, Layout, Section, Variant
from tuicrm.domain.workspace import Workspace

PLACE = LayoutPlace("deal", "shop")
BUILT_IN = Layout([Section("main", "Main", [])])
OTHER = Layout([Section("again", "Again", [])])
TYPES = {
    "deal": ItemType("deal", "Deal", "Deals", "D", "$", [Field("title", "string", "Title")], BUILT_IN, ["title"]),
    "lead": ItemType(
        "lead", "Lead", "Leads", "L", "$", [Field("repeat", "boolean", "Repeat")], BUILT_IN, ["title"],
        variants=[Variant("again", "Again", when="repeat", layout=OTHER), Variant("new", "New")],
    ),
}  # fmt: skip
DEPARTMENTS = [{"key": "house", "name": "House"}, {"key": "sales", "name": "Sales", "parent": "house"}]
ROLES: list[dict[str, Any]] = [
    {"key": "own", "label": "Own", "specials": ["personal_layout"]},
    {"key": "settings", "label": "Settings", "specials": ["settings"]},
    {"key": "none", "label": "None"},
]


def layout(scope: str, **more: Any) -> dict[str, Any]:
    return {"type": "deal", "variant": "shop", "scope": scope, "sections": [], **more}


def view(name: str, *members: str, edited: str = "2026-01-01T00:00:00Z") -> dict[str, Any]:
    return layout("view", key=name, name=name, members=list(members), edited=edited)


def found(*kept: dict[str, Any], role: str = "own", department: str = "sales", place: LayoutPlace = PLACE) -> list[str]:
    """What may be used by luca of that role and department: the choices, the first first."""
    return [use.choice for use in made(*kept, role=role, department=department, place=place)]


def made(
    *kept: dict[str, Any],
    role: str = "own",
    department: str = "sales",
    place: LayoutPlace = PLACE,
    revs: tuple[int, ...] = (),
) -> list[LayoutUse]:
    person = {"key": "luca", "name": "Luca", "roles": [role], "department": department}
    records: dict[str, list[dict[str, Any]]] = {"person": [person], "department": DEPARTMENTS, "role": ROLES}
    entries = {table: [ConfigRecord(n, n, doc) for n, doc in enumerate(docs, 1)] for table, docs in records.items()}
    numbered = zip(revs or range(1, len(kept) + 1), kept, strict=True)
    entries["layout"] = [ConfigRecord(n, rev, doc) for n, (rev, doc) in enumerate(numbered, 1)]
    workspace = Workspace(TYPES, entries)
    return uses(workspace, Access(workspace.people["luca"], workspace), place)


OWN, COMMON = layout("personal", person="luca"), layout("common")


def test_the_order_of_precedence() -> None:
    kept = (COMMON, OWN, view("far", "department:house"), view("near", "department:sales"), view("mine", "luca"))
    assert found(*kept) == ["view:mine", "view:near", "view:far", "personal", "common"]
    assert found(*reversed(kept)) == ["view:mine", "view:near", "view:far", "personal", "common"]
    assert found() == ["built-in"]
    assert found(OWN) == ["personal", "built-in"]


def test_what_is_for_others_is_not_found() -> None:
    theirs = (view("a", "anna"), view("b", "department:sales"), view("c"), layout("personal", person="anna"))
    assert found(*theirs, department="house") == ["built-in"]
    assert found(*theirs, department="") == ["built-in"]
    assert found(*theirs, layout("common", variant="trade")) == ["view:b", "built-in"]


def test_the_nearest_of_ones_departments_counts() -> None:
    both = view("both", "department:house", "department:sales")
    assert [use.near for use in made(both, view("far", "department:house"))] == [1, 2, -1]


def test_among_equals_the_newest() -> None:
    older, newer = view("older", "luca"), view("newer", "luca", edited="2026-02-01T00:00:00Z")
    assert found(newer, older)[:2] == ["view:newer", "view:older"]
    same = view("first", "luca"), view("second", "luca")
    assert [use.name for use in made(*same, revs=(7, 3))][:2] == ["first", "second"]
    assert [use.name for use in made(*same, revs=(3, 7))][:2] == ["second", "first"]


def test_two_that_were_made_in_the_same_moment_are_one() -> None:
    two = made(COMMON, COMMON, OWN, OWN, revs=(4, 9, 8, 5))
    assert [(use.kind, use.kept and use.kept.rev) for use in two] == [("personal", 8), ("common", 9)]


@pytest.mark.parametrize(("role", "expected"), [("own", True), ("settings", True), ("none", False)])
def test_ones_own_needs_the_right(role: str, *, expected: bool) -> None:
    assert found(OWN, COMMON, role=role) == ["personal"] * expected + ["common"]


def test_each_variant_has_its_own_built_in_one() -> None:
    for key, expected in (("again", OTHER), ("new", BUILT_IN)):
        assert made(place=LayoutPlace("lead", key))[0].layout == expected


def test_what_one_chose_is_kept_to_as_long_as_it_is_there() -> None:
    with_common = made(view("mine", "luca"), OWN, COMMON)
    assert [chosen(with_common, choice).choice for choice in ("", "personal", "common", "built-in", "view:mine")] == [
        "view:mine", "personal", "common", "common", "view:mine"
    ]  # fmt: skip
    assert chosen(with_common, "view:gone").choice == "view:mine"
    assert chosen(made(view("mine", "luca")), "common").choice == "built-in"
    assert chosen(made(view("mine", "luca")), "personal").choice == "view:mine"


def test_places_are_told_apart() -> None:
    assert (str(PLACE), str(LayoutPlace("contact"))) == ("deal/shop", "contact")
