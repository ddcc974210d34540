"""Texts are plain: no riddles, plurals formed, one word for one thing in each language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scripts.messages import LANGUAGES, collect, read
from tuicrm import limits
from tuicrm.actions import ACTIONS
from tuicrm.services.kernel.builtin_definitions import load_json

TYPES = Path(__file__).parent.parent / "data" / "types"

RIDDLES = {
    r"\(s\)": "form the plural with ngettext",
    r"\bnone\b": "say “nothing”, “no such …”, or what to do",
    r"\bis so already\b|\bstands so already\b": "say that there is nothing to change or restore",
    r"(?<!\b[Tt]here )\b(is|are) no (?!longer\b|tax\b)\w+": "say “is not a …”",
    r"\bonce for each\b": "say “repeat for several”",
    r"[;,] [^;,.]* without\.?$|^[^;,.`]* without\.$": "say “by default, …”",
    r"\bof (your|one's|their) own\b": "say “custom” of fields and types, “personal” of layouts",
    r"\b(is|are) gone\b[:.]": "say who deleted it, or that it no longer exists",
    r"\b(somebody|someone) (deleted|removed) it\b": "say what to do next",
    r"\bwhat means the same\b|\bgoes along\b": "say “matching fields are copied”",
    r"\b[Tt]akes? (it |all of it |the \w+ )?back\b": "say “undo”",
    r"\b[Bb](ring|rought|rings) (it |them )?back\b": "say “restore”",
    r"\bexclude each other\b": "say that they cannot be used together",
    r"\bstays? as (it is|they are)\b(?! typed)": "say “is unchanged”",
    r"\b[Mm]ust be filled\b": "say “is required”",
    r"\bis changed by those who may\b|\bare changed by those who may\b": "say whom to ask",
    r"\bfold(ed|ing)? the journal\b|\bjournal .*\bfolded\b": "say “compact”",
}
"""English that is not said, and what is said instead."""

COUNTED = (
    r"items?|rows?|files?|fields?|deals?|columns?|cells?|characters?|digits?|decimals?|views?|duplicates?|layouts?|values?|stages?|pipelines?"
    r"|tabs?|sections?|entr(?:y|ies)|comments?|links?|records?|changes?|options?|dictionar(?:y|ies)|activit(?:y|ies)|products?|groups?|types?|letters?"
)
NUMBERED = re.compile(rf"\{{n\}} (?:\w+ ){{0,2}}(?:{COUNTED})\b")
"""A number and what it counts."""

ALWAYS_MANY = {value.unit.refusal for value in vars(limits).values() if isinstance(value, limits.Limit)} | {
    # Their number is never one.
    "There are more than {n} different values: too many for a list.",
    "{n} characters are too many to paste here; the maximum is {most}",
    "{name} has {n} columns; at most {limit} can be imported",
    "{name}: at most {n} rows can be imported at a time. Nothing was written; split it into smaller files.",
    "one line of at most {n} characters is expected",
    "{channel}: the secret of its webhook needs at least {n} characters.",
    "its text is longer than {n} characters; the original has all",
    "the text becomes too long: at most {n} characters are expected",
    "it has more than {n} files; the original has all",
    "this cannot be saved: it is nested more than {n} levels deep",
    "a table's name of 1 to {n} letters is expected: {name}",
    # Their number is of something else.
    "{n} merged into existing items",
    "{n} skipped as duplicates",
}

ONE_WORD = {
    "it": {
        r"\b[Tt]abellon": "bacheca",
        r"\b[Kk]anban": "bacheca",
        r"\b[Tt]rattativ": "affare",
        r"\b[Aa]re[ae] di lavoro": "spazio di lavoro",
        r"\b[Dd]oppion": "duplicato",
        r"\b[Gg]ener[ei]\b": "tipo",
        r"\b[Gg]iornal[ei]\b": "journal",
        r"\bcamp[oi] propri": "campo personalizzato",
        r"[\u2019]": "'",
    }
}
"""Words that a language does not use for what has another one."""


def riddles(text: str) -> list[str]:
    """What is wrong with an English text."""
    return [
        f"{found.group()!r}: {instead}" for pattern, instead in RIDDLES.items() if (found := re.search(pattern, text))
    ]


def unformed(one: str, many: str | None) -> bool:
    """Whether a number and what it counts are said in one form for all numbers."""
    found = NUMBERED.search(one)
    if many is None:
        return found is not None and one not in ALWAYS_MANY
    return found is not None and found.group() == (NUMBERED.search(many) or found).group() and one == many


def other_words(text: str, language: str) -> list[str]:
    """Words in a text of a language for which it has another one."""
    return [f"{found.group()!r}: {word}" for old, word in ONE_WORD[language].items() if (found := re.search(old, text))]


@cache
def english() -> list[tuple[str, str | None]]:
    ids = [message.id for message in collect() if message.id]
    return [(one, None) if isinstance(one, str) else (one[0], one[1]) for one in ids]


def labels(value: Any, language: str) -> Iterator[str]:
    """All texts of a language in a definition."""
    if isinstance(value, dict):
        if isinstance(found := value.get(language), str):
            yield found
        for each in value.values():
            yield from labels(each, language)
    elif isinstance(value, list):
        for each in value:
            yield from labels(each, language)


def test_english_is_said_plainly() -> None:
    told = {text: found for pair in english() for text in pair if text and (found := riddles(text))}
    assert told == {}


def test_plurals_are_formed() -> None:
    assert [one for one, many in english() if unformed(one, many)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_word_for_one_thing(language: str) -> None:
    sought = {action.words for action in ACTIONS}
    # What the palette finds an action by is never shown: the words that people know from elsewhere.
    found = [message.string for message in read(language) if message.id and message.id not in sought]
    texts = [text for said in found for text in ([said] if isinstance(said, str) else said)]
    files = [load_json("types", path.name) for path in sorted(TYPES.glob("*.json"))]
    files += [load_json(name) for name in ("dictionaries.json", "roles.json", "conversion.json")]
    files += [load_json("demo", name) for name in ("layouts.json", "fields.json")]
    texts += [text for file in files for text in labels(file, language)]
    texts += list(load_json("demo", f"{language}.json").values())
    assert {text: other for text in texts if (other := other_words(text, language))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "{n} item(s) deleted",
        "Mark all that match, or none",
        "Keep that the item is none of the others of its group (can be undone)",
        "It is so already.",
        "{path} is no folder",
        "An entry; once for each.",
        "In this pipeline; in the default one without.",
        "As it stands without.",
        "Add a field of your own; prints its key.",
        "This stage is gone: someone deleted it.",
        "Another item made from this one: what means the same goes along",
        "`tuicrm undo` takes it back.",
        "Removed; `tuicrm undo` brings it back.",
        "--json and --format {name} exclude each other.",
        "{n} stays as it is",
        "must be filled",
        "Fields are changed by those who may change settings.",
        "{path}: folding the journal needs {needed} bytes",
    ],
)
def test_a_riddle_is_seen(text: str) -> None:
    assert riddles(text)


@pytest.mark.parametrize(
    "text",
    [
        "There is no such file.",
        "{a} and {b} are no longer linked",
        "Nothing to restore.",
        "`tuicrm undo` restores it.",
        "empty is no tax",
    ],
)
def test_what_is_plain_passes(text: str) -> None:
    assert riddles(text) == []


def test_an_unformed_plural_is_seen() -> None:
    assert unformed("import {n} files", None)
    assert unformed("{n} more items", None)
    assert unformed("{n} items", "{n} items")
    assert not unformed("{n} item", "{n} items")
    assert not unformed("day {n} in {stage}", None)


@pytest.mark.parametrize(
    "text", ["Mostra un tabellone come testo.", "Trattativa", "l'area di lavoro", "Cerca doppioni", "Il giornale"]
)
def test_another_word_is_seen(text: str) -> None:
    assert other_words(text, "it")
    assert not other_words("Mostra una bacheca: affari, duplicati, spazio di lavoro, generale.", "it")
