"""`tuicrm deal history` and `restore` from the outside."""

from __future__ import annotations

from tests.cli.conftest import Crm


def test_history_tells_who_what_from_and_to(crm: Crm) -> None:
    crm("deal", "edit", "D-2", "title=ERP", "amount=50000 EUR")
    crm("deal", "move", "D-2", "preparation", "--as", "luca")
    lines = [" ".join(line.split()) for line in crm("deal", "history", "D-2").out.splitlines()]
    assert lines[0].endswith("Luca Riva")
    assert lines[1] == "Stage: New → Document preparation"
    assert lines[3:5] == ["Title: ERP connector → ERP", "Amount: € 38,000.00 → € 50,000.00"]
    assert len(crm("deal", "history", "D-2", "--by", "luca").out.splitlines()) == 2
    told = crm("deal", "history", "D-2", "--field", "Amount", "--json").json
    assert [step["fields"][0]["to_text"] for step in told["history"]] == ["€ 50,000.00", "€ 38,000.00"]
    assert told["history"][0]["fields"][0]["from"] == {"amount": "38000.00", "currency": "EUR"}


def test_the_card_as_it_was_and_back(crm: Crm) -> None:
    crm("deal", "edit", "D-2", "title=ERP", "amount=50000 EUR")
    seq = str(crm("deal", "history", "D-2", "--json").json["history"][-1]["seq"])
    ran = crm("deal", "history", "D-2", "--at", seq)
    assert "ERP connector" in ran.out
    assert "As it was from" in ran.err
    assert crm("deal", "history", "D-2", "--at", "2020-01-01").code == 3
    assert crm("deal", "restore", "D-2", "amount", "--at", seq, "--dry-run").code == 0
    assert crm("deal", "restore", "D-2", "Amount", "--at", seq).out == "D-2\n"
    fields = crm("deal", "show", "D-2", "--json").fields
    assert (fields["title"], fields["amount"]["amount"]) == ("ERP", "38000.00")
    assert crm("deal", "restore", "D-2", "--at", seq, "--json").json["fields"] == ["title"]
    assert crm("undo").code == 0
    assert crm("deal", "show", "D-2", "--json").fields["title"] == "ERP"


def test_a_deleted_one_is_told_and_comes_back(crm: Crm) -> None:
    crm("deal", "delete", "D-2")
    assert "D-2 ERP connector" in crm("log").out
    assert crm("deal", "history", "D-2").out.splitlines()[0].endswith("deleted")
    assert crm("deal", "restore", "D-2").code == 0
    assert crm("deal", "show", "D-2", "--json").fields["title"] == "ERP connector"


def test_what_is_refused(crm: Crm) -> None:
    seq = str(crm("deal", "history", "D-2", "--json").json["history"][-1]["seq"])
    for words, code in (
        (("history", "D-99"), 3),
        (("history", "D-2", "--field", "nothing"), 3),
        (("history", "D-2", "--at", "soon"), 2),
        (("restore", "D-2"), 4),
        (("restore", "D-2", "--at", seq), 4),
        (("restore", "D-2", "created", "--at", seq), 4),
        (("restore", "D-2", "nothing", "--at", seq), 3),
    ):
        assert crm("deal", *words).code == code, words
    crm("deal", "edit", "D-1", "title=Other")
    assert crm("deal", "restore", "D-1", "title", "--at", seq, "--as", "luca").code in (3, 5)
