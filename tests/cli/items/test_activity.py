"""`tuicrm activity log`: what was done, its result and the next step in one command, undone as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Crm


def test_a_call_and_the_next_step(crm: Crm) -> None:
    ran = crm(
        "activity", "log", "D-1", "They take it", "--next", "Send it", "--at", "2026-12-18T09:30", "--who", "luca"
    )
    _logged, planned = ran.out.split()
    step = crm("activity", "list", "D-1", "--json").json["activities"][0]
    assert (step["id"], step["what"], step["at"], step["responsible"]) == (
        int(planned),
        "Send it",
        "2026-12-18T09:30:00Z",
        "luca",
    )
    shown = crm("timeline", "D-1").out
    assert "They take it" in shown
    assert "Send it" in shown
    assert crm("undo").code == 0
    shown = crm("timeline", "D-1").out
    assert "They take it" not in shown
    assert "Send it" not in shown
    told = crm("activity", "log", "D-1", "-", "--kind", "meeting", "--json", stdin="-5% agreed\n").json
    assert (told["activity"] > 0, told["next"], told["at"]) == (True, None, None)
    assert "-5% agreed" in crm("timeline", "D-1").out
    assert crm("activity", "log", "D-1", "-5% agreed").code == 0, "a text may begin with a dash"


def test_what_was_planned_is_done_with_it(crm: Crm) -> None:
    number = crm("activity", "add", "D-1", "Ring Bo", "--at", "2026-12-18T09:30").out.strip()
    assert crm("activity", "log", "D-1", "--finishing", number).out.split() == [number]
    assert crm("activity", "list", "D-1", "--json").json["activities"] == []


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("D-1",), 4, "What came of it?"),
        (("D-1", "yes", "--at", "today"), 2, "--next"),
        (("D-1", "yes", "--who", "luca"), 2, "--next"),
        (("D-1", "yes", "--next", "x", "--who", "nobody"), 3, "nobody"),
        (("D-1", "yes", "--next", "x", "--at", "whenever"), 4, "--at"),
        (("D-1", "yes", "--kind", "lunch"), 2, "lunch"),
        (("D-1", "yes", "--kind", "call", "--finishing", "1"), 2, "--finishing"),
        (("D-1", "yes", "--finishing", "99"), 3, "99"),
        (("D-99", "yes"), 3, "D-99"),
    ],
)
def test_what_is_refused_changes_nothing(crm: Crm, words: tuple[str, ...], code: int, told: str) -> None:
    before = crm("timeline", "D-1", "--json").json
    ran = crm("activity", "log", *words)
    assert ran.code == code, ran.err
    assert told in ran.err
    assert crm("timeline", "D-1", "--json").json == before


# -- every part --------------------------------------------------------------------------------------------------------
MEET = ("activity", "add", "D-1", "Meet", "--kind", "meeting", "--at", "2027-01-12T10:00", "--end", "11:00")


def test_an_activity_with_every_part(crm: Crm, tmp_path: Path) -> None:
    paper = tmp_path / "offer.txt"
    paper.write_text("x")
    more = (
        "--with",
        "luca",
        "--with",
        "Maria Rossi",
        "--also",
        "CO-1",
        "--place",
        "Via Roma 1",
        "--remind",
        "1h",
        "--remind",
        "15m",
    )
    rest = ("--colour", "2", "--priority", "3", "--text", "-5% is the most", "--file", str(paper), "--who", "luca")
    made = crm(*MEET, *more, *rest, "--json").json
    assert made["at"] == "2027-01-12T10:00:00Z"
    number = str(made["activity"])
    doc = crm("activity", "show", number, "--json").json["activity"]
    kept = {
        name: doc[name]
        for name in ("kind", "at", "end", "place", "colour", "priority", "reminders", "also", "people", "contacts")
    }
    assert kept == {
        "kind": "meeting", "at": "2027-01-12T10:00:00Z", "end": "2027-01-12T11:00:00Z", "place": "Via Roma 1", "colour": "2",
        "priority": 3, "reminders": [15, 60], "also": ["company:1"], "people": {"luca": "asked"}, "contacts": ["contact:1"],
    }  # fmt: skip
    assert doc["files"][0]["name"] == "offer.txt"
    shown = crm("activity", "show", number).out
    for words in (
        "12 Jan 2027 10:00–11:00",
        "CO-1 Rossi Srl",
        "Luca Riva (asked), Maria Rossi",
        "15 min, 1 h",
        "high priority",
        "offer.txt",
    ):
        assert words in shown
    assert "Meet · D-1" in crm("timeline", "C-1").out
    assert (
        crm(
            "activity", "edit", number, "--at", "2027-01-13T09:00", "--place", "", "--remind", "", "--with", "luca"
        ).code
        == 0
    )
    doc = crm("activity", "show", number, "--json").json["activity"]
    assert (doc["at"], doc["end"]) == ("2027-01-13T09:00:00Z", "2027-01-13T10:00:00Z"), "the end goes along"
    assert not {"place", "reminders", "contacts"} & doc.keys()
    assert crm("activity", "edit", number, "--deadline", "2027-01-14T18:00", "--on", "D-2").code == 0
    assert "by 14 Jan 2027" in crm("activity", "show", number).out
    assert crm("undo").code == 0
    assert "D-1" in crm("activity", "show", number).out
    assert (
        crm(
            "activity",
            "edit",
            number,
            "--all-day",
            "--at",
            "2027-02-01",
            "--end",
            "2027-02-03",
            "--deadline",
            "2027-02-02",
        ).code
        == 2
    )
    assert crm("activity", "edit", number, "--all-day", "--at", "2027-02-01", "--end", "2027-02-03").code == 0
    assert "Mon 1 Feb 2027 – Wed 3 Feb 2027" in crm("activity", "show", number).out


def test_one_line_tells_what_it_was_understood_as(crm: Crm) -> None:
    ran = crm("activity", "add", "D-1", "call Paolo 2027-01-12 15 30min @Sala blu +luca !15m", "--line")
    assert ran.code == 0
    assert (
        "Call · call Paolo · 12 Jan 2027 15:00–15:30 · Sala blu · with Luca Riva (asked) · reminder 15 min before"
        in ran.err
    )
    assert crm("activity", "add", "D-1", "call +nobody", "--line").code == 4
    whole = crm("activity", "add", "D-1", "call Paolo 2027-01-12 15", "--json").json["activity"]
    assert crm("activity", "show", str(whole), "--json").json["activity"]["what"] == "call Paolo 2027-01-12 15", (
        "text without --line"
    )


def test_lists_go_over_all_items(crm: Crm) -> None:
    mine = crm(*MEET).out.strip()
    his = crm(
        "activity", "add", "D-2", "Ring", "--at", "2027-01-11T10:00", "--who", "luca", "--with", "Maria Rossi"
    ).out.strip()

    def listed(*words: str) -> list[str]:
        return [str(one["id"]) for one in crm("activity", "list", *words, "--json").json["activities"]]

    assert listed() == [his, mine]
    assert listed("--mine") == [mine]
    assert listed("--mine", "--as", "luca") == [his]
    assert listed("--where", "amount > 20000") == listed("C-1") == [his]
    assert listed("--limit", "1") == [his]
    assert crm("activity", "done", his, "--result", "Yes", "--next", "Send it 2027-01-12 10 +luca").code == 0
    assert listed("--done") == [his]
    assert crm("activity", "done", his, "--result", "Yes").code == 4, "once"
    sent = crm("activity", "list", "--json").json["activities"][-1]
    assert (sent["what"], sent["people"]) == ("Send it", {"luca": "asked"})
    assert crm("undo").code == 0
    assert listed() == [his, mine]


def test_private_ones_tell_others_that_somebody_is_busy(crm: Crm) -> None:
    number = crm(
        "activity", "add", "D-2", "Doctor", "--private", "--place", "Clinic", "--at", "2027-01-12T10:00"
    ).out.strip()
    for words in (
        ("activity", "show", number),
        ("activity", "list", "D-2"),
        ("timeline", "D-2"),
        ("activity", "list", "--json"),
        ("log",),
    ):
        told = crm(*words, "--as", "luca").out
        assert "Doctor" not in told
        assert "Clinic" not in told
    assert crm("find", "Doctor", "--as", "luca", "--json").json["total"] == 0
    assert crm("activity", "done", number, "--as", "luca").code == 5
    assert crm("activity", "edit", number, "--public").code == 0
    assert "Doctor" in crm("activity", "show", number, "--as", "luca").out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--at", "2027-01-12T10:00", "--end", "2027-01-12T09:00"), 4, "after the start"),
        (("--end", "2027-01-12T09:00"), 2, "--at"),
        (("--at", "whenever"), 4, "--at"),
        (("--with", "nobody"), 3, "nobody"),
        (("--also", "D-99"), 3, "D-99"),
        (("--room", "Blue"), 3, "Blue"),
        (("--remind", "soon"), 4, "--remind"),
        (("--remind", "99d"), 4, "40320"),
        (("--length", "1h", "--end", "11:00"), 2, "--length"),
        (("--all-day", "--length", "1h"), 2, "--all-day"),
        (("--colour", "red"), 4, "colour"),
        (("--priority", "7"), 4, "priority"),
        (("--file", "/no/such/file"), 4, "--file"),
        (("--kind", "dance"), 2, "dance"),
    ],
)
def test_a_wrong_part_is_named_and_nothing_planned(crm: Crm, words: tuple[str, ...], code: int, told: str) -> None:
    ran = crm("activity", "add", "D-1", "W", *words)
    assert ran.code == code, ran.err
    assert told in ran.err
    assert crm("activity", "list", "--json").json["activities"] == []


def test_kinds_of_ones_own(crm: Crm) -> None:
    assert crm("activity", "kind", "add", "Site visit", "--symbol", "⌂", "--colour", "3").out.strip() == "site_visit"
    crm("activity", "add", "D-1", "Look", "--kind", "site visit")
    assert "⌂▌Look" in crm("timeline", "D-1").out
    assert crm("activity", "kind", "edit", "site_visit", "Visit").code == 0
    assert crm("activity", "kind", "retire", "visit").code == 0
    kinds = {one["key"]: one["retired"] for one in crm("activity", "kind", "list", "--json").json["kinds"]}
    assert kinds == {"call": False, "meeting": False, "todo": False, "site_visit": True}
    assert crm("activity", "kind", "restore", "visit").code == 0
    assert crm("activity", "kind", "retire", "call").code == 4
    assert crm("activity", "kind", "add", "X", "--as", "luca").code == 5
