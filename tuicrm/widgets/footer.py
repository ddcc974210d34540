"""The footer: what can be done where the cursor is, from the action table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tuicrm.actions import Action
from tuicrm.i18n import _
from tuicrm.keymap import Keymap
from tuicrm.render.footer import footer_line
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import Surface


class FooterLine(OneLine):
    """The last line of every screen. `hints` says what stands in it now, `help_key` which key shows all keys ("": none here), `state`
    what is told at its end: a key and a name."""

    DEFAULT_CSS = "FooterLine { dock: bottom; }"

    def __init__(
        self,
        surface: Surface,
        hints: Callable[[], Iterable[Hint]],
        help_key: Callable[[], str],
        state: Callable[[], tuple[str, str]] = lambda: ("", ""),
    ) -> None:
        super().__init__(surface.look, lambda cells: footer_line(list(hints()), cells, help_key(), state()))


class Hint(NamedTuple):
    """Keys, what they do in a word, and whether that can be done now."""

    keys: str
    label: str
    enabled: bool


def hints(keys: Keymap, actions: Iterable[Action], can: Callable[[Action], bool]) -> list[Hint]:
    """The footer's hints of these actions; keys of neighbours that say the same are shown together (`< > stage`)."""
    shown = [action for action in actions if action.footer and keys.keys(action.id)]
    shown.sort(key=lambda action: action.footer)
    found: list[Hint] = []
    for action in shown:
        hint = Hint(keys.key(action.id), _(action.hint), can(action))
        if found and found[-1].label == hint.label:
            hint = Hint(f"{found[-1].keys} {hint.keys}", hint.label, found[-1].enabled or hint.enabled)
            found.pop()
        found.append(hint)
    return found
