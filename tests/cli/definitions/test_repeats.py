"""`tuicrm repeats`: whether repeat leads and deals are marked, and whose never are."""

from __future__ import annotations

from tests.cli.conftest import Crm


def test_switched_off_and_on_again(crm: Crm) -> None:
    assert crm("repeats", "show").out == "Repeat leads and deals are marked.\n"
    assert crm("repeats", "off").out == "Repeat leads and deals are not marked.\n"
    assert not crm("lead", "add", "title=Ask", "company=CO-1", "--json").fields.get("repeat")
    assert crm("undo", "2").code == 0
    assert crm("repeats", "show", "--json").json["repeats"] == {"on": True, "excluded": []}
    assert crm("lead", "add", "title=Ask", "company=CO-1", "--json").fields["repeat"] is True


def test_clients_are_left_out_and_taken_in_again(crm: Crm) -> None:
    assert crm("repeats", "exclude", "CO-1", "C-1", "--json").json["repeats"]["excluded"] == ["CO-1", "C-1"]
    assert "Excluded: CO-1 Rossi Srl" in crm("repeats", "show").out
    assert not crm("lead", "add", "title=Ask", "company=CO-1", "--json").fields.get("repeat")
    assert crm("repeats", "include", "CO-1", "--json").json["repeats"]["excluded"] == ["C-1"]
    assert crm("lead", "add", "title=Ask", "company=CO-1", "--json").fields["repeat"] is True
    ran = crm("repeats", "exclude", "D-1")
    assert (ran.code, "contacts and companies" in ran.err) == (4, True)
    assert crm("repeats", "off", "--as", "luca").code == 5
