"""Items that were found, a line each: ref, name, and where what was typed stands, marked."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.found import FoundRow, Sought
from tuicrm.domain.words import TextSpan, digit_spans, digits, excerpt, spans
from tuicrm.render.compose import cut_line, line_width, on, pad
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, NEAR
from tuicrm.render.text import clean, cut, width

_REF_CELLS = 8
_MOST_NAME_CELLS = 44
_MOST_EXCERPT = 400


def found_line(row: FoundRow, sought: Sought, cells: int, *, selected: bool = False) -> Line:
    """One item, in exactly `cells`."""
    start = Run(BAR if selected else " ", "accent"), Run(NEAR if row.near else " ", "faint")
    ref = Run(f"{clean(row.ref):<{_REF_CELLS}} ", "accent")
    room = max(cells - 2 - width(ref.text), 4)
    name_cells = max(min(room * 2 // 5, _MOST_NAME_CELLS), 4)
    name = pad(marked(row.name, sought, "title"), name_cells)
    label = (Run(f"{cut(clean(row.label), room // 4)}: ", "label"),) if row.label else ()
    left = room - name_cells - 2 - line_width(label)
    text = marked(row.text, sought, "" if row.label else "dim", left) if left > 4 else ()
    line = pad((*start, ref, *name, Run("  "), *label, *text), cells)
    return on(line, "on:cursor") if selected else line


def found_whole(row: FoundRow, sought: Sought) -> Line:
    """One item at whatever width it takes: where nothing has to fit."""
    label = (Run(f"{clean(row.label)}: ", "label"),) if row.label else ()
    text = marked(row.text, sought, "", _MOST_EXCERPT)
    between = (Run("  "),) if label or text else ()
    near = (Run(f"{NEAR} ", "faint"),) if row.near else ()
    return (*near, Run(f"{clean(row.ref)}  ", "accent"), *marked(row.name, sought, "title"), *between, *label, *text)


def marked(text: str, sought: Sought, style: str, most: int = 0) -> Line:
    """A text with what was sought underlined; of a long one the part around it, in about `most` cells."""
    shown = clean(text)
    if most:
        shown = excerpt(shown, _places(shown, sought), most)
    runs: list[Run] = []
    at = 0
    for begin, end in _places(shown, sought):
        runs += [Run(shown[at:begin], style)] if begin > at else []
        runs.append(Run(shown[begin:end], f"{style} bold underline accent".strip()))
        at = end
    runs += [Run(shown[at:], style)] if at < len(shown) else []
    return cut_line(tuple(runs), most) if most else tuple(runs)


def _places(text: str, sought: Sought) -> Sequence[TextSpan]:
    """Where it stands, in order, none within another."""
    found = spans(text, sought.words)
    for number in sought.digits:
        if number.lstrip("0") in digits(text):
            found += digit_spans(text, number)
    places: list[TextSpan] = []
    for begin, end in sorted(found):
        if not places or begin >= places[-1][1]:
            places.append((begin, end))
    return places
