"""Rooms and resources added, changed, put in order and retired, never deleted: what was booked names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.pipeline_steps import checked_name
from tuicrm.domain.rooms import ROOM_KINDS, BookableRoom
from tuicrm.domain.slugs import slug, unused
from tuicrm.errors import AccessDenied, FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.limits import ROOM_NAME, ROOM_PLACE, ROOMS
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.members import check_members, find_member

_MOST_SEATS = 1_000_000
_GAP = 10


class RoomDetails(NamedTuple):
    """What can be said of a room; None leaves it as it is (or empty, for a new one). `bookers` are people and departments as they are
    typed; `seats` a number, "" for nothing said."""

    label: str | None = None
    place: str | None = None
    seats: str | None = None
    bookers: Sequence[str] | None = None
    kind: str | None = None


# -- rights, records ---------------------------------------------------------------------------------------------------
def why_not_change(session: Session) -> str | None:
    """Why this person may not change rooms; None when they may."""
    if session.access.has("settings"):
        return None
    return _("You may not change rooms: ask someone who may change settings.")


def _require_change(session: Session) -> None:
    reason = why_not_change(session)
    if reason is not None:
        raise AccessDenied(reason)


def _entry(session: Reader, key: str) -> ConfigRecord:
    entry = session.workspace.entry("room", key)
    if entry is None:
        raise NotFound(_("This room was removed by someone. Choose another."))
    return entry


# -- adding, changing --------------------------------------------------------------------------------------------------
def add_room(session: Session, details: RoomDetails, *, key: str = "") -> BookableRoom:
    """A new one, at the end of the list. The key comes from its name unless given; it never changes. Raises Refused, AccessDenied."""
    _require_change(session)
    session.store.refresh()
    known = session.workspace.rooms
    doc = _fields(session, details._replace(label=details.label or ""))
    ROOMS.check_room("label", len(known), doc["label"])
    if key and key in known:
        raise _wrong("key", _("a room with this key already exists"), key)
    if key and key != slug(key, "room"):
        raise _wrong("key", _("use lower-case letters, digits and _ only"), key)
    doc["key"] = key or unused(slug(doc["label"], "room"), known)
    doc["sort"] = max((room.sort for room in known.values()), default=0) + _GAP
    with session.change(_("add the room {room}").format(room=doc["label"])) as change:
        change.put("room", {name: value for name, value in doc.items() if value is not None})
    return session.workspace.rooms[doc["key"]]


def edit_room(session: Session, key: str, details: RoomDetails) -> BookableRoom:
    """Change what is given of a room; what is booked stays booked. Raises Refused, NotFound, AccessDenied."""
    _require_change(session)
    return _save(session, key, _fields(session, details, but=key), _("change the room {room}"))


def retire_room(session: Session, key: str, *, back: bool = False) -> BookableRoom:
    """No longer to be booked; what is booked stays. Or to be booked again."""
    _require_change(session)
    label = _("offer the room {room} again") if back else _("retire the room {room}")
    return _save(session, key, {"retired": None if back else True}, label)


def move_room(session: Session, key: str, step: int) -> BookableRoom:
    """One place down (1) or up (-1) in the list; nothing at its ends."""
    _require_change(session)
    session.store.refresh()
    order = list(session.workspace.rooms)
    at = order.index(_entry(session, key).doc["key"])
    to = at + step
    if 0 <= to < len(order):
        order.insert(to, order.pop(at))
        with session.change(_("move the room {room}").format(room=session.workspace.rooms[key].label)) as change:
            for place, each in enumerate(order, start=1):
                entry = _entry(session, each)
                if entry.doc.get("sort") != place * _GAP:
                    change.patch("room", entry.id, {"sort": place * _GAP})
    return session.workspace.rooms[key]


def _save(session: Session, key: str, fields: Mapping[str, Any], label: str) -> BookableRoom:
    entry = _entry(session, key)
    name = fields.get("label") or session.workspace.rooms[key].label
    if any(entry.doc.get(each) != value for each, value in fields.items()):
        with session.change(label.format(room=name)) as change:
            change.patch("room", entry.id, fields)
    return session.workspace.rooms[key]


# -- what is said of one -----------------------------------------------------------------------------------------------
def _fields(session: Session, details: RoomDetails, but: str = "") -> dict[str, Any]:
    """As it is kept; None empties. Raises Refused."""
    fields: dict[str, Any] = {}
    if details.label is not None:
        fields["label"] = _name(session, details.label, but)
    if details.place is not None:
        fields["place"] = _place(details.place)
    if details.seats is not None:
        fields["seats"] = _seats(details.seats)
    if details.bookers is not None:
        typed = [text for text in details.bookers if text.strip()]
        fields["bookers"] = check_members(session, [find_member(session, text) for text in typed]) or None
    if details.kind is not None:
        if details.kind not in ROOM_KINDS:
            raise _wrong("kind", _("choose one of: {known}").format(known=", ".join(ROOM_KINDS)), details.kind)
        fields["kind"] = details.kind
    return fields


def _name(session: Session, name: str, but: str) -> str:
    others = (room.label for room in session.workspace.rooms.values() if room.key != but)
    label = checked_name(name, others, _("a room with this name already exists"))
    ROOM_NAME.check("label", label)
    return label


def _place(text: str) -> str | None:
    place = " ".join(text.split())
    ROOM_PLACE.check("place", place)
    return place or None


def _seats(text: str) -> int | None:
    word = text.strip()
    if not word:
        return None
    if not (word.isascii() and word.isdigit()) or len(word) > 7 or int(word) > _MOST_SEATS:
        raise _wrong("seats", _("a whole number is expected"), text)
    return int(word) or None


def _wrong(field: str, message: str, value: object) -> Refused:
    return Refused(f"{field}: {message}", [FieldProblem(field, message, value)])
