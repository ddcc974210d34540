"""The same made from many at once: those that can be made are one undo, the others are told with what they lack."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field
from tests.services.conversion.test_making import everything
from tuicrm.domain.items import Ref
from tuicrm.errors import Conflict
from tuicrm.services.conversion import several
from tuicrm.services.conversion.proposing import find_scenario
from tuicrm.services.conversion.several import How, SeveralPlans
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def leads(session: Session, count: int) -> list[Ref]:
    """Leads of people with names; every fifth of Rossi Srl, every third has no name."""
    refs = []
    with session.change("leads") as change:
        for n in range(count):
            fields = {"title": f"Lead {n}", "company_title": "Rossi Srl" if n % 5 == 0 else f"Company {n}"}
            refs.append(change.add("lead", fields | ({} if n % 3 == 0 else {"last_name": f"Name {n}"})))
    return refs


def planned(session: Session, refs: list[Ref], text: str, how: How | None = None) -> SeveralPlans:
    return several.plan_all(session, refs, find_scenario(session, "lead", text), how or How())


@pytest.mark.parametrize("at_once", [1_000, 7], ids=["in one", "as a batch"])
def test_five_hundred(seeded: Session, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(several, "_AT_ONCE", at_once)
    refs = leads(seeded, 500)
    before = everything(seeded)
    found = planned(seeded, refs, "deal,contact,company")
    assert (len(found.plans), len(found.stayed)) == (333, 167)
    assert {one.reason for one in found.stayed} == {"Contact: Required: First name or Last name"}
    assert everything(seeded) == before, "looking writes nothing"
    told: list[tuple[int, int]] = []
    came, left = several.carry_out_all(seeded, found, lambda done, of: told.append((done, of)))
    assert (len(came), left, told[-1]) == (333, [], (333, 333))
    assert len(seeded.ids("deal")) == 3 + 333
    assert len(seeded.ids("contact")) == 1 + 333
    # Rossi Srl is there already.
    assert len(seeded.ids("company")) == 2 + sum(1 for n in range(500) if n % 3 and n % 5)
    assert {seeded.get(one.made["deal"]).get("company") for one in came if "company" in one.taken} == {"company:1"}
    assert {seeded.get(ref).get("stage") for ref in refs} == {"converted", "new"}
    label = undo(seeded).label
    assert label == "create deal + contact + company from 333 leads"
    assert everything(seeded) == before


@pytest.mark.parametrize("at_once", [1_000, 0], ids=["in one", "as a batch"])
def test_two_of_one_company_make_one(seeded: Session, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(several, "_AT_ONCE", at_once)
    monkeypatch.setattr(several, "_LINE", 1)
    refs = [
        items.add(seeded, "lead", {"last_name": name, "company_title": company}).ref
        for name, company in (("Neri", "New Srl"), ("Verdi", " new  SRL"), ("Neri", "Other"))
    ]
    came, _left = several.carry_out_all(seeded, planned(seeded, refs, "deal,contact,company"))
    companies = [seeded.get(one.made["deal"]).get("company") for one in came]
    assert companies == ["company:3", "company:3", "company:4"]
    assert len({one.made["contact"] for one in came}) == 3, "of two people of one name there are two"
    assert seeded.get(refs[1]).get("company") == "company:3"


def test_all_new_where_that_is_wanted(seeded: Session) -> None:
    refs = [items.add(seeded, "lead", {"company_title": "Rossi Srl"}).ref for _n in range(2)]
    several.carry_out_all(seeded, planned(seeded, refs, "company", How(take=False)))
    assert seeded.ids("company") == [1, 2, 3, 4]


def test_one_of_several_alike_is_nobodys(seeded: Session) -> None:
    items.add(seeded, "company", {"title": "Rossi Srl"})
    ref = items.add(seeded, "lead", {"company_title": "Rossi Srl"}).ref
    came, _left = several.carry_out_all(seeded, planned(seeded, [ref], "company"))
    assert came[0].made == {"company": Ref("company", 4)}


def test_values_for_all_and_fields_made_once(seeded: Session) -> None:
    add_field(seeded, "lead", "Stand", key="stand")
    refs = [items.add(seeded, "lead", {"title": f"L{n}", "stand": f"B{n}"}).ref for n in range(3)]
    how = How(make=True, fields={"deal": {"extra_info": "from the fair"}})
    came, _left = several.carry_out_all(seeded, planned(seeded, refs, "deal", how))
    made = [seeded.get(one.made["deal"]) for one in came]
    assert [(one.get("stand"), one.get("extra_info")) for one in made] == [(f"B{n}", "from the fair") for n in range(3)]
    undo(seeded)
    assert "stand" not in seeded.workspace.fields("deal")


def test_those_that_are_not_ones_own_are_told(seeded: Session, open_as: OpenAs) -> None:
    mine = items.add(seeded, "lead", {"title": "mine", "responsible": "luca"}).ref
    luca = open_as("luca")
    gone = Ref("lead", 99)
    found = planned(luca, [Ref("lead", 1), mine, gone], "deal")
    assert [(one.ref, one.barred) for one in found.stayed] == [(Ref("lead", 1), True), (gone, False)]
    assert several.told(luca, found.stayed[0]) == "L-1 Fair contact: You may not change this lead."
    assert several.told(luca, found.stayed[1]) == "L-99: There is no L-99."


def test_nothing_is_made_when_one_of_them_changed(seeded: Session, open_as: OpenAs) -> None:
    refs = leads(seeded, 5)
    found = planned(seeded, refs, "deal")
    items.edit(open_as("anna"), refs[3], {"title": "Other"})
    seeded.store.refresh()
    with pytest.raises(Conflict):
        several.carry_out_all(seeded, found)
    assert seeded.ids("deal") == [1, 2, 3]


def test_stopped_half_way_it_never_happened(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "_AT_ONCE", 1)
    monkeypatch.setattr(several, "_LINE", 2)
    found = planned(seeded, leads(seeded, 9), "deal")
    before = everything(seeded)

    def stop(done: int, _of: int) -> None:
        if done > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        several.carry_out_all(seeded, found, stop)
    assert everything(seeded) == before


def test_of_none_nothing_is_made(seeded: Session) -> None:
    seq = seeded.store.seq()
    assert several.carry_out_all(seeded, planned(seeded, [], "deal")) == ([], [])
    assert seeded.store.seq() == seq
