"""Days with their hours in lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.render.calendar_samples import FRAME, MONDAY, at, days, whole
from tests.render.hostile import CORPUS, any_text, assert_line
from tuicrm.domain.calendar import CalendarDay, CalendarEntry, CalendarSpot
from tuicrm.render.ansi import plain
from tuicrm.render.calendar_blocks import GridColumn, blocks_of
from tuicrm.render.calendar_grid import DayGrid

NINE = 18
"""The row of nine o'clock."""
FREE = CalendarSpot(MONDAY, 7 * 60)


def week(*entries: CalendarEntry, cells: int = 80, height: int = 22, top: int = NINE) -> DayGrid:
    return DayGrid([GridColumn(day) for day in days(*entries)], FRAME, cells, height, top)


def lines(grid: DayGrid, cursor: CalendarSpot = FREE) -> list[str]:
    return [plain(grid.line(y, cursor)) for y in range(grid.height)]


def test_seven_columns_of_eleven_beside_the_hours() -> None:
    grid = week(at(0, "09:00", "10:00", "Meet", 1), at(1, "09:30", "10:00", "Call Paolo", 2))
    assert (grid.gutter, grid.width) == (3, 11)
    assert lines(grid)[:4] == [
        "    Mon 23     Tue 24    ▐Wed 25▌    Thu 26     Fri 27     Sat 28     Sun 29",
        "09 ▏▌Meet     ▏          ▏          ▏          ▏          ▏          ▏",
        "   ▏▌09:00    ▏▌Call Pao…▏          ▏          ▏          ▏          ▏",
        "10▸▏          ▏          ▏──────────▏          ▏          ▏          ▏",
    ]


def test_a_wider_screen_shows_times_and_what_it_is_about() -> None:
    meet = replace(at(0, "09:00", "11:00", "Meet", 1), about="Rossi Srl", place="Blue room")
    drawn = lines(week(meet, cells=140))
    assert [line[6:25].rstrip() for line in drawn[1:5]] == ["▏▌Meet", "▏▌09:00–11:00", "▏▌Rossi Srl", "▏▌Blue room"]


def test_those_that_overlap_share_the_column_and_the_rest_are_counted() -> None:
    two = [at(0, "09:00", "09:30", "one", 1), at(0, "09:00", "09:30", "two", 2)]
    assert "▏▌one ▌two " in lines(week(*two))[1]
    four = [*two, at(0, "09:00", "09:30", "three", 3), at(0, "09:00", "09:30", "four", 4)]
    assert "▏▌one   +3 " in lines(week(*four))[1]
    wide = [[one.what for one in block.entries] for block in blocks_of(GridColumn(days(*four)[0]), 24)]
    assert wide == [["one"], ["two"], ["three"], ["four"]], "the last of them as +1"


def test_whole_days_are_bars_across_the_days_that_they_take() -> None:
    drawn = lines(week(whole(1, 3, "Fair in Milan", 1), whole(2, 2, "Inventory", 2)))
    assert drawn[1].startswith(f"   ▏          ▏▌{'Fair in Milan':<31}▏")
    assert "▏▌Inventory" in drawn[2]
    assert drawn[3].startswith("09 ")


def test_more_whole_days_than_lines_are_counted() -> None:
    drawn = lines(week(*(whole(1, 1, f"day {n}", n) for n in range(4))))
    assert "▌day 0" in drawn[1]
    assert "▏+3" in drawn[2]


def test_what_is_out_of_sight_is_told_above() -> None:
    early, late = at(0, "07:00", "08:00", "early", 1), at(0, "21:00", "22:00", "late", 2)
    assert lines(week(early, late))[0].startswith("    23    ↑1↓1 Tue 24"), "numbers before the name"
    assert lines(week(early))[0].startswith("    Mon 23  ↑1")


def test_late_and_done_have_a_sign_besides_their_colour() -> None:
    late = replace(at(0, "09:00", "09:30", "Call", 1), late=True)
    done = replace(at(0, "10:00", "10:30", "Send", 2), done=True)
    grid = week(late, done)
    assert "▌!Call" in lines(grid)[1]
    assert "▌✓Send" in lines(grid)[3]
    assert any(run.style.startswith("late") for run in grid.line(1, FREE))


def test_hours_without_work_have_another_ground() -> None:
    grid = week(top=16)
    [early] = [grid.line(y, FREE) for y in range(1, 2)]
    assert any("on:panel" in run.style for run in early), "eight o'clock"
    monday = list(grid.line(4, FREE))[:3]
    assert not any("on:panel" in run.style for run in monday)


def test_what_private_ones_are_is_not_told() -> None:
    busy = replace(at(0, "09:00", "11:00", "secret", 1), busy=True, about="Rossi Srl", place="home")
    drawn = "\n".join(lines(week(busy, cells=140)))
    assert "busy" in drawn
    assert not any(word in drawn for word in ("secret", "Rossi", "home"))


# -- the cursor --------------------------------------------------------------------------------------------------------
def test_the_cursor_goes_from_one_to_the_next_as_it_stands_there() -> None:
    one, two = at(0, "09:00", "10:00", "one", 1), at(0, "09:00", "10:00", "two", 2)
    grid = week(one, two)
    spot = grid.settled(CalendarSpot(MONDAY, 9 * 60))
    assert spot.key == one.key
    spot = grid.moved(spot, 1, 0)
    assert (spot.day, spot.key) == (MONDAY, two.key), "first aside"
    assert grid.moved(spot, 1, 0) == CalendarSpot(days()[1].day, 9 * 60, None, 1)
    below = grid.moved(spot, 0, 1)
    assert (below.minute, below.key) == (10 * 60, None), "an entry is one step"
    assert grid.moved(below, 0, -1).key == one.key


def test_from_the_week_to_the_ones_beside_it() -> None:
    grid = week()
    assert grid.moved(CalendarSpot(MONDAY, 600), -1, 0).day.isoformat() == "2026-11-22"
    assert grid.moved(CalendarSpot(days()[6].day, 600), 1, 0).day.isoformat() == "2026-11-30"


def test_those_without_room_are_reached_too() -> None:
    grid = week(*(at(0, "09:00", "09:30", f"n{n}", n) for n in range(4)))
    spot, seen = grid.settled(CalendarSpot(MONDAY, 9 * 60)), []
    while spot.day == MONDAY:
        seen.append(spot.key)
        spot = grid.moved(spot, 1, 0)
    assert seen == [(n, "") for n in range(4)]
    assert [one.key for one in grid.stops()] == seen


def test_from_hours_to_the_band_and_back() -> None:
    fair = whole(0, 1, "Fair", 1)
    grid = week(fair, top=0)
    up = grid.moved(CalendarSpot(MONDAY, 0), 0, -1)
    assert up.key == fair.key
    assert grid.moved(up, 1, 0).day == days()[1].day
    assert grid.moved(up, 0, 1).key is None


def test_the_cursor_is_brought_into_sight_by_half_pages() -> None:
    grid = week()
    assert grid.top_for(CalendarSpot(MONDAY, 10 * 60)) == grid.top
    assert grid.top_for(CalendarSpot(MONDAY, 23 * 60)) == 48 - grid.rows
    assert grid.top_for(CalendarSpot(MONDAY, 0)) == 0


def test_under_the_mouse() -> None:
    one, two = at(0, "09:00", "10:00", "one", 1), at(0, "09:00", "10:00", "two", 2)
    grid = week(one, two, whole(2, 3, "Fair", 3))
    x, y = lines(grid)[2].index("two"), 2
    found = grid.at(x, y)
    assert found is not None
    assert (found.key, found.day) == (two.key, MONDAY)
    fair = grid.at(40, 1)
    assert fair is not None
    assert fair.key == (3, "")
    assert grid.at(0, 5) is None, "hours are nothing to click on"
    empty = grid.at(15, 6)
    assert empty is not None
    assert (empty.key, empty.minute) == (None, 11 * 60)


# -- any text, any size ------------------------------------------------------------------------------------------------
@given(any_text, st.integers(12, 150), st.integers(2, 50), st.integers(0, 40))
def test_any_text_fits(text: str, cells: int, height: int, top: int) -> None:
    entries = [
        replace(at(0, "09:00", "11:00", text, 1), about=text, place=text, initials=text[:2]),
        replace(at(0, "09:30", "10:00", text, 2), late=True),
        replace(at(0, "09:30", "10:00", text, 3), done=True),
        whole(0, 2, text, 4),
    ]
    shown = [GridColumn(day, text if at == 1 else "") for at, day in enumerate(days(*entries))]
    grid = DayGrid(shown, FRAME, cells, height, top)
    for y in range(height):
        assert_line(grid.line(y, CalendarSpot(MONDAY, 9 * 60, (1, ""))), cells)


@pytest.mark.parametrize("text", CORPUS)
def test_hostile_texts_in_a_day_of_its_own(text: str) -> None:
    day = CalendarDay(MONDAY, (at(0, "09:00", "12:00", text, 1),))
    grid = DayGrid([GridColumn(day)], FRAME, 80, 20, 16)
    for y in range(20):
        assert_line(grid.line(y, FREE), 80)
