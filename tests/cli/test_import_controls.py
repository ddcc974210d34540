"""Files that must go on coming in right whatever the person's locale, retyped as they were found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Crm
from tests.command import Ran

LOCALES = ("C.UTF-8", "en_US.UTF-8", "it_IT.UTF-8", "de_DE.UTF-8")


def took(
    crm: Crm,
    data: Path,
    text: str,
    *arguments: str,
    type_key: str = "deal",
    locale: str = "C.UTF-8",
    zone: str = "UTC",
) -> Ran:
    path = data.parent / "case.csv"
    path.write_text(text, encoding="utf-8")
    return crm("import", str(path), "--type", type_key, *arguments, env={"TZ": zone, "LC_ALL": locale})


def all_of(crm: Crm, field: str, names: tuple[str, ...], type_key: str = "deal", named: str = "title") -> list[Any]:
    items = crm(type_key, "list", "--json", "--limit", "0").json["items"]
    refs = {one["fields"].get(named): one["ref"] for one in items}
    return [crm(type_key, "show", refs[name], "--json").fields.get(field) for name in names]


@pytest.mark.parametrize("locale", LOCALES)
def test_04_german_amounts(crm: Crm, data: Path, locale: str) -> None:
    names = ("eins", "zwei", "drei", "vier", "fuenf")
    text = "title;amount\neins;-1.000,00 €\nzwei;-950,00 €\ndrei;1.234.567,89 €\nvier;12,5\nfuenf;1.000\n"
    ran = took(crm, data, text, locale=locale)
    assert (ran.code, list(data.parent.glob("*rejects*"))) == (0, [])
    amounts = ["-1000.00", "-950.00", "1234567.89", "12.50", "1000.00"]
    assert all_of(crm, "amount", names) == [{"amount": amount, "currency": "EUR"} for amount in amounts]


@pytest.mark.parametrize("locale", LOCALES)
def test_12_one_number_of_a_spreadsheet_is_refused_with_a_clear_reason(crm: Crm, data: Path, locale: str) -> None:
    ran = took(crm, data, "title,close_date\nSerial,46374\n", "--json", locale=locale)
    (file,) = json.loads(ran.out)["report"]["files"]
    assert (file["tables"][0]["made"], file["tables"][0]["rejected"]) == (0, 1)
    assert crm("deal", "list", "--json").json["total"] == 3
    (rejects,) = data.parent.glob("*rejects*")
    reason = rejects.read_text(encoding="utf-8")
    for part in ("46374", "2026-12-18", *(["spreadsheet's number"] if locale.startswith(("C", "en")) else [])):
        assert part in reason


@pytest.mark.parametrize(
    ("locale", "order", "days"),
    [
        ("C.UTF-8", "day/month/year", ["2026-03-12", "2026-03-04"]),
        ("it_IT.UTF-8", "", ["2026-03-12", "2026-03-04"]),
        ("de_DE.UTF-8", "day/month/year", ["2026-03-12", "2026-03-04"]),
        ("en_US.UTF-8", "month/day/year", ["2026-12-03", "2026-04-03"]),
    ],
)
def test_19_days_that_could_be_either_are_the_locales_and_told(
    crm: Crm, data: Path, locale: str, order: str, days: list[str]
) -> None:
    ran = took(crm, data, "title,close_date\nt1,12/3/2026\nt2,04/03/2026\n", locale=locale)
    assert all_of(crm, "close_date", ("t1", "t2")) == days
    said = " ".join(ran.out.split())
    assert "“12/3/2026”" in said
    assert order in said


def test_20_clients_by_name_whatever_the_case(crm: Crm, data: Path) -> None:
    assert crm("company", "add", "title=Ferrari Legnami Srl").code == 0
    assert crm("contact", "add", "first_name=Paolo", "last_name=Rossi").code == 0
    text = (
        "Title,Amount,Company,Contact,Close date\n"
        "Roof,100,Ferrari Legnami Srl,Paolo Rossi,28.09.2026\n"
        "Wall,100,ferrari legnami,paolo rossi,29.09.2026\n"
        "Door,100,Unknown Spa,Nobody Here,30.09.2026\n"
    )
    ran = took(crm, data, text)
    names = ("Roof", "Wall", "Door")
    assert all_of(crm, "company", names) == ["company:3", "company:2", None]
    assert all_of(crm, "contacts", names) == [["contact:2"], ["contact:2"], None]
    assert all_of(crm, "close_date", names) == ["2026-09-28", "2026-09-29", "2026-09-30"]
    assert "Unknown Spa → left empty" in ran.out
    assert "Nobody Here → left empty" in ran.out


# -- cases -------------------------------------------------------------------------------------------------------------
def test_02_times_of_a_column_that_a_map_names(crm: Crm, data: Path) -> None:
    assert crm("field", "add", "deal", "Deadline at", "--kind", "datetime").code == 0
    decided = data.parent / "map.toml"
    decided.write_text('[columns]\n"Deal" = "title"\n', encoding="utf-8")
    text = "Deal,Deadline at\nUno,18.12.2026 14:30:00\nDue,19.12.2026 09:05:00\nTre,20.12.2026 23:59:00\n"
    assert took(crm, data, text, "--map", str(decided), zone="Europe/Rome").code == 0
    moments = ["2026-12-18T13:30:00Z", "2026-12-19T08:05:00Z", "2026-12-20T22:59:00Z"]
    assert all_of(crm, "deadline_at", ("Uno", "Due", "Tre")) == moments


def test_17_a_tenth_of_a_euro_is_shown(crm: Crm, data: Path) -> None:
    took(crm, data, "title,amount\nTenth,0.1 EUR\n")
    (ref,) = (one["ref"] for one in crm("deal", "list", "--json").json["items"] if one["fields"]["title"] == "Tenth")
    for shown in (crm("deal", "show", ref), crm("board", "deal"), crm("deal", "list")):
        assert "€ 0.10" in shown.out


def test_18_times_without_a_zone_are_the_persons(crm: Crm, data: Path) -> None:
    assert crm("field", "add", "deal", "Deadline at", "--kind", "datetime").code == 0
    text = "title,deadline_at\nRome,2026-12-18 14:30\nGap,2026-03-29 02:30\n"
    ran = took(crm, data, text, zone="Europe/Rome")
    assert "skip “2026-03-29 02:30”" in " ".join(ran.out.split())
    assert all_of(crm, "deadline_at", ("Rome",)) == ["2026-12-18T13:30:00Z"]
    assert "14:30" in crm("deal", "list", "--columns", "title,deadline_at", env={"TZ": "Europe/Rome"}).out


def test_26_a_phone_is_the_workspaces_only_where_no_country_is_named(crm: Crm, data: Path) -> None:
    text = "First name,Last name,Mobile phone,Country\nAa,Bb,(376)694-9481,Ghana\nEe,Ff,(376)694-9481,\n"
    assert took(crm, data, text, type_key="contact").code == 0
    phones = all_of(crm, "phone", ("Aa", "Ee"), "contact", "first_name")
    assert [one[0]["value"] for one in phones] == ["3766949481", "+393766949481"]
