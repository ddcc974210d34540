"""Trying a channel of any kind, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from tuicrm.channels.channel import TriedStep
from tuicrm.domain.channels import TEXT_KINDS, Channel


def try_channel(channel: Channel) -> Iterator[TriedStep]:
    """Try one; ends with the first step that does not work. Nothing is sent by it."""
    if channel.kind in TEXT_KINDS:
        from tuicrm.services.messages.text_trials import try_texts

        yield from try_texts(channel)
    else:
        from tuicrm.services.messages.servers import try_mail

        yield from try_mail(channel)
