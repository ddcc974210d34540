"""Settings: what can be set of the workspace and of each item type; `setting_lines` says what there is."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Horizontal
from textual.widget import Widget

from tuicrm.i18n import _
from tuicrm.render.heads import trail_head
from tuicrm.render.line import Line
from tuicrm.screens import opening
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.host import Opener, TrailSpot, WholeScreen
from tuicrm.screens.places import places
from tuicrm.screens.settings.lines import OF_PERSON, OF_TYPE, OF_WORKSPACE, SettingLine
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import presence
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.table_pane import PaneColumn, PaneGroup, TablePane, TableRow

_COLUMNS = (PaneColumn("", 26, least=20), PaneColumn("", 38, least=12))
_HELD = (PaneColumn("", 30, least=16), PaneColumn("", 20, least=8))


def settings_screen(whence: Opener) -> SettingsScreen:
    """What can be set, as a screen."""
    return SettingsScreen(whence.session, whence.surface)


class SettingsScreen(CrmScreen):
    """What can be set, line by line; `enter` opens what the cursor is on. Where it is wide, that is listed beside it."""

    scope = "settings"
    DEFAULT_CSS = """
    SettingsScreen #settings { height: 1fr; }
    SettingsScreen #held { display: none; }
    SettingsScreen.-wide #held { display: block; width: 46%; margin-left: 2; }
    """

    def __init__(self, session: Session, surface: Surface, line: str = "") -> None:
        """The cursor begins on a line (`SettingLine.key`), on the first one without."""
        super().__init__(session, surface)
        self.pane = TablePane(surface.look)
        self.pane.cursor = line or None
        self.held = TablePane(surface.look, id="held")
        self.held.can_focus = False
        self._beside = ""
        """The key of the line whose contents are shown beside the list."""
        self.actions = SettingActions(self, self.pane)
        self.controllers = (self.actions, self.everywhere)
        self.everywhere.places = lambda: places(self)
        self.standing.spot = self._spot
        self.standing.stand_on = self._stand_on

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        return trail_head((_("Settings"),), cells, presence.names(self.session))

    def _spot(self) -> TrailSpot:
        return TrailSpot("settings", self.pane.cursor, opening.go_to_settings)

    def _stand_on(self, cursor: str | None) -> None:
        if cursor is not None and self.pane.has(cursor):
            self.pane.move_to(cursor)

    def body(self) -> Iterable[Widget]:
        yield Horizontal(self.pane, self.held, id="settings")

    def on_mount(self) -> None:
        super().on_mount()
        self._show()
        self.pane.focus()

    def reload(self) -> None:
        super().reload()
        self._show()
        self.top.update()
        self.refresh_hints()

    def _show(self) -> None:
        session = self.session
        groups = {_("Workspace"): [line for lines in OF_WORKSPACE for line in lines(self)]}
        groups[_("For you")] = [line for lines in OF_PERSON for line in lines(self)]
        for one in session.workspace.types.values():
            groups[session.label(one.plural)] = [line for lines in OF_TYPE for line in lines(self, one.key)]
        self.actions.lines = {line.key: line for lines in groups.values() for line in lines}
        self.pane.show_table(
            _COLUMNS,
            [
                PaneGroup(title, [TableRow(line.key, (line.name, line.told)) for line in lines])
                for title, lines in groups.items()
                if lines
            ],
        )

        self._show_held(again=True)

    def _show_held(self, *, again: bool = False) -> None:
        """Beside the list, what the line under the cursor holds."""
        here = self.actions.here
        if not again and here is not None and here.key == self._beside:
            return
        self._beside = here.key if here is not None else ""
        groups = [PaneGroup(here.name if here is not None else "", [])]
        for at, (name, word) in enumerate(here.holds() if here is not None and here.holds is not None else ()):
            if name:
                groups[-1] = groups[-1]._replace(rows=[*groups[-1].rows, TableRow(str(at), (name, word))])
            else:
                groups.append(PaneGroup(word, []))
        self.held.show_table(_HELD, [group for group in groups if group.rows])
        self.held.lit = False

    def on_line_pane_moved(self) -> None:
        self._show_held()

    def on_line_pane_opened(self, message: TablePane.Opened) -> None:
        if message.pane is self.pane:
            self.start(self.actions.do_open())


class SettingActions(Controller):
    """Opens what the cursor is on."""

    def __init__(self, host: WholeScreen, pane: TablePane) -> None:
        self._host = host
        self._pane = pane
        self.lines: dict[str, SettingLine] = {}
        """What the rows stand for."""

    @property
    def here(self) -> SettingLine | None:
        """The line under the cursor."""
        return self.lines.get(self._pane.cursor or "")

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("customise.views", "customise.tabs") and (self.here is None or self.here.place is None):
            return _("Put the cursor on a card: views and tabs belong to cards.")
        return None

    async def do_open(self) -> None:
        if self.here is not None:
            await self.here.open()

    async def do_customise_views(self) -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.views import Views

        host = self._host
        if self.here is not None and self.here.place is not None:
            await arrange(host, Views(host.session, host.surface, self.here.place), host.reload)

    async def do_customise_tabs(self) -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.tabs import Tabs

        host = self._host
        if self.here is not None and self.here.place is not None:
            await arrange(host, Tabs(host.session, host.surface, self.here.place), host.reload)

    def do_back(self) -> None:
        if len(self._host.app.screen_stack) > 2:
            self._host.leave()
        else:
            opening.go_to_first_board(self._host)
