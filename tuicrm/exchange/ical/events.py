"""What a calendar file holds, as plain values: events and tasks, who takes part, and what could not be read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import Struct

IcalWhen: TypeAlias = datetime | date
"""A naive wall time in its event's zone, or a whole day."""

IcalAnswer: TypeAlias = Literal["asked", "accepted", "declined", "maybe"]
Secrecy: TypeAlias = Literal["", "private", "confidential"]

UTC_ZONE = "UTC"


class IcalGuest(Struct, frozen=True):
    """Somebody who takes part: their address (an e-mail in small letters, else the URI as it stood) and what they said. `role` and
    `kind` are ROLE and CUTYPE where these are not the usual ones."""

    address: str
    name: str = ""
    answer: IcalAnswer = "asked"
    role: str = ""
    kind: str = ""
    reply_wanted: bool = False


class IcalEvent(Struct, frozen=True, kw_only=True):
    """One VEVENT or VTODO. `start` and `end` are wall times in `zone` (IANA, "UTC", or "": a wall time wherever one is), or both days,
    the end being the day behind the last one. A task is due at its `end`. `rule` is an RRULE whose UNTIL is a wall time, `skipped` and
    `more` are EXDATE and RDATE; `occurrence` says which one of a series this stands in for. `priority` and `status` are as in the
    file, reminders minutes before. `extra` are content lines of what has no place here, kept to be written again."""

    uid: str
    task: bool = False
    sequence: int = 0
    stamp: str = ""
    modified: str = ""
    summary: str = ""
    text: str = ""
    place: str = ""
    start: IcalWhen | None = None
    end: IcalWhen | None = None
    zone: str = ""
    rule: str = ""
    skipped: tuple[IcalWhen, ...] = ()
    more: tuple[IcalWhen, ...] = ()
    occurrence: IcalWhen | None = None
    status: str = ""
    done_at: str = ""
    secrecy: Secrecy = ""
    free: bool = False
    priority: int = 0
    colour: str = ""
    own_kind: str = ""
    reminders: tuple[int, ...] = ()
    organizer: IcalGuest | None = None
    guests: tuple[IcalGuest, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def cancelled(self) -> bool:
        """Whether it was called off."""
        return self.status == "CANCELLED"

    @property
    def whole_day(self) -> bool:
        """Whether it is for days, and no time of them."""
        return is_day(self.start if self.start is not None else self.end)


class IcalRemark(Struct, frozen=True):
    """What there is to know about an event: its title or UID ("" for the file as a whole), the line where it begins, what it is; an
    event that is `left_out` is not among those that were read."""

    event: str
    line: int
    message: str
    left_out: bool = False


class IcalFile(Struct, frozen=True):
    """A file: what it asks for ("" or PUBLISH, REQUEST, REPLY, CANCEL …), its name, what is in it."""

    method: str = ""
    name: str = ""
    events: tuple[IcalEvent, ...] = ()
    remarks: tuple[IcalRemark, ...] = ()


def is_day(when: IcalWhen | None) -> bool:
    """Whether it is a whole day, and no time of it."""
    return when is not None and not isinstance(when, datetime)
