"""What a webhook tells becomes reports and messages: only what is signed, or asked at an address that nobody guesses."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from urllib.parse import parse_qs, unquote, urlsplit

from tuicrm.channels.channel import ReceivedText, SentReport
from tuicrm.channels.texts.sms_http import json_report, texts_of
from tuicrm.channels.texts.whatsapp import is_signed, whatsapp_told
from tuicrm.channels.webhook import HookAnswer, HookRequest, Webhook
from tuicrm.domain.channels import Channel
from tuicrm.errors import AccessDenied, Refused, StorageError, Unreachable
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import reports
from tuicrm.services.messages.accounts import may_use
from tuicrm.services.messages.receiving import ReceivedStep
from tuicrm.services.messages.text_servers import gateway_of, hook_secret
from tuicrm.services.messages.text_taking import TextTaking

HOOK_KINDS = ("whatsapp", "sms_http")
SHORTEST = 16
"""Characters of a secret that nobody guesses."""
_AGAIN = HookAnswer(503)
_NO = HookAnswer(404)
_TAKEN = HookAnswer(200)


class Hooks:
    """Answers what the servers of this person's channels tell. Each is asked at `/KEY`: WhatsApp's posts are signed with the app's
    secret; a gateway's stand at `/KEY/SECRET`."""

    def __init__(self, session: Session) -> None:
        """Raises Refused where no channel has a webhook, AccessDenied where a secret is not found."""
        self._session = session
        self.channels: dict[str, Channel] = {}
        self._secrets: dict[str, str] = {}
        self.steps: list[ReceivedStep] = []
        """What was told since somebody looked."""
        for channel in session.workspace.channels.values():
            if channel.kind in HOOK_KINDS and channel.settings.get("hook") and may_use(session, channel):
                secret = hook_secret(channel)
                if len(secret) < SHORTEST:
                    told = _("{channel}: the secret of its webhook needs at least {n} characters.")
                    raise AccessDenied(told.format(channel=channel.label, n=SHORTEST))
                self.channels[channel.key], self._secrets[channel.key] = channel, secret
        if not self.channels:
            raise Refused(_("No channel of yours has a webhook: say where its secret is found (hook=)."))

    def answer(self, asked: HookRequest) -> HookAnswer:
        """What is answered. What cannot be written is to be told again."""
        parts = urlsplit(asked.path)
        key, _slash, behind = parts.path.lstrip("/").partition("/")
        channel = self.channels.get(key)
        if channel is None:
            return _NO
        secret = self._secrets[key]
        if asked.method == "GET":
            return _greeted(parts.query, secret) if channel.kind == "whatsapp" else _NO
        if channel.kind == "whatsapp":
            if not is_signed(asked.body, asked.headers.get("x-hub-signature-256", ""), secret):
                return HookAnswer(403)
        elif not hmac.compare_digest(unquote(behind).encode(), secret.encode()):
            return _NO
        tree = _tree(asked)
        if tree is None:
            return HookAnswer(400)
        try:
            return self._told(channel, tree)
        except StorageError:
            return _AGAIN

    def _told(self, channel: Channel, tree: object) -> HookAnswer:
        session = self._session
        session.store.refresh()
        texts, again = [], False
        for one in _read(channel, tree):
            if isinstance(one, ReceivedText):
                texts.append(one)
                continue
            number = reports.report(session, channel, one)
            if number:
                failed = number if one.status == "failed" else 0
                self.steps.append(ReceivedStep(channel.key, "known", number, failed=failed))
            elif reports.is_sending(session, channel) and not reports.is_known(session, channel, one.id):
                # Told before we could note what the server calls it.
                again = True
        self.steps += TextTaking(session, channel).take(texts)
        return _AGAIN if again else _TAKEN


def listening(session: Session, host: str, port: int) -> tuple[Webhook, Hooks]:
    """A receiver for a person's channels. Raises Refused, AccessDenied, StorageError."""
    hooks = Hooks(session)
    return Webhook(host, port, hooks.answer), hooks


def _read(channel: Channel, tree: object) -> Iterator[SentReport | ReceivedText]:
    if channel.kind == "whatsapp":
        yield from whatsapp_told(tree, channel.settings.get("number_id", ""))
        return
    gateway = gateway_of(channel)
    report = json_report(gateway, tree)
    if report is not None:
        yield report
        return
    try:
        yield from texts_of(gateway, tree)
    except Unreachable:
        return


def _greeted(query: str, secret: str) -> HookAnswer:
    """What Meta asks of a new address: the challenge comes back to who knows the secret."""
    said = {name: values[0] for name, values in parse_qs(query[:4_000], max_num_fields=20).items()}
    if said.get("hub.mode") != "subscribe":
        return _NO
    if not hmac.compare_digest(said.get("hub.verify_token", "").encode("utf-8", "replace"), secret.encode()):
        return HookAnswer(403)
    challenge = said.get("hub.challenge", "")
    return HookAnswer(200, challenge) if challenge.isascii() and challenge.isalnum() and len(challenge) < 200 else _NO


def _tree(asked: HookRequest) -> object:
    """What was told: JSON, whatever it is said to be, or the fields of a form."""
    with suppress(ValueError, RecursionError):
        found: object = json.loads(asked.body)
        return found
    if "urlencoded" not in asked.headers.get("content-type", ""):
        return None
    with suppress(ValueError):
        fields: Mapping[str, list[str]] = parse_qs(asked.body.decode("utf-8", "replace"), max_num_fields=100)
        return {name: values[0] for name, values in fields.items()}
    return None
