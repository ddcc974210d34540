"""Registers of exchanges as they write them, hostile cells included."""

from __future__ import annotations

import io
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from tests.hostile_workspace import TEXTS
from tuicrm.errors import Refused
from tuicrm.exchange.call_register import RegisterCall, RegisterReading, read_calls
from tuicrm.exchange.sheet import Rejected

ROME = RegisterReading(ZoneInfo("Europe/Rome"), date(2026, 11, 30))

ASTERISK = (
    '"","+39333111222","200","from-pstn","""Rossi"" <+39333111222>","SIP/trunk-1","SIP/200-2","Dial","SIP/200,30",'
    '"2026-11-03 09:15:02","2026-11-03 09:15:10","2026-11-03 09:17:10",128,120,"ANSWERED","DOCUMENTATION","1793693702.11",""\n'
    '"","200","0255550142","from-internal","200","SIP/200-3","","Dial","SIP/trunk",'
    '"2026-11-03 10:00:00","","2026-11-03 10:00:20",20,0,"NO ANSWER","DOCUMENTATION","1793696400.12",""\n'
)
FREESWITCH = (
    '"Rossi","+39333111222","200","default","2026-11-03 09:15:02","2026-11-03 09:15:10","2026-11-03 09:17:10","128","120",'
    '"NORMAL_CLEARING","8f0e-1","",""\n'
)
FREEPBX = (
    "Call Date,System,CallerID,Outbound CallerID,DID,App,Destination,Disposition,Duration,Userfield,Account,CDR Table\n"
    "2026-11-03 09:15:02,17.1,+39333111222,,0255550100,Dial,200,BUSY,00:00:09,,,cdr\n"
)
FRITZBOX = (
    "sep=;\nTyp;Datum;Name;Rufnummer;Nebenstelle;Eigene Rufnummer;Dauer\n"
    "1;03.11.26 09:15;Rossi;+39333111222;Telefon;123456;0:02\n"
    "2;03.11.26 10:00;;0255550142;;123456;0:00\n"
    "4;04.11.26 10:00;;0255550142;Telefon;123456;1:05\n"
)
THREE_CX = (
    "Call Time,Caller ID,Destination,Status,Ringing,Talking\n"
    '2026-11-03T09:15:02Z,"Rossi (+39333111222)","Anna (200)",Answered,00:00:08,00:02:00\n'
)
BITRIX = (
    "CALL_TYPE,PHONE_NUMBER,CALL_START_DATE,CALL_DURATION,CALL_ID,STATUS\n"
    "1,+39333111222,11/23/2026 09:15:02 AM,120,abc,200\n2,+39333111222,11/03/2026 09:15:02 PM,0,abd,304\n"
)


def read(text: str, reading: RegisterReading = ROME) -> list[RegisterCall | Rejected]:
    return read_calls(io.BytesIO(text.encode()), "calls.csv", reading)


def calls(text: str, reading: RegisterReading = ROME) -> list[RegisterCall]:
    found = [one for one in read(text, reading) if isinstance(one, RegisterCall)]
    assert len(found) == len(read(text, reading))
    return found


def test_asterisk_writes_no_names_of_columns() -> None:
    first, second = calls(ASTERISK)
    assert (first.at, first.seconds, first.caller, first.called) == ("2026-11-03T08:15:02Z", 120, "+39333111222", "200")
    assert (first.outcome, first.id, first.way, first.name) == (
        "reached",
        "1793693702.11",
        "",
        '"Rossi" <+39333111222>',
    )
    assert (second.caller, second.called, second.outcome, second.seconds) == ("200", "0255550142", "no_answer", 0)


def test_freeswitch_and_freepbx_and_3cx() -> None:
    (one,) = calls(FREESWITCH)
    assert (one.at, one.seconds, one.caller, one.outcome, one.id) == (
        "2026-11-03T08:15:02Z",
        120,
        "+39333111222",
        "reached",
        "8f0e-1",
    )
    (one,) = calls(FREEPBX)
    assert (one.at, one.seconds, one.caller, one.called, one.outcome, one.id) == (
        "2026-11-03T08:15:02Z", 9, "+39333111222", "200", "busy", "17.1",
    )  # fmt: skip
    (one,) = calls(THREE_CX)
    assert (one.at, one.seconds, one.caller, one.called, one.outcome) == (
        "2026-11-03T09:15:02Z", 120, "Rossi (+39333111222)", "Anna (200)", "reached",
    )  # fmt: skip


def test_a_fritzbox_says_ways_by_number_and_hours_before_minutes() -> None:
    one, two, three = calls(FRITZBOX)
    assert (one.way, one.other, one.at, one.seconds, one.name) == (
        "in",
        "+39333111222",
        "2026-11-03T08:15:00Z",
        120,
        "Rossi",
    )
    assert (two.way, two.outcome, two.seconds) == ("in", "no_answer", 0)
    assert (three.way, three.seconds) == ("out", 3900)


def test_the_whole_file_says_which_number_is_the_month() -> None:
    one, two = calls(BITRIX)
    assert (one.way, one.at, one.outcome) == ("out", "2026-11-23T08:15:02Z", "reached")
    assert (two.way, two.at, two.outcome) == ("in", "2026-11-03T20:15:02Z", "no_answer")
    plain = "Date,From,To,Duration\n03/04/2026 10:00,1,2,5\n"
    assert calls(plain)[0].at == "2026-04-03T08:00:00Z"
    assert calls(plain, RegisterReading(ROME.zone, ROME.today, month_first=True))[0].at == "2026-03-04T09:00:00Z"


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("75", 75),
        ("75 s", 75),
        ("1:15", 75),
        ("00:01:15", 75),
        ("1m 15s", 75),
        ("2 min", 120),
        ("", 0),
        ("1h", 3600),
        ("75.4", 75),
    ],
)
def test_lengths(typed: str, seconds: int) -> None:
    assert calls(f'Date,From,To,Duration\n2026-11-03 10:00,1,2,"{typed}"\n')[0].seconds == seconds


def test_days_and_times_in_two_columns() -> None:
    assert calls("Date,Time,From,To,Duration\n2026-11-03,10:00,1,2,5\n")[0].at == "2026-11-03T09:00:00Z"


def test_lines_that_cannot_be_read_are_told_and_the_others_taken() -> None:
    found = read(
        "Date,From,To,Duration\nnever,1,2,5\n2026-11-03,1,2,5\n2026-11-03 10:00,1,2,soon\n2026-11-03 10:00,1\n2026-11-03 10:00,1,2,5\n"
    )
    assert [type(one) for one in found] == [Rejected] * 4 + [RegisterCall]
    rejected = [one for one in found if isinstance(one, Rejected)]
    assert [one.number for one in rejected] == [2, 3, 4, 5]
    assert "a day and a time" in rejected[0].reason
    assert "a duration" in rejected[2].reason


@pytest.mark.parametrize("text", ["", "Name,Colour\nx,y\n", "Date,From\n2026-01-01 10:00,1\n", "\0\0\0"])
def test_what_is_no_register_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read(text)


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_cells_are_cells(text: str) -> None:
    cell = text.replace('"', '""')
    written = f'Date,From,To,Duration,Status,Direction,Unique ID\n"{cell}","{cell}","{cell}","{cell}","{cell}","{cell}","{cell}"\n'
    for one in read(written.encode("utf-8", "replace").decode()):
        assert isinstance(one, Rejected)
