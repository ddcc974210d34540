"""The demo speaks the language of whoever makes it; in English it is what its files say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tuicrm.i18n import LANGUAGES
from tuicrm.services.kernel.builtin_definitions import load_json, load_types
from tuicrm.services.workspace.demo import make_demo
from tuicrm.services.workspace.demo_words import demo_words, in_words
from tuicrm.store import open_store

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
FILES = load_json("demo", "files.json")
BESIDE = ("departments", "messages", "text_templates")
WRITTEN = (
    "title",
    "comment",
    "what",
    "text",
    "note",
    "name",
    "unit",
    "description",
    "terms",
    "position",
    "delivery_time",
    "subject",
    "label",
)
"""Parts of rows that people write: the rest are keys, numbers and names."""


def written(value: Any, part: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if part in WRITTEN:
            yield value
    elif isinstance(value, list):
        for each in value:
            yield from written(each, part)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from written(each, key)


def told(folder: Path, language: str) -> dict[str, list[str]]:
    """All that is written in the demo made in a language, by table."""
    make_demo(folder, login="me", clock=lambda: NOW, language=language)
    with closing(open_store(folder)) as store:
        tables = (*FILES.values(), "entry", "activity", "department", "message", "text_template")
        found = {table: store.get(table, sorted(store.ids(table))) for table in tables}
    return {table: [text for record in records for text in written(record.doc)] for table, records in found.items()}


def test_the_english_demo_says_what_its_files_say_and_the_italian_one_the_same_in_italian(tmp_path: Path) -> None:
    english, italian = (told(tmp_path / language, language) for language in ("en", "it"))
    words = demo_words("it")
    rows = [row for name in (*FILES, *BESIDE) for row in load_json("demo", f"{name}.json")]
    assert {text for texts in english.values() for text in texts} <= {text for row in rows for text in written(row)}
    for table, texts in english.items():
        assert italian[table] == [words.get(text, text) for text in texts], table
    assert "Nuovo sito web" in italian["deal"]
    assert "Dettaglio" in italian["department"]
    assert "Casse per tre negozi" in italian["message"]
    assert italian["text_template"][0] == "Invio dell'offerta"


def test_every_language_that_ships_has_words_for_texts_of_the_demo() -> None:
    rows = [row for name in (*FILES, *BESIDE) for row in load_json("demo", f"{name}.json")]
    texts = {text for row in rows for text in written(row)}
    keys = {field.key for kind in load_types().values() for field in kind.fields}
    for language in set(LANGUAGES) - {"en"}:
        words = demo_words(language)
        assert words, language
        assert set(words) <= texts, "a text of the demo was changed: change it here too"
        assert not set(words) & keys
        assert not [text for text, other in words.items() if not other.strip() or text[-1:] == "." != other[-1:]]


def test_a_text_counts_whole_and_other_languages_say_it_in_english() -> None:
    row = {"title": "Stand", "key": "stand", "rows": [{"name": "Stand", "n": 2}], "text": "Stand 12"}
    assert in_words(row, {"Stand": "Supporto"}) == {
        "title": "Supporto",
        "key": "stand",
        "rows": [{"name": "Supporto", "n": 2}],
        "text": "Stand 12",
    }
    assert demo_words("en") == demo_words("xx") == {}
