"""Texts as a search takes them."""

from __future__ import annotations

import pytest

from tuicrm.domain.words import excerpt, fold, holds, holds_phone, spans, wanted, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Società", "societa"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("Ελλάδα", "ελλαδα"),
        ("ﬁn", "fin"),
    ],
)
def test_case_and_accents_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_are_letters_and_digits_and_of_scripts_without_spaces_each_character() -> None:
    assert words("Rossi & Figli, S.r.l. (2026)") == ["rossi", "figli", "s", "r", "l", "2026"]
    assert words("東京タワー") == ["東", "京", "タ", "ワ", "ー"]
    assert words("[/]*\x1b\"'") == []


@pytest.mark.parametrize(
    ("typed", "number", "found"),
    [
        ("1234", "+390415551234", True),
        ("0415551234", "+390415551234", True),
        ("39041", "+390415551234", True),
        ("+39 041 555", "+390415551234", True),
        ("0039041", "+390415551234", True),
        ("041555", "+390415551234", True),
        ("03331234567", "+493331234567", True),
        ("5551235", "+390415551234", False),
        ("12", "+390415551234", False),
        ("1234", "+390415559999;1234", False),
    ],
)
def test_a_phone_number_is_found_by_its_last_digits_with_or_without_a_prefix(
    typed: str, number: str, found: bool
) -> None:
    asked = wanted(typed)
    told = asked.phone or (asked.chunks[0].digits if asked.chunks else "")
    assert (bool(told) and holds_phone(told, number)) is found


def test_the_last_word_may_go_on_and_words_begin_where_they_begin() -> None:
    assert holds(("ross",), "albergo rossi")
    assert not holds(("ross",), "grossi")
    assert holds(("s", "r"), "rossi s.r.l.")
    assert holds(("京", "タ"), "東京タワー")


def test_what_is_marked_stands_where_it_is_shown() -> None:
    text = "Café Großhandel ﬁn"
    assert [text[a:b] for a, b in spans(text, ["cafe", "gross", "fin"])] == ["Café", "Groß", "ﬁn"]


def test_an_excerpt_is_about_what_was_found() -> None:
    text = "a " * 100 + "needle " + "b " * 100
    told = excerpt(text, spans(text, ["needle"]), 40)
    assert "needle" in told
    assert told.startswith("…")
    assert told.endswith("…")
    assert len(told) <= 42
