"""Any sequence of layout edits keeps every field exactly once, shown or hidden, and is undone step by step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import OpenAs
from tuicrm.domain import layouts as edits
from tuicrm.domain.layout_use import Place
from tuicrm.domain.schema import Layout
from tuicrm.errors import CrmError
from tuicrm.services import items, layouts
from tuicrm.services.session import Session
from tuicrm.services.start import Maker, Settings, create_workspace, open_session
from tuicrm.services.undo import redo, undo

Step = Callable[..., Layout]


def test_steps_at_the_same_moment_are_both_kept(seeded: Session, open_as: OpenAs) -> None:
    """Neither session has seen what the other did."""
    other = open_as("anna")
    for session, field in ((seeded, "source"), (other, "type"), (seeded, "amount")):
        layouts.edit(session, Place("deal", "general"), "hide", partial(edits.hide_field, field=field))
    seeded.store.refresh()
    shown = [placed.field for s in layouts.current(seeded, Place("deal", "general")).sections for placed in s.fields]
    assert {"source", "type", "amount"}.isdisjoint(shown)
    assert sum(entry.doc["type"] == "deal" for entry in seeded.workspace.records["layout"].values()) == 1


STEPS: list[Step] = [
    lambda layout, field, section, n: edits.move_field(layout, field, 1 if n % 2 else -1),
    lambda layout, field, section, n: edits.place_field(layout, field, n % 5, n % 3),
    lambda layout, field, section, n: edits.hide_field(layout, field),
    lambda layout, field, section, n: edits.move_section(layout, section, 1 if n % 2 else -1),
    lambda layout, field, section, n: edits.rename_section(layout, section, f"Section {n}"),
    lambda layout, field, section, n: edits.delete_section(layout, section),
    lambda layout, field, section, n: edits.add_section(layout, f"user_{n:08}", f"New {n}"),
    lambda layout, field, section, n: edits.choose_fields(layout, n % 3, [field, "title", "amount"]),
]


def assert_each_once(session: Session) -> None:
    shown = [placed.field for s in layouts.current(session, Place("deal", "general")).sections for placed in s.fields]
    hidden = [field.key for field in layouts.hidden_fields(session, Place("deal", "general"))]
    assert sorted(shown + hidden) == sorted(session.workspace.fields("deal"))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 60), st.integers(0, 6)), max_size=15))
def test_any_sequence_of_layout_edits(tmp_path_factory: Any, sequence: list[tuple[int, int, int]]) -> None:
    folder = tmp_path_factory.mktemp("layout") / "w"
    create_workspace(folder, person=Maker("anna", "Anna"), settings=Settings("T"))
    session = open_session(folder, login="anna")
    try:
        items.add(session, "deal", {"title": "first"})
        keys = list(session.workspace.fields("deal"))
        found = [layouts.current(session, Place("deal", "general"))]
        for step, n, at in sequence:
            sections = [section.key for section in found[-1].sections] or ["none"]
            field, section = keys[n % len(keys)], sections[at % len(sections)]
            seq = session.store.seq()
            try:
                edit = partial(STEPS[step], field=field, section=section, n=n)
                layouts.edit(session, Place("deal", "general"), "step", edit)
            except (CrmError, IndexError):
                assert session.store.seq() == seq
            if session.store.seq() > seq:
                found.append(layouts.current(session, Place("deal", "general")))
            assert_each_once(session)
        for expected in reversed(found[:-1]):
            undo(session)
            assert layouts.current(session, Place("deal", "general")) == expected
            assert_each_once(session)
        for expected in found[1:]:
            redo(session)
            assert layouts.current(session, Place("deal", "general")) == expected
    finally:
        session.close()
