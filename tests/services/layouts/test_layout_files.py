"""Card layouts as files: whose, where, what is kept, what is told; always one undo."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, card_of, restrict_field
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.layouts import hide_field, move_field, place_field, where
from tuicrm.domain.schema import Field
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.services.definitions import field_changes
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layout_files, layouts, tabs, views
from tuicrm.services.layouts.layout_files import Imported, export_layout, import_layout
from tuicrm.services.layouts.layout_names import find_layout, layout_to_shape

DEALS = LayoutPlace("deal", "general")


def element(name: str, flags: str = "0", **options: Any) -> dict[str, Any]:
    return {"name": name, "optionFlags": flags, **({"options": options} if options else {})}


def section(*names: str, key: str = "main", title: str = "Heart") -> dict[str, Any]:
    return {"name": key, "title": title, "type": "section", "elements": [element(name) for name in names]}


SAMPLE = [
    section("TITLE", "UF_CRM_1686898039656", "OPPORTUNITY_WITH_CURRENCY", "CLIENT", "margin"),
    section("UTM", "TRACKING_SOURCE_ID", key="user_pl047oti", title="New section"),
]


def taken(session: Session, document: Any, layout: str = "", place: LayoutPlace = DEALS) -> Imported:
    use = layout_to_shape(session, place, layout)
    return import_layout(session, place, use, json.dumps(document).encode(), "x.json")


def given(session: Session, layout: str = "", place: LayoutPlace = DEALS) -> list[dict[str, Any]]:
    use = find_layout(session, place, layout) if layout else layouts.in_use(session, place)
    return export_layout(session, place, use)


def shown(session: Session, place: LayoutPlace = DEALS) -> list[list[str]]:
    return [[placed.field for placed in one.fields] for one in layouts.current(session, place).sections]


def raw(session: Session, place: LayoutPlace = DEALS) -> list[list[str]]:
    session.store.refresh()
    return [[placed.field for placed in one.fields] for one in layouts.in_use(session, place).layout.sections]


@pytest.fixture
def margin(seeded: Session) -> Field:
    return add_field(seeded, "deal", "Margin", "number")


@pytest.fixture
def secret(seeded: Session) -> Field:
    """A field of Anna's own in the middle of the first section, and Luca may shape the common layout."""
    made = add_field(seeded, "deal", "Secret", "number")
    restrict_field(seeded, "deal", made.key, ["anna"])
    layouts.edit(seeded, DEALS, "place", lambda layout: place_field(layout, made.key, 0, 2))
    with seeded.change("role") as change:
        change.put("role", {"key": "shaper", "label": "Shaper", "specials": ["edit_common_layout"]})
        entry = seeded.workspace.entry("person", "luca")
        assert entry is not None
        change.put("person", {**entry.doc, "roles": ["manager", "shaper"]}, entry.id)
    return made


# -- in and out --------------------------------------------------------------------------------------------------------
def test_a_file_comes_back_as_it_was_and_is_one_undo(seeded: Session, margin: Field) -> None:
    before, seq = layouts.in_use(seeded, DEALS).layout, seeded.store.seq()
    done = taken(seeded, SAMPLE)
    assert (done.outcome, done.use.kind) == ("changed", "common")
    assert done.left == ("UF_CRM_1686898039656", "TRACKING_SOURCE_ID")
    assert shown(seeded)[0] == ["title", "amount", "company", "contacts", "margin"]
    assert given(seeded) == SAMPLE
    assert taken(seeded, {"result": SAMPLE}).outcome == "unchanged"
    assert undo(seeded).label == "import the card layout"
    assert layouts.in_use(seeded, DEALS).layout == before
    assert seeded.store.seq() == seq + 2


def test_our_layout_goes_out_and_comes_in_as_it_was(seeded: Session, margin: Field) -> None:
    built_in = layouts.in_use(seeded, DEALS).layout
    assert taken(seeded, given(seeded)).outcome == "unchanged"
    layouts.edit(seeded, DEALS, "place", lambda layout: place_field(layout, margin.key, 1, 0))
    shaped, out = layouts.in_use(seeded, DEALS).layout, given(seeded)
    assert isinstance(shaped.sections[0].title, dict)
    taken(seeded, SAMPLE)
    assert taken(seeded, out).outcome == "changed"
    assert layouts.in_use(seeded, DEALS).layout == shaped
    for place in (
        LayoutPlace("lead", "repeat"),
        LayoutPlace("contact"),
        LayoutPlace("company"),
        LayoutPlace("invoice", "general"),
    ):
        use = layouts.in_use(seeded, place)
        assert taken(seeded, export_layout(seeded, place, use), place=place).outcome == "unchanged", place
    assert built_in == seeded.workspace.built_in_layout(*DEALS)


def test_names_in_several_languages_that_go_are_told(seeded: Session) -> None:
    out = given(seeded)
    title = out[0]["title"]
    for one in out:
        del one["titles"]
    assert taken(seeded, out).languages[0] == title
    assert taken(seeded, [section("TITLE", key=out[1]["name"], title="Another")]).languages == ()


def test_elements_without_a_field_survive_the_shaping_of_the_card(seeded: Session) -> None:
    taken(seeded, SAMPLE)
    layouts.edit(seeded, DEALS, "move", lambda layout: move_field(layout, "title", 1))
    layouts.edit(seeded, DEALS, "hide", lambda layout: hide_field(layout, "utm_term"))
    names = [[one["name"] for one in part["elements"]] for part in given(seeded)]
    assert names[0] == ["OPPORTUNITY_WITH_CURRENCY", "TITLE", "UF_CRM_1686898039656", "CLIENT", "margin"]
    assert names[1][-1] == "TRACKING_SOURCE_ID"
    assert set(names[1]) == {"UTM_SOURCE", "UTM_MEDIUM", "UTM_CAMPAIGN", "UTM_CONTENT", "TRACKING_SOURCE_ID"}
    deal = items.add(seeded, "deal", {"title": "x"})
    keys = [field.key for part in card_of(seeded, deal.ref).sections for field in part.fields]
    assert "" not in keys
    assert "UF_CRM_1686898039656" not in keys


def test_tabs_stay_as_they_are(seeded: Session) -> None:
    tabs.hide(seeded, DEALS, seeded.workspace.type("deal").tabs[-1].key)
    hidden = layouts.in_use(seeded, DEALS).layout.hidden_tabs
    taken(seeded, SAMPLE)
    assert hidden
    assert layouts.in_use(seeded, DEALS).layout.hidden_tabs == hidden


def test_a_field_that_stands_twice_is_told(seeded: Session) -> None:
    done = taken(seeded, [section("TITLE", "TITLE"), section("TITLE", key="more")])
    assert done.twice == ("TITLE",)
    assert shown(seeded) == [["title"], []]


def test_null_resets(seeded: Session) -> None:
    assert taken(seeded, None).outcome == "unchanged"
    taken(seeded, SAMPLE)
    done = taken(seeded, {"result": None})
    assert (done.outcome, done.use.kind) == ("reset", "built-in")
    undo(seeded)
    assert given(seeded) == SAMPLE


def test_what_is_no_layout_changes_nothing(seeded: Session) -> None:
    seq = seeded.store.seq()
    with pytest.raises(Refused, match=r"main\.TITLE\.optionFlags: 0 or 1 is expected"):
        taken(seeded, [{"name": "main", "title": "x", "elements": [element("TITLE", "7")]}])
    assert seeded.store.seq() == seq


def test_someone_elses_change_meanwhile_is_a_conflict(seeded: Session, open_as: OpenAs) -> None:
    taken(seeded, SAMPLE)
    use = layout_to_shape(seeded, DEALS, "common")
    taken(open_as("anna"), [section("TITLE")])
    with pytest.raises(Conflict):
        import_layout(seeded, DEALS, use, json.dumps([section("CLIENT")]).encode(), "x")


# -- which one, and who may --------------------------------------------------------------------------------------------
def test_common_mine_and_views_each_by_its_name(seeded: Session) -> None:
    views.add_view(seeded, DEALS, "Sales", ["luca"])
    taken(seeded, [section("CLIENT", title="Theirs")], "Sales")
    taken(seeded, [section("TITLE", title="Mine")], "mine")
    assert [given(seeded, name)[0]["title"] for name in ("sales", "view:sales", "mine")] == ["Theirs", "Theirs", "Mine"]
    assert given(seeded, "common")[0]["title"] == "About the deal"
    assert layouts.in_use(seeded, DEALS).kind == "personal"
    assert taken(seeded, [section("UTM", title="Mine")], "mine").use.kind == "personal"
    personal = [kept for kept in seeded.workspace.kept_layouts(*DEALS) if kept.record.scope == "personal"]
    assert len(personal) == 1
    assert taken(seeded, [section("UTM")], "sales").use.kept == views.find_view(seeded, DEALS, "sales")
    assert undo(seeded).label == "import the view Sales"


def test_who_may_not_shape_a_layout_imports_their_own(seeded: Session, open_as: OpenAs) -> None:
    views.add_view(seeded, DEALS, "Board", ["anna"])
    luca = open_as("luca")
    with pytest.raises(AccessDenied):
        taken(luca, SAMPLE, "common")
    with pytest.raises(AccessDenied):
        taken(luca, SAMPLE, "Board")
    with pytest.raises(NotFound):
        given(luca, "mine")
    done = taken(luca, SAMPLE)
    assert (done.use.kind, layouts.in_use(luca, DEALS).kind, layouts.in_use(seeded, DEALS).kind) == (
        "personal",
        "personal",
        "view",
    )
    views.set_members(seeded, DEALS, "board", ["luca"])
    luca.store.refresh()
    with pytest.raises(AccessDenied):
        taken(luca, SAMPLE, "Board")
    assert given(luca, "Board")[0]["title"] == "About the deal"


def test_without_the_right_to_one_there_is_no_layout_of_ones_own(seeded: Session, open_as: OpenAs) -> None:
    with seeded.change("role") as change:
        entry = seeded.workspace.entry("person", "luca")
        assert entry is not None
        change.put("person", {**entry.doc, "roles": []}, entry.id)
    luca = open_as("luca")
    for name in ("mine", ""):
        with pytest.raises(AccessDenied):
            taken(luca, SAMPLE, name)


def test_leads_have_their_layouts_by_variant(seeded: Session) -> None:
    new, repeat = LayoutPlace("lead", "new"), LayoutPlace("lead", "repeat")
    before = given(seeded, place=new)
    taken(seeded, [section("TITLE", "CLIENT")], place=repeat)
    assert (given(seeded, place=repeat), given(seeded, place=new)) == ([section("TITLE", "CLIENT")], before)


# -- fields that the person may not see --------------------------------------------------------------------------------
def test_an_unseen_field_is_neither_exported_nor_taken_from_its_place(
    seeded: Session, open_as: OpenAs, secret: Field
) -> None:
    luca = open_as("luca")
    out = given(luca)
    assert secret.key not in json.dumps(out)
    assert secret.key in json.dumps(given(seeded))
    assert taken(luca, out).outcome == "unchanged"
    first, second, *rest = out[0]["elements"]
    out[0]["elements"] = [second, *rest, first]
    assert taken(luca, out).outcome == "changed"
    assert raw(seeded)[0][:2] == ["amount", secret.key]
    assert given(luca) == out
    taken(luca, [section("TITLE", "CLIENT", key="user_12345678")])
    assert raw(seeded) == [["title", "company", "contacts", secret.key]]
    assert shown(luca) == [["title", "company", "contacts"]]


def test_naming_an_unseen_field_tells_nothing_of_it(seeded: Session, open_as: OpenAs, secret: Field) -> None:
    luca = open_as("luca")
    at = where(layouts.in_use(seeded, DEALS).layout, secret.key)
    assert at is not None
    for name in (secret.key, "nothing_like_it"):
        named = [section("TITLE", name, "CLIENT")]
        done = taken(luca, named)
        assert (done.left, done.twice, given(luca)) == ((name,), (), named)
    assert secret.key in raw(seeded)[0]
    # Who sees it is told of its own place, not of the element that was named like it.
    taken(luca, [section(secret.key, "TITLE")])
    assert raw(seeded)[0] == ["title", secret.key]
    assert [one["name"] for one in given(seeded)[0]["elements"]] == ["TITLE", secret.key]


def test_a_deleted_field_stands_again_after_undo(seeded: Session, margin: Field) -> None:
    layouts.edit(seeded, DEALS, "place", lambda layout: place_field(layout, margin.key, 0, 1))
    field_changes.delete_field(seeded, "deal", margin.key)
    out = given(seeded)
    assert margin.key not in json.dumps(out)
    assert taken(seeded, out).outcome == "unchanged"
    undo(seeded)
    assert shown(seeded)[0][1] == margin.key
    assert layout_files.seen_type(seeded, "deal").fields == seeded.workspace.type("deal").fields
