"""`tuicrm channel`: accounts made, shown, tried step by step; secrets on no command line and in no answer."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import dovecot as dovecot_server
from tests.cli.conftest import Crm
from tests.dovecot import Dovecot
from tests.postfix import PASSWORD, USER, Postfix
from tests.services.messages.mails import mail


def test_channels_are_made_shown_and_put_away(crm: Crm) -> None:
    words = ("address=anna@example.test", "host=mail.example.test", "user=anna", "secret=command:pass show mail")
    assert crm("channel", "add", "My mail", "smtp", *words).out == "my_mail\n"
    assert (
        crm(
            "channel",
            "add",
            "Sales",
            "smtp",
            "address=sales@example.test",
            "host=localhost",
            "--whose",
            "department:company",
        ).code
        == 0
    )
    shown = crm("channel", "show", "my").out
    assert "host: mail.example.test" in shown
    assert "secret: command:pass show mail" in shown
    listed = json.loads(crm("channel", "list", "--json").out)
    assert [(one["key"], one["department"]) for one in listed["channels"]] == [("my_mail", None), ("sales", "company")]
    assert "secret" not in crm("--as", "luca", "channel", "show", "my_mail", "--json").out, (
        "where it is, is its owner's affair"
    )
    assert crm("--as", "luca", "channel", "edit", "my_mail", "host=evil.example").code == 5
    assert crm("--as", "luca", "channel", "test", "my_mail").code == 5
    assert crm("channel", "edit", "my_mail", "port=465", "--name", "Mail").out == "my_mail\n"
    assert crm("channel", "edit", "my_mail").code == 2
    refused = crm("channel", "edit", "my_mail", "password=hunter2")
    assert refused.code == 4
    assert "hunter2" not in refused.err
    assert crm("channel", "retire", "my_mail").code == 0
    assert "My mail" not in crm("channel", "list").out
    assert crm("channel", "restore", "my_mail").code == 0
    assert crm("channel", "remove", "my_mail").code == 0
    assert crm("undo").code == 0
    assert crm("channel", "show", "my_mail").code == 0
    assert "Agreed" in crm("channel", "trust", "my_mail").err


def test_an_account_is_tried_step_by_step(
    crm: Crm, postfix: Postfix, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_SECRET", PASSWORD)
    words = ("address=anna@example.test", "host=localhost", f"port={postfix.port}", "security=starttls", f"user={USER}")
    assert crm("channel", "add", "Mail", "smtp", *words, f"ca={postfix.ca}", "secret=variable:MAIL_SECRET").code == 0
    tried = crm("channel", "test", "mail", "--json")
    told = json.loads(tried.out)
    assert (tried.code, told["works"]) == (0, True)
    assert [one["step"] for one in told["steps"]] == ["secret", "name", "port", "tls", "login"]
    monkeypatch.setenv("MAIL_SECRET", "wrong")
    wrong = crm("channel", "test", "mail")
    assert wrong.code == 1
    assert "log-in was refused" in wrong.out
    crm("channel", "edit", "mail", "ca=")
    assert "certificate is not trusted" in crm("channel", "test", "mail").out
    crm("channel", "edit", "mail", "ca=/no/such/file")
    assert "there is no file" in crm("channel", "test", "mail").out
    crm("channel", "edit", "mail", "ca=")
    monkeypatch.delenv("MAIL_SECRET")
    assert "MAIL_SECRET is not set" in crm("channel", "test", "mail").out
    assert not any(PASSWORD.encode() in one.read_bytes() for one in data.rglob("*") if one.is_file())


def account(dovecot: Dovecot) -> list[str]:
    """What is said of an account on the server that takes in everything."""
    there = ["host=localhost", f"port={dovecot.tls_port}", "security=tls", "user=anna", f"ca={dovecot.ca}"]
    return ["address=anna@ours.example", *there, "secret=variable:MAIL_SECRET", "take=all", "days=9999"]


def test_what_comes_is_taken_in_by_run(crm: Crm, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_SECRET", dovecot_server.PASSWORD)
    words = account(dovecot)
    assert crm("channel", "add", "In", "imap", *words).out == "in\n"
    told = json.loads(crm("channel", "test", "in", "--json").out)
    assert [(one["step"], one["works"]) for one in told["steps"]][-2:] == [("folder", True), ("folder", True)]
    dovecot.put(mail())
    ran = crm("channel", "run", "--once")
    assert (ran.code, "has come; it waits in the inbox" in ran.err) == (0, True)
    ran = crm("channel", "run", "--once", "--json")
    assert json.loads(ran.out)["received"] == []
    assert "Your offer" in crm("mail", "list").out
    monkeypatch.setenv("MAIL_SECRET", "wrong")
    assert "log-in was refused" in crm("channel", "run", "--once").err
    refused = crm("channel", "add", "Here", "maildir", "address=a@x.it", "path=relative")
    assert (refused.code, "a folder is expected" in refused.err) == (4, True)


def test_the_staying_worker_takes_in_what_comes_and_ends_when_told(
    crm: Crm, data: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_SECRET", dovecot_server.PASSWORD)
    words = account(dovecot)
    crm("channel", "add", "In", "imap", *words)
    command = [sys.executable, "-m", "tuicrm", "--data", str(data), "channel", "run"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, cwd=Path(__file__).resolve().parents[3], text=True
    ) as running:
        assert running.stderr is not None
        try:
            for number in ("1@x", "2@x"):  # the first look, or the waiting, brings it
                dovecot.put(mail(number=number))
                assert "has come" in running.stderr.readline()
            running.send_signal(signal.SIGTERM)
            assert running.wait(20) == 0
        finally:
            running.kill()


def test_channels_are_worked_with_as_processes(crm: Crm, process: Crm, data: Path) -> None:
    """Nothing of it depends on what another command left in memory."""
    words = ("address=anna@example.test", "host=127.0.0.1", "port=9", "user=anna", "secret=variable:NOT_SET")
    assert process("channel", "add", "Mail", "smtp", *words).out == "mail\n"
    assert "NOT_SET is not set" in process("channel", "test", "mail").out
    assert process("channel", "edit", "mail", "user=", "secret=").code == 0
    assert process("mail", "send", "D-1", "--to", "a@x.it", "--text", "x", "--now").code == 0
    waits = crm("mail", "outbox", "--json").json["messages"][0]
    assert (waits["status"], "refused" in waits["error"]) == ("queued", True)
    assert process("channel", "run", "--once").code == 0
    unit = process("channel", "service").out
    (line,) = [one for one in unit.splitlines() if one.startswith("ExecStart=")]
    assert str(data) in line
    assert process("channel", "remove", "mail").code == 4
    assert crm("channel", "retire", "mail").code == 0
    waiting = crm("mail", "send", "D-1", "--to", "a@x.it", "--text", "x", "--now")
    assert (waiting.code, "no channel to send by yet" in waiting.err) == (0, True)
