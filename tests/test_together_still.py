"""What others do moves nobody's cursor, scroll or half-typed edit: real processes on real terminals."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.seats import Seat, deal, office
from tuicrm.domain.items import Ref
from tuicrm.services.items import items, stages, timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import open_session

D1 = Ref("deal", 1)
SIZES = pytest.mark.parametrize("size", [(140, 40), (80, 24)], ids=["140x40", "80x24"])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace to copy."""
    workspace = office(tmp_path_factory.mktemp("office") / "w")
    clock = Clock()
    clock.now = datetime.now(UTC) - timedelta(days=1)
    session = open_session(workspace, clock=clock)
    for number in range(60):
        clock.tick(minutes=1)
        items.add(session, "deal", {"title": f"Deal {number:02}", "amount": {"amount": "1000", "currency": "EUR"}})
    with session.change("contacts") as change:
        for number in range(60):
            change.add("contact", {"first_name": f"Contact {number:02}"})
    for number in range(40):
        clock.tick(minutes=1)
        timeline.comment(session, D1, f"said {number:02}")
    session.close()
    return workspace


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """Sixty deals of one stage, newest on top, with forty comments on the first; sixty contacts."""
    shutil.copytree(template, tmp_path / "w")
    return tmp_path / "w"


@pytest.fixture
def other(folder: Path) -> Iterator[Session]:
    """Somebody else's session, in another process than the terminals'."""
    session = open_session(folder, as_user="anna")
    yield session
    session.close()


@pytest.fixture
def luca(folder: Path, size: tuple[int, int]) -> Iterator[Seat]:
    seat = Seat(folder, "luca", "Deal", size)
    yield seat
    seat.close()


@SIZES
def test_on_a_board(luca: Seat, other: Session) -> None:
    luca.press(*"jjjjjjjjjjjjjj")
    before = luca.shows("▌ ?Deal 45")
    here = luca.line_of("▌ ?Deal")
    assert luca.line_of("Deal 59") < 0, "scrolled"
    for number in range(3):
        items.add(other, "deal", {"title": f"Fresh {number}"})
    stages.move(other, Ref("deal", 60), "won")
    items.delete(other, [Ref("deal", 59)])
    luca.shows(r"New 61\b")
    after = luca.lines()
    assert after[here] == before[here]
    # The cards about it stand where they stood; only what counts is other.
    titles = [(y, line) for y, line in enumerate(before) if "Deal " in line]
    assert titles == [(y, line) for y, line in enumerate(after) if "Deal " in line]
    luca.press(">")
    luca.shows("D-46 is in")


@SIZES
def test_on_the_first_card_of_a_board(luca: Seat, other: Session) -> None:
    """The newest stands on top: what comes there must not come under the cursor."""
    luca.shows("▌ ?Deal 59")
    items.add(other, "deal", {"title": "Fresh"})
    luca.shows("▏ ?Fresh")
    luca.shows("▌ ?Deal 59")
    luca.press(">")
    luca.shows("D-60 is in")
    assert other.get(Ref("deal", 61)).get("stage") == "new"


@SIZES
def test_in_a_timeline(luca: Seat, other: Session, folder: Path) -> None:
    luca.press("/", 'title = "Deal 00"', "\r", "\r", "\t", *"jjjjjjjjjjjj")
    here = luca.line_of("✎▌")
    said = luca.lines()[here + 1]
    assert "said" in said
    for number in range(3):
        timeline.comment(other, D1, f"fresh {number}")
    items.edit(other, D1, {"title": "Renamed"})
    luca.shows("Renamed")
    assert luca.line_of("✎▌") == here
    assert luca.lines()[here + 1] == said


@SIZES
def test_in_a_list(luca: Seat, other: Session) -> None:
    luca.press("g", "c", *["j"] * 45)
    here = luca.line_of("▌ Contact")
    before = luca.lines()
    with other.change("more") as change:
        for number in range(4):
            change.add("contact", {"first_name": f"Abel {number}"})
    luca.shows("64 contacts")
    assert luca.line_of("▌ Contact") == here
    assert luca.lines()[2:-1] == before[2:-1]


@SIZES
def test_half_typed(luca: Seat, other: Session, folder: Path) -> None:
    """What is typed stays over its field, though fields that were filled push that down."""
    items.edit(other, D1, {"start_date": "2026-01-02"})
    luca.press("/", 'title = "Deal 00"', "\r", "\r", *"jjjjjj", "\r", "+3")
    luca.shows(r"Start\s+\+3")
    field = luca.line_of("Start")
    items.edit(other, D1, {"title": "Renamed", "probability": 40, "observers": ["anna_neri"]})
    luca.shows("Renamed")
    luca.shows(r"Start\s+\+3")
    assert luca.line_of("Start") > field
    luca.press("d", "\r")
    luca.shows("Saved: Start")
    assert deal(folder, 1)["start_date"] > "2026-01-02"
