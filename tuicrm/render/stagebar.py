"""The stage bar of a card: stages passed tinted, the present one in its colour, those ahead dim."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.card import StageStep
from tuicrm.render.chips import Chips, ChipSpan, window
from tuicrm.render.compose import pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import FOLDED_LEFT, FOLDED_RIGHT, HERE_LEFT, HERE_RIGHT
from tuicrm.render.text import clean, cut, width

_LABEL_CELLS = 24
_LEAST_BAR_CELLS = 40


def stage_bar(steps: Sequence[StageStep], days: str, cells: int, *, compact: bool = False) -> Chips:
    """` New  ▐Qualified▌ Proposal  Negotiation      day 4 in Qualified`: stages far from the present one give way."""
    if not steps:
        return Chips(pad((), cells), ())
    days = clean(days)
    room = cells - width(days) - 4
    if room < _LEAST_BAR_CELLS:
        days, room = "", cells
    here = next((index for index, step in enumerate(steps) if step.state == "here"), 0)
    labels = [cut(step.label, _LABEL_CELLS) for step in steps]
    shown = window([width(label) + (2 if compact else 3) for label in labels], here, room)
    runs: list[Run] = [Run(FOLDED_LEFT, "faint")] if shown.start else []
    places: list[ChipSpan] = []
    x = len(runs)
    for index in shown:
        chip = _compact_chip(labels[index], steps[index]) if compact else _chip(labels[index], steps[index])
        end = x + width(labels[index]) + 2
        places.append(ChipSpan(steps[index].key, x, end))
        runs += chip if compact else (*chip, Run(" "))
        x = end if compact else end + 1
    if shown.stop < len(steps):
        runs.append(Run(FOLDED_RIGHT, "faint"))
    right = (Run(days, "faint"), Run(" ")) if days else ()
    if days and not compact:
        return Chips(pad((*runs, Run("   "), *right), cells), tuple(places))
    return Chips(spread(tuple(runs), right, cells), tuple(places))


def _chip(label: str, step: StageStep) -> Line:
    if step.state == "here":
        return (Run(f" {label} ", f"bold on:{step.colour}"),)
    return (Run(f" {label} ", f"tint:{step.colour}" if step.state == "past" else "dim on:panel"),)


def _compact_chip(label: str, step: StageStep) -> Line:
    if step.state == "here":
        edge = f"fg:{step.colour}"
        return Run(HERE_LEFT, edge), Run(label, f"bold on:{step.colour}"), Run(HERE_RIGHT, edge)
    return (Run(f" {label} ", f"fg:{step.colour}" if step.state == "past" else "dim"),)
