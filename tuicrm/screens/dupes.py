"""Items that are likely the same, in groups, the likeliest first: opened, merged, or told apart."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterable

from textual.widget import Widget
from textual.worker import Worker

from tuicrm.domain.alike import why
from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.i18n import _
from tuicrm.render.heads import trail_head
from tuicrm.render.line import Line
from tuicrm.screens import opening
from tuicrm.screens.host import Opener
from tuicrm.screens.places import places
from tuicrm.screens.working import Working
from tuicrm.services import duplicates, presence
from tuicrm.services.duplicates import Alike
from tuicrm.services.field_texts import show_value
from tuicrm.services.finding import Stopped
from tuicrm.services.session import Session
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.table_pane import Column, Group, TablePane, TableRow

_MOST = 500
"""Groups that are listed; merged or told apart, the next ones come."""
_COLUMNS = (Column("", 10), Column("", 30), Column("", 18), Column("", 24))
_BESIDE = 2


def open_dupes(over: Opener, type_key: str) -> None:
    """Open them over a screen."""
    _shown = over.app.push_screen(DupesScreen(over.session, over.surface, type_key))


class DupesScreen(Working):
    """The groups of one type."""

    scope = "dupes"

    def __init__(self, session: Session, surface: Surface, type_key: str = "") -> None:
        super().__init__(session, surface)
        self.everywhere.places = lambda: places(self, self.type)
        self.types = [one.key for one in duplicates.looked_at(session)]
        self.type = type_key if type_key in self.types else next(iter(self.types), "")
        self.pane = TablePane(surface.look)
        self.groups: list[Alike] | None = None
        """None while they are being looked for."""
        self._told = ""
        self._left = threading.Event()

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        count = f"{len(self.groups)}" if self.groups else ""
        noun = self.session.label(self.session.workspace.type(self.type).plural) if self.type else ""
        words = (_("Duplicates"), f"{noun} {count}".strip())
        return trail_head(words, cells, presence.names(self.session))

    def body(self) -> Iterable[Widget]:
        yield self.pane

    def on_mount(self) -> None:
        super().on_mount()
        self.pane.focus()
        self._show()
        self._look_again()

    def on_unmount(self) -> None:
        self._left.set()

    def reload(self) -> None:
        super().reload()
        self._look_again()

    def _look_again(self) -> None:
        _looking: Worker[None] = self.run_worker(self._look, exclusive=True, group="dupes")

    async def _look(self) -> None:
        """In a thread: the first time everything is read."""
        loop, kept = asyncio.get_running_loop(), self.type

        def tell(done: int, of: int) -> None:
            if self._left.is_set():
                raise Stopped
            loop.call_soon_threadsafe(self._tell, done, of)

        def compared(done: int, of: int) -> None:
            if self._left.is_set():
                raise Stopped
            loop.call_soon_threadsafe(self._tell_compared, done, of)

        def look() -> list[Alike]:
            duplicates.catch_up(self.session, tell)
            return duplicates.groups(self.session, kept, compared) if kept else []

        try:
            found = await asyncio.to_thread(look)
        except Stopped:
            return
        except sqlite3.Error as error:
            self._told = _("The search may not know the newest: {reason}").format(reason=error)
            found = []
        if self.is_attached and kept == self.type:
            self.groups = found
            self._show()

    def _tell(self, done: int, of: int) -> None:
        if self.groups is None and self.is_attached:
            self._told = _("Reading for the search: {done} of {all}").format(done=done, all=of)
            self._show()

    def _tell_compared(self, done: int, of: int) -> None:
        if self.groups is None and self.is_attached and of:
            self._told = _("Comparing: {done} of {all}").format(done=done, all=of)
            self._show()

    def _show(self) -> None:
        groups = self.groups or []
        told = _("No duplicates found.") if self.groups is not None else _("Looking…")
        self.pane.show_table(_COLUMNS, [self._group(one) for one in groups[:_MOST]], empty=self._told or told)
        self._told = ""
        self.top.update()
        self.refresh_hints()

    def _group(self, group: Alike) -> Group:
        title = f"{group.likelihood:.0%}  {why(group.reasons)}"
        return Group(title, [self._row(Ref(group.type, item_id)) for item_id in group.ids])

    def _row(self, ref: Ref) -> TableRow:
        item = self.session.peek(ref)
        shown = self.session.workspace.show_ref(ref)
        if item is None:
            return TableRow(str(ref), (shown, "", "", ""))
        item_type, known = self.session.workspace.type(ref.type), self.session.workspace.fields(ref.type)
        fields = [
            known[key] for key in (*item_type.columns, "phone", "email") if key in known and key not in item_type.title
        ]
        sees = self.session.access.sees
        texts = dict.fromkeys(
            text for field in fields if sees(field) if (text := show_value(self.session, item, field))
        )
        beside = [*texts, *[""] * _BESIDE][:_BESIDE]
        return TableRow(str(ref), (shown, self.session.title_of(item), *beside))

    # -- what the cursor is on -----------------------------------------------------------------------------------------
    @property
    def current(self) -> Item | None:
        ref = Ref.read(self.pane.cursor)
        return self.session.peek(ref) if ref is not None else None

    @property
    def here(self) -> Alike | None:
        """The group under the cursor."""
        ref = Ref.read(self.pane.cursor)
        return next((group for group in self.groups or () if ref is not None and ref.id in group.ids), None)

    def meant(self) -> list[Ref]:
        """The group under the cursor: the item under it first, as the one that stays."""
        group, ref = self.here, Ref.read(self.pane.cursor)
        if group is None or ref is None:
            return []
        return [ref, *(Ref(group.type, one) for one in group.ids if one != ref.id)]

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("open", "merge", "dupes.apart") and self.here is None:
            return _("There is no group here.")
        if action_id == "dupes.type" and len(self.types) < 2:
            return _("There is no other type that is looked at.")
        return super().why_not(action_id)

    def on_line_pane_opened(self) -> None:
        self.do_open()

    # -- actions -------------------------------------------------------------------------------------------------------
    def do_open(self) -> None:
        group, ref = self.here, Ref.read(self.pane.cursor)
        if group is not None and ref is not None:
            opening.open_card(self, ref, Walk(group.type, group.ids), lambda _last: self.catch_up())

    def do_dupes_apart(self) -> None:
        refs = self.meant()
        with_all = [(refs[0], other) for other in refs[1:]]
        duplicates.tell_pairs_apart(self.session, with_all)
        self.say_done(_("{ref} is none of the others").format(ref=self.session.workspace.show_ref(refs[0])))
        self.reload()

    def do_dupes_type(self) -> None:
        self.type = self.types[(self.types.index(self.type) + 1) % len(self.types)]
        self.groups = None
        self._show()
        self._look_again()
