"""Comments and activities after they are made: changed, pinned, noted on, put off, deleted."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm


def test_a_comment_is_changed_pinned_noted_and_deleted(crm: Crm) -> None:
    ran = crm("comment", "D-1", "Call them\n[/] \x1b]0;x\x07", "--json")
    number = str(ran.json["entry"])
    assert crm("comment", "edit", number, "-", stdin="Call them on Monday\n").code == 0
    assert crm("comment", "pin", number).code == 0
    assert crm("comment", "note", number, "-5% agreed").code == 0
    told = crm("comment", "list", "D-1", "--json").json["entries"]
    assert [(one["text"], one["pinned"], one["note"]) for one in told] == [("Call them on Monday", True, "-5% agreed")]
    table = crm("comment", "list", "D-1").out
    assert number in table
    assert "pinned" in table
    assert "Call them on Monday" in table
    assert crm("comment", "pin", number, "--off").code == 0
    assert crm("comment", "note", number, "").code == 0
    told = crm("comment", "list", "D-1", "--json").json["entries"][0]
    assert not told.get("pinned")
    assert not told.get("note")
    assert crm("comment", "delete", number).code == 0
    assert crm("comment", "list", "D-1", "--json").json["entries"] == []
    assert crm("undo").code == 0
    assert len(crm("comment", "list", "D-1", "--json").json["entries"]) == 1


def test_several_are_deleted_as_one_step(crm: Crm) -> None:
    numbers = [str(crm("comment", "D-1", text, "--json").json["entry"]) for text in ("a", "b", "c")]
    assert crm("comment", "delete", numbers[0], "99999").code == 3
    assert len(crm("comment", "list", "D-1", "--json").json["entries"]) == 3
    assert crm("comment", "delete", *numbers, numbers[0]).code == 0
    assert crm("undo").code == 0
    assert len(crm("comment", "list", "D-1", "--json").json["entries"]) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("edit", "99999", "x"), 3, "There is no entry 99999"),
        (("delete", "99999"), 3, "There is no entry 99999"),
        (("pin", "99999"), 3, "There is no entry 99999"),
        (("note", "99999", "x"), 3, "There is no entry 99999"),
        (("edit", "one", "x"), 2, "whole number"),
        (("delete",), 2, "NUMBER"),
        (("list",), 2, "REF"),
        (("D-1",), 2, "TEXT"),
        (("edit", "1"), 2, "TEXT"),
    ],
)
def test_what_is_wrong_with_a_comment_is_told(crm: Crm, arguments: tuple[str, ...], code: int, told: str) -> None:
    ran = crm("comment", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err


def test_what_happened_is_pinned_but_neither_changed_nor_deleted(crm: Crm) -> None:
    found = crm("comment", "list", "D-1", "--all", "--json").json["entries"]
    made = str(next(one["id"] for one in found if one["kind"] == "created"))
    assert crm("comment", "pin", made).code == 0
    assert crm("comment", "edit", made, "never was").code == 4
    assert crm("comment", "delete", made).code == 4
    assert crm("comment", "list", "D-1", "--json").json["entries"] == []


def test_only_who_may_changes_a_comment(crm: Crm) -> None:
    number = str(crm("comment", "D-1", "mine", "--json").json["entry"])
    assert crm("comment", "edit", number, "yours", "--as", "luca").code == 5
    assert crm("comment", "delete", number, "--as", "luca").code == 5
    assert crm("comment", "list", "D-1", "--json").json["entries"][0]["text"] == "mine"


def test_an_activity_is_changed_put_off_noted_and_deleted(crm: Crm) -> None:
    number = crm("activity", "add", "D-1", "Call", "--at", "2026-12-18T09:30").out.strip()
    assert crm("activity", "edit", number, "Call them", "--kind", "call", "--who", "luca").code == 0
    assert crm("activity", "move", number, "2026-12-21").code == 0
    assert crm("activity", "note", number, "bring the offer").code == 0
    told = crm("activity", "list", "D-1", "--json").json["activities"][0]
    assert (told["what"], told["kind"], told["responsible"], told["note"]) == (
        "Call them",
        "call",
        "luca",
        "bring the offer",
    )
    # A day alone keeps the hour.
    before = crm("activity", "add", "D-1", "x", "--at", "2026-12-18T09:30", "--json").json["at"]
    assert told["at"][:10] == "2026-12-21"
    assert told["at"][10:] == before[10:]
    assert crm("activity", "delete", number).code == 0
    assert [one["what"] for one in crm("activity", "list", "D-1", "--json").json["activities"]] == ["x"]
    assert crm("undo").code == 0
    assert len(crm("activity", "list", "D-1", "--json").json["activities"]) == 2


def test_several_activities_are_put_off_as_one_step(crm: Crm) -> None:
    numbers = [crm("activity", "add", "D-1", text, "--at", "2026-12-18T09:30").out.strip() for text in ("a", "b")]
    assert crm("activity", "move", *numbers, "2026-12-24T10:00", "--json").code == 0
    assert crm("activity", "move", numbers[0], "99999", "2027-01-01").code == 3
    times = [one["at"][:10] for one in crm("activity", "list", "D-1", "--json").json["activities"]]
    assert times == ["2026-12-24"] * 2
    assert crm("undo").code == 0
    times = [one["at"][:10] for one in crm("activity", "list", "D-1", "--json").json["activities"]]
    assert times == ["2026-12-18"] * 2


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("edit", "99999", "x"), 3, "There is no activity 99999"),
        (("move", "99999", "+1d"), 3, "There is no activity 99999"),
        (("delete", "99999"), 3, "There is no activity 99999"),
        (("note", "99999", "x"), 3, "There is no activity 99999"),
        (("edit", "99999"), 3, "There is no activity 99999"),
        (("edit", "99999", "--kind", "letter"), 3, "There is no activity 99999"),
        (("move", "99999"), 2, "Give the activity and the new time"),
        (("move", "one", "+1d"), 2, "whole number"),
        (("done", "x"), 2, "whole number"),
    ],
)
def test_what_is_wrong_with_an_activity_is_told(crm: Crm, arguments: tuple[str, ...], code: int, told: str) -> None:
    ran = crm("activity", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
