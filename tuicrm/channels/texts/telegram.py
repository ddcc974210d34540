"""Telegram by a bot (Bot API): texts to people who opened its chat, and what they write, by long polling."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from tuicrm.channels.asking import HttpAnswer, ask, asked, hidden, not_taken
from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken, ReceivedText, SendOutcome
from tuicrm.domain.stamps import stamp
from tuicrm.errors import Refused, Unreachable
from tuicrm.i18n import _

TELEGRAM_URL = "https://api.telegram.org"
LONGEST = 4_096
"""Characters of a text."""
CHAT = "telegram:"
"""What the address of a chat begins with; its number stands behind it."""
_START = re.compile(r"/start(?:@\w+)? ([A-Za-z0-9_-]{1,64})", re.ASCII)
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}", re.ASCII)
_AT_ONCE = 100


class TelegramBot(Struct, frozen=True):
    """A bot: its token, and where its API is."""

    token: str
    url: str = TELEGRAM_URL
    ca: str = ""


class TelegramUpdates(Struct, frozen=True):
    """What came since an offset: texts of people in private chats, and the offset of the next look."""

    texts: tuple[ReceivedText, ...]
    offset: int


def chat_of(address: str) -> int:
    """The chat that an address names; 0 for what is no such."""
    word = address.removeprefix(CHAT)
    digits = word.removeprefix("-")
    return int(word) if address.startswith(CHAT) and digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


def send_telegram(bot: TelegramBot, to: str, text: str) -> SendOutcome:
    """Give the API a text for a chat."""
    answer = asked(lambda: _call(bot, "sendMessage", {"chat_id": chat_of(to), "text": text}), bot.token)
    if not isinstance(answer, HttpAnswer):
        return answer
    tree = answer.json()
    said = hidden(_said(tree) or answer.text(), bot.token)
    if isinstance(tree, dict) and tree.get("ok") is True and 200 <= answer.status < 300:
        result = tree.get("result")
        name = result.get("message_id") if isinstance(result, dict) else None
        return HandedOver(id=f"{to}:{name}") if isinstance(name, int) else PerhapsTaken(said)
    if 200 <= answer.status < 300:
        return PerhapsTaken(_("the answer cannot be read: {said}").format(said=said))
    if answer.status == 403:
        return NotGiven(said, final=True)  # they blocked the bot
    if answer.status == 404:
        return NotGiven(said, account=True)  # no bot has this token
    if answer.status == 429:
        return NotGiven(said, wait=_wait(tree) or answer.wait)
    return not_taken(answer, said)


def telegram_updates(bot: TelegramBot, offset: int, wait: int) -> TelegramUpdates:
    """What came from an offset on; the server holds the question for `wait` seconds where nothing is there. Raises Unreachable."""
    question = {"offset": offset, "timeout": wait, "limit": _AT_ONCE, "allowed_updates": ["message"]}
    answer = asked(lambda: _call(bot, "getUpdates", question, wait), bot.token)
    if not isinstance(answer, HttpAnswer):
        raise Unreachable(answer.why)
    tree = answer.json()
    found = tree.get("result") if isinstance(tree, dict) and tree.get("ok") is True else None
    if not isinstance(found, list):
        raise Unreachable(f"{answer.status} {hidden(_said(tree) or answer.text(), bot.token)}")
    texts = []
    for one in found[:_AT_ONCE]:
        number = one.get("update_id") if isinstance(one, dict) else None
        if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 1 << 62:
            offset = max(offset, number + 1)
            came = _came(one.get("message"))
            texts += [came] if came is not None else []
    return TelegramUpdates(tuple(texts), offset)


def bot_name(bot: TelegramBot) -> str:
    """What the bot is called (`rossi_bot`). Raises Unreachable where the token does not do."""
    answer = asked(lambda: _call(bot, "getMe", {}), bot.token)
    if not isinstance(answer, HttpAnswer):
        raise Unreachable(answer.why)
    tree = answer.json()
    result = tree.get("result") if isinstance(tree, dict) else None
    name = result.get("username") if isinstance(result, dict) else None
    if not isinstance(name, str):
        raise Unreachable(f"{answer.status} {hidden(_said(tree) or answer.text(), bot.token)}")
    return name


def _call(bot: TelegramBot, method: str, body: Mapping[str, Any], wait: int = 0) -> HttpAnswer:
    if not _TOKEN.fullmatch(bot.token):
        raise Refused(_("the secret is not a token of a bot, such as 123456:ABC"))
    url = f"{bot.url.rstrip('/')}/bot{bot.token}/{method}"
    return ask(
        "POST", url, {"Content-Type": "application/json"}, json.dumps(body).encode(), ca=bot.ca, patience=30.0 + wait
    )


def _came(message: Any) -> ReceivedText | None:
    """A text of a person in their chat with the bot; groups and channels are nobody's client."""
    if not isinstance(message, dict):
        return None
    chat, sender = message.get("chat"), message.get("from")
    if not isinstance(chat, dict) or chat.get("type") != "private" or not isinstance(chat.get("id"), int):
        return None
    text = message.get("text") if isinstance(message.get("text"), str) else message.get("caption")
    text = text if isinstance(text, str) else "[…]"
    who = sender if isinstance(sender, dict) else {}
    names = [who.get("first_name"), who.get("last_name"), f"@{who['username']}" if who.get("username") else ""]
    moment = message.get("date")
    code = _START.fullmatch(text.strip())
    return ReceivedText(
        id=f"{CHAT}{chat['id']}:{message.get('message_id')}",
        sender=f"{CHAT}{chat['id']}",
        text=text,
        at=stamp(datetime.fromtimestamp(moment, UTC)) if isinstance(moment, int) and 0 < moment < 1 << 33 else "",
        name=" ".join(one for one in names if isinstance(one, str) and one),
        start=code[1] if code else "",
    )


def _said(tree: Any) -> str:
    said = tree.get("description") if isinstance(tree, dict) else None
    return said if isinstance(said, str) else ""


def _wait(tree: Any) -> int:
    parameters = tree.get("parameters") if isinstance(tree, dict) else None
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return min(wait, 86_400) if isinstance(wait, int) and wait > 0 else 0
