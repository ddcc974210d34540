"""What boards of any kind are made of: columns, the cards to draw, counts and sums, the head; made and kept up with changes.

Columns are orders of which what is drawn is read (`in_order.py`), and so are cards (`board_cards.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec.structs import replace

from tuicrm.domain.board import BoardColumn, BoardHead, Card
from tuicrm.domain.conditions import And, Condition, Test
from tuicrm.domain.context import Context
from tuicrm.domain.due import NOTHING_DUE
from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.domain.money import Sum
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import Pipeline
from tuicrm.services.boards.board_cards import Cards, next_activity
from tuicrm.services.boards.due_here import DueHere
from tuicrm.services.boards.in_order import OneAfterAnother
from tuicrm.services.boards.view_spec import ViewSpec
from tuicrm.services.kernel.session import Session
from tuicrm.services.kernel.texts import sum_text
from tuicrm.store.protocol import Asked


class ColumnTotals(NamedTuple):
    """What the amounts of a column come to, as they are and weighted by how likely they are."""

    sum: Sum
    weighted: Sum


class CardBoard:
    """The read model of a board: (type, pipeline, filter)."""

    staged = False
    """Whether a card tells its stage."""

    def __init__(
        self, session: Session, type_key: str, pipeline: str = "", where: Condition | None = None, text: str = ""
    ) -> None:
        self.session = session
        self.type = type_key
        self.pipeline_key = pipeline
        """"" for all pipelines, where a board can show that."""
        self.where = where
        self.text = text
        self.ids: dict[str, Sequence[int]] = {}
        self.columns: tuple[BoardColumn, ...] = ()
        self.totals: dict[str, ColumnTotals] = {}
        """By column: what the columns tell in words."""
        self._parts: Mapping[str, Condition | None] = {}
        """What leaves the items of each column, of those that no column before it has."""
        self.head = BoardHead("", "", 0, "")
        self._due = DueHere(session, type_key)
        self._cards = Cards(session, type_key, self._next, self._due.of, staged=self.staged)

    @classmethod
    def asked(cls, session: Session, shown: ViewSpec) -> list[tuple[str, Asked]]:
        """What such a board of items asks of which table (`item_views.prepare`)."""
        raise NotImplementedError

    def load(self) -> None:
        """Read ids, counts and sums anew."""
        raise NotImplementedError

    def look_at(self, pipeline: str = "", where: Condition | None = None, text: str = "") -> None:
        """Another pipeline or filter of the same type. Raises NotFound when there is no such pipeline."""
        raise NotImplementedError

    # -- what is where -------------------------------------------------------------------------------------------------
    @property
    def pipeline(self) -> Pipeline | None:
        """The pipeline as it is defined now; None for all of them."""
        return self.session.workspace.pipeline(self.type, self.pipeline_key) if self.pipeline_key else None

    def refs(self) -> list[Ref]:
        """All items of the board in reading order: column by column, top to bottom."""
        return [Ref(self.type, item_id) for item_id in self._reading()]

    def walk(self) -> Walk:
        """The same, for going from card to card."""
        return Walk(self.type, self._reading())

    def _reading(self) -> Sequence[int]:
        return OneAfterAnother([self.ids.get(column.key, ()) for column in self.columns])

    def among(self, some: Collection[int]) -> set[int]:
        """Those of some items that are here."""
        return self._due.among(some)

    def place(self, item_id: int) -> tuple[int, int] | None:
        """Column and row of an item; None when the filter leaves it out."""
        for at, column in enumerate(self.columns):
            with suppress(ValueError):
                return at, self.ids.get(column.key, ()).index(item_id)
        return None

    @property
    def here(self) -> Condition | None:
        """What leaves only items of the pipeline; None for all pipelines."""
        return in_pipeline(self.pipeline_key)

    def can_count(self, where: Condition | None) -> bool:
        """Whether `count` takes but a moment."""
        return self.session.is_ready(self.type, Asked(both(self.here, where)))

    def get_ready_to_count(self, where: Condition | None, tell: Tell) -> None:
        """Read what `count` needs, from a thread. Raises what `tell` raises."""
        self.session.prepare(self.type, Asked(both(self.here, where)), tell)

    def count(self, where: Condition | None) -> int:
        """How many items of this pipeline another filter would leave."""
        return self.session.count(self.type, both(self.here, where))

    # -- for subclasses ------------------------------------------------------------------------------------------------
    @property
    def amount(self) -> str:
        """The field that columns sum; "" where there is no such field, or this person may not see it."""
        return amount_field(self.session, self.type)

    def _follow(self, where: Condition | None) -> None:
        """Let go of cards that may be other than they were; count what is due anew unless nothing it depends on is, and tell it on the
        columns. `where` leaves what is here."""
        many = sum(map(len, self.ids.values()))
        self._cards.forget(self._due.follow(where, many, self._parts))
        due = self._due.by_part
        self.columns = tuple(replace(column, due=due.get(column.key, NOTHING_DUE)) for column in self.columns)

    @property
    def waits(self) -> bool:
        """Whether what is due is still to be counted (`get_ready`): of many items, not before they are shown."""
        return self._due.waits

    def get_ready(self) -> None:
        """What can wait until the board is shown: from any thread. `load` then knows what is due."""
        self.session.store.settle(self.type)
        self._due.get_ready()

    def _make_head(self, total: Sum | None, likely: Sum | None, context: Context, view: str = "") -> BoardHead:
        """The top line from sums over all columns."""
        session, item_type = self.session, self.session.workspace.type(self.type)
        label, pipeline = session.label, self.pipeline
        count = sum(len(ids) for ids in self.ids.values())
        noun = label(item_type.plural if count != 1 else item_type.label).lower()
        return BoardHead(
            noun=label(item_type.plural),
            place=label(pipeline.label) if pipeline is not None and item_type.has_pipelines else "",
            view=view,
            count=count,
            count_text=f"{count} {noun}",
            sum=sum_text(total, context) if total else "",
            sum_short=sum_text(total, context, short=True) if total else "",
            weighted=sum_text(likely, context, short=True) if likely else "",
            filter=self.text,
            due=self._due.due,
        )

    # -- cards ---------------------------------------------------------------------------------------------------------
    def card(self, item_id: int) -> Card | None:
        """The card of an item on this board; None when it is gone meanwhile."""
        return self._cards.card(item_id)

    def _next(self, item: Item, context: Context) -> tuple[Any, str]:
        """What stands on a card of what is to be done next: timing and words."""
        return next_activity(self.session, item, context)


def amount_field(session: Session, type_key: str) -> str:
    """The field that columns of a type sum; "" where there is no such field, or this person may not see it."""
    name = session.workspace.type(type_key).amount
    field = session.workspace.field(type_key, name) if name else None
    return name if field is not None and session.access.sees(field) else ""


def in_pipeline(key: str) -> Condition | None:
    """What leaves only items of a pipeline; None for "", all pipelines."""
    return Test("pipeline", "pipeline", "=", key) if key else None


def both(one: Condition | None, other: Condition | None) -> Condition | None:
    """What leaves only items that both leave."""
    return And((one, other)) if one is not None and other is not None else one if other is None else other


def merged(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Sums by currency of several groups."""
    total: dict[str, Decimal] = {}
    for part in parts:
        for currency, amount in part.items():
            total[currency] = total.get(currency, Decimal(0)) + amount
    return total
