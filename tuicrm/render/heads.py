"""The top line of a screen: where one is, what the filter holds, who else is here."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.board import BoardHead
from tuicrm.domain.card import CardView
from tuicrm.i18n import _
from tuicrm.render.board_layout import is_compact
from tuicrm.render.compose import line_width, on, spread
from tuicrm.render.due_signs import due_signs
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import DOT, INTO, LATE, PERSON
from tuicrm.render.text import clean, cut, width

_PLACE_CELLS = 28
_INTO = Run(f" {INTO} ", "faint")
_TUICRM: Line = (Run(" tuicrm ", "bold on:accent"), Run(" "))


def warning_sign(text: str, cells: int) -> Line:
    """` ! see tuicrm doctor `, or the sign alone where it is narrow: something is to be seen to."""
    return (Run(f" {LATE} {clean(text)} " if not is_compact(cells) else f" {LATE} ", "late on:bar"),)


def welcome_head(cells: int) -> Line:
    """` tuicrm  Welcome`."""
    return on(spread((*_TUICRM, *_trail(_("Welcome"))), (), cells), "on:bar")


def trail_head(words: Sequence[str], cells: int, others: Sequence[str] = ()) -> Line:
    """` tuicrm  Settings › Deals › Fields      ● anna`."""
    right = _people(others)
    return on(spread((*_TUICRM, *_trail(*words)), (*right, Run(" ")) if right else (), cells), "on:bar")


def board_head(head: BoardHead, cells: int) -> Line:
    """` tuicrm  Deals › Wholesale   63 deals   € 1,050,430   / amount > 1000   ● anna   ! 5 late  ◷ 3 today`.

    Where it is narrow, words go before numbers: the words after the signs, the weighted sum and colleagues are left out in turn.
    """
    compact = is_compact(cells)
    left = (*_TUICRM, *_trail(head.noun, head.place, head.view))
    full = [due_signs(head.due, words=True), _sums(head, words=True, weighted=True), _people(head.others)]
    less = [due_signs(head.due, words=True), _sums(head, words=True, weighted=False), _people(head.others[:1])]
    short = [due_signs(head.due), _sums(head, words=False, weighted=True), _people(head.others[:1])]
    least = [due_signs(head.due), _sums(head, words=False, weighted=False), ()]
    wanted = 4 + min(len(head.filter), 24) if head.filter else 0
    for due, sums, people in (
        (short, less, least) if compact and head.weighted else (less, least) if compact else (full, less, least)
    ):
        right = _joined([sums, people, due])
        if line_width(left) + wanted + line_width(right) + 2 <= cells:
            break
    room = cells - line_width(left) - line_width(right) - 7
    if head.filter and room > 6:
        left = (*left, Run("   "), Run(f"/ {cut(head.filter, room - 2)}", "today"))
    return on(spread(left, (*right, Run(" ")), cells), "on:bar")


def card_head(view: CardView, cells: int, others: Sequence[str] = (), mode: str = "") -> Line:
    """` tuicrm  Deals › Wholesale › ERP connector  D-42      ● luca here too   12/240   saved 14:02`; what is done with the cards
    (`mode`: triage) stands first.

    Where it is narrow, what stands on the right is left out from its end, before the title and the ref are cut.
    """
    here = _("{names} here too").format(names=", ".join(map(clean, others))) if others else ""
    pieces: list[Line] = [
        (Run(f"{PERSON} {here}", "ok"),) if here else (),
        (Run(clean(view.position), "dim"),) if view.position else (),
        (Run(clean(view.saved), "faint"),) if view.saved else (),
    ]
    place = view.place or view.noun
    trail = _trail(mode, view.noun, view.place) if not is_compact(cells) else _trail(mode or place)
    sign = (Run(f"  {clean(view.sign)}", "today"),) if view.sign else ()
    ref = (Run("  "), Run(clean(view.ref), "dim"), *sign)
    left = (*_TUICRM, *trail, *((_INTO,) if trail else ()))
    most = cells - line_width(left) - line_width(ref) - 3
    wanted = min(width(clean(view.title)), cells // 3)
    while pieces and line_width(_joined(pieces)) > min(cells // 2, most - wanted):
        pieces.pop()
    right = _joined(pieces)
    title = Run(cut(view.title, max(most - line_width(right), 8)), "title")
    return on(spread((*left, title, *ref), (*right, Run(" ")), cells), "on:bar")


def _trail(*names: str) -> Line:
    """The names that are not empty, joined by `›`."""
    runs: list[Run] = []
    for name in filter(None, names):
        if runs:
            runs.append(_INTO)
        runs.append(Run(cut(name, _PLACE_CELLS), "dim" if runs else "bold"))
    return tuple(runs)


def _sums(head: BoardHead, *, words: bool, weighted: bool) -> Line:
    pieces = [Run(clean(head.count_text) if words else str(head.count), "value")]
    total = head.sum if words else head.sum_short or head.sum
    if total:
        pieces.append(Run(clean(total), "value"))
    if weighted and head.weighted:
        pieces.append(Run(_("{sum} weighted").format(sum=clean(head.weighted)), "faint"))
    between = Run("   ") if words else Run(f" {DOT} ", "faint")
    runs: list[Run] = []
    for piece in pieces:
        runs += [between, piece] if runs else [piece]
    return tuple(runs)


def _people(names: Sequence[str]) -> Line:
    return tuple(Run(f"{'  ' if index else ''}{PERSON} {cut(name, 12)}", "ok") for index, name in enumerate(names))


def _joined(pieces: Sequence[Line]) -> Line:
    """Those that are not empty, three cells apart."""
    line: Line = ()
    for piece in pieces:
        if piece:
            line = (*line, Run("   "), *piece) if line else piece
    return line
