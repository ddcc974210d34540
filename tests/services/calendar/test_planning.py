"""Planning with all parts: what follows from what is given, what is refused, who sees it where."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.services.calendar import planning
from tuicrm.services.items import activities, due_counts, items, timeline
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session

D1, D2, C1, CO1 = Ref("deal", 1), Ref("deal", 2), Ref("contact", 1), Ref("company", 1)
TEN, ELEVEN, NOON = "2027-01-12T10:00:00Z", "2027-01-12T11:00:00Z", "2027-01-12T12:00:00Z"


def doc(session: Session, number: int) -> dict[str, Any]:
    return session.record(ACTIVITIES, number).doc


def when(session: Session, number: int) -> dict[str, Any]:
    names = ("at", "start", "end", "day", "last_day")
    return {name: value for name, value in doc(session, number).items() if name in names}


def test_all_parts_are_kept_and_nothing_empty(seeded: Session) -> None:
    number = planning.plan(
        seeded, D1, " Meet ", kind="meeting", start=TEN, end=ELEVEN, also=[str(D1), str(C1), str(C1)], people=["luca", "anna"],
        contacts=[str(C1)], place="Via Roma 1", colour="2", priority=3, reminders=[60, 15, 15], private=True, text="", files=[],
        responsible="luca",
    )  # fmt: skip
    assert doc(seeded, number) == {
        "owner": "deal:1", "what": "Meet", "kind": "meeting", "at": TEN, "end": ELEVEN, "zone": "UTC", "also": ["contact:1"],
        "people": {"luca": "asked", "anna": "accepted"}, "contacts": ["contact:1"], "place": "Via Roma 1", "colour": "2",
        "priority": 3, "reminders": [15, 60], "private": True, "responsible": "luca", "by": "anna", "done": False,
        "created": "2026-11-23T10:00:00Z",
    }  # fmt: skip
    bare = planning.plan(seeded, D1, "Ring", priority=2, private=False, place="", reminders=[])
    assert doc(seeded, bare)["at"] == "2026-11-26T10:00:00Z"
    assert not {"priority", "private", "place", "reminders", "start", "end", "also"} & doc(seeded, bare).keys()


def test_the_moment_that_counts_follows_from_what_is_given(seeded: Session) -> None:
    def planned(**fields: Any) -> dict[str, Any]:
        return when(seeded, planning.plan(seeded, D1, "W", **fields))

    assert planned(start=TEN) == planned(at=TEN) == planned(deadline=TEN) == {"at": TEN}
    assert planned(start=TEN, end=ELEVEN) == {"at": TEN, "end": ELEVEN}
    assert planned(start=TEN, end=ELEVEN, deadline=NOON) == {"at": NOON, "start": TEN, "end": ELEVEN}
    assert planned(day="2027-01-12") == {"at": "2027-01-12T23:59:59Z", "day": "2027-01-12"}
    assert planned(day="2027-01-12", last_day="2027-01-13") == {
        "at": "2027-01-13T23:59:59Z", "day": "2027-01-12", "last_day": "2027-01-13",
    }  # fmt: skip


def test_whole_days_end_where_the_person_is(seeded: Session) -> None:
    seeded.zone = ZoneInfo("Europe/Rome")
    number = planning.plan(seeded, D1, "Fair", day="2027-01-12")
    assert (doc(seeded, number)["at"], doc(seeded, number)["zone"]) == ("2027-01-12T22:59:59Z", "Europe/Rome")
    sydney = planning.plan(seeded, D1, "Fair", day="2027-01-12", zone="Australia/Sydney")
    assert doc(seeded, sydney)["at"] == "2027-01-12T12:59:59Z"


def test_a_change_takes_along_what_hangs_on_it(seeded: Session) -> None:
    number = planning.plan(seeded, D1, "W", start=TEN, end=ELEVEN)
    assert planning.edit(seeded, number, {"start": "2027-01-12T11:00:00Z"}) == {"at": ELEVEN, "end": NOON}
    assert planning.edit(seeded, number, {"end": "2027-01-12T13:00:00Z"}) == {"end": "2027-01-12T13:00:00Z"}
    planning.edit(seeded, number, {"deadline": "2027-01-12T18:00:00Z"})
    assert when(seeded, number) == {"at": "2027-01-12T18:00:00Z", "start": ELEVEN, "end": "2027-01-12T13:00:00Z"}
    planning.edit(seeded, number, {"start": TEN, "end": ELEVEN})
    assert when(seeded, number) == {"at": "2027-01-12T18:00:00Z", "start": TEN, "end": ELEVEN}
    planning.edit(seeded, number, {"deadline": None})
    assert when(seeded, number) == {"at": TEN, "end": ELEVEN}
    planning.edit(seeded, number, {"day": "2027-01-13"})
    assert when(seeded, number) == {"at": "2027-01-13T23:59:59Z", "day": "2027-01-13"}
    planning.edit(seeded, number, {"at": TEN})
    assert when(seeded, number) == {"at": TEN}
    due = planning.plan(seeded, D1, "By then", at=TEN)
    planning.edit(seeded, due, {"deadline": NOON})
    assert when(seeded, due) == {"at": NOON}
    assert planning.edit(seeded, due, {"what": "By then"}) == {}


def test_put_off_it_keeps_its_length_and_its_deadline_goes_along(seeded: Session) -> None:
    number = planning.plan(seeded, D1, "W", start=TEN, end=ELEVEN)
    activities.move(seeded, [number], lambda _at: NOON)
    assert when(seeded, number) == {"at": NOON, "end": "2027-01-12T13:00:00Z"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"end": TEN, "start": TEN}, "end"),
        ({"start": "soon"}, "at"),
        ({"day": "2027-02-30"}, "day"),
        ({"day": 5}, "day"),
        ({"day": "9999-12-31", "zone": "America/New_York"}, "day"),
        ({"day": "2027-01-12", "last_day": "2027-01-11"}, "last_day"),
        ({"people": ["nobody"]}, "people"),
        ({"people": {"luca": "perhaps"}}, "people"),
        ({"responsible": "nobody"}, "responsible"),
        ({"rooms": ["blue"]}, "rooms"),
        ({"kind": "dance"}, "kind"),
        ({"priority": 4}, "priority"),
        ({"reminders": ["soon"]}, "reminders"),
        ({"reminders": 15}, "reminders"),
        ({"reminders": [50_000]}, "reminders"),
        ({"also": ["x"]}, "also"),
        ({"colour": "red"}, "colour"),
        ({"place": 5}, "place"),
        ({"sparkle": 1}, "sparkle"),
        ({"what": "  "}, "what"),
        ({"what": None}, "what"),
    ],
)
def test_what_is_wrong_is_refused_with_its_field_and_nothing_is_written(
    seeded: Session, fields: dict[str, Any], field: str
) -> None:
    number = planning.plan(seeded, D1, "W", start=TEN, end=ELEVEN)
    before = seeded.store.seq()
    for act in (
        lambda: planning.plan(seeded, D1, **{"what": "W", **fields}),
        lambda: planning.edit(seeded, number, fields),
    ):
        with pytest.raises((Refused, NotFound)) as caught:
            act()
        assert caught.value.fields[0].field == field
    assert seeded.store.seq() == before


def test_every_bound_item_shows_it_and_only_its_owner_counts_it(seeded: Session) -> None:
    number = planning.plan(seeded, D1, "Meet", at="2026-11-23T09:00:00Z", also=[str(D2)], contacts=[str(C1)])
    for ref, title in ((D1, "Meet"), (D2, "Meet · D-1"), (C1, "Meet · D-1")):
        (entry,) = [one for one in timeline.view(seeded, ref).entries if one.group == "planned"]
        assert (entry.id, entry.title, entry.late) == (number, title, True)
        assert [one["id"] for one in timeline.records(seeded, ref, ["activities"])] == [number]
    assert activities.next_of(seeded, D1, seeded.context())[0] == "late"
    assert activities.next_of(seeded, D2, seeded.context())[0] == "none"
    counts = due_counts.DueCounts(seeded, "deal")
    counts.follow()
    assert counts.among() == due_counts.Due(1, 0)


def test_rights_are_those_of_the_items(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    for role in seeded.workspace.roles.values():
        entry = seeded.workspace.entry("role", role.key)
        if entry is not None and not role.admin:
            rules = {"*": {"read": "own", "edit": "own"}, "deal": {"read": "all", "edit": "own"}}
            with seeded.change("roles") as change:
                change.patch("role", entry.id, {"rules": rules})
    luca.store.refresh()
    with pytest.raises(AccessDenied):
        planning.plan(luca, D1, "W")
    with pytest.raises(NotFound):
        planning.plan(luca, D2, "W", also=[str(C1)])
    with pytest.raises(NotFound):
        planning.plan(luca, D2, "W", contacts=[str(C1)])
    planning.plan(luca, D2, "W", also=[str(D1)])


def test_of_a_private_one_others_learn_that_somebody_is_busy(seeded: Session, open_as: OpenAs) -> None:
    number = planning.plan(
        seeded, D2, "Doctor", start=TEN, end=ELEVEN, place="Clinic", text="Secret", private=True, also=[str(D1)]
    )
    luca = open_as("luca")
    seen = doc(luca, number)
    assert (seen["what"], seen["at"], seen["end"]) == ("busy", TEN, ELEVEN)
    texts = str(
        [timeline.records(luca, D2), timeline.view(luca, D2), timeline.view(luca, D1), activities.open_of(luca, D2)]
    )
    assert not any(word in texts for word in ("Doctor", "Clinic", "Secret"))
    for act in (
        lambda: planning.edit(luca, number, {"what": "Mine"}),
        lambda: activities.done(luca, number),
        lambda: activities.delete(luca, number),
    ):
        with pytest.raises(AccessDenied):
            act()
    activities.done(seeded, number)
    notes = [one.note for one in luca.store.past.log()]
    assert not any("Doctor" in note for note in notes)


def test_of_two_who_change_the_same_the_later_is_told(seeded: Session, open_as: OpenAs) -> None:
    number = planning.plan(seeded, D2, "W", start=TEN, end=ELEVEN)
    seen = doc(seeded, number)
    luca = open_as("luca")
    planning.edit(luca, number, {"place": "Here", "what": "Other"})
    seeded.store.refresh()
    planning.edit(seeded, number, {"colour": "3"}, base=seen)
    with pytest.raises(Conflict):
        planning.edit(seeded, number, {"what": "Mine"}, base=seen)
    assert (doc(seeded, number)["what"], doc(seeded, number)["colour"]) == ("Other", "3")


def test_what_is_finished_with_it_is_one_change(seeded: Session) -> None:
    first = planning.plan(seeded, D1, "Ring")
    second = planning.plan(seeded, D1, "Meet", finishing=first, start=TEN)
    assert doc(seeded, first)["done"] is True
    assert doc(seeded, second)["at"] == TEN


def test_a_merged_item_leaves_its_place_in_what_named_it(seeded: Session) -> None:
    from tuicrm.services.duplicates.merging import merge, plan

    other = items.add(seeded, "company", {"title": "Rossi"}).ref
    number = planning.plan(seeded, D1, "W", also=[str(other), str(CO1)], contacts=[str(other)])
    merge(seeded, plan(seeded, [CO1, other]), {"title": CO1})
    assert doc(seeded, number)["also"] == ["company:1"]
    assert doc(seeded, number)["contacts"] == ["company:1"]
