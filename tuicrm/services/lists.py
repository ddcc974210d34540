"""A list of items as view data: which ids, in which order, the texts of a row when it is drawn, and the sums under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from tuicrm.domain.conditions import Aggregate, And, Condition, Empty, Sort, Test
from tuicrm.domain.context import Context
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.values import format_field, is_empty
from tuicrm.domain.money import add_up
from tuicrm.domain.schema import Field
from tuicrm.services import list_columns
from tuicrm.services.field_texts import field_value, show
from tuicrm.services.list_columns import NEXT, REF, Arrangement, Order
from tuicrm.services.next_activities import next_activities
from tuicrm.services.session import Session
from tuicrm.store.protocol import Asked, Tell

_NUMBERS = ("integer", "number", "money")
_KEPT = 2_000
_CELLS = {
    "money": 14, "integer": 8, "number": 10, "date": 11, "datetime": 18, "boolean": 4, "phone": 17, "email": 24, "web": 24,
    "person": 14, "item": 20, "list": 14, "dictionary": 14, "stage": 16, "text": 24,
}  # fmt: skip
_OWN_CELLS = {REF: 8, NEXT: 16}
_OTHER_CELLS = 16
_MORE_FIRST = 8


class ItemList:
    """The read model of one list: (type, filter, order). Only ids are kept; a row is read and formatted when it is drawn."""

    def __init__(
        self,
        session: Session,
        type_key: str,
        where: Condition | None = None,
        text: str = "",
        ids: Sequence[int] | None = None,
        pipeline: str = "",
        *,
        at_once: bool = False,
    ) -> None:
        """`ids` shows just these (a card's related items); else all that match and may be read, of one pipeline or ("") of all.

        `at_once`: where sorting would take more than a moment, the list `waits` for `get_ready`."""
        self.session = session
        self.type = type_key
        self.where = where
        self.text = text
        self.pipeline_key = pipeline
        self.waits = False
        """Whether what is shown is not sorted, nor filtered, yet: the newest first where all is shown, else nothing."""
        self._given = ids
        self._at_once = at_once
        self._rows: dict[int, tuple[str, ...]] = {}
        self._next = next_activities(session, type_key)
        self.ids: list[int] = []
        self.columns: tuple[Field, ...] = ()
        self.arrangement = Arrangement(())
        self.load()

    def load(self) -> None:
        """Read ids and columns anew."""
        session = self.session
        chosen = self.arrangement = list_columns.arrangement(session, self.type)
        found = (list_columns.column_field(session, self.type, column.key) for column in chosen.columns)
        self.columns = tuple(field for field in found if field is not None)
        if self._given is None:
            self.waits = self._at_once and not self._is_ready()
            self.ids = self._unsorted() if self.waits else self._sorted()
        else:
            self.ids = [item.id for item in session.many(self.type, self._given)]
        self._rows.clear()

    @property
    def _asked(self) -> Asked:
        return Asked(self.scope, self.sorts)

    def _is_ready(self) -> bool:
        by_next = any(one.key == NEXT for one in self.arrangement.order)
        return self.session.is_ready(self.type, self._asked) and (not by_next or self._next.is_ready())

    def get_ready(self, tell: Tell = lambda _done, _of: None) -> None:
        """Read what sorting needs, from a thread; `load` sorts then. Raises what `tell` raises."""
        self.session.prepare(self.type, self._asked, tell)
        if any(one.key == NEXT for one in self.arrangement.order):
            self._next.get_ready(tell)

    def _unsorted(self) -> list[int]:
        """What can be shown at once."""
        newest_last = Asked(self.scope)
        return self.session.ids(self.type, self.scope)[::-1] if self.session.is_ready(self.type, newest_last) else []

    def _sorted(self) -> list[int]:
        order = self.arrangement.order
        at = next((n for n, one in enumerate(order) if one.key == NEXT), -1)
        if at < 0:
            return self._ids_by(order)
        # Not a field: within those that what comes before it makes equal, those with which something is planned come first by when,
        # the others as they are sorted otherwise.
        self._next.follow()
        when = self._next.at
        found: list[int] = []
        for equal in self._equal(order[:at], order[at + 1 :]):
            planned = (one for one in equal if one in when)
            found += sorted(planned, key=when.__getitem__, reverse=order[at].descending)
            found += [one for one in equal if one not in when]
        return found

    def _ids_by(self, order: Sequence[Order]) -> list[int]:
        """All in an order of fields. Asked for as the one column of a board: such an answer is kept, follows changes record by
        record, and of a whole type lies on disk."""
        sorts = list_columns.sorts_of(self.session, self.type, order)
        return self.session.ids_by(self.type, "", self.scope, sorts).get(None, [])

    def _equal(self, order: Sequence[Order], then: Sequence[Order]) -> list[list[int]]:
        """All in an order, apart where it tells two from each other; `then` is how those are sorted that it does not."""
        ids = self._ids_by((*order, *then))
        if not order:
            return [ids]
        # Two that the order tells apart change places when it is turned round; but those without a value stay at the end.
        turned = self._ids_by((*(replace(one, descending=not one.descending) for one in order), *then))
        place = dict(zip(turned, range(len(turned)), strict=True))
        empty = [set(self.session.ids(self.type, self._without(one.key))) for one in order]
        apart: list[list[int]] = []
        before = -1
        for one in ids:
            same = apart and place[before] < place[one] and all((one in some) == (before in some) for some in empty)
            if same:
                apart[-1].append(one)
            else:
                apart.append([one])
            before = one
        return apart

    def _without(self, key: str) -> Condition:
        field = list_columns.column_field(self.session, self.type, key)
        nothing, here = Empty((field.derived or field.key) if field else key), self.scope
        return nothing if here is None else And((here, nothing))

    def _scope(self, where: Condition | None) -> Condition | None:
        """A filter within the pipeline that is shown."""
        if not self.pipeline_key:
            return where
        here = Test("pipeline", "pipeline", "=", self.pipeline_key)
        return here if where is None else And((here, where))

    @property
    def scope(self) -> Condition | None:
        """What leaves only what is shown."""
        return self._scope(self.where)

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """What the store sorts by: the next activity is no part of it."""
        return list_columns.sorts_of(self.session, self.type, self.arrangement.order)

    def count(self, where: Condition | None) -> int:
        """How many items another filter would leave."""
        return len(self.session.ids(self.type, self._scope(where)))

    def can_count(self, where: Condition | None) -> bool:
        """Whether `count` takes but a moment."""
        return self.session.is_ready(self.type, Asked(self._scope(where)))

    def get_ready_to_count(self, where: Condition | None, tell: Tell) -> None:
        """Read what `count` needs, from a thread. Raises what `tell` raises."""
        self.session.prepare(self.type, Asked(self._scope(where)), tell)

    @property
    def place(self) -> str:
        """The name of the pipeline that is shown, where a type has several; "" for all."""
        pipeline = self.session.workspace.pipeline(self.type, self.pipeline_key) if self.pipeline_key else None
        named = pipeline is not None and self.session.workspace.type(self.type).has_pipelines
        return self.session.label(pipeline.label) if pipeline is not None and named else ""

    # -- columns -------------------------------------------------------------------------------------------------------
    @property
    def fields(self) -> list[Field]:
        """The fields that are columns."""
        return [field for field in self.columns if field.key not in (REF, NEXT)]

    def headings(self) -> list[str]:
        """The heads of the columns, in the person's language."""
        return [self.session.label(field.label) for field in self.columns]

    def ranks(self) -> list[int]:
        """Which sort key each column is, from 1, negative where it sorts down; 0 for none."""
        places = {one.key: -at if one.descending else at for at, one in enumerate(self.arrangement.order, start=1)}
        return [places.get(field.key, 0) for field in self.columns]

    def numbers(self) -> list[bool]:
        """Which columns are aligned right."""
        return [field.kind in _NUMBERS for field in self.columns]

    def widths(self) -> list[int]:
        """Cells that each column would like, or was given."""
        given = {column.key: column.cells for column in self.arrangement.columns}
        name = self.name_column()
        return [
            given.get(field.key) or max(self.natural(field) + (_MORE_FIRST if at == name else 0), len(heading))
            for at, (field, heading) in enumerate(zip(self.columns, self.headings(), strict=True))
        ]

    def name_column(self) -> int:
        """Which column says what an item is called, and so gets the most room; the first, where none does."""
        called = self.session.workspace.type(self.type).title
        return next((at for at, field in enumerate(self.columns) if field.key in called), 0)

    def sized(self) -> list[bool]:
        """Which columns were given their width: those keep it."""
        given = {column.key: column.cells for column in self.arrangement.columns}
        return [bool(given.get(field.key)) for field in self.columns]

    @staticmethod
    def natural(field: Field) -> int:
        """Cells that a column of a kind needs."""
        return _OWN_CELLS.get(field.key) or _CELLS.get(field.kind, _OTHER_CELLS)

    # -- rows ----------------------------------------------------------------------------------------------------------
    def row(self, item_id: int) -> tuple[str, ...]:
        """The texts of an item by column; of one that is gone meanwhile, nothing."""
        found = self._rows.get(item_id)
        if found is None:
            if len(self._rows) > _KEPT:
                self._rows.clear()
            found = self._rows[item_id] = self._texts(item_id)
        return found

    def _texts(self, item_id: int) -> tuple[str, ...]:
        item = self.session.peek(Ref(self.type, item_id))
        if item is None:
            return tuple("" for _column in self.columns)
        context = self.session.context()
        return tuple(self._text(item, field, context) for field in self.columns)

    def _text(self, item: Item, field: Field, context: Context) -> str:
        if field.key == REF:
            return self.session.workspace.show_ref(item.ref)
        if field.key == NEXT:
            from tuicrm.services.activities import next_of

            return next_of(self.session, item.ref, context)[1]
        value = field_value(item, field)
        return "" if is_empty(value) else show(self.session, item, field, value, context)

    @property
    def count_text(self) -> str:
        """`45 contacts`."""
        item_type = self.session.workspace.type(self.type)
        label = item_type.label if len(self.ids) == 1 else item_type.plural
        return f"{len(self.ids)} {self.session.label(label).lower()}"

    def settle(self) -> None:
        """Make ready what following changes needs, in a moment when nobody waits."""
        self.session.store.settle(self.type)

    # -- sums ----------------------------------------------------------------------------------------------------------
    def sums(self) -> tuple[list[str], str]:
        """What the columns of numbers and money come to, by column ("" for none), and what has no rate to be counted with."""
        from tuicrm.services.texts import sum_text, unrated_text

        session, context = self.session, self.session.context()
        # Prices of a catalogue come to nothing that anybody would pay.
        kinds = ("integer", "number") if session.workspace.type(self.type).code else _NUMBERS
        summed = [field for field in self.columns if field.kind in kinds and not field.many and not field.derived]
        if self._given is not None or not summed or not self.ids:
            return ["" for _column in self.columns], ""
        aggregates = [Aggregate("sum", field.key, field.kind) for field in summed]
        session.prepare(self.type, Asked(self.scope, aggregates=tuple(aggregates)))
        groups = session.fold(self.type, self.scope, "", aggregates)
        results = dict(zip((field.key for field in summed), groups[0].results, strict=True)) if groups else {}
        texts, unrated = [], []
        for field in self.columns:
            result = results.get(field.key)
            if isinstance(result, Mapping):
                total = add_up(result, session.workspace.rates)
                texts.append(sum_text(total, context))
                unrated.append(unrated_text(total, context))
            elif isinstance(result, Decimal | int) and result:
                texts.append(format_field(_plain(result), field, context))
            else:
                texts.append("")
        return texts, " · ".join(filter(None, unrated))


def _plain(number: Decimal | int) -> int | str:
    """A sum in the JSON form of a number."""
    whole = number == int(number)
    return int(number) if whole else str(number)
