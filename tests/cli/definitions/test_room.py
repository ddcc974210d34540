"""`tuicrm room`: rooms and resources, who may book them, and when they are free."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Crm
from tuicrm.services.workspace.start import open_session


def told(crm: Crm, *words: str) -> Any:
    """What a command answers as JSON."""
    done = crm(*words, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def plan(data: Path, start: str, end: str, *rooms: str, **more: Any) -> None:
    """An activity of the administrator's on D-1."""
    session = open_session(data)
    me = session.person_key
    doc = {"owner": "deal:1", "what": "Meet", "at": start, "end": end, "done": False, "rooms": list(rooms)}
    with session.change("plan") as change:
        change.put("activity", {**doc, "responsible": me, "by": me, **more})
    session.close()


def test_a_room_is_added_changed_put_in_order_and_retired(crm: Crm) -> None:
    assert crm("room", "add", "Sala blu", "--place", "2nd floor", "--seats", "8").out == "sala_blu\n"
    car = told(
        crm, "room", "add", "Red car", "--kind", "resource", "--bookers", "luca", "--bookers", "department:company"
    )
    assert car["room"] == {
        "key": "red_car", "label": "Red car", "place": "", "seats": 0, "bookers": ["luca", "department:company"],
        "kind": "resource", "retired": False, "sort": 20,
    }  # fmt: skip
    table = crm("room", "list").out
    assert "Sala blu" in table
    assert "Luca Riva" in table
    assert "everyone" in table
    assert "resource" in table
    assert told(crm, "room", "edit", "sala BLU", "--name", "Blue", "--seats", "", "--place", "")["room"]["seats"] == 0
    assert told(crm, "room", "edit", "Red car", "--bookers", "")["room"]["bookers"] == []
    assert crm("room", "move", "Red car", "--up").code == 0
    assert [room["key"] for room in told(crm, "room", "list")["rooms"]] == ["red_car", "sala_blu"]
    assert crm("room", "retire", "Blue").code == 0
    assert told(crm, "room", "list")["total"] == 1
    assert told(crm, "room", "list", "--all")["total"] == 2
    assert crm("undo").code == 0
    assert told(crm, "room", "list")["total"] == 2
    assert "room sala_blu" in crm("log").out


def test_what_is_wrong_is_refused_in_words(crm: Crm) -> None:
    crm("room", "add", "Blue")
    for words, code, says in (
        (("add", "blue"), 4, "a room with this name already exists"),
        (("add", " "), 4, "is required"),
        (("add", "Two\nlines"), 4, "one line"),
        (("add", "New", "--seats", "many"), 4, "a whole number is expected"),
        (("add", "New", "--seats", "-1"), 4, "a whole number is expected"),
        (("add", "New", "--kind", "boat"), 4, "room, resource"),
        (("add", "New", "--bookers", "nobody"), 3, "no person or department"),
        (("add", "New", "--key", "Not a key"), 4, "lower-case"),
        (("edit", "Blue"), 2, "at least one option"),
        (("edit", "Blu", "--name", "x"), 3, "choose one of: Blue"),
        (("show", "attic"), 3, "There is no room “attic”"),
        (("move", "Blue"), 2, "--up or --down"),
        (("free", "--on", "2026-02-31"), 2, "--on"),
        (("free", "--for", "never"), 4, "--for"),
        (("free", "--at", "soon"), 4, "--at"),
    ):
        done = crm("room", *words)
        assert (done.code, says in done.err) == (code, True), (words, done)


def test_only_who_may_change_settings_changes_rooms(crm: Crm) -> None:
    crm("room", "add", "Blue")
    for words in (("add", "New"), ("edit", "Blue", "--name", "x"), ("retire", "Blue"), ("move", "Blue", "--up")):
        assert crm("room", *words, "--as", "luca").code == 5
    assert crm("room", "list", "--as", "luca").code == 0


def test_it_tells_who_has_a_room_and_when_it_is_free(crm: Crm, data: Path) -> None:
    crm("room", "add", "Blue")
    crm("room", "add", "Green", "--bookers", "me")
    plan(data, "2031-01-12T10:00:00Z", "2031-01-12T11:00:00Z", "blue")
    plan(data, "2031-01-12T14:00:00Z", "2031-01-12T15:30:00Z", "blue", private=True, what="Doctor")
    assert "Anna Bianchi  D-1 Meet" in crm("room", "bookings", "Blue", "--on", "2031-01-12").out
    theirs = told(crm, "room", "bookings", "blue", "--on", "2031-01-12", "--as", "luca")["bookings"]
    assert [(one["start"][11:16], one["busy"], one["what"]) for one in theirs] == [
        ("10:00", False, "Meet"),
        ("14:00", True, None),
    ]
    free = told(crm, "room", "free", "Blue", "--on", "2031-01-12", "--for", "4h")["free"]
    assert [(one["start"][11:16], one["end"][11:16]) for one in free] == [("00:00", "10:00"), ("15:30", "00:00")]
    at = ("--at", "2031-01-12T10:30", "--for", "1h")
    assert [one["room"] for one in told(crm, "room", "free", *at)["free"]] == ["green"]
    assert told(crm, "room", "free", *at, "--as", "luca")["free"] == [], "the green one is for Anna"
    assert "Blue is next free from Sun 12 Jan 2031 11:00" in crm("room", "free", "Blue", *at).err
    assert told(crm, "room", "show", "Bl")["room"]["key"] == "blue"
