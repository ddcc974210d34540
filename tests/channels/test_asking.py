"""Asking a server: what it can have done is known afterwards, whatever it answers, and nothing of a secret is told."""

from __future__ import annotations

import pytest

from tests.text_servers import text_server
from tuicrm.channels import asking
from tuicrm.channels.asking import HttpAnswer, NotAnswered, NotAsked, ask, hidden, not_taken
from tuicrm.channels.channel import NotGiven, PerhapsTaken
from tuicrm.errors import Refused


@pytest.mark.parametrize("fault", ["drop", "half", "large", "hang"])
def test_a_question_that_was_given_whole_and_not_answered_is_not_known_to_have_failed(fault: str) -> None:
    with text_server() as server:
        server.fault = fault
        with pytest.raises(NotAnswered) as raised:
            ask("POST", f"{server.url}/secret-path", body=b"x", patience=0.3)
        assert len(server.asked) == 1, "it is not asked again"
    assert "127.0.0.1" in raised.value.message
    assert "secret-path" not in raised.value.message


def test_who_is_not_reached_was_not_asked() -> None:
    with pytest.raises(NotAsked, match=r"127\.0\.0\.1"):
        ask("POST", "http://127.0.0.1:1/token-in-path", body=b"x", patience=2)
    with text_server() as server, pytest.raises(NotAsked):
        ask("POST", server.url.replace("http:", "https:").replace("127.0.0.1", "localhost"), body=b"x", patience=2)


@pytest.mark.parametrize(
    "url",
    [
        "http://sms.example.com/", "ftp://x/", "https://", "https://anna:hunter2@x.example/", "https://x.example/a b", "file:///etc/passwd",
        "https://x.example/\r\nX: y", "https://x.example:99999/", "http://127.0.0.1.evil.example/", "https://[::", "",
    ],
)  # fmt: skip
def test_addresses_that_may_not_be_asked(url: str) -> None:
    with pytest.raises(Refused) as raised:
        asking.checked_url(url)
    assert "hunter2" not in raised.value.message


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\0", "日本", "a\x7f"])
def test_no_header_becomes_two(value: str) -> None:
    with text_server() as server:
        with pytest.raises(Refused) as raised:
            ask("GET", server.url, {"X-Key": value})
        assert server.asked == []
    assert value not in raised.value.message


def test_a_redirect_is_told_and_not_followed() -> None:
    with text_server() as server:
        server.fault = "elsewhere"
        outcome = not_taken(ask("POST", server.url, body=b"x"), "")
    assert isinstance(outcome, NotGiven)
    assert outcome.account
    assert "evil.example" in outcome.why
    assert "steal" not in outcome.why


@pytest.mark.parametrize(
    ("status", "final", "account"),
    [(400, True, False), (401, False, True), (403, False, True), (429, False, False), (503, False, False)],
)
def test_what_statuses_mean(status: int, final: bool, account: bool) -> None:
    found = not_taken(HttpAnswer(status, headers={"retry-after": "77"}), "no")
    assert isinstance(found, NotGiven)
    assert (found.final, found.account) == (final, account)
    assert found.wait == (77 if status in (429, 503) else 0)


@pytest.mark.parametrize("status", [408, 500, 502, 504])
def test_a_server_that_broke_may_have_sent_it(status: int) -> None:
    assert isinstance(not_taken(HttpAnswer(status), ""), PerhapsTaken)


@pytest.mark.parametrize("said", ["-1", "x", "99999999999999", "Wed, 21 Oct 2026 07:28:00 GMT", "٣"])
def test_a_wait_that_is_no_number_is_none(said: str) -> None:
    assert HttpAnswer(429, headers={"retry-after": said}).wait == 0


def test_secrets_are_hidden_however_they_are_written() -> None:
    secret = 'pa ss"wörd/+'
    for form in (secret, "pa%20ss%22w%C3%B6rd%2F%2B", "pa+ss%22w%C3%B6rd%2F%2B", 'pa ss\\"w\\u00f6rd/+'):
        assert hidden(f"bad {form} \x1b[31m\x00", secret) == "bad *** [31m"
