"""The search: found while typing, opened, walked, narrowed to a type."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tests.hostile import HOSTILE, assert_harmless
from tests.screens.opening import BOTH
from tests.screens.snapshot import assert_snapshot
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.find import FindScreen
from tuicrm.services.items import items, timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.engine import finder


@asynccontextmanager
async def finding(
    session: Session, typed: str = "", size: tuple[int, int] = SMALL
) -> AsyncIterator[tuple[Crm, FindScreen]]:
    """The search over a board, with something typed."""
    finder(session).index.catch_up()
    async with running(session, BoardScreen, size) as crm:
        await crm.press_action("find")
        assert isinstance(crm.screen, FindScreen)
        await crm.type(typed)
        yield crm, crm.screen


@BOTH
async def test_it_looks_like_this(demo: Session, size: tuple[int, int]) -> None:
    async with finding(demo, "call", size) as (crm, _screen):
        assert_snapshot(f"find-{size[0]}", crm.screen_lines())


async def test_typing_finds_and_enter_opens(seeded: Session) -> None:
    timeline.comment(seeded, Ref("deal", 1), "They want a Bluetooth printer")
    async with finding(seeded) as (crm, screen):
        told = " ".join(" ".join(crm.screen_lines()).split())
        assert "Type a word" in told
        assert "more words narrow the search." in told, "what does not fit goes on below"
        assert crm.actions_without_method() == []
        await crm.type("blue")
        assert "Timeline: They want a Bluetooth printer" in crm.screen_text()
        await crm.type("zz")
        assert "Nothing found." in crm.screen_text()
        await crm.press_action("find.open")
        assert "Nothing found" in crm.said()
        await crm.press("backspace", "backspace")
        await crm.press_action("find.open")
        assert isinstance(crm.screen, CardScreen)
        assert crm.screen.ref == Ref("deal", 1)
        await crm.press_action("back")
        assert screen.is_current
        assert "Bluetooth" in crm.screen_text()
        await crm.press_action("find.leave")
        assert isinstance(crm.screen, BoardScreen)


async def test_keys_that_come_at_once_open_what_was_typed(seeded: Session) -> None:
    async with finding(seeded) as (crm, _screen):
        for key in (*"ferrari", "enter"):
            await crm.pilot.press(key)
        await crm.settle()
        assert isinstance(crm.screen, CardScreen)
        assert crm.screen.ref == Ref("company", 2)


async def test_finds_are_walked_and_the_cursor_follows(seeded: Session) -> None:
    with seeded.change("many") as change:
        for number in range(5):
            change.add("company", {"title": f"Muster {number}"})
    async with finding(seeded, "muster") as (crm, screen):
        await crm.press_action("find.open")
        assert isinstance(crm.screen, CardScreen)
        await crm.press_action("card.next", "card.next")
        last = crm.screen.ref
        assert "3/5" in crm.screen_text()
        await crm.press_action("back")
        assert screen.pane.cursor == str(last)


@BOTH
async def test_finds_of_all_types_are_one_walk(seeded: Session, size: tuple[int, int]) -> None:
    async with finding(seeded, "rossi", size) as (crm, screen):
        found = list(screen.finds)
        assert len({key.partition(":")[0] for key in found}) > 1
        await crm.press_action("find.open")
        shown = []
        for at in range(len(found)):
            assert isinstance(crm.screen, CardScreen)
            assert f"{at + 1}/{len(found)}" in crm.screen_lines()[0]
            assert crm.screen.has_class("-no-stages") == (not crm.screen.card.steps)
            shown.append(str(crm.screen.ref))
            await crm.press_action("card.next")
        assert crm.said() == "This is the last item."
        assert shown == found
        await crm.press_action("card.previous", "back")
        assert crm.screen is screen
        assert screen.pane.cursor == found[-2]


async def test_one_type_alone(seeded: Session) -> None:
    with seeded.change("many") as change:
        for number in range(20):
            change.add("company", {"title": f"Rossi {number}"})
    async with finding(seeded, "rossi") as (crm, screen):
        assert "▐All" in crm.screen_text()
        assert "Companies 8+" in crm.screen_text()
        await crm.press_action("find.type", "find.type")
        assert screen.search.type == "company"
        assert "21 found" in crm.screen_text()
        assert "Maria" not in crm.screen_text()
        await crm.type(" 1")
        assert "▐Companies" in crm.screen_text(), "it stays while more is typed"
        await crm.press_action("find.type_before")
        assert screen.search.type == ""


async def test_what_was_looked_for_lately_is_offered(seeded: Session) -> None:
    async with finding(seeded, "ferr") as (crm, _screen):
        await crm.press_action("find.open", "back", "find.leave", "find")
        assert "Recent searches" in crm.screen_text()
        await crm.press_action("find.open")
        assert "Ferrari Legnami" in crm.screen_text()


async def test_it_is_in_the_menu_of_places_and_behind_ctrl_f(seeded: Session) -> None:
    async with running(seeded, BoardScreen, SMALL) as crm:
        await crm.press("g", "f")
        assert isinstance(crm.screen, FindScreen)
        await crm.press("esc", "ctrl+f")
        assert isinstance(crm.screen, FindScreen)
        await crm.type("ross")
        await crm.press_action("find.open", "find")
        assert isinstance(crm.screen, FindScreen), "over a card too"


async def test_the_index_is_built_and_followed_while_it_is_open(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with running(seeded, BoardScreen, SMALL) as crm:
        await crm.press_action("find")
        await crm.type("ferrari")
        await crm.app.workers.wait_for_complete()
        await crm.settle()
        assert "CO-2" in crm.screen_text()
        items.edit(other, Ref("company", 2), {"title": "Verdi"})
        items.add(other, "company", {"title": "Ferrari Nuova"})
        seeded.store.refresh()
        await crm.settle()
        await crm.app.workers.wait_for_complete()
        await crm.settle()
        assert "Ferrari Nuova" in crm.screen_text()
        assert "CO-2" not in crm.screen_text()


@pytest.mark.parametrize("size", [SMALL, LARGE, (40, 10)], ids=str)
async def test_hostile_texts_are_only_text(workspace: Session, size: tuple[int, int]) -> None:
    with workspace.change("many") as change:
        for text in HOSTILE:
            name = " ".join(text.replace("\0", "").encode("utf-8", "replace").decode().split()) or "?"
            change.add("company", {"title": f"Muster {name}", "comment": f"Kommentar {name}"})
    for word in ("muster", "kommentar"):
        async with finding(workspace, word, size) as (crm, _screen):
            for key in (*["pgdn"] * 3, "tab", *["pgdn"] * 3):
                for line in crm.screen_lines():
                    assert_harmless(line)
                await crm.press(key)
            for small in ((20, 5), (10, 3), (200, 60)):
                await crm.pilot.resize_terminal(*small)
                await crm.settle()


async def test_whatever_is_typed_or_pasted_is_only_text(seeded: Session) -> None:
    async with finding(seeded) as (crm, _screen):
        for text in HOSTILE:
            await crm.paste(text)
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press("ctrl+u")
