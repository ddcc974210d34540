"""A server that people come into by SSH keys: an sshd of our own on a free port, whose only keys are what `serve ssh-key` writes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people, ssh_keys
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.people import Details
from tuicrm.services.workspace.start import open_session

ROOT = Path(__file__).resolve().parents[1]
_PATIENCE = 10


class NoTool(Exception):
    """A program of OpenSSH is not here."""


class Front(NamedTuple):
    """A server: the words of `ssh` up to the host (`crm`), its port, the workspace there, the folder with the keys."""

    ssh: tuple[str, ...]
    port: int
    workspace: Path
    folder: Path

    def run(self, *words: str, options: tuple[str, ...] = (), stdin: str = "") -> subprocess.CompletedProcess[str]:
        """What `ssh crm WORDS` comes to."""
        command = [*self.ssh, *options, "crm", *words]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=60)

    def session(self) -> Session:
        """The workspace, opened by whoever keeps the server."""
        return open_session(self.workspace)


def tool(name: str) -> str:
    """Where a program lies; sshd is often not on the path of people. Raises NoTool."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise NoTool(name)
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def front(folder: Path, workspace: Path) -> Iterator[Front]:
    """Serve a workspace: Giulia, a manager, comes in by a key that is made here."""
    sshd, ssh, keygen = tool("sshd"), tool("ssh"), tool("ssh-keygen")
    for key in ("host", "giulia"):
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key)], check=True)
    session = open_session(workspace)
    if "giulia" not in session.workspace.people:
        people.add_person(session, Details("Giulia Moretti", roles=["manager"]), key="giulia")
    ssh_keys.add_key(session, session.workspace.people["giulia"], (folder / "giulia.pub").read_text())
    lines = ssh_keys.lines_of(session, str(workspace), [sys.executable, "-m", "tuicrm"])
    session.close()
    # The tree that is tried, wherever it lies; sshd hands on no variable that says so.
    lines = [line.replace('command="', f'command="env PYTHONPATH={ROOT} ') for line in lines]
    (folder / "keys").mkdir(mode=0o700)
    ssh_keys.write_file(folder / "keys" / "authorized_keys", str(workspace), lines)
    port = free_port()
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/keys/authorized_keys\n"
        "AcceptEnv LANG LC_* TZ COLORTERM\nPermitRootLogin forced-commands-only\nUsePAM no\nStrictModes no\nMaxStartups 100\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nDisableForwarding yes\nPermitUserRC no\nPidFile none\n"
        "PrintMotd no\nPrintLastLog no\nSubsystem sftp internal-sftp\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    (folder / "ssh_config").write_text(ssh_config(folder, port))
    with (
        (folder / "sshd.log").open("wb") as log,
        subprocess.Popen([sshd, "-D", "-e", "-f", str(folder / "sshd_config")], stderr=log) as running,
    ):
        try:
            _await(port, running)
            yield Front((ssh, "-F", str(folder / "ssh_config")), port, workspace, folder)
        finally:
            running.terminate()


def ssh_config(folder: Path, port: int) -> str:
    """What ssh is told of the host `crm`."""
    return (
        f"Host crm\n HostName 127.0.0.1\n Port {port}\n IdentityFile {folder}/giulia\n IdentitiesOnly yes\n BatchMode yes\n"
        f" StrictHostKeyChecking no\n UserKnownHostsFile {folder}/hosts\n LogLevel ERROR\n User {system_login()}\n"
    )


def _await(port: int, running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and running.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError("sshd did not start")
