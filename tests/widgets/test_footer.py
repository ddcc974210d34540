"""The footer: at 80 columns it has the verbs that matter most, in every scope; a click on one is its key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.driver import SMALL, Crm, running
from tuicrm.actions import ACTIONS
from tuicrm.i18n import LANGUAGES, _, set_language
from tuicrm.keymap import keymap
from tuicrm.render.footer import footer
from tuicrm.scopes import FIRST, SCOPES
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.footer import Hint, hints

KEYS = keymap()
MOST = 5
"""Verbs of a scope that have to show at 80 columns, where it has as many."""


@pytest.fixture(autouse=True)
def english_after() -> Iterator[None]:
    yield
    set_language("en")


def told(scope: str) -> list[Hint]:
    return hints(KEYS, [action for action in ACTIONS if scope in action.scopes], lambda _action: True, scope)


def drawn(scope: str, cells: int = 80) -> str:
    helps = KEYS.key("help") if KEYS.find(scope, KEYS.key("help")) else ""
    return "".join(run.text for run in footer(told(scope), cells, helps)[0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", SCOPES)
def test_what_matters_most_shows_at_80_columns(scope: str, language: str) -> None:
    set_language(language)
    line, found = drawn(scope), told(scope)
    first = [next(action for action in ACTIONS if action.id == action_id) for action_id in FIRST.get(scope, ())]
    labels = list(dict.fromkeys(_(action.hint) for action in first))[:MOST]
    assert [hint.label for hint in found][: len(labels)] == labels, "ranked first, shown first"
    assert all(f" {label}" in line for label in labels), line
    whole = all(f"{hint.keys} {hint.label}" in line for hint in found)
    assert whole or scope in FIRST, "not all fits: FIRST has to say what matters most here"


def test_a_card_shows_how_to_comment_plan_create_and_customise() -> None:
    for scope in ("fields", "timeline"):
        assert all(f"{key} " in drawn(scope).replace("  ", "|") for key in "ca+C"), drawn(scope)


def test_what_is_ranked_is_an_action_of_its_scope_with_a_hint() -> None:
    by_id = {action.id: action for action in ACTIONS}
    for scope, ids in FIRST.items():
        for action_id in ids:
            assert scope in by_id[action_id].scopes, (scope, action_id)
            assert by_id[action_id].hint, (scope, action_id)
        assert len(set(ids)) == len(ids)


def test_each_cell_tells_of_the_key_that_stands_there() -> None:
    line, spans = footer([("< >", "stage", True), ("enter", "open", False)], 60, "?", ("L", "mine"))
    text = "".join(run.text for run in line)
    for span in spans:
        assert text[span.start :].startswith(span.keys), span
    at = {x: next((s.keys for s in spans if s.start <= x < s.end), "") for x in range(60)}
    assert at[text.index("<")] == "<"
    assert at[text.index(">")] == ">"
    assert at[text.index("stage")] == "< >"
    assert at[text.index("open")] == "enter"
    assert at[text.index("mine")] == "L"
    assert at[text.rindex("keys")] == "?"
    assert at[0] == at[30] == ""


async def _click(crm: Crm, text: str) -> None:
    x, y = crm.screen_lines()[-1].index(text), SMALL[1] - 1
    await crm.click(x, y)


async def test_a_click_does_what_its_key_does(seeded: Session) -> None:
    async with running(seeded, lambda s, surface: BoardScreen(s, surface, "deal", "general"), SMALL) as crm:
        assert isinstance(crm.screen, BoardScreen)
        seq = seeded.store.seq()
        await _click(crm, "stage")
        assert crm.said() == "Click on the key that you mean: < >"
        assert seeded.store.seq() == seq
        here = crm.screen.current
        assert here is not None
        await _click(crm, ">")
        assert seeded.get(here.ref).get("stage") != here.get("stage")
        await _click(crm, "undo")
        assert seeded.get(here.ref).get("stage") == here.get("stage")
        await _click(crm, "open")
        assert isinstance(crm.screen, CardScreen)
        await _click(crm, "comment")
        await crm.type("by mouse")
        await _click(crm, "save")
        assert "by mouse" in [entry.text for entry in crm.screen.timeline.view.entries]
        await _click(crm, "keys")
        assert crm.dialog is not None
        await _click(crm, "close")
        assert crm.dialog is None
