"""Moving what is planned, and making it longer: one change, on the clock of whoever does it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import OpenAs
from tests.services.calendar.test_calendar_days import put
from tuicrm.domain.activities.lasting import OVER
from tuicrm.errors import Conflict, Refusal
from tuicrm.services.calendar.shifting import shift
from tuicrm.services.history import undo
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session

BLOCK: dict[str, Any] = {"start": "2026-11-24T09:00:00Z", "end": "2026-11-24T10:00:00Z"}


def doc(session: Session, number: int) -> dict[str, Any]:
    return session.record(ACTIVITIES, number).doc


def to(session: Session, number: int, begin: str, end: str, **more: Any) -> dict[str, Any]:
    """Move it; returns what changed in the record."""
    before = doc(session, number)
    given = {"base": before, **more}
    shift(session, number, datetime.fromisoformat(begin), datetime.fromisoformat(end), **given)
    after = doc(session, number)
    return {key: after.get(key) for key in {*before, *after} - {OVER} if before.get(key) != after.get(key)}


def test_a_moment_and_a_block_go_as_one_change(seeded: Session) -> None:
    call = put(seeded, "call", "2026-11-24T09:00:00Z")
    assert to(seeded, call, "2026-11-25T10:30", "2026-11-25T11:00")["at"] == "2026-11-25T10:30:00Z"
    assert not doc(seeded, call).get("end")
    meet = put(seeded, "meet", BLOCK["start"], end=BLOCK["end"])
    before = doc(seeded, meet)
    changed = to(seeded, meet, "2026-11-25T10:30", "2026-11-25T11:30")
    assert (changed["at"], changed["end"]) == ("2026-11-25T10:30:00Z", "2026-11-25T11:30:00Z")
    undo.undo(seeded)
    assert doc(seeded, meet) == before


def test_a_deadline_stays_where_it_is(seeded: Session) -> None:
    work = put(seeded, "work", "2026-11-27T17:00:00Z", **BLOCK)
    changed = to(seeded, work, "2026-11-25T09:00", "2026-11-25T10:00")
    assert (changed["start"], changed["end"]) == ("2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z")
    assert doc(seeded, work)["at"] == "2026-11-27T17:00:00Z"


def test_stretching_gives_an_end(seeded: Session) -> None:
    call = put(seeded, "call", "2026-11-24T09:00:00Z")
    changed = to(seeded, call, "2026-11-24T09:00", "2026-11-24T10:30", stretched=True)
    assert changed["end"] == "2026-11-24T10:30:00Z"
    assert doc(seeded, call)["at"] == "2026-11-24T09:00:00Z"


def test_whole_days_stay_whole_days(seeded: Session) -> None:
    fair = put(seeded, "fair", "2026-11-24T22:59:59Z", day="2026-11-24", zone="Europe/Rome")
    changed = to(seeded, fair, "2026-11-26T00:00", "2026-11-28T00:00", stretched=True)
    assert changed == {"day": "2026-11-26", "last_day": "2026-11-27", "at": "2026-11-27T22:59:59Z"}
    assert to(seeded, fair, "2026-11-26T00:00", "2026-11-27T00:00") == {"last_day": None, "at": "2026-11-26T22:59:59Z"}


def test_the_times_are_those_of_whoever_moves_it(seeded: Session) -> None:
    call = put(seeded, "call", "2026-11-24T09:00:00Z")
    seeded.zone = ZoneInfo("Australia/Sydney")
    changed = to(seeded, call, "2026-11-25T10:00", "2026-11-25T10:30")
    assert changed == {"at": "2026-11-24T23:00:00Z"}, "the zone that it was meant in stays"


def test_an_hour_that_is_skipped_means_the_one_after(seeded: Session) -> None:
    call = put(seeded, "call", "2026-11-24T09:00:00Z")
    seeded.zone = ZoneInfo("Europe/Rome")
    assert to(seeded, call, "2027-03-28T02:30", "2027-03-28T03:00")["at"] == "2027-03-28T01:30:00Z"


def test_what_another_moved_meanwhile_is_not_overwritten(seeded: Session, open_as: OpenAs) -> None:
    call = put(seeded, "call", "2026-11-24T09:00:00Z")
    seen = doc(seeded, call)
    to(open_as("anna"), call, "2026-11-26T09:00", "2026-11-26T09:30")
    seeded.store.refresh()
    with pytest.raises(Conflict):
        to(seeded, call, "2026-11-25T09:00", "2026-11-25T09:30", base=seen)
    assert doc(seeded, call)["at"] == "2026-11-26T09:00:00Z"


def test_what_is_gone_cannot_be_moved(seeded: Session) -> None:
    call = put(seeded, "call", "2026-11-24T09:00:00Z")
    seen = doc(seeded, call)
    with seeded.change("gone") as change:
        change.remove(ACTIVITIES, call)
    with pytest.raises(Refusal):
        shift(
            seeded,
            call,
            datetime.fromisoformat("2026-11-25T09:00"),
            datetime.fromisoformat("2026-11-25T09:30"),
            base=seen,
        )
