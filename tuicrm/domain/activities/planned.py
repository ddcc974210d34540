"""An activity as it is kept: what it may hold, how a record of it is read, and who sees it whole (reference §11).

`at` is the moment that counts: by it alone activities sort and are late. `start` and `end` are the block of time, half open; `day` and
`last_day` are whole days instead, dates and no moments. A record holds nothing that is empty or as it would be without saying.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.limits import REMINDER_AHEAD

ANSWERS = ("asked", "accepted", "declined", "maybe")
"""What somebody who is to take part has said; first, nothing yet."""
KINDS = ("todo", "call", "meeting")
"""The kinds that ship; a workspace has others beside them (`own_kinds.py`)."""
COLOURS = ("1", "2", "3", "4", "5", "6", "7")
PRIORITIES = (1, 2, 3)
USUAL_KIND, USUAL_PRIORITY = "todo", 2

Texts: TypeAlias = tuple[str, ...]


class Activity(Struct, frozen=True):
    """One of them. Moments are UTC ISO texts, days `2027-01-12`, people and rooms keys, reminders minutes before; "" and () stand for
    what is not there. `rule` is an RFC 5545 RRULE of the wall time `wall` (or of `day`) in `zone`; `of` is the series (an activity's
    number) that this one stands in for at `occurrence`, 0 for such as stand for themselves."""

    id: int
    rev: int
    owner: Ref
    what: str
    at: str
    also: tuple[Ref, ...] = ()
    kind: str = USUAL_KIND
    start: str = ""
    end: str = ""
    day: str = ""
    last_day: str = ""
    zone: str = ""
    done: bool = False
    done_at: str = ""
    done_by: str = ""
    by: str = ""
    created: str = ""
    responsible: str = ""
    people: dict[str, str] = msgspec.field(default_factory=dict)
    contacts: tuple[Ref, ...] = ()
    place: str = ""
    rooms: Texts = ()
    colour: str = ""
    priority: int = USUAL_PRIORITY
    reminders: tuple[int, ...] = ()
    files: tuple[dict[str, Any], ...] = ()
    rule: str = ""
    wall: str = ""
    skipped: Texts = ()
    more: Texts = ()
    of: int = 0
    occurrence: str = ""
    private: bool = False
    text: str = ""
    note: str = ""
    result: str = ""
    uid: str = ""
    sequence: int = 0

    @property
    def whole_day(self) -> bool:
        """Whether it is for days, and no time of them."""
        return bool(self.day)

    @property
    def begins(self) -> str:
        """When its block of time begins (UTC ISO): `start`, else when it is due."""
        return self.start or self.at

    def is_of(self, person: str) -> bool:
        """Whether it is somebody's own: planned by them, for them or with them."""
        return person in (self.responsible, self.by) or person in self.people


def read(record_id: int, rev: int, doc: Mapping[str, Any]) -> Activity:
    """An activity from its record. Never raises: what is no sound value is as if it were not there (scripts write anything)."""
    texts = {name: value for name in _TEXTS if isinstance(value := doc.get(name), str)}
    day = texts.get("day", "")
    return Activity(
        id=record_id,
        rev=rev,
        owner=Ref.read(doc.get("owner")) or Ref("", 0),
        also=_refs(doc.get("also")),
        done=doc.get("done") is True,
        private=bool(
            doc.get("private")
        ),  # also where a script wrote 1 or "yes": what somebody wanted hidden is not shown
        people=_people(doc.get("people")),
        contacts=_refs(doc.get("contacts")),
        rooms=_texts(doc.get("rooms")),
        priority=doc["priority"] if _whole(doc.get("priority")) in PRIORITIES else USUAL_PRIORITY,
        reminders=tuple(
            sorted({n for one in _list(doc.get("reminders")) if (n := _whole(one)) in _AHEAD and n is not None})
        ),
        files=tuple(one for one in _list(doc.get("files")) if isinstance(one, dict)),
        skipped=_texts(doc.get("skipped")),
        more=_texts(doc.get("more")),
        of=_whole(doc.get("of")) or 0,
        sequence=_whole(doc.get("sequence")) or 0,
        **{
            **texts,
            "what": texts.get("what", ""),
            "at": texts.get("at", ""),
            "kind": texts.get("kind") or USUAL_KIND,
            "colour": texts["colour"] if texts.get("colour") in COLOURS else "",
            "last_day": max(texts.get("last_day", ""), day) if day else "",
        },
    )


_AHEAD = range(REMINDER_AHEAD.most + 1)
_TEXTS = frozenset((
    "what", "at", "kind", "start", "end", "day", "last_day", "zone", "done_at", "done_by", "by", "created",
    "responsible", "place", "colour", "rule", "wall", "occurrence", "text", "note", "result", "uid"
))  # fmt: skip


def moved(doc: Mapping[str, Any], at: str) -> dict[str, Any]:
    """What changes where an activity is put off to `at` (UTC ISO): its block of time goes along, and whole days do."""
    known = read(0, 0, doc)
    try:
        away = datetime.fromisoformat(at) - datetime.fromisoformat(known.at)
        if not known.whole_day:
            block = {name: doc[name] for name in ("start", "end") if isinstance(doc.get(name), str)}
            return {"at": at, **{name: stamp(datetime.fromisoformat(value) + away) for name, value in block.items()}}
        days = timedelta(days=round(away / timedelta(days=1)))
        whole = {name: doc[name] for name in ("day", "last_day") if isinstance(doc.get(name), str)}
        return {
            "at": stamp(datetime.fromisoformat(known.at) + days),
            **{name: (date.fromisoformat(value) + days).isoformat() for name, value in whole.items()},
        }
    except (ValueError, OverflowError, TypeError):
        return {"at": at}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> Texts:
    return tuple(dict.fromkeys(one for one in _list(value) if isinstance(one, str) and one))


def _refs(value: object) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(ref for one in _list(value) if (ref := Ref.read(one)) is not None))


def _people(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {str(key): answer if answer in ANSWERS else ANSWERS[0] for key, answer in value.items() if key}


def _whole(value: object) -> int | None:
    """A whole number; a yes or no is not one."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
