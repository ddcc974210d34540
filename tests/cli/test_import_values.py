"""Files of other programs through `tuicrm import`: the right value, or a word about it; never a wrong value
without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.conftest import Crm
from tests.command import Ran


class Case(NamedTuple):
    """A file of one type, the values that come of it by the item's name, and what the report says."""

    name: str
    type: str
    text: str
    field: str
    values: dict[str, Any]
    told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    env: dict[str, str] = {}  # noqa: RUF012 - of a NamedTuple


def money(amount: str, currency: str = "EUR") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


ITALIAN = {"LC_ALL": "it_IT.UTF-8"}
AMERICAN = {"LC_ALL": "en_US.UTF-8"}
ROME = {"TZ": "Europe/Rome"}
CASES = [
    Case(
        "a column that shows both orders",
        "deal",
        "title,amount,close_date\nAlfa,100,25/04/2026\nBeta,200,03/04/2026\nGamma,300,04/28/2026\n",
        "close_date",
        {"Alfa": "2026-04-25", "Gamma": "2026-04-28"},
        ("use both orders", "line 3", "2026-03-04 or 2026-04-03", "1 row rejected"),
    ),
    Case(
        "the same in another order",
        "deal",
        "title,amount,close_date\nGamma,300,04/28/2026\nBeta,200,03/04/2026\nAlfa,100,25/04/2026\n",
        "close_date",
        {"Alfa": "2026-04-25", "Gamma": "2026-04-28"},
        ("use both orders", "line 3"),
    ),
    Case(
        "one cell shows the order of all",
        "deal",
        "title,close_date\nAlfa,03/04/2026\nBeta,25/04/2026\n",
        "close_date",
        {"Alfa": "2026-04-03", "Beta": "2026-04-25"},
        ("read as day/month/year, as in “25/04/2026” (line 3)",),
        env=AMERICAN,
    ),
    Case(
        "nothing shows the order",
        "deal",
        "title,close_date\nt1,12/3/2026\nt2,04/03/2026\n",
        "close_date",
        {"t1": "2026-03-12", "t2": "2026-03-04"},
        ("“12/3/2026” (line 2) could be either", "read as day/month/year"),
    ),
    Case(
        "times of the person's clock",
        "deal",
        "title,Deadline at\nUno,18.12.2026 14:30:00\nDue,19.12.2026 09:05:00\nTre,12/20/2026 11:59 PM\nGap,2026-03-29 02:30\n",
        "deadline_at",
        {
            "Uno": "2026-12-18T13:30:00Z",
            "Due": "2026-12-19T08:05:00Z",
            "Tre": "2026-12-20T22:59:00Z",
            "Gap": "2026-03-29T01:30:00Z",
        },
        ("read as Europe/Rome", "clocks in Europe/Rome skip “2026-03-29 02:30”"),
        env=ROME,
    ),
    Case(
        "times with a zone",
        "deal",
        "title,Deadline at\nEast,2026-12-18 14:30:00+0530\nWest,2026-12-18 14:30 -08:00\nNoPad,2026-12-18 9:30\n",
        "deadline_at",
        {"East": "2026-12-18T09:00:00Z", "West": "2026-12-18T22:30:00Z", "NoPad": "2026-12-18T09:30:00Z"},
        ("(“2026-12-18 9:30” (line 4)) are read as UTC",),
    ),
    Case(
        "amounts as they are written anywhere",
        "deal",
        "title,amount\nminus,-1234.50\nparens,\"(1,234.50)\"\ndollar parens,\"$(1,234.50)\"\ndollar minus,-$1234.50\n"
        "minus after,1234.50-\nunicode minus,\u22121234.50\nswiss,1\u2019234\u2019567.50\nthin,1\u2009234\u2009567.50\n"
        "ruble,1234.50 ₽\nyen,¥1234\nlakh,\"₹12,34,567.50\"\nzloty,1234.50 zł\nreal,R$ 1234.50\npower,1.2345E+6\n"
        "dash,1234.-\ncode,1234.50CHF\nrate,12%\n",
        "amount",
        {
            "minus": money("-1234.50"), "parens": money("-1234.50"), "dollar parens": money("-1234.50", "USD"),
            "dollar minus": money("-1234.50", "USD"), "minus after": money("-1234.50"), "unicode minus": money("-1234.50"),
            "swiss": money("1234567.50"), "thin": money("1234567.50"), "ruble": money("1234.50", "RUB"), "yen": money("1234", "JPY"),
            "lakh": money("1234567.50", "INR"), "zloty": money("1234.50", "PLN"), "real": money("1234.50", "BRL"),
            "power": money("1234500.00"), "dash": money("1234.00"), "code": money("1234.50", "CHF"),
        },
        ("“12%”: an amount is expected",),
    ),
    Case(
        "thousands alone, where a comma is usual before decimals",
        "deal",
        'title,amount\na,"3,100"\nb,"12,500"\nc,"950"\n',
        "amount",
        {"a": money("3100.00"), "b": money("12500.00"), "c": money("950.00")},
        ("“3,100”",),
        env=ITALIAN,
    ),
    Case(
        "the file shows its marks",
        "deal",
        "title;amount;Margin\nA;1.000;12,5\nB;2.500;3,25\n",
        "amount",
        {"A": money("1000.00"), "B": money("2500.00")},
        ("“1.000” (line 2)",),
    ),
    Case(
        "German amounts",
        "deal",
        "title;amount\neins;-1.000,00 €\nzwei;-950,00 €\ndrei;1.234.567,89 €\nvier;12,5\nfuenf;1.000\n",
        "amount",
        {"eins": money("-1000.00"), "zwei": money("-950.00"), "drei": money("1234567.89"), "vier": money("12.50"),
         "fuenf": money("1000.00")},
        ("decimals after “,”",),
    ),
    Case(
        "a third decimal of euros",
        "deal",
        "title,amount\nA,0.1 EUR\nB,1000 JPY\nC,10.005 EUR\nD,1.2345 KWD\nE,500000.0\n",
        "amount",
        {"A": money("0.10"), "B": money("1000", "JPY"), "C": money("10.01"), "D": money("1.235", "KWD"), "E": money("500000.00")},
        ("rounded, in amount", "10.005 EUR → 10.01 EUR", "1.2345 KWD → 1.235 KWD"),
        ("500000",),
    ),
    Case(
        "per cent and whole numbers",
        "deal",
        "title;probability;Visits;Margin\nA;45%;1.000;12,5%\nB;0,45;1 200;(3,5)\nC;;2 500;(3,5)\n",
        "visits",
        {"A": 1000, "C": 2500},
        ("probability “0,45”: a whole number is expected",),
    ),
    Case(
        "years of two digits, months by name",
        "deal",
        'title,close_date\nA,18/12/26\nB,18-Dec-2026\nC,"December 18, 2026"\nD,20261218\nE,2026-12-18T00:00:00+02:00\n'
        "F,18 dicembre 2026\n",
        "close_date",
        dict.fromkeys("ABCDEF", "2026-12-18"),
        ("“18/12/26” (line 2) is 2026-12-18",),
        ("times of day",),
    ),
    Case(
        "times in a column of days",
        "deal",
        "title,close_date\nA,2026-12-18\nB,12/18/2026 02:30 PM\n",
        "close_date",
        dict.fromkeys("AB", "2026-12-18"),
        ("times of day (“12/18/2026 02:30 PM” (line 3)) are dropped",),
    ),
    Case(
        "a spreadsheet's days",
        "deal",
        "title,close_date\nA,46374\nB,46375\n",
        "close_date",
        {"A": "2026-12-18", "B": "2026-12-19"},
        ("spreadsheet day numbers: “46374” (line 2) is 2026-12-18",),
    ),
    Case(
        "a number alone is no day",
        "deal",
        "title,close_date\nA,46374\nB,2026-12-19\n",
        "close_date",
        {"B": "2026-12-19"},
        ("spreadsheet's number for 2026-12-18",),
    ),
]  # fmt: skip


def imported(crm: Crm, data: Path, text: str, type_key: str, env: dict[str, str] | None = None) -> Ran:
    file = data.parent / "file.csv"
    file.write_text(text, encoding="utf-8")
    ran = crm("import", str(file), "--type", type_key, env={"TZ": "UTC", "LC_ALL": "C.UTF-8", **(env or {})})
    assert ran.code == 0, ran.err
    return ran


def listed(crm: Crm, type_key: str) -> dict[str, Any]:
    """The items that came in, by their first name or title."""
    items = crm(type_key, "list", "--json").json["items"]
    return {one["fields"].get("title") or one["fields"].get("first_name"): one["fields"] for one in items}


@pytest.fixture
def fields(crm: Crm) -> None:
    for name, kind in (("Deadline at", "datetime"), ("Visits", "integer"), ("Margin", "number")):
        assert crm("field", "add", "deal", name, "--kind", kind).code == 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_has_its_right_values(crm: Crm, data: Path, fields: None, case: Case) -> None:
    before = set(listed(crm, case.type))
    ran = imported(crm, data, case.text, case.type, case.env)
    found = {name: one.get(case.field) for name, one in listed(crm, case.type).items() if name not in before}
    assert found == case.values
    # Lines are wrapped where they are long.
    said = " ".join(ran.out.split())
    assert [text for text in case.told if text not in said] == []
    assert [text for text in case.untold if text in said] == []


def test_an_amount_with_a_margin_keeps_both(crm: Crm, data: Path, fields: None) -> None:
    imported(crm, data, "title;probability;Margin\nA;45%;12,5%\nB;;(3,5)\n", "deal")
    made = listed(crm, "deal")
    assert (made["A"]["probability"], made["A"]["margin"], made["B"]["margin"]) == (45, "12.5", "-3.5")


PEOPLE = """First name,Last name,Mobile phone,Country
Aa,Bb,(376)694-9481,Ghana
Cc,Dd,(376)694-9481,United States
Gg,Hh,020 7946 0018,United Kingdom
Ii,Jj,020 7946 0018,UK
Kk,Ll,(212) 555-0142,USA
Mm,Nn,(212) 555-0142,Stati Uniti
Oo,Pp,8 (301) 123-45-67,Россия
Qq,Rr,030 901820,Deutschland
Ss,Tt,335 555 0142,Freedonia
Uu,Vv,335 555 0142,
"""


def test_a_row_that_names_its_country_never_gets_anothers_prefix(crm: Crm, data: Path) -> None:
    imported(crm, data, PEOPLE, "contact")
    numbers = {name: one["phone"][0]["value"] for name, one in listed(crm, "contact").items() if len(name) == 2}
    assert numbers == {
        "Aa": "3766949481",
        "Cc": "3766949481",
        "Gg": "+442079460018",
        "Ii": "+442079460018",
        "Kk": "+12125550142",
        "Mm": "+12125550142",
        "Oo": "+73011234567",
        "Qq": "+4930901820",
        "Ss": "3355550142",
        "Uu": "+393355550142",
    }
    # What was read stays so: on the card it is as it was typed.
    assert "(376)694-9481" in crm("contact", "list", "--columns", "first_name,phone").out


def test_a_number_that_a_spreadsheet_has_shortened_is_told_and_left_out(crm: Crm, data: Path) -> None:
    text = "First name,Last name,Phone,Postal code\nAda,Uno,3.91235E+11,00184\nBea,Due,0612345678,01234\nCal,Tre,'+390612345,20121\n"
    ran = imported(crm, data, text, "contact")
    assert "shortened by a spreadsheet, in phone: 3.91235E+11 → left empty" in " ".join(ran.out.split())
    made = listed(crm, "contact")
    assert "phone" not in made["Ada"]
    assert [made[name]["phone"][0]["value"] for name in ("Bea", "Cal")] == ["+390612345678", "+390612345"]
    assert [made[name]["address"]["postcode"] for name in ("Ada", "Bea", "Cal")] == ["00184", "01234", "20121"]
    assert "shortened" in crm("contact", "add", "last_name=X", "phone=3.91E+11").err


def phones_elsewhere(crm: Crm, place: Path, country: str) -> dict[str, dict[str, str]]:
    """The contacts exported, and imported in a new workspace of a country: their first phones there, by first name."""
    export, elsewhere = place / "out.csv", {"TUICRM_DATA": str(place / "elsewhere")}
    assert crm("export", "contact", "-o", str(export)).code == 0
    assert crm("init", "--country", country, env=elsewhere).code == 0
    assert crm("import", str(export), "--type", "contact", env=elsewhere).code == 0
    items = crm("contact", "list", "--json", env=elsewhere).json["items"]
    return {one["fields"].get("first_name"): one["fields"].get("phone", [{}])[0] for one in items}


def test_extensions_come_back_as_they_were_typed(crm: Crm, data: Path, tmp_path: Path) -> None:
    text = (
        "First name,Last name,Phone\nAda,Uno,416-555-0142x752\nBea,Due,212.555.0142x41\nCal,Tre,02 5555 0142 int. 7\n"
    )
    imported(crm, data, text, "contact")
    numbers = phones_elsewhere(crm, tmp_path, "Italy")
    assert (numbers["Ada"]["typed"], numbers["Bea"]["typed"]) == ("416-555-0142x752", "212.555.0142x41")
    assert numbers["Cal"]["value"] == "+390255550142;ext=7"


def test_an_export_of_people_abroad_comes_back_without_our_prefix(crm: Crm, data: Path, tmp_path: Path) -> None:
    imported(crm, data, PEOPLE, "contact")
    numbers = phones_elsewhere(crm, tmp_path, "IT")
    told = [numbers[name]["value"] for name in ("Aa", "Gg", "Ss")]
    assert told == ["3766949481", "+442079460018", "3355550142"]


def test_the_report_for_programs_says_how_columns_were_read(crm: Crm, data: Path) -> None:
    file = data.parent / "file.csv"
    file.write_text("title,close_date\nAlfa,03/04/2026\nBeta,25/04/2026\n", encoding="utf-8")
    report = crm("import", str(file), "--type", "deal", "--dry-run", "--json").json["report"]
    assert report["files"][0]["tables"][0]["readings"] == [
        {
            "column": "close_date",
            "what": "order",
            "read": "dmy",
            "why": "shown",
            "cells": [{"text": "25/04/2026", "line": 3, "column": "close_date"}],
        }
    ]
