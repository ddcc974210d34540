"""Keys at the wrong moment, and a terminal of any size: seeded runs of hundreds of keys on every screen."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from tests.driver import SMALL, Crm, running
from tests.screens.messages.writing import arrived, came, client_of, with_channel, with_phones, with_texting
from tests.screens.opening import D1
from tests.services.documents import files as document_files
from tuicrm.actions import ACTIONS
from tuicrm.domain.items import Ref, Walk
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.calendar.screen import CalendarScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.card.triage import TriageScreen
from tuicrm.screens.find import FindScreen
from tuicrm.screens.items.dupes import DupesScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.screens.messages.inbox import InboxScreen
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.calls import CallMade, log_call
from tuicrm.services.messages.reaching import whom
from tuicrm.widgets.surface import Surface

_LEAVING = ("quit", "suspend")
KEYS = [key for action in ACTIONS if action.id not in _LEAVING for key in action.keys]
KEYS += [
    "enter",
    "esc",
    "esc",
    "tab",
    "up",
    "down",
    "left",
    "right",
    "backspace",
    "ctrl+k",
    "ctrl+a",
    "ctrl+c",
    "F2",
    "1",
    "é",
]
KEYS += [letter for letter in string.ascii_letters if letter != "Q"]
SIZES = [(20, 5), (10, 3), (1, 1), (140, 40), SMALL]
OPENED = {"p": "pipeline", "M": "stage", "n": "form", "g": "menu", "?": "help", ":": "palette", "/": "filter"}


def _with_messages(session: Session, surface: Surface) -> CardScreen:
    """A card with a mail on it, and something to answer it by."""
    with_channel(session)
    client_of(session)
    arrived(session)
    return CardScreen(session, surface, D1)


def _with_an_inbox(session: Session, surface: Surface) -> InboxScreen:
    """Mails of people who are not known."""
    client_of(session)
    for at in range(3):
        came(session, number=f"{at}@a", sender=f"Ada Byron <ada{at % 2}@engine.example>")
    return InboxScreen(session, surface)


def _with_a_call(session: Session, surface: Surface) -> CardScreen:
    """A card with a client who has a number, and a call on it."""
    client_of(session)
    log_call(session, whom(session, "D-1"), CallMade("out", 3, note="They take it"))
    return CardScreen(session, surface, D1)


def _with_texts(session: Session, surface: Surface) -> CardScreen:
    """A card with a client who has numbers, and all kinds of channels for texts."""
    with_phones(session)
    for kind in ("sms_command", "whatsapp", "telegram"):
        with_texting(session, kind)
    return CardScreen(session, surface, D1)


FIRST: dict[str, Callable[[Session, Surface], Screen[Any]]] = {
    "board": BoardScreen,
    "card": lambda session, surface: CardScreen(session, surface, D1),
    "documents": lambda session, surface: CardScreen(session, surface, document_made(session)),
    "list": lambda session, surface: ListScreen(session, surface, "contact"),
    "find": FindScreen,
    "triage": lambda session, surface: TriageScreen(session, surface, D1, Walk("deal", [1, 2, 3])),
    "dupes": DupesScreen,
    "calendar": CalendarScreen,
    "messages": _with_messages,
    "calls": _with_a_call,
    "texts": _with_texts,
    "inbox": _with_an_inbox,
}
OPENING = {
    "card": (("tab",), ("C",)),
    "messages": (("m", "m"), ("tab", "home", "j", "enter")),
    "texts": (("m", "s"), ("m", "t", "x", "F2")),
    "calls": (("m", "c"), ("tab", "home", "e")),
}
"""What is pressed first, by seed."""


@pytest.fixture(autouse=True)
def nothing_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A document that is saved or opened is so in a folder of the test, and opens nothing on a desktop."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSH_CONNECTION", "1")


def document_made(session: Session) -> Ref:
    """An item that has a document."""
    document_files.add(session)
    return document_files.make(session).record.owner or D1


def assert_alive(crm: Crm) -> None:
    assert crm.app.is_running
    assert crm.app.return_code is None


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("first", FIRST)
async def test_keys_at_the_wrong_moment(seeded: Session, first: str, seed: int) -> None:
    chance = random.Random(f"{first} {seed}")
    async with running(seeded, FIRST[first], SMALL) as crm:
        await crm.press(*OPENING.get(first, ((), ()))[seed])
        if first == "documents":
            assert isinstance(crm.screen, CardScreen)
            at = next(at for at, tab in enumerate(crm.screen.card.tabs, start=1) if tab.key == "documents")
            await crm.press(str(at))
            await crm.press(*(["d"] if seed else []))
        for _n in range(120):
            await crm.press(chance.choice(KEYS))
            assert_alive(crm)
    assert seeded.store.files.verify() == []


@pytest.mark.parametrize(
    "first", [name for name in FIRST if name not in ("find", "dupes", "documents", "messages", "calls", "texts")]
)
async def test_any_size_while_something_is_open(seeded: Session, first: str) -> None:
    async with running(seeded, FIRST[first], SMALL) as crm:
        await crm.press("home")
        before = crm.screen_text()
        for key in ("", "n", "M", "g", "?", ":", "/", "c", "F2", "a"):
            if key:
                await crm.press(key)
            for size in SIZES:
                await crm.pilot.resize_terminal(*size)
                await crm.settle()
                assert_alive(crm)
            for _twice in range(2):
                if crm.dialog is not None or crm.screen.query("Editor"):
                    await crm.press("esc")
        # What the last key had to say goes with the next one.
        await crm.press("home")
        assert crm.screen_text() == before
