"""What a person may not do is said before anything is asked for, and the footer shows it faint."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, running
from tests.screens.opening import BOTH, D1, D2, board, card
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.items import activities, timeline
from tuicrm.services.kernel.session import Session


@BOTH
async def test_on_a_card_that_is_anothers(seeded: Session, open_as: OpenAs, size: tuple[int, int]) -> None:
    timeline.comment(seeded, D1, "by Anna")
    activities.add(seeded, D1, "Call them", "2026-11-25T09:30:00Z")
    luca = open_as("luca")
    seq = luca.store.seq()
    async with card(luca, D1, size) as (crm, screen):
        for action in ("stage.next", "stage.move", "activity.new", "field.edit"):
            await crm.press_action(action)
            assert "You may not change this" in crm.said(), action
            assert crm.dialog is None, action
        await crm.press_action("delete")
        assert crm.said() == "You may not delete this deal."
        await crm.press_action("card.other_pane")
        for entry in screen.timeline.view.entries:
            screen.timeline.move_to(screen.timeline.view.entries.index(entry))
            await crm.settle()
            for action in ("timeline.edit", "timeline.delete", "timeline.pin", "timeline.note", "timeline.done"):
                await crm.press_action(action)
                assert crm.said(), (entry.kind, action)
                assert not crm.screen.query("Editor"), (entry.kind, action)
                assert crm.dialog is None
    assert luca.store.seq() == seq


async def test_ones_own_comment_on_it_can_be_changed(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    timeline.comment(luca, D1, "by Luca")
    async with card(luca, D1, LARGE) as (crm, screen):
        await crm.press_action("card.other_pane", "timeline.edit")
        await crm.type("!")
        await crm.press_action("text.save")
        assert screen.timeline.view.entries[0].text == "by Luca!"
        await crm.press_action("timeline.delete")
        assert crm.said() == "Deleted: by Luca!"


@BOTH
async def test_on_a_board_and_of_several_those_that_may_be_moved_are(
    seeded: Session, open_as: OpenAs, size: tuple[int, int]
) -> None:
    luca = open_as("luca")
    async with board(luca, size) as (crm, screen):
        screen.reload(follow=D1.id)
        for action in ("stage.next", "stage.move", "activity.new", "delete"):
            await crm.press_action(action)
            assert "You may not" in crm.said(), action
            assert crm.dialog is None, action
        await crm.press_action("mark_all", "stage.next")
        assert luca.get(D2).get("stage") == "preparation"
        assert luca.get(D1).get("stage") == "new"


@pytest.mark.parametrize("where", ["board", "list"])
async def test_who_may_not_add_is_told_before_a_form_is_filled_in(seeded: Session, open_as: OpenAs, where: str) -> None:
    role = next(record for record in seeded.workspace.records["role"].values() if not record.doc.get("admin"))
    with seeded.change("rules") as change:
        rules = {place: {**rule, "add": "none"} for place, rule in role.doc["rules"].items()}
        change.put("role", {**role.doc, "rules": rules}, role.id)
    luca = open_as("luca")
    if where == "board":
        async with board(luca) as (crm, _screen):
            await crm.press_action("new")
            assert crm.said() == "You may not add deals."
            assert crm.dialog is None
    else:
        async with running(luca, lambda s, surface: ListScreen(s, surface, "contact")) as crm:
            await crm.press_action("new")
            assert crm.said() == "You may not add contacts."
            assert crm.dialog is None
