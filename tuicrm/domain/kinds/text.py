"""Texts: one line, several lines, links."""

from __future__ import annotations

import re
import unicodedata

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue, Compared, setting
from tuicrm.domain.kinds.patterns import compiled, longest
from tuicrm.domain.schema import Field
from tuicrm.i18n import _, ngettext
from tuicrm.limits import TEXT, Limit
from tuicrm.regex import regex

_SCHEME = regex(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d)")
# No `javascript:`, `data:` or `file:`: a link is something that opening does no harm.
_WITH_HOST = ("http", "https", "ftp", "sftp")
_WITHOUT_HOST = ("mailto", "tel")


def checked_text(text: object) -> str:
    """A text that can be kept: no NUL, no half characters. Other control characters are data; drawing drops them."""
    if not isinstance(text, str):
        raise BadValue(_("a text is expected"), text)
    if "\0" in text:
        raise BadValue(_("a text without NUL characters is expected"), text)
    if len(text) > TEXT.most:
        raise BadValue(TEXT.told, text)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadValue(_("a text without half characters (lone surrogates) is expected"), text) from None
    return text


def checked_line(text: object, limit: Limit = TEXT) -> str:
    """A text of one line, without blanks around it."""
    line = checked_text(text).strip()
    if "\n" in line or "\r" in line:
        raise BadValue(_("one line is expected"), text)
    if len(line) > limit.most:
        raise BadValue(limit.told, text)
    return line


class LineKind(Compared):
    """One line of text (`string`), without blanks around it."""

    name = "string"

    def parse(self, text: str, field: Field, context: Context) -> str | None:
        return self.read(text, field, context) or None

    def read(self, value: object, field: Field, context: Context) -> str:
        return _fitting(self.normal(value), field)

    def normal(self, value: object) -> str:
        """The value as it is kept. Raises BadValue."""
        return checked_line(value)

    def format(self, value: object, field: Field, context: Context) -> str:
        return str(value)

    def edit(self, value: object, field: Field, context: Context) -> str:
        return str(value)


class TextKind(LineKind):
    """Text of several lines (`text`), ended by line feeds."""

    name = "text"

    def normal(self, value: object) -> str:
        text = checked_text(value).replace("\r\n", "\n").replace("\r", "\n")
        return text if text.strip() else ""


class LinkKind(LineKind):
    """A link (`link`): `https://` is added where no scheme is given."""

    name = "link"

    def normal(self, value: object) -> str:
        line = checked_line(value)
        return checked_link(line) if line else ""


class StageKind(LineKind):
    """The key of a stage (`stage`), which services read and show by its name."""

    name = "stage"


class PipelineKind(LineKind):
    """The key of a pipeline (`pipeline`), which services read and show by its name."""

    name = "pipeline"


def _fitting(text: str, field: Field) -> str:
    """The text, if it fits the field's settings (min_length, max_length, pattern); an empty one is none. Raises BadValue."""
    if not text:
        return text
    least, most = setting(field, "min_length") or 0, setting(field, "max_length") or 0
    if len(text) < least:
        raise BadValue(
            ngettext("at least {n} character is expected", "at least {n} characters are expected", least), text
        )
    if most and len(text) > most:
        raise BadValue(_at_most(most), text)
    pattern = field.settings.get("pattern")
    expected = compiled(pattern) if isinstance(pattern, str) and pattern else None
    if expected is None:
        return text
    if len(text) > longest(expected.pattern):
        raise BadValue(_at_most(longest(expected.pattern)), text)
    if expected.fullmatch(text) is None:
        raise BadValue(_("a text like {pattern} is expected").format(pattern=expected.pattern), text)
    return text


def checked_link(text: str) -> str:
    """A link that can be opened: with a scheme, none that runs code, no blanks or control characters."""
    expected = _("a web address is expected, such as https://example.com")
    if any(character.isspace() or unicodedata.category(character) == "Cc" for character in text):
        raise BadValue(expected, text)
    found = _SCHEME.match(text)
    if found is None:
        host = re.split(r"[/?#]", text, maxsplit=1)[0]
        if "." not in host.strip(".") and host.partition(":")[0] != "localhost":
            raise BadValue(expected, text)
        return f"https://{text}"
    scheme, rest = found[1].lower(), text[found.end() :]
    if scheme in _WITHOUT_HOST and rest:
        return text
    if scheme in _WITH_HOST and rest.startswith("//") and rest.strip("/"):
        return text
    raise BadValue(expected, text)


def _at_most(n: int) -> str:
    return ngettext("at most {n} character is expected", "at most {n} characters are expected", n)
