"""A megabyte pasted by mistake: refused in words at once, and nothing of it stays."""

from __future__ import annotations

import pytest

from tests.driver import SMALL, running
from tests.screens.opening import D1, card, go_to, show
from tuicrm.limits import IN_LINES
from tuicrm.screens.board import BoardScreen
from tuicrm.services.session import Session

MEGABYTE = {"words": "word " * 200_000, "lines": "a line of text\n" * 70_000, "one word": "x" * 1_000_000}


@pytest.mark.parametrize("text", MEGABYTE.values(), ids=MEGABYTE)
async def test_a_megabyte_is_refused_in_every_editor(seeded: Session, text: str) -> None:
    show(seeded, "deal", "comment")
    before = seeded.get(D1).fields
    async with card(seeded, D1, SMALL) as (crm, screen):
        screen.do_card_show_empty()
        for field in ("title", "amount", "close_date", "comment", "responsible", "company"):
            await go_to(crm, field)
            await crm.press("F2")
            await crm.paste(text)
            assert "too many to paste" in crm.said() + crm.screen_text(), field
            await crm.press_action("cancel")
            assert crm.dialog is None
            assert not screen.query("Editor")
    assert seeded.get(D1).fields == before


async def test_the_filter_bar(seeded: Session) -> None:
    async with running(seeded, BoardScreen, SMALL) as crm:
        await crm.press_action("filter")
        await crm.paste(MEGABYTE["words"])
        assert "too many to paste" in crm.said()
        await crm.press_action("cancel")


async def test_as_much_as_a_text_can_hold_is_taken(seeded: Session) -> None:
    show(seeded, "deal", "comment")
    async with card(seeded, D1, SMALL) as (crm, screen):
        screen.do_card_show_empty()
        await go_to(crm, "comment")
        await crm.press("F2")
        await crm.paste("x" * IN_LINES.most)
        await crm.press("F2")
    assert seeded.get(D1).get("comment") == "x" * IN_LINES.most
