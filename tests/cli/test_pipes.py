"""Output for pipes and refs from them: formats, columns, `-` for stdin, items as lines of JSON."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Crm

HOSTILE = 'a\tb "c", \\d\ne\x1b]52;c;aGk=\x07'


def test_a_list_in_every_format(process: Crm) -> None:
    asked = ("deal", "list", "--sort", "title", "--columns", "ref,title,amount")
    assert process(*asked, "--format", "tsv").out == (
        "ref\ttitle\tamount\nD-3\tAnnual support\t\nD-2\tERP connector\t38000.00 EUR\nD-1\tWebsite redesign\t12500.00 EUR\n"
    )
    assert process(*asked, "--format", "csv", "--no-header").out.splitlines()[1] == "D-2,ERP connector,38000.00 EUR"
    assert process(*asked, "--format=ids").out == "D-3\nD-2\nD-1\n"
    table = process(*asked, "--format", "table", "--no-header").out.splitlines()
    assert [line.split()[0] for line in table] == ["D-3", "D-2", "D-1"]
    told = process(*asked, "--format", "json").json
    assert told["items"][1]["fields"] == {"title": "ERP connector", "amount": {"amount": "38000.00", "currency": "EUR"}}
    assert told == process(*asked, "--json").json


def test_ref_id_and_rev_are_columns(crm: Crm) -> None:
    assert crm("deal", "edit", "D-2", "title=ERP").code == 0
    ran = crm("deal", "list", "--columns", "rev,id,ref", "--where", "title = ERP", "--format", "tsv")
    rev = crm("deal", "show", "D-2", "--json").json["items"][0]["rev"]
    assert ran.out.splitlines() == ["rev\tid\tref", f"{rev}\t2\tD-2"]
    told = crm("deal", "list", "--columns", "rev", "--limit", "1", "--json").json["items"][0]
    assert (told["ref"], told["fields"]) == ("D-1", {})


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("deal", "list", "--format", "xlsx"), "xlsx is not a format"),
        (("find", "rossi", "--format", "yaml"), "yaml is not a format"),
        (("deal", "list", "--json", "--format", "csv"), "cannot be used together"),
        (("find", "rossi", "--columns", "colour", "--format", "csv"), "there is no column colour"),
        (("deal", "show", "-", "-"), "once"),
        (("deal", "edit", "-", "title=-"), "stdin"),
        (("deal", "move", "-", "Won", "comment=-"), "stdin"),
        (("deal", "add", "-", "title=-"), "stdin"),
        (("activity", "add", "D-1", "Call", "--kind", "letter"), "There is no kind of activity “letter”"),
        (("--color", "sometimes", "deal", "list"), "auto, always, never"),
        (("deal", "edit", "D-1", "--titel", "x"), "--titel"),
        (("deal", "move", "D-1"), "Name the items and the stage"),
        (("merge", "C-1"), "at least two"),
        (("find", "rossi", "--fromat", "ids"), "--format"),
        (("comment", "D-1", "text", "--jsno"), "--json"),
        (("deal", "list", "--limit", "1_0"), "whole number"),
        (("deal", "list", "--limit", "\u0661"), "whole number"),
        (("deal", "list", "--limit", "9" * 5000), "whole number"),
        (("log", "--since", "whenever"), "--since"),
        (("deal", "history", "D-1", "--at", "whenever"), "--at"),
        (("field", "convert", "deal", "comment"), "--kind is missing"),
    ],
)
def test_usage_mistakes_are_told_and_exit_with_2(crm: Crm, arguments: tuple[str, ...], told: str) -> None:
    ran = crm(*arguments, stdin="D-1\n")
    assert ran.code == 2
    assert told in ran.err + ran.out


def test_hostile_values_keep_their_place_in_csv_and_tsv(crm: Crm) -> None:
    # The title is one line: what breaks it is in the comment.
    made = crm("deal", "add", "title=x", "comment=-", stdin=HOSTILE).out.strip()
    asked = ("deal", "list", "--where", "title = x", "--columns", "ref,comment")
    rows = list(csv.reader(io.StringIO(crm(*asked, "--format", "csv").out, newline="")))
    assert rows[1] == [made, HOSTILE]
    lines = crm(*asked, "--format", "tsv", "--no-header").out.splitlines()
    assert len(lines) == 1
    assert lines[0].count("\t") == 1
    assert "a\\tb" in lines[0]
    assert "\\\\d\\ne" in lines[0]


def test_what_one_command_finds_another_changes_as_one_step(process: Crm) -> None:
    refs = process("deal", "list", "--where", "amount > 1", "--format", "ids").out
    ran = process("deal", "edit", "-", "source=web", stdin=refs)
    assert (ran.code, ran.out.split()) == (0, ["D-1", "D-2"])
    sources = ("deal", "list", "--columns", "source", "--format", "tsv", "--no-header")
    assert process(*sources).out == "Web site\nWeb site\n\n"
    assert process("undo").code == 0
    assert process(*sources).out == "\n\n\n"


def test_refs_come_as_columns_of_a_csv_too(crm: Crm) -> None:
    refs = crm("deal", "list", "--format", "csv", "--columns", "ref").out
    assert crm("deal", "show", "-", "--json", stdin=refs).json["total"] == 3


def test_many_are_moved_and_deleted_from_stdin(crm: Crm) -> None:
    moved = crm("deal", "move", "-", "preparation", "--json", stdin="D-1 D-3\nD-1\n").json
    assert {item["fields"]["stage"] for item in moved["items"]} == {"preparation"}
    assert moved["total"] == 2
    assert crm("deal", "delete", "-", stdin="D-1\nD-2\n").code == 0
    assert crm("deal", "list", "--format", "ids").out == "D-3\n"
    assert crm("undo").code == 0
    assert crm("deal", "list", "--format", "ids").out == "D-1\nD-2\nD-3\n"


@pytest.mark.parametrize("verb", [("edit", "-", "title=x"), ("move", "-", "preparation"), ("delete", "-")])
def test_a_wrong_ref_among_many_changes_nothing(crm: Crm, verb: tuple[str, ...]) -> None:
    before = crm("deal", "list", "--json").json
    assert crm("deal", *verb, stdin="D-1\nD-99\n").code == 3
    assert crm("deal", *verb, stdin="D-1\n../x\n").code == 3
    assert crm("deal", "list", "--json").json == before


@pytest.mark.parametrize(
    "verb", [("edit", "-", "title=x"), ("move", "-", "preparation"), ("delete", "-"), ("show", "-")]
)
def test_nothing_on_stdin_is_nothing_to_do(crm: Crm, verb: tuple[str, ...]) -> None:
    before = crm("log", "--json").json
    ran = crm("deal", *verb, "--json", stdin="")
    assert (ran.code, ran.json["items"]) == (0, [])
    assert crm("log", "--json").json == before


def test_an_item_is_shown_by_its_ref_alone(process: Crm) -> None:
    card = process("deal", "show", "D-2").out
    assert "ERP connector" in card
    assert process("show", "D-2").out == card
    assert process("D-2").out == card
    assert [item["ref"] for item in process("--json", "show", "D-2", "CO-1").json["items"]] == ["D-2", "CO-1"]
    assert process("d-2", "--json").json["items"][0]["id"] == 2
    assert process("D-99").code == 3
    ran = process("X-7")
    assert ran.code in (2, 3)
    assert "X-7" in ran.err


def test_items_come_as_lines_of_json_in_one_step(process: Crm) -> None:
    lines = [
        {"title": "From a script", "amount": "500.10 EUR"},
        {"title": "Exact", "amount": 0.1, "company": "CO-2"},
        {"title": "As JSON has it", "amount": {"amount": "7.00", "currency": "USD"}, "stage": "preparation"},
    ]
    ran = process("deal", "add", "-", "source=web", stdin="\n\n".join(map(json.dumps, lines)) + "\n")
    assert (ran.code, ran.out.split()) == (0, ["D-4", "D-5", "D-6"])
    told = process("show", "D-4", "D-5", "D-6", "--json").json["items"]
    assert [item["fields"]["source"] for item in told] == ["web"] * 3
    assert [item["fields"]["amount"]["amount"] for item in told] == ["500.10", "0.10", "7.00"]
    assert told[2]["fields"]["stage"] == "preparation"
    assert process("undo").code == 0
    assert process("deal", "list", "--json").json["total"] == 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"title": "x", "amount": "many"}', "amount: line 3"),
        ('{"titel": "x"}', "line 3"),
        ('{"title": "x", "probability": [1, 2]}', "line 3"),
        ('{"title": "x"', "line 3 is not valid JSON"),
        ("[1]", "line 3: an object"),
        ('{"title": "x", "stage": "nowhere"}', "stage: line 3"),
        ("[" * 5000, "line 3"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_made(crm: Crm, line: str, told: str) -> None:
    ran = crm("deal", "add", "-", stdin=f'{{"title": "good"}}\n\n{line}\n{{"title": "good too"}}\n')
    assert (ran.code, ran.out) == (4, "")
    assert told in ran.err
    assert crm("deal", "list", "--json").json["total"] == 3


def test_all_wrong_lines_are_told_at_once(crm: Crm) -> None:
    ran = crm("deal", "add", "-", "--json", stdin='{"amount": "a"}\n{"title": "x"}\n{"close_date": "b"}\n')
    assert ran.code == 4
    assert [(one["field"], one["message"][:7]) for one in ran.json["error"]["fields"]] == [
        ("amount", "line 1:"),
        ("close_date", "line 3:"),
    ]


def test_very_many_lines_are_one_step_too(crm: Crm) -> None:
    lines = "".join(f'{{"title": "Deal {n}"}}\n' for n in range(450))
    assert crm("deal", "add", "-", "--dry-run", stdin=lines).code == 0
    assert crm("deal", "list", "--json", "--limit", "1").json["total"] == 3
    ran = crm("deal", "add", "-", "-q", stdin=lines)
    assert len(ran.out.split()) == 450
    assert crm("deal", "list", "--json", "--limit", "1").json["total"] == 453
    assert crm("undo").code == 0
    assert crm("deal", "list", "--json", "--limit", "1").json["total"] == 3


def test_what_is_found_in_every_format(process: Crm) -> None:
    refs = process("find", "rossi", "--format", "ids").out.split()
    assert {"CO-1", "C-1"} <= set(refs)
    rows = list(csv.DictReader(io.StringIO(process("find", "rossi", "--format", "csv").out)))
    assert [row["ref"] for row in rows] == refs
    assert {row["title"] for row in rows} >= {"Rossi Srl", "Maria Rossi"}
    assert next(row for row in rows if row["ref"] == "CO-1")["rev"].isdigit()
    first = process("find", "rossi", "--format", "tsv", "--columns", "type,ref", "--no-header").out.splitlines()[0]
    assert first.split("\t")[1] == refs[0]
    assert process("find", "rossi", "--format", "json").json == process("find", "rossi", "--json").json
    assert process("find", "nosuchthing", "--format", "ids").out == ""


def test_colours_into_a_pipe_only_where_they_are_asked_for(process: Crm) -> None:
    for more in ((), ("--color=auto",), ("--color", "never"), ("--no-color",)):
        assert "\x1b" not in process("deal", "list", *more, env={"TERM": "xterm-256color"}).out
    assert "\x1b[" in process("deal", "list", "--color=always", env={"TERM": "dumb"}).out
    assert "\x1b[" in process("--color", "always", "deal", "list", env={"NO_COLOR": "1"}).out
    assert "\x1b" not in process("deal", "list", "--color=always", "--json").out


def test_columns_says_how_wide_a_card_is_and_cuts_no_data_in_a_pipe(process: Crm) -> None:
    narrow = process("D-1", env={"COLUMNS": "40"}).out.splitlines()
    assert max(map(len, narrow)) <= 40
    assert max(map(len, process("D-1", env={"COLUMNS": "120"}).out.splitlines())) > 40
    assert process("deal", "list", env={"COLUMNS": "40"}).out == process("deal", "list", env={"COLUMNS": ""}).out


def test_columns_says_how_wide_a_table_is_on_a_terminal(data: Path) -> None:
    ours, theirs = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data), "COLUMNS": "44", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "tuicrm", "--no-color", "deal", "list", "--format", "table"]
    with subprocess.Popen(command, stdout=theirs, stdin=theirs, stderr=subprocess.DEVNULL, env=env) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # the end of a terminal
            while chunk := os.read(ours, 4096):
                shown += chunk
        assert process.wait() == 0
    os.close(ours)
    lines = shown.decode().replace("\r", "").splitlines()
    assert 30 < max(map(len, lines)) <= 44
