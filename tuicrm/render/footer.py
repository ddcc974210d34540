"""The footer: what can be done here, from the action table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tuicrm.i18n import _
from tuicrm.render.compose import line_width, on, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean, cut, width


class FooterSpan(NamedTuple):
    """Cells of the footer and what they tell of: a key, or several that share a label."""

    start: int
    end: int
    keys: str


def footer(
    hints: Sequence[tuple[str, str, bool]], cells: int, keys: str = "?", state: tuple[str, str] = ("", "")
) -> tuple[Line, list[FooterSpan]]:
    """`n new  / filter  u undo … L common layout  ? keys`: hints of (keys, label, can act now), the most useful first; and what
    stands where on it.

    A hint is shown whole or not at all; what does not fit is under `?`, which stands at the end unless `keys` is "". Those that
    cannot act now are faint. `state` (a key and what it tells of) stands before it, cut where its name is long.
    """
    last: Line = (Run(clean(keys), "key"), Run(f" {_('keys')} ", "dim")) if keys else ()
    ends = [(keys, line_width(last))] if keys else []
    if state[1]:
        told = cut(state[1], max(cells // 4, 8))
        told_of: Line = (Run(clean(state[0]), "key"), Run(f" {told}  ", "dim"))
        ends.insert(0, (state[0], line_width(told_of)))
        last = (*told_of, *last)
    # A cell before the first, two at least before the last.
    room = cells - line_width(last) - 3
    gap = _gap(cells)
    runs: list[Run] = []
    spans: list[FooterSpan] = []
    x = 0
    for pressed, label, enabled in hints:
        key, words = clean(pressed), f" {clean(label)}"
        taken = width(key) + width(words) + (gap if runs else 0)
        if taken > room:
            break
        runs += [Run(" " * (gap if runs else 1)), Run(key, "key" if enabled else "faint")]
        runs.append(Run(words, "dim" if enabled else "faint"))
        room -= taken
        x += width(runs[-3].text)
        spans += _spans(key, x, width(words))
        x += width(key) + width(words)
    x = cells - line_width(last)
    for pressed, taken in ends:
        spans.append(FooterSpan(x, x + taken, pressed))
        x += taken
    return on(spread(tuple(runs), last, cells), "on:bar"), spans


def _gap(cells: int) -> int:
    return 3 if cells >= 100 else 2


def _spans(keys: str, x: int, words: int) -> list[FooterSpan]:
    """Each key by itself; the label is of all of them."""
    spans = []
    at = x
    for key in keys.split(" "):
        spans.append(FooterSpan(at, at + width(key), key))
        at += width(key) + 1
    return [*spans, FooterSpan(x, x + width(keys) + words, keys)]
