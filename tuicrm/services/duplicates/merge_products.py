"""Product rows of items that become one, and what their amount then is.

All rows come together, the main item's first. An amount that follows rows goes on following them: only where one was set by hand, or
belongs to an item without rows, is there an amount to choose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tuicrm.domain.items import Item
from tuicrm.domain.products import FIELD, rows_of
from tuicrm.services.kernel.product_rules import MANUAL, TAX

FOLLOWING = frozenset({MANUAL, TAX})
"""Fields that follow from the rows and the amount, where there are rows."""


def united(values: Sequence[Any]) -> list[Any]:
    """The rows of all, as they are kept, in the items' order. Ids are given anew to all but those of the first."""
    first = values[0] if isinstance(values[0], list) else []
    return [*first, *(row for value in values[1:] for row in without_ids(value))]


def without_ids(value: object) -> list[Any]:
    """Rows of another item: their ids mean nothing in this one."""
    kept = value if isinstance(value, list) else []
    return [
        {name: part for name, part in row.items() if name != "id"} if isinstance(row, dict) else row for row in kept
    ]


def follows(item: Item) -> bool:
    """Whether an item's amount is the sum of its rows."""
    return bool(rows_of(item.get(FIELD))) and item.get(MANUAL) is not True


def amount_of(values: Mapping[str, Any], key: str, source: Item, main: Item) -> dict[str, Any]:
    """The values with which the main item, if it has rows after them, gets the amount of `source`: its sum, or what was set. `key` is
    the amount's field."""
    rows = values.get(FIELD, main.get(FIELD))
    if not rows_of(rows):
        return dict(values)
    told = {name: value for name, value in values.items() if name != key}
    if source.get(key) is not None and not follows(source):
        return {**told, key: source.get(key)}
    return {**told, MANUAL: False} if main.get(MANUAL) is True else told
