"""Item types of one's own: made, changed, ordered, removed; what is switched off is hidden and never lost."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, card_of
from tests.smart import delivery
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.reserved import WORDS
from tuicrm.domain.smart import SYMBOLS, Relation
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.render.symbols import to_ascii
from tuicrm.render.text import width
from tuicrm.services.definitions import item_types
from tuicrm.services.definitions.field_changes import change_field
from tuicrm.services.definitions.item_type_checks import new_prefix, switches
from tuicrm.services.definitions.item_types import TypeChanges
from tuicrm.services.exporting.exportable import plain_item
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items, related
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts

EVERY = ("stages", "pipelines", "client", "products", "dates", "source", "observers", "own_company", "documents")


def keys(session: Session, type_key: str = "delivery") -> set[str]:
    return set(session.workspace.fields(type_key))


def refused(act: object) -> dict[str, str]:
    assert callable(act)
    with pytest.raises(Refused) as caught:
        act()
    return {problem.field: problem.message for problem in caught.value.fields}


# -- making ------------------------------------------------------------------------------------------------------------
def test_a_name_is_enough(seeded: Session) -> None:
    made = item_types.add(seeded, TypeChanges("Site visit"))
    assert (made.key, made.prefix, made.symbol, made.plural) == ("site_visit", "SV", "▷", "Site visit")
    assert seeded.workspace.smart_type("site_visit").has == ["stages", "client", "observers"]  # type: ignore[union-attr]
    item = items.add(seeded, "site_visit", {"title": "Look"})
    assert (seeded.workspace.show_ref(item.ref), item.get("stage")) == ("SV-1", "new")
    assert seeded.title(made, 7, {}) == "Site visit SV-7"


def test_what_people_call_it_is_no_pattern(seeded: Session) -> None:
    made = item_types.add(seeded, TypeChanges("{id} {ref.__class__} {"))
    assert seeded.title(made, 7, {}) == "{id} {ref.__class__} { " + f"{made.prefix}-7"


def test_switches_are_those_of_the_model(seeded: Session) -> None:
    assert tuple(switch.key for switch in switches(seeded)) == EVERY


@pytest.mark.parametrize("has", [(), *((one,) for one in EVERY if one != "pipelines"), ("stages", "pipelines"), EVERY])
def test_it_has_what_is_switched_on_and_no_more(seeded: Session, has: tuple[str, ...]) -> None:
    made = delivery(seeded, has=has)
    assert bool(made.has_stages) == ("stages" in has) == bool(seeded.workspace.pipelines("delivery"))
    assert made.has_pipelines == ("pipelines" in has)
    assert bool(made.client) == ("client" in has)
    assert bool(made.amount) == ("products" in has)
    assert bool(made.due) == ("dates" in has)
    assert made.documents == ("documents" in has)
    template = seeded.workspace.template
    assert template is not None
    for switch in template.switches:
        there = {key for key in switch.fields if any(field.key == key for field in template.fields)}
        assert there <= keys(seeded) if switch.key in has else not there & keys(seeded)
    named = [*made.title, *made.client, *made.card, *made.columns, *made.quick, made.amount, made.due]
    assert {name for name in named if name} <= keys(seeded)
    placed = [placed.field for section in made.layout.sections for placed in section.fields]
    assert set(placed) <= keys(seeded)
    assert all(section.fields for section in made.layout.sections)
    item = items.add(seeded, "delivery", {"title": "Boxes"})
    assert card_of(seeded, item.ref).title == "Boxes"


@pytest.mark.parametrize("word", ["Log", "undo", "FIELD", "Deal", "affari", "Type", "General"])
def test_words_that_mean_something_already_are_refused(seeded: Session, word: str) -> None:
    assert "label" in refused(lambda: item_types.add(seeded, TypeChanges(word)))
    assert "plural" in refused(lambda: item_types.add(seeded, TypeChanges("Visit", word)))


def test_every_word_of_the_command_line_is_reserved() -> None:
    from tuicrm.cli.grammar.verbs import VERBS, built_in

    assert {*VERBS} <= WORDS
    assert not set(built_in()) & WORDS


def test_a_table_of_the_store_is_no_type(seeded: Session) -> None:
    assert item_types.add(seeded, TypeChanges("Entry", "Entries")).key == "entry_2"
    assert item_types.add(seeded, TypeChanges("Deals!", "Bargains")).key == "deals"
    assert "key" in refused(lambda: item_types.add(seeded, TypeChanges("A"), key="person"))
    assert "key" in refused(lambda: item_types.add(seeded, TypeChanges("A"), key="../etc"))
    assert "key" in refused(lambda: item_types.add(seeded, TypeChanges("A"), key="deal"))


@pytest.mark.parametrize(("label", "prefix"), [("Visit", "VIS"), ("Site visit", "SV"), ("Deal room", "DR"), ("Ö", "O")])
def test_a_prefix_is_found(seeded: Session, label: str, prefix: str) -> None:
    assert new_prefix(seeded, label) == prefix


@pytest.mark.parametrize("prefix", ["D", "co", "D1", "TOOLONG", "LOG", "Ä"])
def test_refs_tell_types_apart(seeded: Session, prefix: str) -> None:
    assert "prefix" in refused(lambda: item_types.add(seeded, TypeChanges("Visit", prefix=prefix)))


def test_a_prefix_may_be_the_types_own_key(seeded: Session) -> None:
    made = item_types.add(seeded, TypeChanges("Job"))
    assert (made.key, made.prefix) == ("job", "JOB")
    assert item_types.change(seeded, "job", TypeChanges(plural="Jobs to do")).prefix == "JOB"


def test_all_that_is_wrong_is_told_at_once(seeded: Session) -> None:
    said = TypeChanges(
        "", "x" * 61, "1", "☺", ["wings", "pipelines"], [Relation("ghost")], [Relation("deal"), Relation("deal")]
    )
    assert set(refused(lambda: item_types.add(seeded, said))) == {
        "label", "plural", "prefix", "symbol", "has", "parents", "children",
    }  # fmt: skip
    assert seeded.workspace.smart == []


def test_symbols_are_one_cell_wide_and_have_one_of_ascii() -> None:
    from tuicrm.render.line import Run

    assert len(set(SYMBOLS)) == len(SYMBOLS)
    assert {width(symbol) for symbol in SYMBOLS} == {1}
    assert all(run.text.isascii() for symbol in SYMBOLS for run in to_ascii((Run(symbol),)))


def test_only_those_who_change_settings_make_types(seeded: Session, open_as: OpenAs) -> None:
    delivery(seeded)
    luca = open_as("luca")
    for act in (
        lambda: item_types.add(luca, TypeChanges("Visit")),
        lambda: item_types.change(luca, "delivery", TypeChanges("Visit")),
        lambda: item_types.remove(luca, "delivery"),
        lambda: item_types.order(luca, ["delivery"]),
    ):
        with pytest.raises(AccessDenied):
            act()


def test_two_who_change_one_type_at_once(seeded: Session, open_as: OpenAs) -> None:
    delivery(seeded)
    other = open_as("anna")
    item_types.change(other, "delivery", TypeChanges("Shipment"))
    item_types.change(seeded, "delivery", TypeChanges(prefix="SHP"))
    record = seeded.workspace.smart_type("delivery")
    assert record is not None
    assert (record.label, record.prefix) == ("Shipment", "SHP")


# -- switching ---------------------------------------------------------------------------------------------------------
def test_what_is_switched_off_is_hidden_and_comes_back(seeded: Session) -> None:
    delivery(seeded, has=EVERY)
    values = {
        "title": "Boxes",
        "company": "company:1",
        "source": "web",
        "amount": {"amount": "5.00", "currency": "EUR"},
    }
    ref = items.add(seeded, "delivery", {**values, "stage": "preparation"}).ref
    item_types.change(seeded, "delivery", TypeChanges(has=[]))
    item = seeded.get(ref)
    assert {"company", "source", "amount", "stage", "pipeline", "closed"} & item.fields.keys() == set()
    assert "amount" not in plain_item(seeded, item)["fields"]
    assert card_of(seeded, ref).steps == ()
    items.edit(seeded, ref, {"title": "More boxes"})
    item_types.change(seeded, "delivery", TypeChanges(has=EVERY))
    back = seeded.get(ref)
    assert {key: back.get(key) for key in values} == {**values, "title": "More boxes"}
    assert back.get("stage") == "preparation"


def test_what_was_said_of_a_field_stays_while_it_is_off(seeded: Session) -> None:
    delivery(seeded, has=EVERY)
    change_field(seeded, "delivery", "amount", label="Freight")
    item_types.change(seeded, "delivery", TypeChanges(has=["stages"]))
    assert "amount" not in keys(seeded)
    assert seeded.workspace.misshapen == []
    item_types.change(seeded, "delivery", TypeChanges(has=EVERY))
    assert seeded.label(seeded.workspace.fields("delivery")["amount"].label) == "Freight"


def test_a_field_of_ones_own_never_takes_the_key_of_one_that_is_off(seeded: Session) -> None:
    delivery(seeded, has=())
    assert add_field(seeded, "delivery", "Amount", "string").key == "amount_2"
    assert add_field(seeded, "delivery", "Parent deal", "string").key != "parent_deal"


def test_items_made_without_stages_come_to_the_first_one(seeded: Session) -> None:
    delivery(seeded, has=())
    refs = [items.add(seeded, "delivery", {"title": f"Box {n}"}).ref for n in range(3)]
    item_types.change(seeded, "delivery", TypeChanges(has=["stages"]))
    assert [seeded.get(ref).get("stage") for ref in refs] == ["new"] * 3
    assert [seeded.get(ref).get("pipeline") for ref in refs] == ["general"] * 3
    undo(seeded)
    assert seeded.workspace.pipelines("delivery") == []
    assert [seeded.get(ref).get("stage") for ref in refs] == [None] * 3


def test_pipelines_stay_while_others_have_items(seeded: Session) -> None:
    from msgspec import to_builtins
    from msgspec.structs import replace

    delivery(seeded, has=EVERY)
    second = replace(seeded.workspace.pipelines("delivery")[0], key="abroad", label="Abroad", default=False)
    with seeded.change("another pipeline") as change:
        change.put("pipeline", to_builtins(second))
    items.add(seeded, "delivery", {"title": "Far", "pipeline": "abroad"})
    told = refused(lambda: item_types.change(seeded, "delivery", TypeChanges(has=["stages"])))
    assert told == {"has": "1 item is in another pipeline: move them to General first"}


# -- parents and children ----------------------------------------------------------------------------------------------
def test_a_child_names_its_parent_and_the_parents_card_lists_it(seeded: Session) -> None:
    made = delivery(seeded)
    assert (made.fields[-1].key, made.fields[-1].targets) == ("parent_deal", ["deal"])
    assert "parent_deal" in [placed.field for placed in made.layout.sections[0].fields]
    ref = items.add(seeded, "delivery", {"title": "Boxes", "parent_deal": "deal:1"}).ref
    card = card_of(seeded, Ref("deal", 1))
    assert [(tab.key, tab.count) for tab in card.tabs if tab.key == "delivery"] == [("delivery", 1)]
    assert related.ids(seeded, seeded.get(Ref("deal", 1)), "delivery") == [ref.id]


def test_a_type_with_a_client_is_listed_on_the_clients_cards(seeded: Session) -> None:
    delivery(seeded)
    items.add(seeded, "delivery", {"title": "Boxes", "company": "company:1"})
    assert [tab.count for tab in card_of(seeded, Ref("company", 1)).tabs if tab.key == "delivery"] == [1]
    assert [tab.key for tab in seeded.workspace.type("contact").tabs if tab.kind == "delivery"] == ["delivery"]
    item_types.change(seeded, "delivery", TypeChanges(parents=[Relation("company", tab=False)]))
    assert "parent_company" not in keys(seeded), "the client is no second field"
    assert "delivery" not in [tab.key for tab in seeded.workspace.type("company").tabs]
    item_types.change(seeded, "delivery", TypeChanges(has=["stages"]))
    assert "parent_company" in keys(seeded)


def test_children_may_be_built_in(seeded: Session) -> None:
    delivery(seeded)
    item_types.change(seeded, "delivery", TypeChanges(children=[Relation("quote", many=True)]))
    field = seeded.workspace.fields("quote")["parent_delivery"]
    assert (field.many, field.targets, seeded.label(field.label)) == (True, ["delivery"], "Delivery")
    shown = layouts.current(seeded, LayoutPlace("quote", "general"))
    assert "parent_delivery" in [placed.field for placed in shown.sections[-1].fields]
    ref = items.add(seeded, "delivery", {"title": "Boxes"}).ref
    quote = items.add(seeded, "quote", {"title": "Q", "parent_delivery": [str(ref)]}).ref
    assert related.ids(seeded, seeded.get(ref), "quote") == [quote.id]
    item_types.change(seeded, "delivery", TypeChanges(children=[]))
    assert "parent_delivery" not in seeded.get(quote).fields
    undo(seeded)
    assert seeded.get(quote).get("parent_delivery") == [str(ref)]


def test_one_or_several_is_fixed_once_items_name_parents(seeded: Session) -> None:
    delivery(seeded)
    item_types.change(seeded, "delivery", TypeChanges(parents=[Relation("deal", many=True)]))
    items.add(seeded, "delivery", {"title": "Boxes", "parent_deal": ["deal:1", "deal:2"]})
    told = refused(lambda: item_types.change(seeded, "delivery", TypeChanges(parents=[Relation("deal")])))
    assert told == {"parents": "1 item names its parent already: whether it can have several cannot be changed"}


def test_a_custom_field_of_that_key_is_not_run_over(seeded: Session) -> None:
    add_field(seeded, "quote", "Parent delivery", "string", key="parent_delivery")
    delivery(seeded)
    told = refused(lambda: item_types.change(seeded, "delivery", TypeChanges(children=[Relation("quote")])))
    assert set(told) == {"children"}


def test_a_type_may_be_its_own_parent(seeded: Session) -> None:
    delivery(seeded)
    item_types.change(seeded, "delivery", TypeChanges(parents=[Relation("delivery")]))
    first = items.add(seeded, "delivery", {"title": "Whole"}).ref
    items.add(seeded, "delivery", {"title": "Part", "parent_delivery": str(first)})
    assert [tab.count for tab in card_of(seeded, first).tabs if tab.key == "delivery"] == [1]


# -- removing, order ---------------------------------------------------------------------------------------------------
def test_a_type_with_items_stays_and_says_how_many_and_where(seeded: Session) -> None:
    delivery(seeded)
    for stage in ("new", "new", "preparation"):
        items.add(seeded, "delivery", {"title": "Boxes", "stage": stage})
    told = refused(lambda: item_types.remove(seeded, "delivery"))
    assert told == {
        "type": "It has 3 items (Start 2, Preparation 1): only an empty item type can be removed; delete them first"
    }
    assert "delivery" in seeded.workspace.types


def test_what_is_removed_comes_back_whole(seeded: Session) -> None:
    delivery(seeded)
    key = add_field(seeded, "delivery", "Carrier", "string").key
    place = LayoutPlace("delivery", "general")
    layouts.edit(seeded, place, "shape", lambda layout: layout.__class__(layout.sections[:1], layout.tabs))
    before = (seeded.workspace.type("delivery"), layouts.current(seeded, place), seeded.workspace.pipelines("delivery"))
    item_types.remove(seeded, "delivery")
    workspace = seeded.workspace
    assert "delivery" not in workspace.types
    assert workspace.read_ref("DEL-1") is None
    assert [entry for table in ("field", "layout", "pipeline") for entry in workspace.records[table].values()
            if entry.doc.get("type") == "delivery"] == []  # fmt: skip
    assert "parent_delivery" not in workspace.fields("quote")
    undo(seeded)
    after = (seeded.workspace.type("delivery"), layouts.current(seeded, place), seeded.workspace.pipelines("delivery"))
    assert after == before
    assert key in keys(seeded)


def test_a_key_is_never_given_twice(seeded: Session) -> None:
    delivery(seeded)
    item_types.remove(seeded, "delivery")
    assert item_types.add(seeded, TypeChanges("Delivery", "Deliveries")).key == "delivery_2"
    assert "key" in refused(lambda: item_types.add(seeded, TypeChanges("Other"), key="delivery"))


def test_undo_does_not_take_a_type_from_its_items(seeded: Session) -> None:
    delivery(seeded)
    ref = items.add(seeded, "delivery", {"title": "Boxes"}).ref
    undo(seeded)
    undo(seeded)
    assert "delivery" not in seeded.workspace.types
    redo(seeded)
    redo(seeded)
    assert seeded.get(ref).get("title") == "Boxes"


def test_undo_is_refused_while_somebody_has_items(seeded: Session, open_as: OpenAs) -> None:
    delivery(seeded)
    luca = open_as("luca")
    items.add(luca, "delivery", {"title": "Luca's"})
    seeded.store.refresh()
    with pytest.raises(Conflict, match="It has 1 item"):
        undo(seeded)
    assert "delivery" in seeded.workspace.types


def test_built_in_types_are_not_changed(seeded: Session) -> None:
    for act in (item_types.remove, lambda session, key: item_types.change(session, key, TypeChanges("x"))):
        with pytest.raises(Refused, match="built in"):
            act(seeded, "deal")
    with pytest.raises(NotFound):
        item_types.remove(seeded, "ghost")


def test_types_stand_in_the_order_they_are_put_in(seeded: Session) -> None:
    for name in ("One", "Two", "Three"):
        item_types.add(seeded, TypeChanges(name))

    def own() -> list[str]:
        return [one.key for one in seeded.workspace.types.values() if one.smart]

    assert own() == ["one", "two", "three"]
    assert item_types.move(seeded, "three", -1)
    assert own() == ["one", "three", "two"]
    assert not item_types.move(seeded, "one", -1)
    item_types.order(seeded, ["two"])
    assert own() == ["two", "one", "three"]
    assert list(seeded.workspace.types)[:6] == ["lead", "deal", "contact", "company", "quote", "invoice"]
    undo(seeded)
    assert own() == ["one", "three", "two"]


# -- records that are none ---------------------------------------------------------------------------------------------
GOOD = {"key": "visit", "label": "Visit", "plural": "Visits", "prefix": "VIS", "symbol": "▷", "has": ["stages"]}


@pytest.mark.parametrize(
    "wrong",
    [{"key": "../x"}, {"key": "deal"}, {"key": "entry"}, {"prefix": "1"}, {"prefix": ""}, {"has": 5}, {"label": None}],
    ids=str,
)
def test_a_record_that_is_none_is_left_out(seeded: Session, wrong: dict[str, object]) -> None:
    from tuicrm.store.protocol import Op

    seeded.store.commit([Op("type", 99, {**GOOD, **wrong})], by="anna", note="a script")
    assert seeded.workspace.smart == []
    assert [(one.table, one.id) for one in seeded.workspace.misshapen] == [("type", 99)]


def test_names_that_lead_nowhere_do_no_harm(seeded: Session) -> None:
    from tuicrm.store.protocol import Op

    ghost = {"type": "ghost", "many": True}
    doc = {**GOOD, "has": ["stages", "wings"], "parents": [ghost], "children": [ghost], "symbol": "\x1b[31m"}
    twice = [Op("type", 99, doc), Op("type", 100, {**doc, "label": "Again"})]
    seeded.store.commit(twice, by="anna", note="a script")
    assert [one.label for one in seeded.workspace.smart] == ["Visit"]
    assert "parent_ghost" not in keys(seeded, "visit")
    assert items.add(seeded, "visit", {"title": "x"}).id == 1
