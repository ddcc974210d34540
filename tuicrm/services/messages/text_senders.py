"""Senders of short texts, by the kind of their channel. Each raises Refusal where it cannot be had here, before a text is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from secrets import token_hex

from tuicrm.channels.channel import NotGiven, SendOutcome
from tuicrm.channels.texts import telegram, whatsapp
from tuicrm.channels.texts.command import send_by_command
from tuicrm.channels.texts.folder import STYLES, send_by_folder
from tuicrm.channels.texts.gateway import GatewayForm, send_by_gateway
from tuicrm.channels.texts.text import OutText
from tuicrm.domain.channels import Channel
from tuicrm.domain.messages import message
from tuicrm.errors import AccessDenied
from tuicrm.i18n import _
from tuicrm.login import at_home
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.servers import text_secret
from tuicrm.store.protocol import Doc


class TextSender:
    """Sends texts by one channel."""

    def __init__(self, session: Session, channel: Channel) -> None:
        del session
        self._give = _GIVES[channel.kind](channel, text_secret(channel))

    def send(self, doc: Doc) -> SendOutcome:
        read = message.read(0, doc)
        if not read.to:
            return NotGiven(_("it is to nobody"), final=True)
        template, _blank, language = read.subject.partition(" ")
        return self._give(OutText(read.to[0], read.text, token_hex(10), template, language, read.references))

    def close(self) -> None:
        """Nothing is held."""


def form_of(channel: Channel) -> GatewayForm:
    """How the gateway of a channel is spoken to."""
    said = channel.settings
    return GatewayForm(
        url=said.get("url", ""),
        method=(said.get("method") or "post").upper(),
        headers=said.get("headers", ""),
        content=said.get("content", ""),
        id=said.get("id", ""),
        status_url=said.get("status_url", ""),
        status=said.get("status", ""),
        delivered=_words(said.get("delivered", "")),
        failed=_words(said.get("failed", "")),
        ca=said.get("ca", ""),
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def style_of(channel: Channel) -> str:
    """Whose folders they are: a key of STYLES."""
    said = channel.settings.get("style", "")
    return said if said in STYLES else "gammu"


def _command(channel: Channel, secret: str) -> Callable[[OutText], SendOutcome]:
    del secret
    return partial(send_by_command, channel.settings.get("command", ""))


def _folder(channel: Channel, secret: str) -> Callable[[OutText], SendOutcome]:
    del secret
    return partial(send_by_folder, at_home(channel.settings.get("path", "")), style_of(channel))


def _gateway(channel: Channel, secret: str) -> Callable[[OutText], SendOutcome]:
    return partial(send_by_gateway, form_of(channel), secret)


def _whatsapp(channel: Channel, secret: str) -> Callable[[OutText], SendOutcome]:
    said = channel.settings
    return partial(
        whatsapp.send_whatsapp, said.get("base") or whatsapp.BASE, said.get("phone_id", ""), _needed(channel, secret)
    )


def _telegram(channel: Channel, secret: str) -> Callable[[OutText], SendOutcome]:
    return partial(telegram.send_telegram, channel.settings.get("base") or telegram.BASE, _needed(channel, secret))


def _needed(channel: Channel, secret: str) -> str:
    if not secret:
        raise AccessDenied(_("{channel}: nobody said where its secret is (secret=).").format(channel=channel.label))
    return secret


_GIVES: Mapping[str, Callable[[Channel, str], Callable[[OutText], SendOutcome]]] = {
    "sms_command": _command,
    "sms_folder": _folder,
    "sms_http": _gateway,
    "whatsapp": _whatsapp,
    "telegram": _telegram,
}
