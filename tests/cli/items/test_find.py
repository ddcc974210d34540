"""`tuicrm find`."""

from __future__ import annotations

from tests.cli.conftest import Crm


def test_it_groups_by_type_and_tells_what_matched(crm: Crm) -> None:
    ran = crm("find", "rossi")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "Contacts 1",
        "C-1  Maria Rossi  Rossi Srl · Anna Bianchi",
        "Companies 1",
        "CO-1  Rossi Srl  Anna Bianchi",
        "Deals 1",
        "D-1  Website redesign  Company: Rossi Srl",
    ]
    assert ran.err == "3 found\n"
    assert crm("find", "zzz").err == "Nothing found.\n"


def test_json_of_some_types(crm: Crm) -> None:
    crm("comment", "D-2", "A blue printer, and more")
    ran = crm("find", "print", "blue", "--type", "deal", "--json")
    assert ran.json == {
        "schema": 1,
        "status": "ok",
        "found": [
            {
                "ref": "D-2",
                "type": "deal",
                "id": 2,
                "title": "ERP connector",
                "in": "timeline",
                "text": "A blue printer, and more",
                "near": False,
            }
        ],
        "total": 1,
        "more": False,
    }
    assert crm("find", "print", "--type", "company", "--type", "Contacts", "--json").json["total"] == 0


def test_what_cannot_be_asked_is_refused(crm: Crm) -> None:
    assert crm("find").code == 2
    assert crm("find", " ").code == 2
    assert crm("find", "x", "--type", "nosuch").code in (2, 3, 4)
    assert crm("find", "-5%").code == 0


def test_processes_find_what_the_last_one_wrote(process: Crm) -> None:
    assert process("find", "annual").out.splitlines()[1].startswith("D-3  Annual support")
    process("deal", "edit", "D-3", "title=Perennial")
    assert process("find", "annual").code == 0
    assert "D-3" not in process("find", "annual support").out
    assert "≈ D-3" in process("find", "perenial").out
