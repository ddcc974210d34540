"""Whom a phone number or an e-mail address reaches: contacts, companies and leads, found by what is compared (`domain/reach.py`).

By postings: a look-up takes as long among a hundred thousand contacts as among ten.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tuicrm.domain import reach
from tuicrm.domain.conditions import Condition, OneOf

TYPES = ("contact", "company", "lead")
"""Who can be reached (reference §13)."""


def reach_of(fields: Mapping[str, Any]) -> Sequence[str]:
    """All phones and e-mails of an item, as they are compared."""
    return reach.reach(fields)


def reached_by(found: Collection[str]) -> Condition:
    """The condition that leaves only items that one of these reaches."""
    return OneOf(reach.PATH, "string", tuple(sorted(found)))
