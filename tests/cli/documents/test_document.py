"""`tuicrm document …`: as people type it, and as programs read it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Crm
from tests.services.documents.files import file_of, said_in


@pytest.fixture
def offer(crm: Crm, tmp_path: Path) -> Crm:
    path = tmp_path / "offer.docx"
    path.write_bytes(file_of("No. {DocumentNumber}", "{Title}", "{Comments}"))
    assert crm("template", "add", str(path), "--type", "deal", "--name", "Offer").code == 0
    return crm


def test_a_document_is_made_listed_and_got(offer: Crm, tmp_path: Path) -> None:
    made = offer("document", "make", "D-1", "Offer", "--json").json["document"]
    assert (made["ref"], made["on"], made["number"], made["title"]) == ("DOC-1", "D-1", "1", "Offer 1")
    assert offer("document", "make", "D-1", "offer").out == "DOC-2\n"
    listed = offer("document", "list", "D-1", "--json").json
    assert [one["ref"] for one in listed["documents"]] == ["DOC-2", "DOC-1"]
    assert "Offer 2" in offer("document", "list", "D-1").out
    out = tmp_path / "out.docx"
    assert offer("document", "get", "DOC-1", "-o", str(out)).code == 0
    assert said_in(out.read_bytes()) == ["No. 1", "Website redesign"]
    assert offer("document", "get", "1", "-o", str(tmp_path), "--json").json["path"] == str(tmp_path / "Offer 1.docx")
    assert offer("document", "get", "DOC-1", "-o", str(out)).code == 4
    assert offer("document", "get", "DOC-1", "--version", "7", "-o", str(out)).code == 3
    assert offer("find", "Offer 2", "--json").json["total"] == 1
    assert "Document created: Offer 2" in offer("timeline", "D-1", "--only", "documents").out


def test_a_dry_run_shows_what_it_would_say(offer: Crm) -> None:
    told = offer("document", "make", "D-1", "Offer", "--dry-run", "--set", "Title=x", "--json").json
    assert told["document"]["values"] == {"DocumentNumber": "1", "Title": "x", "Comments": ""}
    assert told["document"]["missing"] == ["Comments"]
    assert "nothing was saved" in offer("document", "make", "D-1", "Offer", "--dry-run").err
    assert offer("document", "list", "D-1", "--json").json["total"] == 0
    assert offer("document", "make", "D-1", "Offer", "--set", "Titel=x").code == 4
    assert offer("document", "make", "D-1", "Offer", "--set", "Titel").code == 2
    assert offer("document", "make", "D-1", "Nothing").code == 3
    assert offer("document", "make", "D-77", "Offer").code == 3


def test_it_is_changed_made_again_attached_deleted_and_back(offer: Crm, tmp_path: Path) -> None:
    offer("document", "make", "D-1", "Offer")
    edited = offer("document", "edit", "DOC-1", "--set", "Title=By hand", "--title", "Mine", "--json").json["document"]
    assert (edited["title"], edited["version"]) == ("Mine", 2)
    offer("deal", "edit", "D-1", "title=Other", "comment=Soon")
    assert offer("document", "again", "DOC-1", "--json").json["document"]["version"] == 3
    shown = offer("document", "show", "DOC-1", "--json").json["document"]
    assert (shown["values"]["Title"], shown["values"]["Comments"], shown["overrides"]) == (
        "By hand",
        "Soon",
        {"Title": "By hand"},
    )
    own = tmp_path / "own.docx"
    own.write_bytes(file_of("Mine alone"))
    assert (
        offer("document", "edit", "DOC-1", "--file", str(own), "--json").json["document"]["versions"][-1]["how"]
        == "uploaded"
    )
    assert "edited by hand" in offer("document", "show", "DOC-1").out
    assert offer("document", "edit", "DOC-1").code == 2
    assert offer("document", "edit", "DOC-1", "--set", "Title=x", "--file", str(own)).code == 2
    offer("document", "delete", "DOC-1")
    assert offer("document", "show", "DOC-1").code == 3
    assert offer("document", "restore", "DOC-1").out == "DOC-1\n"
    assert offer("document", "restore", "DOC-1").code == 4
    offer("undo")
    assert offer("document", "list", "D-1", "--json").json["total"] == 0


def test_several_at_once_tell_of_those_that_cannot(offer: Crm) -> None:
    told = offer("document", "make", "D-1", "Offer", "--also", "D-2", "--also", "CO-1", "--json").json
    assert [one["on"] for one in told["documents"]] == ["D-1", "D-2"]
    assert list(told["refused"]) == ["CO-1"]
    ran = offer("document", "make", "D-1", "Offer", "--also", "CO-1")
    assert (ran.code, ran.out) == (0, "DOC-3\n")
    assert "CO-1" in ran.err
    assert offer("document", "make", "D-1", "Offer", "--also", "D-2", "--title", "x").code == 2


def test_into_a_pipe_it_is_the_file(offer: Crm, data: Path) -> None:
    offer("document", "make", "D-1", "Offer")
    words = [sys.executable, "-m", "tuicrm", "document", "get", "DOC-1"]
    done = subprocess.run(
        words, capture_output=True, env={**os.environ, "TUICRM_DATA": str(data)}, cwd=ROOT, check=True
    )
    assert said_in(done.stdout) == ["No. 1", "Website redesign"]


def test_without_the_right_nothing_is_made(offer: Crm) -> None:
    assert offer("--as", "luca", "document", "make", "D-1", "Offer").code == 5
    assert offer("--as", "luca", "document", "make", "D-2", "Offer", "--json").json["document"]["by"] == "luca"


def test_where_no_pdf_can_be_made_the_document_is_there_and_it_is_said_why(offer: Crm, tmp_path: Path) -> None:
    """A LibreOffice that does nothing stands first on the path."""
    nothing = tmp_path / "soffice"
    nothing.write_text("#!/bin/sh\nexit 0\n")
    nothing.chmod(0o755)
    ran = offer("document", "make", "D-1", "Offer", "--pdf", env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert (ran.code, ran.out) == (0, "DOC-1\n")
    assert "LibreOffice" in ran.err
    assert offer("document", "list", "D-1", "--json").json["documents"][0]["versions"][0]["pdf"] is False
    out = tmp_path / "out.pdf"
    ran = offer("document", "get", "DOC-1", "--pdf", "-o", str(out), env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert (ran.code, out.exists()) == (4, False)
