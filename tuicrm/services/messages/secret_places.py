"""Where the secret of a channel is found, said and changed: the workspace has the place, never the secret."""

from __future__ import annotations

from tuicrm.channels import secrets
from tuicrm.domain.channels import Channel, SecretSource
from tuicrm.i18n import _
from tuicrm.login import refuse_here
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import accounts


def why_no_keyring() -> str:
    """Why nothing can be put into a keyring here, in some words; "" where it can."""
    return secrets.why_no_keyring()


def keep_in_keyring(session: Session, channel: Channel, secret: str) -> Channel:
    """Put a secret into the system's keyring, where there is one to put ("": it is there already), and say that it is there. Raises
    AccessDenied."""
    refuse_here(_("Channels are set up on the server itself, not from where you come in."))
    if secret:
        secrets.keep_in_keyring(keyring_name(channel), secret)
    return accounts.edit_channel(session, channel.key, {"secret": "keyring"})


def say_place(session: Session, channel: Channel, source: SecretSource, name: str) -> Channel:
    """Say where a secret is found. Raises Refused, AccessDenied."""
    return accounts.edit_channel(session, channel.key, {"secret": f"{source}:{name.strip()}"})


def keyring_name(channel: Channel) -> str:
    """What the secret of a channel is called in a keyring: who logs in where, else its key."""
    user = channel.settings.get("user", "")
    return f"{user}@{channel.settings.get('host', '')}" if user else channel.key
