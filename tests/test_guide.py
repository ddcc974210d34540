"""The guide is true: its keys are those of the actions that it names, its commands run, its options and pictures are there.

A key stands as `c`<!--comment-->, with the id of its action behind it; other words in such quotes are commands and options.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.command import Ran, run_here
from tests.services.documents.files import file_of
from tuicrm.actions import ACTIONS
from tuicrm.files import data_folder
from tuicrm.services.documents.demo import make_demo_with_documents
from tuicrm.services.documents.template_checks import check
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.environment import system_login

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "guide"
PAGES = sorted(FOLDER.glob("[0-9]*.md"), key=lambda page: int(page.stem.partition("-")[0]))
KEYS = {action.id: action.keys for action in ACTIONS}
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"`([^`\n]+)`(?:<!--([\w.]+)-->)?")


def commands(page: Path) -> list[str]:
    """The command lines of a page."""
    text = page.read_text(encoding="utf-8")
    fenced = [line for language, block in _FENCE.findall(text) if not language for line in block.splitlines()]
    quoted = [word for word, _action in _QUOTED.findall(_FENCE.sub("", text)) if word.startswith("tuicrm")]
    return [*fenced, *quoted]


def test_there_are_thirteen_pages_and_each_leads_to_the_next() -> None:
    assert len(PAGES) == 13
    contents = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((\S+?)\)", contents) == [page.name for page in PAGES]
    for page, following in zip(PAGES, [*PAGES[1:], FOLDER / "README.md"], strict=True):
        text = page.read_text(encoding="utf-8")
        title = text.splitlines()[0].removeprefix("# ").partition(". ")[2]
        assert f"[{title}]" in contents
        assert f"]({following.name})." in text.splitlines()[-1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_keys_are_those_of_their_actions(page: Path) -> None:
    options = set(re.findall(r'"(--[\w-]+)"', (data_folder() / "commands.json").read_text(encoding="utf-8")))
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    assert text.count("`") % 2 == 0
    named = _QUOTED.findall(text)
    for word, action in named:
        if action:
            assert word in KEYS[action], f"`{word}` is not {action}: {KEYS[action]}"
        else:
            is_in_template = word[0] in "{~" or word in ("d", "m", "Y") or word.startswith("pip ")
            assert word.startswith("tuicrm") or is_in_template or word.split()[0] in options, (
                f"`{word}`: of which action?"
            )
    assert sum(bool(action) for _word, action in named) >= 1


def test_its_commands_run_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the demo, from the first page to the last, as one reads."""
    data = tmp_path / "workspace"
    make_demo_with_documents(data, login=system_login())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contacts.csv").write_text("First Name,Last Name,Email\nAda,Byron,ada@example.com\n", encoding="utf-8")
    ran = 0
    for page in PAGES:
        for line in commands(page):
            program, *words = shlex.split(line)
            assert program == "tuicrm", line
            if words == ["demo"] or (words[:1] == ["doctor"]):
                continue  # tests/cli/test_smoke.py, test_doctor.py: what they say is of this machine
            done: Ran = run_here(data, monkeypatch, *words)
            assert done.code == 0, f"{page.name}: {line}\n{done.out}\n{done.err}"
            ran += 1
    assert ran > 30
    shutil.rmtree(data)


def test_its_template_is_one(seeded: Session) -> None:
    """All names in it are known, in our own form and in Jinja's."""
    page = (FOLDER / "7-documents.md").read_text(encoding="utf-8")
    (block,) = (block for language, block in _FENCE.findall(page) if language == "text")
    named = [word for word, _action in _QUOTED.findall(_FENCE.sub("", page)) if word[:1] == "{" and "…" not in word]
    plain = [word for word in named if not word.startswith(("{{", "{%", "{#", "{^", "{/"))]
    assert check(seeded, file_of(*block.splitlines(), *plain), ["deal"]) == []
    assert check(seeded, file_of(*(word for word in named if word.startswith(("{{", "{%")))), ["deal"]) == []


def test_a_wrong_key_would_be_found() -> None:
    assert _QUOTED.findall("`c`<!--comment--> `--dry-run` `tuicrm undo`") == [
        ("c", "comment"),
        ("--dry-run", ""),
        ("tuicrm undo", ""),
    ]
    assert "c" in KEYS["comment"]
    assert "c" not in KEYS["undo"]
    assert "--where" in json.dumps(json.loads((data_folder() / "commands.json").read_text(encoding="utf-8")))
