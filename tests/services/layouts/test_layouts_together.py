"""Several people who shape layouts at once: steps are done to what is there then, whatever their order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tests.examples import examples
from tests.services.layouts.test_layouts import PLACE, hide, shown
from tuicrm.domain import layouts as edits
from tuicrm.domain import tabs
from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
from tuicrm.domain.schema import Layout
from tuicrm.errors import CrmError, NotFound
from tuicrm.services.definitions import field_changes
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts, views
from tuicrm.services.workspace.people import Details, add_person
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session


# -- what others do meanwhile ------------------------------------------------------------------------------------------
def test_two_who_shape_what_nobody_shaped_shape_one_layout(seeded: Session, open_as: OpenAs) -> None:
    again = open_as("anna")
    use = layouts.in_use(seeded, PLACE)
    hide(again, "source")
    hide(seeded, "amount", use=use)
    assert {"source", "amount"}.isdisjoint(shown(again))
    assert len(again.workspace.kept_layouts(*PLACE)) == 1


def test_a_step_is_done_to_the_layout_as_it_is_now(seeded: Session, open_as: OpenAs) -> None:
    hide(seeded, "comment")
    use, again = layouts.in_use(seeded, PLACE), open_as("anna")
    hide(again, "source")
    made = layouts.edit(seeded, PLACE, "hide", partial(edits.hide_field, field="amount"), use)
    assert {"source", "amount"}.isdisjoint(placed.field for section in made.sections for placed in section.fields)
    with pytest.raises(NotFound, match="no longer on the card"):
        hide(seeded, "source", use=use)
    layouts.reset(again, PLACE)
    with pytest.raises(NotFound, match="was deleted by someone"):
        hide(seeded, "type", use=use)


def test_what_one_does_not_see_stays_and_stands_in_no_way(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "deal", "Margin")
    add_field(seeded, "deal", "Dead")
    first, second, *_rest = shown(seeded)
    for key in ("dead", "margin"):
        layouts.edit(seeded, PLACE, "show", partial(edits.place_field, field=key, section=0, place=1))
    restrict_field(seeded, "deal", "margin", ["anna"])
    field_changes.delete_field(seeded, "deal", "dead")
    luca = open_as("luca")
    layouts.edit(luca, PLACE, "down", partial(edits.move_field, field=first, step=1))
    assert shown(luca)[:2] == [second, first]
    hide(luca, first)
    kept = next(kept for kept in luca.workspace.kept_layouts(*PLACE) if kept.record.scope == "personal")
    assert [placed.field for placed in kept.record.sections[0].fields][:3] == [second, "margin", "dead"]
    restrict_field(seeded, "deal", "margin", [])
    assert shown(luca)[:2] == [second, "margin"]


# -- any sequence ------------------------------------------------------------------------------------------------------
Step = Callable[..., Layout]


def test_steps_at_the_same_moment_are_both_kept(seeded: Session, open_as: OpenAs) -> None:
    """Neither session has seen what the other did."""
    other = open_as("anna")
    for session, field in ((seeded, "source"), (other, "type"), (seeded, "amount")):
        layouts.edit(session, LayoutPlace("deal", "general"), "hide", partial(edits.hide_field, field=field))
    seeded.store.refresh()
    shown = [
        placed.field for s in layouts.current(seeded, LayoutPlace("deal", "general")).sections for placed in s.fields
    ]
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
    lambda layout, field, section, n: edits.show_always(layout, field, always=bool(n % 2)),
    lambda layout, field, section, n: tabs.hide_tab(layout, "quotes" if n % 2 else "invoices"),
    lambda layout, field, section, n: tabs.reset_tabs(layout),
]
WHOLE: list[Callable[[Session, int], object]] = [
    lambda session, n: layouts.begin_personal(session, PLACE),
    lambda session, n: layouts.set_for_everyone(session, PLACE),
    lambda session, n: layouts.reset(session, PLACE),
    lambda session, n: layouts.switch(session, PLACE, layouts.available(session, PLACE)[n % 2].choice),
    lambda session, n: views.add_view(session, PLACE, f"View {n}", [("anna", "luca", "department:company")[n % 3]]),
    lambda session, n: views.delete_view(session, PLACE, views.views(session, PLACE)[n % 2].record.key),
    lambda session, n: views.move_view(session, PLACE, views.views(session, PLACE)[n % 2].record.key, 1),
]
LOGINS = ("anna", "luca", "giulia")
"""An administrator; one who may have their own layout; one who may shape the common one and views, and does not see two fields."""


def crew(folder: Any) -> list[Session]:
    create_workspace(folder, person=Maker("anna", "Anna"), settings=Settings("T"))
    anna = open_session(folder, login="anna")
    items.add(anna, "deal", {"title": "first"})
    with anna.change("roles") as change:
        shapes = {"key": "shapes", "label": "Shapes", "specials": ["edit_common_layout", "make_views"]}
        change.put("role", {**shapes, "rules": {"*": {"read": "all", "edit": "all"}}})
    for key, of in (("luca", "manager"), ("giulia", "shapes")):
        add_person(anna, Details(key.title(), logins=[key], roles=[of], department="company"), key=key)
    for label in ("Secret", "Hidden"):
        made = add_field(anna, "deal", label)
        layouts.edit(anna, PLACE, "show", partial(edits.place_field, field=made.key, section=0, place=1))
        restrict_field(anna, "deal", made.key, ["anna", "luca"])
    return [anna, *(open_session(folder, login=login) for login in LOGINS[1:])]


def which(session: Session, n: int) -> LayoutUse | None:
    """What is shaped: the person's own choice, the common one, one of their own, a view."""
    found = views.views(session, PLACE)
    common = layouts.available(session, PLACE)[-1]
    return [
        None,
        common,
        LayoutUse("personal", common.layout),
        LayoutUse("view", found[n % len(found)].record.layout, found[n % len(found)]) if found else None,
    ][n % 4]


def kept(session: Session) -> dict[int, Any]:
    session.store.refresh()
    return {one.id: layouts.plain(one.record) for one in session.workspace.kept_layouts(*PLACE)}


def assert_each_once(sessions: list[Session]) -> None:
    """Every field is in exactly one section or hidden, for everyone, in every layout; what some do not see is not lost."""
    everything = sorted(sessions[0].workspace.fields("deal"))
    for one in sessions[0].workspace.kept_layouts(*PLACE):
        placed = [p.field for section in one.record.sections for p in section.fields]
        hidden = edits.hidden(one.record.layout, sessions[0].workspace.fields("deal").values())
        assert sorted([*placed, *(field.key for field in hidden)]) == everything
    for session in sessions:
        session.store.refresh()
        seen = sorted(f.key for f in session.workspace.fields("deal").values() if session.access.sees(f))
        for use in layouts.available(session, PLACE):
            here = [p.field for section in layouts.current(session, PLACE, use).sections for p in section.fields]
            away = [field.key for field in layouts.hidden_fields(session, PLACE, use)]
            assert sorted(here + away) == seen


def stands(doc: dict[str, Any], field: str) -> str:
    """The section of a kept layout in which a field stands; "" for none."""
    sections = doc["sections"]
    return next((one["key"] for one in sections if field in [p["field"] for p in one["fields"]]), "")


def assert_unseen_stays(before: dict[int, Any], after: dict[int, Any], unseen: list[str]) -> None:
    """A step leaves what its maker does not see where it is, as long as there is that section."""
    for record, doc in before.items():
        keys = {section["key"] for section in after[record]["sections"]}
        for field in unseen:
            if stands(doc, field) in keys:
                assert stands(after[record], field) == stands(doc, field)


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(LOGINS) - 1),
            st.integers(0, len(STEPS) + len(WHOLE) - 1),
            st.integers(0, 60),
            st.integers(0, 7),
        ),
        max_size=15,
    )
)
def test_any_sequence_of_steps_of_several_people(
    tmp_path_factory: Any, sequence: list[tuple[int, int, int, int]]
) -> None:
    sessions = crew(tmp_path_factory.mktemp("layout") / "w")
    try:
        states, by = [kept(sessions[0])], list[Session]()
        for who, what, n, at in sequence:
            session = sessions[who]
            session.store.refresh()
            seq = session.store.seq()
            seen = [f.key for f in session.workspace.fields("deal").values() if session.access.sees(f)]
            parts = [section.key for section in layouts.current(session, PLACE).sections] or ["none"]
            try:
                if what < len(STEPS):
                    step = partial(STEPS[what], field=seen[n % len(seen)], section=parts[at % len(parts)], n=n)
                    layouts.edit(session, PLACE, "step", step, which(session, at))
                else:
                    WHOLE[what - len(STEPS)](session, n)
            except (CrmError, IndexError):
                assert session.store.seq() == seq
            after = kept(session)
            if what < len(STEPS):
                assert_unseen_stays(states[-1], after, list(session.access.hidden("deal")))
            if after != states[-1]:
                states.append(after)
                by.append(session)
            assert_each_once(sessions)
        for session, expected in zip(reversed(by), reversed(states[:-1]), strict=True):
            session.store.refresh()
            undo(session)
            assert kept(sessions[0]) == expected
            assert_each_once(sessions)
        for session, expected in zip(by, states[1:], strict=True):
            session.store.refresh()
            redo(session)
            assert kept(sessions[0]) == expected
    finally:
        for session in sessions:
            session.close()
