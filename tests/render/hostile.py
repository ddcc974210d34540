"""Texts that people paste, import or send on purpose; every drawing test puts them everywhere."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from tuicrm.render.compose import line_width
from tuicrm.render.line import Line

CORPUS = (
    "",
    " ",
    "[/]",
    "[@click=app.quit]x[/]",
    "[bold red]not markup[/bold red]",
    "\x1b[31mred\x1b[0m",
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x9b31mC1",
    "a\x00b\x7fc\x85d",
    "tab\there\nline\r\nend\x0b\x0c",
    "line\u2028separator\u2029paragraph",
    "\u202eevil\u202c",
    "\u2066isolate\u2069 \u200e\u200f\u061c",
    "\ud800lone\udfff",
    "\ufffe\uffff",
    "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030aalgo",
    "\u0301first a mark",
    "日本語のとても長い案件名です、とても長い",
    "한국어 프로젝트",
    "👨\u200d👩\u200d👧\u200d👦 family 👍🏽 ❤\ufe0f 🇮🇹🇪🇺",
    "فارسی می\u200cخواهم",
    "שלום עולם",
    "क्षत्रिय",
    "\u00ad\u200b\u2060\ufeff",
    "tag \U000e0001\U000e0068\U000e0069\U000e007f hidden\ufe01\U000e0100\u2064",
    "ad\u3164min \u115f\u1160\uffa0 \u034f\u17b4\u180b r\u200coss\u200ci",
    "€\u00a012\u202f500",
    "x" * 3000,
    "word " * 800,
    "日" * 1500,
    "\u0301" * 500,
    "[" * 50,
    "\\",
    "%s {name} {} {0}",
)

any_text = st.one_of(
    st.sampled_from(CORPUS),
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.text(st.sampled_from("ab \n\t\x1b\u0301\u202e日👍\u200d\ufe0f🇮[]…"), max_size=60),
)

BIDI = "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"
_UNSEEN = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200d\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
_UNSEEN += "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
_HARMFUL = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029{BIDI}{_UNSEEN}]|[\x20-\u05ff]\u200c")


def assert_harmless(text: str) -> None:
    """Nothing in the text can move the terminal's cursor, turn its direction, break a line or hide."""
    found = _HARMFUL.search(text)
    assert found is None, repr(found)


def assert_line(line: Line, cells: int) -> None:
    """The line is harmless and exactly so wide."""
    for run in line:
        assert_harmless(run.text)
    assert line_width(line) == cells, line


def assert_no_wider(line: Line, cells: int) -> None:
    """The line is harmless and fits."""
    for run in line:
        assert_harmless(run.text)
    assert line_width(line) <= cells, line
