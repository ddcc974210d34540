"""Addresses as people type and paste them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.domain.kinds.base import BadValue
from tuicrm.services.messages.typed_addresses import parted, pieces, read_addresses


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("", []),
        ("a@b.example", ["a@b.example"]),
        (" a@b.example ;c@d.example,, ", ["a@b.example", "c@d.example"]),
        ("Maria Rossi <m@r.example>, a@b.example", ["m@r.example", "a@b.example"]),
        ('"Rossi, Maria" <m@r.example>', ["m@r.example"]),
        ("Rossi, Maria <m@r.example>; a@b.example", ["m@r.example", "a@b.example"]),
        ("a@b.example\nA@b.example\na@b.example", ["a@b.example", "A@b.example"]),
    ],
)
def test_what_is_pasted_is_read(text: str, addresses: list[str]) -> None:
    assert read_addresses(text) == addresses


@pytest.mark.parametrize("text", ["maria", "a@b.example, maria", "a b@c.example", "a@", "<>", "a@b.example\r\nBcc: x"])
def test_what_is_no_address_is_named(text: str) -> None:
    with pytest.raises(BadValue, match="is not a mail address"):
        read_addresses(text)


@given(st.text(max_size=200))
def test_nothing_is_too_strange(text: str) -> None:
    before, piece = parted(text)
    assert text.startswith(before)
    assert piece == text[len(before) :].strip()
    for one in pieces(text):
        assert "\n" not in one
        assert "\r" not in one
    try:
        found = read_addresses(text)
    except BadValue:
        return
    assert all("@" in one and "\n" not in one for one in found)
