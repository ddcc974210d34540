"""An item's history as lines: when and who, and under that what changed, from what to what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from tuicrm.render.compose import blank, cut_line, on, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, EMPTY
from tuicrm.render.text import clean, clean_lines, cut, fit, width

_LABEL = 20
_ARROW = " → "
_MORE = -2
"""The place of the line that says that there is more."""

HistorySpot: TypeAlias = tuple[int, str]
"""What the cursor stands on: a transaction's number, and a field ("" where no field changed)."""


class ChangedField(NamedTuple):
    """A field that changed: its label, the value before and after ("" for none); `made` where there was nothing before."""

    label: str
    old: str
    new: str
    made: bool = False


class HistoryRow(NamedTuple):
    """One step: its number, when, by whom, what it was in a word, and the fields that changed, by key."""

    seq: int
    when: str
    who: str
    what: str
    keys: Sequence[str]


class HistoryRows:
    """The lines at one width (`pane.Rows`). What changed is asked for where it comes into sight: there may be thousands."""

    def __init__(
        self,
        moments: Sequence[HistoryRow],
        tell: Callable[[int, str], ChangedField],
        cells: int,
        empty: str,
        more: str = "",
    ) -> None:
        """`tell(at, key)` says what changed in a field in the step at a place; `empty` is said where there are no steps, `more` under
        the last one."""
        self._moments, self._tell = moments, tell
        self._cells, self._empty, self._more = cells, more or empty, more
        self._lines: list[tuple[int, str | None]] = []
        self._places: dict[HistorySpot, int] = {}
        for at, moment in enumerate(moments):
            if at:
                self._lines.append((-1, None))
            if not moment.keys:
                self._places[moment.seq, ""] = len(self._lines)
            self._lines.append((at, None if moment.keys else ""))
            for key in moment.keys:
                self._places[moment.seq, key] = len(self._lines)
                self._lines.append((at, key))
        if more and moments:
            self._lines += [(-1, None), (_MORE, None)]

    @property
    def rows(self) -> Sequence[Any]:
        return self._lines or (self._empty,)

    def span(self, target: HistorySpot) -> tuple[int, int]:
        y = self._places[target]
        return y, y

    def at(self, y: int) -> HistorySpot | None:
        if not 0 <= y < len(self._lines):
            return None
        at, key = self._lines[y]
        return None if key is None else (self._moments[at].seq, key)

    def line(self, y: int, cursor: HistorySpot | None) -> Line:
        if not self._lines:
            return pad((Run(f" {clean(self._empty)}", "faint"),) if y == 0 else (), self._cells)
        if 0 <= y < len(self._lines) and self._lines[y][0] == _MORE:
            return pad((Run(f" {clean(self._more)}", "faint"),), self._cells)
        if not 0 <= y < len(self._lines) or self._lines[y][0] < 0:
            return blank(self._cells)
        at, key = self._lines[y]
        here = cursor is not None and self.at(y) == cursor
        line = self._field(at, key, here=here) if key else self._head(self._moments[at], here=here)
        line = pad(cut_line(line, self._cells), self._cells)
        return on(line, "on:cursor") if here else line

    def _head(self, moment: HistoryRow, *, here: bool) -> Line:
        start = Run(BAR if here else " ", "accent")
        told = Run(f"  {clean(moment.what)}" if moment.what else "", "dim")
        return start, Run(clean(moment.when), "dim"), Run(f"  {clean(moment.who)}", "accent"), told

    def _field(self, at: int, key: str, *, here: bool) -> Line:
        change = self._tell(at, key)
        label = min(_LABEL, max(self._cells // 3, 6))
        start = (Run(BAR if here else " ", "accent"), Run(f" {fit(clean(change.label), label)} ", "label"))
        room = max(self._cells - label - 3, 1)
        new = _flat(change.new)
        if change.made:
            return (*start, Run(cut(new, room), "value"))
        old, new = _sides(_flat(change.old), new, room - len(_ARROW))
        return (*start, Run(old, "dim"), Run(_ARROW, "faint"), Run(new, "value"))


def _flat(text: str) -> str:
    return " ".join(clean_lines(text)) or EMPTY


def _sides(old: str, new: str, room: int) -> tuple[str, str]:
    """Both in the room there is: the shorter one whole where that leaves the other half of it."""
    half = max(room // 2, 1)
    if width(old) + width(new) <= room:
        return old, new
    if width(new) <= half:
        return cut(old, max(room - width(new), 1)), new
    if width(old) <= half:
        return old, cut(new, max(room - width(old), 1))
    return cut(old, half), cut(new, max(room - half, 1))
