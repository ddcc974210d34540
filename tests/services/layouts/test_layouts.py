"""Which layout a person has and why, who may shape which, one's own and everyone's, and back again; what several do at once."""

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
from tuicrm.domain import layouts as edits
from tuicrm.domain import tabs
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
from tuicrm.domain.schema import Layout
from tuicrm.errors import AccessDenied, CrmError, NotFound, Refused
from tuicrm.services.definitions import field_changes
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts, views
from tuicrm.services.workspace import preferences
from tuicrm.services.workspace.people import Details, add_person
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

PLACE = LayoutPlace("deal", "general")


def hide(session: Session, *keys: str, use: LayoutUse | None = None) -> None:
    for key in keys:
        layouts.edit(session, PLACE, f"hide {key}", partial(edits.hide_field, field=key), use)


def shown(session: Session, use: LayoutUse | None = None) -> list[str]:
    session.store.refresh()
    return [placed.field for section in layouts.current(session, PLACE, use).sections for placed in section.fields]


def kinds(session: Session) -> list[str]:
    """The layouts a person may use, the one they have first."""
    session.store.refresh()
    return [use.choice for use in layouts.available(session, PLACE)]


def used(session: Session) -> str:
    session.store.refresh()
    return layouts.in_use(session, PLACE).choice


def role(session: Session, key: str, *specials: str) -> None:
    """A role that may work with all items, and holds these rights; Luca gets it."""
    everything = dict.fromkeys(("read", "add", "edit", "delete"), "all")
    with session.change("a role") as change:
        change.put("role", {"key": key, "label": key, "rules": {"*": everything}, "specials": list(specials)})
    entry = session.workspace.entry("person", "luca")
    assert entry is not None
    with session.change("takes it") as change:
        change.patch("person", entry.id, {"roles": [key]})


# -- which one ---------------------------------------------------------------------------------------------------------
def test_places_are_pipelines_kinds_of_leads_or_the_whole_type(seeded: Session) -> None:
    for ref, place in (
        (Ref("deal", 1), PLACE),
        (Ref("contact", 1), LayoutPlace("contact")),
        (Ref("lead", 1), LayoutPlace("lead", "new")),
    ):
        assert layouts.place_of(seeded, seeded.get(ref)) == place


def test_what_one_pipeline_has_does_not_touch_another(seeded: Session) -> None:
    before = layouts.current(seeded, LayoutPlace("lead", "repeat"))
    layouts.edit(seeded, LayoutPlace("lead", "new"), "step", lambda layout: edits.hide_field(layout, "title"))
    assert layouts.current(seeded, LayoutPlace("lead", "repeat")) == before
    assert edits.where(layouts.current(seeded, LayoutPlace("lead", "new")), "title") is None


def test_a_person_switches_among_what_they_may_use(seeded: Session, open_as: OpenAs) -> None:
    hide(seeded, "source")
    views.add_view(seeded, PLACE, "Sellers", ["luca"])
    luca = open_as("luca")
    assert (kinds(luca), used(luca)) == (["view:sellers", "common"], "view:sellers")
    assert layouts.explain(luca, PLACE) == "A view made for you personally comes before all others."
    assert layouts.switch(luca, PLACE, "common").kind == "common"
    assert (used(luca), layouts.explain(luca, PLACE)) == ("common", "You chose it.")
    for elsewhere in ("view:none", "personal", "built-in"):
        with pytest.raises(NotFound):
            layouts.switch(luca, PLACE, elsewhere)
    assert layouts.switch(luca, PLACE, "").name == "Sellers"
    assert used(seeded) == "common"


def test_why_this_one(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    assert "built-in one" in layouts.explain(luca, PLACE)
    hide(seeded, "source")
    luca.store.refresh()
    assert "shared by everyone" in layouts.explain(luca, PLACE)
    layouts.begin_personal(luca, PLACE)
    assert layouts.explain(luca, PLACE).startswith("No view is made for you")
    views.add_view(seeded, PLACE, "House", ["department:company"])
    luca.store.refresh()
    # They chose their own when they began it, and keep it.
    assert (used(luca), layouts.explain(luca, PLACE)) == ("personal", "You chose it.")
    layouts.switch(luca, PLACE, "")
    assert layouts.explain(luca, PLACE) == "A view made for Test company, your nearest department that has one."
    assert layouts.describe(layouts.in_use(luca, PLACE)) == "view House"


def test_a_view_that_is_gone_gives_what_comes_next(seeded: Session, open_as: OpenAs) -> None:
    views.add_view(seeded, PLACE, "Sellers", ["luca"])
    luca = open_as("luca")
    layouts.switch(luca, PLACE, "view:sellers")
    views.delete_view(seeded, PLACE, "sellers")
    assert used(luca) == "built-in"
    undo(seeded)
    assert used(luca) == "view:sellers"


# -- who shapes which --------------------------------------------------------------------------------------------------
def test_who_may_not_shape_the_common_one_begins_their_own(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    assert layouts.target(luca, PLACE).kind == "personal"
    hide(luca, "source")
    assert (used(luca), used(seeded)) == ("personal", "built-in")
    hide(luca, "amount")
    assert {"source", "amount"}.isdisjoint(shown(luca))
    assert {"source", "amount"} <= set(shown(seeded))
    undo(luca)
    undo(luca)
    assert kinds(luca) == ["built-in"]


def test_who_chose_the_common_one_and_shapes_sees_what_they_shape(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    layouts.begin_personal(luca, PLACE)
    layouts.reset(luca, PLACE)
    layouts.switch(luca, PLACE, "built-in")
    hide(luca, "source")
    hide(luca, "amount")
    assert used(luca) == "personal"
    assert len(luca.workspace.kept_layouts(*PLACE)) == 1
    assert {"source", "amount"}.isdisjoint(shown(luca))


def test_ones_own_is_never_lost_under_a_copy_of_the_common_one(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    hide(luca, "source")
    layouts.switch(luca, PLACE, "built-in")
    with pytest.raises(AccessDenied, match="common layout"):
        hide(luca, "amount")
    layouts.switch(luca, PLACE, "personal")
    assert "source" not in shown(luca)


@pytest.mark.parametrize(
    ("specials", "may"),
    [
        ((), ()),
        (("personal_layout",), ("personal",)),
        (("edit_common_layout",), ("common", "built-in")),
        (("make_views",), ("view",)),
        (("settings",), ("personal", "common", "built-in", "view")),
    ],
)
def test_rights_are_operations_of_roles(
    seeded: Session, open_as: OpenAs, specials: tuple[str, ...], may: tuple[str, ...]
) -> None:
    view = views.add_view(seeded, PLACE, "Sellers", ["luca"])
    role(seeded, "trial", *specials)
    luca = open_as("luca")
    built_in = layouts.available(seeded, PLACE)[-1]
    uses = {
        "view": LayoutUse("view", view.record.layout, view),
        "personal": LayoutUse("personal", built_in.layout),
        "common": LayoutUse("common", built_in.layout),
        "built-in": built_in,
    }
    for kind, use in uses.items():
        reason = layouts.why_not_edit(luca, use)
        assert (reason is None) == (kind in may), kind
        luca.store.refresh()
        seq = luca.store.seq()
        if kind in may:
            hide(luca, "source", use=use)
            undo(luca)
        else:
            for step in (partial(edits.hide_field, field="source"), lambda layout: layout):
                with pytest.raises(AccessDenied) as denied:
                    layouts.edit(luca, PLACE, "step", step, use)
                assert denied.value.message == reason
            # The door itself refuses, whoever forgets to ask first.
            with pytest.raises(AccessDenied):
                layouts.put(luca, PLACE, use, edits.hide_field(use.layout, "source"), "hide")
            assert luca.store.seq() == seq


def test_ones_own_with_the_right_to_settings_is_in_use(seeded: Session, open_as: OpenAs) -> None:
    role(seeded, "settings", "settings")
    luca = open_as("luca")
    assert layouts.begin_personal(luca, PLACE).kind == "personal"
    hide(luca, "source", use=layouts.in_use(luca, PLACE))
    assert (used(luca), len(luca.workspace.kept_layouts(*PLACE))) == ("personal", 1)


def test_nobody_shapes_somebody_elses_own(seeded: Session, open_as: OpenAs) -> None:
    hide(open_as("luca"), "source")
    seeded.store.refresh()
    theirs = seeded.workspace.kept_layouts(*PLACE)[0]
    role(seeded, "own", "personal_layout")
    add_person(seeded, Details("Gianni", logins=["gianni"], roles=["own"]), key="gianni")
    gianni = open_as("gianni")
    taken = LayoutUse("personal", theirs.record.layout, theirs)
    with pytest.raises(AccessDenied):
        layouts.put(gianni, PLACE, taken, edits.hide_field(taken.layout, "amount"), "take it")


def test_without_the_right_ones_own_is_not_used_and_comes_back_with_it(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    hide(luca, "source")
    role(seeded, "nothing")
    assert used(luca) == "built-in"
    with pytest.raises(AccessDenied):
        layouts.begin_personal(luca, PLACE)
    undo(seeded)
    assert used(luca) == "personal"


# -- one's own, everyone's, back ---------------------------------------------------------------------------------------
def test_ones_own_begins_as_the_card_stands(seeded: Session) -> None:
    hide(seeded, "source")
    views.add_view(seeded, PLACE, "Mine", ["anna"])
    hide(seeded, "amount")
    assert layouts.begin_personal(seeded, PLACE).kind == "personal"
    assert {"source", "amount"}.isdisjoint(shown(seeded))
    with pytest.raises(Refused, match="already"):
        layouts.begin_personal(seeded, PLACE)
    hide(seeded, "type")
    layouts.switch(seeded, PLACE, "common")
    # Taken up again as it was left, not begun anew.
    layouts.begin_personal(seeded, PLACE)
    assert "type" not in shown(seeded)


def test_for_everyone_says_whose_went_and_is_one_undo(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    hide(luca, "source")
    views.add_view(seeded, PLACE, "House", ["anna"])
    layouts.switch(seeded, PLACE, "built-in")
    layouts.begin_personal(seeded, PLACE)
    hide(seeded, "amount")
    assert layouts.whose_personal(seeded, PLACE) == ["Anna Bianchi", "Luca Riva"]
    assert layouts.set_for_everyone(seeded, PLACE) == ["Anna Bianchi", "Luca Riva"]
    assert (kinds(luca), kinds(seeded)) == (["common"], ["view:house", "common"])
    assert "source" in shown(luca)
    assert "amount" not in shown(luca)
    undo(seeded)
    assert (used(luca), used(seeded)) == ("personal", "personal")
    assert "source" not in shown(luca)
    redo(seeded)
    assert kinds(luca) == ["common"]
    with pytest.raises(AccessDenied):
        layouts.set_for_everyone(luca, PLACE)


def test_another_layout_can_be_set_for_everyone(seeded: Session, open_as: OpenAs) -> None:
    view = views.add_view(seeded, PLACE, "Short", ["luca"])
    use = LayoutUse("view", view.record.layout, view)
    hide(seeded, "amount", "source", use=use)
    kept = views.find_view(seeded, PLACE, "short")
    assert layouts.set_for_everyone(seeded, PLACE, LayoutUse("view", kept.record.layout, kept)) == []
    assert {"amount", "source"}.isdisjoint(shown(seeded))
    assert kinds(open_as("luca")) == ["view:short", "common"]


def test_reset_goes_back_to_what_it_was_built_on(seeded: Session, open_as: OpenAs) -> None:
    first = shown(seeded)
    hide(seeded, "source")
    luca = open_as("luca")
    hide(luca, "amount")
    assert layouts.reset(luca, PLACE).kind == "common"
    assert shown(luca) == [key for key in first if key != "source"]
    view = views.add_view(seeded, PLACE, "Luca's", ["luca"])
    hide(seeded, "title", use=LayoutUse("view", view.record.layout, view))
    luca.store.refresh()
    with pytest.raises(AccessDenied):
        layouts.reset(luca, PLACE)
    kept = views.find_view(seeded, PLACE, view.record.key)
    layouts.reset(seeded, PLACE, LayoutUse("view", kept.record.layout, kept))
    assert shown(luca) == [key for key in first if key != "source"]
    assert used(luca) == "view:" + view.record.key
    assert layouts.reset(seeded, PLACE).kind == "built-in"
    assert shown(seeded) == first
    with pytest.raises(Refused, match="nothing to reset"):
        layouts.reset(seeded, PLACE)
    undo(seeded)
    assert shown(seeded) == [key for key in first if key != "source"]


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


def test_a_choice_is_no_step_of_undo(seeded: Session) -> None:
    hide(seeded, "source")
    layouts.begin_personal(seeded, PLACE)
    layouts.switch(seeded, PLACE, "common")
    assert preferences.layout_choice(seeded, PLACE) == "common"
    assert undo(seeded).label == "use a personal layout"
