"""The fields of a card in their sections, drawn by lines; in customise mode with handles."""

from __future__ import annotations

from textual import events

from tuicrm.domain.card import CardView, FieldView
from tuicrm.render.drop_signs import row_drop
from tuicrm.render.fields import DEFAULT_HINTS, FieldRows, FieldTarget, Hints, build_rows
from tuicrm.render.line import Line
from tuicrm.widgets.dragging import Dragging
from tuicrm.widgets.field_drag import FieldCarrier
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.surface import TerminalLook


class FieldPane(LinePane[FieldTarget]):
    """Shows a `CardView`. The cursor stands on a field, in customise mode on sections too."""

    spare = 1

    def __init__(self, look: TerminalLook, id: str | None = None) -> None:
        super().__init__(look, id=id)
        self.lit = True
        self.view: CardView | None = None
        self.customise = False
        self.own_scope = "fields"
        """The scope while it is not customised: triage has one of its own."""
        self.drag = Dragging(self, FieldCarrier(self))

    @property
    def scope(self) -> str:  # type: ignore[override]  # the base has a constant; here it follows the mode
        """The scope of the mode that the pane is in: reading and editing, or customising."""
        return "customise" if self.customise else self.own_scope

    def show_view(
        self,
        view: CardView,
        *,
        show_empty: bool,
        customise: bool,
        cursor: FieldTarget | None = None,
        hints: Hints = DEFAULT_HINTS,
    ) -> None:
        """Draw a card. The cursor stays on its field wherever that stands now; without `cursor`, at its height too."""
        self.drag.cancel()  # what is under way is known by its place, which may be another now
        wanted = cursor or self.place_of(view, self.field_key, self.section_key)
        self.view = view
        self.customise = customise

        def build(cells: int) -> FieldRows:
            return build_rows(view, cells, show_empty=show_empty, customise=customise, hints=hints)

        self.show(build, wanted, still=cursor is None)

    # -- what the cursor is on -----------------------------------------------------------------------------------------
    @property
    def field(self) -> FieldView | None:
        """The field under the cursor; None on a section's heading."""
        target = self.cursor
        if self.view is None or target is None or target.field < 0 or target.section >= len(self.view.sections):
            return None
        fields = self.view.sections[target.section].fields
        return fields[target.field] if target.field < len(fields) else None

    @property
    def field_key(self) -> str:
        """The key of the field under the cursor; "" on a section's heading."""
        return self.field.key if self.field is not None else ""

    @property
    def section_key(self) -> str:
        """The section the cursor is in."""
        target = self.cursor
        if self.view is None or target is None or target.section >= len(self.view.sections):
            return ""
        return self.view.sections[target.section].key

    def first_of(self, section: str) -> str:
        """The key of the first field of a section; "" where the section is empty or not there."""
        found = next((one for one in self.view.sections if one.key == section), None) if self.view is not None else None
        return found.fields[0].key if found is not None and found.fields else ""

    @staticmethod
    def place_of(view: CardView, field: str, section: str = "") -> FieldTarget | None:
        """Where a field stands, or, without a field, a section's heading; None where it is not on the card."""
        for at, each in enumerate(view.sections):
            for place, shown in enumerate(each.fields):
                if field and shown.key == field:
                    return FieldTarget(at, place)
            if not field and section and each.key == section:
                return FieldTarget(at)
        return None

    @property
    def value_x(self) -> int:
        """The first cell of the values."""
        return self.rows.value_x if isinstance(self.rows, FieldRows) else 0

    # -- taking fields and sections along ------------------------------------------------------------------------------
    async def on_event(self, event: events.Event) -> None:
        if not self.drag.take(event):
            await super().on_event(event)

    def sign(self) -> None:
        """Draw the sign where something would fall, and no longer where it was."""
        self._repaint()

    def _line(self, y: int) -> Line:
        line, place = super()._line(y), self.drag.place
        here = place is not None and y + self.scroll_offset.y == place.y
        return row_drop(line, after=place.under) if place is not None and here else line
