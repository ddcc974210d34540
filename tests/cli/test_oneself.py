"""Oneself is `me`, `io`, or the word of any language that ships, wherever the command line takes a person."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm
from tuicrm.domain.language import every

WORDS = sorted(every("me"))


@pytest.mark.parametrize("word", [*WORDS, "IO"])
def test_every_option_and_value_takes_it(crm: Crm, word: str) -> None:
    key = crm("user", "list", "--json").json["users"][0]["key"]
    assert crm("deal", "edit", "D-2", f"responsible={word}").code == 0
    assert crm("deal", "show", "D-2", "--json").fields["responsible"] == key
    mine = crm("log", "--by", word, "--json").json["transactions"]
    assert mine
    assert mine == crm("log", "--by", key, "--json").json["transactions"]
    changed = crm("deal", "history", "D-2", "--by", word, "--json").json
    assert changed["total"] == crm("deal", "history", "D-2", "--by", key, "--json").json["total"] > 0
    made = crm("activity", "add", "D-1", "call", "--at", "+1d", "--who", word, "--json")
    assert made.code == 0
    number = str(made.json["activity"])
    assert crm("activity", "edit", number, "--who", "luca").code == 0
    assert crm("activity", "edit", number, "--who", word).code == 0
    assert crm("user", "edit", word, "--email", "me@example.com").code == 0
    assert crm("user", "list", "--json").json["users"][0]["email"] == "me@example.com"
    assert crm("department", "add", "Sales", "--head", word, "--key", "sales").code == 0
    assert crm("department", "edit", "sales", "--head", "luca").code == 0
    assert crm("department", "edit", "sales", "--head", word).code == 0
    assert crm("department", "list", "--json").json["departments"][0]["head"] == key
    theirs = crm("deal", "list", "--where", f"responsible = {key}", "--format", "ids").out
    assert crm("deal", "list", "--where", f"responsible = {word}", "--format", "ids").out == theirs
    assert crm("view", "add", "deal", "Mine", "--for", word).code == 0
    assert crm("view", "members", "deal", "Mine", "--not", word, "--also", "luca").code == 0
    assert crm("field", "add", "deal", "Secret", f"visible_to={word}").code == 0
    assert crm("deal", "list", "--as", word, "--format", "ids").code == 0


def test_a_map_of_an_import_takes_it_but_a_row_does_not(crm: Crm, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("files")
    rows, decided = folder / "rows.csv", folder / "map.toml"
    rows.write_text("title,responsible\nA,Old Owner\nB,me\nC,Luka Riva\nD,LÚCA RIVA\n", encoding="utf-8")
    decided.write_text('[people]\n"Old Owner" = "io"\n', encoding="utf-8")
    report = crm("import", str(rows), "--type", "deal", "--map", str(decided), "--json").json["report"]
    key = crm("user", "list", "--json").json["users"][0]["key"]
    found = {
        one["fields"]["title"]: one["fields"]["responsible"] for one in crm("deal", "list", "--json").json["items"]
    }
    assert {name: found[name] for name in "ABCD"} == {"A": key, "B": key, "C": key, "D": "luca"}
    told = {one["value"]: (one["kind"], one["outcome"]) for one in report["remarks"]}
    assert told == {"me": ("person", "you instead"), "Luka Riva": ("person", "you instead (similar: Luca Riva)")}


def test_who_could_be_two_is_told_as_that(crm: Crm, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert crm("user", "add", "Luca  RIVA", "--key", "other").code == 0
    rows = tmp_path_factory.mktemp("files") / "rows.csv"
    rows.write_text("title,responsible\nA,Luca Riva\n", encoding="utf-8")
    report = crm("import", str(rows), "--type", "deal", "--json").json["report"]
    assert [(one["kind"], one["value"]) for one in report["remarks"]] == [("several", "Luca Riva")]


def test_a_map_that_names_nobody_says_who_there_is(crm: Crm, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("files")
    rows, decided = folder / "rows.csv", folder / "map.toml"
    rows.write_text("title\nA\n", encoding="utf-8")
    for table, text, told in (
        ("people", "Lucca", "there is no person “Lucca”; choose one of: Luca Riva, "),
        ("stages", "Propossal", "there is no stage “Propossal”; choose one of: "),
        ("pipelines", "Generall", "there is no pipeline “Generall”; choose one of: General"),
    ):
        decided.write_text(f'[{table}]\n"x" = "{text}"\n', encoding="utf-8")
        ran = crm("import", str(rows), "--type", "deal", "--map", str(decided))
        assert (ran.code, told in ran.err) == (4, True), ran.err
