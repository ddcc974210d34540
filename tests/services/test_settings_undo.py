"""Whatever is shaped in the settings is one change: undo brings back what was, redo what was made of it, and another session's board
follows each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field
from tests.smart import delivery
from tuicrm.domain.config_records import CONFIG_TABLES
from tuicrm.domain.items import Ref
from tuicrm.errors import Conflict
from tuicrm.services.boards import board
from tuicrm.services.definitions import (
    dictionaries,
    field_options,
    item_types,
    numbering,
    pipelines,
    repeat_rules,
    stage_changes,
)
from tuicrm.services.definitions.item_types import TypeChanges
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items, stages
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find

DEAL = ("deal", "general")

STEPS: dict[str, Callable[[Session], object]] = {
    "add a stage": lambda s: stage_changes.add_stage(s, *DEAL, "Trial", after="new"),
    "rename a stage": lambda s: stage_changes.rename_stage(s, *DEAL, "new", "Fresh"),
    "recolour a stage": lambda s: stage_changes.change_stage(s, *DEAL, "new", colour="#123456"),
    "weigh a stage": lambda s: stage_changes.change_stage(s, *DEAL, "new", probability=3),
    "ask in a stage": lambda s: stage_changes.change_stage(s, *DEAL, "lost", asks=["comment"]),
    "move a stage": lambda s: stage_changes.move_stage(s, *DEAL, "executing", 1),
    "delete an empty stage": lambda s: pipelines.delete_stage(s, *DEAL, "executing"),
    "delete a stage with items": lambda s: pipelines.delete_stage(s, *DEAL, "preparation", "executing"),
    "add a pipeline": lambda s: pipelines.add_pipeline(s, "deal", "Third"),
    "rename a pipeline": lambda s: pipelines.rename_pipeline(s, "deal", "general", "Usual"),
    "move a pipeline": lambda s: pipelines.move_pipeline(s, "deal", "second", 1),
    "another default": lambda s: pipelines.set_default(s, "deal", "second"),
    "delete an empty pipeline": lambda s: pipelines.delete_pipeline(s, "deal", "empty"),
    "delete a pipeline with items": lambda s: pipelines.delete_pipeline(s, "deal", "second", "general"),
    "move all its items": lambda s: pipelines.move_items(s, "deal", "general", "second"),
    "add a dictionary": lambda s: dictionaries.add_dictionary(s, "Colours", ["Red"]),
    "rename a dictionary": lambda s: dictionaries.rename_dictionary(s, "floors", "Storeys"),
    "delete a dictionary": lambda s: dictionaries.delete_dictionary(s, "floors"),
    "add an entry": lambda s: dictionaries.add_entry(s, "floors", "Attic"),
    "rename an entry": lambda s: dictionaries.rename_entry(s, "floors", "ground", "Street"),
    "move an entry": lambda s: dictionaries.move_entry(s, "floors", "ground", 1),
    "retire an entry": lambda s: dictionaries.retire_entry(s, "floors", "ground"),
    "delete an entry": lambda s: dictionaries.delete_entry(s, "floors", "ground"),
    "add a type": lambda s: item_types.add(s, TypeChanges("Visit")),
    "rename a type": lambda s: item_types.change(s, "delivery", TypeChanges("Trip", "Trips")),
    "switch stages off": lambda s: item_types.change(s, "delivery", TypeChanges(has=["client"])),
    "switch stages on": lambda s: item_types.change(s, "note", TypeChanges(has=["stages"])),
    "another parent": lambda s: item_types.change(s, "delivery", TypeChanges(parents=[])),
    "order the types": lambda s: item_types.move(s, "delivery", 1),
    "remove a type": lambda s: item_types.remove(s, "spare"),
    "number otherwise": lambda s: numbering.change_numbering(s, "quote", {"pattern": "Q-{NUMBER}", "reset": "never"}),
    "leave clients out": lambda s: repeat_rules.change(s, on=False, leave_out=[Ref("company", 1)]),
}


@pytest.fixture
def shaped(seeded: Session) -> Session:
    """Items in two stages and two pipelines, a dictionary of one's own, types with items and without."""
    stages.move(seeded, Ref("deal", 1), "preparation")
    for name in ("Second", "Empty"):
        pipelines.add_pipeline(seeded, "deal", name)
    stages.move(seeded, Ref("deal", 3), "new", "second")
    dictionaries.add_dictionary(seeded, "Floors", ["Ground", "First"])
    delivery(seeded)
    items.add(seeded, "delivery", {"title": "Boxes", "parent_deal": "deal:1"})
    item_types.add(seeded, TypeChanges("Note", has=()))
    items.add(seeded, "note", {"title": "Written"})
    item_types.add(seeded, TypeChanges("Spare"))
    return seeded


def everything(session: Session) -> dict[tuple[str, int], Any]:
    """All definitions and items, but for when they were changed last."""
    tables = [*CONFIG_TABLES, *session.workspace.types, "delivery", "note"]
    found = (record for table in tables for record in session.store.find(Find(table)).records)
    return {
        (record.table, record.id): {key: value for key, value in record.doc.items() if not key.startswith("updated")}
        for record in found
    }


def columns(shown: board.Board) -> list[tuple[str, str, list[int]]]:
    return [(column.key, column.label, list(shown.ids.get(column.key, []))) for column in shown.columns]


@pytest.mark.parametrize("name", STEPS)
def test_each_step_is_one_change_that_is_undone_and_done_again(shaped: Session, open_as: OpenAs, name: str) -> None:
    other = open_as("anna")
    before, seq = everything(shaped), shaped.store.seq()
    STEPS[name](shaped)
    after = everything(shaped)
    assert after != before
    assert len(list(shaped.store.past.log(since=seq))) == 1
    undo(shaped)
    assert everything(shaped) == before
    redo(shaped)
    assert everything(shaped) == after
    other.store.refresh()
    for type_key in ("deal", "delivery"):
        for pipeline in shaped.workspace.pipelines(type_key):
            shown, mine = (board.Board(one, type_key, pipeline.key) for one in (other, shaped))
            assert columns(shown) == columns(mine)
            assert "Stage no longer exists" not in [label for _key, label, _ids in columns(shown)]


@pytest.mark.parametrize("many", [False, True])
def test_an_option_that_is_in_use_by_now_is_not_undone(seeded: Session, open_as: OpenAs, many: bool) -> None:
    field = add_field(seeded, "deal", "Floor", "list", options=["Ground"], many=many).key
    field_options.add_option(seeded, "deal", field, "Attic")
    luca = open_as("luca")
    items.edit(luca, Ref("deal", 2), {field: ["attic"] if many else "attic"})
    with pytest.raises(Conflict, match="Attic is in use by now"):
        undo(seeded)
    items.edit(luca, Ref("deal", 2), {field: None})
    undo(seeded)
    assert [option.key for option in seeded.workspace.fields("deal")[field].options] == ["ground"]


def test_an_entry_that_is_in_use_by_now_is_not_undone(seeded: Session, open_as: OpenAs) -> None:
    dictionaries.add_entry(seeded, "source", "Pigeon")
    items.edit(open_as("luca"), Ref("deal", 2), {"source": "pigeon"})
    with pytest.raises(Conflict, match="Pigeon is in use by now"):
        undo(seeded)


def test_an_open_board_follows_each_step_and_its_undo(shaped: Session, open_as: OpenAs) -> None:
    shown = board.Board(open_as("anna"), "deal", "general")
    for name, step in STEPS.items():
        for work in (step, undo):
            work(shaped)
            shown.session.store.refresh()
            shown.load()
            assert columns(shown) == columns(board.Board(shaped, "deal", "general")), name
