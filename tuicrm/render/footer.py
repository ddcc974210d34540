"""The footer: what can be done here, from the action table."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.i18n import _
from tuicrm.render.compose import line_width, on, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean, cut, width


def footer_line(
    hints: Sequence[tuple[str, str, bool]], cells: int, keys: str = "?", state: tuple[str, str] = ("", "")
) -> Line:
    """`n new  / filter  u undo … L common layout  ? keys`: hints of (keys, label, can act now), the most useful first.

    A hint is shown whole or not at all; what does not fit is under `?`, which stands at the end unless `keys` is "". Those that
    cannot act now are faint. `state` (a key and what it tells of) stands before it, cut where its name is long.
    """
    last: Line = (Run(clean(keys), "key"), Run(f" {_('keys')} ", "dim")) if keys else ()
    if state[1]:
        told = cut(state[1], max(cells // 4, 8))
        last = (Run(clean(state[0]), "key"), Run(f" {told}  ", "dim"), *last)
    # A cell before the first, two at least before the last.
    room = cells - line_width(last) - 3
    gap = 3 if cells >= 100 else 2
    runs: list[Run] = []
    for pressed, label, enabled in hints:
        key, words = clean(pressed), f" {clean(label)}"
        taken = width(key) + width(words) + (gap if runs else 0)
        if taken > room:
            break
        runs += [Run(" " * (gap if runs else 1)), Run(key, "key" if enabled else "faint")]
        runs.append(Run(words, "dim" if enabled else "faint"))
        room -= taken
    return on(spread(tuple(runs), last, cells), "on:bar")
