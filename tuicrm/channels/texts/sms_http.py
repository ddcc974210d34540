"""SMS by a gateway over HTTP, as a few lines of configuration describe it: no gateway is known here by name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from msgspec import Struct

from tuicrm.channels.asking import HttpAnswer, ask, asked, hidden, not_taken
from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken, ReceivedText, SendOutcome, SentReport
from tuicrm.errors import Unreachable
from tuicrm.i18n import _

PLACES = ("to", "text", "secret", "from", "id")
_PLACE = re.compile(rf"\{{({'|'.join(PLACES)})\}}")
_MOST_TEXTS = 1_000
_LONGEST_ID = 200


class SmsGateway(Struct, frozen=True):
    """What is said of a gateway. Texts hold `{to}`, `{text}`, `{from}`, `{secret}` and, to ask for a status, `{id}`. Where something
    is read from an answer: a path in its JSON (`messages.0.id`), `text` (its first line), or `after:ID:` (what stands behind that)."""

    url: str
    method: str = "POST"
    headers: str = ""
    body: str = ""
    id: str = ""
    status: str = ""
    accepted: str = ""
    status_url: str = ""
    delivered: str = "delivered"
    failed: str = "failed"
    incoming_url: str = ""
    incoming: str = ""
    incoming_id: str = "id"
    incoming_from: str = "from"
    incoming_text: str = "text"
    ca: str = ""


def send_by_gateway(gateway: SmsGateway, to: str, text: str, sender: str, secret: str) -> SendOutcome:
    """Give a gateway an SMS."""
    values = {"to": to, "text": text, "from": sender, "secret": secret}
    answer = asked(lambda: _ask(gateway, gateway.method, gateway.url, gateway.body, values), secret)
    if not isinstance(answer, HttpAnswer):
        return answer
    said = hidden(answer.text(), secret)
    if not 200 <= answer.status < 300:
        return not_taken(answer, said)
    if gateway.status and gateway.accepted:
        word = read_value(answer, gateway.status)
        if not word:
            return PerhapsTaken(_("the gateway's answer cannot be read: {said}").format(said=said))
        if not _among(word, gateway.accepted):
            return NotGiven(_("the gateway did not take it: {said}").format(said=said), final=True)
    name = read_value(answer, gateway.id) if gateway.id else ""
    if gateway.id and not name:
        return PerhapsTaken(_("the gateway's answer names no id: {said}").format(said=said))
    return HandedOver(id=name)


def gateway_report(gateway: SmsGateway, name: str, sender: str, secret: str) -> SentReport | None:
    """What became of an SMS; None while it is on its way. Raises Unreachable."""
    values = {"id": name, "from": sender, "secret": secret, "to": "", "text": ""}
    answer = _got(gateway, gateway.status_url, values, secret)
    return report_of(gateway, name, read_value(answer, gateway.status))


def report_of(gateway: SmsGateway, name: str, word: str) -> SentReport | None:
    """What a gateway's word for a status means."""
    if word and _among(word, gateway.delivered):
        return SentReport(name, "delivered")
    if word and _among(word, gateway.failed):
        return SentReport(name, "failed", _("the gateway says: {said}").format(said=hidden(word)))
    return None


def json_report(gateway: SmsGateway, tree: Any) -> SentReport | None:
    """What a gateway tells of itself: id and status stand where its answers have them, or by those names. None of anything else."""
    path = gateway.id if gateway.id and ":" not in gateway.id and gateway.id != "text" else "id"
    name = _word(_at(tree, path))
    return report_of(gateway, name[:_LONGEST_ID], _word(_at(tree, gateway.status or "status"))) if name else None


def gateway_texts(gateway: SmsGateway, sender: str, secret: str) -> Iterator[ReceivedText]:
    """What came, as the gateway lists it. Raises Unreachable."""
    values = {"id": "", "from": sender, "secret": secret, "to": "", "text": ""}
    yield from texts_of(gateway, _got(gateway, gateway.incoming_url, values, secret).json())


def texts_of(gateway: SmsGateway, tree: Any) -> Iterator[ReceivedText]:
    """The texts in what a gateway tells. Raises Unreachable where that is no list."""
    found = _at(tree, gateway.incoming) if gateway.incoming else tree
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        raise Unreachable(_("the gateway's answer holds no list of messages"))
    for one in found[:_MOST_TEXTS]:
        name, whom, text = (
            _word(_at(one, path)) for path in (gateway.incoming_id, gateway.incoming_from, gateway.incoming_text)
        )
        if name and whom:
            yield ReceivedText(name[:_LONGEST_ID], whom[:_LONGEST_ID], text)


def _got(gateway: SmsGateway, url: str, values: Mapping[str, str], secret: str) -> HttpAnswer:
    answer = asked(lambda: _ask(gateway, "GET", url, "", values), secret)
    if not isinstance(answer, HttpAnswer):
        raise Unreachable(answer.why)
    if not 200 <= answer.status < 300:
        raise Unreachable(not_taken(answer, hidden(answer.text(), secret)).why)
    return answer


def _ask(gateway: SmsGateway, method: str, url: str, body: str, values: Mapping[str, str]) -> HttpAnswer:
    lines = (line.partition(":") for line in gateway.headers.splitlines() if line.strip())
    headers = {name.strip(): filled(text.strip(), values, "plain") for name, _colon, text in lines}
    kind = next((text.lower() for name, text in headers.items() if name.lower() == "content-type"), "")
    form = "json" if "json" in kind or (not kind and body.lstrip().startswith(("{", "["))) else "form"
    if body and not kind:
        headers["Content-Type"] = "application/json" if form == "json" else "application/x-www-form-urlencoded"
    content = filled(body, values, form).encode() if method == "POST" else b""
    return ask(method, filled(url, values, "url"), headers, content, ca=gateway.ca)


def filled(template: str, values: Mapping[str, str], form: str) -> str:
    """A template with its values, written as what stands there is written (`url`, `form`, `json`, `plain`): none leaves its place."""
    ways: dict[str, Callable[[str], str]] = {
        "url": lambda text: quote(text, safe=""),
        "form": quote_plus,
        "json": lambda text: json.dumps(text)[1:-1],
        "plain": str,
    }
    return _PLACE.sub(lambda found: ways[form](values[found[1]]), template)


def read_value(answer: HttpAnswer, how: str) -> str:
    """What an answer says at a place; "" where nothing stands there."""
    if how == "text":
        found = answer.text().strip().partition("\n")[0]
    elif how.startswith("after:"):
        _before, mark, behind = answer.text().partition(how.removeprefix("after:"))
        found = behind.strip().partition("\n")[0].strip() if mark else ""
    else:
        found = _word(_at(answer.json(), how))
    return found[:_LONGEST_ID] if found.isprintable() else ""


def _at(tree: Any, path: str) -> Any:
    for name in filter(None, path.split(".")):
        if isinstance(tree, dict):
            tree = tree.get(name)
        elif isinstance(tree, list) and name.isascii() and name.isdigit() and len(name) < 6 and int(name) < len(tree):
            tree = tree[int(name)]
        else:
            return None
    return tree


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""


def _among(word: str, words: str) -> bool:
    return word.strip().casefold() in (one.strip().casefold() for one in words.split(","))
