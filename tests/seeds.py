"""The few items that small workspaces of tests begin with."""

from __future__ import annotations

from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session

_SEEDS = (
    ("company", {"title": "Rossi Srl"}),
    ("company", {"title": "Ferrari Legnami"}),
    ("contact", {"first_name": "Maria", "last_name": "Rossi", "company": "CO-1"}),
    ("deal", {"title": "Website redesign", "amount": "12500 EUR", "company": "CO-1"}),
    ("deal", {"title": "ERP connector", "amount": "38000 EUR", "company": "CO-2", "responsible": "luca"}),
    ("deal", {"title": "Annual support"}),
)
"""Types and what is typed, in the order in which they get their numbers. Luca is there already."""


def add_seeds(session: Session) -> None:
    """Add them, one change each."""
    for type_key, texts in _SEEDS:
        items.add(session, type_key, items.values(session, type_key, texts))
