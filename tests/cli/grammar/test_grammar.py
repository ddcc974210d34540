"""Global options anywhere, texts that begin with a dash, exit codes, envelopes, what is fast and what is quiet."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Crm
from tuicrm import __version__


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "deal", "list", "--limit", "1"),
        ("deal", "--json", "list", "--limit", "1"),
        ("deal", "list", "--limit", "1", "--json"),
        ("deal", "list", "--limit=1", "-q", "--json", "--no-color"),
    ],
)
def test_global_options_stand_before_and_after_the_noun(crm: Crm, arguments: tuple[str, ...]) -> None:
    assert crm(*arguments).json["total"] == 3


def test_the_folder_is_named_by_option_or_environment(process: Crm, data: Path) -> None:
    elsewhere = {"TUICRM_DATA": "/nowhere"}
    assert process("deal", "list", env=elsewhere).code == 7
    assert process("deal", "list", "--data", str(data), env=elsewhere).code == 0
    assert process(f"--data={data}", "deal", "list", env=elsewhere).code == 0


@pytest.mark.parametrize("text", ["-5% agreed", "-q", "--", "--json is nice", "[/] [bold]", "--5", "-agreed"])
def test_a_text_that_begins_with_a_dash_is_a_text(crm: Crm, text: str) -> None:
    arguments = ("--", text) if text in ("-q", "--") else (text,)
    assert crm("comment", "D-1", *arguments).code == 0
    entries = crm("timeline", "D-1", "--json", "--only", "comments").json["entries"]
    assert [entry["text"] for entry in entries] == [text]


def test_after_two_dashes_all_is_text(crm: Crm) -> None:
    ran = crm("comment", "D-1", "--", "--json")
    assert (ran.code, ran.out) == (0, "")
    assert crm("timeline", "D-1", "--json", "--only", "comments").json["entries"][0]["text"] == "--json"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("deal", "list", "--limit"), "--limit needs a value"),
        (("comment", "D-1", "text", "--data"), "--data needs a value"),
        (("--data",), "--data needs a value"),
        (("--josn", "deal", "list"), "--json"),
        (("deal", "--josn", "list"), "--json"),
        (("deal", "list", "--wehre", "x"), "--where"),
        (("deal", "lsit"), "list"),
        (("dael", "list"), "deal"),
        (("deal", "list", "more"), "“more”"),
        (("deal", "show"), "REF"),
        (("undo", "0"), "1 or more"),
        (("activity", "done", "x"), "whole number"),
        (("deal", "list", "--limit", "many"), "whole number, 0 or more"),
        (("deal", "add", "title=-", "comment=-"), "one value"),
    ],
)
def test_a_mistake_in_the_words_is_told_with_what_was_meant(
    crm: Crm, data: Path, arguments: tuple[str, ...], told: str
) -> None:
    ran = crm(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert not (data.parent / "--").exists()


def test_help_and_mistakes_are_in_the_persons_language(process: Crm) -> None:
    italian = {"LANG": "it_IT.UTF-8"}
    english = ("Usage", "Options", "Commands", "Show this", "Missing", "No such", "Invalid", "valid int", "required")
    for arguments in (("--help",), ("deal", "--help"), ("deal", "move", "--help"), ("deal", "lsit"), ("deal", "show")):
        ran = process(*arguments, env=italian)
        assert not [word for word in english if word in ran.out + ran.err], arguments
    assert process("deal", "move", "--help", env=italian).out.startswith("Uso: tuicrm deal move [OPZIONI] REF... ")


@pytest.mark.parametrize("language", ["en_GB.UTF-8", "it_IT.UTF-8"])
def test_help_says_each_thing_whole(process: Crm, language: str) -> None:
    for noun in ((), ("deal",), ("field",), ("user",), ("department",), ("currency",), ("activity",)):
        told = process(*noun, "--help", env={"LANG": language, "COLUMNS": "80"}).out
        assert "..." not in told
        assert max(len(line) for line in told.splitlines()) <= 80


def test_a_comment_from_stdin(process: Crm) -> None:
    assert process("comment", "D-1", "-", stdin="first\nsecond\n").code == 0
    assert process("timeline", "D-1", "--json").json["entries"][0]["text"] == "first\nsecond"


def test_stdin_that_is_no_text_is_refused(crm: Crm) -> None:
    ran = crm("comment", "D-1", "-", "--json", stdin="caf\udce9")
    assert (ran.code, ran.json["error"]["code"]) == (4, "refused")


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        (("deal", "list", "--wehre", "x"), 2, "usage"),
        (("dael", "list"), 2, "usage"),
        (("deal", "lsit"), 2, "usage"),
        (("deal", "list", "--limit", "many"), 2, "usage"),
        (("deal", "list", "--where", "amount >"), 2, "usage"),
        (("deal", "list", "--sort", "-colour"), 2, "usage"),
        (("deal", "list", "--columns", "title,colour"), 2, "usage"),
        (("export", "deal", "--columns", "colour"), 2, "usage"),
        (("deal", "add", "title"), 2, "usage"),
        (("deal", "show"), 2, "usage"),
        (("comment", "D-1"), 2, "usage"),
        (("deal", "show", "D-99"), 3, "not_found"),
        (("user", "edit", "nobody", "--name", "x"), 3, "not_found"),
        (("deal", "edit", "D-1", "colour=red"), 4, "refused"),
        (("comment", "D-1", " "), 4, "refused"),
        (("deal", "list", "--as", "luca", "--data", "/nowhere"), 7, "not_a_workspace"),
    ],
)
def test_every_failure_has_its_exit_code_and_envelope(
    process: Crm, crm: Crm, arguments: tuple[str, ...], code: int, name: str
) -> None:
    ran = process(*arguments, "--json")
    assert (ran.code, ran.json["schema"], ran.json["status"]) == (code, 1, "error")
    assert ran.json["error"]["code"] == name
    assert ran.json["error"]["message"]
    plain = crm(*arguments)
    assert (plain.code, plain.out) == (code, "")
    assert plain.err.startswith("Error: ")


def test_a_mistake_in_a_filter_names_its_place(crm: Crm) -> None:
    ran = crm("deal", "list", "--where", "amount > 1 and colour = red", "--json")
    assert ran.json["error"]["position"] == 15
    assert "at character 16" in crm("deal", "list", "--where", "amount > 1 and colour = red").err


def test_a_stranger_is_refused_with_how_to_be_let_in(crm: Crm) -> None:
    assert crm("user", "edit", "luca", "--login", "somebody").code == 0
    me = crm("user", "list", "--json").json["users"][0]
    assert crm("user", "edit", "luca", "--role", "administrator").code == 0
    assert crm("user", "edit", me["key"], "--login", "elsewhere").code == 0
    ran = crm("deal", "list", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (5, "access")
    assert "tuicrm user add" in ran.json["error"]["message"]


def test_only_administrators_work_as_others(crm: Crm) -> None:
    assert crm("deal", "add", "title=By Luca", "--as", "luca").code == 0
    assert crm("deal", "show", "D-4", "--json").fields["created_by"] == "luca"
    # Managers may change their own deals only.
    ran = crm("--as", "luca", "deal", "edit", "D-1", "title=x", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (5, "access")
    assert crm("--as", "nobody", "deal", "list").code == 3


def test_no_escape_codes_where_there_is_no_terminal(process: Crm) -> None:
    for arguments in (
        ("board",),
        ("deal", "list"),
        ("deal", "show", "D-1"),
        ("log",),
        ("timeline", "D-1"),
        ("--help",),
    ):
        ran = process(*arguments, env={"COLORTERM": "truecolor", "TERM": "xterm-256color"})
        assert ran.code == 0
        assert "\x1b" not in ran.out + ran.err


@pytest.mark.parametrize(("more", "coloured"), [((), True), (("--no-color",), False)])
def test_colours_on_a_terminal(data: Path, more: tuple[str, ...], coloured: bool) -> None:
    ours, theirs = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data), "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "tuicrm", "deal", "list", *more]
    with subprocess.Popen(command, stdout=theirs, stdin=theirs, stderr=subprocess.DEVNULL, env=env) as process:
        os.close(theirs)
        shown = b""
        try:
            while chunk := os.read(ours, 4096):
                shown += chunk
        except OSError:
            pass  # the end of a terminal
        assert process.wait() == 0
    os.close(ours)
    assert b"Website" in shown
    assert (b"\x1b[" in shown) == coloured


def test_a_reader_that_has_enough_is_no_error(data: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data)}
    command = f"{sys.executable} -m tuicrm log --limit 0; echo $? >&2"
    done = subprocess.run(["sh", "-c", f"({command}) | true"], capture_output=True, text=True, env=env, check=False)
    assert done.stderr in ("0\n", "0\n0\n")


def test_quiet_leaves_only_the_data(crm: Crm) -> None:
    ran = crm("deal", "list", "-q")
    assert ran.err == ""
    assert "Website redesign" in ran.out


def test_the_version_is_told_before_anything_is_loaded(process: Crm) -> None:
    assert process("--version").out == f"tuicrm {__version__}\n"
    assert process("--version", "--json").json["version"] == __version__
    code = "import sys; sys.argv = ['tuicrm', '--version']; import tuicrm.__main__ as m; m.main(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"typer", "msgspec", "json"}.isdisjoint(done.stdout.split())


def test_a_list_for_programs_loads_only_what_it_needs(data: Path) -> None:
    code = (
        "import sys; from tuicrm.cli.run import run; code = run(['deal', 'list', '--where', 'amount > 1', '--json']);"
        "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    env = {**os.environ, "TUICRM_DATA": str(data)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "msgspec" in loaded
    assert loaded.isdisjoint(
        ("typer", "textual", "rich", "babel", "phonenumbers", "rapidfuzz", "tinydb", "asyncio", "tomlkit")
    )
    assert "tuicrm.render.table" not in done.stderr.split()


def test_alone_without_a_terminal_it_helps(process: Crm) -> None:
    ran = process()
    assert ran.code == 0
    assert ran.out.startswith("Usage: tuicrm")
    ran = process("--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "usage")


def test_a_noun_alone_lists_its_verbs(crm: Crm) -> None:
    ran = crm("user")
    assert (ran.code, ran.err) == (0, "")
    assert "retire" in ran.out
    assert crm("user", "--json").json["error"]["code"] == "usage"


def test_completion_knows_nouns_verbs_and_options(process: Crm) -> None:
    assert "complete -F" in process("completion", "bash").out
    assert process("completion", "zsh", "--json").json["script"].startswith("#compdef tuicrm")
    assert process("completion", "tcsh").code == 2
    asked = {"_TUICRM_COMPLETE": "bash", "_TUICRM_LINE": "tuicrm deal "}
    assert {"list", "show", "add", "edit", "move", "delete"} <= set(process(env=asked).out.split())
    asked = {"_TUICRM_COMPLETE": "bash", "_TUICRM_LINE": "tuicrm deal list --limit 3 --w"}
    assert process(env=asked).out.split() == ["words", "--where"]
