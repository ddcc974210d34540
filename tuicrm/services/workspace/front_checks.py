"""Whether the front of a server is safe: sshd's settings, owners and modes, and whether `authorized_keys` is as the workspace says."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct

from tuicrm.errors import CrmError
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import ssh_keys

FrontState: TypeAlias = Literal["right", "wrong", "unknown"]
_PATIENCE = 10
WANTED = {
    "passwordauthentication": "no",
    "kbdinteractiveauthentication": "no",
    "permituserenvironment": "no",
    "permituserrc": "no",
    "allowtcpforwarding": "no",
    "allowagentforwarding": "no",
    "allowstreamlocalforwarding": "no",
    "x11forwarding": "no",
    "permittunnel": "no",
}
"""What sshd is to say for the account (sshd_config(5)); `DisableForwarding yes` says several of them."""
_FORWARDS = (
    "allowtcpforwarding",
    "allowagentforwarding",
    "allowstreamlocalforwarding",
    "x11forwarding",
    "permittunnel",
)
_SENT = ("LANG", "LC_*", "TZ", "COLORTERM")
"""Variables that people's terminals may send."""


class FrontCheck(Struct, frozen=True):
    """What was looked at: its name, how it is, a sentence, and the line that mends it."""

    name: str
    state: FrontState
    told: str
    mend: str = ""


def checks(
    session: Session, place: Path, keys: Path, program: Sequence[str], sshd: str | None = None
) -> list[FrontCheck]:
    """Everything that is looked at. `keys` is the file that sshd reads; `sshd` is what `sshd -T` prints (None: it is asked)."""
    return [*_of_folder(place), *_of_file(session, place, keys, program), *_of_sshd(sshd)]


# -- files -------------------------------------------------------------------------------------------------------------
def _of_folder(place: Path) -> Iterator[FrontCheck]:
    told = place.stat()
    mine = told.st_uid == os.getuid()
    yield _said("owner", mine, _("The workspace belongs to this account."), f"chown -R $USER {place}")
    closed = not told.st_mode & 0o077
    yield _said(
        "mode", closed, _("Only this account can read the workspace: {path}").format(path=place), f"chmod 700 {place}"
    )


def _of_file(session: Session, place: Path, keys: Path, program: Sequence[str]) -> Iterator[FrontCheck]:
    for path in (keys.parent.parent, keys.parent):
        if path.exists():
            safe = not path.stat().st_mode & 0o022
            yield _said("mode", safe, _("Nobody else can change {path}.").format(path=path), f"chmod go-w {path}")
    try:
        ours, others = ssh_keys.read_file(keys, str(place))
        wanted = ssh_keys.lines_of(session, str(place), program)
    except CrmError as problem:
        yield FrontCheck("authorized_keys", "wrong", problem.message, "chmod 600")
        return
    if keys.exists():
        private = not stat.S_IMODE(keys.stat().st_mode) & 0o077
        yield _said("mode", private, _("Only this account can read {path}.").format(path=keys), f"chmod 600 {keys}")
    yield _said(
        "keys", ours == wanted, _("The file has the keys that the workspace has."), "tuicrm serve ssh-key write"
    )
    loose = [line for line in others if line.strip() and not line.startswith("#") and 'command="' not in line]
    yield _said(
        "others",
        not loose,
        _("No other key of this account opens a shell."),
        _("{n} other keys do: take them out, or keep them for whoever keeps the server").format(n=len(loose)),
    )


# -- sshd --------------------------------------------------------------------------------------------------------------
def _of_sshd(said: str | None) -> Iterator[FrontCheck]:
    if said is None:
        said, why = _asked()
        if not said:
            mend = "sudo sshd -T | tuicrm serve doctor --sshd -"
            yield FrontCheck("sshd", "unknown", _("sshd's settings could not be read: {why}").format(why=why), mend)
            return
    settings: dict[str, list[str]] = {}
    for line in said.splitlines():
        name, _space, value = line.strip().partition(" ")
        settings.setdefault(name.lower(), []).append(value.strip())
    disabled = settings.get("disableforwarding") == ["yes"]
    for name, wanted in WANTED.items():
        found = (settings.get(name) or [""])[-1]
        right = found == wanted or (disabled and name in _FORWARDS)
        told = _("sshd: {name} is {wanted}").format(name=name, wanted=wanted)
        if not right:
            told = _("sshd: {name} is {found}, and should be {wanted}").format(
                name=name, found=found or "?", wanted=wanted
            )
        mend = "DisableForwarding yes" if name in _FORWARDS else f"{name} {wanted}"
        yield FrontCheck(name, "right" if right else "wrong", told, mend)
    sent = [word for value in settings.get("acceptenv", ()) for word in value.split()]
    more = [word for word in sent if word not in _SENT and not word.startswith("LC_")]
    told = _("sshd takes no variables from people but LANG, LC_*, TZ, COLORTERM.")
    yield _said("acceptenv", not more, told, f"AcceptEnv {' '.join(_SENT)}")


def _asked() -> tuple[str, str]:
    """What `sshd -T` prints, or why it does not."""
    found = shutil.which("sshd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
    if found is None:
        return "", _("no sshd is here")
    try:
        ran = subprocess.run([found, "-T"], capture_output=True, text=True, timeout=_PATIENCE, check=False)  # noqa: S603 - by its path
    except (OSError, subprocess.TimeoutExpired) as problem:
        return "", str(problem)
    return (ran.stdout, "") if ran.returncode == 0 else ("", (ran.stderr.strip().splitlines() or ["?"])[-1])


def _said(name: str, right: bool, told: str, mend: str) -> FrontCheck:
    return FrontCheck(name, "right" if right else "wrong", told, mend)
