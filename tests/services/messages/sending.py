"""An account at the Postfix of the tests, as somebody sets it up who sends by it."""

from __future__ import annotations

from pathlib import Path

from tests.postfix import PASSWORD, USER, Postfix
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.accounts import add_channel

_SENDER = "anna@example.test"


def account(session: Session, postfix: Postfix, secret: Path, **more: str) -> None:
    """A channel of this person's into the server, whose secret stands in a file that is theirs alone."""
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    there = {
        "host": "localhost",
        "port": str(postfix.port),
        "security": "starttls",
        "user": USER,
        "ca": str(postfix.ca),
    }
    add_channel(session, "Mail", "smtp", {"address": _SENDER, **there, "secret": f"file:{secret}", **more})
