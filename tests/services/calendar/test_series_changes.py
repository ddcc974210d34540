"""What is done to a series: the next one, this one, this and following, all; each one change, one undo."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.services.calendar import planning, series_changes
from tuicrm.services.history.undo import undo
from tuicrm.services.items import activities, done_work
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session

D1 = Ref("deal", 1)
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def rome(seeded: Session) -> Session:
    seeded.zone = ROME
    return seeded


def weekly(session: Session, **more: Any) -> int:
    """Every Monday at 10:00 in Rome from 4 January 2027 on, an hour."""
    given = {"at": "2027-01-04T09:00:00Z", "end": "2027-01-04T10:00:00Z", "rule": "FREQ=WEEKLY;BYDAY=MO", **more}
    return planning.plan(session, D1, "Meet", kind="meeting", **given)


def doc(session: Session, number: int) -> dict[str, Any]:
    return session.record(ACTIVITIES, number).doc


def open_ones(session: Session) -> list[dict[str, Any]]:
    return [one.doc for one in activities.open_of(session, D1) if one.doc["what"].startswith(("Meet", "Days"))]


def state(session: Session) -> dict[int, dict[str, Any]]:
    return {one.id: one.doc for one in session.owned(ACTIVITIES, D1)}


def test_a_series_begins_with_the_first_time_on_which_its_rule_falls(rome: Session) -> None:
    number = weekly(rome, at="2027-01-06T09:00:00Z", end="2027-01-06T10:30:00Z")
    kept = doc(rome, number)
    assert (kept["at"], kept["end"], kept["wall"], kept["zone"]) == (
        "2027-01-11T09:00:00Z", "2027-01-11T10:30:00Z", "2027-01-11T10:00", "Europe/Rome",
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        weekly(rome, rule="FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    assert refused.value.fields[0].field == "rule"
    with pytest.raises(Refused):
        weekly(rome, rule="FREQ=WEEKLY;UNTIL=20260101")


def test_done_the_next_is_open_at_the_same_hour_through_the_change_of_clocks(rome: Session) -> None:
    number = weekly(rome, at="2027-03-22T09:00:00Z", end="2027-03-22T10:00:00Z")
    seen = state(rome)
    finished = activities.done(rome, number)
    assert finished != number
    assert doc(rome, finished) | {"done_at": "", "done_by": ""} == {
        **{name: value for name, value in seen[number].items() if name not in ("rule", "wall")},
        "done": True, "done_at": "", "done_by": "", "of": number, "occurrence": "2027-03-22T10:00",
    }  # fmt: skip
    # The clocks went forward on the 28th: ten in Rome is eight in UTC now.
    assert (doc(rome, number)["at"], doc(rome, number)["end"]) == ("2027-03-29T08:00:00Z", "2027-03-29T09:00:00Z")
    undo(rome)
    assert state(rome) == seen


def test_after_the_last_one_the_series_is_done(rome: Session) -> None:
    number = weekly(rome, rule="FREQ=WEEKLY;COUNT=2")
    first = activities.done(rome, number)
    assert activities.done(rome, number) == number
    assert doc(rome, number)["done"] is True
    assert doc(rome, first)["occurrence"] == "2027-01-04T10:00"
    assert not series_changes.is_series(rome, number)
    with pytest.raises(Refused):
        series_changes.do(rome, number)


def test_logging_with_a_result_finishes_the_next_one(rome: Session) -> None:
    number = weekly(rome)
    following = activities.NextStep("Write", "2027-01-05T09:00:00Z")
    logged, _step = done_work.log_done(rome, D1, "They like it", finishing=number, following=following)
    assert (doc(rome, logged)["result"], doc(rome, logged)["of"]) == ("They like it", number)
    assert doc(rome, number)["at"] == "2027-01-11T09:00:00Z"
    assert "result" not in doc(rome, number)


def test_another_one_than_the_next_is_done(rome: Session) -> None:
    number = weekly(rome)
    finished = series_changes.do(rome, number, "2027-01-18T10:00", result="Early")
    assert (doc(rome, finished)["at"], doc(rome, finished)["done"]) == ("2027-01-18T09:00:00Z", True)
    kept = doc(rome, number)
    assert (kept["at"], kept["skipped"]) == ("2027-01-04T09:00:00Z", ["2027-01-18T10:00"])
    for wrong in ("2027-01-18T10:00", "2027-01-19T10:00", "2026-12-28T10:00", "soon"):
        with pytest.raises(Refused) as refused:
            series_changes.do(rome, number, wrong)
        assert refused.value.fields[0].value == wrong


def test_put_off_is_the_next_one_alone(rome: Session) -> None:
    number, seen = weekly(rome), state(rome)
    seen = state(rome)
    assert activities.move(rome, [number], lambda _planned: "2027-01-05T14:00:00Z") == ["2027-01-05T14:00:00Z"]
    moved = next(one for one in open_ones(rome) if "of" in one)
    assert (moved["at"], moved["end"], moved["occurrence"]) == (
        "2027-01-05T14:00:00Z", "2027-01-05T15:00:00Z", "2027-01-04T10:00",
    )  # fmt: skip
    assert doc(rome, number)["at"] == "2027-01-11T09:00:00Z"
    assert doc(rome, number)["skipped"] == ["2027-01-04T10:00"]
    undo(rome)
    assert state(rome) == seen


def test_skipping(rome: Session) -> None:
    number = weekly(rome, rule="FREQ=WEEKLY;COUNT=3")
    series_changes.delete(rome, number, "this", "2027-01-11T10:00")
    series_changes.delete(rome, number, "this")
    assert doc(rome, number)["at"] == "2027-01-18T09:00:00Z"
    assert doc(rome, number)["skipped"] == ["2027-01-04T10:00", "2027-01-11T10:00"]
    series_changes.delete(rome, number, "this")
    with pytest.raises(NotFound):
        doc(rome, number)


def test_this_one_is_changed(rome: Session) -> None:
    number = weekly(rome)
    other = series_changes.change(
        rome, number, {"what": "Meet twice", "at": "2027-01-12T12:00:00Z"}, "this", "2027-01-11T10:00"
    )
    kept = doc(rome, other)
    assert (kept["what"], kept["at"], kept["end"], kept["of"], kept["occurrence"]) == (
        "Meet twice", "2027-01-12T12:00:00Z", "2027-01-12T13:00:00Z", number, "2027-01-11T10:00",
    )  # fmt: skip
    assert "rule" not in kept
    assert doc(rome, number)["skipped"] == ["2027-01-11T10:00"]
    assert doc(rome, number)["what"] == "Meet"
    with pytest.raises(Refused):
        series_changes.change(rome, number, {"rule": "FREQ=DAILY"}, "this")


def test_of_the_last_one_the_series_becomes_the_single_one(rome: Session) -> None:
    number = weekly(rome, rule="FREQ=WEEKLY;COUNT=1")
    assert series_changes.change(rome, number, {"what": "Meet at last"}, "this") == number
    assert not {"rule", "wall", "of", "skipped"} & doc(rome, number).keys()


def test_this_and_following_are_changed(rome: Session) -> None:
    number = weekly(rome, rule="FREQ=WEEKLY;COUNT=10;BYDAY=MO")
    seen = state(rome)
    other = series_changes.change(rome, number, {"at": "2027-01-19T13:00:00Z"}, "following", "2027-01-18T10:00")
    assert doc(rome, number)["rule"] == "FREQ=WEEKLY;UNTIL=20270117;BYDAY=MO"
    kept = doc(rome, other)
    assert (kept["rule"], kept["wall"], kept["at"], kept["end"]) == (
        "FREQ=WEEKLY;COUNT=8;BYDAY=TU", "2027-01-19T14:00", "2027-01-19T13:00:00Z", "2027-01-19T14:00:00Z",
    )  # fmt: skip
    undo(rome)
    assert state(rome) == seen
    # From the next one on is all that is open: it stays one series.
    assert series_changes.change(rome, number, {"what": "Meet anew"}, "following") == number


def test_all_are_changed_by_as_much(rome: Session) -> None:
    number = weekly(rome, skipped=["2027-01-25T10:00"])
    assert (
        series_changes.change(rome, number, {"at": "2027-01-12T13:30:00Z", "place": "Bar"}, "all", "2027-01-11T10:00")
        == number
    )
    kept = doc(rome, number)
    assert (kept["wall"], kept["at"], kept["end"], kept["rule"], kept["skipped"], kept["place"]) == (
        "2027-01-05T14:30", "2027-01-05T13:30:00Z", "2027-01-05T14:30:00Z",
        "FREQ=WEEKLY;BYDAY=TU", ["2027-01-26T14:30"], "Bar",
    )  # fmt: skip
    # The same by the simple way: it means all.
    planning.edit(rome, number, {"end": "2027-01-05T15:30:00Z", "what": "Meet long"})
    assert (doc(rome, number)["wall"], doc(rome, number)["end"]) == ("2027-01-05T14:30", "2027-01-05T15:30:00Z")


@pytest.mark.parametrize(
    ("rule", "at", "after"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=4", "2027-01-08T09:00:00Z", "FREQ=MONTHLY;BYMONTHDAY=8"),
        ("FREQ=MONTHLY;BYDAY=1MO", "2027-01-12T09:00:00Z", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=4", "2027-02-03T09:00:00Z", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=3"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "2027-01-05T09:00:00Z", "FREQ=WEEKLY;BYDAY=TU,FR"),
        ("FREQ=DAILY", "2027-01-05T09:00:00Z", "FREQ=DAILY"),
        ("FREQ=WEEKLY", "2027-01-05T09:00:00Z", "FREQ=WEEKLY"),
    ],
)
def test_the_rule_follows_another_day(rome: Session, rule: str, at: str, after: str) -> None:
    number = weekly(rome, rule=rule)
    series_changes.change(rome, number, {"at": at}, "all")
    assert (doc(rome, number)["rule"], doc(rome, number)["at"]) == (after, at)


def test_where_it_cannot_follow_it_asks_for_the_rule(rome: Session) -> None:
    number = weekly(rome, rule="FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1")
    with pytest.raises(Refused) as refused:
        series_changes.change(rome, number, {"at": "2027-01-07T09:00:00Z"}, "all")
    assert refused.value.fields[0].field == "rule"


def test_another_rule_begins_with_the_one_that_is_meant(rome: Session) -> None:
    number = weekly(rome, skipped=["2027-01-25T10:00", "2027-01-05T10:00"])
    series_changes.change(rome, number, {"rule": "FREQ=DAILY;UNTIL=20270120"}, "all", "2027-01-11T10:00")
    kept = doc(rome, number)
    assert (kept["wall"], kept["at"], kept["skipped"]) == (
        "2027-01-11T10:00",
        "2027-01-11T09:00:00Z",
        ["2027-01-25T10:00"],
    )
    series_changes.change(rome, number, {"rule": None}, "all")
    assert not {"rule", "wall", "skipped"} & doc(rome, number).keys()


def test_whole_days_are_moved_by_days(rome: Session) -> None:
    number = planning.plan(rome, D1, "Days", day="2027-01-30", last_day="2027-01-31", rule="FREQ=MONTHLY;BYMONTHDAY=30")
    activities.done(rome, number)
    kept = doc(rome, number)
    # February has no 30th.
    assert (kept["day"], kept["last_day"], kept["at"]) == ("2027-03-30", "2027-03-31", "2027-03-31T21:59:59Z")
    series_changes.change(rome, number, {"day": "2027-03-29", "last_day": None}, "all")
    assert (doc(rome, number)["day"], doc(rome, number)["rule"]) == ("2027-03-29", "FREQ=MONTHLY;BYMONTHDAY=29")
    assert "last_day" not in doc(rome, number)


def test_deleting(rome: Session) -> None:
    number = weekly(rome)
    finished = activities.done(rome, number)
    apart = series_changes.change(rome, number, {"what": "Meet else"}, "this", "2027-02-01T10:00")
    seen = state(rome)
    series_changes.delete(rome, number, "following", "2027-01-25T10:00")
    assert doc(rome, number)["rule"] == "FREQ=WEEKLY;UNTIL=20270124;BYDAY=MO"
    assert apart not in state(rome)
    undo(rome)
    assert state(rome) == seen
    series_changes.delete(rome, number, "all")
    left = state(rome)
    assert finished in left
    assert not {number, apart} & left.keys()
    undo(rome)
    assert state(rome) == seen
    series_changes.delete(rome, number, "this")
    assert doc(rome, number)["at"] == "2027-01-18T09:00:00Z"


def test_two_people_do_the_same_one(rome: Session, open_as: OpenAs) -> None:
    number = weekly(rome)
    seen = doc(rome, number)
    other = open_as("anna")
    activities.done(other, number)
    rome.store.refresh()
    with pytest.raises(Conflict):
        series_changes.change(rome, number, {"at": "2027-01-06T09:00:00Z"}, "all", "2027-01-11T10:00", base=seen)
    with pytest.raises(Conflict):
        series_changes.delete(rome, number, "this", base=seen)


def test_who_may_not_change_the_item_changes_no_series(rome: Session, open_as: OpenAs) -> None:
    number = planning.plan(rome, Ref("lead", 1), "Meet", at="2027-01-04T09:00:00Z", rule="FREQ=WEEKLY")
    luca = open_as("luca")
    for act in (
        lambda: series_changes.do(luca, number),
        lambda: series_changes.delete(luca, number, "this"),
        lambda: series_changes.change(luca, number, {"what": "Mine"}, "all"),
        lambda: series_changes.delete(luca, number, "following"),
    ):
        with pytest.raises((AccessDenied, NotFound)):
            act()


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "nonsense", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"])
def test_a_rule_that_a_script_wrote_badly_leaves_a_single_activity(rome: Session, rule: str) -> None:
    number = weekly(rome)
    from tuicrm.store.protocol import Op

    rome.store.commit([Op(ACTIVITIES, number, {**doc(rome, number), "rule": rule})])
    assert activities.done(rome, number) == number
    assert doc(rome, number)["done"] is True
