"""The demo in another language: its files are English, and `data/demo/<language>.json` has the texts of the company's own people.

Names, and what foreign clients write in their own languages, stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuicrm.i18n import LANGUAGES
from tuicrm.services.kernel.builtin_definitions import load_json

SOURCE = "en"


def demo_words(language: str) -> Mapping[str, str]:
    """English text → the same in `language`; nothing for English, and for a language that does not ship."""
    found: Mapping[str, str] = (
        load_json("demo", f"{language}.json") if language in LANGUAGES and language != SOURCE else {}
    )
    return found


def in_words(value: object, words: Mapping[str, str]) -> Any:
    """A row, or any part of one, with its texts replaced: a text counts whole, so keys and amounts stay."""
    if isinstance(value, str):
        return words.get(value, value)
    if isinstance(value, list):
        return [in_words(each, words) for each in value]
    if isinstance(value, dict):
        return {key: in_words(each, words) for key, each in value.items()}
    return value
