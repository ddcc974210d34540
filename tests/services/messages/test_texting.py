"""Texts from the outbox to servers and back: SMS, WhatsApp, Telegram, each once; invitations, windows, reports, webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
import multiprocessing
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests import smsd
from tests.conftest import Clock, OpenAs
from tests.text_servers import Bot, TextServer, says, text_server
from tuicrm.channels.channel import ReceivedText, SentReport
from tuicrm.channels.webhook import HookRequest
from tuicrm.domain.channels import Channel
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, Refused, UsageError
from tuicrm.services.history import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import outbox, receivers, records, reports, texting
from tuicrm.services.messages.accounts import add_channel, edit_channel
from tuicrm.services.messages.hooks import Hooks, listening
from tuicrm.services.messages.text_taking import TextTaking
from tuicrm.services.messages.texting import TextDraft, WhatsappTemplate
from tuicrm.services.messages.trials import try_channel
from tuicrm.services.messages.worker import Worker

C1, D1 = Ref("contact", 1), Ref("deal", 1)
NUMBER = "+393331234567"
TOKEN = "EAAsecret-token-of-nobody"
HOOK = "a-hook-that-nobody-guesses"


@pytest.fixture
def maria(seeded: Session) -> Session:
    """C-1 has a mobile."""
    items.edit(seeded, C1, {"phone": [{"value": NUMBER, "type": "mobile"}]})
    return seeded


@pytest.fixture
def server() -> Iterator[TextServer]:
    with text_server() as found:
        yield found


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXT_SECRET", TOKEN)
    monkeypatch.setenv("BOT_SECRET", Bot.token)
    monkeypatch.setenv("HOOK_SECRET", HOOK)


def gateway(session: Session, server: TextServer, **more: str) -> Channel:
    words = {
        "url": f"{server.url}/send", "headers": "Authorization: {secret}", "body": '{"to":"{to}","text":"{text}"}', "id": "id",
        "status": "status", "accepted": "ok", "secret": "variable:TEXT_SECRET",
    }  # fmt: skip
    return add_channel(session, "Gateway", "sms_http", {**words, **more})


def bot_channel(session: Session, server: TextServer) -> Channel:
    words = {"bot": "rossi_bot", "url": server.url, "secret": "variable:BOT_SECRET"}
    return add_channel(session, "Bot", "telegram", words)


def whatsapp(session: Session, server: TextServer) -> Channel:
    words = {"number_id": "555", "url": server.url, "secret": "variable:TEXT_SECRET", "hook": "variable:HOOK_SECRET"}
    return add_channel(session, "WhatsApp", "whatsapp", words)


def queued(session: Session, channel: Channel, text: str = "Ciao", to: str = NUMBER) -> int:
    return texting.queue_text(session, channel, TextDraft(to, text, [C1]), now=True)


def sent_by_worker(session: Session) -> list[tuple[int, str, str]]:
    with Worker(session) as worker:
        found = [(one.id, one.status, one.why) for one in worker.send_due()]
        assert TOKEN not in str((found, worker.troubles))
        assert Bot.token not in str((found, worker.troubles))
    return found


def status(session: Session, number: int) -> str:
    return records.by_id(session, number).record.status


# -- the outbox --------------------------------------------------------------------------------------------------------
def test_an_sms_stands_on_the_client_and_what_is_theirs_is_recalled_and_sent(
    maria: Session, server: TextServer
) -> None:
    server.say = lambda _asked: (200, {"status": "ok", "id": "wamid.G-1"})
    channel = gateway(maria, server)
    number = texting.queue_text(maria, channel, TextDraft(NUMBER, "x" * 161, [C1]))
    found = records.by_id(maria, number).record
    assert (found.status, found.parts, found.to) == ("queued", 2, (NUMBER,))
    assert {"contact:1", "company:1"} <= set(found.on)
    undo.undo(maria)
    assert records.of_item(maria, C1) == []
    number = queued(maria, channel)
    assert sent_by_worker(maria) == [(number, "sent", "")]
    assert records.by_id(maria, number).record.message_id == "wamid.G-1"
    assert server.asked[0].json == {"to": NUMBER, "text": "Ciao"}
    reports.report(maria, channel, SentReport("wamid.G-1", "delivered"))
    assert status(maria, number) == "delivered"
    assert reports.report(maria, channel, SentReport("wamid.G-1", "failed", "late")) == 0
    assert status(maria, number) == "delivered", "what arrived has arrived"


@pytest.mark.parametrize(
    ("fault", "say", "wanted"),
    [
        ("drop", (200, {}), "unknown"), ("half", (200, {}), "unknown"), ("large", (200, {}), "unknown"),
        ("elsewhere", (302, ""), "queued"), ("", (500, f"broken {TOKEN}"), "unknown"), ("", (429, TOKEN), "queued"),
        ("", (200, TOKEN), "unknown"), ("", (200, {"status": "bad", "why": TOKEN}), "failed"), ("", (401, TOKEN), "queued"),
    ],
)  # fmt: skip
def test_faults_end_as_what_is_known_and_nothing_is_sent_twice(
    maria: Session, server: TextServer, clock: Clock, fault: str, say: tuple[int, Any], wanted: str
) -> None:
    server.fault, server.say, server.headers = fault, lambda _asked: say, {"Retry-After": "600"}
    number = queued(maria, gateway(maria, server))
    ((_number, became, why),) = sent_by_worker(maria)
    assert became == wanted
    assert why
    asked = len(server.asked)
    clock.tick(minutes=5)
    sent_by_worker(maria)
    patient = wanted != "queued" or say[0] == 429
    assert (len(server.asked) == asked) is patient, "Retry-After is kept; what is not known or final is not asked again"
    assert TOKEN not in records.by_id(maria, number).record.error


def test_a_gateway_that_is_not_there_keeps_its_messages(maria: Session, server: TextServer) -> None:
    channel = gateway(maria, server, url="http://127.0.0.1:1/s?k={secret}")
    first, second = queued(maria, channel), queued(maria, channel)
    assert [(one, became) for one, became, _why in sent_by_worker(maria)] == [(first, "queued")]
    assert status(maria, second) == "queued"


def _send_all(path: Path) -> None:
    from tests.conftest import _open

    session = _open(path, "anna", Clock())
    with Worker(session) as worker:
        list(worker.send_due())
    session.close()


def test_two_workers_send_each_sms_once(maria: Session, server: TextServer, workspace_path: Path) -> None:
    server.say = lambda asked: (200, {"status": "ok", "id": asked.json["text"]})
    channel = gateway(maria, server)
    texts = [f"n{number}" for number in range(20)]
    numbers = [queued(maria, channel, text) for text in texts]
    workers = [
        multiprocessing.get_context("spawn").Process(target=_send_all, args=(workspace_path,)) for _n in range(2)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)
    maria.store.refresh()
    assert sorted(one.json["text"] for one in server.asked) == sorted(texts)
    assert {status(maria, number) for number in numbers} == {"sent"}


# -- what may be written -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["", " \n", "a\0b", "a\x1b[31m", "a\x85", "\ud800", "x" * 10_000, "è“" * 400])
def test_texts_that_no_sms_carries(maria: Session, server: TextServer, text: str) -> None:
    with pytest.raises(Refused):
        queued(maria, gateway(maria, server), text)
    assert records.of_item(maria, C1) == []


@pytest.mark.parametrize("to", ["", "abc", "+39 333\r\nX: 1", "++", "1" * 30, "telegram:42", "../x"])
def test_numbers_that_are_none(maria: Session, server: TextServer, to: str) -> None:
    channel = gateway(maria, server)
    try:
        number = queued(maria, channel, to=to)
    except Refused:
        return
    (kept,) = records.by_id(maria, number).record.to
    assert kept.removeprefix("+").isdigit(), "of what was typed only digits go on"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("sms_http", {"url": "http://sms.example/"}), ("sms_http", {"url": "https://a:b@x.example/"}), ("sms_http", {"url": "gopher://x"}),
        ("sms_command", {"command": "sh -c 'send {to} {text}'"}), ("sms_command", {"command": "send {text}"}), ("sms_http", {}),
        ("sms_folder", {"path": "relative"}), ("whatsapp", {"number_id": "1/../2"}), ("whatsapp", {"number_id": "1", "hook": TOKEN}),
        ("telegram", {"bot": "b", "url": "http://x.example"}), ("telegram", {}), ("sms_http", {"url": "https://x/", "secret": TOKEN}),
    ],
)  # fmt: skip
def test_channels_that_would_do_harm_are_not_made(seeded: Session, kind: str, words: dict[str, str]) -> None:
    with pytest.raises((Refused, UsageError)) as raised:
        add_channel(seeded, "X", kind, words)
    assert TOKEN not in str(raised.value)


def test_a_channel_that_somebody_else_changed_runs_nothing_here(
    maria: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {"command": f"{sys.executable} -c pass {{to}}"}
    channel = add_channel(maria, "Command", "sms_command", words)
    number = queued(maria, channel)
    monkeypatch.setenv("TUICRM_CONFIG", str(tmp_path / "other"))
    monkeypatch.setattr("tuicrm.services.messages.trust.config_folder", lambda: tmp_path / "other")
    assert sent_by_worker(maria) == []
    assert status(maria, number) == "queued"
    with Worker(maria) as worker:
        list(worker.send_due())
        assert "channel trust command" in worker.troubles["command"]


def test_channels_are_tried(maria: Session, server: TextServer, tmp_path: Path) -> None:
    def steps(channel: Channel) -> list[tuple[str, bool]]:
        return [(one.name, one.works) for one in try_channel(channel)]

    Bot(server)
    assert steps(bot_channel(maria, server)) == [("secret", True), ("login", True)]
    assert steps(edit_channel(maria, "bot", {"bot": "other_bot"})) == [("secret", True), ("login", False)]
    assert steps(gateway(maria, server)) == [("secret", True), ("port", True)]
    assert steps(add_channel(maria, "C", "sms_command", {"command": "no-such-program {to}"})) == [("program", False)]
    assert steps(add_channel(maria, "F", "sms_folder", {"path": str(tmp_path)})) == [("folder", False)]
    server.say = lambda _asked: (200, {"display_phone_number": "+39 02"})
    assert steps(whatsapp(maria, server)) == [("secret", True), ("login", True)]
    server.say = lambda _asked: (401, {"error": {"message": TOKEN}})
    assert steps(maria.workspace.channels["whatsapp"])[-1] == ("login", False)


# -- the folders of a daemon -------------------------------------------------------------------------------------------
def test_gammu_smsd_sends_what_lies_there_though_it_was_killed(maria: Session, tmp_path: Path) -> None:
    if not smsd.is_here():
        pytest.skip("needs gammu-smsd (scripts/mail_servers.sh)")
    daemon = smsd.Smsd(tmp_path / "spool")
    channel = add_channel(maria, "Modem", "sms_folder", {"path": str(daemon.folder), "unicode": "yes"})
    daemon.start()
    texts = ["Città è “qui”", "lungo " * 40]
    numbers = [queued(maria, channel, text) for text in texts]
    assert {became for _one, became, _why in sent_by_worker(maria)} == {"sent"}
    daemon.kill()
    daemon.start()
    try:
        files = daemon.until_sent(2)
        assert sorted(one.read_bytes().decode("utf-16") for one in files) == sorted(text.strip() for text in texts)
        assert "Unicode SMS, length 13" in daemon.log
        (daemon.folder / "inbox" / "IN20261103_100000_00_+393331234567_00.txt").write_bytes(
            "sì, “va bene”".encode("utf-16")
        )
        with receivers.Receivers(maria) as found:
            (step,) = list(found.take())
            assert list(found.take()) == []
        with receivers.Receivers(maria) as again:
            assert list(again.take()) == [], "what was taken in once is known"
    finally:
        daemon.kill()
    came = records.by_id(maria, step.id).record
    assert (came.text, came.sender, came.way, "contact:1" in came.on) == ("sì, “va bene”", NUMBER, "in", True)
    assert {status(maria, number) for number in numbers} == {"sent"}


def test_what_gammu_would_lose_is_refused_and_what_it_could_not_send_has_failed(maria: Session, tmp_path: Path) -> None:
    for name in ("outbox", "sent", "error", "inbox"):
        (tmp_path / name).mkdir()
    channel = add_channel(maria, "Modem", "sms_folder", {"path": str(tmp_path)})
    with pytest.raises(Refused, match="transmitformat = auto"):
        queued(maria, channel, "“qui”")
    number = queued(maria, channel, "qui")
    sent_by_worker(maria)
    (file,) = (tmp_path / "outbox").iterdir()
    file.rename(tmp_path / "error" / file.name)
    with receivers.Receivers(maria) as found:
        assert [one.failed for one in found.take()] == [number]
    assert status(maria, number) == "failed"
    assert outbox.settle(maria, number, arrived=False) == "queued"
    sent_by_worker(maria)
    with receivers.Receivers(maria) as found:
        assert list(found.take()) == [], "the file of the first attempt says nothing of the second"


# -- a gateway's replies -----------------------------------------------------------------------------------------------
def test_a_gateway_is_asked_for_statuses_and_what_came(maria: Session, server: TextServer) -> None:
    channel = gateway(
        maria, server, status_url=server.url + "/status/{id}", incoming_url=server.url + "/in", failed="lost"
    )
    edit_channel(maria, channel.key, {"take": "known"})
    inbox = [
        {"id": 5, "from": "333 1234567", "text": "sì\x1b[2J"},
        {"id": 6, "from": "+39 02 9999 9999", "text": "spam"},
    ]

    def say(asked: Any) -> tuple[int, Any]:
        if asked.method == "POST":
            return 200, {"status": "ok", "id": f"g-{asked.json['text']}"}
        return 200, inbox if asked.path == "/in" else {"status": "delivered" if asked.path.endswith("a") else "lost"}

    server.say = say
    first, second = queued(maria, channel, "a"), queued(maria, channel, "b")
    sent_by_worker(maria)
    with receivers.Receivers(maria) as found:
        steps = list(found.take())
    assert (status(maria, first), status(maria, second)) == ("delivered", "failed")
    assert [one.how for one in steps] == ["known", "known", "new", "unknown"]
    came = records.by_id(maria, steps[2].id).record
    assert (came.sender, came.text, "contact:1" in came.on) == (NUMBER, "sì [2J", True)
    for fault, said in (("large", []), ("half", []), ("", "no json"), ("", {"a": 1}), ("elsewhere", "")):
        server.fault, server.say = fault, says(200, said)
        with receivers.Receivers(maria) as found:
            assert list(found.take()) == []
            assert (TOKEN in str(found.troubles), bool(found.troubles)) == (False, said != {"a": 1})


# -- Telegram ----------------------------------------------------------------------------------------------------------
def test_an_invitation_binds_the_first_chat_that_follows_it(maria: Session, server: TextServer) -> None:
    bot, channel = Bot(server), bot_channel(maria, server)
    with pytest.raises(Refused, match="not opened a chat"):
        texting.queue_text(maria, channel, TextDraft(texting.chat_with(maria, [C1], channel), "ciao", [C1]))
    link, number = texting.invite_to_bot(maria, channel, [C1], "Ciao")
    code = link.removeprefix("https://t.me/rossi_bot?start=")
    assert len(code) >= 22
    assert len(code) <= 64
    assert code.replace("-", "").replace("_", "").isalnum()
    assert link != texting.invite_to_bot(maria, channel, [C1])[0]
    bot.write(7, "/start " + "x" * 32)
    bot.write(42, f"/start {code}")
    bot.write(66, f"/start {code}")
    bot.write(42, "buongiorno")
    with receivers.Receivers(maria) as found:
        steps = list(found.take())
        assert [one.how for one in steps] == ["unknown", "new", "unknown", "new"], "a code is of one chat"
        assert list(found.take()) == []
    assert all("contact:1" in records.by_id(maria, steps[at].id).record.on for at in (1, 3))
    assert status(maria, number) == "delivered"
    assert texting.chat_with(maria, [C1], channel) == "telegram:42"
    answer = texting.queue_text(maria, channel, TextDraft("telegram:42", "a domani", [C1]), now=True)
    sent_by_worker(maria)
    assert (status(maria, answer), bot.sent) == ("sent", [(42, "a domani")])


def test_an_offset_is_kept_with_what_it_brought(maria: Session, server: TextServer, open_as: OpenAs) -> None:
    bot, channel = Bot(server), bot_channel(maria, server)
    edit_channel(maria, channel.key, {"take": "all"})
    bot.write(42, "one")
    with receivers.Receivers(maria) as found:
        taking = found.take()
        next(taking)
        del taking  # ended in the middle: the offset stands, and so does the message
    with receivers.Receivers(open_as("anna")) as found:
        assert list(found.take()) == []
    bot.write(42, "two")
    taken = TextTaking(maria, maria.workspace.channels["bot"])
    twice = [ReceivedText("telegram:42:9", "telegram:42", "x")] * 2
    assert [one.how for one in taken.take(twice)] == ["new", "known"]
    with receivers.Receivers(maria) as found:
        assert [one.how for one in found.take()] == ["new"]
        found.listen()
        ended = threading.Event()
        threading.Timer(0.1, bot.write, (42, "three")).start()
        assert found.wait(10, ended), "the question that stands open is answered as soon as something comes"
        assert [records.by_id(maria, one.id).record.text for one in found.take()] == ["three"]


@pytest.mark.parametrize("fault", ["drop", "half", "large", "elsewhere"])
def test_a_bot_api_that_does_not_answer_is_a_trouble_without_its_token(
    maria: Session, server: TextServer, fault: str
) -> None:
    Bot(server)
    bot_channel(maria, server)
    server.fault = fault
    with receivers.Receivers(maria) as found:
        assert list(found.take()) == []
        assert Bot.token not in found.troubles["bot"]
        assert found.troubles["bot"]


# -- WhatsApp ----------------------------------------------------------------------------------------------------------
def test_the_window_is_open_for_24_hours_and_then_only_a_template_goes(
    maria: Session, server: TextServer, clock: Clock
) -> None:
    server.say = lambda _asked: (200, {"messages": [{"id": f"wamid.{len(server.asked)}"}]})
    channel = whatsapp(maria, server)
    with pytest.raises(Refused, match="Nobody has written"):
        queued(maria, channel)
    TextTaking(maria, channel).take([ReceivedText("wamid.0", NUMBER, "ciao", "2026-11-23T09:00:00Z")])
    clock.tick(hours=22, minutes=59)
    number = queued(maria, channel)
    clock.tick(minutes=1)
    with pytest.raises(Refused, match=r"24 hours .* ended"):
        queued(maria, channel)
    template = TextDraft(NUMBER, "Hello Maria", [C1], WhatsappTemplate("hello", "it", ("Maria",)))
    by_template = texting.queue_text(maria, channel, template, now=True)
    assert [one[:2] for one in sent_by_worker(maria)] == [(number, "sent"), (by_template, "sent")]
    assert [one.json["type"] for one in server.asked] == ["text", "template"]
    link, invited = texting.invite_by_link(maria, "whatsapp", texting_reached(maria), NUMBER, "Ciao & benvenuta")
    assert link == "https://wa.me/393331234567?text=Ciao%20%26%20benvenuta"
    assert status(maria, invited) == "sent"


def texting_reached(session: Session) -> Any:
    from tuicrm.services.messages.reaching import reached

    return reached(session, "C-1")


# -- webhooks ----------------------------------------------------------------------------------------------------------
def test_a_webhook_believes_what_is_signed_or_asked_at_its_secret_address(maria: Session, server: TextServer) -> None:
    server.say = lambda asked: (200, {"messages": [{"id": "wamid.1"}], "status": "ok", "id": "wamid.G-1"})
    channel = whatsapp(maria, server)
    gateway(maria, server, hook="variable:HOOK_SECRET")
    TextTaking(maria, channel).take([ReceivedText("wamid.0", NUMBER, "ciao", "2026-11-23T09:59:00Z")])
    by_whatsapp, by_gateway = queued(maria, channel), queued(maria, maria.workspace.channels["gateway"])
    sent_by_worker(maria)
    hooks = Hooks(maria)

    def ask(path: str, tree: Any, *, signed: str = "", method: str = "POST", **headers: str) -> int:
        body = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
        mac = "sha256=" + hmac.new(signed.encode(), body, hashlib.sha256).hexdigest()
        return hooks.answer(HookRequest(method, path, {"x-hub-signature-256": mac, **headers}, body)).status

    value = {"metadata": {"phone_number_id": "555"}, "statuses": [{"id": "wamid.1", "status": "delivered"}]}
    value["messages"] = [{"id": "wamid.9", "from": NUMBER[1:], "type": "text", "text": {"body": "sì"}}]
    tree = {"entry": [{"changes": [{"value": value}]}]}
    assert ask("/whatsapp", tree, signed="wrong") == 403
    assert ask("/nobody", tree, signed=HOOK) == 404
    assert status(maria, by_whatsapp) == "sent"
    assert ask("/whatsapp", tree, signed=HOOK) == 200
    assert ask("/whatsapp", tree, signed=HOOK) == 200
    assert status(maria, by_whatsapp) == "delivered"
    assert [one.how for one in hooks.steps if one.id and one.how == "new"] == ["new"], "told twice, kept once"
    for odd in (b"[" * 100_000, b"", b"\xff", b"{"):
        assert ask("/whatsapp", odd, signed=HOOK) == 400
    for path in ("/gateway", "/gateway/", "/gateway/wrong", f"/gateway/{HOOK}x"):
        assert ask(path, {"id": "wamid.G-1", "status": "delivered"}) == 404
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert ask(f"/gateway/{HOOK}", b"id=wamid.G-1&status=delivered", **form) == 200
    assert status(maria, by_gateway) == "delivered"
    greeting = f"/whatsapp?hub.mode=subscribe&hub.challenge=12345&hub.verify_token={HOOK}"
    assert hooks.answer(HookRequest("GET", greeting, {})).text == "12345"
    assert hooks.answer(HookRequest("GET", greeting + "x", {})).status == 403


def test_what_is_told_before_it_can_be_known_is_to_be_told_again(maria: Session, server: TextServer) -> None:
    channel = whatsapp(maria, server)
    TextTaking(maria, channel).take([ReceivedText("wamid.0", NUMBER, "ciao", "2026-11-23T09:59:00Z")])
    number = queued(maria, channel)
    hooks = Hooks(maria)
    value = {"metadata": {"phone_number_id": "555"}, "statuses": [{"id": "wamid.1", "status": "delivered"}]}
    body = json.dumps({"entry": [{"changes": [{"value": value}]}]}).encode()
    mac = "sha256=" + hmac.new(HOOK.encode(), body, hashlib.sha256).hexdigest()
    asked = HookRequest("POST", "/whatsapp", {"x-hub-signature-256": mac}, body)
    assert hooks.answer(asked).status == 200
    assert outbox.take(maria, number, "w") is not None
    assert hooks.answer(asked).status == 503


def test_the_receiver_is_bounded_and_needs_a_secret(
    maria: Session, server: TextServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="No channel of yours"):
        Hooks(maria)
    gateway(maria, server, hook="variable:HOOK_SECRET")
    monkeypatch.setenv("HOOK_SECRET", "short")
    with pytest.raises(AccessDenied, match="16 characters"):
        Hooks(maria)
    monkeypatch.setenv("HOOK_SECRET", HOOK)
    monkeypatch.setattr("tuicrm.channels.webhook.PATIENCE", 0.3)
    hook, _hooks = listening(maria, "127.0.0.1", 0)
    told: list[int] = []

    def ask(body: bytes, **headers: str) -> None:
        try:
            with urlopen(Request(f"http://127.0.0.1:{hook.port}/gateway/{HOOK}", body, headers), timeout=5) as answer:
                told.append(answer.status)
        except OSError as problem:
            told.append(getattr(problem, "code", 0))

    try:
        for body, headers in (
            (b'{"id": "x", "status": "y"}', {}),
            (b"x", {"Content-length": "99999999"}),
            (b"x", {"Content-length": "5"}),
        ):
            asking = threading.Thread(target=ask, args=(body,), kwargs=headers)
            asking.start()
            hook.serve(5)
            asking.join(5)
    finally:
        hook.close()
    assert told[:2] == [200, 413]
    assert told[2] in (0, 400, 408), "half a question is answered by nothing, and holds nobody up"
