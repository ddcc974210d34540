"""List, show, add, edit, move, delete, from the outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Crm


def test_a_list_is_a_table_for_people(crm: Crm) -> None:
    ran = crm("deal", "list", "--sort", "-amount", "--columns", "title,amount")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].split() == ["Ref", "Title", "Amount"]
    assert [line.split()[0] for line in lines[2:]] == ["D-2", "D-1", "D-3"]
    assert "38,000.00" in lines[2]
    assert ran.err == "3 items\n"


def test_a_list_is_an_envelope_for_programs(crm: Crm) -> None:
    ran = crm("deal", "list", "--where", "amount > 20000", "--json", "--columns", "title,amount,currency")
    assert ran.json == {
        "schema": 1,
        "status": "ok",
        "items": [
            {
                "ref": "D-2",
                "type": "deal",
                "id": 2,
                "rev": ran.json["items"][0]["rev"],
                "fields": {
                    "title": "ERP connector",
                    "amount": {"amount": "38000.00", "currency": "EUR"},
                    "currency": "EUR",
                },
            }
        ],
        "total": 1,
    }
    assert ran.err == ""


def test_a_limit_says_how_many_there_are(crm: Crm) -> None:
    ran = crm("deal", "list", "--limit", "1")
    assert ran.err == "1 of 3 items\n"
    assert crm("deal", "list", "--limit", "1", "--json").json["total"] == 3


def test_a_card_is_shown_as_on_screen(crm: Crm) -> None:
    ran = crm("deal", "show", "D-2")
    assert ran.code == 0
    for text in ("D-2", "ERP connector", "Ferrari Legnami", "38,000.00", "Created"):
        assert text in ran.out


def test_adding_prints_the_ref(crm: Crm) -> None:
    ran = crm("deal", "add", "title=Solar roof", "amount=38000", "company=Rossi Srl", "responsible=luca")
    assert (ran.code, ran.out) == (0, "D-4\n")
    fields = crm("deal", "show", "4", "--json").fields
    assert (fields["title"], fields["company"], fields["responsible"]) == ("Solar roof", "company:1", "luca")
    assert fields["amount"] == {"amount": "38000.00", "currency": "EUR"}


def test_labels_of_any_language_are_fields(crm: Crm) -> None:
    assert crm("deal", "edit", "D-1", "Importo=100 EUR").code == 0
    assert crm("deal", "show", "D-1", "--json").fields["amount"]["amount"] == "100.00"


def test_a_value_can_come_from_stdin_and_be_emptied(crm: Crm) -> None:
    assert crm("deal", "edit", "D-1", "comment=-", stdin="two\nlines").code == 0
    assert crm("deal", "show", "D-1", "--json").fields["comment"] == "two\nlines"
    assert crm("deal", "edit", "D-1", "comment=-", stdin="as echo writes it\n").code == 0
    assert crm("deal", "show", "D-1", "--json").fields["comment"] == "as echo writes it"
    assert crm("deal", "edit", "D-1", "comment=").code == 0
    assert "comment" not in crm("deal", "show", "D-1", "--json").fields


def test_a_bare_amount_stays_in_the_currency_of_the_item(crm: Crm) -> None:
    assert crm("deal", "edit", "D-1", "amount=500 USD").code == 0
    assert crm("deal", "edit", "D-1", "amount=700").code == 0
    assert crm("deal", "show", "D-1", "--json").fields["amount"] == {"amount": "700.00", "currency": "USD"}


def test_a_field_named_twice_under_two_names_is_refused(crm: Crm) -> None:
    ran = crm("deal", "edit", "D-1", "title=a", "Titolo=b", "--json")
    assert (ran.code, ran.json["error"]["fields"][0]["field"]) == (4, "title")
    assert crm("deal", "show", "D-1", "--json").fields["title"] == "Website redesign"


def test_what_is_refused_lists_all_fields(crm: Crm) -> None:
    ran = crm("deal", "add", "title=x", "amount=lots", "close_date=someday", "--json")
    assert ran.code == 4
    error = ran.json["error"]
    assert ran.json["status"] == "error"
    assert error["code"] == "refused"
    assert {problem["field"] for problem in error["fields"]} == {"amount", "close_date"}
    told = crm("deal", "add", "title=x", "amount=lots")
    assert (told.code, told.out) == (4, "")
    assert "amount" in told.err


def test_an_expected_revision_guards_an_edit(crm: Crm) -> None:
    rev = crm("deal", "show", "D-1", "--json").json["items"][0]["rev"]
    assert crm("deal", "edit", "D-1", "title=A", "--expect", str(rev)).code == 0
    ran = crm("deal", "edit", "D-1", "title=B", "--expect", str(rev), "--json")
    assert (ran.code, ran.json["error"]["code"]) == (6, "conflict")


def test_moving_by_label_and_what_a_stage_needs(crm: Crm) -> None:
    assert crm("deal", "move", "D-1", "Document preparation").out == "D-1\n"
    assert crm("deal", "show", "D-1", "--json").fields["stage"] == "preparation"
    ran = crm("deal", "move", "D-1", "Nowhere")
    assert ran.code == 4
    assert "Document preparation" in ran.err


def test_several_move_together_and_undo_as_one(crm: Crm) -> None:
    assert crm("deal", "move", "D-1", "D-2", "D-3", "preparation").out.split() == ["D-1", "D-2", "D-3"]
    assert crm("undo").code == 0
    stages = {item["fields"]["stage"] for item in crm("deal", "list", "--json").json["items"]}
    assert stages == {"new"}


def test_a_dry_run_tells_and_changes_nothing(crm: Crm) -> None:
    for arguments in (("delete", "D-1", "D-2"), ("move", "D-1", "D-2", "preparation"), ("move", "D-1", "won")):
        ran = crm("deal", *arguments, "--dry-run")
        assert ran.code == 0
        assert ran.out.split()[0] == "D-1"
        assert "--dry-run" in ran.err
    stages = [item["fields"]["stage"] for item in crm("deal", "list", "--json").json["items"]]
    assert stages == ["new", "new", "new"]


def test_of_several_those_that_can_move_and_the_others_are_told(crm: Crm) -> None:
    assert crm("field", "edit", "deal", "amount", "required=Document preparation", "--pipeline", "general").code == 0
    ran = crm("deal", "move", "D-1", "D-3", "D-2", "preparation", "--dry-run")
    assert (ran.code, ran.out.split()) == (4, ["D-1", "D-2"])
    assert crm("deal", "show", "D-1", "--json").fields["stage"] == "new"
    ran = crm("deal", "move", "D-1", "D-3", "D-2", "preparation")
    assert (ran.code, ran.out.split()) == (4, ["D-1", "D-2"])
    assert "D-3 Annual support: requires Amount" in ran.err
    assert crm("undo").code == 0
    ran = crm("deal", "move", "D-1", "D-3", "preparation", "--json")
    assert (ran.code, ran.json["status"], ran.json["error"]["code"]) == (4, "error", "required")
    assert [item["ref"] for item in ran.json["items"]] == ["D-1"]
    assert ran.json["stayed"] == [{"ref": "D-3", "lacks": ["amount"], "reason": ""}]
    assert crm("undo").code == 0
    ran = crm("deal", "move", "D-1", "D-2", "preparation", "--as", "luca")
    assert (ran.code, ran.out.split()) == (5, ["D-2"])
    assert "D-1" in ran.err
    again = crm("deal", "move", "D-2", "D-2", "preparation")
    assert (again.code, again.out, again.err.count("already")) == (0, "", 2)
    assert crm("deal", "move", "D-1", "D-99", "preparation").code == 3


def test_deleting_and_undoing(crm: Crm) -> None:
    assert crm("deal", "delete", "D-1", "D-2").code == 0
    assert crm("deal", "show", "D-1").code == 3
    ran = crm("undo", "--json")
    assert ran.json["done"][0]["refs"] == ["D-1", "D-2"]
    assert crm("deal", "show", "D-1").code == 0
    assert crm("redo").code == 0
    assert crm("deal", "show", "D-1").code == 3


def test_undo_of_several_says_when_there_is_no_more(crm: Crm) -> None:
    ran = crm("undo", "100")
    assert ran.code == 0
    assert "no more" in ran.err
    assert crm("undo").code == 3


@pytest.mark.parametrize("ref", ["D-99", "X-1", "deal", "C-1", "-5", "D-99999999999999999999"])
def test_what_is_not_there_is_not_found(crm: Crm, ref: str) -> None:
    assert crm("deal", "show", ref).code == 3


def test_a_noun_may_be_said_in_any_shipped_language(crm: Crm) -> None:
    assert crm("affari", "list", "--json").json["total"] == 3
    assert crm("Deals", "list", "--json").json["total"] == 3


def test_an_item_type_of_ones_own_is_a_noun(crm: Crm) -> None:
    assert crm("type", "add", "Delivery", "plural=Deliveries", "prefix=DEL").out == "delivery\n"
    assert crm("delivery", "add", "title=First").out == "DEL-1\n"
    assert crm("deliveries", "list", "--json").json["items"][0]["type"] == "delivery"
    assert crm("delivery", "show", "DEL-1").code == 0
    assert "delivery" in crm("--help").out
    assert "delivery" in crm("deliver").err


def test_phones_without_a_prefix_lie_in_the_country_of_the_settings(crm: Crm, tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text('country = "DE"\n')
    added = crm("contact", "add", "first_name=Ute", "phone=030 1234567", "--json", env={"TUICRM_CONFIG": str(settings)})
    assert added.fields["phone"][0]["value"] == "+49301234567"
    assert crm("contact", "add", "first_name=Ada", "phone=02 5555 0142", "--json").fields["phone"][0]["value"] == (
        "+390255550142"
    )


def test_a_slip_in_a_currency_is_refused_and_one_of_ones_own_is_one(crm: Crm) -> None:
    slip = crm("deal", "edit", "D-1", "amount=5 ERU")
    assert slip.code == 4
    assert "there is no currency ERU" in slip.err
    assert crm("deal", "edit", "D-1", "currency=ERU").code == 4
    assert crm("deal", "edit", "D-1", "currency=usd").code == 0
    assert crm("deal", "show", "D-1", "--json").fields["amount"] == {"amount": "12500.00", "currency": "USD"}
    assert crm("currency", "set", "BTC", "60000").code == 0
    assert crm("deal", "edit", "D-1", "amount=2 BTC").code == 0


def test_a_currency_belongs_to_its_amount_in_any_order(crm: Crm) -> None:
    for texts in (("amount=5", "currency=USD"), ("currency=USD", "amount=5")):
        added = crm("deal", "add", "title=New", *texts, "--json")
        assert added.fields["amount"] == {"amount": "5.00", "currency": "USD"}
    alone = crm("deal", "add", "title=New", "currency=USD")
    assert alone.code == 4
    assert "Currency: it is part of Amount, which is empty" in alone.err


def test_a_board_by_dates(crm: Crm) -> None:
    assert crm("deal", "edit", "D-1", "close_date=2020-01-01").code == 0
    ran = crm("board", "deal", "--view", "deadlines", "--json")
    assert [column["column"] for column in ran.json["columns"]] == [
        "overdue",
        "today",
        "this_week",
        "next_week",
        "later",
    ]
    assert "D-1" in ran.json["columns"][0]["refs"]
    assert "Overdue" in crm("board", "deal", "--view", "deadlines").out
    assert crm("board", "deal", "--view", "activities", "--json").json["columns"][-1]["column"] == "none"
    assert crm("board", "contact", "--view", "deadlines").code == 3
    assert crm("board", "deal", "--view", "calendar").code == 2


def test_a_client_is_shown_with_what_is_theirs(crm: Crm) -> None:
    shown = crm("company", "show", "CO-1", "--json").json["items"][0]
    assert shown["sales"]["deal"]["open"]["sum"] == {"amount": "12500.00", "currency": "EUR"}
    assert "Deals  open: 1 · € 12,500" in crm("company", "show", "CO-1").out
    assert "sales" not in crm("deal", "show", "D-1", "--json").json["items"][0]


def test_a_lead_from_somebody_who_is_known_says_so_with_the_command_that_takes_the_client(crm: Crm) -> None:
    assert crm("contact", "add", "last_name=Neri", "phone=+390255550142").code == 0
    ran = crm("lead", "add", "title=Once more", "phone=+390255550142")
    ref = ran.out.strip()
    assert f"{ref}: Repeat lead; known: C-2 Neri" in ran.err
    assert f"`tuicrm lead edit {ref} contacts=C-2` takes it as the client." in ran.err
    assert crm("lead", "edit", ref, "contacts=C-2").code == 0
    assert "known" not in crm("lead", "edit", ref, "title=x").err
