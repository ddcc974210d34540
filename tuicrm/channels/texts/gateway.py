"""SMS by a gateway over HTTP, described in a few lines: where, with which headers and content, and how its answer is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from msgspec import Struct

from tuicrm.channels.channel import HandedOver, NotGiven, PerhapsTaken, SendOutcome
from tuicrm.channels.http import PATIENCE, HttpAnswer, HttpAsked, NoAnswer, ask
from tuicrm.channels.texts.text import ID, SECRET, TEXT, TO, OutText, StatusNews, filled
from tuicrm.i18n import _

WHOLE = "text"
"""Says that the id is the whole answer, not a place in its JSON."""


class GatewayForm(Struct, frozen=True):
    """How a gateway is spoken to. `url`, `headers` (a line each), `content` and `status_url` have {to}, {text}, {secret} and {id} in
    them; `id` and `status` are places in a JSON answer (`messages.0.id`), or `text`; `delivered` and `failed` are words of its own."""

    url: str
    method: str = "POST"
    headers: str = ""
    content: str = ""
    id: str = ""
    status_url: str = ""
    status: str = ""
    delivered: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    ca: str = ""


def send_by_gateway(form: GatewayForm, secret: str, out: OutText, patience: float = PATIENCE) -> SendOutcome:
    """Give one text to the gateway."""
    values = {TO: out.to, TEXT: out.text, SECRET: secret}
    headers = _headers(form, values)
    content = filled(form.content, _encoded(values, _kind_of(form, headers))) if form.content else ""
    url = filled(form.url, {place: quote(value, safe="") for place, value in values.items()})
    try:
        answer = ask(HttpAsked(form.method, url, headers, content.encode("utf-8", "replace"), form.ca), patience)
    except NoAnswer as problem:
        return PerhapsTaken(problem.why) if problem.perhaps else NotGiven(problem.why, account=True)
    return outcome_of(answer, lambda: found_in(answer.content, form.id) if form.id else "", bool(form.id))


def outcome_of(answer: HttpAnswer, name: Callable[[], str], named: bool = True) -> SendOutcome:
    """What an answer means: whoever takes too much asks for time, who refuses says so for good, who breaks may have taken it."""
    told = f"{answer.status} {answer.text}".strip()
    if answer.status in (429, 503):
        return NotGiven(told, wait=answer.wait)
    if answer.status in (401, 403):
        return NotGiven(told, final=False, account=True)
    if 300 <= answer.status < 400:
        return NotGiven(
            _("the server sends on to another address; say that one: {said}").format(said=answer.status), account=True
        )
    if 400 <= answer.status < 500:
        return NotGiven(told, final=True)
    if answer.status >= 500:
        return PerhapsTaken(told)
    found = name()
    if named and not found:
        return PerhapsTaken(_("the server's answer makes no sense: {said}").format(said=answer.text))
    return HandedOver(name=found)


def news_of(form: GatewayForm, secret: str, name: str, patience: float = PATIENCE) -> StatusNews | None:
    """What the gateway says of a text by now; None where that is nothing yet. Raises NoAnswer."""
    values = {ID: name, SECRET: secret}
    url = filled(form.status_url, {place: quote(value, safe="") for place, value in values.items()})
    answer = ask(HttpAsked("GET", url, _headers(form, values), ca=form.ca), patience)
    said = found_in(answer.content, form.status) if answer.status < 300 else ""
    word = said.casefold()
    if word in map(str.casefold, form.delivered):
        return StatusNews(name, "delivered")
    return StatusNews(name, "failed", said) if word in map(str.casefold, form.failed) else None


def found_in(content: bytes, place: str) -> str:
    """What stands at a place of an answer, `messages.0.id`, or all of it; "" where there is no such."""
    if place == WHOLE:
        text = content.decode("utf-8", errors="replace").strip()
        return text if len(text) <= 200 and text.isprintable() else ""
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    for word in place.split("."):
        if isinstance(found, list) and word.isascii() and word.isdigit() and int(word) < len(found):
            found = found[int(word)]
        elif isinstance(found, dict) and word in found:
            found = found[word]
        else:
            return ""
    is_plain = isinstance(found, str | int) and not isinstance(found, bool)
    text = str(found) if is_plain else ""
    return text if len(text) <= 200 and text.isprintable() else ""


def _headers(form: GatewayForm, values: Mapping[str, str]) -> dict[str, str]:
    """The headers. A text has no place in them, and a line break no way into one."""
    lines = (line.partition(":") for line in form.headers.splitlines() if ":" in line)
    plain = {SECRET: values.get(SECRET, "").replace("\r", "").replace("\n", "")}
    found = {name.strip(): filled(value.strip(), plain) for name, _colon, value in lines}
    if form.content and not any(name.casefold() == "content-type" for name in found):
        found["Content-Type"] = (
            "application/json" if form.content.lstrip()[:1] in "{[" else "application/x-www-form-urlencoded"
        )
    return found


def _kind_of(form: GatewayForm, headers: Mapping[str, str]) -> str:
    del form
    said = next((value for name, value in headers.items() if name.casefold() == "content-type"), "").casefold()
    return "json" if "json" in said else "form" if "urlencoded" in said else "plain"


def _encoded(values: Mapping[str, str], kind: str) -> dict[str, str]:
    """The values as they stand in a content: what is said in them is never more of it."""
    if kind == "json":
        return {place: json.dumps(value)[1:-1] for place, value in values.items()}
    return {place: quote_plus(value) if kind == "form" else value for place, value in values.items()}
