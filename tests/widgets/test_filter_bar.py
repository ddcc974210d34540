"""The filter bar: completing, history, errors with their place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import pytest
from textual.geometry import Region

from tests.driver import LARGE, SMALL
from tests.hostile import HOSTILE_FEW, assert_harmless
from tests.widgets.conftest import Trial
from tests.widgets.trial import PENDING, TrialScreen
from tuicrm.errors import UsageError
from tuicrm.widgets.filter_bar import FilterBar


def itself(bar: FilterBar, _screen: TrialScreen) -> FilterBar:
    return bar


class Word(NamedTuple):
    text: str
    label: str
    start: int


def check(text: str) -> str:
    if "?" in text:
        raise UsageError("expected a field, not ?", text.index("?"))
    return f"{len(text)} deals"


def complete(text: str, cursor: int) -> Sequence[Word]:
    start = text.rfind(" ", 0, cursor) + 1
    return [Word(word, "[/]", start) for word in ("amount", "title") if word.startswith(text[start:cursor])]


async def test_what_it_finds_is_said_and_enter_shows_it(trial: Trial) -> None:
    shown: list[str] = []
    async with trial() as (crm, screen):
        screen.begin_edit(lambda s: FilterBar(s.surface, "", check, complete), shown.append)
        await crm.settle()
        await crm.type("rossi")
        assert "5 deals" in crm.screen_text()
        await crm.press_action("filter.apply")
        assert shown == ["rossi"]


async def test_a_mistake_is_shown_under_its_place_and_not_applied(trial: Trial) -> None:
    async with trial() as (crm, screen):
        screen.begin_edit(lambda s: FilterBar(s.surface, "", check, complete), lambda _text: None)
        await crm.settle()
        await crm.type("ab ?")
        lines = crm.screen_lines()
        typed = next(at for at, line in enumerate(lines) if "ab ?" in line)
        assert lines[typed + 1].index("^") == lines[typed].index("?")
        assert "expected a field, not ?" in lines[typed + 1]
        await crm.press_action("filter.apply")
        assert screen.outcome is PENDING
        await crm.press_action("cancel")
        assert screen.outcome is False


async def test_the_place_of_a_mistake_shows_however_much_is_to_say(trial: Trial) -> None:
    long = "a field is expected here, not ? and there are: " + ", ".join(f"field number {n}" for n in range(4))

    def fail(text: str) -> str:
        raise UsageError(long, max(text.find("?"), 0))

    async with trial() as (crm, screen):
        bar = FilterBar(screen.surface, "", fail, complete)
        screen.begin(lambda s: s.asker.edit(bar, lambda: Region(0, 20, 80, 3), lambda _text: None))
        await crm.settle()
        for typed in ("ab ?", "x" * 60 + " ?"):
            await crm.press("ctrl+u")
            await crm.type(typed)
            lines = crm.screen_lines()
            at = next(y for y, line in enumerate(lines) if typed in line)
            assert lines[at + 1].index("^") == lines[at].index("?")
            assert "a field is expected here" in lines[at + 1]
            assert "number 3" not in crm.screen_text()
            # Only when it is asked for: the bar does not jump under whoever is still typing.
            height = bar.size.height
            await crm.press_action("filter.apply")
            shown = crm.screen_lines()
            at = next(y for y, line in enumerate(shown) if typed in line)
            assert shown[at + 1].index("^") == shown[at].index("?")
            assert "number 3" in crm.screen_text()
            assert screen.asker.room.contains_region(bar.region)
            await crm.type("a")
            assert bar.size.height == height


async def test_tab_completes_the_word_in_its_place(trial: Trial) -> None:
    shown: list[str] = []
    async with trial() as (crm, screen):
        screen.begin_edit(lambda s: FilterBar(s.surface, "", check, complete), shown.append)
        await crm.settle()
        await crm.type("x am")
        await crm.press_action("filter.complete")
        await crm.type("> 5")
        await crm.press_action("filter.apply")
        assert shown == ["x amount > 5"]


async def test_the_history_goes_back_and_forth(trial: Trial) -> None:
    shown: list[str] = []
    async with trial() as (crm, screen):
        history = ["newest", "older"]
        screen.begin_edit(lambda s: FilterBar(s.surface, "", check, complete, history), shown.append)
        await crm.settle()
        await crm.type("mine")
        await crm.press_action("filter.older", "filter.older", "filter.older")
        assert "older" in crm.screen_text()
        await crm.press_action("filter.newer", "filter.newer")
        assert "mine" in crm.screen_text()
        await crm.press_action("filter.older", "filter.apply")
        assert shown == ["newest"]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_hostile_texts_are_only_text(trial: Trial, size: tuple[int, int]) -> None:
    async with trial(size) as (crm, screen):
        for text in HOSTILE_FEW:

            def refuse(typed: str, text: str = text) -> str:
                raise UsageError(text, len(typed))

            def offer(_typed: str, _cursor: int, text: str = text) -> Sequence[Word]:
                return [Word(text, text, 0)]

            bar = FilterBar(screen.surface, text, refuse, offer, [text])
            screen.begin_edit(partial(itself, bar), lambda _text: None)
            await crm.settle()
            await crm.paste(text)
            await crm.press_action("filter.older", "filter.complete")
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press_action("cancel")
            assert screen.outcome is False
