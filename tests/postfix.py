"""A real Postfix on a free port of this machine, with certificates and log-ins of its own, and what it delivered."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from time import monotonic, sleep

USER, PASSWORD = "anna", "s3cret pass"
DOMAIN = "example.test"

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
myhostname = mx.{domain}
mydestination =
mynetworks = 127.0.0.2
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
biff = no
smtpd_peername_lookup = no
smtpd_tls_security_level = may
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
cyrus_sasl_config_path = {folder}/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access texthash:{folder}/access, permit_sasl_authenticated, reject
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
message_size_limit = 2000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
default_process_limit = 20
"""

_MASTER = """
{port} inet n - n - - smtpd -o max_use=1
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def is_here() -> bool:
    """Whether this machine has a Postfix, and lets us start it."""
    return hasattr(os, "getuid") and os.getuid() == 0 and all(map(shutil.which, ("postfix", "saslpasswd2", "openssl")))


class Postfix:
    """The server: anna logs in with PASSWORD; mail to anybody at DOMAIN is delivered into one Maildir."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    @property
    def ca(self) -> Path:
        """The certificate to trust."""
        return self._folder / "cert.pem"

    def start(self) -> None:
        import pwd

        owner = pwd.getpwnam("postfix")
        folder = self._folder
        for above in (folder, *folder.parents):  # daemons run as other users
            with suppress(OSError):
                above.chmod(above.stat().st_mode | 0o011)
        folder.chmod(0o755)
        for name in ("queue", "data", "mail", "sasl", "log"):
            (folder / name).mkdir()
        for name in ("data", "mail"):
            os.chown(folder / name, owner.pw_uid, owner.pw_gid)
        _run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"))  # fmt: skip
        base = folder / "sasl" / "users"
        _run("saslpasswd2", "-p", "-c", "-f", str(base), "-u", f"mx.{DOMAIN}", USER, given=PASSWORD)
        os.chown(base, owner.pw_uid, owner.pw_gid)
        (folder / "sasl" / "smtpd.conf").write_text(
            f"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {base}\nmech_list: PLAIN LOGIN\n"
        )
        _write_old(
            folder / "access",
            "later@example.test 450 4.7.1 come back later\nnobody@example.test 550 5.1.1 no such user\n"
            "full@example.test 552 5.2.2 the mailbox is full\nnearly@example.test 452 4.2.2 the mailbox is full for now\n",
        )
        words = {
            "folder": folder,
            "domain": DOMAIN,
            "uid": owner.pw_uid,
            "gid": owner.pw_gid,
            "port": f"127.0.0.1:{self.port}",
        }
        (folder / "main.cf").write_text(_MAIN.format(**words))
        (folder / "master.cf").write_text(_MASTER.format(**words))
        _run("postfix", "-c", str(folder), "start")
        until = monotonic() + 30
        while not self._answers():
            assert monotonic() < until, (folder / "log" / "mail.log").read_text()
            sleep(0.05)

    def _answers(self) -> bool:
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        with suppress(subprocess.CalledProcessError):
            _run("postfix", "-c", str(self._folder), "stop")

    @contextmanager
    def taking(self, address: str) -> Iterator[None]:
        """Take mail for an address that is refused otherwise, for a time: each connection has a process, which reads that anew."""
        access = self._folder / "access"
        before = access.read_text()
        _write_old(access, "".join(line for line in before.splitlines(True) if not line.startswith(address)))
        try:
            yield
        finally:
            _write_old(access, before)

    # -- what it delivered ---------------------------------------------------------------------------------------------
    def mails(self) -> list[Message]:
        """All that was delivered so far, and nothing that is still on the way."""
        until = monotonic() + 60
        while any(
            one.is_file() for name in ("incoming", "active", "maildrop", "deferred") for one in self._queued(name)
        ):
            assert monotonic() < until, "Postfix does not deliver"
            sleep(0.02)
        return [
            message_from_bytes(one.read_bytes(), policy=default)
            for one in sorted((self._folder / "mail").rglob("new/*"))
        ]

    def _queued(self, name: str) -> Iterator[Path]:
        with suppress(OSError):
            yield from (self._folder / "queue" / name).rglob("*")

    def clear(self) -> None:
        """Forget what was delivered."""
        self.mails()
        for one in (self._folder / "mail").rglob("new/*"):
            one.unlink()


def _write_old(path: Path, text: str) -> None:
    """Write a table as if that were long ago: Postfix waits for two seconds until one that was just written has settled."""
    path.write_text(text)
    os.utime(path, (0, 0))


def _run(*words: str, given: str = "") -> None:
    environ = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
    subprocess.run(words, input=given.encode(), check=True, capture_output=True, env=environ)
