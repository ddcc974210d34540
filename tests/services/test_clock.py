"""The system's clock jumps: what people are told of the past stays in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.command import Ran, run_here
from tests.conftest import Clock
from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.services.history import history
from tuicrm.services.history.log import read_log
from tuicrm.services.items import activities, items, timeline
from tuicrm.services.items.stages import move
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session
from tuicrm.store import JournalStore, clock

YEAR = timedelta(days=365)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The one clock that everything asks: the journal, and whoever works without another one handed in."""
    set_by_us = Clock()
    monkeypatch.setattr(clock, "utc_now", set_by_us)
    return set_by_us


@pytest.fixture
def folder(tmp_path: Path, system: Clock) -> Path:
    path = tmp_path / "crm"
    create_workspace(path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company"))
    return path


@pytest.fixture
def anna(folder: Path) -> Iterator[Session]:
    session = open_session(folder, zone=UTC, locale="en_GB")
    yield session
    session.close()


@pytest.fixture
def deal(anna: Session, system: Clock) -> Ref:
    made = items.add(anna, "deal", {"title": "First"}).ref
    system.tick(minutes=10)
    return made


def fold(session: Session) -> None:
    assert isinstance(session.store, JournalStore)
    assert session.store.files.compact()


def test_stamps_of_items_do_not_run_backwards(anna: Session, deal: Ref, system: Clock) -> None:
    items.edit(anna, deal, {"title": "Second"})
    before = anna.get(deal).fields
    system.now -= YEAR
    items.edit(anna, deal, {"title": "Third"})
    move(anna, deal, "preparation")
    after = anna.get(deal).fields
    assert after["updated"] >= before["updated"]
    assert after["stage_since"] >= before["stage_since"]
    made = anna.get(items.add(anna, "deal", {"title": "Later"}).ref).fields
    assert made["created"] >= before["created"]
    system.now += YEAR + timedelta(hours=1)
    items.edit(anna, deal, {"title": "Fourth"})
    assert anna.get(deal).fields["updated"] == stamp(system.now)


def test_a_timeline_stays_in_its_order(anna: Session, deal: Ref, system: Clock) -> None:
    timeline.comment(anna, deal, "one")
    system.tick(minutes=1)
    planned = activities.add(anna, deal, "call", stamp(system.now))
    system.now -= YEAR
    entry = timeline.comment(anna, deal, "two")
    timeline.edit_comment(anna, entry, "two!")
    activities.done(anna, planned)
    system.now += YEAR + timedelta(hours=1)
    timeline.comment(anna, deal, "three")
    told = [one.get("text") or one.get("what") or one["kind"] for one in timeline.records(anna, deal)]
    assert [text for text in told if text in ("one", "two!", "three")] == ["three", "two!", "one"]
    [done] = [one.doc for one in anna.owned("activity", deal)]
    assert done["done_at"] >= done["created"]


@pytest.mark.parametrize("compacted", [False, True])
def test_history_and_as_it_was_tell_what_stood_there(anna: Session, deal: Ref, system: Clock, compacted: bool) -> None:
    items.edit(anna, deal, {"title": "Second"})
    moment = system.now
    system.now -= YEAR
    if compacted:
        fold(anna)
    items.edit(anna, deal, {"title": "Third"})
    if compacted:
        fold(anna)
    system.now += YEAR + timedelta(hours=1)
    items.edit(anna, deal, {"title": "Fourth"})
    told = [(step.version.doc or {}).get("title") for step in history.steps(anna, deal)]
    assert told == ["Fourth", "Third", "Second", "First"]
    assert [bool(step.version.clock) for step in history.steps(anna, deal)] == [False, True, False, False]

    def title_at(when: datetime) -> str:
        return str((history.version_at(anna, deal, when).doc or {})["title"])

    assert title_at(moment - timedelta(minutes=5)) == "First"
    assert title_at(moment) in ("Second", "Third")
    assert title_at(moment + timedelta(minutes=5)) == "Third"
    assert title_at(system.now) == "Fourth"


def test_the_log_since_a_moment_has_all_that_came_after(anna: Session, deal: Ref, system: Clock) -> None:
    system.tick(days=3)
    moment = system.now
    items.edit(anna, deal, {"title": "Second"})
    system.now -= YEAR
    items.edit(anna, deal, {"title": "Third"})
    fold(anna)
    items.edit(anna, deal, {"title": "Fourth"})
    system.now += YEAR + timedelta(hours=1)
    items.edit(anna, deal, {"title": "Fifth"})
    told = [line.records[0].fields[0].new for line in read_log(anna, since=moment)]
    assert told == ["Fifth", "Fourth", "Third", "Second"]
    assert [line.clock[:4] for line in read_log(anna, since=moment)] == ["", "2025", "2025", ""]


def test_what_is_due_and_what_day_it_is_follows_the_clock(anna: Session, deal: Ref, system: Clock) -> None:
    system.now -= YEAR
    assert anna.context().now == system.now
    assert anna.moment() > system.now


# -- on the command line -----------------------------------------------------------------------------------------------
def test_the_command_line_says_what_the_clock_said(
    folder: Path, deal: Ref, system: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> Ran:
        ran = run_here(folder, monkeypatch, *words)
        assert ran.code == 0, ran.err
        return ran

    run("deal", "edit", "D-1", "title=Second")
    system.now += timedelta(days=3)
    run("deal", "edit", "D-1", "title=Third")
    system.now -= YEAR
    run("deal", "edit", "D-1", "title=Fourth")
    # An hour before now, as the journal counts: neither all of last year nor nothing.
    assert len(run("log", "--since", "-1h", "--json").json["transactions"]) == 2
    newest, older, *_rest = run("log", "--json").json["transactions"]
    assert newest["at"] == older["at"]
    assert (newest["clock"], older["clock"]) == (f"{system.now:%Y-%m-%dT%H:%M:%S}.000Z", "")
    assert run("log").out.count("(the clock said 10:10)") == 1
    assert run("deal", "history", "D-1").out.count("(the clock said 10:10)") == 1
    told = run("deal", "history", "D-1", "--json").json["history"]
    assert [bool(one["clock"]) for one in told] == [True, False, False, False]
    assert run("deal", "history", "D-1", "--at", "-1h", "--json").fields["title"] == "Second"
    assert run("deal", "history", "D-1", "--at", "2026-11-23T10:10", "--json").fields["title"] == "Second"
    system.now += YEAR + timedelta(days=1)
    run("deal", "edit", "D-1", "title=Fifth")
    assert "clock" in run("log", "--limit", "1", "--json").json["transactions"][0]
    assert [one["seq"] for one in run("log", "--since", "-1h", "--json").json["transactions"]] == [newest["seq"] + 1]
