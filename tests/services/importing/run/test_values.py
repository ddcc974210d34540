"""Amounts of any file have as many decimals as their currency; what had to be rounded is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.importing.conftest import Put
from tuicrm.domain.schema import Option
from tuicrm.services.importing.naming import match
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.kernel.session import Session


@pytest.mark.parametrize(
    ("amount", "currency", "kept", "told"),
    [
        ("10.005", "EUR", {"amount": "10.01", "currency": "EUR"}, "10.005 EUR → 10.01 EUR"),
        ("-10.005", "EUR", {"amount": "-10.01", "currency": "EUR"}, "-10.005 EUR → -10.01 EUR"),
        ("1000000.0000", "EUR", {"amount": "1000000.00", "currency": "EUR"}, ""),
        ("99.5", "JPY", {"amount": "100", "currency": "JPY"}, "99.5 JPY → 100 JPY"),
        ("1.2345", "KWD", {"amount": "1.235", "currency": "KWD"}, "1.2345 KWD → 1.235 KWD"),
        ("10.005", "", {"amount": "10.01", "currency": "EUR"}, "10.005 EUR → 10.01 EUR"),
    ],
)
def test_an_amount_of_an_answer_of_bitrix(
    workspace: Session, put: Put, amount: str, currency: str, kept: dict[str, Any], told: str
) -> None:
    record = {"ID": "1", "TITLE": "ERP", "STAGE_ID": "NEW", "OPPORTUNITY": amount, "CURRENCY_ID": currency}
    file = put("crm.deal.list.json", {"result": [record], "total": 1})
    report = run_import(workspace, [file], ImportOptions(rejects=file.parent))
    rounded = [f"{one.value} → {one.outcome}" for one in report.remarks if one.kind == "rounded"]
    assert (report.made, rounded) == (1, [told] if told else [])
    assert workspace.find("deal", None, [], 1).items[0].fields["amount"] == kept


OPTIONS = [
    Option("new", "Café  noir", source="17"),
    Option("old", {"en": "Tea", "it": "Tè"}, source="NEW"),
    Option("gone", "Tea", retired=True),
    Option("one", "Twin"),
    Option("two", "Twin"),
]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("NEW", "new"),  # a key goes before a code
        ("17", "new"),
        ("cafe noir", "new"),
        (" CAFÉ NOIR ", "new"),
        ("te", "old"),
        ("Tea", "old"),
        ("Twin", ""),
        ("Twi", ""),
        ("", ""),
        ("\x00", ""),
    ],
)
def test_a_name_is_found_as_everywhere(text: str, key: str) -> None:
    found = match(OPTIONS, text)
    assert (found.key if found else "") == key


def test_definitions_that_differ_by_an_accent_are_two() -> None:
    assert match(OPTIONS, "cafe noir", accents=True) is None
    assert match(OPTIONS, "CAFÉ noir", accents=True) is OPTIONS[0]
