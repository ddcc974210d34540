"""`tuicrm layout export` and `layout import` as people and programs run them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Crm
from tests.render.hostile import assert_harmless

LAYOUT = [
    {
        "name": "main",
        "title": "About the deal",
        "type": "section",
        "elements": [
            {"name": "TITLE", "optionFlags": "0"},
            {"name": "CLIENT", "optionFlags": "1", "options": {"defaultCountry": "RU"}},
            {"name": "RECURRING_STATUS", "optionFlags": "0"},
        ],
    },
    {"name": "user_pl047oti", "title": "New section", "type": "section", "elements": []},
]


def put(data: Path, content: Any, name: str = "layout.json") -> str:
    path = data.parent / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def test_a_layout_in_and_out(crm: Crm, data: Path) -> None:
    ran = crm("layout", "import", "deal", put(data, {"result": LAYOUT}))
    assert (ran.code, ran.out) == (0, "")
    assert "common layout" in ran.err
    assert "RECURRING_STATUS" in ran.err
    out = crm("layout", "export", "deal")
    assert json.loads(out.out) == LAYOUT
    assert "2 sections" in out.err
    file = data.parent / "out.json"
    assert crm("layout", "export", "deal", str(file)).code == 0
    assert json.loads(file.read_text()) == LAYOUT
    assert crm("layout", "export", "deal", str(file)).code == 4
    assert crm("layout", "export", "deal", str(file), "--force").code == 0
    assert "nothing to change" in crm("layout", "import", "deal", str(file)).err
    assert crm("undo").code == 0
    assert "titles" in json.loads(crm("layout", "export", "deal", "-").out)[0]


def test_for_programs(crm: Crm, data: Path) -> None:
    done = crm("layout", "import", "deal", "-", "--json", stdin=json.dumps(LAYOUT)).json
    told = {key: done[key] for key in ("type", "variant", "layout", "outcome", "left", "twice", "unread", "languages")}
    assert told == {
        "type": "deal",
        "variant": "general",
        "layout": "common",
        "outcome": "changed",
        "left": ["RECURRING_STATUS"],
        "twice": [],
        "unread": [],
        "languages": ["About the deal"],
    }
    assert crm("layout", "export", "deal", "--json").json["sections"] == LAYOUT
    assert crm("layout", "import", "deal", "-", "--json", stdin="null").json["outcome"] == "reset"
    refused = crm("layout", "import", "deal", "-", "--json", stdin='[{"name": "main", "title": ""}]')
    assert (refused.code, refused.json["error"]["fields"][0]["field"]) == (4, "main.title")


def test_variants_and_other_peoples_layouts(crm: Crm, data: Path) -> None:
    file = put(data, LAYOUT)
    assert crm("layout", "import", "lead", file, "--variant", "repeat", "-q").code == 0
    assert json.loads(crm("layout", "export", "lead", "--variant", "repeat").out) == LAYOUT
    assert json.loads(crm("layout", "export", "lead").out) != LAYOUT
    assert crm("layout", "import", "deal", file, "--layout", "common", "--as", "luca").code == 5
    assert crm("layout", "import", "deal", file, "--layout", "mine", "--as", "luca").code == 0
    assert json.loads(crm("layout", "export", "deal", "--as", "luca").out) == LAYOUT
    assert json.loads(crm("layout", "export", "deal").out) != LAYOUT


def test_mistakes_have_their_exit_codes(crm: Crm, data: Path) -> None:
    file = put(data, LAYOUT)
    assert crm("layout", "import", "deal").code == 2
    assert crm("layout", "import", "deal", file, "--pipeline", "general", "--variant", "general").code == 2
    assert crm("layout", "import", "deal", str(data.parent / "none.json")).code == 3
    assert crm("layout", "import", "nonsense", file).code == 3
    assert crm("layout", "export", "deal", "--layout", "Nonsense").code == 3
    assert crm("layout", "import", "deal", "/dev/zero").code == 4
    assert crm("layout", "import", "deal", str(data)).code == 4
    assert crm("layout", "export", "lead", "--variant", "x").code == 4
    assert crm("layout", "export", "deal", str(data.parent / "no" / "x.json")).code == 7


def test_hostile_layouts_are_shown_harmless(crm: Crm, data: Path) -> None:
    evil = "\x1b]52;c;cm0=\x07[@click=app.quit]\u202e"
    elements = [{"name": "[/]$x", "optionFlags": "1"}, {"name": "[/]$x"}]
    layout = [{"name": "[@click=app.quit]", "title": evil, "type": "section", "elements": elements}]
    ran = crm("layout", "import", "deal", put(data, layout))
    out = crm("layout", "export", "deal")
    refused = crm("layout", "import", "deal", put(data, [{"name": evil, "title": "x"}]))
    assert (ran.code, out.code, refused.code) == (0, 0, 4)
    shown = crm("layout", "show", "deal").out
    for text in (ran.err, out.out, refused.err, shown, crm("layout", "export", "deal", "--json").out):
        for line in text.split("\n"):
            assert_harmless(line)
    assert json.loads(out.out) == [{**layout[0], "elements": elements[:1]}]
