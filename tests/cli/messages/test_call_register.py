"""`tuicrm call log`, `list`, `create`, `import`: as people and programs use them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Crm

REGISTER = """calldate,src,dst,billsec,disposition,uniqueid
2026-11-03 09:15:02,+393331234567,200,61,ANSWERED,1.1
2026-11-03 10:00:00,0288888888,200,0,NO ANSWER,1.2
2026-11-03 10:05:00,201,202,10,ANSWERED,1.3
soon,201,202,10,ANSWERED,1.4
"""


@pytest.fixture
def maria(data: Path, crm: Crm) -> Path:
    """A workspace in which C-1 has a number."""
    assert crm("contact", "edit", "C-1", "phone=333 1234567").code == 0
    return data


def test_a_call_is_logged_and_stands_on_timelines(maria: Path, crm: Crm) -> None:
    done = crm("call", "log", "C-1", "--out", "--minutes", "6", "--outcome", "reached", "--note", "They take it")
    assert (done.code, done.out, done.err) == (0, "MSG-1\n", "on C-1, CO-1, D-1\n")
    for ref in ("C-1", "D-1"):
        told = crm("timeline", ref, "--only", "calls").out
        assert "Call to +393331234567" in told
        assert "They take it" in told
    listed = crm("call", "list", "D-1", "--json").json
    assert [(one["ref"], one["minutes"], one["outcome"]) for one in listed["calls"]] == [("MSG-1", 6, "reached")]
    table = crm("call", "list").out
    assert "+393331234567" in table
    assert "reached" in table
    crm("undo")
    assert crm("call", "list", "--json").json["total"] == 0


def test_the_next_step_and_the_note_from_stdin(maria: Path, crm: Crm) -> None:
    words = (
        "call",
        "log",
        "+39 333 1234567",
        "--in",
        "--outcome",
        "no answer",
        "--note",
        "-",
        "--when",
        "2026-11-03T09:00",
    )
    done = crm(*words, "--next", "Call again", "--at", "2026-12-18T09:00", stdin="Two\nlines\n")
    call, planned = done.out.split()
    kept = crm("call", "list", "C-1", "--json").json["calls"]
    assert [(one["ref"], one["text"]) for one in kept] == [(call, "Two\nlines")]
    assert "Call again" in crm("activity", "list", "C-1").out
    told = crm(*words, "--json", stdin="").json
    assert (told["message"]["outcome"], told["next"]) == ("no_answer", None)
    assert planned.isdecimal()


def test_a_number_of_nobody_s_becomes_a_lead(maria: Path, crm: Crm) -> None:
    done = crm("call", "log", "+39 02 9999 9999", "--in", "--outcome", "voicemail")
    assert "waits in the inbox" in done.err
    assert "MSG-1" in crm("call", "list", "--waiting").out
    assert "MSG-1" in crm("mail", "list").out
    made = crm("call", "create", "MSG-1", "lead", "title=Fair")
    assert (made.out, made.err) == ("L-1\n", "1 call is on it.\n")
    assert crm("lead", "show", "L-1", "--json").fields["phone"][0]["value"] == "+390299999999"
    assert crm("call", "list", "--waiting").err == "Nothing here.\n"
    assert crm("call", "create", "MSG-1", "lead").code != 0


def test_a_register_comes_in_once(maria: Path, crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(REGISTER)
    dry = crm("call", "import", str(file), "--dry-run")
    assert dry.err.splitlines()[0] == "2 calls come in; 1 of them waits in the inbox; 1 within the house was left"
    first = crm("call", "import", str(file))
    assert first.err.splitlines() == [
        "2 calls came in; 1 of them waits in the inbox; 1 within the house was left",
        "line 5: a day and a time are expected, not “soon”",
    ]
    told = crm("call", "import", str(file), "--json").json
    assert (told["new"], told["known"], told["internal"], [one["line"] for one in told["rejected"]]) == (0, 2, 1, [5])
    assert crm("call", "list", "--json").json["total"] == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("log", "C-1"), "--in or --out"),
        (("log", "C-1", "--in", "--out"), "--in or --out"),
        (("log", "C-1", "--in", "--outcome", "fine"), "choose one of"),
        (("log", "C-1", "--in", "--minutes", "1441"), "at most 1440 minutes"),
        (("log", "C-1", "--in", "--at", "today"), "--next"),
        (("log", "C-99", "--in"), "There is no C-99"),
        (("log", "+39 02 9999 9999", "--in", "--next", "x"), "nobody here has this number"),
        (("list", "C-1", "--waiting"), "not both"),
        (("create", "MSG-9", "lead"), "There is no message MSG-9"),
        (("import", "nothing.csv"), "cannot be read"),
    ],
)
def test_mistakes_are_told(maria: Path, crm: Crm, words: tuple[str, ...], told: str) -> None:
    done = crm("call", *words)
    assert done.code not in (0, 1)
    assert told in done.err
