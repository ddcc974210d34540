"""The fields of an item type: what each is, where it is required, who sees it; made, changed, deleted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable

from textual.widget import Widget

from tuicrm.domain.context import Choice
from tuicrm.domain.schema import Field, Pipeline
from tuicrm.i18n import _, ngettext
from tuicrm.render.heads import trail_head
from tuicrm.render.line import Line
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.host import Opener
from tuicrm.screens.places import places
from tuicrm.screens.settings.defining import FieldDefining
from tuicrm.screens.settings.field_forms import kind_name
from tuicrm.services import field_changes, fields, presence
from tuicrm.services.session import Session
from tuicrm.services.views import member_names
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.table_pane import Column, Group, TablePane, TableRow

_COUNTING = "…"


def open_fields(over: Opener, type_key: str) -> None:
    """Open them over a screen."""
    _shown = over.app.push_screen(FieldsScreen(over.session, over.surface, type_key))


class FieldsScreen(CrmScreen):
    """One type's fields: those of one's own first."""

    scope = "field_list"

    def __init__(self, session: Session, surface: Surface, type_key: str) -> None:
        super().__init__(session, surface)
        self.everywhere.places = lambda: places(self, self.type)
        self.type = type_key
        self.pane = TablePane(surface.look)
        self.pipeline = next(iter(session.workspace.pipelines(type_key)), None)
        """Whose stages are looked at, and chosen where a field is configured."""
        self._filled: dict[str, int] | None = None
        self._left = threading.Event()
        listed = ListedFields(self)
        self.defining = FieldDefining(self, listed)
        self.controllers = (self.defining, FieldListActions(self, listed), self.everywhere)

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        noun = self.session.label(self.session.workspace.type(self.type).plural)
        return trail_head((_("Settings"), noun, _("Fields")), cells, presence.names(self.session))

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
        if self.pipeline is not None:
            self.pipeline = self.session.workspace.pipeline(self.type, self.pipeline.key)
        self._show(key)
        self.top.update()
        self.refresh_hints()

    def _show(self, cursor: str = "") -> None:
        known = [
            field for field in self.session.workspace.fields(self.type).values() if self.session.access.sees(field)
        ]
        own = [self._row(field) for field in known if field.custom]
        system = [self._row(field) for field in known if not field.custom]
        columns = (
            Column(_("Name"), 24),
            Column(_("Kind"), 20),
            Column(_("Filled"), 8, number=True),
            Column(_("Required"), 16),
            Column(_("Visible to"), 20),
            Column(_("Key"), 18),
        )
        groups = [Group(_("Your own"), own), Group(_("Of the system"), system)]
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
        chosen = field.required_at.get(self.pipeline.key) if self.pipeline is not None else None
        if chosen is None:
            return _("always") if field.required else ""
        return ngettext("{n} stage", "{n} stages", len(chosen)) if chosen else ""

    def on_line_pane_opened(self) -> None:
        self.start(self.defining.do_field_change())


class ListedFields:
    """The fields of the list, for defining them (`screens/settings/defining.py`)."""

    spot = None

    def __init__(self, screen: FieldsScreen) -> None:
        self._screen = screen

    @property
    def type(self) -> str:
        return self._screen.type

    @property
    def field(self) -> Field | None:
        return self._screen.session.workspace.field(self._screen.type, self._screen.pane.cursor or "")

    @property
    def pipeline(self) -> Pipeline | None:
        return self._screen.pipeline

    def changed(self, key: str) -> None:
        self._screen.reload(key)


class FieldListActions(Controller):
    """Finds and deletes fields, and looks at another pipeline."""

    def __init__(self, screen: FieldsScreen, fields: ListedFields) -> None:
        self._screen = screen
        self._fields = fields

    def why_not(self, action_id: str) -> str | None:
        if action_id == "field.delete":
            return self._why_not_delete()
        if action_id == "board.pipeline" and len(self._screen.session.workspace.pipelines(self._screen.type)) < 2:
            return _("There is only one pipeline.")
        return None

    def _why_not_delete(self) -> str | None:
        field = self._fields.field
        if field is None:
            return _("The cursor is on no field.")
        return field_changes.why_not_delete(field) or field_changes.why_not_define(self._screen.session)

    def do_field_delete(self) -> None:
        field = self._fields.field
        if field is not None:
            gone = field_changes.delete_field(self._screen.session, self._screen.type, field.key)
            self._screen.reload()
            name = self._screen.session.label(field.label)
            if gone.values:
                told = _("{field} is deleted, and with it {what}").format(field=name, what=field_changes.told(gone))
            else:
                told = _("{field} is deleted; it held nothing").format(field=name)
            self._screen.say_done(told)

    async def do_field_find(self) -> None:
        from tuicrm.widgets.picker import Picker

        known = [
            field
            for field in self._screen.session.workspace.fields(self._screen.type).values()
            if self._screen.session.access.sees(field)
        ]
        choices = [Choice(field.key, self._screen.session.label(field.label), field.key) for field in known]
        chosen = await self._screen.ask(Picker(self._screen.surface, _("Find a field"), choices))
        if chosen:
            self._screen.pane.move_to(chosen[0])

    async def do_board_pipeline(self) -> None:
        """Whose stages are looked at, and chosen where a field is configured."""
        from tuicrm.widgets.picker import Picker

        pipelines = self._screen.session.workspace.pipelines(self._screen.type)
        choices = [Choice(one.key, self._screen.session.label(one.label)) for one in pipelines]
        here = (self._screen.pipeline.key,) if self._screen.pipeline is not None else ()
        chosen = await self._screen.ask(Picker(self._screen.surface, _("Pipeline"), choices, chosen=here))
        if chosen:
            self._screen.pipeline = self._screen.session.workspace.pipeline(self._screen.type, chosen[0])
            self._screen.reload(self._screen.pane.cursor or "")
