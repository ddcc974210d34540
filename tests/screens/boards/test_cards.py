"""What is done with the cards of a board: opened, filtered, planned for, seen in order."""

from __future__ import annotations

from tests.driver import SMALL
from tests.hostile import HOSTILE, assert_harmless
from tests.screens.opening import BOTH, board
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.items import timeline
from tuicrm.services.kernel.session import Session


async def test_a_filter_puts_the_cursor_on_what_it_found(demo: Session) -> None:
    async with board(demo, SMALL, "wholesale") as (crm, screen):
        await crm.press_action("filter")
        await crm.type("stage = Negotiation and title ~ licence")
        await crm.press_action("filter.apply")
        assert screen.current is not None
        assert screen.current.get("title") == "Group licence"
        await crm.press_action("back")
        assert screen.current is not None
        assert screen.current.get("title") == "Group licence"


@BOTH
async def test_counts_and_sums_follow_the_filter(seeded: Session, size: tuple[int, int]) -> None:
    async with board(seeded, size) as (crm, screen):
        assert "50,500" in crm.screen_text() or "50.5k" in crm.screen_text()
        await crm.press_action("filter")
        await crm.type("amount > 20000")
        await crm.press_action("filter.apply")
        assert crm.screen.focused is screen.view
        assert screen.board.head.count == 1
        assert "38,000" in crm.screen_text()
        assert "12,500" not in crm.screen_text()
        await crm.press_action("back")
        assert screen.board.head.count == 3


async def test_a_mistake_in_a_filter_names_its_place(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        await crm.press_action("filter")
        await crm.type("amount >> 3")
        await crm.press_action("filter.apply")
        assert screen.board.where is None
        assert "expected" in crm.screen_text()
        await crm.press_action("cancel")
        assert screen.board.head.count == 3


async def test_nothing_matches_is_said(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        await crm.press_action("filter")
        await crm.type("zzzz")
        await crm.press_action("filter.apply")
        assert screen.board.head.count == 0
        assert "Nothing matches" in crm.said()
        await crm.press_action("move.right")
        assert "nothing matches" in crm.screen_text()
        assert "esc shows all" in crm.screen_text(), "said for as long as it is so"


async def test_a_card_is_opened_and_left_where_one_was(demo: Session) -> None:
    async with board(demo, SMALL, "wholesale") as (crm, screen):
        await crm.press_action("move.right", "move.down")
        here = screen.view.current
        await crm.press_action("open")
        assert isinstance(crm.screen, CardScreen)
        await crm.press_action("card.next", "back")
        assert isinstance(crm.screen, BoardScreen)
        assert screen.view.current != here
        await crm.press_action("open", "back")
        assert isinstance(crm.screen, BoardScreen)


async def test_an_activity_is_planned_and_shows(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        current = screen.current
        assert current is not None
        await crm.press_action("activity.new")
        await crm.type("Call them")
        await crm.press_action("form.save")
        assert crm.dialog is None
        entries = timeline.view(seeded, current.ref).entries
        assert [entry.title for entry in entries if entry.group == "planned"] == ["Call them"]
        await crm.press_action("undo")
        assert "planned" not in [entry.group for entry in timeline.view(seeded, current.ref).entries]


async def test_marked_ones_are_deleted_and_come_back(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        await crm.press_action("mark", "mark", "delete")
        assert screen.board.head.count == 1
        assert "2 deleted" in crm.said()
        await crm.press_action("undo")
        assert screen.board.head.count == 3
        await crm.press_action("redo")
        assert screen.board.head.count == 1


@BOTH
async def test_hostile_titles_are_only_text(seeded: Session, size: tuple[int, int]) -> None:
    with seeded.change("many") as change:
        for text in HOSTILE:
            title = " ".join(text.replace("\0", "").encode("utf-8", "replace").decode().split()) or "?"
            change.add("deal", {"title": title, "stage": "new", "pipeline": "general"})
    async with board(seeded, size) as (crm, _screen):
        for _page in range(8):
            await crm.press_action("move.page_down")
            for line in crm.screen_lines():
                assert_harmless(line)
        await crm.press_action("open")
        for line in crm.screen_lines():
            assert_harmless(line)
