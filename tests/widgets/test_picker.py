"""Choosing from lists: by typing, marking, searching, clicking; with hostile names and very many."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.driver import LARGE, SMALL
from tests.hostile import HOSTILE, assert_harmless
from tests.widgets.conftest import Trial
from tuicrm.domain.context import Choice
from tuicrm.widgets.picker import Picker

PEOPLE = (Choice("anna", "Anna Bianchi", "anna@x"), Choice("luca", "Luca Riva"), Choice("mario", "Mario Conti"))


async def test_typing_narrows_and_enter_chooses(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Responsible", PEOPLE))
        await crm.settle()
        assert "Responsible" in crm.screen_text()
        assert "Mario Conti" in crm.screen_text()
        await crm.type("riva")
        assert "Mario Conti" not in crm.screen_text()
        await crm.press_action("list.choose")
        assert screen.outcome == ("luca",)


async def test_esc_chooses_nothing_and_the_pane_has_the_focus_again(trial: Trial) -> None:
    async with trial() as (crm, screen):
        before = crm.app.focused
        screen.open(Picker(screen.surface, "Who", PEOPLE))
        await crm.settle()
        await crm.press_action("cancel")
        assert screen.outcome is None
        assert crm.app.focused is before


async def test_the_cursor_begins_on_the_value(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Who", PEOPLE, chosen=("luca",), optional=True))
        await crm.settle()
        await crm.press_action("list.choose")
        assert screen.outcome == ("luca",)


async def test_nothing_can_be_chosen_where_the_value_may_be_empty(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Who", PEOPLE, chosen=("anna",), optional=True))
        await crm.settle()
        await crm.press_action("list.up", "list.choose")
        assert screen.outcome == ()


async def test_several_are_marked_with_space(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Who", PEOPLE, many=True, chosen=("mario",)))
        await crm.settle()
        assert "1 marked" in crm.screen_text()
        await crm.press_action("list.mark")  # lets Mario go, on whom the cursor begins
        await crm.press_action("list.up", "list.up")
        await crm.press_action("list.mark", "list.mark")
        assert "2 marked" in crm.screen_text()
        await crm.press_action("list.choose")
        assert screen.outcome == ("anna", "luca")


async def test_all_marks_can_be_taken_away(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Who", PEOPLE, many=True, chosen=("luca",)))
        await crm.settle()
        await crm.press_action("list.mark", "list.choose")
        assert screen.outcome == ()


async def test_one_more_that_was_searched_for_is_taken_by_enter(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Who", PEOPLE, many=True, chosen=("luca",)))
        await crm.settle()
        await crm.type("anna")
        await crm.press_action("list.choose")
        assert screen.outcome == ("luca", "anna")


async def test_marks_are_not_all_of_an_answer_while_the_search_finds_nothing(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Who", PEOPLE, many=True, chosen=("luca",)))
        await crm.settle()
        await crm.type("zzzzzz")
        await crm.press_action("list.choose")
        assert "zzzzzz" in crm.said()
        assert crm.dialog is not None
        await crm.press("ctrl+u")
        await crm.press_action("list.choose")
        assert screen.outcome == ("luca",)


async def test_what_is_marked_while_searching_is_not_marked_back_by_enter(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Who", PEOPLE, many=True, chosen=("luca", "anna")))
        await crm.settle()
        await crm.type("luca")
        await crm.press_action("list.mark", "list.choose")
        assert screen.outcome == ("anna",)


async def test_a_search_is_asked_in_a_thread_for_what_is_typed(trial: Trial) -> None:
    asked: list[str] = []

    def search(text: str) -> Sequence[Choice]:
        asked.append(text)
        return [Choice(f"company:{len(text)}", f"Found for {text}")]

    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Company", search=search))
        await crm.settle()
        await crm.type("ros")
        assert asked[0] == ""
        assert asked[-1] == "ros"
        assert "Found for ros" in crm.screen_text()
        await crm.press_action("list.choose")
        assert screen.outcome == ("company:3",)


async def test_finding_nothing_is_said(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Who", PEOPLE))
        await crm.settle()
        await crm.type("zzzzzz")
        await crm.press_action("list.choose")
        assert "zzzzzz" in crm.said()
        assert crm.dialog is not None


async def test_a_slip_of_the_keys_still_finds(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Who", PEOPLE))
        await crm.settle()
        await crm.type("biamchi")
        await crm.press_action("list.choose")
        assert screen.outcome == ("anna",)


async def test_only_what_is_seen_of_very_many_is_drawn(trial: Trial) -> None:
    class Counting(Picker):
        drawn = 0

        def draw(self, thing: Choice, cells: int):  # type: ignore[no-untyped-def] # as in Picker
            type(self).drawn += 1
            return super().draw(thing, cells)

    many = [Choice(str(at), f"Company {at}") for at in range(50_000)]
    async with trial() as (crm, screen):
        screen.open(Counting(screen.surface, "Company", many))
        await crm.settle()
        Counting.drawn = 0
        await crm.type("4999")
        assert 0 < Counting.drawn < 400
        await crm.press_action("list.page_down", "list.choose")
        assert screen.outcome is not None


async def test_a_click_moves_and_a_second_one_chooses(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Who", PEOPLE))
        await crm.settle()
        await crm.pilot.click("Picker LinePane", offset=(5, 2), times=2)
        await crm.settle()
        assert screen.outcome == ("mario",)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_hostile_names_are_only_text(trial: Trial, size: tuple[int, int]) -> None:
    choices = [Choice(str(at), text, text) for at, text in enumerate(HOSTILE)]
    async with trial(size) as (crm, screen):
        for many in (False, True):
            picker = Picker(screen.surface, HOSTILE[3], choices, many=many, typed=HOSTILE[6])
            screen.open(picker)
            await crm.settle()
            await crm.press("backspace", "home")
            for text in HOSTILE[2:8]:
                await crm.paste(text)
            for _at in range(3):
                await crm.press_action("list.page_down")
                for line in crm.screen_lines():
                    assert_harmless(line)
            await crm.press_action("cancel")
        assert crm.dialog is None


async def test_space_is_a_space_in_a_search_and_marks_before_and_after(trial: Trial) -> None:
    many = [Choice(str(number), f"Portal field {number}") for number in range(30)]
    async with trial() as (crm, screen):
        screen.open(Picker(screen.surface, "Fields", many, many=True))
        await crm.settle()
        await crm.press("space")
        assert "1 marked" in crm.screen_text()
        await crm.type("field 17")
        assert "1 marked · 1 found" in crm.screen_text()
        await crm.press_action("list.mark")
        await crm.press("ctrl+u")
        await crm.type("field")
        await crm.press("down", "space", "enter")
        assert screen.outcome == ("0", "17", "1")
