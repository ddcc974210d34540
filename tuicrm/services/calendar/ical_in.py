"""Events of a calendar file as the records of activities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import msgspec

from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.errors import Refused
from tuicrm.exchange.ical.events import IcalEvent, IcalGuest, IcalWhen, is_day
from tuicrm.i18n import _
from tuicrm.services.calendar.ical_out import COLOURS, KEPT, USUAL, class_of
from tuicrm.services.calendar.ical_people import AddressBook
from tuicrm.services.calendar.ical_times import day_before, end_of_day, utc_text, wall_text, zone_key, zone_or_utc
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc

KEYS: Mapping[str, tuple[str, ...]] = {
    "when": ("at", "start", "end", "day", "last_day", "zone", "wall"),
    "rule": ("rule", "wall", "at", "start", "end", "day", "last_day", "skipped", "more"),
    "skipped": ("skipped", "at", "start", "end", "day", "last_day"),
    "more": ("more", "at", "start", "end", "day", "last_day"),
    "summary": ("what",),
    "text": ("text",),
    "place": ("place",),
    "status": ("done", "done_at", "done_by"),
    "secrecy": ("private",),
    "free": (),
    "priority": ("priority",),
    "colour": ("colour",),
    "kind": ("kind",),
    "reminders": ("reminders",),
    "organizer": (),
    "guests": ("people", "contacts", "answers"),
    "extra": (),
}
"""What of a record is made from each part of an event (`exchange/ical/merging.py`); all of them also change what is kept beside."""

_COLOUR_KEYS = {name: key for key, name in COLOURS.items()}


class EventsIn:
    """Makes records of events, for one person."""

    def __init__(self, session: Session, book: AddressBook) -> None:
        self._session, self._book = session, book
        self._zone = zone_key(session)

    def doc(self, event: IcalEvent, owner: Ref, replaced: Iterable[str] = ()) -> Doc:
        """A new activity on an item; `replaced` are the occurrences of it that others stand in for. Raises Refused for a rule that
        nothing here repeats by."""
        me, now = self._session.person_key, stamp(self._session.moment())
        doc: Doc = {
            "owner": str(owner),
            "by": me,
            "created": now,
            "responsible": me,
            "done": False,
            **self.fields(event, replaced),
        }
        if event.occurrence is not None:
            doc["occurrence"] = wall_text(event.occurrence)
        if not event.task and self._is_over(doc):
            doc |= {"done": True, "done_at": doc.get("end") or doc["at"], "done_by": me}
        return {key: value for key, value in doc.items() if value is not None}

    def fields(self, event: IcalEvent, replaced: Iterable[str] = (), since: datetime | None = None) -> Doc:
        """All that an event says, by the names of a record; None for what it does not say. A series stands at its first occurrence
        that is not over at a moment (now, where none is given). Raises Refused for a rule that nothing here repeats by."""
        done = event.task and event.status == "COMPLETED"
        return {
            "what": _titled(event.summary),
            "kind": event.own_kind or USUAL[event.task],
            "text": event.text or None,
            "place": _line(event.place) or None,
            **self._times(event, replaced, since or self._session.clock()),
            "done": done,
            "done_at": (event.done_at or stamp(self._session.moment())) if done else None,
            "done_by": self._session.person_key if done else None,
            "private": True if event.secrecy else None,
            "priority": priority if (priority := class_of(event.priority)) != 2 else None,
            "colour": _COLOUR_KEYS.get(event.colour),
            "reminders": list(event.reminders) or None,
            **self._who(event.guests),
            "uid": event.uid,
            "sequence": event.sequence or None,
            KEPT: self._kept(event),
        }

    def _kept(self, event: IcalEvent) -> Doc:
        """What there is no place for: as the file had it, to be written again."""
        whole = {
            "task": event.task if event.own_kind else None,
            "stamp": event.stamp,
            "modified": event.modified,
            "status": "" if event.status == "COMPLETED" else event.status,
            "confidential": event.secrecy == "confidential",
            "free": event.free,
            "priority": event.priority,
            "colour": "" if event.colour in _COLOUR_KEYS else event.colour,
            "organizer": msgspec.to_builtins(event.organizer) if event.organizer is not None else None,
            "guests": [msgspec.to_builtins(guest) for guest in event.guests],
            "extra": list(event.extra),
            # What is one line here may be several there.
            "place": event.place if event.place != _line(event.place) else "",
            "summary": event.summary if event.summary != _titled(event.summary) else "",
        }
        kept = {key: value for key, value in whole.items() if value or (value is False and key == "task")}
        return kept if event.summary else {**kept, "summary": ""}

    # -- who -----------------------------------------------------------------------------------------------------------
    def _who(self, guests: Iterable[IcalGuest]) -> Doc:
        people: dict[str, str] = {}
        contacts: list[str] = []
        answers: dict[str, str] = {}
        for guest in guests:
            person = self._book.person(guest.address)
            item = None if person else self._book.item(guest.address)
            if person:
                people[person] = guest.answer
            elif item is not None:
                contacts.append(str(item))
                if guest.answer != "asked":
                    answers[str(item)] = guest.answer
        return {
            "people": people or None,
            "contacts": list(dict.fromkeys(contacts)) or None,
            "answers": answers or None,
        }

    # -- when ----------------------------------------------------------------------------------------------------------
    def _times(self, event: IcalEvent, replaced: Iterable[str], since: datetime) -> Doc:
        """When a record is planned for; of a series, its next occurrence that is not over."""
        name = event.zone or self._zone
        once = self._once(event, event.start, event.end, name)
        if not event.rule and not event.more:
            return {**once, "zone": name, "rule": None, "wall": None, "skipped": None, "more": None}
        first = event.start if event.start is not None else event.end
        if first is None:
            raise Refused(_("a series that never begins cannot be kept"))
        rule = event.rule or "FREQ=DAILY;COUNT=1"
        said: Doc = {
            "zone": name,
            "rule": rule,
            "wall": wall_text(first),
            "skipped": sorted({*map(wall_text, event.skipped), *replaced}) or None,
            "more": [wall_text(one) for one in event.more] or None,
        }
        return {**once, **said, **self._next(event, {**once, **said}, name, since)}

    def _next(self, event: IcalEvent, doc: Doc, name: str, since: datetime) -> Doc:
        """The times of the next occurrence of a series."""
        from tuicrm.services.calendar.ical_series import next_open

        first = event.start if event.start is not None else event.end
        if first is None:
            return {}
        found = next_open(doc, length_of(event), since)
        if found is None:
            return {}
        start, end = (moved_along(one, first, found) for one in (event.start, event.end))
        return self._once(event, start, end, name)

    def _once(self, event: IcalEvent, start: IcalWhen | None, end: IcalWhen | None, name: str) -> Doc:
        zone = zone_or_utc(name)
        nothing: Doc = dict.fromkeys(("at", "start", "end", "day", "last_day"))
        base = start if start is not None else end
        if base is None:
            from tuicrm.services.items.activities import default_time

            return {**nothing, "at": default_time(self._session.context())}
        if is_day(base):
            first, last = _days(base, end, task=event.task)
            return {
                **nothing,
                "day": first.isoformat(),
                "last_day": last.isoformat() if last > first else None,
                "at": end_of_day(last, zone),
            }
        begins, ends = (utc_text(one, zone) if isinstance(one, datetime) else None for one in (start, end))
        if event.task:
            # A task is due at its end; from when on it is worked on is its block of time.
            due = ends or begins
            block = begins is not None and ends is not None and begins < ends
            return {**nothing, "at": due, "start": begins if block else None, "end": ends if block else None}
        return {**nothing, "at": begins, "start": begins, "end": ends if ends and begins and ends > begins else None}

    def _is_over(self, doc: Doc) -> bool:
        """Whether an event was over before it came: what is over came to its end elsewhere."""
        return str(doc.get("end") or doc.get("at")) < stamp(self._session.clock())


def _line(text: str) -> str:
    return " ".join(text.split())


def _titled(text: str) -> str:
    return _line(text) or _("(no title)")


def _days(base: IcalWhen, end: IcalWhen | None, *, task: bool) -> tuple[date, date]:
    first = base.date() if isinstance(base, datetime) else base
    last = end.date() if isinstance(end, datetime) else end
    if last is None:
        return first, first
    # A task is due on its last day, an event ends before the day that the file names.
    return first, max(first, last if task else day_before(last))


def moved_along(when: IcalWhen | None, first: IcalWhen, found: IcalWhen) -> IcalWhen | None:
    """A time of a series' first occurrence as that of another one."""
    if isinstance(first, datetime) and isinstance(found, datetime) and isinstance(when, datetime):
        return when + (found - first)
    if when is None or isinstance(when, datetime) or isinstance(first, datetime) or isinstance(found, datetime):
        return None
    return when + (found - first)


def length_of(event: IcalEvent) -> timedelta:
    """How long an event takes on the wall."""
    if event.start is None or event.end is None:
        return timedelta()
    return event.end - event.start
