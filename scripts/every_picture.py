"""Draws every main screen of the demo, dark and light, 80 cells by 24 and 140 by 40, to be looked at beside ../shared/design.

`python -m scripts.every_picture FOLDER [NAME…]` writes SVG files, and where there is a chromium a sheet of each screen as PNG.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

from textual.screen import Screen

from scripts.pictures import NOW, ZONE, First, board, card, draw_one
from tuicrm.render.palette import Palette, Theme
from tuicrm.screens.items.screen import ListScreen
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.screens.welcome import WelcomeScreen
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.demo import make_demo
from tuicrm.services.workspace.start import open_session
from tuicrm.widgets.surface import Surface

SIZES = ((80, 24), (140, 40))
_WIDTHS = {80: 960, 140: 1120}
"""Cells → pixels on a sheet."""
THEMES: tuple[Theme, ...] = ("dark", "light")


def _list(type_key: str) -> First:
    return lambda session, surface: ListScreen(session, surface, type_key)


def _calendar(session: Session, surface: Surface) -> Screen[Any]:
    from tuicrm.screens.calendar.screen import CalendarScreen

    return CalendarScreen(session, surface)


def _settings(session: Session, surface: Surface) -> Screen[Any]:
    return SettingsScreen(session, surface)


def _welcome(_session: Session, surface: Surface) -> Screen[Any]:
    return WelcomeScreen(surface, "/home/anna/.local/share/tuicrm", _Nowhere(), lambda _temporary: None)


class _Nowhere:
    """A way out of the welcome that leads nowhere: pictures only look."""

    async def open(self, path: Path, /) -> Session:
        raise NotImplementedError

    def show(self, session: Session) -> None:
        raise NotImplementedError


PICTURES: dict[str, tuple[First, Sequence[str]]] = {
    "board": (board, "llj"),
    "leads": (lambda session, surface: _board_of(session, surface, "lead"), ""),
    "card": (card, "jj"),
    "timeline": (card, ["tab", "j", "j"]),
    "products": (card, "2"),
    "history": (card, ["9"]),
    "customise": (card, "Cjj"),
    "list": (_list("deal"), "jj"),
    "contacts": (_list("contact"), "j"),
    "companies": (_list("company"), "j"),
    "deadlines": (board, "vd"),
    "activities": (board, "va"),
    "calendar-day": (_calendar, "d"),
    "calendar-week": (_calendar, "w"),
    "calendar-month": (_calendar, "m"),
    "calendar-agenda": (_calendar, "A"),
    "calendar-side": (_calendar, "s"),
    "triage": (board, "T"),
    "find": (board, ["ctrl+f", *"ferrari"]),
    "creating": (board, "n"),
    "create": (card, "+"),
    "merge": (_list("company"), ["space", "j", "space", "&"]),
    "duplicates": (board, "gu"),
    "settings": (_settings, "j"),
    "fields": (_settings, ["j", "j", "j", "j", "enter"]),
    "stages": (board, "s"),
    "welcome": (_welcome, ""),
    "help": (board, "?"),
    "palette": (board, ":"),
    "goto": (board, "g"),
    "form": (card, ["a"]),
    "comment": (card, ["c"]),
    "edit": (card, ["j", "enter"]),
    "filter": (board, "/"),
}
"""Name → the screen that it begins on, and the keys that are pressed there."""


def _board_of(session: Session, surface: Surface, type_key: str) -> Screen[Any]:
    from tuicrm.screens.boards.board import BoardScreen

    return BoardScreen(session, surface, type_key)


async def draw_all(folder: Path, names: Sequence[str], themes: Sequence[Theme] = THEMES) -> None:
    """Write each screen in each theme and size; a screen that fails says so, the others are drawn."""
    with tempfile.TemporaryDirectory() as temporary:
        workspace = Path(temporary) / "demo"
        make_demo(workspace, login="anna", clock=lambda: NOW, zone=ZONE)
        for name in names:
            first, keys = PICTURES[name]
            for theme, size in product(themes, SIZES):
                session = open_session(
                    workspace, login="anna", clock=lambda: NOW, zone=ZONE, language="en", locale="en_IE"
                )
                try:
                    await draw_one(
                        session, first, keys, folder / f"{name}-{theme}-{size[0]}.svg", Palette(theme, "true"), size
                    )
                finally:
                    session.close()
            _sheet(folder, name, themes)


def _sheet(folder: Path, name: str, themes: Sequence[Theme]) -> None:
    """The pictures of a screen beside one another, as `NAME.png`."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        return
    rows = "".join(
        '<div style="white-space:nowrap">'
        + "".join(f'<img src="{name}-{theme}-{cells}.svg" width="{_WIDTHS[cells]}">' for theme in themes)
        + "</div>"
        for cells in _WIDTHS
    )
    page = folder / f"{name}.html"
    page.write_text(f'<body style="margin:0;background:#888;overflow:hidden">{rows}</body>', encoding="utf-8")
    size = f"--window-size={max(_WIDTHS.values()) * len(themes) + 20},1240"
    command = [chromium, "--headless", "--no-sandbox", f"--screenshot={folder / name}.png", size, str(page)]
    subprocess.run(command, check=True, capture_output=True)
    page.unlink()
    print(folder / f"{name}.png", flush=True)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw_all(target, sys.argv[2:] or list(PICTURES)))
