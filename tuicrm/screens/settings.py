"""Settings: for each item type its fields, and for each of its cards layouts, views and tabs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from tuicrm.domain.layout_use import Place
from tuicrm.i18n import _, ngettext
from tuicrm.render.heads import trail_head
from tuicrm.render.line import Line
from tuicrm.render.symbols import DOT
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.places import places
from tuicrm.services import layouts, presence, tabs, views
from tuicrm.services.session import Session
from tuicrm.widgets.menu import Entry
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.table_pane import Column, Group, TablePane, TableRow

_FIELDS = "fields"
_COLUMNS = (Column("", 34), Column("", 40))


class SettingsScreen(CrmScreen):
    """What can be set, type by type; `enter` on fields opens their list."""

    scope = "settings"

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.pane = TablePane(surface.look)

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        return trail_head((_("Settings"),), cells, presence.names(self.session))

    def body(self) -> Iterable[Widget]:
        yield self.pane

    def on_mount(self) -> None:
        super().on_mount()
        self._show()
        self.pane.focus()

    def places(self) -> Sequence[Entry]:
        return places(self)

    def reload(self) -> None:
        super().reload()
        self._show()
        self.refresh_top()
        self.refresh_hints()

    def on_screen_resume(self) -> None:
        self.catch_up()

    def _show(self) -> None:
        types = self.session.workspace.types.values()
        groups = [Group(self.session.label(one.plural), self._rows(one.key)) for one in types]
        self.pane.show_table(_COLUMNS, groups)

    def _rows(self, type_key: str) -> list[TableRow]:
        session = self.session
        known = [field for field in session.workspace.fields(type_key).values() if session.access.sees(field)]
        own = sum(1 for field in known if field.custom)
        counted = ngettext("{n} field", "{n} fields", len(known))
        if own:
            counted = _("{fields}, {n} of your own").format(fields=counted, n=own)
        rows = [TableRow(f"{type_key} {_FIELDS}", (_("Fields"), counted))]
        variants = session.workspace.variants(type_key)
        for variant in variants:
            place = Place(type_key, variant.key)
            name = _("Card of {what}").format(what=session.label(variant.label)) if len(variants) > 1 else _("Card")
            rows.append(TableRow(f"{type_key} {variant.key}", (name, self._told(place))))
        return rows

    def _told(self, place: Place) -> str:
        """`common layout · 2 views · 1 tab hidden`."""
        kept = len(views.views(self.session, place))
        hidden = len(tabs.arranged(self.session, place).hidden)
        parts = [layouts.describe(layouts.in_use(self.session, place))]
        if kept:
            parts.append(ngettext("{n} view", "{n} views", kept))
        if hidden:
            parts.append(ngettext("{n} tab hidden", "{n} tabs hidden", hidden))
        return f" {DOT} ".join(parts)

    # -- what the cursor is on -----------------------------------------------------------------------------------------
    @property
    def _here(self) -> tuple[str, str]:
        """The type and the variant under the cursor; `fields` for the type's fields."""
        type_key, _space, what = (self.pane.cursor or " ").partition(" ")
        return type_key, what

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("customise.views", "customise.tabs") and self._here[1] == _FIELDS:
            return _("The cursor is on fields; put it on a card.")
        return super().why_not(action_id)

    def on_line_pane_moved(self) -> None:
        self.refresh_hints()

    def on_line_pane_opened(self) -> None:
        self.start(self.do_open())

    # -- actions -------------------------------------------------------------------------------------------------------
    async def do_open(self) -> None:
        type_key, what = self._here
        if what == _FIELDS:
            from tuicrm.screens.fields import FieldsScreen

            _shown = self.app.push_screen(FieldsScreen(self.session, self.surface, type_key))
        else:
            await self.do_customise_views()

    async def do_customise_views(self) -> None:
        from tuicrm.screens.view_list import Views

        await self.ask(Views(self.session, self.surface, Place(*self._here), self.reload))

    async def do_customise_tabs(self) -> None:
        from tuicrm.screens.tab_list import Tabs

        await self.ask(Tabs(self.session, self.surface, Place(*self._here), self.reload))

    def do_back(self) -> None:
        if len(self.app.screen_stack) > 2:
            self.leave()
        else:
            from tuicrm.screens.board import BoardScreen

            _shown = self.app.switch_screen(BoardScreen(self.session, self.surface))
