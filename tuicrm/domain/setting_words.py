"""How the words of a channel's settings are read: servers, ports, addresses, folders, lines. Each raises BadValue."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from tuicrm.domain.channels import is_here
from tuicrm.domain.kinds.base import BadValue
from tuicrm.i18n import _

_LINE, _LINES = 500, 4000


def host(text: str) -> str:
    """The name of a server."""
    name = text.strip()
    if not name or len(name) > 253 or not name.isprintable() or any(sign in " /@?#\\,;<>\"'" for sign in name):
        raise BadValue(_("the name of a server is expected, such as mail.example.com"), text)
    return name


def port(text: str) -> str:
    """The number of a port."""
    word = text.strip()
    if not (word.isascii() and word.isdigit()) or len(word) > 5 or not 0 < int(word) < 65536:
        raise BadValue(_("a port is expected, such as 587"), text)
    return str(int(word))


def one_of(*known: str) -> Callable[[str], str]:
    """One of some words, in small letters or large."""

    def read(text: str) -> str:
        word = text.strip().casefold()
        if word not in known:
            raise BadValue(_("choose one of: {known}").format(known=", ".join(known)), text)
        return word

    return read


def line(text: str) -> str:
    """One line."""
    if not text.isprintable() or len(text) > _LINE:
        raise BadValue(_("one line of at most {n} characters is expected").format(n=_LINE), text)
    return text.strip()


def lines(text: str) -> str:
    """Some lines, without the blanks at their ends and the empty ones around them."""
    if len(text) > _LINES:
        raise BadValue(_("at most {n} characters are expected").format(n=_LINES), text)
    return "\n".join(one.rstrip() for one in text.splitlines()).strip("\n")


def folder(text: str) -> str:
    """The path of a folder of this machine, whole."""
    path = line(text)
    if not path.startswith(("/", "~/")):
        raise BadValue(_("a folder is expected, from / or ~/"), text)
    return path


def address(text: str) -> str:
    """An address of a server's: https, and http only of this machine."""
    word = line(text)
    try:
        parts = urlsplit(word)
        sound = parts.scheme == "https" or (parts.scheme == "http" and is_here(parts.hostname or ""))
        known = bool(parts.hostname) and (parts.port is None or parts.port > 0) and not parts.username
    except ValueError:
        sound = known = False
    if not sound or not known or " " in word:
        raise BadValue(
            _("an address is expected, such as https://sms.example.com/send (http only of this machine)"), text
        )
    return word


def headers(text: str) -> str:
    """Headers of HTTP, a line each: `Name: value`."""
    found = lines(text)
    for one in found.splitlines():
        name, colon, _value = one.partition(":")
        if not colon or not name or not all(sign.isalnum() or sign == "-" for sign in name) or not name.isascii():
            raise BadValue(_("headers are expected, a line each: Name: value"), text)
    return found


def digits(text: str) -> str:
    """A number without a sign, as it is written."""
    word = text.strip()
    if not (word.isascii() and word.isdigit()) or len(word) > 30:
        raise BadValue(_("digits are expected"), text)
    return word


def days(text: str) -> str:
    """A number of days."""
    word = text.strip()
    if not (word.isascii() and word.isdigit()) or len(word) > 5:
        raise BadValue(_("a number of days is expected"), text)
    return str(int(word))
