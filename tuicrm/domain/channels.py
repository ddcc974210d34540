"""Channels: the accounts by which messages go out and come in, a person's own or a department's. No secret stands in any of them.

A channel says where its secret is found (`ChannelSecret`), on the machine of who works with it; it never holds it.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

ChannelKind: TypeAlias = Literal[
    "smtp", "imap", "maildir", "sms_command", "sms_folder", "sms_http", "whatsapp", "telegram"
]
SecretSource: TypeAlias = Literal["keyring", "command", "variable", "file"]
SECRET_SOURCES: tuple[SecretSource, ...] = ("keyring", "command", "variable", "file")
TAKEN = ("known", "all")
"""What an account takes in: mail that touches known addresses, or everything."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class ChannelSecret(Struct, frozen=True, rename={"source": "from"}):
    """Where a secret is found: in the keyring (`name` may be ""), by a command, in an environment variable, in a file."""

    source: SecretSource
    name: str = ""

    def __str__(self) -> str:
        """As it is typed: `command:pass show mail`."""
        return f"{self.source}:{self.name}" if self.name else self.source


class Channel(Struct, frozen=True):
    """An account. `key` never changes and is what messages name. It is a `person`'s own, or shared by a `department` (a key).

    `address` is the one it sends as; `settings` are those of its kind (`channel_settings.KINDS`); `take` is one of TAKEN."""

    key: str
    label: str
    kind: ChannelKind
    person: str = ""
    department: str = ""
    address: str = ""
    settings: dict[str, str] = msgspec.field(default_factory=dict)
    secret: ChannelSecret | None = None
    take: str = "known"
    retired: bool = False
    sort: int = 0


def is_here(host: str) -> bool:
    """Whether a server is this machine: nobody listens on the way there."""
    return host.casefold() in _LOOPBACK


def security_of(channel: Channel) -> str:
    """`starttls`, `tls` or `plain`: what was said, else what goes with the port; plain only to this machine."""
    said = channel.settings.get("security", "")
    if said:
        return said
    if channel.settings.get("port") == "465":
        return "tls"
    return "plain" if is_here(channel.settings.get("host", "")) else "starttls"


def port_of(channel: Channel) -> int:
    """The port: what was said, else the usual one."""
    said = channel.settings.get("port", "")
    usual = {"tls": 465, "starttls": 587}.get(security_of(channel), 25)
    return int(said) if said.isascii() and said.isdigit() else usual
