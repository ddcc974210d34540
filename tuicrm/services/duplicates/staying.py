"""Which of several items that are merged is proposed as the one that stays: the oldest and fullest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tuicrm.domain.items import Item, Ref
from tuicrm.domain.required import is_empty
from tuicrm.errors import AccessDenied
from tuicrm.services.duplicates import merging
from tuicrm.services.kernel.computed_fields import KEPT_BY_RULES
from tuicrm.services.kernel.session import Session


def proposed(session: Session, refs: Sequence[Ref]) -> merging.MergePlan:
    """The plan with the proposed item first and the others as they were named; as they were named where the person may not delete
    the others. Raises what `merging.plan` raises."""
    refs = list(dict.fromkeys(refs))
    plan = merging.plan(session, refs)
    main = best(plan.items)
    if main.ref == plan.main.ref:
        return plan
    try:
        return merging.plan(session, [main.ref, *(ref for ref in refs if ref != main.ref)])
    except AccessDenied:
        return plan


def best(items: Sequence[Item]) -> Item:
    """The one that is oldest and fullest: the places in both orders count alike, and where they are even, the age."""
    age = _places(items, lambda item: str(item.get("created") or "~"))
    fullness = _places(items, lambda item: -_filled(item))
    return min(items, key=lambda item: (age[item.ref] + fullness[item.ref], age[item.ref], item.id))


def _filled(item: Item) -> int:
    """How many fields somebody filled."""
    return sum(not is_empty(value) for key, value in item.fields.items() if key not in KEPT_BY_RULES)


def _places(items: Sequence[Item], order: Callable[[Item], Any]) -> dict[Ref, int]:
    """Each item's place in an order, from 0; those that are alike in it have the same."""
    keys = sorted({order(item) for item in items})
    return {item.ref: keys.index(order(item)) for item in items}
