"""An item type of one's own for tests: deliveries, which belong to deals."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.schema import ItemType
from tuicrm.domain.smart import Relation
from tuicrm.services.definitions import item_types
from tuicrm.services.definitions.item_type_checks import switches
from tuicrm.services.definitions.item_types import TypeChanges
from tuicrm.services.kernel.session import Session


def delivery(session: Session, *, has: Sequence[str] | None = None, parents: Sequence[str] = ("deal",)) -> ItemType:
    """Make the type `delivery` (DEL-1) with everything, or with these switches."""
    every = [switch.key for switch in switches(session)]
    relations = [Relation(parent) for parent in parents]
    said = TypeChanges("Delivery", "Deliveries", "DEL", "▷", every if has is None else has, relations)
    return item_types.add(session, said, key="delivery")
