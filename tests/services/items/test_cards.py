"""The card as view data: stage bar, sections, what is required, links, tabs; and the layout's service."""

from __future__ import annotations

from functools import partial

import pytest

from tests.conftest import Clock, OpenAs
from tests.doors import card_of
from tuicrm.domain import layouts as edits
from tuicrm.domain.card import CardView, FieldView
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.errors import AccessDenied, NotFound
from tuicrm.services.items import related, stages
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts

D1, D3 = Ref("deal", 1), Ref("deal", 3)


def field(view: CardView, key: str) -> FieldView:
    return next(f for section in view.sections for f in section.fields if f.key == key)


def test_the_stage_bar_says_where_one_is_and_since_when(seeded: Session, clock: Clock) -> None:
    stages.move(seeded, D1, "executing")
    clock.tick(days=3)
    view = card_of(seeded, D1)
    states = [step.state for step in view.steps]
    assert states == ["past", "past", "past", "here", "ahead", "ahead", "ahead", "ahead"]
    assert view.days == "day 4 in In progress"
    assert (view.ref, view.noun, view.place, view.title) == ("D-1", "Deals", "General", "Website redesign")


def test_in_a_failure_stage_success_was_not_passed(seeded: Session) -> None:
    stages.move(seeded, D1, "lost")
    states = {step.key: step.state for step in card_of(seeded, D1).steps}
    assert (states["won"], states["lost"], states["final_invoice"]) == ("ahead", "here", "past")


def test_fields_show_values_links_and_what_is_needed(seeded: Session) -> None:
    with seeded.change("require") as change:
        change.put("field", {"type": "deal", "key": "amount", "required_at": {"general": ["executing"]}})
    view = card_of(seeded, D1)
    assert (field(view, "amount").value, field(view, "amount").needed_for) == ("€ 12,500.00", "In progress")
    assert (field(view, "company").value, field(view, "company").link) == ("Rossi Srl", "CO-1")
    other = card_of(seeded, D3)
    assert (field(other, "amount").empty, field(other, "amount").needed_for) == (True, "In progress")
    assert not field(other, "amount").required


def test_what_an_import_let_pass_is_missing(seeded: Session) -> None:
    with seeded.change("require") as change:
        change.put("field", {"type": "deal", "key": "amount", "required_at": {"general": ["new"]}})
    amount = field(card_of(seeded, D3), "amount")
    assert (amount.required, amount.missing) == (True, True)


def test_a_field_one_may_not_see_is_not_on_the_card(seeded: Session, open_as: OpenAs) -> None:
    with seeded.change("restrict") as change:
        new = {"type": "deal", "key": "margin", "kind": "integer", "label": "Margin", "custom": True}
        change.put("field", {**new, "visible_to": ["anna", "department:company"]})
        change.put("field", {**new, "key": "secret", "label": "Secret", "visible_to": ["anna"]})
    for key in ("margin", "secret"):
        layouts.edit(seeded, LayoutPlace("deal", "general"), "show", partial(edits.place_field, field=key, section=0))
    assert field(card_of(seeded, D1), "secret").only == "Anna Bianchi"
    theirs = card_of(open_as("luca"), D1)
    assert field(theirs, "margin").only == "Anna Bianchi, Test company"
    assert "secret" not in [f.key for section in theirs.sections for f in section.fields]


def test_tabs_count_what_there_is(seeded: Session) -> None:
    view = card_of(seeded, Ref("company", 1))
    counts = {tab.key: tab.count for tab in view.tabs}
    assert list(counts) == ["general", "deals", "contacts", "leads", "quotes", "invoices", "relations", "history"]
    assert counts == {**dict.fromkeys(counts), "deals": 1, "contacts": 1}
    assert related.ids(seeded, seeded.get(Ref("company", 1)), "deal") == [1]


def test_a_contacts_name_is_made_of_its_parts(seeded: Session) -> None:
    view = card_of(seeded, Ref("contact", 1))
    assert (view.title, view.steps, view.days, view.place) == ("Maria Rossi", (), "", "")


# -- layouts -----------------------------------------------------------------------------------------------------------
def test_a_layout_belongs_to_its_pipeline(seeded: Session) -> None:
    built_in = layouts.current(seeded, LayoutPlace("deal", "general"))
    layouts.edit(seeded, LayoutPlace("deal", "general"), "hide", lambda layout: edits.hide_field(layout, "amount"))
    assert edits.where(layouts.current(seeded, LayoutPlace("deal", "general")), "amount") is None
    assert layouts.current(seeded, LayoutPlace("deal", "other")) == built_in
    assert "amount" in [f.key for f in layouts.hidden_fields(seeded, LayoutPlace("deal", "general"))]
    layouts.reset(seeded, LayoutPlace("deal", "general"))
    assert layouts.current(seeded, LayoutPlace("deal", "general")) == built_in


def test_only_those_with_the_right_shape_what_all_have(seeded: Session, open_as: OpenAs) -> None:
    luca, place = open_as("luca"), LayoutPlace("deal", "general")
    common = layouts.in_use(luca, place)
    with pytest.raises(AccessDenied):
        layouts.edit(luca, place, "hide", lambda layout: edits.hide_field(layout, "amount"), common)
    assert layouts.current(luca, place) == layouts.current(seeded, place)


def test_what_someone_took_away_is_said(seeded: Session) -> None:
    layouts.edit(seeded, LayoutPlace("deal", "general"), "hide", lambda layout: edits.hide_field(layout, "amount"))
    with pytest.raises(NotFound, match="no longer on the card"):
        layouts.edit(seeded, LayoutPlace("deal", "general"), "hide", lambda layout: edits.hide_field(layout, "amount"))


def test_a_step_that_moves_nothing_is_no_change(seeded: Session) -> None:
    seq = seeded.store.seq()
    layouts.edit(seeded, LayoutPlace("deal", "general"), "up", lambda layout: edits.move_section(layout, "main", -1))
    assert seeded.store.seq() == seq
