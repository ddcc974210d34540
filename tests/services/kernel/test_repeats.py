"""Leads and deals of clients who came before are marked (reference §13), whatever way they come to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import card_of
from tests.services.conversion.world import make
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.boards.filters import compile_for
from tuicrm.services.definitions import repeat_rules
from tuicrm.services.history.undo import undo
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel import repeats
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts
from tuicrm.store.protocol import Op

WON, LOST = {"stage": "won"}, {"stage": "lost"}


def add(session: Session, type_key: str, /, **texts: str) -> Ref:
    return items.add(session, type_key, items.values(session, type_key, texts)).ref


def lead(session: Session, **texts: str) -> bool:
    """A new lead: whether it is a repeat one."""
    return session.get(add(session, "lead", title="Ask", **texts)).get("repeat") is True


def deal(session: Session, **more: Any) -> tuple[bool, bool]:
    """A new deal: whether it is a repeat one, whether it is a repeat inquiry."""
    return marks(session, items.add(session, "deal", {"title": "Sale", **more}).ref)


def marks(session: Session, ref: Ref) -> tuple[bool, bool]:
    item = session.get(ref)
    return item.get("repeat") is True, item.get("repeat_inquiry") is True


def made_from(session: Session, ref: Ref, lead: Ref) -> None:
    """As a conversion leaves it; nobody sets it by hand."""
    op = Op(ref.type, ref.id, {**session.get(ref).fields, "lead": str(lead)})
    session.store.commit([op], by="anna", note="a conversion")


# -- leads -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("known", "asked", "repeat"),
    [
        ({"phone": "+39 06 1234 5678"}, {"phone": "06 12345678"}, True),
        ({"phone": "+39 06 1234 5678"}, {"phone": "+39-06-12345678 ext. 4"}, True),
        ({"phone": "+39 06 1234 5678"}, {"phone": "+39 06 1234 5679"}, False),
        ({"email": "Ada@Example.org"}, {"email": "ada@example.ORG"}, True),
        ({"email": "ada@example.org"}, {"email": "adam@example.org"}, False),
        ({"phone": "+39 06 1234 5678"}, {}, False),
    ],
)
@pytest.mark.parametrize("type_key", ["contact", "company"])
def test_a_lead_whom_a_client_is_reached_by_is_a_repeat_one(
    workspace: Session, type_key: str, known: dict[str, str], asked: dict[str, str], repeat: bool
) -> None:
    name = {"first_name": "Ada"} if type_key == "contact" else {"title": "Ada Srl"}
    add(workspace, type_key, **name, **known)
    assert lead(workspace, **asked) is repeat


def test_a_lead_of_a_client_is_a_repeat_one(seeded: Session) -> None:
    assert lead(seeded, contacts="C-1")
    assert lead(seeded, company="CO-1")
    assert not lead(seeded)


def test_only_leads_that_are_done_with_make_others_repeat_ones(workspace: Session) -> None:
    first = add(workspace, "lead", title="First", phone="+39 02 5550101")
    assert not lead(workspace, phone="+39 02 5550101"), "the same inquiry twice"
    items.edit(workspace, first, {"stage": "junk"})
    assert lead(workspace, phone="+39 02 5550101")


def test_a_client_made_from_the_lead_makes_it_no_repeat_one(workspace: Session) -> None:
    first = add(workspace, "lead", title="First", email="ada@example.org")
    made = add(workspace, "contact", first_name="Ada", email="ada@example.org")
    made_from(workspace, made, first)
    items.edit(workspace, first, {"contacts": [str(made)], "stage": "converted"})
    assert workspace.get(first).get("repeat") is False
    assert lead(workspace, email="ada@example.org")


def test_the_mark_follows_an_edit_and_its_undo(seeded: Session) -> None:
    ref = add(seeded, "lead", title="Who?")
    items.edit(seeded, ref, {"company": "company:1"})
    assert seeded.get(ref).get("repeat") is True
    undo(seeded)
    assert seeded.get(ref).get("repeat") is False
    items.edit(seeded, ref, {"company": "company:1"})
    items.edit(seeded, ref, {"title": "Someone else"})
    assert seeded.get(ref).get("repeat") is True, "an edit of other fields does not ask again"


def test_repeat_leads_have_a_layout_of_their_own(seeded: Session) -> None:
    first, again = add(seeded, "lead", title="New"), add(seeded, "lead", title="Again", company="CO-1")
    places = [layouts.place_of(seeded, seeded.get(ref)) for ref in (first, again)]
    assert places[0].variant != places[1].variant == "repeat"
    layouts.edit(seeded, LayoutPlace("lead", "repeat"), "shape", lambda old: old.__class__(old.sections[:1], old.tabs))
    shown = [len(card_of(seeded, ref).sections) for ref in (first, again)]
    assert shown[1] == 1 < shown[0]


def test_repeat_ones_can_be_filtered(seeded: Session) -> None:
    again = add(seeded, "lead", title="Again", company="CO-1")
    where = compile_for(seeded, "lead", "repeat = yes")
    assert seeded.ids("lead", where) == [again.id]


def test_what_somebody_may_not_see_is_found_and_not_told(seeded: Session, open_as: OpenAs) -> None:
    add(seeded, "contact", first_name="Ada", email="ada@example.org")
    luca = open_as("luca")
    ref = add(luca, "lead", title="Ask", email="ada@example.org")
    assert luca.get(ref).get("repeat") is True
    assert "company" not in luca.get(ref).fields


# -- deals -------------------------------------------------------------------------------------------------------------
def test_a_deal_after_one_that_was_not_won_is_a_repeat_inquiry(workspace: Session) -> None:
    client = str(add(workspace, "company", title="Ada Srl"))
    assert deal(workspace, company=client) == (False, False)
    assert deal(workspace, company=client, **LOST) == (False, True)
    assert deal(workspace, company=client) == (False, True)


def test_a_deal_after_one_that_was_won_is_a_repeat_one(workspace: Session) -> None:
    client = str(add(workspace, "contact", first_name="Ada"))
    first = items.add(workspace, "deal", {"title": "Sale", "contacts": [client], **WON}).ref
    assert marks(workspace, first) == (False, False)
    assert deal(workspace, contacts=[client]) == (True, False)
    assert deal(workspace) == (False, False)


def test_earlier_deals_stay_what_they_were(workspace: Session) -> None:
    client = str(add(workspace, "company", title="Ada Srl"))
    first = items.add(workspace, "deal", {"title": "One", "company": client}).ref
    second = items.add(workspace, "deal", {"title": "Two", "company": client}).ref
    items.edit(workspace, second, {"stage": "won"})
    items.edit(workspace, first, {"title": "One!"})
    assert (marks(workspace, first), marks(workspace, second)) == ((False, False), (False, True))


def test_a_deal_made_from_a_repeat_lead_is_a_repeat_inquiry(seeded: Session) -> None:
    again = add(seeded, "lead", title="Again", company="CO-2")
    ref = items.add(seeded, "deal", {"title": "Sale"}).ref
    made_from(seeded, ref, again)
    items.edit(seeded, ref, {"contacts": ["contact:1"]})
    assert marks(seeded, ref) == (False, True)


def test_the_client_is_asked_again_when_it_changes(seeded: Session) -> None:
    items.edit(seeded, Ref("deal", 1), {"stage": "won"})
    ref = items.add(seeded, "deal", {"title": "Sale"}).ref
    items.edit(seeded, ref, {"company": "company:1"})
    assert marks(seeded, ref) == (True, False)
    items.edit(seeded, ref, {"company": "company:2"})
    assert marks(seeded, ref) == (False, True)


def test_a_conversion_leaves_the_marks_that_belong_there(workspace: Session) -> None:
    first = add(workspace, "lead", title="First", phone="+39 02 5550101", first_name="Ada")
    came = make(workspace, first, "deal,contact")
    assert workspace.get(first).get("repeat") is False
    assert marks(workspace, came.made["deal"]) == (False, False)
    again = add(workspace, "lead", title="Again", phone="+39 02 5550101", first_name="Ada")
    assert workspace.get(again).get("repeat") is True
    second = make(workspace, again, "deal", contact={})
    assert marks(workspace, second.made["deal"]) == (False, True), "made from a repeat lead, and nothing is won yet"
    items.edit(workspace, second.made["deal"], {"contacts": [str(came.made["contact"])], **WON})
    third = add(workspace, "lead", title="Third", contacts=workspace.workspace.show_ref(came.made["contact"]))
    assert marks(workspace, make(workspace, third, "deal").made["deal"]) == (True, False)


# -- the rules ---------------------------------------------------------------------------------------------------------
def test_switched_off_nothing_more_is_marked_and_what_is_stays(seeded: Session) -> None:
    before = add(seeded, "lead", title="Before", company="CO-1")
    repeat_rules.change(seeded, on=False)
    assert not lead(seeded, company="CO-1")
    assert deal(seeded, company="company:1") == (False, False)
    items.edit(seeded, before, {"company": None})
    assert seeded.get(before).get("repeat") is True
    undo(seeded)
    undo(seeded)
    undo(seeded)
    undo(seeded)
    assert repeats.rules(seeded.workspace).on
    assert lead(seeded, company="CO-1")


def test_those_who_are_left_out_make_nothing_a_repeat(seeded: Session) -> None:
    ada = add(seeded, "contact", first_name="Ada", email="ada@example.org")
    repeat_rules.change(seeded, leave_out=[ada, Ref("company", 1)])
    assert not lead(seeded, email="ada@example.org")
    assert not lead(seeded, company="CO-1")
    assert deal(seeded, company="company:1") == (False, False)
    assert lead(seeded, company="CO-2")
    repeat_rules.change(seeded, leave_out=[])
    assert lead(seeded, email="ada@example.org")


def test_who_may_change_the_rules_and_what_they_may_name(seeded: Session, open_as: OpenAs) -> None:
    with pytest.raises(AccessDenied):
        repeat_rules.change(open_as("luca"), on=False)
    with pytest.raises(Refused, match="contacts and companies"):
        repeat_rules.change(seeded, leave_out=[Ref("deal", 1)])
    with pytest.raises(NotFound):
        repeat_rules.change(seeded, leave_out=[Ref("contact", 99)])


@pytest.mark.parametrize("wrong", ["yes", {"on": "perhaps", "excluded": "all"}, {"excluded": [7, None]}, []])
def test_rules_that_are_none_count_as_not_said(seeded: Session, wrong: Any) -> None:
    seeded.store.commit([Op("setting", 900, {"key": "repeats", "value": wrong})], by="anna", note="a file")
    assert repeats.rules(seeded.workspace) == repeats.Rules()
    assert lead(seeded, company="CO-1")


# -- many at once ------------------------------------------------------------------------------------------------------
def test_items_of_one_change_know_of_each_other(workspace: Session) -> None:
    client = str(add(workspace, "company", title="Ada Srl"))
    with workspace.change("two") as change:
        refs = [change.add("deal", {"title": f"Sale {n}", "company": client, **WON}) for n in range(2)]
    assert [marks(workspace, ref) for ref in refs] == [(False, False), (True, False)]


def test_imported_ones_are_marked(seeded: Session, tmp_path: Path) -> None:
    add(seeded, "contact", first_name="Ada", phone="+39 06 1234 5678")
    rows = tmp_path / "leads.csv"
    rows.write_text("title,phone\nAgain,06 1234 5678\nNew,06 9999 9999\n")
    run_import(seeded, [rows], ImportOptions(type="lead"))
    told = {item.get("title"): item.get("repeat") for item in seeded.find("lead").items}
    assert (told["Again"], told["New"]) == (True, False)


def test_what_a_file_says_itself_stays(workspace: Session) -> None:
    assert deal(workspace, repeat=True) == (True, False)
