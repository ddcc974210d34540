"""Which records share the signs by which they are known (`indexes.SignIndex`), in a derived file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.domain.alike import COMMON, Sign
from tuicrm.domain.items import Ref
from tuicrm.store.follower import Follower, bounds, item_of, part_of, place, wrong_rows
from tuicrm.store.indexes import Signing
from tuicrm.store.protocol import RecordChange

if TYPE_CHECKING:
    from tuicrm.store.follower import FollowedRecords

__all__ = ["FolderSignIndex", "SignFilling", "wrong_rows"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sign (kind TEXT, value TEXT, place INTEGER, PRIMARY KEY (kind, value, place)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sign_of ON sign (place);
"""


class SignFilling:
    """The signs of records (`follower.Filling`)."""

    name = "alike"
    schema = _SCHEMA

    def __init__(self, signing: Signing) -> None:
        self.signing = signing

    def shapes(self) -> dict[str, str]:
        return self.signing.shapes()

    def write(self, db: sqlite3.Connection, number: int, type_key: str, ids: Sequence[int]) -> Iterable[int]:
        db.executemany("DELETE FROM sign WHERE place=?", [(place(number, item_id),) for item_id in ids])
        rows = [
            (sign.kind, sign.value, place(number, record_id))
            for record_id, signs in self.signing.signs(type_key, ids)
            for sign in signs
        ]
        db.executemany("INSERT OR IGNORE INTO sign VALUES (?,?,?)", rows)
        return ()

    def rows(self, db: sqlite3.Connection, place: int) -> list[tuple[Any, ...]]:
        return sorted(db.execute("SELECT kind, value FROM sign WHERE place=?", (place,)).fetchall())

    def forget(self, db: sqlite3.Connection, number: int) -> None:
        db.execute("DELETE FROM sign WHERE place BETWEEN ? AND ?", bounds(number))

    def owners(self, _db: sqlite3.Connection, _changes: Sequence[RecordChange]) -> Iterable[Ref]:
        return ()


class FolderSignIndex(Follower):
    """Asks it (`indexes.SignIndex`)."""

    def __init__(self, records: FollowedRecords, signing: Signing) -> None:
        super().__init__(records, SignFilling(signing))

    def holding(self, wanted: Iterable[Sign]) -> dict[Sign, list[Ref]]:
        types = {part.number: key for key, part in self.parts().items()}
        held: dict[Sign, list[Ref]] = {}
        sql = "SELECT place FROM sign WHERE kind=? AND value=? LIMIT ?"
        with self.file.reading() as db:
            for sign in wanted:
                rows = db.execute(sql, (*sign, COMMON + 1)).fetchall()
                if 0 < len(rows) <= COMMON:
                    held[sign] = [Ref(types[part_of(at)], item_of(at)) for (at,) in rows if part_of(at) in types]
        return held

    def shared(self, type_key: str) -> Iterator[tuple[Sign, list[int]]]:
        part = self.parts().get(type_key)
        if part is None:
            return
        sql = """SELECT kind, value, group_concat(place) FROM sign WHERE place BETWEEN ? AND ?
            GROUP BY kind, value HAVING count(*) BETWEEN 2 AND ?"""
        with self.file.reading() as db:
            rows = db.execute(sql, (*bounds(part.number), COMMON)).fetchall()
        for kind, value, places in rows:
            yield Sign(kind, value), [item_of(int(one)) for one in places.split(",")]
