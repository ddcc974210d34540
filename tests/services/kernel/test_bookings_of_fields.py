"""Fields book rooms as activities do: with their item, several at once, deleted and hidden ones, from files, in filters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import restrict_field
from tests.services.kernel.rooms_to_book import DEAL, at, booked, plan, remove
from tuicrm.domain.items import Ref
from tuicrm.errors import Conflict, Refused
from tuicrm.services.boards.filters import compile_for
from tuicrm.services.definitions import field_changes, field_words
from tuicrm.services.history.undo import undo
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def visit(start: str, minutes: int = 60, *rooms: str) -> dict[str, Any]:
    return {"rooms": list(rooms or ("blue",)), "start": at(start), "minutes": minutes}


@pytest.fixture
def visits(office: Session) -> Session:
    """Deals have a field that books, and one that does so several times."""
    field_words.add(office, "deal", "Visit", "booking", {})
    field_words.add(office, "deal", "Tours", "booking", {}, many=True)
    return office


def edit(session: Session, number: int, **fields: Any) -> None:
    items.edit(session, Ref("deal", number), fields)


def test_a_field_books_and_frees_with_its_item(visits: Session) -> None:
    edit(visits, 1, visit=visit("10:00", 60, "blue", "green"))
    assert booked(visits) == [("blue", "10:00", "11:00"), ("green", "10:00", "11:00")]
    with pytest.raises(Refused) as refused:
        edit(visits, 3, visit=visit("10:30"))
    assert refused.value.fields[0].field == "visit"
    assert "Blue is booked by Anna Bianchi (D-1 Website redesign), Tue 12 Jan 2027 10:00–11:00" in refused.value.message
    with pytest.raises(Refused):
        plan(visits, "10:30", "11:30", "blue")
    edit(visits, 1, visit=visit("10:30"))
    assert booked(visits) == [("blue", "10:30", "11:30")]
    items.delete(visits, [DEAL])
    assert booked(visits) == []
    undo(visits)
    assert booked(visits) == [("blue", "10:30", "11:30")]
    undo(visits)
    assert len(booked(visits)) == 2
    edit(visits, 1, visit=None)
    assert booked(visits) == []


def test_several_bookings_of_one_field(visits: Session) -> None:
    edit(visits, 1, tours=[visit("10:00"), visit("12:00"), visit("12:30")])
    assert booked(visits) == [("blue", "10:00", "11:00"), ("blue", "12:00", "13:30")], "nobody is in their own way"
    with pytest.raises(Refused):
        edit(visits, 1, visit=visit("10:00"))
    edit(visits, 1, tours=[visit("12:00")])
    assert booked(visits) == [("blue", "12:00", "13:00")]


def test_a_new_item_books(visits: Session) -> None:
    made = items.add(visits, "deal", {"title": "New", "visit": visit("10:00")})
    with pytest.raises(Refused, match=f"D-{made.id} New"):
        items.add(visits, "deal", {"title": "Other", "visit": visit("10:00")})
    assert visits.count("deal") == 4


def test_a_field_that_is_deleted_frees_and_takes_again(visits: Session, open_as: OpenAs) -> None:
    edit(visits, 1, visit=visit("10:00"))
    edit(visits, 3, visit=visit("14:00"))
    field_changes.delete_field(visits, "deal", "visit")
    assert booked(visits) == []
    undo(visits)
    assert booked(visits) == [("blue", "10:00", "11:00"), ("blue", "14:00", "15:00")]
    field_changes.delete_field(visits, "deal", "visit")
    other = open_as("luca")
    number = plan(other, "10:30", "10:45", "blue")
    with pytest.raises(Conflict, match="Blue is booked by Luca Riva"):
        undo(visits)
    remove(other, number)
    undo(visits)
    assert booked(visits) == [("blue", "10:00", "11:00"), ("blue", "14:00", "15:00")]


def test_what_a_hidden_field_books_is_busy(visits: Session, open_as: OpenAs) -> None:
    edit(visits, 1, visit=visit("10:00"))
    restrict_field(visits, "deal", "visit", ["anna"])
    with pytest.raises(Refused, match=r"^Blue is busy"):
        plan(open_as("luca"), "10:00", "11:00", "blue")


def test_of_rows_that_want_the_same_room_the_first_gets_it(visits: Session, tmp_path: Path) -> None:
    edit(visits, 1, visit=visit("08:00"))
    rows = [
        "title,visit",
        "One,blue; 2027-01-12 10:00; 1h",
        "Two,Blue; 2027-01-12 10:30; 1h",
        "Three,BLUE; 2027-01-12 8:00",
    ]
    path = tmp_path / "deals.csv"
    path.write_text("\n".join([*rows, "Four,Attic; 2027-01-12 9:00; 1h", "Five,"]) + "\n", encoding="utf-8")
    for dry_run in (True, False):
        report = run_import(
            visits, [path], ImportOptions(type="deal", dry_run=dry_run, rejects=tmp_path / "rejects.csv")
        )
        assert report.made == 2
        assert report.rejected == 3
    reasons = [one.reason for one in report.files[0].examples]
    assert reasons[0].startswith("Blue is busy, Tue 12 Jan 2027 10:00–11:00; it is free from")
    assert "D-1 Website redesign" in reasons[1]
    assert "there is no room “Attic”" in reasons[2]
    assert booked(visits) == [("blue", "08:00", "09:00"), ("blue", "10:00", "11:00")]
    undo(visits)
    assert booked(visits) == [("blue", "08:00", "09:00")]


def test_a_filter_finds_by_room_and_by_time(visits: Session) -> None:
    edit(visits, 1, visit=visit("10:00"))
    edit(visits, 2, visit={**visit("10:00"), "start": "2027-02-01T10:00:00Z", "rooms": ["green"]})
    for text, found in (
        ("visit = Blue", [1]), ("visit = green", [2]), ("visit ~ gre", [2]), ("visit.rooms = blue", [1]),
        ("visit < 2027-02-01", [1]), ("visit >= 2027-02-01", [2]), ('visit in (Blue, "Green")', [1, 2]),
        ('visit = "blue; 2027-01-12 10:00; 1h"', [1]), ("visit is empty", [3]), ("visit != Blue", [2, 3]),
    ):  # fmt: skip
        assert sorted(visits.ids("deal", compile_for(visits, "deal", text))) == found, text
