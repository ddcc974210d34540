"""Filters for one person, sort orders, and what was asked before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Clock, OpenAs
from tests.doors import add_field
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused, UsageError
from tuicrm.services.boards import filters
from tuicrm.services.items import activities, items
from tuicrm.services.kernel.session import Session


def found(session: Session, text: str) -> list[int]:
    return session.ids("deal", filters.compile_for(session, "deal", text))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 3]),
        ("amount > 20000", [2]),
        ("amount is empty", [3]),
        ('stage = "New"', [1, 2, 3]),
        ("responsible = me", [1, 3]),
        ("company = CO-2", [2]),
        ("company ~ legnami", [2]),
        ('company ~ "ferrari legnami"', [2]),
        ("rossi", [1]),
        ("support or erp", [2, 3]),
    ],
)
def test_a_filter_leaves_what_matches(seeded: Session, text: str, ids: list[int]) -> None:
    assert sorted(found(seeded, text)) == ids


def test_a_mistake_names_its_place(seeded: Session) -> None:
    with pytest.raises(UsageError) as mistake:
        found(seeded, "amount > 5 and colour = red")
    assert mistake.value.position == 15


def test_what_a_person_may_not_see_does_not_exist_for_them(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "deal", "Margin", "integer")
    entry = next(iter(seeded.workspace.records["field"].values()))
    with seeded.change("hide it") as change:
        change.patch("field", entry.id, {"visible_to": ["anna"]})
    items.edit(seeded, Ref("deal", 1), {"margin": 31})
    assert found(seeded, "margin > 30") == [1]
    with pytest.raises(UsageError):
        found(open_as("luca"), "margin > 30")


def test_sort_orders_are_fields_with_a_direction(seeded: Session) -> None:
    assert seeded.ids("deal", None, filters.sorts_for(seeded, "deal", "-amount")) == [2, 1, 3]
    assert seeded.ids("deal", None, filters.sorts_for(seeded, "deal", "title")) == [3, 2, 1]
    assert filters.sorts_for(seeded, "deal", " ") == ()
    with pytest.raises(Refused, match="amount"):
        filters.sorts_for(seeded, "deal", "amuont")


def test_what_was_asked_before_is_kept_for_each_person_and_type(
    seeded: Session, open_as: OpenAs, tmp_path: Path
) -> None:
    folder = tmp_path / "state"
    for text in ("amount > 1", "rossi", " amount > 1 ", ""):
        filters.remember(seeded, "deal", text, folder)
    assert filters.history(seeded, "deal", folder) == ["amount > 1", "rossi"]
    assert filters.history(seeded, "lead", folder) == []
    assert filters.history(open_as("luca"), "deal", folder) == []


def test_a_history_that_cannot_be_read_or_written_is_none(seeded: Session, tmp_path: Path) -> None:
    (tmp_path / "filters.json").write_text("[")
    assert filters.history(seeded, "deal", tmp_path) == []
    (tmp_path / "file").write_text("")
    filters.remember(seeded, "deal", "rossi", tmp_path / "file")


def test_what_is_planned_with_an_item_is_asked_for_like_a_field(seeded: Session, clock: Clock) -> None:
    def found(text: str) -> list[int]:
        return sorted(seeded.ids("deal", filters.compile_for(seeded, "deal", text)))

    late = activities.add(seeded, Ref("deal", 1), "Late", "2026-11-20T09:00:00Z")
    activities.add(seeded, Ref("deal", 1), "Later", "2026-12-20T09:00:00Z")
    activities.add(seeded, Ref("deal", 2), "Today", "2026-11-23T15:00:00Z")
    assert found("next_activity < today") == [1]
    assert found("next_activity = today") == [2]
    assert found('"Next activity" <= today') == [1, 2]
    assert found("activities is empty") == found("next_activity is empty") == [3]
    assert found("activities is not empty and next_activity > -1d") == [2]
    activities.done(seeded, late)
    assert found("next_activity < today") == []
    clock.tick(days=15)
    assert found("idle > 14d") == found("idle > 2w") == found("idle >= 15") == found("idle = 15d") == [1, 2, 3]
    assert found("idle > 15d") == found("idle > 360h") == found("idle < 15d") == []
    items.edit(seeded, Ref("deal", 2), {"title": "Changed"})
    activities.done(seeded, activities.add(seeded, Ref("deal", 3), "Ring", "2026-12-08T09:00:00Z"))
    assert found("idle > 14d") == [1]
    assert found("not idle > 14d") == found("idle < 1d") == found("idle != 15") == [2, 3]
    assert found("idle in (15, 16)") == [1]


@pytest.mark.parametrize(
    "text", ["idle is empty", "idle > soon", "idle > -3d", "idle ~ 3", "idle > 9999999", "idle > 1x"]
)
def test_what_no_item_can_be_idle_for_is_told(seeded: Session, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        filters.compile_for(seeded, "deal", text)
    assert caught.value.position is not None
    assert seeded.ids("deal", filters.compile_for(seeded, "deal", "idle > 999999d")) == []


def test_a_field_of_ones_own_that_is_called_alike_is_meant(seeded: Session) -> None:
    add_field(seeded, "deal", "Idle", "integer")
    items.add(seeded, "deal", {"title": "T", "idle": 3})
    assert seeded.ids("deal", filters.compile_for(seeded, "deal", "idle = 3")) == [4]
