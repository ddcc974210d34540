"""Every scenario of every type: what goes along, what is linked, what is told on both sides; one change, one undo."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, require_field, restrict_field
from tests.hostile_workspace import TEXTS
from tests.services.conversion.world import ALL, full, make, proposal, wanted, with_deliveries
from tuicrm.domain.conversion import Plan, WantedItem, origin_field
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Scenario
from tuicrm.domain.smart import Relation
from tuicrm.errors import AccessDenied, NotFound, Refused, RequiredFields
from tuicrm.services.conversion import making, proposing, words
from tuicrm.services.definitions import item_types
from tuicrm.services.definitions.item_types import TypeChanges
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import items, timeline
from tuicrm.services.kernel.reader import ENTRIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences
from tuicrm.store.protocol import Find, Op

EVERY = pytest.mark.parametrize(("source", "scenario"), ALL, ids=[f"{key} to {one.key}" for key, one in ALL])


def everything(session: Session) -> dict[str, Any]:
    """All items and entries as they are, without their revisions."""
    tables = [*session.workspace.types, ENTRIES]
    return {table: {one.id: one.doc for one in session.store.find(Find(table)).records} for table in tables}


def titles(session: Session, ref: Ref) -> list[str]:
    return [entry.title for entry in timeline.view(session, ref).entries]


# -- every scenario ----------------------------------------------------------------------------------------------------
@EVERY
def test_what_means_the_same_goes_along(seeded: Session, source: str, scenario: Scenario) -> None:
    with_deliveries(seeded)
    ref = full(seeded, source)
    before = seeded.get(ref)
    came = make(seeded, ref, scenario.key)
    assert set(came.made) == set(scenario.targets)
    for key, made in came.made.items():
        item = seeded.get(made)
        fields = seeded.workspace.fields(key)
        same = {
            name
            for name in ("amount", "source", "source_info", "comment", "responsible", "observers", "phone", "email", "address",
                         "messenger", "web", "first_name", "last_name", "position", "utm_source", "own_company", "manual_amount")
            if name in fields and before.get(name)
        }  # fmt: skip
        assert same
        assert {name: item.get(name) for name in same} == {name: before.get(name) for name in same}
        if "title" in fields and source in ("lead", "deal", "quote") and key != "company":
            assert item.get("title") == before.get("title")
        assert item.get("stage") != "converted"
    if "company" in came.made:
        assert seeded.get(came.made["company"]).get("title") == before.get("company_title")


@EVERY
def test_it_is_linked_and_told_on_both_sides(seeded: Session, source: str, scenario: Scenario) -> None:
    with_deliveries(seeded)
    ref = full(seeded, source)
    shown = seeded.names.related(ref)
    came = make(seeded, ref, scenario.key)
    for key, made in came.made.items():
        origin = origin_field(seeded.workspace.type(key), source)
        assert origin is not None
        value = seeded.get(made).get(origin.key)
        assert str(ref) in (value if isinstance(value, list) else [value])
        assert titles(seeded, made) == [f"Created from {shown}"]
        noun = seeded.label(seeded.workspace.type(key).label)
        assert f"{noun} created from this: {seeded.names.related(made)}" in titles(seeded, ref)
    if "deal" in came.made:
        deal = seeded.get(came.made["deal"])
        assert not came.made.get("company") or deal.get("company") == str(came.made["company"])
        assert not came.made.get("contact") or deal.get("contacts")[0] == str(came.made["contact"])
    if {"contact", "company"} <= set(came.made):
        assert seeded.get(came.made["contact"]).get("company") == str(came.made["company"])


@EVERY
def test_it_is_one_undo(seeded: Session, source: str, scenario: Scenario) -> None:
    with_deliveries(seeded)
    ref = full(seeded, source)
    before = everything(seeded)
    make(seeded, ref, scenario.key)
    after = everything(seeded)
    undone = undo(seeded)
    assert undone.label.startswith("create ")
    assert everything(seeded) == before
    redo(seeded)
    assert everything(seeded) == after


@EVERY
def test_only_what_finishes_moves_the_source(seeded: Session, source: str, scenario: Scenario) -> None:
    with_deliveries(seeded)
    ref = full(seeded, source)
    before = seeded.get(ref)
    make(seeded, ref, scenario.key)
    assert seeded.get(ref).get("stage") == ("converted" if scenario.finishes else before.get("stage"))
    assert preferences.scenario(seeded, source) == scenario.key


def test_the_seven_of_a_lead() -> None:
    assert {frozenset(one.targets) for key, one in ALL if key == "lead"} == {
        frozenset(one.split())
        for one in (
            "deal contact company",
            "deal contact",
            "deal company",
            "deal",
            "contact company",
            "contact",
            "company",
        )
    }


def test_smart_processes_as_their_relations_say(seeded: Session) -> None:
    assert [one.key for one in proposing.scenarios(seeded, "deal")] == ["quote", "invoice"]
    with_deliveries(seeded)
    assert [one.key for one in proposing.scenarios(seeded, "deal")] == ["quote", "invoice", "delivery"]
    assert proposing.scenarios(seeded, "delivery") == []
    item_types.change(seeded, "delivery", TypeChanges(children=[Relation("invoice")]))
    assert [one.key for one in proposing.scenarios(seeded, "delivery")] == ["invoice"]
    delivery = make(seeded, Ref("deal", 1), "delivery").made["delivery"]
    invoice = make(seeded, delivery, "invoice").made["invoice"]
    assert seeded.get(invoice).get("parent_delivery") == str(delivery)
    assert seeded.get(invoice).get("deal") == "deal:1"


def test_relations_go_on(seeded: Session) -> None:
    """An invoice made from a quote is the deal's too; a quote made from a deal is its lead's."""
    lead = full(seeded, "lead")
    deal = make(seeded, lead, "deal").made["deal"]
    quote = make(seeded, deal, "quote").made["quote"]
    invoice = make(seeded, quote, "invoice").made["invoice"]
    assert (seeded.get(quote).get("deal"), seeded.get(quote).get("lead")) == (str(deal), str(lead))
    assert (seeded.get(invoice).get("quote"), seeded.get(invoice).get("deal")) == (str(quote), str(deal))


def test_a_lead_without_a_client_has_one_afterwards(seeded: Session) -> None:
    lead = items.add(seeded, "lead", {"title": "x", "company_title": "New Srl", "last_name": "Neri"}).ref
    came = make(seeded, lead, "contact,company")
    assert seeded.get(lead).get("company") == str(came.made["company"])
    assert seeded.get(lead).get("contacts") == [str(came.made["contact"])]


def test_what_was_made_before_is_told(seeded: Session) -> None:
    lead = full(seeded, "lead")
    deal = make(seeded, lead, "deal").made["deal"]
    again = proposal(seeded, lead, "deal")
    assert again.made == (deal,)
    assert again.stage == ""
    shown = seeded.workspace.show_ref(deal)
    assert proposing.told_made(seeded, again).startswith(f"{shown} was already made from this on 23 Nov 2026")
    for _time in range(4):
        make(seeded, lead, "deal")
    told = proposing.told_made(seeded, proposal(seeded, lead, "deal"))
    assert told.count("already made") == 3
    assert told.endswith("; and 2 more")


def test_what_stays_with_the_lead_is_told(seeded: Session) -> None:
    told = {field.key for field in proposal(seeded, full(seeded, "lead"), "deal").stays}
    assert {"phone", "email", "first_name"} <= told
    assert "title" not in told


# -- clients that are here already -------------------------------------------------------------------------------------
def test_the_leads_own_client_is_taken(seeded: Session) -> None:
    lead = items.add(seeded, "lead", {"title": "x", "company": "company:2", "contacts": ["contact:1"]}).ref
    proposed = proposal(seeded, lead, "deal,contact,company")
    assert [(part.type, part.existing[:1], part.linked) for part in proposed.parts[:2]] == [
        ("company", (Ref("company", 2),), True),
        ("contact", (Ref("contact", 1),), True),
    ]
    came = making.carry_out(seeded, words.decide(seeded, proposed, words.ConversionValues({}, {}), {}))
    deal = seeded.get(came.made["deal"])
    assert set(came.made) == {"deal"}
    assert (deal.get("company"), deal.get("contacts")) == ("company:2", ["contact:1"])
    assert f"Contact used for this: {seeded.names.related(Ref('contact', 1))}" in titles(seeded, lead)
    assert titles(seeded, Ref("contact", 1))[0] == f"Used for {seeded.names.related(lead)}"
    assert seeded.get(Ref("contact", 1)).get("lead") is None


@pytest.mark.parametrize(
    "lead",
    [
        {"first_name": "maria", "last_name": "ROSSI"},
        {"last_name": "M.", "phone": [{"value": "+390255550142", "typed": "02 55550142", "type": "mobile"}]},
        {"last_name": "M.", "email": [{"value": "Maria@Rossi.it", "type": "home"}]},
    ],
    ids=["name", "phone", "e-mail"],
)
def test_who_is_here_already_is_offered(seeded: Session, lead: dict[str, Any]) -> None:
    items.edit(seeded, Ref("contact", 1), {"phone": [{"value": "+390255550142", "typed": "02 5555 0142", "type": "work"}],
                                           "email": [{"value": "maria@rossi.it", "type": "work"}]})  # fmt: skip
    ref = items.add(seeded, "lead", lead).ref
    part = proposal(seeded, ref, "contact").part("contact")
    assert (part.existing, part.linked) == ((Ref("contact", 1),), False)
    came = making.carry_out(
        seeded,
        Plan(proposal(seeded, ref, "deal,contact"), {"contact": WantedItem(Ref("contact", 1)), "deal": WantedItem()}),
    )
    assert seeded.get(came.made["deal"]).get("contacts") == ["contact:1"]


def test_one_that_was_deleted_meanwhile_is_not_taken(seeded: Session, open_as: OpenAs) -> None:
    lead = items.add(seeded, "lead", {"title": "x", "contacts": ["contact:1"]}).ref
    proposed = proposal(seeded, lead, "deal,contact")
    items.delete(open_as("anna"), [Ref("contact", 1)])
    seeded.store.refresh()
    with pytest.raises(NotFound, match="was deleted"):
        making.carry_out(seeded, words.decide(seeded, proposed, words.ConversionValues({}, {}), {}))
    assert seeded.ids("deal") == [1, 2, 3]


# -- what is needed ----------------------------------------------------------------------------------------------------
def test_a_client_needs_a_name(seeded: Session) -> None:
    lead = items.add(seeded, "lead", {"title": "Fair"}).ref
    proposed = proposal(seeded, lead, "deal,contact,company")
    assert [field.key for field in proposed.part("contact").named] == ["first_name", "last_name"]
    assert [field.key for field in proposed.part("company").lacking] == ["title"]
    seq = seeded.store.seq()
    with pytest.raises(RequiredFields) as error:
        making.carry_out(seeded, Plan(proposed, wanted(proposed)))
    assert {problem.field for problem in error.value.fields} == {
        "contact.first_name",
        "contact.last_name",
        "company.title",
    }
    assert "Contact: Required: First name or Last name" in error.value.message
    assert seeded.store.seq() == seq
    make(seeded, lead, "deal,contact,company", contact={"last_name": "Neri"}, company={"title": "Neri Srl"})


def test_what_the_source_needs_in_its_success_stage(seeded: Session) -> None:
    key = add_field(seeded, "lead", "Verdict").key
    require_field(seeded, "lead", key, always=False, pipeline="general", stages=["converted"])
    lead = items.add(seeded, "lead", {"title": "Fair"}).ref
    proposed = proposal(seeded, lead, "deal")
    assert [field.key for field in proposed.lacking] == [key]
    with pytest.raises(RequiredFields, match="Verdict") as error:
        making.carry_out(seeded, Plan(proposed, wanted(proposed)))
    assert [problem.field for problem in error.value.fields] == [f"own.{key}"]
    assert seeded.ids("deal") == [1, 2, 3]
    making.carry_out(seeded, Plan(proposed, wanted(proposed), {key: "good"}))
    assert (seeded.get(lead).get("stage"), seeded.get(lead).get(key)) == ("converted", "good")


def test_a_client_that_the_success_stage_needs_is_the_one_made(seeded: Session) -> None:
    require_field(seeded, "lead", "company", always=False, pipeline="general", stages=["converted"])
    lead = items.add(seeded, "lead", {"title": "Fair", "company_title": "New Srl"}).ref
    proposed = proposal(seeded, lead, "company")
    assert proposed.lacking == ()
    making.carry_out(seeded, Plan(proposed, wanted(proposed)))
    assert seeded.get(lead).get("company") == "company:3"


# -- fields of one's own -----------------------------------------------------------------------------------------------
def test_a_field_of_the_same_name_and_kind(seeded: Session) -> None:
    for kind, value in (("string", "x"), ("integer", 7), ("date", "2026-12-01")):
        here = add_field(seeded, "lead", f"My {kind}", kind, key=f"lead_{kind}").key
        there = add_field(seeded, "deal", f"my {kind}", kind).key
        lead = items.add(seeded, "lead", {"title": "x", here: value}).ref
        assert seeded.get(make(seeded, lead, "deal").made["deal"]).get(there) == value


def test_the_same_key_comes_before_the_same_name(seeded: Session) -> None:
    add_field(seeded, "lead", "Stand", key="stand")
    add_field(seeded, "deal", "Stand", key="other")
    add_field(seeded, "deal", "Booth", key="stand")
    lead = items.add(seeded, "lead", {"title": "x", "stand": "B 7"}).ref
    deal = seeded.get(make(seeded, lead, "deal").made["deal"])
    assert (deal.get("stand"), deal.get("other")) == ("B 7", None)


def test_options_by_their_names(seeded: Session) -> None:
    add_field(seeded, "lead", "Size", "list", key="size", options=["Large", "Small", "Odd"], many=True)
    add_field(seeded, "deal", "Size", "list", key="size2", options=["small", "large"], many=True)
    options = {option.label: option.key for option in seeded.workspace.fields("lead")["size"].options}
    there = {option.label: option.key for option in seeded.workspace.fields("deal")["size2"].options}
    lead = items.add(seeded, "lead", {"title": "x", "size": [options["Large"], options["Small"]]}).ref
    assert seeded.get(make(seeded, lead, "deal").made["deal"]).get("size2") == [there["large"], there["small"]]
    items.edit(seeded, lead, {"size": [options["Odd"]]})
    lost = proposal(seeded, lead, "deal").lost
    assert [(one.field.key, one.reason, one.makeable) for one in lost] == [
        ("size", "the field there has no option Odd", False)
    ]


def test_several_values_and_one(seeded: Session) -> None:
    add_field(seeded, "lead", "Codes", key="codes", many=True)
    add_field(seeded, "deal", "Codes", key="codes")
    lead = items.add(seeded, "lead", {"title": "x", "codes": ["a"]}).ref
    assert seeded.get(make(seeded, lead, "deal").made["deal"]).get("codes") == "a"
    items.edit(seeded, lead, {"codes": ["a", "b"]})
    assert [one.reason for one in proposal(seeded, lead, "deal").lost] == ["the field there takes one value"]


def test_what_another_kind_holds_finds_no_place(seeded: Session) -> None:
    add_field(seeded, "lead", "Budget", "number", key="budget")
    add_field(seeded, "deal", "Budget", "string", key="budget")
    lead = items.add(seeded, "lead", {"title": "x", "budget": "5"}).ref
    assert [(one.field.key, one.makeable) for one in proposal(seeded, lead, "deal").lost] == [("budget", False)]


def test_a_missing_one_is_made(seeded: Session) -> None:
    add_field(seeded, "lead", "Size", "list", key="size", options=["Large", "Small"], help="of the order")
    restrict_field(seeded, "lead", "size", ["anna"])
    option = seeded.workspace.fields("lead")["size"].options[1].key
    lead = items.add(seeded, "lead", {"title": "x", "last_name": "Neri", "size": option}).ref
    proposed = proposal(seeded, lead, "deal,contact")
    assert [(one.field.key, one.makeable) for one in proposed.lost] == [("size", True)]
    came = making.carry_out(seeded, Plan(proposed, wanted(proposed), make=True))
    made = seeded.workspace.fields("deal")["size"]
    assert (made.kind, made.label, made.help, made.visible_to) == ("list", "Size", "of the order", ["anna"])
    assert seeded.get(came.made["deal"]).get("size") == option
    assert "size" not in seeded.workspace.fields("contact")
    assert proposal(seeded, lead, "deal").lost == ()
    undo(seeded)
    assert "size" not in seeded.workspace.fields("deal")
    assert seeded.ids("deal") == [1, 2, 3]


def test_a_missing_one_is_left_where_it_is_not_wanted(seeded: Session) -> None:
    add_field(seeded, "lead", "Size", key="size")
    lead = items.add(seeded, "lead", {"title": "x", "size": "L"}).ref
    make(seeded, lead, "deal")
    assert "size" not in seeded.workspace.fields("deal")


def test_making_one_needs_the_right_to_settings(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "lead", "Size", key="size")
    lead = items.add(seeded, "lead", {"title": "x", "size": "L", "responsible": "luca"}).ref
    luca = open_as("luca")
    proposed = proposal(luca, lead, "deal")
    with pytest.raises(AccessDenied, match="may change settings"):
        making.carry_out(luca, Plan(proposed, wanted(proposed), make=True))
    making.carry_out(luca, Plan(proposed, wanted(proposed)))


# -- who may -----------------------------------------------------------------------------------------------------------
def hide(session: Session, *types: str) -> None:
    for type_key in types:
        add_field(session, type_key, "Secret", key="secret")
        restrict_field(session, type_key, "secret", ["anna"])


@pytest.mark.parametrize("hidden", [("lead",), ("lead", "deal"), ("deal",)], ids=["here", "in both", "there"])
def test_what_somebody_may_not_see_does_not_go_along_and_is_not_told(
    seeded: Session, open_as: OpenAs, hidden: tuple[str, ...]
) -> None:
    hide(seeded, *hidden)
    for type_key in {"lead", "deal"} - set(hidden):
        add_field(seeded, type_key, "Secret", key="secret")
    lead = items.add(seeded, "lead", {"title": "x", "secret": "s3cret", "responsible": "luca"}).ref
    luca = open_as("luca")
    proposed = proposal(luca, lead, "deal")
    assert "secret" not in proposed.part("deal").fields
    told = {one.field.key for one in proposed.lost} | {one.key for one in proposed.stays}
    assert ("secret" in told) == (hidden == ("deal",))
    deal = making.carry_out(luca, Plan(proposed, wanted(proposed))).made["deal"]
    seeded.store.refresh()
    assert "secret" not in seeded.get(deal).fields
    assert ("secret" in proposal(seeded, lead, "deal").part("deal").fields) == (hidden != ("lead",))


def test_what_more_people_would_see_stays(seeded: Session) -> None:
    hide(seeded, "lead")
    add_field(seeded, "deal", "Secret", key="secret")
    lead = items.add(seeded, "lead", {"title": "x", "secret": "s3cret"}).ref
    assert [one.reason for one in proposal(seeded, lead, "deal").lost] == ["more people could see the field there"]


def test_it_needs_edit_on_the_source_and_add_on_the_target(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    with pytest.raises(AccessDenied, match="You may not change this lead"):
        proposal(luca, Ref("lead", 1), "deal")
    role = next(one for one in seeded.workspace.records["role"].values() if not one.doc.get("admin"))
    with seeded.change("rules") as change:
        change.put(
            "role", {**role.doc, "rules": {**role.doc["rules"], "contact": {"read": "all", "add": "none"}}}, role.id
        )
    mine = items.add(seeded, "lead", {"title": "x", "responsible": "luca", "last_name": "Neri"}).ref
    luca.store.refresh()
    with pytest.raises(AccessDenied, match="You may not add contacts"):
        proposal(luca, mine, "deal,contact")
    make(luca, mine, "deal")


def test_who_may_add_only_their_own_is_responsible_for_it(seeded: Session, open_as: OpenAs) -> None:
    role = next(one for one in seeded.workspace.records["role"].values() if not one.doc.get("admin"))
    with seeded.change("rules") as change:
        rules = {"read": "all", "add": "own", "edit": "all"}
        change.put("role", {**role.doc, "rules": {"*": rules}}, role.id)
    lead = items.add(seeded, "lead", {"title": "x", "responsible": "anna"}).ref
    luca = open_as("luca")
    deal = make(luca, lead, "deal").made["deal"]
    assert luca.get(deal).get("responsible") == "luca"


# -- wrong words, wrong values -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["quote", "", "nothing", "deal,quote", "deal,nothing", "lead"])
def test_what_cannot_be_made_is_refused_with_what_can(seeded: Session, text: str) -> None:
    with pytest.raises(Refused, match="contact,company; contact; company"):
        proposing.find_scenario(seeded, "lead", text)


def test_a_scenario_by_labels_in_any_order(seeded: Session) -> None:
    assert proposing.find_scenario(seeded, "lead", "Azienda, contacts,deal").key == "deal,contact,company"


def test_an_invoice_makes_nothing(seeded: Session) -> None:
    with pytest.raises(Refused, match="cannot be created"):
        proposing.find_scenario(seeded, "invoice", "deal")


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_hostile_texts(seeded: Session, text: str) -> None:
    """Values that a script wrote past the door: what the kinds take goes along, what they do not stays; nothing breaks."""
    record = seeded.store.get("lead", [1])[0]
    keys = [
        field.key
        for field in seeded.workspace.fields("lead").values()
        if field.kind in ("string", "text", "dictionary", "date")
    ]
    spoiled = {**record.doc, **dict.fromkeys((key for key in keys if not key.startswith("currency")), text)}
    seeded.store.commit([Op("lead", 1, spoiled)], by="anna")
    proposed = proposal(seeded, Ref("lead", 1), "deal,contact,company")
    values = wanted(proposed, contact={"last_name": "x"}, company={"title": "x"}, deal={"title": "x"})
    came = making.carry_out(seeded, Plan(proposed, values))
    for ref in (Ref("lead", 1), *came.made.values()):
        assert titles(seeded, ref)
    undo(seeded)
    assert seeded.store.get("lead", [1])[0].doc == spoiled
