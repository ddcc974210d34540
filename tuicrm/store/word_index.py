"""Which records hold which words (`indexes.WordIndex`), in a derived file: an FTS5 table, a row a record.

Items that a record points at stand in its row by their names and by a word for each: another name is followed to all that point at it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from tuicrm.domain.asked import Alternatives, SearchQuery, link_word
from tuicrm.domain.items import Ref
from tuicrm.domain.words import phone_forms
from tuicrm.store.follower import Follower, bounds, item_of, part_of, place, wrong_rows
from tuicrm.store.indexes import Proposed, Wording
from tuicrm.store.protocol import Key, RecordChange

if TYPE_CHECKING:
    from tuicrm.store.follower import FollowedRecords

_SCHEMA = """
CREATE VIRTUAL TABLE IF NOT EXISTS found USING fts5(
    name, phone, rest, own, links, said, tokenize='ascii', prefix='1 2 3', detail=column, columnsize=0);
CREATE VIRTUAL TABLE IF NOT EXISTS term USING fts5vocab(found, row);
CREATE TABLE IF NOT EXISTS spelt (number INTEGER PRIMARY KEY, word TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS said (number INTEGER PRIMARY KEY, place INTEGER);
"""

_PROPOSE = "SELECT rowid, {name} FROM found WHERE found MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?"
_CALLED = "SELECT 1 FROM found WHERE found MATCH ? LIMIT 1"
_USED = "SELECT term FROM term WHERE term IN (SELECT value FROM json_each(?))"
_ALL, _NAMED = ("name", "phone", "rest", "links", "said"), ("name", "phone")

__all__ = ["FolderWordIndex", "WordFilling", "wrong_rows"]


class WordFilling:
    """The rows of search (`follower.Filling`)."""

    name = "search"

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        # Entries are numbered by the tables there are: with another one it is another index.
        self.schema = f"{_SCHEMA}\n-- {' '.join(wording.said_in)}\n"

    def shapes(self) -> dict[str, str]:
        return self.wording.shapes()

    def write(self, db: sqlite3.Connection, number: int, type_key: str, ids: Sequence[int]) -> Iterable[int]:
        rows, spelt, heard = {}, set[str](), list[tuple[int, int]]()
        for record_id, words in self.wording.words(type_key, ids):
            at = place(number, record_id)
            rows[at] = (words.name, words.phone, words.rest, words.own, words.links, words.said)
            spelt |= words.spelt
            heard += [(self._said_number(key), at) for key in words.heard]
        places = [place(number, item_id) for item_id in ids]
        renamed = [one for one in _former_names(db, places) if rows.get(one[0], ("",))[0] != one[1]]
        db.executemany("DELETE FROM found WHERE rowid=?", [(one,) for one in places])
        db.executemany(
            "INSERT INTO found (rowid, name, phone, rest, own, links, said) VALUES (?,?,?,?,?,?,?)",
            [(one, *row) for one, row in rows.items()],
        )
        db.executemany("INSERT OR IGNORE INTO spelt (word) VALUES (?)", [(word,) for word in spelt])
        db.executemany("INSERT OR REPLACE INTO said VALUES (?,?)", heard)
        return _pointing_at(db, [link_word("item", str(Ref(type_key, item_of(one)))) for one, _name in renamed])

    def rows(self, db: sqlite3.Connection, place: int) -> list[tuple[Any, ...]]:
        found = db.execute("SELECT name, phone, rest, own, links, said FROM found WHERE rowid=?", (place,)).fetchall()
        return [tuple(sorted(str(text).split()) for text in row) for row in found]

    def forget(self, db: sqlite3.Connection, number: int) -> None:
        db.execute("DELETE FROM found WHERE rowid BETWEEN ? AND ?", bounds(number))
        db.execute("DELETE FROM said WHERE place BETWEEN ? AND ?", bounds(number))

    def owners(self, db: sqlite3.Connection, changes: Sequence[RecordChange]) -> Iterable[Ref]:
        """Whose timelines are others now, and whose were: an entry that is gone, or another's now, is known by what was kept."""
        types: dict[int, str] | None = None
        for change in changes:
            if change.table not in self.wording.said_in:
                continue
            if types is None:
                types = dict(db.execute("SELECT number, type FROM part").fetchall())
            number = self._said_number(Key(change.table, change.id))
            known = db.execute("SELECT place FROM said WHERE number=?", (number,)).fetchone()
            if known and (key := types.get(part_of(known[0]))):
                yield Ref(key, item_of(known[0]))
            yield from self.wording.owners(change)

    def _said_number(self, key: Key) -> int:
        tables = self.wording.said_in
        return key.id * len(tables) + tables.index(key.table)


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


class FolderWordIndex(Follower):
    """Asks it (`indexes.WordIndex`)."""

    def __init__(self, records: FollowedRecords, wording: Wording) -> None:
        super().__init__(records, WordFilling(wording))

    def types(self) -> list[str]:
        sql = "SELECT 1 FROM found WHERE rowid BETWEEN ? AND ? LIMIT 1"
        parts = self.parts()
        with self.file.reading() as db:
            return [key for key, part in parts.items() if db.execute(sql, bounds(part.number)).fetchone()]

    def anything_called(self, asked: SearchQuery) -> bool:
        with self.file.reading() as db:
            return db.execute(_CALLED, (_expression(asked, _NAMED),)).fetchone() is not None

    def propose(
        self,
        type_key: str,
        asked: SearchQuery,
        *,
        n: int,
        before: int | None = None,
        named: bool = False,
        own: bool = False,
    ) -> list[Proposed]:
        part = self.parts().get(type_key)
        if part is None:
            return []
        columns = _NAMED if named else (*_ALL, "own") if own else _ALL
        least, most = bounds(part.number)
        if before is not None:
            most = place(part.number, before) - 1
        sql = _PROPOSE.format(name="name" if named else "''")
        with self.file.reading() as db:
            rows = db.execute(sql, (_expression(asked, columns), least, most, n)).fetchall()
        return [Proposed(item_of(at), name) for at, name in rows]

    def in_use(self, words: Collection[str]) -> set[str]:
        with self.file.reading() as db:
            return {row[0] for row in db.execute(_USED, (msgspec.json.encode(list(words)).decode(),))}

    def spelt(self, after: int) -> Iterator[tuple[int, str]]:
        sql = "SELECT number, word FROM spelt WHERE number > ? ORDER BY number"
        with self.file.reading() as db:
            rows = db.execute(sql, (after,)).fetchall()
            if not rows and after and not db.execute("SELECT 1 FROM spelt LIMIT 1").fetchone():
                rows = [(0, "")]  # made anew meanwhile
        yield from rows


# -- as FTS5 is asked --------------------------------------------------------------------------------------------------
def _expression(asked: SearchQuery, columns: Sequence[str]) -> str:
    """Words are letters and digits alone, so that quoting them is all there is to do.

    Numbers are looked for as such (`phone`) from so many digits on as may be part of one; every number begins as "t" and ends in some
    digit, so that the beginning of a word is looked for everywhere else."""
    texts, numbers = [name for name in columns if name != "phone"], "phone" in columns
    every = " AND ".join(f"({_alternatives(part, texts, numbers=numbers)})" for part in asked.parts)
    return f"({every}) OR {_phone(asked.phone)}" if asked.phone and numbers else every


def _alternatives(part: Alternatives, texts: Sequence[str], *, numbers: bool) -> str:
    *before, last = part.chunk.words
    either = [" AND ".join((*(f'"{word}"' for word in before), f'"{last}" *'))]
    either += [f'"{word}"' for word in part.near]
    if "links" in texts:
        either += [f'"{link_word(kind, value)}"' for kind, value in part.values]
    where = "{" + " ".join(texts) + "}"
    found = f"({where} : ({' OR '.join(f'({one})' for one in either)}))"
    return f"{found} OR {_phone(part.chunk.digits)}" if numbers and part.chunk.digits else found


def _phone(typed: str) -> str:
    begins, wholes = phone_forms(typed)
    either = " OR ".join((*(f'"{one}" *' for one in begins), *(f'"{one}"' for one in wholes)))
    return f"(phone : ({either}))"
