"""A list of items as view data: which ids, in which order, and the texts of a row when it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.conditions import And, Condition, Sort, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.values import is_empty
from tuicrm.domain.schema import Field
from tuicrm.services.cards import field_value, show
from tuicrm.services.session import Session

_NUMBERS = ("integer", "number", "money")
_KEPT = 2_000
_CELLS = {
    "money": 14, "integer": 8, "number": 10, "date": 11, "datetime": 18, "boolean": 4, "phone": 17, "email": 24, "web": 24,
    "person": 14, "item": 20, "list": 14, "dictionary": 14, "stage": 16, "text": 24,
}  # fmt: skip
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
    ) -> None:
        """`ids` shows just these (a card's related items); else all that match and may be read, of one pipeline or ("") of all."""
        self.session = session
        self.type = type_key
        self.where = where
        self.text = text
        self.pipeline_key = pipeline
        self._given = ids
        self._rows: dict[int, tuple[str, ...]] = {}
        self.ids: list[int] = []
        self.columns: tuple[Field, ...] = ()
        self.load()

    def load(self) -> None:
        """Read ids and columns anew."""
        item_type = self.session.workspace.type(self.type)
        fields = self.session.workspace.fields(self.type)
        self.columns = tuple(
            fields[k] for k in item_type.columns if k in fields and self.session.access.sees(fields[k])
        )
        order = tuple(Sort(key, "string") for key in item_type.title)
        if self._given is None:
            self.ids = self.session.ids(self.type, self._scope(self.where), order)
        else:
            self.ids = [item.id for item in self.session.many(self.type, self._given)]
        self._rows.clear()

    def _scope(self, where: Condition | None) -> Condition | None:
        """A filter within the pipeline that is shown."""
        if not self.pipeline_key:
            return where
        here = Test("pipeline", "pipeline", "=", self.pipeline_key)
        return here if where is None else And((here, where))

    def count(self, where: Condition | None) -> int:
        """How many items another filter would leave."""
        return len(self.session.ids(self.type, self._scope(where)))

    @property
    def place(self) -> str:
        """The name of the pipeline that is shown, where a type has several; "" for all."""
        pipeline = self.session.workspace.pipeline(self.type, self.pipeline_key) if self.pipeline_key else None
        named = pipeline is not None and self.session.workspace.type(self.type).has_pipelines
        return self.session.label(pipeline.label) if pipeline is not None and named else ""

    def headings(self) -> list[str]:
        return [self.session.label(field.label) for field in self.columns]

    def numbers(self) -> list[bool]:
        """Which columns are aligned right."""
        return [field.kind in _NUMBERS for field in self.columns]

    def widths(self) -> list[int]:
        """Cells that each column would like."""
        return [
            max(_CELLS.get(field.kind, _OTHER_CELLS) + (_MORE_FIRST if at == 0 else 0), len(heading))
            for at, (field, heading) in enumerate(zip(self.columns, self.headings(), strict=True))
        ]

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
        texts = []
        for field in self.columns:
            value = field_value(item, field)
            texts.append("" if is_empty(value) else show(self.session, item, field, value, context))
        return tuple(texts)

    @property
    def count_text(self) -> str:
        """`45 contacts`."""
        item_type = self.session.workspace.type(self.type)
        label = item_type.label if len(self.ids) == 1 else item_type.plural
        return f"{len(self.ids)} {self.session.label(label).lower()}"
