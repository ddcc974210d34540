"""Stages, pipelines, dictionaries and numbers shaped on screen; what a stage asks is asked wherever items come to it."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tests.hostile import HOSTILE_FEW
from tests.screens.opening import BOTH, D1, D2, D3, assert_shows_only_text, board, card, choose
from tests.smart import delivery
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.settings.pipelines import Pipelines
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.screens.settings.stages import Stages
from tuicrm.services.definitions import dictionaries, item_types, numbering, pipelines, stage_changes
from tuicrm.services.history.undo import undo
from tuicrm.services.items import item_moves, items, stages
from tuicrm.services.kernel import repeats
from tuicrm.services.kernel.session import Session


def keys(session: Session, pipeline: str = "general") -> list[str]:
    return [stage.key for stage in stage_changes.living(session, "deal", pipeline).stages]


async def open_setting(crm: Crm, key: str) -> None:
    screen = crm.screen
    assert isinstance(screen, SettingsScreen)
    for _n in range(len(screen.actions.lines)):
        if screen.actions.here is not None and screen.actions.here.key == key:
            break
        await crm.press_action("move.down")
    assert screen.actions.here is not None
    assert screen.actions.here.key == key
    await crm.press_action("open")


# -- stages ------------------------------------------------------------------------------------------------------------
@BOTH
async def test_a_stage_is_added_where_the_cursor_is_and_the_board_shows_it(
    seeded: Session, size: tuple[int, int]
) -> None:
    async with board(seeded, size) as (crm, screen):
        await crm.press_action("move.right", "board.stages")
        assert "Stages of General" in crm.screen_text()
        assert isinstance(crm.arranged, Stages)
        assert crm.arranged.current == "preparation"
        await crm.press_action("stages.new")
        await crm.type("Trial")
        await crm.press_action("form.save")
        assert keys(seeded)[:3] == ["new", "preparation", "trial"]
        assert isinstance(crm.arranged, Stages)
        assert crm.arranged.current == "trial"
        await crm.press_action("stages.rename")
        await crm.press("ctrl+u")
        await crm.type("Test run")
        await crm.press_action("form.next")
        await crm.press_action("stages.colour")
        await choose(crm, "pink")
        await crm.press_action("customise.up")
        assert keys(seeded)[:3] == ["new", "trial", "preparation"]
        trial = stage_changes.living(seeded, "deal", "general").stages[1]
        assert (trial.label, trial.colour) == ("Test run", "#F173AC")
        assert "pink" in crm.screen_text()
        await crm.press_action("customise.up")
        assert "first stage cannot be deleted" in crm.said()
        await crm.press_action("arrange.finish")
        assert crm.dialog is None
        assert "Test run" in " ".join(column.label for column in screen.board.columns)


async def test_all_of_a_stage_is_changed_in_one_form_and_one_undo(seeded: Session) -> None:
    async with board(seeded, SMALL) as (crm, _screen):
        await crm.press_action("board.stages", "move.down", "stages.change")
        await crm.press("ctrl+u")
        await crm.type("Papers")
        await crm.press_action("form.on" if crm.screen.dispatcher.scope == "form text" else "form.next", "form.next")
        await crm.press("ctrl+u")
        await crm.type("500")
        await crm.press_action("form.save")
        assert "from 0 to 100" in crm.screen_text()
        await crm.press("ctrl+u")
        await crm.type("55")
        await crm.press_action("form.next", "form.choose")
        await crm.type("Comm")
        await crm.press_action("list.mark", "list.choose")
        await crm.press_action("form.save")
        found = stage_changes.living(seeded, "deal", "general").stages[1]
        assert (found.label, found.probability, found.asks) == ("Papers", 55, ["comment"])
        assert "asks for Comment" in crm.screen_text()
        await crm.press_action("undo")
        assert stage_changes.living(seeded, "deal", "general").stages[1].label != "Papers"


@BOTH
async def test_a_stage_with_items_asks_where_they_go(seeded: Session, size: tuple[int, int]) -> None:
    stages.move_many(seeded, [D1, D2], "preparation")
    async with board(seeded, size) as (crm, screen):
        await crm.press_action("move.right", "board.stages", "stages.delete")
        assert "Where do its 2 items go?" in crm.screen_text()
        await crm.press_action("cancel")
        assert "preparation" in keys(seeded)
        await crm.press_action("stages.delete")
        await choose(crm, "In progress")
        assert "preparation" not in keys(seeded)
        assert screen.board.ids["executing"]
        await crm.press_action("undo")
        assert item_moves.held(seeded, "deal", "general", "preparation") == 2


async def test_what_cannot_move_is_told_and_nothing_is_done(seeded: Session) -> None:
    with seeded.change("require") as change:
        change.put("field", {"type": "deal", "key": "amount", "required_at": {"general": ["executing"]}})
    stages.move_many(seeded, [D1, D3], "preparation")
    async with board(seeded, SMALL) as (crm, _screen):
        await crm.press_action("move.right", "board.stages", "stages.delete")
        await choose(crm, "In progress")
        assert "D-3 Annual support: requires Amount" in crm.screen_text()
        await crm.press_action("close")
        assert "preparation" in keys(seeded)


async def test_who_may_not_sees_them_and_is_told_why(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    seq = luca.store.seq()
    async with board(luca, SMALL) as (crm, _screen):
        await crm.press_action("board.stages")
        for action in ("stages.new", "stages.change", "stages.colour", "stages.delete", "customise.down"):
            await crm.press_action("move.down", action)
            assert "may change settings" in crm.said(), action
            assert isinstance(crm.arranged, Stages)
    assert luca.store.seq() == seq


async def test_an_open_board_of_another_follows_and_its_cursor_stays(seeded: Session, open_as: OpenAs) -> None:
    stages.move(seeded, D2, "executing")
    async with board(open_as("luca"), SMALL) as (crm, screen):
        screen.view.go_to(2)
        await crm.settle()
        stage_changes.add_stage(seeded, "deal", "general", "Trial", after="new")
        pipelines.delete_stage(seeded, "deal", "general", "preparation")
        screen.session.store.refresh()
        screen.catch_up()
        await crm.settle()
        assert screen.view.current == 2
        assert [column.key for column in screen.board.columns][:2] == ["new", "trial"]


@pytest.mark.parametrize("name", HOSTILE_FEW)
async def test_hostile_names_are_only_text(seeded: Session, name: str) -> None:
    async with board(seeded, SMALL) as (crm, screen):
        await crm.press_action("board.stages", "stages.new")
        await crm.paste(name)
        await crm.press_action("form.save")
        await assert_shows_only_text(crm, screen)


# -- pipelines ---------------------------------------------------------------------------------------------------------
@BOTH
async def test_pipelines_are_made_and_their_items_move_by_a_mapping(seeded: Session, size: tuple[int, int]) -> None:
    stages.move(seeded, D2, "executing")
    async with running(seeded, SettingsScreen, size) as crm:
        await open_setting(crm, "deal pipelines")
        assert isinstance(crm.arranged, Pipelines)
        await crm.press_action("pipelines.new")
        await crm.type("Export")
        await crm.press_action("form.next")
        assert crm.arranged.current == "export"
        await crm.press_action("pipelines.stages", "move.down", "stages.rename")
        await crm.press("ctrl+u")
        await crm.type("Papers")
        await crm.press_action("form.next", "arrange.finish", "move.first", "pipelines.move")
        await choose(crm, "Export")
        assert "which stage becomes which" in crm.screen_text()
        assert "New (2)" in crm.screen_text()
        await crm.press_action("form.choose")
        await choose(crm, "Papers")
        await crm.press_action("form.save")
        held = item_moves.held_by_stage(seeded, "deal", "export")
        assert held == {"preparation": 2, "executing": 1}
        await crm.press_action("pipelines.delete")
        assert "default pipeline" in crm.said()
        await crm.press_action("move.down", "pipelines.default", "move.down", "pipelines.delete")
        assert [one.key for one in seeded.workspace.pipelines("deal")] == ["export"]


async def test_a_type_with_one_pipeline_opens_its_stages(seeded: Session) -> None:
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "lead pipelines")
        assert isinstance(crm.arranged, Stages)
        await crm.press_action("stages.pipelines")
        assert "have one pipeline" in crm.said()


# -- dictionaries, numbers ---------------------------------------------------------------------------------------------
async def test_dictionaries_and_their_entries(seeded: Session) -> None:
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "dictionaries")
        assert "Deals: Source" in crm.screen_text()
        await crm.press_action("dictionaries.delete")
        assert "built in" in crm.said()
        await crm.press_action("dictionaries.new")
        await crm.type("Colours")
        await crm.press_action("form.next", "dictionaries.open")
        for name in ("Red", "Blue"):
            await crm.press_action("options.new")
            await crm.type(name)
            await crm.press_action("form.next")
        await crm.press_action("customise.up", "options.rename")
        await crm.press("ctrl+u")
        await crm.type("Navy")
        await crm.press_action("form.next", "options.default")
        assert "no default" in crm.said()
        found = seeded.workspace.dictionaries["colours"]
        assert [(entry.key, entry.label) for entry in found.entries] == [("blue", "Navy"), ("red", "Red")]
        await crm.press_action("options.delete", "arrange.finish", "dictionaries.delete")
        assert "colours" not in seeded.workspace.dictionaries


@BOTH
async def test_repeats_are_switched_off_and_clients_left_out(seeded: Session, size: tuple[int, int]) -> None:
    async with running(seeded, SettingsScreen, size) as crm:
        await open_setting(crm, "repeats")
        assert "matched by client, phone or e-mail" in crm.screen_text()
        await crm.press_action("form.choose")
        await choose(crm, "no")
        await crm.press_action("form.next", "form.choose")
        await crm.type("Rossi")
        await crm.press_action("list.mark", "list.choose", "form.save")
        assert "not marked · 1 client left out" in crm.screen_text()
        kept = repeats.rules(seeded.workspace)
        assert (kept.on, len(kept.excluded)) == (False, 1)
        await crm.press_action("undo")
        assert repeats.rules(seeded.workspace) == repeats.Rules()
        assert "not marked" not in crm.screen_text()


async def test_numbers_are_set_with_the_next_one_shown(seeded: Session) -> None:
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "quote numbering")
        await crm.press("ctrl+u")
        await crm.type("Q-{NUM")
        await crm.press_action("form.save")
        assert crm.dialog is not None
        await crm.type("BER:3}")
        await crm.press_action("form.next", "form.choose")
        await choose(crm, "never")
        await crm.press_action("form.save")
        assert crm.dialog is None, crm.screen_text()
        assert numbering.numbering(seeded, "quote").next_text == "Q-001"
        assert "Q-{NUMBER:3}, next Q-001" in crm.screen_text()


# -- what is asked -----------------------------------------------------------------------------------------------------
@pytest.fixture
def asking(seeded: Session) -> Session:
    stage_changes.change_stage(seeded, "deal", "general", "preparation", asks=["comment"])
    return seeded


@pytest.mark.parametrize("answer", ["", "Too dear"])
async def test_a_stage_asks_on_the_card_and_may_be_left_empty(asking: Session, answer: str) -> None:
    async with card(asking, D1) as (crm, _screen):
        await crm.press_action("stage.next")
        assert "Document preparation asks for" in crm.screen_text()
        await crm.type(answer)
        await crm.press_action("form.save")
    item = asking.get(D1)
    assert (item.get("stage"), item.get("comment")) == ("preparation", answer or None)


async def test_left_it_stays_where_it_was(asking: Session) -> None:
    async with board(asking, SMALL) as (crm, _screen):
        await crm.press_action("stage.next", "cancel")
        assert "Nothing was changed" in crm.said()
    assert item_moves.held(asking, "deal", "general", "preparation") == 0


async def test_of_several_it_is_asked_once(asking: Session) -> None:
    async with board(asking, SMALL) as (crm, _screen):
        await crm.press_action("mark_all", "stage.next")
        await crm.type("Told")
        await crm.press_action("form.save")
        assert crm.dialog is None
    assert [asking.get(ref).get("comment") for ref in (D1, D2, D3)] == ["Told"] * 3
    assert item_moves.held(asking, "deal", "general", "preparation") == 3


async def test_a_change_of_all_marked_asks_too(asking: Session) -> None:
    stages.move(asking, D2, "preparation", bring={"comment": "As it was"})
    async with board(asking, SMALL) as (crm, _screen):
        await crm.press_action("mark_all", "edit_many")
        await crm.type("Stage")
        await crm.press_action("list.mark", "list.choose", "form.choose")
        await choose(crm, "Document preparation")
        await crm.press_action("form.save")
        assert "Document preparation asks for" in crm.screen_text()
        await crm.type("Told")
        await crm.press_action("form.save", "preview.do")
        assert "2 changed" in crm.said()
    items_now = [asking.get(ref) for ref in (D1, D2, D3)]
    assert [one.get("comment") for one in items_now] == ["Told", "As it was", "Told"]
    assert {one.get("stage") for one in items_now} == {"preparation"}


async def test_a_change_of_all_marked_is_left_where_the_question_is(asking: Session) -> None:
    seq = asking.store.seq()
    async with board(asking, SMALL) as (crm, _screen):
        await crm.press_action("mark_all", "edit_many")
        await crm.type("Stage")
        await crm.press_action("list.mark", "list.choose", "form.choose")
        await choose(crm, "Document preparation")
        await crm.press_action("form.save", "cancel")
        assert "Nothing was changed" in crm.said()
    assert asking.store.seq() == seq


async def test_triage_asks_too(asking: Session) -> None:
    stage_changes.change_stage(asking, "deal", "general", "lost", asks=["comment"])
    async with board(asking, SMALL) as (crm, _screen):
        await crm.press_action("triage.start", "triage.lost")
        await choose(crm, "Deal lost")
        assert "Deal lost asks for" in crm.screen_text()
        await crm.type("Too dear")
        await crm.press_action("form.save")
    assert {one.get("comment") for one in asking.find("deal").items if one.get("stage") == "lost"} == {"Too dear"}


async def test_an_item_made_there_is_asked_too(asking: Session) -> None:
    async with board(asking, SMALL) as (crm, _screen):
        await crm.press_action("move.right", "new")
        await crm.type("Quick one")
        assert "Comment" in crm.screen_text()
        await crm.press_action("form.save")
        assert crm.dialog is None
    assert item_moves.held(asking, "deal", "general", "preparation") == 1


# -- in concert --------------------------------------------------------------------------------------------------------
async def followed(crm: Crm) -> str:
    """What is seen once the screen has caught up with what others did."""
    screen = crm.screen
    assert isinstance(screen, CrmScreen)
    screen.session.store.refresh()
    screen.catch_up()
    await crm.settle()
    return crm.screen_text()


async def test_the_stages_of_a_board_follow_what_another_makes_of_them(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with board(seeded, SMALL) as (crm, _screen):
        await crm.press_action("board.stages", "move.down", "move.down")
        assert isinstance(crm.arranged, Stages)
        assert crm.arranged.current == "prepayment"
        stage_changes.add_stage(other, "deal", "general", "Trial", after="new")
        stage_changes.rename_stage(other, "deal", "general", "preparation", "Papers")
        shown = await followed(crm)
        assert "Trial" in shown
        assert "Papers" in shown
        assert crm.arranged.current == "prepayment"
        pipelines.delete_stage(other, "deal", "general", "prepayment")
        await followed(crm)
        assert crm.arranged.current != "prepayment"


async def test_the_settings_lists_follow_what_another_makes_of_them(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with running(seeded, SettingsScreen, LARGE) as crm:
        await open_setting(crm, "deal pipelines")
        pipelines.add_pipeline(other, "deal", "Trial run")
        assert "Trial run" in await followed(crm)
        await crm.press_action("move.down", "pipelines.stages")
        assert isinstance(crm.arranged, Stages)
        pipelines.delete_pipeline(other, "deal", "trial_run")
        assert "This pipeline was deleted by someone" in await followed(crm)
        for action in ("stages.new", "stages.rename", "customise.down"):
            await crm.press_action(action)
            assert "This pipeline was deleted by someone" in crm.said(), action
        await crm.press_action("arrange.finish")
        assert isinstance(crm.arranged, Pipelines)
        assert "Trial run" not in crm.screen_text()
        await crm.press_action("arrange.finish", "move.first")
        await open_setting(crm, "dictionaries")
        made = dictionaries.add_dictionary(other, "Floors", ["Ground"])
        assert "Floors" in await followed(crm)
        await crm.press_action("move.last", "dictionaries.open")
        dictionaries.add_entry(other, made.key, "First floor")
        assert "First floor" in await followed(crm)
        dictionaries.delete_dictionary(other, made.key)
        assert "This dictionary was deleted by someone" in await followed(crm)
        await crm.press_action("options.new")
        assert "This dictionary was deleted by someone" in crm.said()


async def test_a_type_that_another_removes_leaves_no_setting_behind(seeded: Session, open_as: OpenAs) -> None:
    delivery(seeded)
    other = open_as("anna")
    for key, action in (("pipelines", "pipelines.new"), ("card general", "views.new")):
        async with running(seeded, SettingsScreen, SMALL) as crm:
            await open_setting(crm, f"delivery {key}")
            item_types.remove(other, "delivery")
            assert "This item type was removed by someone" in await followed(crm)
            await crm.press_action(action)
            assert "This item type was removed by someone" in crm.said()
            await crm.press_action("arrange.finish")
            assert "Deliveries" not in crm.screen_text()
        undo(other)
        seeded.store.refresh()


async def test_the_types_follow_what_another_makes_of_them(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await crm.press("home", "enter")
        assert "Nothing here yet" in crm.screen_text()
        delivery(other)
        assert "DEL- · 0 items" in await followed(crm)
        items.add(other, "delivery", {"title": "Boxes"})
        assert "DEL- · 1 item" in await followed(crm)
