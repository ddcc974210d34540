"""Tabs of a card: which a type can have is data; order and hiding are steps of the layout one shapes."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.doors import card_of
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.history.undo import undo
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts, tabs, views

PLACE = LayoutPlace("company")


def bar(session: Session) -> list[str]:
    session.store.refresh()
    return [tab.key for tab in tabs.arranged(session, PLACE).shown]


def test_what_a_type_can_have_is_data(seeded: Session) -> None:
    for key, item_type in seeded.workspace.types.items():
        found = tabs.arranged(seeded, LayoutPlace(key, seeded.workspace.variants(key)[0].key))
        assert [tab.key for tab in found.shown] == [tab.key for tab in item_type.tabs]
        assert found.hidden == []


def test_a_card_shows_them_in_order_and_without_the_hidden_ones(seeded: Session) -> None:
    tabs.move(seeded, PLACE, "contacts", -1)
    tabs.hide(seeded, PLACE, "quotes")
    expected = ["general", "contacts", "deals", "leads", "invoices", "relations", "documents", "history"]
    assert bar(seeded) == expected
    assert [tab.key for tab in card_of(seeded, Ref("company", 1)).tabs] == [
        key
        for key in expected
        if key != "documents"  # of which there can be no such without a template
    ]
    assert [tab.key for tab in tabs.arranged(seeded, PLACE).hidden] == ["quotes"]
    tabs.show(seeded, PLACE, "quotes")
    assert bar(seeded) == [
        "general",
        "contacts",
        "deals",
        "leads",
        "quotes",
        "invoices",
        "relations",
        "documents",
        "history",
    ]
    undo(seeded)
    undo(seeded)
    undo(seeded)
    assert bar(seeded) == [
        "general",
        "deals",
        "contacts",
        "leads",
        "quotes",
        "invoices",
        "relations",
        "documents",
        "history",
    ]


def test_reset_is_one_step(seeded: Session) -> None:
    tabs.hide(seeded, PLACE, "quotes")
    tabs.move(seeded, PLACE, "general", 1)
    shaped = bar(seeded)
    tabs.reset(seeded, PLACE)
    assert bar(seeded) == [
        "general",
        "deals",
        "contacts",
        "leads",
        "quotes",
        "invoices",
        "relations",
        "documents",
        "history",
    ]
    undo(seeded)
    assert bar(seeded) == shaped


def test_general_stays(seeded: Session) -> None:
    with pytest.raises(Refused, match="cannot be hidden"):
        tabs.hide(seeded, PLACE, "general")


def test_they_are_found_by_any_label(seeded: Session) -> None:
    assert tabs.find_tab(seeded, "company", " preventivi ").key == "quotes"
    with pytest.raises(NotFound, match="Deals, Contacts"):
        tabs.find_tab(seeded, "company", "spaceships")
    with pytest.raises(NotFound):
        tabs.hide(seeded, PLACE, "spaceships")


def test_one_who_may_not_shape_the_common_ones_gets_their_own(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    tabs.hide(luca, PLACE, "quotes")
    assert "quotes" not in bar(luca)
    assert "quotes" in bar(seeded)
    with pytest.raises(AccessDenied):
        tabs.hide(luca, PLACE, "invoices", layouts.available(seeded, PLACE)[-1])


def test_a_view_has_tabs_of_its_own(seeded: Session, open_as: OpenAs) -> None:
    view = views.add_view(seeded, PLACE, "Short", ["luca"])
    tabs.hide(seeded, PLACE, "quotes", LayoutUse("view", view.record.layout, view))
    assert "quotes" not in bar(open_as("luca"))
    assert "quotes" in bar(seeded)
