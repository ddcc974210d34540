"""What a step is about in words: its label, with what the items are called that it is about."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session

_NAMED = 3
"""Items that are named; after them stands `…`."""
_LONGEST = 50
"""Characters of a title: what is longer is cut, it stands in one line with others."""


def naming(session: Session, label: str, refs: Sequence[Ref]) -> str:
    """A label with the names of items behind it, as this person may read them: `change Amount of D-42 (ERP connector)`. A ref that the
    label holds is not said again."""
    names = [name for ref in refs[:_NAMED] if (name := _name(session, label, ref))]
    if len(refs) > _NAMED:
        names.append("…")
    return _("{what} ({items})").format(what=label, items=", ".join(names)) if names else label


def item_name(session: Session, ref: Ref) -> str:
    """`D-42 ERP connector`, of an item that is there or was deleted; the ref alone of one that may not be read or has no name."""
    shown = session.workspace.show_ref(ref)
    title = _title(session, ref)
    return f"{shown} {title}" if title else shown


def _name(session: Session, label: str, ref: Ref) -> str:
    """What the label lacks of an item's name."""
    title, shown = _title(session, ref), session.workspace.show_ref(ref)
    if shown in label.replace(",", " ").split():
        return "" if title and title in label else title
    return f"{shown} {title}" if title else ""


def _title(session: Session, ref: Ref) -> str:
    """What an item is called; "" where that is no more than its ref, and of what the person may not read."""
    item = session.peek(ref)
    fields = item.fields if item is not None else session.past.last_known(ref)
    if fields is None:
        return ""
    title = session.title(session.workspace.type(ref.type), ref.id, fields)
    if title == session.workspace.show_ref(ref):
        return ""
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
