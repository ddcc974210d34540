"""What search looks through: for each item its name, phone numbers, other texts, what it points at, and what was said on its timeline.

Items that it points at stand there by their names and by a word for each: another name is followed to all that point at it. People and
options stand there by their words alone: they are few, and looked up by name when somebody asks.

Fields that some people may not see stand in a column of their own (`own`), in which only those look who see such a field. What is
found is looked at again on the item as the person sees it (`finding.py`): the index may lag behind, and tells nothing by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple, TypeAlias

from tuicrm.digests import blake2b
from tuicrm.domain.conditions import OneOf
from tuicrm.domain.items import Ref
from tuicrm.domain.matching import search_text
from tuicrm.domain.schema import Field, ItemType
from tuicrm.domain.words import phone_words, words
from tuicrm.services.followers import KEPT_BY_RULES
from tuicrm.services.following import bounds, item_of, part_of, place
from tuicrm.services.reader import ACTIVITIES, ENTRIES
from tuicrm.services.session import Session
from tuicrm.store.protocol import Change, Doc, Find

SAID = {ENTRIES: ("text", "note"), ACTIVITIES: ("what", "text", "note")}
"""What of entries and activities is looked through."""

_SHORTEST_SPELT = 3

_SCHEMA = """
CREATE VIRTUAL TABLE IF NOT EXISTS found USING fts5(
    name, phone, rest, own, links, said, tokenize='ascii', prefix='1 2 3', detail=column, columnsize=0);
CREATE VIRTUAL TABLE IF NOT EXISTS term USING fts5vocab(found, row);
CREATE TABLE IF NOT EXISTS spelt (number INTEGER PRIMARY KEY, word TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS said (number INTEGER PRIMARY KEY, place INTEGER);
"""


class Row(NamedTuple):
    """An item's texts, each as words with spaces between."""

    name: str
    phone: str
    rest: str
    own: str
    links: str


def link_word(kind: str, value: str) -> str:
    """The word that stands for pointing at something: a person's key, a stored ref, an option (`field/key`). Nobody types it."""
    return "x" + blake2b(f"{kind}\0{value}".encode("utf-8", "surrogatepass"), digest_size=7).hexdigest()


def option_of(field: Field, key: str) -> str:
    """What an option is called in links: its dictionary's where it is of one."""
    return f"{field.dictionary or field.key}/{key}"


def texts_of(value: Any) -> Iterator[str]:
    """What a search finds in a field's value, in text."""
    for one in value if isinstance(value, list) else (value,):
        text = _flat(one)
        if text:
            yield text


def _flat(value: Any) -> str:
    """The texts of one value; of a table's row, those of its cells."""
    if isinstance(value, dict) and any(isinstance(part, (dict, list)) for part in value.values()):
        return " ".join(filter(None, (_flat(part) for part in value.values())))
    if isinstance(value, list):
        return " ".join(filter(None, map(_flat, value)))
    return (search_text(value) or "").replace("\0", " ")


NameOf: TypeAlias = Callable[[str], str]
"""The name of an item by its stored ref; "" where there is none."""


def row_of(fields: Mapping[str, Field], title: Sequence[str], doc: Doc, name_of: NameOf) -> tuple[Row, set[str]]:
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
    return Row(**{name: " ".join(found) for name, found in parts.items()}), spelt


def _links(field: Field, value: Any, name_of: NameOf) -> list[str]:
    keys = [one for one in (value if isinstance(value, list) else (value,)) if isinstance(one, str)]
    if field.traits.has_options:
        return [link_word("option", option_of(field, key)) for key in keys]
    found = [link_word(field.kind, key) for key in keys]
    if field.traits.names_items:
        found += [word for key in keys for word in words(name_of(key))]
    return found


class _Names:
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
        return next((name(item_type, record.doc) for record in self._session.store.get(ref.type, [ref.id])), "")


def name(item_type: ItemType, doc: Doc) -> str:
    """What everybody who may read an item may know it by."""
    own = {field.key for field in item_type.fields if field.visible_to}
    return " ".join(str(doc[key]) for key in item_type.title if key not in own and doc.get(key))


def _phones(value: Any) -> list[str]:
    found: dict[str, None] = {}
    for one in value if isinstance(value, list) else (value,):
        if isinstance(one, dict):
            for part in ("value", "typed"):
                if isinstance(one.get(part), str):
                    found |= dict.fromkeys(phone_words(one[part]))
    return list(found)


class SearchFilling:
    """The rows of search (`following.Filling`)."""

    name = "search"
    schema = _SCHEMA

    def shapes(self, session: Session) -> dict[str, str]:
        """Small types with names first: people look for those most."""
        types = session.workspace.types
        order = sorted(types, key=lambda key: bool(session.workspace.pipelines(key)))
        return {key: _shape(types[key], session.workspace.deleted_fields(key)) for key in order}

    def write(
        self, session: Session, db: sqlite3.Connection, number: int, type_key: str, ids: Sequence[int]
    ) -> Iterable[int]:
        item_type, fields = session.workspace.type(type_key), session.workspace.fields(type_key)
        title = [key for key in item_type.title if key in fields]
        said, told = self._said(session, type_key, ids)
        names = _Names(session)
        rows, spelt = {}, set[str]()
        for record in session.store.get(type_key, ids):
            row, known = row_of(fields, title, record.doc, names)
            rows[place(number, record.id)] = (*row, " ".join(said.get(record.id, ())))
            spelt |= known
        places = [place(number, item_id) for item_id in ids]
        renamed = [one for one in _former_names(db, places) if rows.get(one[0], ("",))[0] != one[1]]
        db.executemany("DELETE FROM found WHERE rowid=?", [(one,) for one in places])
        db.executemany(
            "INSERT INTO found (rowid, name, phone, rest, own, links, said) VALUES (?,?,?,?,?,?,?)",
            [(one, *row) for one, row in rows.items()],
        )
        db.executemany("INSERT OR IGNORE INTO spelt (word) VALUES (?)", [(word,) for word in spelt])
        db.executemany(
            "INSERT OR REPLACE INTO said VALUES (?,?)", [(entry, place(number, item_id)) for entry, item_id in told]
        )
        return _pointing_at(db, [link_word("item", str(Ref(type_key, item_of(one)))) for one, _name in renamed])

    def rows(self, db: sqlite3.Connection, place: int) -> list[tuple[Any, ...]]:
        found = db.execute("SELECT name, phone, rest, own, links, said FROM found WHERE rowid=?", (place,)).fetchall()
        return [tuple(sorted(str(text).split()) for text in row) for row in found]

    @staticmethod
    def _said(
        session: Session, type_key: str, ids: Sequence[int]
    ) -> tuple[dict[int, list[str]], list[tuple[int, int]]]:
        """The words said on these items' timelines, by item; and the entries that said them."""
        owners = tuple(str(Ref(type_key, item_id)) for item_id in ids)
        found: dict[int, list[str]] = {}
        told: list[tuple[int, int]] = []
        for table, parts in SAID.items():
            where = OneOf("owner", "string", owners)
            for record in session.store.find(Find(table, where, columns=("owner", *parts))).records:
                heard = [
                    word for part in parts if isinstance(text := record.doc.get(part), str) for word in words(text)
                ]
                owner = Ref.read(record.doc.get("owner"))
                if heard and owner is not None:
                    found.setdefault(owner.id, []).extend(heard)
                    told.append((_said_number(table, record.id), owner.id))
        return found, told

    def forget(self, db: sqlite3.Connection, number: int) -> None:
        db.execute("DELETE FROM found WHERE rowid BETWEEN ? AND ?", bounds(number))
        db.execute("DELETE FROM said WHERE place BETWEEN ? AND ?", bounds(number))

    def owners(self, session: Session, db: sqlite3.Connection, changes: Sequence[Change]) -> Iterable[Ref]:
        """Whose timelines are others now, and whose were: an entry that is gone, or another's now, is known by what was kept."""
        types: dict[int, str] | None = None
        for change in changes:
            if change.table not in SAID:
                continue
            if types is None:
                types = dict(db.execute("SELECT number, type FROM part").fetchall())
            known = db.execute(
                "SELECT place FROM said WHERE number=?", (_said_number(change.table, change.id),)
            ).fetchone()
            if known and (key := types.get(part_of(known[0]))):
                yield Ref(key, item_of(known[0]))
            for record in session.store.get(change.table, [change.id]) if change.rev else ():
                owner = Ref.read(record.doc.get("owner"))
                if owner is not None:
                    yield owner


def _former_names(db: sqlite3.Connection, places: Sequence[int]) -> list[tuple[int, str]]:
    rows = (db.execute("SELECT rowid, name FROM found WHERE rowid=?", (one,)).fetchone() for one in places)
    return [row for row in rows if row is not None]


def _pointing_at(db: sqlite3.Connection, links: Sequence[str]) -> list[int]:
    """The rows that hold one of these words."""
    found = dict.fromkeys(
        row[0]
        for link in links
        for row in db.execute("SELECT rowid FROM found WHERE found MATCH ?", (f'{{links own}} : "{link}"',))
    )
    return list(found)


def _said_number(table: str, record_id: int) -> int:
    return record_id * 2 + (table == ACTIVITIES)


def _shape(item_type: ItemType, deleted: Set[str]) -> str:
    """What of a type's definition its rows depend on: where a field's words stand, and fields that come back with all their values."""
    parts = ("\0".join(item_type.title), *(f.key for f in item_type.fields if f.visible_to), "", *sorted(deleted))
    return blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
