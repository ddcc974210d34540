"""Who may read a message, and who may do something with it: below everything that shows one or changes one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tuicrm.domain.access import nearness
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import bound_to
from tuicrm.services.kernel.reader import Reader
from tuicrm.store.protocol import Doc


def is_private(doc: Doc) -> bool:
    """Whether a message is for its owner alone; what is not plainly shared is."""
    return doc.get("private") not in (None, False)


def is_own(reader: Reader, doc: Doc) -> bool:
    """Whether it came in by an account of this person's or of their department, or was written or taken in by them where it is of no
    account.

    What somebody took in who is not here any more is the administrators' to hand on."""
    owner = str(doc.get("owner") or doc.get("by") or "")
    holders = doc.get("holders")
    if is_of(reader, owner, *(map(str, holders) if isinstance(holders, list) else ())):
        return True
    if owner.startswith(_DEPARTMENT) and owner.removeprefix(_DEPARTMENT) in reader.workspace.departments:
        return False
    holder = reader.workspace.people.get(owner)
    return (holder is None or holder.retired) and reader.access.admin


_DEPARTMENT = "department:"


def is_of(reader: Reader, *owners: str) -> bool:
    """Whether one of these is this person, or a department of theirs (`department:KEY`)."""
    return nearness(reader.workspace, reader.access.person, owners) is not None


def may_read(reader: Reader, doc: Doc) -> bool:
    """Whether this person may read a message: one of their own, or one that is shared and bound to an item that they may read."""
    if is_own(reader, doc):
        return True
    return not is_private(doc) and any(True for _ref in seen_refs(reader, doc))


def seen_refs(reader: Reader, doc: Doc) -> Iterable[Ref]:
    """Those of the items that a message is bound to which this person may read."""
    return (ref for ref in bound_to(doc) if reader.peek(ref) is not None)


def may_change(reader: Reader, doc: Doc) -> bool:
    """Whether this person may bind it otherwise: their own, or one that they may read on an item that they may change."""
    if is_own(reader, doc):
        return True
    if not may_read(reader, doc):
        return False
    return any(_may_edit(reader, ref) for ref in bound_to(doc))


def may_delete(reader: Reader, doc: Doc) -> bool:
    """Whether this person may delete it: their own, or one that they may read of which they may change every item."""
    if is_own(reader, doc):
        return True
    refs = bound_to(doc)
    return bool(refs) and may_read(reader, doc) and all(_may_edit(reader, ref) for ref in refs)


def _may_edit(reader: Reader, ref: Ref) -> bool:
    item = reader.peek(ref)
    return item is not None and reader.access.may("edit", ref.type, item.fields)


def as_seen(reader: Reader, doc: Doc) -> Doc:
    """A message as this person may see it: the items that they may not read are not named, `more` says how many those are."""
    kept = doc.get("on")
    if not isinstance(kept, list) or not kept:
        return doc
    seen = [str(ref) for ref in seen_refs(reader, doc)]
    shown: dict[str, Any] = {**doc, "on": seen}
    living = [ref for ref in bound_to(doc) if any(True for _one in reader.whole.get(ref.type, [ref.id]))]
    hidden = len({str(ref) for ref in living} - set(seen))
    return {**shown, "more": hidden} if hidden else shown
