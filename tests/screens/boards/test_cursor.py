"""The cursor of a board: it goes everywhere, stays in sight, and folds columns."""

from __future__ import annotations

from tests.screens.opening import BOTH, board
from tuicrm.services.kernel.session import Session


@BOTH
async def test_the_cursor_goes_everywhere_and_stays_in_sight(demo: Session, size: tuple[int, int]) -> None:
    async with board(demo, size, "wholesale") as (crm, screen):
        seen = set()
        for _column in range(7):
            await crm.press_action("move.first", "move.last")
            seen.add((screen.view.column, screen.view.current))
            current = screen.current
            if current is not None:
                assert str(current.get("title"))[:8] in crm.screen_text()
            await crm.press_action("move.right")
        assert len({column for column, _ref in seen}) == 6
        await crm.press_action("move.page_up", "move.page_down", "move.up", "move.down", "move.left")


@BOTH
async def test_a_folded_column_still_takes_cards(seeded: Session, size: tuple[int, int]) -> None:
    async with board(seeded, size) as (crm, screen):
        before = crm.screen_text()
        await crm.press_action("move.right", "board.fold")
        assert crm.screen_text() != before
        await crm.press_action("move.left", "stage.next")
        assert screen.view.column == 1
        await crm.press_action("board.fold")


async def test_empty_columns_give_their_room_to_full_ones(seeded: Session) -> None:
    async with board(seeded, (200, 40), "general") as (crm, screen):
        boxes = {box.column: box.width for box in screen.view._boxes}
        empty = {at for at in boxes if not screen.view.ids(at)}
        assert empty
        assert max(boxes[at] for at in empty) < min(width for at, width in boxes.items() if at not in empty)
        await crm.press_action(*["move.right"] * (len(boxes) - 1))
        assert {box.column: box.width for box in screen.view._boxes} == boxes, (
            "nothing moves while the cursor goes along"
        )
        assert "adds one" in crm.screen_text()
