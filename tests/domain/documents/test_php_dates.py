"""The letters of a date: what PHP's own manual says of each."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from tuicrm.domain.documents.php_dates import LETTERS, php_date, unknown_letters

EST = timezone(timedelta(hours=-5), "EST")
WHEN = datetime(2001, 3, 10, 17, 16, 18, 54321, tzinfo=EST)
"""The manual's own example: 10 March 2001, 5.16.18 pm, Mountain Standard Time there."""

FIRST, LAST = datetime.combine(date.min, time.min), datetime.combine(date.max, time.max)
"""The ends of the calendar, without a zone."""

TOLD = {
    "d": "10", "D": "Sat", "j": "10", "l": "Saturday", "N": "6", "S": "th", "w": "6", "z": "68", "W": "10", "F": "March", "m": "03",
    "M": "Mar", "n": "3", "t": "31", "L": "0", "o": "2001", "Y": "2001", "y": "01", "a": "pm", "A": "PM", "B": "969", "g": "5",
    "G": "17", "h": "05", "H": "17", "i": "16", "s": "18", "u": "054321", "v": "054", "e": "EST", "I": "0", "O": "-0500",
    "P": "-05:00", "p": "-05:00",
    "T": "EST", "Z": "-18000", "c": "2001-03-10T17:16:18-05:00", "r": "Sat, 10 Mar 2001 17:16:18 -0500",
    "U": "984262578",
}  # fmt: skip


def test_every_letter_is_tried() -> None:
    assert set(TOLD) == set(LETTERS)


@pytest.mark.parametrize("letter", TOLD)
def test_a_letter_says_what_it_says_in_php(letter: str) -> None:
    assert php_date(letter, WHEN, "en") == TOLD[letter]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("F j, Y, g:i a", "March 10, 2001, 5:16 pm"),
        (r"\i\t \i\s \t\h\e jS \d\a\y.", "it is the 10th day."),
        ("D M j G:i:s T Y", "Sat Mar 10 17:16:18 EST 2001"),
        ("kq\\", "kq\\"),
        ("", ""),
    ],
)
def test_the_manuals_own_examples(form: str, told: str) -> None:
    assert php_date(form, WHEN, "en") == told


def test_letters_that_mean_nothing_are_named_once() -> None:
    assert unknown_letters(r"d.q.Y \k qx") == "qx"


@pytest.mark.parametrize(
    ("day", "told"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (22, "22nd")]
)
def test_english_ordinals(day: int, told: str) -> None:
    assert php_date("jS", datetime(2026, 1, day, tzinfo=UTC), "en") == told
    assert php_date("jS", datetime(2026, 1, day, tzinfo=UTC), "de") == str(day)


@pytest.mark.parametrize("letter", "eIOPpTZUcr")
def test_what_has_no_zone_says_nothing_of_one(letter: str) -> None:
    told = php_date(letter, FIRST, "it")
    assert told in ("", "0", "0001-01-01T00:00:00", "Mon, 01 Jan 0001 00:00:00")


def test_the_ends_of_the_calendar() -> None:
    for when in (FIRST, FIRST.replace(tzinfo=EST), LAST, LAST.replace(tzinfo=EST)):
        assert "�" not in php_date("".join(LETTERS), when, "it")
