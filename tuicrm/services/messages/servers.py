"""The servers of channels: where each is, its secret at the moment it is needed, and whether it works, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tuicrm.channels.channel import TriedStep
from tuicrm.channels.mail.smtp import SmtpServer, tried
from tuicrm.channels.secrets import secret_of
from tuicrm.domain.channels import Channel, port_of, security_of
from tuicrm.errors import AccessDenied, Refused
from tuicrm.i18n import _
from tuicrm.login import at_home
from tuicrm.services.messages import trust


def smtp_server(channel: Channel) -> SmtpServer:
    """Where a channel hands mail over. Raises Refused for certificates that are not there."""
    said = channel.settings
    ca = str(at_home(said["ca"])) if said.get("ca") else ""
    if ca and not Path(ca).is_file():
        raise Refused(_("ca: there is no file {path}").format(path=ca))
    return SmtpServer(said.get("host", ""), port_of(channel), security_of(channel), said.get("user", ""), ca)


def secret_for(channel: Channel) -> str:
    """The secret of a channel; "" where nobody logs in. Raises AccessDenied where it is not found, or not agreed to."""
    if not channel.settings.get("user"):
        return ""
    if channel.secret is None:
        raise AccessDenied(_("{channel}: nobody said where its secret is (secret=).").format(channel=channel.label))
    trust.require(channel)
    return secret_of(channel.secret, f"{channel.settings['user']}@{channel.settings.get('host', '')}")


def try_channel(channel: Channel) -> Iterator[TriedStep]:
    """Try a channel, step by step; ends with the first step that does not work."""
    yield from _TRIALS[channel.kind](channel)


def _try_smtp(channel: Channel) -> Iterator[TriedStep]:
    try:
        server, secret = smtp_server(channel), secret_for(channel)
    except (AccessDenied, Refused) as problem:
        yield TriedStep("secret" if isinstance(problem, AccessDenied) else "tls", False, problem.message)
        return
    if channel.settings.get("user"):
        yield TriedStep("secret", True, channel.secret.source if channel.secret else "")
    yield from tried(server, secret)


_TRIALS: Mapping[str, Callable[[Channel], Iterator[TriedStep]]] = {"smtp": _try_smtp}
