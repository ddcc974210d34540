"""Dates and numbers as other programs write them: the column tells the style, the cell gives the value or says what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tuicrm.domain.kinds.base import BadValue
from tuicrm.exchange.cells import Style, column_style, read_cell

ENGLISH, ITALIAN = Style("mdy", "."), Style("dmy", ",")


@pytest.mark.parametrize(
    ("values", "default", "expected"),
    [
        (["03/04/2026", "25/04/2026"], ENGLISH, Style("dmy", ".")),
        (["03/04/2026", "04/25/2026"], ITALIAN, Style("mdy", ",")),
        (["03/04/2026"], ITALIAN, Style("dmy", ",", sure=False)),
        (["1.234", "1.234,50"], ENGLISH, Style("mdy", ",")),
        (["1,234", "12.5"], ITALIAN, Style("dmy", ".")),
        (["1.234.567"], ENGLISH, Style("mdy", ",")),
        (["1.234"], ITALIAN, Style("dmy", ",", sure=False)),
        (["0.125"], ITALIAN, Style("dmy", ".")),
        (["2026-12-18", "10000", ""], ITALIAN, ITALIAN),
    ],
)
def test_the_style_of_a_column(values: list[str], default: Style, expected: Style) -> None:
    assert column_style(values, default) == expected


@pytest.mark.parametrize(
    ("text", "kind", "style", "expected"),
    [
        ("  ", "number", ENGLISH, None),
        ("2002/1/16", "date", ITALIAN, "2002-01-16"),
        ("2002-01-16T10:00:00Z", "date", ITALIAN, "2002-01-16"),
        ("3/4/2026", "date", ITALIAN, "2026-04-03"),
        ("3/4/2026", "date", ENGLISH, "2026-03-04"),
        ("2006-04-15T03:23:15.000Z", "datetime", ENGLISH, "2006-04-15T03:23:15Z"),
        ("2024-08-30 14:29:00+02:00", "datetime", ENGLISH, "2024-08-30T12:29:00Z"),
        ("3/4/2026", "datetime", ITALIAN, "2026-04-03T00:00:00Z"),
        ("TRUE", "boolean", ENGLISH, True),
        ("1", "boolean", ENGLISH, True),
        ("no", "boolean", ENGLISH, False),
        ("1,234.50", "number", ENGLISH, "1234.50"),
        ("1.234,50", "number", ITALIAN, "1234.50"),
        ("1.234", "number", ITALIAN, "1234"),
        ("1.234", "number", ENGLISH, "1.234"),
        ("1 234,5", "number", ITALIAN, "1234.5"),
        ("-12", "integer", ENGLISH, -12),
        ("1,200", "integer", ENGLISH, 1200),
        ("$10,000.00", "money", ENGLISH, {"amount": "10000.00", "currency": "USD"}),
        ("10000", "money", ENGLISH, {"amount": "10000", "currency": ""}),
        ("38.000,50 EUR", "money", ITALIAN, {"amount": "38000.50", "currency": "EUR"}),
        ("Blue", "list", ENGLISH, "Blue"),
    ],
)
def test_a_cell(text: str, kind: str, style: Style, expected: Any) -> None:
    assert read_cell(text, kind, style) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("soon", "date"),
        ("2026-02-30", "date"),
        ("31/31/2026", "date"),
        ("2026-02-01T99:00:00Z", "datetime"),
        ("perhaps", "boolean"),
        ("12,34,5x", "number"),
        ("1.5", "integer"),
        ("EUR 5 USD", "money"),
        ("much", "money"),
    ],
)
def test_a_cell_that_does_not_fit_says_what_is_expected(text: str, kind: str) -> None:
    with pytest.raises(BadValue, match="expected") as caught:
        read_cell(text, kind, ENGLISH)
    assert caught.value.value == text
