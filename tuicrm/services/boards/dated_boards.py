"""Boards by dates: Deadlines, by when items are due, and Activities, by when something is to be done with them next (reference §6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from tuicrm.domain import agenda
from tuicrm.domain.agenda import BY_DATE, DueGroup
from tuicrm.domain.board import BoardColumn
from tuicrm.domain.conditions import Aggregate, And, Condition, Empty, Not, OneOf, Or, Sort, Test
from tuicrm.domain.context import Context
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.dates import day_name
from tuicrm.domain.kinds.moments import local, today
from tuicrm.domain.money import add_up
from tuicrm.domain.schema import Field
from tuicrm.domain.stamps import stamp
from tuicrm.errors import NotFound
from tuicrm.i18n import _
from tuicrm.services.boards.board_base import CardBoard, ColumnTotals, amount_field, both, in_pipeline, merged
from tuicrm.services.boards.due_dates import DueDates
from tuicrm.services.boards.in_order import InOrder
from tuicrm.services.boards.view_spec import ViewSpec
from tuicrm.services.items import activities
from tuicrm.services.kernel.reader import NEXT
from tuicrm.services.kernel.session import Session
from tuicrm.services.kernel.texts import sum_text, unrated_shorter, unrated_text
from tuicrm.store.protocol import Asked, Ordered

_NEXT_FIRST = (Sort(NEXT, "datetime"),)
_NEWEST = (Sort("created", "datetime", descending=True),)
_IDLE = Empty(NEXT)
_PLANNED = Not(_IDLE)


class DatedBoard(CardBoard):
    """Base: five columns by date, the same for everybody. `pipeline_key` "" shows items of all pipelines."""

    view = ""
    """The key of the view (`services/boards/item_views.py`)."""
    keys: tuple[DueGroup, ...] = BY_DATE
    staged = True

    def __init__(
        self, session: Session, type_key: str, pipeline: str = "", where: Condition | None = None, text: str = ""
    ) -> None:
        """Raises NotFound when there is no such pipeline, or the type has no such board."""
        super().__init__(session, type_key, pipeline, where, text)
        if pipeline and self.pipeline is None:
            raise NotFound(_("There is no such board."))
        self.weeks = weeks_of(session.context())
        self.load()

    @property
    def label(self) -> str:
        """What the view is called."""
        raise NotImplementedError

    def sorted_out(self, context: Context) -> dict[str, Sequence[int]]:
        """The ids by column, soonest first."""
        raise NotImplementedError

    def _where(self) -> Condition | None:
        """What leaves only what is here."""
        raise NotImplementedError

    def _by_date(self, asked: Ordered, overdue: object, days: Callable[[date], Any]) -> dict[str, Sequence[int]]:
        """An order by date, cut into columns: what is before `overdue`, then each up to a day in the form of its values."""
        first_days = (self.weeks.today + timedelta(days=1), self.weeks.next_week, self.weeks.later)
        edges = [None, overdue, *map(days, first_days), None]
        path, kind = asked.sort[0].path, asked.sort[0].kind
        self._parts = {
            key: Test(path, kind, "<", edge) if edge is not None else None
            for key, edge in zip(BY_DATE, edges[1:], strict=True)
        }
        parts = (replace(asked, least=least, below=below) for least, below in pairwise(edges))
        return {key: InOrder(self.session, part) for key, part in zip(BY_DATE, parts, strict=True)}

    def sums(self) -> dict[str, dict[str, Decimal]]:
        """The amounts by column and currency; {} where they are not summed."""
        return {}

    def load(self) -> None:
        if self.pipeline is None:
            self.pipeline_key = ""
        context = self.session.context()
        self.weeks = weeks_of(context)
        self.ids = self.sorted_out(context)
        sums, rates = self.sums(), self.session.workspace.rates
        self.totals = {
            key: ColumnTotals(add_up(sums.get(key, {}), rates), add_up({}, rates))
            for key in self.keys
            if key in self.ids
        }
        self.columns = tuple(self._column(key, context) for key in self.keys)
        self._follow(self._where())
        self.head = self._make_head(add_up(merged(sums.values()), rates) if sums else None, None, context, self.label)

    def look_at(self, pipeline: str = "", where: Condition | None = None, text: str = "") -> None:
        if pipeline and self.session.workspace.pipeline(self.type, pipeline) is None:
            raise NotFound(_("There is no such board."))
        self.pipeline_key, self.where, self.text = pipeline, where, text
        self._due.forget()
        self.load()

    def _column(self, key: DueGroup, context: Context) -> BoardColumn:
        total = self.totals[key].sum
        return BoardColumn(
            key=key,
            label=_(agenda.LABELS[key]),
            colour=agenda.COLOURS[key],
            semantics="process",
            count=len(self.ids[key]),
            sum=sum_text(total, context),
            sum_short=sum_text(total, context, short=True),
            unrated=unrated_text(total, context),
            unrated_shorter=unrated_shorter(total, context),
        )

    def why_not_drop(self, column: DueGroup | date) -> str:
        """Why nothing can be set down in a column, or on a day; "" where it can."""
        if isinstance(column, date):
            column = self.weeks.column(column)
            return _("This day is past: choose a later one.") if column == "overdue" else ""
        if column == "overdue":
            return _("An item cannot be moved to Overdue. Choose a later column.")
        if column == "none":
            return _("What is planned stays planned; mark it as done or delete it on the card.")
        if self.weeks.dropped(column) is None:
            return _("This week ends today: choose another column.")
        return ""


class Deadlines(DatedBoard):
    """Items that are not closed by the day that they are due; those without one stand last, in Later."""

    view = "deadlines"

    def __init__(
        self, session: Session, type_key: str, pipeline: str = "", where: Condition | None = None, text: str = ""
    ) -> None:
        found = due_field(session, type_key)
        if found is None:
            raise NotFound(_("There is no such board."))
        self.due: Field = found
        self._dates = DueDates(session, found)
        super().__init__(session, type_key, pipeline, where, text)

    @property
    def label(self) -> str:
        return _("Deadlines")

    def _where(self) -> Condition | None:
        return both(open_here(self.session, ViewSpec(self.type, self.pipeline_key)), self.where)

    @classmethod
    def asked(cls, session: Session, shown: ViewSpec) -> list[tuple[str, Asked]]:
        due, where = due_field(session, shown.type), both(open_here(session, shown), shown.where)
        if due is None:
            return []
        amount = amount_field(session, shown.type)
        sums = [(shown.type, Asked(where, by=due.key, aggregates=_summed(amount)))] if amount else []
        return [(shown.type, Asked(where, _soonest_first(due))), *sums]

    def sorted_out(self, context: Context) -> dict[str, Sequence[int]]:
        asked = Ordered(self.type, self._where(), _soonest_first(self.due))
        if self.due.traits.is_moment:
            # A moment of today that has passed is late; a day is not before it is over.
            return self._by_date(asked, stamp(context.now), lambda day: stamp(local(day, time(), context)))
        return self._by_date(asked, self.weeks.today.isoformat(), date.isoformat)

    def sums(self) -> dict[str, dict[str, Decimal]]:
        if not self.amount:
            return {}
        context = self.session.context()
        parts: dict[str, list[Mapping[str, Decimal]]] = {key: [] for key in self.keys}
        for group in self.session.fold(self.type, self._where(), self.due.key, _summed(self.amount)):
            parts[self._dates.column(group.key, self.weeks, context)].append(group.results[0])
        return {key: merged(some) for key, some in parts.items()}

    def set_down(self, item: Item, column: DueGroup | date) -> dict[str, Any]:
        """What an item that is set down in a column, or on a day, gets. Not where nothing can be (`why_not_drop`)."""
        day = self.weeks.dropped(column)
        if day is None:
            raise ValueError(column)
        return {self.due.key: self._dates.on(day, item.get(self.due.key))}

    def given(self, column: DueGroup) -> dict[str, Any]:
        """What a new item in a column begins with."""
        day = self.weeks.dropped(column)
        return {} if day is None else {self.due.key: self._dates.on(day, None)}

    def _next(self, item: Item, context: Context) -> tuple[Any, str]:
        """When it is due, in the place of what is to be done next."""
        return self._dates.words(item.get(self.due.key), context)


class Activities(DatedBoard):
    """Items by their next activity; in a last column those with which nothing is planned, unless they are closed."""

    view = "activities"
    keys = (*BY_DATE, "none")

    @property
    def label(self) -> str:
        return _("Activities")

    def _where(self) -> Condition | None:
        idle = both(_IDLE, not_closed(self.session, self.type))
        return both(both(self.here, self.where), Or((_PLANNED, idle or _IDLE)))

    def sorted_out(self, context: Context) -> dict[str, Sequence[int]]:
        planned, idle = self._asked(self.session, ViewSpec(self.type, self.pipeline_key, self.where))
        by_date = self._by_date(planned, stamp(context.now), lambda day: stamp(local(day, time(), context)))
        return {**by_date, "none": InOrder(self.session, idle)}

    @staticmethod
    def _asked(session: Session, shown: ViewSpec) -> tuple[Ordered, Ordered]:
        """What is planned, soonest first; what is in progress and has nothing planned, the newest first."""
        where = both(in_pipeline(shown.pipeline), shown.where)
        idle = both(where, both(_IDLE, not_closed(session, shown.type)))
        return Ordered(shown.type, both(where, _PLANNED), _NEXT_FIRST), Ordered(shown.type, idle, _NEWEST)

    @classmethod
    def asked(cls, session: Session, shown: ViewSpec) -> list[tuple[str, Asked]]:
        return [(shown.type, Asked(one.where, one.sort)) for one in cls._asked(session, shown)]

    def time_in(self, column: DueGroup | date, planned: str = "") -> str:
        """The time (UTC ISO) of something planned in a column or on a day, at the hour that it was `planned` for; "" where nothing can
        be."""
        day = self.weeks.dropped(column)
        return "" if day is None else activities.time_on(day, self.session.context(), planned)

    def next_of(self, item_id: int) -> str:
        """When something is to be done with an item next; "" for nothing."""
        planned = activities.open_of(self.session, Ref(self.type, item_id))
        return str(planned[0].doc["at"]) if planned else ""


def place_name(board: DatedBoard, place: DueGroup | date) -> str:
    """What a column, or a day, is called."""
    if isinstance(place, date):
        return day_name(place, board.session.context())
    return next(one.label for one in board.columns if one.key == place)


def weeks_of(context: Context) -> agenda.Weeks:
    """The person's own day and weeks."""
    return agenda.weeks(today(context), agenda.first_weekday(context.locale))


def due_field(session: Session, type_key: str) -> Field | None:
    """The field that says when items of a type are due; None where there is no such field, or this person may not see it."""
    name = session.workspace.type(type_key).due
    field = session.workspace.field(type_key, name) if name else None
    return field if field is not None and session.access.sees(field) else None


def _soonest_first(due: Field) -> tuple[Sort, ...]:
    return (Sort(due.key, due.kind),)


def open_here(session: Session, shown: ViewSpec) -> Condition | None:
    """What leaves only items in progress of the pipeline that is shown."""
    return both(in_pipeline(shown.pipeline), not_closed(session, shown.type))


def _summed(amount: str) -> tuple[Aggregate, ...]:
    return (Aggregate("sum", amount, "money"),)


def not_closed(session: Session, type_key: str) -> Condition | None:
    """What leaves only items that are in progress; None for types without stages: nothing of them is ever closed."""
    parts: list[Condition] = []
    for pipeline in session.workspace.pipelines(type_key):
        final = tuple(stage.key for stage in pipeline.stages if stage.semantics != "process")
        parts.append(And((Test("pipeline", "pipeline", "=", pipeline.key), OneOf("stage", "stage", final))))
    return Not(parts[0] if len(parts) == 1 else Or(tuple(parts))) if parts else None
