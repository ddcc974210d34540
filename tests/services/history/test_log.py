"""The log: who changed what, without what the reader may not see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.layouts import hide_field, move_field, place_fields
from tuicrm.services.boards import saved_filters
from tuicrm.services.definitions import field_changes
from tuicrm.services.history.log import LogLine, read_log
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items, timeline
from tuicrm.services.items.stages import move
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts
from tuicrm.services.workspace import people
from tuicrm.services.workspace.people import Details
from tuicrm.store.protocol import Op

D1, D2 = Ref("deal", 1), Ref("deal", 2)


def newest(session: Session) -> LogLine:
    return next(read_log(session))


def test_a_line_says_who_what_from_and_to(seeded: Session) -> None:
    items.edit(seeded, D1, items.values(seeded, "deal", {"amount": "13000 EUR"}))
    line = newest(seeded)
    assert (line.by, line.name) == ("anna", "Anna Bianchi")
    assert line.label == "change Amount of D-1"
    [record] = line.records
    assert (record.what, record.name, record.ref) == ("changed", "D-1 Website redesign", "D-1")
    [field] = record.fields
    assert (field.label, field.old, field.new) == ("Amount", "€ 12,500.00", "€ 13,000.00")


def test_stages_are_named(seeded: Session) -> None:
    first, second = seeded.workspace.pipelines("deal")[0].stages[:2]
    move(seeded, D1, second.key)
    [record] = newest(seeded).records
    sides = [(field.old, field.new) for field in record.fields if field.key == "stage"]
    assert sides == [(seeded.label(first.label), seeded.label(second.label))]


def test_comments_and_deletions_are_told(seeded: Session) -> None:
    timeline.comment(seeded, D1, "Call after five")
    [record] = newest(seeded).records
    assert (record.what, record.ref, record.fields[0].new) == ("added", "D-1", "Call after five")
    items.delete(seeded, [D1])
    [record] = newest(seeded).records
    assert (record.what, record.name) == ("deleted", "D-1 Website redesign")


def test_what_was_taken_back_and_done_again_is_told_as_such(seeded: Session) -> None:
    timeline.comment(seeded, D1, "Call after five")
    made = newest(seeded)
    undo(seeded)
    undone = newest(seeded)
    redo(seeded)
    again = newest(seeded)
    assert (made.undoes, made.redoes, undone.undoes, again.redoes) == (0, 0, made.seq, undone.seq)
    assert undone.label == f"undone: {made.label}"
    assert again.label == f"done again: {made.label}"


def test_the_log_of_some_items_by_someone_and_its_limit(seeded: Session, open_as: OpenAs) -> None:
    timeline.comment(open_as("luca"), D2, "Mine")
    seeded.store.refresh()
    assert len(list(read_log(seeded, refs=[D2]))) == 2
    assert [line.by for line in read_log(seeded, by="luca")] == ["luca"]
    assert len(list(read_log(seeded, limit=3))) == 3


def test_the_log_since_a_moment(seeded: Session) -> None:
    # The journal has its own clock: what is written now is later than an hour ago and earlier than in an hour.
    now = datetime.now(UTC)
    assert list(read_log(seeded, since=now + timedelta(hours=1))) == []
    assert list(read_log(seeded, since=now - timedelta(hours=1)))


def test_items_without_access_vanish(seeded: Session, open_as: OpenAs) -> None:
    entry = seeded.workspace.entry("role", "manager")
    assert entry is not None
    with seeded.change("own items only") as change:
        change.patch("role", entry.id, {"rules": {"*": {"read": "own", "edit": "own"}}})
    items.edit(seeded, D1, {"title": "Anna's secret"})
    items.edit(seeded, D2, {"title": "Luca's deal"})
    items.delete(seeded, [D1])
    shown = "".join(repr(line) for line in read_log(open_as("luca")))
    assert "secret" not in shown
    assert "D-1" not in shown
    assert "Luca's deal" in shown


def test_hidden_fields_vanish_and_labels_with_them(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "deal", "Margin", "integer")
    entry = next(iter(seeded.workspace.records["field"].values()))
    with seeded.change("hide it") as change:
        change.patch("field", entry.id, {"visible_to": ["anna"]})
    items.edit(seeded, D2, {"margin": 31})
    items.edit(seeded, D2, {"margin": 32, "title": "ERP"})
    luca = open_as("luca")
    line = newest(luca)
    assert line.label == "change of 1 record"
    assert [field.key for field in line.records[0].fields] == ["title"]
    assert all(field.key != "margin" for line in read_log(luca) for record in line.records for field in record.fields)


def test_definitions_are_told(workspace: Session) -> None:
    people.add_person(workspace, Details("Bea"))
    line = newest(workspace)
    assert line.label == "add the person Bea"
    assert [(record.what, record.name) for record in line.records] == [("added", "person bea")]


def told(session: Session) -> str:
    """Everything that the log says."""
    session.store.refresh()
    return str(list(read_log(session))).casefold()


def test_a_field_that_is_for_others_is_in_no_line(seeded: Session, open_as: OpenAs) -> None:
    place = LayoutPlace("deal", "general")
    luca = open_as("luca")
    add_field(seeded, "deal", "Margin", "number")
    layouts.edit(seeded, place, "move the field Margin", lambda it: place_fields(it, ["margin"], 0, 1))
    layouts.edit(seeded, place, "move the fields Amount, Margin", lambda it: place_fields(it, ["amount", "margin"], 1))
    layouts.edit(seeded, place, "hide the field Source", lambda it: hide_field(it, "source"))
    items.edit(seeded, D1, {"margin": "5", "title": "Renamed"})
    assert "margin" in told(luca)
    restrict_field(seeded, "deal", "margin", ["anna"])
    field_changes.change_field(seeded, "deal", "margin", label="Gain")
    layouts.edit(seeded, place, "move the field Gain", lambda it: move_field(it, "margin", -1))
    layouts.edit(seeded, place, "hide the field Gain", lambda it: hide_field(it, "margin"))
    assert "gain" not in told(luca)
    assert "margin" not in told(luca)
    assert "renamed" in told(luca)
    assert "hide the field source" in told(luca)
    assert "gain" in told(seeded)
    field_changes.delete_field(seeded, "deal", "margin")
    undo(seeded)
    assert "gain" not in told(luca)
    redo(seeded)
    assert "gain" not in told(luca)
    assert "delete the field gain" in told(seeded)


def test_wrong_kinds_in_layouts_do_no_harm(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "deal", "Margin")
    restrict_field(seeded, "deal", "margin", ["anna"])
    docs: list[dict[str, Any]] = [
        {"type": "deal", "variant": "general", "scope": "common", "sections": 5},
        {"type": 5, "sections": [5, {"fields": 5}, {"fields": [5]}]},
        {"type": "deal", "sections": None},
    ]
    for doc in docs:
        seeded.store.commit([Op("layout", 7, doc)], by="anna", note="a script")
    assert "a script" in told(open_as("luca"))


# -- what others keep for themselves -----------------------------------------------------------------------------------
def test_what_others_call_their_own_filters_is_not_told(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    filters = saved_filters
    one = filters.save(seeded, "deal", "Sack Luca", "amount > 1")
    filters.rename(seeded, one, "Sack Luca soon")
    filters.delete(seeded, next(iter(filters.saved(seeded, "deal"))))
    with seeded.change("both at once: Sack Luca") as change:
        change.put("filter", {"type": "deal", "name": "Sack Luca", "text": "amount > 2", "person": "anna"})
        change.edit(D2, {"title": "Renamed"})
    assert "sack" not in told(luca)
    assert "filter" not in told(luca)
    assert "renamed" in told(luca)
    assert "sack luca soon" in told(seeded)
    luca.store.refresh()
    filters.save(luca, "deal", "Luca's list", "amount > 3")
    assert "luca's list" in told(luca)
    # Not to administrators either: they are shown no more of them than others are.
    assert "luca's list" not in told(seeded)


def test_filters_for_everyone_are_told_until_they_are_for_oneself(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    one = saved_filters.save(seeded, "deal", "Large ones", "amount > 1", shared=True)
    assert "large ones" in told(luca)
    saved_filters.share(seeded, one, shared=False)
    one = saved_filters.find(seeded, "deal", "Large ones")
    saved_filters.rename(seeded, one, "Private ones")
    assert "stop sharing the filter “large ones”" in told(luca)
    assert "private" not in told(luca)


def test_a_filter_for_everyone_that_speaks_of_what_one_may_not_see_is_not_told(
    seeded: Session, open_as: OpenAs
) -> None:
    luca = open_as("luca")
    add_field(seeded, "deal", "Margin", "number")
    saved_filters.save(seeded, "deal", "Thin ones", "margin < 5", shared=True)
    assert "thin ones" in told(luca)
    restrict_field(seeded, "deal", "margin", ["anna"])
    assert "thin ones" not in told(luca)
    assert "thin ones" in told(seeded)


def test_what_others_do_with_a_layout_of_their_own_is_not_told(seeded: Session, open_as: OpenAs) -> None:
    place, luca = LayoutPlace("deal", "general"), open_as("luca")
    use = layouts.begin_personal(seeded, place)
    section = use.layout.sections[0].key
    layouts.edit(seeded, place, "rename the section to Bets on Luca", lambda it: hide_field(it, "source"), use)
    assert section
    assert "bets" not in told(luca)
    assert "layout" not in told(luca)
    assert "bets on luca" in told(seeded)
    luca.store.refresh()
    mine = layouts.begin_personal(luca, place)
    layouts.edit(luca, place, "my own way", lambda it: hide_field(it, "source"), mine)
    assert "my own way" in told(luca)
    assert "my own way" not in told(seeded)


def test_a_script_s_shapeless_filter_does_no_harm(seeded: Session, open_as: OpenAs) -> None:
    for doc in ({"type": "deal", "name": 5, "text": None}, {"type": "nothing", "person": 7}, {}):
        seeded.store.commit([Op("filter", 9, doc)], by="anna", note="a script")
    assert "a script" in told(open_as("luca"))
