"""Activities as events of a calendar file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec

from tuicrm.domain.items import Ref
from tuicrm.exchange.ical.events import UTC_ZONE, IcalAnswer, IcalEvent, IcalGuest, IcalWhen, is_day
from tuicrm.exchange.ical.plain import guests_of
from tuicrm.i18n import _
from tuicrm.services.calendar.ical_people import AddressBook
from tuicrm.services.calendar.ical_times import days_later, known_zone, read_wall, wall_time, zone_or_utc
from tuicrm.services.calendar.shown import shifted
from tuicrm.services.items.room_names import room_name
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Record

COLOURS = {"1": "red", "2": "orange", "3": "gold", "4": "green", "5": "teal", "6": "blue", "7": "purple"}
"""The colours of activities by the names that calendar files have for them (RFC 7986)."""
PRIORITIES = {1: 1, 3: 9}
USUAL = {True: "todo", False: "meeting"}
"""What kind of activity a task of a file is, and an event."""
KEPT = "ical"
"""Where a record keeps what came with an event and has no place of its own."""
_ANSWERS: tuple[IcalAnswer, ...] = ("asked", "accepted", "declined", "maybe")
_NEVER_SAID = {"sequence": 0, "stamp": "", "modified": ""}


def own_uid(session: Session, record: Record) -> str:
    """What an activity is known by in other calendars where nothing else was said: the same in each file, for ever.

    It says when the activity was planned as well: after an older backup came back, another one may get its number."""
    made = blake2b(str(record.doc.get("created") or "").encode(), digest_size=5).hexdigest()
    return f"activity-{record.id}-{made}@{session.workspace.settings.get('id') or 'workspace'}.tuicrm"


def activity_of_uid(uid: str) -> int:
    """The activity that `own_uid` may have made it of, which is to be asked; 0 for what it never makes."""
    number = uid.removeprefix("activity-").partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


class EventsOut:
    """Writes activities as events, for one person; `zone` is the one that is meant where a record names none."""

    def __init__(self, session: Session, book: AddressBook) -> None:
        self._session, self._book = session, book
        self._zone = str(getattr(session.zone, "key", None) or UTC_ZONE)

    def series(self, record: Record, stand_ins: Sequence[Record] = ()) -> list[IcalEvent]:
        """An activity with those that stand in for occurrences of it, under one UID."""
        uid = str(record.doc.get("uid") or own_uid(self._session, record))
        doc = record.doc
        skipped = set(_texts(doc.get("skipped")))
        inner = [one for one in stand_ins if one.doc.get("occurrence") in skipped]
        replaced = {one.doc["occurrence"] for one in inner}
        head = {**doc, "skipped": [one for one in _texts(doc.get("skipped")) if one not in replaced]}
        events = [self.event(record._replace(doc=head), uid)]
        days = events[0].whole_day
        for one in sorted(inner, key=lambda one: str(one.doc["occurrence"])):
            event = self.event(one, uid)
            if event.occurrence is not None and is_day(event.occurrence) == days:
                events.append(event)
        return events

    def event(self, record: Record, uid: str) -> IcalEvent:
        """An activity as one event of this UID."""
        event = self.of_doc(record.doc, uid)
        kept = _kept(record.doc)
        sequence = _number(record.doc.get("sequence"))
        if kept.get("as") == digest(event):
            return msgspec.structs.replace(event, sequence=sequence, modified=str(kept.get("modified") or ""))
        # Changed since it came, or never came: a revision never repeats, and rises with each change.
        return msgspec.structs.replace(event, sequence=max(sequence + 1 if kept else 0, record.rev))

    def of_doc(self, doc: Mapping[str, Any], uid: str) -> IcalEvent:
        """What a record holds as one event, whatever its revision."""
        kept = _kept(doc)
        kind = str(doc.get("kind") or "todo")
        task = kept["task"] if isinstance(kept.get("task"), bool) else kind == "todo"
        times = self._times(doc, task=task)
        priority = _number(doc.get("priority")) or 2
        was = _number(kept.get("priority"))
        colour = str(doc.get("colour") or "")
        return IcalEvent(
            uid=uid,
            task=task,
            stamp=str(kept.get("stamp") or doc.get("created") or ""),
            summary=_as_it_was("summary", str(doc.get("what") or ""), kept),
            text=str(doc.get("text") or ""),
            place=_as_it_was("place", str(doc.get("place") or ""), kept)
            or ", ".join(room_name(self._session, key) for key in _texts(doc.get("rooms"))),
            **times,
            occurrence=read_wall(str(doc.get("occurrence") or "")),
            **_state(doc, kept, task=task),
            secrecy=("confidential" if kept.get("confidential") else "private") if doc.get("private") else "",
            free=kept.get("free") is True,
            priority=was if class_of(was) == priority else PRIORITIES.get(priority, 0),
            colour=COLOURS.get(colour, "") or str(kept.get("colour") or ""),
            own_kind="" if kind == USUAL[task] else kind,
            reminders=tuple(sorted({one for one in doc.get("reminders") or () if isinstance(one, int)})),
            **self._who(doc, kept),
            extra=tuple(_texts(kept.get("extra"))),
        )

    # -- when ----------------------------------------------------------------------------------------------------------
    def _times(self, doc: Mapping[str, Any], *, task: bool) -> dict[str, Any]:
        """Start, end, zone and recurrence of a record."""
        rule, wall = str(doc.get("rule") or ""), read_wall(str(doc.get("wall") or doc.get("day") or ""))
        days = is_day(read_wall(str(doc.get("day") or "")))
        further = {
            name: tuple(one for one in _walls(doc.get(name)) if is_day(one) == days) for name in ("skipped", "more")
        }
        more = {"rule": rule, **further} if rule else {}
        first, last = (read_wall(str(doc.get(name) or "")) for name in ("day", "last_day"))
        if first is not None and not isinstance(first, datetime):
            length = (
                (last - first) if last is not None and not isinstance(last, datetime) and last > first else timedelta()
            )
            start: IcalWhen = wall if rule and wall is not None and not isinstance(wall, datetime) else first
            if task and not rule and not length:
                return {"start": None, "end": start, **more}
            return {"start": start, "end": days_later(start, length + timedelta(days=0 if task else 1)), **more}
        name = known_zone(str(doc.get("zone") or self._zone))
        zone = zone_or_utc(name)
        start_, end_, at = (wall_time(str(doc.get(key) or ""), zone) for key in ("start", "end", "at"))
        begins = start_ or at
        ends = end_ if end_ is not None and begins is not None and end_ > begins else None
        if task:
            begins, ends = (start_, at) if start_ is not None and start_ != at else (None, at)
            if rule and begins is None:
                begins, ends = at, None
        if rule and isinstance(wall, datetime) and begins is not None:
            ends = shifted(wall, ends - begins) if ends is not None else None
            begins = wall
        return {"start": begins, "end": ends, "zone": name, **more}

    # -- who -----------------------------------------------------------------------------------------------------------
    def _who(self, doc: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
        """Who takes part: those who came with the event as they came, with what they answer now, then those who were added."""
        people = _table(doc.get("people"))
        contacts = [ref for one in _texts(doc.get("contacts")) if (ref := Ref.read(one)) is not None]
        answers = _table(doc.get("answers"))
        came = guests_of(kept.get("guests"))
        found: dict[str, IcalGuest] = {}
        for guest in came:
            person, item = self._book.person(guest.address), self._book.item(guest.address)
            if person:
                if person in people:
                    found[guest.address] = msgspec.structs.replace(guest, answer=_answer(people[person]))
            elif item is not None:
                if item in contacts:
                    found[guest.address] = msgspec.structs.replace(guest, answer=_answer(answers.get(str(item))))
            else:
                found[guest.address] = guest
        there = {self._book.item(guest.address) for guest in came}
        added = [(self._book.of_person(str(key)), answer) for key, answer in people.items()]
        added += [(self._book.of_item(ref), answers.get(str(ref))) for ref in contacts if ref not in there]
        for (mail, name), answer in added:
            if mail:
                found.setdefault(mail, IcalGuest(mail, name, _answer(answer), reply_wanted=_answer(answer) == "asked"))
        organizer = next(iter(guests_of([kept.get("organizer")])), None)
        if organizer is None and found and not kept:
            mail, name = self._book.of_person(str(doc.get("responsible") or doc.get("by") or ""))
            organizer = IcalGuest(mail, name) if mail else None
        return {"organizer": organizer, "guests": tuple(found.values())}


def busy(event: IcalEvent) -> IcalEvent:
    """What others may know of a private event: when somebody is busy."""
    return IcalEvent(
        uid=event.uid,
        sequence=event.sequence,
        stamp=event.stamp,
        summary=_("busy"),
        start=event.start if event.start is not None else event.end,
        end=event.end if event.start is not None else None,
        zone=event.zone,
        rule=event.rule,
        skipped=event.skipped,
        more=event.more,
        occurrence=event.occurrence,
        secrecy="private",
    )


def digest(event: IcalEvent) -> str:
    """What tells whether an event is as it was; revisions and stamps apart."""
    plain = msgspec.json.encode(msgspec.structs.replace(event, **_NEVER_SAID))
    return blake2b(plain, digest_size=12).hexdigest()


def class_of(priority: int) -> int:
    """The priority of activities (1 high, 2, 3 low) that one of a file is (1 to 9; 0: nothing said)."""
    return 2 if priority in (0, 5) else 1 if priority < 5 else 3


def _state(doc: Mapping[str, Any], kept: Mapping[str, Any], *, task: bool) -> dict[str, Any]:
    status = str(kept.get("status") or "")
    if task and doc.get("done"):
        return {"status": "COMPLETED", "done_at": str(doc.get("done_at") or "")}
    return {"status": "" if status == "COMPLETED" else status}


def _kept(doc: Mapping[str, Any]) -> Doc:
    return _table(doc.get(KEPT))


def _as_it_was(name: str, text: str, kept: Mapping[str, Any]) -> str:
    """A text as its file had it, in several lines or none, where it is still the same."""
    was = kept.get(name)
    same = isinstance(was, str) and (" ".join(was.split()) or _("(no title)")) == text
    return str(was) if same else text


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _walls(value: object) -> tuple[IcalWhen, ...]:
    return tuple(sorted({wall for one in _texts(value) if (wall := read_wall(one)) is not None}, key=str))


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _answer(value: object) -> IcalAnswer:
    return next((one for one in _ANSWERS if one == value), "asked")
