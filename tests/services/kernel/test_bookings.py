"""Rooms are booked in the commit: nothing overlaps, whichever way a change comes, and who is refused is told who has the room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clock, OpenAs
from tests.doors import restrict_field
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.services.boards.filters import compile_for
from tuicrm.services.calendar import series_changes
from tuicrm.services.calendar.rooms import booked_until
from tuicrm.services.definitions import field_changes, field_words
from tuicrm.services.history.history import restore
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
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


@pytest.fixture
def office(seeded: Session) -> Session:
    for key in ("blue", "green"):
        put_room(seeded, key)
    return seeded


def test_an_activity_books_its_rooms_and_nobody_else_gets_them(office: Session) -> None:
    plan(office, "10:00", "11:00", "blue", "green")
    assert booked(office) == [("blue", "10:00", "11:00"), ("green", "10:00", "11:00")]
    for times in ("10:30 11:30", "09:30 10:01", "10:15 10:20", "09:00 12:00", "10:00 11:00"):
        start, end = times.split()
        with pytest.raises(Refused) as refused:
            plan(office, start, end, "blue")
        assert refused.value.fields[0].field == "rooms"
        assert "Blue is booked by" in refused.value.message
        assert "(D-1 Meet), Tue 12 Jan 2027 10:00–11:00" in refused.value.message
    assert len(booked(office)) == 2, "what is refused leaves nothing"


def test_what_touches_does_not_overlap(office: Session) -> None:
    plan(office, "10:00", "11:00", "blue")
    plan(office, "11:00", "12:00", "blue")
    plan(office, "09:00", "10:00", "blue")
    assert len(booked(office)) == 3


def test_the_next_free_time_is_as_long_as_what_was_wished(office: Session) -> None:
    plan(office, "10:00", "11:00", "blue")
    plan(office, "11:30", "12:00", "blue")
    for end, free in (("10:30", "11:00"), ("11:00", "12:00")):
        with pytest.raises(Refused, match=f"it is free from Tue 12 Jan 2027 {free}$"):
            plan(office, "10:00", end, "blue")


def test_moving_doing_and_deleting_move_and_free_what_is_booked(office: Session) -> None:
    number = plan(office, "10:00", "11:00", "blue")
    patch(office, number, start=at("10:30"), end=at("11:30"))
    assert booked(office) == [("blue", "10:30", "11:30")], "it does not stand in its own way"
    patch(office, number, rooms=["green"])
    assert booked(office) == [("green", "10:30", "11:30")]
    patch(office, number, done=True)
    assert booked(office) == []
    patch(office, number, done=False)
    assert booked(office) == [("green", "10:30", "11:30")]
    patch(office, number, text="other words")
    remove(office, number)
    assert booked(office) == []


def test_two_swap_their_rooms_in_one_change(office: Session) -> None:
    one, other = plan(office, "10:00", "11:00", "blue"), plan(office, "10:00", "11:00", "green")
    with office.change("swap") as change:
        change.patch("activity", one, {"rooms": ["green"]})
        change.patch("activity", other, {"rooms": ["blue"]})
    assert booked(office) == [("blue", "10:00", "11:00"), ("green", "10:00", "11:00")]


def test_one_change_cannot_book_a_room_twice(office: Session) -> None:
    with pytest.raises(Refused, match="Blue is"):
        put(office, doc("10:00", "11:00", "blue"), doc("10:30", "11:30", "blue"))
    assert booked(office) == []


def test_undo_and_redo_take_and_give_back(office: Session) -> None:
    number = plan(office, "10:00", "11:00", "blue")
    undo(office)
    assert booked(office) == []
    redo(office)
    assert booked(office) == [("blue", "10:00", "11:00")]
    patch(office, number, start=at("14:00"), end=at("15:00"))
    undo(office)
    assert booked(office) == [("blue", "10:00", "11:00")]
    remove(office, number)
    undo(office)
    assert booked(office) == [("blue", "10:00", "11:00")]
    undo(office)
    assert booked(office) == []


def test_undo_says_who_has_the_room_by_now(office: Session, open_as: OpenAs) -> None:
    number = plan(office, "10:00", "11:00", "blue")
    remove(office, number)
    other = open_as("luca")
    plan(other, "10:30", "11:30", "blue", what="Board")
    with pytest.raises(Conflict) as refused:
        undo(office)
    told = "Cannot undo “delete”: Blue is booked by Luca Riva (D-2 Board), Tue 12 Jan 2027 10:30–11:30; it is free from"
    assert str(refused.value).startswith(told)
    assert booked(office) == [("blue", "10:30", "11:30")]


def test_deleting_an_item_frees_what_its_activities_have(office: Session, open_as: OpenAs) -> None:
    plan(office, "10:00", "11:00", "blue")
    items.delete(office, [DEAL])
    assert booked(office) == []
    undo(office)
    assert booked(office) == [("blue", "10:00", "11:00")]
    items.delete(office, [DEAL])
    plan(open_as("luca"), "10:00", "11:00", "blue")
    with pytest.raises(Conflict, match="Blue is booked by Luca Riva"):
        undo(office)
    assert office.peek(DEAL) is None


def test_what_is_brought_back_books_again(office: Session) -> None:
    plan(office, "10:00", "11:00", "blue")
    items.delete(office, [DEAL])
    restore(office, DEAL)
    assert booked(office) == [("blue", "10:00", "11:00")]


def test_a_big_change_books_too_and_is_undone_whole(office: Session) -> None:
    plan(office, "10:00", "11:00", "blue")
    docs = [doc(f"{hour:02}:00", f"{hour:02}:30", "green") for hour in range(8, 18)]
    put_big(office, *docs)
    assert len(booked(office)) == 11
    with pytest.raises(Refused, match="Green is"):
        put_big(office, doc("20:00", "21:00", "green"), docs[0])
    with pytest.raises(Refused, match="Green is"):
        put_big(office, doc("20:00", "21:00", "green"), doc("20:30", "21:00", "green"))
    assert len(booked(office)) == 11, "nothing of it happened"
    undo(office)
    assert booked(office) == [("blue", "10:00", "11:00")]
    redo(office)
    assert len(booked(office)) == 11


def test_a_big_change_is_not_taken_back_into_a_room_that_others_have(office: Session, open_as: OpenAs) -> None:
    put_big(office, doc("10:00", "11:00", "blue"), doc("12:00", "13:00", "blue"))
    undo(office)
    plan(open_as("luca"), "12:30", "13:30", "blue")
    with pytest.raises(Conflict, match="Blue is booked by Luca Riva"):
        redo(office)
    assert booked(office) == [("blue", "12:30", "13:30")]


def test_who_books_while_a_big_change_is_written_is_not_overrun(office: Session, open_as: OpenAs) -> None:
    other = open_as("luca")
    put_big(office, doc("10:00", "11:00", "blue"), meanwhile=lambda: plan(other, "11:00", "12:00", "blue"))
    assert len(booked(office)) == 2, "beside it there is room"
    with pytest.raises(Refused, match="Blue is booked by Luca Riva"):
        put_big(office, doc("14:00", "15:00", "blue"), meanwhile=lambda: plan(other, "14:30", "15:30", "blue"))
    assert len(booked(office)) == 3
    put_big(office, doc("18:00", "19:00", "blue"))
    with pytest.raises(Refused):
        plan(other, "18:30", "18:45", "blue")


def test_a_merge_keeps_what_the_activities_have(office: Session) -> None:
    plan(office, "10:00", "11:00", "blue")
    with office.change("merge") as change:
        change.patch("activity", 1, {"owner": "deal:2"})
        change.delete(DEAL)
    assert booked(office) == [("blue", "10:00", "11:00")]


def test_what_is_over_takes_nothing_and_stands_in_nobodys_way(office: Session, clock: Clock) -> None:
    plan(office, "10:00", "11:00", "blue")
    clock.now = clock.now.replace(year=2027, month=1, day=13)
    plan(office, "10:00", "11:00", "blue")
    assert len(booked(office)) == 1


def test_whole_days_and_what_has_no_end(office: Session) -> None:
    days = {"at": "2027-01-13T22:59:59Z", "day": "2027-01-12", "last_day": "2027-01-13", "zone": "Europe/Rome"}
    put(office, {**doc("10:00", "", "blue"), **days})
    assert booked(office) == [("blue", "23:00", "23:00")]
    with pytest.raises(Refused, match="Mon 11 Jan 2027 23:00 – Wed 13 Jan 2027 23:00"):
        plan(office, "10:00", "11:00", "blue")
    put(office, doc("10:00", "", "green"))
    assert booked(office)[1] == ("green", "10:00", "10:30")


def test_rooms_that_are_not_there_retired_or_for_others(office: Session, open_as: OpenAs) -> None:
    put_room(office, "board", bookers=["anna"])
    put_room(office, "old", retired=True)
    with pytest.raises(Refused, match="there is no room “attic”"):
        plan(office, "10:00", "11:00", "attic")
    with pytest.raises(Refused, match="Old is retired"):
        plan(office, "10:00", "11:00", "old")
    with pytest.raises(AccessDenied, match="You may not book Board"):
        plan(open_as("luca"), "10:00", "11:00", "board")
    plan(office, "10:00", "11:00", "board")


def test_what_one_may_not_read_is_busy(office: Session, open_as: OpenAs) -> None:
    plan(office, "10:00", "11:00", "blue", private=True, what="Doctor")
    with pytest.raises(Refused) as refused:
        plan(open_as("luca"), "10:00", "11:00", "blue")
    assert refused.value.message.startswith("Blue is busy, Tue 12 Jan 2027 10:00–11:00; it is free from")
    assert "Doctor" not in str(refused.value.fields)
    with pytest.raises(Refused, match="Doctor"):
        plan(office, "10:00", "11:00", "blue")


def test_nobody_hangs_a_booking_on_an_item_that_is_deleted_meanwhile(office: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    with pytest.raises(NotFound):
        put(office, doc("10:00", "11:00", "blue"), meanwhile=lambda: items.delete(other, [DEAL]))
    undo(other)
    with other.change("delete") as change:
        change.delete(DEAL)
        plan(office, "10:00", "11:00", "blue")
    office.store.refresh()
    assert booked(office) == []


def test_a_room_that_is_booked_does_not_go_by_undo(seeded: Session) -> None:
    put_room(seeded, "blue")
    with seeded.change("fixed", fixed=True) as change:
        change.put("activity", doc("10:00", "11:00", "blue"))
    with pytest.raises(Conflict, match="Blue has 1 booking by now"):
        undo(seeded)


# -- series ------------------------------------------------------------------------------------------------------------
def weekly(session: Session, rule: str = "FREQ=WEEKLY;COUNT=12", **more: Any) -> int:
    """Every Tuesday at ten in Rome, from 12 January 2027 on."""
    series = {"rule": rule, "wall": "2027-01-12T10:00", "zone": "Europe/Rome", **more}
    return plan(session, "09:00", "10:00", "blue", **series)


def days_booked(session: Session) -> list[str]:
    return sorted(one.doc["start"][:16] for one in session.store.find(Find("booking")).records)


def test_each_occurrence_is_booked_at_its_time_on_the_wall(office: Session) -> None:
    weekly(office)
    booked_days = days_booked(office)
    assert len(booked_days) == 12
    assert (booked_days[0], booked_days[-1]) == ("2027-01-12T09:00", "2027-03-30T08:00"), (
        "an hour earlier in UTC from 28 March on"
    )
    with pytest.raises(Refused, match=r"Tue 30 Mar 2027 08:00–09:00; it is free from Tue 30 Mar 2027 09:00"):
        put(office, {**doc("08:30", "", "blue"), "at": "2027-03-30T08:30:00Z"})


def test_a_series_is_refused_where_one_occurrence_has_no_room(office: Session, open_as: OpenAs) -> None:
    board = {"at": "2027-02-02T09:30:00Z", "start": "2027-02-02T09:30:00Z", "end": "2027-02-02T10:30:00Z"}
    other, whose = open_as("luca"), {"owner": "deal:2", "what": "Board", "responsible": "luca", "by": "luca"}
    put(other, {**doc("09:00", "", "blue"), **board, **whose})
    with pytest.raises(Refused, match=r"Luca Riva.*Tue 2 Feb 2027 09:30–10:30"):
        weekly(office)
    assert len(days_booked(office)) == 1
    weekly(office, skipped=["2027-02-02T10:00"])
    assert len(days_booked(office)) == 12


def test_a_series_without_an_end_has_its_room_for_a_year(office: Session) -> None:
    number = weekly(office, "FREQ=WEEKLY")
    assert len(days_booked(office)) == 53
    until = booked_until(office, number)
    assert until is not None
    assert until.isoformat() == "2028-01-11T10:00:00+00:00"
    series_changes.do(office, number)
    assert days_booked(office)[0] == "2027-01-19T09:00"
    assert len(days_booked(office)) == 53, "a week later, a week further"
    assert booked_until(office, plan(office, "15:00", "16:00", "green")) is None
    undo(office)


def test_what_is_done_to_a_series_is_done_to_its_bookings(office: Session) -> None:
    number = weekly(office)
    series_changes.do(office, number)
    assert days_booked(office)[0] == "2027-01-19T09:00"
    series_changes.delete(office, number, "this", "2027-01-26T10:00")
    assert "2027-01-26T09:00" not in days_booked(office)
    undo(office)
    undo(office)
    assert len(days_booked(office)) == 12
    remove(office, number)
    assert days_booked(office) == []


def test_whole_days_repeat_too(office: Session) -> None:
    days = {"day": "2027-03-22", "zone": "Europe/Rome", "rule": "FREQ=WEEKLY;COUNT=2", "at": "2027-03-22T22:59:59Z"}
    put(office, {**doc("10:00", "", "blue"), **days})
    spans = sorted((one.doc["start"], one.doc["end"]) for one in office.store.find(Find("booking")).records)
    assert spans == [
        ("2027-03-21T23:00:00Z", "2027-03-22T23:00:00Z"),
        ("2027-03-28T22:00:00Z", "2027-03-29T22:00:00Z"),
    ]


# -- fields ------------------------------------------------------------------------------------------------------------
def visit(start: str, minutes: int = 60, *rooms: str) -> dict[str, Any]:
    return {"rooms": list(rooms or ("blue",)), "start": at(start), "minutes": minutes}


@pytest.fixture
def visits(office: Session) -> Session:
    """Deals have a field that books, and one that does so several times."""
    field_words.add(office, "deal", "Visit", "booking", {})
    field_words.add(office, "deal", "Tours", "booking", {}, many=True)
    return office


def edit(session: Session, number: int, **fields: Any) -> None:
    items.edit(session, Ref("deal", number), fields)


def test_a_field_books_and_frees_with_its_item(visits: Session) -> None:
    edit(visits, 1, visit=visit("10:00", 60, "blue", "green"))
    assert booked(visits) == [("blue", "10:00", "11:00"), ("green", "10:00", "11:00")]
    with pytest.raises(Refused) as refused:
        edit(visits, 3, visit=visit("10:30"))
    assert refused.value.fields[0].field == "visit"
    assert "Blue is booked by Anna Bianchi (D-1 Website redesign), Tue 12 Jan 2027 10:00–11:00" in refused.value.message
    with pytest.raises(Refused):
        plan(visits, "10:30", "11:30", "blue")
    edit(visits, 1, visit=visit("10:30"))
    assert booked(visits) == [("blue", "10:30", "11:30")]
    items.delete(visits, [DEAL])
    assert booked(visits) == []
    undo(visits)
    assert booked(visits) == [("blue", "10:30", "11:30")]
    undo(visits)
    assert len(booked(visits)) == 2
    edit(visits, 1, visit=None)
    assert booked(visits) == []


def test_several_bookings_of_one_field(visits: Session) -> None:
    edit(visits, 1, tours=[visit("10:00"), visit("12:00"), visit("12:30")])
    assert booked(visits) == [("blue", "10:00", "11:00"), ("blue", "12:00", "13:30")], "nobody is in their own way"
    with pytest.raises(Refused):
        edit(visits, 1, visit=visit("10:00"))
    edit(visits, 1, tours=[visit("12:00")])
    assert booked(visits) == [("blue", "12:00", "13:00")]


def test_a_new_item_books(visits: Session) -> None:
    made = items.add(visits, "deal", {"title": "New", "visit": visit("10:00")})
    with pytest.raises(Refused, match=f"D-{made.id} New"):
        items.add(visits, "deal", {"title": "Other", "visit": visit("10:00")})
    assert visits.count("deal") == 4


def test_a_field_that_is_deleted_frees_and_takes_again(visits: Session, open_as: OpenAs) -> None:
    edit(visits, 1, visit=visit("10:00"))
    edit(visits, 3, visit=visit("14:00"))
    field_changes.delete_field(visits, "deal", "visit")
    assert booked(visits) == []
    undo(visits)
    assert booked(visits) == [("blue", "10:00", "11:00"), ("blue", "14:00", "15:00")]
    field_changes.delete_field(visits, "deal", "visit")
    other = open_as("luca")
    number = plan(other, "10:30", "10:45", "blue")
    with pytest.raises(Conflict, match="Blue is booked by Luca Riva"):
        undo(visits)
    remove(other, number)
    undo(visits)
    assert booked(visits) == [("blue", "10:00", "11:00"), ("blue", "14:00", "15:00")]


def test_what_a_hidden_field_books_is_busy(visits: Session, open_as: OpenAs) -> None:
    edit(visits, 1, visit=visit("10:00"))
    restrict_field(visits, "deal", "visit", ["anna"])
    with pytest.raises(Refused, match=r"^Blue is busy"):
        plan(open_as("luca"), "10:00", "11:00", "blue")


def test_of_rows_that_want_the_same_room_the_first_gets_it(visits: Session, tmp_path: Path) -> None:
    edit(visits, 1, visit=visit("08:00"))
    rows = [
        "title,visit",
        "One,blue; 2027-01-12 10:00; 1h",
        "Two,Blue; 2027-01-12 10:30; 1h",
        "Three,BLUE; 2027-01-12 8:00",
    ]
    path = tmp_path / "deals.csv"
    path.write_text("\n".join([*rows, "Four,Attic; 2027-01-12 9:00; 1h", "Five,"]) + "\n", encoding="utf-8")
    for dry_run in (True, False):
        report = run_import(
            visits, [path], ImportOptions(type="deal", dry_run=dry_run, rejects=tmp_path / "rejects.csv")
        )
        assert report.made == 2
        assert report.rejected == 3
    reasons = [one.reason for one in report.files[0].examples]
    assert "Blue is booked by Anna Bianchi (One)" in reasons[0] or "Blue is" in reasons[0]
    assert "D-1 Website redesign" in reasons[1]
    assert "there is no room “Attic”" in reasons[2]
    assert booked(visits) == [("blue", "08:00", "09:00"), ("blue", "10:00", "11:00")]
    undo(visits)
    assert booked(visits) == [("blue", "08:00", "09:00")]


def test_a_filter_finds_by_room_and_by_time(visits: Session) -> None:
    edit(visits, 1, visit=visit("10:00"))
    edit(visits, 2, visit={**visit("10:00"), "start": "2027-02-01T10:00:00Z", "rooms": ["green"]})
    for text, found in (
        ("visit = Blue", [1]), ("visit = green", [2]), ("visit ~ gre", [2]), ("visit.rooms = blue", [1]),
        ("visit < 2027-02-01", [1]), ("visit >= 2027-02-01", [2]), ('visit in (Blue, "Green")', [1, 2]),
        ('visit = "blue; 2027-01-12 10:00; 1h"', [1]), ("visit is empty", [3]), ("visit != Blue", [2, 3]),
    ):  # fmt: skip
        assert sorted(visits.ids("deal", compile_for(visits, "deal", text))) == found, text
