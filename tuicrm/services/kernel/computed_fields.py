"""Fields that nobody fills: they follow from others of the same item, whatever way those came to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tuicrm.domain.required import is_empty
from tuicrm.store.protocol import Doc

if TYPE_CHECKING:
    from tuicrm.domain.workspace import Workspace

HAS = {"has_phone": "phone", "has_email": "email", "has_messenger": "messenger"}
"""Yes/no field → the one that it tells of."""

CLOSED_AT = "closed_at"

FOLLOWS = frozenset({"updated", "updated_by", "stage_since", "moved_by", "closed", CLOSED_AT, *HAS})
"""Fields that change with everything else: no news of their own."""

KEPT_BY_RULES = frozenset({"created", "created_by", *FOLLOWS})
"""Fields that follow from what people do and are never set by them."""


def follow(workspace: Workspace, type_key: str, before: Mapping[str, Any], doc: Doc, now: str) -> None:
    """Bring them up to date in a document that is about to be written."""
    fields = workspace.fields(type_key)
    for key, told in HAS.items():
        if key in fields:
            doc[key] = not is_empty(doc.get(told))
    if CLOSED_AT in fields:
        if not doc.get("closed"):
            doc.pop(CLOSED_AT, None)
        elif not before.get("closed") or CLOSED_AT not in doc:
            doc[CLOSED_AT] = now
