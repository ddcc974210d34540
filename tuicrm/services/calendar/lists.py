"""Activities across items: mine, those of some items, done or open; soonest first, the done ones newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from tuicrm.domain.conditions import And, Condition, OneOf, Or, Sort, Test
from tuicrm.domain.items import Ref
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Record

_PART = 500
"""Records that are read at once."""


def activities(
    session: Session, *, owners: Sequence[Ref] | None = None, mine: bool = False, done: bool = False, most: int = 0
) -> Iterator[Record]:
    """Those of some items, bound ones too (None: of all), of this person alone where they are `mine`: whose it is to do them, and
    those in which they take part. Open ones, or the `done`. At most so many; 0 for all."""
    parts: list[Condition] = [Test("done", "boolean", "=", done)]
    if owners is not None:
        texts = tuple(map(str, owners))
        parts.append(Or(tuple(OneOf(name, "string", texts) for name in ("owner", "also", "contacts"))))
    found = _readable(session, And(tuple(parts)), done=done)
    if mine:
        found = (one for one in found if _is_mine(session, one))
    return islice(found, most or None)


def _readable(session: Session, where: Condition, *, done: bool) -> Iterator[Record]:
    """What may be read, as this person may see it, in order."""
    after = None
    sort = (Sort("done_at" if done else "at", "datetime", descending=done),)
    known: dict[str, bool] = {}
    while True:
        page = session.store.find(Find(ACTIVITIES, where, sort, _PART, after))
        for record in page.records:
            owner = record.doc.get("owner")
            ref = Ref.read(owner)
            if ref is None:
                continue
            if str(owner) not in known:
                known[str(owner)] = session.peek(ref) is not None
            if known[str(owner)]:
                yield session.seen(record)
        after = page.next
        if after is None:
            return


def _is_mine(session: Session, record: Record) -> bool:
    people = record.doc.get("people")
    me = session.person_key
    if isinstance(people, dict) and people.get(me) in ("accepted", "maybe", "asked"):
        return True
    return record.doc.get("responsible") == me
