"""The terminal driver of the app: Textual's, with an end that does not wait, a hang-up, and all ways to be stopped and go on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress

from textual.constants import DISABLE_KITTY_KEY
from textual.driver import Driver

from tuicrm.first_look import FirstLook
from tuicrm.i18n import only_ascii
from tuicrm.render.symbols import in_ascii
from tuicrm.thrift import thrifty
from tuicrm.widgets.textual_inside import Continued, found_settings, read_places, set_found_settings

_ALTERNATE = "\x1b[?1049h"
_MOUSE_OFF = "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"
# CAN ends a sequence that was cut; then all that Textual turns on is turned off: keyboard protocol, in the alternate screen and out.
_AS_FOUND = f"\x18\x1b[?2026l\x1b[?2004l\x1b[?2048l{_MOUSE_OFF}\x1b[?1004l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"


# Besides what Textual asked for, kitty's protocol is to tell the places of keys: taken back together with that.
_TELL_PLACES = "\x1b[=4;2u"


def restoring(
    driver_class: type[Driver],
    ending: Callable[[], bool],
    restored: Callable[[Driver], None],
    first_look: FirstLook | None = None,
) -> type[Driver]:
    """The driver, which says when it has given the terminal back, and at the end does not wait for its input thread.

    That thread looks every 100 ms, twice, whether it is to stop; leaving the process stops it at once. What `first_look` shows stays
    until the app draws.
    """

    class RestoringDriver(Continued, driver_class):  # type: ignore[valid-type, misc]  # a class that is only known when it runs
        in_use = False
        """Whether the terminal is the app's just now."""

        def start_application_mode(self) -> None:
            super().start_application_mode()
            _ask_for_places(self)
            if first_look is not None and (found := first_look.hand_over()) is not None:
                set_found_settings(self, found)
            self.in_use = True

        def write(self, data: str) -> None:
            # On the alternate screen already: many terminals would clear it.
            if not (data == _ALTERNATE and first_look is not None and first_look.is_shown):
                super().write(_as_the_terminal_takes_it(data))

        def stop_application_mode(self) -> None:
            self.in_use = False
            super().stop_application_mode()
            restored(self)

        def disable_input(self) -> None:
            if ending():
                self.write(_MOUSE_OFF)
            else:
                super().disable_input()

        def before_going_on(self) -> None:
            # Stopped by SIGSTOP, nobody gave the terminal back. Textual would begin anew beside the thread that still reads keys,
            # and take the app's own line settings for those to go back to.
            if self.in_use:
                self.suspend_application_mode()

    if sys.platform != "win32":
        read_places()
    return RestoringDriver


def _ask_for_places(driver: Driver) -> None:
    if not DISABLE_KITTY_KEY:
        driver.write(_TELL_PLACES)
        driver.flush()


def _as_the_terminal_takes_it(data: str) -> str:
    """In few bytes, and in letters that it shows: widgets of Textual's own write what was typed, and their borders."""
    data = thrifty(data)
    return in_ascii(data) if only_ascii() else data


def give_back(driver: Driver | None) -> None:
    """Leave the terminal as it was found, if it is still there, without waiting for it: all that can be done at a hang-up."""
    before = found_settings(driver)
    if before is None or sys.platform == "win32":
        return
    import termios

    with suppress(termios.error, OSError):
        termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, before)  # type: ignore[union-attr]  # it is a terminal
    out = sys.__stderr__.fileno()  # type: ignore[union-attr]  # where Textual writes
    with suppress(OSError):
        os.set_blocking(out, False)
        os.write(out, _AS_FOUND.encode())
    with suppress(OSError):
        os.set_blocking(out, True)
