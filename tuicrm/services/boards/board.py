"""A board as view data: which items stand in which stage, counts and sums that follow the filter (`CardBoard` has the rest)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from msgspec.structs import replace

from tuicrm.domain.board import BoardColumn, BoardHead
from tuicrm.domain.conditions import Aggregate, Condition, Not, OneOf, Sort, Test
from tuicrm.domain.context import Context
from tuicrm.domain.kinds import traits_of
from tuicrm.domain.money import add_up
from tuicrm.domain.schema import Pipeline, Stage
from tuicrm.errors import NotFound
from tuicrm.i18n import N_, _
from tuicrm.services.boards.board_base import CardBoard, ColumnTotals, amount_field, both, in_pipeline, merged
from tuicrm.services.boards.in_order import InOrder, tops
from tuicrm.services.boards.view_spec import ViewSpec
from tuicrm.services.kernel.session import Session
from tuicrm.services.kernel.texts import sum_text, unrated_shorter, unrated_text
from tuicrm.store.protocol import Asked, Ordered, Window

_ByStage: TypeAlias = dict[Any, dict[str, Decimal]]

_GONE = ""
"""The key of the column of items whose stage is gone: somebody deleted it, or an import named one that does not exist."""


class ColumnOrder(NamedTuple):
    """How the items of each column can be put in order: its name, and the field that it goes by."""

    label: str
    field: str
    kind: str
    descending: bool = True


ORDERS: dict[str, ColumnOrder] = {
    "stage": ColumnOrder(N_("newest in the stage first"), "stage_since", "datetime"),
    "created": ColumnOrder(N_("newest first"), "created", "datetime"),
    "updated": ColumnOrder(N_("last changed first"), "updated", "datetime"),
    "amount": ColumnOrder(N_("largest amount first"), "", "money"),
    "due": ColumnOrder(N_("earliest due first"), "", "date", descending=False),
}
"""By key, the usual one first. Where no field is named, it is the type's own (`ItemType.amount`, `ItemType.due`)."""


class Board(CardBoard):
    """The read model of one board: (type, pipeline, filter, order)."""

    def __init__(
        self,
        session: Session,
        type_key: str,
        pipeline: str = "",
        where: Condition | None = None,
        text: str = "",
        order: str = "",
    ) -> None:
        """`order` is a key of ORDERS. Raises NotFound when the type has no stages or no such pipeline."""
        found = session.workspace.pipeline(type_key, pipeline) if pipeline else None
        pipelines = session.workspace.pipelines(type_key)
        if (pipeline and found is None) or not pipelines:
            raise NotFound(_("There is no such board."))
        super().__init__(session, type_key, (found or pipelines[0]).key, where, text)
        self.order = order
        self.stages: tuple[Stage, ...] = ()
        """Those of the pipeline; before them, where some items are in a stage that is gone, one for these."""
        self.load()

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline as it is defined now; another one should this one be gone."""
        workspace = self.session.workspace
        return workspace.pipeline(self.type, self.pipeline_key) or workspace.pipelines(self.type)[0]

    # -- reading -------------------------------------------------------------------------------------------------------
    def load(self) -> None:
        """Read the columns again: their items, counts and sums."""
        session, pipeline = self.session, self.pipeline
        self.pipeline_key = pipeline.key
        where = both(self.here, self.where)
        sums, weighted = self._sums(where, pipeline)
        asked = Ordered(self.type, where, sorts_of(session, self.type, self.order), "stage")
        begun, none = tops(session, asked), Window([], 0, 0)
        self.ids = {
            stage.key: InOrder(session, replace(asked, key=stage.key), begun.pop(stage.key, none))
            for stage in pipeline.stages
        }
        self.stages = tuple(pipeline.stages)
        if begun:
            elsewhere = Not(OneOf("stage", "stage", tuple(stage.key for stage in pipeline.stages)))
            self.stages = (_gone_stage(), *self.stages)
            self.ids[_GONE] = InOrder(session, Ordered(self.type, both(where, elsewhere), asked.sort))
            for groups in (sums, weighted):
                groups[_GONE] = merged(groups[key] for key in begun if key in groups)
        context = session.context()
        rates = session.workspace.rates
        self.totals = {
            stage.key: ColumnTotals(add_up(sums.get(stage.key, {}), rates), add_up(weighted.get(stage.key, {}), rates))
            for stage in self.stages
        }
        self.columns = tuple(self._column(stage, context) for stage in self.stages)
        parts: dict[str, Condition | None] = {one.key: Test("stage", "stage", "=", one.key) for one in pipeline.stages}
        # What is in a stage that is gone is what no other column has.
        self._parts = {**parts, _GONE: None}
        self._follow(where)
        self.head = self._head(sums, weighted, context)

    @classmethod
    def asked(cls, session: Session, shown: ViewSpec) -> list[tuple[str, Asked]]:
        """In the usual order."""
        pipelines = session.workspace.pipelines(shown.type)
        pipeline = session.workspace.pipeline(shown.type, shown.pipeline) or pipelines[0]
        where, amount = both(in_pipeline(pipeline.key), shown.where), amount_field(session, shown.type)
        sums = [Asked(where, by="stage", aggregates=_summed(session, shown.type, amount, pipeline))] if amount else []
        return [(shown.type, one) for one in (Asked(where, sorts_of(session, shown.type, ""), "stage"), *sums)]

    def look_at(self, pipeline: str = "", where: Condition | None = None, text: str = "") -> None:
        """Show another pipeline, or what another filter leaves (`text`: as it was typed). Raises NotFound."""
        if self.session.workspace.pipeline(self.type, pipeline) is None:
            raise NotFound(_("There is no such board."))
        self.pipeline_key, self.where, self.text = pipeline, where, text
        self._due.forget()
        self.load()

    def put_in_order(self, order: str) -> None:
        """Another order of the items in each column: a key of ORDERS."""
        self.order = order
        self.load()

    def _sums(self, where: Condition | None, pipeline: Pipeline) -> tuple[_ByStage, _ByStage]:
        """Sums and weighted sums of the amounts by stage and currency."""
        if not self.amount:
            return {}, {}
        groups = self.session.fold(self.type, where, "stage", _summed(self.session, self.type, self.amount, pipeline))
        return ({g.key: g.results[0] for g in groups}, {g.key: g.results[1] for g in groups})

    def _column(self, stage: Stage, context: Context) -> BoardColumn:
        total, likely = self.totals[stage.key]
        return BoardColumn(
            key=stage.key,
            label=self.session.label(stage.label),
            colour=stage.colour,
            semantics=stage.semantics,
            count=len(self.ids[stage.key]),
            sum=sum_text(total, context),
            sum_short=sum_text(total, context, short=True),
            weighted=sum_text(likely, context, short=True) if stage.semantics == "process" else "",
            unrated=unrated_text(total, context),
            unrated_shorter=unrated_shorter(total, context),
        )

    def _head(self, sums: _ByStage, weighted: _ByStage, context: Context) -> BoardHead:
        rates = self.session.workspace.rates
        process = {stage.key for stage in self.stages if stage.semantics == "process"}
        likely = add_up(merged(by for key, by in weighted.items() if key in process), rates)
        return self._make_head(add_up(merged(sums.values()), rates), likely, context)


def _summed(session: Session, type_key: str, amount: str, pipeline: Pipeline) -> tuple[Aggregate, Aggregate]:
    """What is added up by stage: the amounts as they are, and by how likely they are."""
    chances = {stage.key: stage.probability for stage in pipeline.stages}
    weight = session.workspace.type(type_key).probability
    return Aggregate("sum", amount, "money"), Aggregate("weighted", amount, "money", weight, chances)


def orders_of(session: Session, type_key: str) -> list[str]:
    """The keys of the orders that a type's columns can be in for this person, the usual one first."""
    return [key for key in ORDERS if _field_of(session, type_key, key)]


def sorts_of(session: Session, type_key: str, order: str) -> tuple[Sort, ...]:
    """The sort keys of an order; those of the usual one where the type has no such order."""
    key = order if order in ORDERS and _field_of(session, type_key, order) else "stage"
    chosen = ORDERS[key]
    name = _field_of(session, type_key, key) or chosen.field
    field = session.workspace.field(type_key, name)
    kind = field.kind if field is not None else chosen.kind
    rates: Mapping[str, str] = session.workspace.rates.table() if traits_of(kind).has_currency else {}
    return (Sort(name, kind, chosen.descending, dict(rates)),)


def _field_of(session: Session, type_key: str, order: str) -> str:
    """The field that an order goes by; "" where the type has no such field, or this person may not see it."""
    item_type = session.workspace.type(type_key)
    name = {"amount": item_type.amount, "due": item_type.due}.get(order, ORDERS[order].field)
    field = session.workspace.field(type_key, name) if name else None
    return name if field is not None and session.access.sees(field) else ""


def _gone_stage() -> Stage:
    return Stage(_GONE, _("Stage no longer exists"), "#8a8f98", semantics="process")
