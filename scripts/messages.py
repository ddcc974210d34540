"""Collects the program's texts for translation: `make messages`.

Texts in `_()`, `N_()` and `ngettext()` go to data/locale/tuicrm.pot; the catalogue of each language is brought up to date with them
(new texts untranslated, vanished ones dropped) and compiled. tests/test_locale.py holds that nothing is left untranslated.
"""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "data" / "locale"
LANGUAGES = ("it",)
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def empty(language: str | None = None) -> Catalog:
    """A catalogue without texts, whose header is the same on every day."""
    return Catalog(
        locale=language,
        header_comment="# Texts of tuicrm, collected by scripts/messages.py.",
        project="tuicrm",
        version="1",
        creation_date=_SOME_DAY,
        revision_date=_SOME_DAY,
        last_translator="tuicrm",
        language_team="tuicrm",
        msgid_bugs_address="",
        charset="utf-8",
        fuzzy=False,
    )


def collect() -> Catalog:
    """All texts of the program, without the places where they stand: those change with every edit.

    By the syntax tree: Babel's own extractor reads tokens, and does not see what stands in an f-string."""
    catalog = empty()
    for path in sorted((ROOT / "tuicrm").rglob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
            texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
            strings = [text for text in texts if isinstance(text, str) and text]
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name in ("_", "N_") and strings:
                catalog.add(strings[0])
            elif name == "ngettext" and len(strings) > 1:
                catalog.add((strings[0], strings[1]))
    return catalog


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "tuicrm.po"


def read(language: str) -> Catalog:
    """A language's catalogue as it is."""
    path = po_path(language)
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    content = BytesIO()
    write_mo(content, catalog)
    return content.getvalue()


def update(language: str, texts: Catalog) -> Catalog:
    """Bring a language up to date with the program's texts."""
    old = read(language)
    fresh = empty(language)
    for message in texts:
        if message.id:
            known = old.get(message.id)
            # A text that was one and has two numbers now is another text.
            same = known is not None and known.pluralizable == message.pluralizable
            fresh.add(
                message.id, known.string if known is not None and same else ("", "") if message.pluralizable else ""
            )
    return fresh


def main() -> None:
    """Write the template, and each language's catalogue with its compiled form."""
    texts = collect()
    LOCALE.mkdir(parents=True, exist_ok=True)
    with (LOCALE / "tuicrm.pot").open("wb") as file:
        write_po(file, texts, omit_header=True, width=0)
    for language in LANGUAGES:
        catalog = update(language, texts)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, omit_header=False, width=0, include_previous=False)
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        missing = sum(1 for message in catalog if message.id and not message.string)
        print(f"{language}: {len(catalog)} texts, {missing} untranslated")


if __name__ == "__main__":
    main()
