"""Secrets of accounts: found outside the workspace, when they are needed, and kept nowhere.

Four places: the system's keyring, the first line that a command prints (run through no shell), an environment variable, the first
line of a file that nobody else can read.
"""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path
from threading import Thread

from tuicrm.domain.channels import ChannelSecret
from tuicrm.errors import AccessDenied
from tuicrm.i18n import _
from tuicrm.login import at_home

SERVICE = "tuicrm-channel"
"""What a secret stands under in a keyring, with `user@host` for the user."""
PATIENCE = 60
"""Seconds that a command has."""
_TALK = 1 << 16
"""Bytes that are listened to."""


def secret_of(secret: ChannelSecret, account: str, environ: Mapping[str, str] = os.environ) -> str:
    """The secret. `account` is what it is called in a keyring (`anna@mail.example.com`) unless the record names another. Raises
    AccessDenied, saying where it was looked for and why it is not there; never with the secret in it."""
    if secret.source == "keyring":
        return _from_keyring(secret.name or account)
    if secret.source == "variable":
        found = environ.get(secret.name, "")
        if not found:
            raise AccessDenied(_("The environment variable {name} is not set.").format(name=secret.name))
        return found
    if secret.source == "file":
        return _from_file(at_home(secret.name, own=True))
    try:
        return first_line(secret.name, PATIENCE)
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        told = _("{command} gives no password: {why}").format(command=_named(secret.name), why=problem)
        raise AccessDenied(told) from problem


def first_line(command: str, patience: float) -> str:
    """The first line that a command prints. It is run as it stands, through no shell. Raises OSError, ValueError, TimeoutExpired."""
    words = shlex.split(command)
    if not words:
        raise ValueError(_("no command"))
    running = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - their own
    code, said = _heard(running, patience)
    lines = said.decode("utf-8", errors="replace").splitlines()
    if code or not lines or not lines[0]:
        raise ValueError(_("it ended with {code}").format(code=code))
    return lines[0]


def _heard(running: subprocess.Popen[bytes], patience: float) -> tuple[int, bytes]:
    """How a program ended, and the beginning of what it said; one that talks or runs without an end is stopped. Raises
    TimeoutExpired."""
    said, out = bytearray(), running.stdout

    def listen() -> None:
        while out is not None and len(said) < _TALK and (piece := os.read(out.fileno(), _TALK)):
            said.extend(piece)
        if out is not None:
            out.close()

    listening = Thread(target=listen, daemon=True)
    listening.start()
    try:
        code = running.wait(patience)
    except BaseException:
        running.kill()
        running.wait()
        raise
    listening.join(1)
    return code, bytes(said)


def _named(command: str) -> str:
    """A command by its first word: what stands behind it may be private."""
    try:
        return next(iter(shlex.split(command)), command)
    except ValueError:
        return command[:40]


def _from_file(path: Path) -> str:
    """The first line of a file that is its user's alone."""
    try:
        # What is opened is what is looked at; a pipe that somebody put there is not waited for.
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise AccessDenied(_("{file} is not a file.").format(file=path))
            if hasattr(os, "getuid") and found.st_uid not in (os.getuid(), 0):
                raise AccessDenied(_("{file} belongs to somebody else.").format(file=path))
            if found.st_mode & 0o077:
                raise AccessDenied(_("{file} can be read by others: chmod 600 {file}").format(file=path))
            line = file.read(_TALK).decode("utf-8", errors="replace").partition("\n")[0].rstrip("\r")
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", "") or str(problem)
        raise AccessDenied(_("{file} cannot be read: {why}").format(file=path, why=why)) from problem
    if not line:
        raise AccessDenied(_("{file} is empty.").format(file=path))
    return line


def _from_keyring(name: str) -> str:
    told = _("The password is not in the keyring: keyring set {service} {name}").format(service=SERVICE, name=name)
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as problem:
        raise AccessDenied(_("There is no keyring here: say another place for the secret.")) from problem
    try:
        found = keyring.get_password(SERVICE, name)
    except (KeyringError, RuntimeError, OSError) as problem:
        raise AccessDenied(told) from problem
    if not found:
        raise AccessDenied(told)
    return found


def why_no_keyring() -> str:
    """Why nothing can be put into a keyring here, in some words; "" where it can."""
    try:
        import keyring
        from keyring.backends.fail import Keyring
    except ImportError:
        return _("there is no keyring here")
    try:
        return _("there is no keyring here") if isinstance(keyring.get_keyring(), Keyring) else ""
    except (RuntimeError, OSError):
        return _("there is no keyring here")


def keep_in_keyring(name: str, secret: str) -> None:
    """Put a secret into the system's keyring, in the place where it is looked for. Raises AccessDenied."""
    told = _("The keyring takes no password here: say another place for it.")
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as problem:
        raise AccessDenied(told) from problem
    try:
        keyring.set_password(SERVICE, name, secret)
    except (KeyringError, RuntimeError, OSError) as problem:
        raise AccessDenied(told) from problem
