"""The fields of an item type: what each is, where it is required, who sees it; made, changed, deleted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable

from textual.widget import Widget

from tuicrm.domain.context import Choice
from tuicrm.domain.schema import Field, Pipeline
from tuicrm.i18n import _, ngettext
from tuicrm.render.heads import trail_head
from tuicrm.render.line import Line
from tuicrm.render.rows import content_widths
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.host import Host, Opener, TrailSpot
from tuicrm.screens.places import places
from tuicrm.screens.settings.defining import FieldDefining
from tuicrm.screens.settings.field_forms import kind_name
from tuicrm.services.definitions import field_changes, fields
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts.views import member_names
from tuicrm.services.workspace import presence
from tuicrm.services.workspace.column_widths import ColumnWidths
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.table_pane import PaneColumn, PaneGroup, TablePane, TableRow

_COUNTING = "…"
_MOST_CELLS = (24, 25, 8, 16, 24, 24)
"""What each column takes at most, unless its name is longer or the person gave it a width."""


def open_fields(over: Opener, type_key: str) -> None:
    """Open them over a screen."""
    _shown = over.app.push_screen(FieldsScreen(over.session, over.surface, type_key))


class FieldsScreen(CrmScreen):
    """One type's fields: those of one's own first."""

    scope = "field_list"

    def __init__(self, session: Session, surface: Surface, type_key: str) -> None:
        super().__init__(session, surface)
        self.everywhere.places = lambda: places(self, self.type)
        self.standing.spot = self._spot
        self.type = type_key
        self.pane = TablePane(surface.look, widths=ColumnWidths(session, "fields"))
        self.listed = ListedFields(session, type_key, self.pane, self.reload)
        self._filled: dict[str, int] | None = None
        self._left = threading.Event()
        self.defining = FieldDefining(self, self.listed)
        self.controllers = (self.defining, FieldListActions(self, self.listed, self.pane), self.everywhere)

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        noun = self.session.label(self.session.workspace.type(self.type).plural)
        return trail_head((_("Settings"), noun, _("Fields")), cells, presence.names(self.session))

    def _spot(self) -> TrailSpot:
        return TrailSpot(
            ("fields", self.type),
            None,
            lambda over: open_fields(over, self.type),
        )

    def body(self) -> Iterable[Widget]:
        yield self.pane

    def on_mount(self) -> None:
        super().on_mount()
        self._show()
        self.pane.focus()
        self.run_worker(self._count(), exit_on_error=True)

    async def _count(self) -> None:
        """How many items have each filled: a second for 100,000, so it comes later."""
        found = await asyncio.to_thread(fields.filled, self.session, self.type, self._left.is_set)
        if self.is_attached and not self._left.is_set():
            self._filled = found
            self._show()

    def on_unmount(self) -> None:
        self._left.set()

    def reload(self, key: str = "") -> None:
        super().reload()
        self.listed.read()
        self._show(key)
        self.top.update()
        self.refresh_hints()

    def _show(self, cursor: str = "") -> None:
        known = [
            field for field in self.session.workspace.fields(self.type).values() if self.session.access.sees(field)
        ]
        own = [self._row(field) for field in known if field.custom]
        system = [self._row(field) for field in known if not field.custom]
        heads = {
            "name": _("Name"),
            "kind": _("Kind"),
            "filled": _("Filled"),
            "required": _("Required"),
            "visible": _("Visible to"),
            "key": _("Key"),
        }
        cells = content_widths([row.texts for row in (*own, *system)], list(heads.values()), _MOST_CELLS)
        columns = [
            PaneColumn(head, wide, number=key == "filled", key=key)
            for (key, head), wide in zip(heads.items(), cells, strict=True)
        ]
        groups = [PaneGroup(_("Custom fields"), own), PaneGroup(_("System fields"), system)]
        self.pane.show_table(columns, [group for group in groups if group.rows], cursor or None)

    def _row(self, field: Field) -> TableRow:
        session = self.session
        kind = kind_name(field.kind)
        if field.many:
            kind = _("{kind}, several").format(kind=kind)
        count = _COUNTING
        if self._filled is not None:
            count = f"{self._filled.get(field.derived.partition('.')[0] or field.key, 0):,}"
        visible = ", ".join(member_names(session, field.visible_to))
        return TableRow(field.key, (session.label(field.label), kind, count, self._needed(field), visible, field.key))

    def _needed(self, field: Field) -> str:
        """`always`, `2 stages`, in the pipeline that is looked at."""
        chosen = field.required_at.get(self.listed.pipeline.key) if self.listed.pipeline is not None else None
        if chosen is None:
            return _("always") if field.required else ""
        return ngettext("{n} stage", "{n} stages", len(chosen)) if chosen else ""

    def on_line_pane_opened(self) -> None:
        self.start(self.defining.do_field_change())


class ListedFields:
    """The fields of the list, for defining them (`screens/settings/defining.py`)."""

    spot = None

    def __init__(self, session: Session, type_key: str, pane: TablePane, changed: Callable[[str], None]) -> None:
        """`changed` is called with the field that was, to read all again."""
        self._session = session
        self._pane = pane
        self.changed = changed
        self.type = type_key
        self.pipeline: Pipeline | None = next(iter(session.workspace.pipelines(type_key)), None)
        """Whose stages are looked at, and chosen where a field is configured."""

    @property
    def field(self) -> Field | None:
        """The field under the cursor; None where there is no such field."""
        return self._session.workspace.field(self.type, self._pane.cursor or "")

    def read(self) -> None:
        """Read again the pipeline whose stages are looked at."""
        if self.pipeline is not None:
            self.look_at(self.pipeline.key)

    def look_at(self, pipeline: str) -> None:
        """Look at the stages of another pipeline."""
        self.pipeline = self._session.workspace.pipeline(self.type, pipeline)


class FieldListActions(Controller):
    """Finds and deletes fields, and looks at another pipeline."""

    def __init__(self, host: Host, fields: ListedFields, pane: TablePane) -> None:
        self._host = host
        self._session = host.session
        self._fields = fields
        self._pane = pane

    def why_not(self, action_id: str) -> str | None:
        if action_id == "field.delete":
            return self._why_not_delete()
        if action_id == "board.pipeline" and len(self._session.workspace.pipelines(self._fields.type)) < 2:
            return _("There is only one pipeline.")
        return None

    def _why_not_delete(self) -> str | None:
        field = self._fields.field
        if field is None:
            return _("Put the cursor on a field first.")
        return field_changes.why_not_delete(field) or field_changes.why_not_define(self._session)

    def do_field_delete(self) -> None:
        field = self._fields.field
        if field is not None:
            gone = field_changes.delete_field(self._session, self._fields.type, field.key)
            self._host.reload()
            name = self._session.label(field.label)
            if gone.values:
                told = _("{field} was deleted, along with {what}").format(field=name, what=field_changes.told(gone))
            else:
                told = _("{field} was deleted; it was empty").format(field=name)
            self._host.say_done(told)

    async def do_field_find(self) -> None:
        from tuicrm.widgets.picker import Picker

        known = [
            field
            for field in self._session.workspace.fields(self._fields.type).values()
            if self._session.access.sees(field)
        ]
        choices = [Choice(field.key, self._session.label(field.label), field.key) for field in known]
        chosen = await self._host.ask(Picker(self._host.surface, _("Find a field"), choices))
        if chosen:
            self._pane.move_to(chosen[0])

    async def do_board_pipeline(self) -> None:
        """Whose stages are looked at, and chosen where a field is configured."""
        from tuicrm.widgets.picker import Picker

        pipelines = self._session.workspace.pipelines(self._fields.type)
        choices = [Choice(one.key, self._session.label(one.label)) for one in pipelines]
        here = (self._fields.pipeline.key,) if self._fields.pipeline is not None else ()
        chosen = await self._host.ask(Picker(self._host.surface, _("Pipeline"), choices, chosen=here))
        if chosen:
            self._fields.look_at(chosen[0])
            self._fields.changed(self._pane.cursor or "")
