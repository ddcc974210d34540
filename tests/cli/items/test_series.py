"""`tuicrm activity … --repeat`, `--this`, `--following`, `--all`: each one change, one undo."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm

CHOICE = "say --this, --following or --all"


@pytest.fixture
def rome(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> Crm:
    monkeypatch.setenv("TZ", "Europe/Rome")
    return crm


def weekly(crm: Crm, *more: str) -> str:
    words = ("activity", "add", "D-1", "Meet", "--at", "2027-01-11T10:00", "--length", "1h")
    ran = crm(*words, "--repeat", "every monday until 2027-03-01", *more)
    assert ran.code == 0, ran.err
    return ran.out.strip()


def times(crm: Crm) -> list[tuple[str, str]]:
    found = crm("activity", "list", "D-1", "--json").json["activities"]
    return [(one["what"], one["at"]) for one in found if one["what"].startswith("Meet")]


def test_it_is_told_in_words_wherever_it_shows(rome: Crm) -> None:
    number = weekly(rome)
    told = "every week on Monday, until 1 Mar 2027"
    for words in (("activity", "list", "D-1"), ("activity", "show", number), ("timeline", "D-1")):
        assert told in rome(*words).out
    kept = rome("activity", "show", number, "--json").json["activity"]
    assert (kept["rule"], kept["wall"], kept["zone"]) == (
        "FREQ=WEEKLY;UNTIL=20270301;BYDAY=MO", "2027-01-11T10:00", "Europe/Rome",
    )  # fmt: skip
    assert "Mon 18 Jan 2027, Mon 25 Jan 2027, Mon 1 Feb 2027" in rome("activity", "show", number).out


def test_done_moves_it_on_and_undo_brings_it_back(rome: Crm) -> None:
    number, before = weekly(rome), times(rome)
    told = rome("activity", "done", number, "--json").json
    assert told["activity"] != int(number)
    assert times(rome) == [("Meet", "2027-01-18T09:00:00Z")]
    assert rome("undo").code == 0
    assert times(rome) == before
    assert rome("activity", "done", number, "--occurrence", "2027-01-25", "--result", "Early").code == 0
    assert times(rome) == before
    assert rome("activity", "done", number, "--all").code == 0
    assert times(rome) == []
    assert rome("undo").code == 0
    assert times(rome) == before


def test_change_this_one_this_and_following_or_all(rome: Crm) -> None:
    number = weekly(rome)
    refused = rome("activity", "edit", number, "Meet else")
    assert (refused.code, CHOICE in refused.err) == (2, True)
    assert rome("activity", "edit", number, "Meet else", "--this").code == 0
    assert times(rome) == [("Meet else", "2027-01-11T09:00:00Z"), ("Meet", "2027-01-18T09:00:00Z")]
    moved = rome(
        "activity", "edit", number, "--at", "2027-02-02T15:00", "--following", "--occurrence", "2027-02-01", "--json"
    )
    assert moved.json["activity"] != int(number)
    assert ("Meet", "2027-02-02T14:00:00Z") in times(rome)
    assert rome("activity", "move", number, "2027-01-19T11:00", "--all").code == 0
    kept = rome("activity", "show", number, "--json").json["activity"]
    assert (kept["rule"], kept["at"], kept["end"]) == (
        "FREQ=WEEKLY;UNTIL=20270131;BYDAY=TU", "2027-01-19T10:00:00Z", "2027-01-19T11:00:00Z",
    )  # fmt: skip
    assert rome("activity", "edit", number, "--repeat", "", "--all").code == 0
    assert "rule" not in rome("activity", "show", number, "--json").json["activity"]


def test_moved_without_a_choice_is_the_next_one_alone(rome: Crm) -> None:
    number = weekly(rome)
    assert rome("activity", "move", number, "2027-01-12T16:00").code == 0
    assert times(rome) == [("Meet", "2027-01-12T15:00:00Z"), ("Meet", "2027-01-18T09:00:00Z")]


def test_delete_asks_what_is_meant(rome: Crm) -> None:
    number, other = weekly(rome), weekly(rome)
    assert CHOICE in rome("activity", "delete", number).err
    assert rome("activity", "delete", number, other, "--all").code == 2
    assert rome("activity", "delete", number, "--this", "--all").code == 2
    assert rome("activity", "delete", number, "--this").code == 0
    assert rome("activity", "delete", number, "--following", "--occurrence", "2027-02-01").code == 0
    kept = rome("activity", "show", number, "--json").json["activity"]
    assert (kept["at"], kept["rule"]) == ("2027-01-18T09:00:00Z", "FREQ=WEEKLY;UNTIL=20270131;BYDAY=MO")
    assert rome("activity", "delete", number, "--all").code == 0
    assert rome("activity", "show", number).code == 3
    assert rome("undo").code == 0
    assert rome("activity", "show", number).code == 0


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--repeat", "every lunch"), 4, "a repetition is expected"),
        (("--repeat", "FREQ=SECONDLY"), 4, "too often"),
        (("--repeat", "FREQ=DAILY;COUNT=1000000"), 4, "at most 5000 times"),
        (("--repeat", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), 4, "no day at all"),
        (("--repeat", "every day until 2020-01-01"), 4, "rule:"),
        (("--repeat", "every \x1b[31mday"), 4, "a repetition is expected"),
    ],
)
def test_what_cannot_repeat_is_refused_and_nothing_is_planned(
    rome: Crm, words: tuple[str, ...], code: int, told: str
) -> None:
    ran = rome("activity", "add", "D-1", "Meet", "--at", "2027-01-11T10:00", *words)
    assert (ran.code, told in ran.err) == (code, True), ran.err
    assert times(rome) == []


def test_what_does_not_repeat_has_no_others(rome: Crm) -> None:
    number = rome("activity", "add", "D-1", "Meet", "--at", "2027-01-11T10:00").out.strip()
    for words in (("edit", number, "X", "--all"), ("done", number, "--this"), ("delete", number, "--following")):
        ran = rome("activity", *words)
        assert (ran.code, ran.err.strip()) == (4, "Error: This activity does not repeat.")
    assert rome("activity", "edit", number, "--repeat", "every tuesday").code == 0
    assert times(rome) == [("Meet", "2027-01-12T09:00:00Z")]
    wrong = rome("activity", "done", number, "--occurrence", "2027-01-13")
    assert (wrong.code, "the next is at 2027-01-12T10:00" in wrong.err) == (4, True)


def test_times_that_the_clocks_jump_over_or_show_twice_are_told(rome: Crm) -> None:
    gap = "There is no 02:30 on 28 Mar 2027 in Europe/Rome, as the clocks go forward: 03:30 is meant."
    twice = "The clocks of Europe/Rome show 02:30 twice on 31 Oct 2027: the first is meant."
    assert gap in rome("activity", "add", "D-1", "Meet 1", "--at", "2027-03-28T02:30").err
    assert twice in rome("activity", "add", "D-1", "Meet 2", "--at", "2027-10-31T02:30").err
    assert times(rome) == [("Meet 1", "2027-03-28T01:30:00Z"), ("Meet 2", "2027-10-31T00:30:00Z")]
    ran = rome("activity", "add", "D-1", "Nightly", "--at", "2027-03-20T02:30", "--repeat", "daily, until 2027-11-30")
    assert gap in ran.err
    assert twice in ran.err
    shown = rome("activity", "show", ran.out.strip()).out
    assert "There is no 02:30 on 28 Mar 2027" in " ".join(shown.split())
