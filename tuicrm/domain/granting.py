"""Who may give which rights: nobody gives what they do not have, and somebody who can sign in stays administrator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tuicrm.domain.access import LEVEL, OPERATIONS, Access, held_roles, rule_of
from tuicrm.domain.config_records import Person, Role
from tuicrm.domain.workspace import Workspace


class RightGiven(NamedTuple):
    """A right that is given: a special one (`place` ""), or a scope for an operation at a place; `admin` for everything."""

    right: str
    scope: str = ""
    place: str = ""


def given_beyond(access: Access, before: Sequence[Role], after: Sequence[Role]) -> list[RightGiven]:
    """What roles give after a change that they did not give before it, and that the person who changes them does not have."""
    if access.admin:
        return []
    if any(role.admin for role in after):
        return [] if any(role.admin for role in before) else [RightGiven("admin")]
    specials = {special for role in after for special in role.specials}
    had = {special for role in before for special in role.specials}
    own = [one.role for one in access.held]
    mine = {special for role in own for special in role.specials} if not access.person.retired else set()
    found = [RightGiven(special) for special in sorted(specials - had - mine)]
    for place in _places((*before, *after, *own)):
        for operation in OPERATIONS:
            gives = _highest(after, operation, place)
            if LEVEL[gives] > max(LEVEL[_highest(one, operation, place)] for one in (before, own)):
                found.append(RightGiven(operation, gives, place))
    return found


def _places(roles: Iterable[Role]) -> list[str]:
    """Every place that a rule speaks of, and the place of all others."""
    return sorted({"*", *(place for role in roles for place in role.rules)})


def _highest(roles: Sequence[Role], operation: str, place: str) -> str:
    """The highest scope that roles give at a place; rules of the places around it count."""
    around = around_of(place)
    scopes = ("all" if role.admin else rule_of(role, operation, around).scope for role in roles)
    return max(scopes, key=LEVEL.__getitem__, default="none")


def around_of(place: str) -> tuple[str, ...]:
    """A place and those around it, the most specific first: `deal/sales/won`, `deal/sales`, `deal`, `*`."""
    if place == "*":
        return ("*",)
    parts = place.split("/")
    return (*("/".join(parts[:n]) for n in range(len(parts), 0, -1)), "*")


def administrators(workspace: Workspace) -> list[Person]:
    """Those who may manage the workspace, and can sign in."""
    return [
        person
        for person in workspace.people.values()
        if not person.retired and person.logins and any(one.role.admin for one in held_roles(workspace, person))
    ]
