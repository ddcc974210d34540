"""WhatsApp by Meta's Cloud API: a text within the window, a template else; what its webhook tells."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from tuicrm.channels.asking import HttpAnswer, ask, asked, hidden, not_taken
from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken, ReceivedText, SendOutcome, SentReport
from tuicrm.domain.stamps import stamp
from tuicrm.errors import Unreachable
from tuicrm.i18n import _

WHATSAPP_URL = "https://graph.facebook.com/v21.0"
LONGEST = 4_096
"""Characters of a text."""
_AGAIN = frozenset((4, 80007, 130429, 131016, 131048, 131056, 133016))
"""Codes by which the API asks to be asked later."""
_ACCOUNT = frozenset((0, 3, 10, 190, 200, 131005, 131031, 131042, 133010, 368))
"""Codes of a token, a right or an account that do not do."""


class WhatsappTemplate(Struct, frozen=True):
    """A template as Meta has approved it: its name, its language there, what stands in its places."""

    name: str
    language: str = "en"
    values: tuple[str, ...] = ()


class WhatsappLine(Struct, frozen=True):
    """Where messages are given: the API's address, the id of our number there, the token."""

    number_id: str
    token: str
    url: str = WHATSAPP_URL
    ca: str = ""


def send_whatsapp(line: WhatsappLine, to: str, text: str, template: WhatsappTemplate | None = None) -> SendOutcome:
    """Give the API a message. `to` is a whole number with +."""
    body: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to.removeprefix("+")}
    if template is None:
        body |= {"type": "text", "text": {"preview_url": False, "body": text}}
    else:
        places = [{"type": "text", "text": value} for value in template.values]
        parts = {"components": [{"type": "body", "parameters": places}]} if places else {}
        body |= {
            "type": "template",
            "template": {"name": template.name, "language": {"code": template.language}, **parts},
        }
    headers = {"Authorization": f"Bearer {line.token}", "Content-Type": "application/json"}
    url = f"{line.url.rstrip('/')}/{line.number_id}/messages"
    answer = asked(lambda: ask("POST", url, headers, json.dumps(body).encode(), ca=line.ca), line.token)
    if not isinstance(answer, HttpAnswer):
        return answer
    tree = answer.json()
    error = _dict(_dict(tree).get("error"))
    if error:
        return _refused(answer, error, line.token)
    if not 200 <= answer.status < 300:
        return not_taken(answer, hidden(answer.text(), line.token))
    name = _text(_dict(_first(_dict(tree).get("messages"))).get("id"))
    if not name:
        told = _("its answer names no message: {said}").format(said=hidden(answer.text(), line.token))
        return PerhapsTaken(told)
    return HandedOver(id=name)


def _refused(answer: HttpAnswer, error: Mapping[str, Any], token: str) -> SendOutcome:
    code = error.get("code")
    said = " ".join(filter(None, (_text(error.get("message")), _text(_dict(error.get("error_data")).get("details")))))
    why = hidden(f"{code}: {said}", token)
    if code in _AGAIN:
        return NotGiven(why, wait=answer.wait)
    if code in _ACCOUNT:
        return NotGiven(why, account=True)
    if answer.status >= 500 or answer.status in (408, 429):
        return not_taken(answer, why)
    return NotGiven(why, final=True)


def number_shown(line: WhatsappLine) -> str:
    """Our number, as the API shows it. Raises Unreachable where the token or the id does not do."""
    url = f"{line.url.rstrip('/')}/{line.number_id}?fields=display_phone_number"
    answer = asked(lambda: ask("GET", url, {"Authorization": f"Bearer {line.token}"}, ca=line.ca), line.token)
    if not isinstance(answer, HttpAnswer):
        raise Unreachable(answer.why)
    shown = _text(_dict(answer.json()).get("display_phone_number"))
    if not shown:
        raise Unreachable(f"{answer.status} {hidden(answer.text(), line.token)}")
    return shown


# -- what the webhook tells --------------------------------------------------------------------------------------------
def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is what the app's secret makes of a body."""
    wanted = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(wanted.encode(), header.encode("utf-8", "replace"))


def whatsapp_told(tree: Any, number_id: str) -> Iterator[SentReport | ReceivedText]:
    """What a webhook's body tells of messages of one number of ours; what is something else is left out."""
    for entry in _list(_dict(tree).get("entry")):
        for change in _list(_dict(entry).get("changes")):
            value = _dict(_dict(change).get("value"))
            if _text(_dict(value.get("metadata")).get("phone_number_id")) != number_id:
                continue
            names = {
                _text(one.get("wa_id")): _text(_dict(one.get("profile")).get("name"))
                for one in map(_dict, _list(value.get("contacts")))
            }
            for status in map(_dict, _list(value.get("statuses"))):
                report = _report(status)
                if report is not None:
                    yield report
            for came in map(_dict, _list(value.get("messages"))):
                text = _came(came, names)
                if text is not None:
                    yield text


def _report(status: Mapping[str, Any]) -> SentReport | None:
    name, word = _text(status.get("id")), status.get("status")
    if not name:
        return None
    if word in ("delivered", "read"):
        return SentReport(name, "delivered")
    if word == "failed":
        error = _dict(_first(status.get("errors")))
        said = " ".join(filter(None, (_text(error.get("title")), _text(_dict(error.get("error_data")).get("details")))))
        return SentReport(name, "failed", hidden(f"{error.get('code', '')} {said}".strip()))
    return None


def _came(came: Mapping[str, Any], names: Mapping[str, str]) -> ReceivedText | None:
    name, sender, sort = _text(came.get("id")), _text(came.get("from")), _text(came.get("type"))
    if not name or not (sender.isascii() and sender.isdigit() and len(sender) <= 20):
        return None
    held = _dict(came.get(sort))
    text = _text(held.get("body")) or _text(held.get("text")) or _text(held.get("caption"))
    said = text if sort == "text" else f"[{sort}] {text}".strip()
    moment = _text(came.get("timestamp"))
    sound = moment.isascii() and moment.isdigit() and len(moment) < 11
    at = stamp(datetime.fromtimestamp(int(moment), UTC)) if sound else ""
    return ReceivedText(name, f"+{sender}", said, at, names.get(sender, ""))


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value[:1_000] if isinstance(value, list) else []


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
