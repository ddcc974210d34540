"""All keys, from the action table: those of where the cursor is first, then by group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from tuicrm.action import Action
from tuicrm.actions import ACTIONS
from tuicrm.i18n import _
from tuicrm.keymap import Keymap
from tuicrm.render.compose import blank, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import LINE
from tuicrm.render.text import fit, width, wrap
from tuicrm.scopes import GROUPS
from tuicrm.widgets.pages import Pages
from tuicrm.widgets.surface import Surface

_MOST_KEY_CELLS, _MOST_LABEL_CELLS = 14, 26
"""What the columns of keys and names take at most: who needs more goes on in the next line. A key is never cut."""
_LEAST_CELLS = 20
"""What the help of a key needs beside its name; where there is less, it stands under it."""
_BETWEEN = "  "
_MOST_TOLD = 4
"""Keys of a run that are told one by one."""
_COMMON = "everywhere"
"""The group that stands behind what is of the place alone."""


class Help(Pages):
    """`?`: what each key does."""

    def __init__(self, surface: Surface, doable: Sequence[Action]) -> None:
        super().__init__(surface, _("Keys"), lambda cells: list(help_lines(surface.keys, doable, cells)))


def help_lines(keys: Keymap, doable: Sequence[Action], cells: int) -> Iterator[Line]:
    """The keys of what can be done here, what is only here first, then all others by group, `cells` wide."""
    here = [action for action in doable if keys.keys(action.id)]
    here.sort(key=lambda action: action.group == _COMMON)
    groups = {_("Here"): here}
    for group, title in GROUPS.items():
        others = [action for action in ACTIONS if action.group == group and action not in here]
        groups[_(title)] = [action for action in others if keys.keys(action.id)]
    shown = {title: actions for title, actions in groups.items() if actions}
    columns = _Columns(keys, [action for actions in shown.values() for action in actions])
    for at, (title, actions) in enumerate(shown.items()):
        if at:
            yield blank(cells)
        name = f"{title.upper()} "
        yield pad((Run(name, "heading"), Run(LINE * max(cells - width(name), 0), "rule")), cells)
        for action in actions:
            yield from columns.lines(action, cells)


class _Columns:
    """Keys, names and what they do, one beside the other: as wide as their texts, within limits."""

    def __init__(self, keys: Keymap, actions: Sequence[Action]) -> None:
        pressed = [_pressed(keys.keys(action.id)) for action in actions]
        longest = max((width(key) for one in pressed for key in one), default=0)
        whole = max((width(_BETWEEN.join(one)) for one in pressed), default=0)
        self._keys = keys
        self._key_cells = max(longest, min(whole, _MOST_KEY_CELLS))
        self._label_cells = min(max((width(_(action.label)) for action in actions), default=0), _MOST_LABEL_CELLS)

    def lines(self, action: Action, cells: int) -> Iterator[Line]:
        """One action, `cells` wide."""
        keys = _rows_of(_pressed(self._keys.keys(action.id)), self._key_cells)
        room = cells - self._key_cells - self._label_cells - 3
        if room < _LEAST_CELLS:
            under = max(cells - self._key_cells - 2, 1)
            texts = [Run(text, "value") for text in wrap(_(action.label), under)]
            texts += [Run(text, "dim") for text in wrap(_(action.help), under)]
            for key, run in zip_longest(keys, texts, fillvalue=None):
                yield pad((self._key(key), run or Run("")), cells)
            return
        labels, helps = wrap(_(action.label), self._label_cells), wrap(_(action.help), room)
        for key, label, text in zip_longest(keys, labels, helps, fillvalue=None):
            yield pad(
                (self._key(key), Run(f"{fit(label or '', self._label_cells)} ", "value"), Run(text or "", "dim")), cells
            )

    def _key(self, key: str | None) -> Run:
        return Run(f" {fit(key or '', self._key_cells)} ", "key")


def _pressed(keys: Sequence[str]) -> list[str]:
    """The keys of an action as they are told: of a run, such as 1 to 9, its ends."""
    codes = [ord(key) for key in keys if len(key) == 1]
    is_run = len(keys) > _MOST_TOLD and codes == list(range(codes[0], codes[0] + len(keys)))
    return [f"{keys[0]} … {keys[-1]}"] if is_run else list(keys)


def _rows_of(keys: Sequence[str], cells: int) -> list[str]:
    """Keys in as many lines as they take."""
    rows: list[str] = []
    for key in keys:
        if rows and width(rows[-1]) + width(_BETWEEN) + width(key) <= cells:
            rows[-1] += _BETWEEN + key
        else:
            rows.append(key)
    return rows
