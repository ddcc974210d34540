"""The right side of a card: planned activities, pinned entries, then day by day, as rows and the line of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from tuicrm.domain.card import EntryView, TimelineView
from tuicrm.domain.messages.message import CHANNELS
from tuicrm.i18n import _
from tuicrm.render.activity_colours import ACTIVITY_COLOURS
from tuicrm.render.compose import blank, line_width, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, CLOCK, DOT, FOLDED_LEFT, INTO, LATE, MARKED, NOTE, PEN, THREAD
from tuicrm.render.text import clean, cut, width, wrap

PartKind: TypeAlias = Literal["planned", "heading", "title", "text", "more", "note", "by", "gap"]

TEXT_LINES = 4
NOTE_LINES = 2
MESSAGE_LINES = 2
_START, _BY_GAP = 2, 2

_SIGNS = {
    "activity": (CLOCK, "today"),
    "comment": (PEN, "accent"),
    "created": ("+", "ok"),
    "stage": ("→", "ok"),
    "responsible": ("●", "link"),
    "amount": ("±", "link"),
    "imported": ("↓", "dim"),
    "undone": ("↶", "dim"),
    "mail": ("@", "link"),
    "call": ("☏", "ok"),
    "document": ("▤", "today"),
    "made": (INTO, "ok"),
    "taken": (INTO, "link"),
    "linked": (INTO, "link"),
    "merged": (INTO, "accent"),
    "unlinked": (FOLDED_LEFT, "dim"),
}
_OTHER = ("·", "dim")
_STYLES: dict[PartKind, str] = {
    "planned": "today bold",
    "heading": "heading",
    "text": "",
    "more": "link",
    "note": "dim italic",
    "by": "faint",
    "gap": "",
}


class EntryHints(msgspec.Struct, frozen=True):
    """What can be done with the entry under the cursor, with the keys as they are bound: the screen fills it."""

    activity: str = ""
    comment: str = ""
    other: str = ""
    document: str = ""
    message: str = ""

    def of(self, entry: EntryView) -> str:
        """The words for one entry."""
        if entry.kind == "activity":
            return self.activity
        if entry.kind in CHANNELS:
            return self.message
        if entry.kind == "document":
            return self.document
        return self.comment if entry.kind == "comment" else self.other


NO_HINTS = EntryHints()


class TimelineRow(msgspec.Struct, frozen=True):
    """One screen row; `entry` is its number in the view, -1 for headings; `text` what stands there, cleaned: of a title who
    did it, where that fits beside it."""

    kind: PartKind
    entry: int
    text: str = ""


class TimelineRows:
    """A timeline's rows at one width, and the way between screen rows and entries."""

    def __init__(
        self, view: TimelineView, cells: int, rows: Sequence[TimelineRow], hints: EntryHints = NO_HINTS
    ) -> None:
        self.view = view
        self.hints = hints
        self.cells = cells
        self.rows = tuple(rows)
        self._first: dict[int, int] = {}
        self._last: dict[int, int] = {}
        for y, row in enumerate(self.rows):
            if row.entry >= 0 and row.kind != "gap":
                self._first.setdefault(row.entry, y)
                self._last[row.entry] = y
        self._drawn: dict[tuple[int, bool], Line] = {}

    def span(self, entry: int) -> tuple[int, int]:
        """First and last row of an entry. Raises KeyError for one that is not there."""
        return self._first[entry], self._last[entry]

    def at(self, y: int) -> int | None:
        """The entry on a row; None on headings and between entries."""
        if not 0 <= y < len(self.rows):
            return None
        row = self.rows[y]
        return None if row.entry < 0 or row.kind == "gap" else row.entry

    def line(self, y: int, cursor: int | None = None) -> Line:
        """The line of a row, exactly as wide as the rows were made for; blank beyond the last."""
        if not 0 <= y < len(self.rows):
            return blank(self.cells)
        selected = cursor is not None and self.at(y) == cursor
        found = self._drawn.get((y, selected))
        if found is None:
            found = self._drawn[y, selected] = self._draw(y, selected)
        return found

    def _draw(self, y: int, selected: bool) -> Line:
        row = self.rows[y]
        if row.entry < 0:
            return pad((Run(row.text, _STYLES[row.kind]),), self.cells)
        entry = self.view.entries[row.entry]
        hints = self.hints.of(entry) if selected and y == self._last[row.entry] else ""
        if row.kind == "title":
            line = _title_line(entry, self.cells, row.text, selected, hints)
        else:
            bar = _bar(entry, selected)
            line = (Run(THREAD, "rule"), bar, Run(row.text, _STYLES[row.kind]))
            right = (Run(hints, "link"),) if hints and width(row.text) + width(hints) + 6 <= self.cells else ()
            line = spread(line, right, self.cells)
        return on(line, "on:cursor") if selected else line


def build_timeline(
    view: TimelineView, cells: int, *, text_lines: int = TEXT_LINES, keys: str = "enter", hints: EntryHints = NO_HINTS
) -> TimelineRows:
    """The rows of a timeline on `cells`; of long texts `text_lines` lines (0 for all), then how to read the whole."""
    rows: list[TimelineRow] = []
    heading = ""
    for index, entry in enumerate(view.entries):
        group = group_heading(entry)
        if group != heading:
            if rows:
                rows[-1] = TimelineRow("gap", -1)
            rows.append(TimelineRow("planned" if entry.group == "planned" else "heading", -1, cut(group, cells)))
            heading = group
        rows += _entry_rows(entry, index, cells, text_lines, keys)
        rows.append(TimelineRow("gap", index))
    return TimelineRows(view, cells, rows[:-1], hints)


def group_heading(entry: EntryView) -> str:
    """`PLANNED`, `PINNED`, or the day in capitals."""
    if entry.group == "planned":
        return _("PLANNED")
    return _("PINNED") if entry.group == "pinned" else clean(entry.day).upper()


def _entry_rows(entry: EntryView, index: int, cells: int, text_lines: int, keys: str) -> list[TimelineRow]:
    room = max(cells - _START, 1)
    by = f" {DOT} ".join(piece for piece in (clean(entry.by), _("edited") if entry.edited else "") if piece)
    beside = bool(by) and _fits_beside(entry, by, cells)
    rows = [TimelineRow("title", index, by if beside else "")]
    # Of a message no more than what it begins with: whole conversations stand there.
    brief = entry.kind in CHANNELS and text_lines > 0
    if brief:
        text = wrap(" ".join(entry.text.split()), room, MESSAGE_LINES)
    else:
        text = wrap(entry.text, room, text_lines + 1 if text_lines else 0)
    cut_off = bool(text_lines) and not brief and len(text) > text_lines
    rows += [TimelineRow("text", index, line) for line in (text[:text_lines] if cut_off else text)]
    if cut_off:
        rows.append(TimelineRow("more", index, cut(_("… {keys} shows all").format(keys=keys), room)))
    note = wrap(entry.note, max(room - 2, 1), NOTE_LINES if text_lines else 0)
    rows += [TimelineRow("note", index, f"  {line}" if at else f"{NOTE} {line}") for at, line in enumerate(note)]
    if by and not beside:
        rows.append(TimelineRow("by", index, cut(by, room)))
    return rows


def _fits_beside(entry: EntryView, by: str, cells: int) -> bool:
    """Whether who did it can stand behind what was done, before the time."""
    return _START + width(clean(entry.title)) + _BY_GAP + width(by) + 2 + width(cut(entry.when, cells // 2)) <= cells


def _title_line(entry: EntryView, cells: int, by: str, selected: bool, hints: str) -> Line:
    """`✎ Comment  Luca Riva                12 Nov`; before the time what can be done (`hints`), where that fits."""
    sign, style = _SIGNS.get(entry.kind, _OTHER)
    own = clean(entry.sign)
    sign = own if width(own) == 1 else sign
    if entry.done:
        sign, style = MARKED, "ok"
    elif entry.late:
        sign, style = sign if entry.kind in CHANNELS else LATE, "late"
    start = (Run(sign, style), _bar(entry, selected))
    title = Run(clean(entry.title), "dim" if entry.done else "title")
    left = (*start, title, *((Run(" " * _BY_GAP), Run(by, "faint")) if by else ()))
    if entry.pinned and entry.group == "day":
        pinned = f"{_('pinned')} {DOT} {entry.when}" if entry.when else _("pinned")
        return spread(left, (Run(cut(pinned, cells // 2), "faint"),), cells)
    when = (Run(cut(entry.when, cells // 2), "late" if entry.late else "faint"),) if entry.when else ()
    if hints:
        more = (Run(hints, "link"), Run(" " * _BY_GAP), *when)
        if line_width(left) + 2 + line_width(more) <= cells:
            when = more
    return spread(left, when, cells)


def _bar(entry: EntryView, selected: bool) -> Run:
    """What stands at the left of an entry: the cursor, else the colour of its activity, as in the calendar."""
    colour = ACTIVITY_COLOURS.get(entry.colour, "")
    if selected or not colour:
        return Run(BAR if selected else " ", "accent")
    return Run(BAR, f"fg:{colour}")


def timeline_head(view: TimelineView, cells: int, labels: Sequence[str] = (), others: Sequence[str] = ()) -> Line:
    """`TIMELINE   all · comments · changes   8`: the labels of the kinds that are shown, faint those of the `others`."""
    total = (Run(str(view.total), "faint"),) if view.total else ()
    name = (Run(_("TIMELINE"), "heading"), Run("   "))
    room = cells - line_width(name) - line_width(total) - 1
    shown = f" {DOT} ".join(map(clean, labels)) if labels else _("all")
    left: Line = (*name, Run(cut(shown, room), "value" if others else "dim"))
    pieces = [f" {DOT} {clean(label)}" for label in others]
    rest = "".join(pieces)
    while pieces and width(shown) + width(rest) > room:
        pieces.pop()
        rest = "".join((*pieces, f" {DOT} …"))
    return spread((*left, Run(rest, "faint")) if pieces else left, total, cells)
