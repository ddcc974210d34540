"""What a person may do with items, said before anything is asked for that could not be saved."""

from __future__ import annotations

from tuicrm.domain.access import Operation
from tuicrm.domain.items import Item
from tuicrm.errors import AccessDenied
from tuicrm.i18n import _
from tuicrm.services.kernel.permissions import require
from tuicrm.services.kernel.session import Session


def why_not_allowed(session: Session, operation: Operation, item: Item | None) -> str | None:
    """Why the person may not do this to an item; None when they may, and where there is no item."""
    if session.access.admin or item is None:
        return None
    try:
        require(session, operation, item.type, item.fields)
    except AccessDenied as denied:
        return denied.message
    return None


def why_not_new(session: Session, type_key: str, pipeline: str = "", stage: str = "") -> str | None:
    """Why the person may not add an item there; None when they may."""
    if session.access.scope("add", type_key, pipeline, stage) != "none":
        return None
    noun = session.label(session.workspace.type(type_key).plural).lower()
    return _("You may not add {type}.").format(type=noun)
