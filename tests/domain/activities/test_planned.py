"""What an activity may hold, how its record is read whatever stands there, and what others see of a private one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile_workspace import WRONG
from tuicrm.domain.activities import checks
from tuicrm.domain.activities.planned import Activity, moved, read
from tuicrm.domain.activities.seen import as_seen, is_of
from tuicrm.domain.activities.series import series_of
from tuicrm.domain.entries import sound
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused

BARE = {"owner": "deal:1", "what": "Meet", "at": "2027-01-12T09:00:00Z", "done": False}
WHOLE: dict[str, Any] = {
    **BARE,
    "kind": "meeting",
    "also": ["contact:3"],
    "start": "2027-01-12T09:00:00Z",
    "end": "2027-01-12T10:00:00Z",
    "zone": "Europe/Rome",
    "responsible": "anna",
    "people": {"luca": "accepted"},
    "contacts": ["contact:1"],
    "place": "Via Roma 1",
    "rooms": ["blue"],
    "colour": "2",
    "priority": 3,
    "reminders": [15, 60],
    "files": [{"blob": "0" * 64, "name": "a.pdf", "size": 1}],
    "result": "Signed",
    "private": True,
    "rule": "FREQ=WEEKLY;BYDAY=MO",
    "wall": "2027-01-11T10:00",
    "skipped": ["2027-01-18T10:00"],
    "more": ["2027-01-19T10:00"],
    "of": 17,
    "occurrence": "2027-01-18T10:00",
    "uid": "u@x",
    "sequence": 2,
}


def test_a_record_is_read_with_what_it_leaves_out() -> None:
    assert read(5, 2, BARE) == Activity(5, 2, Ref("deal", 1), "Meet", "2027-01-12T09:00:00Z")
    whole = read(5, 2, WHOLE)
    assert whole.also == (Ref("contact", 3),)
    assert whole.people == {"luca": "accepted"}
    assert whole.reminders == (15, 60)
    assert (whole.of, whole.occurrence, whole.sequence) == (17, "2027-01-18T10:00", 2)
    assert whole.begins == whole.start
    assert not whole.whole_day
    assert read(5, 2, {**BARE, "day": "2027-01-12"}).last_day == "2027-01-12"


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_anything_is_read_and_what_is_unsound_is_as_if_absent(wrong: Any) -> None:
    activity = read(1, 1, dict.fromkeys((*WHOLE, "note", "text", "day", "last_day"), wrong))
    assert isinstance(activity.at, str)
    assert activity.priority in (1, 2, 3)
    mended = sound("activity", {**BARE, **dict.fromkeys(("place", "people", "rooms", "files", "reminders"), wrong)})
    assert all(checks.CHECKS[name](mended[name]) == "" for name in ("place", "people") if mended[name] is not None)


@given(st.dictionaries(st.sampled_from([*WHOLE]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)))  # fmt: skip
def test_no_record_is_too_odd_to_be_read_or_checked(doc: dict[str, Any]) -> None:
    read(1, 1, doc)
    moved(doc, "2027-01-13T09:00:00Z")
    is_of(doc, "anna")
    for problem in checks.found({}, doc):
        assert problem.message
        assert problem.field in doc


def test_no_time_of_a_series_lasts_for_ages() -> None:
    """Each look at a calendar would go through all its times since then."""
    ages = {**BARE, "start": BARE["at"], "end": "9999-12-31T23:59:59Z"}
    series = {**ages, "rule": "FREQ=DAILY", "wall": "2027-01-12T10:00", "zone": "Europe/Rome"}
    days = {**series, "start": None, "end": None, "wall": None, "day": "2027-01-12", "last_day": "9999-12-31"}
    assert checks.found({}, ages) == []
    for before, after in (({}, series), (ages, series), ({}, days)):
        assert "a year at most" in str(checks.found(before, after))
    for doc in (series, days):
        known = series_of(read(1, 1, doc))
        assert known is not None
        assert max(known.length.days, known.days) == 366


def test_reminders_of_ages_before_are_as_if_absent() -> None:
    assert read(1, 1, {**BARE, "reminders": [15, 10**17, 10**9, -1, True, "x"]}).reminders == (15,)


def test_what_is_sound_passes_the_checks() -> None:
    checks.check(None, WHOLE)
    assert sound("activity", WHOLE) is WHOLE


@pytest.mark.parametrize(
    ("field", "wrong", "expected"),
    [
        ("at", "tomorrow", "a moment in UTC"),
        ("at", "2027-02-30T09:00:00Z", "a moment in UTC"),
        ("end", "2027-01-12T09:00:00Z", "after the start"),
        ("day", "2027-01-12", "no times"),
        ("zone", "Rome; rm", "time zone"),
        ("people", {"luca": "yes"}, "asked, accepted"),
        ("people", ["luca"], "people"),
        ("colour", "8", "1, 2, 3"),
        ("priority", True, "1, 2, 3"),
        ("reminders", [60, 15], "ascending"),
        ("reminders", [15, 15], "once"),
        ("reminders", [-1], "whole number"),
        ("place", "a\nb", "one line"),
        ("rooms", ["blue", "blue"], "once"),
        ("also", ["nothing"], "deal:42"),
        ("files", [{"name": "a"}], "file"),
        ("private", 1, "yes or no"),
        ("wall", "10:00", "on the clock"),
        ("skipped", "2027-01-18", "a list"),
        ("kind", "", "key"),
    ],
)
def test_what_is_wrong_is_told_with_its_field_and_value(field: str, wrong: Any, expected: str) -> None:
    with pytest.raises(Refused) as caught:
        checks.check(WHOLE, {**WHOLE, field: wrong})
    (problem,) = caught.value.fields
    assert (problem.field, problem.value) == (field, wrong)
    assert expected in problem.message


def test_what_a_script_wrote_may_stay_while_the_rest_is_changed() -> None:
    checks.check({**BARE, "colour": "pink"}, {**BARE, "colour": "pink", "what": "Call"})


def test_put_off_it_keeps_its_length() -> None:
    assert moved(WHOLE, "2027-01-14T15:30:00Z") == {
        "at": "2027-01-14T15:30:00Z", "start": "2027-01-14T15:30:00Z", "end": "2027-01-14T16:30:00Z",
    }  # fmt: skip
    days = {**BARE, "at": "2027-01-13T22:59:59Z", "day": "2027-01-12", "last_day": "2027-01-13"}
    assert moved(days, "2027-01-15T22:59:59Z") == {
        "at": "2027-01-15T22:59:59Z", "day": "2027-01-14", "last_day": "2027-01-15",
    }  # fmt: skip
    assert moved(BARE, "2027-01-14T15:30:00Z") == {"at": "2027-01-14T15:30:00Z"}


@pytest.mark.parametrize("said", [True, 1, "yes", "false", ["x"], {"a": 1}])
def test_what_somebody_wanted_hidden_is_hidden_however_it_was_written(said: Any) -> None:
    doc = {**WHOLE, "private": said}
    assert sound("activity", doc)["private"] is read(1, 1, doc).private is True
    assert as_seen(sound("activity", doc), "zoe", "busy")["what"] == "busy"


def test_of_a_private_one_others_see_that_somebody_is_busy() -> None:
    mine = {**WHOLE, "by": "anna"}
    assert as_seen(mine, "anna", "busy") is mine
    assert as_seen(mine, "luca", "busy") is mine
    seen = as_seen(mine, "zoe", "busy")
    assert seen["what"] == "busy"
    assert not {"text", "place", "contacts", "also", "people", "result", "files", "kind"} & seen.keys()
    assert seen["at"] == mine["at"]
