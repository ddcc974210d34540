"""Items that are likely the same, in groups, the likeliest first: opened, merged, or told apart."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget

from tuicrm.domain.alike import why
from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.errors import IndexTrouble
from tuicrm.i18n import _
from tuicrm.render.heads import trail_head
from tuicrm.render.line import Line
from tuicrm.screens import opening
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.host import Opener, Workplace
from tuicrm.screens.items.actions import ItemActions
from tuicrm.screens.places import places
from tuicrm.services.duplicates import duplicates
from tuicrm.services.duplicates.duplicates import Alike
from tuicrm.services.kernel.field_texts import show_value
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.engine import SearchStopped
from tuicrm.services.workspace import presence
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.table_pane import PaneColumn, PaneGroup, TablePane, TableRow

_MOST = 500
"""Groups that are listed; merged or told apart, the next ones come."""
_COLUMNS = (PaneColumn("", 10), PaneColumn("", 30), PaneColumn("", 18), PaneColumn("", 24))
_BESIDE = 2


def open_dupes(over: Opener, type_key: str) -> None:
    """Open them over a screen."""
    _shown = over.app.push_screen(DupesScreen(over.session, over.surface, type_key))


class DupesScreen(CrmScreen):
    """The groups of one type."""

    scope = "dupes"

    def __init__(self, session: Session, surface: Surface, type_key: str = "") -> None:
        super().__init__(session, surface)
        self.pane = TablePane(surface.look)
        self.looking = Looking(self, type_key, self.show)
        self.actions = DupesActions(self, self.looking, self.pane)
        self.controllers = (self.actions, ItemActions(self, self.actions), self.everywhere)
        self.everywhere.places = lambda: places(self, self.looking.type)

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        groups, type_key = self.looking.groups, self.looking.type
        count = f"{len(groups)}" if groups else ""
        noun = self.session.label(self.session.workspace.type(type_key).plural) if type_key else ""
        words = (_("Duplicates"), f"{noun} {count}".strip())
        return trail_head(words, cells, presence.names(self.session))

    def body(self) -> Iterable[Widget]:
        yield self.pane

    def on_mount(self) -> None:
        super().on_mount()
        self.pane.focus()
        self.show()
        self.looking.begin()

    def on_unmount(self) -> None:
        self.looking.leave()

    def reload(self) -> None:
        super().reload()
        self.looking.begin()

    def show(self, told: str = "") -> None:
        """Draw what was found; where there is nothing, what is `told` of the search."""
        groups = self.looking.groups
        told = told or (_("No duplicates found.") if groups is not None else _("Looking…"))
        shown = [_group(self.session, one) for one in (groups or [])[:_MOST]]
        self.pane.show_table(_COLUMNS, shown, empty=told)
        self.top.update()
        self.refresh_hints()

    def on_line_pane_opened(self) -> None:
        self.actions.do_open()


class Looking:
    """Looks for the groups of a type in a thread: the first time everything is read."""

    def __init__(self, host: Workplace, type_key: str, show: Callable[[str], None]) -> None:
        """`show` draws what there is; it is given what is told of the search."""
        self._host = host
        self._show = show
        self.types = [one.key for one in duplicates.looked_at(host.session)]
        self.type = type_key if type_key in self.types else next(iter(self.types), "")
        self.groups: list[Alike] | None = None
        """None while they are being looked for."""
        self._left = threading.Event()

    def begin(self) -> None:
        """Look, again."""
        self._host.run_worker(self._look, exclusive=True, group="dupes")

    def turn(self) -> None:
        """On to the next type."""
        self.type = self.types[(self.types.index(self.type) + 1) % len(self.types)]
        self.groups = None
        self._show("")

    def leave(self) -> None:
        """Nobody looks any more."""
        self._left.set()

    async def _look(self) -> None:
        loop, kept, session = asyncio.get_running_loop(), self.type, self._host.session

        def telling(text: str, least: int = 0) -> Callable[[int, int], None]:
            """Tells how far it is, of `least` or more."""

            def tell(done: int, of: int) -> None:
                if self._left.is_set():
                    raise SearchStopped
                if of >= least:
                    loop.call_soon_threadsafe(self._tell, text, done, of)

            return tell

        def look() -> list[Alike]:
            duplicates.catch_up(session, telling(_("Preparing the search: {done} of {all}")))
            return duplicates.groups(session, kept, telling(_("Comparing: {done} of {all}"), 1)) if kept else []

        told = ""
        try:
            found = await asyncio.to_thread(look)
        except SearchStopped:
            return
        except IndexTrouble as error:
            told = _("The search may miss the latest changes: {reason}").format(reason=error)
            found = []
        if self._host.is_attached and kept == self.type:
            self.groups = found
            self._show(told)

    def _tell(self, text: str, done: int, of: int) -> None:
        if self.groups is None and self._host.is_attached:
            self._show(text.format(done=done, all=of))


def _group(session: Session, group: Alike) -> PaneGroup:
    title = f"{group.likelihood:.0%}  {why(group.reasons)}"
    return PaneGroup(title, [_row(session, Ref(group.type, item_id)) for item_id in group.ids])


def _row(session: Session, ref: Ref) -> TableRow:
    item = session.peek(ref)
    shown = session.workspace.show_ref(ref)
    if item is None:
        return TableRow(str(ref), (shown, "", "", ""))
    item_type, known = session.workspace.type(ref.type), session.workspace.fields(ref.type)
    fields = [
        known[key] for key in (*item_type.columns, "phone", "email") if key in known and key not in item_type.title
    ]
    sees = session.access.sees
    texts = dict.fromkeys(text for field in fields if sees(field) if (text := show_value(session, item, field)))
    beside = [*texts, *[""] * _BESIDE][:_BESIDE]
    return TableRow(str(ref), (shown, session.title_of(item), *beside))


class DupesActions(Controller):
    """Works on the group under the cursor."""

    def __init__(self, host: Workplace, looking: Looking, pane: TablePane) -> None:
        self._host = host
        self._looking = looking
        self._pane = pane

    # -- what the cursor is on -----------------------------------------------------------------------------------------
    @property
    def current(self) -> Item | None:
        """The item under the cursor, read anew."""
        ref = Ref.read(self._pane.cursor)
        return self._host.session.peek(ref) if ref is not None else None

    @property
    def here(self) -> Alike | None:
        """The group under the cursor."""
        ref = Ref.read(self._pane.cursor)
        return next((group for group in self._looking.groups or () if ref is not None and ref.id in group.ids), None)

    def meant(self) -> list[Ref]:
        """The group under the cursor: the item under it first."""
        group, ref = self.here, Ref.read(self._pane.cursor)
        if group is None or ref is None:
            return []
        return [ref, *(Ref(group.type, one) for one in group.ids if one != ref.id)]

    def unmark(self, refs: Sequence[Ref]) -> None:
        """There are no marks here."""

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("open", "merge", "dupes.apart") and self.here is None:
            return _("There is no group here.")
        if action_id == "dupes.type" and len(self._looking.types) < 2:
            return _("No other type is checked for duplicates.")
        return None

    # -- actions -------------------------------------------------------------------------------------------------------
    def do_open(self) -> None:
        group, ref = self.here, Ref.read(self._pane.cursor)
        if group is not None and ref is not None:
            walk = Walk(group.type, group.ids)
            opening.open_card(self._host, ref, walk, lambda _last: self._host.catch_up())

    def do_dupes_apart(self) -> None:
        refs, session = self.meant(), self._host.session
        duplicates.tell_pairs_apart(session, [(refs[0], other) for other in refs[1:]])
        self._host.say_done(_("{ref} is marked as not a duplicate").format(ref=session.workspace.show_ref(refs[0])))
        self._host.reload()

    def do_dupes_type(self) -> None:
        self._looking.turn()
        self._looking.begin()
