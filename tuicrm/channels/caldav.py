"""A calendar on a CalDAV server (RFC 4791, 6578): what is in it, in which state, and changes to it that overwrite nobody.

The library `caldav` speaks HTTP, logs in and reads XML; what is asked for is ours, since a change must say of which state it is one
(`If-Match`), and what is gone must be told by the server, never guessed from what a listing lacks.
"""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.sax.saxutils import escape

from msgspec import Struct

from tuicrm.channels.guarded import guard, shortened
from tuicrm.errors import AccessDenied, NotFound, Refused, Unreachable, UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from caldav.davclient import DAVClient

_DAV = "{DAV:}"
_CALDAV = "{urn:ietf:params:xml:ns:caldav}"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_SPACES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
_GONE = (404, 410)
_TIMEOUT = 30
_AT_ONCE = 50
_PAGES = 1000
_LONGEST = 2000
"""Letters of a path, a state, a token."""
_UNQUOTED = "/@:+!$&'()*,;=~-._"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CALENDAR_TYPE = "text/calendar; charset=utf-8"


class StaleRemote(Exception):
    """What was to be changed on the server is not as it was seen (or is there already): nothing was changed."""


class RemoteEvent(Struct, frozen=True):
    """A calendar object: its path on the server, its state, its content."""

    href: str
    etag: str
    data: bytes


class RemoteListing(Struct, frozen=True):
    """What is on the server: the state of each object that changed since a token (of each there is, where `whole`), and what the
    server says is gone. `token` is for the next time, "" where the server has none."""

    token: str
    etags: Mapping[str, str]
    gone: frozenset[str] = frozenset()
    whole: bool = False


class CaldavServer:
    """A server that somebody logs in to. Close it when done."""

    def __init__(self, url: str, user: str, password: str) -> None:
        """Raises UsageError for an address that is none, or that would send the password in the clear."""
        from caldav.davclient import DAVClient
        from caldav.lib.http_sync import requests

        try:
            parts, host = urlsplit(url), urlsplit(url).hostname
        except ValueError:
            parts, host = urlsplit(""), None
        if parts.scheme not in ("http", "https") or not host:
            raise UsageError(_("{url}: an address such as https://cloud.example/dav/ is expected").format(url=url))
        if parts.password or parts.username:
            raise UsageError(
                _("The address must not hold a user or password: give --user, and the password another way.")
            )
        if parts.scheme == "http" and host not in _LOOPBACK:
            raise UsageError(_("The password would go to {host} in the clear: use https.").format(host=host))
        self.url, self.user = url, user
        self._client = DAVClient(
            url=url, username=user, password=password, timeout=_TIMEOUT, enable_rfc6764=False, headers={}
        )
        guard(self._client.session, url, requests)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def calendar(self, name: str = "") -> CaldavCalendar:
        """The calendar at the address, else the one of that name that the person has there; the only one, where they have only one.
        Raises NotFound with those there are, Refused for several."""
        if self._is_calendar(self.url):
            return CaldavCalendar(self._client, self.url)
        with _reaching(self.url):
            found = {str(one.url): str(one.get_display_name() or "") for one in self._client.get_calendars()}
        names = shortened(", ".join(sorted(filter(None, found.values())))) or _("nothing")
        wanted = [url for url, called in found.items() if not name or called.casefold() == name.casefold()]
        if not wanted:
            raise NotFound(
                _("There is no calendar {name!r} at {url}: {names}").format(name=name, url=self.url, names=names)
            )
        if len(wanted) > 1:
            raise Refused(
                _("There are several calendars at {url}; choose one with --calendar: {names}").format(
                    url=self.url, names=names
                )
            )
        return CaldavCalendar(self._client, wanted[0])

    def _is_calendar(self, url: str) -> bool:
        body = f"{_HEAD}<propfind {_SPACES}><prop><resourcetype/></prop></propfind>"
        found = _asked(self._client, "PROPFIND", url, body, {"Depth": "0"}, allowed=(404, 405))
        return found is not None and any(True for _one in found.iter(f"{_CALDAV}calendar"))


class CaldavCalendar:
    """One calendar of a server."""

    def __init__(self, client: DAVClient, url: str) -> None:
        self._client = client
        self.url = url if url.endswith("/") else f"{url}/"

    def listing(self, token: str = "") -> RemoteListing:
        """What changed since a token, else all there is. Raises Unreachable where that is not told whole."""
        known = self._synced(token) if token else None
        if known is not None:
            return known
        return self._synced("") or self._listed()

    def fetch(self, hrefs: Iterable[str]) -> dict[str, RemoteEvent]:
        """The objects that are there, by their paths; what the server says it does not have is not among them. Raises Unreachable for
        one of which it says neither."""
        wanted, found, gone = list(dict.fromkeys(hrefs)), dict[str, RemoteEvent](), set[str]()
        for start in range(0, len(wanted), _AT_ONCE):
            some = "".join(f"<href>{escape(_path(href))}</href>" for href in wanted[start : start + _AT_ONCE])
            body = f"{_HEAD}<C:calendar-multiget {_SPACES}><prop><getetag/><C:calendar-data/></prop>{some}</C:calendar-multiget>"
            tree = self._asked("REPORT", body, {"Depth": "1"})
            for href, status, props in _responses(tree):
                data = props.get(f"{_CALDAV}calendar-data")
                if status == 200 and data is not None:
                    found[href] = RemoteEvent(href, props.get(f"{_DAV}getetag") or "", data.encode())
                elif status in _GONE:
                    gone.add(href)
                else:
                    raise self._not_given(href, status)
        for href in wanted:
            if href not in found and href not in gone and not self._is_gone(href):
                raise self._not_given(href, 207)
        return found

    def _is_gone(self, href: str) -> bool:
        """Whether the server says of one object that it has no such one."""
        body = f"{_HEAD}<propfind {_SPACES}><prop><getetag/></prop></propfind>"
        tree = _asked(self._client, "PROPFIND", self._absolute(href), body, {"Depth": "0"}, allowed=_GONE)
        return tree is None or any(status in _GONE for _href, status, _props in _responses(tree))

    def _not_given(self, href: str, status: int) -> Unreachable:
        told = _("{url}: the server does not give {href} ({status})")
        return Unreachable(told.format(url=self.url, href=shortened(href), status=status))

    def new_href(self, uid: str) -> str:
        """A path for a new object: always the same of a UID, so that of two who send it at once one is told that it is there. It says
        nothing of what is in it."""
        name = uuid.uuid5(uuid.NAMESPACE_URL, uid)
        return unquote(urlsplit(urljoin(self.url, f"{name}.ics")).path)

    def put(self, href: str, data: bytes, etag: str = "") -> str:
        """Write an object over the state that was seen, or a new one; its state now. Raises StaleRemote."""
        condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        headers = {"Content-Type": _CALENDAR_TYPE, **condition}
        with _reaching(self.url):
            answer = self._client.request(self._absolute(href), "PUT", data.decode(), headers)
        _checked(answer.status, self.url, href)
        told = str(answer.headers.get("ETag") or "")
        if told and not told.startswith("W/") and _is_mark(told):
            return told
        return next((one.etag for one in self.fetch([href]).values()), "")

    def delete(self, href: str, etag: str = "") -> None:
        """Delete an object in the state that was seen; one that is gone already is no mistake. Raises StaleRemote."""
        with _reaching(self.url):
            answer = self._client.request(self._absolute(href), "DELETE", "", {"If-Match": etag} if etag else {})
        if answer.status not in _GONE:
            _checked(answer.status, self.url, href)

    # -- asking --------------------------------------------------------------------------------------------------------
    def _synced(self, token: str) -> RemoteListing | None:
        """By the server's own account of changes; None where it keeps none, or knows the token no more."""
        etags: dict[str, str] = {}
        gone: set[str] = set()
        whole, since = not token, token
        for _page in range(_PAGES):
            body = (
                f"{_HEAD}<sync-collection {_SPACES}><sync-token>{escape(since)}</sync-token><sync-level>1</sync-level>"
                "<prop><getetag/></prop></sync-collection>"
            )
            tree = self._asked("REPORT", body, {"Depth": "0"}, allowed=(400, 403, 404, 405, 409, 412, 415, 501, 507))
            if tree is None:
                return None
            more = False
            for href, status, props in _responses(tree):
                if status == 507:
                    more = True
                elif status in _GONE:
                    gone.add(href)
                    etags.pop(href, None)
                elif f"{_DAV}getetag" in props and not self._is_itself(href):
                    etags[href] = props[f"{_DAV}getetag"] or ""
                    gone.discard(href)
            told = tree.findtext(f"{_DAV}sync-token") or ""
            if not _is_mark(told):
                raise _nonsense(told)
            if not more:
                return RemoteListing(told, etags, frozenset(gone), whole)
            if not told or told == since:
                break
            since = told
        raise Unreachable(_("{url}: the server does not tell all that changed").format(url=self.url))

    def _listed(self) -> RemoteListing:
        body = f"{_HEAD}<propfind {_SPACES}><prop><getetag/><resourcetype/></prop></propfind>"
        etags: dict[str, str] = {}
        for href, status, props in _responses(self._asked("PROPFIND", body, {"Depth": "1"})):
            if status not in (200, 404):
                raise Unreachable(_("{url}: the server does not tell all that is there").format(url=self.url))
            if props.get(f"{_DAV}getetag") and not self._is_itself(href):
                etags[href] = props[f"{_DAV}getetag"] or ""
        return RemoteListing("", etags, whole=True)

    def _asked(self, method: str, body: str, headers: Mapping[str, str], allowed: Container[int] = ()) -> Any:
        return _asked(self._client, method, self.url, body, headers, allowed)

    def _absolute(self, href: str) -> str:
        return urljoin(self.url, _path(href))

    def _is_itself(self, href: str) -> bool:
        return href.rstrip("/") == unquote(urlsplit(self.url).path).rstrip("/")


def _asked(
    client: DAVClient, method: str, url: str, body: str, headers: Mapping[str, str], allowed: Container[int] = ()
) -> Any:
    """The XML that answers; None for a status that is `allowed`. Raises Unreachable, AccessDenied."""
    from caldav.lib.error import AuthorizationError

    with _reaching(url):
        try:
            answer = client.request(url, method, body, {"Content-Type": "application/xml; charset=utf-8", **headers})
        except AuthorizationError as refused:
            # What a server says of a token that it knows no more comes as 403, too.
            if refused.status in allowed:
                return None
            raise
        if answer.status in allowed:
            return None
        tree = answer.tree
    if answer.status != 207 or tree is None:
        raise Unreachable(
            _("{url}: the server answers {status}; is it a calendar server?").format(url=url, status=answer.status)
        )
    return tree


def _checked(status: int, url: str, href: str) -> None:
    if status in (409, 412):
        raise StaleRemote
    if not 200 <= status < 300:
        raise Unreachable(
            _("{url}: the server does not take {href} ({status})").format(url=url, href=href, status=status)
        )


def _responses(tree: Any) -> Iterator[tuple[str, int, dict[str, str | None]]]:
    """Of each response of a multistatus: the path, the status, and the properties that there are."""
    for response in tree.iter(f"{_DAV}response"):
        href = _href(response.findtext(f"{_DAV}href") or "")
        props: dict[str, str | None] = {}
        status = _status(response.findtext(f"{_DAV}status"))
        for part in response.iter(f"{_DAV}propstat"):
            if _status(part.findtext(f"{_DAV}status")) == 200:
                props |= {one.tag: one.text for prop in part.iter(f"{_DAV}prop") for one in prop}
        if not _is_mark(props.get(f"{_DAV}getetag") or ""):
            raise _nonsense(href)
        yield href, status, props


def _href(text: str) -> str:
    """The path of an object, whichever way it is told; raises Unreachable for what is none, or is longer than is ever kept."""
    try:
        path = unquote(urlsplit(text.strip()).path)
    except ValueError as problem:
        raise _nonsense(text) from problem
    if len(path) > _LONGEST or not path.isprintable():
        raise _nonsense(path)
    return path


def _is_mark(text: str) -> bool:
    """Whether a text can be kept and sent back as the state of an object."""
    return len(text) <= _LONGEST and text.isascii() and text.isprintable()


def _nonsense(text: str) -> Unreachable:
    return Unreachable(_("The calendar server says what makes no sense: {text}").format(text=shortened(ascii(text))))


def _status(line: str | None) -> int:
    """The number of a line such as `HTTP/1.1 404 Not Found`; 200 where there is no line, 0 for what is no number."""
    words = (line or "HTTP/1.1 200").split()
    told = words[1] if len(words) > 1 else ""
    return int(told) if told.isascii() and told.isdigit() and len(told) == len("200") else 0


def _path(href: str) -> str:
    return quote(href, safe=_UNQUOTED)


@contextmanager
def _reaching(url: str) -> Iterator[None]:
    """What keeps a server from answering, in a sentence. Raises Unreachable, AccessDenied."""
    from caldav.lib.error import AuthorizationError, DAVError

    host = urlsplit(url).netloc
    try:
        yield
    except AuthorizationError as problem:
        raise AccessDenied(_("{host} refuses the user or the password.").format(host=host)) from problem
    except OSError as problem:  # what its library for HTTP raises is one, as a rule
        raise Unreachable(_("{host} cannot be reached: {why}").format(host=host, why=_reason(problem))) from problem
    except (DAVError, SyntaxError, ValueError) as problem:  # what is no XML is a SyntaxError; no address, a ValueError
        raise Unreachable(
            _("{host} does not answer as a calendar server does: {why}").format(host=host, why=_reason(problem))
        ) from problem


def _reason(problem: Exception) -> str:
    """The innermost reason, in one line."""
    inner: BaseException = problem
    while inner.__cause__ is not None or inner.__context__ is not None:
        inner = inner.__cause__ or inner.__context__ or inner
    return shortened(str(inner)) or type(inner).__name__
