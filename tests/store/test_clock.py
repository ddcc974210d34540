"""A clock set back, set ahead and put right again: a line's time is never before the one before it, what the clock said stands beside,
and log, history and `as_of` tell what happened in the order in which it happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.store.folders import journal_lines
from tuicrm.store import JournalStore, clock
from tuicrm.store.folder import Folder
from tuicrm.store.manifest import read, write
from tuicrm.store.protocol import Doc, Key, Op

KEY = Key("deal", 1)


class Clock:
    """A clock that goes on by a minute whenever it is asked, and can be set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def jump(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def store(folder: Path, time: Clock) -> Iterator[JournalStore]:
    opened = JournalStore(folder, compact_at=0, now=time)
    yield opened
    opened.close()


def put(store: JournalStore, title: str) -> int:
    return store.commit([Op("deal", 1, {"title": title})], by="anna", note=title)


def iso(time: Clock) -> str:
    """The moment as people ask for it: whole seconds, which the line of that moment is not after."""
    return f"{time.now:%Y-%m-%dT%H:%M:%SZ}"


def lines(folder: Path) -> list[Doc]:
    """All lines of all journals, oldest first."""
    return [json.loads(line) for line in journal_lines(folder)]


def compacted(store: JournalStore, _folder: Path, _time: Clock) -> JournalStore:
    assert store.files.compact()
    return store


def reopened(store: JournalStore, folder: Path, time: Clock) -> JournalStore:
    store.close()
    return JournalStore(folder, compact_at=0, now=time)


def compacted_and_reopened(store: JournalStore, folder: Path, time: Clock) -> JournalStore:
    return reopened(compacted(store, folder, time), folder, time)


def compacted_by_an_older_one(store: JournalStore, folder: Path, time: Clock) -> JournalStore:
    """The manifest then says nothing of the time."""
    compacted(store, folder, time)
    with closing(Folder.at(folder)) as place:
        manifest = read(place)[1]
        assert manifest.time
        write(place, replace(manifest, generation=manifest.generation + 1, time=""))
    return reopened(store, folder, time)


Between = Callable[[JournalStore, Path, Clock], JournalStore]
BETWEEN: list[Between] = [
    lambda store, _folder, _time: store,
    compacted,
    reopened,
    compacted_and_reopened,
    compacted_by_an_older_one,
]
NAMES = ["at once", "compacted", "reopened", "compacted and reopened", "compacted by an older one"]


@pytest.mark.parametrize("between", BETWEEN, ids=NAMES)
@pytest.mark.parametrize(
    "span", [{"days": -365}, {"hours": -1}, {"days": 365}], ids=["a year back", "an hour back", "ahead"]
)
def test_time_never_goes_back(
    store: JournalStore, folder: Path, time: Clock, between: Between, span: dict[str, float]
) -> None:
    put(store, "before")
    time.jump(**span)
    store = between(store, folder, time)
    put(store, "while it was wrong")
    store = between(store, folder, time)
    put(store, "still wrong")
    store = between(store, folder, time)
    time.jump(**{name: -value for name, value in span.items()})
    put(store, "put right")
    store.close()
    told = lines(folder)
    assert [line["note"] for line in told] == ["before", "while it was wrong", "still wrong", "put right"]
    times = [line["ts"] for line in told]
    assert times == sorted(times)
    wrong = told[3:] if span.get("days", 0) > 0 else told[1:3]
    for line in told:
        # What the clock said is kept where it is not what the line's time is, and only there.
        assert ("clock" in line) is (line in wrong), line
        assert line.get("clock", "") < line["ts"]


@pytest.mark.parametrize("between", BETWEEN, ids=NAMES)
def test_log_history_and_as_of_tell_the_truth(store: JournalStore, folder: Path, time: Clock, between: Between) -> None:
    put(store, "first")
    early = iso(time)
    put(store, "second")
    moment = iso(time)
    time.jump(days=-365)
    store = between(store, folder, time)
    put(store, "third")
    put(store, "fourth")
    time.jump(days=365, hours=1)
    put(store, "fifth")
    late = iso(time)
    store = between(store, folder, time)
    told = [(one.note, one.clock[:4]) for one in store.past.log()]
    assert told == [("fifth", ""), ("fourth", "2025"), ("third", "2025"), ("second", ""), ("first", "")]
    assert [one.at for one in store.past.log()] == sorted((one.at for one in store.past.log()), reverse=True)
    versions = store.past.history(KEY)
    assert [(one.note, one.clock[:4]) for one in versions] == told
    found = {when: store.past.as_of(KEY, when) for when in (early, moment, late, "2026-01-01T00:00:00Z")}
    assert [version.note if version else None for version in found.values()] == ["first", "fourth", "fifth", None]
    store.close()


def test_another_session_goes_on_from_what_the_first_wrote(store: JournalStore, folder: Path, time: Clock) -> None:
    """Each with a clock of its own, as two containers on one machine have."""
    other_time = Clock()
    other_time.jump(days=-30)
    other = JournalStore(folder, compact_at=0, now=other_time)
    for number in range(6):
        put(store if number % 2 else other, str(number))
    times = [line["ts"] for line in lines(folder)]
    assert times == sorted(times)
    assert other.behind() > timedelta(days=29)
    assert store.behind() == timedelta(0)
    other.close()


def test_a_big_change_keeps_to_it_too(store: JournalStore, folder: Path, time: Clock) -> None:
    put(store, "before")
    time.jump(days=-365)
    with store.batch(by="anna", note="import") as batch:
        batch.add([Op("deal", 2, {"title": "a"})])
        batch.add([Op("deal", 3, {"title": "b"})])
        time.jump(days=365)
        batch.close()
    told = lines(folder)
    assert [line["ts"] for line in told] == sorted(line["ts"] for line in told)
    assert ["clock" in line for line in told] == [False, True, True, False]
    [version] = store.past.history(Key("deal", 2))
    assert version.at == told[3]["ts"]


def test_how_far_the_clock_is_behind(store: JournalStore, time: Clock) -> None:
    assert store.behind() == timedelta(0)
    put(store, "before")
    assert store.behind() == timedelta(0)
    time.jump(days=-365)
    assert timedelta(days=364) < store.behind() < timedelta(days=366)
    time.jump(days=365)
    assert store.behind() == timedelta(0)


@pytest.mark.parametrize("time_of_old", ["zzzz", "", "9999-99-99T99:99:99Z", "2027-01-01", "٢٠٢٧-01-01T00:00:00Z"])
def test_what_is_no_time_is_not_followed(
    folder: Path, time: Clock, time_of_old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program wrote it into a line."""
    store = JournalStore(folder, compact_at=0, now=time)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "stamp", lambda _said, _last: clock.Timestamp(time_of_old))
        put(store, "strange")
    put(store, "after")
    assert next(iter(store.past.log())).at.startswith("2026-11-23")
    assert store.behind() == timedelta(0)
    store = compacted_and_reopened(store, folder, time)
    put(store, "later")
    assert next(iter(store.past.log())).at.startswith("2026-11-23")
    store.close()


@pytest.mark.parametrize("last", ["2026-02-30T00:00:00.000Z", "9999-12-31T23:59:59.999Z"])
def test_a_day_that_is_none_or_far_off_does_no_harm(last: str) -> None:
    assert clock.behind(datetime(2026, 1, 1, tzinfo=UTC), last) >= timedelta(0)


def test_the_clock_of_the_system_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no other one is handed in: the one function that the program asks."""
    store = JournalStore(folder, compact_at=0)
    put(store, "before")
    back = datetime.now(UTC) - timedelta(days=365)
    monkeypatch.setattr(clock, "utc_now", lambda: back)
    put(store, "after")
    before, after = lines(folder)
    assert after["ts"] == before["ts"]
    assert after["clock"][:10] == f"{back:%Y-%m-%d}"
    store.close()


def test_a_journal_line_without_a_remark_is_as_it_was(store: JournalStore, folder: Path) -> None:
    put(store, "plain")
    [line] = lines(folder)
    assert list(line) == ["crc", "seq", "ts", "by", "note", "ops"]
    read_back: Any = next(iter(store.past.log()))
    assert read_back.clock == ""
