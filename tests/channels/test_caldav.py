"""A calendar on a real server: what is in it, changes that overwrite nobody, and what keeps it from answering."""

from __future__ import annotations

import pytest

from tests.calendar_server import Radicale, event_data
from tuicrm.channels.caldav import CaldavServer, StaleRemote
from tuicrm.errors import AccessDenied, NotFound, Refused, Unreachable, UsageError


def event(uid: str, summary: str = "Meet") -> bytes:
    return event_data(uid, f"SUMMARY:{summary}")


def test_what_changed_since_is_told_by_the_server(radicale: Radicale) -> None:
    calendar = radicale.new_calendar()
    empty = calendar.listing()
    assert (dict(empty.etags), empty.whole, bool(empty.token)) == ({}, True, True)
    one, two = calendar.new_href("a"), calendar.new_href("b")
    etag = calendar.put(one, event("a", "Città ☕ <&>"))
    calendar.put(two, event("b"))
    listed = calendar.listing(empty.token)
    assert (set(listed.etags), listed.etags[one], listed.whole) == ({one, two}, etag, False)
    found = calendar.fetch([one, two, "/anna/nowhere.ics"])
    assert found.keys() == {one, two}
    assert "Città ☕ <&>" in found[one].data.decode()
    assert found[one].etag == etag
    calendar.delete(one, etag)
    calendar.delete(one, etag)
    after = calendar.listing(listed.token)
    assert (set(after.gone), dict(after.etags)) == ({one}, {})
    assert calendar.listing().etags.keys() == {two}
    # A token that the server knows no more: all there is.
    lost = calendar.listing("http://radicale.org/ns/sync/" + "0" * 64)
    assert (lost.whole, set(lost.etags)) == (True, {two})
    # A server without an account of changes.
    assert (set(calendar._listed().etags), calendar._listed().token) == ({two}, "")


def test_nobody_is_overwritten(radicale: Radicale) -> None:
    calendar = radicale.new_calendar()
    href = calendar.new_href("a")
    assert "a" not in href.rpartition("/")[2].removesuffix(".ics").split("-")
    first = calendar.put(href, event("a"))
    second = calendar.put(href, event("a", "Theirs"), first)
    for stale in ("", first):
        with pytest.raises(StaleRemote):
            calendar.put(href, event("a", "Mine"), stale)
    with pytest.raises(StaleRemote):
        calendar.delete(href, first)
    assert b"Theirs" in calendar.fetch([href])[href].data
    calendar.delete(href, second)


def test_which_calendar_is_meant(radicale: Radicale) -> None:
    work = radicale.new_calendar("Sales team")
    radicale.new_calendar("Twice")
    radicale.new_calendar("Twice")
    server = radicale.server()
    assert server.calendar("sales TEAM").url == work.url
    with pytest.raises(Refused, match="several calendars"):
        server.calendar("Twice")
    with pytest.raises(NotFound, match="Sales team"):
        server.calendar("Holidays")


def test_what_is_wrong_is_said_in_a_sentence(radicale: Radicale) -> None:
    with pytest.raises(AccessDenied, match="refuses the user or the password"):
        radicale.server("wrong").calendar()
    with pytest.raises(Unreachable, match="cannot be reached"):
        CaldavServer("http://127.0.0.1:9/", "anna", "x").calendar()
    for url, told in (
        ("http://cloud.example/dav/", "in the clear"),
        ("https://anna:secret@cloud.example/", "must not hold"),
        ("cloud.example", "https://cloud.example/dav/"),
        ("file:///etc/passwd", "https://cloud.example/dav/"),
    ):
        with pytest.raises(UsageError, match=told) as problem:
            CaldavServer(url, "anna", "x")
        assert "secret" not in problem.value.message
