"""Several people in one workspace: real processes on real terminals. How fast it is: `python -m benchmarks`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from benchmarks.together import seen
from tests.seats import ROOT, SIZE, Seat, crm, deal, office
from tuicrm.domain import layouts as edits
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.errors import Conflict
from tuicrm.services.history.undo import undo
from tuicrm.services.layouts import layouts
from tuicrm.services.workspace.start import open_session


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = office(tmp_path_factory.mktemp("office") / "w")
    crm(workspace, "deal", "add", "title=ERP rollout", "amount=1000 EUR")
    return workspace


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "w")
    return tmp_path / "w"


@pytest.fixture
def seats(folder: Path) -> Iterator[tuple[Seat, Seat]]:
    anna, luca = Seat(folder, "anna"), Seat(folder, "luca")
    yield anna, luca
    for seat in (anna, luca):
        seat.close()


def test_what_one_does_shows_on_the_others_board_list_and_card(folder: Path, seats: tuple[Seat, Seat]) -> None:
    anna, luca = seats
    luca.press("\r")
    mark = luca.mark()
    crm(folder, "deal", "edit", "D-1", "amount=12345 EUR")
    luca.sees("12,345", mark)  # the card
    crm(folder, "comment", "D-1", "they called back")
    luca.sees("they called back", mark)
    luca.press("q")
    mark = luca.mark()
    crm(folder, "deal", "add", "title=Cloud move")
    luca.sees("Cloud move", mark)  # the board
    anna.sees("Cloud move", 0)
    luca.press("go")
    mark = luca.mark()
    crm(folder, "company", "add", "title=Northwind")
    luca.sees("Northwind", mark)  # the list


def test_it_shows_within_a_tenth_of_a_second(tmp_path: Path) -> None:
    """On boards, cards and lists. A busy machine may spoil a try, and not three; the figures: `python -m benchmarks`."""
    workspace = office(tmp_path / "w", "--items", "60")
    tries = [{name: median(spans) for name, spans in seen(workspace, SIZE, 9).items()}]
    while max(tries[-1].values()) > 100 and len(tries) < 3:
        tries.append({name: median(spans) for name, spans in seen(workspace, SIZE, 9).items()})
    assert max(tries[-1].values()) <= 100, tries
    assert set(tries[-1]) == {"board", "card", "list"}


def test_a_half_typed_edit_stays_and_different_fields_merge(folder: Path, seats: tuple[Seat, Seat]) -> None:
    _anna, luca = seats
    luca.press("\r")
    luca.press("\r")  # the title, in its place
    luca.press("!")
    mark = luca.mark()
    crm(folder, "deal", "edit", "D-1", "amount=777 EUR")
    luca.sees("777", mark)
    luca.press("!\r")
    Seat.wait(lambda: deal(folder, 1)["title"] == "ERP rollout!!", lambda: deal(folder, 1))
    assert deal(folder, 1)["amount"]["amount"] == "777.00"


def test_the_same_field_is_a_question_with_both_values(folder: Path, seats: tuple[Seat, Seat]) -> None:
    _anna, luca = seats
    luca.press("\r")
    luca.press("\r")
    luca.press(" for all")
    crm(folder, "deal", "edit", "D-1", "title=Rollout of the ERP", "--as", "anna")
    mark = luca.mark()
    luca.press("\r")
    asked = luca.sees("Anna Neri", mark)
    assert "Rollout of the ERP" in asked
    assert "ERP rollout for all" in asked
    luca.press("r")
    Seat.wait(lambda: deal(folder, 1)["title"] == "ERP rollout for all", lambda: deal(folder, 1))
    assert "Rollout of the ERP" in crm(folder, "log", "--json"), "what was replaced is in the log"


def test_colleagues_are_seen_and_the_dead_are_not(seats: tuple[Seat, Seat]) -> None:
    anna, luca = seats
    anna.sees("● Luca", 0)
    anna.press("\r")
    mark = anna.mark()
    luca.press("\r")
    anna.sees("Luca here too", mark)
    luca.press("\r")
    anna.sees(r"Luca \(Title\) here too", mark)
    luca.press("\x1b")
    mark = anna.mark()
    os.kill(luca.probe.pid, signal.SIGKILL)
    killed = time.monotonic()
    Seat.wait(lambda: "saved" in anna.since(mark), lambda: anna.since(mark))
    assert "Luca" not in anna.since(mark)
    assert time.monotonic() - killed < 5


def test_what_is_deleted_under_one_says_so_and_comes_back(folder: Path, seats: tuple[Seat, Seat]) -> None:
    _anna, luca = seats
    luca.press("\r")
    luca.press("\r")
    luca.press(" plus")
    mark = luca.mark()
    crm(folder, "deal", "delete", "D-1", "--as", "anna")
    luca.press("\r")
    luca.sees("was deleted by Anna Neri", mark)
    assert "plus" in luca.press("x"), "what was typed stays"
    mark = luca.mark()
    crm(folder, "undo", "--as", "anna")

    def saved() -> bool:
        luca.press("\r")
        return bool(deal(folder, 1)["title"] == "ERP rollout plusx")

    Seat.wait(saved, lambda: luca.since(mark))


def test_the_stage_a_card_is_in_is_deleted_and_comes_back(folder: Path, seats: tuple[Seat, Seat]) -> None:
    """On the board it stands in a column that says so, and can be moved on; on a card too."""
    anna, luca = seats
    luca.press("\r")
    other = open_session(folder, as_user="anna")
    records = other.workspace.records["pipeline"].values()
    entry = next(each for each in records if (each.doc["type"], each.doc["key"]) == ("deal", "general"))
    stages = [stage for stage in entry.doc["stages"] if stage["key"] != "new"]
    with other.change("delete the stage New") as change:
        change.put("pipeline", {**entry.doc, "stages": stages}, entry.id)
    anna.shows("Stage no longer exists 1")
    anna.shows("▌ ERP rollout")
    Seat.wait(lambda: " New " not in luca.lines()[2], luca.lines)
    assert "ERP rollout" in luca.lines()[0]
    anna.press(">")
    anna.shows("D-1 is in Document")
    assert deal(folder, 1)["stage"] == "preparation"
    other.store.refresh()
    with pytest.raises(Conflict, match="the stage that D-1 was in is gone"):
        undo(other)
    with other.change("bring the stage New back") as change:
        change.put("pipeline", entry.doc, entry.id)
    Seat.wait(lambda: " New " in luca.lines()[2], luca.lines)
    luca.press("<")
    luca.shows("D-1 is in New")
    other.close()


def test_the_layout_changes_under_somebody_in_customise_mode(folder: Path, seats: tuple[Seat, Seat]) -> None:
    _anna, luca = seats
    other = open_session(folder, as_user="anna")
    luca.press("\r", "C", "j")
    luca.shows("▌.*Amount")
    # What is above the cursor goes away: the cursor stays on its field.
    layouts.edit(other, LayoutPlace("deal", "general"), "hide", lambda layout: edits.hide_field(layout, "title"))
    Seat.wait(lambda: luca.line_of("Title") < 0, luca.lines)
    luca.shows("▌.*Amount")
    luca.press("J")
    Seat.wait(lambda: luca.line_of("Amount") > luca.line_of("⠿.Products"), luca.lines)
    other.store.refresh()
    shown = [placed.field for placed in layouts.current(other, LayoutPlace("deal", "general")).sections[0].fields]
    assert shown[:2] == ["products", "amount"]
    # The section it is in goes away: the next step says what it finds, and acts on nothing else.
    layouts.edit(other, LayoutPlace("deal", "general"), "delete", lambda layout: edits.delete_section(layout, "main"))
    Seat.wait(lambda: luca.line_of("Amount") < 0, luca.lines)
    luca.press("\x1b")
    luca.shows("enter edit|edit")
    assert "title" in [field.key for field in layouts.hidden_fields(other, LayoutPlace("deal", "general"))]
    other.close()


def test_the_folder_goes_away_under_somebody(folder: Path, seats: tuple[Seat, Seat]) -> None:
    """It is said without a key, nothing that is done then is called done, and the program can be left."""
    anna, luca = seats
    folder.rename(folder.with_name("elsewhere"))
    for seat in (anna, luca):
        seat.shows("no longer")
    luca.press(">")
    luca.shows("no longer exists")
    assert luca.line_of("is in Document") < 0
    for seat in (anna, luca):
        assert seat.probe.quit(b"Q") is not None
    assert deal(folder.with_name("elsewhere"), 1)["stage"] == "new"


def test_sessions_of_different_unix_users(tmp_path: Path) -> None:
    """A group that shares the folder: what one of them makes, whatever their umask, the others can change."""
    if os.getuid() != 0:
        pytest.skip("needs to become another user")
    for path in (tmp_path, *list(tmp_path.parents)[:3]):
        path.chmod(0o755)
    workspace = tmp_path / "shared"
    workspace.mkdir()
    os.chown(workspace, 65534, 4242)
    workspace.chmod(0o2770)
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", _TWO_USERS, str(workspace)], env=environ, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["first", "second", "third", "2", "seen"]


_TWO_USERS = """
import os, sys, time
from pathlib import Path
from tuicrm.services.boards import board
from tuicrm.services.history import undo
from tuicrm.services.items import items, timeline
from tuicrm.services.workspace import presence
from tuicrm.services.workspace.start import *
from tuicrm.services.workspace.people import Details, add_person
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
folder = Path(sys.argv[1])

def work(session, title):
    items.add(session, "deal", items.values(session, "deal", {"title": title}))
    timeline.comment(session, Ref("deal", 1), title)
    board.Board(session, "deal"); session.store.blobs.put(title.encode()); session.store.files.compact()

# Whatever is imported late is imported now: other users may not read the root user's Python.
import tempfile
with tempfile.TemporaryDirectory() as place:
    create_workspace(Path(place) / "w", person=Maker("x", "X"), settings=Settings("T"))
    trial = open_session(Path(place) / "w", login="x"); work(trial, "t"); add_person(trial, Details("Y", logins=["y"]))
    trial.here(Ref("deal", 1)); presence.others(trial)
    items.edit(trial, Ref("deal", 1), {"title": "u"}); undo.undo(trial); trial.close()

def as_user(uid, umask, login, do):
    if (child := os.fork()) == 0:
        try:
            os.umask(umask); os.setgroups([]); os.setgid(4242); os.setuid(uid)
            session = open_session(folder, login=login)
            do(session); session.close(); sys.stdout.flush(); os._exit(0)
        except BaseException as error:
            print(uid, repr(error), file=sys.stderr, flush=True); os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

if (child := os.fork()) == 0:
    os.umask(0o077); os.setgroups([]); os.setgid(4242); os.setuid(65534)
    create_workspace(folder, person=Maker("one", "One"), settings=Settings("T"))
    session = open_session(folder, login="one")
    add_person(session, Details("Two", logins=["two"], roles=["administrator"])); work(session, "first"); session.close(); os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
as_user(65533, 0o077, "two", lambda session: work(session, "second"))
as_user(65534, 0o022, "one", lambda session: work(session, "third"))

def look(session):
    for item in session.find("deal").items:
        print(item.get("title"))
    items.edit(session, Ref("deal", 1), {"title": "theirs"}); undo.undo(session); print(len(session.workspace.people))

as_user(65533, 0o027, "two", look)

seen, tell = os.pipe()
here = os.fork()
if here == 0:
    os.close(tell)
    os.setgroups([]); os.setgid(4242); os.setuid(65534)
    session = open_session(folder, login="one"); session.here(Ref("deal", 1)); os.read(seen, 1); session.close(); os._exit(0)

def see(session):
    until = time.monotonic() + 20
    while not presence.others(session) and time.monotonic() < until:
        session.store.presence.look(); time.sleep(0.05)
    assert [one.person for one in presence.others(session)] == ["one"], presence.others(session)
    print("seen")

as_user(65533, 0o077, "two", see)
os.close(tell)
os.waitpid(here, 0)
"""
