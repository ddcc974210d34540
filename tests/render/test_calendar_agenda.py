"""What is planned as a list by day."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.render.calendar_samples import FRAME, MONDAY, at, days, whole
from tests.render.hostile import any_text, assert_line
from tuicrm.domain.calendar import CalendarEntry, CalendarSpot
from tuicrm.render.ansi import plain
from tuicrm.render.calendar_agenda import AgendaRows


def agenda(*entries: CalendarEntry, cells: int = 80, height: int = 20, top: int = 0) -> AgendaRows:
    return AgendaRows(days(*entries, look="agenda"), FRAME, cells, height, top)


def lines(rows: AgendaRows, cursor: CalendarSpot | None = None) -> list[str]:
    return [plain(rows.line(y, cursor or CalendarSpot(MONDAY))).rstrip() for y in range(rows.height)]


def test_days_that_hold_something_and_today() -> None:
    call = replace(
        at(0, "09:30", "10:00", "Call Paolo", 1), kind="call", sign="☏", about="Rossi Srl", initials="AB", late=True
    )
    drawn = lines(agenda(call, whole(3, 4, "Fair", 2)))
    assert drawn[0].startswith(" Mon 23 Nov ──")
    assert drawn[1].split() == ["09:30–10:00", "▌!", "☏", "Call", "Paolo", "Rossi", "Srl", "AB"]
    assert drawn[3].startswith("▐Wed 25 Nov▌─")
    assert drawn[5].startswith(" Thu 26 Nov ──")
    assert drawn[6].split()[:2] == ["whole", "day"]
    assert drawn[8].startswith(" Fri 27 Nov ──")


def test_an_empty_one_says_so_in_words() -> None:
    drawn = " ".join(" ".join(lines(agenda())).split())
    assert "Nothing is planned from Mon 23 Nov to Sun 20 Dec; a plans something." in drawn


def test_the_cursor_goes_from_entry_to_entry_and_from_day_to_day() -> None:
    one, two, three = (
        at(0, "09:00", "09:30", "one", 1),
        at(0, "11:00", "11:30", "two", 2),
        at(4, "09:00", "09:30", "three", 3),
    )
    rows = agenda(one, two, three)
    spot = rows.moved(CalendarSpot(MONDAY, 540, one.key), 0, 1)
    assert spot.key == two.key
    today = rows.moved(spot, 0, 1)
    assert (today.day, today.key) == (date(2026, 11, 25), None), "today is there with nothing in it"
    assert rows.moved(today, 0, 1).key == three.key
    assert rows.moved(spot, 1, 0).day == date(2026, 11, 25)
    assert rows.moved(CalendarSpot(three.begin.date(), 540, three.key), -1, 0).day == date(2026, 11, 25)
    assert rows.moved(CalendarSpot(MONDAY, 540, one.key), -1, 0).day == date(2026, 11, 22), "to the days before"
    assert [one.key for one in rows.stops()] == [(1, ""), (2, ""), (3, "")]


def test_the_cursor_is_brought_into_sight_with_its_day() -> None:
    entries = [at(n % 7, "09:00", "09:30", f"n{n}", n) for n in range(40)]
    rows = agenda(*entries, height=10)
    last = rows.stops()[-1]
    top = rows.top_for(last)
    shown = agenda(*entries, height=10, top=top)
    assert any("on:cursor" in run.style for y in range(10) for run in shown.line(y, last))


def test_under_the_mouse() -> None:
    rows = agenda(at(0, "09:00", "09:30", "one", 1))
    found = rows.at(20, 1)
    assert found is not None
    assert found.key == (1, "")
    heading = rows.at(5, 0)
    assert heading is not None
    assert (heading.day, heading.key) == (MONDAY, None)
    assert rows.at(5, 2) is None


@given(any_text, st.integers(24, 150), st.integers(1, 40))
def test_any_text_fits(text: str, cells: int, height: int) -> None:
    entries = [
        replace(at(0, "09:00", "11:00", text, 1), about=text, place=text, initials=text[:3], kind=text, sign=text),
        replace(whole(0, 3, text, 2), busy=True),
    ]
    rows = agenda(*entries, cells=cells, height=height)
    for y in range(height):
        assert_line(rows.line(y, CalendarSpot(MONDAY, 0, (1, ""))), cells)
    empty = agenda(cells=cells, height=height)
    for y in range(height):
        assert_line(empty.line(y, CalendarSpot(MONDAY)), cells)
