"""The front of a server, with a real sshd: people come in by their keys, into the program and its commands, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.front import Front, free_port
from benchmarks.front import front as serving
from benchmarks.probe import Probe
from tests.front import OPTIONS, WORDS
from tests.test_ssh import _tool
from tuicrm.domain.items import Ref
from tuicrm.services.items import items, timeline
from tuicrm.services.workspace import ssh_keys
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """An sshd whose only keys are what `serve ssh-key` writes: Giulia's, a manager."""
    folder = tmp_path_factory.mktemp("front")
    workspace = folder / "workspace"
    create_workspace(workspace, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Far away"))
    session = open_session(workspace)
    items.add(session, "deal", items.values(session, "deal", {"title": "Website redesign 株式"}))
    session.close()
    for name in ("sshd", "ssh", "ssh-keygen", "scp", "sftp"):
        _tool(name)
    with serving(folder, workspace) as served:
        yield served


def test_a_command_is_run_as_the_person_of_the_key_and_files_go_by_the_pipe(front: Front) -> None:
    listed = front.run("deal", "list", "--json")
    assert listed.returncode == 0, listed
    assert "株式" in listed.stdout
    assert front.run("comment", "D-1", "-", stdin="By ssh").returncode == 0
    assert front.run("export", "deal").stdout.startswith("ref,title")
    session = front.session()
    try:
        assert [(one["by"], one["text"]) for one in timeline.records(session, Ref("deal", 1), ["comments"])] == [
            ("giulia", "By ssh")
        ]
    finally:
        session.close()


def test_the_program_opens_on_their_terminal_and_ends_when_the_key_is_taken_away(front: Front) -> None:
    probe = Probe([*front.ssh, "-tt", "crm"], (100, 30))
    try:
        assert probe.first("Website redesign", 30) is not None, probe.text()
        assert probe.press(b"\r", 10).bytes
        # The shell behind it is nobody's.
        assert probe.press(b"\x1a", 10).bytes
        assert "no shell behind" in probe.text()
        session = front.session()
        try:
            giulia = session.workspace.people["giulia"]
            ssh_keys.remove_key(session, giulia, giulia.keys[0])
            end = time.monotonic() + 20
            while not probe.ended and time.monotonic() < end:
                time.sleep(0.02)
            assert probe.ended, "who came in by it is put out"
            assert "taken away" in probe.text()
            assert front.run("deal", "list").returncode == 5
        finally:
            ssh_keys.add_key(session, session.workspace.people["giulia"], (front.folder / "giulia.pub").read_text())
            session.close()
    finally:
        probe.close()


FEW = WORDS[::9]


def tried(front: Front, words: tuple[str, ...]) -> None:
    mark = front.folder / "mark"
    for each in words:
        ran = front.run(each.format(mark=mark))
        assert not mark.exists(), each
        assert ran.returncode != 0, each
        assert "root:x:0" not in ran.stdout + ran.stderr, each


def test_no_words_lead_out(front: Front) -> None:
    """Each of them, without sshd, in tests/cli/test_served.py."""
    tried(front, FEW)


@pytest.mark.slow
def test_none_of_all_the_words_leads_out(front: Front) -> None:
    tried(front, WORDS)


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_no_option_of_ssh_leads_out(front: Front, options: tuple[str, ...]) -> None:
    sent = {"TUICRM_DATA": "/tmp", "PYTHONPATH": "/x"}
    command = [
        *front.ssh,
        *options,
        "crm",
        *([] if "-W" in options or "-s" in options else ["deal list --limit 1 --json"]),
    ]
    ran = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **sent},
        input="cat /etc/passwd\n",
    )
    assert "root:x:0" not in ran.stdout
    if "-W" in options:
        assert "SSH-2.0" not in ran.stdout
        assert ran.returncode != 0
    elif "-s" not in options:
        assert (ran.returncode, "Website redesign" in ran.stdout) == (0, True), ran


def test_no_port_is_forwarded(front: Front) -> None:
    import socket

    port, sshd = free_port(), (front.folder / "sshd_config").read_text().split()[1]
    command = [*front.ssh, "-N", "-L", f"{port}:127.0.0.1:{sshd}", "crm"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        try:
            end, heard = time.monotonic() + 20, b""
            while time.monotonic() < end:
                with socket.socket() as attempt:
                    attempt.settimeout(5)
                    if attempt.connect_ex(("127.0.0.1", port)) == 0:
                        heard = attempt.recv(100)
                        break
                time.sleep(0.05)
            else:
                pytest.fail("ssh did not listen")
            assert heard == b"", "it listens here, and reaches nothing there"
        finally:
            running.kill()


def test_copying_tools_get_nothing(front: Front, tmp_path: Path) -> None:
    for program in ("scp", "sftp"):
        tool = _tool(program)
        source = "crm:/etc/passwd"
        target = [str(tmp_path / "got")]
        ran = subprocess.run(
            [tool, "-F", str(front.folder / "ssh_config"), source, *target],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert ran.returncode != 0, ran
        assert not (tmp_path / "got").exists()
