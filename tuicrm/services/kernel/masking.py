"""What a person must not learn from the journal: that there are fields which are shown to others only, what others call their own
filters and layouts, and that there are items which they may not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import zip_longest
from typing import Any

import msgspec
from msgspec.structs import replace

from tuicrm.domain.config_records import LayoutRecord
from tuicrm.domain.layouts import without
from tuicrm.domain.schema import Field, Placed, all_labels
from tuicrm.regex import regex
from tuicrm.services.kernel.computed_fields import FOLLOWS
from tuicrm.services.kernel.filter_scope import SAVED_FILTERS, why_not_read
from tuicrm.services.kernel.reader import Reader
from tuicrm.store.protocol import Doc, Version
from tuicrm.store.tinydb_notes import MARK

_REFS = regex(r"(?<!\w)[^\W\d_]+-\d+(?!\w)")
"""What may be a ref in a label."""

_WORDS = regex(r"\w+")
"""What may be a field's key: scripts name fields by them."""


class Unseen:
    """The fields that a person may not see, living and deleted; made for one reading of the journal."""

    def __init__(self, session: Reader) -> None:
        self._session = session
        self._readable: dict[str, bool] = {}
        self._keys: dict[str, set[str]] = {}
        labels: list[str] = []
        for type_key, field in _restricted(session):
            self._keys.setdefault(type_key, set()).add(field.key)
            labels += all_labels(field.label)
        words = "|".join(re.escape(label) for label in labels if label)
        self._named = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None

    def named_in(self, note: str) -> bool:
        """Whether a change's label speaks of such a field, or of an item that is not for this person."""
        if self._named is not None and self._named.search(note) is not None:
            return True
        if note.startswith(MARK) and any(set(_WORDS.findall(note)) & keys for keys in self._keys.values()):
            return True
        return names_unseen(self._session, note, self._readable)

    def is_known(self, name: str) -> None:
        """Say that the person may read an item, by what it is called: its history need not be looked through for that."""
        self._readable[name] = True

    def theirs(self, table: str, before: Doc | None, after: Doc | None) -> bool:
        """Whether a change is of what somebody else keeps for themselves: a filter, a layout of their own; or of a filter for everyone
        that speaks of what this person may not see."""
        sides = [doc for doc in (before, after) if doc is not None]
        if table == "layout":
            return all(
                doc.get("scope") == "personal" and doc.get("person") != self._session.person_key for doc in sides
            )
        if table != SAVED_FILTERS:
            return False
        if all(doc.get("person", "") not in ("", self._session.person_key) for doc in sides):
            return True
        return not self._session.access.admin and any(map(self._speaks_of_unseen, sides))

    def _speaks_of_unseen(self, doc: Doc) -> bool:
        type_key, text = (str(doc.get(key) or "") for key in ("type", "text"))
        if type_key not in self._session.workspace.types or doc.get("person") == self._session.person_key:
            return False
        return bool(why_not_read(self._session, type_key, text))

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


def names_unseen(session: Reader, text: str, known: dict[str, bool] | None = None) -> bool:
    """Whether a text names an item that the person may not know of. `known` remembers which may be known, by what they are called."""
    if session.access.admin:
        return False
    asked = known if known is not None else {}
    for name in _REFS.findall(text):
        if name not in asked:
            ref = session.workspace.read_ref(name)
            asked[name] = ref is None or session.names.related(ref) is not None
        if not asked[name]:
            return True
    return False


class _Sides(msgspec.Struct, frozen=True):
    """A layout without the fields that a person does not see, and those alone, by section."""

    seen: LayoutRecord
    unseen: dict[str, list[Placed]]


def masked_history(session: Reader, type_key: str, versions: Sequence[Version]) -> list[Version]:
    """An item's versions (newest first) without hidden fields, without what changed only those, and without labels that name them."""
    hidden = session.access.hidden(type_key)
    if not hidden and session.access.admin:
        return list(versions)
    unseen = Unseen(session)
    if not hidden:
        return [_told(version, unseen) for version in versions]
    masked = [version._replace(doc=_without(version.doc, hidden)) for version in versions]
    return [
        _told(version, unseen)
        for version, older in zip_longest(masked, masked[1:])
        if older is None or _without(version.doc, FOLLOWS) != _without(older.doc, FOLLOWS)
    ]


def _told(version: Version, unseen: Unseen) -> Version:
    return version._replace(note="") if unseen.named_in(version.note) else version


def _without(doc: Doc | None, keys: Set[str]) -> Doc | None:
    return None if doc is None else {key: value for key, value in doc.items() if key not in keys}


def _filled(unseen: Mapping[str, list[Placed]]) -> dict[str, list[Placed]]:
    return {section: placed for section, placed in unseen.items() if placed}


def _restricted(session: Reader) -> Iterator[tuple[str, Field]]:
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
