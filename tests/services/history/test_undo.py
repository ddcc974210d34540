"""Undo and redo: per person, across sessions, refused where others built on it; any sequence undone gives the first state."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import OpenAs
from tests.doors import require_field
from tuicrm.domain import layouts as edits
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.errors import Conflict, CrmError, NotFound, RequiredFields
from tuicrm.services.history.step_names import naming
from tuicrm.services.history.undo import next_step, redo, undo
from tuicrm.services.items import activities, items, stages, timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session
from tuicrm.store.protocol import Find

D1, D2 = Ref("deal", 1), Ref("deal", 2)
TABLES = ("deal", "company", "entry", "activity", "layout", "field")


def state(session: Session) -> dict[str, list[Any]]:
    """All documents that people's changes touch."""
    return {t: [(r.id, r.doc) for r in session.store.find(Find(t)).records] for t in TABLES}


def test_there_is_nothing_to_undo_in_a_new_workspace(workspace: Session) -> None:
    with pytest.raises(NotFound):
        undo(workspace)
    with pytest.raises(NotFound):
        redo(workspace)


def test_a_move_is_taken_back_with_its_entry_and_done_again(seeded: Session) -> None:
    before = state(seeded)
    stages.move(seeded, D1, "preparation")
    after = state(seeded)
    assert undo(seeded).label == "move D-1 to Document preparation"
    assert state(seeded) == before
    redo(seeded)
    assert state(seeded) == after


def test_a_deleted_item_comes_back_with_its_past(seeded: Session) -> None:
    timeline.comment(seeded, D1, "hello")
    before = state(seeded)
    items.delete(seeded, [D1])
    undo(seeded)
    assert state(seeded) == before
    assert [e.kind for e in timeline.view(seeded, D1).entries] == ["comment", "created"]


def test_undo_goes_on_backwards_and_a_new_change_ends_redo(seeded: Session) -> None:
    items.edit(seeded, D1, {"title": "A"})
    items.edit(seeded, D1, {"title": "B"})
    undo(seeded)
    undo(seeded)
    assert seeded.get(D1).get("title") == "Website redesign"
    redo(seeded)
    assert seeded.get(D1).get("title") == "A"
    items.edit(seeded, D1, {"title": "C"})
    with pytest.raises(NotFound):
        redo(seeded)
    undo(seeded)
    assert seeded.get(D1).get("title") == "A"
    undo(seeded)
    assert seeded.get(D1).get("title") == "Website redesign"


def test_each_undoes_their_own_in_any_session(seeded: Session, open_as: OpenAs) -> None:
    items.edit(seeded, D1, {"title": "Anna's"})
    luca = open_as("luca")
    items.edit(luca, D2, {"title": "Luca's"})
    undo(open_as("anna"))
    assert luca.get(D2).get("title") == "Luca's"
    seeded.store.refresh()
    assert seeded.get(D1).get("title") == "Website redesign"


def test_undo_is_refused_with_the_reason_where_others_changed_the_same_field(seeded: Session, open_as: OpenAs) -> None:
    items.edit(seeded, D2, {"title": "Anna's"})
    luca = open_as("luca")
    items.edit(luca, D2, {"title": "Luca's"})
    seeded.store.refresh()
    with pytest.raises(Conflict, match="Luca Riva changed Title of D-2 since"):
        undo(seeded)
    assert seeded.get(D2).get("title") == "Luca's"


def test_undo_leaves_what_others_changed_beside_it(seeded: Session, open_as: OpenAs) -> None:
    items.edit(seeded, D2, {"title": "Anna's"})
    items.edit(open_as("luca"), D2, {"comment": "Luca's"})
    seeded.store.refresh()
    undo(seeded)
    item = seeded.get(D2)
    assert (item.get("title"), item.get("comment")) == ("ERP connector", "Luca's")


def test_undo_empties_nothing_that_is_required_today_and_moves_nowhere_that_lacks(
    seeded: Session, open_as: OpenAs
) -> None:
    luca = open_as("luca")

    def require(*stages_: str) -> None:
        require_field(seeded, "deal", "comment", always=False, pipeline="general", stages=stages_)
        luca.store.refresh()

    items.edit(luca, D2, {"comment": "filled"})
    require("new")
    with pytest.raises(RequiredFields, match="Comment"):
        undo(luca)
    require()
    undo(luca)
    stages.move(luca, D2, "preparation")
    require("new")
    with pytest.raises(RequiredFields, match="New requires: Comment"):
        undo(luca)
    require("executing")
    undo(luca)
    assert luca.get(D2).get("stage") == "new"


def test_what_is_missing_anyway_stands_in_no_way_of_undo(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    items.edit(luca, D2, {"title": "Renamed"})
    require_field(seeded, "deal", "comment", always=True)
    luca.store.refresh()
    undo(luca)
    assert luca.get(D2).get("title") == "ERP connector"
    redo(luca)
    assert luca.get(D2).get("title") == "Renamed"


def test_a_creation_others_built_on_is_not_undone(seeded: Session, open_as: OpenAs) -> None:
    made = items.add(seeded, "deal", {"title": "New", "responsible": "luca"})
    items.edit(open_as("luca"), made.ref, {"title": "Changed"})
    seeded.store.refresh()
    with pytest.raises(Conflict):
        undo(seeded)


def test_a_batch_is_one_undo_even_after_compaction_and_a_restart(seeded: Session, open_as: OpenAs) -> None:
    before = state(seeded)
    with seeded.bulk("import") as bulk:
        for n in range(30):
            with bulk.change() as change:
                change.add("company", {"title": f"Company {n}"})
    after = state(seeded)
    assert seeded.store.files.compact()
    again = open_as("anna")
    assert undo(again).label == "import"
    assert state(again) == before
    redo(again)
    assert state(again) == after


def test_layout_steps_undo_one_by_one(seeded: Session) -> None:
    first = layouts.current(seeded, LayoutPlace("deal", "general"))
    for step in (1, 1, -1):
        layouts.edit(
            seeded, LayoutPlace("deal", "general"), "move", partial(edits.move_field, field="amount", step=step)
        )
    for _n in range(3):
        undo(seeded)
    assert layouts.current(seeded, LayoutPlace("deal", "general")) == first


# -- any sequence ------------------------------------------------------------------------------------------------------
def _edit(session: Session, n: int) -> None:
    ids = session.ids("deal")
    items.edit(session, Ref("deal", ids[n % len(ids)]), {"title": f"T{n}", "comment": None if n % 3 else f"C{n}"})


def _move(session: Session, n: int) -> None:
    ids = session.ids("deal")
    places = session.workspace.pipelines("deal")[0].stages
    stages.move(session, Ref("deal", ids[n % len(ids)]), places[n % len(places)].key)


def _move_many(session: Session, n: int) -> None:
    places = session.workspace.pipelines("deal")[0].stages
    stages.move_many(session, [Ref("deal", item_id) for item_id in session.ids("deal")], places[n % len(places)].key)


def _delete(session: Session, n: int) -> None:
    ids = session.ids("deal")
    items.delete(session, [Ref("deal", ids[n % len(ids)])])


def _entry(session: Session, n: int) -> None:
    found = session.store.find(Find("entry")).records
    record = found[n % len(found)]
    if n % 2:
        timeline.note(session, "entry", record.id, f"note {n}")
    else:
        timeline.pin(session, record.id, pinned=not record.doc.get("pinned"))


def _layout(session: Session, n: int) -> None:
    keys = [f.key for f in session.workspace.fields("deal").values()]
    key = keys[n % len(keys)]
    layouts.edit(session, LayoutPlace("deal", "general"), "step", lambda layout: edits.place_field(layout, key, n % 2))


STEPS: list[Callable[[Session, int], object]] = [
    lambda session, n: items.add(session, "deal", {"title": f"New {n}"}),
    _edit,
    _move,
    _move_many,
    _delete,
    lambda session, n: timeline.comment(session, Ref("deal", session.ids("deal")[0]), f"text {n}"),
    lambda session, n: activities.add(session, Ref("deal", session.ids("deal")[0]), f"do {n}", "2026-12-01T10:00:00Z"),
    _entry,
    _layout,
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 50)), max_size=12))
def test_any_sequence_undone_gives_the_first_state(tmp_path_factory: Any, sequence: list[tuple[int, int]]) -> None:
    folder: Path = tmp_path_factory.mktemp("undo") / "w"
    create_workspace(folder, person=Maker("anna", "Anna"), settings=Settings("T"))
    session = open_session(folder, login="anna")
    try:
        items.add(session, "deal", {"title": "first"})
        states = [state(session)]
        for step, n in sequence:
            seq = session.store.seq()
            try:
                STEPS[step](session, n)
            except (CrmError, IndexError, ZeroDivisionError):
                assert session.store.seq() == seq
                continue
            if session.store.seq() > seq:
                states.append(state(session))
        for expected in reversed(states[:-1]):
            undo(session)
            assert state(session) == expected
        for expected in states[1:]:
            redo(session)
            assert state(session) == expected
    finally:
        session.close()


def test_the_next_step_is_told_with_its_items_and_whose_doing_it_is(seeded: Session, open_as: OpenAs) -> None:
    assert next_step(seeded, again=True) is None
    items.edit(seeded, D1, {"title": "A [/]"})
    here = next_step(seeded)
    assert here is not None
    assert (here.about, here.refs, here.own) == ("change Title of D-1 (A [/])", (D1,), True)
    # A comment names no item itself; another session of the same person did it.
    other = open_as("anna")
    timeline.comment(other, D2, "hello")
    seeded.store.refresh()
    there = next_step(seeded)
    assert there is not None
    assert (there.refs, there.own) == ((D2,), False)
    assert there.about == "comment on D-2 (ERP connector)"
    with pytest.raises(Conflict, match="meanwhile"):
        undo(seeded, here.seq)
    assert undo(seeded, there.seq).about == there.about
    # Taken back here: to do it again is a step of this session, and so is what was done again.
    back = next_step(seeded, again=True)
    assert back is not None
    assert back.own
    with pytest.raises(Conflict, match="meanwhile"):
        redo(seeded, back.seq + 1)
    redo(seeded, back.seq)
    again = next_step(seeded)
    assert again is not None
    assert (again.seq, again.own) == (there.seq, True)


def test_a_step_names_a_few_of_many_items_and_what_was_deleted_and_nothing_unreadable(seeded: Session) -> None:
    refs = [items.add(seeded, "deal", {"title": f"T{n} " + "x" * 80}).ref for n in range(7)]
    items.delete(seeded, refs)
    step = next_step(seeded)
    assert step is not None
    assert step.about.startswith("delete 7 (")
    assert step.about.endswith("…)")
    assert step.about.count("xx…") == 3
    assert naming(seeded, "change it", [Ref("deal", 999), Ref("nothing", 1)][:1]) == "change it"
