"""A walk through every screen, dialog and mode of the program, on whatever workspace: nothing may crash, nothing may leak."""

from __future__ import annotations

from tests.driver import Crm
from tests.hostile import assert_harmless


def look(crm: Crm) -> None:
    """What can be seen is harmless, and the app still runs."""
    for line in crm.screen_lines():
        assert_harmless(line)
    assert crm.app.is_running
    assert crm.app.return_code is None


async def press(crm: Crm, *keys: str) -> None:
    for key in keys:
        await crm.press(key)
        look(crm)


async def out(crm: Crm) -> None:
    """Out of whatever is open over the screen."""
    for _n in range(4):
        if crm.dialog is None and not crm.screen.query("Editor"):
            return
        await press(crm, "esc")
    raise AssertionError(f"{crm.dialog} does not close")


async def over(crm: Crm, key: str, *more: str) -> None:
    """Something opened over the screen, typed into, and left."""
    await press(crm, key, *more)
    await out(crm)


async def within(crm: Crm, key: str, *inner: str) -> None:
    """A dialog opened over the screen; what each of the inner keys opens over it is typed into and left."""
    await press(crm, key, "j")
    dialog = crm.dialog
    for each in inner if dialog is not None else ():
        await press(crm, each, "x")
        for _n in range(4):
            if crm.dialog is dialog:
                break
            await press(crm, "esc")
        assert crm.dialog is dialog, f"{each} over {dialog}"
    await out(crm)


async def walk_board(crm: Crm) -> None:
    for key in ("p", "M", "n", "a", "g", "?", ":"):
        await over(crm, key, "x", "down", "tab")
    await over(crm, "/", "t", "i", "tab", "down", "up")
    await within(crm, "s", "n", "enter", "r", "c", "f", "p")
    await press(crm, "j", "l", "l", "h", "z", "z", "G", "home", "pgdn", "space", "*", "esc", "y", "Y", ">", "u", "U")
    await out(crm)


async def walk_card(crm: Crm) -> None:
    await press(crm, ".")
    for _n in range(25):
        await over(crm, "F2", "x")
        await press(crm, "j")
    await press(crm, "y", "Y", "]", "[", "2", "1")
    for key in ("M", "a", "c", "g", "?", ":"):
        await over(crm, key, "x")
    await press(crm, "tab", "j", "j")
    for key in ("enter", "e", "f", "N"):
        await over(crm, key)
        if crm.screen.dispatcher.scope == "reader":
            await press(crm, "esc")
    await press(crm, "p", "p", "x", "u", "G", "home", "tab")


async def walk_products(crm: Crm) -> None:
    """The products tab of a card; nothing on types without."""
    await press(crm, "2")
    if crm.screen.dispatcher.scope == "products":
        for _n in range(3):
            for key in ("l", "l", "l"):
                await over(crm, "F2", "x")
                await press(crm, key)
            await press(crm, "y", "J", "K", "r", "D", "u", "j")
        await over(crm, "n", "x", "down")
        await press(crm, "=", "G", "home", "o", "esc")
    await out(crm)


async def walk_customise(crm: Crm) -> None:
    await press(crm, "C", "J", "K", "j", "J", "x", "u", "u")
    for key in ("M", "a", "r", "f", "n", "L"):
        await over(crm, key, "x")
    for _n in range(12):
        for key in ("c", "e", "o"):
            await over(crm, key, "tab", "down")
        await press(crm, "j")
    await over(crm, "t", "j", "space", "J", "K", "R")
    await within(crm, "v", "w", "r", "n", "J")
    await press(crm, "P", "u", "S", "u", "R", "u", "D", "u", "esc")


async def walk_settings(crm: Crm) -> None:
    for _n in range(6):
        for key in ("v", "t"):
            await over(crm, key, "j", "J")
        await press(crm, "enter")
        if crm.screen.dispatcher.scope == "field_list":
            # What is in the list of a type's fields is walked on its own; here, that each type's opens and its dialogs do.
            await walk_fields(crm, 4)
            await press(crm, "esc")
        await out(crm)
        await press(crm, "j")
    for key in ("g", "?", ":"):
        await over(crm, key, "x")


async def walk_fields(crm: Crm, most: int = 25) -> None:
    """The list of a type's fields in the settings, with the dialogs of so many of them."""
    for n in range(most):
        for key in ("c", "e", "o"):
            await over(crm, key, *(("tab",) if n < 4 else ()))
        await press(crm, "j")
    for key in ("n", "/", "p"):
        await over(crm, key, "x")
    await press(crm, "G", "D", "u", "home", "pgdn")


async def walk_list(crm: Crm) -> None:
    for key in ("n", "a", "g", "?", ":"):
        await over(crm, key, "x")
    await over(crm, "/", "t", "i", "tab")
    await press(crm, "j", "space", "*", "esc", "G", "home", "pgdn", "D", "u", "y", "Y")
