"""The tabs of a card with their counts."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.card import TabView
from tuicrm.render.chips import Chips, ChipSpan, window
from tuicrm.render.compose import spread
from tuicrm.render.line import Line, Run
from tuicrm.render.text import ELLIPSIS, clean, cut, width

_LABEL_CELLS = 20


def tab_bar(tabs: Sequence[TabView], active: str, cells: int, *, hint: str = "", compact: bool = False) -> Chips:
    """`[General] Products 3  Quotes 1  …      tab: timeline 8`; wide, the active tab is underlined in place of the brackets."""
    hint = clean(hint)
    labels = [cut(tab.label, _LABEL_CELLS) for tab in tabs]
    counts = ["" if tab.count is None else f" {tab.count}" for tab in tabs]
    here = next((index for index, tab in enumerate(tabs) if tab.key == active), 0)
    around = 2 if compact else 4
    widths = [width(label) + len(count) + around for label, count in zip(labels, counts, strict=True)]
    shown = window(widths, here, cells - compact - (width(hint) + 3 if hint else 0))
    # The bracket of the first tab would stand at the edge of a narrow screen.
    runs: list[Run] = [Run(ELLIPSIS, "faint")] if shown.start else [Run(" ")] if compact else []
    places: list[ChipSpan] = []
    x = len(runs)
    for index in shown:
        runs += _tab(labels[index], counts[index], index == here, compact)
        places.append(ChipSpan(tabs[index].key, x, x + widths[index]))
        x += widths[index]
    if shown.stop < len(tabs):
        runs.append(Run(ELLIPSIS, "faint"))
    return Chips(spread(tuple(runs), (Run(hint, "faint"), Run(" ")) if hint else (), cells), tuple(places))


def _tab(label: str, count: str, active: bool, compact: bool) -> Line:
    if compact:
        if active:
            return (Run(f"[{label}{count}]", "accent bold"),)
        return Run(f" {label}", "dim"), Run(f"{count} ", "faint")
    if active:
        return Run(" "), Run(f" {label}{count} ", "accent bold underline"), Run(" ")
    return Run(f"  {label}", "dim"), Run(f"{count}  ", "faint")
