"""The filter bar on a screen: what it offers, what it keeps, what it says of mistakes."""

from __future__ import annotations

from tests.driver import LARGE, SMALL, running
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.surface import Surface


def board(session: Session, surface: Surface) -> BoardScreen:
    return BoardScreen(session, surface, "deal")


async def test_words_are_offered_and_completed(seeded: Session) -> None:
    async with running(seeded, board, LARGE) as crm:
        await crm.press_action("filter")
        await crm.type("respons")
        assert "responsible" in crm.screen_text()
        await crm.press_action("filter.complete")
        await crm.type("= lu")
        assert "Luca Riva" in crm.screen_text()
        await crm.press_action("filter.complete", "filter.apply")
        assert isinstance(crm.screen, BoardScreen)
        assert crm.screen.board.head.count == 1
        assert "ERP connector" in crm.screen_text()


async def test_how_many_match_is_told_while_typing(seeded: Session) -> None:
    async with running(seeded, board, SMALL) as crm:
        await crm.press_action("filter")
        await crm.type("amount > 20000")
        assert "1 match" in crm.screen_text()
        await crm.press_action("cancel")
        assert isinstance(crm.screen, BoardScreen)
        assert crm.screen.board.head.count == 3


async def test_filters_used_before_come_back(seeded: Session) -> None:
    async with running(seeded, board, SMALL) as crm:
        for text in ("erp", "annual"):
            await crm.press_action("filter")
            for _letter in range(10):
                await crm.press("backspace")
            await crm.type(text)
            await crm.press_action("filter.apply")
        await crm.press_action("back", "filter", "filter.older", "filter.older")
        await crm.press_action("filter.apply")
        assert isinstance(crm.screen, BoardScreen)
        assert crm.screen.board.text == "erp"
        assert crm.screen.board.head.count == 1


async def test_mistakes_say_where_and_what_was_expected(seeded: Session) -> None:
    async with running(seeded, board, SMALL) as crm:
        for text, said in (
            ("amunt > 3", "amount"),
            ("amount >", "expected"),
            ("stage = Nowhere", "New"),
            ("(amount > 3", "expected"),
            ("close_date < someday", "a day is expected"),
        ):
            await crm.press_action("filter")
            await crm.type(text)
            await crm.press_action("filter.apply")
            assert said in crm.screen_text(), (text, crm.screen_text())
            await crm.press_action("cancel")
            assert isinstance(crm.screen, BoardScreen)
            assert crm.screen.board.where is None


async def test_filters_are_kept_used_shared_and_deleted(seeded: Session) -> None:
    async with running(seeded, lambda s, surface: BoardScreen(s, surface, "deal"), LARGE) as crm:
        screen = crm.screen
        assert isinstance(screen, BoardScreen)
        await crm.press_action("filter")
        await crm.type("amount > 20000")
        await crm.press_action("filter.saved")
        assert "Nothing saved yet" in crm.screen_text()
        await crm.press_action("saved.new")
        await crm.type("Big ones")
        await crm.press_action("form.save")
        assert "Big ones" in crm.screen_text()
        await crm.press_action("saved.share")
        assert "shared" in crm.screen_text()
        await crm.press_action("saved.use")
        assert "@Big ones" in crm.screen_text()
        assert "1 match" in crm.screen_text()
        await crm.press_action("filter.apply")
        assert screen.board.head.count == 1
        assert "@Big ones" in crm.screen_lines()[0]
        await crm.press_action("back", "filter")
        await crm.type("@b")
        await crm.press_action("filter.complete", "filter.apply")
        assert screen.board.head.count == 1
        await crm.press_action("filter")
        await crm.type(" and amou")
        assert "Amount" in crm.screen_lines()[-4], "what goes on behind the name is completed too"
        await crm.press_action("filter.complete")
        await crm.type(" < 0")
        assert "0 match" in crm.screen_text()
        await crm.press_action("cancel")
        await crm.press_action("back", "filter", "filter.saved", "saved.delete")
        assert "Nothing saved yet" in crm.screen_text()
        await crm.press_action("undo")
        assert "Big ones" in crm.screen_text()
        await crm.press_action("arrange.finish")
        await crm.type("ERP")
        await crm.press_action("filter.apply")
        assert screen.board.head.count == 1
