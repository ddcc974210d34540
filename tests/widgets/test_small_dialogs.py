"""Palette, help, reader, confirmation: what they offer, what they say, what they end with."""

from __future__ import annotations

import pytest

from tests.driver import LARGE, SMALL
from tests.hostile import HOSTILE_FEW, assert_harmless
from tests.screens.stage import ListPane
from tests.widgets.conftest import Trial
from tests.widgets.trial import PENDING
from tuicrm.actions import ACTIONS
from tuicrm.i18n import LANGUAGES, _, set_language
from tuicrm.keymap import keymap
from tuicrm.render.ansi import plain
from tuicrm.render.compose import line_width
from tuicrm.widgets.confirm import Confirm
from tuicrm.widgets.controller import Way
from tuicrm.widgets.help import help_lines
from tuicrm.widgets.menu import Menu, MenuEntry
from tuicrm.widgets.palette import ActionPalette
from tuicrm.widgets.picker import Picker


async def test_the_palette_does_what_is_called_by_name(trial: Trial) -> None:
    async with trial() as (crm, screen):
        await crm.press_action("commands")
        await crm.type("edit the")
        assert "Edit the field" in crm.screen_text()
        await crm.press_action("list.choose")
        assert crm.dialog is None
        assert screen.query_one(ListPane).edited == [0]


async def test_the_palette_goes_to_places(trial: Trial) -> None:
    async with trial() as (crm, screen):
        await crm.press_action("commands")
        await crm.type("go to deals")
        await crm.press_action("list.choose")
        assert screen.went == ["deals"]


async def test_the_palette_says_why_something_cannot_be_done(trial: Trial) -> None:
    async with trial() as (crm, _screen):
        await crm.press_action("commands")
        await crm.type("next stage")
        assert "Proposal needs: Amount [/]" in crm.screen_text()
        await crm.press_action("list.choose")
        assert crm.said() == "Proposal needs: Amount [/]"
        assert crm.dialog is not None


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_help_tells_the_keys_and_scrolls(trial: Trial, size: tuple[int, int]) -> None:
    async with trial(size) as (crm, _screen):
        own = [one for one in crm.screen.dispatcher.doable() if one.group != "everywhere"]
        await crm.press_action("help")
        first = next(at for at, line in enumerate(crm.screen_lines()) if "HERE" in line) + 1
        assert own[0].label in crm.screen_lines()[first]
        await crm.press_action("move.last")
        assert "TEXT ENTRY" in crm.screen_text()
        assert "close" in crm.screen_lines()[-1]
        await crm.press_action("move.first", "move.page_down", "move.up", "close")
        assert crm.dialog is None


async def test_the_palette_stands_in_columns(trial: Trial) -> None:
    async with trial() as (crm, _screen):
        await crm.press_action("commands")
        helps = {
            line.index(words)
            for line in crm.screen_lines()
            for words in ("Take back the last", "Do again what", "All keys", "Quit tuicrm")
            if words in line
        }
        assert len(helps) == 1


@pytest.mark.parametrize("cells", [40, 76, 96])
def test_help_lines_fit_and_name_every_key(cells: int) -> None:
    lines = list(help_lines(keymap(), [one for one in ACTIONS if "board" in one.scopes], cells))
    assert {line_width(line) for line in lines} == {cells}
    text = "\n".join(map(plain, lines))
    for key in ("ctrl+r", "F1", "shift+tab", "1 … 9"):
        assert key in text


def test_help_stands_under_the_names_where_it_is_narrow() -> None:
    stages = [one for one in ACTIONS if one.id == "stage.move"]
    lines = [plain(line).rstrip() for line in help_lines(keymap(), stages, 50)][1:3]
    assert [line.strip() for line in lines] == ["M              Move to…", "Move to another stage or pipeline"]
    assert lines[0].index("Move") == lines[1].index("Move")


def told_of(action_id: str, bound: str, cells: int) -> list[str]:
    """The lines of an action that was given other keys."""
    keys = keymap(bound={action_id: bound.split()})
    lines = [plain(line) for line in help_lines(keys, [one for one in ACTIONS if one.id == action_id], cells)]
    return lines[1 : lines.index("")]


@pytest.mark.parametrize("cells", [32, 40, 56, 76, 96])
@pytest.mark.parametrize(
    "bound", ["F12", "ctrl+shift+backspace F5 F6", "a b x y z", "1 2 3 4 5 6", "ctrl+shift+F12 F2"]
)
def test_no_key_is_cut_whatever_it_is_and_names_stand_behind_it(bound: str, cells: int) -> None:
    lines = told_of("welcome.import", bound, cells)
    left = " ".join(line[: lines[0].index("Import")] for line in lines)
    assert " ".join(left.split()) in (" ".join(bound.split()), "1 … 6")
    assert "…" not in left or bound[0] == "1"


def test_the_keys_take_no_more_than_they_need() -> None:
    lines = [plain(line) for line in help_lines(keymap(), [], 96)]
    starts = {
        line.index(word) for line in lines for word in ("To the previous stage", "Write a comment") if word in line
    }
    assert len(starts) == 1
    assert min(starts) < 45


def test_no_name_is_cut_in_any_language() -> None:
    for language in LANGUAGES:
        set_language(language)
        for cells in (40, 76):
            text = " ".join(" ".join(plain(line) for line in help_lines(keymap(), [], cells)).split())
            assert [a.id for a in ACTIONS if _(a.label).split()[-1] not in text] == []


async def test_what_cannot_be_undone_is_asked_and_enter_is_no_answer(trial: Trial) -> None:
    async with trial() as (crm, screen):
        for action, answer in (("confirm.yes", True), ("confirm.no", False), ("cancel", None)):
            screen.open(Confirm(screen.surface, "Empty the workspace?", "All of it goes."))
            await crm.settle()
            await crm.press("enter")
            assert screen.outcome is PENDING
            await crm.press_action(action)
            assert screen.outcome is answer


async def test_a_menu_is_left_by_letter_arrows_and_click(trial: Trial) -> None:
    names = [f"Place {n}" for n in range(40)]
    entries = [
        MenuEntry(chr(ord("a") + n) if n < 26 else "", name, lambda: None, here=n == 1) for n, name in enumerate(names)
    ]
    async with trial(SMALL) as (crm, screen):
        for keys, reached in (
            (("c",), 2),
            (("enter",), 1),
            (("down", "down", "enter"), 3),
            (("up", "enter"), 0),
            (("pgdn",) * 9 + ("enter",), 39),
        ):
            screen.open(Menu(screen.surface, "Go to", entries))
            await crm.settle()
            await crm.press(*keys)
            assert screen.outcome is entries[reached], keys
        screen.open(Menu(screen.surface, "Go to", entries))
        await crm.settle()
        await crm.press("Ö")
        assert crm.said() == "Ö is not in this menu."
        line = next(at for at, text in enumerate(crm.screen_lines()) if "Place 5" in text)
        await crm.pilot.click(offset=(30, line))
        await crm.settle()
        assert screen.outcome is entries[5]


async def test_the_cursor_stays_in_sight_when_the_terminal_shrinks(trial: Trial) -> None:
    def nothing() -> None:
        pass

    places = [MenuEntry(letter, f"Place {letter}", nothing, here=letter == "h") for letter in "abcdefghij"]
    async with trial(SMALL) as (crm, screen):
        screen.open(Menu(screen.surface, "Go to", places))
        await crm.settle()
        await crm.pilot.resize_terminal(80, 12)
        await crm.settle()
        assert "Place h" in crm.screen_text()
        assert "10 in all" in crm.screen_text()
        await crm.press_action("cancel", "commands")
        await crm.press_action(*["list.down"] * 6)
        await crm.pilot.resize_terminal(80, 9)
        await crm.settle()
        assert "▌" in crm.screen_text()
        assert "in all" in crm.screen_text()


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_hostile_texts_are_only_text(trial: Trial, size: tuple[int, int]) -> None:
    async with trial(size) as (crm, screen):
        surface = screen.surface
        for text in HOSTILE_FEW:
            entries = (MenuEntry("x", text, lambda: None),)
            ways = (Way(text, ("g", "x"), lambda: None),)
            for dialog in (
                Confirm(surface, text, text),
                Menu(surface, text, entries),
                ActionPalette(surface, (), ways),
            ):
                screen.open(dialog)
                await crm.settle()
                for line in crm.screen_lines():
                    assert_harmless(line)
                await crm.press_action("cancel")
        assert crm.dialog is None


async def test_ascii_has_no_other_signs(trial: Trial) -> None:
    async with trial(ascii_only=True) as (crm, screen):
        screen.open(Picker(screen.surface, "Where", (), optional=True))
        await crm.settle()
        assert crm.screen_text().isascii()
