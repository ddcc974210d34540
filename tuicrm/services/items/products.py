"""The product rows of an item: added, changed, put in order. Each step is one change, made on the rows as they are then.

What the amount makes of it is in `product_rules.py`, how rows are shown in `product_view.py`, the figures in `domain/products.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from msgspec.structs import replace

from tuicrm.domain import typed
from tuicrm.domain.conditions import Test
from tuicrm.domain.context import Choice, Context
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.money import money_text
from tuicrm.domain.kinds.product_lines import parse_lines
from tuicrm.domain.kinds.product_parts import with_part
from tuicrm.domain.kinds.products import read_row
from tuicrm.domain.money import money_of
from tuicrm.domain.products import (
    FIELD,
    ProductRow,
    from_catalogue,
    keyed,
    row_json,
    row_of,
    rows_of,
    totals,
)
from tuicrm.domain.schema import Field
from tuicrm.errors import Conflict, FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.product_rules import MANUAL
from tuicrm.services.kernel.session import Session

ProductEntries: TypeAlias = list[tuple[int, Any]]
"""Rows as they are kept, each with its id."""


# -- reading -----------------------------------------------------------------------------------------------------------
def entries(item: Item) -> ProductEntries:
    """The item's rows as they are kept, each with its id."""
    return keyed(item.get(FIELD))


def entry(item: Item, row_id: int) -> Mapping[str, Any]:
    """One row as it is kept. Raises NotFound."""
    found = next((kept for one, kept in entries(item) if one == row_id and isinstance(kept, dict)), None)
    if found is None:
        raise NotFound(_("This product row no longer exists."))
    return found


def field_of(session: Session, type_key: str) -> Field:
    """The field that holds the rows. Raises Refused for types without."""
    item_type = session.workspace.type(type_key)
    field = session.workspace.field(type_key, FIELD) if item_type.products else None
    if field is None:
        raise Refused(_("{type} have no product rows.").format(type=session.label(item_type.plural)))
    return field


def context_of(session: Session, item: Item, *, canonical: bool = False) -> Context:
    """How values of the item's rows are typed: a bare price is in the item's currency."""
    context = session.context(canonical=canonical)
    amount = money_of(item.get(session.workspace.type(item.type).amount))
    first = next((row.currency for _id, kept in entries(item) if (row := row_of(kept))), "")
    currency = amount.currency if amount else first
    return replace(context, currency=currency) if currency else context


# -- the catalogue -----------------------------------------------------------------------------------------------------
def find_products(session: Session, field: Field, text: str, limit: int = 50) -> list[Choice]:
    """What the catalogue offers under this name or code, with the price; the newest for no text."""
    from tuicrm.services.search.name_lookup import find_items

    found: list[Choice] = []
    for choice in [*_by_code(session, field, text), *find_items(session, text, field.targets, limit)]:
        ref = Ref.parse(choice.key)
        item = session.peek(ref)
        if item is not None and item.get("active") is not False and choice.key not in {one.key for one in found}:
            price = money_of(item.get("price"))
            told = [
                str(item.get(session.workspace.type(ref.type).code) or ""),
                money_text(*price, session.context()) if price else "",
            ]
            found.append(replace(choice, detail=" · ".join(filter(None, (*told, choice.detail)))))
    return found[:limit]


def _by_code(session: Session, field: Field, text: str) -> list[Choice]:
    word = " ".join(text.split()).casefold()
    found: list[Choice] = []
    for key in field.targets if word else ():
        item_type = session.workspace.types.get(key)
        if item_type is not None and item_type.code:
            for item in session.find(key, Test(item_type.code, "string", "~", word), limit=20).items:
                found.append(Choice(str(item.ref), session.title_of(item), session.workspace.show_ref(item.ref)))
    return found


def of_catalogue(session: Session, product: Ref, currency: str) -> dict[str, Any]:
    """A row of one unit of a product, in JSON form. Raises NotFound, AccessDenied."""
    item = session.get(product)
    row = from_catalogue(str(product), item.fields, currency)
    return row_json(replace(row, name=row.name or session.title_of(item)))


# -- changing ----------------------------------------------------------------------------------------------------------
class RowsChange(NamedTuple):
    """What becomes of an item's rows: in words for the journal (`{what}` of `{ref}`), and the rows as they are kept after it."""

    label: str
    what: str
    run: Callable[[ProductEntries], list[Any]]


def adding(rows: Sequence[Mapping[str, Any]], at: int | None = None) -> RowsChange:
    """Rows at the end, or before place `at`."""
    given = [{name: value for name, value in row.items() if name != "id"} for row in rows]

    def run(kept: ProductEntries) -> list[Any]:
        place = len(kept) if at is None else at
        raw = _raw(kept)
        return [*raw[:place], *given, *raw[place:]]

    return RowsChange(_("add {what} to {ref}"), ", ".join(_name(row) for row in given), run)


def editing(row_id: int, row: Mapping[str, Any], *, base: Mapping[str, Any] | None = None) -> RowsChange:
    """A row changed. `base` is the row as the person saw it: Conflict where somebody else changed the same part since."""

    def run(kept: ProductEntries) -> list[Any]:
        now = _kept(kept, row_id)
        seen = base if base is not None else now
        parts = {name for name in {*row, *seen} if row.get(name) != seen.get(name)}
        both = [name for name in parts if now.get(name) != seen.get(name) and now.get(name) != row.get(name)]
        if both:
            message = _("{name}: someone else changed this row meanwhile.").format(name=now.get("name") or "?")
            raise Conflict(message, fields=[FieldProblem(FIELD, message)])
        fresh = {**{name: value for name, value in now.items() if name not in parts}, **_some(row, parts), "id": row_id}
        return [fresh if one == row_id else raw for one, raw in _numbered(kept)]

    return RowsChange(_("change {what} of {ref}"), _name(row), run)


def editing_parts(
    session: Session, item: Item, row_id: int, parts: Mapping[str, str], *, canonical: bool = False
) -> RowsChange:
    """Parts of a row changed as they were typed, by name. Raises Refused naming what is wrong."""
    base = entry(item, row_id)
    return editing(row_id, with_parts(session, item, base, parts, canonical=canonical), base=base)


def removing(item: Item, row_ids: Sequence[int]) -> RowsChange:
    """Rows taken away. Raises NotFound."""
    known = dict(entries(item))
    if any(row_id not in known for row_id in row_ids):
        raise NotFound(_("This product row no longer exists."))
    names = ", ".join(_name(known[row_id]) for row_id in row_ids)
    return RowsChange(_("remove {what} from {ref}"), names, lambda kept: _raw(kept, without=row_ids))


def moving(item: Item, row_id: int, place: int) -> RowsChange | None:
    """A row at another place, counted from 0; None where it stands there. Raises NotFound."""
    order = [one for one, _kept in entries(item)]
    if row_id not in order:
        raise NotFound(_("This product row no longer exists."))
    place = max(min(place, len(order) - 1), 0)
    if order.index(row_id) == place:
        return None

    def run(kept: ProductEntries) -> list[Any]:
        moved = _kept(kept, row_id)
        rest = _raw(kept, without=[row_id])
        return [*rest[:place], {**moved, "id": row_id}, *rest[place:]]

    return RowsChange(_("move {what} in {ref}"), _name(dict(entries(item))[row_id]), run)


def apply(
    session: Session, ref: Ref, step: RowsChange, *, bring: Mapping[str, Any] | None = None, expect: int | None = None
) -> list[int]:
    """Make the change; the ids of rows that came to be. `bring` are values of other fields that the item needs besides, `expect` a
    revision that must still be its own."""
    before = {row_id for row_id, _kept in entries(session.get(ref))}
    with session.change(_told(session, ref, step)) as change:
        change.rework(ref, FIELD, lambda value: step.run(keyed(value)), bring=bring, expect=expect)
    return [row_id for row_id, _kept in entries(session.written(ref)) if row_id not in before]


def outcome(session: Session, ref: Ref, step: RowsChange) -> Item:
    """The item as the change would make it. Nothing is written; what would be refused is."""
    from tuicrm.services.kernel.changes import Change

    change = Change(session, _told(session, ref, step))
    change.rework(ref, FIELD, lambda value: step.run(keyed(value)))
    return change.outcome(ref)


def amount_kept(session: Session, before: Item, now: Item) -> str:
    """That an amount which somebody had set stays, though there are rows now that come to another, as half a sentence; "" else."""
    key = session.workspace.type(now.type).amount
    amount, summed = money_of(now.get(key)), totals(rows_of(now.get(FIELD)))
    if amount is None or summed is None or now.get(MANUAL) is not True or before.get(MANUAL) is True or entries(before):
        return ""
    context = session.context()
    return _("{field} stays {amount}, as it was set; the products make {sum}").format(
        field=session.label(session.workspace.fields(now.type)[key].label),
        amount=money_text(*amount, context),
        sum=money_text(summed.total, summed.currency, context),
    )


def follow_sum(session: Session, ref: Ref) -> None:
    """Let the amount be the sum of the rows again."""
    from tuicrm.services.items.items import edit as edit_item

    edit_item(session, ref, {MANUAL: False})


def with_parts(
    session: Session, item: Item, row: Mapping[str, Any], parts: Mapping[str, str], *, canonical: bool = False
) -> dict[str, Any]:
    """A row, in JSON form, with parts as they were typed. Raises Refused naming what is wrong."""
    context, changed = context_of(session, item, canonical=canonical), dict(row)
    for part, text in parts.items():
        try:
            changed = _with_part(changed, part, text, context)
        except BadValue as bad:
            raise Refused(f"{part}: {bad.message}", [FieldProblem(FIELD, bad.message, text)]) from bad
    return changed


def _with_part(row: Mapping[str, Any], part: str, text: str, context: Context) -> dict[str, Any]:
    if not context.canonical:
        return with_part(row, part, text, context)
    changed, _canonical = typed.either(text, lambda known: with_part(row, part, text, known), context)
    return changed


def typed_rows(session: Session, item: Item, text: str, price: str = "") -> list[Mapping[str, Any]]:
    """Rows in JSON form from canonical text, a row a line (`domain/kinds/product_lines.py`), not yet checked; `price` is for one that
    has none. Raises Refused."""
    field, context = field_of(session, item.type), context_of(session, item, canonical=True)
    try:
        try:
            return _rows(text, field, context)
        except BadValue:
            if not price:
                raise
            return _rows(f"{text} @ {price}", field, context)
    except BadValue as bad:
        raise Refused(bad.message, [FieldProblem(FIELD, bad.message, text)]) from bad


def _rows(text: str, field: Field, context: Context) -> list[Mapping[str, Any]]:
    found, _canonical = typed.either(text, lambda known: parse_lines(text, field, known), context)
    return found or []


def checked(session: Session, item: Item, row: Mapping[str, Any]) -> ProductRow:
    """The row as it would be kept. Raises BadValue."""
    return read_row(dict(row), field_of(session, item.type), context_of(session, item))


def _told(session: Session, ref: Ref, step: RowsChange) -> str:
    """The change's words. Raises Refused for types without rows."""
    field_of(session, ref.type)
    return step.label.format(what=step.what or _("a row"), ref=session.workspace.show_ref(ref))


def _numbered(kept: ProductEntries) -> ProductEntries:
    return [(one, {**raw, "id": one} if isinstance(raw, dict) else raw) for one, raw in kept]


def _raw(kept: ProductEntries, without: Sequence[int] = ()) -> list[Any]:
    return [raw for one, raw in _numbered(kept) if one not in without]


def _kept(kept: ProductEntries, row_id: int) -> Mapping[str, Any]:
    found = next((raw for one, raw in kept if one == row_id and isinstance(raw, dict)), None)
    if found is None:
        raise NotFound(_("This product row no longer exists."))
    return found


def _some(row: Mapping[str, Any], parts: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in parts}


def _name(kept: object) -> str:
    return str(kept.get("name") or "?") if isinstance(kept, dict) else "?"
