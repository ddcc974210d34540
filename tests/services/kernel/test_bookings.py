"""Rooms are booked in the commit: nothing overlaps, whichever way a change comes, and who is refused is told who has the room."""

from __future__ import annotations

import pytest

from tests.conftest import Clock, OpenAs
from tests.services.kernel.rooms_to_book import DEAL, at, booked, doc, patch, plan, put, put_big, put_room, remove
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.services.history.history import restore
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


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
