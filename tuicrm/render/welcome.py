"""The welcome: what can be done without a workspace, and where things will lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tuicrm.i18n import _
from tuicrm.render.compose import blank, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, LINE
from tuicrm.render.text import clean, cut, fit, width

_MARGIN = 2
_MOST_CELLS = 96
_LABEL_CELLS = 22


class Offer(NamedTuple):
    """Something to begin with: its action's id, its key, what it is called and what comes of it."""

    action: str
    key: str
    label: str
    help: str


class Place(NamedTuple):
    """Where something lies: what it is, the path, and a word on it ("not there yet")."""

    label: str
    path: str
    note: str


class WelcomeRows:
    """The screen's lines; the cursor stands on offers, by their action ids (`pane.Rows`)."""

    def __init__(self, offers: Sequence[Offer], places: Sequence[Place], cells: int) -> None:
        self._cells = cells
        self._inner = max(min(cells - 2 * _MARGIN, _MOST_CELLS), 1)
        self._offers = {offer.action: offer for offer in offers}
        heading = f"{_('Where things will lie').upper()} "
        rule = LINE * max(self._inner - width(heading), 0)
        self.rows: list[Line | str] = [
            (),
            (Run(_("Welcome to tuicrm"), "title"),),
            (Run(_("A CRM driven from the keyboard. There is no workspace here yet."), "dim"),),
            (),
            *(offer.action for offer in offers),
            (),
            (Run(heading, "heading"), Run(rule, "rule")),
            *(self._place_line(place) for place in places),
            (),
            (Run(_("Another one opens with: tuicrm --data DIR, or TUICRM_DATA."), "faint"),),
        ]

    def span(self, target: str) -> tuple[int, int]:
        if target not in self._offers:
            raise KeyError(target)
        y = self.rows.index(target)
        return y, y

    def at(self, y: int) -> str | None:
        row = self.rows[y] if 0 <= y < len(self.rows) else ()
        return row if isinstance(row, str) else None

    def line(self, y: int, cursor: str | None) -> Line:
        row = self.rows[y] if 0 <= y < len(self.rows) else ()
        if isinstance(row, str):
            return self._offer_line(self._offers[row], row == cursor)
        return pad((*blank(_MARGIN), *pad(row, self._inner)), self._cells)

    def _offer_line(self, offer: Offer, here: bool) -> Line:
        bar = Run(BAR if here else " ", "accent")
        label = fit(offer.label, _LABEL_CELLS)
        room = max(self._inner - _LABEL_CELLS - 4, 0)
        told = (bar, Run(f" {fit(offer.key, 2)} ", "key"), Run(label, "title"), Run(cut(offer.help, room), "dim"))
        line = pad(told, self._inner + 1)
        return pad((*blank(_MARGIN - 1), *(on(line, "on:cursor") if here else line)), self._cells)

    def _place_line(self, place: Place) -> Line:
        label = fit(place.label, max(width(place.label) + 2, _LABEL_CELLS - 10))
        room = self._inner - width(label) - width(place.note) - 2
        path = _end_of(clean(place.path), room)
        return spread((Run(label, "label"), Run(path, "value")), (Run(place.note, "faint"),), self._inner)


def _end_of(path: str, cells: int) -> str:
    """A path in at most `cells`: its end says more than its beginning."""
    if width(path) <= cells:
        return path
    while path and width(path) > cells - 1:
        path = path[1:]
    return f"…{path}" if path else ""
