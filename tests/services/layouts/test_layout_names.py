"""Places, layouts and sections by the names that people have for them."""

from __future__ import annotations

from functools import partial

import pytest

from tests.conftest import OpenAs
from tuicrm.domain import layouts as edits
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.errors import NotFound, Refused
from tuicrm.i18n import set_language
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts, views
from tuicrm.services.layouts.layout_names import (
    find_choice,
    find_layout,
    find_place,
    find_section,
    layout_to_shape,
    place_name,
)

PLACE = LayoutPlace("deal", "general")


@pytest.fixture
def trade(seeded: Session) -> Session:
    """A second pipeline, Trade."""
    won = [{"key": "won", "label": "Won", "colour": "#fff", "semantics": "success"}]
    with seeded.change("another pipeline") as change:
        change.put("pipeline", {"key": "trade", "type": "deal", "label": "Trade", "stages": won})
    return seeded


def test_places(trade: Session) -> None:
    assert find_place(trade, "deal") == PLACE
    assert find_place(trade, "deal", pipeline="trade") == LayoutPlace("deal", "trade")
    assert find_place(trade, "deal", variant=" TRADE ") == LayoutPlace("deal", "trade")
    assert find_place(trade, "lead") == LayoutPlace("lead", "new")
    assert find_place(trade, "lead", variant="repeat") == LayoutPlace("lead", "repeat")
    assert find_place(trade, "contact") == LayoutPlace("contact", "")
    assert find_place(trade, "contact", variant="contacts") == LayoutPlace("contact", "")
    names = [
        place_name(trade, place)
        for place in (PLACE, LayoutPlace("lead", "repeat"), LayoutPlace("contact"), LayoutPlace("quote", "general"))
    ]
    assert names == ["Deals › General", "Leads › Repeat leads", "Contacts", "Quotes"]


@pytest.mark.parametrize(
    ("type_key", "pipeline", "variant", "told"),
    [
        ("lead", "general", "", "not kept by pipeline"),
        ("lead", "", "neither", "one of these is expected: New leads, Repeat leads"),
        ("deal", "nowhere", "", "General, Trade"),
        ("deal", "", "nowhere", "General, Trade"),
        ("contact", "general", "", "pipeline"),
        ("contact", "", "x", "Contacts"),
    ],
)
def test_what_is_no_place_is_told_with_those_there_are(
    trade: Session, type_key: str, pipeline: str, variant: str, told: str
) -> None:
    with pytest.raises(Refused, match=told):
        find_place(trade, type_key, pipeline=pipeline, variant=variant)


def test_layouts_to_look_at(seeded: Session, open_as: OpenAs) -> None:
    assert find_layout(seeded, PLACE, "common").kind == "built-in"
    with pytest.raises(NotFound, match="no personal layout"):
        find_layout(seeded, PLACE, "mine")
    layouts.edit(seeded, PLACE, "hide", partial(edits.hide_field, field="source"))
    views.add_view(seeded, PLACE, "Mine", ["luca"])
    luca = open_as("luca")
    layouts.begin_personal(luca, PLACE)
    assert find_layout(luca, PLACE, "mine").kind == "personal"
    assert find_layout(luca, PLACE, "Personal layout").kind == "personal"
    for session in (seeded, luca):
        assert find_layout(session, PLACE, "view:mine").name == "Mine"
        assert find_layout(session, PLACE, "Common").kind == "common"
        assert edits.where(find_layout(session, PLACE, "built-in").layout, "source") is not None
        with pytest.raises(NotFound, match="choose one of: Mine"):
            find_layout(session, PLACE, "Sales")
    set_language("it")
    assert find_layout(luca, PLACE, "disposizione personale").kind == "personal"
    assert find_layout(luca, PLACE, "comune").kind == "common"


def test_layouts_to_shape(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    assert layout_to_shape(seeded, PLACE, "").kind == "built-in"
    assert layout_to_shape(luca, PLACE, "").kind == "personal"
    begun = layout_to_shape(seeded, PLACE, "mine")
    assert (begun.kind, begun.kept) == ("personal", None)
    layouts.begin_personal(seeded, PLACE)
    assert layout_to_shape(seeded, PLACE, "mine").kept is not None
    with pytest.raises(Refused, match="change the common one"):
        layout_to_shape(seeded, PLACE, "built-in")
    with pytest.raises(NotFound):
        layout_to_shape(seeded, PLACE, "Sales")


def test_choices_are_of_what_one_may_use(seeded: Session, open_as: OpenAs) -> None:
    views.add_view(seeded, PLACE, "Big ones", ["luca"])
    views.add_view(seeded, PLACE, "Others", ["anna"])
    luca = open_as("luca")
    assert find_choice(luca, PLACE, "BIG ones") == find_choice(luca, PLACE, "view:big_ones") == "view:big_ones"
    # Nobody made a common one yet: the built-in one stands for it.
    assert find_choice(luca, PLACE, "common") == find_choice(luca, PLACE, "built-in") == "built-in"
    for nothing in ("mine", "Others", "nothing"):
        with pytest.raises(NotFound, match="choose one of: view Big ones, built-in layout"):
            find_choice(luca, PLACE, nothing)
    layouts.begin_personal(luca, PLACE)
    assert find_choice(luca, PLACE, "mine") == "personal"


def test_sections(seeded: Session) -> None:
    for key in ("one", "two"):
        layouts.edit(seeded, PLACE, "add", partial(edits.add_section, key=key, title="Delivery"))
    layout = layouts.current(seeded, PLACE)
    assert find_section(seeded, layout, "main").key == find_section(seeded, layout, " ABOUT the deal ").key == "main"
    assert find_section(seeded, layout, "l'affare").key == "main"
    with pytest.raises(Refused, match=r"Delivery \(one\), Delivery \(two\)"):
        find_section(seeded, layout, "delivery")
    assert find_section(seeded, layout, "two").key == "two"
    with pytest.raises(NotFound, match="About the deal"):
        find_section(seeded, layout, "Nowhere")
