"""A calendar and its server after mishaps: an older backup that was restored, two runs at once, a run that was killed at any step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from tests.calendar_server import PASSWORD, USER, Radicale, event_data
from tests.conftest import Clock, OpenAs
from tests.disk import small_disk
from tests.services.calendar.test_caldav_sync import DEAL, call, docs, events, many, remote, sync
from tuicrm.channels.caldav import CaldavCalendar, CaldavServer
from tuicrm.errors import StorageFull
from tuicrm.services.calendar.caldav_sync import sync_calendar
from tuicrm.services.calendar.ical_files import import_calendar
from tuicrm.services.calendar.ical_known import TABLE
from tuicrm.services.items import activities
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import open_session
from tuicrm.store.protocol import Find


def both(session: Session, there: CaldavCalendar) -> list[str]:
    """What is here, and the same on the server."""
    session.store.refresh()
    here, remote = sorted(one["what"] for one in docs(session)), sorted(one.summary for one in events(there))
    assert here == remote
    return here


def test_after_an_older_backup_came_back_nothing_on_the_server_is_lost(
    seeded: Session, workspace_path: Path, radicale: Radicale, clock: Clock, tmp_path: Path, open_as: OpenAs
) -> None:
    there = radicale.new_calendar()
    one = call(seeded, "One")
    assert sync(seeded, there) == ["sent"]
    shutil.copytree(workspace_path, tmp_path / "older")
    activities.edit(seeded, one, {"what": "One, later"})
    clock.tick(minutes=1)
    lost = call(seeded, "Two")
    assert sync(seeded, there) == ["sent", "sent"]
    seeded.close()
    shutil.rmtree(workspace_path)
    shutil.copytree(tmp_path / "older", workspace_path)
    session = open_as("anna")
    clock.tick(minutes=1)
    assert call(session, "Three") == lost, "a number comes twice"
    assert sync(session, there) == ["added", "changed", "sent"]
    assert both(session, there) == ["One, later", "Three", "Two"]
    assert sync(session, there) == []


class Dying:
    """A server and a store at one of whose steps the process ends, before it is taken or after."""

    def __init__(self, there: CaldavCalendar, session: Session, at: int) -> None:
        self._there, self._left = there, at
        self.url = there.url
        commit = session.store.commit

        def dying(*arguments: Any, **options: Any) -> Any:
            return self._step(commit, *arguments, **options)

        session.store.commit = dying  # type: ignore[method-assign]  # this process ends soon

    def _step(self, call: Any, *arguments: Any, **options: Any) -> Any:
        self._end()
        found = call(*arguments, **options)
        self._end()
        return found

    def _end(self) -> None:
        self._left -= 1
        if self._left < 0:
            os._exit(9)

    def new_href(self, uid: str) -> str:
        return self._there.new_href(uid)

    def listing(self, token: str = "") -> Any:
        return self._step(self._there.listing, token)

    def fetch(self, hrefs: Iterable[str]) -> Any:
        return self._step(self._there.fetch, hrefs)

    def put(self, href: str, data: bytes, etag: str = "") -> Any:
        return self._step(self._there.put, href, data, etag)

    def delete(self, href: str, etag: str = "") -> None:
        self._step(self._there.delete, href, etag)


def beside(workspace: Path, clock: Clock, work: Callable[[Session], object]) -> int:
    """Work in a process of its own, which is not waited for; its number."""
    child = os.fork()
    if child == 0:
        try:
            work(open_session(workspace, login="anna", clock=clock, zone=UTC))
            os._exit(0)
        finally:
            os._exit(1)
    return child


def begun(workspace: Path, url: str, clock: Clock, at: int = 1 << 40) -> int:
    """One run in a process of its own, which ends at a step; its number."""

    def work(session: Session) -> None:
        server = CaldavServer(url, USER, PASSWORD)
        sync_calendar(session, Dying(CaldavCalendar(server._client, url), session, at), on=DEAL)

    return beside(workspace, clock, work)


def ended(child: int) -> int:
    """How a run ended."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_runs_at_once_send_and_take_nothing_twice(
    seeded: Session, workspace_path: Path, radicale: Radicale, clock: Clock
) -> None:
    there = radicale.new_calendar()
    for number in range(6):
        call(seeded, f"Here {number}")
        there.put(there.new_href(f"there-{number}"), event_data(f"there-{number}", f"SUMMARY:There {number}"))
    runs = [begun(workspace_path, there.url, clock) for _run in range(3)]
    assert [ended(run) for run in runs] == [0, 0, 0]
    sync(seeded, there)
    assert both(seeded, there) == [f"{side} {number}" for side in ("Here", "There") for number in range(6)]
    known = [one.doc.get("uid") for one in seeded.store.find(Find(TABLE)).records]
    assert len(known) == len(set(known)) == 13
    assert sync(seeded, there) == []


@pytest.mark.parametrize("count", [5, 150])
def test_a_file_that_is_taken_in_twice_at_once_is_there_once(
    seeded: Session, workspace_path: Path, clock: Clock, count: int
) -> None:
    file = many(f"uid-{number}" for number in range(count))
    runs = [beside(workspace_path, clock, lambda one: import_calendar(one, file, "a.ics", on=DEAL)) for _run in "123"]
    assert [ended(run) for run in runs] == [0, 0, 0]
    seeded.store.refresh()
    assert sorted(one["uid"] for one in docs(seeded)) == sorted(f"uid-{number}" for number in range(count))


def test_killed_at_any_step_the_next_run_makes_both_alike(
    seeded: Session, workspace_path: Path, radicale: Radicale, clock: Clock
) -> None:
    for at in range(2, 90, 5):
        there = radicale.new_calendar()
        for number in [one.id for one in seeded.store.find(Find(ACTIVITIES)).records]:
            activities.delete(seeded, number)
        gone, changed = call(seeded, "Gone"), call(seeded, "Changed")
        there.put(there.new_href("theirs"), event_data("theirs"))
        there.put(there.new_href("away"), event_data("away", "SUMMARY:Away"))
        sync(seeded, there)
        activities.delete(seeded, gone)
        activities.edit(seeded, changed, {"what": "Changed here"})
        call(seeded, "New here")
        there.put(there.new_href("fresh"), event_data("fresh", "SUMMARY:New there"))
        away = remote(there)["away"]
        there.delete(away.href, away.etag)
        code = ended(begun(workspace_path, there.url, clock, at))
        assert code in (0, 9)
        seeded.store.refresh()
        told = sync(seeded, there)
        assert "clash" not in told, at
        assert both(seeded, there) == ["Changed here", "Meet", "New here", "New there"], at
        assert sync(seeded, there) == [], at
        if code == 0:
            assert at > 10
            return
    raise AssertionError("no run came to its end")


def test_a_disk_that_is_full_half_way_leaves_both_sides_to_the_next_run(
    seeded: Session, workspace_path: Path, radicale: Radicale, clock: Clock, tmp_path: Path
) -> None:
    seeded.close()
    with small_disk(tmp_path / "small") as disk:
        there, folder = radicale.new_calendar(), disk.place / "w"
        shutil.copytree(workspace_path, folder)
        session = open_session(folder, login="anna", clock=clock, zone=UTC)
        for number in range(3):
            call(session, f"Here {number}")
            there.put(there.new_href(f"there-{number}"), event_data(f"there-{number}", f"SUMMARY:There {number}"))
        for room in (0, 4_096, 16_384):
            with disk.filled_but(room), suppress(StorageFull):
                sync(session, there)
                assert room, "there was no room"
        sync(session, there)
        assert both(session, there) == [f"{side} {number}" for side in ("Here", "There") for number in range(3)]
        assert sync(session, there) == []
        session.close()
