"""Rooms and resources that an item takes for a time: what the model product calls “resource booking” (reference §2.1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tuicrm.domain import named
from tuicrm.domain.context import Choice, Context
from tuicrm.domain.kinds.base import BadValue, Compared
from tuicrm.domain.kinds.dates import DateTimeKind
from tuicrm.domain.kinds.day_names import day_text, weekday
from tuicrm.domain.kinds.duration import DurationKind, clock
from tuicrm.domain.kinds.moments import today
from tuicrm.domain.schema import Field
from tuicrm.i18n import _
from tuicrm.limits import ROOMS_OF_ACTIVITY

_MOST_MINUTES = 366 * 24 * 60
_WHEN, _LONG = DateTimeKind(), DurationKind()
_MOMENT, _LENGTH = Field("", "datetime", ""), Field("", "duration", "")


class BookingKind(Compared):
    """Some rooms (keys), from when (UTC), for how many minutes: {"rooms": ["blue"], "start": "2027-01-12T09:00:00Z", "minutes": 60}.

    Typed `Blue, Red car; 2027-01-12 10:00; 1h 30m`; without a length it is an hour. The commit refuses what somebody else has
    (`services/kernel/bookings.py`)."""

    name = "booking"

    def parse(self, text: str, field: Field, context: Context) -> object:
        if not text.strip():
            return None
        parts = [part.strip() for part in text.split(";")]
        if len(parts) not in (2, 3):
            raise BadValue(_expected(context), text)
        rooms = [_room(word, context) for word in parts[0].split(",") if word.strip()]
        start = _WHEN.parse(parts[1], _MOMENT, context)
        minutes = _LONG.parse(parts[2], _LENGTH, context) if len(parts) == 3 and parts[2] else 60
        if not rooms or start is None:
            raise BadValue(_expected(context), text)
        return self.read({"rooms": rooms, "start": start, "minutes": minutes}, field, context)

    def read(self, value: object, field: Field, context: Context) -> object:
        """Checked; also a text as it is typed. Whether anything is free then is not asked here."""
        if isinstance(value, str):
            return self.parse(value, field, context)
        if not isinstance(value, dict) or not set(value) <= {"rooms", "start", "minutes"}:
            raise BadValue(_expected(context), value)
        rooms, minutes = value.get("rooms"), value.get("minutes")
        if not isinstance(rooms, list) or not rooms:
            raise BadValue(_expected(context), value)
        if len(rooms) > ROOMS_OF_ACTIVITY.most:
            raise BadValue(ROOMS_OF_ACTIVITY.told, value)
        for room in rooms:
            if not isinstance(room, str) or context.names.room(room) is None:
                raise BadValue(_no_room(str(room), context), value)
        if not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 < minutes <= _MOST_MINUTES:
            raise BadValue(_("a length from one minute to a year is expected"), value)
        start = _WHEN.read(value.get("start"), _MOMENT, context)
        return {"rooms": list(dict.fromkeys(rooms)), "start": start, "minutes": minutes}

    def format(self, value: object, field: Field, context: Context) -> str:
        if not isinstance(value, dict):
            return str(value)
        if context.canonical:
            return self.edit(value, field, context)
        names = [context.names.room(str(room)) or str(room) for room in _rooms(value)]
        return f"{', '.join(names)}: {_span(value, context)}"

    def edit(self, value: object, field: Field, context: Context) -> str:
        if not isinstance(value, dict):
            return str(value)
        rooms = ", ".join(_typed(room, context) for room in _rooms(value))
        start = _WHEN.edit(value.get("start"), _MOMENT, context)
        return f"{rooms}; {start}; {_LONG.edit(value.get('minutes'), _LENGTH, context)}"


def _rooms(value: dict[str, Any]) -> list[str]:
    rooms = value.get("rooms")
    return [str(room) for room in rooms] if isinstance(rooms, list) else []


def _typed(room: str, context: Context) -> str:
    """A room as it is read back: its name where that is plain and its alone, else its key, which files hold always."""
    label = context.names.room(room)
    if context.canonical or label is None or any(sign in label for sign in ';,"\n') or label != label.strip():
        return room
    return label if [one.key for one in named.find(label, rooms_named(context))] == [room] else room


def rooms_named(context: Context) -> list[named.Named[Choice]]:
    """Every room and resource that can be chosen, by key and name."""
    return [named.Named(one, one.key, (one.label,), one.label) for one in context.names.rooms()]


def _room(word: str, context: Context) -> str:
    """The key of the room that a word names. Raises BadValue with those there are."""
    text = word.strip()
    known = rooms_named(context)
    found = named.find(text, known)
    if len(found) == 1:
        return found[0].key
    if found:
        raise BadValue(named.several(text, found, known), word)
    if context.names.room(text) is not None:  # retired; who books it is told so
        return text
    raise BadValue(_no_room(text, context), word)


def _no_room(text: str, context: Context) -> str:
    nothing = _("there is no room “{room}”").format(room=text[:40])
    return nothing + named.there_are(text, rooms_named(context))


def _expected(context: Context) -> str:
    room = next((one.label for one in context.names.rooms()), "") or _("Blue")
    return _("rooms, a time and a length are expected, such as {example}").format(
        example=f"{room}; 2026-12-18 15:00; 1h 30m"
    )


def _span(value: dict[str, Any], context: Context) -> str:
    """`Tue 12 Jan 2027 10:00–11:30`; with both days where they are two."""
    minutes = value.get("minutes")
    try:
        start = datetime.fromisoformat(str(value.get("start"))).astimezone(context.zone)
        whole = minutes if isinstance(minutes, int) else 0
        end = (start.astimezone(UTC) + timedelta(minutes=whole)).astimezone(context.zone)
    except (ValueError, OverflowError):
        return f"{value.get('start')} {clock(minutes) if isinstance(minutes, int) else minutes}"
    year = start.year != today(context).year
    day = f"{weekday(start.date(), context)} {day_text(start.date(), context, year=year)}"
    if end.date() == start.date():
        return f"{day} {start:%H:%M}–{end:%H:%M}"
    return f"{day} {start:%H:%M} – {day_text(end.date(), context, year=year)} {end:%H:%M}"
