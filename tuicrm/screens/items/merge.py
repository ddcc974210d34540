"""Several items side by side, field by field, to become one: which value stays where they differ, which item is the main one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget

from tuicrm.domain.items import Item, Ref
from tuicrm.domain.required import is_empty
from tuicrm.errors import Conflict, CrmError, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import pad
from tuicrm.render.heads import trail_head
from tuicrm.render.line import Line, Run
from tuicrm.render.rows import START
from tuicrm.render.symbols import DOT, EMPTY, MARKED
from tuicrm.render.text import clean, wrap
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.host import Opener, WholeScreen
from tuicrm.services.duplicates import merging
from tuicrm.services.duplicates.staying import proposed
from tuicrm.services.kernel.field_texts import show_value
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import presence
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.some_lines import SomeLines
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.table_pane import PaneColumn, PaneGroup, TablePane, TableRow, TableRows

MOST = 9
"""Items that can stand side by side: each has a digit."""

_NAME_CELLS, _LEAST_CELLS = 18, 8
_MOST_ALONG = 3
_EQUAL = "equal fields"
"""The line that stands for fields whose values are equal: no field has such a key."""


def open_merge(over: Opener, refs: Sequence[Ref], merged: Callable[[Item], None]) -> None:
    """Open it over a screen; `merged` is told the item that stayed. Raises what `merging.plan` raises, Refused for too many."""
    if len(refs) > MOST:
        raise Refused(_("At most {n} can be compared at once; use the command line to merge more.").format(n=MOST))
    screen = MergeScreen(over.session, over.surface, refs, merged)
    _shown = over.app.push_screen(screen)


class Merging:
    """What becomes of which items, and which values were chosen so far."""

    def __init__(self, session: Session, refs: Sequence[Ref]) -> None:
        """The oldest and fullest is proposed as the one that stays. Raises what `merging.plan` raises."""
        self._session = session
        self.plan = proposed(session, refs)
        self.best = self.plan.main.ref
        """The one that is proposed."""
        self.choices: dict[str, Ref] = {}
        """Whose value stays, by field."""
        self.gone = ""
        """Why they cannot be merged any more; "" where they can."""
        self.shows_equal = False
        """Whether fields with equal values are listed."""

    def plan_anew(self, refs: Sequence[Ref]) -> None:
        """Plan it again from the items as they are now. Choices stay where there is still something to choose."""
        try:
            self.plan = merging.plan(self._session, refs)
            self.gone = ""
        except CrmError as error:
            self.gone = error.message
            return
        there = {row.field.key for row in self.plan.rows if row.may_choose}
        self.choices = {key: ref for key, ref in self.choices.items() if key in there}

    @property
    def refs(self) -> list[Ref]:
        """The refs of the items; the one that stays comes first."""
        return [item.ref for item in self.plan.items]

    @property
    def left(self) -> list[merging.MergeRow]:
        """The fields for which nothing is chosen yet."""
        return merging.undecided(self.plan, self.choices)

    def choose(self, row: merging.MergeRow, ref: Ref | None) -> None:
        """One item's value; None for all of them."""
        if ref is None:
            self.choices.pop(row.field.key, None)
        else:
            self.choices[row.field.key] = ref

    def stays(self, row: merging.MergeRow, ref: Ref) -> bool:
        """Whether an item's value is the field's, or among its values, afterwards."""
        at = next(n for n, item in enumerate(self.plan.items) if item.ref == ref)
        chosen = self.choices.get(row.field.key)
        if row.is_open or chosen:
            return chosen == ref
        return not is_empty(row.values[at])


class MergeScreen(CrmScreen):
    """A column an item, a row a field; those that differ first."""

    scope = "merge"

    def __init__(
        self,
        session: Session,
        surface: Surface,
        refs: Sequence[Ref],
        merged: Callable[[Item], None] = lambda _item: None,
    ) -> None:
        super().__init__(session, surface)
        self.pane = TablePane(surface.look)
        self.merging = Merging(session, refs)
        self._along = SomeLines(surface.look, self._along_lines)
        self.controllers = (MergeActions(self, self.merging, self.pane, self.show, merged), self.everywhere)

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        noun = self.session.label(self.session.workspace.type(self.merging.plan.main.type).plural)
        return trail_head((noun, _("Merge")), cells, presence.names(self.session))

    def body(self) -> Iterable[Widget]:
        yield self.pane
        yield self._along

    def on_mount(self) -> None:
        super().on_mount()
        self.show()
        self.pane.focus()

    def reload(self) -> None:
        """Somebody changed something: what is merged is what is there now. Choices stay where there is still something to choose."""
        super().reload()
        self.merging.plan_anew(self.merging.refs)
        if self.merging.gone:
            self.say(self.merging.gone, "refused")
        self.show()
        self.refresh_hints()

    def show(self, cursor: str | None = None) -> None:
        """Draw the items side by side."""
        groups = [PaneGroup(title, rows) for title, rows in self._groups() if rows]
        empty = _("They have no values; merging keeps the first.")
        self.pane.lit = True
        self.pane.show(
            lambda cells: TableRows(self._columns(cells), groups, cells, empty), cursor, still=cursor is None
        )
        self._along.update()
        self.top.update()

    def _columns(self, cells: int) -> list[PaneColumn]:
        """The fields' names, then a column an item, as wide as they can be."""
        items = self.merging.plan.items
        each = max((cells - START - _NAME_CELLS) // len(items) - 2, _LEAST_CELLS)
        ref = self.session.workspace.show_ref
        heads = [
            f"{at} {ref(item.ref)}{' ' + _('is kept') if at == 1 else ''} {self.session.title_of(item)}"
            for at, item in enumerate(items, start=1)
        ]
        return [PaneColumn(_("Field"), _NAME_CELLS), *(PaneColumn(head, each) for head in heads)]

    def _groups(self) -> list[tuple[str, list[TableRow]]]:
        by_outcome: dict[str, list[TableRow]] = {"chosen": [], "united": [], "follows": [], "one": [], "same": []}
        for row in self.merging.plan.rows:
            by_outcome[row.outcome].append(self._row(row))
        left = len(self.merging.left)
        told = ngettext("{n} left to choose", "{n} left to choose", left) if left else _("all chosen")
        return [
            (f"{_('Different')}: {told}", by_outcome["chosen"]),
            (_("Combined"), by_outcome["united"]),
            (_("Calculated from the products"), by_outcome["follows"]),
            (_("Only one has a value"), by_outcome["one"]),
            (_("Equal"), self._equal(by_outcome["same"])),
        ]

    def _equal(self, rows: list[TableRow]) -> list[TableRow]:
        """One line for fields of which nothing is to be decided, unless they are wanted."""
        if self.merging.shows_equal or not rows:
            return rows
        shows = _("{key} shows them").format(key=self.surface.keys.key("merge.equal"))
        return [TableRow(_EQUAL, (ngettext("{n} field", "{n} fields", len(rows)), f"  {shows}"))]

    def _row(self, row: merging.MergeRow) -> TableRow:
        texts = []
        for item, value in zip(self.merging.plan.items, row.values, strict=True):
            shown = EMPTY if is_empty(value) else clean(show_value(self.session, item, row.field))
            texts.append(f"{MARKED if self.merging.stays(row, item.ref) else ' '} {shown}")
        return TableRow(row.field.key, (self.session.label(row.field.label), *texts))

    def _why_stays(self) -> str:
        """Why the first one is proposed as the one that stays; "" where another was chosen."""
        main = self.merging.plan.main.ref
        if main != self.merging.best:
            return ""
        ref = self.session.workspace.show_ref(main)
        key = self.surface.keys.key("merge.main")
        return _("{ref} stays, as the oldest and fullest: {key} chooses another").format(ref=ref, key=key)

    def _along_lines(self, cells: int) -> list[Line]:
        """The amount that product rows make, and what comes along: whole, in up to `_MOST_ALONG` lines."""
        along = ", ".join(merging.told(self.merging.plan))
        amount = merging.amount_told(self.session, self.merging.plan, self.merging.choices)
        comes = _("Also merged: {what}").format(what=along) if along else ""
        text = f" {DOT} ".join(filter(None, (amount, comes, self._why_stays())))
        lines = wrap(text, max(cells - 2, 1), _MOST_ALONG) or [""]
        return [pad((Run("  "), Run(line, "dim")), cells) for line in lines]


class MergeActions(Controller):
    """Chooses values, and merges."""

    def __init__(
        self,
        host: WholeScreen,
        merging: Merging,
        pane: TablePane,
        show: Callable[[], None],
        merged: Callable[[Item], None],
    ) -> None:
        """`show` draws what was chosen, `merged` is told the item that stayed."""
        self._host = host
        self._merging = merging
        self._pane = pane
        self._show = show
        self._merged = merged

    @property
    def here(self) -> merging.MergeRow | None:
        """The field under the cursor."""
        return self._merging.plan.row(self._pane.cursor or "")

    def why_not(self, action_id: str) -> str | None:
        if self._merging.gone and action_id[:6] == "merge.":
            return self._merging.gone
        if action_id == "merge.right" and self._pane.cursor == _EQUAL:
            return None
        if action_id == "merge.equal" and not any(row.outcome == "same" for row in self._merging.plan.rows):
            return _("No field has equal values.")
        if action_id in ("merge.left", "merge.right", "merge.number"):
            row = self.here
            if row is None or not row.may_choose:
                return _("There is nothing to choose here: this is merged automatically.")
        return None

    def do_merge_left(self) -> None:
        self._step(-1)

    def do_merge_right(self) -> None:
        if self._pane.cursor == _EQUAL:
            self.do_merge_equal()
        else:
            self._step(1)

    def do_merge_equal(self) -> None:
        """List the fields whose values are equal, or put them together again."""
        self._merging.shows_equal = not self._merging.shows_equal
        self._show()

    def _step(self, step: int) -> None:
        """To the value of the item beside it, round and round; over all together where they can come together."""
        row = self.here
        if row is None:
            return
        refs: list[Ref | None] = [*self._merging.refs]
        if not row.is_open:
            refs.insert(0, None)
        now = self._merging.choices.get(row.field.key)
        at = refs.index(now) + step if now in refs else 0 if step > 0 else len(refs) - 1
        self._choose(row, refs[at % len(refs)])

    def do_merge_number(self) -> None:
        row, at = self.here, int(self._host.dispatcher.pressed or "1") - 1
        if row is None:
            return
        if at >= len(self._merging.plan.items):
            there = len(self._merging.plan.items)
            raise Refused(ngettext("There is only {n} item.", "There are only {n} items.", there))
        self._choose(row, self._merging.plan.items[at].ref)
        self._pane.moves.do_move_down()

    def _choose(self, row: merging.MergeRow, ref: Ref | None) -> None:
        self._merging.choose(row, ref)
        self._show()

    def do_merge_all(self) -> None:
        """The main one's values wherever nothing is chosen yet."""
        left = self._merging.left
        self._merging.choices |= {row.field.key: self._merging.plan.main.ref for row in left}
        self._show()

    def do_merge_main(self) -> None:
        """The next item is the one that stays."""
        refs = self._merging.refs
        self._merging.plan_anew([*refs[1:], refs[0]])
        self._show()
        stays = self._host.session.workspace.show_ref(self._merging.plan.main.ref)
        self._host.say(_("{ref} is kept").format(ref=stays))

    def do_merge_do(self) -> None:
        left = self._merging.left
        if left:
            self._pane.move_to(left[0].field.key)
            names = ", ".join(self._host.session.label(row.field.label) for row in left)
            raise Refused(_("Not chosen yet: {fields}").format(fields=names))
        try:
            item = merging.merge(self._host.session, self._merging.plan, self._merging.choices)
        except Conflict:
            self._host.reload()
            raise
        self._host.leave()
        self._merged(item)
