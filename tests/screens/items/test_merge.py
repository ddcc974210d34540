"""Merging on screen: side by side, chosen, done, undone; and the groups of duplicates."""

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
from tuicrm.screens.items.dupes import DupesScreen
from tuicrm.screens.items.merge import MergeScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.items import activities, items, timeline
from tuicrm.services.kernel.session import Session

C1, C2 = Ref("contact", 1), Ref("contact", 2)


@pytest.fixture
def twice(seeded: Session) -> Session:
    """C-2 is Maria Rossi once more."""

    def texts(**given: str) -> dict[str, object]:
        return items.values(seeded, "contact", given)

    items.edit(seeded, C1, texts(phone="+39 041 5551234", position="Buyer"))
    items.add(
        seeded,
        "contact",
        texts(
            first_name="Maria",
            last_name="Rossi",
            position="Head of sales",
            phone="041 5551234",
            email="m@rossi.example",
        ),
    )
    timeline.comment(seeded, C2, "Called back")
    activities.add(seeded, C2, "Send the offer", "2026-11-25T09:00:00Z")
    return seeded


@asynccontextmanager
async def merging(session: Session, size: tuple[int, int] = SMALL) -> AsyncIterator[tuple[Crm, MergeScreen]]:
    """The contacts, all marked, side by side."""
    async with running(session, lambda s, surface: ListScreen(s, surface, "contact"), size) as crm:
        await crm.press_action("mark_all", "merge")
        assert isinstance(crm.screen, MergeScreen), crm.said()
        yield crm, crm.screen


@BOTH
async def test_it_looks_like_this(twice: Session, size: tuple[int, int]) -> None:
    async with merging(twice, size) as (crm, screen):
        assert crm.actions_without_method() == []
        await crm.press_action("merge.right", "merge.right")
        assert "1 C-1 is kept" in crm.screen_text()
        assert "2 C-2" in crm.screen_text()
        assert_snapshot(f"merge-{size[0]}", crm.screen_lines())
        assert screen.merging.choices == {"position": C2}


async def test_equal_fields_are_one_line_until_they_are_wanted(twice: Session) -> None:
    async with merging(twice, LARGE) as (crm, screen):
        same = [row for row in screen.merging.plan.rows if row.outcome == "same"]
        assert len(same) >= 3
        label = twice.label(same[1].field.label)
        assert f"{len(same)} fields" in crm.screen_text()
        assert label not in crm.screen_text()
        await crm.press_action("merge.equal")
        assert label in crm.screen_text()
        await crm.press_action("merge.equal", "move.last")
        assert screen.pane.cursor == "equal fields"
        await crm.press_action("merge.number")
        assert "nothing to choose here" in crm.said()
        assert label not in crm.screen_text()
        await crm.press("enter")
        assert label in crm.screen_text()
        assert screen.merging.choices == {}


async def test_chosen_done_and_undone(twice: Session) -> None:
    async with merging(twice) as (crm, screen):
        assert "DIFFERENT: 1 LEFT TO CHOOSE" in crm.screen_text()
        assert "Also merged: " in crm.screen_text()
        await crm.press_action("merge.do")
        assert "Not chosen yet: Position" in crm.said()
        await crm.press("2")
        assert "ALL CHOSEN" in crm.screen_text()
        await crm.press_action("merge.number")
        assert "There is nothing to choose here" in crm.said()
        await crm.press_action("merge.do")
        assert isinstance(crm.screen, ListScreen)
        assert "Merged into C-1" in crm.said()
        assert twice.get(C1).get("position") == "Head of sales"
        assert twice.peek(C2) is None
        await crm.press_action("undo")
        assert twice.get(C2).get("position") == "Head of sales"
        assert twice.get(C1).get("position") == "Buyer"
        assert screen.is_attached is False


async def test_another_stays_and_the_rest_of_the_first(twice: Session) -> None:
    async with merging(twice) as (crm, screen):
        await crm.press_action("merge.main")
        assert "C-2 is kept" in crm.said()
        await crm.press_action("merge.all", "merge.do")
        assert twice.peek(C1) is None
        assert twice.get(C2).get("position") == "Head of sales"
        assert [one["value"] for one in twice.get(C2).get("phone")] == ["+390415551234"]
        del screen


async def test_left_nothing_is_done(twice: Session) -> None:
    async with merging(twice) as (crm, _screen):
        await crm.press("2")
        await crm.press_action("back")
        assert isinstance(crm.screen, ListScreen)
        assert twice.peek(C2) is not None


async def test_what_others_change_shows_and_what_they_delete_is_said(twice: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with merging(twice) as (crm, screen):
        await crm.press("2")
        items.edit(other, C1, {"position": "Director"})
        twice.store.refresh()
        await crm.settle()
        assert "Director" in crm.screen_text()
        assert screen.merging.choices == {"position": C2}
        items.delete(other, [C2])
        twice.store.refresh()
        await crm.settle()
        assert "was deleted by" in crm.said()
        await crm.press_action("merge.do")
        assert "was deleted by" in crm.said()
        await crm.press_action("back")
        assert isinstance(crm.screen, ListScreen)


async def test_one_alone_or_without_the_right_it_says_why(twice: Session, open_as: OpenAs) -> None:
    async with running(twice, lambda s, surface: ListScreen(s, surface, "company"), SMALL) as crm:
        await crm.press_action("merge")
        assert "Mark two or more" in crm.said()
    async with running(open_as("luca"), lambda s, surface: ListScreen(s, surface, "contact"), SMALL) as crm:
        await crm.press_action("mark_all", "merge")
        assert "You may not" in crm.said()


async def test_deals_of_the_board(seeded: Session) -> None:
    async with running(seeded, BoardScreen, LARGE) as crm:
        await crm.press_action("mark", "mark", "merge")
        assert isinstance(crm.screen, MergeScreen)
        await crm.press_action("merge.all", "merge.do")
        assert isinstance(crm.screen, BoardScreen)
        assert seeded.find("deal").total == 2


@BOTH
async def test_product_rows_of_deals_come_together_or_one_s_are_chosen(seeded: Session, size: tuple[int, int]) -> None:
    d1, d2 = Ref("deal", 1), Ref("deal", 2)
    row = {"quantity": "1", "price": {"amount": "80.00", "currency": "EUR"}}
    items.edit(seeded, d1, {"products": [{**row, "name": "Work"}], "manual_amount": False})
    items.edit(seeded, d2, {"products": [{**row, "name": "Nails"}], "manual_amount": False})
    async with running(seeded, lambda s, surface: ListScreen(s, surface, "deal"), size) as crm:
        await crm.press_action("filter")
        await crm.type("amount = 80")
        await crm.press_action("filter.apply", "mark_all", "merge")
        screen = crm.screen
        assert isinstance(screen, MergeScreen), crm.said()
        main = screen.merging.plan.main.ref
        assert "CALCULATED FROM THE PRODUCTS" in crm.screen_text()
        assert "Amount: € 160.00" in crm.screen_text()
        screen.pane.move_to("products")
        await crm.press_action("merge.right")
        assert screen.merging.choices == {"products": main}
        assert "Amount: € 80.00" in crm.screen_text()
        await crm.press_action("merge.left")
        assert screen.merging.choices == {}, "all together again"
        await crm.press("2")
        assert "Amount: € 80.00" in crm.screen_text()
        screen.pane.move_to("products")
        await crm.press_action("merge.right", "merge.all", "merge.do")
        assert [row["name"] for row in seeded.get(main).get("products")] == ["Work", "Nails"]
        assert seeded.get(main).get("amount")["amount"] == "160.00"
        await crm.press_action("undo")
        assert [seeded.get(ref).get("amount")["amount"] for ref in (d1, d2)] == ["80.00", "80.00"]


@BOTH
async def test_groups_of_duplicates(twice: Session, size: tuple[int, int]) -> None:
    async with running(twice, lambda s, surface: ListScreen(s, surface, "contact"), size) as crm:
        await crm.press_action("goto")
        assert "Duplicates" in crm.screen_text()
        await crm.press("esc")
        await _to_dupes(crm)
        assert crm.actions_without_method() == []
        assert "92%  PHONE, NAME" in crm.screen_text()
        await crm.press_action("open")
        assert isinstance(crm.screen, CardScreen)
        assert "1/2" in crm.screen_text()
        await crm.press_action("back", "dupes.type")
        await _found(crm)
        assert "No duplicates found." in crm.screen_text()
        for _turn in range(2):
            await crm.press_action("dupes.type")
        await _found(crm)
        await crm.press_action("dupes.apart")
        await _found(crm)
        assert "No duplicates found." in crm.screen_text()
        await crm.press_action("undo")
        await _found(crm)
        await crm.press_action("merge", "merge.all", "merge.do")
        await _found(crm)
        assert "No duplicates found." in crm.screen_text()
        assert twice.peek(C2) is None


async def _to_dupes(crm: Crm) -> None:
    entry = next(one for one in crm.screen.everywhere.places() if one.label == "Duplicates")  # type: ignore[attr-defined]
    await crm.press("g", entry.key)
    await _found(crm)
    assert isinstance(crm.screen, DupesScreen)


async def _found(crm: Crm) -> None:
    await crm.app.workers.wait_for_complete()
    await crm.settle()


async def test_hostile_texts_are_only_text(workspace: Session) -> None:
    with workspace.change("many") as change:
        for text in HOSTILE[:8]:
            name = " ".join(text.replace("\0", "").encode("utf-8", "replace").decode().split()) or "?"
            for number in range(2):
                change.add("company", {"title": f"Muster {name}", "comment": f"{number} {name}"})
    async with running(workspace, lambda s, surface: ListScreen(s, surface, "company"), SMALL) as crm:
        await crm.press("space", "space")
        await crm.press_action("merge")
        for size in ((20, 5), (10, 3), (200, 60), SMALL):
            await crm.pilot.resize_terminal(*size)
            await crm.press("j", "l", "1")
            for line in crm.screen_lines():
                assert_harmless(line)
        await crm.press_action("back")
        await _to_dupes(crm)
        for size in ((20, 5), (10, 3), (200, 60), SMALL):
            await crm.pilot.resize_terminal(*size)
            await crm.press("j")
            for line in crm.screen_lines():
                assert_harmless(line)


async def _read(crm: Crm) -> None:
    """Wait until it is known what there is; what waits for an answer goes on waiting."""
    if reading := [worker for worker in crm.app.workers if worker.group == "alike"]:
        await crm.app.workers.wait_for_complete(reading)
    await crm.settle()


# -- told while it is typed --------------------------------------------------------------------------------------------
async def test_a_form_tells_what_it_looks_like_and_a_key_goes_there(twice: Session) -> None:
    async with running(twice, lambda s, surface: ListScreen(s, surface, "company"), SMALL) as crm:
        await crm.press_action("new")
        await _read(crm)
        await crm.type("Ferrari legnami SPA")
        assert "looks like CO-2 Ferrari Legnami (company name); F6 opens it" in crm.screen_text()
        await crm.type(" Nuova")
        assert "looks like" not in crm.screen_text()
        await crm.press_action("form.other")
        assert "No similar items" in crm.said()
        for _letter in " Nuova":
            await crm.press("backspace")
        await crm.press_action("form.other")
        assert isinstance(crm.screen, CardScreen)
        assert crm.screen.ref == Ref("company", 2)
        await crm.press_action("back")
        assert twice.find("company").total == 2
        await crm.press_action("new")
        await crm.type("Ferrari legnami SPA")
        await crm.press_action("form.save")
        assert twice.find("company").total == 3, "it is never in the way"


async def test_on_the_card_too(twice: Session) -> None:
    from tests.screens.opening import card, go_to

    twice.store.refresh()
    async with card(twice, C2, LARGE) as (crm, _screen):
        await go_to(crm, "last_name")
        await crm.press_action("field.edit")
        await _read(crm)
        await crm.press("ctrl+u")
        await crm.type("Verdi")
        assert "looks like" not in crm.screen_text()
        await crm.press_action("editor.save")
        await crm.press_action("field.edit")
        await _read(crm)
        await crm.press("ctrl+u")
        await crm.type("Rossi")
        assert "looks like C-1 Maria Rossi (phone, name)" in crm.screen_text()
