"""Items written out whole: CSV with a row an item, or JSON as the command line answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

from tuicrm.domain.conditions import Condition, Sort
from tuicrm.domain.items import Item
from tuicrm.domain.matching import values_at
from tuicrm.domain.schema import Field
from tuicrm.errors import AccessDenied
from tuicrm.i18n import _
from tuicrm.services.session import Session

_PAGE = 500


class Exported(NamedTuple):
    """How many items were written, how many this person may not export, and in how many cells a formula was made harmless."""

    written: int
    withheld: int
    neutralised: int = 0


class _Items:
    """The items that match and may be exported, page by page; counts those withheld."""

    def __init__(self, session: Session, type_key: str, where: Condition | None, sort: Sequence[Sort]) -> None:
        self._session, self._type, self._where, self._sort = session, type_key, where, tuple(sort)
        self.withheld = 0

    def __iter__(self) -> Iterator[Item]:
        session, after = self._session, None
        while True:
            page = session.find(self._type, self._where, self._sort, _PAGE, after)
            for item in page.items:
                if session.access.may("export", self._type, item.fields):
                    yield item
                else:
                    self.withheld += 1
            after = page.next
            if after is None:
                return


def export_csv(
    session: Session,
    type_key: str,
    stream: BinaryIO,
    *,
    where: Condition | None = None,
    sort: Sequence[Sort] = (),
    fields: Sequence[Field] = (),
    neutralise: bool = False,
    mark: bool = False,
) -> Exported:
    """A header of field keys, then a row an item: its ref, then values in canonical form (which `import` reads back).

    `neutralise` and `mark` are for spreadsheets (`exchange/csv_writer.py`). Raises AccessDenied."""
    from tuicrm.exchange.csv_writer import write_csv

    _require(session, type_key)
    chosen = list(fields) or exported_fields(session, type_key)
    items = _Items(session, type_key, where, sort)
    rows = (_row(session, item, chosen) for item in items)
    done = write_csv(stream, ["ref", *(field.key for field in chosen)], rows, neutralise=neutralise, mark=mark)
    return Exported(done.rows, items.withheld, done.neutralised)


def export_json(
    session: Session,
    type_key: str,
    stream: BinaryIO,
    *,
    head: Mapping[str, Any],
    where: Condition | None = None,
    sort: Sequence[Sort] = (),
    fields: Sequence[Field] = (),
) -> Exported:
    """One object: `head`, then `items` with ref, type, id, rev and fields in JSON form. Raises AccessDenied."""
    from tuicrm.exchange.json_writer import write_json

    _require(session, type_key)
    items = _Items(session, type_key, where, sort)
    plain = (plain_item(session, item, [field.key for field in fields]) for item in items)
    return Exported(write_json(stream, head, "items", plain), items.withheld)


def plain_item(session: Session, item: Item, keys: Sequence[str] = ()) -> dict[str, Any]:
    """An item as programs read it; only these fields when given. Derived ones (`currency`) stand beside the others."""
    fields = dict(item.fields)
    for field in session.workspace.fields(item.type).values():
        if field.derived and session.access.sees(field):
            for value in values_at(field.derived)(item.fields):
                fields[field.key] = value
    if keys:
        fields = {key: fields.get(key) for key in keys}
    ref = session.workspace.show_ref(item.ref)
    return {"ref": ref, "type": item.type, "id": item.id, "rev": item.rev, "fields": fields}


def exported_fields(session: Session, type_key: str) -> list[Field]:
    """All that this person sees, derived ones apart: they are part of another column."""
    return [f for f in session.workspace.fields(type_key).values() if not f.derived and session.access.sees(f)]


def _row(session: Session, item: Item, fields: Sequence[Field]) -> list[str]:
    from tuicrm.domain.kinds.values import format_field
    from tuicrm.services.cards import field_value

    context = session.context(canonical=True)
    values = [(field, field_value(item, field)) for field in fields]
    return [
        session.workspace.show_ref(item.ref),
        *(
            "" if value is None else str(value) if f.kind in ("stage", "pipeline") else format_field(value, f, context)
            for f, value in values
        ),
    ]


def _require(session: Session, type_key: str) -> None:
    """Raise AccessDenied for someone who may export nothing of this type."""
    item_type = session.workspace.type(type_key)
    places = [("", "")] + [(p.key, s.key) for p in session.workspace.pipelines(type_key) for s in p.stages]
    if all(session.access.scope("export", type_key, *place) == "none" for place in places):
        raise AccessDenied(_("You may not export {type}.").format(type=session.label(item_type.plural).lower()))
