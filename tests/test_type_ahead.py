"""Keys that arrive faster than the screen follows."""

from __future__ import annotations

from textual import events

from tests.driver import SMALL, Crm, running
from tuicrm.domain.items import Ref
from tuicrm.render.fields import FieldRows, FieldTarget
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.field_pane import FieldPane


def at_once(crm: Crm, *keys: str) -> None:
    """All these keys in one moment, as one packet over SSH brings them; a name, or a text to type."""
    for key in keys:
        if key in ("enter", "tab", "escape"):
            crm.app.post_message(events.Key(key, None))
        else:
            for character in key:
                crm.app.post_message(events.Key(character, character))


async def test_an_edit_typed_at_once(seeded: Session) -> None:
    async with running(seeded, lambda s, surface: CardScreen(s, surface, Ref("deal", 1)), SMALL) as crm:
        pane = crm.screen.query_one(FieldPane)
        assert isinstance(pane.rows, FieldRows)
        view = pane.rows.view
        place = next(
            FieldTarget(s, f)
            for s, section in enumerate(view.sections)
            for f, field in enumerate(section.fields)
            if field.key == "close_date"
        )
        pane.move_to(place)
        await crm.settle()
        at_once(crm, "enter", "+3d", "enter", "k")
        await crm.settle()
        assert seeded.get(Ref("deal", 1)).get("close_date") == "2026-11-26", crm.screen_text()
        assert pane.cursor not in (None, place)


async def test_a_new_item_typed_at_once(seeded: Session) -> None:
    async with running(seeded, lambda s, surface: BoardScreen(s, surface, "deal"), SMALL) as crm:
        at_once(crm, "n", "Typed at once", "enter", "1500", "enter", "enter")
        await crm.settle()
        titles = [item.get("title") for item in seeded.find("deal", None, [], 50).items]
        assert "Typed at once" in titles, crm.screen_text()
