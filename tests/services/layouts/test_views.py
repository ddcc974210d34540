"""Views: made of the card as it stands, for chosen people and departments; listed, renamed, reordered, deleted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.conftest import Clock, OpenAs
from tuicrm.domain import layouts as edits
from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts, views

PLACE = LayoutPlace("deal", "general")


def names(session: Session) -> list[str]:
    session.store.refresh()
    return [kept.record.name for kept in views.views(session, PLACE)]


def first(session: Session) -> str:
    """The layout a person's cards have."""
    session.store.refresh()
    return layouts.in_use(session, PLACE).choice


def test_a_view_is_the_card_as_it_stands_for_those_it_is_made_for(seeded: Session, open_as: OpenAs) -> None:
    layouts.edit(seeded, PLACE, "hide", partial(edits.hide_field, field="source"))
    made = views.add_view(seeded, PLACE, "  House  sales ", ["luca"])
    assert (made.record.name, made.record.key, made.record.members) == (
        "House sales",
        "house_sales",
        ["luca"],
    )
    layouts.edit(seeded, PLACE, "hide", partial(edits.hide_field, field="amount"))
    luca = open_as("luca")
    assert first(luca) == "view:house_sales"
    assert first(seeded) == "common"
    assert edits.where(layouts.current(luca, PLACE), "source") is None
    assert edits.where(layouts.current(luca, PLACE), "amount") is not None


def test_a_view_can_be_made_of_another_layout(seeded: Session) -> None:
    built_in = layouts.available(seeded, PLACE)[-1]
    layouts.edit(seeded, PLACE, "hide", partial(edits.hide_field, field="source"))
    made = views.add_view(seeded, PLACE, "Whole", ["anna"], layout=built_in)
    assert edits.where(made.record.layout, "source") is not None


def test_names_are_told_apart(seeded: Session) -> None:
    views.add_view(seeded, PLACE, "Sales", [])
    views.add_view(seeded, PLACE, "Sales!", [])
    assert [kept.record.key for kept in views.views(seeded, PLACE)] == ["sales", "sales_2"]
    for bad, told in (("", "needs a name"), ("   ", "needs a name"), ("SALES", "already"), ("x" * 81, "at most 80")):
        with pytest.raises(Refused, match=told) as refused:
            views.add_view(seeded, PLACE, bad, [])
        assert [problem.field for problem in refused.value.fields] == ["name"]
    # Another pipeline or type has views of its own.
    assert views.add_view(seeded, LayoutPlace("contact"), "Sales", []).record.key == "sales"
    views.rename_view(seeded, PLACE, "sales", "Sales")
    with pytest.raises(Refused, match="already"):
        views.rename_view(seeded, PLACE, "sales", "sales!")


def test_views_are_found_by_key_or_name(seeded: Session) -> None:
    views.add_view(seeded, PLACE, "Big ones", [])
    assert views.find_view(seeded, PLACE, "big_ones") == views.find_view(seeded, PLACE, " BIG ones ")
    with pytest.raises(NotFound, match="choose one of: Big ones"):
        views.find_view(seeded, PLACE, "Small ones")
    with pytest.raises(NotFound, match=r"There is no view “Big ones” here$"):
        views.find_view(seeded, LayoutPlace("contact"), "Big ones")


def test_who_it_is_for_changes_for_those_at_work(seeded: Session, open_as: OpenAs, clock: Clock) -> None:
    luca = open_as("luca")
    views.add_view(seeded, PLACE, "First", [])
    views.add_view(seeded, PLACE, "Second", ["luca"])
    clock.tick(minutes=1)
    views.set_members(seeded, PLACE, "first", ["luca", "anna", "luca"])
    # Among equals the newest.
    assert (first(luca), first(seeded)) == ("view:first", "view:first")
    assert views.member_names(seeded, ["luca", "department:company", "gone", "department:gone"]) == [
        "Luca Riva", "Test company", "gone", "department:gone"
    ]  # fmt: skip
    with pytest.raises(Refused, match="nobody, department:nowhere"):
        views.set_members(seeded, PLACE, "first", ["luca", "nobody", "department:nowhere"])
    undo(seeded)
    assert (first(luca), first(seeded)) == ("view:second", "built-in")


def test_renaming_and_reordering_make_no_view_newer(seeded: Session, open_as: OpenAs, clock: Clock) -> None:
    views.add_view(seeded, PLACE, "Older", ["luca"])
    clock.tick(seconds=1)
    views.add_view(seeded, PLACE, "Newer", ["luca"])
    luca = open_as("luca")
    views.rename_view(seeded, PLACE, "older", "Oldest")
    assert first(luca) == "view:newer"
    assert views.move_view(seeded, PLACE, "newer", -1)
    assert first(luca) == "view:newer"
    assert views.move_view(seeded, PLACE, "newer", 1)
    assert first(luca) == "view:newer"


def test_they_are_put_in_order(seeded: Session) -> None:
    for name in ("A", "B", "C"):
        views.add_view(seeded, PLACE, name, [])
    assert views.move_view(seeded, PLACE, "c", -1)
    assert names(seeded) == ["A", "C", "B"]
    assert not views.move_view(seeded, PLACE, "a", -1)
    assert not views.move_view(seeded, PLACE, "b", 1)
    assert views.move_view(seeded, PLACE, "a", 1)
    assert names(seeded) == ["C", "A", "B"]
    undo(seeded)
    undo(seeded)
    assert names(seeded) == ["A", "B", "C"]


def test_each_step_is_one_undo(seeded: Session) -> None:
    steps: list[tuple[Callable[[], object], list[str]]] = [
        (lambda: views.add_view(seeded, PLACE, "A", ["anna"]), ["A"]),
        (lambda: views.add_view(seeded, PLACE, "B", ["anna"]), ["A", "B"]),
        (lambda: views.rename_view(seeded, PLACE, "b", "BB"), ["A", "BB"]),
        (lambda: views.move_view(seeded, PLACE, "b", -1), ["BB", "A"]),
        (lambda: views.delete_view(seeded, PLACE, "a"), ["BB"]),
    ]
    states = [names(seeded)]
    for step, expected in steps:
        step()
        assert names(seeded) == expected
        states.append(expected)
    for expected in reversed(states[:-1]):
        undo(seeded)
        assert names(seeded) == expected
    for expected in states[1:]:
        redo(seeded)
        assert names(seeded) == expected


def test_name_members_and_shape_change_in_one_step(seeded: Session, open_as: OpenAs) -> None:
    views.add_view(seeded, PLACE, "A", [])
    layouts.edit(seeded, PLACE, "hide", partial(edits.hide_field, field="source"))
    seq = seeded.store.seq()
    made = views.edit_view(
        seeded, PLACE, "a", name="Short", members=["luca"], layout=layouts.available(seeded, PLACE)[-1]
    )
    assert seeded.store.seq() == seq + 1
    assert (made.record.key, made.record.name, made.record.members) == ("a", "Short", ["luca"])
    assert edits.where(layouts.current(open_as("luca"), PLACE), "source") is None
    with pytest.raises(Refused, match="nobody"):
        views.edit_view(seeded, PLACE, "a", name="Long", members=["nobody"])
    undo(seeded)
    assert names(seeded) == ["A"]
    with pytest.raises(AccessDenied):
        views.edit_view(open_as("luca"), PLACE, "a", name="Mine")


def test_what_changes_nothing_is_no_step(seeded: Session) -> None:
    views.add_view(seeded, PLACE, "A", ["anna"])
    seq = seeded.store.seq()
    views.rename_view(seeded, PLACE, "a", " A ")
    views.set_members(seeded, PLACE, "a", ["anna"])
    assert seeded.store.seq() == seq


def test_views_need_the_right(seeded: Session, open_as: OpenAs) -> None:
    views.add_view(seeded, PLACE, "A", ["luca"])
    views.add_view(seeded, PLACE, "B", ["luca"])
    luca = open_as("luca")
    kept = views.find_view(luca, PLACE, "a")
    attempts: list[Callable[[], object]] = [
        lambda: views.add_view(luca, PLACE, "C", ["luca"]),
        lambda: views.rename_view(luca, PLACE, "a", "AA"),
        lambda: views.set_members(luca, PLACE, "a", []),
        lambda: views.move_view(luca, PLACE, "a", 1),
        lambda: views.delete_view(luca, PLACE, "a"),
        lambda: layouts.edit(luca, PLACE, "hide", partial(edits.hide_field, field="amount")),
        lambda: layouts.reset(luca, PLACE, LayoutUse("view", kept.record.layout, kept)),
    ]
    for attempt in attempts:
        with pytest.raises(AccessDenied):
            attempt()
    assert names(seeded) == ["A", "B"]


@pytest.mark.parametrize(
    "step",
    [
        lambda session: views.rename_view(session, PLACE, "a", "AA"),
        lambda session: views.set_members(session, PLACE, "a", ["luca"]),
        lambda session: views.delete_view(session, PLACE, "a"),
        lambda session: views.move_view(session, PLACE, "a", 1),
    ],
)
def test_a_view_that_someone_deleted_is_gone(
    seeded: Session, open_as: OpenAs, step: Callable[[Session], object]
) -> None:
    views.add_view(seeded, PLACE, "A", [])
    views.add_view(seeded, PLACE, "B", [])
    again = open_as("anna")
    views.delete_view(seeded, PLACE, "a")
    with pytest.raises((NotFound, Conflict)):
        step(again)


def test_a_name_that_someone_gave_just_now_is_taken(seeded: Session, open_as: OpenAs) -> None:
    again = open_as("anna")
    views.add_view(seeded, PLACE, "A", [])
    with pytest.raises(Refused, match="already"):
        views.add_view(again, PLACE, "a", [])
    assert names(again) == ["A"]
