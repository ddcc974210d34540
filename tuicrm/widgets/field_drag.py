"""Fields and sections of a card that the mouse takes along in customise mode."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from textual.geometry import Offset
from textual.message import Message

from tuicrm.domain.card import CardView
from tuicrm.render.fields import FieldRows, FieldTarget
from tuicrm.render.symbols import EMPTY
from tuicrm.widgets.rows import Rows


class FieldPlace(NamedTuple):
    """Where a field or section would fall: the section, the field beside which (-1: at the section's start, or end with `after`; for
    a section: in that one's place), and the line of the sign, whose arrow points down where it falls `under` that."""

    section: int
    field: int
    after: bool
    y: int
    under: bool


class FieldDropped(Message):
    """The mouse let a field go somewhere else, or a section (no `field`). Where: keys of the section and of the field beside which;
    without one, at the section's start, or end with `after`."""

    def __init__(self, field: str, section: str, to: str, beside: str, *, after: bool) -> None:
        super().__init__()
        self.field = field
        self.section = section
        self.to = to
        self.beside = beside
        self.after = after


class FieldsInSections(Protocol):
    """The pane, as far as taking its fields along needs it."""

    customise: bool
    view: CardView | None
    cursor: FieldTarget | None

    @property
    def rows(self) -> Rows[FieldTarget] | None:
        """The lines of the card as they are drawn; None before there is anything to show."""

    @property
    def scroll_offset(self) -> Offset: ...
    def post_message(self, message: Message) -> bool: ...
    def move_to(self, target: FieldTarget) -> None:
        """Put the cursor on a field or a section."""

    def show_from(self, top: int) -> bool:
        """Scroll so that this line is the first one; whether it was another."""

    def sign(self) -> None:
        """Draw the sign where something would fall, and no longer where it was."""


class FieldCarrier:
    """A field, or a section by its heading (`dragging.Carrier`)."""

    pace = 0.1

    def __init__(self, pane: FieldsInSections) -> None:
        self._pane = pane

    def thing_at(self, here: Offset) -> FieldTarget | None:
        rows = self._pane.rows
        return rows.at(here.y + self._pane.scroll_offset.y) if rows is not None and self._pane.customise else None

    def place_at(self, thing: FieldTarget, here: Offset) -> FieldPlace | None:
        """What it falls on makes way: going down it comes to stand behind that, going up before it."""
        rows, view = self._pane.rows, self._pane.view
        if not isinstance(rows, FieldRows) or view is None or not rows.rows:
            return None
        y = min(here.y + self._pane.scroll_offset.y, len(rows.rows) - 1)
        row = rows.rows[y]
        between = row.kind in ("blank", "add")
        section = min(row.section - between, len(view.sections) - 1)
        at_home = section == thing.section
        if thing.field < 0:
            down = section > thing.section
            return None if at_home else FieldPlace(section, -1, down, rows.span(FieldTarget(section))[0], down)
        if between:
            is_last = thing.field == len(view.sections[section].fields) - 1
            return None if at_home and is_last else FieldPlace(section, -1, after=True, y=y, under=True)
        if row.field < 0:
            return None if at_home and thing.field == 0 else FieldPlace(section, -1, after=False, y=y, under=True)
        there = FieldTarget(section, row.field)
        down = (thing.section, thing.field) < (section, row.field)
        return None if there == thing else FieldPlace(section, row.field, down, rows.span(there)[down], down)

    def show(self, thing: FieldTarget | None, place: FieldPlace | None) -> str:
        pane, view = self._pane, self._pane.view
        pane.sign()
        if thing is None or view is None:
            return ""
        if pane.cursor != thing:  # else it would be scrolled back to
            pane.move_to(thing)
        section = view.sections[thing.section]
        what = section.fields[thing.field].label if thing.field >= 0 else section.title
        return f"{what} → {view.sections[place.section].title if place is not None else EMPTY}"

    def drop(self, thing: FieldTarget, place: FieldPlace) -> None:
        view = self._pane.view
        if view is not None:
            source, to = view.sections[thing.section], view.sections[place.section]
            field = source.fields[thing.field].key if thing.field >= 0 else ""
            beside = to.fields[place.field].key if place.field >= 0 else ""
            self._pane.post_message(FieldDropped(field, source.key, to.key, beside, after=place.after))

    def scroll(self, by: Offset) -> bool:
        return by.y != 0 and self._pane.show_from(self._pane.scroll_offset.y + by.y)
