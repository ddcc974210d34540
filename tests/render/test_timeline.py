"""The timeline's rows and lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.render.hostile import any_text, assert_line
from tests.render.samples import TIMELINE
from tuicrm.domain.card import EntryGroup, EntryView, TimelineView
from tuicrm.render.activity_colours import ACTIVITY_COLOURS
from tuicrm.render.ansi import plain
from tuicrm.render.line import Run
from tuicrm.render.symbols import BAR
from tuicrm.render.timeline import EntryHints, TimelineRows, build_timeline, timeline_head


def drawn(rows: TimelineRows, cursor: int | None = None) -> list[str]:
    return [plain(rows.line(y, cursor)) for y in range(len(rows.rows))]


def test_a_timeline_in_its_pane() -> None:
    assert drawn(build_timeline(TIMELINE, 50), 2) == [
        "PLANNED",
        "◷ Call Marta  Anna Bianchi        Wed 25 Nov 09:30",
        "│",
        "! Send offer                              2 d late",
        "",
        "PINNED",
        "✎▌Comment  Luca Riva · edited               12 Nov",
        "│▌Their IT lead insists on single sign-on.",
        "│▌↳ Confirmed",
        "",
        "TODAY",
        "→ New → Qualified  Anna Bianchi              11:20",
        "",
        "12 NOV",
        "+ Created                                    09:00",
    ]


def test_late_and_done_are_told_by_sign_and_style() -> None:
    rows = build_timeline(TIMELINE, 50)
    assert rows.line(3)[0] == ("!", "late")
    done = TimelineView((EntryView("activity", 1, "activity", "day", "Today", "Call", "10:00", done=True),))
    assert build_timeline(done, 30).line(1)[0] == ("✓", "ok")


def test_long_texts_say_how_to_read_on() -> None:
    entry = EntryView("timeline", 1, "comment", "day", "Today", "Comment", "10:00", "word " * 100)
    short = drawn(build_timeline(TimelineView((entry,)), 40))
    assert short[2:] == ["│ " + " ".join(["word"] * 7)] * 4 + ["│ … enter shows all"]
    assert len(drawn(build_timeline(TimelineView((entry,)), 40, text_lines=0))) == 2 + 15


def test_rows_and_entries_find_each_other() -> None:
    rows = build_timeline(TIMELINE, 50)
    assert rows.span(2) == (6, 8)
    assert [rows.at(y) for y in (0, 1, 2, 3, 5, 6, 99)] == [None, 0, None, 1, None, 2, None]


def test_an_empty_timeline() -> None:
    rows = build_timeline(TimelineView(()), 30)
    assert rows.rows == ()
    assert plain(rows.line(0)) == ""


def test_the_head_names_the_kinds_shown() -> None:
    assert plain(timeline_head(TIMELINE, 40)) == "TIMELINE   all                         5"
    assert plain(timeline_head(TIMELINE, 40, ["comments", "stages"])) == "TIMELINE   comments · stages           5"


groups: st.SearchStrategy[EntryGroup] = st.sampled_from(["planned", "pinned", "day"])
entries = st.builds(
    EntryView,
    st.just("timeline"),
    st.integers(),
    any_text,
    groups,
    any_text,
    any_text,
    any_text,
    any_text,
    any_text,
    any_text,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(entries, max_size=5), st.integers(20, 120), st.integers(0, 6))
def test_any_timeline_is_exact_and_harmless(found: list[EntryView], cells: int, text_lines: int) -> None:
    view = TimelineView(tuple(found), total=len(found))
    rows = build_timeline(view, cells, text_lines=text_lines)
    for y in range(-1, len(rows.rows) + 1):
        assert_line(rows.line(y), cells)
        assert_line(rows.line(y, rows.at(y)), cells)
    assert_line(timeline_head(view, cells, [entry.title for entry in found]), cells)
    assert {rows.at(y) for y in range(len(rows.rows))} - {None} == set(range(len(found)))


def test_who_did_it_stands_under_the_text_where_the_title_leaves_no_room() -> None:
    entry = EntryView("timeline", 1, "comment", "day", "Today", "Comment", "10:00", "Yes.", by="Anna Bianchi")
    assert drawn(build_timeline(TimelineView((entry,)), 30))[1:] == ["✎ Comment  Anna Bianchi  10:00", "│ Yes."]
    assert drawn(build_timeline(TimelineView((entry,)), 29))[1:] == [
        "✎ Comment               10:00",
        "│ Yes.",
        "│ Anna Bianchi",
    ]


def test_the_entry_under_the_cursor_says_in_its_last_row_what_can_be_done() -> None:
    hints = EntryHints("x done", "e change", "N note")
    rows = build_timeline(TIMELINE, 60, hints=hints)
    first, last = rows.span(2)
    assert first < last
    assert plain(rows.line(last, 2)).endswith("e change")
    assert "e change" not in "".join(plain(rows.line(y, 2)) for y in range(last))
    assert "e change" not in plain(rows.line(last, 0))
    title_alone, _last = rows.span(1)
    assert plain(rows.line(title_alone, 1)) == f"{'!▌Send offer':44}x done  2 d late"
    assert plain(rows.line(title_alone, 0)) == f"{'! Send offer':52}2 d late"
    assert "change" not in "".join(drawn(build_timeline(TIMELINE, 12, hints=hints), 2))


def test_an_activity_has_its_colour_at_its_left_as_in_the_calendar() -> None:
    entry = EntryView("activity", 1, "activity", "planned", "Today", "Call", "10:00", "Via Roma 1", colour="4")
    rows = build_timeline(TimelineView((entry,)), 40)
    for y in rows.span(0):
        assert rows.line(y)[1] == Run(BAR, f"fg:{ACTIVITY_COLOURS['4']}")
        assert (rows.line(y, 0)[1].text, "accent" in rows.line(y, 0)[1].style) == (BAR, True), "the cursor comes first"
    for colour in ("", "8", "[/]", "\x1b[31m"):
        without = build_timeline(TimelineView((replace(entry, colour=colour),)), 40)
        assert without.line(without.span(0)[0])[1].text == " "


def test_the_head_names_the_kinds_that_are_left_out() -> None:
    head = timeline_head(TIMELINE, 60, ["comments"], ["activities", "changes"])
    assert plain(head) == f"{'TIMELINE   comments · activities · changes':59}5"
    assert {run.text: run.style for run in head}[" · activities · changes"] == "faint"
    assert "activities" not in plain(timeline_head(TIMELINE, 30, ["comments"], ["activities", "changes"]))


def test_what_is_pinned_is_marked_where_it_stands_by_day() -> None:
    entry = EntryView("timeline", 1, "comment", "pinned", "Today", "Comment", "10:00", "hello", pinned=True)
    view = TimelineView((entry, replace(entry, group="day"), replace(entry, id=2, group="day", pinned=False)))
    lines = [plain(rows.line(y)) for rows in (build_timeline(view, 60),) for y in range(len(rows.rows))]
    titles = [line for line in lines if "Comment" in line]
    assert ["pinned · 10:00" in line for line in titles] == [False, True, False]


def test_a_message_offers_its_note_and_no_pin() -> None:
    hints = EntryHints("x done", "e change", "p pin   N note", message="N note")
    message = EntryView("message", 1, "mail", "day", "Today", "Mail from a@b.c: x", "09:00")
    assert hints.of(message) == "N note"
