"""A list of items as view data: which ids, in which order, the texts of a row when it is drawn, and the sums under it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from tuicrm.domain.conditions import Aggregate, And, Condition, Sort, Test
from tuicrm.domain.context import Context
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.values import format_field, is_empty
from tuicrm.domain.money import add_up
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import Field
from tuicrm.services.boards import list_columns
from tuicrm.services.boards.in_order import InOrder
from tuicrm.services.boards.list_columns import CLIENT, NAME, REF, Arrangement
from tuicrm.services.kernel.field_texts import field_value, show
from tuicrm.services.kernel.reader import NEXT
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Asked, Ordered

_KEPT = 2_000
_OWN_CELLS = {REF: 8, NEXT: 16, NAME: 16, CLIENT: 20}
_MORE_FIRST = 8
_LEAST_NAME, _LEAST_NEXT = 23, 11


class ItemList:
    """The read model of one list: (type, filter, order). Ids and rows are read when they are drawn."""

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
        self.ids: Sequence[int] = ()
        self.columns: tuple[Field, ...] = ()
        self.arrangement = Arrangement(())
        self.load()

    def load(self) -> None:
        """Read the order and the columns anew."""
        session = self.session
        chosen = self.arrangement = list_columns.arrangement(session, self.type)
        found = (list_columns.column_field(session, self.type, column.key) for column in chosen.columns)
        self.columns = tuple(field for field in found if field is not None)
        if self._given is None:
            self.waits = self._at_once and not session.is_ready(self.type, self._asked)
            self.ids = self._unsorted() if self.waits else self._sorted()
        else:
            self.ids = [item.id for item in session.many(self.type, self._given)]
        self._rows.clear()

    @property
    def _asked(self) -> Asked:
        return Asked(self.scope, self.sorts)

    def get_ready(self, tell: Tell = lambda _done, _of: None) -> None:
        """Read what sorting needs, from a thread; `load` sorts then. Raises what `tell` raises."""
        self.session.prepare(self.type, self._asked, tell)
        if self._given is None:
            # Asked here, so that the answer is known when the list asks.
            self.session.window(Ordered(self.type, self.scope, self.sorts), 0)

    def _unsorted(self) -> Sequence[int]:
        """What can be shown at once."""
        if not self.session.is_ready(self.type, Asked(self.scope)):
            return []
        return InOrder(self.session, Ordered(self.type, self.scope, turned=True))

    def _sorted(self) -> Sequence[int]:
        return InOrder(self.session, Ordered(self.type, self.scope, self.sorts))

    def among(self, some: Collection[int]) -> set[int]:
        """Those of some items that the list shows."""
        if self._given is not None:
            return set(some).intersection(self.ids)
        return set(self.session.among(self.type, some, self.scope))

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
        """What the store sorts by."""
        return list_columns.sorts_of(self.session, self.type, self.arrangement.order)

    def count(self, where: Condition | None) -> int:
        """How many items another filter would leave."""
        return self.session.count(self.type, self._scope(where))

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
        columns = (list_columns.stands_for(self.session, self.type, field.key) for field in self.columns)
        return list({field.key: field for found in columns for field in found}.values())

    def headings(self) -> list[str]:
        """The heads of the columns, in the person's language."""
        return [self.session.label(field.label) for field in self.columns]

    def ranks(self) -> list[int]:
        """Which sort key each column is, from 1, negative where it sorts down; 0 for none."""
        places = {one.key: -at if one.descending else at for at, one in enumerate(self.arrangement.order, start=1)}
        return [places.get(field.key, 0) for field in self.columns]

    def numbers(self) -> list[bool]:
        """Which columns are aligned right."""
        return [field.traits.aligns_right for field in self.columns]

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
        return next((at for at, field in enumerate(self.columns) if field.key in called or field.key == NAME), 0)

    def sized(self) -> list[bool]:
        """Which columns were given their width: those keep it."""
        given = {column.key: column.cells for column in self.arrangement.columns}
        return [bool(given.get(field.key)) for field in self.columns]

    def least(self) -> list[int]:
        """Cells that each column takes at least before another is left out: 0 for all of its value, of which a part would mislead."""
        name = self.name_column()
        return [
            _LEAST_NAME if at == name else 0 if _is_whole(field) else self._least_of(field)
            for at, field in enumerate(self.columns)
        ]

    def _least_of(self, field: Field) -> int:
        """An e-mail is of use nearly whole; of other texts, their beginning."""
        if field.key == NEXT:
            return _LEAST_NEXT
        share = 4 if field.traits.is_identity else 3
        return self.natural(field) * share // 5

    @staticmethod
    def natural(field: Field) -> int:
        """Cells that a column of a kind needs."""
        return _OWN_CELLS.get(field.key) or field.traits.cells

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
        if field.key == NAME:
            return self.session.title_of(item)
        if field.key == CLIENT:
            from tuicrm.services.boards.board_cards import client_name

            return client_name(self.session, item)
        if field.key == NEXT:
            from tuicrm.services.items.activities import next_of

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
        from tuicrm.services.kernel.texts import sum_text, unrated_text

        session, context = self.session, self.session.context()
        # Prices of a catalogue come to nothing that anybody would pay.
        but_money = bool(session.workspace.type(self.type).code)
        summed = [
            field
            for field in self.columns
            if field.traits.sums and not (but_money and field.traits.has_currency) and not (field.many or field.derived)
        ]
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


def _is_whole(field: Field) -> bool:
    traits = field.traits
    return field.key == REF or traits.aligns_right or traits.is_phone or traits.is_day


def _plain(number: Decimal | int) -> int | str:
    """A sum in the JSON form of a number."""
    whole = number == int(number)
    return int(number) if whole else str(number)
