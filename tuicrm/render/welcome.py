"""The welcome: what can be done without a workspace, and where things will lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tuicrm.i18n import _
from tuicrm.render.compose import blank, on, pad, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import BAR, LINE
from tuicrm.render.text import clean, fit, width, wrap

_MARGIN = 2
_MOST_CELLS = 96
_KEY_CELLS = 4
_LEAST_CELLS = 40


class WelcomeOffer(NamedTuple):
    """Something to begin with: its action's id, its key, what it is called and what comes of it."""

    action: str
    key: str
    label: str
    help: str


class WelcomePath(NamedTuple):
    """Where something lies: what it is, the path, and a word on it ("not there yet")."""

    label: str
    path: str
    note: str


class _Part(NamedTuple):
    """One line of an offer."""

    action: str
    first: bool
    help: str


class WelcomeRows:
    """The screen's lines; the cursor stands on offers, by their action ids (`pane.Rows`)."""

    def __init__(self, offers: Sequence[WelcomeOffer], places: Sequence[WelcomePath], cells: int) -> None:
        self._cells = cells
        self._inner = max(min(cells - 2 * _MARGIN, _MOST_CELLS), 1)
        self._offers = {offer.action: offer for offer in offers}
        self._label_cells = max((width(clean(offer.label)) for offer in offers), default=0) + 3
        self._place_cells = max((width(clean(place.label)) for place in places), default=0) + 3
        heading = f"{_('Where things will be stored').upper()} "
        rule = LINE * max(self._inner - width(heading), 0)
        self.rows: list[Line | _Part] = [
            (),
            (Run(_("Welcome to tuicrm"), "title"),),
            (Run(_("A keyboard-driven CRM. There is no workspace here yet."), "dim"),),
            (),
            *(part for offer in offers for part in self._parts(offer)),
            (),
            (Run(heading, "heading"), Run(rule, "rule")),
            *(self._place_line(place) for place in places),
            (),
            (Run(_("To open another one: tuicrm --data DIR, or TUICRM_DATA."), "faint"),),
        ]

    def _parts(self, offer: WelcomeOffer) -> list[_Part]:
        texts = wrap(offer.help, max(self._inner - self._label_cells - _KEY_CELLS, 1)) or [""]
        if self._inner < _LEAST_CELLS:  # no room to tell more than its name
            texts = [""]
        return [_Part(offer.action, at == 0, text) for at, text in enumerate(texts)]

    def span(self, target: str) -> tuple[int, int]:
        lines = [y for y in range(len(self.rows)) if self.at(y) == target]
        if not lines:
            raise KeyError(target)
        return lines[0], lines[-1]

    def at(self, y: int) -> str | None:
        row = self.rows[y] if 0 <= y < len(self.rows) else ()
        return row.action if isinstance(row, _Part) else None

    def line(self, y: int, cursor: str | None) -> Line:
        row = self.rows[y] if 0 <= y < len(self.rows) else ()
        if isinstance(row, _Part):
            return self._offer_line(row, row.action == cursor)
        return pad((*blank(_MARGIN), *pad(row, self._inner)), self._cells)

    def _offer_line(self, part: _Part, here: bool) -> Line:
        offer, bar = self._offers[part.action], Run(BAR if here else " ", "accent")
        key, label = (offer.key, offer.label) if part.first else ("", "")
        named = Run(f" {fit(key, 2)} ", "key"), Run(fit(label, self._label_cells), "title")
        line = pad((bar, *named, Run(part.help, "dim")), self._inner + 1)
        return pad((*blank(_MARGIN - 1), *(on(line, "on:cursor") if here else line)), self._cells)

    def _place_line(self, place: WelcomePath) -> Line:
        label = fit(place.label, self._place_cells)
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
