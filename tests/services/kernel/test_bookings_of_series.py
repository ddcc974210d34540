"""Each occurrence of a series books its rooms, at its time on the wall: refused where one of them has no room."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.services.kernel.rooms_to_book import doc, plan, put, remove
from tuicrm.errors import Refused
from tuicrm.services.calendar import series_changes
from tuicrm.services.calendar.rooms import booked_until
from tuicrm.services.history.undo import undo
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find


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
