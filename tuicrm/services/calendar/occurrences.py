"""What stands in somebody's calendar in a stretch of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from msgspec import Struct

from tuicrm.domain.activities.spans import Span
from tuicrm.domain.conditions import And, Condition, Empty, Not, OneOf, Or, Test
from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.services.kernel.reader import ACTIVITIES, stamp
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Record

_USUAL = timedelta(minutes=30)


class Whose(Struct, frozen=True):
    """Whose calendars: keys of people, of a department, of rooms; nothing at all means everybody's."""

    people: tuple[str, ...] = ()
    department: str = ""
    rooms: tuple[str, ...] = ()


class Shown(Struct, frozen=True):
    """One activity, or one occurrence of a series, in a stretch of time: `span`, or whole days from `day` to `last_day`."""

    activity: int
    what: str
    occurrence: str = ""
    span: Span | None = None
    day: str = ""
    last_day: str = ""
    owner: Ref | None = None
    title: str = ""
    kind: str = ""
    colour: str = ""
    place: str = ""
    responsible: str = ""
    people: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    late: bool = False
    done: bool = False
    busy: bool = False
    repeats: bool = False


def between(session: Session, begin: datetime, end: datetime, whose: Whose) -> list[Shown]:
    """What stands in these calendars between two moments, soonest first."""
    keys = people_of(session, whose)
    parts = [part for part in (_within(session, begin, end), _whose(whose, keys)) if part is not None]
    records = session.store.find(Find(ACTIVITIES, And(tuple(parts)))).records
    titles = _titles(session, records)
    known = bool(keys or whose.rooms)
    found = [_shown(session, one, titles) for one in records if known or Ref.read(one.doc.get("owner")) in titles]
    return sorted(found, key=lambda one: (one.span.start if one.span else begin, one.activity))


def people_of(session: Session, whose: Whose) -> set[str]:
    """The people whose calendars are meant, those of the department too."""
    workspace = session.workspace
    parts = workspace.departments.tree(whose.department) if whose.department else set()
    inside = {one.key for one in workspace.people.values() if one.department in parts and not one.retired}
    return {*whose.people, *inside}


def _within(session: Session, begin: datetime, end: datetime) -> Condition:
    b, e = stamp(begin), stamp(end)
    first = begin.astimezone(session.zone).date().isoformat()
    last = (end - timedelta(seconds=1)).astimezone(session.zone).date().isoformat()
    at = (
        Test("at", "datetime", "<", e),
        Empty("day"),
        Empty("start"),
        Or((Test("at", "datetime", ">=", b), Test("end", "datetime", ">", b))),
    )
    block = (Test("start", "datetime", "<", e), Test("end", "datetime", ">", b))
    days = (
        Test("day", "date", "<=", last),
        Or((Test("last_day", "date", ">=", first), Test("day", "date", ">=", first))),
    )
    begun = (Test("start", "datetime", ">=", b), Test("start", "datetime", "<", e))
    return Or((And(at), And(block), And(begun), And(days)))


def _whose(whose: Whose, keys: Iterable[str]) -> Condition | None:
    people = tuple(sorted(keys))
    parts: list[Condition] = [OneOf("responsible", "person", people)] if people else []
    parts += [And((Not(Empty(f"people.{key}")), Test(f"people.{key}", "string", "!=", "declined"))) for key in people]
    parts += [Test("rooms", "string", "=", key) for key in whose.rooms]
    if whose.department and not people:
        return Or(())
    return Or(tuple(parts)) if parts else None


def _titles(session: Session, records: Iterable[Record]) -> dict[Ref | None, str]:
    """What the items are called that may be read."""
    by_type: dict[str, set[int]] = {}
    for record in records:
        if (owner := Ref.read(record.doc.get("owner"))) is not None and owner.type in session.workspace.types:
            by_type.setdefault(owner.type, set()).add(owner.id)
    return {item.ref: session.title_of(item) for key, ids in by_type.items() for item in session.many(key, sorted(ids))}


def _shown(session: Session, record: Record, titles: Mapping[Ref | None, str]) -> Shown:
    doc, me = record.doc, session.person_key
    owner = Ref.read(doc.get("owner"))
    given = doc.get("people")
    people: dict[str, Any] = given if isinstance(given, dict) else {}
    mine = me in (doc.get("responsible"), doc.get("by")) or me in people
    busy = owner not in titles or (doc.get("private") is True and not mine)
    day, last = _day(doc.get("day")), _day(doc.get("last_day"))
    rooms = doc.get("rooms")
    done = doc.get("done") is True
    return Shown(
        activity=record.id,
        what=_("busy") if busy else str(doc.get("what") or ""),
        span=None if day else _span(doc),
        day=day,
        last_day=max(day, last),
        owner=None if busy else owner,
        title="" if busy else titles[owner],
        kind="" if busy else str(doc.get("kind") or ""),
        colour="" if busy else str(doc.get("colour") or ""),
        place="" if busy else str(doc.get("place") or ""),
        responsible=str(doc.get("responsible") or ""),
        people=tuple(key for key, answer in people.items() if answer != "declined"),
        rooms=tuple(map(str, rooms)) if isinstance(rooms, list) else (),
        late=not done and str(doc.get("at") or "") < stamp(session.clock()),
        done=done,
        busy=busy,
        repeats=bool(doc.get("rule") or doc.get("of")),
    )


def _day(value: object) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat() if value else ""
    except ValueError:
        return ""


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value)) if value else None
        return found and found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _span(doc: Mapping[str, Any]) -> Span:
    begin = _moment(doc.get("start")) or _moment(doc.get("at")) or datetime.combine(date(1970, 1, 1), time(), UTC)
    end = _moment(doc.get("end"))
    return Span(begin, end if end is not None and end > begin else begin + _USUAL)
