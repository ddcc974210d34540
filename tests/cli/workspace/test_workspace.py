"""init, demo, fsck, paths, doctor, keys, users, export: the commands around the items."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import ROOT, Crm
from tests.terminal import Terminal


def test_init_makes_a_workspace_to_work_in(crm: Crm, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    ran = crm("init", str(folder), "--name", "Acme", "--currency", "chf", "--country", "ch")
    assert (ran.code, ran.out) == (0, f"{folder}\n")
    assert crm("deal", "add", "title=First", "amount=10", "--data", str(folder)).out == "D-1\n"
    fields = crm("deal", "show", "D-1", "--json", "--data", str(folder)).fields
    assert fields["amount"] == {"amount": "10.00", "currency": "CHF"}
    again = crm("init", str(folder), "--json")
    assert (again.code, again.json["error"]["code"]) == (7, "storage")


def test_init_refuses_nonsense_before_anything_is_made(crm: Crm, tmp_path: Path) -> None:
    for arguments in (("--currency", "EURO"), ("--country", "1T"), ("--demo", "--items", "3")):
        assert crm("init", str(tmp_path / "new"), *arguments).code in (2, 4)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("arguments", "locale", "country", "currency"),
    [
        ((), "it_IT.UTF-8", "IT", "EUR"),
        ((), "en_US.UTF-8", "US", "USD"),
        (("--country", "Deutschland"), "en_US.UTF-8", "DE", "EUR"),
        (("--country", "UK", "--currency", "eur"), "C", "GB", "EUR"),
        ((), "C", "", "EUR"),
        ((), "it", "", "EUR"),
        (("--currency", "CHF"), "C.UTF-8", "", "CHF"),
    ],
)
def test_the_country_is_named_or_that_of_the_locale_and_never_guessed(
    crm: Crm, tmp_path: Path, arguments: tuple[str, ...], locale: str, country: str, currency: str
) -> None:
    folder = str(tmp_path / "new")
    ran = crm("init", folder, *arguments, env={"LC_ALL": locale})
    assert ran.code == 0
    assert ('`country = "IT"`' in ran.err) == (not country)
    assert crm("contact", "add", "last_name=X", "phone=02 5555 0142", "--data", folder).code == 0
    settings = settings_of(folder)
    assert (settings["country"], settings["base_currency"]) == (country, currency)
    value = crm("contact", "show", "C-1", "--json", "--data", folder).fields["phone"][0]["value"]
    assert value.startswith("+39") == (country == "IT")


def settings_of(folder: str) -> Mapping[str, Any]:
    from tuicrm.services.workspace.start import open_session

    with closing(open_session(Path(folder))) as session:
        return session.workspace.settings


def test_at_a_terminal_the_country_is_asked_until_it_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LC_ALL": "C.UTF-8", "TUICRM_DATA": str(tmp_path / "new"), "PYTHONPATH": str(ROOT)}.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal([sys.executable, "-m", "tuicrm", "init", "--name", "Acme"])
    try:
        terminal.seen_after(0, "Country, for phone numbers")
        terminal.see("a country such as IT or Italy is expected", b"Freedonia\r")
        terminal.see("opens it", "Österreich\r".encode())
        assert terminal.wait() == 0
    finally:
        terminal.close()
    assert settings_of(str(tmp_path / "new"))["country"] == "AT"


def test_init_with_items_makes_so_many_deals(crm: Crm, tmp_path: Path) -> None:
    folder = str(tmp_path / "big")
    ran = crm("init", folder, "--items", "30")
    assert (ran.code, "30 of 30 deals" in ran.err) == (0, True)
    assert crm("deal", "list", "--json", "--data", folder).json["total"] == 30
    assert crm("fsck", "--data", folder).code == 0
    assert crm("undo", "--data", folder).code == 3


def test_demo_without_a_terminal_shows_a_board_and_a_card_and_keeps_nothing(crm: Crm, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    ran = crm("demo", env={"TMPDIR": str(temporary)})
    assert ran.code == 0
    assert "Wholesale" in ran.out
    assert "tuicrm --help" in ran.err
    assert list(temporary.iterdir()) == []


def test_what_is_no_workspace_is_told_with_what_to_do(crm: Crm, data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for arguments, told in (
        (("deal", "list", "--data", str(tmp_path / "nowhere")), "no such folder. `tuicrm init`"),
        (("init", str(tmp_path / "file")), "is not a folder"),
        (("init", str(data)), "is already a workspace"),
        (("init", str(tmp_path)), "is not empty"),
    ):
        ran = crm(*arguments)
        assert (ran.code, told in ran.err) == (7, True), ran.err


def test_a_workspace_without_its_manifest_is_saved(crm: Crm, data: Path, tmp_path: Path) -> None:
    before = crm("deal", "list").out
    (data / "CURRENT").unlink()
    assert "CURRENT" in crm("deal", "list").err
    assert crm("fsck", "--json").json["error"]["faults"][0]["file"] == "CURRENT"
    saved = tmp_path / "saved"
    assert crm("fsck", "--salvage", str(saved)).code == 0
    assert crm("deal", "list", "--data", str(saved)).out == before
    assert crm("fsck", "--data", str(saved)).code == 0


def test_fsck_finds_and_names_damage_and_saves_the_rest(crm: Crm, data: Path, tmp_path: Path) -> None:
    assert crm("fsck").out == "No faults.\n"
    journal = next(data.glob("journal.*.jsonl"))
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[-2] = lines[-2].replace(b"ERP connector", b"ERP c0nnector")
    journal.write_bytes(b"".join(lines))
    ran = crm("fsck", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (7, "damaged")
    [fault] = ran.json["error"]["faults"]
    assert (fault["file"], fault["byte"] > 0) == (journal.name, True)
    told = crm("fsck")
    assert (journal.name in told.out, journal.name in told.err) == (True, False)
    refused = crm("deal", "list")
    assert (refused.code, "--salvage" in refused.err) == (7, True)
    saved = tmp_path / "saved"
    assert crm("fsck", "--salvage", str(saved)).code == 0
    assert crm("deal", "list", "--data", str(saved)).code == 0


def test_export_writes_what_people_see(crm: Crm, tmp_path: Path) -> None:
    ran = crm("export", "deal", "--columns", "title,amount,company", "--sort", "title")
    rows = list(csv.reader(io.StringIO(ran.out)))
    assert rows[0] == ["ref", "title", "amount", "company"]
    assert [row[0] for row in rows[1:]] == ["D-3", "D-2", "D-1"]
    assert rows[2][2] == "38000.00 EUR"
    target = tmp_path / "deals.json"
    assert crm("export", "deal", "-o", str(target), "--where", "amount > 20000").code == 0
    assert [item["ref"] for item in json.loads(target.read_text())["items"]] == ["D-2"]
    assert crm("export", "deal", "-o", str(target)).code == 4
    assert crm("export", "deal", "-o", str(target), "--force", "-q").code == 0


def test_export_leaves_out_what_a_person_may_not_take_and_says_so(crm: Crm) -> None:
    ran = crm("export", "deal", "--as", "luca")
    assert [row[0] for row in csv.reader(io.StringIO(ran.out))][1:] == ["D-2"]
    assert "2 items skipped" in ran.err


def test_users_come_and_go(crm: Crm) -> None:
    assert crm("user", "add", "Bea Verdi", "--login", "bea", "--role", "Manager").out == "bea_verdi\n"
    assert crm("user", "add", "Bob", "--login", "bea").code == 4
    assert crm("user", "edit", "bea", "--zone", "Europe/Rome").code == 0
    assert crm("user", "retire", "Bea Verdi").code == 0
    keys = [user["key"] for user in crm("user", "list", "--json").json["users"]]
    assert "bea_verdi" not in keys
    assert crm("user", "restore", "bea_verdi").code == 0
    assert crm("user", "add", "Eve", "--as", "luca").code == 5


def test_departments_are_a_tree(crm: Crm) -> None:
    assert crm("department", "add", "Sales", "--parent", "company").out == "sales\n"
    assert crm("department", "edit", "company", "--parent", "sales").code == 4
    listed = crm("department", "list", "--json").json["departments"]
    assert [(part["key"], part["depth"]) for part in listed] == [("company", 0), ("sales", 1)]
    assert crm("department", "retire", "sales").code == 0


def test_definitions_are_listed(crm: Crm) -> None:
    assert crm("stage", "list", "deal", "--json").json["stages"][0]["key"] == "new"
    assert crm("pipeline", "list", "deal", "--json").json["pipelines"][0]["items"] == 3
    layout = crm("layout", "show", "deal", "--json").json
    assert "amount" in [key for section in layout["sections"] for key in section["fields"]]
    assert (
        crm("field", "add", "deal", "Colour", "--kind", "list", "--option", "Red", "--option", "Blue").out == "colour\n"
    )
    field = next(field for field in crm("field", "list", "deal", "--json").json["fields"] if field["key"] == "colour")
    assert [option["key"] for option in field["options"]] == ["red", "blue"]
    assert crm("deal", "edit", "D-1", "Colour=blue").code == 0


def test_activities_are_planned_listed_and_done(crm: Crm) -> None:
    number = crm("activity", "add", "D-1", "-5% call", "--at", "2027-01-10T09:30").out.strip()
    assert "-5% call" in crm("activity", "list", "D-1").out
    assert crm("activity", "done", number).code == 0
    assert crm("activity", "list", "D-1", "--json").json["activities"] == []
    assert crm("activity", "add", "D-1", "x", "--at", "whenever").code == 4
    ran = crm("activity", "done", "99")
    assert (ran.code, "no activity 99" in ran.err) == (3, True)


def test_where_things_lie_and_what_there_is(crm: Crm, data: Path) -> None:
    assert crm("paths", "--json").json["paths"]["workspace"] == str(data)
    doctor = crm("doctor", "--json").json["doctor"]
    assert (doctor["opens"], doctor["person"]) == (True, "Anna Bianchi")
    assert crm("doctor", "--data", "/nowhere", "--json").json["doctor"]["opens"] is False
    assert "stage.next" in [action["id"] for action in crm("keys", "--json").json["actions"]]


def test_the_board_as_text_and_as_data(crm: Crm) -> None:
    ran = crm("board", "deal")
    assert ran.code == 0
    assert "ERP connector" in ran.out
    board = crm("board", "deal", "--json").json
    assert board["columns"][0]["count"] == 3
    assert crm("board", "contact").code == 3


def test_the_sums_of_a_board_are_exact_for_programs(crm: Crm) -> None:
    assert crm("deal", "edit", "D-1", "amount=12500.55 EUR").code == 0
    assert crm("deal", "add", "title=Abroad", "amount=100 USD").code == 0
    assert crm("currency", "set", "GBP", "1.1").code == 0
    assert crm("deal", "add", "title=Island", "amount=10 GBP").code == 0
    column = crm("board", "deal", "--json").json["columns"][0]
    assert column["sum"] == {"amount": "50511.55", "currency": "EUR"}
    assert column["weighted"] == {"amount": "5051.16", "currency": "EUR"}
    assert (column["converted"], column["unrated"]) == (True, [{"amount": "100.00", "currency": "USD"}])


def test_a_layout_says_which_one_it_is(crm: Crm) -> None:
    ran = crm("layout", "show", "deal")
    assert "built-in" in ran.err
    lines = ran.out.splitlines()
    starts = {line.rindex("  ") for line in lines if line.endswith(("  title", "  close_date", "  extra_info"))}
    assert len(starts) == 1


def test_the_demo_is_made_anew_and_takes_no_folder(crm: Crm, data: Path) -> None:
    ran = crm("demo", "--data", str(data))
    assert (ran.code, "--data" in ran.err) == (2, True)


def test_the_log_tells_who_did_what(crm: Crm) -> None:
    crm("deal", "edit", "D-1", "amount=1 EUR")
    told = crm("log", "--limit", "1", "--json").json
    [transaction] = told["transactions"]
    assert (transaction["name"], transaction["records"][0]["ref"]) == ("Anna Bianchi", "D-1")
    assert told["more"] is True
    assert "Amount" in crm("log", "D-1").out
    assert crm("log", "--by", "luca", "--json").json["transactions"] == []
