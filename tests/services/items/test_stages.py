"""Moving through stages: what the target needs, many at once, the timeline's word of it."""

from __future__ import annotations

import pytest

from tests.conftest import Clock, OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused, RequiredFields
from tuicrm.services.history.undo import undo
from tuicrm.services.items import stages, timeline
from tuicrm.services.kernel.session import Session

D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))


@pytest.fixture
def strict(seeded: Session) -> Session:
    """Amount is required in "executing" (D-3 has none), a lost reason of the workspace's own in "lost"."""
    with seeded.change("require") as change:
        change.put("field", {"type": "deal", "key": "amount", "required_at": {"general": ["executing"]}})
        reason = {"type": "deal", "key": "reason", "kind": "string", "label": "Lost reason", "custom": True}
        change.put("field", {**reason, "required_at": {"general": ["lost"]}})
    return seeded


def test_a_move_marks_when_and_by_whom_and_says_so(seeded: Session, clock: Clock) -> None:
    clock.tick(hours=2)
    moved = stages.move(seeded, D1, "won")
    assert (moved.get("stage"), moved.get("stage_since"), moved.get("moved_by")) == (
        "won",
        "2026-11-23T12:00:00Z",
        "anna",
    )
    assert moved.get("closed") is True
    assert timeline.view(seeded, D1).entries[0].title == "New → Deal won"
    assert stages.move(seeded, D1, "new").get("closed") is False


def test_what_the_stage_needs_is_listed_and_can_be_brought_along(strict: Session) -> None:
    assert [field.key for field in stages.needs(strict, strict.get(D3), "general", "executing")] == ["amount"]
    with pytest.raises(RequiredFields) as refused:
        stages.move(strict, D3, "executing")
    assert [problem.field for problem in refused.value.fields] == ["amount"]
    assert strict.get(D3).get("stage") == "new"
    moved = stages.move(strict, D3, "executing", bring={"amount": {"amount": "5", "currency": "EUR"}})
    assert (moved.get("stage"), moved.get("amount")) == ("executing", {"amount": "5.00", "currency": "EUR"})


def test_a_field_one_may_not_see_does_not_bind(strict: Session, open_as: OpenAs) -> None:
    entry = strict.workspace.records["field"]
    kept = next(each for each in entry.values() if each.doc["key"] == "reason")
    with strict.change("hide") as change:
        change.put("field", {**kept.doc, "visible_to": ["anna"]}, kept.id)
    assert stages.move(open_as("luca"), D2, "lost").get("stage") == "lost"
    with pytest.raises(RequiredFields):
        stages.move(strict, D1, "lost")


def test_of_many_those_that_can_move_and_the_others_say_what_they_lack(strict: Session) -> None:
    seq = strict.store.seq()
    outcome = stages.move_many(strict, [D1, D2, D3], "executing")
    assert outcome.moved == (D1, D2)
    assert [(each.ref, [field.key for field in each.fields]) for each in outcome.stayed] == [(D3, ["amount"])]
    assert strict.store.seq() == seq + 1
    assert [strict.get(ref).get("stage") for ref in (D1, D2, D3)] == ["executing", "executing", "new"]


def test_of_many_those_one_may_not_change_stay(seeded: Session, open_as: OpenAs) -> None:
    outcome = stages.move_many(open_as("luca"), [D1, D2], "executing")
    assert outcome.moved == (D2,)
    assert [(each.ref, bool(each.reason)) for each in outcome.stayed] == [(D1, True)]


def test_of_many_those_that_are_there_already_are_not_called_moved(seeded: Session) -> None:
    stages.move(seeded, D1, "preparation")
    outcome = stages.move_many(seeded, [D1, D2], "preparation")
    assert outcome.moved == (D2,)
    assert [(each.ref, each.reason) for each in outcome.stayed] == [(D1, "It is already in Document preparation.")]


def test_each_of_many_goes_on_from_its_own_stage_as_one_change(strict: Session) -> None:
    stages.move(strict, D2, "lost", bring={"reason": "price"})
    stages.move(strict, D1, "preparation")
    last = strict.workspace.pipelines("deal")[0].stages[-1].key
    stages.move(strict, D2, last)
    seq = strict.store.seq()
    outcome = stages.step_many(strict, [D1, D2, D3], 1)
    assert outcome.moved == (D1, D3)
    assert [(each.ref, each.title, each.reason) for each in outcome.stayed] == [
        (D2, "ERP connector", "This is the last stage.")
    ]
    assert strict.store.seq() == seq + 1
    assert [strict.get(ref).get("stage") for ref in (D1, D3)] == ["prepayment", "preparation"]
    assert undo(strict).label == "move 2 items to other stages"
    assert [strict.get(ref).get("stage") for ref in (D1, D3)] == ["preparation", "new"]


def test_neighbours_end_at_the_ends(seeded: Session) -> None:
    item = seeded.get(D1)
    assert stages.neighbour(seeded, item, -1) is None
    following = stages.neighbour(seeded, item, 1)
    assert following is not None
    assert following.key == "preparation"


def test_a_stage_that_is_not_there_is_refused_with_those_there_are(seeded: Session) -> None:
    with pytest.raises(Refused, match="choose one of: New, Document preparation"):
        stages.move(seeded, D1, "nowhere")
    with pytest.raises(Refused, match="no stages"):
        stages.move(seeded, Ref("company", 1), "new")
