"""What search looks through: for each item its name, phone numbers, other texts, what it points at, and what was said on its timeline.

Items that it points at stand there by their names and by a word for each: another name is followed to all that point at it. People and
options stand there by their words alone: they are few, and looked up by name when somebody asks.

Fields that some people may not see stand in a column of their own (`own`), in which only those look who see such a field. What is
found is looked at again on the item as the person sees it (`finding.py`): the index may lag behind, and tells nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple, TypeAlias

from tuicrm.digests import blake2b
from tuicrm.domain.asked import link_word
from tuicrm.domain.conditions import OneOf
from tuicrm.domain.items import Ref
from tuicrm.domain.matching import search_text
from tuicrm.domain.messages.message import bound_to
from tuicrm.domain.schema import Field, ItemType
from tuicrm.domain.words import phone_words, words
from tuicrm.services.kernel.computed_fields import KEPT_BY_RULES
from tuicrm.services.kernel.reader import ACTIVITIES, DOCUMENTS, ENTRIES, MESSAGES
from tuicrm.services.kernel.session import Session
from tuicrm.store.indexes import RecordWords
from tuicrm.store.protocol import Doc, Find, Key, RecordChange

SAID = {
    ENTRIES: ("text", "note"),
    ACTIVITIES: ("what", "text", "note", "place", "result"),
    DOCUMENTS: ("title", "number"),
    MESSAGES: ("subject", "text", "note"),
}
"""What of entries, activities, documents and messages is looked through."""

_SHORTEST_SPELT = 3


class IndexRow(NamedTuple):
    """An item's texts, each as words with spaces between."""

    name: str
    phone: str
    rest: str
    own: str
    links: str


def option_of(field: Field, key: str) -> str:
    """What an option is called in links: its dictionary's where it is of one."""
    return f"{field.dictionary or field.key}/{key}"


def texts_of(value: object) -> Iterator[str]:
    """What a search finds in a field's value, in text."""
    for one in value if isinstance(value, list) else (value,):
        text = _flat(one)
        if text:
            yield text


def _flat(value: object) -> str:
    """The texts of one value; of a table's row, those of its cells."""
    if isinstance(value, dict) and any(isinstance(part, (dict, list)) for part in value.values()):
        return " ".join(filter(None, (_flat(part) for part in value.values())))
    if isinstance(value, list):
        return " ".join(filter(None, map(_flat, value)))
    return (search_text(value) or "").replace("\0", " ")


NameOf: TypeAlias = Callable[[str], str]
"""The name of an item by its stored ref; "" where there is none."""


def row_of(fields: Mapping[str, Field], title: Sequence[str], doc: Doc, name_of: NameOf) -> tuple[IndexRow, set[str]]:
    """An item's row, and the words whose spelling is kept."""
    parts: dict[str, list[str]] = {"name": [], "phone": [], "rest": [], "own": [], "links": []}
    spelt: set[str] = set()
    # The name first, and in its order: among what is found, what is called so from its first letter on comes first.
    for key in dict.fromkeys((*(key for key in title if key in doc), *doc)):
        field, value = fields.get(key), doc[key]
        if field is None or not value or not field.traits.is_searched or key in KEPT_BY_RULES:
            continue
        own = bool(field.visible_to)
        if field.traits.is_pointing:
            parts["own" if own else "links"] += _links(field, value, name_of)
            continue
        for text in texts_of(value):
            found = words(text)
            parts["own" if own else "name" if key in title else "rest"] += found
            if field.traits.is_spelt and not own:
                spelt.update(word for word in found if len(word) >= _SHORTEST_SPELT)
        if field.traits.is_phone:
            parts["own" if own else "phone"] += _phones(value)
    return IndexRow(**{name: " ".join(found) for name, found in parts.items()}), spelt


def _links(field: Field, value: object, name_of: NameOf) -> list[str]:
    keys = [one for one in (value if isinstance(value, list) else (value,)) if isinstance(one, str)]
    if field.traits.has_options:
        return [link_word("option", option_of(field, key)) for key in keys]
    found = [link_word(field.kind, key) for key in keys]
    if field.traits.names_items:
        found += [word for key in keys for word in words(name_of(key))]
    return found


class _TargetNames:
    """Names of the items that are pointed at, while some rows are written: many point at the same."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, str] = {}

    def __call__(self, stored: str) -> str:
        if stored not in self._known:
            self._known[stored] = self._read(stored)
        return self._known[stored]

    def _read(self, stored: str) -> str:
        ref = Ref.read(stored)
        item_type = self._session.workspace.types.get(ref.type) if ref is not None else None
        if ref is None or item_type is None:
            return ""
        return next((name(item_type, record.doc) for record in self._session.whole.get(ref.type, [ref.id])), "")


def name(item_type: ItemType, doc: Doc) -> str:
    """What everybody who may read an item may know it by."""
    own = {field.key for field in item_type.fields if field.visible_to}
    return " ".join(str(doc[key]) for key in item_type.title if key not in own and doc.get(key))


def _phones(value: object) -> list[str]:
    found: dict[str, None] = {}
    for one in value if isinstance(value, list) else (value,):
        if isinstance(one, dict):
            for part in ("value", "typed"):
                if isinstance(one.get(part), str):
                    found |= dict.fromkeys(phone_words(one[part]))
    return list(found)


class SearchWording:
    """What search looks through (`store/indexes.py`)."""

    said_in = tuple(SAID)

    def __init__(self, session: Session) -> None:
        self._session = session

    def shapes(self) -> dict[str, str]:
        """Small types with names first: people look for those most."""
        workspace = self._session.workspace
        order = sorted(workspace.types, key=lambda key: bool(workspace.pipelines(key)))
        return {key: _shape(workspace.types[key], workspace.deleted_fields(key)) for key in order}

    def words(self, type_key: str, ids: Sequence[int]) -> Iterable[tuple[int, RecordWords]]:
        """The words of each of these items, by id."""
        session = self._session
        item_type, fields = session.workspace.type(type_key), session.workspace.fields(type_key)
        title = [key for key in item_type.title if key in fields]
        said = self._said(type_key, ids)
        names = _TargetNames(session)
        for record in session.whole.get(type_key, ids):
            row, spelt = row_of(fields, title, record.doc, names)
            heard = said.get(record.id, [])
            told = " ".join(word for _key, words in heard for word in words)
            yield record.id, RecordWords(*row, told, frozenset(spelt), tuple(key for key, _words in heard))

    def _said(self, type_key: str, ids: Sequence[int]) -> dict[int, list[tuple[Key, list[str]]]]:
        """The words said on these items' timelines, by item, with the entries that said them."""
        owners = tuple(str(Ref(type_key, item_id)) for item_id in ids)
        found: dict[int, list[tuple[Key, list[str]]]] = {}
        for table, parts in SAID.items():
            names = "on" if table == MESSAGES else "owner"
            where = OneOf(names, "string", owners)
            for record in self._session.whole.find(Find(table, where, columns=(names, *parts))).records:
                heard = [
                    word for part in parts if isinstance(text := record.doc.get(part), str) for word in words(text)
                ]
                for owner in _owners(table, record.doc) if heard else ():
                    if owner.type == type_key:
                        found.setdefault(owner.id, []).append((Key(table, record.id), heard))
        return found

    def owners(self, change: RecordChange) -> Iterable[Ref]:
        """The items whose words change with an entry of a timeline."""
        for record in self._session.whole.get(change.table, [change.id]) if change.rev else ():
            yield from _owners(change.table, record.doc)


def _owners(table: str, doc: Doc) -> list[Ref]:
    """The items on whose timeline a record stands."""
    if table == MESSAGES:
        return bound_to(doc)
    owner = Ref.read(doc.get("owner"))
    return [] if owner is None else [owner]


def _shape(item_type: ItemType, deleted: Set[str]) -> str:
    """What of a type's definition its rows depend on: where a field's words stand, and fields that come back with all their values."""
    parts = ("\0".join(item_type.title), *(f.key for f in item_type.fields if f.visible_to), "", *sorted(deleted))
    return blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
