"""Formats are told apart by their first bytes, and what cannot be read is refused by its name."""

from __future__ import annotations

import pytest

from tuicrm.errors import Refused
from tuicrm.exchange.sniff import file_format


@pytest.mark.parametrize(
    ("head", "expected"),
    [(b"Name,City\n", "csv"), (b'\xef\xbb\xbf{"result": []}', "json"), (b"\n [1]", "json"), (b"", "csv")],
)
def test_text_is_csv_or_json(head: bytes, expected: str) -> None:
    assert file_format(head, "x") == expected


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"PK\x03\x04\x14\x00", "book.xlsx is an Excel or OpenDocument workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"BEGIN:VCARD\r\nVERSION:3.0", "a vCard"),
    ],
)
def test_other_formats_are_refused_by_name(head: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        file_format(head, "book.xlsx")
