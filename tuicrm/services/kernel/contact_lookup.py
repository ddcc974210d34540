"""Whom a phone number or an e-mail address reaches: contacts, companies and leads, found by what is compared (`domain/reach.py`).

By postings: a look-up takes as long among a hundred thousand contacts as among ten.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tuicrm.domain import reach
from tuicrm.domain.conditions import Condition, OneOf
from tuicrm.domain.workspace import Workspace


def reached_types(workspace: Workspace) -> list[str]:
    """Who can be reached (reference §13): people and companies first, then those who ask."""
    found = [one for one in workspace.types.values() if one.reached]
    return [one.key for one in sorted(found, key=lambda one: one.has_stages)]


def reach_of(fields: Mapping[str, Any]) -> Sequence[str]:
    """All phones and e-mails of an item, as they are compared."""
    return reach.reach(fields)


def reached_by(found: Collection[str]) -> Condition:
    """The condition that leaves only items that one of these reaches."""
    return OneOf(reach.PATH, "string", tuple(sorted(found)))
