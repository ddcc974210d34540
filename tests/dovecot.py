"""A real Dovecot on free ports of this machine, with a certificate and log-ins of its own; mails lie in Maildirs of the test."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from itertools import count
from pathlib import Path
from time import monotonic, sleep

USER, PASSWORD = "anna", "s3cret pass"

_CONF = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
mail_uid = {uid}
mail_gid = {gid}
default_login_user = dovenull
default_internal_user = dovecot
disable_plaintext_auth = yes
auth_mechanisms = plain login
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
ssl_dh =
maildir_very_dirty_syncs = no
mailbox_idle_check_interval = 1s
login_trusted_networks =
auth_failure_delay = 0
namespace inbox {{
  inbox = yes
  separator = /
  mailbox "My sent mail" {{
    auto = create
    special_use = \\Sent
  }}
}}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


def is_here() -> bool:
    """Whether this machine has a Dovecot, and lets us start it."""
    return hasattr(os, "getuid") and os.getuid() == 0 and all(map(shutil.which, ("dovecot", "openssl")))


class Dovecot:
    """The server: anna logs in with PASSWORD."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port, self.tls_port = _free_ports()
        self._number = count(1)

    @property
    def ca(self) -> Path:
        """The certificate to trust."""
        return self._folder / "cert.pem"

    def start(self) -> None:
        import pwd

        owner = pwd.getpwnam("nobody")
        folder = self._folder
        for above in (folder, *folder.parents):  # its processes run as other users
            with suppress(OSError):
                above.chmod(above.stat().st_mode | 0o011)
        folder.chmod(0o755)
        for name in ("run", "state", "mail"):
            (folder / name).mkdir(exist_ok=True)
        os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
        if not self.ca.exists():
            _run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                 "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                 "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"))  # fmt: skip
        users = ("anna", "sales", "empty")
        (folder / "users").write_text("".join(f"{one}:{{PLAIN}}{PASSWORD}::::::\n" for one in users))
        (folder / "users").chmod(0o644)
        words = {"folder": folder, "uid": owner.pw_uid, "gid": owner.pw_gid, "port": self.port}
        (folder / "dovecot.conf").write_text(_CONF.format(**words, tls_port=self.tls_port))
        _run("dovecot", "-c", str(folder / "dovecot.conf"))
        until = monotonic() + 30
        while not self._answers():
            assert monotonic() < until, (folder / "dovecot.log").read_text()
            sleep(0.02)

    def _answers(self) -> bool:
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.tls_port)) == 0

    def stop(self) -> None:
        """End it with all its processes, whatever they are at."""
        pid = self._folder / "run" / "master.pid"
        with suppress(OSError, ValueError):
            master = int(pid.read_text())
            _run("dovecot", "-c", str(self._folder / "dovecot.conf"), "stop")
            until = monotonic() + 10
            while _lives(master) and monotonic() < until:
                sleep(0.02)
            if _lives(master):
                os.kill(master, signal.SIGKILL)

    def kill(self) -> None:
        """End it in the middle of whatever it is saying."""
        os.killpg(int((self._folder / "run" / "master.pid").read_text()), signal.SIGKILL)
        (self._folder / "run" / "master.pid").unlink()

    # -- what lies there -----------------------------------------------------------------------------------------------
    def maildir(self, user: str = USER, folder: str = "") -> Path:
        """Where the mails of a user's folder lie."""
        return self._folder / "mail" / user / (f".{folder}" if folder else "")

    def put(self, content: bytes, user: str = USER, folder: str = "", *, flags: str = "") -> Path:
        """Deliver a mail into a folder, as a delivery agent does."""
        import pwd

        owner = pwd.getpwnam("nobody")
        home = self.maildir(user, folder)
        for part in ("", "cur", "new", "tmp"):
            one = home / part
            if not one.exists():
                one.mkdir(parents=True)
            os.chown(one, owner.pw_uid, owner.pw_gid)
        os.chown(self.maildir(user), owner.pw_uid, owner.pw_gid)
        name = f"{1_700_000_000 + next(self._number)}.M1P1.here"
        written = home / "tmp" / name
        written.write_bytes(content)
        os.chown(written, owner.pw_uid, owner.pw_gid)
        return written.rename(home / ("cur" if flags else "new") / (f"{name}:2,{flags}" if flags else name))

    def clear(self) -> None:
        """Forget all mails, and what the server knew of them."""
        for one in (self._folder / "mail").iterdir():
            shutil.rmtree(one)

    def log(self) -> str:
        """What it has written down."""
        return (self._folder / "dovecot.log").read_text()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


def _run(*words: str) -> None:
    environ = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
    # What it starts in the background keeps the streams that it is given.
    subprocess.run(
        words, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ
    )
