"""The palette finds by the words people use, in their language and in English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tuicrm.actions import ACTIONS
from tuicrm.i18n import LANGUAGES, set_language
from tuicrm.keymap import keymap
from tuicrm.render.palette import Palette
from tuicrm.widgets.fuzzy import find
from tuicrm.widgets.palette import ActionPalette
from tuicrm.widgets.surface import Surface, TerminalLook

SOUGHT = {
    "won": "stage.move",
    "lost": "stage.move",
    "close": "stage.move",
    "log": "activity.new",
    "call": "activity.new",
    "mail": "activity.new",
    "task": "activity.new",
    "doc": "create",
    "quote": "create",
    "invoice": "create",
    "copy": "copy.value",
    "rename": "field.edit",
    "remove": "delete",
    "phone": "find",
    "excel": "list.export",
    "kanban": "view",
    "bulk": "edit_many",
    "postpone": "when.later",
    "duplicates": "merge",
    "exit": "quit",
}


@pytest.fixture(autouse=True)
def english_after() -> Iterator[None]:
    yield
    set_language("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_words_find_it(language: str) -> None:
    set_language(language)
    surface = Surface(keymap(), TerminalLook(Palette("dark", "true")))
    named = [action for action in ACTIONS if action.in_palette]
    palette = ActionPalette(surface, [(action, None) for action in named])
    for word, action_id in SOUGHT.items():
        found = [named[at].id for at in find(word, palette._texts)]
        assert action_id in found[:8], (word, found[:8])


def test_every_action_is_found_by_its_english_name_in_italian() -> None:
    set_language("it")
    surface = Surface(keymap(), TerminalLook(Palette("dark", "true")))
    named = [action for action in ACTIONS if action.in_palette]
    palette = ActionPalette(surface, [(action, None) for action in named])
    for at, action in enumerate(named):
        assert at in find(action.label, palette._texts), action.id
