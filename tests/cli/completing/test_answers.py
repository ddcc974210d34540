"""What is offered where, as the shells are told it; each asked of a process of its own, as shells do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.cli.conftest import ROOT, Crm
from tuicrm.cli.completing.answers import for_bash, for_fish, for_zsh
from tuicrm.cli.completing.line import of_bash
from tuicrm.cli.completing.offers import Completion, Completions
from tuicrm.services.kernel.session import Session

Ask: TypeAlias = Callable[..., list[str]]


@pytest.fixture
def asked(data: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """What is offered for a line, in bash's way: `words` (or `files`, `dirs`) first. Without a process: ten times as fast."""
    from tuicrm.cli import completing
    from tuicrm.cli.completing import known

    def ask(line: str, **environ: str) -> list[str]:
        with monkeypatch.context() as here:
            for name, value in {"TUICRM_DATA": str(data), "_TUICRM_LINE": line, **environ}.items():
                here.setenv(name, value)
            here.setattr(known, "_opened", opened := dict[str, Session | None]())
            lines = completing._answer("bash", []).splitlines()
            for session in opened.values():
                if session is not None:
                    session.close()
            return lines

    return ask


REFS = ["D-3 ", "D-2 ", "D-1 "]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("tuicrm fs", ["fsck "]),
        ("tuicrm compl", ["completion "]),
        ("tuicrm deal move D-1 prepar", ["preparation "]),
        ("tuicrm deal edit D-1 company=CO-1", ["CO-1 "]),
        ("tuicrm deal add source=trade", ["trade_fair "]),
        ("tuicrm comment CO-1", ["CO-1 "]),
        ("tuicrm export deal --format js", ["json "]),
        ("tuicrm board dea", ["deal "]),
        ("tuicrm layout place deal amount abo", ["About\\ the\\ deal "]),
        ("tuicrm numbering edit quote ", ["pattern=", "start=", "step=", "reset=", "next="]),
        ("tuicrm numbering edit quote start=2 s", ["step="]),
        ("tuicrm numbering edit quote reset=", ["never ", "year ", "month ", "day "]),
        ("tuicrm numbering edit quote reset=m", ["month "]),
        ("tuicrm numbering edit quote step=", ["1 "]),
        ("tuicrm numbering edit deal ", []),
        ("tuicrm type add Visit plu", ["plural="]),
        ("tuicrm type add Visit stages=", ["yes ", "no "]),
        ("tuicrm type add Visit plural=", []),
        ("tuicrm deal sh", ["show "]),
        ("tuicrm layout section re", ["rename "]),
        ("tuicrm deal list --wh", ["--where "]),
        ("tuicrm deal list --limit 3 --wh", ["--where "]),
        ("tuicrm --quiet deal list --wh", ["--where "]),
        ("tuicrm deal list -- --wh", []),
        ("tuicrm deal show D-", REFS),
        ("tuicrm deal show d-", ["d-3 ", "d-2 ", "d-1 "]),
        ("tuicrm deal show ", REFS),
        ("tuicrm deal show 2", ["2 "]),
        ("tuicrm deal show D-2 D-", ["D-3 ", "D-1 "]),
        ("tuicrm comment CO-", ["CO-2 ", "CO-1 "]),
        ("tuicrm deal products D-", REFS),
        ("tuicrm deal products sh", ["show "]),
        ("tuicrm deal products edit D-", REFS),
        ("tuicrm deal products D-1 --js", ["--json "]),
        ("tuicrm deal edit D-1 com", ["company=", "comment="]),
        ("tuicrm deal edit D-1 company=", ["CO-2 ", "CO-1 "]),
        ("tuicrm deal edit D-1 company=1", ["1 "]),
        ("tuicrm deal edit D-1 responsible=A", ["Anna\\ Bianchi "]),
        ("tuicrm deal edit D-1 title=x tit", []),
        ("tuicrm deal edit D-1 stage=prep", ["preparation ", "prepayment "]),
        ("tuicrm deal move D-1 Prep", ["Prepayment\\ invoice "]),
        ("tuicrm deal move D-1 D", ["Document\\ preparation ", "Deal\\ won ", "Deal\\ lost ", "D-3 ", "D-2 "]),
        ("tuicrm deal move D-1 new amo", ["amount="]),
        ("tuicrm deal move D-1 new --pipeline gen", ["general "]),
        ("tuicrm deal create D-1 ", ["quote ", "invoice "]),
        ("tuicrm deal list --sort title,-amo", ["title,-amount "]),
        ("tuicrm deal list --columns=tit", ["title "]),
        ("tuicrm export de", ["deal "]),
        ("tuicrm export deal --format=", ["csv ", "json "]),
        ("tuicrm deal add title=x source=tr", ["trade_fair "]),
        ("tuicrm field options deal source --retire tr", ["trade_fair "]),
        ("tuicrm field add deal Size --kind int", ["integer "]),
        ("tuicrm activity add D-1 call --kind me", ["meeting "]),
        ("tuicrm activity add D-1 call --who lu", ["luca "]),
        ("tuicrm board deal --view act", ["activities "]),
        ("tuicrm user edit lu", ["luca "]),
        ("tuicrm user add X --role man", ["manager "]),
        ("tuicrm user add X --language ", ["en ", "it "]),
        ("tuicrm user add X --zone Europe/Rom", ["Europe/Rome "]),
        ("tuicrm dictionary entries sou", ["source "]),
        ("tuicrm tab hide deal prod", ["products "]),
        ("tuicrm layout section rename deal mor", ["More "]),
        ("tuicrm pipeline default deal gen", ["general "]),
        ("tuicrm numbering edit invoice pat", ["pattern="]),
        ("tuicrm completion z", ["zsh "]),
        ("tuicrm --as lu", ["luca "]),
        ("echo; tuicrm deal sh", ["show "]),
        ("tuicrm comment D-1 hel", []),
        ("tuicrm deal list --limit ", []),
        ("tuicrm nonsense ", []),
        ("tuicrm nonsense more --an", []),
    ],
)
def test_what_is_offered(asked: Ask, line: str, offered: list[str]) -> None:
    head, *words = asked(line, _TUICRM_TYPE="37")
    assert head == "words"
    exact = all(word.startswith(("D-", "d-", "CO-")) or len(offered) < 2 for word in offered)
    assert words == offered if exact else set(offered) <= set(words), words


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("tuicrm import ", ["files", ""]),
        ("tuicrm import a.csv /tmp/x", ["files", "/tmp/x"]),
        ("tuicrm import --map ", ["files", ""]),
        ("tuicrm export deal -o dir/f", ["files", "dir/f"]),
        ("tuicrm export deal --output=dir/f", ["files", "dir/f"]),
        ("tuicrm layout export deal ", ["files", ""]),
        ("tuicrm backup ", ["files", ""]),
        ("tuicrm restore a.tar", ["files", "a.tar"]),
        ("tuicrm restore a.tar ", ["dirs", ""]),
        ("tuicrm history --archive ", ["dirs", ""]),
        ("tuicrm --data ~/w", ["dirs", "~/w"]),
        ("tuicrm init ", ["dirs", ""]),
        ("tuicrm deal list --data=w", ["dirs", "w"]),
    ],
)
def test_files_are_offered_where_one_fits(asked: Ask, line: str, answer: list[str]) -> None:
    assert asked(line) == answer


def test_the_value_of_a_field_that_holds_files_is_a_file(asked: Ask, crm: Crm) -> None:
    assert crm("field", "add", "deal", "Papers", "--kind", "file").code == 0
    assert asked("tuicrm deal edit D-1 papers=./a") == ["files", "./a"]


def test_stages_are_those_of_the_items_own_pipeline(asked: Ask, crm: Crm) -> None:
    assert crm("pipeline", "add", "deal", "Wholesale").code == 0
    assert crm("stage", "add", "deal", "Sampled", "--pipeline", "Wholesale").code == 0
    assert crm("deal", "edit", "D-2", "pipeline=wholesale").code == 0
    assert "sampled " not in asked("tuicrm deal move D-1 ", _TUICRM_TYPE="37")
    assert "sampled " in asked("tuicrm deal move D-2 ", _TUICRM_TYPE="37")
    assert "sampled " in asked("tuicrm deal move D-1 --pipeline wholesale ", _TUICRM_TYPE="37")


def test_an_own_type_is_a_noun_with_the_same_verbs(asked: Ask, crm: Crm) -> None:
    assert crm("type", "add", "Delivery").code == 0
    assert asked("tuicrm deliv") == ["words", "delivery "]
    assert asked("tuicrm delivery sh") == ["words", "show "]


def test_what_a_word_means_stands_beside_it_in_the_persons_language(asked: Ask) -> None:
    told = asked("tuicrm deal show D-", _TUICRM_TYPE="9")
    assert "D-1  (Website redesign)" in told
    told = asked("tuicrm deal edit D-1 stage=", _TUICRM_TYPE="9", LANG="it_IT.UTF-8")
    assert "preparation  (Preparazione documenti)" in told
    assert asked("tuicrm deal list --where '", LANG="it_IT.UTF-8", _TUICRM_TYPE="9")[1:]


def test_what_may_not_be_seen_is_not_offered(asked: Ask, crm: Crm) -> None:
    assert crm("field", "add", "deal", "Secret", "visible_to=Anna Bianchi").code == 0
    assert asked("tuicrm deal edit D-1 secr") == ["words", "secret="]
    assert asked("tuicrm --as luca deal edit D-1 secr") == ["words"]


HOSTILE = (
    "\x1b]52;c;QUJD\x07x",
    "tab\there",
    "\u202erev",
    "$(touch /tmp/pwned)",
    "`id`",
    "'; rm -rf ~ #",
    '"quoted"',
    "[/]",
    "é" * 300,
)


def test_hostile_titles_and_labels_are_cleaned_and_quoted(asked: Ask, crm: Crm) -> None:
    for title in HOSTILE:
        assert crm("deal", "add", f"title={title}").code == 0
    for label in HOSTILE[3:7]:
        assert crm("dictionary", "entries", "source", "--add", label).code == 0
    text = "\n".join(asked("tuicrm deal show D-", _TUICRM_TYPE="9"))
    assert not any(sign in text for sign in ("\x1b", "\x07", "\t", "\u202e"))
    assert len(text.splitlines()) == 1 + 3 + len(HOSTILE)
    for begun, whole in (("'$", "'$(touch /tmp/pwned)"), ("'\\`", ""), ("\\$", "\\$\\(touch\\ /tmp/pwned\\) ")):
        offered = asked(f"tuicrm deal edit D-1 source={begun}", _TUICRM_TYPE="37")[1:]
        assert not whole or offered == [whole.removeprefix("'")], offered


@pytest.mark.parametrize(
    ("label", "put"),
    [("a\u3164", False), ("a\ufe00", False), ("a\U000e0041", False), ("می\u200cخواهم", True), ("👩\u200d🔧", True)],
)
def test_only_what_a_terminal_can_get_is_put_into_a_line(label: str, put: bool) -> None:
    """Letters that are never seen are no part of it; joiners are where they belong to the writing."""
    answer = Completions([Completion(f"zz{label}", "what it means")])
    for text in (for_bash(of_bash("tuicrm zz"), answer, "37"), for_zsh(answer), for_fish(answer)):
        assert ("zz" in text) is put


@pytest.mark.parametrize(
    "line",
    ["", "tuicrm", "tuicrm ", "tuicrm '", 'tuicrm "\\', "tuicrm \\", "tuicrm deal show D-99999999999999999999", "tuicrm --data",
     "tuicrm --data= deal show D-", "tuicrm --as nobody deal show D-", "tuicrm deal edit D-1 =", "tuicrm deal edit D-1 ==x",
     "tuicrm deal list --where 'stage = ", "tuicrm deal list --where '((((", "tuicrm deal list --where \"\\", "x" * 50_000,
     "tuicrm " + "deal " * 5_000, "tuicrm deal show \x00", "tuicrm \ud800", "tuicrm deal show '\x1b[31m"],
)  # fmt: skip
def test_a_completion_never_fails(data: Path, line: str) -> None:
    ran = _process(data, "bash", line)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"Traceback" not in ran.stdout


@pytest.mark.parametrize("spoilt", ["nowhere", "file", "journal", "config"])
def test_nor_does_it_without_a_sound_workspace(data: Path, tmp_path: Path, spoilt: str) -> None:
    config = tmp_path / "config.toml"
    if spoilt == "nowhere":
        data = tmp_path / "nowhere"
    elif spoilt == "file":
        data = config
        config.write_text("x", encoding="utf-8")
    elif spoilt == "config":
        config.write_text("langauge = 5 [", encoding="utf-8")
    else:
        for path in data.rglob("*.jsonl"):
            path.write_bytes(b"\x00 spoilt\n")
    for shell in ("bash", "zsh", "fish"):
        ran = _process(data, shell, "tuicrm deal show D-", TUICRM_CONFIG=str(config))
        assert (ran.returncode, ran.stderr) == (0, b""), spoilt


def test_other_shells_and_no_words_get_nothing(data: Path) -> None:
    for shell in ("", "tcsh", "complete_bash", "zsh"):
        ran = _process(data, shell, "")
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_nothing_heavy_is_loaded(data: Path) -> None:
    code = (
        "import os, sys\nos._exit = lambda code: None\nsys.argv = ['tuicrm']\n"
        "from tuicrm.__main__ import main\nmain()\nprint(*{name.partition('.')[0] for name in sys.modules})"
    )
    for line in (
        "tuicrm ",
        "tuicrm deal move D-1 ",
        "tuicrm deal show D-",
        "tuicrm deal edit D-1 responsible=",
        "tuicrm import ",
    ):
        ran = subprocess.run(
            [sys.executable, "-c", code], env=_environ(data, "bash", line), capture_output=True, check=True, cwd=ROOT
        )
        loaded = set(ran.stdout.decode().splitlines()[-1].split())
        assert "tuicrm" in loaded
        assert not loaded & {
            "typer",
            "click",
            "rich",
            "textual",
            "babel",
            "phonenumbers",
            "tinydb",
            "rapidfuzz",
            "sqlite3",
        }, line


def _environ(data: Path, shell: str, line: str, **more: str) -> dict[str, str]:
    import os

    text = line.encode("utf-8", "replace").decode().replace("\x00", "")
    told = {"_TUICRM_COMPLETE": shell, "_TUICRM_LINE": text, "TUICRM_DATA": str(data), "PYTHONPATH": str(ROOT)}
    return {**os.environ, **told, **more}


def _process(data: Path, shell: str, line: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    words = line.split(" ")[1:] if shell in ("zsh", "fish") and line else []
    return subprocess.run(
        [sys.executable, "-m", "tuicrm", *words],
        env=_environ(data, shell, line, **more),
        capture_output=True,
        check=False,
        timeout=60,
        cwd=ROOT,
    )
