"""What lasts is marked with when it is over."""

from __future__ import annotations

from typing import Any

import pytest

from tuicrm.domain.activities.lasting import FAR, OVER, marked

BASE = {"what": "W", "at": "2027-01-12T09:00:00Z"}


@pytest.mark.parametrize(
    ("times", "marks"),
    [
        ({}, {}),
        ({"end": "2027-01-13T09:00:00Z"}, {}),
        ({"end": "2027-01-13T09:00:01Z"}, {OVER: "2027-01-13T09:00:01Z"}),
        ({"start": "2027-01-13T08:00:00Z", "end": "2027-01-14T07:00:00Z"}, {}),
        ({"end": "2027-03-13T09:00:00Z"}, {FAR: "2027-03-13T09:00:00Z"}),
        ({"day": "2027-01-12"}, {}),
        ({"day": "2027-01-12", "last_day": "2027-01-12"}, {}),
        ({"day": "2027-01-12", "last_day": "2027-01-13"}, {OVER: "2027-01-14T23:59:59Z"}),
        ({"day": "2027-01-12", "last_day": "2028-01-13"}, {FAR: "2028-01-14T23:59:59Z"}),
        ({"day": "9999-12-30", "last_day": "9999-12-31"}, {OVER: "9999-12-31T23:59:59Z"}),
        ({"end": "soon"}, {}),
        ({"at": None, "end": "2027-01-13T09:00:00Z"}, {}),
        ({"day": 7, "last_day": []}, {}),
        ({"day": "never", "last_day": "zzz"}, {}),
        ({OVER: "2027-01-13T09:00:00Z", FAR: 7}, {}),
    ],
)
def test_marks_follow_the_times(times: dict[str, Any], marks: dict[str, str]) -> None:
    doc = {**BASE, **times}
    found = marked(doc)
    assert {name: found[name] for name in (OVER, FAR) if name in found} == marks
    assert marked(found) is found
    assert {name: value for name, value in found.items() if name not in (OVER, FAR)} == {
        name: value for name, value in doc.items() if name not in (OVER, FAR)
    }
