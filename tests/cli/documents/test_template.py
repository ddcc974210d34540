"""`tuicrm template …`: as people type it, and as programs read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Crm
from tests.services.documents.files import file_of, said_in


@pytest.fixture
def offer(tmp_path: Path) -> Path:
    path = tmp_path / "offer.docx"
    path.write_bytes(file_of("No. {DocumentNumber}", "{Titel}"))
    return path


def test_a_template_is_added_checked_listed_shown_and_written(crm: Crm, offer: Path, tmp_path: Path) -> None:
    made = crm("template", "add", str(offer), "--type", "deal", "--name", "Offer", "--json").json
    assert (made["template"]["key"], made["template"]["types"]) == ("offer", ["deal"])
    assert [(one["where"], one["near"]) for one in made["faults"]] == [("paragraph 2", "Title")]
    assert [one["label"] for one in crm("template", "list", "--json").json["templates"]] == ["Offer"]
    assert crm("template", "list", "--type", "lead", "--json").json["total"] == 0
    shown = crm("template", "show", "off")
    assert "paragraph 2" in shown.out
    assert "offer.docx" in shown.out
    assert crm("template", "show", "Offer", "--json").json["next"] == "1"
    out = tmp_path / "out.docx"
    assert crm("template", "get", "Offer", "-o", str(out)).out.strip() == str(out)
    assert out.read_bytes() == offer.read_bytes()
    assert crm("template", "get", "Offer", "-o", str(out)).code == 4, "it is there"
    assert crm("template", "get", "Offer", "-o", str(out), "--force").code == 0


def test_from_stdin_and_into_a_pipe(process: Crm, offer: Path) -> None:
    file = offer.read_bytes().decode("utf-8", "surrogateescape")
    assert process("template", "add", "-", "--type", "deal", stdin=file).code == 2, "it has no name"
    assert process("template", "add", "-", "--type", "deal", "--name", "Offer", stdin=file).out == "offer\n"


def test_check_says_what_is_wrong_by_exit_code_too(crm: Crm, offer: Path, tmp_path: Path) -> None:
    wrong = crm("template", "check", str(offer), "--type", "deal")
    assert wrong.code == 4
    assert "did you mean {Title}" in wrong.err
    assert (
        crm("template", "check", str(offer), "--type", "deal", "--json").json["error"]["fields"][0]["field"]
        == "paragraph 2"
    )
    fine = tmp_path / "fine.docx"
    fine.write_bytes(file_of("{Title}"))
    assert crm("template", "check", str(fine), "--type", "deal", "--json").json["faults"] == []
    assert crm("template", "check", str(tmp_path / "nothing.docx"), "--type", "deal").code == 3
    (tmp_path / "no.docx").write_text("not Word")
    refused = crm("template", "add", str(tmp_path / "no.docx"), "--type", "deal")
    assert (refused.code, refused.out) == (4, "")


def test_it_is_changed_replaced_moved_retired_deleted_and_back(crm: Crm, offer: Path) -> None:
    crm("template", "add", str(offer), "--type", "deal", "--name", "Offer")
    crm("template", "add", str(offer), "--type", "deal", "--name", "Letter")
    words = (
        "--numbering",
        "pattern={YEAR}-{NUMBER} reset=year",
        "--numbering",
        "next=7",
        "--language",
        "it",
        "--stamps",
    )
    edited = crm("template", "edit", "Offer", "--name", "Our offer", *words, "--users", "luca", "--json").json[
        "template"
    ]
    assert [edited[name] for name in ("label", "pattern", "reset", "language", "stamps", "users")] == [
        "Our offer", "{YEAR}-{NUMBER}", "year", "it", True, ["luca"],
    ]  # fmt: skip
    assert crm("template", "show", "offer", "--json").json["next"] == "2026-7"
    assert crm("template", "edit", "offer", "--no-stamps", "--users", "", "--json").json["template"]["stamps"] is False
    assert crm("template", "edit", "offer").code == 2
    offer.write_bytes(file_of("{Title}"))
    assert crm("template", "replace", "offer", str(offer), "--json").json["template"]["revision"] == 2
    crm("template", "move", "letter", "--up")
    assert [one["key"] for one in crm("template", "list", "--json").json["templates"]] == ["letter", "offer"]
    crm("template", "retire", "letter")
    assert [one["key"] for one in crm("template", "list", "--json").json["templates"]] == ["offer"]
    crm("template", "restore", "letter")
    assert crm("template", "delete", "letter", "--json").json["template"] == "letter"
    assert crm("template", "show", "letter").code == 3
    assert crm("template", "restore", "letter").out == "letter\n"


def test_what_can_be_named_with_the_values_of_an_item(crm: Crm) -> None:
    told = {
        one["name"]: one
        for one in crm("template", "fields", "deal", "--on", "D-1", "--language", "it", "--json").json["fields"]
    }
    assert told["Title"]["value"] == "Website redesign"
    assert "12.500,00" in told["Amount"]["value"]
    assert told["ProductsProductName"]["list"] == "Products"
    assert "{ClientName}" in crm("template", "fields", "deal").out
    assert said_in(file_of("x")) == ["x"]


def test_who_may_not_is_told_so_by_exit_code(crm: Crm, offer: Path) -> None:
    assert crm("--as", "luca", "template", "add", str(offer), "--type", "deal").code == 5
