"""Reminders: which have come, each given once whoever is there to give it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.at_once import at_once
from tests.conftest import Clock, OpenAs
from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.services.calendar import planning, reminders
from tuicrm.services.history.undo import undo
from tuicrm.services.items import activities
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import shared_settings
from tuicrm.store.protocol import Find, Op

D1 = Ref("deal", 1)


def meet(session: Session, at: str = "2026-11-23T10:30:00Z", what: str = "Meet", **more: Any) -> int:
    return planning.plan(session, D1, what, **{"kind": "meeting", "at": at, "reminders": [15], **more})


def given(session: Session) -> tuple[list[str], list[str]]:
    """What is told one by one, and what was missed."""
    found = reminders.take(session, "session")
    return [one.what for one in found.now], [one.what for one in found.missed]


def test_a_reminder_comes_at_its_minute_and_once(seeded: Session, clock: Clock, open_as: OpenAs) -> None:
    meet(seeded)
    assert given(seeded) == ([], [])
    assert reminders.next_at(seeded) == datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
    clock.tick(minutes=15)
    assert given(seeded) == (["Meet"], [])
    assert given(seeded) == ([], [])
    assert given(open_as("anna")) == ([], [])
    assert reminders.next_at(seeded) == clock.now + timedelta(days=1)
    (kept,) = seeded.store.find(Find(reminders.REMINDED)).records
    assert kept.doc == {
        "activity": 1, "person": "anna", "at": "2026-11-23T10:15:00Z", "when": "2026-11-23T10:15:00Z", "by": "session",
    }  # fmt: skip


def test_what_is_moved_reminds_anew_and_what_is_done_does_not(seeded: Session, clock: Clock) -> None:
    number = meet(seeded)
    clock.tick(minutes=15)
    assert given(seeded) == (["Meet"], [])
    planning.edit(seeded, number, {"at": "2026-11-23T11:00:00Z"})
    assert given(seeded) == ([], [])
    clock.tick(minutes=30)
    assert given(seeded) == (["Meet"], [])
    planning.edit(seeded, number, {"at": "2026-11-23T12:00:00Z"})
    activities.done(seeded, number)
    clock.tick(hours=2)
    assert given(seeded) == ([], [])
    assert reminders.given(seeded) == []


def test_giving_is_no_step_of_undo(seeded: Session, clock: Clock) -> None:
    meet(seeded)
    clock.tick(minutes=15)
    assert given(seeded) == (["Meet"], [])
    assert undo(seeded).label == "plan “Meet”"
    assert given(seeded) == ([], [])


def test_what_came_while_nobody_was_there_is_told_in_one_line(seeded: Session, clock: Clock) -> None:
    for n in range(4):
        meet(seeded, what=f"Meet {n}", reminders=[15, 60, 1440])
    meet(seeded, at="2026-11-25T10:00:00Z", what="Soon")
    meet(seeded, at="2026-12-30T10:00:00Z", what="Far")
    clock.now = datetime(2026, 11, 25, 9, 50, tzinfo=UTC)
    found = reminders.take(seeded, "session")
    assert [one.what for one in found.now] == ["Soon"]
    assert reminders.summary(found.missed) == "4 reminders: Meet 0, Meet 1, Meet 2, …"
    assert given(seeded) == ([], [])


def test_what_is_still_to_begin_is_not_missed(seeded: Session, clock: Clock) -> None:
    meet(seeded, at="2026-11-23T12:00:00Z", reminders=[110])
    clock.tick(minutes=40)
    assert given(seeded) == (["Meet"], [])


def test_many_at_once_are_one_line_too(seeded: Session, clock: Clock) -> None:
    for n in range(reminders.ONE_BY_ONE + 1):
        meet(seeded, what=f"Meet {n}")
    clock.tick(minutes=15)
    now, missed = given(seeded)
    assert (now, len(missed)) == ([], 6)


def test_what_was_over_when_it_was_written_and_what_is_long_past_remind_nobody(seeded: Session, clock: Clock) -> None:
    meet(seeded, at="2026-11-23T08:00:00Z", what="Written down later")
    meet(seeded, at="2026-11-23T10:05:00Z", what="In a moment")
    assert given(seeded) == (["In a moment"], [])
    meet(seeded)
    clock.tick(days=31)
    assert given(seeded) == ([], [])


def test_whole_days_remind_when_work_begins(seeded: Session, clock: Clock) -> None:
    seeded.zone = ZoneInfo("Europe/Rome")
    shared_settings.change(seeded, {"working_hours": "08:30-17:00"})
    meet(seeded, at="", day="2026-11-24", what="Fair", reminders=[0])
    clock.now = datetime(2026, 11, 24, 7, 29, tzinfo=UTC)
    assert given(seeded) == ([], [])
    assert reminders.next_at(seeded) == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    clock.tick(minutes=1)
    assert given(seeded) == (["Fair"], [])


def test_series_remind_of_each_time_also_where_nobody_ticks_them_off(seeded: Session, clock: Clock) -> None:
    number = meet(seeded, rule="FREQ=DAILY")
    for _day in range(2):
        clock.tick(minutes=15)
        assert given(seeded) == (["Meet"], [])
        clock.tick(days=1, minutes=-15)
    assert [one.occurrence for one in reminders.given(seeded)] == ["2026-11-24T10:30", "2026-11-23T10:30"]
    activities.done(seeded, number)
    assert [one.occurrence for one in reminders.given(seeded)] == ["2026-11-24T10:30"]


def test_who_takes_part_is_reminded_who_declined_is_not(seeded: Session, clock: Clock, open_as: OpenAs) -> None:
    luca = open_as("luca")
    number = planning.plan(
        seeded, Ref("deal", 2), "Meet", at="2026-11-23T10:30:00Z", reminders=[15], people={"luca": "asked"}
    )
    clock.tick(minutes=15)
    assert (given(seeded), given(luca)) == ((["Meet"], []), (["Meet"], []))
    planning.edit(seeded, number, {"at": "2026-11-23T11:00:00Z", "people": {"luca": "declined"}})
    clock.tick(minutes=30)
    assert (given(seeded), given(luca)) == ((["Meet"], []), ([], []))


def test_of_what_one_may_not_read_nothing_is_told(seeded: Session, clock: Clock, open_as: OpenAs) -> None:
    luca = open_as("luca")
    role = seeded.workspace.people["luca"].roles[0]
    record = next(one for one in seeded.workspace.records["role"].values() if one.doc["key"] == role)
    with seeded.change("hide") as change:
        change.patch("role", record.id, {"rules": {**record.doc["rules"], "deal": {"read": "none"}}})
    meet(seeded, people={"luca": "asked"}, what="Secret")
    clock.tick(minutes=15)
    assert given(luca) == ([], [])
    assert given(seeded) == (["Secret"], [])


def test_put_off_it_comes_again(seeded: Session, clock: Clock) -> None:
    meet(seeded)
    clock.tick(minutes=15)
    (one,) = reminders.take(seeded, "session").now
    reminders.put_off(seeded, one, clock.now + timedelta(minutes=20))
    assert reminders.given(seeded) == []
    assert reminders.next_at(seeded) == datetime(2026, 11, 23, 10, 35, tzinfo=UTC)
    assert given(seeded) == ([], [])
    clock.tick(minutes=20)
    assert given(seeded) == (["Meet"], [])
    assert given(seeded) == ([], [])
    assert [one.what for one in reminders.given(seeded)] == ["Meet"]


def test_old_records_go(seeded: Session, clock: Clock) -> None:
    meet(seeded)
    clock.tick(minutes=15)
    reminders.take(seeded, "session")
    clock.tick(days=40)
    meet(seeded, at=stamp(clock.now + timedelta(minutes=10)), what="Later")
    assert given(seeded) == (["Later"], [])
    assert [one.doc["activity"] for one in seeded.store.find(Find(reminders.REMINDED)).records] == [2]


@pytest.mark.parametrize("doc", [
    {"reminders": "soon"}, {"reminders": [10**30, -1, None, True]}, {"at": 7}, {"people": [1]}, {"owner": "deal:99"},
    {"rule": "FREQ=NEVER"}, {"day": "2026-99-99"}, {"start": "yesterday"}, {"zone": "Nowhere/At_all"},
])  # fmt: skip
def test_whatever_a_script_wrote_nobody_falls_over_it(seeded: Session, clock: Clock, doc: dict[str, Any]) -> None:
    number = meet(seeded)
    before = seeded.record(ACTIVITIES, number).doc
    seeded.store.commit([Op(ACTIVITIES, number, {**before, **doc})], by="anna", note="")
    wrong = {"activity": "x", "person": "anna", "at": 9}
    seeded.store.commit([Op(reminders.REMINDED, 900, wrong), Op(reminders.REMINDED, 901, {})], by="anna", note="")
    clock.tick(minutes=15)
    reminders.take(seeded, "session")
    assert reminders.take(seeded, "session") == reminders.Given()
    reminders.next_at(seeded)


def test_where_nothing_can_be_written_it_is_given_once_a_session(
    seeded: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tuicrm.errors import StorageFull

    meet(seeded)
    clock.tick(minutes=15)

    def full(*_args: object, **_named: object) -> int:
        raise StorageFull("full")

    heard = set[tuple[int, str, str]]()
    with monkeypatch.context() as here:
        here.setattr(seeded.store, "commit", full)
        assert [one.what for one in reminders.take(seeded, "session", heard).now] == ["Meet"]
        assert reminders.take(seeded, "session", heard) == reminders.Given()


_ONE_SESSION = """
import sys, time
from tuicrm.services.calendar import reminders
from tuicrm.services.workspace.start import open_session
session = open_session(sys.argv[1], login="anna")
print("ready", flush=True)
sys.stdin.readline()
for _look in range(20):
    session.store.refresh()
    found = reminders.take(session, sys.argv[2])
    for one in (*found.now, *found.missed):
        print(one.what, one.occurrence, one.at, flush=True)
    time.sleep(0.01)
session.close()
"""


def test_five_sessions_and_a_worker_give_each_once(workspace_path: Path, seeded: Session) -> None:
    now = datetime.now(UTC)
    ops = []
    for n in range(1, 31):
        at = stamp(now + timedelta(minutes=n % 7))
        doc = {"owner": "deal:1", "what": f"call-{n}", "at": at, "kind": "call", "done": False, "responsible": "anna",
               "by": "anna", "created": "2026-11-23T10:00:00Z", "reminders": [30]}  # fmt: skip
        ops.append(Op(ACTIVITIES, n, doc))
    seeded.store.commit(ops, by="anna", note="")
    given = at_once(_ONE_SESSION, [(str(workspace_path), by) for by in (*["session"] * 5, "mail")])
    told = Counter(line.split()[0] for text in given for line in text.splitlines())
    assert told == {f"call-{n}": 1 for n in range(1, 31)}
    seeded.store.refresh()
    kept = seeded.store.find(Find(reminders.REMINDED)).records
    assert sorted(record.doc["activity"] for record in kept) == list(range(1, 31))
