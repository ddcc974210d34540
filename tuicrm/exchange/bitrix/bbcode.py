"""BB-code, the model product's markup of comments, as plain text. Only known tags go: `[A] Deal` keeps its brackets."""

from __future__ import annotations

import re
from collections.abc import Callable

from tuicrm.regex import regex

_NUMBERED = regex(r"\[LIST=1\](.*?)\[/LIST\]", re.IGNORECASE | re.DOTALL)
_BULLET = regex(r"(?<![ \t])[ \t]*+\[\*\][ \t]*")
_LINK = regex(r"\[URL=([^\]\[]*)\](.*?)\[/URL\]", re.IGNORECASE | re.DOTALL)
_BREAK = regex(r"\[BR\]|\[/?(?:P|TR)\]", re.IGNORECASE)
_PAIRED = "B|I|U|S|URL|USER|QUOTE|CODE|COLOR|SIZE|FONT|IMG|LEFT|CENTER|RIGHT|JUSTIFY|LIST|TABLE|TD|TH|VIDEO|DISK"
_TAG = regex(rf"\[(?:{_PAIRED})(?:[= ][^\]\[\n]*)?\]|\[/(?:{_PAIRED})\]", re.IGNORECASE)
_BLANKS = regex(r"\n{3,}")


def plain_text(text: str) -> str:
    """The text without its markup: list points become lines of their own, links keep their address in parentheses."""
    text = text.replace("\r\n", "\n")
    text = _before_last(_NUMBERED, "[/LIST]", _number, text)
    text = _BULLET.sub("• ", text)
    text = _before_last(_LINK, "[/URL]", _link, text)
    text = _TAG.sub("", _BREAK.sub("\n", text))
    return _BLANKS.sub("\n\n", text).strip()


def _before_last(tags: re.Pattern[str], closing: str, told: Callable[[re.Match[str]], str], text: str) -> str:
    """What pairs of tags become. Behind the last closing one there is none: each opening tag would be looked after to the end."""
    last = max(text.rfind(closing), text.rfind(closing.lower()))
    end = last + len(closing) if last >= 0 else 0
    return tags.sub(told, text[:end]) + text[end:]


def _number(found: re.Match[str]) -> str:
    points = _BULLET.split(found[1].strip())
    return "\n".join(f"{n}. {point.strip()}" for n, point in enumerate((p for p in points if p.strip()), 1))


def _link(found: re.Match[str]) -> str:
    address, shown = found[1].strip(), found[2].strip()
    return address if not shown or shown == address else f"{shown} ({address})"
