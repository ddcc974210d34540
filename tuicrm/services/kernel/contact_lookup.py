"""Whom a phone number or an e-mail address reaches: contacts, companies and leads, found by what is compared (`domain/reach.py`).

By postings: a look-up takes as long among a hundred thousand contacts as among ten.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tuicrm.domain import reach
from tuicrm.domain.conditions import Condition, OneOf
from tuicrm.domain.items import Item
from tuicrm.domain.workspace import Workspace
from tuicrm.services.kernel.reader import Reader


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


def ids(session: Reader, type_key: str, found: Collection[str]) -> list[int]:
    """Ids of a type's items that one of these reaches, whoever may see them: for rules, never to be told."""
    return session.whole.ids(type_key, reached_by(found)) if found and type_key in session.workspace.types else []


def known(session: Reader, found: Collection[str]) -> list[Item]:
    """The items that one of these reaches and that this person may read, by type."""
    if not found:
        return []
    return [item for key in reached_types(session.workspace) for item in session.find(key, reached_by(found)).items]
