"""A list's lines: a head, and one line an item, in columns that share the width."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.render.compose import blank, cut_line, on, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, DOWNWARDS, FOLDED_LEFT, FOLDED_RIGHT, MARKED, UPWARDS
from tuicrm.render.text import clean, cut, fit, width

START = 3
"""The cursor's bar, the mark, and a cell between them and the texts."""
END = 1
"""Cells that stay free at the right edge: a number that touches it reads as one that goes on."""
GAP = 2
"""Cells between columns."""
_MOST_NAME = 36
_BETWEEN = " · "
"""Between the values of a cell with several."""


def column_widths(wanted: Sequence[int], cells: int, sized: Sequence[bool] = (), name: int = 0) -> list[int]:
    """Cells of each column, from what each would like. Those that do not fit are left out, from the last: whole values of a few
    say more than beginnings of many. What is left over widens the column at `name`, then all; but not those that were `sized` by
    hand. The last cell of the line stays free."""
    cells -= END
    if any(sized):
        return _around_sized(wanted, cells, sized)
    count = len(wanted)
    while count > 1 and START + sum(wanted[:count]) + GAP * (count - 1) > cells:
        count -= 1
    widths = list(wanted[:count])
    spare = cells - START - sum(widths) - GAP * max(count - 1, 0)
    if not widths or spare <= 0:
        return [max(first + spare, 1) for first in widths[:1]] + widths[1:]
    name = name if name < count else 0
    more = max(min(spare, _MOST_NAME - widths[name]), 0)
    each, rest = divmod(spare - more, count)
    return [each_one + each + (more + rest if at == name else 0) for at, each_one in enumerate(widths)]


def content_widths(texts: Sequence[Sequence[str]], heads: Sequence[str], most: Sequence[int]) -> list[int]:
    """Cells that columns need for these rows and their heads, each at most `most` (but for its head)."""
    widths = []
    for at, head in enumerate(heads):
        longest = max((width(clean(row[at].replace("\n", _BETWEEN))) for row in texts if at < len(row)), default=0)
        widths.append(max(min(longest, most[at]), width(clean(head))))
    return widths


def squeezed(wanted: Sequence[int], least: Sequence[int], cells: int) -> list[int]:
    """The widths of the first columns, as many as stand on `cells` with `least` of each (0: all that it would like); those that lack
    little get it before the others."""
    floors = [min(want, floor) if floor else want for want, floor in zip(wanted, least, strict=True)]
    count = len(floors)
    while count > 1 and START + sum(floors[:count]) + GAP * (count - 1) > cells:
        count -= 1
    widths = floors[:count]
    spare = max(cells - START - sum(widths) - GAP * max(count - 1, 0), 0)
    for at in sorted(range(count), key=lambda at: wanted[at] - widths[at]):
        more = min(spare, wanted[at] - widths[at])
        widths[at] += more
        spare -= more
    return widths


def with_more(line: Line, cells: int, left: int, right: int) -> Line:
    """A head with the signs that there are columns further to the left and right, and how many: `‹1` and `2›`."""
    if left:
        sign = f"{FOLDED_LEFT}{left} "[:START]
        line = (Run(sign.ljust(START), "accent"), *_behind(line, START))
    if right:
        room = cells - more_cells(right)
        line = (*pad(cut_line(line, room), room), Run(f" {right}{FOLDED_RIGHT}", "accent"))
    return line


def more_cells(right: int) -> int:
    """Cells that the sign for so many columns further to the right takes at a head's end."""
    return len(f" {right}{FOLDED_RIGHT}") if right else 0


def _behind(line: Line, cells: int) -> Line:
    """What stands behind the first cells, which are blank."""
    first, *others = line
    return (Run(first.text[cells:], first.style), *others)


def _around_sized(wanted: Sequence[int], cells: int, sized: Sequence[bool]) -> list[int]:
    """The same where some columns keep the width that they were given: the others share what is left over."""
    widths: list[int] = []
    for want in wanted:
        if widths and START + sum(widths) + GAP * len(widths) + want > cells:
            break
        widths.append(want)
    spare = cells - START - sum(widths) - GAP * (len(widths) - 1)
    if spare < 0:
        return [max(widths[0] + spare, 1)]
    growing = [at for at in range(len(widths)) if not sized[at]]
    for nth, at in enumerate(growing):
        widths[at] += spare // len(growing) + (nth < spare % len(growing))
    return widths


def head_line(
    headings: Sequence[str],
    numbers: Sequence[bool],
    widths: Sequence[int],
    cells: int,
    ranks: Sequence[int] = (),
) -> Line:
    """The columns' names; those that the rows are sorted by with `▲` or `▼`, and which comes first where there are several."""
    signs = _order_signs(ranks or [0] * len(headings))
    names = [
        f"{cut(clean(heading), max(room - len(sign) - 1, 1))} {sign}" if sign else heading
        for heading, sign, room in zip(headings, signs, widths, strict=False)
    ]
    return pad((Run(" " * START), *_cells(names, numbers, widths, "heading", "heading")), cells)


def _order_signs(ranks: Sequence[int]) -> list[str]:
    several = sum(map(bool, ranks)) > 1
    return [f"{UPWARDS if rank > 0 else DOWNWARDS}{abs(rank) if several else ''}" if rank else "" for rank in ranks]


def foot_line(texts: Sequence[str], numbers: Sequence[bool], widths: Sequence[int], cells: int, told: str = "") -> Line:
    """Sums under their columns; `told` in the first column, where nothing is summed there."""
    shown = [told if at == 0 and not text else text for at, text in enumerate(texts)]
    return pad((Run(" =".ljust(START), "faint"), *_cells(shown, numbers, widths, "faint", "dim")), cells)


def item_line(
    texts: Sequence[str],
    numbers: Sequence[bool],
    widths: Sequence[int],
    cells: int,
    *,
    selected: bool = False,
    marked: bool = False,
) -> Line:
    """One item. The cursor has a bar and a ground, a marked item `✓`."""
    start = Run(BAR if selected else " ", "accent"), Run(MARKED if marked else " ", "accent bold"), Run(" ")
    line = pad((*start, *_cells(texts, numbers, widths, "title", "")), cells)
    return on(line, "on:cursor") if selected else on(line, "on:mark") if marked else line


def _cells(
    texts: Sequence[str], numbers: Sequence[bool], widths: Sequence[int], first: str, others: str
) -> tuple[Run, ...]:
    runs: list[Run] = []
    for at, (text, number, room) in enumerate(zip(texts, numbers, widths, strict=False)):
        if at:
            runs += blank(GAP)
        shown = clean(text.replace("\n", _BETWEEN))
        runs.append(Run(fit(shown, room, "right" if number else "left"), others if at else first))
    return tuple(runs)
