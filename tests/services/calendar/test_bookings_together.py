"""Many processes that book the same few rooms at once: nothing ever overlaps, and who is refused is told who has the room."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.at_once import at_once
from tuicrm.services.calendar.rooms import rooms
from tuicrm.services.definitions.rooms import RoomDetails, add_room
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find

NAMES = ("Blue", "Green", "Red")

_BOOKS = """
import json, random, sys
from tuicrm.errors import Refused
from tuicrm.services.workspace.start import open_session
session = open_session(sys.argv[1], login="anna")
turn, dice, told = int(sys.argv[2]), random.Random(sys.argv[3]), {"made": 0, "refused": []}
rooms = list(session.workspace.rooms)

def stamp(minute):
    return f"2031-01-{10 + minute // 1440:02}T{minute % 1440 // 60:02}:{minute % 60:02}:00Z"

def book(room, start, minutes):
    doc = {"owner": "deal:1", "what": f"turn {turn}", "at": stamp(start), "end": stamp(start + minutes), "done": False,
           "rooms": [room], "responsible": "anna", "by": "anna"}
    try:
        with session.change("book") as change:
            change.put("activity", doc)
        told["made"] += 1
    except Refused as problem:
        told["refused"].append(problem.message)

print("ready", flush=True)
sys.stdin.readline()
for n in range(int(sys.argv[4])):
    if sys.argv[5] == "pairs":
        book(rooms[0], n * 60, 60)
    else:
        book(dice.choice(rooms), dice.randrange(0, 1440 - 120), dice.choice((15, 30, 60, 95)))
session.close()
print(json.dumps(told))
"""


def run(folder: Path, processes: int, count: int, how: str) -> list[dict[str, Any]]:
    """What each process made and was refused; all begin at once."""
    told = at_once(_BOOKS, [(str(folder), str(n), f"seed {n}", str(count), how) for n in range(processes)])
    return [json.loads(text) for text in told]


@pytest.fixture
def office(seeded: Session) -> Session:
    for name in NAMES:
        add_room(seeded, RoomDetails(name))
    return seeded


def no_overlap(session: Session) -> int:
    """That nothing overlaps, and each booking is that of an activity which is there; how many there are."""
    session.store.refresh()
    found = session.store.find(Find("booking")).records
    for room in rooms(session):
        mine = sorted((one.doc["start"], one.doc["end"]) for one in found if one.doc["room"] == room.key)
        assert all(before[1] <= after[0] for before, after in pairwise(mine)), room.key
    there = {f"activity:{number}" for number in session.store.ids("activity")}
    assert sorted(one.doc["holder"] for one in found) == sorted(there)
    return len(found)


def every_refusal_is_clear(told: list[dict[str, Any]]) -> None:
    for one in told:
        for message in one["refused"]:
            name = message.split()[0]
            assert name in NAMES
            assert message.startswith(f"{name} is booked by Anna Bianchi (D-1 turn "), message
            assert "; it is free from " in message


def test_eight_processes_book_three_rooms(office: Session, workspace_path: Path) -> None:
    told = run(workspace_path, 8, 50, "any")
    made = sum(one["made"] for one in told)
    refused = sum(len(one["refused"]) for one in told)
    assert made + refused == 400
    assert made > 20 < refused
    assert no_overlap(office) == made
    every_refusal_is_clear(told)


def test_of_each_pair_that_wants_one_room_one_gets_it(office: Session, workspace_path: Path) -> None:
    told = run(workspace_path, 2, 50, "pairs")
    assert sum(one["made"] for one in told) == 50
    assert sum(len(one["refused"]) for one in told) == 50
    assert no_overlap(office) == 50
    every_refusal_is_clear(told)
