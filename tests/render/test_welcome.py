"""The welcome's lines: told whole, in columns, at any width."""

from __future__ import annotations

import pytest

from tests.render.hostile import assert_line
from tuicrm.render.ansi import plain
from tuicrm.render.welcome import WelcomeOffer, WelcomePath, WelcomeRows

OFFERS = [
    WelcomeOffer("demo", "d", "See the demo", "A sample company to try everything on; nothing is saved"),
    WelcomeOffer("new", "n", "New workspace", "An empty one for your company; you become its administrator"),
]
PLACES = [WelcomePath("Workspace", "~/.local/share/tuicrm", "not created yet"), WelcomePath("Set", "~/.config", "")]


def drawn(cells: int, cursor: str | None = None) -> list[str]:
    rows = WelcomeRows(OFFERS, PLACES, cells)
    return [plain(rows.line(y, cursor)).rstrip() for y in range(len(rows.rows))]


def test_offers_are_told_whole_and_stand_in_columns() -> None:
    lines = drawn(80, "new")
    assert lines[4:7] == [
        "   d  See the demo    A sample company to try everything on; nothing is saved",
        " ▌ n  New workspace   An empty one for your company; you become its",
        " ▌                    administrator",
    ]
    assert len({line.index("~/") for line in lines if "~/" in line}) == 1


def test_the_cursor_stands_on_whole_offers() -> None:
    rows = WelcomeRows(OFFERS, PLACES, 80)
    assert [rows.at(y) for y in range(3, 9)] == [None, "demo", "new", "new", None, None]
    assert rows.span("new") == (5, 6)
    with pytest.raises(KeyError):
        rows.span("nothing")


@pytest.mark.parametrize("cells", [10, 16, 20, 37, 44, 60, 80, 140])
def test_every_line_is_exact(cells: int) -> None:
    rows = WelcomeRows(OFFERS, PLACES, cells)
    for y in range(len(rows.rows)):
        assert_line(rows.line(y, "demo"), cells)
