"""A calendar server that means harm, or is broken: what it says is refused in a sentence, leads nowhere else, and deletes nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias

import pytest

from tuicrm.channels import guarded
from tuicrm.channels.caldav import CaldavCalendar, CaldavServer
from tuicrm.errors import AccessDenied, NotFound, Unreachable

SPACES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
HREF = "/c/one.ics"


class Told:
    """What a server says, and what it was asked: the method, the path and whether a password came along."""

    def __init__(self) -> None:
        self.status, self.headers, self.body = 207, {"Content-Type": "application/xml"}, b""
        self.endless = False
        self.slow = b""
        self.asked: list[tuple[str, str, bool]] = []


@contextmanager
def serving() -> Iterator[tuple[str, Told]]:
    told = Told()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told.asked.append((self.command, self.path, "Authorization" in self.headers))
            status = told.status if "Authorization" in self.headers else 401
            with suppress(OSError):
                while told.slow:
                    self.wfile.write(told.slow)
                    time.sleep(0.02)
            self.send_response(status)
            headers = told.headers if status != 401 else {"WWW-Authenticate": 'Basic realm="x"'}
            for name, value in headers.items():
                self.send_header(name, value)
            if not told.endless or status == 401:
                body = told.body if status != 401 else b""
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                if status == 401:
                    return
                self.wfile.write(told.body)
                while told.endless:
                    self.wfile.write(b" " * (1 << 20))
            except OSError:
                pass

        do_PROPFIND = do_REPORT = do_PUT = do_DELETE = do_GET = do_OPTIONS = _answer  # noqa: N815 - what http.server asks for

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/c/", told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def hostile() -> Iterator[tuple[CaldavCalendar, Told]]:
    with serving() as (url, told):
        server = CaldavServer(url, "anna", "s3cret")
        told.body = answer("<resourcetype><C:calendar/></resourcetype>", "/c/")
        calendar = server.calendar()
        told.asked.clear()
        yield calendar, told
        server.close()


def answer(props: str, href: str = HREF, status: str = "HTTP/1.1 200 OK", token: str = "") -> bytes:
    """A multistatus of one response."""
    inner = (
        f"<response><href>{href}</href><propstat><prop>{props}</prop><status>{status}</status></propstat></response>"
    )
    return f"<multistatus {SPACES}>{inner}{f'<sync-token>{token}</sync-token>' if token else ''}</multistatus>".encode()


Ask: TypeAlias = Callable[[CaldavCalendar], object]
ASKS: tuple[Ask, ...] = (
    lambda one: one.listing(),
    lambda one: one.listing("token"),
    lambda one: one.fetch([HREF]),
    lambda one: one.put(HREF, b"BEGIN:VCALENDAR", '"1"'),
    lambda one: one.delete(HREF, '"1"'),
)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_takes_a_password_or_a_calendar_elsewhere(
    hostile: tuple[CaldavCalendar, Told], status: int
) -> None:
    calendar, told = hostile
    with serving() as (other, elsewhere):
        # Another port, another host, without encryption: each is another server.
        for place in (other, other.replace("127.0.0.1", "localhost"), "http://[", "//elsewhere.example/c/", ""):
            told.status, told.headers, told.body = status, {"Location": place}, b""
            for ask in ASKS:
                with pytest.raises(Unreachable):
                    ask(calendar)
        assert elsewhere.asked == []
    # What is changed is never sent on, even here: it would become a question, and its answer would count as done.
    told.asked.clear()
    told.headers = {"Location": "/c/other/"}
    for ask in ASKS[3:]:
        with pytest.raises(Unreachable, match=r"sends on to http://127.0.0.1:\d+/c/other/"):
            ask(calendar)
    assert {method for method, _path, _password in told.asked} == {"PUT", "DELETE"}


def test_a_home_on_another_host_is_not_followed() -> None:
    with serving() as (url, told), serving() as (other, elsewhere):
        home = f"<C:calendar-home-set><href>{other}</href></C:calendar-home-set>"
        told.body = answer(f"<current-user-principal><href>{other}</href></current-user-principal>{home}", "/c/")
        with pytest.raises((Unreachable, NotFound)):
            CaldavServer(url, "anna", "s3cret").calendar("Work")
        assert elsewhere.asked == []


def test_an_answer_without_an_end_is_cut(hostile: tuple[CaldavCalendar, Told]) -> None:
    calendar, told = hostile
    told.endless = True
    for ask in ASKS:
        with pytest.raises(Unreachable, match="does not end"):
            ask(calendar)


@pytest.mark.parametrize(
    "drop", [b"H", b"HTTP/1.1 207 OK\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"], ids=["line", "heads", "wait"]
)
def test_an_answer_that_never_comes_to_an_end_is_not_waited_for(
    hostile: tuple[CaldavCalendar, Told], monkeypatch: pytest.MonkeyPatch, drop: bytes
) -> None:
    calendar, told = hostile
    monkeypatch.setattr(guarded, "_PATIENCE", 0.3)
    told.slow = drop
    with pytest.raises(Unreachable):
        calendar.fetch([HREF])
    told.slow = b""


BOMB = b'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(12)
)


@pytest.mark.parametrize("kind", ["bomb", "file", "parameter", "deep"])
def test_entities_are_not_read(hostile: tuple[CaldavCalendar, Told], tmp_path: Path, kind: str) -> None:
    calendar, told = hostile
    (tmp_path / "secret").write_text("top-secret")
    data = answer('<getetag>"1"</getetag><C:calendar-data>BEGIN:VCALENDAR &m;</C:calendar-data>')
    secret = (tmp_path / "secret").as_uri()
    heads = {
        "bomb": BOMB + b'<!ENTITY m "&m;">]>',
        "file": f'<!DOCTYPE m [<!ENTITY m SYSTEM "{secret}">]>'.encode(),
        "parameter": f'<!DOCTYPE m [<!ENTITY % p SYSTEM "{secret}"> %p; <!ENTITY m "x">]>'.encode(),
        "deep": b"<a>" * 100_000,
    }
    told.body = heads[kind] + data
    try:
        found = calendar.fetch([HREF])
    except Unreachable:
        return
    assert "top-secret" not in str(found)
    assert len(str(found)) < 1_000


@pytest.mark.parametrize(
    "body",
    [
        answer('<getetag>"日本"</getetag><C:calendar-data>x</C:calendar-data>'),
        answer(f'<getetag>"{"1" * 100_000}"</getetag><C:calendar-data>x</C:calendar-data>'),
        answer('<getetag>"1&#13;&#10;X-Other: 1"</getetag><C:calendar-data>x</C:calendar-data>'),
        answer('<getetag>"1"</getetag>', "http://["),
        answer('<getetag>"1"</getetag>', f"/c/{'x' * 100_000}.ics"),
        answer('<getetag>"1"</getetag>', "/c/%00%1b]0;pwned.ics"),
        answer('<getetag>"1"</getetag>', token="t" * 100_000),
        answer('<getetag>"1"</getetag>', token="日本"),
        b"", b"<", b"\x00\xff", b"<multistatus", "<m\u202e/>".encode(), b"[" * 100_000,
    ],
    ids=range(14),
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence(hostile: tuple[CaldavCalendar, Told], body: bytes) -> None:
    calendar, told = hostile
    told.body = body
    refused: list[str] = []
    for ask in ASKS[:3]:
        try:
            ask(calendar)
        except Unreachable as problem:
            refused.append(problem.message)
    assert refused
    assert [said for said in refused if len(said) > 500 or not said.isprintable()] == []


@pytest.mark.parametrize(
    "body",
    [
        f"<multistatus {SPACES}/>".encode(),
        answer("<getetag/>", status="HTTP/1.1 403 Forbidden"),
        answer("<C:calendar-data/>", status="HTTP/1.1 507 Full"),
        answer("<C:calendar-data/>", status="HTTP/1.1 ²² What"),
        answer("<C:calendar-data/>", status="HTTP/1.1 " + "9" * 5000),
        answer('<getetag>"1"</getetag><C:calendar-data>x</C:calendar-data>', "/c/another.ics"),
    ],
    ids=["empty", "forbidden", "full", "superscript", "digits", "another"],
)
def test_what_is_not_said_to_be_gone_is_not(hostile: tuple[CaldavCalendar, Told], body: bytes) -> None:
    calendar, told = hostile
    told.body = body
    with pytest.raises(Unreachable, match="does not give"):
        calendar.fetch([HREF])
    told.body = f"<multistatus {SPACES}><response><href>{HREF}</href><status>HTTP/1.1 404 X</status></response></multistatus>".encode()
    assert calendar.fetch([HREF]) == {}


@pytest.mark.parametrize("status", [200, 400, 403, 404, 418, 429, 500, 503])
def test_any_status_is_a_sentence_at_once(hostile: tuple[CaldavCalendar, Told], status: int) -> None:
    calendar, told = hostile
    told.status, told.headers, told.body = (
        status,
        {"Retry-After": "99999999", "Content-Type": "text/html"},
        b"<html>\x1b]0;x",
    )
    for ask in ASKS[:3]:
        with pytest.raises((Unreachable, AccessDenied)) as problem:
            ask(calendar)
        assert "\x1b" not in problem.value.message
    told.body = b""
    for ask in ASKS[3:]:
        try:
            ask(calendar)
        except (Unreachable, AccessDenied):
            continue
        # What is gone is deleted; what is taken is taken.
        assert status in (200, 404)


def test_names_of_calendars_are_bounded(hostile: tuple[CaldavCalendar, Told]) -> None:
    _calendar, told = hostile
    kind = "<resourcetype><collection/><C:calendar/></resourcetype>"
    with serving() as (url, other):
        principal = "<current-user-principal><href>/p/</href></current-user-principal>"
        home = "<C:calendar-home-set><href>/p/</href></C:calendar-home-set>"
        name = f"<displayname>&#x202e;{'x' * 1_000_000}</displayname>"
        other.body = answer(principal + home + name + kind.replace("<C:calendar/>", ""), "/p/")
        with pytest.raises((NotFound, Unreachable)) as problem:
            CaldavServer(url, "anna", "s3cret").calendar("Work")
        assert len(problem.value.message) < 600
    assert told.asked == []
