"""What somebody is responsible for goes to somebody else: counted first, one change, one undo."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.conditions import Test
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused
from tuicrm.services.history.undo import undo
from tuicrm.services.items import activities, hand_over, items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people
from tuicrm.services.workspace.people import Details
from tuicrm.services.workspace.roles import RoleDetails, add_role, read_cell


def of(session: Session, key: str, type_key: str = "deal") -> list[int]:
    return list(session.ids(type_key, Test("responsible", "person", "=", key)))


def test_items_and_open_activities_go_and_come_back_by_one_undo(seeded: Session) -> None:
    anna, luca = seeded.workspace.people["anna"], seeded.workspace.people["luca"]
    hers, his = of(seeded, "anna"), of(seeded, "luca")
    activities.add(seeded, Ref("deal", hers[0]), "Call", at="2026-12-24T10:00:00Z")
    plan = hand_over.look(seeded, anna, luca)
    assert list(plan.items["deal"]) == hers
    assert len(plan.activities) >= 1
    seen: list[int] = []
    assert hand_over.hand_over(seeded, plan, tell=lambda done, _of: seen.append(done)) == plan.total
    assert seen
    assert of(seeded, "anna") == []
    assert sorted(of(seeded, "luca")) == sorted([*hers, *his])
    (activity, *_more) = seeded.owned("activity", Ref("deal", hers[0]))
    assert activity.doc["responsible"] == "luca"
    undo(seeded)
    assert (of(seeded, "anna"), of(seeded, "luca")) == (hers, his)


def test_by_type_and_only_what_is_open(seeded: Session) -> None:
    anna, luca = seeded.workspace.people["anna"], seeded.workspace.people["luca"]
    first = of(seeded, "anna")[0]
    items.edit(seeded, Ref("deal", first), {"stage": "won"})
    plan = hand_over.look(seeded, anna, luca, ["deal"], closed=False)
    assert set(plan.items) == {"deal"}
    assert first not in plan.items["deal"]


def test_what_one_may_not_change_stays_and_is_told(seeded: Session, open_as: OpenAs) -> None:
    add_role(seeded, RoleDetails("R", dict([read_cell(seeded, "*.read=all")]), {"bulk": True}), key="r")
    people.edit_person(seeded, "luca", Details(roles=["r"]))
    session = open_as("luca")
    plan = hand_over.look(session, session.workspace.people["anna"], session.workspace.people["luca"])
    assert plan.total == 0
    assert plan.staying["deal"] == len(of(seeded, "anna"))


def test_stopped_nothing_has_changed(seeded: Session) -> None:
    anna, luca = seeded.workspace.people["anna"], seeded.workspace.people["luca"]
    before = of(seeded, "anna")
    with pytest.raises(hand_over.HandOverStopped):
        hand_over.hand_over(seeded, hand_over.look(seeded, anna, luca), stopped=lambda: True)
    assert of(seeded, "anna") == before


def test_to_oneself_and_to_who_left_is_refused(seeded: Session) -> None:
    anna, luca = seeded.workspace.people["anna"], seeded.workspace.people["luca"]
    with pytest.raises(Refused, match="same person"):
        hand_over.look(seeded, anna, anna)
    people.retire_person(seeded, "luca")
    with pytest.raises(Refused, match="no longer works here"):
        hand_over.look(seeded, anna, seeded.workspace.people["luca"])
    assert luca.key == "luca"
