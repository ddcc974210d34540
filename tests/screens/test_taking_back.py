"""Undo and redo say what they take back and on which item, and ask once where that is not in sight."""

from __future__ import annotations

from pathlib import Path

from tests.driver import LARGE, running
from tests.hostile import assert_harmless
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import open_session
from tuicrm.widgets.confirm import Confirm

D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))


def title(session: Session, ref: Ref) -> str:
    session.store.refresh()
    return str(session.get(ref).get("title"))


async def test_what_was_done_elsewhere_is_asked_about_once(demo: Session) -> None:
    """A step of the command line, then one made here, then one on an item that is not in sight."""
    async with running(demo, lambda s, surface: BoardScreen(s, surface, "deal", "wholesale"), LARGE) as crm:
        before = title(demo, D1)
        other = open_session(Path(demo.store.place), login="root", clock=demo.clock, zone=demo.zone, locale="en_GB")
        items.edit(other, D1, {"title": "Hostile [/] \x1b[31m"})
        other.close()
        await crm.settle()
        await crm.press_action("undo")
        assert isinstance(crm.dialog, Confirm)
        assert "D-1" in crm.screen_text()
        assert "Hostile [/]" in crm.screen_text()
        assert "another place" in crm.screen_text()
        assert_harmless("".join(crm.screen_lines()))
        await crm.press_action("confirm.no")
        assert title(demo, D1) != before
        await crm.press_action("undo", "confirm.yes")
        assert title(demo, D1) == before
        assert crm.said() == "Undone: change Title of D-1 (Hostile [/] \x1b[31m)"
        # What was taken back here is done again here, without a question.
        await crm.press_action("redo")
        assert title(demo, D1) != before
        assert crm.said().startswith("Done again: change Title of D-1")
        await crm.press_action("undo")
        assert title(demo, D1) == before


async def test_what_is_in_sight_or_was_said_here_is_taken_back_at_once(demo: Session) -> None:
    async with running(demo, lambda s, surface: BoardScreen(s, surface, "deal", "wholesale"), LARGE) as crm:
        screen = crm.screen
        assert isinstance(screen, BoardScreen)
        assert screen.current is not None
        gone, name = screen.current.ref, str(screen.current.get("title"))
        shown = demo.workspace.show_ref(gone)
        # From the card: one is back on the board, where it is said, and the item is not in sight any more.
        await crm.press_action("open", "delete")
        assert crm.said() == f"{shown} {name} was deleted"
        await crm.press_action("undo")
        assert crm.dialog is None
        assert crm.said() == f"Undone: delete {shown} ({name})"
        assert demo.peek(gone) is not None
        # Several, by name.
        await crm.press_action("mark", "move.down", "mark", "delete")
        assert crm.said().startswith("2 deleted: ")
        assert crm.said().count("D-") == 2
        await crm.press_action("undo")
        assert crm.dialog is None


async def test_an_item_that_one_left_is_asked_about(demo: Session) -> None:
    """On a card, the one beside it was changed; on another list, nothing of it is in sight."""
    async with running(demo, lambda s, surface: BoardScreen(s, surface, "deal", "wholesale"), LARGE) as crm:
        await crm.press_action("open", "comment")
        await crm.type("Called")
        await crm.press_action("text.save", "card.next", "undo")
        assert isinstance(crm.dialog, Confirm)
        assert "another screen" in crm.screen_text()
        await crm.press_action("cancel", "card.previous", "undo")
        assert crm.dialog is None
        assert crm.said().startswith("Undone: ")
    async with running(demo, lambda s, surface: ListScreen(s, surface, "contact"), LARGE) as crm:
        items.edit(demo, D3, {"title": "Elsewhere"})
        crm.screen.on_screen_resume()  # as when one comes back to it
        await crm.press_action("undo")
        assert isinstance(crm.dialog, Confirm)
        assert "Elsewhere" in crm.screen_text()
        await crm.press_action("confirm.yes")
        assert title(demo, D3) != "Elsewhere"
