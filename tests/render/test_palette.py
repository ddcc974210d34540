"""How style words look, with all colours, few and none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.hostile import any_text
from tuicrm.render.colours import Depth, contrast, ink_on, legible, normal, to_depth
from tuicrm.render.palette import Palette, Style, Theme, resolve, screen_colour

DARK = Palette("dark", "true")
THEMES: tuple[Theme, ...] = ("dark", "light", "terminal")
DEPTHS: tuple[Depth, ...] = ("true", "256", "16", "none")
INKS = (
    "dim",
    "faint",
    "accent",
    "late",
    "today",
    "ok",
    "link",
    "label",
    "value",
    "title",
    "heading",
    "required",
    "key",
)


def test_words_add_up_and_later_ones_win() -> None:
    assert resolve("title", DARK) == Style(fg="#f5f8fb", bold=True)
    assert resolve("late bold underline on:bar", DARK) == Style(fg="#ff6b66", bg="#161c22", bold=True, underline=True)
    assert resolve("late accent", DARK).fg == resolve("accent", DARK).fg


def test_unknown_words_and_bad_colours_change_nothing() -> None:
    plain = resolve("", DARK)
    for words in ("nonsense", "fg:red", "fg:#12", "on:nowhere", "tint:", "on:#zzzzzz", "fg:#1234567"):
        assert resolve(words, DARK) == plain


def test_without_colours_the_cursor_is_reverse_and_nothing_has_a_colour() -> None:
    for theme in THEMES:
        palette = Palette(theme, "none")
        for words in (*INKS, "fg:#ff0000", "on:#ff0000", "tint:#ff0000", "on:cursor", "on:mark", "on:bar", "on:accent"):
            style = resolve(words, palette)
            assert style.fg is None
            assert style.bg is None
        assert resolve("faint on:cursor", palette) == Style(reverse=True)
        assert resolve("bold on:#55d0e0", palette) == Style(bold=True, reverse=True)


def test_sixteen_colours_are_the_terminals_own() -> None:
    palette = Palette("dark", "16")
    assert resolve("late", palette).fg == 1
    assert resolve("dim", palette) == Style(dim=True)
    assert resolve("late on:cursor", palette) == Style(fg=15, bg=4)
    assert resolve("fg:#7bd500", palette).fg == 2


def test_the_terminal_theme_assumes_no_ground() -> None:
    palette = Palette("terminal", "true")
    assert resolve("", palette) == Style()
    assert resolve("accent", palette) == Style(fg=6)
    assert resolve("on:bar", palette) == Style()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_ink_can_be_read_on_the_screen_and_on_the_cursor(theme: Theme) -> None:
    palette = Palette(theme, "true")
    ground = screen_colour(palette)
    assert ground is not None
    for ink in INKS:
        fg = resolve(ink, palette).fg
        cursor = resolve("on:cursor", palette).bg
        assert isinstance(fg, str)
        assert isinstance(cursor, str)
        assert contrast(fg, ground) >= 4.5
        assert contrast(fg, cursor) >= 3.5


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_stages_colours_are_made_legible(colour: str) -> None:
    for ground in ("#0f1117", "#ffffff"):
        assert contrast(legible(colour, ground), ground) >= 4.5
    assert contrast(ink_on(colour), colour) >= 4.5
    for depth in DEPTHS:
        found = to_depth(colour, depth)
        if depth == "256":
            assert isinstance(found, int)
            assert 16 <= found <= 255
        elif depth == "16":
            assert isinstance(found, int)
            assert 0 <= found <= 15


@pytest.mark.parametrize(
    ("colour", "few", "more"),
    [("#ff0000", 1, 196), ("#2fc6f6", 6, 45), ("#7bd500", 2, 112), ("#ffa900", 3, 214), ("#808080", 7, 244), ("#000000", 0, 16)],
)  # fmt: skip
def test_nearest_colours(colour: str, few: int, more: int) -> None:
    assert to_depth(colour, "16") == few
    assert to_depth(colour, "256") == more


def test_colours_as_written() -> None:
    assert normal("#FFF") == "#ffffff"
    assert normal("#39A8EF") == "#39a8ef"
    assert normal("red") == normal("#12345") == normal("#fff\x1b") == ""


@given(any_text, st.sampled_from(THEMES), st.sampled_from(DEPTHS))
def test_any_words_resolve(words: str, theme: Theme, depth: Depth) -> None:
    resolve(words, Palette(theme, depth))
    resolve(f"fg:{words} on:{words}", Palette(theme, depth))
