"""Messages one under the other, two lines each: who and when, and what about with how the text begins."""

from __future__ import annotations

from collections.abc import Container, Sequence

from msgspec import Struct

from tuicrm.render.compose import blank, line_width, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.rows import START
from tuicrm.render.symbols import BAR, MARKED
from tuicrm.render.text import clean, cut, width, wrap

_EACH = 2
"""Lines of a message."""
_LEAST_WHO = 16


class InboxLine(Struct, frozen=True):
    """What two lines tell of a message. `sign` says which way it went (`←`), `who` its sender's name or address, `address` what stands
    behind a name, `facts` what is worth knowing at once (private, files); `about` its subject, `text` how it begins."""

    id: int
    sign: str
    who: str
    address: str
    when: str
    facts: str
    about: str
    text: str


class InboxRows:
    """The rows at one width (`widgets.rows.Rows`); the cursor stands on the ids of messages."""

    def __init__(
        self, shown: Sequence[InboxLine], cells: int, marked: Container[int], empty: Sequence[tuple[str, str]] = ()
    ) -> None:
        """`empty` is told where there are no messages: texts with their styles, each a paragraph."""
        self._shown, self._cells, self._marked = shown, cells, marked
        self._places = {one.id: at for at, one in enumerate(shown)}
        self._told: list[Line] = []
        for text, style in empty if not shown else ():
            self._told += [pad((Run("  "), Run(line, style)), cells) for line in wrap(text, max(cells - 4, 1)) or [""]]

    @property
    def rows(self) -> Sequence[int]:
        return range(len(self._shown) * _EACH or len(self._told))

    def span(self, target: int) -> tuple[int, int]:
        first = self._places[target] * _EACH
        return first, first + _EACH - 1

    def at(self, y: int) -> int | None:
        at = y // _EACH
        return self._shown[at].id if y >= 0 and at < len(self._shown) else None

    def line(self, y: int, cursor: int | None) -> Line:
        if not self._shown:
            return self._told[y] if y < len(self._told) else blank(self._cells)
        one = self._shown[y // _EACH]
        selected, marked = one.id == cursor, one.id in self._marked
        line = self._first(one, selected, marked) if y % _EACH == 0 else self._second(one, selected)
        return on(line, "on:cursor") if selected else on(line, "on:mark") if marked else line

    def _first(self, one: InboxLine, selected: bool, marked: bool) -> Line:
        sign = Run(MARKED, "accent bold") if marked else Run(one.sign, "faint")
        start = (Run(BAR if selected else " ", "accent"), sign, Run(" "))
        right: Line = (Run(clean(one.when), "dim"), Run(" "))
        if one.facts:
            right = (Run(cut(one.facts, self._cells // 3), "faint"), Run("  "), *right)
        room = self._cells - START - line_width(right) - 1
        who = cut(one.who, max(room, 1))
        left: Line = (*start, Run(who, "title"))
        spare = room - width(who) - 2
        if one.address and spare >= min(_LEAST_WHO, width(clean(one.address))):
            left = (*left, Run("  "), Run(cut(one.address, spare), "faint"))
        return spread(left, right, self._cells)

    def _second(self, one: InboxLine, selected: bool) -> Line:
        room = max(self._cells - START - 1, 1)
        about = cut(one.about, room)
        spare = room - width(about) - (2 if about else 0)
        text = (Run("  " if about else ""), Run(cut(one.text, spare), "faint")) if one.text and spare > 3 else ()
        start = (Run(BAR if selected else " ", "accent"), Run("  "))
        return pad((*start, Run(about, "value"), *text), self._cells)
