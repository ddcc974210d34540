"""What a script did to bookings past the door is found, each fault at its record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tuicrm.domain.items import Ref
from tuicrm.services.checks.checking import faults
from tuicrm.services.definitions import field_changes, field_words
from tuicrm.services.definitions.rooms import RoomDetails, add_room
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Op


def at(clock: str) -> str:
    return f"2037-01-12T{clock}:00Z"


def planned(session: Session, start: str, end: str) -> int:
    doc = {"owner": "deal:1", "what": "x", "at": at(start), "end": at(end), "done": False, "rooms": ["blue"]}
    with session.change("plan") as change:
        return change.put("activity", doc)


def write(session: Session, table: str, doc: dict[str, Any] | None, record_id: int = 0) -> int:
    """As a script does."""
    number = record_id or session.store.new_ids(table, 1)[0]
    session.store.commit([Op(table, number, doc)])
    return number


def told(folder: Path) -> dict[str, str]:
    return {fault.place: fault.what for fault in faults(folder)}


def test_what_the_door_wrote_is_sound(seeded: Session, workspace_path: Path) -> None:
    add_room(seeded, RoomDetails("Blue"))
    planned(seeded, "10:00", "11:00")
    planned(seeded, "11:00", "12:00")
    field_words.add(seeded, "deal", "Visit", "booking", {})
    visit = {"rooms": ["blue"], "start": at("15:00"), "minutes": 60}
    items.edit(seeded, Ref("deal", 1), {"visit": visit})
    assert told(workspace_path) == {}
    field_changes.delete_field(seeded, "deal", "visit")
    items.delete(seeded, [Ref("deal", 1)])
    assert told(workspace_path) == {}


def test_overlaps_orphans_and_what_is_missing(seeded: Session, workspace_path: Path) -> None:
    add_room(seeded, RoomDetails("Blue"))
    one, other = planned(seeded, "10:00", "11:00"), planned(seeded, "12:00", "13:00")
    sound = {"room": "blue", "start": at("10:30"), "end": at("10:45"), "holder": "activity:99"}
    orphan = write(seeded, "booking", sound)
    strange = write(seeded, "booking", {"room": 7})
    attic = write(seeded, "booking", {**sound, "room": "attic"})
    moved = {"owner": "deal:1", "what": "x", "at": at("10:15"), "end": at("10:30"), "done": False, "rooms": ["blue"]}
    write(seeded, "activity", moved, other)
    mine = write(
        seeded, "booking", {"room": "blue", "start": at("10:15"), "end": at("10:30"), "holder": f"activity:{other}"}
    )
    left = next(number for number in seeded.store.ids("booking") if number not in (1, orphan, strange, attic, mine))
    found = told(workspace_path)
    assert found == {
        f"booking {orphan}": "nothing books it: activity:99 has no such booking",
        f"booking {strange}": "it names no room, or no time from and to",
        f"booking {attic}": "there is no room “attic”",
        f"booking {left}": f"nothing books it: activity:{other} has no such booking",
        f"booking {mine}": "it overlaps with booking 1 of Blue",
    }
    write(seeded, "booking", None, 1)
    assert told(workspace_path)[f"activity {one}"] == f"Blue is not booked for it from {at('10:00')} to {at('11:00')}"
