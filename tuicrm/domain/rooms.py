"""Rooms, and whatever else is booked for a time: a car, a projector, a seat at the doctor's."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

RoomKind: TypeAlias = Literal["room", "resource"]
ROOM_KINDS: tuple[RoomKind, ...] = ("room", "resource")


class BookableRoom(Struct, frozen=True):
    """What can be booked. `key` never changes and is what bookings name; `seats` 0: nobody has said how many.

    `bookers` are those who may book it, people's keys and `department:key`; empty: everybody. `sort` is its place in the list."""

    key: str
    label: str
    place: str = ""
    seats: int = 0
    bookers: list[str] = msgspec.field(default_factory=list)
    kind: RoomKind = "room"
    retired: bool = False
    sort: int = 0
