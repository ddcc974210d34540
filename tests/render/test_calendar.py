"""What all calendars share: an entry in a line, the line that tells of the cursor, the words of the top line."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.render.calendar_samples import FRAME, MONDAY, at, days, whole
from tests.render.hostile import any_text, assert_line
from tuicrm.domain.calendar import CalendarSpot
from tuicrm.render.activity_colours import ACTIVITY_COLOURS
from tuicrm.render.ansi import plain
from tuicrm.render.calendar import colour_of, detail_line, entry_line, range_title

CALL = replace(
    at(0, "09:30", "10:00", "Call Paolo", 1), about="Rossi Srl", place="Blue room", initials="AB", kind="call", sign="☏"
)


def test_colours_are_ones_own_then_those_of_the_kind() -> None:
    assert colour_of(replace(CALL, colour="3")) == ACTIVITY_COLOURS["3"]
    assert colour_of(CALL) != colour_of(replace(CALL, kind="meeting"))
    assert colour_of(replace(CALL, colour="hostile")) == colour_of(CALL)
    assert colour_of(replace(CALL, busy=True)) != colour_of(CALL)


def test_what_the_cursor_is_on_is_told_whole() -> None:
    told = plain(detail_line(CALL, CalendarSpot(MONDAY, 570, CALL.key), FRAME, 80, hours=True))
    assert " ".join(told.split()) == "Mon 23 Nov 09:30–10:00 ▌ Call Paolo · Rossi Srl · Blue room ☏ AB"
    assert "09:00 · free" in plain(detail_line(None, CalendarSpot(MONDAY, 540), FRAME, 80, hours=True))
    assert plain(detail_line(None, CalendarSpot(MONDAY, 540), FRAME, 80, hours=False)).strip() == (
        "Mon 23 Nov · nothing planned"
    )
    some = detail_line(None, CalendarSpot(MONDAY), FRAME, 80, hours=False, planned=2)
    assert plain(some).strip() == "Mon 23 Nov · 2 planned"
    assert "whole day" in plain(detail_line(whole(0, 0, "Fair", 1), CalendarSpot(MONDAY), FRAME, 80, hours=True))


def test_the_days_in_words() -> None:
    assert range_title("week", days(), MONDAY, FRAME) == "23–29 Nov 2026"
    assert range_title("day", days()[:1], MONDAY, FRAME) == "Mon 23 Nov 2026"
    assert range_title("month", days(look="month"), date(2026, 11, 1), FRAME) == "Nov 2026"
    assert range_title("agenda", days(look="agenda"), MONDAY, FRAME) == "23 Nov–20 Dec 2026"


@given(any_text, st.integers(1, 100), st.booleans())
def test_any_text_fits(text: str, cells: int, selected: bool) -> None:
    entry = replace(CALL, what=text, about=text, place=text, initials=text[:2], late=selected)
    assert_line(entry_line(entry, cells, selected=selected, times="09:30" if cells > 20 else ""), cells)
    assert_line(detail_line(entry, CalendarSpot(MONDAY), FRAME, cells, hours=True), cells)
