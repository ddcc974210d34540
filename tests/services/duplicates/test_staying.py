"""Which item of a merge is proposed as the one that stays."""

from __future__ import annotations

from typing import Any

from tests.conftest import OpenAs
from tuicrm.domain.items import Item, Ref
from tuicrm.services.duplicates.staying import best, proposed
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def item(number: int, created: str, **fields: Any) -> Item:
    return Item("contact", number, 1, {"created": created, "updated": created, **fields})


OLD, NEW = "2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z"


def test_the_oldest_and_fullest_is_the_best() -> None:
    full = {"last_name": "Rossi", "position": "Buyer", "comment": "x"}
    assert best([item(1, NEW), item(2, OLD, **full)]).id == 2
    assert best([item(1, NEW, **full), item(2, OLD, **full)]).id == 2, "as full, and older"
    assert best([item(1, OLD), item(2, OLD, **full)]).id == 2, "as old, and fuller"
    assert best([item(2, NEW, **full), item(1, OLD)]).id == 1, "older against fuller: its past is the longer one"
    assert best([item(7, OLD), item(3, OLD)]).id == 3
    # What is empty, and what rules fill, makes nothing fuller; a script may have left no date.
    assert (
        best([item(1, OLD, last_name="R"), Item("contact", 2, 1, {"position": "", "emails": [], "last_name": "R"})]).id
        == 1
    )
    assert best([item(3, NEW, **full), item(1, OLD), item(2, "2021-01-01T00:00:00Z", **full)]).id == 1


def test_it_is_proposed_where_the_person_may(seeded: Session, open_as: OpenAs) -> None:
    made = items.add(seeded, "company", {"title": "Rossi Srl"}).ref
    plan = proposed(seeded, [made, Ref("company", 1)])
    assert [one.ref for one in plan.items] == [Ref("company", 1), made]
    assert [one.ref for one in proposed(seeded, [Ref("company", 1), made, made]).items] == [Ref("company", 1), made]
