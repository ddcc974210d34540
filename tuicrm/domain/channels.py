"""Channels: the accounts by which messages go out and come in, a person's own or a department's. No secret stands in any of them.

A channel says where its secret is found (`ChannelSecret`), on the machine of who works with it; it never holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
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


TEXT_KINDS: Mapping[str, str] = {
    "sms_command": "sms", "sms_folder": "sms", "sms_http": "sms", "whatsapp": "whatsapp", "telegram": "telegram"
}  # fmt: skip
"""Kinds of channels that texts go by, with what those are. Their address is the one they send as, where they say one at all."""


def texts_of(channel: Channel) -> str:
    """Which texts go by a channel (`sms`, `whatsapp`, `telegram`); "" where it carries mail."""
    return next((sends for name, sends in TEXT_KINDS.items() if name == channel.kind), "")


def read_secret(text: str) -> ChannelSecret | None:
    """Where a secret is found, as typed: `keyring`, `command:pass show mail`. None for what is no such place."""
    source, _colon, name = text.strip().partition(":")
    for known in SECRET_SOURCES:
        if source == known and (name.strip() or known == "keyring") and len(name) <= 500 and name.isprintable():
            return ChannelSecret(known, name.strip())
    return None


def is_here(host: str) -> bool:
    """Whether a server is this machine: nobody listens on the way there."""
    return host.casefold() in _LOOPBACK


def security_of(channel: Channel) -> str:
    """`starttls`, `tls` or `plain`: what was said, else what goes with the port; plain only to this machine."""
    said, port = channel.settings.get("security", ""), channel.settings.get("port", "")
    if said:
        return said
    if port in ("465", "993"):
        return "tls"
    if is_here(channel.settings.get("host", "")):
        return "plain"
    return "tls" if channel.kind == "imap" and port != "143" else "starttls"


_PORTS = {
    (False, "tls"): 465, (False, "starttls"): 587, (False, "plain"): 25,
    (True, "tls"): 993, (True, "starttls"): 143, (True, "plain"): 143,
}  # fmt: skip
"""The usual ones: whether it is IMAP, and under what it is spoken."""


def port_of(channel: Channel) -> int:
    """The port: what was said, else the usual one."""
    said = channel.settings.get("port", "")
    usual = _PORTS.get((channel.kind == "imap", security_of(channel)), 0)
    return int(said) if said.isascii() and said.isdigit() else usual


FIRST_DAYS = 30
"""Days back that the first look of an account goes, unless it says another number."""
SENT_NAMES = frozenset(
    ("sent", "sent items", "sent messages", "sent mail", "inbox.sent", "posta inviata", "inviati", "gesendet", "gesendete objekte",
     "envoyés", "enviados")
)  # fmt: skip
"""What programs call the folder of what was sent, where it is not said otherwise."""


def folders_of(channel: Channel) -> list[str]:
    """The folders of an account that are looked through, each once; unless it says which, what comes in and what was sent."""
    said = (word.strip() for word in channel.settings.get("folders", "").split(","))
    return list(dict.fromkeys(word for word in said if word)) or ["INBOX", "SENT"]


def is_shared(channel: Channel, folder: str) -> bool:
    """Whether what comes by a folder of an account is for all who may read an item that it is on, and not its owner's alone."""
    said = channel.settings.get("shared", "no")
    return said == "yes" or folder.casefold() in (word.strip().casefold() for word in said.split(",") if said != "no")


def first_days(channel: Channel) -> int:
    """How many days back the first look goes."""
    said = channel.settings.get("days", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else FIRST_DAYS
