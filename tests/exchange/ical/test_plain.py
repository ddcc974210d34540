"""Events as records keep them: the same again; what a script made of one is none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.ical.expanded import CALENDARS
from tests.hostile_workspace import TEXTS, WRONG, WRONG_TIMES
from tuicrm.exchange.ical.events import IcalEvent, IcalFile
from tuicrm.exchange.ical.plain import event_of, plain_event
from tuicrm.exchange.ical.reading import read_calendar
from tuicrm.exchange.ical.writing import write_calendar

SOUND = {"uid": "a", "start": "2027-01-11T10:00", "end": "2027-01-11T11:00", "zone": "Europe/Rome"}


def test_an_event_of_any_program_is_the_same_again() -> None:
    count = 0
    for path in sorted(CALENDARS.glob("*.ics")):
        for event in read_calendar(path.read_bytes(), path.name, zone="Europe/Rome").events:
            assert event_of(plain_event(event)) == event
            count += 1
    assert count > 10


@pytest.mark.parametrize(
    "said",
    [
        {"zone": "No/Where"}, {"zone": "../../etc/passwd"}, {"zone": "Europe/Rome\r\nX:1"}, {"end": "2027-01-12"}, {"secrecy": "open"},
        {"reminders": [-5]}, {"start": "27"}, {"uid": 5}, {"sequence": "x"}, {"skipped": "x"}, {"extra": [5]},
    ],
)  # fmt: skip
def test_what_is_no_event_is_none(said: dict[str, Any]) -> None:
    assert event_of(SOUND | said) is None


def test_whatever_was_kept_can_be_written_and_read() -> None:
    for wrong in (*WRONG, *WRONG_TIMES, *(text[:200] for text in TEXTS)):
        for name in IcalEvent.__struct_fields__:
            event = event_of(SOUND | {name: wrong})
            if event is not None:
                written = write_calendar(IcalFile(events=(event,)))
                assert written.count(b"\r\nEND:V") == written.count(b"\r\nBEGIN:V") + 1, (name, wrong)
