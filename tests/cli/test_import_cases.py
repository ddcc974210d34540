"""Files that once came in wrong, each with its right values; and files that came in right and must go on so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Crm
from tests.command import Ran

UTC = {"TZ": "UTC", "LC_ALL": "C.UTF-8"}


def took(crm: Crm, data: Path, content: str | bytes, *arguments: str, name: str = "case.csv") -> Ran:
    """Import one file."""
    path = data.parent / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return crm("import", str(path), *arguments, env=UTC)


def fields(crm: Crm, type_key: str, title: str, named: str = "title") -> dict[str, Any]:
    """What the one item of this name holds."""
    found = [one["fields"] for one in crm(type_key, "list", "--json", "--limit", "0").json["items"]]
    (item,) = [one for one in found if one.get(named) == title]
    return dict(item)


def whole(crm: Crm, type_key: str, title: str, named: str = "title") -> dict[str, Any]:
    """All fields of the one item of this name."""
    found = crm(type_key, "list", "--json", "--limit", "0").json["items"]
    (ref,) = [one["ref"] for one in found if one["fields"].get(named) == title]
    return dict(crm(type_key, "show", ref, "--json").fields)


def reached(values: dict[str, Any], field: str) -> list[str]:
    return [one["value"] for one in values[field]]


# -- encodings ---------------------------------------------------------------------------------------------------------
CYRILLIC = "Название;Сумма;Компания\r\nПоставка станков;1500,50;Ромашка\r\nРемонт кровли;2300,00;Василёк\r\n"


def test_windows_1251_is_read_as_such(crm: Crm, data: Path) -> None:
    crm("company", "add", "title=Ромашка")
    ran = took(crm, data, CYRILLIC.encode("cp1251"), "--type", "deal")
    assert ran.code == 0
    assert "not UTF-8: read as Windows-1251" in ran.out
    deal = whole(crm, "deal", "Поставка станков")
    assert deal["amount"] == {"amount": "1500.50", "currency": "EUR"}
    assert deal["company"] == "company:3"


def test_fields_are_named_as_the_columns_are(crm: Crm, data: Path) -> None:
    table = "Название;Цвет;Вес\nСтанок зелёный;зелёный;7\nСтанок красный;красный;8\n"
    ran = took(crm, data, table.encode("cp1251"), "--type", "deal", "--create-fields")
    assert ran.code == 0
    assert {"Цвет", "Вес"} <= {one["label"] for one in crm("field", "list", "deal", "--json").json["fields"]}


def test_an_encoding_that_is_told_holds(crm: Crm, data: Path) -> None:
    content = "title\nТверь\n".encode("mac_cyrillic")
    unsure = took(crm, data, content, "--type", "deal", "--dry-run")
    assert "but this is a guess: line 2 reads" in unsure.out.replace("\n", " ").replace("      ", "")
    ran = took(crm, data, content, "--type", "deal", "--encoding", "Mac Cyrillic")
    assert ran.code == 0
    assert fields(crm, "deal", "Тверь")
    wrong = took(crm, data, content, "--type", "deal", "--encoding", "klingon")
    assert (wrong.code, "klingon" in wrong.err, "windows-1251" in wrong.err) == (2, True, True)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_wide_encodings(crm: Crm, data: Path, encoding: str) -> None:
    ran = took(crm, data, CYRILLIC.encode(encoding), "--type", "deal")
    assert ran.code == 0
    assert fields(crm, "deal", "Ремонт кровли")["amount"]["amount"] == "2300.00"


# -- headers and families of columns -----------------------------------------------------------------------------------
def test_a_quoted_sep_line(crm: Crm, data: Path) -> None:
    ran = took(crm, data, '"sep=;"\r\ntitle;amount\r\nEins;12\r\n', "--type", "deal")
    assert ran.code == 0
    assert fields(crm, "deal", "Eins")["amount"] == {"amount": "12.00", "currency": "EUR"}


def test_numbered_families_with_lists(crm: Crm, data: Path) -> None:
    table = (
        "First name,Last name,Phone 1 - Value,Phone 2 - Value,E-mail 1 - Value,E-mail 2 - Value\n"
        "Ada,Uno,+390612345,+390612346 ::: +390612347,a@example.com,b@example.com ::: c@example.com\n"
    )
    assert took(crm, data, table, "--type", "contact").code == 0
    ada = whole(crm, "contact", "Uno", "last_name")
    assert reached(ada, "phone") == ["+390612345", "+390612346", "+390612347"]
    assert reached(ada, "email") == ["a@example.com", "b@example.com", "c@example.com"]


def test_a_repeated_header(crm: Crm, data: Path) -> None:
    table = "First name,Last name,Phone,Phone\nAda,Uno,+390612345,+390612346\n"
    assert took(crm, data, table, "--type", "contact", "--create-fields").code == 0
    assert reached(whole(crm, "contact", "Uno", "last_name"), "phone") == ["+390612345", "+390612346"]


# -- families of programs ----------------------------------------------------------------------------------------------
OPPORTUNITIES = (
    "Opportunity ID,NAME,STAGENAME,AMOUNT,CLOSEDATE,ISWON,ISCLOSED\n"
    "006A000001AAAAA,Alfa roof,Closed Won,500000.0,2025-11-09,true,true\n"
    "006A000001AAAAB,Beta wall,Closed Lost,1.2E7,2025-12-12,false,true\n"
    "006A000001AAAAC,Gamma door,Negotiation/Review,140000.0,2026-12-30,false,false\n"
)


def test_salesforce_opportunities(crm: Crm, data: Path) -> None:
    ran = took(crm, data, OPPORTUNITIES, "--type", "deal")
    assert "Salesforce opportunities" in ran.out
    alfa, beta, gamma = (whole(crm, "deal", title) for title in ("Alfa roof", "Beta wall", "Gamma door"))
    assert [one["stage"] for one in (alfa, beta, gamma)] == ["won", "lost", "new"]
    assert [one["close_date"] for one in (alfa, beta, gamma)] == ["2025-11-09", "2025-12-12", "2026-12-30"]
    assert beta["amount"] == {"amount": "12000000.00", "currency": "EUR"}
    assert "Closed Won → “Deal won”, which means the same" in ran.out
    assert "Negotiation/Review → “New” instead" in ran.out


def test_a_second_file_with_one_amount_changed_makes_nothing_new(crm: Crm, data: Path) -> None:
    took(crm, data, OPPORTUNITIES)
    again = took(crm, data, OPPORTUNITIES.replace("140000.0", "150000.0"), name="next.csv")
    assert "3 imported before · 1 of them changed since" in again.out
    assert "0 items created" in again.out
    # The Data Loader has three more characters of the same ids.
    loader = OPPORTUNITIES.replace("Opportunity ID", "ID").replace("AAAAC", "AAAACIA5")
    assert "3 imported before" in took(crm, data, loader, name="loader.csv").out


@pytest.mark.parametrize("told", [[], ["--type", "contact"]])
def test_companies_and_their_people_in_one_list(crm: Crm, data: Path, told: list[str]) -> None:
    table = "Name,Is a company,Related company,City\nAlfa Shelves,1,,Modena\nRita Neri,0,Alfa Shelves,Modena\n"
    ran = took(crm, data, table, *told)
    assert (ran.code, "Odoo partners" in ran.out) == (0, True)
    assert whole(crm, "company", "Alfa Shelves")["address"]["city"] == "Modena"
    assert whole(crm, "contact", "Neri", "last_name")["company"] == "company:3"


# -- what comes of it, beforehand --------------------------------------------------------------------------------------
def test_a_dry_run_shows_rows_as_they_would_become(crm: Crm, data: Path) -> None:
    ran = took(crm, data, OPPORTUNITIES, "--dry-run")
    assert "The first 3 rows would become:" in ran.out
    (row,) = [line for line in ran.out.splitlines() if line.split()[:3] == ["2", "Alfa", "roof"]]
    assert "Deal won" in row
    assert "€ 500,000.00" in row
    assert "9 Nov 2025" in row
    shown = took(crm, data, OPPORTUNITIES, "--dry-run", "--json").json["report"]["files"][0]["tables"][0]
    assert shown["labels"]["close_date"] == "Expected close"
    first = shown["previews"][0]
    assert (first["line"], first["fate"], first["fields"]["stage"], first["shown"]["stage"]) == (
        2, "made", "won", "Deal won",
    )  # fmt: skip
    assert not took(crm, data, OPPORTUNITIES, "--json").json["report"]["files"][0]["tables"][0]["previews"]


def test_a_field_is_made_only_if_a_row_that_has_it_comes_in(crm: Crm, data: Path) -> None:
    table = "title,amount,Shoe size,Hat\nA,lots,42,x\nB,10,,y\n"
    ran = took(crm, data, table, "--type", "deal", "--create-fields", "--rejects", str(data.parent))
    assert "1 × field, created: as string: Hat" in ran.out
    assert "no row that has it was imported: Shoe size" in ran.out
    labels = {one["label"] for one in crm("field", "list", "deal", "--json").json["fields"]}
    assert "Hat" in labels
    assert "Shoe size" not in labels


# -- controls ----------------------------------------------------------------------------------------------------------
def test_headers_with_a_separator_behind_them(crm: Crm, data: Path) -> None:
    ran = took(crm, data, "title,amount,phone,phone,\nDeal one,10,,,\nDeal two,20,,,\n", "--type", "deal")
    assert (ran.code, "2 items created" in ran.out) == (0, True)
    assert fields(crm, "deal", "Deal two")["amount"]["amount"] == "20.00"


def test_a_sep_line_with_a_tab(crm: Crm, data: Path) -> None:
    took(crm, data, "sep=\t\r\ntitle\tamount\r\nEins\t12\r\n", "--type", "deal")
    assert fields(crm, "deal", "Eins")["amount"]["amount"] == "12.00"


def test_quotes_and_line_ends_in_cells(crm: Crm, data: Path) -> None:
    table = 'title,comment,amount\n"Roof, north ""A""","line one\r\nline two\n\nline four",12\n"5"" pipe",ok,13\n'
    assert took(crm, data, table, "--type", "deal").code == 0
    roof = whole(crm, "deal", 'Roof, north "A"')
    assert roof["comment"].splitlines() == ["line one", "line two", "", "line four"]
    assert fields(crm, "deal", '5" pipe')["amount"]["amount"] == "13.00"


def test_signs_in_headers(crm: Crm, data: Path) -> None:
    took(crm, data, "💰 Amount,📅 Close date,🏷 Title\n12.50,2026-12-18,Zwölf\n", "--type", "deal")
    zwoelf = whole(crm, "deal", "Zwölf")
    assert (zwoelf["amount"]["amount"], zwoelf["close_date"]) == ("12.50", "2026-12-18")


def test_clients_by_name(crm: Crm, data: Path) -> None:
    table = "Title,Amount,Company,Contact\nRoof,100,Rossi Srl,Maria Rossi\nDoor,100,Unknown Spa,Nobody Here\n"
    ran = took(crm, data, table, "--type", "deal")
    roof = whole(crm, "deal", "Roof")
    assert (roof["company"], roof["contacts"]) == ("company:1", ["contact:1"])
    assert not whole(crm, "deal", "Door").get("company")
    assert "Unknown Spa → left empty" in ran.out


def test_rows_of_another_width(crm: Crm, data: Path) -> None:
    ran = took(crm, data, "title,amount\nA,1\nB,2,\nC,3,,\nD\nE,5,extra\n", "--type", "deal")
    assert "3 items created" in ran.out
    assert "2 rejected" in ran.out
