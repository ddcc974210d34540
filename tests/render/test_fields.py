"""The rows of a card's fields and the lines they are drawn with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.render.hostile import any_text, assert_line
from tests.render.samples import CARD, field
from tuicrm.domain.card import FieldView, SectionView
from tuicrm.render.ansi import plain
from tuicrm.render.fields import FieldRows, FieldTarget, Hints, build_rows


def drawn(rows: FieldRows, cursor: FieldTarget | None = None) -> list[str]:
    return [plain(rows.line(y, cursor)) for y in range(len(rows.rows))]


def test_a_card_in_its_pane() -> None:
    assert drawn(build_rows(CARD, 60), FieldTarget(0, 0)) == [
        "ABOUT THE DEAL " + "─" * 45,
        "▌ Amount            € 38,000.00  required to reach Proposal",
        "  Expected close    18 Dec 2026",
        "  2 empty, . shows",
        "",
        "CLIENT " + "─" * 53,
        "  Company           Ferrari Legnami Srl ›",
        "  Order number*     —",
        "  Serial*           ! missing",
        "  Margin            31 %                   only: Sales leads",
        "  Comment           Wants the connector live before the",
        "                    January stocktaking.",
    ]


def test_what_a_filled_field_is_needed_for_is_told_under_the_cursor() -> None:
    assert drawn(build_rows(CARD, 60), FieldTarget(0, 1))[1] == "  Amount            € 38,000.00"


def test_customise_mode_has_handles_and_shows_every_field() -> None:
    rows = build_rows(
        CARD,
        60,
        customise=True,
        hints=Hints(section=("r rename",), field=("J K move · x hide · c configure", "J K move · x hide")),
    )
    lines = drawn(rows, FieldTarget(0, 0))
    assert lines[0] == "⠿ ABOUT THE DEAL " + "─" * 43
    assert lines[1] == "⠿▌Amount            € 38,000.00            J K move · x hide"
    assert lines[3] == "⠿ Source            —"
    assert lines[-3:] == ["⠿                   January stocktaking.", "", "+ add section     3 hidden fields"]
    assert drawn(rows, FieldTarget(0))[0] == "⠿▌ABOUT THE DEAL " + "─" * 34 + " r rename"


def test_empty_fields_can_be_shown() -> None:
    assert "  Source            —" in drawn(build_rows(CARD, 60, show_empty=True))


def test_what_must_be_filled_is_never_hidden() -> None:
    fields = (
        field("Plain"),
        field("Always", always=True),
        field("Soon", needed_for="Won"),
        field("Now", required=True),
    )
    rows = build_rows(replace(CARD, sections=(SectionView("s", "S", fields),)), 60)
    assert [plain(rows.line(y)).split("  ")[1] for y in range(1, 4)] == ["Always", "Soon", "Now*"]
    assert plain(rows.line(4)) == "  1 empty, . shows"


def test_rows_and_fields_find_each_other() -> None:
    rows = build_rows(CARD, 60)
    assert rows.targets == (FieldTarget(0, 0), FieldTarget(0, 1), *(FieldTarget(1, at) for at in range(5)))
    assert rows.span(FieldTarget(1, 4)) == (10, 11)
    assert [rows.at(y) for y in (0, 1, 3, 4, 11, 12, -1)] == [
        None,
        FieldTarget(0, 0),
        None,
        None,
        FieldTarget(1, 4),
        None,
        None,
    ]
    with pytest.raises(KeyError):
        rows.span(FieldTarget(0, 2))
    assert rows.value_x == 20


def test_sections_are_targets_only_when_customising() -> None:
    assert build_rows(CARD, 60, customise=True).targets[0] == FieldTarget(0, -1)


def test_a_long_value_stops_with_a_sign_and_whole_values_can_be_asked_for() -> None:
    view = replace(CARD, sections=(SectionView("s", "S", (field("Notes", "word " * 200),)),))
    assert len(build_rows(view, 60).rows) == 1 + 8
    assert drawn(build_rows(view, 60))[-1].endswith("…")
    assert len(build_rows(view, 60, value_lines=0).rows) == 1 + 25


def test_long_labels_get_more_room_where_there_is_some() -> None:
    view = replace(CARD, sections=(SectionView("s", "S", (field("Data di chiusura prevista", "x"),)),))
    assert plain(build_rows(view, 100).line(1)) == "  Data di chiusura prevista  x"
    assert plain(build_rows(view, 50).line(1)) == "  Data di chiusura prev… x"


def test_lines_are_drawn_once() -> None:
    rows = build_rows(CARD, 60)
    assert rows.line(1) is rows.line(1)
    assert rows.line(1, FieldTarget(0, 0)) is not rows.line(1)


fields = st.builds(
    FieldView,
    any_text,
    any_text,
    st.just("text"),
    any_text,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    any_text,
    st.booleans(),
    any_text,
    any_text,
)
sections = st.builds(SectionView, any_text, any_text, st.lists(fields, max_size=4).map(tuple))


@given(st.lists(sections, max_size=3), st.integers(24, 120), st.booleans(), st.booleans())
def test_any_card_is_exact_and_harmless(
    found: list[SectionView], cells: int, show_empty: bool, customise: bool
) -> None:
    rows = build_rows(
        replace(CARD, sections=tuple(found)),
        cells,
        show_empty=show_empty,
        customise=customise,
        hints=Hints(field=("x hide · c configure", "x hide"), section=("r rename",)),
    )
    for y in range(-1, len(rows.rows) + 1):
        assert_line(rows.line(y), cells)
        assert_line(rows.line(y, rows.at(y)), cells)
    for target in rows.targets:
        first, last = rows.span(target)
        assert all(rows.at(y) == target for y in range(first, last + 1))
