"""Everyday jobs of a salesperson, at 80x24: how many keys each takes beside the text that is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field
from tests.driver import LARGE, SMALL, Crm, running
from tests.screens.opening import card
from tuicrm.action import Action
from tuicrm.actions import ACTIONS
from tuicrm.domain.items import Ref
from tuicrm.i18n import LANGUAGES, _, set_language
from tuicrm.render.ansi import plain
from tuicrm.scopes import GROUPS
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.definitions import stage_changes
from tuicrm.services.items import activities, items
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.controller import Way
from tuicrm.widgets.help import help_lines
from tuicrm.widgets.menu import Menu
from tuicrm.widgets.palette import ActionPalette
from tuicrm.widgets.surface import Surface


class Job:
    """A job at the keyboard: keys that are no text are counted."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self.keys: list[str] = []

    async def press(self, *keys: str) -> None:
        self.keys += keys
        await self.crm.press(*keys)

    async def type(self, text: str) -> None:
        await self.crm.type(text)


def on_board(crm: Crm) -> tuple[BoardScreen, Ref]:
    """The board, and the item under its cursor."""
    screen = crm.screen
    assert isinstance(screen, BoardScreen)
    assert screen.current is not None
    return screen, screen.current.ref


# -- a call, its result, the next step ---------------------------------------------------------------------------------
async def test_log_a_call_with_its_result_and_plan_the_next_step_in_three_keys(demo: Session) -> None:
    async with running(demo, BoardScreen, SMALL) as crm:
        _screen, ref = on_board(crm)
        before, job = len(demo.owned(ACTIVITIES, ref)), Job(crm)
        await job.press("A")
        await job.type("They take it at 10 %")
        await job.press("enter")
        await job.type("Send the contract tomorrow 10")
        assert "Send the contract · Tue 24 Nov 10:00" in crm.screen_text(), "what is understood is told"
        await job.press("enter")
        assert crm.dialog is None
        assert len(job.keys) == 3, job.keys
        step, call = sorted(demo.owned(ACTIVITIES, ref), key=lambda one: one.id)[-1:-3:-1]
        assert (call.doc["kind"], call.doc["done"], call.doc["result"]) == ("call", True, "They take it at 10 %")
        assert (step.doc["what"], step.doc["at"]) == ("Send the contract", "2026-11-24T10:00:00Z")
        await crm.press_action("undo")
        assert len(demo.owned(ACTIVITIES, ref)) == before, "one undo takes back both"


async def test_what_was_planned_is_ticked_off_with_its_result(seeded: Session) -> None:
    ref = Ref("deal", 1)
    activities.delete(seeded, *(one.id for one in activities.open_of(seeded, ref)))
    late = activities.add(seeded, ref, "Ring Bo", "2026-11-20T09:00:00Z", kind="call")
    later = activities.add(seeded, ref, "Visit [/] Bo", "2026-12-20T09:00:00Z")
    async with card(seeded, ref) as (crm, _screen):
        await crm.press_action("activity.log")
        assert "Ring Bo · 3 d late" in crm.screen_text()
        await crm.press("enter", "enter")
        assert seeded.record(ACTIVITIES, late).doc["done"], "it may have no result, and nothing need come next"
        await crm.press_action("activity.log")
        await crm.press("up")
        await crm.type("visit")
        await crm.press("enter", "enter")
        await crm.type("Fine")
        await crm.press("F2")
        assert seeded.record(ACTIVITIES, later).doc["result"] == "Fine"


async def test_what_is_refused_stays_typed(demo: Session) -> None:
    async with running(demo, BoardScreen, SMALL) as crm:
        _screen, ref = on_board(crm)
        await crm.press("A", "enter")
        await crm.type("tomorrow")
        await crm.press("enter")
        assert "say what is to be done, then when" in crm.screen_text()
        await crm.press("ctrl+u")
        await crm.type("Send the contract tomorrow 10")
        await crm.press("enter")
        assert "is required" in crm.screen_text(), "a call that was not planned has a result"
        assert "Send the contract tomorrow 10" in crm.screen_text()
        await crm.type("Yes")
        await crm.press("F2")
        assert crm.dialog is None
        assert [one.doc["result"] for one in demo.owned(ACTIVITIES, ref) if one.doc.get("result") == "Yes"] == ["Yes"]
        seq = demo.store.seq()
        await crm.press("A")
        await crm.type("never")
        await crm.press("esc")
        assert demo.store.seq() == seq


async def test_who_may_not_is_told_why_before_anything_is_asked(seeded: Session, open_as: OpenAs) -> None:
    async with card(open_as("luca"), Ref("lead", 1)) as (crm, _screen):
        await crm.press("A")
        assert crm.dialog is None
        assert crm.said() == "You may not change this lead."


# -- a customer by a piece of the phone --------------------------------------------------------------------------------
async def test_a_customer_is_found_by_a_piece_of_the_phone_in_one_key(demo: Session) -> None:
    known = demo.get(Ref("contact", demo.ids("contact")[0]))
    digits = "415 5512"
    items.edit(demo, known.ref, items.values(demo, "contact", {"phone": "+39 0415551234"}))
    scattered = {"first_name": "Newer", "phone": "+39 415 000 5512"}
    items.add(demo, "contact", items.values(demo, "contact", scattered))
    items.add(demo, "deal", {"title": f"Order {digits}"})
    items.add(demo, "company", {"title": f"{digits} Srl"})
    async with running(demo, BoardScreen, SMALL) as crm:
        job = Job(crm)
        await job.press("F7")
        await job.type(digits)
        assert len(job.keys) == 1
        await crm.press("enter")
        screen = crm.screen
        assert isinstance(screen, CardScreen)
        assert screen.ref == known.ref


# -- a quote from a deal -----------------------------------------------------------------------------------------------
async def test_a_quote_is_made_from_a_deal_and_open_in_three_keys(demo: Session) -> None:
    async with running(demo, BoardScreen, SMALL) as crm:
        board, ref = on_board(crm)
        job = Job(crm)
        await job.press("+")
        await job.type("quote")
        await job.press("enter", "F2")
        assert len(job.keys) == 3, job.keys
        quote = crm.screen
        assert isinstance(quote, CardScreen)
        assert (quote.ref.type, quote.item.get("deal")) == ("quote", str(ref))
        made = quote.ref
        assert crm.said().startswith(f"Created from {demo.workspace.show_ref(ref)}: ")
        await crm.press("esc")
        assert crm.screen is board, "esc comes back to where it was made"
        await crm.press("+")
        await crm.type("quote")
        await crm.press("enter", "F2", "u")
        assert demo.ids("quote")[-1] == made.id, "undone where it is open"
        await crm.press("esc")
        assert crm.screen is board


# -- a deal to another stage -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["number", "date", "list"])
async def test_a_deal_is_moved_and_what_the_stage_asks_is_filled_in_two_keys(demo: Session, kind: str) -> None:
    said: dict[str, Any] = {"options": ["Price", "Time"]} if kind == "list" else {}
    key = add_field(demo, "deal", "Verdict", kind, **said).key
    stage_changes.change_stage(demo, "deal", "wholesale", "qualified", asks=[key])
    async with running(demo, BoardScreen, SMALL) as crm:
        _board, ref = on_board(crm)
        before, job = demo.get(ref).get("stage"), Job(crm)
        await job.press(">")
        assert "asks for" in crm.screen_text()
        await job.type({"number": "42", "date": "tomorrow", "list": "time"}[kind])
        await job.press("enter")
        assert crm.dialog is None
        assert len(job.keys) == 2, job.keys
        moved = demo.get(ref)
        assert moved.get("stage") != before
        assert moved.get(key)
        await crm.press_action("undo")
        back = demo.get(ref)
        assert (back.get("stage"), back.get(key)) == (before, None), "one undo"


# -- back to where one was ---------------------------------------------------------------------------------------------
async def go(crm: Crm, place: str) -> None:
    """To a place of the menu, by its name."""
    await crm.press_action("goto")
    menu = crm.dialog
    assert isinstance(menu, Menu)
    await crm.press(next(entry.key for entry in menu.entries if entry.label == place))


async def test_back_to_where_one_was_is_one_key_from_everywhere(demo: Session) -> None:
    async with running(demo, BoardScreen, SMALL) as crm:
        await crm.press("j", "j", "l")
        board, ref = on_board(crm)
        await crm.press("enter", "3")
        tab = crm.screen.tabs.tab if isinstance(crm.screen, CardScreen) else ""
        await go(crm, "Contacts")
        await crm.press("j", "j")
        contacts = crm.screen
        assert isinstance(contacts, ListScreen)
        second = contacts.pane.cursor
        await go(crm, "Settings")
        await crm.press("j")
        await go(crm, "Duplicates")

        await crm.press("backspace")
        assert isinstance(crm.screen, SettingsScreen)
        await crm.press("backspace")
        contacts = crm.screen
        assert isinstance(contacts, ListScreen)
        assert contacts.pane.cursor == second, "the cursor is where it was"
        await crm.press("backspace")
        deal = crm.screen
        assert isinstance(deal, CardScreen)
        assert (deal.ref, deal.tabs.tab) == (ref, tab)
        await crm.press("backspace")
        assert crm.screen is board
        assert on_board(crm)[1] == ref
        await crm.press("backspace")
        assert crm.said() == "This is where you began."


async def test_what_was_closed_is_come_back_to_and_what_is_gone_is_passed_over(demo: Session) -> None:
    async with running(demo, BoardScreen, SMALL) as crm:
        _board, ref = on_board(crm)
        await crm.press("enter", "esc")
        await crm.press("backspace")
        assert isinstance(crm.screen, CardScreen)
        assert crm.screen.ref == ref
        await crm.press("esc")
        items.delete(demo, [ref])
        await crm.settle()
        await go(crm, "Companies")
        await crm.press("backspace", "backspace")
        assert isinstance(crm.screen, BoardScreen), "the board, and not the card of what is gone"


async def test_a_view_is_come_back_to_with_its_pipeline_and_filter(demo: Session) -> None:
    async with running(demo, lambda s, surface: BoardScreen(s, surface, "deal", "retail"), SMALL) as crm:
        await crm.press("/")
        await crm.type("amount > 1")
        await crm.press("enter")
        board, ref = on_board(crm)
        await crm.press("l")
        board, ref = on_board(crm)
        await go(crm, "Contacts")
        await crm.press("backspace")
        again, here = on_board(crm)
        assert again is not board
        assert (again.board.pipeline_key, again.board.text, here) == ("retail", "amount > 1", ref)


# -- without the README ------------------------------------------------------------------------------------------------
JOBS: dict[str, dict[str, tuple[str, ...]]] = {
    "activity.log": {
        "en": ("log", "call", "phoned", "result", "outcome", "next step", "follow up"),
        "it": ("registra", "chiamata", "esito", "passo successivo", "call", "result"),
    },
    "stage.move": {
        "en": ("move to", "stage", "won", "lost", "close", "pipeline"),
        "it": ("sposta", "fase", "vinto", "persa", "chiudi", "won"),
    },
    "find": {
        "en": ("find", "search", "phone", "number", "customer"),
        "it": ("cerca", "cerca ovunque", "cronologie", "phone"),
    },
    "create": {
        "en": ("quote", "offer", "estimate", "create", "document"),
        "it": ("preventivo", "offerta", "crea", "documento", "quote"),
    },
    "trail.back": {
        "en": ("back", "where I was", "return", "previous"),
        "it": ("indietro", "dov'ero", "back"),
    },
}
"""Each of these jobs by the words that people would try."""


def action(action_id: str) -> Action:
    """By its id."""
    return next(one for one in ACTIONS if one.id == action_id)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("where", ["board", "card", "list"])
async def test_each_job_is_found_by_name_or_in_the_footer(demo: Session, where: str, language: str) -> None:
    set_language(language)
    opens: dict[str, Callable[[Session, Surface], Any]] = {
        "board": BoardScreen,
        "card": lambda s, surface: CardScreen(s, surface, Ref("deal", s.ids("deal")[0])),
        "list": lambda s, surface: ListScreen(s, surface, "deal"),
    }
    async with running(demo, opens[where], SMALL) as crm:
        await crm.press(":")
        palette = crm.dialog
        assert isinstance(palette, ActionPalette)
        for action_id, words in JOBS.items():
            for typed in words[language]:
                palette.look_for(typed)
                found = [entry.of if isinstance(entry, Way) else entry.id for entry in palette.shown[:10]]
                assert action_id in found, (typed, found)


async def test_what_is_done_every_day_stands_in_the_footer_and_all_of_it_in_the_help(demo: Session) -> None:
    async with running(demo, BoardScreen, LARGE) as crm:
        footer = crm.screen_lines()[-1]
        for action_id in ("activity.log", "stage.move", "create"):
            assert f"{crm.keys.key(action_id)} {_(action(action_id).hint)}" in footer, action_id
        doable = crm.screen.dispatcher.doable()
        told = "\n".join(plain(line) for line in help_lines(crm.keys, doable, 80))
        here = told.partition(GROUPS["welcome"].upper())[0]
        for action_id in (*JOBS, "stage.next"):
            assert f" {crm.keys.key(action_id)}" in here
            assert action(action_id).label in here
