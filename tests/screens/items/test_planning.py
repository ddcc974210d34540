"""Planning on screen: a line that tells what it is understood as, the form with every part, what comes after it is done."""

from __future__ import annotations

from tests.driver import LARGE, SMALL, Crm, running
from tests.screens.card.test_timeline import to_entry
from tests.screens.opening import BOTH, D1, board, card
from tuicrm.domain.items import Ref
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.calendar import planning
from tuicrm.services.items import activities
from tuicrm.services.items.activity_kinds import add_kind
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import shared_settings


def planned(session: Session, ref: Ref = D1) -> dict[str, object]:
    (record,) = activities.open_of(session, ref)
    return record.doc


@BOTH
async def test_a_line_tells_what_it_is_understood_as_and_that_is_kept(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D1, size) as (crm, _screen):
        await crm.press_action("activity.new")
        assert "every part has its place in a form" in crm.screen_text()
        await crm.type("call Paolo tomorrow 15 30min @Sala blu +luc !15m")
        told = " ".join(crm.screen_text().split())
        assert "Call · call Paolo · Tue 15:00–15:30 · Sala blu" in told
        await crm.type(" +nobody [/]")
        assert "nobody here is called “nobody”" in " ".join(crm.screen_text().split())
        await crm.press_action("form.save")
        assert activities.open_of(seeded, D1) == [], "what is refused stays typed"
        await crm.press(*["backspace"] * len(" +nobody [/]"))
        await crm.press_action("form.save")
        doc = planned(seeded)
        assert (doc["at"], doc["end"], doc["kind"]) == ("2026-11-24T15:00:00Z", "2026-11-24T15:30:00Z", "call")
        assert (doc["people"], doc["place"], doc["reminders"]) == ({"luca": "asked"}, "Sala blu", [15])
        assert "15:00–15:30 · Sala blu" in crm.screen_text() or size == SMALL
        await crm.press_action("undo")
        assert activities.open_of(seeded, D1) == []


async def fill(crm: Crm, steps: int, text: str) -> None:
    """Go on so many fields and type over what stands there."""
    await crm.press(*["tab"] * steps)
    await crm.press("home", "ctrl+k")
    await crm.type(text)


@BOTH
async def test_every_part_has_its_place_in_the_form(seeded: Session, size: tuple[int, int]) -> None:
    add_kind(seeded, "Visit", symbol="⌂")
    async with card(seeded, D1, size) as (crm, screen):
        await crm.press_action("activity.new")
        await crm.type("Visit Rossi wed 9:30 1h")
        await crm.press_action("form.other")
        assert "Whole days" in crm.screen_text()
        assert "2026-11-25 09:30" in crm.screen_text()
        await fill(crm, 3, "45m")
        await crm.press("tab", "tab", "tab", "tab", "tab")
        await fill(crm, 1, "Via Roma 1")
        await fill(crm, 1, "1h, 15m")
        await crm.press_action("form.save")
        doc = planned(seeded)
        assert (doc["what"], doc["kind"], doc["place"]) == ("Visit Rossi", "visit", "Via Roma 1")
        assert (doc["at"], doc["end"], doc["reminders"]) == ("2026-11-25T09:30:00Z", "2026-11-25T10:15:00Z", [15, 60])
        assert "⌂ Visit Rossi" in crm.screen_text() or size == SMALL
        await to_entry(crm, screen, "Wed 09:30–10:15 · Via Roma 1")
        await crm.press_action("timeline.edit")
        await fill(crm, 1, "thu 12")
        await crm.press_action("form.save")
        assert (planned(seeded)["at"], planned(seeded)["end"]) == ("2026-11-26T12:00:00Z", "2026-11-26T12:45:00Z")
        await crm.press_action("timeline.edit")
        await fill(crm, 3, "nonsense")
        await crm.press_action("form.save")
        assert crm.dialog is not None
        await crm.press_action("cancel")
        assert planned(seeded)["end"] == "2026-11-26T12:45:00Z"


async def test_once_done_its_result_and_the_next_one_are_asked_for(seeded: Session) -> None:
    number = planning.plan(seeded, D1, "Ring Bo", at="2026-11-24T09:00:00Z")
    async with card(seeded, D1, LARGE) as (crm, screen):
        await to_entry(crm, screen, "Ring Bo")
        await crm.press_action("timeline.done")
        await crm.type("Bo agrees [/]")
        await crm.press("enter")
        await crm.type("Send it tomorrow 10")
        assert "Send it · Tue 10:00" in crm.screen_text()
        await crm.press("enter")
        record = seeded.record(ACTIVITIES, number).doc
        assert (record["done"], record["result"]) == (True, "Bo agrees [/]")
        assert (planned(seeded)["what"], planned(seeded)["at"]) == ("Send it", "2026-11-24T10:00:00Z")
        await crm.press_action("undo")
        assert [one.id for one in activities.open_of(seeded, D1)] == [number], "one undo takes both back"


async def test_a_card_left_without_a_next_step_asks_where_that_is_set(seeded: Session) -> None:
    async with board(seeded) as (crm, screen):
        await crm.press_action("open", "back")
        assert crm.screen is screen
        shared_settings.change(seeded, {"ask_next_step": "on"})
        await crm.press_action("open", "back")
        assert crm.dialog is not None
        await crm.type("Ring tomorrow 9")
        await crm.press_action("form.save")
        assert crm.screen is screen
        assert screen.current is not None
        assert planned(seeded, screen.current.ref)["what"] == "Ring"
        await crm.press_action("open", "back")
        assert crm.dialog is None, "something is planned"


async def test_when_people_work_and_what_kinds_there_are_is_set_in_the_settings(seeded: Session) -> None:
    async with running(seeded, SettingsScreen, LARGE) as crm:
        text = crm.screen_text()
        assert "mon-fri · 09:00-18:00" in text
        assert "Kinds of activities" in text
