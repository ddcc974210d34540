"""The weeks of a month in lines."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.render.calendar_samples import FRAME, MONDAY, at, days, whole
from tests.render.hostile import any_text, assert_line
from tuicrm.domain.calendar import CalendarDay, CalendarEntry, CalendarSpot
from tuicrm.render.ansi import plain
from tuicrm.render.calendar_month import MonthGrid

ELSEWHERE = CalendarSpot(date(2026, 11, 4))


def month(*entries: CalendarEntry, cells: int = 80, height: int = 22, more: int = 0) -> MonthGrid:
    found = [replace(day, more=more if day.day == MONDAY else 0) for day in days(*entries, look="month")]
    return MonthGrid(found, 11, FRAME, cells, height)


def lines(grid: MonthGrid, cursor: CalendarSpot = ELSEWHERE) -> list[str]:
    return [plain(grid.line(y, cursor)).rstrip() for y in range(grid.height)]


def test_a_cell_a_day_with_what_fits_and_how_many_more() -> None:
    entries = [at(0, f"{9 + n:02}:00", f"{9 + n:02}:30", f"call {n}", n) for n in range(5)]
    drawn = lines(month(*entries))
    assert drawn[0] == "    Mon        Tue        Wed        Thu        Fri        Sat        Sun"
    [row] = [y for y, line in enumerate(drawn) if line.startswith("48 ")]
    assert drawn[row].startswith("48 ▏ 23     +3▏ 24       ▏▐25▌")
    assert "▏▌call 0" in drawn[row + 1]
    assert "▏▌call 1" in drawn[row + 2]


def test_the_first_of_a_month_says_which() -> None:
    assert "▏ 1 Nov" in "\n".join(lines(month()))
    assert "▏ 1 Dec" in "\n".join(lines(month()))


def test_a_wider_cell_tells_the_time() -> None:
    assert "▌09:30 Call Paolo" in "\n".join(lines(month(at(0, "09:30", "10:00", "Call Paolo", 1), cells=140)))


def test_those_that_were_only_counted_are_counted_too() -> None:
    assert "+7" in "\n".join(lines(month(at(0, "09:00", "09:30", "call", 1), more=7)))


def test_the_cursor_brings_one_that_is_not_drawn_into_sight() -> None:
    entries = [at(0, f"{9 + n:02}:00", f"{9 + n:02}:30", f"call {n}", n) for n in range(5)]
    grid = month(*entries)
    spot = grid.settled(CalendarSpot(MONDAY, 0, entries[4].key))
    assert spot.key == entries[4].key
    assert "▌call 4" in "\n".join(lines(grid, spot))


def test_arrows_go_from_day_to_day_and_from_week_to_week() -> None:
    grid = month()
    assert grid.moved(CalendarSpot(MONDAY, 540), 1, 0) == CalendarSpot(date(2026, 11, 24), 540)
    assert grid.moved(CalendarSpot(MONDAY, 540), 0, 1) == CalendarSpot(date(2026, 11, 30), 540)


def test_under_the_mouse() -> None:
    fair = whole(0, 1, "Fair", 1)
    grid = month(fair)
    y = next(y for y, line in enumerate(lines(grid)) if "Fair" in line)
    found = grid.at(5, y)
    assert found is not None
    assert (found.day, found.key) == (MONDAY, fair.key)
    number = grid.at(5, y - 1)
    assert number is not None
    assert (number.day, number.key) == (MONDAY, None)
    assert grid.at(1, y) is None
    assert grid.at(5, 0) is None


@given(any_text, st.integers(12, 150), st.integers(2, 50))
def test_any_text_fits(text: str, cells: int, height: int) -> None:
    entries = [at(0, "09:00", "11:00", text, 1), replace(whole(0, 3, text, 2), late=True)]
    grid = month(*entries, cells=cells, height=height)
    for y in range(height):
        assert_line(grid.line(y, CalendarSpot(MONDAY, 0, (1, ""))), cells)


def test_a_day_that_is_not_there_any_more_leaves_the_cursor_on_the_day() -> None:
    assert month().settled(CalendarSpot(MONDAY, 540, (9, ""))) == CalendarSpot(MONDAY, 540)
    assert isinstance(days()[0], CalendarDay)
