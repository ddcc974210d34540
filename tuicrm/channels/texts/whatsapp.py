"""WhatsApp by its Cloud API: a text within 24 hours of the client's last word, else a template that was approved there.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tuicrm.channels.channel import NotGiven, PerhapsTaken, SendOutcome
from tuicrm.channels.http import PATIENCE, HttpAsked, NoAnswer, ask
from tuicrm.channels.texts.gateway import found_in, outcome_of
from tuicrm.channels.texts.text import InText, OutText, StatusNews
from tuicrm.domain.stamps import stamp

BASE = "https://graph.facebook.com/v21.0"
WINDOW = timedelta(hours=24)
"""For how long after the client's last word a free text is let through."""
_BUSY = ("4", "80007", "130429", "131048", "131056")
"""Codes that mean: too much at once."""
_ACCOUNT = ("0", "3", "10", "190", "200", "368", "131031", "133010")
"""Codes that are about the account, not the message."""


def send_whatsapp(base: str, phone_id: str, secret: str, out: OutText, patience: float = PATIENCE) -> SendOutcome:
    """Send a text or a template from the number of that id."""
    content: dict[str, Any] = {"messaging_product": "whatsapp", "to": out.to.removeprefix("+")}
    if out.template:
        parameters = [{"type": "text", "text": one} for one in out.parameters]
        filled = [{"type": "body", "parameters": parameters}] if parameters else []
        template = {"name": out.template, "language": {"code": out.language or "en"}, "components": filled}
        content |= {"type": "template", "template": template}
    else:
        content |= {"type": "text", "text": {"body": out.text, "preview_url": False}}
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    try:
        answer = ask(HttpAsked("POST", f"{base}/{phone_id}/messages", headers, json.dumps(content).encode()), patience)
    except NoAnswer as problem:
        return PerhapsTaken(problem.why) if problem.perhaps else NotGiven(problem.why, account=True)
    code, said = found_in(answer.content, "error.code"), found_in(answer.content, "error.message")
    if 400 <= answer.status < 500 and code:
        return NotGiven(
            f"{code} {said}".strip(), final=code not in (*_BUSY, *_ACCOUNT), account=code in _ACCOUNT, wait=answer.wait
        )
    return outcome_of(answer, lambda: found_in(answer.content, "messages.0.id"))


def told_by_webhook(content: bytes) -> tuple[list[InText], list[StatusNews]]:
    """What a webhook's call tells: texts that came, and what became of those that went out. What makes no sense is left out."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return [], []
    came: list[InText] = []
    news: list[StatusNews] = []
    for value in _values(told):
        names = {_text(one, "wa_id"): _text(one.get("profile"), "name") for one in _dicts(value.get("contacts"))}
        for one in _dicts(value.get("messages")):
            body = _text(one.get("text"), "body") or f"[{_text(one, 'type') or '?'}]"
            sender, name = _text(one, "from"), _text(one, "id")
            if sender.isdigit() and name:
                came.append(InText(f"+{sender}", body, _moment(_text(one, "timestamp")), name, names.get(sender, "")))
        for one in _dicts(value.get("statuses")):
            status = {"delivered": "delivered", "read": "delivered", "failed": "failed", "sent": "sent"}.get(
                _text(one, "status")
            )
            if status and _text(one, "id"):
                why = next((_text(error, "title") for error in _dicts(one.get("errors"))), "")
                news.append(StatusNews(_text(one, "id"), status, why))
    return came, news


def _values(told: object) -> Iterator[dict[str, Any]]:
    for entry in _dicts(told.get("entry") if isinstance(told, dict) else None):
        for change in _dicts(entry.get("changes")):
            if isinstance(change.get("value"), dict):
                yield change["value"]


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: object, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _moment(seconds: str) -> str:
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
        return ""
    return stamp(datetime.fromtimestamp(int(seconds), UTC))
