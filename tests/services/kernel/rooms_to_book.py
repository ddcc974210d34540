"""Rooms, who plans them, and what is booked of them then: what the tests of bookings share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tuicrm.domain.items import Ref
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find

DEAL = Ref("deal", 1)


def put_room(session: Session, key: str, **said: Any) -> None:
    with session.change("room") as change:
        change.put("room", {"key": key, "label": key.capitalize(), **said})


def plan(session: Session, start: str, end: str, *rooms: str, **more: Any) -> int:
    """An activity on 12 January 2027, from one time of day to another (UTC): Anna's on D-1, Luca's on D-2."""
    mine = {"owner": "deal:2" if session.person_key == "luca" else "deal:1", "what": "Meet", "start": at(start)}
    whose = {"responsible": session.person_key, "by": session.person_key}
    with session.change("plan") as change:
        return change.put("activity", {**doc(start, end, *rooms), **mine, **whose, **more})


def doc(start: str, end: str, *rooms: str) -> dict[str, Any]:
    """An activity on D-1, as it is kept."""
    ends = {"end": at(end)} if end else {}
    return {"owner": "deal:1", "what": "x", "at": at(start), **ends, "done": False, "rooms": list(rooms)}


def put(session: Session, *docs: dict[str, Any], meanwhile: Callable[[], object] = lambda: None) -> None:
    """Activities as one change; `meanwhile` is done before it is committed."""
    with session.change("put") as change:
        for one in docs:
            change.put("activity", one)
        meanwhile()


def put_big(session: Session, *docs: dict[str, Any], meanwhile: Callable[[], object] = lambda: None) -> None:
    """The same as a big change, a line each."""
    with session.bulk("many") as bulk:
        for one in docs:
            with bulk.change() as change:
                change.put("activity", one)
        meanwhile()


def at(clock: str) -> str:
    return f"2027-01-12T{clock}:00Z"


def patch(session: Session, number: int, **fields: Any) -> None:
    with session.change("change") as change:
        change.patch("activity", number, fields)


def remove(session: Session, number: int) -> None:
    with session.change("delete") as change:
        change.remove("activity", number)


def booked(session: Session) -> list[tuple[str, str, str]]:
    """What is booked: room, from, to, in order."""
    found = session.store.find(Find("booking")).records
    docs = [one.doc for one in found if not one.doc.get("off")]
    return sorted((one["room"], one["start"][11:16], one["end"][11:16]) for one in docs)
