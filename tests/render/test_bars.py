"""Stage bar, tabs and footer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.render.hostile import any_text, assert_line
from tests.render.samples import TABS, steps
from tuicrm.domain.card import StageStep, TabView
from tuicrm.render.ansi import plain
from tuicrm.render.chips import window
from tuicrm.render.footer import footer
from tuicrm.render.stagebar import stage_bar
from tuicrm.render.tabs import tab_bar


def test_the_stage_bar_at_80() -> None:
    assert plain(stage_bar(steps(1), "day 4 in Qualified", 80, compact=True).line) == (
        " New ▐Qualified▌ Proposal  Negotiation  Won  Lost            day 4 in Qualified"
    )


def test_the_stage_bar_at_140_has_grounds() -> None:
    line = stage_bar(steps(1), "day 4 in Qualified", 138).line
    assert plain(line) == " New   Qualified   Proposal   Negotiation   Won   Lost     day 4 in Qualified"
    styles = {run.text: run.style for run in line}
    assert styles[" New "] == "tint:#2fc6f6"
    assert styles[" Qualified "] == "bold on:#55d0e0"
    assert styles[" Proposal "] == "dim on:panel"


def test_the_present_stage_stays_in_sight() -> None:
    many = tuple(
        StageStep(f"s{at}", f"Stage number {at}", "#ffa900", "process", "here" if at == 7 else "ahead")
        for at in range(12)
    )
    assert plain(stage_bar(many, "day 4", 80, compact=True).line) == (
        "‹ Stage number 6 ▐Stage number 7▌ Stage number 8  Stage number 9 ›        day 4"
    )


def test_the_mouse_finds_stages_and_tabs() -> None:
    bar = stage_bar(steps(1), "", 80, compact=True)
    assert [bar.at(x) for x in (0, 4, 5, 15, 16, 79)] == ["new", "new", "qualified", "qualified", "proposal", ""]
    tabs = tab_bar(TABS, "general", 80)
    assert [tabs.at(x) for x in (1, 12, 79)] == ["general", "products", ""]


def test_no_stages_no_tabs() -> None:
    assert plain(stage_bar((), "", 20).line) == ""
    assert plain(tab_bar((), "", 20).line) == ""


def test_tabs_at_80() -> None:
    assert plain(tab_bar(TABS, "general", 80, hint="tab: timeline 8", compact=True).line) == (
        " [General] Products 3  Quotes 1  Relations 5  Documents 2 …     tab: timeline 8"
    )
    assert plain(tab_bar(TABS, "history", 50, compact=True).line) == "… Quotes 1  Relations 5  Documents 2 [History]"


def test_the_window_around_the_present_one() -> None:
    assert window([5, 5, 5], 0, 15) == range(3)
    assert window([5, 5, 5], 0, 14) == range(2)
    assert window([5, 5, 5], 2, 11) == range(1, 3)
    assert window([50, 5], 0, 10) == range(1)
    assert window([], 0, 10) == range(0)


HINTS = [("h j k l", "move", True), ("< >", "stage", True), ("enter", "open", False), ("n", "new", True)]


def test_the_footer_shows_whole_hints_only() -> None:
    assert plain(footer(HINTS, 60)[0]) == " h j k l move  < > stage  enter open  n new          ? keys"
    assert plain(footer(HINTS, 40)[0]) == " h j k l move  < > stage         ? keys"
    assert plain(footer(HINTS, 100)[0]).startswith(" h j k l move   < > stage   enter open   n new   ")


@pytest.mark.parametrize("cells", range(20, 140))
def test_no_hint_is_cut_at_any_width(cells: int) -> None:
    shown = plain(footer(HINTS, cells)[0])
    assert "…" not in shown
    assert [f"{key} {label}" in shown for key, label, _can in HINTS] == sorted(
        (f"{key} {label}" in shown for key, label, _can in HINTS), reverse=True
    )
    assert shown.endswith(" ? keys")


def test_without_a_key_for_all_keys_there_is_none() -> None:
    assert plain(footer(HINTS, 40, "")[0]) == " h j k l move  < > stage  enter open"
    assert_line(footer(HINTS, 40, "")[0], 40)


def test_what_cannot_act_is_faint() -> None:
    styles = {run.text: run.style for run in footer(HINTS, 80)[0]}
    assert styles["n"] == "key on:bar"
    assert styles["enter"] == styles[" open"] == "faint on:bar"


@given(st.lists(st.builds(lambda label, colour: (label, colour), any_text, any_text), min_size=1, max_size=6), any_text,
       st.integers(30, 160), st.booleans(), st.data())  # fmt: skip
def test_any_bar_is_exact(
    labels: list[tuple[str, str]], words: str, cells: int, compact: bool, data: st.DataObject
) -> None:
    here = data.draw(st.integers(0, len(labels) - 1))
    bar = [replace(steps(here)[at], label=label, colour=colour) for at, (label, colour) in enumerate(labels)]
    assert_line(stage_bar(bar, words, cells, compact=compact).line, cells)
    tabs = [TabView(str(at), label, at or None) for at, (label, _colour) in enumerate(labels)]
    assert_line(tab_bar(tabs, str(here), cells, hint=words[:10], compact=compact).line, cells)
    assert_line(footer([(colour[:5], label, True) for label, colour in labels], cells)[0], cells)
