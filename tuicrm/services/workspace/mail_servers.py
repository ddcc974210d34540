"""Mail servers as they are named in settings: `smtp://localhost:1025`, `smtp://anna@mail.example.com`, `smtps://…`."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import msgspec

_PORTS = {"smtp": 25, "smtps": 465}
_SUBMISSION = 587


class MailServer(msgspec.Struct, frozen=True):
    """Where mail is handed over. `user` is "" where the server asks for nobody."""

    host: str
    port: int
    user: str = ""
    tls: bool = False


def read_server(text: str) -> MailServer | None:
    """A server from its address; None for what is no such address."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or parts.password is not None or parts.path.strip("/"):
        return None
    user = unquote(parts.username or "")
    usual = _SUBMISSION if user and parts.scheme == "smtp" else _PORTS[parts.scheme]
    return MailServer(parts.hostname, usual if port is None else port, user, parts.scheme == "smtps")


def is_server(text: str) -> bool:
    """Whether a text names a server."""
    return read_server(text) is not None
