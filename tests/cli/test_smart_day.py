"""The whole day of an item type of one's own on the command line, step by step: made, given fields and a card, filled, moved,
filtered, exported, taken into another workspace, undone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Crm

JOB = (
    "Job",
    "prefix=JOB",
    "symbol=★",
    "parents=deal",
    "has=stages, pipelines, client, products, dates, source, observers",
)

FIELDS = (
    ("field", "add", "job", "Floor", "--kind", "integer", "min=0"),
    ("field", "add", "job", "Colour", "--kind", "list", "--option", "Red", "--option", "Green"),
)


@pytest.fixture
def jobs(crm: Crm) -> Crm:
    """Visits belong to jobs, jobs to deals; a job has a floor and a colour, a stage and a pipeline of its own."""
    for words in (
        ("type", "add", "Visit", "parents=deal", "client=no"),
        ("type", "add", *JOB, "plural=Jobs", "children=visit"),
        *FIELDS,
        ("layout", "place", "job", "floor", "colour", "In short"),
        ("stage", "add", "job", "Checking", "--after", "new"),
        ("pipeline", "add", "job", "Fast lane"),
        (
            "job",
            "add",
            "title=Paint the hall",
            "company=CO-1",
            "contacts=C-1",
            "parent_deal=D-1",
            "floor=2",
            "colour=Red",
        ),
        ("job", "add", "title=Mend the roof", "pipeline=Fast lane", "floor=9", "source=web", "amount=300 EUR"),
        ("visit", "add", "title=Look at the hall", "parent_job=JOB-1", "parent_deal=D-1"),
    ):
        ran = crm(*words)
        assert ran.code == 0, (words, ran.err)
    return crm


def refs(crm: Crm, *words: str) -> list[str]:
    return [item["ref"] for item in crm("job", "list", "--json", *words).json["items"]]


def test_it_is_a_noun_like_any_other(jobs: Crm) -> None:
    shown = jobs("job", "show", "JOB-1").out
    for part in ("Paint the hall", "Start ▌ Checking", "Floor", "Red", "Rossi Srl", "Website redesign"):
        assert part.replace("Start ▌", "Start▌") in shown, part
    assert "Paint the hall" in jobs("board", "job").out
    assert "Mend the roof" in jobs("board", "job", "--pipeline", "Fast lane").out
    assert refs(jobs, "--where", "floor > 1 and colour = Red and company = CO-1") == ["JOB-1"]
    assert refs(jobs, "--sort", "-floor") == ["JOB-2", "JOB-1"]
    assert jobs("job", "products", "add", "JOB-1", "2 h x Painting @ 50 +22%").code == 0
    assert jobs("job", "show", "JOB-1", "--json").fields["amount"] == {"amount": "122.00", "currency": "EUR"}
    assert "Look at the hall" in jobs("relations", "JOB-1").out
    assert "JOB-1" in jobs("find", "painting").out
    assert "Jobs   open: 1 · € 122" in jobs("company", "show", "CO-1").out
    assert jobs("comment", "JOB-1", "Keys are with Maria").code == 0
    assert "Keys are with Maria" in jobs("timeline", "JOB-1").out
    assert "Floor" in jobs("job", "history", "JOB-1").out or jobs("job", "edit", "JOB-1", "floor=3").code == 0


def test_moves_bulk_and_undo(jobs: Crm) -> None:
    assert jobs("job", "move", "JOB-1", "Checking").code == 0
    assert jobs("job", "move", "JOB-2", "Success").code == 0
    ran = jobs("job", "move", "JOB-2", "Checking")
    assert (ran.code, "there is no stage “Checking”" in ran.err) == (4, True)
    assert jobs("job", "edit", "--where", "floor > 0", "source=web").code == 0
    assert [jobs("job", "show", ref, "--json").fields["source"] for ref in ("JOB-1", "JOB-2")] == ["web", "web"]
    assert jobs("undo", "3").code == 0
    assert jobs("job", "show", "JOB-1", "--json").fields["stage"] == "new"
    ran = jobs("type", "remove", "job")
    assert ran.code == 4
    assert (
        "It has 2 items (General › Start 1, Fast lane › Start 1): only an empty item type can be removed; delete them first"
        in ran.err
    )
    ran = jobs("pipeline", "delete", "job", "Fast lane")
    assert ran.code == 4
    assert jobs("pipeline", "delete", "job", "Fast lane", "--to", "General").code == 0
    assert len(refs(jobs, "--where", "pipeline = General")) == 2
    assert jobs("undo").code == 0
    assert len(refs(jobs, "--where", "pipeline = General")) == 1


def test_what_is_made_from_it_and_into_it(jobs: Crm) -> None:
    assert jobs("deal", "create", "D-2", "job").out == "JOB-3\n"
    assert jobs("contact", "create", "C-1", "job").out == "JOB-4\n", "the client is a link too"
    assert jobs("company", "create", "CO-1", "job").out == "JOB-5\n"
    assert jobs("job", "create", "JOB-1", "visit").out == "VIS-2\n"
    made: dict[str, Any] = {ref: jobs("job", "show", ref, "--json").fields for ref in ("JOB-3", "JOB-4", "JOB-5")}
    assert (made["JOB-3"]["parent_deal"], made["JOB-3"]["company"]) == ("deal:2", "company:2")
    assert (made["JOB-4"]["contacts"], made["JOB-5"]["company"]) == (["contact:1"], "company:1")
    assert jobs("visit", "show", "VIS-2", "--json").fields["parent_job"] == "job:1"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_it_leaves_and_arrives_elsewhere(jobs: Crm, tmp_path: Path, form: str) -> None:
    told = json.loads(jobs("export", "job", "--format", "json").out)
    assert [(item["ref"], item["fields"]["floor"], item["fields"].get("colour")) for item in told["items"]] == [
        ("JOB-1", 2, "red"),
        ("JOB-2", 9, None),
    ]
    files = []
    for type_key in ("company", "contact", "deal", "job", "visit"):
        files.append(str(tmp_path / f"{type_key}.{form}"))
        Path(files[-1]).write_text(jobs("export", type_key, "--format", form).out, encoding="utf-8")
    other = str(tmp_path / "other")
    assert jobs("init", other, "--quiet").code == 0
    for words in (
        ("type", "add", "Visit", "parents=deal", "client=no"),
        ("type", "add", *JOB, "plural=Jobs", "children=visit"),
        ("pipeline", "add", "job", "Fast lane"),
        *(FIELDS if form == "json" else ()),
        ("import", *files, "--create-fields"),
    ):
        ran = jobs(*words, "--data", other)
        assert ran.code == 0, (words, ran.err)
    first, second = (jobs("job", "show", ref, "--json", "--data", other).fields for ref in ("JOB-1", "JOB-2"))
    assert (first["title"], first["floor"], first["contacts"], first["parent_deal"]) == (
        "Paint the hall", 2, ["contact:1"], "deal:1",
    )  # fmt: skip
    assert (second["pipeline"], second["source"], second["amount"]["amount"]) == ("fast_lane", "web", "300.00")
    assert jobs("visit", "show", "VIS-1", "--json", "--data", other).fields["parent_job"] == "job:1"
    assert jobs("undo", "--data", other).code == 0
    assert jobs("job", "list", "--json", "--data", other).json["total"] == 0
