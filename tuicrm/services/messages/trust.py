"""Which accounts a user of this machine has agreed to: what their secret is, and where it may go.

A channel is a record that colleagues may change. It says which program is run for its secret, and to which server that is sent: on
this machine that is done only as its user has seen it, by making the channel, changing it, or `tuicrm channel trust`. What was agreed
to is kept beside the user's settings, not in the workspace; of the secret there is nothing in it.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import msgspec

from tuicrm.domain.channel_settings import takes_in
from tuicrm.domain.channels import TEXT_KINDS, Channel
from tuicrm.errors import AccessDenied, StorageError
from tuicrm.i18n import _
from tuicrm.login import refuse_here
from tuicrm.services.workspace.environment import config_folder

_FILE = "trusted_channels"
_MOST = 1 << 20


def is_agreed(channel: Channel) -> bool:
    """Whether the user agreed to a channel as it is now; one without a secret, and which reads nothing here, needs no such thing."""
    harmless = channel.secret is None and not channel.settings.get("path") and channel.kind not in TEXT_KINDS
    return harmless or _mark(channel) in _kept(_path())


def require(channel: Channel) -> None:
    """Raise AccessDenied where the user has not agreed."""
    if not is_agreed(channel):
        told = (
            _(
                "{channel}: somebody else said what it does on this machine. Look at it, then: tuicrm channel trust {key}"
            )
            if channel.kind in TEXT_KINDS
            else _(
                "{channel}: somebody else said which folder of this machine it reads. Look at it, then: tuicrm channel trust {key}"
            )
            if channel.secret is None
            else _(
                "{channel}: somebody else said where its secret is and where it goes. Look at it, then: tuicrm channel trust {key}"
            )
        )
        raise AccessDenied(told.format(channel=channel.label, key=channel.key))


def agree(channel: Channel) -> None:
    """Remember that the user agrees to a channel as it is now. Raises StorageError."""
    if is_agreed(channel):
        return
    refuse_here(_("Channels are set up on the server itself, not from where you come in."))
    path = _path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
            file.write(f"{_mark(channel)}\n")
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}") from error


def _path() -> Path:
    return config_folder() / _FILE


def _kept(path: Path) -> set[str]:
    try:
        with path.open("rb") as file:
            return set(file.read(_MOST).decode("ascii", "replace").split())
    except OSError:
        return set()


def _mark(channel: Channel) -> str:
    """What is agreed to: the secret's place, and all that decides where it goes; of what is taken in, from where, and who reads it."""
    where = {name: channel.settings.get(name, "") for name in ("host", "port", "security", "user", "ca")}
    told: list[object] = [channel.kind, str(channel.secret), where]
    if takes_in(channel.kind):
        taking = {name: channel.settings.get(name, "") for name in ("path", "folders", "shared")}
        told += [taking, channel.take, channel.person, channel.department]
    if channel.kind in TEXT_KINDS:
        told += [channel.address, dict(channel.settings)]
    return sha256(msgspec.json.encode(told, order="sorted")).hexdigest()
