"""Telegram's Bot API: texts sent, updates taken from an offset, answers that make no sense; the token is told nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.text_servers import Bot, text_server
from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken
from tuicrm.channels.texts.telegram import TelegramBot, bot_name, chat_of, send_telegram, telegram_updates
from tuicrm.errors import Refused, Unreachable


def test_sent_and_taken() -> None:
    with text_server() as server:
        bot, line = Bot(server), TelegramBot(Bot.token, server.url)
        assert bot_name(line) == "rossi_bot"
        assert send_telegram(line, "telegram:42", "ciao") == HandedOver(id="telegram:42:7001")
        assert bot.sent == [(42, "ciao")]
        bot.write(42, "/start Ab-_9")
        bot.write(-7, "of a group", type="group")
        bot.write(42, "ciao")
        found = telegram_updates(line, 0, 0)
        assert [(one.sender, one.text, one.start) for one in found.texts] == [
            ("telegram:42", "/start Ab-_9", "Ab-_9"), ("telegram:42", "ciao", "")
        ]  # fmt: skip
        assert (found.offset, found.texts[0].name) == (1003, "Maria @maria_r")
        assert telegram_updates(line, found.offset, 0).texts == ()


@pytest.mark.parametrize(
    ("status", "said", "final", "account"),
    [
        (403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}, True, False),
        (401, {"ok": False, "description": f"bad {Bot.token}"}, False, True),
        (429, {"ok": False, "description": "slow", "parameters": {"retry_after": 33}}, False, False),
        (400, {"ok": False, "description": "chat not found"}, True, False), (404, "no", False, True),
    ],
)  # fmt: skip
def test_what_errors_mean(status: int, said: Any, final: bool, account: bool) -> None:
    with text_server() as server:
        server.say = lambda _asked: (status, said)
        found = send_telegram(TelegramBot(Bot.token, server.url), "telegram:42", "x")
    assert isinstance(found, NotGiven)
    assert (found.final, found.account, found.wait) == (final, account, 33 if status == 429 else 0)
    assert Bot.token not in found.why


@pytest.mark.parametrize("said", [{}, [], "x", {"ok": True}, {"ok": True, "result": []}, {"ok": False}, "[" * 99_999])
def test_answers_that_make_no_sense(said: Any) -> None:
    with text_server() as server:
        server.say = lambda _asked: (200, said)
        line = TelegramBot(Bot.token, server.url)
        assert isinstance(send_telegram(line, "telegram:42", "x"), PerhapsTaken)
        if said != {"ok": True, "result": []}:
            with pytest.raises(Unreachable) as raised:
                telegram_updates(line, 5, 0)
            assert Bot.token not in raised.value.message


def test_updates_that_make_no_sense_are_passed_over() -> None:
    odd: list[Any] = [
        None, 7, {"update_id": "x"}, {"update_id": -3}, {"update_id": 1 << 70}, {"update_id": 8, "message": []},
        {"update_id": 9, "message": {"chat": {"id": "x", "type": "private"}}},
        {"update_id": 10, "message": {"chat": {"id": 4, "type": "private"}, "date": 1 << 90, "from": [], "text": 5}},
    ]  # fmt: skip
    with text_server() as server:
        server.say = lambda _asked: (200, {"ok": True, "result": odd})
        found = telegram_updates(TelegramBot(Bot.token, server.url), 3, 0)
    assert found.offset == 11
    assert [(one.sender, one.at) for one in found.texts] == [("telegram:4", "")]


@pytest.mark.parametrize("token", ["", "x", "1:2/../../x", "1:2\r\nX: y", "1:é", "12 3:x"])
def test_what_is_no_token_goes_into_no_address(token: str) -> None:
    with text_server() as server:
        found = send_telegram(TelegramBot(token, server.url), "telegram:42", "x")
        assert server.asked == []
    assert isinstance(found, NotGiven)
    with pytest.raises((Refused, Unreachable)):
        bot_name(TelegramBot(token, server.url))


@pytest.mark.parametrize(
    "address", ["", "42", "telegram:", "telegram:x", "telegram:--1", "telegram:" + "9" * 30, "telegram:٣"]
)
def test_what_is_no_chat(address: str) -> None:
    assert chat_of(address) == 0
