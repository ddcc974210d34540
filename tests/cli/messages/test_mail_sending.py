"""`tuicrm mail send`, `reply`, `forward`, `edit` and the worker as people run them, into a real Postfix."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import keyring
import pytest
from keyring.core import load_keyring

from tests.cli.conftest import ROOT, Crm
from tests.postfix import PASSWORD, USER, Postfix
from tests.services.documents.files import file_of
from tests.services.messages.mails import mail


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(PASSWORD)
    path.chmod(0o600)
    return path


@pytest.fixture
def account(crm: Crm, postfix: Postfix, secret: Path) -> list[str]:
    """What a channel into the server is made of; it is made."""
    there = ["address=anna@example.test", "host=localhost", f"port={postfix.port}", "security=starttls", f"user={USER}"]
    words = [*there, f"ca={postfix.ca}", f"secret=file:{secret}", "signature=Anna", "html=yes"]
    assert crm("channel", "add", "Mail", "smtp", *words).code == 0
    return words


@pytest.fixture
def offline(crm: Crm) -> Crm:
    """With a channel to nobody."""
    assert crm("channel", "add", "Mail", "smtp", "address=anna@example.test", "host=127.0.0.1", "port=9").code == 0
    return crm


def text_of(found: EmailMessage) -> str:
    body = found.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_what_is_written_before_there_is_a_channel_waits_for_one(crm: Crm, postfix: Postfix, secret: Path) -> None:
    assert crm("settings", "send_delay=0").code == 0
    written = crm("mail", "send", "D-1", "--to", "paolo@example.test", "--subject", "Offer", stdin="Dear Paolo\n")
    assert (written.code, written.out) == (0, "MSG-1\n")
    assert "There is no channel to send by yet" in written.err
    assert "Dear Paolo" in crm("timeline", "D-1").out
    assert crm("channel", "run", "--once").code == 0
    assert crm("mail", "show", "MSG-1", "--json").json["message"]["status"] == "queued"
    words = ["address=anna@example.test", "host=localhost", f"port={postfix.port}", "security=starttls", f"user={USER}"]
    assert crm("channel", "add", "Mail", "smtp", *words, f"ca={postfix.ca}", f"secret=file:{secret}").code == 0
    assert crm("channel", "run", "--once").code == 0
    (sent,) = postfix.mails()
    assert (sent["From"], sent["Subject"]) == ("Anna Bianchi <anna@example.test>", "Offer")
    now = crm("mail", "show", "MSG-1", "--json").json["message"]
    assert (now["status"], now["error"], now["from"]) == ("sent", None, "anna@example.test")


@pytest.mark.usefixtures("account")
def test_a_mail_is_sent_answered_and_passed_on_with_its_files(crm: Crm, postfix: Postfix, tmp_path: Path) -> None:
    offer = tmp_path / "offer.pdf"
    offer.write_bytes(b"%PDF-1.7")
    words = (
        "--to",
        "Paolo <paolo@example.test>",
        "--cc",
        "b@example.test",
        "--subject",
        "Offer",
        "--attach",
        str(offer),
    )
    made = crm("mail", "send", "D-1", *words, "--now", stdin="Dear Paolo\n.\nhttps://example.test/a?b=1&c=2")
    assert (made.out, made.err) == ("MSG-1\n", "Sent.\n"), made
    both = postfix.mails()
    assert sorted(str(one["Delivered-To"]) for one in both) == ["b@example.test", "paolo@example.test"]
    first = both[0]
    assert isinstance(first, EmailMessage)
    assert text_of(first) == "Dear Paolo\n.\nhttps://example.test/a?b=1&c=2\n\n-- \nAnna\n"
    html = first.get_body(("html",))
    assert html is not None
    assert '<a href="https://example.test/a?b=1&amp;c=2">' in html.get_content()
    assert [(one.get_filename(), one.get_content()) for one in first.iter_attachments()] == [("offer.pdf", b"%PDF-1.7")]
    postfix.clear()
    assert crm("mail", "reply", "MSG-1", "--all", "--text", "And?", "--now").out == "MSG-2\n"
    answer = postfix.mails()[0]
    assert isinstance(answer, EmailMessage)
    assert (answer["Subject"], answer["In-Reply-To"]) == ("Re: Offer", first["Message-ID"])
    assert (str(answer["To"]), str(answer["Cc"])) == ("paolo@example.test", "b@example.test")
    assert text_of(answer).startswith("And?\n\nOn ")
    assert "\n> Dear Paolo\n" in text_of(answer)
    postfix.clear()
    assert crm("mail", "forward", "MSG-1", "--to", "c@example.test", "--text", "See", "--now").out == "MSG-3\n"
    passed = postfix.mails()[0]
    assert isinstance(passed, EmailMessage)
    assert [one.get_filename() for one in passed.iter_attachments()] == ["offer.pdf"]
    assert crm("mail", "list", "D-1", "--json").json["total"] == 3
    assert "Mail to paolo@example.test: Offer" in crm("timeline", "D-1").out


@pytest.mark.usefixtures("account")
def test_the_worker_sends_what_waits_when_the_delay_is_over(crm: Crm, process: Crm, postfix: Postfix) -> None:
    to = ("mail", "send", "D-1", "--to", "paolo@example.test", "--text", "x")
    assert "tuicrm undo" in crm(*to).err
    assert crm("undo").code == 0
    assert crm(*to).code == 0
    assert crm("mail", "recall", "MSG-2").code == 0
    assert crm("mail", "recall", "MSG-2").code == 3
    assert crm(*to).out == "MSG-3\n"
    ran = crm("channel", "run", "--once")
    assert (ran.code, ran.err) == (0, "Nothing is due, and nothing has come.\n")
    assert "queued" in crm("mail", "outbox").out
    assert crm("settings", "send_delay=0").code == 0
    assert crm(*to).out == "MSG-4\n"
    told = process("channel", "run", "--once", "--json").json
    assert told["messages"] == [{"ref": "MSG-4", "status": "sent", "why": None}]
    assert len(postfix.mails()) == 1
    late = crm("mail", "recall", "MSG-4")
    assert (late.code, "too late" in late.err) == (4, True)
    assert crm("mail", "settle", "MSG-4", "--again").code == 4
    assert crm("mail", "settle", "MSG-4").code == 2


def test_a_draft_is_kept_gone_on_with_and_sent(offline: Crm, tmp_path: Path) -> None:
    crm = offline
    assert crm("text-template", "add", "Offer", "--subject", "On {Title}", "--text", "Dear {ClientTitle}").code == 0
    made = crm("mail", "send", "D-1", "--template", "offer", "--draft")
    assert (made.out, "mail send MSG-1" in made.err) == ("MSG-1\n", True)
    assert crm("--as", "luca", "mail", "show", "MSG-1").code == 3
    assert crm("--as", "luca", "mail", "list", "--drafts", "--json").json["total"] == 0
    assert "MSG-1" not in crm("--as", "luca", "timeline", "D-1").out
    path = tmp_path / "a.txt"
    path.write_text("x")
    told = crm("mail", "edit", "MSG-1", "--to", "not yet an address", "--attach", str(path), "--json").json["message"]
    assert (told["status"], told["subject"], told["to"]) == ("draft", "On Website redesign", ["not yet an address"])
    assert [one["name"] for one in told["files"]] == ["a.txt"]
    assert crm("mail", "list", "--drafts", "D-1", "--json").json["total"] == 1
    assert crm("mail", "list", "--drafts", "D-2", "--json").json["total"] == 0
    assert crm("mail", "list", "--drafts", "--all").code == 2
    assert "not a mail address" in crm("mail", "send", "MSG-1").err
    assert crm("mail", "edit", "MSG-1", "--text", "-", stdin="New text").code == 0
    sent = crm("mail", "send", "MSG-1", "--to", "paolo@example.test", "--json").json["message"]
    assert (sent["status"], sent["text"], len(sent["files"])) == ("queued", "New text", 1)
    assert crm("mail", "list", "--drafts", "--json").json["total"] == 0
    assert crm("undo").code == 0
    assert [one["ref"] for one in crm("mail", "list", "--drafts", "--json").json["messages"]] == ["MSG-1"]
    assert crm("mail", "edit", sent["ref"], "--text", "x").code == 3
    assert crm("mail", "add", "D-1", stdin=mail().decode()).code == 0
    assert crm("mail", "edit", "MSG-3", "--text", "x").code == 4


def test_documents_made_here_go_along(offline: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crm = offline
    path = tmp_path / "offer.docx"
    path.write_bytes(file_of("{Title}"))
    assert crm("template", "add", str(path), "--type", "deal", "--name", "Offer").code == 0
    assert crm("document", "make", "D-1", "offer").code == 0
    (tmp_path / "DOC-1").write_text("a file")
    to = ("mail", "send", "D-1", "--to", "p@example.test", "--text", "x", "--json")
    told = crm(*to, "--attach", "doc-1", "--attach", str(tmp_path / "DOC-1")).json["message"]
    assert [one["name"].rpartition(".")[2] for one in told["files"]] == ["docx", "DOC-1"]
    assert crm(*to, "--attach", "DOC-99").code == 3
    assert crm(*to, "--attach", "nothing.txt").code == 4
    nothing = tmp_path / "soffice"
    nothing.write_text("#!/bin/sh\nexit 1\n")
    nothing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for words in (("--attach", "DOC-1.pdf"), ("--pdf", "DOC-1")):
        refused = crm(*to, *words)
        assert "LibreOffice" in refused.out, "the PDF is made of the document"
    assert crm("mail", "outbox", "--json").json["total"] == 1, "nothing half written is left"


def test_what_does_not_go_together_is_refused(offline: Crm) -> None:
    crm = offline
    assert crm("mail", "send", "D-1", "--text", "x").code == 2
    assert crm("mail", "send", "D-1", "--to", "a@x.it", "--text", "x", "--template", "y").code == 2
    assert crm("mail", "send", "D-1", "--to", "a@x.it", "--text", "x", "--draft", "--now").code == 2
    assert crm("mail", "send", "D-1", "--to", "a@x.it", "--template", "nothing").code == 3
    assert crm("mail", "send", "D-99", "--to", "a@x.it", "--text", "x").code == 3
    for evil in ("a@x.it\nBcc: eve@example.test", "a@x.it\r\n.\r\nQUIT", "Paolo", "<>"):
        refused = crm("mail", "send", "D-1", "--to", evil, "--text", "x")
        assert (refused.code, "not a mail address" in refused.err) == (4, True)
    assert crm("mail", "outbox", "--json").json["total"] == 0


def on_terminal(data: Path, editor: Path, *words: str) -> int:
    """Run a command whose stdin is a terminal."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data), "EDITOR": str(editor), "VISUAL": ""}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tuicrm", *words],
            stdin=theirs,
            capture_output=True,
            env=env,
            timeout=60,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    return done.returncode


def test_on_a_terminal_the_text_is_written_in_ones_editor(offline: Crm, data: Path, tmp_path: Path) -> None:
    crm = offline
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\nprintf "From my editor\\n" | cat - "$1" > "$1.x" && mv "$1.x" "$1"\n')
    editor.chmod(0o755)
    quoted = Path(f"'{editor}'")
    assert on_terminal(data, quoted, "mail", "send", "D-1", "--to", "a@x.it") == 0
    assert crm("mail", "show", "MSG-1", "--json").json["message"]["text"] == "From my editor"
    assert on_terminal(data, quoted, "mail", "reply", "MSG-1", "--draft") == 0
    answer = crm("mail", "show", "MSG-2", "--json").json["message"]["text"]
    assert answer.startswith("From my editor\n\n\nOn ")
    assert "> From my editor" in answer
    assert on_terminal(data, quoted, "mail", "edit", "MSG-2") == 0
    assert crm("mail", "show", "MSG-2", "--json").json["message"]["text"].count("From my editor") == 3
    assert on_terminal(data, Path("true"), "mail", "send", "D-1", "--to", "a@x.it") == 4, "nothing was written"
    assert crm("mail", "outbox", "--json").json["total"] == 1


_RING = """
from pathlib import Path
from keyring.backend import KeyringBackend

class Ring(KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        known = ("tuicrm-channel", "anna@localhost")
        return Path({path!r}).read_text() if (service, username) == known else None

    def set_password(self, service, username, password):
        raise NotImplementedError
"""


@pytest.fixture
def ring(secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A keyring that holds the secret, as a system's own would, here and (by these variables) in other processes."""
    (tmp_path / "ring_of_tests.py").write_text(_RING.format(path=str(secret)))
    monkeypatch.syspath_prepend(tmp_path)
    before = keyring.get_keyring()
    keyring.set_keyring(load_keyring("ring_of_tests.Ring"))
    yield {"PYTHON_KEYRING_BACKEND": "ring_of_tests.Ring", "PYTHONPATH": f"{ROOT}:{tmp_path}"}
    keyring.set_keyring(before)
    sys.modules.pop("ring_of_tests", None)


@pytest.mark.parametrize("place", ["variable", "command", "file", "keyring"])
def test_a_secret_is_used_and_stands_nowhere(  # noqa: PLR0913 - all that a secret passes through
    crm: Crm,
    process: Crm,
    postfix: Postfix,
    account: list[str],
    ring: dict[str, str],
    secret: Path,
    data: Path,
    tmp_path: Path,
    place: str,
) -> None:
    """Neither in the workspace, in what is printed, nor in what the processes are called."""
    spy = tmp_path / "spy"
    spy.write_text(f'#!/bin/sh\ntr "\\0" " " < /proc/$PPID/cmdline >> "{tmp_path}/seen"\ncat "{secret}"\n')
    spy.chmod(0o700)
    source = {"variable": "variable:MAIL_SECRET", "command": f"command:'{spy}'", "file": f"file:{secret}"}.get(
        place, place
    )
    env = {"MAIL_SECRET": PASSWORD} if place == "variable" else ring if place == "keyring" else {}
    assert crm("channel", "edit", "mail", f"secret={source}").code == 0
    send = ("mail", "send", "D-1", "--to", "paolo@example.test", "--text", "x", "--now")
    looks = (
        ("channel", "test", "mail"),
        ("channel", "show", "mail"),
        ("channel", "list"),
        ("channel", "run", "--once"),
        ("log",),
    )
    ran = [process(*send, env=env)]
    ran += [crm(*words, *more, env=env) for words in (send, *looks) for more in ((), ("--json",))]
    assert [one.code for one in ran] == [0] * len(ran), ran
    assert len(postfix.mails()) == 3
    (secret if place != "variable" else tmp_path / "x").write_text("not the password")
    wrong = crm("channel", "test", "mail", "--json", env={"MAIL_SECRET": "not the password"})
    assert "log-in was refused" in wrong.out
    told = "".join(one.out + one.err for one in [*ran, wrong])
    assert PASSWORD not in told
    assert "not the password" not in told
    if place == "command":
        assert PASSWORD not in (tmp_path / "seen").read_text()
    there = [one for folder in (data, tmp_path / "home") for one in folder.rglob("*") if one.is_file()]
    assert there
    assert not [one for one in there if PASSWORD.encode() in one.read_bytes()]
    assert account
    assert crm("fsck").code == 0


@pytest.mark.usefixtures("account")
def test_the_staying_worker_sends_what_is_written_later_and_ends_when_told(
    crm: Crm, postfix: Postfix, data: Path
) -> None:
    assert crm("settings", "send_delay=0").code == 0
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data)}
    assert PASSWORD not in str(env), "or it says nothing that the process has it"
    command = [sys.executable, "-m", "tuicrm", "channel", "run"]
    to = ("mail", "send", "D-1", "--to", "paolo@example.test", "--text", "x")
    assert crm(*to).out == "MSG-1\n"
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        try:
            assert running.stderr.readline() == "MSG-1 is sent.\n"
            told = b"".join(Path(f"/proc/{running.pid}/{name}").read_bytes() for name in ("cmdline", "environ"))
            assert b"channel" in told
            assert PASSWORD.encode() not in told
            assert crm(*to).out == "MSG-2\n"
            assert running.stderr.readline() == "MSG-2 is sent.\n"
            running.send_signal(signal.SIGTERM)
            assert running.wait(20) == 0
        finally:
            running.kill()
    assert len(postfix.mails()) == 2
