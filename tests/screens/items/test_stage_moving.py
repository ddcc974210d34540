"""The palette finds a stage by its name and by what it means, and asks as `M` does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.screen import Screen

from tests.conftest import OpenAs
from tests.doors import require_field
from tests.driver import LARGE, SMALL, Crm, running
from tests.hostile import HOSTILE_FEW, assert_harmless
from tuicrm.domain.items import Ref
from tuicrm.i18n import _, set_language
from tuicrm.screens.boards.agenda import AgendaScreen
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.definitions import stage_changes
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.form import Form
from tuicrm.widgets.palette import ActionPalette
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.surface import Surface

D3 = Ref("deal", 3)
Opens = Callable[[Session, Surface], Screen[Any]]
ON: dict[str, Opens] = {
    "board": lambda s, surface: BoardScreen(s, surface, "deal"),
    "card": lambda s, surface: CardScreen(s, surface, D3),
    "list": lambda s, surface: ListScreen(s, surface, "deal"),
}


async def stand_on(crm: Crm, ref: Ref) -> None:
    """Put the cursor on an item, wherever it is shown."""
    screen = crm.screen
    if isinstance(screen, BoardScreen):
        screen.view.go_to(ref.id)
    elif isinstance(screen, ListScreen):
        screen.pane.move_to(ref.id)
    await crm.settle()


async def sought(crm: Crm, typed: str) -> str:
    """What the palette has first for what is typed."""
    await crm.press(":")
    await crm.type(typed)
    assert isinstance(crm.dialog, ActionPalette)
    first = crm.dialog.current
    return first.label if first is not None else ""


@pytest.mark.parametrize("where", ON)
async def test_a_stage_is_found_by_name_and_meaning_and_asked_as_the_key_does(seeded: Session, where: str) -> None:
    require_field(seeded, "deal", "amount", always=False, pipeline="general", stages=["won"])
    stage_changes.change_stage(seeded, "deal", "general", "won", name="Signed")
    async with running(seeded, ON[where], SMALL) as crm:
        await stand_on(crm, D3)
        before = seeded.get(D3).get("stage")
        for typed in ("won", "win", "signed", "move to signed"):
            assert await sought(crm, typed) == "Move to Signed", typed
            assert "M" in crm.screen_text()
            await crm.press("esc")
        assert (await sought(crm, "lost")).startswith("Move to ")
        await crm.press("esc")
        here = seeded.label(next(s for s in seeded.workspace.pipelines("deal")[0].stages if s.key == before).label)
        assert f"Move to {here}" != await sought(crm, f"move to {here}"), "not where it is already"
        await crm.press("esc")
        if where == "board":
            screen = crm.screen
            assert isinstance(screen, BoardScreen)
            screen.view.move_column(1)
            assert await sought(crm, "new") == "New", "an action of that name goes before a stage of it"
            await crm.press("esc")
            await stand_on(crm, D3)
        await sought(crm, "won")
        await crm.press("enter")
        assert isinstance(crm.dialog, Picker), "asked where the key asks"
        assert seeded.get(D3).get("stage") == before
        await crm.press("enter")
        while isinstance(crm.dialog, Picker):  # what success makes
            await crm.type("only")
            await crm.press("enter")
        assert isinstance(crm.dialog, Form), "what the stage needs"
        await crm.type("1200")
        await crm.press("F2")
        assert seeded.get(D3).get("stage") == "won"


@pytest.mark.parametrize("where", ON)
async def test_why_it_cannot_be_is_told(seeded: Session, open_as: OpenAs, where: str) -> None:
    luca = open_as("luca")
    async with running(luca, ON[where], SMALL) as crm:
        await stand_on(crm, D3)
        await crm.press("M")
        reason = crm.said()
        assert reason
        assert await sought(crm, "won") == "Move to Deal won"
        await crm.press("enter")
        assert isinstance(crm.dialog, ActionPalette)
        assert reason in crm.screen_text()
    async with running(luca, lambda s, surface: ListScreen(s, surface, "contact"), SMALL) as crm:
        assert "Move to" not in await sought(crm, "won")
        await crm.press("esc", "M")
        assert crm.said() == "This type has no stages."


async def test_marked_items_of_a_list_move_together_and_what_stays_is_told(demo: Session) -> None:
    async with running(demo, ON["list"], LARGE) as crm:
        screen = crm.screen
        assert isinstance(screen, ListScreen)
        await crm.press_action("mark", "mark")
        refs = screen.cursor.meant()
        stage = demo.workspace.pipelines("deal")[0].stages[1]
        await sought(crm, f"move to {demo.label(stage.label)}")
        await crm.press("enter", "enter")
        while crm.dialog is not None:
            await crm.press("F2" if isinstance(crm.dialog, Form) else "enter")
        moved = [ref for ref in refs if demo.get(ref).get("stage") == stage.key]
        assert moved
        assert screen.pane.marked == {ref.id for ref in refs if ref not in moved}
        await crm.press_action("undo")
        assert [ref for ref in refs if demo.get(ref).get("stage") == stage.key] != refs


async def test_names_of_stages_are_only_text(seeded: Session) -> None:
    async with running(seeded, ON["board"], SMALL) as crm:
        for text in HOSTILE_FEW:
            stage_changes.change_stage(seeded, "deal", "general", "won", name=f"A{text}"[:60])
            await crm.settle()
            await sought(crm, "won")
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press("esc")


async def test_in_italian_by_italian_and_english_words(seeded: Session) -> None:
    set_language("it")
    async with running(seeded, ON["board"], SMALL) as crm:
        await stand_on(crm, D3)
        for typed in ("won", "lost"):
            assert (await sought(crm, typed)).startswith(_("Move to {stage}").format(stage="")), typed
            await crm.press("esc")


async def test_another_column_of_days_is_found_by_name(demo: Session) -> None:
    def first(session: Session, surface: Surface) -> AgendaScreen:
        return AgendaScreen(session, surface, ViewSpec("deal"), "deadlines")

    async with running(demo, first, LARGE) as crm:
        screen = crm.screen
        assert isinstance(screen, AgendaScreen)
        column = next(
            one
            for one in screen.board.columns
            if one.key != screen.view.stage_key and not screen.board.why_not_drop(one.key)  # type: ignore[arg-type]
        )
        assert await sought(crm, f"move to {column.label}") == f"Move to {column.label}"
        await crm.press("enter")
        assert isinstance(crm.dialog, Picker)
