"""Tabs in the order a layout wants; general is always there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tuicrm.domain.schema import Layout, Tab
from tuicrm.domain.tabs import LayoutTabs, arrange, hide_tab, move_tab, reset_tabs, show_tab

TABS = [Tab(key, key) for key in ("general", "quotes", "invoices", "history")]


def keys(layout: Layout) -> tuple[list[str], list[str]]:
    found = arrange(TABS, layout)
    return [tab.key for tab in found.shown], [tab.key for tab in found.hidden]


def test_without_a_word_of_the_layout_all_stand_as_the_type_has_them() -> None:
    assert keys(Layout([])) == (["general", "quotes", "invoices", "history"], [])


def test_those_it_does_not_name_follow() -> None:
    assert keys(Layout([], tabs=["history", "gone", "general"]))[0] == ["history", "general", "quotes", "invoices"]


def test_general_can_move_and_not_be_hidden() -> None:
    assert keys(hide_tab(Layout([]), "general"))[1] == []
    assert keys(Layout([], hidden_tabs=["general", "gone"]))[1] == []
    assert keys(move_tab(Layout([]), TABS, "general", 1))[0] == ["quotes", "general", "invoices", "history"]


def test_a_move_goes_past_what_is_hidden() -> None:
    start = hide_tab(Layout([]), "quotes")
    moved = move_tab(start, TABS, "general", 1)
    assert keys(moved) == (["invoices", "general", "history"], ["quotes"])
    assert keys(show_tab(moved, "quotes"))[1] == []
    assert move_tab(start, TABS, "quotes", 1) == start
    assert move_tab(start, TABS, "general", -1) == start
    assert move_tab(start, TABS, "history", 1) == start
    assert move_tab(start, TABS, "gone", 1) == start
    assert keys(reset_tabs(moved)) == (["general", "quotes", "invoices", "history"], [])


def test_hiding_again_is_nothing() -> None:
    once = hide_tab(Layout([]), "quotes")
    assert hide_tab(once, "quotes") == once
    assert show_tab(Layout([]), "quotes") == Layout([])


@given(
    st.lists(st.tuples(st.sampled_from(["general", "quotes", "invoices", "history"]), st.integers(0, 3)), max_size=30)
)
def test_any_sequence_keeps_every_tab_once(steps: list[tuple[str, int]]) -> None:
    layout = Layout([])
    for key, what in steps:
        if what == 0:
            layout = hide_tab(layout, key)
        elif what == 1:
            layout = show_tab(layout, key)
        else:
            layout = move_tab(layout, TABS, key, 1 if what == 2 else -1)
        found: LayoutTabs = arrange(TABS, layout)
        assert sorted(tab.key for tab in (*found.shown, *found.hidden)) == sorted(tab.key for tab in TABS)
        assert "general" in [tab.key for tab in found.shown]
