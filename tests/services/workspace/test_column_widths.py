"""Widths that a person gave the columns of a table: theirs alone, within bounds, whatever is kept there."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences
from tuicrm.services.workspace.column_widths import LEAST, MOST, ColumnWidths


def test_they_are_kept_for_one_person_and_one_table(seeded: Session, open_as: OpenAs) -> None:
    widths = ColumnWidths(seeded, "products")
    widths.keep("name", 20)
    widths.keep("price", 9)
    assert widths.all() == {"name": 20, "price": 9}
    assert ColumnWidths(seeded, "fields").all() == {}
    assert ColumnWidths(open_as("anna"), "products").of("name") == 20
    assert ColumnWidths(open_as("luca"), "products").of("name") == 0
    widths.keep("name", 0)
    assert widths.all() == {"price": 9}


@pytest.mark.parametrize(("given", "kept"), [(1, LEAST), (-5, LEAST), (10_000, MOST)])
def test_it_is_never_too_narrow_or_too_wide(seeded: Session, given: int, kept: int) -> None:
    widths = ColumnWidths(seeded, "products")
    widths.keep("name", given)
    assert widths.of("name") == kept


def test_what_is_no_width_is_passed_over(seeded: Session) -> None:
    kept: dict[str, object] = {"a": "x", "b": None, "c": True, "d": [1], "e": 12}
    preferences.choose_table(seeded, LayoutPlace("products"), kept)  # type: ignore[arg-type]
    assert ColumnWidths(seeded, "products").all() == {"e": 12}
