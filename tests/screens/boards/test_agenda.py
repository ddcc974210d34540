"""Deadlines and Activities on screen."""

from __future__ import annotations

import pytest

from tests.driver import LARGE, SMALL, running
from tests.hostile import HOSTILE, assert_harmless
from tests.screens.opening import agenda, board
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.agenda import AgendaScreen
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.screens.places import places
from tuicrm.services.items import activities, items
from tuicrm.services.kernel.session import Session

BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])
D1, D2 = Ref("deal", 1), Ref("deal", 2)


@pytest.mark.parametrize("view", ["deadlines", "activities"])
async def test_every_action_of_the_table_is_there(demo: Session, view: str) -> None:
    async with agenda(demo, view) as (crm, _screen):
        assert crm.actions_without_method() == []


@BOTH
async def test_a_drop_sets_the_date_and_undo_takes_it_back(seeded: Session, size: tuple[int, int]) -> None:
    items.edit(seeded, D1, {"close_date": "2026-11-20"})
    async with agenda(seeded, "deadlines", size=size) as (crm, screen):
        assert screen.dates.column == "overdue"
        for expected in ("2026-11-23", "2026-11-24", "2026-11-30", "2026-12-07"):
            await crm.press_action("when.later")
            assert seeded.get(D1).get("close_date") == expected
            assert screen.current is not None
            assert screen.current.ref == D1, "the cursor goes along"
        await crm.press_action("when.later")
        assert "last column" in crm.said()
        await crm.press_action("undo")
        assert seeded.get(D1).get("close_date") == "2026-11-30"


async def test_nothing_drops_into_overdue(seeded: Session) -> None:
    items.edit(seeded, D1, {"close_date": "2026-11-23"})
    async with agenda(seeded, "deadlines") as (crm, screen):
        screen.view.go_to(1)
        await crm.press_action("when.earlier")
        assert "An item cannot be moved to Overdue. Choose a later column." in crm.said()
        await crm.press_action("when.move")
        assert crm.dialog is not None
        assert "Overdue" not in "\n".join(line for line in crm.screen_lines() if "│" in line)
        await crm.press_action("cancel")
        assert seeded.get(D1).get("close_date") == "2026-11-23"


async def test_of_marked_ones_all_get_the_date_as_one(seeded: Session) -> None:
    for ref in (D1, D2):
        items.edit(seeded, ref, {"close_date": "2026-11-20"})
    async with agenda(seeded, "deadlines") as (crm, _screen):
        await crm.press_action("mark", "mark", "when.move")
        await crm.type("Later")
        await crm.press_action("list.choose")
        assert [seeded.get(ref).get("close_date") for ref in (D1, D2)] == ["2026-12-07"] * 2
        await crm.press_action("undo")
        assert [seeded.get(ref).get("close_date") for ref in (D1, D2)] == ["2026-11-20"] * 2


@BOTH
async def test_a_day_is_picked_or_typed_on_one_key(seeded: Session, size: tuple[int, int]) -> None:
    """It is for what is under the cursor or marked, on both boards, and one undo."""
    for ref in (D1, D2):
        items.edit(seeded, ref, {"close_date": "2026-11-25"})
    async with agenda(seeded, "deadlines", size=size) as (crm, screen):
        await crm.press_action("when.date")
        await crm.press("down", "down", "down", "enter")
        assert screen.current is not None
        first = screen.current.ref
        assert seeded.get(first).get("close_date") == "2026-11-26"
        assert "Thu 26 Nov" in crm.said()
        await crm.press_action("undo")
        await crm.press_action("mark", "mark", "when.date")
        await crm.type("18.1.2027")
        assert "Mon 18 Jan 2027" in crm.screen_text()
        await crm.press_action("list.choose")
        assert [seeded.get(ref).get("close_date") for ref in (D1, D2)] == ["2027-01-18"] * 2
        await crm.press_action("undo")
        assert [seeded.get(ref).get("close_date") for ref in (D1, D2)] == ["2026-11-25"] * 2
        await crm.press_action("when.date")
        await crm.type("2026-11-22")
        assert "Sun 22 Nov" not in crm.screen_text(), "what is past is not offered"


async def test_an_activity_keeps_its_hour_on_the_day_that_is_picked(seeded: Session) -> None:
    number = activities.add(seeded, D1, "Call", "2026-11-24T15:30:00Z")
    async with agenda(seeded, "activities") as (crm, _screen):
        await crm.press_action("when.date")
        await crm.type("+10d")
        await crm.press_action("list.choose")
        [record] = seeded.store.get("activity", [number])
        assert record.doc["at"] == "2026-12-03T15:30:00Z"


async def test_a_new_one_is_due_as_the_column_says(seeded: Session) -> None:
    async with agenda(seeded, "deadlines") as (crm, screen):
        assert screen.dates.column == "next_week", "where the first card is"
        await crm.press_action("new")
        await crm.type("In a week")
        await crm.press_action("form.save")
        assert screen.current is not None
        assert (screen.current.get("title"), screen.current.get("close_date")) == ("In a week", "2026-11-30")


async def test_a_drop_moves_the_next_activity(seeded: Session) -> None:
    activity = activities.add(seeded, D1, "call", "2026-11-20T09:30:00Z")
    async with agenda(seeded, "activities") as (crm, _screen):
        await crm.press_action("when.later", "when.later")
        [record] = seeded.store.get("activity", [activity])
        # 09:30 today had passed: it became 11:00, and stays so.
        assert record.doc["at"] == "2026-11-24T11:00:00Z"


async def test_with_which_nothing_is_planned_something_is(seeded: Session) -> None:
    async with agenda(seeded, "activities") as (crm, screen):
        await crm.press_action("move.right", "move.right", "move.right", "move.right", "move.right")
        assert str(screen.dates.column) == "none"
        here = screen.current
        assert here is not None
        await crm.press_action("when.earlier")
        await crm.type("Ask again")
        await crm.press_action("form.save")
        [planned] = activities.open_of(seeded, here.ref)
        assert planned.doc["at"][:10] == "2026-12-07"
        assert str(screen.dates.column) == "later"


async def test_from_view_to_view_with_the_same_filter(seeded: Session) -> None:
    async with board(seeded, LARGE) as (crm, _screen):
        await crm.press_action("filter")
        await crm.type("amount > 0")
        await crm.press_action("filter.apply")
        for key, screen in (("d", AgendaScreen), ("l", ListScreen), ("a", AgendaScreen), ("b", BoardScreen)):
            await crm.press_action("view")
            await crm.press(key)
            assert isinstance(crm.screen, screen)
            assert "amount > 0" in crm.screen_text()
            assert "Annual support" not in crm.screen_text()


async def test_the_view_is_remembered(seeded: Session) -> None:
    async with board(seeded, LARGE) as (crm, screen):
        await crm.press_action("view")
        await crm.press("l")
        assert isinstance(crm.screen, ListScreen)
        await crm.press_action("goto")
        letter = next(entry.key for entry in places(screen) if entry.label == "Deals")
        await crm.press(letter)
        assert isinstance(crm.screen, ListScreen)


async def test_going_to_the_same_type_keeps_the_pipeline(demo: Session) -> None:
    async with board(demo, LARGE, "wholesale") as (crm, _screen):
        for view in "alb":
            await crm.press_action("view")
            await crm.press(view)
            letter = next(entry.key for entry in places(crm.screen) if entry.label == "Deals")  # type: ignore[arg-type]
            await crm.press_action("goto")
            await crm.press(letter)
            assert "Wholesale" in crm.screen_lines()[0], view


async def test_types_have_the_views_that_they_can_have(seeded: Session) -> None:
    async with running(seeded, lambda s, surface: ListScreen(s, surface, "company"), LARGE) as crm:
        await crm.press_action("view")
        shown = crm.screen_text()
        assert "Board" not in shown
        assert "Deadlines" not in shown
        assert "Activities" in shown


@BOTH
async def test_hostile_names_are_only_text(workspace: Session, size: tuple[int, int]) -> None:
    with workspace.change("many") as change:
        for at, text in enumerate(HOSTILE):
            name = " ".join(text.replace("\0", "").encode("utf-8", "replace").decode().split()) or "?"
            change.add("deal", {"title": name, "close_date": f"2026-11-{20 + at % 9}"})
    for view in ("deadlines", "activities"):
        async with agenda(workspace, view, size=size) as (crm, _screen):
            for small in (size, (20, 5), (10, 3), (200, 60)):
                await crm.pilot.resize_terminal(*small)
                await crm.settle()
                for line in crm.screen_lines():
                    assert_harmless(line)
