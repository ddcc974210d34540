"""Texts: one line, several lines, links."""

from __future__ import annotations

import re
from typing import Any

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import Field
from tuicrm.i18n import _

LONGEST = 100_000
_PATTERN_READS = 1_000
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_ALLOWED_SCHEMES = ("http:", "https:", "mailto:", "tel:", "ftp:", "sftp:", "file:")


def checked_text(text: Any) -> str:
    """A text that can be kept: no NUL, no half characters. Other control characters are data; drawing drops them."""
    if not isinstance(text, str):
        raise BadValue(_("a text is expected"), text)
    if "\0" in text:
        raise BadValue(_("a text without NUL characters is expected"), text)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadValue(_("this text holds half a character (a lone surrogate)"), text) from None
    if len(text) > LONGEST:
        raise BadValue(_("at most {n} characters").format(n=LONGEST), text)
    return text


class Line:
    """One line of text (`string`)."""

    name = "string"
    lines = False

    def parse(self, text: str, field: Field, context: Context) -> str | None:
        return self.read(text if self.lines else text.strip(), field, context) if text.strip() else None

    def read(self, value: Any, field: Field, context: Context) -> str:
        text = checked_text(value)
        if not self.lines and ("\n" in text or "\r" in text):
            raise BadValue(_("one line is expected"), value)
        settings = field.settings
        least, most = settings.get("min_length") or 0, settings.get("max_length") or 0
        if len(text) < least:
            raise BadValue(_("at least {n} characters are expected").format(n=least), value)
        if most and len(text) > most:
            raise BadValue(_("at most {n} characters are expected").format(n=most), value)
        self._match(text, settings.get("pattern"))
        return text

    @staticmethod
    def _match(text: str, pattern: str | None) -> None:
        # A long text against a bad pattern could take for ever: only so much of it is looked at.
        if not pattern:
            return
        try:
            fits = re.fullmatch(pattern, text[:_PATTERN_READS])
        except re.error:
            return
        if fits is None:
            raise BadValue(_("a text like {pattern} is expected").format(pattern=pattern), text)

    def format(self, value: Any, field: Field, context: Context) -> str:
        return str(value)

    def edit(self, value: Any, field: Field, context: Context) -> str:
        return str(value)

    def text(self, value: Any) -> str:
        return str(value)

    def comparable(self, value: Any) -> Any:
        return str(value).casefold() if value else None


class Text(Line):
    """Text of several lines (`text`)."""

    name = "text"
    lines = True


class Link(Line):
    """A link (`link`): `https://` is added where no scheme is given."""

    name = "link"

    def read(self, value: Any, field: Field, context: Context) -> str:
        return super().read(checked_link(value), field, context)


def checked_link(value: Any) -> str:
    """A link that can be opened: with a scheme, none that runs code, no spaces or control characters."""
    text = checked_text(value).strip()
    if any(character.isspace() or ord(character) < 32 for character in text):
        raise BadValue(_("a link without spaces is expected, such as https://example.com"), value)
    scheme = _SCHEME.match(text)
    port = scheme and text[scheme.end() : scheme.end() + 1].isdigit()
    if scheme and not port:
        if scheme[0].lower() not in _ALLOWED_SCHEMES:
            raise BadValue(_("a web address is expected, such as https://example.com"), value)
        return text
    if "." not in text and not text.startswith("localhost"):
        raise BadValue(_("a web address is expected, such as https://example.com"), value)
    return f"https://{text}"


class Key(Line):
    """A bare key (stages and pipelines, which services show and read); keys are compared as they are."""

    name = "stage"

    def comparable(self, value: Any) -> Any:
        return value if isinstance(value, str) and value else None
