"""Cleaning, measuring, fitting and wrapping."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcwidth

from tests.render.hostile import CORPUS, any_text, assert_harmless
from tuicrm.render import text as module
from tuicrm.render.text import clean, clean_lines, clusters, cut, fit, width, wrap


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\U000e0001\U000e0041\U000e007fb", "ab"),
        ("ad\u3164min\u115f\u1160\uffa0", "admin"),
        ("a\u034fb\u17b4\u180b\u180ec", "abc"),
        ("a\u2061\u2064\u206a\ufff9b", "ab"),
        ("A\ufe01\U000e0100", "A"),
        ("r\u200coss\u200c\u200ci\u200c", "rossi"),
        ("می\u200c\u200cخ", "می\u200cخ"),
        ("क्\u200cष", "क्\u200cष"),
        ("plain", "plain"),
        ("a\tb\nc\r\nd", "a b c d"),
        ("\x1b[31mred\x07", "[31mred"),
        ("\u202eevil\u202c", "evil"),
        ("a\u2028b\x85c", "a b c"),
        ("\ud800x", "\ufffdx"),
        ("🇮🇹", "IT"),
        ("👨\u200d👩", "👨👩"),
        ("❤\ufe0f", "❤"),
        ("👍🏽", "👍"),
        ("soft\u00adhyphen", "softhyphen"),
        ("€\u202f5", "€\u00a05"),
        ("\u0301x", "◌\u0301x"),
        ("e\u0301", "e\u0301"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_cleaning(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_stack_of_marks_is_capped() -> None:
    assert clean("Z" + "\u0301" * 30 + "y") == "Z" + "\u0301" * 4 + "y"


def test_lines_are_split_at_every_kind_of_line_end() -> None:
    assert clean_lines("a\nb\r\nc\u2028d\x85e\n") == ["a", "b", "c", "d", "e"]
    assert clean_lines("") == []


def test_every_character_cleans_to_something_harmless() -> None:
    for start, end in ((0, 0x20000), (0x2F000, 0x32000), (0xE0000, 0xE2000), (0x10FF00, 0x110000)):
        assert_harmless(clean("a".join(map(chr, range(start, end)))))


def test_plain_characters_are_one_cell_everywhere_and_need_no_cleaning() -> None:
    for code in range(0x110000):
        character = chr(code)
        if module._PLAIN.fullmatch(character):
            assert wcwidth(character) == cell_len(character) == 1, hex(code)
            assert module._cleaned(character) == character, hex(code)
            assert_harmless(character)


@pytest.mark.parametrize("text", [text for text in CORPUS if len(text) < 400])
def test_width_is_what_rich_counts(text: str) -> None:
    assert width(clean(text)) == cell_len(clean(text))


@given(any_text)
def test_cleaning_is_harmless_and_done_once(text: str) -> None:
    shown = clean(text)
    assert_harmless(shown)
    assert clean(shown) == shown


@given(any_text, st.integers(0, 50), st.sampled_from(["left", "right", "center"]))
def test_fit_is_exact(text: str, cells: int, align: module.Align) -> None:
    shown = fit(text, cells, align)
    assert width(shown) == cells
    assert_harmless(shown)


@given(any_text, st.integers(1, 40), st.integers(0, 5))
def test_wrapped_lines_fit(text: str, cells: int, limit: int) -> None:
    lines = wrap(text, cells, limit)
    for line in lines:
        assert_harmless(line)
        assert width(line) <= cells
        assert clean(line) == line
    if limit:
        assert len(lines) <= limit


@given(st.text(st.sampled_from("ab日\n "), max_size=80), st.integers(2, 30))
def test_wrapping_loses_nothing_but_spaces(text: str, cells: int) -> None:
    assert "".join("".join(wrap(text, cells)).split()) == "".join(text.split())


@given(any_text)
def test_clusters_add_up(text: str) -> None:
    shown = clean(text)
    assert "".join(piece for piece, _cells in clusters(shown)) == shown
    assert sum(cells for _piece, cells in clusters(shown)) == width(shown)


def test_fitting() -> None:
    assert fit("Rossi", 8) == "Rossi   "
    assert fit("Rossi", 8, "right") == "   Rossi"
    assert fit("11", 3, "center") == "11 "
    assert fit("Ferrari Legnami", 8) == "Ferrari…"
    assert fit("日本語", 5) == "日本…"
    assert fit("日本語", 4) == "日… "
    assert cut("abc", 0) == ""


def test_of_a_very_long_text_only_the_beginning_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def counted(text: str) -> str:
        seen.append(len(text))
        return clean(text)

    monkeypatch.setattr(module, "clean", counted)
    assert fit("日本" * 100_000, 5) == "日本…"
    assert max(seen) < 1000
    assert fit("\x00" * 1000 + "end", 5) == "end  "


def test_wrapping() -> None:
    assert wrap("Wants it before the stocktaking", 10) == ["Wants it", "before the", "stocktakin", "g"]
    assert wrap("one\n\ntwo", 10) == ["one", "", "two"]
    assert wrap("日本語テキスト", 5) == ["日本", "語テ", "キス", "ト"]
    assert wrap("日", 1) == ["…"]
    assert wrap("", 10) == []


def test_a_limit_says_that_there_is_more() -> None:
    assert wrap("one two three", 5, 2) == ["one", "two…"]
    assert wrap("abcdefghij", 5, 1) == ["abcd…"]
    assert wrap("one two", 5, 2) == ["one", "two"]


def test_beyond_the_limit_nothing_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def counted(text: str) -> list[str]:
        seen.append(len(text))
        return clean_lines(text)

    monkeypatch.setattr(module, "clean_lines", counted)
    assert len(wrap("word " * 1_000_000, 40, 3)) == 3
    assert max(seen) < 1000


def test_wcwidth_is_not_needed_for_western_text() -> None:
    import subprocess

    code = (
        "import sys; from tuicrm.render.text import fit, wrap; "
        "fit('Caffè Vero € 12,500 ◷ today … → ✓', 12); wrap('città più grande — tre', 9); "
        "print('wcwidth' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
