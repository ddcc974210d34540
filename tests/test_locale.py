"""Every text of the program is translated, and what is compiled is what was translated."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from scripts.messages import LANGUAGES, collect, compiled, po_path, read
from tuicrm import i18n

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
