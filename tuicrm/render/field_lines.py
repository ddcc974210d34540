"""The lines of the left side of a card: headings of sections, fields, and what stands between and under them."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.card import FieldView
from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import line_width, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, CHANGED, DOT, EMPTY, FOLDED, HANDLE, INTO, LATE, LINE, NOTE, REQUIRED
from tuicrm.render.text import clean, cut, fit, width

_LEAST_NOTE = 14
START_CELLS = 2
"""Cells before the labels: the cursor's bar, or the handle in customise mode."""


def section_line(
    title: str, cells: int, *, customise: bool = False, selected: bool = False, hint: Sequence[str] = ()
) -> Line:
    """`ABOUT THE DEAL ─────`, with what can be done here at its end."""
    name = cut(clean(title).upper(), max(cells - 6, 1))
    start = _start(customise, selected) if customise else ()
    left = (*start, Run(name, "handle bold" if customise and selected else "heading"), Run(" "))
    end = _hint(hint, cells - line_width(left) - 2)
    rule = max(cells - line_width(left) - line_width(end), 0)
    line = pad((*left, Run(LINE * rule, "rule"), *end), cells)
    return on(line, "on:cursor") if selected else line


def folded_line(title: str, count: int, cells: int, *, selected: bool = False, key: str = "") -> Line:
    """`▸ CLIENT ───── 4 fields`, with the key that unfolds it where the cursor is."""
    name = cut(clean(title).upper(), max(cells - 6, 1))
    left = (Run(BAR if selected else FOLDED, "accent"), Run(" "), Run(name, "heading"), Run(" "))
    words = ngettext("{n} field", "{n} fields", count)
    if selected and key:
        words = f"{words} {DOT} {_('{key} unfolds').format(key=key)}"
    end = _hint((words,), cells - line_width(left) - 2)
    line = pad((*left, Run(LINE * max(cells - line_width(left) - line_width(end), 0), "rule"), *end), cells)
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


def field_line(  # noqa: PLR0913 - a line in all its states
    field: FieldView,
    value: str,
    cells: int,
    label_cells: int,
    *,
    first: bool = True,
    last: bool = True,
    customise: bool = False,
    selected: bool = False,
    hint: Sequence[str] = (),
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
    """What is to be known of the value, else what it is required for (of a filled one under the cursor only), right after it; who
    changed it, or may see it, at the right end. In short words where both would not fit else."""
    wordings = _told(field) or (_needed(field) if field.empty or selected else ())
    for needed in (*wordings, ()):
        rest = room - line_width(needed)
        right = _changed(field, rest) or _only(field, rest)
        if rest >= 0 and (right or not (field.changed or field.only)):
            return (*left, *needed), right
    return left, ()


def _label(field: FieldView, first: bool, cells: int) -> Line:
    if not first:
        return (Run(" " * cells),)
    if field.of:
        return (Run(fit(f"{NOTE} {clean(field.label)}", cells - 1) + " ", "faint"),)
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


def _needed(field: FieldView) -> tuple[Line, ...]:
    """What is required at a later stage, in many words and in few; () for nothing."""
    if not field.needed_for:
        return ()
    stage = clean(field.needed_for)
    texts = (_("required to reach {stage}").format(stage=stage), f"{REQUIRED} {stage}")
    return tuple((Run(f"  {text}", "faint"),) for text in texts)


def _told(field: FieldView) -> tuple[Line, ...]:
    return tuple((Run(f"  {clean(words)}", "faint"),) for words in field.told)


def _changed(field: FieldView, room: int) -> Line:
    if not field.changed:
        return ()
    words = _("changed: {who}").format(who=clean(field.changed))
    return (
        (Run(cut(words, room - 2), "today"),) if room >= _LEAST_NOTE else (Run(CHANGED, "today"),) if room >= 2 else ()
    )


def _only(field: FieldView, room: int) -> Line:
    if not field.only:
        return ()
    words = _("only: {names}").format(names=clean(field.only))
    return (Run(cut(words, room - 2), "faint"),) if room >= _LEAST_NOTE else ()


def _hint(wordings: Sequence[str], room: int) -> Line:
    """The first wording that fits."""
    found = next((words for words in wordings if words and width(words) + 2 <= room), "")
    return (Run(f" {found}", "faint"),) if found else ()
