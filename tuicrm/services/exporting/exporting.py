"""Items written out whole: CSV with a row an item, or JSON as the command line answers."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import msgspec

from tuicrm.domain.conditions import Condition, Sort
from tuicrm.domain.items import Item
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import Field
from tuicrm.services.exporting.exportable import PAGE, Matching, require_export
from tuicrm.services.kernel.session import Session


class Exported(msgspec.Struct, frozen=True):
    """How many items were written, how many this person may not export, and in how many cells a formula was made harmless."""

    written: int
    withheld: int
    neutralised: int = 0


class _Given:
    """Items by their ids that may be exported, some at a time; counts those withheld."""

    def __init__(self, session: Session, type_key: str, ids: Sequence[int], tell: Tell | None) -> None:
        self._session, self._type, self._ids, self._tell = session, type_key, ids, tell
        self.withheld = 0

    def __iter__(self) -> Iterator[Item]:
        for at in range(0, len(self._ids), PAGE):
            if self._tell is not None:
                self._tell(at, len(self._ids))
            for item in self._session.many(self._type, self._ids[at : at + PAGE]):
                if self._session.access.may("export", self._type, item.fields):
                    yield item
                else:
                    self.withheld += 1


def export_csv(  # noqa: PLR0913 - what `tuicrm export` can be told
    session: Session,
    type_key: str,
    stream: BinaryIO,
    *,
    where: Condition | None = None,
    sort: Sequence[Sort] = (),
    fields: Sequence[Field] = (),
    products: bool = False,
    neutralise: bool = False,
    mark: bool = False,
    limit: int = 0,
    tell: Tell | None = None,
) -> Exported:
    """A header of field keys, then a row an item: its ref, then values in canonical form (which `import` reads back).

    With `products` it is a row a product row, behind the item's own values; what has none is one row still. `neutralise`
    and `mark` are for spreadsheets (`exchange/csv_writer.py`). Raises AccessDenied, Refused where `products` is asked of a type
    without."""
    from tuicrm.exchange.csv_writer import write_csv
    from tuicrm.services.items.product_view import PRODUCT_COLUMNS, product_cells
    from tuicrm.services.items.products import field_of

    require_export(session, type_key)
    if products:
        field_of(session, type_key)
    chosen = list(fields) or exported_fields(session, type_key)
    items = Matching(session, type_key, where, sort, tell, limit)
    if products:
        chosen = [field for field in chosen if not field.traits.holds_rows]
        rows = (
            _row(session, item, chosen) + cells
            for item in items
            for cells in product_cells(item, session.workspace.show_ref)
        )
    else:
        rows = (_row(session, item, chosen) for item in items)
    head = ["ref", *(field.key for field in chosen), *(PRODUCT_COLUMNS if products else ())]
    done = write_csv(stream, head, rows, neutralise=neutralise, mark=mark)
    return Exported(items.written, items.withheld, done.neutralised)


def export_items(
    session: Session,
    type_key: str,
    ids: Sequence[int],
    fields: Sequence[Field],
    kind: str,
    *,
    spreadsheet: bool = False,
    tell: Tell | None = None,
) -> tuple[bytes, Exported]:
    """The content of a file with these items in this order: `csv` or `json`. Raises AccessDenied, and what `tell` raises."""
    from tuicrm.exchange.csv_writer import write_csv
    from tuicrm.services.exporting.exporting_json import write_items

    require_export(session, type_key)
    content, items = io.BytesIO(), _Given(session, type_key, ids, tell)
    if kind == "json":
        written, _links = write_items(session, items, content, fields)
        return content.getvalue(), Exported(written, items.withheld)
    rows = (_row(session, item, fields) for item in items)
    heads = ["ref", *(field.key for field in fields)]
    done = write_csv(content, heads, rows, neutralise=spreadsheet, mark=spreadsheet)
    return content.getvalue(), Exported(done.rows, items.withheld, done.neutralised)


def exported_fields(session: Session, type_key: str) -> list[Field]:
    """All that this person sees, derived ones apart: they are part of another column."""
    return [f for f in session.workspace.fields(type_key).values() if not f.derived and session.access.sees(f)]


def _row(session: Session, item: Item, fields: Sequence[Field]) -> list[str]:
    from tuicrm.domain.kinds.values import format_field
    from tuicrm.services.kernel.field_texts import field_value

    context = session.context(canonical=True)
    values = [(field, field_value(item, field)) for field in fields]
    return [
        session.workspace.show_ref(item.ref),
        *(
            "" if value is None else str(value) if f.traits.is_place else format_field(value, f, context)
            for f, value in values
        ),
    ]
