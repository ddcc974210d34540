"""Speaking HTTP with one server and no other: nothing that it answers leads elsewhere, is without an end, or takes for ever.

Who logs in somewhere gives a password, and then contacts and meetings, to that server: what sends on to another (a redirect, a
home on another host) is refused with where it would lead, so that the person decides.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Any
from urllib.parse import urljoin, urlsplit

from tuicrm.errors import Unreachable
from tuicrm.i18n import _
from tuicrm.limits import CALENDAR_SIZE

_PATIENCE = 120
"""Seconds that one answer may take in all; each part of it has the time-out of the session besides."""
_PIECE = 1 << 16
_SENT_ON = (301, 302, 303, 307, 308)
_SAME_AGAIN = (301, 307, 308)
"""What sends on and has the same asked there."""
_PORTS = {"http": 80, "https": 443}
_LONGEST = 160


def guard(session: Any, url: str, http: Any) -> None:
    """Keep a session of `http` (niquests, or requests) to the server of an address. What it then meets is raised as Unreachable."""

    class OneServer(http.adapters.HTTPAdapter):  # type: ignore[misc]  # known when it runs
        def send(self, request: Any, *arguments: Any, **options: Any) -> Any:
            if _origin(request.url) != _origin(url):
                raise _leads_elsewhere(url, request.url)
            until, ask = time.monotonic() + _PATIENCE, super().send

            def exchange() -> Any:
                answer = ask(request, *arguments, **{**options, "stream": True})
                _read(answer, url, until)
                return answer

            answer = within(_PATIENCE, exchange, url)
            if answer.status_code in _SENT_ON:
                place = urljoin(request.url, str(answer.headers.get("Location") or ""))
                if request.method != "PROPFIND" or answer.status_code not in _SAME_AGAIN:
                    raise _leads_elsewhere(url, place)
            return answer

    for scheme in _PORTS:
        session.mount(f"{scheme}://", OneServer())


def within(seconds: float, exchange: Callable[[], Any], url: str) -> Any:
    """What an exchange comes to. One that takes longer is left to itself: a head that comes letter by letter keeps the library waiting
    for ever, each letter being in time."""
    came: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            came.append(exchange())
        except BaseException as problem:  # noqa: BLE001 - raised where it was asked for
            failed.append(problem)

    running = Thread(target=run, daemon=True)
    running.start()
    running.join(seconds)
    if failed:
        raise failed[0]
    if not came:
        raise endless(url)
    return came[0]


def endless(url: str) -> Unreachable:
    """What is raised of an answer that does not end."""
    return Unreachable(_("{url}: the server's answer does not end").format(url=url))


def _origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port; raises Unreachable for what is no address."""
    try:
        parts = urlsplit(url)
        return parts.scheme, (parts.hostname or "").casefold(), parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as problem:
        raise Unreachable(_("{url} is not an address").format(url=shortened(url))) from problem


def _leads_elsewhere(url: str, place: str) -> Unreachable:
    told = _("{url}: the server sends on to {place}; if you trust that one, say so: --url {place}")
    return Unreachable(told.format(url=url, place=shortened(place)))


def _read(answer: Any, url: str, until: float) -> None:
    """Have the whole content of an answer, as far as it is bounded."""
    content = bytearray()
    for piece in answer.iter_content(_PIECE):
        content += piece
        if len(content) > CALENDAR_SIZE.most or time.monotonic() > until:
            answer.close()
            raise endless(url)
    answer._content = bytes(content)


def shortened(text: str) -> str:
    """What a server says, in one line that is not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
