"""The timeline: comments, pins, notes, activities, and in which order they stand."""

from __future__ import annotations

import pytest

from tests.conftest import Clock, OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.limits import COMMENT
from tuicrm.services.calendar import planning
from tuicrm.services.items import activities, due_counts, timeline
from tuicrm.services.items.activity_kinds import add_kind
from tuicrm.services.kernel import lookup
from tuicrm.services.kernel.session import Session

D1, D2 = Ref("deal", 1), Ref("deal", 2)


def texts(session: Session, ref: Ref = D1, *groups: str) -> list[tuple[str, str]]:
    return [(e.group, e.text or e.title) for e in timeline.view(session, ref, groups).entries]


def test_planned_stand_on_top_then_pinned_then_days_newest_first(seeded: Session, clock: Clock) -> None:
    clock.tick(days=1)
    first = timeline.comment(seeded, D1, "first")
    clock.tick(hours=1)
    timeline.comment(seeded, D1, "second")
    activities.add(seeded, D1, "later", "2026-12-02T09:00:00Z")
    activities.add(seeded, D1, "sooner", "2026-12-01T09:00:00Z")
    timeline.pin(seeded, first)
    assert texts(seeded) == [
        ("planned", "sooner"),
        ("planned", "later"),
        ("pinned", "first"),
        ("day", "second"),
        ("day", "first"),
        ("day", "Created"),
    ]
    assert [e.day for e in timeline.view(seeded, D1).entries][-3:] == ["Today", "Today", "Yesterday"]


def test_a_done_activity_goes_into_the_past_and_can_come_back(seeded: Session, clock: Clock) -> None:
    activity = activities.add(seeded, D1, "call", "2026-11-20T09:00:00Z")
    entry = timeline.view(seeded, D1).entries[0]
    assert (entry.group, entry.late) == ("planned", True)
    clock.tick(minutes=1)
    activities.done(seeded, activity)
    assert texts(seeded)[0] == ("day", "call")
    activities.done(seeded, activity, undone=True)
    assert texts(seeded)[0] == ("planned", "call")


def test_the_filter_shows_only_its_kinds(seeded: Session) -> None:
    timeline.comment(seeded, D1, "said")
    activities.add(seeded, D1, "to do", "2026-12-01T09:00:00Z")
    assert texts(seeded, D1, "comments") == [("day", "said")]
    assert texts(seeded, D1, "activities") == [("planned", "to do")]
    assert texts(seeded, D1, "changes") == [("day", "Created")]
    assert timeline.view(seeded, D1, ["comments"]).total == 3


def test_at_most_seven_pins(seeded: Session) -> None:
    entries = [timeline.comment(seeded, D1, f"c{n}") for n in range(8)]
    for entry in entries[:7]:
        timeline.pin(seeded, entry)
    with pytest.raises(Refused, match="At most 7"):
        timeline.pin(seeded, entries[7])
    timeline.pin(seeded, entries[0], pinned=False)
    timeline.pin(seeded, entries[7])


def test_a_comment_is_changed_and_deleted_by_its_author_or_who_may_change_the_item(
    seeded: Session, open_as: OpenAs
) -> None:
    luca = open_as("luca")
    theirs = timeline.comment(seeded, D1, "Anna's")
    luca.store.refresh()
    with pytest.raises(AccessDenied):
        timeline.edit_comment(luca, theirs, "Luca's")
    mine = timeline.comment(luca, D1, "Luca's")
    timeline.edit_comment(luca, mine, "better")
    seeded.store.refresh()
    entry = timeline.view(seeded, D1).entries[0]
    assert (entry.text, entry.edited, entry.by) == ("better", True, "Luca Riva")
    timeline.delete_entry(seeded, mine)
    with pytest.raises(NotFound):
        timeline.edit_comment(seeded, mine, "gone")


def test_what_happened_cannot_be_changed_or_deleted_but_noted(seeded: Session) -> None:
    created = timeline.view(seeded, D1).entries[0]
    with pytest.raises(Refused):
        timeline.edit_comment(seeded, created.id, "x")
    with pytest.raises(Refused):
        timeline.delete_entry(seeded, created.id)
    timeline.note(seeded, created.table, created.id, " from the fair ")
    assert timeline.view(seeded, D1).entries[0].note == "from the fair"
    timeline.note(seeded, created.table, created.id, "")
    assert timeline.view(seeded, D1).entries[0].note == ""


def test_pinning_needs_the_right_to_change_the_item(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    entry = timeline.comment(luca, D1, "mine")
    with pytest.raises(AccessDenied):
        timeline.pin(luca, entry)


def test_an_activity_shows_its_colour_else_that_of_its_kind(seeded: Session) -> None:
    visit = add_kind(seeded, "Visit", colour="3").key
    planning.plan(seeded, D1, "Look", at="2026-11-24T09:00:00Z", kind=visit)
    planning.plan(seeded, D1, "Look again", at="2026-11-24T10:00:00Z", kind=visit, colour="4")
    planning.plan(seeded, D1, "Ring", at="2026-11-24T11:00:00Z", kind="call")
    assert [one.colour for one in timeline.view(seeded, D1).entries[:3]] == ["3", "4", ""]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (COMMENT.most + 1)])
def test_a_comment_needs_text_and_not_too_much(seeded: Session, text: str) -> None:
    with pytest.raises(Refused):
        timeline.comment(seeded, D1, text)


def test_hostile_text_is_kept_as_it_is(seeded: Session) -> None:
    hostile = "[/] [@click=app.quit]x[/] \x1b]52;c;aGk=\x07 \u202egnp.exe"
    timeline.comment(seeded, D1, hostile)
    assert timeline.view(seeded, D1).entries[0].text == hostile


def test_an_activity_needs_words(seeded: Session) -> None:
    with pytest.raises(Refused):
        activities.add(seeded, D1, " ", "2026-12-01T09:00:00Z")


def test_activities_have_the_rights_of_their_item(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    with pytest.raises(AccessDenied):
        activities.add(luca, D1, "x", "2026-12-01T09:00:00Z")
    activity = activities.add(luca, D2, "x", "2026-12-01T09:00:00Z")
    activities.edit(luca, activity, {"what": "y"})
    activities.delete(luca, activity)
    assert activities.open_of(luca, D2) == []


def test_the_default_time_is_three_working_days_on_rounded_up(seeded: Session, clock: Clock) -> None:
    assert activities.default_time(seeded.context()) == "2026-11-26T10:00:00Z"
    clock.tick(days=4, minutes=1)  # Friday, 10:01
    assert activities.default_time(seeded.context()) == "2026-12-02T11:00:00Z"


def counted(session: Session, type_key: str, among: set[int] | None = None) -> due_counts.Due:
    counts = due_counts.DueCounts(session, type_key)
    counts.follow()
    return counts.among(among)


def test_late_and_todays_activities_are_counted(seeded: Session) -> None:
    for at in ("2026-11-20T09:00:00Z", "2026-11-23T09:00:00Z", "2026-11-23T20:00:00Z", "2026-11-24T09:00:00Z"):
        activities.add(seeded, D1, "x", at)
    done = activities.add(seeded, D2, "x", "2026-11-20T09:00:00Z")
    activities.done(seeded, done)
    due = counted(seeded, "deal")
    assert (due.late, due.today) == (2, 1)
    assert counted(seeded, "deal", {2}).late == 0
    assert counted(seeded, "lead").late == 0


def test_a_stage_that_is_gone_keeps_its_name_in_the_past(seeded: Session) -> None:
    from tuicrm.services.items import stages

    stages.move(seeded, D1, "preparation")
    stages.move(seeded, D1, "new")
    kept = seeded.workspace.entry("pipeline", "general")
    pipelines = seeded.workspace.records["pipeline"].values()
    kept = next(each for each in pipelines if each.doc["type"] == "deal")
    left = [stage for stage in kept.doc["stages"] if stage["key"] != "preparation"]
    with seeded.change("delete a stage") as change:
        change.put("pipeline", {**kept.doc, "stages": left}, kept.id)
    assert ("day", "Document preparation → New") in texts(seeded)


def test_the_timeline_of_what_one_may_not_read_is_empty(seeded: Session, open_as: OpenAs) -> None:
    with seeded.change("own only") as change:
        role = next(each for each in seeded.workspace.records["role"].values() if each.doc["key"] == "manager")
        change.put("role", {**role.doc, "rules": {"*": {"read": "own"}}}, role.id)
    luca = open_as("luca")
    assert timeline.view(luca, D1).entries == ()
    assert timeline.view(luca, D2).entries != ()
    with pytest.raises(NotFound):
        timeline.comment(luca, D1, "x")
    assert lookup.read_ref(luca, "D-1") == D1
