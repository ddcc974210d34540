"""Telegram by its Bot API: the client presses start on an invitation, from then on there is a chat. https://core.telegram.org/bots/api

Its addresses hold the bot's secret: they are told to nobody.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken, SendOutcome
from tuicrm.channels.http import PATIENCE, HttpAsked, NoAnswer, ask
from tuicrm.channels.texts.gateway import found_in
from tuicrm.channels.texts.text import InText, OutText
from tuicrm.domain.stamps import stamp
from tuicrm.i18n import _

BASE = "https://api.telegram.org"
_POLL = 25
"""Seconds that the server keeps a question for what comes."""


class TelegramNews(Struct, frozen=True):
    """What has come: texts, each with the chat it is of as its sender, and the number after the last of them (0: nothing came)."""

    texts: list[InText]
    following: int


def send_telegram(base: str, secret: str, out: OutText, patience: float = PATIENCE) -> SendOutcome:
    """Send a text to a chat."""
    try:
        answer = _asked(base, secret, "sendMessage", {"chat_id": out.to, "text": out.text}, patience)
    except NoAnswer as problem:
        return PerhapsTaken(problem.why) if problem.perhaps else NotGiven(problem.why, account=True)
    status, content = answer
    said = found_in(content, "description") or str(status)
    if status == 200 and (name := found_in(content, "result.message_id")):
        return HandedOver(name=f"{out.to}/{name}")
    if status == 429:
        wait = found_in(content, "parameters.retry_after")
        return NotGiven(said, wait=int(wait) if wait.isdigit() and len(wait) < 6 else 0)
    if status in (401, 404):
        return NotGiven(said, account=True)
    return NotGiven(said, final=True) if 400 <= status < 500 else PerhapsTaken(said)


def bot_name(base: str, secret: str, patience: float = PATIENCE) -> str:
    """What the bot is called. Raises NoAnswer, also where the secret is not a bot's."""
    status, content = _asked(base, secret, "getMe", {}, patience)
    name = found_in(content, "result.username")
    if status != 200 or not name:
        raise NoAnswer(
            _("Telegram knows no bot of this secret ({said})").format(said=found_in(content, "description") or status)
        )
    return name


def what_came(base: str, secret: str, after: int, *, wait: bool, patience: float = PATIENCE) -> TelegramNews:
    """What came since that number; waits for it up to 25 seconds where that is wished. Raises NoAnswer."""
    asked = {"offset": after, "timeout": _POLL if wait else 0, "limit": 100, "allowed_updates": ["message"]}
    status, content = _asked(base, secret, "getUpdates", asked, patience + (_POLL if wait else 0))
    if status != 200:
        raise NoAnswer(_("Telegram says: {said}").format(said=found_in(content, "description") or status))
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise NoAnswer(_("the server's answer makes no sense: {said}").format(said=status)) from None
    updates = [one for one in found.get("result") or () if isinstance(one, dict)] if isinstance(found, dict) else []
    numbers = [one["update_id"] for one in updates if isinstance(one.get("update_id"), int)]
    return TelegramNews([text for one in updates if (text := _text_of(one)) is not None], max(numbers, default=-1) + 1)


def _text_of(update: dict[str, Any]) -> InText | None:
    """A text somebody wrote to the bot in a chat of two; None for all else."""
    said = update.get("message")
    chat = said.get("chat") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(chat, dict) or not isinstance(chat.get("id"), int):
        return None
    if chat.get("type") != "private":
        return None
    kinds = ("photo", "document", "voice", "video", "audio", "sticker", "location", "contact")
    text = said.get("text") if isinstance(said.get("text"), str) else said.get("caption")
    if not isinstance(text, str):
        text = f"[{next((kind for kind in kinds if kind in said), '?')}]"
    names = (chat.get("first_name"), chat.get("last_name"))
    who = " ".join(one for one in names if isinstance(one, str))
    at = said.get("date")
    moment = stamp(datetime.fromtimestamp(at, UTC)) if isinstance(at, int) and 0 < at < 1 << 33 else ""
    return InText(str(chat["id"]), text, moment, f"{chat['id']}/{said.get('message_id')}", who)


def _asked(base: str, secret: str, method: str, said: dict[str, Any], patience: float) -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json"}
    answer = ask(HttpAsked("POST", f"{base}/bot{secret}/{method}", headers, json.dumps(said).encode()), patience)
    return answer.status, answer.content
