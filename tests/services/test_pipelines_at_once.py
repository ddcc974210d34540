"""A stage, a pipeline or a type goes in the very instant in which somebody else puts an item there: no item is left in nowhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.smart import delivery
from tuicrm.domain.items import Ref
from tuicrm.errors import Conflict, NotFound, Refused
from tuicrm.services.definitions import item_types, pipelines, stage_changes
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import item_moves, items, stages
from tuicrm.services.kernel.session import Session

GENERAL = ("deal", "general")
D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))


def just_before(session: Session, what: str, others: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have others do something when this session has thought its change out and is about to write it, once."""
    done: list[bool] = []
    write = getattr(session.store, what)

    def overtaken(*args: Any, **more: Any) -> Any:
        if not done:
            done.append(True)
            others()
        return write(*args, **more)

    monkeypatch.setattr(session.store, what, overtaken)


@pytest.fixture
def preparation_goes(seeded: Session, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another deletes the stage `preparation` just before the first change of this session is written."""
    other = open_as("anna")
    just_before(seeded, "commit", lambda: pipelines.delete_stage(other, "deal", "general", "preparation"), monkeypatch)


def nowhere(session: Session) -> list[Ref]:
    """The deals in a stage that there is none of."""
    session.store.refresh()
    return [one.ref for one in session.find("deal").items if session.workspace.stage_of("deal", one.fields) is None]


@pytest.mark.usefixtures("preparation_goes")
def test_an_item_that_moves_into_a_stage_that_goes_stays(seeded: Session) -> None:
    with pytest.raises(Refused, match="there is no stage preparation"):
        stages.move(seeded, D1, "preparation")
    assert nowhere(seeded) == []
    assert seeded.get(D1).get("stage") == "new"


@pytest.mark.usefixtures("preparation_goes")
def test_an_item_that_is_made_in_a_stage_that_goes_is_not_made(seeded: Session) -> None:
    with pytest.raises(Refused, match="there is no stage preparation"):
        items.add(seeded, "deal", {"title": "Late", "stage": "preparation"})
    assert len(seeded.ids("deal")) == 3


def test_a_stage_that_is_only_renamed_lets_the_item_come(
    seeded: Session, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_as("anna")

    def rename() -> None:
        stage_changes.rename_stage(other, "deal", "general", "preparation", "Papers")

    just_before(seeded, "commit", rename, monkeypatch)
    stages.move(seeded, D1, "preparation")
    assert seeded.get(D1).get("stage") == "preparation"


def test_a_stage_to_which_an_item_comes_stays_and_says_so(
    seeded: Session, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_as("anna")
    just_before(seeded, "commit", lambda: stages.move(other, D1, "preparation"), monkeypatch)
    with pytest.raises(Refused, match="has 1 item: choose first where they go"):
        pipelines.delete_stage(seeded, "deal", "general", "preparation")
    assert nowhere(seeded) == []


@pytest.mark.parametrize("at_once", [500, 0], ids=["a change", "a big change"])
def test_what_comes_at_the_last_moment_goes_along(
    seeded: Session, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(item_moves, "_AT_ONCE", at_once)
    stages.move(seeded, D2, "preparation")
    other = open_as("anna")
    what = "commit" if at_once else "batch"
    just_before(seeded, what, lambda: stages.move(other, D1, "preparation"), monkeypatch)
    outcome = pipelines.delete_stage(seeded, "deal", "general", "preparation", "executing")
    assert outcome.moved == 2
    assert nowhere(seeded) == []
    assert [seeded.get(ref).get("stage") for ref in (D1, D2)] == ["executing", "executing"]
    undo(seeded)
    assert [seeded.get(ref).get("stage") for ref in (D1, D2)] == ["preparation", "preparation"]


def test_a_pipeline_to_which_an_item_comes_stays(
    seeded: Session, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipelines.add_pipeline(seeded, "deal", "Trial")
    other = open_as("anna")
    just_before(seeded, "commit", lambda: stages.move(other, D1, "new", "trial"), monkeypatch)
    with pytest.raises(Refused, match="has 1 item"):
        pipelines.delete_pipeline(seeded, "deal", "trial")
    assert nowhere(seeded) == []


def test_a_type_of_which_an_item_is_made_stays(
    seeded: Session, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery(seeded)
    other = open_as("anna")
    just_before(seeded, "commit", lambda: items.add(other, "delivery", {"title": "Boxes"}), monkeypatch)
    with pytest.raises(Refused, match=r"It has 1 item \(Start 1\)"):
        item_types.remove(seeded, "delivery")
    assert [item.get("title") for item in seeded.find("delivery").items] == ["Boxes"]


def test_an_item_of_a_type_that_goes_is_not_made(
    seeded: Session, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery(seeded)
    other = open_as("anna")
    just_before(seeded, "commit", lambda: item_types.remove(other, "delivery"), monkeypatch)
    with pytest.raises(NotFound, match="This item type was removed by someone"):
        items.add(seeded, "delivery", {"title": "Boxes"})
    assert seeded.store.ids("delivery") == []


def test_a_big_change_into_a_stage_that_goes_before_it_ends_never_happened(
    seeded: Session, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_as("anna")

    def move_in_bulk() -> None:
        with seeded.bulk("move") as bulk:
            with bulk.change() as change:
                change.edit(D1, {"stage": "preparation"})
            pipelines.delete_stage(other, "deal", "general", "preparation")

    with pytest.raises(Conflict, match="revision"):
        move_in_bulk()
    assert nowhere(seeded) == []
    assert seeded.get(D1).get("stage") == "new"


def test_whoever_is_first_no_item_is_left_in_nowhere(seeded: Session, open_as: OpenAs) -> None:
    """Two sessions at once, each as fast as it can, again and again."""
    mover, shaper = open_as("anna"), open_as("anna")

    def tried(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            with suppress(Refused, Conflict):
                work()

        return run

    for _round in range(15):
        key = stage_changes.add_stage(seeded, "deal", "general", "Trial", after="new").key
        stages.move_many(seeded, [D2], key)
        for session in (mover, shaper):
            session.store.refresh()
        at_once = [
            threading.Thread(target=tried(lambda key=key: stages.move(mover, D1, key))),  # type: ignore[misc]
            threading.Thread(target=tried(lambda key=key: pipelines.delete_stage(shaper, *GENERAL, key, "new"))),  # type: ignore[misc]
        ]
        for thread in at_once:
            thread.start()
        for thread in at_once:
            thread.join()
        assert nowhere(seeded) == []
        if key in [stage.key for stage in stage_changes.living(seeded, *GENERAL).stages]:
            pipelines.delete_stage(seeded, *GENERAL, key, "new")


# -- undo --------------------------------------------------------------------------------------------------------------
def test_a_stage_that_is_in_use_by_now_is_not_undone(seeded: Session, open_as: OpenAs) -> None:
    stage_changes.add_stage(seeded, "deal", "general", "Trial", after="new")
    stages.move(open_as("luca"), D2, "trial")
    with pytest.raises(Conflict, match="Trial holds 1 item by now"):
        undo(seeded)
    assert nowhere(seeded) == []
    stages.move(open_as("luca"), D2, "new")
    undo(seeded)
    assert "trial" not in [stage.key for stage in stage_changes.living(seeded, "deal", "general").stages]


def test_a_pipeline_that_is_in_use_by_now_is_not_undone(seeded: Session, open_as: OpenAs) -> None:
    pipelines.add_pipeline(seeded, "deal", "Trial")
    stages.move(open_as("luca"), D2, "new", "trial")
    with pytest.raises(Conflict, match="New holds 1 item by now"):
        undo(seeded)
    assert nowhere(seeded) == []


def test_nothing_is_moved_back_to_a_stage_that_is_gone(seeded: Session, open_as: OpenAs) -> None:
    stages.move(seeded, D2, "preparation")
    luca = open_as("luca")
    stages.move(luca, D2, "executing")
    pipelines.delete_stage(seeded, "deal", "general", "preparation")
    luca.store.refresh()
    with pytest.raises(Conflict, match="the stage that D-2 was in is gone"):
        undo(luca)
    undo(seeded)
    undo(luca)
    assert luca.get(D2).get("stage") == "preparation"


def test_a_deletion_done_again_takes_what_it_took(seeded: Session, open_as: OpenAs) -> None:
    stages.move(seeded, D1, "preparation")
    pipelines.delete_stage(seeded, "deal", "general", "preparation", "executing")
    undo(seeded)
    stages.move(open_as("luca"), D2, "preparation")
    with pytest.raises(Conflict, match="holds 1 item by now"):
        redo(seeded)
    stages.move(open_as("luca"), D2, "new")
    redo(seeded)
    assert nowhere(seeded) == []
    assert seeded.get(D1).get("stage") == "executing"


@pytest.mark.usefixtures("preparation_goes")
def test_marked_items_do_not_go_where_there_is_nothing(seeded: Session) -> None:
    with pytest.raises(Refused, match="there is no stage preparation"):
        stages.move_many(seeded, [D1, D2, D3], "preparation")
    assert nowhere(seeded) == []
