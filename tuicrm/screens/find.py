"""Finding anything in the workspace: what is typed is looked for at once, on all types or one, timelines included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget

from tuicrm.domain.found import FoundRow, Sought
from tuicrm.domain.items import MixedWalk, Ref
from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import cut_line, on, pad
from tuicrm.render.heads import trail_head
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import HERE_LEFT, HERE_RIGHT
from tuicrm.render.text import clean
from tuicrm.screens import opening
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.find_search import FindHost, IndexReading, LiveSearch
from tuicrm.screens.host import Opener
from tuicrm.services.boards import filters
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.engine import SearchGroup, SearchHit
from tuicrm.services.search.snippets import Teller
from tuicrm.services.workspace import presence
from tuicrm.services.workspace.environment import state_folder
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.found_pane import FoundGroup, FoundPane, FoundRows
from tuicrm.widgets.inputs import PlainInput
from tuicrm.widgets.one_line import OneLine
from tuicrm.widgets.surface import Surface

_RECENT = 12


def open_find(over: Opener) -> None:
    """Open it over a screen; `esc` comes back there."""
    _shown = over.app.push_screen(FindScreen(over.session, over.surface))


class FindScreen(CrmScreen):
    """An input, which types there are finds of, and the finds."""

    scope = "find"

    DEFAULT_CSS = "FindScreen PlainInput { margin-left: 2; } FindScreen FoundPane, FindScreen OneLine { width: 100%; }"

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.input = PlainInput()
        self.pane = FoundPane(surface.look)
        self.search = LiveSearch(self, self.show, self._tell)
        self.reading = IndexReading(self, self.search, self._tell)
        self.bar = OneLine(surface.look, self._bar_line)
        self._status = OneLine(surface.look, self._status_line)
        self.finds: dict[str, SearchHit] = {}
        """What the rows stand for, by their keys."""
        self._looked = ""
        self.actions = FindActions(self, self.search, self.pane, self.bar)
        self.controllers = (self.actions, self.everywhere)

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        return trail_head((_("Find"),), cells, presence.names(self.session))

    def body(self) -> Iterable[Widget]:
        yield self.input
        yield self.bar
        yield self.pane
        yield self._status

    def reload(self) -> None:
        super().reload()
        self.reading.begin()

    def _tell(self) -> None:
        self._status.update()

    def _bar_line(self, cells: int) -> Line:
        """`All 12  Contacts 3  Deals 8+`, with where one is between the two signs of the stage bar."""
        search = self.search
        groups = search.all.groups
        if not groups:
            return on(pad((), cells), "on:bar")
        more = any(group.more for group in groups)
        chips = [("", f"{_('All')} {search.all.count}{'+' if more else ''}")]
        chips += [(group.type, self._counted(group)) for group in groups]
        if search.type and search.type not in {group.type for group in groups}:
            chips.append((search.type, f"{self._plural(search.type)} 0"))
        runs: list[Run] = [Run(" ")]
        for key, text in chips:
            here = key == search.type
            left, right = (HERE_LEFT, HERE_RIGHT) if here else (" ", " ")
            runs += [Run(left, "accent"), Run(clean(text), "title" if here else "dim"), Run(right, "accent")]
        return on(pad(cut_line(tuple(runs), cells), cells), "on:bar")

    def _counted(self, group: SearchGroup) -> str:
        return f"{self._plural(group.type)} {len(group.finds)}{'+' if group.more else ''}"

    def _plural(self, type_key: str) -> str:
        return self.session.label(self.session.workspace.type(type_key).plural)

    def _status_line(self, cells: int) -> Line:
        search, reading = self.search, self.reading
        if search.refused:
            run = Run(clean(search.refused), "late")
        elif search.trouble:
            told = _("The search may miss the latest changes: {reason}")
            run = Run(told.format(reason=clean(search.trouble)), "late")
        elif reading.of:
            run = Run(_("Preparing the search: {done} of {all}").format(done=reading.done, all=reading.of), "today")
        elif search.findings.groups:
            run = Run(ngettext("{n} found", "{n} found", search.findings.count), "faint")
        else:
            run = Run("")
        return pad((Run("  "), run), cells)

    # -- what is found -------------------------------------------------------------------------------------------------
    def show(self) -> None:
        """Draw what there is to show."""
        search = self.search
        if not search.text.strip():
            self._show_recent()
            return
        findings = search.findings
        teller = Teller(self.session, findings)
        self.finds = finds = {str(one.ref): one for group in findings.groups for one in group.finds}
        groups = [FoundGroup(self._counted(group), [str(one.ref) for one in group.finds]) for group in findings.groups]
        empty = _("Nothing found.") if findings.text == search.text and not search.refused else ""
        self._draw(groups, lambda key: teller.row(finds[key]), teller.sought, empty)

    def _show_recent(self) -> None:
        self.finds = {}
        self.search.forget()
        texts = {f"recent:{at}": text for at, text in enumerate(self.search.recent)}
        groups = [FoundGroup(_("Recent searches"), list(texts))] if texts else []
        told = _(
            "Type a word or its beginning, a name, part of a phone number, or a ref; more words narrow the search."
        )
        self._draw(groups, texts.__getitem__, Sought(), told)

    def _draw(
        self, groups: Sequence[FoundGroup], row: Callable[[str], FoundRow | str], sought: Sought, empty: str
    ) -> None:
        first = next((key for group in groups for key in group.keys), None)
        shown_for = f"{self.search.type} {self.search.text}"
        keep = self.pane.cursor if self._looked == shown_for else first
        self._looked = shown_for
        self.pane.show(lambda cells: FoundRows(groups, row, sought, cells, empty), keep or first)
        self.bar.update()
        self._status.update()
        self.refresh_hints()

    # -- events --------------------------------------------------------------------------------------------------------
    def on_mount(self) -> None:
        super().on_mount()
        self.search.recent = filters.history(self.session, "", state_folder())[:_RECENT]
        self.input.focus()
        self.show()
        self.reading.begin()

    def on_unmount(self) -> None:
        self.search.leave()

    def on_input_changed(self) -> None:
        if not self.search.is_left.is_set():
            self.search.look()

    def on_line_pane_opened(self) -> None:
        self.actions.do_find_open()


class FindActions(Controller):
    """The keys that do not type."""

    def __init__(self, host: FindHost, search: LiveSearch, pane: FoundPane, bar: OneLine) -> None:
        self._host = host
        self._search = search
        self._pane = pane
        self._bar = bar

    def why_not(self, action_id: str) -> str | None:
        search = self._search
        if action_id == "find.open" and self._pane.cursor is None:
            return search.refused or _("Nothing found.") if search.text.strip() else _("Type what to search for.")
        if action_id in ("find.type", "find.type_before") and not search.all.groups:
            return _("There are no results to narrow.")
        return None

    def do_find_open(self) -> None:
        host, search, key = self._host, self._search, self._pane.cursor or ""
        if key.startswith("recent:"):
            host.input.set_text(search.recent[int(key.partition(":")[2])])
            return
        finds = [one.ref for group in search.findings.groups for one in group.finds]
        found = next((ref for ref in finds if str(ref) == key), None)
        if found is None:
            return
        filters.remember(host.session, "", search.text, state_folder())
        opening.open_card(host, found, MixedWalk(finds), self._came_back)

    def _came_back(self, last: Ref) -> None:
        """The cursor goes to the card that was shown last."""
        self._host.catch_up()
        if self._pane.has(str(last)):
            self._pane.move_to(str(last))

    def do_find_type(self) -> None:
        self._turn(1)

    def do_find_type_before(self) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        self._search.turn(step)
        self._bar.update()
        self._search.look()

    def do_find_leave(self) -> None:
        self._host.leave()

    def do_find_down(self) -> None:
        self._pane.moves.do_move_down()

    def do_find_up(self) -> None:
        self._pane.moves.do_move_up()

    def do_find_page_down(self) -> None:
        self._pane.moves.do_move_page_down()

    def do_find_page_up(self) -> None:
        self._pane.moves.do_move_page_up()
