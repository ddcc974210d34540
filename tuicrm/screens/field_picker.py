"""The complete list of a type's fields: what kind each is, where it stands now, how many items have it filled; several are ticked."""

from __future__ import annotations

import asyncio
import threading

from tuicrm.domain import layouts as edits
from tuicrm.domain.context import Choice
from tuicrm.domain.schema import Field, Layout
from tuicrm.i18n import _
from tuicrm.render.compose import line_width, spread
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import MARKED
from tuicrm.render.text import cut, fit
from tuicrm.services import fields
from tuicrm.services.session import Session
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.surface import Surface

_KIND_CELLS, _PLACE_CELLS, _COUNT_CELLS = 10, 18, 9
_COUNTING = "…"


class FieldPicker(Picker):
    """Ends with the keys of the fields that are to stand on the card."""

    cells = 92

    def __init__(self, session: Session, surface: Surface, type_key: str, layout: Layout) -> None:
        known = [field for field in session.workspace.fields(type_key).values() if session.access.sees(field)]
        titles = {p.field: session.label(one.title) for one in layout.sections for p in one.fields}
        shown = [placed.field for section in layout.sections for placed in section.fields]
        choices = [self._choice(session, field, titles.get(field.key, _("hidden"))) for field in known]
        super().__init__(surface, _("Fields on the card"), choices, chosen=shown, many=True, optional=True)
        self._session, self._type = session, type_key
        self._kinds = {field.key: field.kind for field in known}
        self._titles = titles
        self._hidden = {field.key for field in edits.hidden(layout, known)}
        self._filled: dict[str, int] | None = None
        self._left = threading.Event()

    @staticmethod
    def _choice(session: Session, field: Field, place: str) -> Choice:
        # The detail is searched too: "money", "client", "hidden".
        return Choice(field.key, session.label(field.label), f"{field.kind} {place}")

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._count_filled(), exit_on_error=True)

    async def _count_filled(self) -> None:
        """How many items have each filled: a second for 100,000 of them, while one can search and tick already."""
        found = await asyncio.to_thread(fields.filled, self._session, self._type, self._left.is_set)
        if self.is_attached:
            self._filled = found
            self.list.refresh()

    def on_unmount(self) -> None:
        self._left.set()
        super().on_unmount()

    def draw(self, thing: Choice, cells: int) -> Line:
        field = self._session.workspace.field(self._type, thing.key)
        sign = Run(f"{MARKED} " if thing.key in self.marked else "  ", "accent bold")
        count = _COUNTING
        if self._filled is not None:
            head = field.derived.partition(".")[0] if field is not None and field.derived else thing.key
            count = f"{self._filled.get(head, 0):,}"
        kind = Run(fit(self._kinds.get(thing.key, ""), _KIND_CELLS), "faint")
        place = self._titles.get(thing.key, _("hidden"))
        told = Run(f" {fit(place, _PLACE_CELLS)}", "faint" if thing.key in self._hidden else "dim")
        end: Line = (kind, told, Run(fit(count, _COUNT_CELLS, "right"), "dim"))
        room = max(cells - line_width(end) - 4, 6)
        return spread((sign, Run(cut(thing.label, room), "value")), end, cells - 1)
