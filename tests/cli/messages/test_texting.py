"""`tuicrm sms`, `whatsapp`, `telegram`, `channel listen`: written, queued, sent and told as people run them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.cli.conftest import ROOT, Crm
from tests.text_servers import Bot, TextServer, text_server

SECRET = "a-secret-that-nobody-guesses"
GATEWAY = (
    'body={"to":"{to}","text":"{text}"}',
    "headers=Authorization: {secret}",
    "id=id",
    "secret=variable:TEXT_SECRET",
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TextServer]:
    monkeypatch.setenv("TEXT_SECRET", SECRET)
    monkeypatch.setenv("BOT_SECRET", Bot.token)
    with text_server() as found:
        yield found


def test_an_sms_is_written_recalled_and_sent(crm: Crm, server: TextServer) -> None:
    server.say = lambda _asked: (200, {"id": "g-1"})
    assert crm("contact", "edit", "C-1", "phone=333 1234567").code == 0
    lacking = crm("sms", "send", "C-1", "--text", "Ciao")
    assert (lacking.code, "channel add" in lacking.err) == (4, True)
    assert (
        crm("channel", "add", "Gateway", "sms_http", f"url={server.url}/s", *GATEWAY, "hook=variable:TEXT_SECRET").code
        == 0
    )
    queued = crm("sms", "send", "C-1", stdin="è\n" + "x" * 161)
    assert queued.out.startswith("MSG-")
    assert "2 parts" in queued.err
    assert "tuicrm undo" in queued.err
    assert crm("sms", "recall", queued.out.strip()).code == 0
    sent = crm("sms", "send", "D-1", "--text", "nobody", "--now")
    assert sent.code in (0, 4), "a deal has its client's number, or says that it has none"
    now = crm("sms", "send", "C-1", "--text", "Ciao", "--now", "--json")
    assert now.json["message"]["status"] == "sent"
    assert server.asked[-1].json == {"to": "+393331234567", "text": "Ciao"}
    server.say = lambda _asked: (400, f"no {SECRET}")
    failed = crm("sms", "send", "C-1", "--text", "Ciao", "--now")
    assert SECRET not in failed.out + failed.err
    assert "400 no ***" in failed.err
    assert "Ciao" in crm("timeline", "C-1").out
    assert "sms_http" in crm("channel", "kinds").out
    for wrong in ("a\x1b[2J", "x" * 10_000):
        assert crm("sms", "send", "C-1", stdin=wrong).code == 4


def test_a_client_is_invited_to_a_bot_and_answered(crm: Crm, server: TextServer) -> None:
    bot = Bot(server)
    words = ("bot=rossi_bot", f"url={server.url}", "secret=variable:BOT_SECRET")
    assert crm("channel", "add", "Bot", "telegram", *words).code == 0
    assert "login" in crm("channel", "test", "bot", "--json").out
    assert crm("telegram", "send", "C-1", "--text", "x").code == 4
    link = crm("telegram", "invite", "C-1", "--json").json["link"]
    bot.write(42, "/start " + link.partition("?start=")[2])
    assert crm("channel", "run", "--once").code == 0
    assert crm("telegram", "send", "C-1", "--text", "a domani", "--now").code == 0
    assert bot.sent == [(42, "a domani")]
    assert crm("telegram", "send", "+39 333 1234567", "--text", "x").code == 2


def test_whatsapp_tells_its_window_and_begins_by_a_link(crm: Crm, server: TextServer) -> None:
    assert crm("contact", "edit", "C-1", "phone=333 1234567").code == 0
    told = crm("whatsapp", "invite", "C-1", "--text", "Ciao & più", "--json").json
    assert told["link"] == "https://wa.me/393331234567?text=Ciao%20%26%20pi%C3%B9"
    assert crm("whatsapp", "send", "C-1", "--text", "x").code == 4
    words = ("number_id=555", f"url={server.url}", "secret=variable:TEXT_SECRET")
    assert crm("channel", "add", "WA", "whatsapp", *words).code == 0
    assert "Only a template" in crm("whatsapp", "window", "C-1").out
    refused = crm("whatsapp", "send", "C-1", "--text", "x")
    assert (refused.code, "Nobody has written" in refused.err) == (4, True)
    assert server.asked == []


def test_the_receiver_listens_while_it_runs_and_ends_when_told(crm: Crm, server: TextServer, data: Path) -> None:
    server.say = lambda _asked: (200, {"id": "g-1"})
    assert crm("channel", "listen", "--port", "0").code == 4, "it is off unless a channel has a webhook"
    assert crm("contact", "edit", "C-1", "phone=333 1234567").code == 0
    assert (
        crm("channel", "add", "Gateway", "sms_http", f"url={server.url}/s", *GATEWAY, "hook=variable:TEXT_SECRET").code
        == 0
    )
    ref = crm("sms", "send", "C-1", "--text", "Ciao", "--now").out.strip()
    words = [sys.executable, "-m", "tuicrm", "--data", str(data), "channel", "listen", "--port", "0"]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as running:
        assert running.stderr is not None
        address = running.stderr.readline().strip().partition(": ")[2].removesuffix("/SECRET")
        assert "public https address" in running.stderr.readline()
        body = json.dumps({"id": "g-1", "status": "delivered"}).encode()
        with urlopen(Request(f"{address}/{SECRET}", body), timeout=10) as answer:
            assert answer.status == 200
        running.terminate()
        assert running.wait(20) == 0
        said = running.stderr.read()
        assert SECRET not in said
        assert "told of" in said, said
    assert crm("mail", "show", ref, "--json").json["message"]["status"] == "delivered"
