"""What stands in a calendar: all of it, each once, and of what is not for somebody only that it is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import OpenAs
from tests.examples import examples
from tuicrm.domain.items import Ref
from tuicrm.services.calendar import planning, series_changes
from tuicrm.services.calendar.occurrences import DayShown, Shown, Whose, between, days, prepare
from tuicrm.services.items import activities
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Op

D1, D2, L1 = Ref("deal", 1), Ref("deal", 2), Ref("lead", 1)
ANNA, LUCA, EVERYBODY = Whose(people=("anna",)), Whose(people=("luca",)), Whose()


@pytest.fixture
def rome(seeded: Session) -> Session:
    """Nothing is planned but what the test plans."""
    seeded.zone = ZoneInfo("Europe/Rome")
    for number in [one.id for one in activities_of(seeded)]:
        activities.delete(seeded, number)
    return seeded


def activities_of(session: Session) -> list[Any]:
    from tuicrm.store.protocol import Find

    return session.store.find(Find(ACTIVITIES)).records


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def told(found: list[Shown]) -> list[tuple[str, str]]:
    return [(one.what, one.day or (f"{one.span.start:%m-%d %H:%M}" if one.span else "")) for one in found]


def january(session: Session, whose: Whose = EVERYBODY) -> list[tuple[str, str]]:
    return told(between(session, utc("2026-12-31T23:00"), utc("2027-01-31T23:00"), whose))


def test_all_that_is_in_that_time_is_there_once(rome: Session) -> None:
    def plan(what: str, **given: Any) -> int:
        return planning.plan(rome, D1, what, **given)

    plan("Before", at="2026-12-31T22:00:00Z", end="2026-12-31T23:00:00Z")
    plan("Over midnight", at="2026-12-31T22:30:00Z", end="2026-12-31T23:30:00Z")
    plan("Fair", at="2026-12-20T09:00:00Z", end="2027-01-04T17:00:00Z")
    plan("Moment", at="2026-12-31T23:00:00Z")
    plan("Deadline", start="2027-01-12T09:00:00Z", end="2027-01-12T10:00:00Z", deadline="2027-03-01T09:00:00Z")
    plan("Holiday", day="2026-12-24", last_day="2027-01-06")
    plan("Last day", day="2027-01-31")
    plan("First after", day="2027-02-01")
    plan("After", at="2027-01-31T23:00:00Z")
    plan("Long ago", at="2026-11-01T09:00:00Z", end="2026-11-20T09:00:00Z")
    plan("Weekly", at="2027-01-15T09:00:00Z", end="2027-01-15T09:30:00Z", rule="FREQ=WEEKLY;COUNT=2")
    plan("Monthly", day="2027-01-31", rule="FREQ=MONTHLY")
    expected = [
        ("Fair", "12-20 09:00"),
        ("Holiday", "2026-12-24"),
        ("Over midnight", "12-31 22:30"),
        ("Moment", "12-31 23:00"),
        ("Deadline", "01-12 09:00"),
        ("Weekly", "01-15 09:00"),
        ("Weekly", "01-22 09:00"),
        ("Last day", "2027-01-31"),
        ("Monthly", "2027-01-31"),
    ]
    for whose in (EVERYBODY, ANNA, Whose(department="company")):
        assert january(rome, whose) == expected
    prepare(rome, ANNA)
    assert january(rome, ANNA) == expected
    assert january(rome, LUCA) == january(rome, Whose(department="nowhere")) == []
    assert between(rome, utc("2027-01-12T10:00"), utc("2027-01-12T10:00"), EVERYBODY) == []


def test_of_a_series_what_is_open_is_shown_and_what_was_done_as_done(rome: Session) -> None:
    number = planning.plan(rome, D1, "Call", kind="call", at="2026-11-16T09:00:00Z", rule="FREQ=WEEKLY;BYDAY=MO")
    activities.done(rome, number)
    series_changes.delete(rome, number, "this", "2026-12-07T10:00")
    apart = series_changes.change(rome, number, {"what": "Call long"}, "this", "2026-11-30T10:00")
    found = between(rome, utc("2026-11-15"), utc("2026-12-20"), ANNA)
    assert [(one.what, one.occurrence, one.done, one.late, one.repeats) for one in found] == [
        ("Call", "", True, False, True),
        ("Call", "2026-11-23T10:00", False, True, True),
        ("Call long", "", False, False, True),
        ("Call", "2026-12-14T10:00", False, False, True),
    ]
    assert [one.activity for one in found][1:] == [number, apart, number]
    assert found[1].owner == D1
    assert found[1].title == "Website redesign"


def test_who_takes_part_has_it_and_who_declined_does_not(rome: Session) -> None:
    number = planning.plan(rome, D1, "Both", at="2027-01-12T09:00:00Z", people={"luca": "asked"}, rooms=[])
    assert january(rome, LUCA) == january(rome, ANNA) == [("Both", "01-12 09:00")]
    planning.edit(rome, number, {"people": {"luca": "declined"}})
    assert january(rome, LUCA) == []


def test_of_what_one_may_not_read_one_sees_that_somebody_is_busy_and_nothing_else(
    rome: Session, open_as: OpenAs
) -> None:
    planning.plan(rome, L1, "Secret", at="2027-01-12T09:00:00Z", end="2027-01-12T10:00:00Z", place="Cave", colour="3")
    planning.plan(rome, D2, "Doctor", at="2027-01-13T09:00:00Z", private=True, kind="meeting")
    planning.plan(rome, D2, "Open", at="2027-01-14T09:00:00Z")
    hide_leads_from(rome, "luca")
    luca = open_as("luca")
    luca.zone = ZoneInfo("Europe/Rome")
    found = between(luca, utc("2027-01-01"), utc("2027-02-01"), ANNA)
    assert told(found) == [("busy", "01-12 09:00"), ("busy", "01-13 09:00"), ("Open", "01-14 09:00")]
    for one in found[:2]:
        assert (one.busy, one.owner, one.title, one.place, one.colour, one.kind, one.occurrence) == (
            True,
            None,
            "",
            "",
            "",
            "",
            "",
        )
        assert one.responsible == "anna"
    # Among everybody's, what one may not read is not there at all.
    assert told(between(luca, utc("2027-01-01"), utc("2027-02-01"), EVERYBODY)) == [
        ("busy", "01-13 09:00"), ("Open", "01-14 09:00"),
    ]  # fmt: skip
    assert sum(one.count for one in days(luca, date(2027, 1, 1), date(2027, 1, 31), EVERYBODY, 5)) == 2
    assert [one.what for one in between(rome, utc("2027-01-01"), utc("2027-02-01"), ANNA)] == [
        "Secret",
        "Doctor",
        "Open",
    ]


def hide_leads_from(session: Session, person: str) -> None:
    """Take the right to read leads from whatever roles a person has."""
    workspace = session.workspace
    for key in workspace.people[person].roles:
        record = next(one for one in workspace.records["role"].values() if one.doc["key"] == key)
        rules = {**record.doc["rules"], "lead": {"read": "none"}}
        with session.change("hide") as change:
            change.patch("role", record.id, {"rules": rules})


def test_days_have_the_first_of_what_is_on_them_and_how_much_there_is(rome: Session) -> None:
    for minute in range(30):
        planning.plan(rome, D1, f"N{minute:02}", at=f"2027-01-12T09:{minute:02}:00Z")
    planning.plan(rome, D1, "Holiday", day="2027-01-11", last_day="2027-01-13")
    planning.plan(rome, D1, "Daily", at="2027-01-13T08:00:00Z", rule="FREQ=DAILY")
    found = days(rome, date(2027, 1, 11), date(2027, 1, 14), ANNA, 3)
    assert [(one.day, one.count, [shown.what for shown in one.first]) for one in found] == [
        ("2027-01-11", 1, ["Holiday"]),
        ("2027-01-12", 31, ["Holiday", "N00", "N01"]),
        ("2027-01-13", 2, ["Holiday", "Daily"]),
        ("2027-01-14", 1, ["Daily"]),
    ]
    assert days(rome, date(2027, 1, 11), date(2027, 1, 14), Whose(department="nowhere"), 3) == []


DAY = st.integers(0, 20)
PLANS = st.one_of(
    st.tuples(DAY, st.integers(0, 23), st.integers(0, 60)).map(lambda of: timed(*of)),
    st.tuples(DAY, st.integers(0, 5)).map(lambda of: whole(*of)),
    st.tuples(DAY, st.integers(0, 23), st.sampled_from(["DAILY", "WEEKLY"]), st.integers(1, 9)).map(
        lambda of: {**timed(of[0], of[1], 2), "rule": f"FREQ={of[2]};COUNT={of[3]}"}
    ),
)


def timed(day: int, hour: int, length: int) -> dict[str, Any]:
    at = datetime(2027, 3, 15, tzinfo=UTC) + timedelta(days=day, hours=hour)
    end = {"end": (at + timedelta(hours=length)).strftime("%Y-%m-%dT%H:%M:%SZ")} if length else {}
    return {"at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), **end}


def whole(day: int, length: int) -> dict[str, Any]:
    first = date(2027, 3, 15) + timedelta(days=day)
    return {"day": first.isoformat(), "last_day": (first + timedelta(days=length)).isoformat()}


def in_a_plain_way(session: Session, found: list[Shown], day: date) -> set[tuple[int, str]]:
    """What of all is on a day."""
    from tuicrm.domain.activities.wall import whole_days

    begin, end = whole_days(day, day, session.zone)
    return {
        (one.activity, one.occurrence)
        for one in found
        if (one.span is None and one.day <= day.isoformat() <= one.last_day)
        or (one.span is not None and one.span.start < end and one.span.end > begin)
    }


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PLANS, min_size=1, max_size=8))
def test_a_day_is_what_a_year_has_of_it(rome: Session, plans: list[dict[str, Any]]) -> None:
    """Through the change of clocks, each day asked for alone is the same as it is among all."""
    for number in [one.id for one in activities_of(rome)]:
        activities.delete(rome, number)
    for plan in plans:
        # What has no length is half an hour in a calendar, and where it begins when it is asked about.
        planning.plan(rome, D1, "P", **({"end": None} | plan))
    whole_year = between(rome, utc("2027-01-01"), utc("2028-01-01"), ANNA)
    assert len({(one.activity, one.occurrence) for one in whole_year}) == len(whole_year)
    for day in (date(2027, 3, 20), date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29), date(2027, 4, 2)):
        begin = datetime(day.year, day.month, day.day, tzinfo=rome.zone)
        following = day + timedelta(days=1)
        end = datetime(following.year, following.month, following.day, tzinfo=rome.zone)
        found = between(rome, begin, end, ANNA)
        assert {(one.activity, one.occurrence) for one in found} == in_a_plain_way(rome, whole_year, day)


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "soon"},
        {"at": None},
        {"start": 7, "end": []},
        {"day": "never"},
        {"rule": "FREQ=SECONDLY"},
        {"people": "luca", "rooms": 3},
        {"owner": None},
        {"owner": "nothing:1"},
        {"zone": "No/Where", "rule": "FREQ=DAILY"},
        {"end": "2027-01-12T08:00:00Z"},
        {"over": "2999-01-01T00:00:00Z"},
    ],
)
def test_whatever_a_script_wrote_a_calendar_opens(rome: Session, wrong: dict[str, Any]) -> None:
    sound = {"owner": "deal:1", "what": "W", "at": "2027-01-12T09:00:00Z", "done": False, "responsible": "anna"}
    rome.store.commit([Op(ACTIVITIES, 9001, sound), Op(ACTIVITIES, 9002, {**sound, **wrong})])
    looks: list[Callable[[], list[Shown] | list[DayShown]]] = [
        lambda: between(rome, utc("2027-01-01"), utc("2027-02-01"), ANNA),
        lambda: between(rome, utc("2027-01-01"), utc("2027-02-01"), EVERYBODY),
        lambda: days(rome, date(2027, 1, 1), date(2027, 1, 31), ANNA, 2),
    ]
    for look in looks:
        assert look()


def test_at_the_ends_of_the_calendar(rome: Session) -> None:
    planning.plan(rome, D1, "Last", at="9999-12-31T22:00:00Z", rule="FREQ=DAILY")
    planning.plan(rome, D1, "Day", day="9999-12-30", last_day="9999-12-31")
    begin, end = datetime(9999, 12, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert [one.what for one in between(rome, begin, end, ANNA)] == ["Day", "Last"]
    assert between(rome, datetime.min.replace(tzinfo=UTC), utc("1900-01-01"), ANNA) == []
