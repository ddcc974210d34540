"""Lines as Textual strips."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.render.hostile import any_text
from tests.render.samples import CONNECTOR
from tuicrm.domain.board import Card
from tuicrm.render.board import card_lines
from tuicrm.render.line import Run
from tuicrm.render.palette import Palette
from tuicrm.widgets.strips import rich_style, strip

DARK = Palette("dark", "true")


def test_a_strip_is_filled_to_its_width() -> None:
    found = strip((Run("abc", "late"),), 6, DARK)
    assert found.text == "abc   "
    assert found.cell_length == 6


def test_a_strip_is_cut_to_its_width() -> None:
    assert strip((Run("abc"), Run("日本")), 6, DARK).text == "abc日 "


def test_text_is_never_markup() -> None:
    assert strip((Run("[@click=app.quit]x[/]"),), 21, DARK).text == "[@click=app.quit]x[/]"


def test_styles_are_made_once_and_carry_everything() -> None:
    style = rich_style("late bold underline on:bar", DARK)
    assert style is rich_style("late bold underline on:bar", DARK)
    assert str(style) == "bold underline #ff6b66 on #161c22"
    assert rich_style("on:cursor", Palette("dark", "none")).reverse
    assert str(rich_style("late", Palette("dark", "16"))) == "color(1)"


def test_ascii() -> None:
    assert (
        strip(card_lines(CONNECTOR, 26, selected=True)[0], 26, DARK, ascii_only=True).text
        == "| ERP connector           "
    )


@given(any_text, st.integers(12, 60), st.integers(0, 80))
def test_any_strip_is_exact(text: str, cells: int, width: int) -> None:
    for line in card_lines(Card("D-1", text, text, text, text, "late", text, text), cells):
        found = strip(line, width, DARK)
        assert found.cell_length == width
        assert cell_len(found.text) == width
