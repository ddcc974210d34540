"""Lists: what has no board, or is wanted as rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tests.hostile import HOSTILE, assert_harmless
from tests.screens.snapshot import assert_snapshot
from tuicrm.domain.items import Ref
from tuicrm.screens.card import CardScreen
from tuicrm.screens.items import ListScreen
from tuicrm.services import items
from tuicrm.services.session import Session

BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])


@asynccontextmanager
async def listed(
    session: Session, type_key: str, size: tuple[int, int] = SMALL
) -> AsyncIterator[tuple[Crm, ListScreen]]:
    async with running(session, lambda s, surface: ListScreen(s, surface, type_key), size) as crm:
        assert isinstance(crm.screen, ListScreen)
        yield crm, crm.screen


def titles(session: Session, type_key: str) -> list[str]:
    return [session.title_of(item) for item in session.find(type_key, None, [], 1000).items]


@BOTH
async def test_it_looks_like_this(demo: Session, size: tuple[int, int]) -> None:
    async with listed(demo, "company", size) as (crm, _screen):
        assert_snapshot(f"companies-{size[0]}", crm.screen_lines())


async def test_every_action_of_the_table_is_there(demo: Session) -> None:
    async with listed(demo, "contact") as (crm, _screen):
        assert set(crm.actions_without_method()) <= {
            "card.other_pane",
            "card.tab",
            "card.previous",
            "card.next",
            "card.left",
            "card.right",
            "comment",
        }


async def test_an_empty_list_says_what_to_do(workspace: Session) -> None:
    async with listed(workspace, "contact") as (crm, _screen):
        assert "n adds" in crm.screen_text()
        for action in ("open", "delete", "mark", "activity.new", "copy.value"):
            await crm.press_action(action)
            assert crm.said(), action


@BOTH
async def test_a_new_one_stands_under_the_cursor(seeded: Session, size: tuple[int, int]) -> None:
    async with listed(seeded, "company", size) as (crm, screen):
        await crm.press_action("new")
        await crm.type("Verdi")
        await crm.press_action("form.save")
        assert crm.dialog is None
        assert screen.current is not None
        assert screen.current.get("title") == "Verdi"
        await crm.press_action("undo")
        assert "Verdi" not in titles(seeded, "company")


async def test_open_walk_and_come_back(demo: Session) -> None:
    async with listed(demo, "company") as (crm, screen):
        first = screen.current
        await crm.press_action("open")
        assert isinstance(crm.screen, CardScreen)
        await crm.press_action("card.next", "card.next", "back")
        assert screen.current is not None
        assert screen.current != first


async def test_marked_ones_are_deleted_together(seeded: Session) -> None:
    async with listed(seeded, "company") as (crm, _screen):
        await crm.press_action("mark_all")
        assert "2 marked" in crm.said()
        await crm.press_action("delete")
        assert titles(seeded, "company") == []
        assert "adds" in crm.screen_text()
        await crm.press_action("undo")
        assert len(titles(seeded, "company")) == 2


async def test_a_filter_narrows_and_goes(seeded: Session) -> None:
    async with listed(seeded, "company") as (crm, screen):
        await crm.press_action("filter")
        await crm.type("ferr")
        await crm.press_action("filter.apply")
        assert [screen.current.get("title")] if screen.current else [] == ["Ferrari Legnami"]
        assert "Rossi" not in crm.screen_text()
        await crm.press_action("filter")
        await crm.type("zz")
        await crm.press_action("filter.apply")
        assert "Nothing matches; esc takes the filter away." in crm.screen_text()
        await crm.press_action("back")
        assert "Rossi" in crm.screen_text()


async def test_what_others_do_shows_at_once(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with listed(seeded, "company") as (crm, screen):
        await crm.press_action("move.down")
        here = screen.current
        items.add(other, "company", {"title": "Aardvark"})
        items.edit(other, Ref("company", 1), {"title": "Rossi & Figli"})
        seeded.store.refresh()
        await crm.settle()
        assert "Aardvark" in crm.screen_text()
        assert "Rossi & Figli" in crm.screen_text()
        assert screen.current is not None
        assert here is not None
        assert screen.current.ref == here.ref


async def test_the_cursor_goes_by_pages_and_ends(demo: Session) -> None:
    async with listed(demo, "contact") as (crm, screen):
        await crm.press_action("move.last")
        last = screen.current
        await crm.press_action("move.page_up", "move.first", "move.page_down", "move.last")
        assert screen.current == last
        assert last is not None
        assert demo.title_of(last).split()[-1] in crm.screen_text()


@BOTH
async def test_hostile_names_are_only_text(workspace: Session, size: tuple[int, int]) -> None:
    with workspace.change("many") as change:
        for text in HOSTILE:
            name = " ".join(text.replace("\0", "").encode("utf-8", "replace").decode().split()) or "?"
            change.add("company", {"title": name, "comment": name})
    async with listed(workspace, "company", size) as (crm, _screen):
        for _page in range(4):
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press_action("move.page_down")
        for small in ((20, 5), (10, 3), (200, 60)):
            await crm.pilot.resize_terminal(*small)
            await crm.settle()
            for line in crm.screen_lines():
                assert_harmless(line)
