"""Who may use a template, make documents, and read one that was made (reference §9, §3.2)."""

from __future__ import annotations

from collections.abc import Iterable

from tuicrm.domain.access import nearness
from tuicrm.domain.documents.document import DocVersion
from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import Field
from tuicrm.i18n import _
from tuicrm.services.kernel.permissions import why_not_make_documents, why_not_shape_templates
from tuicrm.services.kernel.session import Session


def may_use(session: Session, template: DocTemplate) -> bool:
    """Whether a template is for this person; who may change templates may use them all."""
    if not template.users or why_not_shape_templates(session.access) is None:
        return True
    return nearness(session.workspace, session.person, template.users) is not None


def why_not_make(session: Session, item: Item) -> str | None:
    """Why this person may make no document on an item that they may read; None where they may."""
    if not session.access.may("edit", item.type, item.fields):
        noun = session.label(session.workspace.type(item.type).label).lower()
        return _("You may not change this {type}.").format(type=noun)
    return why_not_make_documents(session.access)


def why_closed(session: Session, version: DocVersion) -> str:
    """Why this person may not read a version of a document that hangs on an item they may read; "" where they may."""
    if any(not _sees(session, name) for name in version.printed) or any(_unreadable(session, version.items)):
        return _("It contains fields you may not see.")
    return ""


def _sees(session: Session, name: str) -> bool:
    """Whether the person may see a field by its full name, `deal.amount`; one that was deleted, as before that."""
    type_key, _dot, key = name.partition(".")
    workspace, access = session.workspace, session.access
    if access.admin:
        return True
    field = workspace.field(type_key, key) if type_key in workspace.types else None
    if field is not None:
        return access.sees(field)
    for entry in workspace.records["field"].values():
        if entry.doc.get("type") == type_key and entry.doc.get("key") == key:
            members = entry.doc.get("visible_to")
            gone = Field(key, "", "", visible_to=[str(one) for one in members] if isinstance(members, list) else [])
            return access.sees(gone)
    return False


def _unreadable(session: Session, items: Iterable[str]) -> Iterable[bool]:
    """Of each of some items whether it may not be read; one that is gone is judged as it was last."""
    for text in items:
        ref = Ref.read(text)
        yield not session.access.admin and (
            ref is None or (session.peek(ref) is None and session.past.last_known(ref) is None)
        )
