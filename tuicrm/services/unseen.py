"""What a person must not learn from the journal of definitions: that there are fields which are shown to others only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import zip_longest
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from tuicrm.domain.layouts import without
from tuicrm.domain.schema import Field, Placed, all_labels
from tuicrm.domain.workspace import LayoutRecord
from tuicrm.services.followers import FOLLOWS
from tuicrm.services.session import Session
from tuicrm.store.protocol import Doc, Version


class Unseen:
    """The fields that a person may not see, living and deleted; made for one reading of the journal."""

    def __init__(self, session: Session) -> None:
        self._keys: dict[str, set[str]] = {}
        labels: list[str] = []
        for type_key, field in _restricted(session):
            self._keys.setdefault(type_key, set()).add(field.key)
            labels += all_labels(field.label)
        words = "|".join(re.escape(label) for label in labels if label)
        self._named = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None

    def named_in(self, note: str) -> bool:
        """Whether a change's label speaks of such a field."""
        return self._named is not None and self._named.search(note) is not None

    def touched(self, table: str, before: Doc | None, after: Doc | None) -> bool:
        """Whether a definition's change is about such fields too."""
        if table == "field":
            return self.all_of(table, before, after)
        old, new = (_filled(side.unseen) if (side := self._layout(table, doc)) else {} for doc in (before, after))
        return old != new

    def all_of(self, table: str, before: Doc | None, after: Doc | None) -> bool:
        """Whether it is about such fields and about nothing else."""
        if table == "field":
            return any(doc.get("key") in self._keys.get(str(doc.get("type")), ()) for doc in (before, after) if doc)
        sides = [self._layout(table, doc) for doc in (before, after)]
        return sides[0] is not None and sides[1] is not None and sides[0].seen == sides[1].seen

    def _layout(self, table: str, doc: Doc | None) -> _Sides | None:
        """A layout's record apart; None where there is nothing to keep back, and for what is no layout."""
        if table != "layout" or doc is None or not self._keys:
            return None
        try:
            record = msgspec.convert(doc, LayoutRecord)
        except msgspec.ValidationError:
            return None
        unseen = self._keys.get(record.type, set())
        theirs = [[placed for placed in section.fields if placed.field in unseen] for section in record.sections]
        # When a layout was edited says nothing of what.
        mine = replace(record, sections=without(record.layout, unseen).sections, edited="")
        return _Sides(mine, dict(zip((section.key for section in record.sections), theirs, strict=True)))


class _Sides(NamedTuple):
    """A layout without the fields that a person does not see, and those alone, by section."""

    seen: LayoutRecord
    unseen: dict[str, list[Placed]]


def masked_history(session: Session, type_key: str, versions: Sequence[Version]) -> list[Version]:
    """An item's versions (newest first) without hidden fields, without what changed only those, and without labels that name them."""
    hidden = session.access.hidden(type_key)
    if not hidden:
        return list(versions)
    unseen = Unseen(session)
    masked = [version._replace(doc=_without(version.doc, hidden)) for version in versions]
    return [
        version._replace(note="") if unseen.named_in(version.note) else version
        for version, older in zip_longest(masked, masked[1:])
        if older is None or _without(version.doc, FOLLOWS) != _without(older.doc, FOLLOWS)
    ]


def _without(doc: Doc | None, keys: Set[str]) -> Doc | None:
    return None if doc is None else {key: value for key, value in doc.items() if key not in keys}


def _filled(unseen: Mapping[str, list[Placed]]) -> dict[str, list[Placed]]:
    return {section: placed for section, placed in unseen.items() if placed}


def _restricted(session: Session) -> Iterator[tuple[str, Field]]:
    """Fields that are not for this person, with their types."""
    workspace, sees = session.workspace, session.access.sees
    for type_key in workspace.types:
        for field in workspace.fields(type_key).values():
            if not sees(field):
                yield type_key, field
    for entry in workspace.records["field"].values():
        doc: Mapping[str, Any] = entry.doc
        if doc.get("deleted"):
            gone = Field(doc["key"], "", doc.get("label") or "", visible_to=list(doc.get("visible_to") or ()))
            if not sees(gone):
                yield doc["type"], gone
