"""The lines of the left side of a card: headings of sections, fields, and what stands between and under them."""

from __future__ import annotations

from tuicrm.domain.card import FieldView
from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import line_width, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, EMPTY, HANDLE, INTO, LATE, LINE, REQUIRED
from tuicrm.render.text import clean, cut, fit, width

START_CELLS = 2
"""Cells before the labels: the cursor's bar, or the handle in customise mode."""


def section_line(title: str, cells: int, *, customise: bool = False, selected: bool = False, hint: str = "") -> Line:
    """`ABOUT THE DEAL ─────`, with what can be done here at its end."""
    name = cut(clean(title).upper(), max(cells - 6, 1))
    start = _start(customise, selected) if customise else ()
    left = (*start, Run(name, "handle bold" if customise and selected else "heading"), Run(" "))
    end = _hint(hint, cells - line_width(left) - 2)
    rule = max(cells - line_width(left) - line_width(end), 0)
    line = pad((*left, Run(LINE * rule, "rule"), *end), cells)
    return on(line, "on:cursor") if selected else line


def empty_line(count: int, key: str, cells: int) -> Line:
    """`4 empty, . shows`; without a key, just the count."""
    words = ngettext("{n} empty", "{n} empty", count)
    shows = f", {_('{key} shows').format(key=key)}" if key else ""
    return pad((Run(f"  {words}{shows}", "faint"),), cells)


def add_section_line(hidden: int, cells: int) -> Line:
    """`+ add section     3 hidden fields`."""
    words = _("+ add section")
    if hidden:
        words = f"{words}     {ngettext('{n} hidden field', '{n} hidden fields', hidden)}"
    return pad((Run(words, "handle"),), cells)


def field_line(
    field: FieldView,
    value: str,
    cells: int,
    label_cells: int,
    *,
    first: bool = True,
    last: bool = True,
    customise: bool = False,
    selected: bool = False,
    hint: str = "",
) -> Line:
    """One line of a field, `value` being the piece of its value that stands there (cleaned, as `wrap` made it).

    The label is on the first line; what is required and who may see it after the last, or `hint` where the cursor customises.
    """
    left: Line = (*_start(customise, selected), *_label(field, first, label_cells), *_value(field, value, first))
    room = cells - line_width(left)
    right: Line = ()
    if customise and selected:
        right = _hint(hint, room) if first else ()
    elif last:
        left, right = _with_notes(left, field, room, selected)
    line = spread(left, right, cells)
    return on(line, "on:cursor") if selected else line


def _start(customise: bool, selected: bool) -> Line:
    handle = (Run(HANDLE, "handle"),) if customise else ()
    bar = Run(BAR if selected else " ", "accent")
    return (*handle, bar) if handle else (bar, Run(" "))


def _with_notes(left: Line, field: FieldView, room: int, selected: bool) -> tuple[Line, Line]:
    """What is required right after the value (of a filled one under the cursor only), who may see it at the right end."""
    needed = _needed(field, room) if field.empty or selected else ()
    return (*left, *needed), _only(field, room - line_width(needed))


def _label(field: FieldView, first: bool, cells: int) -> Line:
    if not first:
        return (Run(" " * cells),)
    if not field.required:
        return (Run(fit(field.label, cells - 1) + " ", "label"),)
    label = cut(field.label, cells - 2)
    return Run(label, "label"), Run(REQUIRED, "required"), Run(" " * (cells - width(label) - 1))


def _value(field: FieldView, value: str, first: bool) -> Line:
    if field.missing:
        return (Run(f"{LATE} {_('missing')}", "late"),)
    if field.empty:
        return (Run(EMPTY, "faint"),)
    if not field.link:
        return (Run(value, "dim" if field.read_only else "value"),)
    return (Run(value, "link"), *((Run(f" {INTO}", "link"),) if first else ()))


def _needed(field: FieldView, room: int) -> Line:
    if not field.needed_for:
        return ()
    words = _("required to reach {stage}").format(stage=clean(field.needed_for))
    for text in (words, f"{REQUIRED} {clean(field.needed_for)}"):
        if width(text) + 2 <= room:
            return (Run(f"  {text}", "faint"),)
    return ()


def _only(field: FieldView, room: int) -> Line:
    if not field.only:
        return ()
    words = _("only: {names}").format(names=clean(field.only))
    return (Run(cut(words, room - 2), "faint"),) if room >= 10 else ()


def _hint(words: str, room: int) -> Line:
    return (Run(f" {words}", "faint"),) if words and width(words) + 2 <= room else ()
