"""What every screen has: the dispatcher, reasons, footer, messages, undo, the way out."""

from __future__ import annotations

from functools import partial

import pytest

from tests.driver import LARGE, SMALL, running
from tests.hostile import HOSTILE, assert_harmless
from tests.screens.stage import ListPane, StageScreen
from tuicrm.errors import FieldProblem, Refused
from tuicrm.keymap import keymap
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


async def test_a_key_finds_the_nearest_method(workspace: Session) -> None:
    async with running(workspace, partial(StageScreen, texts=["a", "b", "c"])) as crm:
        await crm.press_action("move.down", "field.edit")
        assert crm.app.screen.query_one(ListPane).edited == [1]


async def test_a_rebound_key_does_it_and_the_old_one_nothing(workspace: Session) -> None:
    keys = keymap("vi", {"move.down": ["%"]})
    async with running(workspace, partial(StageScreen, texts=["a", "b"]), keys=keys) as crm:
        await crm.press("j")
        assert crm.app.screen.query_one(ListPane).cursor == 0
        await crm.press("%")
        assert crm.app.screen.query_one(ListPane).cursor == 1
        assert "%" in crm.screen_lines()[-1]


async def test_a_key_that_cannot_act_says_why(workspace: Session) -> None:
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        await crm.press_action("stage.next")
        assert crm.said() == "Proposal needs: Amount [/]"
        assert "Proposal needs: Amount [/]" in crm.screen_lines()[-2]
        await crm.press_action("move.down")
        assert crm.said() == ""
        assert "Proposal" not in crm.screen_text()


async def test_a_key_that_does_nothing_here_says_where_it_does(workspace: Session) -> None:
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        await crm.press("Z")
        assert crm.said() == "Z does nothing here; ? shows all keys."
        await crm.press("W")
        assert crm.said() == "W does nothing here (but in Triage: Won); ? shows all keys."
        await crm.press("F9")
        assert crm.said() == "F9 does nothing here; ? shows all keys."
        await crm.press("j")
        assert crm.said() == ""


async def test_the_footer_speaks_of_the_keys_only_where_it_shows_them(workspace: Session) -> None:
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        assert "? keys" in crm.screen_lines()[-1]
        await crm.press_action("commands")
        assert "? keys" not in crm.screen_lines()[-1]
        await crm.press_action("cancel", "help")
        assert "? keys" not in crm.screen_lines()[-1]
        assert "close" in crm.screen_lines()[-1]
        await crm.press_action("close")
        assert "? keys" in crm.screen_lines()[-1]


async def test_what_is_typed_into_an_input_is_no_key_that_does_nothing(workspace: Session) -> None:
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        await crm.press_action("commands")
        await crm.type("zs")
        assert crm.said() == ""


async def test_a_refusal_is_said_with_its_fields(workspace: Session) -> None:
    def refuse() -> None:
        raise Refused("Not like this", [FieldProblem("amount", "Amount: [/] is missing")])

    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        crm.app.screen.query_one(ListPane).do_field_edit = refuse  # type: ignore[method-assign] # stands in for a service
        await crm.press_action("field.edit")
        assert crm.said() == "Not like this\nAmount: [/] is missing"
        assert "Amount: [/] is missing" in crm.screen_text()


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_footer_says_what_can_be_done_here(workspace: Session, size: tuple[int, int]) -> None:
    async with running(workspace, partial(StageScreen, texts=["a"]), size) as crm:
        footer = crm.screen_lines()[-1]
        for words in ("j k move", "enter edit", "> stage", "? keys"):
            assert words in footer
        assert "comment" not in footer  # nobody here can do it


async def test_undo_says_what_was_undone_and_how_to_redo(workspace: Session) -> None:
    items.add(workspace, "company", {"title": "Rossi [/]"})
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        screen = crm.screen
        assert isinstance(screen, StageScreen)
        await crm.press_action("undo")
        await crm.press_action("confirm.yes")
        assert crm.said().startswith("Undone:")
        assert "U redo" in crm.screen_text()
        assert screen.reloads == 1
        await crm.press_action("undo")
        assert crm.said() == "There is nothing to undo."


async def test_a_change_elsewhere_reloads_the_screen(workspace: Session) -> None:
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        screen = crm.screen
        assert isinstance(screen, StageScreen)
        items.add(workspace, "company", {"title": "Rossi"})
        await crm.settle()
        assert screen.reloads == 1


async def test_go_to_takes_one_there(workspace: Session) -> None:
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        screen = crm.app.screen
        assert isinstance(screen, StageScreen)
        went = screen.went
        await crm.press_action("goto")
        assert "d  Deals [/]" in crm.screen_text()
        await crm.press("d")
        assert crm.dialog is None
        assert went == ["deals"]
        await crm.press_action("goto", "cancel")
        assert crm.dialog is None
        assert went == ["deals"]


async def test_quit_leaves(workspace: Session) -> None:
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        await crm.press_action("quit")
        assert crm.app.return_code == 0


async def test_ctrl_c_says_how_to_leave(workspace: Session) -> None:
    async with running(workspace, partial(StageScreen, texts=["a"])) as crm:
        await crm.press("ctrl+c")
        assert crm.said() == "Q quits tuicrm."


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_hostile_texts_are_only_text(workspace: Session, size: tuple[int, int]) -> None:
    async with running(workspace, partial(StageScreen, texts=HOSTILE), size) as crm:
        for text in HOSTILE:
            crm.screen.say(text, "refused", text[:5])
            await crm.settle()
            await crm.press_action("move.down")
        for line in crm.screen_lines():
            assert_harmless(line)
        assert crm.app.return_code is None
