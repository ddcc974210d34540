"""Phones of a row are numbers of the country that the row names, of the workspace's where it names no country, or of no country."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cost import at_most
from tuicrm.domain.schema import ItemType
from tuicrm.services.importing.places import placed
from tuicrm.services.kernel.builtin_definitions import load_types


@pytest.fixture(scope="module")
def contact() -> ItemType:
    return load_types()["contact"]


def read(contact: ItemType, typed: str, named: str, country: str = "IT") -> tuple[Any, Any, list[str]]:
    """The number, the address's country, and what was told as shortened."""
    told: list[str] = []
    row = {"phone": [{"value": typed, "typed": typed, "type": "work"}], "address": {"city": "X", "country": named}}
    found = placed(row, contact, country, lambda _field, text: told.append(text))
    return [one["value"] for one in found["phone"]], found["address"]["country"], told


@pytest.mark.parametrize(
    ("typed", "named", "number", "code"),
    [
        ("335 555 0142", "", "+393355550142", ""),
        ("335 555 0142", "Ghana", "3355550142", "GH"),
        ("020 7946 0018", "uk", "+442079460018", "GB"),
        ("020 7946 0018", "Regno Unito", "+442079460018", "GB"),
        ("8 (301) 123-45-67", "Россия", "+73011234567", "RU"),
        ("335 555 0142", "Freedonia", "3355550142", "Freedonia"),
        ("+39 335 555 0142", "Ghana", "+39 335 555 0142", "GH"),
        ("335 555 0142 x9", "Ghana", "3355550142;ext=9", "GH"),
    ],
)
def test_a_number_and_its_country(contact: ItemType, typed: str, named: str, number: str, code: str) -> None:
    assert read(contact, typed, named) == ([number], code, [])


def test_without_any_country_digits_stay_as_they_are(contact: ItemType) -> None:
    assert read(contact, "335 555 0142", "", country="") == (["3355550142"], "", [])


def test_what_a_spreadsheet_has_shortened_is_left_out(contact: ItemType) -> None:
    assert read(contact, "3.91235E+11", "Italy") == ([], "IT", ["3.91235E+11"])


def test_what_is_no_number_is_left_to_whoever_checks_the_row(contact: ItemType) -> None:
    assert read(contact, "call me", "Italy") == (["call me"], "IT", [])
    row = {"phone": ["x", None, 7, {"typed": 5}], "address": "no address"}
    assert placed(row, contact, "IT", lambda _field, _text: None)["phone"] == ["x", None, 7, {"typed": 5}]


def test_a_cell_of_any_length_is_dealt_with_at_once(contact: ItemType) -> None:
    for typed in ("1" + " " * 100_000 + "x", "x1" * 50_000, "1E" + "1" * 100_000):
        with at_most(2):
            assert read(contact, typed, "Italy") == ([typed], "IT", [])
