"""The fields of a card in their sections, drawn by lines; in customise mode with handles."""

from __future__ import annotations

from tuicrm.domain.card import CardView, FieldView
from tuicrm.render.fields import DEFAULT_HINTS, FieldRows, FieldTarget, Hints, build_rows
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

    @property
    def scope(self) -> str:  # type: ignore[override]  # the base has a constant; here it follows the mode
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
        return self.field.key if self.field is not None else ""

    @property
    def section_key(self) -> str:
        """The section the cursor is in."""
        target = self.cursor
        if self.view is None or target is None or target.section >= len(self.view.sections):
            return ""
        return self.view.sections[target.section].key

    def first_of(self, section: str) -> str:
        """The first field of a section; "" for none."""
        found = next((one for one in self.view.sections if one.key == section), None) if self.view is not None else None
        return found.fields[0].key if found is not None and found.fields else ""

    @staticmethod
    def place_of(view: CardView, field: str, section: str = "") -> FieldTarget | None:
        """Where a field stands, or a section's heading for no field; None for neither."""
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
