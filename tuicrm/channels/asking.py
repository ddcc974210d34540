"""Asking a server over HTTP, once: it alone is spoken to, and it is known afterwards whether it can have acted on what it was asked.

Where what `guarded.py` does for the library of calendars is done for the standard one: nothing leads elsewhere, no answer is without
an end. No address is ever told in an error but for its host: tokens stand in some.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from msgspec import Struct

from tuicrm.channels.channel import NotGiven, PerhapsTaken
from tuicrm.channels.guarded import shortened, within
from tuicrm.domain.channels import is_here
from tuicrm.errors import Refused, Unreachable
from tuicrm.i18n import _

PATIENCE = 30.0
"""Seconds that an answer may take in all."""
MOST = 1 << 20
"""Bytes of an answer that are read."""
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class HttpAnswer(Struct, frozen=True):
    """What a server answered; the names of `headers` are in small letters."""

    status: int
    content: bytes = b""
    headers: Mapping[str, str] = {}

    def json(self) -> Any:
        """Its content read as JSON; None where it is no such."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None

    def text(self) -> str:
        """Its content as text, whatever it holds."""
        return self.content.decode("utf-8", "replace")

    @property
    def wait(self) -> int:
        """Seconds that the server asks for before it is asked again; 0 where it does not say."""
        said = self.headers.get("retry-after", "").strip()
        return min(int(said), 86_400) if said.isascii() and said.isdigit() and len(said) < 9 else 0


class NotAsked(Unreachable):
    """The server was not reached, or not given all of the question: it has done nothing."""


class NotAnswered(Unreachable):
    """The server has the question, and gave no whole answer: what it did nobody knows."""


def checked_url(url: str) -> str:
    """An address that may be asked: https, or plain to this machine. Raises Refused, in which nothing but its host is told."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or "" if parts.port != 0 else ""
    except ValueError:
        host, parts = "", urlsplit("")
    if not url.isascii() or not url.isprintable() or " " in url or parts.scheme not in ("http", "https") or not host:
        raise Refused(_("url: an address is expected, such as https://sms.example.com/send"))
    if parts.username or parts.password:
        raise Refused(_("url: the address must hold no user or password: put {secret} where it goes"))
    if parts.scheme == "http" and not is_here(host):
        raise Refused(_("url: what is sent would go to {host} in the clear: use https").format(host=host))
    return url


def ask(
    method: str,
    url: str,
    headers: Mapping[str, str] = {},
    body: bytes = b"",
    *,
    ca: str = "",
    patience: float = PATIENCE,
) -> HttpAnswer:
    """Ask, and have the answer, whatever its status. Nothing is followed. Raises Refused for an address that may not be asked,
    NotAsked, NotAnswered."""
    parts = urlsplit(checked_url(url))
    host = parts.hostname or ""
    given: list[bool] = []

    def exchange() -> HttpAnswer:
        line = _line(parts.scheme, host, parts.port, ca, patience)
        try:
            line.request(
                method,
                (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
                body or None,
                {"Connection": "close", "User-Agent": "tuicrm", **_sound(headers)},
            )
            given.append(True)
            return _answer(line, host)
        finally:
            line.close()

    try:
        answer: HttpAnswer = within(patience, exchange, host)
        return answer
    except (NotAnswered, Refused):
        raise
    except (OSError, HTTPException, Unreachable, ValueError) as problem:
        why = _("{host}: {why}").format(host=host, why=_why(problem))
        raise (NotAnswered if given else NotAsked)(why) from problem


def _line(scheme: str, host: str, port: int | None, ca: str, patience: float) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port, timeout=patience)
    return HTTPSConnection(host, port, timeout=patience, context=ssl.create_default_context(cafile=ca or None))


def _answer(line: HTTPConnection, host: str) -> HttpAnswer:
    answer = line.getresponse()
    content = answer.read(MOST + 1)
    if len(content) > MOST:
        raise NotAnswered(_("{host}: its answer is larger than {n} bytes").format(host=host, n=MOST))
    if answer.length:
        raise NotAnswered(_("{host}: its answer broke off").format(host=host))
    return HttpAnswer(answer.status, content, {name.lower(): value for name, value in answer.getheaders()})


def _sound(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that can be sent. Raises Refused, without what is in them: a secret may be."""
    for name, value in headers.items():
        sound = _TOKEN.fullmatch(name) and all(" " <= sign <= "ÿ" and sign != "\x7f" for sign in value)
        if not sound:
            raise Refused(_("headers: {name} cannot be sent as it is").format(name=shortened(name)))
    return dict(headers)


def _why(problem: BaseException) -> str:
    if isinstance(problem, TimeoutError):
        return _("no answer in time")
    return shortened(getattr(problem, "strerror", "") or str(problem) or type(problem).__name__)


def hidden(text: str, *secrets: str) -> str:
    """What a server says, in one line, with no secret in it, however that is written there."""
    for secret in filter(None, secrets):
        for form in {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), json.dumps(secret)[1:-1]}:
            text = text.replace(form, "***")
    return shortened("".join(sign if sign.isprintable() else " " for sign in text))


def not_taken(answer: HttpAnswer, said: str) -> NotGiven | PerhapsTaken:
    """What an answer other than 2xx comes to. A server that broke while it acted may have done it: that is asked about."""
    status = answer.status
    why = " ".join(filter(None, (str(status), said)))
    if 300 <= status < 400:
        host = urlsplit(answer.headers.get("location", "")).hostname or ""
        told = _("the server sends on to {host}: say that address if you trust it").format(host=shortened(host) or "?")
        return NotGiven(f"{status}: {told}", account=True)
    if status in (429, 503):
        return NotGiven(why, wait=answer.wait)
    if status >= 500 or status == 408:
        return PerhapsTaken(why)
    return NotGiven(why, final=status not in (401, 403, 407), account=status in (401, 403, 407))


def asked(question: Callable[[], HttpAnswer], *secrets: str) -> HttpAnswer | NotGiven | PerhapsTaken:
    """An answer, or what the lack of one comes to."""
    try:
        return question()
    except NotAnswered as problem:
        return PerhapsTaken(hidden(problem.message, *secrets))
    except (NotAsked, Refused) as problem:
        return NotGiven(hidden(problem.message, *secrets), account=True)
