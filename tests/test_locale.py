"""Every text of the program is translated, and what is compiled is what was translated."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from scripts.messages import LANGUAGES, collect, compiled, po_path, read
from tuicrm import i18n
from tuicrm.action import Action
from tuicrm.actions import ACTIONS
from tuicrm.keymap import keymap
from tuicrm.render.palette import Palette
from tuicrm.scopes import EVERYWHERE
from tuicrm.widgets.fuzzy import find
from tuicrm.widgets.palette import ActionPalette
from tuicrm.widgets.surface import Surface, TerminalLook

_NAMED = re.compile(r"\{[^{}\" ]*\}")


@pytest.fixture(scope="module")
def collected() -> Catalog:
    """What the program says, read once."""
    return collect()


@cache
def kept(language: str) -> Catalog:
    """A language's catalogue, read once."""
    return read(language)


def texts(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_and_nothing_left_over(language: str, collected: Catalog) -> None:
    wanted = {tuple(texts(message)) for message in collected if message.id}
    found = {tuple(texts(message)) for message in kept(language) if message.id}
    assert wanted - found == set(), "run: make messages, and translate"
    assert found - wanted == set(), "run: make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_is_translated_with_the_same_values_in_it(language: str) -> None:
    for message in kept(language):
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        for place, translated in enumerate(translations(message)):
            assert translated.strip(), message.id
            source = texts(message)[min(place, len(texts(message)) - 1)]
            assert sorted(_NAMED.findall(translated)) == sorted(_NAMED.findall(source)), source
            assert translated.endswith(" ") == source.endswith(" "), source


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_was_translated(language: str) -> None:
    assert po_path(language).with_suffix(".mo").read_bytes() == compiled(kept(language)), "run: make messages"


def test_texts_are_shown_in_the_language_that_is_set() -> None:
    i18n.set_language("it_IT.UTF-8")
    assert i18n.language() == "it"
    assert i18n._("There is nothing to undo.") == "Non c'è nulla da annullare."
    assert i18n.ngettext("{n} row", "{n} rows", 1) == "1 riga"
    assert i18n.ngettext("{n} row", "{n} rows", 2) == "2 righe"
    i18n.set_language("xx")
    assert i18n._("There is nothing to undo.") == "There is nothing to undo."


def test_an_empty_text_has_no_heading() -> None:
    i18n.set_language("it")
    assert i18n._("") == ""


# -- the words by which the palette finds ------------------------------------------------------------------------------
SOUGHT = {
    "trattativa": "create",
    "affare": "create",
    "preventivo": "create",
    "fattura": "create",
    "vinta": "stage.move",
    "persa": "stage.move",
    "chiamata": "activity.log",
    "telefonata": "activity.log",
    "esito": "activity.log",
    "prossimo passo": "activity.log",
    "appuntamento": "activity.new",
    "cliente": "find",
    "telefono": "find",
    "trova": "find",
    "numero": "find",
    "passo successivo": "activity.log",
    "dov'ero": "trail.back",
    "sposta": "stage.move",
    "offerta": "create",
    "torna": "trail.back",
    "trattative": "goto",
    "filtra": "filter",
    "nuovo": "new",
    "rimuovi": "timeline.delete",
}
"""What Italians would type, and the action that it means."""


def texts_in(language: str, scope: str) -> tuple[list[Action], list[str]]:
    """What the palette offers in a scope, and what it searches of it."""
    i18n.set_language(language)
    named = [action for action in ACTIONS if action.in_palette and scope in action.scopes]
    surface = Surface(keymap(), TerminalLook(Palette("dark", "true")))
    return named, ActionPalette(surface, [(action, None) for action in named])._texts


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("scope", EVERYWHERE)
def test_each_other_word_finds_its_action(language: str, scope: str) -> None:
    named, searched = texts_in(language, scope)
    lost = [
        (word, action.id)
        for action in named
        for word in (i18n._(action.words) if action.words else "").split()
        if action.id not in [named[at].id for at in find(word, searched)][:12]
    ]
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_words_are_those_of_the_language(language: str) -> None:
    i18n.set_language(language)
    english = {action.id: action.words for action in ACTIONS if action.words}
    assert [key for key, words in english.items() if i18n._(words) == words] == []


@pytest.mark.parametrize(("typed", "action_id"), SOUGHT.items())
def test_what_italians_would_type_finds_it(typed: str, action_id: str) -> None:
    scope = next(action.scopes[0] for action in ACTIONS if action.id == action_id)
    named, searched = texts_in("it", scope)
    assert action_id in [named[at].id for at in find(typed, searched)][:8]
