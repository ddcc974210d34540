"""The pane: the cursor, what is redrawn, pages, the mouse, changing data and width."""

from __future__ import annotations

from functools import partial

import pytest

from tests.driver import running
from tests.screens.stage import ListPane, ListRows, StageScreen
from tests.widgets.conftest import Trial
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.pane import LinePane

TEXTS = tuple(f"text {number}" for number in range(1000))


async def test_the_cursor_skips_what_cannot_be_stood_on(trial: Trial) -> None:
    async with trial(texts=TEXTS) as (crm, screen):
        pane = screen.query_one(ListPane)
        for _step in range(10):
            await crm.press_action("move.down")
        assert pane.cursor == 10
        assert "> text 10" in crm.screen_text()
        await crm.press_action("move.up")
        assert pane.cursor == 9


async def test_a_step_redraws_two_lines(trial: Trial) -> None:
    async with trial(texts=TEXTS) as (crm, screen):
        pane = screen.query_one(ListPane)
        rows = pane.rows
        assert isinstance(rows, ListRows)
        rows.drawn.clear()
        await crm.press_action("move.down")
        assert set(rows.drawn) == {0, 1}


async def test_lines_of_another_width_are_never_drawn(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    async with trial((100, 24), texts=TEXTS) as (crm, screen):
        pane = screen.query_one(ListPane)
        # As while the news of the new width is still on its way.
        monkeypatch.setattr(LinePane, "on_resize", lambda _pane: None)
        await crm.pilot.resize_terminal(60, 24)
        await crm.settle()
        assert "> text 0" in crm.screen_text()
        rows = pane.rows
        assert isinstance(rows, ListRows)
        assert rows.cells == pane.size.width <= 60


async def test_pages_and_ends(trial: Trial) -> None:
    async with trial(texts=TEXTS) as (crm, screen):
        pane = screen.query_one(ListPane)
        await crm.press_action("move.page_down")
        assert pane.cursor is not None
        assert 15 <= pane.cursor <= 22
        assert f"> text {pane.cursor}" in crm.screen_text()
        await crm.press_action("move.page_up")
        assert pane.cursor in (0, 1)  # a heading may stand where a page ends
        await crm.press_action("move.last")
        assert pane.cursor == 999
        assert "> text 999" in crm.screen_text()
        await crm.press_action("move.down")
        assert pane.cursor == 999
        await crm.press_action("move.first")
        assert pane.cursor == 0
        assert "> text 0" in crm.screen_text()


async def test_the_cursor_is_always_in_view(trial: Trial) -> None:
    async with trial(texts=TEXTS) as (crm, screen):
        pane = screen.query_one(ListPane)
        for _step in range(40):
            await crm.press_action("move.down")
            assert f"> text {pane.cursor}" in crm.screen_text()


async def test_scrolling_goes_by_half_pages(trial: Trial) -> None:
    async with trial(texts=TEXTS) as (crm, screen):
        pane = screen.query_one(ListPane)
        tops: list[int] = []
        for _step in range(30):
            await crm.press_action("move.down")
            tops.append(pane.scroll_offset.y)
        assert len(set(tops)) <= 3


async def test_a_click_moves_and_a_wheel_scrolls(trial: Trial) -> None:
    async with trial(texts=TEXTS) as (crm, screen):
        pane = screen.query_one(ListPane)
        await crm.pilot.click(ListPane, offset=(4, 5))
        assert pane.cursor == 5
        await crm.pilot.click(ListPane, offset=(4, 10))  # a heading
        assert pane.cursor == 5
        pane.moves.do_move_first()
        from textual.events import MouseScrollDown

        event = MouseScrollDown(pane, 1, 1, 0, 1, 0, False, False, False)
        pane.post_message(event)
        await crm.settle()
        assert pane.scroll_offset.y == 3


async def test_new_data_keeps_the_cursor_on_its_target_or_near(trial: Trial) -> None:
    async with trial(texts=TEXTS) as (crm, screen):
        pane = screen.query_one(ListPane)
        pane.move_to(500)
        pane.show(lambda cells: ListRows(TEXTS[:600], cells))
        assert pane.cursor == 500
        pane.show(lambda cells: ListRows(TEXTS[:100], cells))
        assert pane.cursor == 99
        pane.show(lambda cells: ListRows(TEXTS[:0], cells))
        assert pane.cursor is None
        await crm.press_action("move.down", "move.up", "move.page_down", "move.page_up", "move.first", "move.last")
        pane.show(lambda cells: ListRows(TEXTS, cells), 7)
        assert pane.cursor == 7
        await crm.settle()
        assert "> text 7" in crm.screen_text()


async def test_another_width_builds_anew_and_keeps_the_cursor(workspace: Session) -> None:
    async with running(workspace, partial(StageScreen, texts=TEXTS)) as crm:
        pane = crm.app.screen.query_one(ListPane)
        pane.move_to(300)
        await crm.pilot.resize_terminal(100, 30)
        await crm.settle()
        assert isinstance(pane.rows, ListRows)
        assert pane.rows.cells == 100
        assert pane.cursor == 300
        assert "> text 300" in crm.screen_text()
        await crm.pilot.resize_terminal(100, 10)
        await crm.settle()
        assert "> text 300" in crm.screen_text()


async def test_a_message_does_not_cover_the_cursor(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ListPane, "spare", 1)
    async with trial(texts=tuple(f"text {n}" for n in range(60))) as (crm, screen):
        pane = screen.query_one(ListPane)
        for keys in (["move.down"] * 25, ["move.last"], ["move.page_up", "move.page_down"]):
            await crm.press_action(*keys)
            screen.say("a message")
            await crm.settle()
            assert f"> text {pane.cursor}" in crm.screen_text()


async def test_what_was_shown_while_hidden_is_there_when_seen(trial: Trial) -> None:
    async with trial(texts=("one", "two")) as (crm, screen):
        pane = screen.query_one(ListPane)
        pane.display = False
        await crm.settle()
        pane.show(lambda cells: ListRows(("three", "four"), cells))
        await crm.settle()
        pane.display = True
        await crm.settle()
        assert "three" in crm.screen_text()
        assert "one" not in crm.screen_text()
