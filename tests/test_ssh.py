"""Over a real sshd of our own, on a free port and as the present user: zone, terminal and typing come through."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.probe import Probe
from tests.cli.conftest import ROOT
from tuicrm.domain.items import Ref
from tuicrm.services.items import items, timeline
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

_MISSING = "{name} is missing: these tests need OpenSSH (scripts/openssh.sh installs it on Debian and Ubuntu)"
_START_LIMIT = 10


def _tool(name: str) -> str:
    """Where a program lies; sshd is often not on the path of people."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
    if found is None:
        missing = _MISSING.format(name=name)
        # `make test` needs no more than Python, make and git; .ci/run wants all tests.
        if os.environ.get("TUICRM_ALL_TESTS"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


class Server(NamedTuple):
    """How to reach the sshd: words of `ssh` up to the remote command, and the workspace there."""

    ssh: tuple[str, ...]
    workspace: Path

    def command(self, *words: str, forward: str = "TZ COLORTERM LC_ALL") -> list[str]:
        """`tuicrm …` on a terminal of the server, with these variables forwarded."""
        remote = [
            "env",
            f"PYTHONPATH={ROOT}",
            f"TUICRM_DATA={self.workspace}",
            f"TUICRM_CONFIG={self.workspace.parent}/none",
        ]
        sent = [f"-oSendEnv={name}" for name in forward.split()]
        return [*self.ssh, *sent, "me@127.0.0.1", *remote, sys.executable, "-m", "tuicrm", *words]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An sshd that lets us in by a key made here, and a workspace with one deal."""
    sshd, ssh, keygen = _tool("sshd"), _tool("ssh"), _tool("ssh-keygen")
    for key in ("host", "me"):
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / key)], check=True)
    shutil.copy(tmp_path / "me.pub", tmp_path / "authorized")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = tmp_path / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {tmp_path}/host\nAuthorizedKeysFile {tmp_path}/authorized\n"
        "AcceptEnv TZ COLORTERM LC_ALL\nPermitRootLogin yes\nUsePAM no\nStrictModes no\nPasswordAuthentication no\n"
        "PidFile none\nPrintMotd no\nPrintLastLog no\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    # Its own TZ would go before the one that is forwarded.
    bare = {name: value for name, value in os.environ.items() if name != "TZ"}
    with (
        (tmp_path / "sshd.log").open("wb") as log,
        subprocess.Popen([sshd, "-D", "-e", "-f", str(config)], stderr=log, env=bare) as running,
    ):
        try:
            _await(port, running, tmp_path / "sshd.log")
            words = (ssh, "-tt", "-F", "none", "-p", str(port), "-i", f"{tmp_path}/me", "-l", getpass.getuser())
            options = (
                "BatchMode=yes",
                "IdentitiesOnly=yes",
                "StrictHostKeyChecking=no",
                f"UserKnownHostsFile={tmp_path}/hosts",
            )
            yield Server((*words, *(f"-o{option}" for option in options), "-oLogLevel=ERROR"), _workspace(tmp_path))
        finally:
            running.terminate()


def _await(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_LIMIT
    while time.monotonic() < end and running.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail(f"sshd did not start: {log.read_text()}")


def _workspace(folder: Path) -> Path:
    path = folder / "workspace"
    create_workspace(path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Far away"))
    session = open_session(path)
    items.add(session, "deal", items.values(session, "deal", {"title": "Website redesign"}))
    session.close()
    return path


def doctor(server: Server, forward: str, **changed: str) -> Any:
    """What `tuicrm doctor --json` says on the server, without its answers to questions of the terminal."""
    probe = Probe(server.command("doctor", "--json", forward=forward), (100, 30), changed)
    try:
        assert probe.first('"fine":(true|false)', 20) is not None, probe.text()
        return json.loads(probe.text()[probe.text().index("{") :])["doctor"]
    finally:
        probe.close()


def test_zone_and_terminal_are_told_rightly(server: Server) -> None:
    found = doctor(server, "TZ COLORTERM LC_ALL", TZ="Asia/Tokyo")
    assert (found["ssh"], found["zone"], found["zone_source"]) == ("127.0.0.1", "Asia/Tokyo", "TZ")
    assert (found["terminal"], found["colours"], found["encoding"]) == ("xterm-256color", "true", "utf-8")
    assert found["size"] == {"columns": 100, "lines": 30, "large_enough": True}
    assert (found["synchronized_output"], found["stdout_is_a_terminal"]) == ("yes", True)
    assert "zone" not in [one["about"] for one in found["advice"]]


def test_what_is_not_forwarded_is_the_servers_and_said_so(server: Server) -> None:
    found = doctor(server, "LC_ALL", TZ="Asia/Tokyo")
    assert found["zone_source"] == "server"
    told = {one["about"]: one["text"] for one in found["advice"]}
    assert "SendEnv TZ" in told["zone"]
    assert "SendEnv COLORTERM" in told["colours"]


def test_a_comment_typed_over_ssh_is_in_the_store(server: Server) -> None:
    probe = Probe(server.command(), (100, 30), {"TZ": "Asia/Tokyo"})
    try:
        assert probe.first("Website redesign", 30) is not None, probe.text()
        for keys in (b"\r", b"c", "perché no".encode(), b"\x13"):
            assert probe.press(keys, 10).bytes, probe.text()[-500:]
        assert probe.quit(b"Q") is not None
    finally:
        probe.close()
    session = open_session(server.workspace)
    entries = timeline.records(session, Ref("deal", 1), ["comments"])
    session.close()
    assert [entry["text"] for entry in entries] == ["perché no"]
