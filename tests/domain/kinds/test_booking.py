"""Bookings as they are typed, shown and refused: several rooms, a time, a length."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.domain.kinds.test_kinds import EN
from tests.hostile import HOSTILE
from tuicrm.domain.kinds import kind_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import Field

FIELD, KIND = Field("visit", "booking", "Visit"), kind_of("booking")
ROME = replace(EN, zone=ZoneInfo("Europe/Rome"))
VALUE = {"rooms": ["blue", "car"], "start": "2027-01-12T09:00:00Z", "minutes": 90}


@pytest.mark.parametrize(
    "typed",
    [
        "Blue, Red car; 2027-01-12 10:00; 1h 30m", " blue ,CAR;12/01/2027 10:00;1:30 ", "blue,car;12 jan 2027 10:00;90 min",
        "blue, blue, car; 2027-01-12 10:00; 1.5",
    ],
)  # fmt: skip
def test_it_is_typed_in_each_way_and_shown(typed: str) -> None:
    assert KIND.parse(typed, FIELD, ROME) == VALUE
    assert KIND.format(VALUE, FIELD, ROME) == "Blue, Red car: Tue 12 Jan 2027 10:00–11:30"
    assert KIND.edit(VALUE, FIELD, ROME) == "Blue, Red car; 2027-01-12 10:00; 1:30"
    assert KIND.format(VALUE, FIELD, replace(ROME, canonical=True)) == "blue, car; 2027-01-12T09:00:00Z; 1:30"


def test_without_a_length_it_is_an_hour_and_over_midnight_both_days_show() -> None:
    found = KIND.parse("blue; 2027-01-12 23:30", FIELD, ROME)
    assert found["minutes"] == 60
    assert KIND.format(found, FIELD, ROME) == "Blue: Tue 12 Jan 2027 23:30 – 13 Jan 2027 00:30"
    assert KIND.parse("  ", FIELD, ROME) is None


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("Blue", "such as Blue; 2026-12-18 15:00; 1h 30m"), ("; 2027-01-12 10:00; 1h", "rooms, a time"),
        ("attic; 2027-01-12 10:00", "choose one of: Blue, Red car"), ("blue; soon; 1h", "day and time"),
        ("blue; 2027-01-12 10:00; long", "hours and minutes"), ("blue; 2027-01-12 10:00; 0", "one minute to a year"),
        ("blue; 2027-01-12 10:00; 1h; more", "rooms, a time"), ({**VALUE, "minutes": True}, "one minute"),
        ({**VALUE, "minutes": 10**9}, "one minute"), ({**VALUE, "rooms": []}, "rooms, a time"),
        ({**VALUE, "rooms": "blue"}, "rooms, a time"), ({**VALUE, "rooms": [7]}, "there is no room"),
        ({**VALUE, "rooms": ["blue"] * 21}, "at most 20"), ({**VALUE, "start": 7}, "day and time"),
        ({**VALUE, "more": 1}, "rooms, a time"), (7, "rooms, a time"),
    ],
)  # fmt: skip
def test_what_is_no_booking_is_refused_in_words(bad: Any, told: str) -> None:
    with pytest.raises(BadValue) as refused:
        KIND.read(bad, FIELD, ROME)
    assert told in refused.value.message


@pytest.mark.parametrize(
    "strange", [7, "x", None, [], {}, {"rooms": 3}, {**VALUE, "start": HOSTILE[0]}, {**VALUE, "minutes": "x"}]
)
def test_whatever_a_script_wrote_is_shown(strange: Any) -> None:
    assert isinstance(KIND.format(strange, FIELD, ROME), str)
    assert isinstance(KIND.edit(strange, FIELD, ROME), str)
    KIND.comparable(strange)
