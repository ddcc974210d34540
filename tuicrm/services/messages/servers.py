"""The servers of channels: where each is, its secret at the moment it is needed, and whether it works, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tuicrm.channels.channel import TriedStep
from tuicrm.channels.secrets import secret_of
from tuicrm.domain.channels import Channel, folders_of, port_of, security_of
from tuicrm.errors import AccessDenied, Refusal, Refused, Unreachable
from tuicrm.i18n import _
from tuicrm.login import at_home
from tuicrm.services.messages import trust

if TYPE_CHECKING:
    from tuicrm.channels.mail.imap import ImapServer
    from tuicrm.channels.mail.smtp import SmtpServer


ChannelStep: TypeAlias = TriedStep
"""One step of trying a channel."""


def smtp_server(channel: Channel) -> SmtpServer:
    """Where a channel hands mail over. Raises Refused for certificates that are not there."""
    from tuicrm.channels.mail.smtp import SmtpServer

    said = channel.settings
    return SmtpServer(
        said.get("host", ""), port_of(channel), security_of(channel), said.get("user", ""), certificates(channel)
    )


def imap_server(channel: Channel) -> ImapServer:
    """Where the mail of a channel lies. Raises Refused for certificates that are not there."""
    from tuicrm.channels.mail.imap import ImapServer

    said = channel.settings
    return ImapServer(
        said.get("host", ""), port_of(channel), security_of(channel), said.get("user", ""), certificates(channel)
    )


def certificates(channel: Channel) -> str:
    """The file of certificates that a channel names; "" without. Raises Refused where it is not there."""
    said = channel.settings.get("ca", "")
    ca = str(at_home(said, own=True)) if said else ""
    if ca and not Path(ca).is_file():
        raise Refused(_("ca: there is no file {path}").format(path=ca))
    return ca


def secret_for(channel: Channel) -> str:
    """The secret of a channel; "" where nobody logs in. Raises AccessDenied where it is not found, or not agreed to."""
    if not channel.settings.get("user"):
        return ""
    if channel.secret is None:
        raise AccessDenied(_("{channel}: nobody said where its secret is (secret=).").format(channel=channel.label))
    trust.require(channel)
    return secret_of(channel.secret, f"{channel.settings['user']}@{channel.settings.get('host', '')}")


def try_mail(channel: Channel) -> Iterator[TriedStep]:
    """Try a channel of mail, step by step; ends with the first step that does not work."""
    yield from _TRIALS[channel.kind](channel)


def _secret_steps(channel: Channel) -> Iterator[TriedStep | str]:
    """The step of the secret, and the secret itself where there is one."""
    try:
        certificates(channel)
        secret = secret_for(channel)
    except (AccessDenied, Refused) as problem:
        yield TriedStep("secret" if isinstance(problem, AccessDenied) else "tls", False, problem.message)
        return
    if channel.settings.get("user"):
        yield TriedStep("secret", True, channel.secret.source if channel.secret else "")
    yield secret


def _try_smtp(channel: Channel) -> Iterator[TriedStep]:
    from tuicrm.channels.mail.smtp import tried

    for step in _secret_steps(channel):
        if isinstance(step, TriedStep):
            yield step
        else:
            yield from tried(smtp_server(channel), step)


def _try_imap(channel: Channel) -> Iterator[TriedStep]:
    from tuicrm.channels.mail.imap import tried

    for step in _secret_steps(channel):
        if isinstance(step, TriedStep):
            yield step
        else:
            yield from tried(imap_server(channel), step, folders_of(channel))


def _try_maildir(channel: Channel) -> Iterator[TriedStep]:
    from tuicrm.services.messages.maildir_receiving import folder_counts

    try:
        trust.require(channel)
        for name, count in folder_counts(channel).items():
            gone = _("there is no folder {name}").format(name=name)
            yield TriedStep("folder", count is not None, gone if count is None else f"{name}: {count}")
    except (Refusal, Unreachable, OSError) as problem:
        yield TriedStep("folder", False, str(problem))


_TRIALS: Mapping[str, Callable[[Channel], Iterator[TriedStep]]] = {
    "smtp": _try_smtp,
    "imap": _try_imap,
    "maildir": _try_maildir,
}
