"""What tuicrm uses of Textual's insides: names that any version may change without a word, so all of them stand in this file.

`USED` gives the reason for each. `tests/test_insides.py` looks for every name in the Textual that is installed, and for such names in
other files; CI looks for them in the newest Textual too (`scripts/newest.sh`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.keys import Keys
from textual.screen import Screen

from tuicrm.widgets.keyboards import PlacedKey, shifted

Result = TypeVar("Result")

USED: Mapping[str, str] = {
    "Screen._compositor_refresh": "drawing a screen once, whole: Textual draws four times while one opens, and says so nowhere else",
    "Screen._compositor": "the rows that a screen shows, to keep the first picture for the next time",
    "Screen._dirty_widgets": "a drawing that waits for the next moment: `refresh` asks for a second one where a layout has just drawn",
    "App._driver": "the terminal at a hang-up, when there is no time to end in order",
    "LinuxDriver._sigcont_application": "going on after SIGSTOP, of which nobody was told",
    "LinuxDriver.attrs_before": "the terminal's line settings as they were found",
    "XTermParser._parse_extended_key": "keys of which the terminal tells the place: Textual's parser fails on what it says of them",
    "reactive.__watchers": "a text area that is gone stays among those who watch the theme until that changes, with its whole screen",
}


class HeldScreen(Screen[Result]):
    """A screen that says whether it may be drawn."""

    def may_be_drawn(self) -> bool:
        """Whether what the screen shows may go to the terminal now."""
        return True

    def _compositor_refresh(self) -> None:
        if self.may_be_drawn():
            super()._compositor_refresh()


class Continued:
    """A driver that is told before it goes on after a stop. Goes before the driver among the bases of a class."""

    def before_going_on(self) -> None:
        """The process was stopped and goes on (SIGCONT); Textual will take the terminal next."""
        raise NotImplementedError

    def _sigcont_application(self, *_signal: object) -> None:
        self.before_going_on()
        super()._sigcont_application()  # type: ignore[misc]  # the driver's


def draw_soon(screen: Screen[Any]) -> None:
    """Have a whole screen drawn at the next moment, together with what else is to be drawn then."""
    screen._dirty_widgets.add(screen)


def driver_of(app: App[Any]) -> Driver | None:
    """The driver of the terminal; None before the app runs."""
    return app._driver


def found_settings(driver: Driver | None) -> list[Any] | None:
    """The terminal's line settings from before the app, as `termios.tcgetattr` gives them; None where the driver keeps no such."""
    found: list[Any] | None = getattr(driver, "attrs_before", None)
    return found


def set_found_settings(driver: Driver, settings: list[Any]) -> None:
    """What the terminal's line settings are to go back to, where the driver found other ones than the user left."""
    driver.attrs_before = settings  # type: ignore[attr-defined]  # the driver's for Linux and macOS


def rows_of(screen: Screen[Any]) -> list[str]:
    """What a screen shows, as it is written to the terminal: a text a row."""
    console = screen.app.console
    return [strip.render(console) for strip in screen._compositor.render_strips()]


def forget_theme(widget: DOMNode) -> None:
    """Take a widget that goes off those that are told of another theme."""
    watchers = getattr(widget.app, "__watchers", {}).get("theme", [])
    watchers[:] = [one for one in watchers if one[0] is not widget]


_PLACED = re.compile(r"\x1b\[(\d+):\d*(?::(\d*))?((?:;[\d:]*)*)([u~A-HPQRS])")
"""A key with what stands in its place: its code, that with shift, that of a Latin keyboard; modifiers and text; an end."""
_SHIFT, _ALT, _CTRL = 1, 2, 4


@cache
def places_parser() -> type[Any]:
    """Textual's parser of what the terminal says, which also reads the places of keys (kitty's protocol, “alternate keys”)."""
    from textual.drivers import linux_driver  # not there on Windows

    class PlacesParser(linux_driver.XTermParser):  # type: ignore[name-defined, misc]  # the one that the driver makes
        def _parse_extended_key(self, sequence: str) -> list[events.Key] | None:
            try:
                return self._placed(sequence)
            except (ValueError, OverflowError):
                return [events.Key(Keys.Ignore, sequence)]  # numbers of no character: no reason to end

        def _placed(self, sequence: str) -> list[events.Key] | None:
            match = _PLACED.fullmatch(sequence) if ":" in sequence else None
            if match is None:
                found: list[events.Key] | None = super()._parse_extended_key(sequence)
                return found
            code, base, rest, end = match.groups(default="")
            place = chr(int(base)) if base and 32 < int(base) < 127 else ""
            modifiers = max(int(rest.split(";")[1].partition(":")[0] or "1") - 1, 0) if rest else 0
            if place and modifiers & (_CTRL | _ALT) and not chr(int(code)).isascii():
                code = base  # no text but a command, and those are written in Latin letters
            found = super()._parse_extended_key(f"\x1b[{code}{rest or ';'}{end}")
            if not place or found is None:
                return found
            place = shifted(place) if modifiers & _SHIFT else place
            return [PlacedKey(key.key, key.character, place) for key in found]

    return PlacesParser


def read_places() -> None:
    """Have the terminal's input read by `places_parser`."""
    from textual.drivers import linux_driver

    linux_driver.XTermParser = places_parser()  # type: ignore[attr-defined]  # the driver makes its own, by this name
