"""Values that a document lacked, filled into its item: written in the commit that makes the document, so that one undo takes both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuicrm.domain.items import Item, Ref
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.documents.vocabulary import Vocabulary
from tuicrm.services.items import items
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Key, Record


def own_field(session: Session, type_key: str, name: str) -> str:
    """The key of the item's own field that a placeholder prints, as far as this person may see it; "" for what no single field of the
    item holds."""
    found = next((one for one in Vocabulary(session, type_key).find(name) if one.route == "item"), None)
    key = found.source.partition(".")[2] if found is not None and len(found.sources) == 1 else ""
    field = session.workspace.field(type_key, key) if key else None
    return key if field is not None and session.access.sees(field) else ""


def read_into(session: Session, item: Item, texts: Mapping[str, str], *, canonical: bool = True) -> dict[str, Any]:
    """Values by field from texts by field (key or label) or placeholder; `canonical` as `items.values` has it. Raises Refused."""
    named: dict[str, str] = {}
    for name, text in texts.items():
        key = own_field(session, item.type, name) or name
        if key in named:
            raise Refused(f"{name}: {_('is given twice')}", [FieldProblem(key, _("is given twice"), text)])
        named[key] = text
    return items.values(session, item.type, named, canonical=canonical, within=item) if named else {}


def as_filled(session: Session, item: Item, values: Mapping[str, Any]) -> Item:
    """The item as it would be with them; nothing is written. Raises what editing it raises: AccessDenied, Refused, RequiredFields."""
    if not values:
        return item
    change = Change(session, "")
    change.edit(item.ref, values)
    return change.outcome(item.ref)


def drafted(draft: Draft, ref: Ref) -> Item:
    """The item as the change that is being drafted leaves it, as the person sees it. Raises NotFound."""
    doc = draft.get(Key(ref.type, ref.id))
    if doc is None:
        raise NotFound(draft.session.no_such(ref))
    return draft.session.mask(Record(ref.type, ref.id, 0, doc))
