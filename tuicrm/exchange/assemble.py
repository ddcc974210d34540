"""A row's cells put together by field: three columns of an address are one value, and a name may fill two fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.contact_points import USUAL
from tuicrm.domain.kinds.currency_signs import currency_named
from tuicrm.domain.schema import Field, ItemType
from tuicrm.exchange.cells import read_cell
from tuicrm.exchange.column_styles import ColumnStyle
from tuicrm.exchange.families import sorted_parts
from tuicrm.exchange.mapping import ColumnMap
from tuicrm.exchange.presets import NAME, ColumnTarget
from tuicrm.i18n import _


class Problem(NamedTuple):
    """A cell that its field refuses: the reason is for people."""

    column: str
    field: str
    value: str
    reason: str


class Assembled(NamedTuple):
    """A row for one item: values by field key, in JSON form, or still text for the kinds that need names (list, dictionary,
    person, item, and stage and pipeline). Empty cells leave no key. Links are not in it: see `ColumnMap.links`."""

    values: dict[str, Any]
    problems: tuple[Problem, ...]


def assemble(
    mapping: ColumnMap, item_type: ItemType, cells: Mapping[str, str], styles: Mapping[str, ColumnStyle], currency: str
) -> Assembled:
    """Put a row together. `styles` is each column's (`column_styles.judge`); `currency` is for amounts that tell none."""
    fields = {field.key: field for field in item_type.fields}
    currencies = currencies_of(mapping, cells)
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for guess in mapping.guesses:
        text = cells.get(guess.column, "").strip()
        if guess.target is None or guess.how == "link" or not text:
            continue
        if guess.target.field == NAME:
            values.update(split_name(text, item_type))
            continue
        field = fields[guess.target.field]
        try:
            if field.traits.reaches:
                label = cells.get(mapping.labels.get(guess.column, ""), "")
                _reach(values, field, sorted_parts(text, label, field.kind, guess.target.part or USUAL[field.kind]))
                continue
            style = styles.get(guess.column, ColumnStyle())
            if field.many and not field.traits.is_address:
                listed = _listed(text, mapping.lists.get(guess.column, ""))
                found = [read_cell(one, field, style) for one in listed]
                before = values.get(field.key, [])
                values[field.key] = [*before, *(one for one in found if one not in before)]
                continue
            _put(values, field, guess.target, text, style, currencies.get(field.key, ""))
        except BadValue as bad:
            problems.append(Problem(guess.column, field.key, text, bad.message))
    for field in item_type.fields:
        if field.traits.has_currency and field.key in values:
            money = values.pop(field.key)
            # A currency alone is no amount.
            if "amount" in money:
                values[field.key] = {"amount": money["amount"], "currency": money.get("currency") or currency}
    return Assembled(values, tuple(problems))


def currencies_of(mapping: ColumnMap, cells: Mapping[str, str]) -> dict[str, str]:
    """What the columns of currencies say, by the field of the amount."""
    return {
        guess.target.field: currency_named(text)
        for guess in mapping.guesses
        if guess.target and guess.target.part == "currency" and (text := cells.get(guess.column, "").strip())
    }


def split_name(text: str, item_type: ItemType) -> dict[str, str]:
    """A whole name in the fields that make it: with two of them, the last word is the last one's ("Ada Maria" + "Byron")."""
    first, *rest = item_type.title
    if not rest:
        return {first: text}
    words = text.rsplit(None, 1)
    return {first: words[0], rest[-1]: words[1]} if len(words) == 2 else {first: text}


def _listed(text: str, mark: str) -> list[str]:
    """The values of a cell: between the mark that its program uses, else between semicolons, `:::` or lines."""
    return [one.strip() for one in re.split(re.escape(mark) if mark else r";|:::|\n", text) if one.strip()]


def _reach(values: dict[str, Any], field: Field, found: list[tuple[str, str]]) -> None:
    """Add ways to reach someone, each once; one cell may hold the same of two sorts. Raises BadValue for several in a field of one."""
    before = values.get(field.key, [])
    there = {one["value"] for one in before} if field.many else set()
    for text, sort in found:
        value = {"value": text, **({"typed": text} if field.traits.is_phone else {}), "type": sort}
        if not field.many:
            if field.key in values:
                raise BadValue(_("one value is expected"), text)
            values[field.key] = value
        elif text not in there and value not in before:
            before = values[field.key] = [*before, value]


def _put(
    values: dict[str, Any], field: Field, target: ColumnTarget, text: str, style: ColumnStyle, currency: str
) -> None:
    if field.traits.is_address:
        values.setdefault(field.key, {})[target.part or "line1"] = text
    elif field.traits.has_currency:
        money = {"currency": currency} if target.part == "currency" else read_cell(text, field, style, currency)
        values[field.key] = {**values.get(field.key, {}), **{part: said for part, said in money.items() if said}}
    else:
        values[field.key] = read_cell(text, field, style)
