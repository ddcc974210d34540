"""The table of actions, walked: what must hold for each of them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tuicrm.actions import ACTIONS, EVERYWHERE, GROUPS, SCOPES, Action
from tuicrm.errors import UsageError
from tuicrm.keymap import PRESETS, is_key, keymap

ROOT = Path(__file__).resolve().parent.parent
LEAVING = ("back", "cancel", "close", "arrange.finish", "find.leave")


def test_ids_are_unique() -> None:
    assert [action_id for action_id, times in Counter(action.id for action in ACTIONS).items() if times > 1] == []


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_each_action_is_described_and_placed(action: Action) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)?|[a-z_]+", action.id)
    assert action.label
    assert action.help
    assert action.keys
    assert all(map(is_key, action.keys))
    assert set(action.scopes) <= set(SCOPES)
    assert action.group in GROUPS
    assert bool(action.footer) == bool(action.hint)


def test_each_action_is_done_by_somebody() -> None:
    """Whoever has its `do_…` method is found by the scope (`widgets/controller.py`)."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tuicrm").rglob("*.py")]
    done = {
        name
        for source in sources
        for name in re.findall(r"^ +(?:(?:async )?def |self\.)?(do_\w+)(?:\(| = )", source, re.MULTILINE)
    }
    assert [action.id for action in ACTIONS if action.method not in done] == []


@pytest.mark.parametrize("preset", PRESETS)
def test_no_key_does_two_things_in_a_scope(preset: str) -> None:
    keys = keymap(preset)
    for scope in SCOPES:
        bound = [key for action in ACTIONS if scope in action.scopes for key in keys.keys(action.id)]
        assert [key for key, times in Counter(bound).items() if times > 1] == []


@pytest.mark.parametrize("preset", PRESETS)
def test_nothing_hangs_on_ctrl_or_alt_alone(preset: str) -> None:
    keys = keymap(preset)
    # ctrl+z is what terminals themselves use; the palette has it too.
    for action in (action for action in ACTIONS if action.id != "suspend"):
        assert [key for key in keys.keys(action.id) if not key.startswith(("ctrl+", "alt+"))], action.id


def test_every_scope_can_be_left() -> None:
    for scope in SCOPES:
        keys = keymap()
        assert any(scope in action.scopes and action.id in LEAVING for action in ACTIONS), scope
        found = keys.find(scope, "esc")
        assert found is not None, scope
        assert found.id in LEAVING


def test_help_and_commands_are_everywhere() -> None:
    keys = keymap()
    for scope in EVERYWHERE:
        assert {action.id for key in ("?", ":", "F1", "Q") if (action := keys.find(scope, key))} == {
            "help",
            "commands",
            "quit",
        }


def test_rebinding_replaces_the_keys_of_one_action() -> None:
    keys = keymap("vi", {"stage.next": [")", "alt+right"], "goto": []})
    assert keys.keys("stage.next") == (")", "alt+right")
    assert keys.find("board", ">") is None
    found = keys.find("board", ")")
    assert found is not None
    assert found.id == "stage.next"
    assert keys.key("goto") == ""


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        ({"stage.nxt": [">"]}, "Did you mean 'stage.next'?"),
        ({"stage.next": ["entr"]}, "Did you mean 'enter'?"),
        ({"stage.next": ["<"]}, "stage.next: the key '<' already does stage.previous (board)."),
        ({"stage.next": ["ctrl+ctrl+x"]}, "there is no key 'ctrl+ctrl+x'"),
        ({"stage.next": [""]}, "there is no key ''"),
    ],
)
def test_what_cannot_be_bound_is_refused_with_the_reason(bound: dict[str, list[str]], words: str) -> None:
    with pytest.raises(UsageError) as error:
        keymap("vi", bound)
    assert words in error.value.message


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(UsageError, match="Did you mean 'plain'"):
        keymap("plane")


def test_the_plain_preset_moves_with_no_letter() -> None:
    keys = keymap("plain")
    for letter in "hjklqG":
        assert keys.find("board", letter) is None, letter
