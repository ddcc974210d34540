"""Every character of the hostile corpus, typed and pasted in every place where one can type; a megabyte pasted there."""

from __future__ import annotations

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.widgets import Input, TextArea

from tests.driver import SMALL, Crm, running
from tests.hostile import HOSTILE, assert_harmless
from tests.hostile_workspace import TEXTS
from tests.screens.places import PLACES, Place
from tuicrm.services.kernel.session import Session

EVERYWHERE = pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))
CHARACTERS = sorted({c for text in (*TEXTS, *HOSTILE) for c in text if not 0xD800 <= ord(c) < 0xE000})
PRINTABLE = [c for c in CHARACTERS if c.isprintable()]
KEYS = [c for c in CHARACTERS if not c.isprintable() and c not in "\x1b\r\n\x1a"]
"""Control characters, as a terminal sends them: each is some key. Not those that finish, leave or suspend."""
MEGABYTE = "word of a text\n" * 70_000
"""Other megabytes, in some places: test_pasting.py."""


def typed(crm: Crm, characters: list[str]) -> None:
    """As a terminal hands it on: all at once."""
    for character in characters:
        crm.app.post_message(events.Key(_character_to_key(character), character))


def inputs(crm: Crm) -> list[Input | TextArea]:
    return [*crm.screen.query(Input), *crm.screen.query(TextArea)]


def look(crm: Crm) -> None:
    for line in crm.screen_lines():
        assert_harmless(line)
    for one in inputs(crm):
        for line in (one.value if isinstance(one, Input) else one.text).split("\n"):
            assert_harmless(line)
    assert crm.app.is_running
    assert crm.app.return_code is None


async def paste_a_megabyte(crm: Crm) -> None:
    """It is refused, and what stands there stays."""
    before = [one.value if isinstance(one, Input) else one.text for one in inputs(crm)]
    takes = isinstance(crm.app.focused, Input | TextArea)
    await crm.paste(MEGABYTE)
    assert not takes or "too many to paste" in crm.said() + crm.screen_text()
    assert [one.value if isinstance(one, Input) else one.text for one in inputs(crm)] == before


async def out(crm: Crm) -> None:
    for _turn in range(5):
        if crm.dialog is None and not crm.screen.query("Editor"):
            return
        await crm.press("esc")
        look(crm)
    raise AssertionError("it cannot be left")


@EVERYWHERE
async def test_every_character_typed_and_every_text_pasted(seeded: Session, place: Place) -> None:
    async with running(seeded, place.first, SMALL) as crm:
        await place.open(crm)
        assert inputs(crm) or crm.dialog is not None, "something is open"
        typed(crm, PRINTABLE)
        await crm.settle()
        look(crm)
        await crm.press(place.finish)
        look(crm)
        await out(crm)
        await crm.app.switch_screen(place.first(seeded, crm.screen.surface))
        await crm.settle()
        await place.open(crm)
        await paste_a_megabyte(crm)
        if isinstance(crm.app.focused, Input | TextArea):
            typed(crm, KEYS)
        for text in (*TEXTS, "\ud800lone\udfff"):
            if crm.app.focused is None:
                break
            # One after the other, without a look in between: as somebody who holds the key.
            crm.app.focused.post_message(events.Paste(text))
        await crm.settle()
        look(crm)
        await crm.press(place.finish)
        look(crm)
        await out(crm)
    assert seeded.store.files.verify() == []
