"""Draws README's pictures from the demo: `make pictures`. They show what the program shows, on a fixed day, 140 cells by 40."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from textual.screen import Screen

from tuicrm.app import CrmApp
from tuicrm.keymap import keymap
from tuicrm.render.palette import Palette
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.kernel.lookup import read_ref
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.demo import make_demo
from tuicrm.services.workspace.start import open_session
from tuicrm.widgets.surface import Surface, TerminalLook

NOW = datetime(2026, 11, 23, 13, 2, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Rome")
SIZE = (140, 40)
_DARK = Palette("dark", "true")
FOLDER = Path(__file__).parent.parent / "docs"

First = Callable[[Session, Surface], Screen[Any]]
"""What makes the screen that a picture begins on."""


def board(session: Session, surface: Surface) -> Screen[Any]:
    """The board of deals."""
    return BoardScreen(session, surface, "deal")


def card(session: Session, surface: Surface) -> Screen[Any]:
    """The card of a deal that has much on it."""
    return CardScreen(session, surface, read_ref(session, "D-42"))


PICTURES: dict[str, tuple[First, tuple[str, ...]]] = {
    "board": (board, ("l", "l", "j")),
    "card": (card, ("j", "j")),
    "customise": (card, ("C", "j", "j")),
}


async def draw(folder: Path) -> list[Path]:
    """Write all pictures into a folder; returns their files."""
    files = []
    with tempfile.TemporaryDirectory() as temporary:
        workspace = Path(temporary) / "demo"
        make_demo(workspace, login="anna", clock=lambda: NOW, zone=ZONE)
        for name, (first, keys) in PICTURES.items():
            session = open_session(workspace, login="anna", clock=lambda: NOW, zone=ZONE, language="en", locale="en_IE")
            try:
                files.append(await draw_one(session, first, keys, folder / f"{name}.svg"))
            finally:
                session.close()
    return files


async def draw_one(
    session: Session,
    first: First,
    keys: Sequence[str],
    file: Path,
    palette: Palette = _DARK,
    size: tuple[int, int] = SIZE,
) -> Path:
    """Write what a screen shows after some keys, pressed as the action table writes them; returns the file."""
    app = CrmApp(session, Surface(keymap(), TerminalLook(palette)), first)
    async with app.run_test(size=size) as pilot:
        await app.rest()
        for key in keys:
            await pilot.press(key)
            await app.rest()
        await pilot.pause()
        svg = app.export_screenshot(title="tuicrm")
    # The same picture gives the same file.
    svg = re.sub(r"terminal-\d+-", "terminal-", svg)
    file.write_text(svg, encoding="utf-8")
    return file


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for picture in asyncio.run(draw(folder)):
        print(picture)
