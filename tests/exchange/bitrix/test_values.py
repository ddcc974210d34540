"""Single values of the model product, and its markup."""

from __future__ import annotations

from typing import Any

import pytest

from tuicrm.exchange.bitrix.bbcode import plain_text
from tuicrm.exchange.bitrix.values import as_kind, upper_snake


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("ASSIGNED_BY_ID", "ASSIGNED_BY_ID"),
        ("assignedById", "ASSIGNED_BY_ID"),
        ("createdTime", "DATE_CREATE"),
        ("parentId1222", "PARENT_ID_1222"),
        ("address2", "ADDRESS_2"),
        ("utmSource", "UTM_SOURCE"),
        ("ufCrm_1720019876534", "UF_CRM_1720019876534"),
        ("ufCrm_566EB0AC9B7FC", "UF_CRM_566EB0AC9B7FC"),
        ("ufCrm17_1720019876534", "UF_CRM_17_1720019876534"),
        ("ufCrm7NewRestList", "UF_CRM_7_NEW_REST_LIST"),
        ("id", "ID"),
    ],
)
def test_codes_of_both_dialects(key: str, code: str) -> None:
    assert upper_snake(key) == code


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("", "string", None),
        (None, "boolean", None),
        (False, "boolean", False),
        ("1", "boolean", True),
        ("N", "boolean", False),
        ("perhaps", "boolean", "perhaps"),
        ("2024-08-30T00:00:00+02:00", "date", "2024-08-30"),
        ("2024-08-30T14:29:00+02:00", "datetime", "2024-08-30T12:29:00Z"),
        ("12", "integer", 12),
        ("twelve", "integer", "twelve"),
        ("1e3", "number", "1000"),
        ("NaN", "number", "NaN"),
        ("5000|EUR", "money", {"amount": "5000", "currency": "EUR"}),
        ("0", "item", None),
        ("0", "list", None),
        (267, "list", "267"),
        ("0", "string", "0"),
        ("[B]x[/B]", "text", "x"),
    ],
)
def test_values_by_kind(value: Any, kind: str, expected: Any) -> None:
    assert as_kind(value, kind) == expected


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("[B]Bold[/B] and [I][U]more[/U][/I]", "Bold and more"),
        ("[A] Deal [x] [/]", "[A] Deal [x] [/]"),
        ("[LIST]\n[*]one\n[*]two\n[/LIST]", "• one\n• two"),
        ("[LIST=1]\n[*]one\n[*]two\n[/LIST]", "1. one\n2. two"),
        ("[URL=https://x.test]here[/URL]", "here (https://x.test)"),
        ("[URL]https://x.test[/URL]", "https://x.test"),
        ("[COLOR=#ff0000]red[/COLOR] [SIZE=12pt]big[/SIZE]", "red big"),
        ("[P]a[/P][P]b[/P]", "a\n\nb"),
        ("a\r\n\n\n\nb", "a\n\nb"),
    ],
)
def test_markup_becomes_plain_text(markup: str, plain: str) -> None:
    assert plain_text(markup) == plain
