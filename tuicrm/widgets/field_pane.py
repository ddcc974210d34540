"""The fields of a card in their sections, drawn by lines; in customise mode with handles."""

from __future__ import annotations

from typing import NamedTuple

from textual import events
from textual.geometry import Offset
from textual.message import Message

from tuicrm.domain.card import CardView, FieldView
from tuicrm.render.drop_signs import row_drop
from tuicrm.render.fields import DEFAULT_HINTS, FieldRows, FieldTarget, Hints, build_rows
from tuicrm.render.line import Line
from tuicrm.render.symbols import EMPTY
from tuicrm.widgets.dragging import Dragging
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.surface import TerminalLook


class Drop(NamedTuple):
    """Where a field or section would fall: the section, the field beside which (-1: at the section's start, or its end with `after`;
    for a section that one's place), and the line of the sign."""

    section: int
    field: int
    after: bool
    y: int


class FieldPane(LinePane[FieldTarget]):
    """Shows a `CardView`. The cursor stands on a field, in customise mode on sections too."""

    spare = 1

    class Dropped(Message):
        """The mouse let a field go somewhere else, or a section (no `field`). Where: keys of the section and of the field beside
        which; without one, at the section's start, or end with `after`."""

        def __init__(self, field: str, section: str, to: str, beside: str, *, after: bool) -> None:
            super().__init__()
            self.field = field
            self.section = section
            self.to = to
            self.beside = beside
            self.after = after

    class Carried(Message):
        """A field or section is under way, or no longer."""

        def __init__(self, told: str) -> None:
            super().__init__()
            self.told = told

    def __init__(self, look: TerminalLook, id: str | None = None) -> None:
        super().__init__(look, id=id)
        self.lit = True
        self.view: CardView | None = None
        self.customise = False
        self.own_scope = "fields"
        """The scope while it is not customised: triage has one of its own."""
        self._drag = Dragging[FieldTarget, Drop](self, self._drop_at, self._carry)

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
        self._drag.cancel()  # what is under way is known by its place, which may be another now
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

    # -- taking fields and sections along, in customise mode -----------------------------------------------------------
    def on_mouse_down(self, event: events.MouseDown) -> None:
        rows = self.rows
        there = rows.at(event.y + self.scroll_offset.y) if rows is not None and self.customise else None
        self._drag.press(event, there)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._drag.move(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        dropped = self._drag.release(event)
        if dropped is None or self.view is None:
            return
        target, drop = dropped
        sections = self.view.sections
        source, to = sections[target.section], sections[drop.section]
        field = source.fields[target.field].key if target.field >= 0 else ""
        beside = to.fields[drop.field].key if drop.field >= 0 else ""
        self.post_message(self.Dropped(field, source.key, to.key, beside, after=drop.after))

    def on_mouse_release(self) -> None:
        self._drag.cancel()

    def on_click(self, event: events.Click) -> None:
        if not self._drag.was_click:
            event.prevent_default()

    def on_key(self, event: events.Key) -> None:
        self._drag.take_key(event)

    def _drop_at(self, thing: FieldTarget, here: Offset) -> Drop | None:
        """Where a thing would fall on a line; None where it would stay where it is. What it falls on makes way: going down it comes
        to stand behind that, going up before it."""
        rows, view = self.rows, self.view
        if not isinstance(rows, FieldRows) or view is None or not rows.rows:
            return None
        y = min(here.y + self.scroll_offset.y, len(rows.rows) - 1)
        row = rows.rows[y]
        above = row.kind in ("blank", "add")
        section = min(row.section - above, len(view.sections) - 1)
        if thing.field < 0:
            head = rows.span(FieldTarget(section))[0]
            return Drop(section, -1, section > thing.section, head) if section != thing.section else None
        count = len(view.sections[section].fields)
        at_home = section == thing.section
        if above:
            return Drop(section, -1, True, y) if not (at_home and thing.field == count - 1) else None
        if row.field < 0:
            return Drop(section, -1, False, y) if not (at_home and thing.field == 0) else None
        there = FieldTarget(section, row.field)
        down = (thing.section, thing.field) < (section, row.field)
        first, last = rows.span(there)
        return Drop(section, row.field, down, last if down else first) if there != thing else None

    def _carry(self) -> None:
        thing, drop = self._drag.thing, self._drag.place
        told = ""
        if thing is not None and self.view is not None:
            self.move_to(thing)
            section = self.view.sections[thing.section]
            what = section.fields[thing.field].label if thing.field >= 0 else section.title
            where = self.view.sections[drop.section].title if drop is not None else EMPTY
            told = f"{what} → {where}"
        self.post_message(self.Carried(told))
        self._repaint()

    def _line(self, y: int) -> Line:
        line = super()._line(y)
        drop = self._drag.place
        # Where the arrow stands on a heading, what falls comes under it.
        under = drop is not None and (
            drop.after or (drop.field < 0 and self._drag.thing is not None and self._drag.thing.field >= 0)
        )
        return row_drop(line, after=under) if drop is not None and y + self.scroll_offset.y == drop.y else line
