"""The table of actions, walked: what must hold for each of them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import tree_of, walked
from tuicrm.action import Action
from tuicrm.actions import ACTIONS
from tuicrm.errors import UsageError
from tuicrm.keymap import PRESETS, is_key, keymap
from tuicrm.scopes import EVERYWHERE, GROUPS, SCOPES

ROOT = Path(__file__).resolve().parent.parent
LEAVING = ("back", "cancel", "close", "arrange.finish", "find.leave", "mail.leave", "texting.leave", "invite.leave")


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


# -- texts that name keys ----------------------------------------------------------------------------------------------
_KEY_NAMES = re.compile(r"\b(F\d{1,2}|(?:ctrl|alt|shift)\+\w+|esc|enter|pgup|pgdn)\b")


def _texts() -> Iterator[tuple[Path, ast.Call, str]]:
    """Texts for people on screen, with the call that marks each."""
    for folder in ("screens", "widgets", "render", "services", "domain"):
        for path in (ROOT / "tuicrm" / folder).rglob("*.py"):
            for node in walked(tree_of(path)):
                marks = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                if isinstance(node, ast.Call) and marks and node.func.id in ("_", "N_", "ngettext"):  # type: ignore[attr-defined]
                    for given in node.args:
                        if isinstance(given, ast.Constant) and isinstance(given.value, str):
                            yield path, node, given.value


def test_no_text_names_a_key_that_people_may_bind_otherwise() -> None:
    told = {text for _path, _call, text in _texts() if _KEY_NAMES.search(text)}
    assert told == set(), "the key is filled in as it is bound: keys.key(ACTION)"


def test_keys_that_are_filled_in_are_of_actions() -> None:
    asked = {
        (path.name, found)
        for path in (ROOT / "tuicrm").rglob("*.py")
        for found in re.findall(r"(?:keys|_keys)\.keys?\([\"']([a-z_.]+)[\"']\)", path.read_text(encoding="utf-8"))
    }
    ids = {action.id for action in ACTIONS}
    assert len(asked) > 30
    assert {(name, found) for name, found in asked if found not in ids} == set()


def test_keys_that_the_table_itself_names_do_what_it_says_there() -> None:
    keys = keymap()
    for action in ACTIONS:
        for name in _KEY_NAMES.findall(action.help):
            typed = all(scope in ("text", "form text") for scope in action.scopes) and name == "enter"
            assert typed or all(keys.find(scope, name) for scope in action.scopes), (action.id, name)
