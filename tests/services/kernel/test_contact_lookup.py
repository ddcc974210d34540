"""Whom a phone or an e-mail reaches, and how fast that is told."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Item
from tuicrm.domain.reach import form_of, reach
from tuicrm.services.items import items
from tuicrm.services.kernel.contact_lookup import reach_of, reached_by, reached_types
from tuicrm.services.kernel.session import Session


def known(session: Session, found: Collection[str]) -> list[Item]:
    """The items that one of these reaches and that this person may read, by type."""
    return [item for key in reached_types(session.workspace) for item in session.find(key, reached_by(found)).items]


@pytest.mark.parametrize(
    ("stored", "compared"),
    [
        ("+390612345678", "+390612345678"),
        ("+390612345678;ext=12", "+390612345678"),
        ("06 1234", "061234"),
        ("112", ""),
        ("Ada@Example.ORG", "ada@example.org"),
        ("", ""),
        ("no phone", ""),
    ],
)
def test_what_is_compared(stored: str, compared: str) -> None:
    assert form_of(stored) == compared


@pytest.mark.parametrize("value", [None, 5, "x", {"value": None}, [None], [{"value": []}], [{}]])
def test_values_that_are_none_reach_nobody(value: object) -> None:
    assert list(reach({"phone": value})) == []


def test_those_who_can_be_reached_are_found_by_type(workspace: Session) -> None:
    phone = [{"value": "+390612345678", "type": "work"}, {"value": "+390299999999", "type": "work"}]
    contact = items.add(workspace, "contact", {"first_name": "Ada", "phone": phone}).ref
    lead = items.add(workspace, "lead", {"title": "Ask", "phone": phone[1:]}).ref
    items.add(workspace, "company", {"title": "Other"})
    found = known(workspace, reach_of({"phone": phone}))
    assert [item.ref for item in found] == [contact, lead]
    items.edit(workspace, contact, {"phone": phone[:1]})
    assert [item.ref for item in known(workspace, ["+390299999999"])] == [lead]
    items.delete(workspace, [lead])
    assert known(workspace, ["+390299999999"]) == []


def test_nobody_is_told_of_whom_they_may_not_read(seeded: Session, open_as: OpenAs) -> None:
    from msgspec import to_builtins

    phone = [{"value": "+390612345678", "type": "work"}]
    ref = items.add(seeded, "contact", {"first_name": "Ada", "phone": phone}).ref
    entry = seeded.workspace.entry("role", "manager")
    assert entry is not None
    rules = {**to_builtins(seeded.workspace.roles["manager"]), "rules": {"*": {"read": "own"}}}
    with seeded.change("less") as change:
        change.put("role", rules, entry.id, expect=entry.rev)
    luca = open_as("luca")
    assert known(luca, ["+390612345678"]) == []
    assert [item.ref for item in known(seeded, ["+390612345678"])] == [ref]
