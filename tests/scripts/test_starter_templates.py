"""The templates that ship are what the script writes, and nothing of their placeholders is left when they are filled."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest

from scripts.starter_templates import FOLDER, write
from tests.documents.docx.making import Values
from tuicrm.documents.docx.filling import fill
from tuicrm.documents.docx.template import open_template

TEMPLATES = [f"{language}/{name}.docx" for language in ("en", "it") for name in ("contract", "invoice", "offer")]
ROWS = {
    "Products": [
        {"Index": str(at), "ProductName": f"Chair <{at}>", "ProductQuantity": "2", "ProductMeasure": "pc.", "ProductPrice": "€10.00",
         "ProductDiscount": "10%", "ProductTaxRate": "22", "ProductPriceSum": "€21.96"}
        for at in range(1, 41)
    ],
    "Taxes": [{"TaxRate": "22", "TaxBase": "€720.00", "TaxSum": "€158.40"}, {"TaxRate": "4", "TaxBase": "€1.00", "TaxSum": "€0.04"}],
}  # fmt: skip
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\xdac"
    b"d\xf8\xcfP\x0f\x00\x03\x86\x01\x80Z4}k\x00\x00\x00\x00IEND\xaeB`\x82"
)
PICTURES = {"MyCompanyUfLogo", "MyCompanyUfStamp", "MyCompanyUfDirectorSign"}


def _text(content: bytes) -> str:
    """All that the parts of a document say, tags too."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return "\n".join(
            file.read(name).decode() for name in file.namelist() if name.startswith("word/") and name.endswith(".xml")
        )


def _values(content: bytes) -> dict[str, Any]:
    named = {one.name for one in open_template(content).found()}
    return {name: PICTURE if name in PICTURES else f"<{name}>" for name in named}


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_of_the_placeholders_is_left(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    template = open_template(content)
    assert not template.is_jinja
    assert template.faults() == []
    values = _values(content)
    assert {"DocumentNumber", "ClientName", "MyCompanyTitle", "MyCompanyUfLogo", "TotalSum"} <= values.keys()
    made = fill(template, Values(ROWS, **values))
    shown = _text(made)
    assert "{" not in shown
    assert "}" not in shown
    document = docx.Document(io.BytesIO(made))
    texts = [paragraph.text for paragraph in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert sum("Chair <" in text for text in texts) == 40
    assert len(document.inline_shapes) == (1 if "invoice" in name else 3)
    if name == "en/offer.docx":
        assert "Dear <ContactFormattedName>," in texts
        assert "Tax 4% on €1.00" in texts


@pytest.mark.parametrize("name", TEMPLATES)
def test_without_any_value_no_picture_nor_label_stands_alone(name: str) -> None:
    template = open_template((FOLDER / name).read_bytes())
    made = fill(template, Values({"Products": [], "Taxes": []}))
    assert "{" not in _text(made)
    document = docx.Document(io.BytesIO(made))
    assert len(document.inline_shapes) == 0
    texts = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert not {"Valid until", "Please pay by", "Your contact", "Scadenza", "Valida fino al"} & set(texts)


def test_both_languages_name_the_same() -> None:
    for name in ("contract", "invoice", "offer"):
        english, italian = (
            sorted(
                {
                    (one.name, one.modifier)
                    for one in open_template((FOLDER / language / f"{name}.docx").read_bytes()).found()
                }
            )
            for language in ("en", "it")
        )
        assert english == italian


def test_what_ships_is_what_the_script_writes(tmp_path: Path) -> None:
    write(tmp_path)
    for name in TEMPLATES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), "python -m scripts.starter_templates"
