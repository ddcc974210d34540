"""Moving and stretching what is planned: by keys, by the mouse; kept, left, undone."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE
from tests.screens.calendar.opening import D1, calendar, doc, put
from tuicrm.services.calendar import planning
from tuicrm.services.items import activities
from tuicrm.services.kernel.session import Session


async def test_arrows_carry_it_and_enter_keeps_it_as_one_change(seeded: Session) -> None:
    meet = put(seeded, "meet", "2026-11-23T11:00", 60)
    async with calendar(seeded) as (crm, screen):
        await crm.press_action("calendar.next", "calendar.move")
        await crm.press_action("shift.right", "shift.down", "shift.down", "shift.up")
        assert doc(seeded, meet)["at"] == "2026-11-23T11:00:00Z", "nothing is written on the way"
        assert "Tue 24 Nov 11:30–12:30" in crm.screen_text()
        await crm.press_action("shift.keep")
        assert (doc(seeded, meet)["at"], doc(seeded, meet)["end"]) == (
            "2026-11-24T11:30:00Z",
            "2026-11-24T12:30:00Z",
        )
        assert screen.view.cursor.key == (meet, ""), "the cursor goes along"
        assert crm.screen.dispatcher.scope == "calendar"
        await crm.press_action("undo")
        assert doc(seeded, meet)["at"] == "2026-11-23T11:00:00Z"


async def test_esc_leaves_it_where_it_was(seeded: Session) -> None:
    meet = put(seeded, "meet", "2026-11-23T11:00", 60)
    seq = seeded.store.seq()
    async with calendar(seeded) as (crm, screen):
        await crm.press_action("calendar.next", "calendar.move", "shift.week_later", "shift.right", "cancel")
        assert seeded.store.seq() == seq
        assert screen.view.cursor.key == (meet, "")
        assert "Mon 23 Nov 11:00–12:00" in crm.screen_text()
        await crm.press_action("calendar.move", "shift.keep")
        assert seeded.store.seq() == seq, "where it was is no change"


async def test_its_end_is_stretched(seeded: Session) -> None:
    call = put(seeded, "call", "2026-11-23T11:00")
    async with calendar(seeded) as (crm, _screen):
        await crm.press_action(
            "calendar.next", "calendar.stretch", "shift.down", "shift.down", "shift.up", "shift.keep"
        )
        assert (doc(seeded, call)["at"], doc(seeded, call)["end"]) == (
            "2026-11-23T11:00:00Z",
            "2026-11-23T12:00:00Z",
        )
        await crm.press_action("calendar.move", "shift.longer", "shift.keep")
        assert doc(seeded, call)["end"] == "2026-11-23T12:30:00Z"
        await crm.press_action("calendar.move", *["shift.shorter"] * 9, "shift.keep")
        assert doc(seeded, call)["end"] == "2026-11-23T11:30:00Z", "never shorter than a step"


async def test_whole_days_go_by_days(seeded: Session) -> None:
    fair = put(seeded, "fair", "2026-11-23T23:00", day="2026-11-24")
    async with calendar(seeded) as (crm, _screen):
        await crm.press_action("calendar.next", "calendar.move", "shift.down")
        assert "whole days" in crm.said()
        await crm.press_action("shift.right", "shift.longer", "shift.keep")
        assert (doc(seeded, fair)["day"], doc(seeded, fair)["last_day"]) == ("2026-11-25", "2026-11-26")


@pytest.mark.parametrize("look", ["week", "month", "agenda"])
async def test_it_is_carried_out_of_the_days_that_are_shown(seeded: Session, look: str) -> None:
    call = put(seeded, "call", "2026-11-23T11:00")
    async with calendar(seeded) as (crm, screen):
        await crm.press_action(f"calendar.{look}", "calendar.next", "calendar.move", *["shift.week_later"] * 5)
        assert "Mon 28 Dec 11:00" in crm.screen_text()
        await crm.press_action("shift.keep")
        assert doc(seeded, call)["at"] == "2026-12-28T11:00:00Z"
        assert screen.view.cursor.key == (call, "")


async def test_another_who_moved_it_meanwhile_is_not_overwritten(seeded: Session, open_as: OpenAs) -> None:
    call = put(seeded, "call", "2026-11-23T11:00")
    other = open_as("anna")
    async with calendar(seeded) as (crm, screen):
        await crm.press_action("calendar.next", "calendar.move", "shift.right")
        activities.edit(other, call, {"at": "2026-11-26T09:00:00Z"})
        seeded.store.refresh()
        screen.catch_up()
        await crm.settle()
        assert "Tue 24 Nov 11:00" in crm.screen_text(), "what is on its way stays so"
        await crm.press_action("shift.keep")
        assert doc(seeded, call)["at"] == "2026-11-26T09:00:00Z"
        assert crm.said()
        assert crm.screen.dispatcher.scope == "calendar"


async def test_what_was_deleted_meanwhile_is_let_go(seeded: Session, open_as: OpenAs) -> None:
    call = put(seeded, "call", "2026-11-23T11:00")
    other = open_as("anna")
    async with calendar(seeded) as (crm, screen):
        await crm.press_action("calendar.next", "calendar.move", "shift.right")
        activities.delete(other, call)
        seeded.store.refresh()
        screen.catch_up()
        await crm.settle()
        assert "deleted" in crm.said()
        assert crm.screen.dispatcher.scope == "calendar"
        assert "call" not in crm.screen_text()


# -- the mouse ---------------------------------------------------------------------------------------------------------
async def test_a_click_puts_the_cursor_there_and_two_open_it(seeded: Session) -> None:
    call = put(seeded, "Call Paolo", "2026-11-24T11:00")
    async with calendar(seeded, LARGE) as (crm, screen):
        await crm.click(*crm.find("Call Paolo"))
        assert screen.view.cursor.key == (call, "")
        x, y = crm.find("Call Paolo")
        await crm.click(x, y + 4)
        assert screen.view.cursor[1:3] == (13 * 60, None)


async def test_the_mouse_takes_it_to_another_day_and_hour(seeded: Session) -> None:
    meet = put(seeded, "Meet", "2026-11-23T11:00", 120)
    async with calendar(seeded, LARGE) as (crm, _screen):
        x, y = crm.find("Meet")
        await crm.carry((x, y + 1), (x + 19, y + 3))
        assert "Meet → Tue 24 Nov 12:00" in crm.said(), "by the place where it was taken"
        assert doc(seeded, meet)["at"] == "2026-11-23T11:00:00Z"
        await crm.press_action("cancel")
        await crm.drag((x, y + 1), (x + 19, y + 3))
        assert (doc(seeded, meet)["at"], doc(seeded, meet)["end"]) == (
            "2026-11-24T12:00:00Z",
            "2026-11-24T14:00:00Z",
        )
        await crm.press_action("undo")
        assert doc(seeded, meet)["at"] == "2026-11-23T11:00:00Z"


async def test_in_a_month_it_keeps_its_time(seeded: Session) -> None:
    call = put(seeded, "Call", "2026-11-24T11:15")
    async with calendar(seeded, LARGE) as (crm, _screen):
        await crm.press_action("calendar.month")
        x, y = crm.find("Call")
        await crm.drag((x, y), (x + 38, y))
        assert doc(seeded, call)["at"] == "2026-11-26T11:15:00Z"


# -- series ------------------------------------------------------------------------------------------------------------
def weekly(session: Session) -> int:
    """Every Monday at 11, an hour; returns its number."""
    return planning.plan(
        session,
        D1,
        "Weekly",
        at="2026-11-23T11:00:00Z",
        end="2026-11-23T12:00:00Z",
        rule="FREQ=WEEKLY;BYDAY=MO",
        zone="UTC",
    )


async def test_of_a_series_it_is_asked_which_are_meant(seeded: Session) -> None:
    series = weekly(seeded)
    async with calendar(seeded) as (crm, screen):
        await crm.press_action("calendar.month")
        assert crm.screen_text().count("▌Weekly") == 2, "on the 23rd and on the 30th"
        await crm.press_action("calendar.next", "calendar.move", "shift.right", "shift.keep")
        assert crm.dialog is not None
        await crm.press_action("cancel")
        assert crm.screen.dispatcher.scope == "calendar moving", "still on its way"
        await crm.press_action("shift.keep", "list.choose")
        assert crm.dialog is None
        apart = [one for one in seeded.store.get("activity", range(1, 9)) if one.doc.get("of") == series]
        assert [one.doc["at"] for one in apart] == ["2026-11-24T11:00:00Z"], "only this one"
        assert doc(seeded, series)["at"] == "2026-11-30T11:00:00Z"
        assert screen.view.cursor.key == (apart[0].id, "")
        await crm.press_action("undo")
        assert doc(seeded, series)["at"] == "2026-11-23T11:00:00Z"


async def test_all_of_a_series_move_and_one_is_left_out(seeded: Session) -> None:
    series = weekly(seeded)
    async with calendar(seeded) as (crm, _screen):
        await crm.press_action("calendar.next", "calendar.move", "shift.down", "shift.keep")
        await crm.press("a")
        assert doc(seeded, series)["at"] == "2026-11-23T11:30:00Z"
        await crm.press_action("calendar.next", "delete", "list.choose")
        assert doc(seeded, series)["at"] == "2026-11-30T11:30:00Z"
        await crm.press_action("move.page_down", "calendar.next", "calendar.done")
        assert "only this one" in crm.screen_text()
        await crm.press_action("cancel")
        assert doc(seeded, series)["at"] == "2026-11-30T11:30:00Z", "left unanswered, nothing is done"
        await crm.press_action("calendar.done", "list.choose", "cancel")
        assert doc(seeded, series)["at"] == "2026-12-07T11:30:00Z"
        assert "✓" in crm.screen_text()


async def test_a_later_one_of_a_series_is_changed_in_its_form(seeded: Session) -> None:
    series = weekly(seeded)
    async with calendar(seeded) as (crm, _screen):
        await crm.press_action("move.page_down", "calendar.next", "calendar.edit")
        await crm.press("t")
        assert "30 Nov" in crm.screen_text(), "the form has the time of this one"
        await crm.type("Only this once")
        await crm.press_action("form.save")
        assert doc(seeded, series)["what"] == "Weekly"
        [apart] = [one.doc for one in seeded.store.get("activity", range(1, 9)) if one.doc.get("of") == series]
        assert (apart["what"], apart["at"]) == ("Only this once", "2026-11-30T11:00:00Z")


async def test_a_series_ends_with_a_later_one_that_is_done_and_those_before_stay_open(seeded: Session) -> None:
    series = weekly(seeded)
    async with calendar(seeded) as (crm, _screen):
        await crm.press_action("move.page_down", "calendar.next", "calendar.done")
        await crm.press("f")
        await crm.type("That was the last")
        await crm.press_action("form.save")
        kept = doc(seeded, series)
        assert (kept["done"], kept["at"], kept["rule"]) == (
            False,
            "2026-11-23T11:00:00Z",
            "FREQ=WEEKLY;UNTIL=20261129;BYDAY=MO",
        )
        [apart] = [one.doc for one in seeded.store.get("activity", range(1, 9)) if one.doc.get("of") == series]
        assert (apart["done"], apart["at"], apart["result"]) == (True, "2026-11-30T11:00:00Z", "That was the last")
        await crm.press_action("undo")
        assert doc(seeded, series)["rule"] == "FREQ=WEEKLY;BYDAY=MO"
