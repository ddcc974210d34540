"""Pipelines and stages: shaped step by step, each an undo; what holds items gives them away first."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Pipeline
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.boards import board
from tuicrm.services.definitions import pipelines, stage_changes
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import item_moves, items, stages, timeline
from tuicrm.services.kernel.session import Session

D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))


def general(session: Session) -> Pipeline:
    return stage_changes.living(session, "deal", "general")


def keys(session: Session) -> list[str]:
    return [stage.key for stage in general(session).stages]


def place(session: Session, ref: Ref) -> tuple[str, str]:
    item = session.get(ref)
    return item.get("pipeline"), item.get("stage")


# -- stages ------------------------------------------------------------------------------------------------------------
def test_a_stage_is_added_changed_and_moved_each_step_an_undo(seeded: Session) -> None:
    before = general(seeded)
    made = stage_changes.add_stage(seeded, "deal", "general", " Trial ", colour="#123456", after="new")
    assert (made.key, made.label, made.probability) == ("trial", "Trial", before.stages[0].probability)
    stage_changes.rename_stage(seeded, "deal", "general", "trial", "Test")
    stage_changes.change_stage(seeded, "deal", "general", "trial", colour="#654321", probability=77, asks=["source"])
    stage_changes.move_stage(seeded, "deal", "general", "trial", 1)
    now = general(seeded)
    assert [stage.key for stage in now.stages][:3] == ["new", "preparation", "trial"]
    told = now.stage("trial")
    assert told
    assert (told.label, told.colour, told.probability, told.asks) == ("Test", "#654321", 77, ["source"])
    for _step in range(4):
        undo(seeded)
    assert general(seeded) == before
    redo(seeded)
    assert keys(seeded)[1] == "trial"


def test_a_card_moves_into_a_new_stage_and_the_open_board_shows_it(seeded: Session, open_as: OpenAs) -> None:
    shown = board.Board(open_as("luca"), "deal")
    stage_changes.add_stage(seeded, "deal", "general", "Trial", after="new")
    stages.move(seeded, D1, "trial")
    shown.session.store.refresh()
    shown.load()
    assert [column.label for column in shown.columns][1] == "Trial"
    assert shown.ids["trial"] == [1]


def test_two_who_shape_one_pipeline_do_not_undo_each_others_work(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    stage_changes.add_stage(seeded, "deal", "general", "Trial")
    stage_changes.rename_stage(other, "deal", "general", "won", "Signed")
    seeded.store.refresh()
    assert "trial" in keys(seeded)
    assert stages.move(seeded, D1, "won").get("closed")
    assert timeline.view(seeded, D1).entries[0].title == "New → Signed"


def test_only_those_who_may_change_settings_do(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    for act in (
        lambda: stage_changes.add_stage(luca, "deal", "general", "x"),
        lambda: stage_changes.rename_stage(luca, "deal", "general", "new", "x"),
        lambda: stage_changes.move_stage(luca, "deal", "general", "preparation", 1),
        lambda: pipelines.delete_stage(luca, "deal", "general", "preparation"),
        lambda: pipelines.add_pipeline(luca, "deal", "x"),
        lambda: pipelines.set_default(luca, "deal", "general"),
        lambda: pipelines.move_items(luca, "deal", "general", "general"),
    ):
        with pytest.raises(AccessDenied):
            act()


def test_a_stage_with_items_says_how_many_and_gives_them_away_in_one_undo(seeded: Session) -> None:
    stages.move_many(seeded, [D1, D2], "preparation")
    before = general(seeded)
    with pytest.raises(Refused, match="Document preparation has 2 items"):
        pipelines.delete_stage(seeded, "deal", "general", "preparation")
    with pytest.raises(Refused, match="Choose another stage"):
        pipelines.delete_stage(seeded, "deal", "general", "preparation", "preparation")
    with pytest.raises(Refused, match="first stage cannot be deleted"):
        pipelines.delete_stage(seeded, "deal", "general", "new", "preparation")
    assert pipelines.delete_stage(seeded, "deal", "general", "preparation", "executing", dry_run=True).moved == 2
    assert general(seeded) == before
    assert pipelines.delete_stage(seeded, "deal", "general", "preparation", "executing").moved == 2
    assert place(seeded, D1) == ("general", "executing")
    assert "preparation" not in keys(seeded)
    titles = [entry.title for entry in timeline.view(seeded, D1).entries]
    assert titles[:2] == ["Document preparation → In progress", "New → Document preparation"]
    undo(seeded)
    assert general(seeded) == before
    assert place(seeded, D1) == place(seeded, D2) == ("general", "preparation")


def test_a_stage_goes_only_when_all_of_it_can(seeded: Session) -> None:
    with seeded.change("require") as change:
        change.put("field", {"type": "deal", "key": "amount", "required_at": {"general": ["executing"]}})
    stages.move_many(seeded, [D1, D3], "preparation")
    with pytest.raises(Refused) as refused:
        pipelines.delete_stage(seeded, "deal", "general", "preparation", "executing")
    told = [(problem.field, problem.message) for problem in refused.value.fields]
    assert told == [("D-3", "Annual support: requires Amount")]
    assert place(seeded, D1) == ("general", "preparation")
    assert "preparation" in keys(seeded)


def test_more_than_go_into_one_change_go_as_one_too(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_moves, "_AT_ONCE", 1)
    monkeypatch.setattr(item_moves, "_CHUNK", 2)
    stages.move_many(seeded, [D1, D2, D3], "preparation")
    told: list[tuple[int, int]] = []
    seq = len(list(seeded.past.log()))
    outcome = pipelines.delete_stage(
        seeded, "deal", "general", "preparation", "executing", lambda at, of: told.append((at, of))
    )
    assert (outcome.moved, outcome.stayed, outcome.left_out) == (3, 0, 0)
    assert told[-2:] == [(0, 3), (2, 3)]
    assert len(list(seeded.past.log())) == seq + 1
    undo(seeded)
    assert "preparation" in keys(seeded)
    assert [place(seeded, ref)[1] for ref in (D1, D2, D3)] == ["preparation"] * 3


def test_work_that_is_stopped_did_nothing(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_moves, "_AT_ONCE", 1)
    monkeypatch.setattr(item_moves, "_CHUNK", 1)
    pipelines.add_pipeline(seeded, "deal", "Export")

    def stop(done: int, _of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipelines.move_items(seeded, "deal", "general", "export", progress=stop)
    assert {place(seeded, ref)[0] for ref in (D1, D2, D3)} == {"general"}


# -- what is asked -----------------------------------------------------------------------------------------------------
def test_what_a_stage_asks_is_what_one_sees_and_it_does_not_need(seeded: Session, open_as: OpenAs) -> None:
    with seeded.change("define") as change:
        reason = {"type": "deal", "key": "reason", "kind": "string", "label": "Lost reason", "custom": True}
        change.put("field", {**reason, "visible_to": ["anna"]})
        change.put("field", {"type": "deal", "key": "amount", "required_at": {"general": ["lost"]}})
    stage_changes.change_stage(seeded, "deal", "general", "lost", asks=["reason", "amount", "source"])
    item = seeded.get(D3)
    assert [field.key for field in stages.asks(seeded, item, "general", "lost")] == ["reason", "source"]
    assert stages.asks(seeded, item, "general", "new") == []
    luca = open_as("luca")
    assert [field.key for field in stages.asks(luca, item, "general", "lost")] == ["source"]
    moved = stages.move(seeded, D1, "lost", bring={"reason": "Price"})
    assert moved.get("reason") == "Price"
    with pytest.raises(Refused, match="no field nothing"):
        stage_changes.change_stage(seeded, "deal", "general", "lost", asks=["nothing"])
    with pytest.raises(Refused, match="asks"):
        stage_changes.change_stage(seeded, "deal", "general", "lost", asks=["stage"])


def test_of_several_each_gets_what_its_stage_asks_for(seeded: Session) -> None:
    stage_changes.change_stage(seeded, "deal", "general", "preparation", asks=["comment"])
    stages.move(seeded, D2, "preparation")
    moved = stages.step_many(seeded, [D1, D2], 1, bring={"comment": "told"})
    assert len(moved.moved) == 2
    assert [seeded.get(ref).get("comment") for ref in (D1, D2)] == ["told", None]


# -- pipelines ---------------------------------------------------------------------------------------------------------
def test_a_pipeline_has_stages_of_its_own(seeded: Session) -> None:
    made = pipelines.add_pipeline(seeded, "deal", "Export")
    assert (made.key, made.default) == ("export", False)
    assert [stage.key for stage in made.stages] == keys(seeded)
    stage_changes.rename_stage(seeded, "deal", "export", "new", "Asked")
    assert general(seeded).stages[0].label != "Asked"
    for bad, told in (("", "required"), ("EXPORT", "already"), ("x" * 256, "255")):
        with pytest.raises(Refused, match=told):
            pipelines.add_pipeline(seeded, "deal", bad)
        with pytest.raises(Refused, match=told):
            pipelines.rename_pipeline(seeded, "deal", "general", bad)
    with pytest.raises(Refused, match="one pipeline"):
        pipelines.add_pipeline(seeded, "lead", "More")
    with pytest.raises(Refused, match="no stages"):
        pipelines.add_pipeline(seeded, "company", "More")


def test_order_and_default(seeded: Session) -> None:
    for name in ("One", "Two"):
        pipelines.add_pipeline(seeded, "deal", name)

    def order() -> list[str]:
        return [one.key for one in seeded.workspace.pipelines("deal")]

    pipelines.move_pipeline(seeded, "deal", "two", -1)
    assert order() == ["general", "two", "one"]
    with pytest.raises(Refused, match="comes first"):
        pipelines.move_pipeline(seeded, "deal", "two", -1)
    pipelines.set_default(seeded, "deal", "one")
    assert order() == ["one", "general", "two"]
    assert items.add(seeded, "deal", {"title": "New"}).get("pipeline") == "one"
    with pytest.raises(Refused, match="default pipeline"):
        pipelines.delete_pipeline(seeded, "deal", "one", "two")
    undo(seeded)
    undo(seeded)
    assert order() == ["general", "two", "one"]
    assert [one.key for one in seeded.workspace.pipelines("deal") if one.default] == ["general"]


def test_all_items_move_by_a_mapping_and_what_cannot_stays(seeded: Session) -> None:
    pipelines.add_pipeline(seeded, "deal", "Export")
    stages.move(seeded, D2, "preparation")
    with seeded.change("require") as change:
        change.put("field", {"type": "deal", "key": "amount", "required_at": {"export": ["new"]}})
    outcome = pipelines.move_items(seeded, "deal", "general", "export", {"preparation": "executing"})
    assert (outcome.moved, outcome.stayed) == (2, 1)
    assert [one.ref for one in outcome.first] == [D3]
    assert [place(seeded, ref) for ref in (D1, D2, D3)] == [
        ("export", "new"), ("export", "executing"), ("general", "new")
    ]  # fmt: skip
    undo(seeded)
    assert {place(seeded, ref)[0] for ref in (D1, D2, D3)} == {"general"}
    with pytest.raises(Refused, match="same"):
        pipelines.move_items(seeded, "deal", "general", "general")
    with pytest.raises(NotFound):
        pipelines.move_items(seeded, "deal", "general", "export", {"new": "nothing"})


def test_a_pipeline_that_is_gone_keeps_its_name_in_timelines(seeded: Session) -> None:
    pipelines.add_pipeline(seeded, "deal", "Export")
    with pytest.raises(Refused, match="only pipeline"):
        pipelines.delete_pipeline(seeded, "lead", seeded.workspace.pipelines("lead")[0].key)
    stages.move(seeded, D1, "preparation", "export")
    with pytest.raises(Refused, match="Export has 1 item"):
        pipelines.delete_pipeline(seeded, "deal", "export")
    pipelines.delete_pipeline(seeded, "deal", "export", "general")
    assert [one.key for one in seeded.workspace.pipelines("deal")] == ["general"]
    assert place(seeded, D1) == ("general", "preparation")
    assert timeline.view(seeded, D1).entries[0].title.startswith("Export: ")
    assert pipelines.add_pipeline(seeded, "deal", "Export").key == "export_2"
    undo(seeded)
    undo(seeded)
    assert place(seeded, D1) == ("export", "preparation")
