"""`tuicrm mail …` and `tuicrm contact query`: as people type it, and as programs read it."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from tests.cli.conftest import Crm
from tests.services.messages.mails import mail


@pytest.fixture
def maria(crm: Crm) -> Crm:
    assert crm("contact", "add", "last_name=Bianchi", "email=maria@example.com").code == 0
    return crm


def add(crm: Crm, content: bytes, *words: str) -> str:
    ran = crm("mail", "add", *words, stdin=content.decode())
    assert ran.code == 0, ran.err
    return ran.out.strip()


def test_a_mail_from_a_pipe_is_shown_bound_shared_and_deleted(maria: Crm) -> None:
    assert add(maria, b"From me Tue Nov  3 10:00:00 2026\n" + mail()) == "MSG-1"
    assert add(maria, mail()) == "MSG-1"
    assert "Mail from maria@example.com: Your offer" in maria("timeline", "C-2", "--only", "mail").out
    told = maria("mail", "show", "MSG-1", "--json").json["message"]
    assert (told["on"], told["private"], told["from"]) == (["C-2"], True, "maria@example.com")
    assert "we take it" in maria("mail", "show", "1").out
    assert "Message-ID: <1@example.com>" in maria("mail", "show", "1", "--raw").out
    assert maria("mail", "link", "MSG-1", "D-1").err.strip() == "on C-2, D-1"
    assert maria("mail", "share", "MSG-1", "--json").json["message"]["private"] is False
    assert [one["ref"] for one in maria("mail", "list", "D-1", "--json").json["messages"]] == ["MSG-1"]
    assert maria("mail", "delete", "MSG-1").code == 0
    assert maria("mail", "show", "MSG-1").code == 3
    assert maria("undo").code == 0
    assert maria("mail", "unlink", "MSG-1", "D-1", "C-2").err.strip() == "in the inbox"
    assert maria("mail", "leave", "MSG-1").code == 0
    assert maria(
        "mail",
        "add",
        stdin=mail().decode(),
    ).err.startswith("It was here")


def test_what_is_no_mail_is_refused(crm: Crm) -> None:
    assert crm("mail", "add", stdin="").code == 4
    assert crm("mail", "add", "D-77", stdin=mail().decode()).code == 3
    assert crm("mail", "add", "--shared", "--private", stdin=mail().decode()).code == 2
    assert crm("mail", "show", "MSG-9").code == 3
    assert crm("mail", "import", "nothing.mbox").code == 3


@pytest.mark.parametrize("kind", ["mbox", "maildir", "eml"])
def test_a_folder_is_taken_in_once(maria: Crm, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "mails"
    contents = [mail(number=f"{n}@x", text=f"From the first line on\n\nFrom {n}") for n in range(3)]
    contents.append(mail(number="x@x", sender="x@nowhere.example"))
    if kind == "eml":
        path.mkdir()
        for n, content in enumerate(contents):
            (path / f"{n}.eml").write_bytes(content)
    else:
        box = mailbox.mbox(path) if kind == "mbox" else mailbox.Maildir(path)
        for content in contents:
            box.add(content)
        box.close()
    first = maria("mail", "import", str(path), "--json").json
    assert (first["new"], first["unknown"], first["known"]) == (3, 1, 0)
    again = maria("mail", "import", str(path), "--all", "--json").json
    assert (again["new"], again["known"], again["waiting"]) == (1, 3, 1)
    assert maria("mail", "import", str(path)).out == "0 taken in; 4 were here already\n"
    assert "From the first line on\n\nFrom 2" in maria("mail", "show", "MSG-3").out
    assert maria("mail", "list", "--json").json["total"] == 1


def test_addresses_come_as_mutt_reads_them(maria: Crm) -> None:
    assert maria("contact", "query", "bian").out == "1 address\nmaria@example.com\tBianchi\tC-2\n"
    assert maria("contact", "query", "maria@", "--json").json["addresses"][0]["ref"] == "C-2"
    assert maria("contact", "query", "nobody-at-all").out == "0 addresses\n"
