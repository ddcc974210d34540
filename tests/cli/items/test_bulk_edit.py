"""`deal edit` and `deal delete` of several, and of all that match a filter."""

from __future__ import annotations

from tests.cli.conftest import Crm


def test_all_that_match_are_changed_as_one(process: Crm) -> None:
    ran = process("deal", "edit", "--where", "amount > 0", "comment=checked", "--json")
    assert ran.code == 0, ran.err
    assert [one["ref"] for one in ran.json["items"]] == ["D-1", "D-2"]
    assert (ran.json["unchanged"], ran.json["stayed"]) == (0, [])
    assert process("undo").code == 0
    assert process("deal", "list", "--where", "comment is empty", "--json").json["total"] == 3


def test_a_dry_run_shows_examples(crm: Crm) -> None:
    ran = crm("deal", "edit", "D-1", "D-3", "amount=700", "--dry-run")
    assert ran.code == 0
    assert "D-1 Website redesign: Amount: € 12,500.00 → € 700.00" in ran.err
    assert "D-3 Annual support: Amount: — → € 700.00" in ran.err
    assert "2 change" in ran.err
    assert crm("deal", "list", "--where", "amount = 700", "--json").json["total"] == 0


def test_those_that_are_so_already_are_counted(crm: Crm) -> None:
    ran = crm("deal", "edit", "--where", "created > 2000-01-01", "responsible=luca")
    assert (ran.code, ran.out.split()) == (0, ["D-1", "D-3"])
    assert "1 is unchanged" in ran.err


def test_those_that_may_not_be_changed_stay(crm: Crm) -> None:
    ran = crm("deal", "edit", "--where", "created > 2000-01-01", "comment=x", "--as", "luca", "--json")
    assert ran.code == 5
    assert [one["ref"] for one in ran.json["items"]] == ["D-2"]
    assert [one["ref"] for one in ran.json["stayed"]] == ["D-1", "D-3"]


def test_wrong_usage(crm: Crm) -> None:
    for words in (
        ("comment=x",),
        ("D-1", "--where", "created > 2000-01-01", "comment=x"),
        ("D-1",),
        ("--where", "idd > 0", "comment=x"),
    ):
        assert crm("deal", "edit", *words).code == 2, words
    assert crm("deal", "edit", "D-1", "D-2", "comment=x", "--expect", "1").code == 2
    assert crm("deal", "edit", "D-1", "D-99", "comment=x").code == 3
    assert crm("deal", "edit", "--where", "created < 2000-01-01", "comment=x").code == 0


def test_all_that_match_are_deleted_as_one(crm: Crm) -> None:
    assert crm("deal", "delete", "--where", "amount > 0", "--dry-run").out.split() == ["D-1", "D-2"]
    assert crm("deal", "delete", "--where", "amount > 0").code == 0
    assert crm("deal", "list", "--json").json["total"] == 1
    assert crm("undo").code == 0
    assert crm("deal", "list", "--json").json["total"] == 3
    assert crm("deal", "delete").code == 2
