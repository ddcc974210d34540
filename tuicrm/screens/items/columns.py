"""The columns of a list, put in order and sized; and what it is sorted by. Each step is kept at once, for this person alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tuicrm.domain.schema import Field
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import DOWNWARDS, MARKED, UPWARDS
from tuicrm.services.boards import list_columns
from tuicrm.services.boards.list_columns import Arrangement
from tuicrm.services.boards.lists import ItemList
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.arranger import Arranged, ArrangerRow
from tuicrm.widgets.surface import Surface

_STEP = 2


class _Chosen(Arranged):
    """Base of both."""

    def __init__(self, session: Session, surface: Surface, type_key: str) -> None:
        self.session = session
        self.surface = surface
        self._type = type_key

    @property
    def chosen(self) -> Arrangement:
        """What the person's list is like now."""
        return list_columns.arrangement(self.session, self._type)

    def take(self, step: Callable[[Arrangement], Arrangement]) -> None:
        """Take one step and keep it."""
        self.step(lambda: list_columns.keep(self.session, self._type, step(self.chosen)))

    def do_columns_reset(self) -> None:
        self.step(lambda: list_columns.keep(self.session, self._type, self.usual()))

    def usual(self) -> Arrangement:
        """What `reset` goes back to."""
        raise NotImplementedError

    def fields(self) -> list[Field]:
        return list_columns.every_column(self.session, self._type)


class Columns(_Chosen):
    """Those that are shown come first, in their order; then all others."""

    scope = "columns"

    def __init__(self, session: Session, surface: Surface, type_key: str) -> None:
        super().__init__(session, surface, type_key)
        self.title = _("Columns")

    def load(self) -> Sequence[ArrangerRow]:
        fields = {field.key: field for field in self.fields()}
        shown = [(column, fields[column.key]) for column in self.chosen.columns if column.key in fields]
        label = self.session.label
        rows = [
            ArrangerRow(
                column.key,
                label(field.label),
                MARKED,
                ngettext("{n} cell", "{n} cells", column.cells) if column.cells else "",
            )
            for column, field in shown
        ]
        there = {column.key for column, _field in shown}
        return [*rows, *(ArrangerRow(key, label(f.label), faint=True) for key, f in fields.items() if key not in there)]

    def told(self) -> str:
        return _("To see what does not fit on the screen, scroll right: {left} {right}.").format(
            left=self.surface.keys.key("list.left"), right=self.surface.keys.key("list.right")
        )

    def usual(self) -> Arrangement:
        return Arrangement(list_columns.usual(self.session, self._type).columns, self.chosen.order)

    def why_not(self, action_id: str) -> str | None:
        shown = self.current in {column.key for column in self.chosen.columns}
        if action_id == "columns.toggle" and shown and len(self.chosen.columns) == 1:
            return _("At least one column must stay.")
        if action_id in ("columns.wider", "columns.narrower", "customise.up", "customise.down") and not shown:
            return _("This column is not shown.")
        return None

    def do_columns_toggle(self) -> None:
        self.take(lambda chosen: list_columns.toggled(chosen, self.current))

    def do_customise_down(self) -> None:
        self.take(lambda chosen: list_columns.moved(chosen, self.current, 1))

    def do_customise_up(self) -> None:
        self.take(lambda chosen: list_columns.moved(chosen, self.current, -1))

    def do_columns_wider(self) -> None:
        self._resize(_STEP)

    def do_columns_narrower(self) -> None:
        self._resize(-_STEP)

    def _resize(self, step: int) -> None:
        key = self.current
        column = next(column for column in self.chosen.columns if column.key == key)
        field = next(field for field in self.fields() if field.key == key)
        cells = column.cells or ItemList.natural(field)
        self.take(lambda chosen: list_columns.sized(chosen, key, cells + step))


class OrderList(_Chosen):
    """What a list is sorted by comes first, in its order; then all by which it can be sorted."""

    scope = "order"

    def __init__(self, session: Session, surface: Surface, type_key: str) -> None:
        super().__init__(session, surface, type_key)
        self.title = _("Sort by")

    def load(self) -> Sequence[ArrangerRow]:
        fields = {field.key: field for field in self.fields() if list_columns.can_sort(field)}
        label = self.session.label
        rows = [
            ArrangerRow(
                one.key,
                label(fields[one.key].label),
                DOWNWARDS if one.descending else UPWARDS,
                _("descending") if one.descending else _("ascending"),
            )
            for one in self.chosen.order
            if one.key in fields
        ]
        there = {row.key for row in rows}
        return [*rows, *(ArrangerRow(key, label(f.label), faint=True) for key, f in fields.items() if key not in there)]

    def told(self) -> str:
        return _("The first one has priority. Without any, the list is sorted by name.")

    def usual(self) -> Arrangement:
        return Arrangement(self.chosen.columns)

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("customise.up", "customise.down") and self.current not in {o.key for o in self.chosen.order}:
            return _("The list is not sorted by this.")
        return None

    def do_columns_toggle(self) -> None:
        key = self.current
        self.take(lambda chosen: list_columns.ordered(chosen, key))

    def do_customise_down(self) -> None:
        self.take(lambda chosen: list_columns.reordered(chosen, self.current, 1))

    def do_customise_up(self) -> None:
        self.take(lambda chosen: list_columns.reordered(chosen, self.current, -1))
