"""Filters in a person's own language: English always works beside it, and what is kept is English."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.domain.filters.scopes import make_scope
from tests.domain.filters.unparse import canonical
from tuicrm.domain.filters import Scope, compile_filter, complete, in_english
from tuicrm.domain.filters.tokens import OPERATORS
from tuicrm.domain.language import ENGLISH, WORDS, keywords
from tuicrm.errors import UsageError
from tuicrm.i18n import LANGUAGES

SCOPE = make_scope()
IT = replace(SCOPE, context=replace(SCOPE.context, language="it", locale="it_IT"))

ALIKE = [
    ("title is empty", "titolo è vuoto"),
    ("title is not empty", "titolo non è vuoto"),
    ("title is not empty", "titolo è non vuoto"),
    ("phones is empty", "phones E' VUOTI"),
    ("amount > 1000 and title ~ x", "importo > 1000 e titolo ~ x"),
    ("amount > 1000 or title ~ x", "importo > 1000 o titolo ~ x"),
    ("amount > 1000 or title ~ x", "importo > 1000 oppure titolo ~ x"),
    ("not (title ~ x or title ~ y)", "non (titolo ~ x o titolo ~ y)"),
    ("responsible = me", "responsible = io"),
    ("responsible in (me, anna)", "responsible in (io, anna)"),
    ("source not in (web)", "source non in (sito)"),
    ("close_date < today+14d", "close_date < oggi+14g"),
    ("close_date < tomorrow", "close_date < domani"),
    ("close_date < -2w", "close_date < -2s"),
    ("created > now-2h", "created > adesso-2h"),
    ("open_to_all = yes", "open_to_all = sì"),
    ("rossi figli", "rossi e figli"),
    ("rossi or figli", "rossi o figli"),
    ("amount > 1234.56", "importo > 1.234,56"),
    ("amount > 38000 EUR", "importo > € 38.000"),
    ("amount > 38000", "importo > 38k"),
    ("amount in (1234.56, 5)", 'importo in ("1.234,56", 5)'),
    ("close_date < 2026-12-18", "close_date < 18/12"),
    ("close_date < 2026-11-27", "close_date < ven"),
]


@pytest.mark.parametrize(("english", "italian"), ALIKE)
def test_a_persons_own_words_mean_the_same(english: str, italian: str) -> None:
    assert compile_filter(italian, IT) == compile_filter(english, IT) == compile_filter(english, SCOPE)


@pytest.mark.parametrize(("english", "italian"), ALIKE)
def test_what_is_kept_is_english(english: str, italian: str) -> None:
    kept = in_english(italian, "it")
    if not any(sign in italian for sign in "€,/"):
        assert compile_filter(kept, SCOPE) == compile_filter(english, SCOPE), kept
    assert in_english(kept, "it") == in_english(kept, "en") == kept
    assert compile_filter(canonical(italian, "it"), IT) == compile_filter(english, IT)


def test_only_the_words_of_the_language_are_changed_and_only_where_they_are_such() -> None:
    text = "titolo ~ \"e o non\"   E  (importo > 5 O titolo ~ 'è')  e  o"
    assert in_english(text, "it") == "titolo ~ \"e o non\"   and  (importo > 5 or titolo ~ 'è')  and  o"


@pytest.mark.parametrize("text", ["e", "o", "non", "rossi o", "rossi e", "rossi non", "titolo è", "e rossi", "o o"])
def test_a_word_that_can_only_be_text_there_is_looked_for(text: str) -> None:
    """Whoever types `rossi officina` comes by `rossi o`."""
    compile_filter(text, IT)


def test_the_words_of_one_language_are_texts_in_another() -> None:
    assert compile_filter("rossi e figli", SCOPE) != compile_filter("rossi figli", SCOPE)
    with pytest.raises(UsageError):
        compile_filter("amount > 1 e title ~ x", SCOPE)


@pytest.mark.parametrize("text", ["and", "rossi and", "not", "titolo is", "(e)", "titolo è pieno"])
def test_mistakes_stay_mistakes(text: str) -> None:
    if text == "(e)":
        compile_filter(text, IT)
        return
    with pytest.raises(UsageError):
        compile_filter(text, IT)


def test_every_language_that_ships_has_every_word() -> None:
    assert set(WORDS) == set(LANGUAGES)
    locale = Path(__file__).parents[2] / "data" / "locale"
    assert {path.name for path in locale.iterdir() if path.is_dir()} <= set(WORDS)
    for language, words in WORDS.items():
        assert words.keys() == WORDS[ENGLISH].keys()
        meant = [word for found in words.values() for word in found]
        assert len(set(meant)) == len(meant), language
        assert [word.casefold() for word in meant] == meant
        assert set(keywords(ENGLISH)) <= set(keywords(language)), "English always works"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("titolo ~ x ", ["e", "o"]),
        ("titolo è ", ["vuoto", "non vuoto"]),
        ("titolo è non ", ["vuoto"]),
        ("open_to_all = ", ["sì", "no"]),
        ("close_date < ogg", ["oggi", "oggi+7d"]),
        ("responsible = i", ["io"]),
        ("no", ["non"]),
    ],
)
def test_suggestions_are_in_the_persons_language_and_go_on_to_be_filters(text: str, words: list[str]) -> None:
    found = [one.text for one in complete(text, len(text), IT)]
    assert [word for word in words if word in found] == words


@pytest.mark.parametrize("known", [SCOPE, IT], ids=["en", "it"])
def test_whatever_is_suggested_can_be_typed(known: Scope) -> None:
    """Every suggestion, put where it is offered, is followed by more suggestions or is a filter."""
    todo, seen = [""], set[str]()
    while todo and len(seen) < 400:
        text = todo.pop(0)
        for one in complete(text, len(text), known):
            longer = f"{text[: one.start]}{one.text} "
            if longer in seen or longer.count(" ") > 5:
                continue
            seen.add(longer)
            todo.append(longer)
            # Behind an operator a number or a text is typed, and before "(" stands "in".
            if not complete(longer, len(longer), known) and one.text.strip("( ") not in ("tra", "in", *OPERATORS):
                compile_filter(longer, known)
