"""Several card layouts in one run: asked for at a terminal, told with what to do in a pipe; each as its own process."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Crm
from tests.terminal import Terminal


def layout(*fields: str, title: str = "Heart") -> dict[str, object]:
    elements = [{"name": name, "optionFlags": "1"} for name in fields]
    return {"result": [{"name": "main", "title": title, "type": "section", "elements": elements}]}


CATEGORIES = {
    "result": {"categories": [{"id": 9, "name": "Wholesale", "sort": 200, "entityTypeId": 2, "isDefault": "N"}]}
}
FILES = {
    "cats.json": CATEGORIES,
    "a.deal.json": layout("TITLE", "STAGE_ID", title="First"),
    "b.deal.json": layout("COMMENTS", "TITLE", title="Second\u202e"),
}


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name, content in FILES.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    return [str(tmp_path / name) for name in FILES]


@pytest.fixture
def asked(data: Path, files: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """An import at a terminal, at its first question."""
    for name, value in {"LC_ALL": "C.UTF-8", "TUICRM_DATA": str(data), "PYTHONPATH": str(ROOT)}.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal([sys.executable, "-m", "tuicrm", "import", *files], size=(100, 40))
    try:
        terminal.seen_after(
            0,
            r"a\.deal\.json \(First\)(.|\n)*1  General(.|\n)*2  Wholesale(.|\n)*0  skip it(.|\n)*Number or name: ",
        )
        yield terminal
    finally:
        terminal.close()


def first_fields(crm: Crm) -> dict[str, list[str]]:
    """The fields of the first section of the common layout, by pipeline; nothing where there is no such layout."""
    found = {}
    for pipeline in ("general", "wholesale"):
        ran = crm("layout", "show", "deal", "--pipeline", pipeline, "--json")
        if ran.code == 0:
            found[pipeline] = list(ran.json["sections"][0]["fields"])
    return found


def test_each_is_asked_and_goes_where_it_was_said(asked: Terminal, crm: Crm) -> None:
    asked.see(r"there is no pipeline Retail; choose one of: (.|\n)*Number or name: ", b"Retail\r")
    asked.see(r"Number or name: ", b"7\r")
    asked.see(r"b\.deal\.json \(Second\)(.|\n)*1  General(.|\n)*Number or name: ", b"2\r")
    asked.see("reverts it", b"general\r")
    assert asked.wait() == 0
    assert "\u202e".encode() not in asked.raw()
    assert first_fields(crm) == {"general": ["comment", "title"], "wholesale": ["title", "stage"]}


def test_one_is_left_out(asked: Terminal, crm: Crm) -> None:
    before = first_fields(crm)["general"]
    asked.see("Number or name: ", b"0\r")
    asked.see("reverts it", b"2\r")
    assert asked.wait() == 0
    assert b"not imported" in asked.raw()
    assert first_fields(crm) == {"general": before, "wholesale": ["comment", "title"]}


def test_the_end_of_what_is_typed_is_no_answer(asked: Terminal, crm: Crm) -> None:
    before = first_fields(crm)["general"]
    asked.see("reverts it", b"\x04")
    assert asked.wait() == 0
    assert b'[layouts] "a.deal.json" = "General"' in asked.raw().replace(b"\r\n      ", b" ")
    assert first_fields(crm)["general"] == before


def test_ctrl_c_leaves_nothing(asked: Terminal, crm: Crm) -> None:
    asked.send(b"\x03")
    assert asked.wait() == 130
    assert b"Traceback" not in asked.raw()
    assert "wholesale" not in first_fields(crm)


def test_in_a_pipe_they_are_told_with_what_to_do(process: Crm, crm: Crm, files: list[str]) -> None:
    before = first_fields(crm)["general"]
    ran = process("import", *files)
    assert ran.code == 0
    told = " ".join(ran.out.split())
    assert "use a map (--map) to say which pipeline each is for" in told
    for name in ("a.deal.json", "b.deal.json"):
        assert f'[layouts] "{name}" = "General"' in told
    assert "Number or name" not in ran.out + ran.err
    assert first_fields(crm)["general"] == before


def test_the_option_that_is_told_settles_it(process: Crm, crm: Crm, files: list[str], tmp_path: Path) -> None:
    decided = tmp_path / "map.toml"
    decided.write_text('[layouts]\n"a.deal.json" = "General"\n"b.deal.json" = "Wholesale"\n')
    assert process("import", *files, "--map", str(decided)).code == 0
    assert first_fields(crm) == {"general": ["title", "stage"], "wholesale": ["comment", "title"]}
