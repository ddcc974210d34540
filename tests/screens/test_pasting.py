"""A megabyte pasted by mistake: refused in words at once, and nothing of it stays."""

from __future__ import annotations

import pytest

from tests.driver import SMALL, running
from tests.screens.opening import D1, card, go_to, show
from tuicrm.limits import FILTER_TERMS, IN_LINE, IN_LINES, SEARCH_WORDS, Limit
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.find import FindScreen
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.editor import Editor
from tuicrm.widgets.filter_bar import FilterBar
from tuicrm.widgets.picker import Picker

MEGABYTE = {"words": "word " * 200_000, "lines": "a line of text\n" * 70_000, "one word": "x" * 1_000_000}


@pytest.mark.parametrize("text", MEGABYTE.values(), ids=MEGABYTE)
async def test_a_megabyte_is_refused_in_every_editor(seeded: Session, text: str) -> None:
    show(seeded, "deal", "comment")
    before = seeded.get(D1).fields
    async with card(seeded, D1, SMALL) as (crm, screen):
        screen.field_actions.do_card_show_empty()
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


@pytest.mark.parametrize(("limit", "step"), [(one, step) for one in (IN_LINE, IN_LINES) for step in (-1, 0, 1)])
async def test_as_much_as_an_editor_holds_can_be_pasted_and_no_more(seeded: Session, limit: Limit, step: int) -> None:
    """What stands there counts: the second half is pasted to the first."""
    show(seeded, "deal", "comment")
    async with card(seeded, D1, SMALL) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "comment" if limit is IN_LINES else "title")
        await crm.press("F2")
        editor = screen.query_one(Editor)
        there = len(editor.value)
        await crm.paste("x" * (limit.most // 2 - there))
        half = editor.value
        assert len(half) == limit.most // 2
        await crm.paste("y" * (limit.most // 2 + step))
        if step > 0:
            assert f"maximum is {limit.most}" in crm.said() + crm.screen_text()
            assert editor.value == half, "what was there stays"
        else:
            assert len(editor.value) == limit.most + step


async def test_a_search_of_too_many_words_says_so_and_keeps_them(seeded: Session) -> None:
    text = "word " * SEARCH_WORDS.most
    async with running(seeded, BoardScreen, SMALL) as crm:
        await crm.press_action("find")
        assert isinstance(crm.screen, FindScreen)
        await crm.paste(text)
        assert "maximum is" not in crm.screen_text()
        await crm.paste("more")
        assert f"at most {SEARCH_WORDS.most} words are expected" in crm.screen_text()
        assert "Nothing found" not in crm.screen_text(), "nothing was looked for"
        assert crm.screen.input.value == f"{text}more"
        crm.screen.input.set_text("website")
        await crm.settle()
        assert "maximum is" not in crm.screen_text()
        assert "Website redesign" in crm.screen_text()


async def test_a_filter_of_too_many_terms_says_so_and_keeps_it(seeded: Session) -> None:
    text = "word " * (FILTER_TERMS.most + 1)
    async with running(seeded, BoardScreen, SMALL) as crm:
        await crm.press_action("filter")
        await crm.paste(text)
        assert f"at most {FILTER_TERMS.most} conditions are expected" in crm.screen_text()
        await crm.press("enter")
        bar = crm.screen.query_one(FilterBar)
        assert bar.value == text
        await crm.press_action("cancel")


async def test_a_picker_of_too_many_words_says_so_and_keeps_them(seeded: Session) -> None:
    text = "word " * SEARCH_WORDS.most + "more"
    async with card(seeded, D1, SMALL) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "company")
        await crm.press("F2")
        assert isinstance(crm.dialog, Picker)
        await crm.paste(text)
        assert f"at most {SEARCH_WORDS.most} words are expected" in crm.said() + crm.screen_text()
        assert crm.dialog.input.value == text
        await crm.press_action("cancel")


async def test_as_much_as_a_text_can_hold_is_taken(seeded: Session) -> None:
    show(seeded, "deal", "comment")
    async with card(seeded, D1, SMALL) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "comment")
        await crm.press("F2")
        await crm.paste("x" * IN_LINES.most)
        await crm.press("F2")
    assert seeded.get(D1).get("comment") == "x" * IN_LINES.most
