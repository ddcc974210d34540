"""SMS by a gateway that a few lines describe: the shapes of several, hostile texts in each, answers that make no sense."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.text_servers import TextServer, says, text_server
from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken, SendOutcome
from tuicrm.channels.texts.sms_http import SmsGateway, gateway_report, gateway_texts, json_report, send_by_gateway
from tuicrm.errors import Unreachable

SECRET = "hunter2-and-more"
HOSTILE = 'È "lui" & {secret} \\ }, "to": "+1" \n%00{to}'


def send(server: TextServer, text: str = HOSTILE, **said: Any) -> SendOutcome:
    gateway = SmsGateway(url=server.url + said.pop("path", "/send"), **said)
    return send_by_gateway(gateway, "+393331234567", text, "Rossi", SECRET)


def test_json_with_a_token_in_a_header() -> None:
    with text_server() as server:
        server.say = lambda _asked: (201, {"messages": [{"id": 4711, "status": "queued"}]})
        sent = send(
            server,
            headers="Authorization: Bearer {secret}",
            body='{"from": "{from}", "to": "{to}", "text": "{text}"}',
            id="messages.0.id",
            status="messages.0.status",
            accepted="queued, sent",
        )
        (asked,) = server.asked
    assert sent == HandedOver(id="4711")
    assert asked.json == {"from": "Rossi", "to": "+393331234567", "text": HOSTILE}
    assert asked.headers["authorization"] == f"Bearer {SECRET}"
    assert asked.headers["content-type"] == "application/json"


def test_a_form_and_an_answer_in_text() -> None:
    with text_server() as server:
        server.say = lambda _asked: (200, "OK\nID: ab-12\n")
        sent = send(server, body="key={secret}&to={to}&msg={text}", id="after:ID:")
        (asked,) = server.asked
    assert sent == HandedOver(id="ab-12")
    assert parse_qs(asked.body) == {"key": [SECRET], "to": ["+393331234567"], "msg": [HOSTILE]}


def test_all_in_the_address() -> None:
    with text_server() as server:
        server.say = lambda _asked: (200, "12345")
        assert send(server, method="GET", path="/s?u={secret}&n={to}&t={text}", id="text") == HandedOver(id="12345")
        (asked,) = server.asked
    assert parse_qs(urlsplit(asked.path).query) == {"u": [SECRET], "n": ["+393331234567"], "t": [HOSTILE]}


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (200, {"status": "rejected", "why": SECRET}, NotGiven), (200, {"id": 1}, PerhapsTaken), (200, "<html>", PerhapsTaken),
        (200, [[[]]], PerhapsTaken), (200, {"status": "ok", "id": {"a": 1}}, PerhapsTaken), (200, "[" * 100_000, PerhapsTaken),
        (500, f"broken {SECRET}", PerhapsTaken), (429, "slow", NotGiven), (401, f"bad key {SECRET}", NotGiven), (400, "no", NotGiven),
    ],
)  # fmt: skip
def test_answers_that_are_no_yes(status: int, said: Any, kind: type[Any]) -> None:
    with text_server() as server:
        server.say = lambda _asked: (status, said)
        sent = send(server, body='{"t": "{text}"}', id="id", status="status", accepted="ok")
    assert isinstance(sent, kind), sent
    assert SECRET not in str(sent)


def test_statuses_and_what_came() -> None:
    with text_server() as server:
        server.say = lambda asked: (200, {"state": asked.path.rpartition("/")[2].upper()})
        gateway = SmsGateway(
            url=server.url,
            status="state",
            status_url=server.url + "/{id}",
            failed="FAILED,expired",
            incoming_url=server.url + "/in",
        )
        told = [gateway_report(gateway, name, "", SECRET) for name in ("delivered", "expired", "on-its-way")]
        assert [one.status if one else "" for one in told] == ["delivered", "failed", ""]
        server.say = lambda _asked: (
            200,
            [{"id": 1, "from": "+391", "text": "a"}, {"text": "of nobody"}, "x", None, {"id": [], "from": 2}],
        )
        assert [(one.id, one.sender, one.text) for one in gateway_texts(gateway, "", SECRET)] == [("1", "+391", "a")]
        for wrong in ("no", 7, f"<{SECRET}>"):
            server.say = says(200, wrong)
            with pytest.raises(Unreachable) as raised:
                list(gateway_texts(gateway, "", SECRET))
            assert SECRET not in raised.value.message
    assert json_report(SmsGateway(url="https://x"), {"id": 5, "status": "Delivered"})
    assert json_report(SmsGateway(url="https://x"), {"id": 5}) is None
    assert json_report(SmsGateway(url="https://x"), [1]) is None
