"""Who came in by SSH: the words they may say, none of the server's files and programs, and nobody's rights but their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Crm
from tests.command import Ran, run_here
from tests.front import WORDS
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup
from tuicrm.cli.grammar.served import ALLOWED, FILES, REFUSED, REFUSED_VERBS
from tuicrm.cli.grammar.typed import CommandContext
from tuicrm.cli.grammar.verbs import VERBS
from tuicrm.cli.root import Root
from tuicrm.cli.workspace.serving import put_away, words_of
from tuicrm.errors import Refused
from tuicrm.login import at_home, come_in

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC0CA7sYabSZY+7chR1RO4caUspmoxK3JHde4elsjhym luca@home"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRTf0oN3xyhDNWDPQSgMrgVPFKZGVAZCXlNqYTjPjLB x"


@pytest.fixture
def own_file(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The authorized_keys of the account; Luca has a key."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert crm("serve", "ssh-key", "add", "luca", stdin=KEY).code == 0
    return tmp_path / ".ssh" / "authorized_keys"


@pytest.fixture
def luca(own_file: Path, data: Path, crm: Crm) -> Callable[[str], Ran]:
    """Runs what Luca says behind the host, as sshd hands it on."""
    assert own_file.is_file()
    fingerprint = crm("serve", "ssh-key", "list", "--json").json["keys"][0]["fingerprint"]

    def say(asked: str) -> Ran:
        patch = pytest.MonkeyPatch()
        before = dict(os.environ)
        try:
            said = {"SSH_ORIGINAL_COMMAND": asked, "SSH_CONNECTION": "192.0.2.7 5 192.0.2.1 22"}
            return run_here(data, patch, "serve", "enter", "luca", "--key", fingerprint, env=said)
        finally:
            come_in(None)
            patch.undo()
            os.environ.clear()
            os.environ.update(before)

    return say


# -- keys --------------------------------------------------------------------------------------------------------------
def test_a_key_is_a_line_that_lets_into_the_program_and_nowhere_else(crm: Crm, own_file: Path, data: Path) -> None:
    text = own_file.read_text()
    (line,) = [one for one in text.splitlines() if not one.startswith("#")]
    assert line.startswith('restrict,pty,command="')
    assert f"--data {data} serve enter luca --key SHA256:" in line
    assert line.endswith(f'" {KEY.rpartition(" ")[0]} luca')
    assert own_file.stat().st_mode & 0o777 == 0o600
    assert own_file.parent.stat().st_mode & 0o777 == 0o700
    own_file.write_text(f"{text}ssh-ed25519 AAAA somebody's own\n")
    assert "already" in crm("serve", "ssh-key", "add", "Anna Bianchi", stdin=KEY).err
    assert crm("serve", "ssh-key", "add", "Anna Bianchi", stdin=OTHER).code == 0
    assert own_file.read_text().count("restrict,pty,command=") == 2
    assert crm("serve", "ssh-key", "remove", "luca", "luca@home").code == 0
    assert "somebody's own" in own_file.read_text()
    assert [one["person"] for one in crm("serve", "ssh-key", "list", "--json").json["keys"]] != ["luca"]
    assert crm("user", "retire", "luca").code == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "one public key"), ("x", "without options"), (f"{KEY}\n{OTHER}", "one public key"),
        (f'command="sh" {KEY}', "without options"), ("ssh-ed25519 AAAA", "cut off"), ("ssh-dss AAAAB3NzaC1kc3M=", "without options"),
        (KEY.replace("AAAAC3", "AAAAC4"), "cut off"), ("-----BEGIN OPENSSH PRIVATE KEY-----", "private key"),
        ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 x", "cut off"),
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused_and_nothing_written(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    ran = crm("serve", "ssh-key", "add", "luca", stdin=text)
    assert ran.code == 4
    assert told in ran.err
    assert not (tmp_path / ".ssh").exists()


def test_a_file_that_others_can_change_or_a_link_is_not_touched(crm: Crm, own_file: Path, tmp_path: Path) -> None:
    own_file.chmod(0o666)
    assert "others can change" in crm("serve", "ssh-key", "write").err
    target = tmp_path / "target"
    target.write_text("kept\n")
    own_file.unlink()
    own_file.symlink_to(target)
    assert crm("serve", "ssh-key", "write").code != 0
    assert target.read_text() == "kept\n"
    own_file.unlink()
    os.mkfifo(own_file, 0o600)
    assert crm("serve", "ssh-key", "write").code == 4


# -- coming in ---------------------------------------------------------------------------------------------------------
def test_they_work_as_themselves_and_are_written_down(luca: Callable[[str], Ran], crm: Crm) -> None:
    assert luca("deal list --json").json["items"]
    assert luca("tuicrm comment D-1 'Hello there'").code == 0
    assert "Luca Riva" in crm("timeline", "D-1").out
    came = crm("log", "--logins", "--json").json["logins"]
    assert [(one["person"], one["whence"], one["what"]) for one in came] == [
        ("luca", "192.0.2.7", "comment D-1"),
        ("luca", "192.0.2.7", "deal list"),
    ]
    assert "192.0.2.7" in crm("log", "--logins").out
    assert luca("").code == 2, "the program needs a terminal"
    assert "Undone: comment" in luca("undo").out, "coming in is no step of theirs"


def test_a_key_that_was_taken_away_and_a_retired_person_stay_out(luca: Callable[[str], Ran], crm: Crm) -> None:
    assert crm("user", "retire", "luca").code == 0
    assert "no longer has access" in luca("deal list").err
    assert crm("user", "restore", "luca").code == 0
    assert luca("deal list").code == 0
    assert crm("serve", "ssh-key", "remove", "luca", "1").code == 0
    out = luca("deal list")
    assert (out.code, "taken away" in out.err) == (5, True)


@pytest.mark.parametrize("words", WORDS)
def test_no_way_out(luca: Callable[[str], Ran], tmp_path: Path, words: str) -> None:
    mark = tmp_path / "mark"
    ran = luca(words.format(mark=mark))
    assert not mark.exists()
    assert ran.code != 0
    assert "root:x:0" not in ran.out + ran.err


def test_each_word_is_allowed_or_refused_for_a_reason() -> None:
    assert set(VERBS) == ALLOWED | set(REFUSED)
    assert not ALLOWED & set(REFUSED)


def commands() -> Iterator[tuple[str, CrmCommand, CommandContext]]:
    root = Root("tuicrm", "")
    here = CommandContext(root, "tuicrm")
    waiting = [(word, root.get_command(here, word)) for word in ("deal", *VERBS)]
    while waiting:
        words, command = waiting.pop()
        if isinstance(command, CrmGroup):
            ctx = CommandContext(command, words, here)
            waiting += [(f"{words} {name}", command.get_command(ctx, name)) for name in command.list_commands(ctx)]
        elif isinstance(command, CrmCommand):
            yield words, command, here


def test_whatever_names_a_file_is_called_so_and_refused() -> None:
    """A value of a Path, or one that help calls a file, stands in the list that is held back."""
    found = {words for words, _command, _ctx in commands()}
    assert found >= set(REFUSED_VERBS)
    for words, command, ctx in commands():
        for one in command.get_params(ctx):
            if "Path" in one.type:
                assert one.metavar in FILES, (words, one.name)


def test_paths_are_nobodys_who_came_in() -> None:
    from tuicrm.login import Comer

    come_in(Comer("luca"))
    try:
        with pytest.raises(Refused, match="from where you come in"):
            at_home("~/x")
        assert at_home("/x", own=True) == Path("/x")
    finally:
        come_in(None)


def test_only_the_terminals_ways_are_kept_of_an_environment() -> None:
    said = {
        "TERM": "xterm",
        "LC_ALL": "it_IT",
        "TUICRM_DATA": "/evil",
        "LD_PRELOAD": "/x",
        "EDITOR": "sh",
        "PAGER": "sh",
        "TZ": "UTC",
    }
    put_away(said, "/data")
    assert said == {"TERM": "xterm", "LC_ALL": "it_IT", "TZ": "UTC", "TUICRM_DATA": "/data"}
    assert words_of("crm deal list") == ["deal", "list"]
    with pytest.raises(Refused):
        words_of("deal 'list")
