"""What screens with columns of cards have in common: places, others at work, any size, no more read than is seen."""

from __future__ import annotations

from functools import partial

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, running
from tests.hostile import assert_harmless
from tests.screens.opening import BOTH, D1, D3, board
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.items.dupes import DupesScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.items import items, stages
from tuicrm.services.kernel.session import Session


async def test_an_empty_board_says_what_to_do(workspace: Session) -> None:
    async with board(workspace) as (crm, _screen):
        assert "0 deals" in crm.screen_text()
        assert "n adds one" in crm.screen_text()
        assert "n " in crm.screen_lines()[-1]
        for action in ("open", "stage.next", "delete", "mark", "activity.new", "stage.move"):
            await crm.press_action(action)
            assert crm.said(), action
            assert isinstance(crm.screen, BoardScreen)


async def test_every_action_of_the_table_does_something_or_says_why_not(demo: Session) -> None:
    async with board(demo, SMALL, "wholesale") as (crm, _screen):
        assert crm.actions_without_method() == []


async def test_the_menu_of_places_begins_where_one_is(seeded: Session) -> None:
    async with board(seeded) as (crm, _screen):
        await crm.press_action("goto", "list.down", "list.choose")
        assert isinstance(crm.screen, ListScreen)
        assert crm.screen.type == "contact"
        await crm.press_action("goto", "list.up", "list.choose")
        assert isinstance(crm.screen, BoardScreen)
        await crm.press_action("goto", "list.choose")
        assert isinstance(crm.screen, BoardScreen)
        assert crm.screen.board.type == "deal"


async def test_duplicates_begin_with_the_type_one_looked_at(seeded: Session) -> None:
    for type_key, begins in (("lead", "lead"), ("deal", "company")):
        async with running(seeded, partial(BoardScreen, type_key=type_key)) as crm:
            await crm.press_action("goto")
            await crm.type("u")
            assert isinstance(crm.screen, DupesScreen)
            assert crm.screen.looking.type == begins


async def test_go_to_lists_and_back(seeded: Session) -> None:
    async with board(seeded) as (crm, _screen):
        await crm.press_action("goto")
        assert "Contacts" in crm.screen_text()
        await crm.press("c")
        assert isinstance(crm.screen, ListScreen)
        assert "Maria" in crm.screen_text()
        await crm.press_action("back")
        assert isinstance(crm.screen, BoardScreen)


async def test_commands_by_name(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        await crm.press_action("commands")
        await crm.type("next stage")
        await crm.press_action("list.choose")
        assert screen.view.column == 1


@BOTH
async def test_what_others_do_shows_without_a_key_and_without_a_jump(
    seeded: Session, open_as: OpenAs, size: tuple[int, int]
) -> None:
    other = open_as("anna")
    async with board(seeded, size) as (crm, screen):
        await crm.press_action("move.down")
        here = screen.view.current
        items.add(other, "deal", {"title": "Their new deal", "stage": "new"})
        stages.move(other, D3, "executing")
        seeded.store.refresh()
        await crm.settle()
        assert "Their new deal" in crm.screen_text()
        assert screen.board.place(D3.id) == (3, 0)
        assert screen.view.current == here
        items.delete(other, [Ref("deal", here or 0)])
        seeded.store.refresh()
        await crm.settle()
        assert screen.view.current != here
        await crm.press_action("open")
        assert isinstance(crm.screen, CardScreen)


async def test_who_may_only_look_is_told_so(seeded: Session, open_as: OpenAs) -> None:
    with seeded.change("roles") as change:
        change.put("role", {"key": "looker", "label": "Looker", "rules": {"*": {"read": "all"}}})
    from tuicrm.services.workspace.people import Details, add_person

    add_person(seeded, Details("Lo Oker", logins=["looker"], roles=["looker"]), key="looker")
    looker = open_as("looker")
    async with board(looker) as (crm, _screen):
        for action in ("stage.next", "delete"):
            await crm.press_action(action)
            assert "may not" in crm.said(), action
        assert seeded.get(D1).get("stage") == "new"


async def test_any_size_can_be_worked_in(demo: Session) -> None:
    async with board(demo, LARGE, "wholesale") as (crm, screen):
        await crm.press_action("move.right", "move.down")
        here = screen.view.current
        for size in ((20, 5), (10, 3), (40, 10), (300, 100), (80, 24)):
            await crm.pilot.resize_terminal(*size)
            await crm.settle()
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press_action("move.down", "move.up")
            assert screen.view.current == here


async def test_only_what_is_seen_is_read(seeded: Session) -> None:
    with seeded.bulk("many") as bulk:
        for start in range(0, 1000, 200):
            with bulk.change() as change:
                for n in range(start, start + 200):
                    change.add("deal", {"title": f"Deal {n}", "stage": "new", "pipeline": "general"})
    async with board(seeded) as (crm, screen):
        assert screen.board.head.count == 1003
        assert len(screen.board._cards._kept) < 60
        await crm.press_action("move.last")
        assert len(screen.board._cards._kept) < 100


async def test_the_mouse_works_too(demo: Session) -> None:
    async with board(demo, LARGE, "wholesale") as (crm, screen):
        await crm.pilot.click("BoardView", offset=(30, 5))
        await crm.settle()
        assert screen.view.column == 1
        await crm.pilot.click("BoardView", offset=(30, 5), times=2)
        await crm.settle()
        assert isinstance(crm.screen, CardScreen)
