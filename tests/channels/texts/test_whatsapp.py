"""WhatsApp's Cloud API: what is asked of it, what its answers mean, what its webhook tells; nothing of a token is shown."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from tests.text_servers import text_server
from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken, ReceivedText, SentReport
from tuicrm.channels.texts.whatsapp import WhatsappLine, WhatsappTemplate, is_signed, send_whatsapp, whatsapp_told

TOKEN = "EAAtoken-of-nobody"


def told(**value: Any) -> Any:
    change = {"field": "messages", "value": {"metadata": {"phone_number_id": "555"}, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


def test_a_text_and_a_template() -> None:
    with text_server() as server:
        server.say = lambda _asked: (200, {"messaging_product": "whatsapp", "messages": [{"id": "wamid.1"}]})
        line = WhatsappLine("555", TOKEN, server.url)
        assert send_whatsapp(line, "+393331234567", 'È "qui"') == HandedOver(id="wamid.1")
        assert send_whatsapp(line, "+393331234567", "", WhatsappTemplate("hello", "it", ("A",))) == HandedOver(
            id="wamid.1"
        )
        text, template = server.asked
    assert (text.path, text.headers["authorization"]) == ("/555/messages", f"Bearer {TOKEN}")
    assert (text.json["to"], text.json["text"]["body"]) == ("393331234567", 'È "qui"')
    assert template.json["template"] == {
        "name": "hello", "language": {"code": "it"}, "components": [{"type": "body", "parameters": [{"type": "text", "text": "A"}]}]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "code", "final", "account"),
    [(400, 131047, True, False), (401, 190, False, True), (400, 130429, False, False), (400, 131026, True, False)],
)
def test_what_errors_mean(status: int, code: int, final: bool, account: bool) -> None:
    with text_server() as server:
        server.say = lambda _asked: (
            status,
            {"error": {"message": f"bad {TOKEN}", "code": code, "error_data": {"details": "x"}}},
        )
        found = send_whatsapp(WhatsappLine("555", TOKEN, server.url), "+391", "x")
    assert isinstance(found, NotGiven)
    assert (found.final, found.account, TOKEN in found.why) == (final, account, False)
    assert str(code) in found.why


@pytest.mark.parametrize("said", [{}, [], "no", {"messages": []}, {"messages": [{"id": 7}]}, {"messages": "x"}])
def test_an_answer_that_names_no_message_is_no_yes(said: Any) -> None:
    with text_server() as server:
        server.say = lambda _asked: (200, said)
        assert isinstance(send_whatsapp(WhatsappLine("555", TOKEN, server.url), "+391", "x"), PerhapsTaken)


def test_only_what_is_signed_is_believed() -> None:
    body = json.dumps(told()).encode()
    sign = "sha256=" + hmac.new(b"app-secret", body, hashlib.sha256).hexdigest()
    assert is_signed(body, sign, "app-secret")
    for header, secret in (
        (sign, "other"),
        ("", "app-secret"),
        (sign[7:], "app-secret"),
        ("sha256=é", "app-secret"),
        (sign, ""),
    ):
        assert not is_signed(body, header, secret)
    assert not is_signed(body + b" ", sign, "app-secret")


def test_what_the_webhook_tells() -> None:
    tree = told(
        contacts=[{"wa_id": "393331234567", "profile": {"name": "Maria"}}],
        statuses=[
            {"id": "wamid.1", "status": "read"}, {"id": "wamid.2", "status": "failed", "errors": [{"code": 131047, "title": "no"}]},
            {"id": "wamid.3", "status": "sent"}, {"status": "delivered"}, "x",
        ],
        messages=[
            {"id": "wamid.4", "from": "393331234567", "type": "text", "timestamp": "1793000000", "text": {"body": "ciao"}},
            {"id": "wamid.5", "from": "393331234567", "type": "image", "timestamp": "x" * 9, "image": {"caption": "qui"}},
            {"id": "wamid.6", "from": "../1", "type": "text"}, {"from": "39333"}, None,
        ],
    )  # fmt: skip
    found = list(whatsapp_told(tree, "555"))
    assert found == [
        SentReport("wamid.1", "delivered"), SentReport("wamid.2", "failed", "131047 no"),
        ReceivedText("wamid.4", "+393331234567", "ciao", "2026-10-26T07:33:20Z", "Maria"),
        ReceivedText("wamid.5", "+393331234567", "[image] qui", "", "Maria"),
    ]  # fmt: skip
    assert list(whatsapp_told(tree, "556")) == [], "of another number"
    wrongs: list[Any] = [None, 7, "x", [], {"entry": {}}, {"entry": [{"changes": [{"value": []}]}]}, {"entry": [None]}]
    for wrong in wrongs:
        assert list(whatsapp_told(wrong, "555")) == []
