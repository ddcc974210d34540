"""What a terminal gets: every command there is, on a real pty, in a workspace where every text is hostile."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from tests.cli.conftest import ROOT
from tests.cli.every_command import ACTS, BEFORE, EVIL, FILE, TYPES, Leaf, Words, files, groups, leaves
from tests.hostile_workspace import FORBIDDEN, PAYLOADS, hostile_texts
from tests.terminal import Terminal
from tuicrm.services.workspace.start import open_session

# What the program writes itself: colours and manners of its palettes, and a line that is written again.
_ONE = r"(?:[12347]|[34][0-7]|9[0-7]|10[0-7]|[34]8;5;\d+|[34]8;2;\d+;\d+;\d+)"
_OWN = re.compile(rf"\x1b\[(?:0|{_ONE}(?:;{_ONE})*)m|\r\x1b\[K")
_NEVER_SEEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u3164\uffa0\ufff0\ufff8\U0001d159"
_NEVER_SEEN += "".join(map(chr, (*range(0xFE00, 0xFE0E), *range(0xE0000, 0xE1000))))
_PART_OF_WRITING = "\n\t\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u200c\u200d"
_BESIDE = re.compile(r"^No country is set: .*\n", re.MULTILINE)
"""What `init` says on stderr even with --json."""
REMARK = "Characters that could steer this terminal"


def harm(written: bytes) -> list[str]:
    """What of it a terminal must not get."""
    # What is no UTF-8 is harm too: a byte from 80 to 9F is a control character to some terminals.
    text = _OWN.sub("", written.replace(b"\r\n", b"\n").decode("utf-8", "surrogateescape"))
    return sorted(
        ascii(one)
        for one in set(text)
        if one not in _PART_OF_WRITING
        and (one in _NEVER_SEEN or unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    )


@pytest.fixture(scope="module")
def evil_journal(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace as it was written: all of it in its journal."""
    path = tmp_path_factory.mktemp("evil") / "workspace"
    shutil.copytree(template, path)
    session = open_session(path)
    hostile_texts(session, PAYLOADS)
    session.close()
    return path


@pytest.fixture(scope="module")
def evil(evil_journal: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace to copy: folded, so that not each of a thousand commands reads all that was written."""
    path = tmp_path_factory.mktemp("folded") / "workspace"
    shutil.copytree(evil_journal, path)
    session = open_session(path)
    session.store.files.compact()
    session.close()
    return path


class Seen(NamedTuple):
    """What a run wrote to its terminal, and its exit code."""

    words: Words
    written: bytes
    code: int


class Run(NamedTuple):
    """A command line to run, and what to run before it."""

    words: Words
    before: Sequence[Words] = ()


@pytest.fixture
def on_terminal(evil: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs command lines on a pty, one after another, each in its copy of the workspace."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("HOME", str(tmp_path))
    files(tmp_path)

    def run_all(runs: Sequence[Run]) -> list[Seen]:
        plan, mark = tmp_path / "plan.json", f"<end of a run {os.urandom(8).hex()}>"
        told = [{"words": run.words, "before": run.before} for run in runs]
        plan.write_text(json.dumps({"template": str(evil), "mark": mark, "runs": told}))
        terminal = Terminal([sys.executable, "-m", "tests.cli.pty_runner", str(plan)])
        try:
            assert terminal.wait(300) == 0, terminal.raw()[-3000:]
            pieces = terminal.raw().split(mark.encode())
        finally:
            terminal.close()
        codes = json.loads(plan.with_suffix(".codes").read_text())
        assert len(pieces) - 1 == len(codes) == len(runs)
        return [Seen(run.words, *ran) for run, *ran in zip(runs, pieces, codes, strict=False)]

    return run_all


LEAVES = leaves()
ONCE = [leaf for leaf in LEAVES if leaf.path[0] not in TYPES or leaf.path[0] == "deal"]
ELSE = [leaf for leaf in LEAVES if leaf not in ONCE]


def test_every_command_is_walked() -> None:
    """A new command is given what makes it act; one that is gone, is gone here."""
    assert {leaf.key for leaf in LEAVES} == set(ACTS)
    assert set(BEFORE) <= set(ACTS)
    assert {leaf.path[0] for leaf in LEAVES} >= set(TYPES)


def acting(found: Sequence[Leaf], *more: str) -> list[Run]:
    """What makes them act; as JSON, which one piece of code writes, the first of each and all exports."""
    return [
        Run((*words, *more), BEFORE.get(leaf.key, ()))
        for leaf in found
        for words in leaf.acts()[: 1 if more and leaf.key != "export" else None]
    ]


def assert_clean(seen: Sequence[Seen]) -> None:
    """Nothing harmful among what was written, and every failure foreseen."""
    for words, written, code in seen:
        assert harm(written) == [], (words, written)
        assert [one for one in FORBIDDEN if one in written] == [], (words, written)
        assert b"Traceback" not in written, (words, written)
        # A doctor says with 1 that something is wrong here.
        wrong_here = words[0] == "doctor" or words[:2] in (("channel", "test"), ("serve", "doctor"))
        # Nobody has such a key.
        out = words[:2] == ("serve", "enter")
        assert code in (0, 2, 3, 4, 7) or (wrong_here and code == 1) or (out and code == 5), (words, written)
        if "--json" in words and not {"--help", "csv", "--spreadsheet", "--products"}.intersection(words):
            # Behind what is exported comes a remark.
            assert _is_json(_BESIDE.sub("", written.decode().partition(REMARK)[0])), (words, written)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


ELSEWHERE = {
    "calendar sync",
    "channel test",
    "activity invite",
    "activity answer",
    "template check",
    "mail add",
    "call dial",
    "sms send",
    "whatsapp send",
    "whatsapp window",
    "whatsapp invite",
    "telegram send",
    "telegram invite",
    "channel listen",
    "serve ssh-key add",
    "serve ssh-key remove",
    "serve enter",
    "serve doctor",
    "role import",
}
"""What only a server or a desktop lets go well, or who was asked: tests/cli/calendar, tests/cli/messages. A check that finds faults
ends with 1: cli/documents. Keys of people: cli/test_served.py, roles of a file: cli/workspace. A mail is read from the input, a text
goes by a channel to a number that is one: cli/messages."""


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["text", "json"])
def test_every_command_acting(on_terminal: Any, more: Words) -> None:
    seen = on_terminal(acting(ONCE, *more))
    assert_clean(seen)
    assert [words for words, written, _code in seen if not written] == []
    worked = {
        leaf.path
        for leaf in ONCE
        for words, _w, code in seen
        if code in (0, 7) and words[: len(leaf.path)] == leaf.path
    }
    assert [leaf.key for leaf in ONCE if leaf.path not in worked and leaf.key not in ELSEWHERE] == []


def test_every_command_of_the_other_types(on_terminal: Any) -> None:
    """The same commands with other data: one run of each, as text for half of the types and as JSON for the others."""
    turn = {key: n for n, key in enumerate(TYPES)}
    runs = [acting([leaf], *(["--json"] if (n + turn[leaf.path[0]]) % 2 else []))[0] for n, leaf in enumerate(ELSE)]
    assert {run.words[-1] == "--json" for run in runs if run.words[1] == "list"} == {True, False}
    assert_clean(on_terminal(runs))


@pytest.mark.parametrize("half", [0, 1])
def test_every_command_with_mistakes(on_terminal: Any, half: int) -> None:
    """Hostile words in the place of every argument, every option's value, options, folders and people; and all help."""
    more = (("--json",), ())
    runs = [Run((*words, *more[n % 2])) for leaf in ONCE[half::2] for n, words in enumerate(leaf.mistakes())]
    runs += [Run((*words, *rest)) for words in groups(ONCE)[half::2] for rest in ((EVIL,), (f"--{EVIL}",), ("--help",))]
    seen = on_terminal(runs)
    assert_clean(seen)
    assert {code for _words, _written, code in seen} >= {0, 2, 3, 4}


EVIL_TEXT = f"{EVIL}\n{{"


def test_a_damaged_workspace(on_terminal: Any, evil_journal: Path, tmp_path: Path) -> None:
    """Its faults are told by names of files and by what stands in them."""
    spoiled = tmp_path / "spoiled"
    shutil.copytree(evil_journal, spoiled)
    journal = next(spoiled.glob("journal.*"))
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(
        b"".join([*lines[:1], b"\x1b]0;pwned\x07\xe2\x80\xae\x9b31m\n", *lines[1:3], b"\xff\xfe\x00\n"])
    )
    for name in (EVIL, "journal.\x1b[31;5m", "snapshot.\u202e\U000e0041"):
        (spoiled / name).write_text(EVIL_TEXT)
        (spoiled / "history" / name).write_text(EVIL_TEXT)
    for name, written in (("CURRENT", EVIL_TEXT), ("ids", EVIL_TEXT)):
        other = tmp_path / name
        shutil.copytree(evil_journal, other)
        (other / name).write_text(written)
    places = [str(spoiled), str(tmp_path / "CURRENT"), str(tmp_path / "ids"), str(tmp_path / f"{FILE}.csv"), f"/{EVIL}"]
    verbs: list[Words] = [("fsck",), ("fsck", "--salvage", f"made{EVIL}"), ("deal", "list"), ("log",), ("doctor",)]
    seen = on_terminal(
        [Run((*verb, "--data", place, *more)) for place in places for verb in verbs for more in ((), ("--json",))]
    )
    assert_clean(seen)
    assert [code for _words, _written, code in seen if code == 7]


@pytest.fixture
def here(evil: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which processes run, to write in."""
    data = tmp_path / "data"
    shutil.copytree(evil, data)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("TUICRM_DATA", str(data))
    return data


def on_pty(*command: str, code: int = 0) -> bytes:
    """What a process writes to its terminal."""
    terminal = Terminal(command)
    try:
        assert terminal.wait() == code, terminal.raw()
        return terminal.raw()
    finally:
        terminal.close()


TUICRM = (sys.executable, "-m", "tuicrm")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_a_shell_completes(here: Path, shell: str) -> None:
    """Values of the workspace and their meanings, and behind hostile words; the shells write what they are answered."""
    offered = b""
    for words in (
        ("",),
        ("deal", ""),
        ("deal", "list", "--"),
        ("deal", "show", "D-"),
        ("deal", "edit", "D-1001", ""),
        ("deal", "edit", "D-1001", "choice="),
        ("deal", "move", "D-1001", ""),
        ("filter", "delete", "deal", ""),
        ("deal", "show", EVIL, ""),
        (EVIL, ""),
        ("--data", EVIL, "deal", "show", "D-"),
    ):
        asked = {
            "_TUICRM_COMPLETE": shell,
            "_TUICRM_TYPE": "63",
            "_TUICRM_LINE": shlex.join((TUICRM[0], *words[:-1])) + f" {words[-1]}",
        }
        env = [f"{name}={value}" for name, value in asked.items()]
        written = on_pty("env", *env, *TUICRM, *(() if shell == "bash" else words))
        assert harm(written) == [], (words, written)
        offered += written
    for value in (b"contact", b"--where", b"D-1001", b"choice="):
        assert value in offered


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_is_raw_in_pipes_and_files_only(here: Path, form: str) -> None:
    export = [*TUICRM, "export", "deal", "--format", form]
    subprocess.run([*export, "-o", "file"], check=True, capture_output=True)
    raw, written = Path("file").read_bytes(), f"{3 + len(PAYLOADS)} items written"
    if form == "csv":
        assert [text for text in PAYLOADS if text.encode() not in raw] == []
    for encoding in ("utf-8", "latin-1"):
        piped = subprocess.run(
            export, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding}, check=True
        )
        assert piped.stdout == raw
        assert piped.stderr.decode().splitlines() == [written]
    shown = on_pty(*export)
    assert harm(shown) == []
    text = _OWN.sub("", shown.replace(b"\r\n", b"\n").decode())
    if form == "json":
        # How far it was has come and gone.
        assert text.partition("{")[2] == raw.decode().partition("{")[2] + f"{written}\n"
    else:
        assert text.count(REMARK) == 1
        assert text.splitlines()[-1].endswith("A pipe or a file gets them as they are: | less, or -o FILE.")
        assert r"\u001b]52;c;cHduZWQ=\u0007" in text
        assert r"\udb40\udc41" in text


@pytest.mark.parametrize(
    ("redirected", "remarks"), [("| cat >file", 0), (">file", 0), ("2>errors", 0), ("--quiet", 1), ("--json", 1)]
)
def test_the_remark_goes_where_the_talk_goes(here: Path, redirected: str, remarks: int) -> None:
    """And only where something was shown otherwise than it is."""
    shown = on_pty("sh", "-c", f"{shlex.join(TUICRM)} export deal --format csv {redirected}")
    assert harm(shown) == []
    assert shown.decode().count(REMARK) == remarks
    if redirected == "2>errors":
        assert Path("errors").read_text().count(REMARK) == 1
    if "file" in redirected:
        assert "\x1b]52;" in Path("file").read_text()


def test_a_backup_goes_to_no_terminal(here: Path) -> None:
    shown = on_pty(*TUICRM, "backup", "-", code=2)
    assert b"A backup cannot be shown in a terminal" in shown
    assert harm(shown) == []


def test_errors_on_a_terminal_beside_a_pipe(here: Path) -> None:
    shown = on_pty("sh", "-c", f"{shlex.join(TUICRM)} deal show {shlex.quote(EVIL)} | cat >file; exit 3", code=3)
    assert b"Error" in shown
    assert harm(shown) == []
    assert Path("file").read_bytes() == b""


NO_TEXT = "caf\udce9"
"""How Python has the bytes of `café` in Latin-1 among arguments and names of files."""


def test_bytes_that_are_no_text(on_terminal: Any) -> None:
    """In arguments and names of files: told as they can be read, in JSON that any reader takes."""
    wanted: dict[Words, int] = {
        ("deal", "show", NO_TEXT): 3,
        ("deal", "edit", "D-1", f"title={NO_TEXT}"): 4,
        ("deal", "list", "--where", f"title = {NO_TEXT}"): 0,
        ("comment", "D-1", NO_TEXT): 4,
        ("find", NO_TEXT): 0,
        (f"--{NO_TEXT}",): 2,
        (NO_TEXT,): 2,
        ("import", f"{NO_TEXT}.csv", "--type", "deal"): 3,
        ("export", "deal", "--force", "-o", f"{NO_TEXT}.csv"): 0,
        ("deal", "list", "--data", NO_TEXT): 7,
        ("filter", "save", "deal", NO_TEXT, "title ~ x"): 4,
        ("fsck", "--salvage", f"made-{NO_TEXT}"): 0,
        ("init", f"made-{NO_TEXT}"): 0,
    }
    seen = on_terminal([Run((*words, *more)) for words in wanted for more in ((), ("--json",))])
    assert_clean(seen)
    for words, written, code in seen:
        assert code == wanted[tuple(word for word in words if word != "--json")], (words, written)
        if "--json" in words:
            msgspec.json.decode(_BESIDE.sub("", written.decode()))


@pytest.mark.parametrize(
    "words", [("doctor",), ("deal", "list"), ("log",), ("board", "deal"), ("--help",), ("--version",)]
)
def test_processes_of_their_own(here: Path, words: Words) -> None:
    """With a keyboard, and in colour."""
    shown = on_pty(*TUICRM, *words).replace(b"\x1b[?2026$p\x1b[c", b"")  # what doctor asks the terminal
    assert harm(shown) == []
    assert shown


CRASH = """
import sys
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.cli.run import run
def crash(*_given):
    evil = {evil!r}
    raise ValueError(evil)
BoardScreen.on_mount = crash
sys.exit(run([]))
"""


def test_a_crash_on_screen(here: Path) -> None:
    """Textual tells of it on the terminal, with the values that were there."""
    shown = on_pty(sys.executable, "-c", CRASH.format(evil=EVIL), code=1)
    told = shown.rpartition(b"\x1b[?1049l")[2]
    assert b"ValueError" in told
    told = told[told.index(b"Traceback") :]
    assert harm(told) == []


UNFORESEEN = """
import sys, threading, warnings
from tuicrm.cli import run
from tuicrm.cli.workspace import fsck
def crash(*_given, **_named):
    evil = {evil!r}
    warnings.warn(evil)
    thread = threading.Thread(target=lambda: {{}}[0] if print(evil) else int(evil))
    thread.start()
    thread.join()
    print(evil, file=sys.stderr)
    raise ValueError(evil)
from tuicrm.services.checks import checking
checking.faults = crash
sys.exit(run.run(["fsck", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["text", "json"])
def test_what_was_not_foreseen(here: Path, more: Words) -> None:
    """Warnings, tracebacks of threads, and whatever anybody prints."""
    shown = on_pty(sys.executable, "-c", UNFORESEEN.format(evil=EVIL), *more, code=1)
    assert harm(shown) == []
    assert shown.count(b"pwned") >= 4
    assert shown.count(b"Exception in thread") == 1
    assert shown.count(REMARK.encode()) == 1
