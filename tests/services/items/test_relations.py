"""Relations: the family as a tree, what names an item, free links; what one may not read is not told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tests.services.conversion.world import full, make
from tuicrm.domain.items import Ref
from tuicrm.domain.relations import LINKS, Edge, Relative
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.checks.checking import faults
from tuicrm.services.history.log import read_log
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items, relations, timeline
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Op

D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))
CO1, C1 = Ref("company", 1), Ref("contact", 1)


def found(session: Session, ref: Ref, **more: Any) -> dict[str, list[tuple[str, int]]]:
    told = relations.relations(session, session.get(ref), **more)
    show = session.workspace.show_ref
    groups = {"family": told.family, "names": told.names, "named": told.named, "links": told.links}
    return {name: [(show(one.ref), one.depth) for one in group] for name, group in groups.items() if group}


def links(session: Session, ref: Ref) -> list[Relative]:
    return list(relations.relations(session, session.get(ref)).links)


# -- the family --------------------------------------------------------------------------------------------------------
def test_the_whole_family_from_wherever_one_looks(seeded: Session) -> None:
    lead = full(seeded, "lead")
    came = make(seeded, lead, "deal,contact,company").made
    quote = make(seeded, came["deal"], "quote").made["quote"]
    invoice = make(seeded, quote, "invoice").made["invoice"]
    show = seeded.workspace.show_ref
    family = [
        (show(lead), 0),
        (show(came["deal"]), 1),
        (show(quote), 2),
        (show(invoice), 3),
        (show(came["contact"]), 1),
        (show(came["company"]), 1),
    ]
    for ref in (lead, *came.values(), quote, invoice):
        told = found(seeded, ref)["family"]
        assert sorted(told) == sorted(family), "each once, at its deepest"
        assert told[0] == (show(lead), 0)
        itself = [one.ref for one in relations.relations(seeded, seeded.get(ref)).family if one.itself]
        assert itself == [ref]


def test_a_ring_has_an_end(seeded: Session) -> None:
    quote = make(seeded, D1, "quote").made["quote"]
    record = seeded.store.get("deal", [1])[0]
    seeded.store.commit([Op("deal", 1, {**record.doc, "quote": str(quote)})], by="anna")
    assert found(seeded, D1)["family"] == [("D-1", 0), ("Q-1", 1)]
    assert found(seeded, quote)["family"] == [("Q-1", 0), ("D-1", 1)]


def test_a_long_chain_and_a_big_family_are_cut_and_say_so(seeded: Session) -> None:
    with seeded.change("many") as change:
        for n in range(30):
            change.add("quote", {"title": f"Q{n}", "deal": "deal:1"})
    told = relations.relations(seeded, seeded.get(D1), 10)
    assert (len(told.family), told.more) == (10, True)
    told = relations.relations(seeded, seeded.get(D1), 100)
    assert (len(told.family), told.more) == (31, False)


def test_clients_name_no_family_but_what_names_them(seeded: Session) -> None:
    assert found(seeded, CO1) == {"named": [("D-1", 0), ("C-1", 0)]}
    told = found(seeded, D1)
    assert (told.get("family"), told["names"]) == (None, [("CO-1", 0)])


def test_fields_of_ones_own(seeded: Session) -> None:
    key = add_field(seeded, "deal", "Rival", "item", targets=["company"]).key
    items.edit(seeded, D2, {key: "company:1"})
    assert ("CO-1", 0) in found(seeded, D2)["names"]
    assert ("D-2", 0) in found(seeded, CO1)["named"]


# -- links -------------------------------------------------------------------------------------------------------------
def test_a_link_is_on_both_sides_and_one_undo(seeded: Session) -> None:
    relations.link(seeded, D1, D3, "see also")
    assert [(one.ref, one.how) for one in links(seeded, D1)] == [(D3, "see also")]
    assert [one.ref for one in links(seeded, D3)] == [D1]
    assert timeline.view(seeded, D3).entries[0].title == "Linked: D-1 Website redesign"
    relations.remove(seeded, Edge(D1, D3, link=1))
    assert links(seeded, D1) == []
    assert timeline.view(seeded, D1).entries[0].title == "Link removed: D-3 Annual support"
    assert undo(seeded).label == "unlink D-1 and D-3"
    assert [one.ref for one in links(seeded, D3)] == [D1]
    assert undo(seeded).label == "link D-1 and D-3"
    assert links(seeded, D1) == []


def test_what_is_no_link_is_refused(seeded: Session) -> None:
    with pytest.raises(Refused, match="cannot be linked to itself"):
        relations.link(seeded, D1, D1)
    with pytest.raises(Refused, match="at most 200"):
        relations.link(seeded, D1, D2, "x" * 201)
    with pytest.raises(NotFound):
        relations.link(seeded, D1, Ref("deal", 99))
    relations.link(seeded, D1, D2)
    with pytest.raises(Refused, match="already linked"):
        relations.link(seeded, D2, D1)


def test_a_link_to_what_was_deleted_is_readable_and_comes_back(seeded: Session) -> None:
    relations.link(seeded, D1, D3)
    items.delete(seeded, [D3])
    assert [(one.title, one.gone) for one in links(seeded, D1)] == [("Annual support", True)]
    undo(seeded)
    assert [(one.title, one.gone) for one in links(seeded, D1)] == [("Annual support", False)]
    items.delete(seeded, [D3])
    relations.remove(seeded, relations.between(seeded, D1, D3))
    assert links(seeded, D1) == []


def test_it_needs_edit_on_one_side_and_read_on_the_other(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    with pytest.raises(AccessDenied, match="neither D-1 nor D-3"):
        relations.link(luca, D1, D3)
    relations.link(luca, D1, D2)  # D-2 is Luca's
    seeded.store.refresh()
    assert [one.ref for one in links(seeded, D1)] == [D2]
    relations.link(seeded, D1, D3)
    luca.store.refresh()
    with pytest.raises(AccessDenied, match="neither D-1 nor D-3"):
        relations.remove(luca, relations.between(luca, D1, D3))
    relations.remove(luca, relations.between(luca, D1, D2))


# -- taken out of fields -----------------------------------------------------------------------------------------------
def test_taken_out_of_the_field_that_names_it(seeded: Session) -> None:
    told = relations.remove(seeded, relations.between(seeded, CO1, D1))
    assert told == "Company of D-1 no longer refers to CO-1"
    assert seeded.get(D1).get("company") is None
    undo(seeded)
    assert seeded.get(D1).get("company") == "company:1"


def test_of_several_the_others_stay(seeded: Session) -> None:
    other = items.add(seeded, "contact", {"last_name": "Neri"}).ref
    items.edit(seeded, D1, {"contacts": [str(C1), str(other)]})
    relations.remove(seeded, Edge(D1, C1, "contacts"))
    assert seeded.get(D1).get("contacts") == [str(other)]


def test_what_it_was_made_from_stays(seeded: Session) -> None:
    deal = make(seeded, full(seeded, "lead"), "deal").made["deal"]
    with pytest.raises(Refused, match="shows what it was created from"):
        relations.remove(seeded, Edge(deal, Ref("lead", 2), "lead"))


# -- who may know ------------------------------------------------------------------------------------------------------
@pytest.fixture
def luca(seeded: Session, open_as: OpenAs) -> Session:
    """He may read his own deals only."""
    role = next(one for one in seeded.workspace.records["role"].values() if not one.doc.get("admin"))
    with seeded.change("rules") as change:
        rules = {**role.doc["rules"], "deal": {"read": "own", "add": "all", "edit": "own"}}
        change.put("role", {**role.doc, "rules": rules}, role.id)
    relations.link(seeded, D1, D2, "geheim")
    make(seeded, D1, "quote")
    return open_as("luca")


def test_what_may_not_be_read_is_not_told(seeded: Session, luca: Session) -> None:
    assert links(seeded, D2) != []
    assert links(luca, D2) == []
    assert [one.title for one in timeline.view(luca, D2).entries] == ["Created"]
    assert [one["kind"] for one in timeline.records(luca, D2)] == ["created"]
    assert found(seeded, Ref("quote", 1))["family"] == [("D-1", 0), ("Q-1", 1)]
    assert found(luca, Ref("quote", 1)) == {"names": [("CO-1", 0)]}
    assert found(luca, CO1) == {"named": [("C-1", 0), ("Q-1", 0)]}
    with pytest.raises(NotFound):
        relations.between(luca, Ref("quote", 1), D3)
    labels = [line.label for line in read_log(luca)]
    assert not any("D-1" in label for label in labels), labels
    items.delete(seeded, [D1])
    luca.store.refresh()
    assert links(luca, D2) == []


def test_what_a_field_names_that_is_not_for_somebody_is_not_told(seeded: Session, open_as: OpenAs) -> None:
    key = add_field(seeded, "deal", "Rival", "item", targets=["company"]).key
    items.edit(seeded, D2, {key: "company:1"})
    restrict_field(seeded, "deal", key, ["anna"])
    luca = open_as("luca")
    assert ("CO-1", 0) in found(seeded, D2)["names"]
    assert ("CO-1", 0) not in found(luca, D2)["names"]
    assert ("D-2", 0) not in found(luca, CO1)["named"]
    with pytest.raises(NotFound, match="are not related"):
        relations.between(luca, CO1, D2)


# -- what scripts write ------------------------------------------------------------------------------------------------
def test_links_that_are_none(seeded: Session) -> None:
    wrong: list[dict[str, Any]] = [
        {"owner": "deal:1"},
        {"owner": "deal:1", "other": 7},
        {"owner": "deal:1", "other": "x:y", "word": []},
    ]
    seeded.store.commit([Op(LINKS, at, doc) for at, doc in enumerate(wrong, start=1)], by="anna")
    assert links(seeded, D1) == []
    seeded.store.commit([Op(LINKS, 8, {"owner": "deal:1", "other": "deal:99"})], by="anna")
    seeded.store.commit([Op(LINKS, 9, {"owner": "deal:1", "other": "deal:3", "word": ["x"]})], by="anna")
    assert [(one.ref, one.how) for one in links(seeded, D1)] == [(D3, "")]
    seeded.store.commit(
        [Op("quote", 1, {"title": "x", "deal": "deal:1", "company": ["deal", 3, "contact:1"]})], by="anna"
    )
    assert found(seeded, D1)["family"] == [("D-1", 0), ("Q-1", 1)]
    assert list(read_log(seeded))


def test_fsck_tells_links_of_what_never_was(seeded: Session) -> None:
    relations.link(seeded, D1, D3)
    items.delete(seeded, [D3])
    folder = seeded.store.folder.path  # type: ignore[attr-defined]
    assert faults(folder) == []
    seeded.store.commit([Op(LINKS, 8, {"owner": "deal:1", "other": "deal:99"})], by="anna")
    assert [(one.place, one.what) for one in faults(folder)] == [
        ("link 8", "it links to “deal:99”, which is not an item")
    ]
    assert len(seeded.store.find(Find(LINKS)).records) == 2
