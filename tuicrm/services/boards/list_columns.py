"""What a person's list of a type shows: which columns, in which order, how wide, sorted by what. Kept as preferences of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.conditions import Sort
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.schema import Field
from tuicrm.i18n import N_, _
from tuicrm.services.kernel.reader import NEXT
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences

REF, NAME, CLIENT = "@ref", "@name", "@client"
"""Columns that are no fields: an item's ref, its name where that is in several fields, its client where several fields name one; and
what is to be done with it next (NEXT)."""

_OWN = {
    REF: Field(REF, "string", N_("Ref")),
    NAME: Field(NAME, "string", N_("Name")),
    CLIENT: Field(CLIENT, "string", N_("Client")),
    NEXT: Field(NEXT, "datetime", N_("Next activity")),
}
_LEAST, _MOST = 4, 80


class ListColumn(Struct, frozen=True):
    """A column: a field's key (or REF, NEXT), and the cells it is to take; 0 for what its kind needs."""

    key: str
    cells: int = 0


class SortKey(Struct, frozen=True):
    """One sort key."""

    key: str
    descending: bool = False


class Arrangement(Struct, frozen=True):
    """What a list shows and how it is sorted, first key first. No order: by name."""

    columns: tuple[ListColumn, ...]
    order: tuple[SortKey, ...] = ()


def column_field(session: Session, type_key: str, key: str) -> Field | None:
    """The field of a column; None where it has no field, or one that this person may not see."""
    own = _OWN.get(key)
    if own is not None:
        if key in (NAME, CLIENT) and len(stands_for(session, type_key, key)) < 2:
            return None
        return replace(own, label=_(str(own.label)))
    field = session.workspace.field(type_key, key)
    return field if field is not None and session.access.sees(field) else None


def stands_for(session: Session, type_key: str, key: str) -> list[Field]:
    """The fields whose values a column shows: several of a name or a client, nothing for a ref or what is next."""
    item_type = session.workspace.type(type_key)
    keys = {NAME: item_type.title, CLIENT: item_type.client}.get(key, () if key in _OWN else (key,))
    fields = (session.workspace.field(type_key, one) for one in keys)
    return [field for field in fields if field is not None and session.access.sees(field)]


def every_column(session: Session, type_key: str) -> list[Field]:
    """All fields that can be a column, and the columns that are none."""
    fields = [
        f for f in session.workspace.fields(type_key).values() if not f.traits.holds_rows and session.access.sees(f)
    ]
    return [field for key in _OWN if (field := column_field(session, type_key, key))] + fields


def can_sort(field: Field) -> bool:
    """Whether a list can be sorted by a column: several values, files and addresses have no order."""
    return field.key not in (REF, CLIENT) and not field.many and field.traits.sorts


def usual(session: Session, type_key: str) -> Arrangement:
    """What everybody sees first: the type's columns, with its name and its client in one each, and what is next after the amount."""
    item_type = session.workspace.type(type_key)
    keys = list(item_type.columns)
    for one in (NAME, CLIENT):
        parts = {field.key for field in stands_for(session, type_key, one)}
        at = next((at for at, key in enumerate(keys) if key in parts), -1)
        if len(parts) > 1 and at >= 0:
            keys = [*keys[:at], one, *(key for key in keys[at:] if key not in parts)]
    if item_type.has_stages and item_type.numbering is None:
        before = next((key for key in (item_type.amount, "stage") if key in keys), keys[-1] if keys else "")
        keys.insert(keys.index(before) + 1 if before else 0, NEXT)
    return Arrangement(tuple(ListColumn(key) for key in keys if column_field(session, type_key, key)))


def arrangement(session: Session, type_key: str) -> Arrangement:
    """What the person chose, as far as there is it still; else the usual."""
    kept = preferences.list_choice(session, LayoutPlace(type_key))
    if not kept:
        return usual(session, type_key)
    columns = tuple(_columns(session, type_key, kept.get("columns")))
    order = tuple(_order(session, type_key, kept.get("order")))
    return Arrangement(columns or usual(session, type_key).columns, order)


def shown_fields(session: Session, type_key: str) -> list[Field]:
    """The fields that are columns of a type's list, in their order."""
    columns = arrangement(session, type_key).columns
    found = {field.key: field for column in columns for field in stands_for(session, type_key, column.key)}
    return list(found.values())


def _columns(session: Session, type_key: str, kept: object) -> Iterable[ListColumn]:
    seen: set[str] = set()
    for one in kept if isinstance(kept, list) else ():
        if isinstance(one, list) and len(one) == 2 and isinstance(one[0], str) and isinstance(one[1], int):
            key, cells = one
            if key not in seen and column_field(session, type_key, key):
                seen.add(key)
                yield ListColumn(key, min(max(cells, _LEAST), _MOST) if cells else 0)


def _order(session: Session, type_key: str, kept: object) -> Iterable[SortKey]:
    for one in kept if isinstance(kept, list) else ():
        field = column_field(session, type_key, one.removeprefix("-")) if isinstance(one, str) else None
        if field is not None and can_sort(field):
            yield SortKey(field.key, one.startswith("-"))


def keep(session: Session, type_key: str, chosen: Arrangement) -> None:
    """Remember it. The usual one is forgotten, so that it follows the type."""
    columns = [[column.key, column.cells] for column in chosen.columns]
    order = [f"-{one.key}" if one.descending else one.key for one in chosen.order]
    doc = None if chosen == usual(session, type_key) else {"columns": columns, "order": order}
    preferences.choose_list(session, LayoutPlace(type_key), doc)


# -- steps, each from one arrangement to the next ----------------------------------------------------------------------
def toggled(chosen: Arrangement, key: str) -> Arrangement:
    """With a column at the end, or without it; the last one stays."""
    there = [column for column in chosen.columns if column.key != key]
    if len(there) == len(chosen.columns):
        return replace(chosen, columns=(*there, ListColumn(key)))
    return replace(chosen, columns=tuple(there)) if there else chosen


_Keyed = TypeVar("_Keyed", ListColumn, SortKey)


def moved(chosen: Arrangement, key: str, step: int) -> Arrangement:
    """With a column one place further on."""
    return replace(chosen, columns=_further(chosen.columns, key, step))


def _further(things: tuple[_Keyed, ...], key: str, step: int) -> tuple[_Keyed, ...]:
    """With the one of a key moved by `step` places; as they are where there is no such one, or no such place."""
    at = next((n for n, one in enumerate(things) if one.key == key), -1)
    if at < 0 or not 0 <= at + step < len(things):
        return things
    moving = list(things)
    moving.insert(at + step, moving.pop(at))
    return tuple(moving)


def sized(chosen: Arrangement, key: str, cells: int) -> Arrangement:
    """With a column of so many cells; 0 for what its kind needs."""
    cells = min(max(cells, _LEAST), _MOST) if cells else 0
    columns = (replace(column, cells=cells) if column.key == key else column for column in chosen.columns)
    return replace(chosen, columns=tuple(columns))


def resize(session: Session, type_key: str, key: str, cells: int) -> None:
    """Keep a width that a person gave a column of theirs; 0 for what its kind needs."""
    keep(session, type_key, sized(arrangement(session, type_key), key, cells))


def ordered(chosen: Arrangement, key: str) -> Arrangement:
    """Sorted by a key too: up, then down, then not."""
    found = next((one for one in chosen.order if one.key == key), None)
    if found is None:
        return replace(chosen, order=(*chosen.order, SortKey(key)))
    if not found.descending:
        turned = tuple(SortKey(key, True) if one.key == key else one for one in chosen.order)
        return replace(chosen, order=turned)
    return replace(chosen, order=tuple(one for one in chosen.order if one.key != key))


def reordered(chosen: Arrangement, key: str, step: int) -> Arrangement:
    """With a sort key one place up or down."""
    return replace(chosen, order=_further(chosen.order, key, step))


def sorts_of(session: Session, type_key: str, order: Sequence[SortKey]) -> tuple[Sort, ...]:
    """What the store sorts by. What no field tells apart, and all without any order, goes by name."""
    sorts = []
    for one in order:
        field = column_field(session, type_key, one.key)
        if field is not None and field.key == NAME:
            sorts += [Sort(key, "string", one.descending) for key in session.workspace.type(type_key).title]
        elif field is not None:
            rates = session.workspace.rates.table() if field.traits.has_currency else {}
            sorts.append(Sort(field.derived or field.key, field.kind, one.descending, rates))
    if all(one.key == NEXT for one in order):
        sorts += [Sort(key, "string") for key in session.workspace.type(type_key).title]
    return tuple(sorts)
