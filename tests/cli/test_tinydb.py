"""What a script writes through the TinyDB face stands in the log, as anything else does: for those who may see it."""

from __future__ import annotations

from pathlib import Path

from tinydb.table import Document

from tests.cli.conftest import Crm
from tuicrm.store import open_tinydb


def test_the_log_says_which_fields_a_script_changed(crm: Crm, data: Path) -> None:
    with open_tinydb(data) as db:
        db.table("deal").update({"title": "Renamed", "comment": "By a script"}, doc_ids=[1])
    newest = crm("log", "--json").json["transactions"][0]
    assert (newest["name"], newest["label"]) == ("Anna Bianchi", "tinydb: deal: comment, title")
    assert {field["key"] for field in newest["records"][0]["fields"]} == {"title", "comment"}
    assert "tinydb: deal: comment, title" in crm("log").out


def test_a_field_that_is_for_others_is_not_named(crm: Crm, data: Path) -> None:
    """By its key, which scripts use and its label need not be like."""
    assert crm("field", "add", "deal", "Quittenmus", "--kind", "string").code == 0
    assert crm("field", "edit", "deal", "quittenmus", "visible_to=Anna Bianchi", "label=Gain").code == 0
    with open_tinydb(data) as db:
        db.table("deal").update({"title": "Renamed", "quittenmus": "x"}, doc_ids=[2])
        db.table("deal").update({"quittenmus": "y"}, doc_ids=[2])
        db.table("deal").insert(Document({"title": "New", "responsible": "luca", "quittenmus": "z"}, doc_id=90))
    assert "quittenmus" in crm("log", "D-2").out
    for words in (["log"], ["log", "--json"], ["deal", "history", "D-2"], ["deal", "history", "D-2", "--json"]):
        assert "quittenmus" not in crm(*words, "--as", "luca").out.casefold(), words


def test_control_characters_in_the_names_of_fields_do_no_harm(crm: Crm, data: Path) -> None:
    with open_tinydb(data) as db:
        db.table("deal").update({"\x1b]52;c;eA==\x07": 1, "\u202eevil": 2}, doc_ids=[1])
    for words in (["log"], ["log", "--json"]):
        out = crm(*words).out
        assert "\x1b" not in out
        assert "\u202e" not in out
