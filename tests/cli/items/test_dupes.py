"""`tuicrm dupes` and `tuicrm merge`, and what is said where something new looks like something that is there."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm


@pytest.fixture
def twice(crm: Crm) -> Crm:
    """C-2 is Maria Rossi once more."""
    crm("contact", "edit", "C-1", "phone=+39 041 5551234")
    crm("contact", "add", "first_name=Rossi", "last_name=Maria", "phone=041 5551234", "position=Buyer")
    return crm


def test_what_is_made_or_changed_tells_what_it_looks_like(crm: Crm) -> None:
    ran = crm("contact", "add", "first_name=Rossi", "last_name=Maria")
    assert (ran.code, ran.out, ran.err) == (0, "C-2\n", "Looks like C-1 Maria Rossi (name)\n")
    ran = crm("company", "add", "title=Ferrari legnami S.p.A.", "--json")
    assert ran.json["alike"] == [
        {"ref": "CO-2", "type": "company", "title": "Ferrari Legnami", "likelihood": 0.7, "reasons": ["company"]}
    ]
    assert crm("contact", "edit", "C-2", "position=Buyer").err == ""
    crm("contact", "edit", "C-2", "last_name=Verdi")
    assert "Looks like C-1" in crm("contact", "edit", "C-2", "last_name=Maria").err
    assert "alike" not in crm("deal", "add", "title=Website redesign", "--json").json


def test_groups_one_item_and_told_apart(twice: Crm) -> None:
    ran = twice("dupes")
    assert ran.out.splitlines() == [
        "Contacts 1",
        " 92%  phone, name",
        "      C-1  Maria Rossi",
        "      C-2  Rossi Maria",
    ]
    assert ran.err == "1 group of likely duplicates\n"
    assert twice("dupes", "contact", "--json").json["groups"] == [
        {
            "type": "contact",
            "likelihood": 0.92,
            "reasons": ["phone", "person"],
            "items": [{"ref": "C-1", "title": "Maria Rossi"}, {"ref": "C-2", "title": "Rossi Maria"}],
        }
    ]
    assert "C-2" in twice("dupes", "C-1").out
    assert twice("dupes", "C-1", "--json").json["alike"][0]["likelihood"] == 0.92
    assert twice("dupes", "--apart", "C-1", "C-2").code == 0
    assert twice("dupes").err == "No duplicates found.\n"
    twice("undo")
    assert twice("dupes", "--json").json["total"] == 1
    assert twice("dupes", "deal").code == 4
    assert twice("dupes", "D-1").code == 4
    assert twice("dupes", "nosuch").code == 3
    assert twice("dupes", "C-1", "C-2").code == 2
    assert twice("dupes", "--apart", "C-1").code == 4


def test_merge_tells_asks_does_and_is_undone(twice: Crm) -> None:
    def all_fields() -> list[object]:
        return [item["fields"] for item in twice("export", "contact", "--format", "json").json["items"]]

    before = all_fields()
    told = twice("merge", "C-1", "C-2", "--dry-run")
    assert "First name" in told.out
    assert "to choose" in told.out
    assert "Nothing was changed" in told.err
    ran = twice("merge", "C-1", "C-2")
    assert ran.code == 4
    assert "first_name: C-1 Maria · C-2 Rossi" in ran.err
    assert twice("contact", "list", "--json").json["total"] == 2
    ran = twice("merge", "C-1", "C-2", "--main", "--keep", "company=C-1", "--json")
    assert ran.code == 4, "there is nothing to choose in a field that one has"
    ran = twice("merge", "C-1", "C-2", "--keep", "last_name=C-2", "--main", "--json")
    assert ran.json["merged"] == ["C-2"]
    assert (ran.fields["first_name"], ran.fields["last_name"], ran.fields["position"]) == ("Maria", "Maria", "Buyer")
    assert "Merged into this item: C-2 Rossi Maria" in twice("timeline", "C-1").out
    assert twice("contact", "show", "C-2").code == 3
    twice("undo")
    assert all_fields() == before


def test_what_cannot_be_merged_is_refused(twice: Crm) -> None:
    assert twice("merge", "C-1").code == 2
    assert twice("merge", "C-1", "CO-1").code == 4
    assert twice("merge", "C-1", "C-99").code == 3
    assert twice("merge", "C-1", "C-2", "--keep", "first_name=CO-1").code == 3
    assert twice("merge", "C-1", "C-2", "--keep", "first_name").code == 2
    assert twice("merge", "C-1", "C-2", "--main", "--as", "luca").code == 5


def test_in_processes_of_their_own(process: Crm) -> None:
    assert "Looks like CO-1 Rossi Srl (company name)" in process("company", "add", "title=ROSSI").err
    assert process("dupes", "company").out.splitlines()[-1].strip() == "CO-3  ROSSI"
    assert process("merge", "CO-1", "CO-3", "--main").out == "CO-1\n"
    assert process("undo").code == 0
    assert process("company", "list", "--json").json["total"] == 3


def test_product_rows_come_together_and_the_amount_follows_them(crm: Crm) -> None:
    crm("deal", "edit", "D-1", "title=Shed", "products=2 x Work @ 80 EUR", "amount=")
    crm("deal", "edit", "D-2", "title=Shed", "products=Nails @ 10 EUR", "amount=")
    looked = crm("merge", "D-1", "D-2", "--main", "--dry-run")
    assert "calculated from the products" in looked.out
    assert "Amount: € 170.00" in looked.err
    plain = {row["field"]: row for row in crm("merge", "D-1", "D-2", "--main", "--dry-run", "--json").json["fields"]}
    assert plain["amount"]["result"] == {"amount": "170.00", "currency": "EUR"}
    assert [row["name"] for row in plain["products"]["result"]] == ["Work", "Nails"]
    crm("merge", "D-1", "D-2", "--main", "--keep", "products=D-2")
    assert crm("deal", "show", "D-1", "--json").json["items"][0]["fields"]["amount"]["amount"] == "10.00"
    crm("undo")
    crm("merge", "D-1", "D-2", "--main")
    assert crm("deal", "show", "D-1", "--json").json["items"][0]["fields"]["amount"]["amount"] == "170.00"
