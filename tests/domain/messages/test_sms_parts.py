"""SMS in parts: the alphabets' own limits, signs of two units, and what makes a text dear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.domain.messages.sms_parts import SmsParts, sms_parts


@pytest.mark.parametrize(
    ("text", "alphabet", "lengths", "left"),
    [
        ("", "GSM-7", [0], 160),
        ("a" * 160, "GSM-7", [160], 0),
        ("a" * 161, "GSM-7", [153, 8], 145),
        ("a" * 306, "GSM-7", [153, 153], 0),
        ("a" * 307, "GSM-7", [153, 153, 1], 152),
        # An extended sign takes two, and is not cut.
        ("€" * 80, "GSM-7", [80], 0),
        ("€" * 81, "GSM-7", [76, 5], 143),
        ("a" * 152 + "€" + "b" * 10, "GSM-7", [152, 11], 141),
        ("à è ì ò ù é Ç ñ Ü ß Ω £ § ¿ @", "GSM-7", [29], 131),
        ("я" * 70, "UCS-2", [70], 0),
        ("я" * 71, "UCS-2", [67, 4], 63),
        # One of two halves, which are not torn apart.
        ("😀" * 35, "UCS-2", [35], 0),
        ("😀" * 36, "UCS-2", [33, 3], 61),
        ("я" * 66 + "😀" + "я" * 5, "UCS-2", [66, 6], 60),
        ("one\r\ntwo", "GSM-7", [7], 153),
    ],
)
def test_parts_are_as_long_as_their_alphabet_lets_them(text: str, alphabet: str, lengths: list[int], left: int) -> None:
    found = sms_parts(text)
    assert (found.alphabet, [len(part) for part in found.parts], found.left) == (alphabet, lengths, left)


def test_the_characters_that_make_it_dear_are_named_once_each() -> None:
    assert sms_parts("Don’t “wait” — call").odd == ("’", "“", "”", "—")
    assert sms_parts("plain [text] ~ 5 €").odd == ()
    assert len(sms_parts("".join(map(chr, range(0x400, 0x500)))).odd) == 20
    assert sms_parts("á") == SmsParts("UCS-2", ("á",), 69, ("á",))


def test_what_looks_like_gsm_and_is_not_is_ucs_2() -> None:
    # Small ç and a tab are not in the table, though many tables of the web have them.
    for sign in ("ç", "\t", "`", "\u00a0", "\x1b", "Α"):
        assert sms_parts(sign).alphabet == "UCS-2", sign


@given(st.text(max_size=900))
def test_nothing_is_lost_and_no_part_is_too_long(text: str) -> None:
    found = sms_parts(text)
    assert "".join(found.parts) == text.replace("\r\n", "\n")
    if found.alphabet == "UCS-2":
        most = 70 if len(found.parts) == 1 else 67
        assert all(len(part.encode("utf-16-le", "surrogatepass")) <= 2 * most for part in found.parts)
    else:
        most = 160 if len(found.parts) == 1 else 153
        assert all(len(part) + sum(sign in "\f^{}\\[~]|€" for sign in part) <= most for part in found.parts)
    assert found.left >= 0
