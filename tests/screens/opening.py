"""Cards and boards opened for stories, and what is done on them all the time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.screen import Screen

from tests.doors import add_field
from tests.driver import LARGE, SMALL, Crm, running
from tests.hostile import assert_harmless
from tuicrm.domain import layouts as edits
from tuicrm.domain.items import Ref, Walk
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.screens.boards.agenda import AgendaScreen
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts

BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])
D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))


@asynccontextmanager
async def card(
    session: Session, ref: Ref = D1, size: tuple[int, int] = SMALL, walk: Sequence[Ref] = (), ascii_only: bool = False
) -> AsyncIterator[tuple[Crm, CardScreen]]:
    """The card of an item, alone on the screen."""
    async with running(
        session,
        lambda s, surface: CardScreen(s, surface, ref, walk=Walk(ref.type, [each.id for each in walk])),
        size,
        ascii_only=ascii_only,
    ) as crm:
        assert isinstance(crm.screen, CardScreen)
        yield crm, crm.screen


@asynccontextmanager
async def board(
    session: Session, size: tuple[int, int] = SMALL, pipeline: str = ""
) -> AsyncIterator[tuple[Crm, BoardScreen]]:
    """The deals of a pipeline, of the first one by default."""
    async with running(session, lambda s, surface: BoardScreen(s, surface, "deal", pipeline), size) as crm:
        assert isinstance(crm.screen, BoardScreen)
        yield crm, crm.screen


@asynccontextmanager
async def agenda(
    session: Session, view: str, type_key: str = "deal", size: tuple[int, int] = LARGE
) -> AsyncIterator[tuple[Crm, AgendaScreen]]:
    """The deadlines or activities of a type."""
    async with running(session, lambda s, surface: AgendaScreen(s, surface, ViewSpec(type_key), view), size) as crm:
        assert isinstance(crm.screen, AgendaScreen)
        yield crm, crm.screen


async def go_to(crm: Crm, field: str) -> None:
    """Put the cursor on a field by its key."""
    screen = crm.screen
    assert isinstance(screen, CardScreen)
    place = screen.fields.place_of(screen.card, field)
    assert place is not None, f"{field} is not on the card"
    screen.fields.move_to(place)
    await crm.settle()


async def choose(crm: Crm, typed: str) -> None:
    """Pick from a list by typing."""
    await crm.type(typed)
    await crm.press_action("list.choose")


async def assert_shows_only_text(crm: Crm, screen: Screen[Any]) -> None:
    """Leave what is open over a screen; what stands there then is harmless, and the screen is still there."""
    while crm.dialog is not None:
        await crm.press_action("cancel")
    for line in crm.screen_lines():
        assert_harmless(line)
    assert screen.is_attached


def add_shown(session: Session, type_key: str, label: str, kind: str, **more: Any) -> str:
    """A field of one's own on the card's last section; returns its key."""
    return show(session, type_key, add_field(session, type_key, label, kind, **more).key)


def show(session: Session, type_key: str, field: str) -> str:
    """Put a field at the end of the card's last section; returns its key."""
    place = LayoutPlace(type_key, session.workspace.variants(type_key)[0].key)
    layout = layouts.current(session, place)
    if edits.where(layout, field) is None:
        last = len(layout.sections) - 1
        layouts.edit(session, place, "show it", lambda before: edits.place_field(before, field, last))
    return field
