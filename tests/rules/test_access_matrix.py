"""Deny by default, shown: random roles held against a small model of the rules, which knows the reference and none of our code.

The model says who may do what with which item (reference §12); the program is asked by every way in: what a session gives, lists,
counts and explains, what services write, what commands answer. A way that is missing here is found by `test_out_of_sight.py`, which
walks every command that takes a ref.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, NotFound
from tuicrm.services.items import items, reasons
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people
from tuicrm.services.workspace.people import Details

SCOPES = ("none", "own", "department", "subdepartments", "open", "all")
OPERATIONS = ("read", "add", "edit", "delete", "export", "import")
ROUNDS = 40
STAGES = ("new", "executing", "won")


class Part(NamedTuple):
    """A department of the model: what it is in."""

    parent: str


PARTS = {"sales": Part(""), "north": Part("sales"), "shop": Part("")}
IN = {"luca": "sales", "nora": "north", "otto": "shop", "anna": ""}
"""Who is in which department; luca is the one who asks."""


class Thing(NamedTuple):
    """An item as the model knows it."""

    number: int
    responsible: str
    stage: str
    is_open: bool
    is_watched: bool


def beneath(part: str) -> set[str]:
    return {part} | {key for key, one in PARTS.items() if one.parent == part}


def reaches(scope: str, thing: Thing, me: str = "luca") -> bool:
    """Reference §12, the table of scopes, each with what the one before it has."""
    if scope == "none":
        return False
    if scope == "all" or thing.responsible == me:
        return True
    if scope == "own":
        return False
    near = {IN[me]} if scope == "department" else beneath(IN[me])
    return IN[thing.responsible] in near or (scope == "open" and thing.is_open)


def model(rules: list[dict[str, dict[str, str]]], operation: str, thing: Thing) -> bool:
    """Several roles: the highest wins. A stage has what its pipeline has until set, that one what the type has."""
    best = 0
    for role in rules:
        for place in (f"deal/general/{thing.stage}", "deal/general", "deal", "*"):
            if operation in role.get(place, {}):
                best = max(best, SCOPES.index(role[place][operation]))
                break
    if operation == "read" and thing.is_watched:
        return True
    return reaches(SCOPES[best], thing)


# -- the ways in -------------------------------------------------------------------------------------------------------
def gives(session: Session, thing: Thing) -> bool:
    try:
        session.get(Ref("deal", thing.number))
    except NotFound:
        return False
    return True


def writes(session: Session, thing: Thing) -> bool:
    try:
        items.edit(session, Ref("deal", thing.number), {"comment": f"{random.random()}"})
    except (AccessDenied, NotFound):
        return False
    return True


def explains(operation: str) -> Callable[[Session, Thing], bool]:
    def ask(session: Session, thing: Thing) -> bool:
        deal = session.workspace.type("deal")
        item = session.peek(Ref("deal", thing.number))
        return item is not None and reasons.why(session, session.person, operation, deal, item).allowed  # type: ignore[arg-type]

    return ask


def allows(operation: str) -> Callable[[Session, Thing], bool]:
    def ask(session: Session, thing: Thing) -> bool:
        (record,) = session.whole.get("deal", [thing.number])
        return session.access.may(operation, "deal", record.doc)  # type: ignore[arg-type]

    return ask


def covers(operation: str) -> Callable[[Session, Thing], bool]:
    def ask(session: Session, thing: Thing) -> bool:
        return thing.number in session.store.ids("deal", session.access.covers(operation, "deal"))  # type: ignore[arg-type]

    return ask


WAYS: list[tuple[str, str, Callable[[Session, Thing], bool]]] = [
    ("given", "read", gives),
    ("listed", "read", lambda session, thing: thing.number in session.ids("deal")),
    ("many", "read", lambda session, thing: [one.id for one in session.many("deal", [thing.number])] == [thing.number]),
    ("peeked", "read", lambda session, thing: session.peek(Ref("deal", thing.number)) is not None),
    ("written", "edit", writes),
    *((f"asked: {one}", one, allows(one)) for one in OPERATIONS),
    *((f"counted: {one}", one, covers(one)) for one in OPERATIONS),
    *((f"explained: {one}", one, explains(one)) for one in ("read", "edit", "delete")),
]


@pytest.fixture
def things(seeded: Session) -> list[Thing]:
    for key, one in PARTS.items():
        people.add_department(seeded, key.title(), key=key, parent=one.parent)
    for key in ("nora", "otto"):
        people.add_person(seeded, Details(key.title(), logins=[key], department=IN[key]), key=key)
    people.edit_person(seeded, "luca", Details(department="sales", roles=[]))
    people.edit_person(seeded, "anna", Details(department=""))
    made = []
    with seeded.change("deals") as change:
        for responsible in IN:
            for stage in STAGES:
                for is_open, is_watched in ((False, False), (True, False), (False, True)):
                    fields: dict[str, Any] = {
                        "title": "x",
                        "responsible": responsible,
                        "stage": stage,
                        "open_to_all": is_open,
                    }
                    ref = change.add("deal", {**fields, "observers": ["luca"] if is_watched else []}, enforce=False)
                    made.append(Thing(ref.id, responsible, stage, is_open, is_watched))
    return made


def chance(seed: int) -> Iterator[dict[str, dict[str, str]]]:
    """One to three roles."""
    dice = random.Random(seed)
    places = ("*", "deal", "deal/general", *(f"deal/general/{stage}" for stage in STAGES), "company")
    for _role in range(dice.randint(1, 3)):
        yield {
            place: {operation: dice.choice(SCOPES) for operation in OPERATIONS if dice.random() < 0.6}
            for place in places
            if dice.random() < 0.6
        }


def test_random_roles_do_what_the_reference_says_by_every_way_in(
    seeded: Session, things: list[Thing], open_as: OpenAs
) -> None:
    luca = open_as("luca")
    assert not any(gives(luca, thing) for thing in things if not thing.is_watched), "without a role, nothing"
    for seed in range(ROUNDS):
        rules = list(chance(seed))
        with seeded.change("roles") as change:
            for n, role in enumerate(rules):
                key, entry = f"r{n}", seeded.workspace.entry("role", f"r{n}")
                change.put("role", {"key": key, "label": key, "rules": role}, entry.id if entry is not None else 0)
        people.edit_person(seeded, "luca", Details(roles=[f"r{n}" for n in range(len(rules))]))
        luca.store.refresh()
        for name, operation, way in WAYS:
            for thing in things:
                wanted = model(rules, operation, thing)
                if name.startswith(("written", "explained")):
                    wanted = wanted and model(rules, "read", thing)
                assert way(luca, thing) is wanted, (seed, name, operation, thing, rules)
