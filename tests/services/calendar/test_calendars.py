"""Whose calendars there are, and how they are called."""

from __future__ import annotations

from tuicrm.services.calendar import calendars
from tuicrm.services.calendar.occurrences import Whose
from tuicrm.services.kernel.session import Session


def test_ones_own_comes_first_then_colleagues_departments_everybody(seeded: Session) -> None:
    keys = [one.key for one in calendars.choices(seeded)]
    assert keys[:2] == ["person:anna", "person:luca"]
    assert "department:company" in keys
    assert keys[-1] == "all"


def test_what_is_chosen_is_shown_and_told(seeded: Session) -> None:
    both = calendars.whose_of(seeded, ["person:luca", "person:anna"])
    assert both == Whose(people=("luca", "anna"))
    assert calendars.told(seeded, both) == "Luca Riva, Anna Bianchi"
    assert calendars.keys_of(both) == ("person:luca", "person:anna")
    assert calendars.whose_of(seeded, []) == calendars.mine(seeded) == Whose(people=("anna",))
    everybody = calendars.whose_of(seeded, ["person:luca", "all"])
    assert calendars.told(seeded, everybody) == "everybody"
    assert calendars.keys_of(everybody) == ("all",)
    part = calendars.whose_of(seeded, ["department:company"])
    assert part == Whose(department="company")
    assert calendars.told(seeded, part) == seeded.workspace.departments["company"].name


def test_side_by_side_each_stands_for_itself(seeded: Session) -> None:
    assert calendars.apart(seeded, Whose(people=("anna",), department="company", rooms=("blue",))) == [
        ("Anna Bianchi", Whose(people=("anna",))),
        ("Luca Riva", Whose(people=("luca",))),
        ("blue", Whose(rooms=("blue",))),
    ]
    assert [name for name, _whose in calendars.apart(seeded, Whose())] == ["everybody"]


def test_somebody_who_is_gone_is_left_out(seeded: Session) -> None:
    gone = Whose(people=("nobody",), department="nowhere")
    assert calendars.told(seeded, gone) == ""
    assert calendars.apart(seeded, gone) == [("", gone)]
