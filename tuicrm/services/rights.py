"""Rights to records that are no items: definitions, card layouts, people's own preferences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuicrm.domain.access import Access, Special
from tuicrm.errors import AccessDenied
from tuicrm.i18n import _

PREFERENCES = "preference"
"""The table of what people set for themselves alone (`services/preferences.py`)."""


_FILTERS = "filter"


def require_definition(
    access: Access, table: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:
    """Raise AccessDenied unless the person may write this definition; `before` and `after` as in a change."""
    for doc in (before, after):
        if doc is None:
            continue
        if table == "layout":
            _require_layout(access, doc)
        elif table == PREFERENCES:
            _require_own(access, doc)
        elif table == _FILTERS:
            _require_filter(access, doc)
        elif not access.has("settings"):
            raise AccessDenied(_("You may not change the definitions of this workspace."))


def _require_layout(access: Access, doc: Mapping[str, Any]) -> None:
    scope = doc.get("scope")
    own = scope == "personal" and doc.get("person") == access.person.key
    wanted: Special = "personal_layout" if own else "make_views" if scope == "view" else "edit_common_layout"
    if not access.shapes(wanted):
        raise AccessDenied(why_not_shape(wanted))


def why_not_shape(special: Special) -> str:
    """What is said to someone without the right."""
    return {
        "personal_layout": _("Your roles do not allow a layout of your own."),
        "make_views": _("You may not make or change views: an administrator may."),
    }.get(special, _("You may not change the common layout: an administrator may."))


def _require_own(access: Access, doc: Mapping[str, Any]) -> None:
    if doc.get("person") != access.person.key:
        raise AccessDenied(_("These are somebody else's preferences."))


def _require_filter(access: Access, doc: Mapping[str, Any]) -> None:
    if doc.get("person", "") not in ("", access.person.key):
        raise AccessDenied(_("This is somebody else's filter."))
    if not doc.get("person") and (reason := why_not_share(access)):
        raise AccessDenied(reason)


def why_not_share(access: Access) -> str | None:
    """Why a person may not make or change filters for everyone; None where they may."""
    return None if access.shapes("make_views") else _("You may not make or change filters for everyone.")
