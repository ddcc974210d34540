"""One typed line: what is read of it in both languages, what stays text, and that nothing but our errors comes of any text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.conftest import NOW
from tests.hostile import HOSTILE_FEW
from tuicrm.domain.activities.line import Namable, Typed, ends, read_line
from tuicrm.domain.context import Context, NoNames
from tuicrm.domain.kinds.base import BadValue

KINDS = {"call": "call", "meeting": "meeting", "task": "todo", "site visit": "site_visit"}
ROOMS = {"blue": "blue", "sala blu": "blue", "red room": "red"}
PEOPLE = {"mario": "mario", "luca riva": "luca", "maria rossi": "contact:1"}
KNOWN = Namable(
    lambda text: KINDS.get(text.casefold()),
    lambda text: ROOMS.get(text.casefold()),
    lambda text: PEOPLE.get(text.casefold()),
)
MARIO = {"people": ("mario",)}
MONDAYS = "FREQ=WEEKLY;BYDAY=MO"
CONTEXT = Context(NoNames(), NOW, UTC)


def line(text: str) -> Typed:
    return read_line(text, CONTEXT, KNOWN)


def parts(typed: Typed) -> dict[str, Any]:
    """What is said, times as one reads them."""
    said = {name: getattr(typed, name) for name in typed.__struct_fields__ if getattr(typed, name)}
    return {name: f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value for name, value in said.items()}


WHOLE = {
    "what": "call Paolo", "kind": "call", "at": "2026-11-24 15:00", "minutes": 30, "room": "blue", "people": ("mario",),
    "reminders": (15,),
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "call Paolo tomorrow 15 30min @Sala blu +mario !15m",
        "call Paolo domani alle 15 30 minuti @sala blu +mario !15",
        "+mario call Paolo @Blue 30min tomorrow 15 !15m",
        "call Paolo @blue tomorrow 15-15:30 !15min +mario",
        "!15 @Sala Blu call Paolo tomorrow 15 30' +Mario",
        "call Paolo 30m tomorrow at 15:00 +mario @Blue !15m",
    ],
)
def test_the_same_however_it_is_written(text: str) -> None:
    assert parts(line(text)) == WHOLE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Send the offer", {"what": "Send the offer"}),
        ("chiama Bianchi venerdì", {"what": "chiama Bianchi", "kind": "call", "at": "2026-11-27 00:00"}),
        ("Riunione domani 9:00-10:30", {"what": "Riunione", "kind": "meeting", "at": "2026-11-24 09:00", "minutes": 90}),
        ("Site visit Rossi fri 10 1h30", {"what": "Site visit Rossi", "kind": "site_visit", "at": "2026-11-27 10:00", "minutes": 90}),
        ("Fair 12 jan all day", {"what": "Fair", "at": "2027-01-12 00:00", "whole_day": True}),
        ("Fiera domani tutto il giorno", {"what": "Fiera", "at": "2026-11-24 00:00", "whole_day": True}),
        ("Meet tomorrow 22-1", {"what": "Meet", "kind": "meeting", "at": "2026-11-24 22:00", "minutes": 180}),
        ("Eat tomorrow 13 @Da Gino, Via Po +mario", {"what": "Eat", "at": "2026-11-24 13:00", "place": "Da Gino, Via Po", **MARIO}),
        ("Lunch @Da Gino tomorrow 13", {"what": "Lunch", "at": "2026-11-24 13:00", "place": "Da Gino"}),
        ('Lunch @"Bar 5" tomorrow 13 1h', {"what": "Lunch", "at": "2026-11-24 13:00", "place": "Bar 5", "minutes": 60}),
        ('Talk +"Maria Rossi" +luca_riva', {"what": "Talk", "people": ("luca",), "contacts": ("contact:1",)}),
        ("Pay !! #2 !1h !1d !60m", {"what": "Pay", "priority": 3, "colour": "2", "reminders": (60, 1440)}),
        ("Ring +3d 9:30", {"what": "Ring", "kind": "call", "at": "2026-11-26 09:30"}),
        ("Ring +39 333 1234", {"what": "Ring +39 333 1234", "kind": "call"}),
        ("Write to a@b.it", {"what": "Write to a@b.it"}),
        ("Meet @15:00", {"what": "Meet @15:00", "kind": "meeting"}),
        ("Read pages 15-16", {"what": "Read pages 15-16"}),
        ("Order #8 ! @ + !soon", {"what": "Order #8 ! @ + !soon"}),
        ("Run 45min", {"what": "Run", "minutes": 45}),
        ("45min", {"what": "45min"}),
        ("Wait 99999 min", {"what": "Wait 99999 min"}),
        ("Standup every monday 10:00", {"what": "Standup", "at": "2026-11-23 10:00", "rule": MONDAYS}),
        ("every monday Standup at 10", {"what": "Standup", "at": "2026-11-23 10:00", "rule": MONDAYS}),
        ("call Rossi every monday at 15 30min @Blue",
         {"what": "call Rossi", "kind": "call", "at": "2026-11-23 15:00", "minutes": 30, "room": "blue", "rule": MONDAYS}),
        ("Riunione ogni lunedì alle 10 fino al 1 mar 2027",
         {"what": "Riunione", "kind": "meeting", "at": "2026-11-23 10:00", "rule": "FREQ=WEEKLY;UNTIL=20270301;BYDAY=MO"}),
        ("Standup every monday until 2027-03-01 15-16:30",
         {"what": "Standup", "at": "2026-11-23 15:00", "minutes": 90, "rule": "FREQ=WEEKLY;UNTIL=20270301;BYDAY=MO"}),
        ("Standup every monday 15:00 10 times",
         {"what": "Standup", "at": "2026-11-23 15:00", "rule": "FREQ=WEEKLY;COUNT=10;BYDAY=MO"}),
        ("Visit @Da Gino every 2 weeks fri 10",
         {"what": "Visit", "place": "Da Gino", "at": "2026-11-23 10:00", "rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"}),
        ("Pay the rent monthly on 31", {"what": "Pay the rent", "rule": "FREQ=MONTHLY;BYMONTHDAY=31"}),
        ("Fair every year 3 march all day", {"what": "Fair", "whole_day": True, "rule": "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3"}),
        ("Backup tutti i giorni alle 18", {"what": "Backup", "at": "2026-11-23 18:00", "rule": "FREQ=DAILY"}),
        ("Write the weekly report tomorrow 15", {"what": "Write the weekly report", "at": "2026-11-24 15:00"}),
        ("Standup every monday 10:00 with the team [/]",
         {"what": "Standup with the team [/]", "at": "2026-11-23 10:00", "rule": MONDAYS}),
        ("Weekly report", {"what": "Weekly report"}),
        ("Ask every client tomorrow 15", {"what": "Ask every client", "at": "2026-11-24 15:00"}),
        ("Ask every client every day 9:30", {"what": "Ask every client", "at": "2026-11-24 09:30", "rule": "FREQ=DAILY"}),
    ],
)  # fmt: skip
def test_what_is_read_and_what_stays_text(text: str, said: dict[str, Any]) -> None:
    assert parts(line(text)) == said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "what is to be done"),
        ("tomorrow 15", "what is to be done"),
        ("@Blue +mario !15m", "what is to be done"),
        ("Meet +nobody", "nobody here is called “nobody”"),
        ("Meet !99999", "40320 minutes"),
        (" ".join(("Meet", *(f"!{n}" for n in range(11)))), "at most 10"),
    ],
)
def test_what_cannot_be_is_told(text: str, told: str) -> None:
    with pytest.raises(BadValue) as caught:
        line(text)
    assert told in caught.value.message


PIECES = st.sampled_from(
    """
    call Paolo tomorrow 15 30min @ @Sala blu +mario + !15m !! #2 all day 1h30 15-16
    @" " 9999-12-31 +9999y 23:59 ! 9:00-10 \x1b[31m \u202e every monday ogni 10 times until weekly
    [/] é 日本 ' 1h99 +1h
    """.split()  # noqa: SIM905 - a line of them is read at a glance
)


@given(st.lists(PIECES | st.text(max_size=6), max_size=12).map(" ".join) | st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        typed = line(text)
    except BadValue:
        return
    assert typed.what
    assert typed.what == typed.what.strip()
    assert set(typed.what.split()) <= {one.rstrip(" ,;:–—-") for one in text.split()} | set(text.split())
    ends(typed)


@pytest.mark.parametrize("text", HOSTILE_FEW)
def test_hostile_texts_stay_as_they_are(text: str) -> None:
    assert line(f"a{text}b").what == " ".join(f"a{text}b".split())


def test_the_person_s_own_clock_counts() -> None:
    from zoneinfo import ZoneInfo

    rome = replace(CONTEXT, zone=ZoneInfo("Europe/Rome"))
    typed = read_line("Meet tomorrow 15-16", rome, KNOWN)
    assert (typed.at, typed.minutes) == (datetime(2026, 11, 24, 14, tzinfo=UTC), 60)
