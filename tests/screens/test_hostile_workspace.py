"""Every screen, dialog and mode on workspaces that another program wrote: hostile texts, and values of wrong kinds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.driver import SMALL, running
from tests.hostile_workspace import FORBIDDEN, hostile_texts, wrong_kinds
from tests.screens.walking import (
    look,
    press,
    walk_board,
    walk_card,
    walk_customise,
    walk_fields,
    walk_list,
    walk_products,
    walk_settings,
)
from tests.terminal import Terminal
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.calendar.screen import CalendarScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.screens.settings.fields import FieldsScreen
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.calendar.occurrences import Whose
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

CARDS: dict[Callable[[Session], None], tuple[int, ...]] = {hostile_texts: (1001,), wrong_kinds: (2015, 3007)}
BOARDS = [(hostile_texts, "evil"), (wrong_kinds, "general")]


@pytest.mark.parametrize(("spoil", "pipeline"), BOARDS)
async def test_board(seeded: Session, spoil: Callable[[Session], None], pipeline: str) -> None:
    spoil(seeded)
    async with running(seeded, lambda s, surface: BoardScreen(s, surface, "deal", pipeline), SMALL) as crm:
        look(crm)
        await walk_board(crm)
    assert seeded.store.files.verify() == []


@pytest.mark.parametrize(("spoil", "number"), [(spoil, number) for spoil, ids in CARDS.items() for number in ids])
async def test_card_and_customise_mode(seeded: Session, spoil: Callable[[Session], None], number: int) -> None:
    spoil(seeded)
    async with running(seeded, lambda s, surface: CardScreen(s, surface, Ref("deal", number)), SMALL) as crm:
        look(crm)
        await walk_products(crm)
        await press(crm, "1")
        await walk_card(crm)
        await walk_customise(crm)
        await press(crm, "D")
    assert seeded.store.files.verify() == []


@pytest.mark.parametrize(("spoil", "number"), [(hostile_texts, 1001), (wrong_kinds, 2001)])
async def test_documents_and_templates(seeded: Session, spoil: Callable[[Session], None], number: int) -> None:
    spoil(seeded)
    ref = Ref("deal", number)
    if seeded.peek(ref) is None:
        ref = Ref("deal", 1)
    async with running(seeded, lambda s, surface: CardScreen(s, surface, ref), SMALL) as crm:
        card = crm.screen
        assert isinstance(card, CardScreen)
        await press(crm, str(next(at for at, tab in enumerate(card.card.tabs, 1) if tab.key == "documents")))
        await press(
            crm, "enter", "esc", "e", "esc", "v", "esc", "r", "D", "u", "j", "enter", "esc", "d", "enter", "esc", "esc"
        )
    async with running(seeded, lambda s, surface: SettingsScreen(s, surface, "templates"), SMALL) as crm:
        await press(crm, "enter", "p", "enter", "down", "y", "esc", "c", "esc", "enter", "esc", "J", "x", "j", "D", "u")
    assert seeded.store.files.verify() == []


@pytest.mark.parametrize("type_key", ["contact", "company", "deal"])
@pytest.mark.parametrize("spoil", [hostile_texts, wrong_kinds])
async def test_list(seeded: Session, spoil: Callable[[Session], None], type_key: str) -> None:
    spoil(seeded)
    async with running(seeded, lambda s, surface: ListScreen(s, surface, type_key), SMALL) as crm:
        look(crm)
        await walk_list(crm)
        await press(crm, "G", "enter", "j", "q")


@pytest.mark.parametrize("spoil", [hostile_texts, wrong_kinds])
async def test_settings_and_lists_of_fields(seeded: Session, spoil: Callable[[Session], None]) -> None:
    spoil(seeded)
    async with running(seeded, SettingsScreen, SMALL) as crm:
        look(crm)
        await walk_settings(crm)
    async with running(seeded, lambda s, surface: FieldsScreen(s, surface, "deal"), SMALL) as crm:
        look(crm)
        await walk_fields(crm)
    assert seeded.store.files.verify() == []


@pytest.mark.parametrize("spoil", [hostile_texts, wrong_kinds])
async def test_calendar(seeded: Session, spoil: Callable[[Session], None]) -> None:
    spoil(seeded)
    async with running(seeded, CalendarScreen, SMALL) as crm:
        assert isinstance(crm.screen, CalendarScreen)
        crm.screen.show_whose(Whose())
        for key in ("w", "d", "m", "A", "s"):
            await press(
                crm, key, "tab", "tab", "enter", "q", "M", "l", "j", "esc", "x", "esc", "f", "pgdn", "t", "G", "home"
            )
            look(crm)
        await press(crm, "c", "esc", "v", "esc", "e", "esc", "D", "esc", "u")
    assert seeded.store.files.verify() == []


@pytest.fixture
def hostile_folder(tmp_path: Path) -> Path:
    path = tmp_path / "hostile"
    create_workspace(path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company"))
    session = open_session(path)
    hostile_texts(session)
    wrong_kinds(session)
    session.close()
    return path


def test_what_a_real_terminal_gets(hostile_folder: Path) -> None:
    """No byte of theirs among all that is written; the program ends as it should."""
    terminal = Terminal([sys.executable, "-m", "tuicrm", "--data", str(hostile_folder)])
    try:
        terminal.see("keys")
        for keys in (b"j", b"l", b"l", b"p", b"\x1b", b"M", b"\x1b", b":", b"\x1b", b"?", b"\x1b", b"/ti", b"\x1b", b"pevil",
                     b"\x1b", b"p\x1b[B\r", b"j", b"\r", b".", *[b"j"] * 12, b"\x1b[12~", b"\x1b", b"\t", b"j", b"\r", b"\x1b", b"f",
                     b"\x1b", b"\t", b"C", b"f", b"\x1b", b"r", b"\x1b", b"\x1b", b"y", b"Y", b"q", b"Y", b"g", b"c", b"G", b"\r",
                     b"q", b"y"):  # fmt: skip
            terminal.press(keys, 1)
        # What `y` sends is the app's own, and its text is cleaned and encoded.
        written = terminal.raw()
        own = written.count(b"\x1b]52;c;")
        assert own >= 1
        assert [code for code in FORBIDDEN if code in written and code not in (b"\x1b]52;", b"\x07")] == []
        assert written.count(b"\x1b]52;") == own
        terminal.press(b"\x1b", 1)
        terminal.press(b"Q", 1)
        assert terminal.wait() == 0
        assert terminal.left_on() == set()
        assert b"Traceback" not in terminal.raw()
    finally:
        terminal.close()
