"""`tuicrm filter`, and `--where @name`."""

from __future__ import annotations

from tests.cli.conftest import Crm


def test_kept_listed_used_deleted(crm: Crm) -> None:
    assert crm("filter", "save", "deal", "Big ones", "amount > 20000").out == "@Big ones\n"
    assert crm("deal", "list", "--where", "@big ones", "--json").json["total"] == 1
    [one] = crm("filter", "list", "deal", "--json").json["filters"]
    assert (one["name"], one["text"], one["shared"], one["wrong"]) == ("Big ones", "amount > 20000", False, "")
    assert crm("filter", "delete", "deal", "big ones").code == 0
    assert crm("deal", "list", "--where", "@big ones").code == 2


def test_shared_ones(crm: Crm) -> None:
    assert crm("filter", "save", "deal", "Ours", "amount > 1", "--shared", "--as", "luca").code == 5
    assert crm("filter", "save", "deal", "Ours", "amount > 1", "--shared").code == 0
    assert "Ours" in crm("filter", "list", "deal", "--as", "luca").out
    assert crm("filter", "delete", "deal", "Ours", "--as", "luca").code == 5
    assert crm("board", "deal", "--where", "@ours").code == 0
    assert crm("export", "deal", "--where", "@ours").code == 0


def test_mistakes(crm: Crm) -> None:
    assert crm("filter", "save", "deal", "x", "nowhere > 1").code == 2
    assert crm("filter", "save", "deal", "", "amount > 1").code == 4
    assert crm("filter", "delete", "deal", "nothing").code == 3
