"""`tuicrm stage` and `pipeline`: shaped from the outside; what holds items says how many, and where they may go."""

from __future__ import annotations

from typing import Any

from tests.cli.conftest import Crm


def stages(crm: Crm, pipeline: str = "general") -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = crm("stage", "list", "deal", "--pipeline", pipeline, "--json").json["stages"]
    return told


def test_stages_are_added_changed_moved_and_deleted(crm: Crm) -> None:
    assert crm("stage", "add", "deal", "Trial", "--after", "new", "--colour", "pink").out == "trial\n"
    assert crm("stage", "rename", "deal", "trial", "Test").code == 0
    ran = crm("stage", "edit", "deal", "Test", "--probability", "33", "--asks", "Source", "--asks", "amount", "--json")
    assert ran.json["stage"] == {
        "pipeline": "general", "key": "trial", "label": "Test", "semantics": "process", "colour": "#F173AC",
        "probability": 33, "asks": ["source", "amount"],
    }  # fmt: skip
    assert crm("stage", "move", "deal", "Test", "--down").code == 0
    rows = [" ".join(line.split()) for line in crm("stage", "list", "deal").out.splitlines()]
    assert rows[4] == "General trial Test in progress 33 pink Source, Amount"
    assert crm("stage", "delete", "deal", "Test").out == "trial\n"
    assert crm("undo").code == 0


def test_what_is_refused_says_why(crm: Crm) -> None:
    for words, code, told in (
        (("add", "deal", "New"), 4, "already"),
        (("add", "deal", "x", "--colour", "ultramarine"), 4, "orange"),
        (("add", "deal", "x", "--after", "nowhere"), 4, "no stage"),
        (("add", "company", "x"), 4, "no stages"),
        (("edit", "deal", "new"), 2, "Nothing to change"),
        (("edit", "deal", "new", "--asks", "nothing"), 3, "no field"),
        (("move", "deal", "won", "--up"), 4, "exactly one"),
        (("move", "deal", "preparation"), 2, "--up or --down"),
        (("delete", "deal", "new"), 4, "items start there"),
        (("delete", "deal", "preparation", "--as", "luca"), 5, "settings"),
    ):
        ran = crm("stage", *words)
        assert (ran.code, told in ran.err) == (code, True), ran.err


def test_a_stage_with_items_asks_where_they_go(crm: Crm) -> None:
    crm("deal", "move", "D-1", "D-2", "preparation")
    refused = crm("stage", "delete", "deal", "preparation")
    assert (refused.code, "Document preparation has 2 items" in refused.err) == (4, True)
    dry = crm("stage", "delete", "deal", "preparation", "--to", "In progress", "--dry-run")
    assert "Moved: 2 items" in dry.err
    assert len(stages(crm)) == 8
    ran = crm("stage", "delete", "deal", "preparation", "--to", "In progress", "--json")
    assert ran.json == {
        "schema": 1, "status": "ok", "key": "preparation", "moved": 2, "stayed": 0, "first": [], "left_out": 0,
        "deleted": True,
    }  # fmt: skip
    assert crm("deal", "show", "D-1", "--json").fields["stage"] == "executing"
    assert len(stages(crm)) == 7


def test_pipelines(crm: Crm) -> None:
    assert crm("pipeline", "add", "deal", "Export").out == "export\n"
    assert crm("pipeline", "rename", "deal", "Export", "Abroad").code == 0
    assert crm("pipeline", "move", "deal", "Abroad", "--up").code == 4
    assert crm("pipeline", "default", "deal", "Abroad", "--json").json["pipeline"]["default"]
    dry = crm("pipeline", "move-items", "deal", "general", "Abroad", "--map", "New=In progress", "--dry-run")
    assert (dry.code, "Moved: 3 items" in dry.err) == (0, True)
    crm("pipeline", "move-items", "deal", "general", "Abroad", "--map", "New=In progress")
    assert crm("deal", "show", "D-1", "--json").fields["stage"] == "executing"
    assert crm("pipeline", "delete", "deal", "general").out == "general\n"
    assert [row["key"] for row in crm("pipeline", "list", "--json").json["pipelines"]] == ["export"]


def test_items_that_cannot_move_stay_and_make_the_exit_code(crm: Crm) -> None:
    crm("pipeline", "add", "deal", "Export")
    crm("field", "edit", "deal", "amount", "required=New", "--pipeline", "export")
    ran = crm("pipeline", "move-items", "deal", "general", "export")
    assert (ran.code, "D-3 Annual support: requires Amount" in ran.err) == (4, True)
    ran = crm("pipeline", "delete", "deal", "export", "--to", "general", "--map", "nothing")
    assert ran.code == 2
    ran = crm("pipeline", "delete", "deal", "general", "--to", "export", "--json")
    assert (ran.code, "default pipeline" in ran.json["error"]["message"]) == (4, True)
    crm("pipeline", "default", "deal", "export")
    ran = crm("pipeline", "delete", "deal", "general", "--to", "export", "--json")
    assert [problem["field"] for problem in ran.json["error"]["fields"]] == ["D-3"]


def test_what_a_stage_asks_for_comes_along_for_one_and_for_several(crm: Crm) -> None:
    crm("stage", "edit", "deal", "Deal lost", "--asks", "comment")
    assert crm("deal", "move", "D-1", "Deal lost", "comment=Too dear").code == 0
    ran = crm("deal", "move", "D-2", "D-3", "Deal lost", "comment=No answer")
    assert ran.code == 0, ran.err
    told = [crm("deal", "show", ref, "--json").fields["comment"] for ref in ("D-1", "D-2", "D-3")]
    assert told == ["Too dear", "No answer", "No answer"]


def test_what_a_stage_asked_for_and_did_not_get_is_told_on_every_way(crm: Crm) -> None:
    crm("stage", "edit", "deal", "Deal lost", "--asks", "comment")
    told = "D-1: its stage asks for Comment. `tuicrm deal edit D-1 comment=…`"
    assert told in crm("deal", "move", "D-1", "Deal lost").err
    assert "asks for" not in crm("deal", "edit", "D-1", "title=Lost one").err, "it was there already"
    assert crm("undo", "2").code == 0
    assert told in crm("deal", "edit", "D-1", "stage=Deal lost").err
    ran = crm("deal", "move", "D-2", "D-3", "Deal lost", "--json")
    assert ran.json["asked"] == {"D-2": ["comment"], "D-3": ["comment"]}
    assert crm("undo").code == 0
    ran = crm("deal", "edit", "--where", "title ~ c", "stage=Deal lost", "--json")
    assert ran.json["asked"] == {"D-2": ["comment"]}
    assert "D-4: its stage asks for Comment" in crm("deal", "add", "title=Gone", "stage=Deal lost").err
    ran = crm("deal", "add", "title=Gone", "stage=Deal lost", "comment=Too dear", "--json")
    assert "asked" not in ran.json
