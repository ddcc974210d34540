"""Rights, as they are asked for at the door: to items, and to records that are none (definitions, card layouts, preferences)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tuicrm.domain.access import Access, Operation, Special
from tuicrm.errors import AccessDenied
from tuicrm.i18n import _
from tuicrm.login import refuse_here

if TYPE_CHECKING:
    from tuicrm.services.kernel.reader import Reader

PREFERENCES = "preference"
"""The table of what people set for themselves alone (`services/workspace/preferences.py`)."""


_FILTERS, _TEMPLATES, _CHANNELS, _TEXTS = "filter", "template", "channel", "text_template"


def require(session: Reader, operation: Operation, type_key: str, doc: Mapping[str, Any]) -> None:
    """Raise AccessDenied unless the person may do this to an item with these fields."""
    if not session.access.may(operation, type_key, doc):
        item_type = session.workspace.type(type_key)
        text = {
            "add": _("You may not add {type}."),
            "edit": _("You may not change this {type}."),
            "delete": _("You may not delete this {type}."),
            "export": _("You may not export {type}."),
            "import": _("You may not import {type}."),
        }.get(operation, _("You may not see this {type}."))
        noun = item_type.plural if operation in ("add", "export", "import") else item_type.label
        raise AccessDenied(text.format(type=session.label(noun).lower()))


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
        elif table == _CHANNELS:
            _require_channel(access, doc)
        elif table == _TEMPLATES:
            _require_templates(access)
        elif table == _TEXTS:
            _require_texts(access, doc)
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
        "personal_layout": _("Your roles do not allow a personal layout."),
        "make_views": _("You may not create or change views: ask an administrator."),
    }.get(special, _("You may not change the common layout: ask an administrator."))


def _require_own(access: Access, doc: Mapping[str, Any]) -> None:
    if doc.get("person") != access.person.key:
        raise AccessDenied(_("These preferences belong to somebody else."))


def _require_templates(access: Access) -> None:
    if reason := why_not_shape_templates(access):
        raise AccessDenied(reason)


def why_not_shape_templates(access: Access) -> str | None:
    """Why a person may not add, change or delete document templates; None where they may."""
    return None if access.shapes("templates") else _("You may not change document templates: ask an administrator.")


def _require_texts(access: Access, doc: Mapping[str, Any]) -> None:
    if reason := why_not_shape_texts(access, doc.get("users") or ()):
        raise AccessDenied(reason)


def why_not_shape_texts(access: Access, users: object) -> str | None:
    """Why a person may not add, change or delete a template of texts for these; None where they may: one for them alone is theirs."""
    if access.shapes("templates") or (users == [access.person.key] and not access.person.retired):
        return None
    return _("You may change templates of texts that are for you alone: for others, ask an administrator.")


def why_not_make_documents(access: Access) -> str | None:
    """Why a person may not make or change documents; None where they may."""
    if access.has("make_documents"):
        return None
    return _("You may not create or change documents: your roles do not allow it.")


def why_not_merge(access: Access) -> str | None:
    """Why a person may not merge items; None where they may, as far as they may change and delete each."""
    return None if access.has("merge") else _("You may not merge: your roles do not allow it.")


def why_not_change_many(access: Access) -> str | None:
    """Why a person may not change many items at once; None where they may, as far as they may change each."""
    return None if access.has("bulk") else _("You may not change many at once: your roles do not allow it.")


def _require_filter(access: Access, doc: Mapping[str, Any]) -> None:
    if doc.get("person", "") not in ("", access.person.key):
        raise AccessDenied(_("This filter belongs to somebody else."))
    if not doc.get("person") and (reason := why_not_share(access)):
        raise AccessDenied(reason)


def _require_channel(access: Access, doc: Mapping[str, Any]) -> None:
    # It names files, programs and servers that this machine then turns to.
    refuse_here(_("Channels are set up on the server itself, not from where you come in."))
    if not owns_channel(access, doc.get("person", "")):
        raise AccessDenied(_("You may change your own channels only: ask someone with the right to channels."))


def owns_channel(access: Access, person: object) -> bool:
    """Whether a person may change a channel of `person` ("": of a department): their own, or any with the right to channels."""
    return access.has("channels") or (person == access.person.key and not access.person.retired)


def why_not_share(access: Access) -> str | None:
    """Why a person may not make or change filters for everyone; None where they may."""
    return None if access.shapes("make_views") else _("You may not create or change filters for everyone.")
