"""The footer: what can be done where the cursor is, from the action table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from textual import events

from tuicrm.action import Action
from tuicrm.i18n import _
from tuicrm.keymap import Keymap
from tuicrm.render.footer import FooterSpan, footer
from tuicrm.render.line import Line
from tuicrm.scopes import FIRST
from tuicrm.widgets.keyboards import pressed
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import Surface


class FooterLine(OneLine):
    """The last line of every screen. `hints` says what stands in it now, `help_key` which key shows all keys ("": no key), `state`
    what is told at its end: a key and a name. A click on a key is that key; `say` tells what of several is to be clicked."""

    DEFAULT_CSS = "FooterLine { dock: bottom; }"

    def __init__(
        self,
        surface: Surface,
        hints: Callable[[], Iterable[Hint]],
        help_key: Callable[[], str],
        state: Callable[[], tuple[str, str]],
        say: Callable[[str], None],
        *,
        after_drawing: bool = False,
    ) -> None:
        def drawn(cells: int) -> tuple[Line, list[FooterSpan]]:
            return footer(list(hints()), cells, help_key(), state())

        super().__init__(surface.look, lambda cells: drawn(cells)[0], after_drawing=after_drawing)
        self._footer = drawn
        self._say = say

    def on_click(self, event: events.Click) -> None:
        event.stop()
        spans = self._footer(self.size.width)[1]
        if keys := next((span.keys for span in spans if span.start <= event.x < span.end), ""):
            if " " in keys:
                self._say(_("Click on the key that you mean: {keys}").format(keys=keys))
            else:
                self.app.post_message(pressed(keys))  # in its turn, after those that were typed before


class Hint(NamedTuple):
    """Keys, what they do in a word, and whether that can be done now."""

    keys: str
    label: str
    enabled: bool


def hints(keys: Keymap, actions: Iterable[Action], can: Callable[[Action], bool], scope: str) -> list[Hint]:
    """The footer's hints of these actions in a scope, what matters most there first; keys of neighbours that say the same are shown
    together (`< > stage`)."""
    first = FIRST.get(scope, ())
    rank = {action_id: at for at, action_id in enumerate(first)}
    shown = [action for action in actions if action.footer and keys.keys(action.id)]
    shown.sort(key=lambda action: (rank.get(action.id, len(first)), action.footer))
    found: list[Hint] = []
    for action in shown:
        hint = Hint(keys.key(action.id), _(action.hint), can(action))
        if found and found[-1].label == hint.label:
            hint = Hint(f"{found[-1].keys} {hint.keys}", hint.label, found[-1].enabled or hint.enabled)
            found.pop()
        found.append(hint)
    return found
