"""The complete list of a type's fields: what kind each is, where it stands now, how many items have it filled; several are ticked."""

from __future__ import annotations

import asyncio
import threading

from tuicrm.domain import layouts as edits
from tuicrm.domain.context import Choice
from tuicrm.domain.schema import Layout
from tuicrm.i18n import _
from tuicrm.render.compose import line_width, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import MARKED
from tuicrm.render.text import cut, fit
from tuicrm.screens.host import Workplace
from tuicrm.services.definitions import fields
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.picker import Picker, PickerLook

_CELLS = 92
_KIND_CELLS, _PLACE_CELLS, _COUNT_CELLS = 10, 18, 9
_COUNTING = "…"


class FieldLook(PickerLook):
    """Tells of fields; how many items have each filled is counted in a thread."""

    def __init__(self, session: Session, type_key: str, layout: Layout) -> None:
        known = [field for field in session.workspace.fields(type_key).values() if session.access.sees(field)]
        self._session, self._type = session, type_key
        self._kinds = {field.key: field.kind for field in known}
        self._titles = {p.field: session.label(one.title) for one in layout.sections for p in one.fields}
        self._hidden = {field.key for field in edits.hidden(layout, known)}
        self._filled: dict[str, int] | None = None
        self._left = threading.Event()
        # The detail is searched too: "money", "client", "hidden".
        self.choices = [
            Choice(field.key, session.label(field.label), f"{field.kind} {self._place(field.key)}") for field in known
        ]

    def _place(self, key: str) -> str:
        return self._titles.get(key, _("hidden"))

    async def count(self, picker: Picker) -> None:
        """A second for 100,000 items, while one can search and tick already."""
        found = await asyncio.to_thread(fields.filled, self._session, self._type, self._left.is_set)
        if picker.is_attached:
            self._filled = found
            picker.list.refresh()

    def leave(self) -> None:
        """Nobody waits for the count any more."""
        self._left.set()

    def draw(self, choice: Choice, cells: int, marked: bool) -> Line:
        field = self._session.workspace.field(self._type, choice.key)
        sign = Run(f"{MARKED} " if marked else "  ", "accent bold")
        count = _COUNTING
        if self._filled is not None:
            head = field.derived.partition(".")[0] if field is not None and field.derived else choice.key
            count = f"{self._filled.get(head, 0):,}"
        kind = Run(fit(self._kinds.get(choice.key, ""), _KIND_CELLS), "faint")
        told = Run(f" {fit(self._place(choice.key), _PLACE_CELLS)}", "faint" if choice.key in self._hidden else "dim")
        end: Line = (kind, told, Run(fit(count, _COUNT_CELLS, "right"), "dim"))
        room = max(cells - line_width(end) - 4, 6)
        return spread((sign, Run(cut(choice.label, room), "value")), end, cells - 1)


async def pick_fields(host: Workplace, type_key: str, layout: Layout) -> tuple[str, ...] | None:
    """Ask which fields are to stand on the card, by their keys; None when left."""
    look = FieldLook(host.session, type_key, layout)
    shown = [placed.field for section in layout.sections for placed in section.fields]
    title = _("Fields on the card")
    picker = Picker(host.surface, title, look.choices, chosen=shown, many=True, optional=True, look=look)
    picker.cells = _CELLS
    host.run_worker(look.count(picker), exit_on_error=True)
    try:
        return await host.ask(picker)
    finally:
        look.leave()
