"""`tuicrm field`: listed, shown, added, changed, converted, deleted, and their options, from the outside."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import ROOT, Crm
from tests.command import Ran
from tuicrm.services.workspace.start import open_session
from tuicrm.store.protocol import Op


def field(crm: Crm, key: str, *more: str) -> dict[str, Any]:
    told: dict[str, Any] = crm("field", "show", "deal", key, "--json", *more).json["field"]
    return told


def problems(ran: Ran) -> list[str]:
    assert ran.json["status"] == "error"
    return [problem["field"] for problem in ran.json["error"]["fields"]]


def log_length(crm: Crm) -> int:
    return len(crm("log", "--limit", "0", "--json").json["transactions"])


# -- told --------------------------------------------------------------------------------------------------------------
def test_a_list_says_type_place_filled_required_and_who_sees(crm: Crm) -> None:
    assert crm("field", "add", "deal", "Margin", "--kind", "integer", "--many", "visible_to=Anna Bianchi").code == 0
    assert crm("field", "edit", "deal", "amount", "required=won, In progress").code == 0
    assert crm("layout", "place", "deal", "margin", "Mian", "--at", "2").code == 3
    assert crm("layout", "place", "deal", "margin", "main", "--at", "2").code == 0
    assert crm("layout", "always", "deal", "margin").code == 0
    ran = crm("field", "list", "deal")
    rows = {line.split()[0]: " ".join(line.split()) for line in ran.out.splitlines()[2:]}
    assert rows["margin"] == "margin Margin integer, several About the deal, always shown 0 Anna Bianchi custom"
    assert rows["amount"] == "amount Amount money About the deal, always shown 2 In progress, Deal won"
    assert rows["created"].endswith("datetime hidden 3")
    assert [line.split()[0] for line in crm("field", "list", "deal", "--custom").out.splitlines()[2:]] == ["margin"]


def test_a_list_for_programs(crm: Crm) -> None:
    crm(
        "field", "add", "deal", "Size", "--kind", "number", "min=0", "unit=%", "default=5", "--help-text", "in per cent"
    )
    ran = crm("field", "list", "deal", "--json", "--custom")
    assert ran.json == {
        "schema": 1,
        "status": "ok",
        "type": "deal",
        "variant": "general",
        "total": 1,
        "fields": [
            {
                "key": "size", "label": "Size", "kind": "number", "many": False, "custom": True, "read_only": False,
                "section": None, "always": False, "required": False, "required_at": {}, "visible_to": [],
                "settings": {"min": "0", "unit": "%"}, "default": "5", "help": "in per cent", "options": [],
                "targets": [], "dictionary": "", "filled": 0,
            }
        ],
    }  # fmt: skip


def test_a_field_is_shown_with_the_words_that_change_it(crm: Crm) -> None:
    crm("field", "add", "deal", "Size", "--kind", "number", "min=0", "default=5", "required=yes")
    told = dict(line.split("  ", 1) for line in crm("field", "show", "deal", "size").out.splitlines())
    shown = {label: value.strip() for label, value in told.items()}
    assert (shown["Minimum (min=)"], shown["Maximum (max=)"], shown["Default (default=)"]) == ("0", "–", "5")
    assert (shown["Required (required=)"], shown["Seen by (visible_to=)"]) == ("always", "everyone")
    assert shown["Shown in"] == "hidden (built-in layout)"
    system = crm("field", "show", "deal", "close_date").out
    assert "system field" in system
    assert "+7d" in system
    assert "min=" not in system


def test_fields_are_found_by_key_or_any_label(crm: Crm) -> None:
    assert field(crm, "amount") == field(crm, "Importo") == field(crm, "AMOUNT")
    ran = crm("field", "show", "deal", "amuont", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "not_found")
    assert "amount" in ran.json["error"]["message"]
    assert crm("field", "show", "spaceship", "amount").code == 3


def test_where_it_stands_is_told_of_the_layout_that_is_named(crm: Crm) -> None:
    assert field(crm, "source")["section"] == "main"
    crm("layout", "hide", "deal", "source", "--layout", "mine")
    assert field(crm, "source")["section"] is None
    assert field(crm, "source", "--layout", "common")["section"] == "main"


# -- added -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "words", "kept"),
    [
        ("string", ["min_length=2", "max_length=5", "pattern=[a-z]+", "default=abc"],
         {"settings": {"min_length": 2, "max_length": 5, "pattern": "[a-z]+"}, "default": "abc"}),
        ("text", ["rows=5"], {"settings": {"rows": 5}}),
        ("integer", ["min=-5", "max=5", "unit=km"], {"settings": {"min": "-5", "max": "5", "unit": "km"}}),
        ("number", ["precision=0", "default=2"], {"settings": {"precision": 0}, "default": "2"}),
        ("boolean", ["default=no"], {"default": False}),
        ("date", ["default=now"], {"default": {"now": 0}}),
        ("datetime", ["default=+3d"], {"default": {"now": 3}}),
        ("date", ["default=2027-01-31"], {"default": "2027-01-31"}),
        ("duration", ["default=1h 30m", "min=0.5", "max=8"], {"default": 90, "settings": {"min": "0.5", "max": "8"}}),
        ("money", ["default=100 USD", "min=1"],
         {"default": {"amount": "100.00", "currency": "USD"}, "settings": {"min": "1"}}),
        ("link", ["max_length=80"], {"settings": {"max_length": 80}}),
        ("list", ["--option", "Red", "--option", "-Blue", "default=-Blue"], {"default": "blue"}),
        ("list", ["--many", "--option", "Red", "--option", "Blue", "default=Red; Blue"], {"default": ["red", "blue"]}),
        ("file", ["extensions=pdf, .docx", "max_size=5000000"],
         {"settings": {"extensions": ["pdf", "docx"], "max_size": 5_000_000}}),
        ("person", ["--many"], {"many": True}),
        ("item", ["--target", "company", "--target", "Contacts"], {"targets": ["company", "contact"]}),
        ("dictionary", ["--dictionary", "source", "default=Call"], {"dictionary": "source", "default": "call"}),
        ("address", [], {}), ("phone", [], {}), ("email", [], {}), ("web", [], {}), ("messenger", [], {}),
    ],
)  # fmt: skip
def test_every_kind_with_its_settings(crm: Crm, kind: str, words: list[str], kept: dict[str, Any]) -> None:
    ran = crm("field", "add", "deal", "Size", "--kind", kind, *words)
    assert (ran.code, ran.out, ran.err) == (0, "size\n", "")
    told = field(crm, "size")
    assert told["kind"] == kind
    assert {name: told[name] for name in kept} == kept
    assert crm("undo").code == 0
    assert crm("field", "show", "deal", "size").code == 3


def test_all_that_is_wrong_is_told_at_once_and_nothing_made(crm: Crm) -> None:
    before = log_length(crm)
    wrong = ("min=much", "rows=3", "colour=red", "default=x", "required=Nowhere", "visible_to=anna, nobody")
    ran = crm("field", "add", "deal", "Amount", "--kind", "number", "--option", "a", "--key", "X!", *wrong, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (4, "refused")
    assert sorted(problems(ran)) == sorted(
        ["min", "rows", "colour", "default", "required", "visible_to", "label", "key", "options"]
    )
    plain = crm("field", "add", "deal", "Size", "--kind", "number", "rows=3")
    assert plain.code == 4
    assert plain.err.rstrip().endswith("it has: label, help, required, visible_to, default, min, max, precision, unit")
    assert log_length(crm) == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("field", "add", "deal"), 2),
        (("field", "add", "deal", "Size", "min"), 2),
        (("field", "add", "deal", "Size", "min=1", "min=2"), 2),
        (("field", "add", "deal", "Size", "help=a", "--help-text", "b"), 2),
        (("field", "add", "deal", "Size", "--pipeline", "general"), 2),
        (("field", "add", "contact", "Size", "required=yes", "--pipeline", "general"), 4),
        (("field", "add", "deal", "Size", "required=won", "--pipeline", "nowhere"), 4),
        (("field", "add", "deal", "Size", "--kind", "spaceship"), 4),
        (("field", "add", "deal", "Size", "--kind", "boolean", "--many"), 4),
        (("field", "add", "deal", "Size", "--kind", "item", "--target", "spaceship"), 3),
        (("field", "add", "spaceship", "Size"), 3),
        (("field", "edit", "deal", "amount"), 2),
        (("field", "edit", "deal", "amount", "label="), 4),
        (("field", "edit", "deal", "amount", "min=1"), 4),
        (("field", "edit", "deal", "amount", "kind=string"), 4),
        (("field", "edit", "deal", "amount", "visible_to=anna"), 4),
        (("field", "edit", "deal", "created", "required=yes"), 4),
        (("field", "edit", "deal", "nothing", "label=x"), 3),
        (("field", "delete", "deal", "amount"), 4),
        (("field", "delete", "deal", "amount", "--dry-run"), 4),
        (("field", "delete", "deal", "nothing"), 3),
        (("field", "options", "deal", "amount"), 4),
        (("field", "options", "deal", "source", "--add", "x"), 4),
        (("field", "options", "deal", "nothing"), 3),
        (("field", "convert", "deal", "comment"), 2),
        (("field", "convert", "deal", "comment", "--kind", "text"), 4),
        (("field", "convert", "deal", "stage", "--kind", "string"), 4),
        (("field", "convert", "deal", "comment", "--kind", "number", "rows=5", "default=3"), 4),
        (("field", "convert", "deal", "nothing", "--kind", "string"), 3),
    ],
)  # fmt: skip
def test_every_refusal_has_its_exit_code_and_says_why(crm: Crm, arguments: tuple[str, ...], code: int) -> None:
    before = log_length(crm)
    ran = crm(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("Error: ")
    told = crm(*arguments, "--json").json
    assert (told["status"], len(told["error"]["message"]) > 5) == ("error", True)
    assert log_length(crm) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("field", "add", "deal", "Size"),
        ("field", "add", "deal", "", "nonsense=x"),
        ("field", "edit", "deal", "amount", "label=x"),
        ("field", "options", "deal", "size", "--add", "x"),
        ("field", "convert", "deal", "comment", "--kind", "string"),
        ("field", "convert", "deal", "comment", "--kind", "string", "--dry-run"),
        ("field", "delete", "deal", "size"),
        ("field", "delete", "deal", "size", "--dry-run"),
    ],
)
def test_without_the_right_nothing_is_changed_or_told(crm: Crm, arguments: tuple[str, ...]) -> None:
    crm("field", "add", "deal", "Size", "--kind", "list", "--option", "a")
    ran = crm(*arguments, "--as", "luca", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (5, "access")


def test_a_field_that_one_may_not_see_is_none(crm: Crm) -> None:
    assert crm("field", "add", "deal", "Secret", "visible_to=Anna Bianchi").code == 0
    attempts: list[tuple[str, ...]] = [
        ("field", "show", "deal", "secret"),
        ("field", "show", "deal", "secrte"),
        ("field", "options", "deal", "secret"),
        ("layout", "hide", "deal", "secret"),
        ("layout", "place", "deal", "secret", "main"),
    ]
    for arguments in attempts:
        ran = crm(*arguments, "--as", "luca")
        assert ran.code == 3
        assert "mean secret" not in ran.err
    assert crm("layout", "place", "deal", "secret", "main").code == 0
    for arguments in (("field", "list", "deal"), ("layout", "show", "deal"), ("log", "--limit", "0")):
        assert "secret" not in crm(*arguments, "--as", "luca").out.lower()
        assert "secret" not in crm(*arguments, "--as", "luca", "--json").out.lower()
        assert "secret" in crm(*arguments, "--json").out.lower()


# -- changed -----------------------------------------------------------------------------------------------------------
def test_a_field_is_changed_in_one_step(crm: Crm) -> None:
    crm("field", "add", "deal", "Size", "--kind", "number", "min=0", "default=5")
    before = log_length(crm)
    changed = crm(
        "field", "edit", "deal", "size", "label=Margin", "help=after costs", "min=", "max=90", "default=", "required=won",
        "visible_to=Luca Riva, Test company", "--json",
    ).json["field"]  # fmt: skip
    assert (changed["label"], changed["help"], changed["settings"]) == ("Margin", "after costs", {"max": "90"})
    assert (changed["default"], changed["required_at"]) == (None, {"general": ["won"]})
    assert changed["visible_to"] == ["luca", "department:company"]
    assert log_length(crm) == before + 1
    assert crm("field", "edit", "deal", "Margin", "visible_to=", "required=", "help=").out == "size\n"
    assert (field(crm, "size")["visible_to"], field(crm, "size")["required_at"]) == ([], {})


def test_what_is_required_binds_from_then_on(crm: Crm) -> None:
    assert crm("field", "edit", "deal", "comment", "required=won").code == 0
    ran = crm("deal", "move", "D-1", "won", "--json")
    assert (ran.code, ran.json["error"]["code"], problems(ran)) == (4, "required", ["comment"])
    assert crm("deal", "move", "D-1", "won", "comment=well done").code == 0
    assert crm("field", "edit", "contact", "comment", "required=yes").code == 0
    assert crm("contact", "add", "first_name=Ada").code == 4


# -- options -----------------------------------------------------------------------------------------------------------
def options(crm: Crm, *more: str) -> list[tuple[str, bool, bool, int]]:
    found = crm("field", "options", "deal", "colour", *more, "--json").json["options"]
    return [(one["label"], one["retired"], one["default"], one["items"]) for one in found]


def test_options_are_listed_and_changed(crm: Crm) -> None:
    crm("field", "add", "deal", "Colour", "--kind", "list", "--option", "Red", "--option", "a=b", "default=Red")
    crm("deal", "edit", "D-1", "colour=Red")
    assert options(crm) == [("Red", False, True, 1), ("a=b", False, False, 0)]
    before = log_length(crm)
    assert options(crm, "--add", "-Blue", "--rename", "a=b=c=d", "--up", "-Blue", "--default", "-Blue") == [
        ("Red", False, False, 1), ("-Blue", False, True, 0), ("c=d", False, False, 0)
    ]  # fmt: skip
    assert log_length(crm) == before + 1
    ran = crm("field", "options", "deal", "colour", "--delete", "Red", "--delete", "c=d")
    assert (ran.code, "because they are in use: Red" in ran.err) == (0, True)
    assert options(crm) == [("Red", True, False, 1), ("-Blue", False, True, 0)]
    assert crm("layout", "place", "deal", "colour", "main").code == 0
    assert "Red" in crm("deal", "show", "D-1").out
    assert crm("deal", "edit", "D-2", "colour=Red").code == 4
    assert options(crm, "--restore", "Red", "--down", "Red", "--default", "") == [
        ("-Blue", False, False, 0), ("Red", False, False, 1)
    ]  # fmt: skip
    assert options(crm, "--retire", "Red")[1][1]


def test_what_is_wrong_with_options_is_told_at_once(crm: Crm) -> None:
    crm("field", "add", "deal", "Colour", "--kind", "list", "--option", "Red", "--option", "Blue")
    ran = crm(
        "field", "options", "deal", "colour", "--add", "red", "--rename", "Green=x", "--default", "Pink", "--json"
    )
    assert (ran.code, problems(ran)) == (4, ["options", "options", "options"])
    assert crm("field", "options", "deal", "colour", "--rename", "Red").code == 2
    assert crm("field", "options", "deal", "colour", "--retire", "Red", "--retire", "Blue").code == 4
    assert options(crm) == [("Red", False, False, 0), ("Blue", False, False, 0)]


def test_the_entries_of_a_dictionary_are_listed(crm: Crm) -> None:
    found = crm("field", "options", "deal", "source", "--json").json["options"]
    assert {"call", "web"} <= {one["key"] for one in found}


# -- converted ---------------------------------------------------------------------------------------------------------
def test_a_conversion_tells_before_what_cannot_be(crm: Crm) -> None:
    crm("field", "add", "deal", "Size")
    for ref, text in (("D-1", "12"), ("D-2", "twelve"), ("D-3", "7")):
        crm("deal", "edit", ref, f"size={text}")
    before = log_length(crm)
    ran = crm("field", "convert", "deal", "size", "--kind", "integer", "max=10", "--dry-run")
    rows = [line.split()[:2] for line in ran.out.splitlines()[2:]]
    assert rows == [["D-1", "12"], ["D-2", "twelve"]]
    assert ran.err.startswith("Converted: 1 item; not converted: 2.")
    assert "--dry-run" in ran.err
    assert log_length(crm) == before
    told = crm("field", "convert", "deal", "size", "--kind", "integer", "--label", "Units", "--json").json
    assert (told["field"], told["made"]) == ({"key": "units", "kind": "integer"}, True)
    assert (told["converted"], told["failed"], told["left_out"]) == (2, 1, 0)
    assert [(one["ref"], one["value"]) for one in told["failures"]] == [("D-2", "twelve")]
    fields = {item["ref"]: item["fields"] for item in crm("deal", "list", "--json").json["items"]}
    assert [(fields[ref].get("units"), fields[ref].get("size")) for ref in ("D-1", "D-2", "D-3")] == [
        (12, "12"), (None, "twelve"), (7, "7")
    ]  # fmt: skip
    assert crm("undo").code == 0
    assert crm("field", "show", "deal", "units").code == 3
    assert crm("field", "show", "deal", "size").code == 0


def many(data: Path, count: int) -> None:
    session = open_session(data)
    for start in range(0, count, 5_000):
        docs = [Op("deal", 1_000 + n, {"title": f"x{n}", "size": str(n)}) for n in range(start, start + 5_000)]
        session.store.commit(docs, by=session.person_key, note="many")
    session.close()


def test_a_conversion_shows_how_far_it_is_and_stops_at_ctrl_c(crm: Crm, data: Path) -> None:
    crm("field", "add", "deal", "Size")
    many(data, 10_000)
    ours, theirs = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data)}
    command = [sys.executable, "-m", "tuicrm", "field", "convert", "deal", "size", "--kind", "integer"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=env)
    os.close(theirs)
    try:
        shown, deadline = b"", time.monotonic() + 60
        while b"000/10000" not in shown and time.monotonic() < deadline:
            if select.select([ours], [], [], 1)[0]:
                shown += os.read(ours, 4096)
        assert b"Size (integer): " in shown
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert crm("field", "show", "deal", "size_integer").code == 3
    assert "size_integer" not in crm("deal", "show", "1000", "--json").fields
    told = crm("field", "convert", "deal", "size", "--kind", "integer", "--json").json
    assert (told["converted"], told["failed"]) == (10_000, 0)
    assert crm("fsck").code == 0


# -- deleted -----------------------------------------------------------------------------------------------------------
def test_deleting_says_how_much_goes_and_undo_brings_it_back(crm: Crm) -> None:
    crm("field", "add", "deal", "Notes", "--many")
    crm("deal", "edit", "D-1", "notes=a; b; c")
    crm("deal", "edit", "D-2", "notes=d")
    dry = crm("field", "delete", "deal", "notes", "--dry-run")
    assert (dry.code, dry.out) == (0, "notes\n")
    assert "4 values of 2 items" in dry.err
    assert crm("field", "show", "deal", "notes").code == 0
    told = crm("field", "delete", "deal", "notes", "--json").json
    assert (told["field"], told["values"], told["items"], told["deleted"]) == ("notes", 4, 2, True)
    assert "notes" not in crm("deal", "show", "D-1", "--json").fields
    assert crm("deal", "list", "--where", "notes ~ a").code == 2
    assert crm("undo").code == 0
    assert crm("deal", "show", "D-1", "--json").fields["notes"] == ["a", "b", "c"]


def test_help_and_completion(process: Crm) -> None:
    verbs = {"list", "show", "add", "edit", "options", "convert", "delete"}
    asked = {"_TUICRM_COMPLETE": "bash", "_TUICRM_LINE": "tuicrm field "}
    assert set(process(env=asked).out.split()) == {"words", *verbs}
    told = process("field", "--help", env={"LANG": "it_IT.UTF-8"}).out
    assert "campi di un tipo" in told
    for verb in verbs:
        assert process("field", verb, "--help").code == 0


# -- hours and minutes -------------------------------------------------------------------------------------------------
def test_hours_and_minutes_from_the_first_to_the_last(crm: Crm, tmp_path: Path) -> None:
    assert crm("field", "add", "deal", "Worked", "--kind", "duration", "max=100").out == "worked\n"
    for ref, typed in (("D-1", "1h30"), ("D-2", "2"), ("D-3", "45 min")):
        assert crm("deal", "edit", ref, f"worked={typed}").code == 0
    refused = crm("deal", "edit", "D-1", "worked=1:75")
    assert (refused.code, "hours and minutes are expected" in refused.err) == (4, True)
    assert crm("deal", "edit", "D-1", "worked=101").code == 4
    for where, found in (
        ("worked = 90m", "D-1"), ("worked > 1:30", "D-2"), ("worked < 1", "D-3"), ('worked >= "1h 30 m" and worked < 2h', "D-1"),
        ("worked in (2:00, 3:00)", "D-2"),
    ):  # fmt: skip
        assert crm("deal", "list", "--where", where, "--format", "ids").out.split() == [found], where
    assert crm("deal", "list", "--where", "worked ~ 1").code == 2
    assert crm("deal", "list", "--where", "worked > soon").code == 2
    shown = crm("deal", "list", "--where", "worked is not empty", "--sort", "-worked", "--columns", "worked")
    assert [line.split()[-1] for line in shown.out.splitlines()[2:]] == ["2:00", "1:30", "0:45"]
    assert crm("deal", "show", "D-1", "--json").json["items"][0]["fields"]["worked"] == 90
    titles = ("--columns", "title", "--format", "csv")
    file = tmp_path / "worked.csv"
    file.write_text("title,worked\nBrought,3:15\nToo much,100:01\nNone,soon\n")
    told = crm("import", str(file), "--type", "deal")
    assert (told.code, "1 item created · 0 imported before · 2 rejected" in told.out) == (0, True)
    assert crm("deal", "list", "--where", "worked = 3:15", *titles).out == "title\nBrought\n"
    assert crm("field", "convert", "deal", "worked", "--label", "Hours", "--kind", "number").code == 0
    assert crm("deal", "list", "--where", "hours = 3.25", *titles).out == "title\nBrought\n"
