"""What boards of any kind are made of: columns, the cards to draw, counts and sums, the head; made and kept up with changes.

Columns are orders of which what is drawn is read (`in_order.py`); a card is read and formatted when it is drawn, and kept until its
record or the day changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any, NamedTuple

from tuicrm.domain.board import BoardColumn, BoardHead, Card
from tuicrm.domain.conditions import And, Condition, Test
from tuicrm.domain.context import Context
from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.domain.kinds.money import whole_money
from tuicrm.domain.money import Sum
from tuicrm.domain.money import money_of as read_money
from tuicrm.domain.progress import Tell
from tuicrm.domain.required import missing_fields
from tuicrm.domain.schema import Pipeline
from tuicrm.i18n import _
from tuicrm.services.boards.in_order import OneAfterAnother
from tuicrm.services.boards.view_spec import ViewSpec
from tuicrm.services.items import activities
from tuicrm.services.items.cards import days_since
from tuicrm.services.kernel.reader import ENTRIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.kernel.texts import sum_text
from tuicrm.store.protocol import Asked

_FEW = 50
"""Changes that are looked at one by one."""

_MANY = 10_000
"""Items of which what is due is counted after they are shown."""


class ColumnTotals(NamedTuple):
    """What the amounts of a column come to, as they are and weighted by how likely they are."""

    sum: Sum
    weighted: Sum


class CardBoard:
    """The read model of a board: (type, pipeline, filter)."""

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
        self.head = BoardHead("", "", 0, "")
        self._cards: dict[int, Card] = {}
        self._due_counts = activities.DueCounts(session, type_key)
        self._due_here: set[int] = set()
        """The items here with which something is due."""
        self._due = activities.Due(0, 0)
        self._leaves: Condition | None = None
        """What leaves only what is here."""
        self.waits = False
        """Whether what is due is still to be counted (`get_ready`): of many items, not before they are shown."""
        self._seq = -1
        self._minute = ""

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
        return set(self.session.among(self.type, some, self._leaves))

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
        """Let go of cards that may be other than they were; count what is due anew unless nothing it depends on is. `where` leaves
        what is here."""
        self._leaves = where
        seq, minute = self.session.store.seq(), self.session.clock().isoformat()[:16]
        changes = self.session.store.changes(self._seq) if minute == self._minute else None
        self._seq, self._minute = seq, minute
        if changes is None or len(changes) > _FEW or any(c.table not in (self.type, ENTRIES) for c in changes):
            self._cards.clear()
            own = None
        else:
            own = [change.id for change in changes if change.table == self.type]
            for item_id in own:
                self._cards.pop(item_id, None)
        if self._due_counts.is_new and sum(map(len, self.ids.values())) > _MANY:
            self.waits = True
        elif self._due_counts.follow() or own is None:
            self._due_here = set(self.session.among(self.type, self._due_counts.items, where))
            self._due = self._due_counts.among(self._due_here)
        elif own:
            due = self._due_counts.items & set(own)
            self._due_here.difference_update(own)
            self._due_here.update(self.session.among(self.type, due, where) if due else ())
            self._due = self._due_counts.among(self._due_here)

    def get_ready(self) -> None:
        """What can wait until the board is shown: from any thread. `load` then knows what is due."""
        self.waits = False
        self.session.store.settle(self.type)
        self._due_counts.get_ready()
        self._due_counts.follow()
        self._minute = ""

    def _forget(self) -> None:
        """Read everything anew next time."""
        self._seq, self._minute = -1, ""

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
            late=self._due.late,
            today=self._due.today,
        )

    # -- cards ---------------------------------------------------------------------------------------------------------
    def card(self, item_id: int) -> Card | None:
        """The card of an item on this board; None when it is gone meanwhile."""
        kept = self._cards.get(item_id)
        if kept is not None:
            return kept
        item = self.session.peek(Ref(self.type, item_id))
        if item is None:
            return None
        card = self._card(item, self.session.context())
        self._cards[item_id] = card
        return card

    def _card(self, item: Item, context: Context) -> Card:
        session, workspace = self.session, self.session.workspace
        item_type = workspace.type(item.type)
        person = workspace.people.get(str(item.get("responsible") or ""))
        timing, words = self._next(item, context)
        stage = item.get("stage") or ""
        fields = workspace.fields(item.type).values()
        pipeline = workspace.pipeline_of(item.type, item.fields)
        return Card(
            ref=workspace.show_ref(item.ref),
            title=session.title_of(item),
            client=client_name(session, item),
            amount=money_of(item.get(item_type.amount) if item_type.amount else None, context),
            initials=person.initials if person else "",
            timing=timing,
            next=words,
            days=str(days_since(item.fields["stage_since"], context)) if item.get("stage_since") else "",
            missing=bool(
                missing_fields(fields, item.fields, pipeline.key if pipeline else "", stage, session.access.sees)
            ),
        )

    def _next(self, item: Item, context: Context) -> tuple[Any, str]:
        """The next activity as timing and words; nothing is asked of a closed item."""
        timing, words = activities.next_of(self.session, item.ref, context)
        if timing != "none":
            return timing, words
        stage = self.session.workspace.stage_of(item.type, item.fields)
        return timing, _("+ plan") if stage and stage.semantics == "process" else ""


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


def client_name(session: Session, item: Item) -> str:
    """The first client named on an item: its company, else a contact; of a lead, who is not known yet, the name it came with."""
    for key in session.workspace.type(item.type).client:
        value = item.get(key)
        for stored in value if isinstance(value, list) else [value]:
            if stored:
                try:
                    return session.names.item(Ref.parse(str(stored))) or ""
                except ValueError:
                    return ""
    return _name_it_came_with(item)


def _name_it_came_with(item: Item) -> str:
    person = " ".join(str(item.get(key)) for key in ("first_name", "last_name") if item.get(key))
    return str(item.get("company_title") or person)


def money_of(value: object, context: Context) -> str:
    """A stored amount without cents: "€ 38,000"."""
    money = read_money(value)
    return whole_money(money.amount, money.currency, context) if money else ""


def merged(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Sums by currency of several groups."""
    total: dict[str, Decimal] = {}
    for part in parts:
        for currency, amount in part.items():
            total[currency] = total.get(currency, Decimal(0)) + amount
    return total
