"""What belongs to an item without being a value of it: its timeline, what points at it, the rows of files that it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tuicrm.domain.conditions import Condition, Empty, Not, OneOf, Or
from tuicrm.domain.items import Ref
from tuicrm.domain.relations import LINKS
from tuicrm.domain.schema import Field
from tuicrm.services.duplicates.duplicates import DISTINCT
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import ACTIVITIES, DOCUMENTS, ENTRIES, IMPORT_KEYS, MESSAGES, Reader
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Find, Key, Record

_NAMING: Mapping[str, tuple[str, ...]] = {
    ENTRIES: ("owner",),
    ACTIVITIES: ("owner", "also", "contacts"),
    IMPORT_KEYS: ("ref",),
    DOCUMENTS: ("owner",),
    MESSAGES: ("on",),
    DISTINCT: ("owner", "other"),
    LINKS: ("owner", "other"),
}
"""Tables whose records name items, and in which of their values."""

_BETWEEN_TWO = (DISTINCT, LINKS)


class Belongings(NamedTuple):
    """How many there are: entries and activities, and items that name them which the person may read."""

    entries: int = 0
    activities: int = 0
    items: int = 0


def belongings(session: Session, refs: Sequence[Ref]) -> Belongings:
    """What belongs to some items."""
    pointing = [record for record, _fields in _pointing(session, refs)]
    seen = sum(1 for record in pointing if session.access.may("read", record.table, record.doc))
    return Belongings(len(_naming(session, ENTRIES, refs)), len(_naming(session, ACTIVITIES, refs)), seen)


def carry(draft: Draft, main: Ref, gone: Sequence[Ref]) -> None:
    """Let all that names one of `gone` name `main`. It follows from the merge, whoever may change what names them: else it would name
    what is no more."""
    was = {str(ref): str(main) for ref in gone}
    for table in _NAMING:
        _carry_records(draft, table, gone, was)
    for record, fields in _pointing(draft.session, gone):
        key = Key(record.table, record.id)
        if Ref(*key) in (main, *gone):
            continue
        doc = draft.get(key)
        if doc is not None:
            draft.put(key, _renamed(doc, fields, was))
    doc = draft.get(Key(*main))
    if doc is not None:
        own = [field for field in draft.workspace.fields(main.type).values() if _points_at(field, main.type)]
        draft.put(Key(*main), _without_itself(_renamed(doc, own, was), own, main))


def _carry_records(draft: Draft, table: str, gone: Sequence[Ref], was: Mapping[str, str]) -> None:
    names = _NAMING[table]
    known = set(_ends(draft.session, table, names, was.values())) if table in _BETWEEN_TWO else set()
    for record in _naming(draft.session, table, gone):
        key = Key(table, record.id)
        doc = draft.get(key)
        if doc is None:
            continue
        after = {name: _now(value, was) if name in names else value for name, value in doc.items()}
        if isinstance(also := after.get("also"), list):
            after["also"] = [ref for ref in also if ref != after.get("owner")]
        after = {name: value for name, value in after.items() if name not in names or value != []}
        if table in _BETWEEN_TWO:
            ends = frozenset(str(after[name]) for name in names if after.get(name))
            if len(ends) < 2 or ends in known:
                draft.put(key, None)
                continue
            known.add(ends)
        draft.put(key, after)


def _now(value: object, was: Mapping[str, str]) -> object:
    """What is named now where one of `was` was named; of several each once."""
    if isinstance(value, list):
        return list(
            dict.fromkeys(was.get(one, one) if isinstance(one, str) else one for one in value if one is not None)
        )
    return was.get(value, value) if isinstance(value, str) else value


def _ends(session: Reader, table: str, names: Sequence[str], refs: Iterable[str]) -> Iterator[frozenset[str]]:
    where = Or(tuple(OneOf(name, "string", tuple(refs)) for name in names))
    for record in session.whole.find(Find(table, where)).records:
        yield frozenset(record.doc[name] for name in names if record.doc.get(name))


def _naming(session: Reader, table: str, refs: Sequence[Ref]) -> list[Record]:
    """Records that name one of some items."""
    texts = tuple(map(str, refs))
    names = _NAMING[table]
    where = OneOf(names[0], "string", texts)
    return session.whole.find(
        Find(table, where if len(names) == 1 else Or(tuple(OneOf(name, "string", texts) for name in names)))
    ).records


def _points_at(field: Field, type_key: str) -> bool:
    if field.traits.holds_rows:
        return type_key in field.targets
    return field.traits.names_items and not field.derived and (type_key in field.targets or not field.targets)


def _pointing(session: Reader, refs: Sequence[Ref]) -> Iterator[tuple[Record, list[Field]]]:
    """Items of any type that name one of some items in a field, and the fields in which items of that type are named."""
    texts = tuple(map(str, refs))
    for key in session.workspace.types:
        fields = [field for field in session.workspace.fields(key).values() if _points_at(field, refs[0].type)]
        if fields:
            where = Or(tuple(_may_name(field, texts) for field in fields))
            for record in session.whole.find(Find(key, where)).records:
                if any(_named(record.doc, field).intersection(texts) for field in fields):
                    yield record, fields


def _may_name(field: Field, texts: Sequence[str]) -> Condition:
    """What product rows name is no value of its own: they are looked at one by one."""
    return Not(Empty(field.key)) if field.traits.holds_rows else OneOf(field.key, "item", tuple(texts))


def _named(doc: Doc, field: Field) -> set[str]:
    """The stored refs in a field, or in its product rows."""
    value = doc.get(field.key)
    found = value if isinstance(value, list) else [value]
    if field.traits.holds_rows:
        found = [row.get("product") for row in found if isinstance(row, dict)]
    return {one for one in found if isinstance(one, str)}


def _renamed(doc: Doc, fields: Sequence[Field], was: Mapping[str, str]) -> Doc:
    after = dict(doc)
    for field in fields:
        value = doc.get(field.key)
        if field.traits.holds_rows:
            if isinstance(value, list):
                after[field.key] = [_row_renamed(row, was) for row in value]
        elif isinstance(value, list):
            after[field.key] = list(dict.fromkeys(was.get(one, one) if isinstance(one, str) else one for one in value))
        elif isinstance(value, str) and value in was:
            after[field.key] = was[value]
    return after


def _row_renamed(row: object, was: Mapping[str, str]) -> object:
    if not isinstance(row, dict):
        return row
    product = row.get("product")
    return {**row, "product": was[product]} if isinstance(product, str) and product in was else row


def _without_itself(doc: Doc, fields: Sequence[Field], main: Ref) -> Doc:
    after = dict(doc)
    for field in fields:
        value = doc.get(field.key)
        if isinstance(value, list):
            after[field.key] = [one for one in value if one != str(main)]
        if value == str(main) or after.get(field.key) == []:
            after.pop(field.key, None)
    return after
