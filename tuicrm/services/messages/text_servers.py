"""The servers, folders and commands of channels by which texts go: made of what is said of each, with its secret."""

from __future__ import annotations

import shlex

import msgspec

from tuicrm.channels.channel import NotGiven, SendOutcome
from tuicrm.channels.secrets import secret_of
from tuicrm.channels.texts.sms_command import send_by_command
from tuicrm.channels.texts.sms_folder import SmsFolders, folders_at, send_by_folder
from tuicrm.channels.texts.sms_http import SmsGateway, send_by_gateway
from tuicrm.channels.texts.telegram import TELEGRAM_URL, TelegramBot, send_telegram
from tuicrm.channels.texts.whatsapp import WHATSAPP_URL, WhatsappLine, WhatsappTemplate, send_whatsapp
from tuicrm.domain.channels import Channel, read_secret
from tuicrm.domain.messages import message
from tuicrm.errors import AccessDenied, Refusal
from tuicrm.i18n import _
from tuicrm.login import at_home
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import trust
from tuicrm.services.messages.servers import certificates
from tuicrm.store.protocol import Doc


def text_secret(channel: Channel) -> str:
    """The secret of a channel; "" where it has no such. Raises AccessDenied where it is not found, or not agreed to."""
    trust.require(channel)
    if channel.secret is None:
        if channel.kind in ("whatsapp", "telegram"):
            raise AccessDenied(_("{channel}: nobody said where its secret is (secret=).").format(channel=channel.label))
        return ""
    return secret_of(channel.secret, channel.key).strip()


def hook_secret(channel: Channel) -> str:
    """The secret of a channel's webhook. Raises AccessDenied where there is no such."""
    trust.require(channel)
    place = read_secret(channel.settings.get("hook", ""))
    if place is None:
        raise AccessDenied(
            _("{channel}: nobody said where the secret of its webhook is (hook=).").format(channel=channel.label)
        )
    return secret_of(place, f"{channel.key}-hook").strip()


def gateway_of(channel: Channel) -> SmsGateway:
    """The gateway that a channel describes."""
    known = SmsGateway.__struct_fields__
    said = {name: text for name, text in channel.settings.items() if name in known and text}
    said["method"] = said.get("method", "POST").upper()
    return SmsGateway(**{**said, "ca": certificates(channel)})


def folders_of_daemon(channel: Channel) -> SmsFolders:
    """The folders of a daemon that a channel names."""
    said = channel.settings
    return folders_at(
        said.get("layout") or "gammu", at_home(said.get("path", ""), own=True), wide=said.get("unicode") == "yes"
    )


def bot_of(channel: Channel) -> TelegramBot:
    """The bot of a channel. Raises AccessDenied."""
    return TelegramBot(text_secret(channel), channel.settings.get("url") or TELEGRAM_URL, certificates(channel))


def line_of(channel: Channel) -> WhatsappLine:
    """The line of a channel to the Cloud API. Raises AccessDenied."""
    said = channel.settings
    return WhatsappLine(
        said.get("number_id", ""), text_secret(channel), said.get("url") or WHATSAPP_URL, certificates(channel)
    )


class TextSender:
    """Sends texts by one channel. Raises AccessDenied where the secret cannot be had, or the channel was not agreed to."""

    def __init__(self, session: Session, channel: Channel) -> None:
        trust.require(channel)
        self._session, self._channel = session, channel
        self._secret = text_secret(channel)

    def close(self) -> None:
        """Nothing is held."""

    def send(self, doc: Doc) -> SendOutcome:
        """Hand a text over."""
        read, channel = message.read(0, doc), self._channel
        if len(read.to) != 1:
            return NotGiven(_("a text goes to one number"), final=True)
        (to,) = read.to
        try:
            if channel.kind == "sms_command":
                return send_by_command(shlex.split(channel.settings.get("command", "")), to, read.text)
            if channel.kind == "sms_folder":
                now = self._session.clock()
                return send_by_folder(folders_of_daemon(channel), read.digest, to, read.text, now)
            if channel.kind == "sms_http":
                return send_by_gateway(gateway_of(channel), to, read.text, channel.address, self._secret)
            if channel.kind == "telegram":
                return send_telegram(bot_of(channel), to, read.text)
            return send_whatsapp(line_of(channel), to, read.text, _template(doc))
        except (Refusal, ValueError) as problem:
            return NotGiven(str(problem), final=True)


def _template(doc: Doc) -> WhatsappTemplate | None:
    kept = doc.get("template")
    return msgspec.json.decode(kept, type=WhatsappTemplate) if isinstance(kept, str) else None
