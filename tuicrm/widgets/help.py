"""All keys, from the action table: those of where the cursor is first, then by group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tuicrm.actions import ACTIONS, GROUPS, Action
from tuicrm.i18n import _
from tuicrm.keymap import Keymap
from tuicrm.render.compose import blank, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import LINE
from tuicrm.render.text import cut, fit, width, wrap
from tuicrm.widgets.pages import Pages
from tuicrm.widgets.surface import Surface

_KEY_CELLS = 16
_LABEL_CELLS = 25
_LEAST_CELLS = 20
"""What the help of a key needs beside its name; where there is less, it stands under it."""
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
    if here:
        yield from _group(_("Here"), here, keys, cells)
    for group, title in GROUPS.items():
        others = [action for action in ACTIONS if action.group == group and action not in here]
        others = [action for action in others if keys.keys(action.id)]
        if others:
            yield blank(cells)
            yield from _group(_(title), others, keys, cells)


def _group(title: str, actions: Iterable[Action], keys: Keymap, cells: int) -> Iterator[Line]:
    name = f"{title.upper()} "
    yield pad((Run(name, "heading"), Run(LINE * max(cells - width(name), 0), "rule")), cells)
    for action in actions:
        pressed = keys.keys(action.id)
        shown = f"{pressed[0]} … {pressed[-1]}" if len(pressed) > 4 else "  ".join(pressed)
        key = Run(f" {fit(shown, _KEY_CELLS)}", "key")
        room = cells - _KEY_CELLS - _LABEL_CELLS - 3
        if room < _LEAST_CELLS:
            under = cells - _KEY_CELLS - 2
            yield pad((key, Run(cut(_(action.label), under), "value")), cells)
            yield from (pad((*blank(_KEY_CELLS + 1), Run(text, "dim")), cells) for text in wrap(_(action.help), under))
            continue
        label = fit(_(action.label), _LABEL_CELLS)
        for at, text in enumerate(wrap(_(action.help), room)):
            start = (key, Run(f"{label} ", "value"))
            yield pad((*(start if at == 0 else blank(_KEY_CELLS + _LABEL_CELLS + 2)), Run(text, "dim")), cells)
