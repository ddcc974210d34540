"""`+`: items made from the one under the cursor and from all that are marked; a form that shows what goes along."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, require_field
from tests.driver import LARGE, Crm, running
from tests.hostile import HOSTILE_FEW, assert_harmless
from tests.screens.items.test_screen import listed
from tests.screens.opening import BOTH, board, card
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.services.definitions import stage_changes
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences
from tuicrm.store.protocol import Op

LEAD = {
    "title": "Fair",
    "last_name": "Neri",
    "company_title": "New Srl",
    "amount": {"amount": "500", "currency": "EUR"},
    "source": "web",
}


def lead(session: Session, **more: object) -> Ref:
    return items.add(session, "lead", {**LEAD, **more}).ref


async def choose(crm: Crm, text: str) -> None:
    """What is made, by name."""
    await crm.press_action("create")
    await crm.type(text)
    await crm.press_action("list.choose")


@BOTH
async def test_a_form_shows_what_goes_along(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, lead(seeded), size) as (crm, _screen):
        await choose(crm, "deal contact company")
        shown = crm.screen_text()
        for text in ("L-2 Fair", "Deal", "from Title: Fair", "€ 500.00", "from Amount"):
            assert text in shown
        await crm.press_action("form.save")
        assert crm.dialog is None, crm.screen_text()
        assert crm.said().startswith("Created from L-2: CO-3, C-2, D-4")
        assert "D-4" in crm.screen_lines()[0], "what was made is open"
        await crm.press_action("back")
        assert "Good lead" in crm.screen_text()
        await crm.press_action("undo")
        assert seeded.peek(Ref("deal", 4)) is None
    assert seeded.get(Ref("lead", 2)).get("stage") == "new"


async def test_what_is_shown_can_be_changed(seeded: Session) -> None:
    async with card(seeded, lead(seeded), LARGE) as (crm, _screen):
        await choose(crm, "deal")
        await crm.press("ctrl+u")
        await crm.type("Stand")
        assert "from Title: Fair" in crm.screen_text()
        await crm.press_action("form.on")
        await crm.press("ctrl+u")
        await crm.press_action("form.save")
    deal = seeded.get(Ref("deal", 4))
    assert (deal.get("title"), deal.get("amount"), deal.get("source")) == ("Stand", None, "web")


async def test_esc_leaves_all_as_it_was(seeded: Session) -> None:
    seq = seeded.store.seq()
    async with card(seeded, Ref("lead", 1)) as (crm, _screen):
        await crm.press_action("create")
        await crm.press_action("cancel")
        await choose(crm, "deal")
        await crm.press_action("cancel")
        assert crm.said() == "Nothing was changed."
    assert seeded.store.seq() == seq


async def test_one_that_is_here_can_be_taken(seeded: Session) -> None:
    ref = lead(seeded, company_title="Rossi Srl", last_name="")
    async with card(seeded, ref, LARGE) as (crm, _screen):
        await crm.press_action("create")
        await crm.type("Company")
        await crm.press("down", "up")
        await crm.type(" ")
        await crm.press_action("list.choose")
        form = " ".join(line.split("│")[1].strip() for line in crm.screen_lines() if line.count("│") > 1)
        assert "F4 uses an existing one: CO-1 Rossi Srl" in form, "the hint goes on in a second line"
        while (
            crm.app.focused is not None and "perhaps" not in crm.screen_text() and "a new one;" not in crm.screen_text()
        ):
            await crm.press_action("form.on")
        await crm.press_action("form.choose")
        await crm.type("Rossi")
        await crm.press_action("list.choose")
        await crm.press_action("form.save")
        assert "CO-1" in crm.said()
    assert seeded.ids("company") == [1, 2]
    assert seeded.get(ref).get("stage") == "converted"


async def test_a_client_without_a_name_is_asked_for(seeded: Session) -> None:
    ref = items.add(seeded, "lead", {"title": "Fair"}).ref
    async with card(seeded, ref, LARGE) as (crm, _screen):
        await choose(crm, "contact company")
        assert crm.screen_text().count("required for a new one") == 3
        await crm.press_action("form.save")
        assert "is required" in crm.screen_text()
        await crm.type("Neri")
        await crm.press_action("form.save")
        assert "is required" in crm.screen_text()
        assert seeded.ids("contact") == [1]
        await crm.type("New Srl")
        await crm.press_action("form.save")
        assert crm.dialog is None
    assert seeded.get(Ref("contact", 2)).get("first_name") == "Neri"


async def test_a_missing_field_is_made(seeded: Session) -> None:
    add_field(seeded, "lead", "Stand", key="stand")
    ref = lead(seeded, stand="B 7")
    async with card(seeded, ref, LARGE) as (crm, _screen):
        await choose(crm, "deal")
        await crm.press("shift+tab", *["tab"] * 14)
        assert "missing in deals: Stand" in crm.screen_text()
        await crm.press_action("form.choose")
        await crm.type("yes")
        await crm.press_action("list.choose", "form.save")
    assert seeded.get(Ref("deal", 4)).get("stand") == "B 7"


async def test_what_was_made_last_is_offered_first(seeded: Session) -> None:
    preferences.choose_scenario(seeded, "lead", "contact")
    async with card(seeded, lead(seeded)) as (crm, _screen):
        await crm.press_action("create", "list.choose")
        assert "Contact" in crm.screen_text()
        await crm.press_action("form.save")
    assert seeded.ids("contact") == [1, 2]
    assert seeded.ids("deal") == [1, 2, 3]


async def test_on_the_stage_bar_a_lead_that_succeeds_is_asked_what_comes_of_it(seeded: Session) -> None:
    ref = lead(seeded)
    async with card(seeded, ref) as (crm, _screen):
        for only in (True, False):
            await crm.press_action("stage.move")
            await crm.type("Good lead")
            await crm.press_action("list.choose")
            await crm.type("only move" if only else "Deal")
            await crm.press_action("list.choose")
            if only:
                assert seeded.get(ref).get("stage") == "converted"
                assert seeded.ids("deal") == [1, 2, 3]
                await crm.press_action("undo")
        await crm.press_action("form.save")
    assert seeded.get(ref).get("stage") == "converted"
    assert seeded.ids("deal") == [1, 2, 3, 4]


@asynccontextmanager
async def two_leads_come_to_success(session: Session) -> AsyncIterator[tuple[Crm, list[Ref]]]:
    """Two leads, marked on their board, are moved to the success stage: what is asked then."""
    items.delete(session, [Ref("lead", 1)])
    refs = [lead(session), lead(session, title="Fair again")]
    async with running(session, lambda s, surface: BoardScreen(s, surface, "lead"), LARGE) as crm:
        await crm.press_action("mark_all", "stage.move")
        await crm.type("Good lead")
        await crm.press_action("list.choose")
        yield crm, refs


@pytest.mark.parametrize("how", ["deal", "only move", ""])
async def test_several_marked_that_come_to_success_are_asked_of_once(seeded: Session, how: str) -> None:
    """What is made of them, that they only move, or nothing: one choice for all, one undo."""
    async with two_leads_come_to_success(seeded) as (crm, refs):
        assert "2 leads · Good lead" in crm.screen_text()
        assert "Only move them" in crm.screen_text()
        if not how:
            await crm.press_action("cancel")
            assert {seeded.get(ref).get("stage") for ref in refs} == {"new"}
            return
        await crm.type(how)
        await crm.press_action("list.choose")
        if crm.dialog is not None:
            await crm.press_action("form.save")
        assert {seeded.get(ref).get("stage") for ref in refs} == {"converted"}
        assert len(seeded.ids("deal")) == (5 if how == "deal" else 3)
        await crm.press_action("undo")
        assert {seeded.get(ref).get("stage") for ref in refs} == {"new"}
        assert len(seeded.ids("deal")) == 3


async def test_what_success_asks_for_is_asked_of_several_once(seeded: Session) -> None:
    key = add_field(seeded, "lead", "Verdict").key
    stage_changes.change_stage(seeded, "lead", "general", "converted", asks=[key])
    async with two_leads_come_to_success(seeded) as (crm, refs):
        await crm.type("deal")
        await crm.press_action("list.choose")
        assert "Good lead asks for" in crm.screen_text()
        await crm.type("good")
        await crm.press_action("form.save")
        if crm.dialog is not None:
            await crm.press_action("form.save")
    assert [seeded.get(ref).get(key) for ref in refs] == ["good", "good"]
    assert {seeded.get(ref).get("stage") for ref in refs} == {"converted"}


async def test_left_there_it_stays_where_it_is(seeded: Session) -> None:
    async with card(seeded, Ref("lead", 1)) as (crm, _screen):
        await crm.press_action("stage.move")
        await crm.type("Good lead")
        await crm.press_action("list.choose")
        assert "Only move it" in crm.screen_text()
        await crm.press_action("cancel")
    assert seeded.get(Ref("lead", 1)).get("stage") == "new"


async def test_what_the_source_itself_needs_is_asked_for(seeded: Session) -> None:
    key = add_field(seeded, "lead", "Verdict").key
    require_field(seeded, "lead", key, always=False, pipeline="general", stages=["converted"])
    ref = lead(seeded)
    async with card(seeded, ref, LARGE) as (crm, _screen):
        await choose(crm, "deal")
        await crm.press_action("form.save")
        assert "is required" in crm.screen_text()
        await crm.type("good")
        await crm.press_action("form.save")
    assert (seeded.get(ref).get("stage"), seeded.get(ref).get(key)) == ("converted", "good")


async def test_what_the_success_stage_asks_for_is_asked(seeded: Session) -> None:
    key = add_field(seeded, "lead", "Why won").key
    stage_changes.change_stage(seeded, "lead", "general", "converted", asks=[key])
    ref = lead(seeded)
    async with card(seeded, ref, LARGE) as (crm, _screen):
        await choose(crm, "deal")
        await crm.press("shift+tab", *["tab"] * 12)
        assert "Good lead asks for" in crm.screen_text()
        assert "Why won" in crm.screen_text()
        await crm.press_action("form.save")
        assert crm.dialog is None, "it need not be answered"
    assert seeded.get(ref).get("stage") == "converted"


async def test_changed_by_another_meanwhile(seeded: Session, open_as: OpenAs) -> None:
    ref = lead(seeded)
    async with card(seeded, ref, LARGE) as (crm, _screen):
        await choose(crm, "deal")
        items.edit(open_as("anna"), ref, {"title": "Anna's"})
        seeded.store.refresh()
        await crm.press_action("form.save")
        assert crm.dialog is not None
        assert "someone else changed it" in crm.said()
        assert seeded.ids("deal") == [1, 2, 3]
        await crm.press_action("form.save")
        assert crm.dialog is None
    assert seeded.get(Ref("deal", seeded.ids("deal")[-1])).get("title") == "Fair"


async def test_who_may_not_is_told_why(seeded: Session, open_as: OpenAs) -> None:
    async with card(open_as("luca"), Ref("lead", 1)) as (crm, _screen):
        await crm.press_action("create")
        assert crm.said() == "You may not change this lead."
    invoice = items.add(seeded, "invoice", {"title": "x"}).ref
    async with card(seeded, invoice) as (crm, _screen):
        await crm.press_action("create")
        assert crm.said() == "Other items cannot be created from this type: invoice."


# -- several -----------------------------------------------------------------------------------------------------------
@BOTH
async def test_all_that_are_marked(seeded: Session, size: tuple[int, int]) -> None:
    for n in range(3):
        lead(seeded, title=f"Lead {n}", company_title="New Srl")
    nameless = items.add(seeded, "lead", {"title": "Nameless"}).ref
    async with listed(seeded, "lead", size) as (crm, screen):
        await crm.press_action("mark_all")
        await choose(crm, "deal contact company")
        shown = crm.screen_text()
        assert "3 items" in shown
        assert "Required: First name or Last name" in shown
        await crm.press_action("form.save")
        said = crm.screen_text()
        assert "created from 3 items" in said
        assert "Nameless" in said
        assert screen.pane.marked == {1, nameless.id}, "those from which nothing is made stay marked"
    assert len(seeded.ids("deal")) == 3 + 3
    assert len(seeded.ids("company")) == 2 + 1


async def test_on_the_board(seeded: Session) -> None:
    async with board(seeded, LARGE) as (crm, screen):
        await crm.press_action("mark_all")
        await choose(crm, "quote")
        assert crm.said().startswith("created from 3 items")
        assert screen.view.marked == set()
        await crm.press_action("undo")
    assert seeded.ids("quote") == []


async def test_none_of_them(seeded: Session) -> None:
    for _n in range(2):
        items.add(seeded, "lead", {"title": "Nameless"})
    async with listed(seeded, "lead") as (crm, _screen):
        await crm.press_action("mark_all")
        await choose(crm, "contact")
        assert "not from 3" in crm.screen_text()
        await crm.press("esc")


@pytest.mark.parametrize("text", HOSTILE_FEW)
async def test_hostile_texts(seeded: Session, text: str) -> None:
    """Written past the door: what no kind takes does not go along."""
    text = text.replace("\0", "").encode("utf-8", "ignore").decode()  # nothing keeps a NUL or half a character
    record = seeded.store.get("lead", [1])[0]
    spoiled = dict.fromkeys(("title", "company_title", "first_name", "comment"), text)
    seeded.store.commit([Op("lead", 1, {**record.doc, **spoiled, "last_name": "Neri"})], by="anna")
    async with card(seeded, Ref("lead", 1)) as (crm, _screen):
        await choose(crm, "deal contact company")
        assert_harmless("".join(crm.screen_lines()))
        await crm.press_action("form.save")
        assert_harmless("".join(crm.screen_lines()))


async def test_the_same_from_one_item_a_second_time_is_told_before(seeded: Session) -> None:
    def quotes() -> int:
        return len(seeded.ids("quote"))

    async with listed(seeded, "deal", LARGE) as (crm, _screen):
        await choose(crm, "quote")
        assert "already made" not in crm.screen_text()
        await crm.press_action("form.save", "back")
        await choose(crm, "quote")
        assert "Q-1 was already made from this on" in crm.screen_text()
        await crm.press_action("form.save", "back")
        assert quotes() == 2
        # Of several: those that have none yet, unless one says that all are meant.
        await crm.press_action("mark_all")
        await choose(crm, "quote")
        assert "1 item had the same made from it before" in crm.screen_text()
        await crm.press_action("form.save")
        assert quotes() == 4
        await crm.press("esc")
        await crm.press_action("undo", "mark_all")
        await choose(crm, "quote")
        await crm.press_action("form.choose")
        await crm.type("yes")
        await crm.press_action("list.choose", "form.save")
        assert quotes() == 5
