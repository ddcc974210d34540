"""The columns of a list: fields by key or label, and what every item has besides: `ref`, `id`, `rev`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from tuicrm.cli.arguments.naming import fields_of
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.context import Context
    from tuicrm.domain.items import Item
    from tuicrm.domain.schema import Field, ItemType
    from tuicrm.services.kernel.session import Session

REF = "ref"
_OF_ITEMS: dict[str, Callable[[Session, Item], str]] = {
    REF: lambda session, item: session.workspace.show_ref(item.ref),
    "id": lambda _session, item: str(item.id),
    "rev": lambda _session, item: str(item.rev),
}


class OutputColumn(msgspec.Struct, frozen=True):
    """One column; without a field it is one of those that every item has."""

    key: str
    field: Field | None = None


def columns_of(session: Session, item_type: ItemType, text: str) -> list[OutputColumn]:
    """Those of `ref,title,amount`; of a type's own list, behind the ref, where none are named. Raises UsageError."""
    if not text.strip():
        known = session.workspace.fields(item_type.key)
        own = [known[key] for key in item_type.columns if key in known and session.access.sees(known[key])]
        return [OutputColumn(REF), *(OutputColumn(field.key, field) for field in own)]
    columns = []
    for name in filter(None, map(str.strip, text.split(","))):
        if name in _OF_ITEMS:
            columns.append(OutputColumn(name))
        else:
            columns += [OutputColumn(field.key, field) for field in fields_of(session, item_type.key, name)]
    return columns


def texts(
    session: Session, items: Sequence[Item], columns: Sequence[OutputColumn], *, canonical: bool
) -> list[list[str]]:
    """The rows: as `edit` reads values back, or as people read them."""
    context = session.context(canonical=canonical)
    return [[_text(session, item, column, context) for column in columns] for item in items]


def heading(session: Session, column: OutputColumn) -> str:
    """What stands above a column for people."""
    heads = {REF: _("Ref"), "id": _("Id"), "rev": _("Rev")}
    return session.label(column.field.label) if column.field else heads[column.key]


def _text(session: Session, item: Item, column: OutputColumn, context: Context) -> str:
    from tuicrm.domain.kinds.values import format_field
    from tuicrm.services.kernel.field_texts import field_value, show

    field = column.field
    if field is None:
        return _OF_ITEMS[column.key](session, item)
    value = field_value(item, field)
    if value is None:
        return ""
    if not context.canonical:
        return ", ".join(show(session, item, field, value, context).splitlines())
    return str(value) if field.traits.is_place else format_field(value, field, context)
