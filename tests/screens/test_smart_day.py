"""The whole day of an item type of one's own on screen: made, given a field and a layout, filled, moved, filtered, exported."""

from __future__ import annotations

import json
from pathlib import Path

from tests.driver import Crm, running
from tests.screens.opening import BOTH, go_to
from tests.screens.test_shaping import open_setting
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.layouts import where
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.screens.settings.fields import FieldsScreen
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.definitions import item_types
from tuicrm.services.definitions.item_type_checks import switches
from tuicrm.services.definitions.item_types import TypeChanges
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts

JOB1, JOB2 = Ref("job", 1), Ref("job", 2)


async def choose(crm: Crm, *typed: str) -> None:
    """Pick these from the list that is asked, marking each where there are several."""
    for each in typed[:-1]:
        await crm.press("ctrl+u")
        await crm.type(each)
        await crm.press_action("list.mark")
    await crm.press("ctrl+u")
    await crm.type(typed[-1])
    if len(typed) > 1:
        await crm.press_action("list.mark")
    await crm.press_action("list.choose")


async def make_type(crm: Crm) -> None:
    """Jobs, with all there is; they belong to deals, and visits to them."""
    await open_setting(crm, "types")
    await crm.press_action("types.new")
    for answer in ("Job", "Jobs to do", "JB"):
        await crm.type(answer)
        await crm.press_action("form.next")
    await crm.press_action("form.choose")
    await crm.paste("★")
    await crm.press_action("list.choose", "form.next", "form.choose")
    await choose(crm, "Several pipelines", "Amount", "Start and finish", "Source", "Documents")
    await crm.press_action("form.next", "form.choose")
    await crm.type("deals")
    await crm.press_action("list.mark", "list.choose")
    await crm.press_action("form.next", "form.next", "form.choose")
    await crm.type("visits")
    await crm.press_action("list.mark", "list.choose")
    await crm.press_action("form.save")
    assert crm.said() == "New item type: Jobs to do", crm.screen_text()
    await crm.press_action("arrange.finish")


async def add_field(crm: Crm) -> None:
    await open_setting(crm, "job fields")
    assert isinstance(crm.screen, FieldsScreen)
    await crm.press_action("field.new")
    await choose(crm, "whole number")
    await crm.type("Floor")
    await crm.press_action("form.save")
    assert "Floor" in crm.screen_text()
    await crm.press_action("back")


async def add_pipeline(crm: Crm) -> None:
    await open_setting(crm, "job pipelines")
    await crm.press_action("pipelines.new")
    await crm.type("Fast lane")
    await crm.press_action("form.save", "pipelines.stages", "stages.new")
    await crm.type("Checking")
    await crm.press_action("form.save", "arrange.finish", "arrange.finish")


async def go(crm: Crm, label: str) -> None:
    """To a place, by the menu's letter."""
    entry = next(entry for entry in crm.screen.everywhere.places() if entry.label == label)  # type: ignore[attr-defined]
    await crm.press_action("goto")
    await crm.press(entry.key)


@BOTH
async def test_from_the_settings_to_the_file(seeded: Session, tmp_path: Path, size: tuple[int, int]) -> None:
    item_types.add(seeded, TypeChanges("Visit", "Visits", parents=()))
    async with running(seeded, SettingsScreen, size) as crm:
        await make_type(crm)
        record = seeded.workspace.smart_type("job")
        assert record is not None
        assert (record.prefix, record.symbol) == ("JB", "★")
        assert set(record.has) == {one.key for one in switches(seeded)} - {"own_company"}
        assert ([one.type for one in record.parents], [one.type for one in record.children]) == (["deal"], ["visit"])
        await add_field(crm)
        await add_pipeline(crm)
        assert "2 pipelines" in crm.screen_text()

        await go(crm, "Jobs to do")
        board = crm.screen
        assert isinstance(board, BoardScreen)
        await crm.press_action("new")
        await crm.type("Paint the hall")
        await crm.press_action("form.next", "form.choose")
        await choose(crm, "Rossi")
        await crm.press_action("form.save")
        assert "Contacts of Rossi Srl" in crm.screen_text()
        await crm.press_action("list.choose")
        job = seeded.get(JOB1)
        assert (job.get("company"), job.get("contacts")) == ("company:1", ["contact:1"])
        assert (job.get("pipeline"), job.get("stage")) == ("general", "new")
        assert "Paint the hall" in crm.screen_text()
        await crm.press_action("stage.next")
        assert seeded.get(JOB1).get("stage") == "preparation"
        await crm.press_action("undo")
        assert seeded.get(JOB1).get("stage") == "new"
        await crm.press_action("stage.move")
        await choose(crm, "checking")
        assert (seeded.get(JOB1).get("pipeline"), seeded.get(JOB1).get("stage")) == ("fast_lane", "checking")
        await crm.press_action("undo")

        await crm.press_action("open")
        card = crm.screen
        assert isinstance(card, CardScreen)
        await crm.press_action("card.customise")
        await go_to(crm, "close_date")
        await crm.press_action("customise.fields")
        await choose(crm, "Floor")
        place = LayoutPlace("job", "general")
        assert where(layouts.current(seeded, place), "floor") is not None
        await crm.press_action("back")
        assert not card.shaping.on
        await crm.press_action("card.show_empty")
        await go_to(crm, "floor")
        await crm.press_action("field.edit")
        await crm.type("3")
        await crm.press_action("editor.save")
        assert seeded.get(JOB1).get("floor") == 3
        for tab in ("products", "visit", "relations", "history", "general"):
            await card.tabs.go_to(tab)
            await crm.settle()
            assert card.tabs.tab == tab
        await crm.press_action("back")

        assert isinstance(crm.screen, BoardScreen)
        await crm.press_action("new")
        await crm.type("Mend the roof")
        await crm.press_action("form.save")
        await crm.press_action("filter")
        await crm.type("floor = 3 and company ~ rossi")
        await crm.press_action("filter.apply")
        assert [item_id for column in board.board.ids.values() for item_id in column] == [1]
        await crm.press_action("back")
        await crm.press_action("view")
        await crm.press("l")
        assert isinstance(crm.screen, ListScreen)
        assert "Mend the roof" in crm.screen_text()
        path = tmp_path / "jobs.json"
        await crm.press_action("list.export")
        await crm.press("ctrl+u")
        await crm.type(str(path))
        await crm.press_action("form.next", "form.choose")
        await choose(crm, "JSON")
        await crm.press_action("form.save")
        assert "2 items written" in crm.said()
        told = json.loads(path.read_text(encoding="utf-8"))["items"]
        assert {item["fields"]["title"] for item in told} == {"Paint the hall", "Mend the roof"}
        assert {item["ref"] for item in told} == {"JB-1", "JB-2"}
