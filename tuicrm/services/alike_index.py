"""The signs by which records are known (`domain/alike.py`), by sign: which records may be of the same person, company or inquiry.

Kept beside the records (`following.py`). It only proposes: what shares a sign is looked at again as the person sees it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tuicrm.digests import blake2b
from tuicrm.domain.alike import COMMON, Sign, signs
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import ItemType
from tuicrm.services.following import Follower, bounds, follower, item_of, part_of, place
from tuicrm.services.session import Session
from tuicrm.store.protocol import Change

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sign (kind TEXT, value TEXT, place INTEGER, PRIMARY KEY (kind, value, place)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sign_of ON sign (place);
"""


class AlikeFilling:
    """The signs of records (`following.Filling`)."""

    name = "alike"
    schema = _SCHEMA

    def shapes(self, session: Session) -> dict[str, str]:
        types = session.workspace.types.values()
        return {one.key: _shape(one, session) for one in types if one.alike}

    def write(
        self, session: Session, db: sqlite3.Connection, number: int, type_key: str, ids: Sequence[int]
    ) -> Iterable[int]:
        item_type, fields = session.workspace.type(type_key), session.workspace.fields(type_key)
        db.executemany("DELETE FROM sign WHERE place=?", [(place(number, item_id),) for item_id in ids])
        rows = [
            (sign.kind, sign.value, place(number, record.id))
            for record in session.store.get(type_key, ids)
            for sign in signs(item_type, fields, record.doc)
        ]
        db.executemany("INSERT OR IGNORE INTO sign VALUES (?,?,?)", rows)
        return ()

    def rows(self, db: sqlite3.Connection, place: int) -> list[tuple[Any, ...]]:
        return sorted(db.execute("SELECT kind, value FROM sign WHERE place=?", (place,)).fetchall())

    def forget(self, db: sqlite3.Connection, number: int) -> None:
        db.execute("DELETE FROM sign WHERE place BETWEEN ? AND ?", bounds(number))

    def owners(self, _session: Session, _db: sqlite3.Connection, _changes: Sequence[Change]) -> Iterable[Ref]:
        return ()


class AlikeIndex:
    """Asks it for one session."""

    def __init__(self, session: Session) -> None:
        self.follower: Follower = follower(session, AlikeFilling())

    def holding(self, wanted: Iterable[Sign]) -> dict[Sign, list[Ref]]:
        """The records that have each of some signs; signs that nobody has, or too many, are left out."""
        types = {part.number: key for key, part in self.follower.parts().items()}
        held: dict[Sign, list[Ref]] = {}
        sql = "SELECT place FROM sign WHERE kind=? AND value=? LIMIT ?"
        with self.follower.file.reading() as db:
            for sign in wanted:
                rows = db.execute(sql, (*sign, COMMON + 1)).fetchall()
                if 0 < len(rows) <= COMMON:
                    held[sign] = [Ref(types[part_of(at)], item_of(at)) for (at,) in rows if part_of(at) in types]
        return held

    def shared(self, type_key: str) -> Iterator[tuple[Sign, list[int]]]:
        """The signs that several records of a type have, and not too many, with their ids."""
        part = self.follower.parts().get(type_key)
        if part is None:
            return
        sql = """SELECT kind, value, group_concat(place) FROM sign WHERE place BETWEEN ? AND ?
            GROUP BY kind, value HAVING count(*) BETWEEN 2 AND ?"""
        with self.follower.file.reading() as db:
            rows = db.execute(sql, (*bounds(part.number), COMMON)).fetchall()
        for kind, value, places in rows:
            yield Sign(kind, value), [item_of(int(one)) for one in places.split(",")]


def _shape(item_type: ItemType, session: Session) -> str:
    """What of a type's definition the signs of its records depend on."""
    fields = session.workspace.fields(item_type.key).values()
    parts = [f"{kind}={','.join(keys)}" for kind, keys in item_type.alike.items()]
    parts += [field.key for field in fields if field.traits.is_identity]
    return blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
