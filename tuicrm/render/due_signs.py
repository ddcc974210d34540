"""What is late, due today and not answered, as signs with numbers: the same on cards, heads, lists and in the menu of places."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.due import Due
from tuicrm.i18n import _
from tuicrm.render.compose import line_width
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import ASKED, CLOCK, LATE

_MOST = 99
_OTHERS = "faint"
"""How what is only others' is drawn."""


def capped(count: int) -> str:
    """A count as it is told: `12`, `99+`."""
    return str(count) if count <= _MOST else f"{_MOST}+"


def due_signs(due: Due, *, words: bool = False, tight: bool = False) -> Line:
    """`! 4  ◷ 2  ? 1`; with `words` `! 4 late  ◷ 2 today  ? 1 unanswered`, `tight` `!4 ◷2 ?1`. Nothing of what there is nothing of."""
    late, today, asked = capped(due.late), capped(due.today), capped(due.asked)
    parts = (
        (due.late, LATE, _("{n} late").format(n=late) if words else late, "late"),
        (due.today, CLOCK, _("{n} today").format(n=today) if words else today, "today"),
        (due.asked, ASKED, _("{n} unanswered").format(n=asked) if words else asked, "ok"),
    )
    runs: list[Run] = []
    for count, sign, text, style in parts:
        if count:
            between = [Run(" " if tight else "  ")] if runs else []
            # An invitation is one's own, whoever's the item is.
            ink = style if due.own or sign == ASKED else _OTHERS
            runs += [*between, Run(f"{sign}{text}" if tight else f"{sign} {text}", ink)]
    return tuple(runs)


def signs_within(due: Due, cells: int) -> Line:
    """As much as there is room for, all that is late first, then what waits for an answer; nothing where not even that fits."""
    both = Due(due.late, asked=due.asked, own=due.own) if due.late and due.asked else due
    return _first_that_fits((due_signs(due), due_signs(due, tight=True), due_signs(both, tight=True), _few(due)), cells)


def _few(due: Due) -> Line:
    """What is late alone, where anything is."""
    return due_signs(Due(due.late, own=due.own) if due.late else due, tight=True)


def _first_that_fits(lines: Sequence[Line], cells: int) -> Line:
    for line in lines:
        if line_width(line) <= cells:
            return line
    return ()


def card_badge(due: Due, cells: int) -> Line:
    """`!2 ◷1 ?1` where a card has more than the one that its next activity tells, or an invitation that waits for an answer."""
    if due.late + due.today < 2:
        due = Due(asked=due.asked, own=due.own)
    return _first_that_fits((due_signs(due, tight=True), _few(due)), cells)
