"""The templates that ship, filled from items: each name in them is known, nothing is left of them."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from tuicrm.documents.docx.filling import fill
from tuicrm.documents.docx.template import open_template
from tuicrm.services.documents.item_values import ItemValues
from tuicrm.services.documents.starter_templates import starter_content, starter_languages, starters
from tuicrm.services.documents.vocabulary import Vocabulary
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session

ROWS = [
    {"name": "Consulting R&D <b>", "quantity": "2", "price": {"amount": "800.00", "currency": "EUR"}, "tax": "22"},
    {"name": "Travel {Title}", "quantity": "1", "price": {"amount": "99.50", "currency": "EUR"}, "tax": "10"},
]


def test_each_is_there_in_each_language() -> None:
    assert starter_languages() == ["en", "it"]
    assert starter_content("offer", "it") != starter_content("offer", "en") == starter_content("offer", "../xx")


@pytest.mark.parametrize("key", [one.key for one in starters()])
def test_each_name_is_known_and_nothing_is_left(seeded: Session, key: str) -> None:
    starter = next(one for one in starters() if one.key == key)
    for type_key in starter.types:
        vocabulary = Vocabulary(seeded, type_key)
        item = items.add(
            seeded,
            type_key,
            {"title": "Website", "company": "CO-1", "contacts": ["C-1"], "products": ROWS, "responsible": "luca"},
        )
        for language in starter_languages():
            template = open_template(starter_content(key, language))
            unknown = {
                one.name
                for one in template.found()
                if not vocabulary.find(one.name) and one.name not in vocabulary.lists
            }
            assert unknown == set(), (type_key, language)
            values = ItemValues(seeded, item.ref, language=language, number="2026-7", title="Offer")
            made = fill(template, values)
            with zipfile.ZipFile(io.BytesIO(made)) as file:
                shown = "".join(
                    file.read(name).decode()
                    for name in file.namelist()
                    if name.startswith("word/") and name[-4:] == ".xml"
                )
            # The braces of a value are the value's own.
            assert shown.count("{") == shown.count("{Title}") == 1
            document = docx.Document(io.BytesIO(made))
            texts = [paragraph.text for paragraph in document.paragraphs]
            texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
            told = "\n".join(texts)
            assert "Consulting R&D <b>" in told
            assert "Rossi Srl" in told
            assert "2026-7" in told
