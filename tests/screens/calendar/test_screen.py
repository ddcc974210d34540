"""The calendar on screen: its looks, its cursor, whose it is, what others do meanwhile."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from unittest import mock
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, running
from tests.hostile import HOSTILE, assert_harmless
from tests.screens.calendar.opening import D1, D2, calendar, doc, put, week_of_work
from tests.screens.snapshot import assert_snapshot
from tuicrm.domain.calendar import CalendarSpot
from tuicrm.errors import Refused
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.calendar.screen import CalendarScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.boards import filters
from tuicrm.services.boards.view_spec import ViewSpec
from tuicrm.services.calendar import caldav_clashes
from tuicrm.services.calendar.occurrences import Whose
from tuicrm.services.definitions import field_words
from tuicrm.services.items import activities, items
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Op

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
LOOKS = ("day", "week", "month", "agenda", "side")


async def test_every_action_of_the_table_is_there(seeded: Session) -> None:
    async with calendar(seeded) as (crm, screen):
        assert crm.actions_without_method() == []
        put(seeded, "call", "2026-11-23T11:00")
        screen.catch_up()
        await crm.press_action("calendar.next", "calendar.move")
        assert crm.screen.dispatcher.scope == "calendar moving"
        assert crm.actions_without_method() == []


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80", "140"])
async def test_pictures(seeded: Session, size: tuple[int, int]) -> None:
    week_of_work(seeded)
    async with calendar(seeded, size) as (crm, _screen):
        for look in ("day", "week", "month"):
            await crm.press_action(f"calendar.{look}")
            assert_snapshot(f"calendar-{look}-{size[0]}", crm.screen_lines())


async def test_the_same_in_all_looks_with_hostile_texts(seeded: Session) -> None:
    for n, text in enumerate(HOSTILE):
        with suppress(Refused):  # what cannot be kept at all
            put(seeded, text.strip() or "x", f"2026-11-{23 + n % 5}T{9 + n % 8:02}:00", 60, place=text)
    for ascii_only in (False, True):
        async with calendar(seeded, ascii_only=ascii_only) as (crm, screen):
            screen.page.whose = Whose(people=("anna", "luca"))
            for look in LOOKS:
                await crm.press_action(f"calendar.{look}", "calendar.next", "calendar.next")
                for line in crm.screen_lines():
                    assert_harmless(line)


# -- going about -------------------------------------------------------------------------------------------------------
async def test_from_day_to_day_and_item_to_item(seeded: Session) -> None:
    meet = put(seeded, "meet", "2026-11-23T11:00", 60)
    call = put(seeded, "call", "2026-11-24T09:00")
    async with calendar(seeded) as (crm, screen):
        assert (screen.view.cursor.day, screen.view.cursor.minute) == (MONDAY, 600), "now"
        await crm.press_action("move.down", "move.down")
        assert screen.view.cursor.key == (meet, "")
        await crm.press_action("move.down")
        assert screen.view.cursor[1:3] == (720, None)
        await crm.press_action("move.right")
        assert screen.view.cursor.day == TUESDAY
        await crm.press_action("calendar.before")
        assert screen.view.cursor.key == (call, "")
        await crm.press_action("calendar.next")
        assert screen.view.cursor.key == (meet, ""), "behind the last comes the first"
        await crm.press_action("move.last")
        assert screen.view.cursor.key == (call, "")
        await crm.press_action("calendar.today")
        assert screen.view.cursor[:3] == (MONDAY, 600, None)


async def test_pages_are_weeks_and_months(seeded: Session) -> None:
    async with calendar(seeded) as (crm, screen):
        await crm.press_action("move.page_down")
        assert screen.view.cursor.day == date(2026, 11, 30)
        assert "30 Nov–6 Dec 2026" in crm.screen_text()
        await crm.press_action("calendar.month", "move.page_down")
        assert screen.view.cursor.day == date(2026, 12, 30)
        assert "Dec 2026" in crm.screen_lines()[0]
        await crm.press_action("move.right", "move.right")
        assert screen.view.cursor.day == date(2027, 1, 1)
        assert "Jan 2027" in crm.screen_lines()[0]
        await crm.press_action("calendar.agenda")
        assert "Nothing is planned from Fri 1 Jan to Thu 28 Jan; a plans something." in crm.screen_text()
        await crm.press_action("move.page_up")
        assert "4–31 Dec 2026" in crm.screen_text()


async def test_a_day_of_the_month_opens_as_a_day(seeded: Session) -> None:
    async with calendar(seeded) as (crm, screen):
        await crm.press_action("calendar.month", "move.right", "open")
        assert screen.page.look == "day"
        assert screen.view.cursor.day == TUESDAY


async def test_nothing_is_drawn_while_nothing_happens(seeded: Session) -> None:
    week_of_work(seeded)
    async with calendar(seeded) as (crm, screen):
        for look in LOOKS:
            await crm.press_action(f"calendar.{look}")
            with mock.patch.object(screen.view, "refresh") as drawn:
                screen.reload()
                screen.catch_up()
                await crm.settle()
            assert drawn.call_count == 0, look
        assert screen.auto_refresh is None


async def test_nothing_planned_is_said_in_words(seeded: Session) -> None:
    async with calendar(seeded) as (crm, _screen):
        await crm.press_action("calendar.next")
        assert "Nothing is planned in these days." in crm.said()
        await crm.press_action("open")
        assert "no activity under the cursor" in crm.said()


async def test_the_look_is_remembered(seeded: Session) -> None:
    async with calendar(seeded) as (crm, _screen):
        await crm.press_action("view")
        await crm.press("m")
    async with calendar(seeded) as (crm, screen):
        assert screen.page.look == "month"


async def test_it_is_a_place_to_go_to_and_to_come_back_from(seeded: Session) -> None:
    put(seeded, "call", "2026-11-23T11:00")
    async with running(seeded, BoardScreen, LARGE) as crm:
        await crm.press_action("goto")
        assert "Calendar" in crm.screen_text()
        entry = next(one for one in crm.screen.everywhere.places() if one.label == "Calendar")  # type: ignore[attr-defined]
        await crm.press(entry.key)
        assert isinstance(crm.screen, CalendarScreen)
        await crm.press_action("calendar.next", "open")
        assert isinstance(crm.screen, CardScreen)
        assert crm.screen.ref == D1
        await crm.press_action("back")
        assert isinstance(crm.screen, CalendarScreen)
        assert crm.screen.view.current is not None
        await crm.press_action("trail.back", "trail.back", "trail.back")
        assert isinstance(crm.screen, BoardScreen)


async def test_as_a_view_of_what_a_filter_leaves(seeded: Session) -> None:
    put(seeded, "small", "2026-11-23T11:00")
    put(seeded, "large", "2026-11-23T12:00", owner=D2, responsible="luca")
    where = filters.compile_for(seeded, "deal", "amount > 20000")
    async with calendar(seeded, LARGE, ViewSpec("deal", "", where, "amount > 20000")) as (crm, _screen):
        assert "large" in crm.screen_text()
        assert "small" not in crm.screen_text()
        assert "amount > 20000" in crm.screen_lines()[0]
        await crm.press_action("view")
        await crm.press("l")
        assert isinstance(crm.screen, ListScreen)
        assert "amount > 20000" in crm.screen_text()
        await crm.press_action("view")
        await crm.press("c")
        assert isinstance(crm.screen, CalendarScreen)


async def test_another_zones_reader_sees_their_own_times(seeded: Session) -> None:
    put(seeded, "call", "2026-11-23T11:00")
    seeded.zone = ZoneInfo("Australia/Sydney")
    async with calendar(seeded) as (crm, screen):
        await crm.press_action("calendar.next")
        entry = screen.view.current
        assert entry is not None
        assert f"{entry.begin:%a %H:%M}" == "Mon 22:00"
        assert "Mon 23 Nov 22:00–22:30" in crm.screen_text()


# -- what is done with entries -----------------------------------------------------------------------------------------
async def test_done_deleted_and_back(seeded: Session) -> None:
    call = put(seeded, "call", "2026-11-23T11:00")
    async with calendar(seeded) as (crm, screen):
        await crm.press_action("calendar.next", "calendar.done", "cancel")
        assert doc(seeded, call)["done"]
        assert "✓" in crm.screen_text()
        await crm.press_action("calendar.done")
        assert not doc(seeded, call)["done"]
        await crm.press_action("delete")
        assert seeded.store.get("activity", [call]) == []
        assert screen.view.current is None
        await crm.press_action("undo")
        assert "call" in crm.screen_text()


async def test_one_is_planned_at_the_cursor_with_an_item(seeded: Session) -> None:
    async with calendar(seeded) as (crm, _screen):
        await crm.press_action("move.right", "move.down", "activity.new")
        await crm.type("Annual")
        await crm.press_action("list.choose")
        await crm.type("Ask about it")
        await crm.press_action("form.save")
        [planned] = [one for one in seeded.store.get("activity", [1]) if one.doc["what"] == "Ask about it"]
        assert (planned.doc["owner"], planned.doc["at"]) == ("deal:3", "2026-11-24T10:30:00Z")
        assert "▌Ask abou…" in crm.screen_text()
        assert crm.screen.view.current is not None, "the cursor is on it"  # type: ignore[attr-defined]


async def test_it_is_changed_in_its_form(seeded: Session) -> None:
    call = put(seeded, "call", "2026-11-23T11:00")
    async with calendar(seeded) as (crm, _screen):
        await crm.press_action("calendar.next", "calendar.edit")
        await crm.type("call again")
        await crm.press_action("form.save")
        assert doc(seeded, call)["what"] == "call again"


async def test_what_is_private_can_be_looked_at_and_no_more(seeded: Session, open_as: OpenAs) -> None:
    put(seeded, "secret", "2026-11-23T11:00", private=True)
    async with calendar(open_as("luca")) as (crm, screen):
        screen.show_whose(Whose(people=("anna",)))
        await crm.press_action("calendar.next")
        assert "busy" in crm.screen_text()
        assert "secret" not in crm.screen_text()
        for action in ("open", "calendar.edit", "calendar.done", "delete", "calendar.move"):
            await crm.press_action(action)
            assert "private" in crm.said()


# -- whose -------------------------------------------------------------------------------------------------------------
async def test_whose_calendars_and_their_next_free_time(seeded: Session) -> None:
    put(seeded, "mine", "2026-11-23T10:00", 60)
    put(seeded, "lucas", "2026-11-23T11:00", 60, responsible="luca")
    async with calendar(seeded, LARGE) as (crm, screen):
        assert "lucas" not in crm.screen_text()
        await crm.press_action("calendar.whose")
        await crm.type("Luca")
        await crm.press_action("list.choose")
        assert "lucas" in crm.screen_text()
        assert screen.page.whose == Whose(people=("anna", "luca"))
        await crm.press_action("calendar.side")
        heads = crm.screen_lines()[1]
        assert "Anna Bianchi" in heads
        assert "Luca Riva" in heads
        await crm.press_action("calendar.free")
        assert "Mon 23 Nov 12:00–13:00 is free for Anna Bianchi, Luca Riva; a plans something then." in crm.said()
        assert screen.view.cursor.minute == 12 * 60
        await crm.press_action("calendar.free")
        assert screen.view.cursor.minute == 12 * 60 + 30


async def test_side_by_side_a_room_shows_what_a_field_books_and_nobody_moves_it(seeded: Session) -> None:
    with seeded.change("room") as change:
        change.put("room", {"key": "blue", "label": "Blue"})
    field_words.add(seeded, "deal", "Visit", "booking", {})
    items.edit(seeded, D1, {"visit": {"rooms": ["blue"], "start": "2026-11-23T15:00:00Z", "minutes": 60}})
    async with calendar(seeded, LARGE) as (crm, screen):
        screen.show_whose(Whose(people=("anna",), rooms=("blue",)))
        await crm.press_action("calendar.side")
        assert [[one.what for one in column.day.entries] for column in screen.view.shown.columns] == [[], ["Visit"]]
        [entry] = screen.view.shown.columns[1].day.entries
        screen.go(CalendarSpot(entry.begin.date(), 15 * 60, entry.key, 1))
        for action in ("calendar.move", "calendar.done", "delete"):
            await crm.press_action(action)
            assert "A field of Website redesign books this" in crm.said()
        await crm.press_action("open")
        assert isinstance(crm.screen, CardScreen)


async def test_what_was_changed_here_and_on_the_server_is_decided_by_a_key(seeded: Session) -> None:
    about = {"title": "Meet", "parts": [["place", "Blue", "Red " * 40]]}
    docs = {
        "mine": {"by": "anna", "source": "https://x", "uid": "1", "pending": True, "clash": about},
        "lucas": {"by": "luca", "source": "https://x", "uid": "2", "pending": True, "clash": about},
        "nonsense": {
            "by": "anna",
            "source": "https://x",
            "uid": "3",
            "pending": True,
            "clash": {"title": HOSTILE[0], "parts": 7},
        },
    }
    seeded.store.commit([Op("ical_known", number, doc) for number, doc in enumerate(docs.values(), 1)])
    async with calendar(seeded, SMALL) as (crm, _screen):
        for action, side in (("clash.mine", "mine"), ("clash.theirs", "theirs"), ("cancel", "theirs")):
            await crm.press_action("calendar.clashes", "list.choose")
            assert "place: Blue" in crm.screen_text()
            assert "place: Red" in crm.screen_text()
            footer = crm.screen_text().rstrip().splitlines()[-1]
            assert ("yours holds" in footer, "the server's holds" in footer, "replace" in footer) == (True, True, False)
            await crm.press_action(action)
            assert [one.decided for one in caldav_clashes.clashes(seeded)] == [side]
            await crm.press_action("cancel")
        seeded.store.commit([Op("ical_known", 1, None)])
        await crm.press_action("calendar.clashes")
        assert "Nothing was changed both here and on your calendar server." in crm.said()


# -- others ------------------------------------------------------------------------------------------------------------
async def test_what_others_do_arrives_without_a_jump(seeded: Session, open_as: OpenAs) -> None:
    meet = put(seeded, "meet", "2026-11-23T15:00", 60)
    other = open_as("anna")
    async with calendar(seeded) as (crm, screen):
        await crm.press_action("calendar.next")
        before = screen.view.cursor
        put(other, "early", "2026-11-23T08:00")
        other_doc = put(other, "beside", "2026-11-23T15:00")
        seeded.store.refresh()
        screen.catch_up()
        await crm.settle()
        assert "early" in crm.screen_text()
        assert screen.view.cursor == before
        assert screen.view.cursor.key == (meet, "")
        activities.delete(other, meet)
        seeded.store.refresh()
        screen.catch_up()
        await crm.settle()
        assert (screen.view.cursor.day, screen.view.cursor.minute) == (MONDAY, 15 * 60)
        assert screen.view.cursor.key == (other_doc, "")


async def test_any_size(seeded: Session) -> None:
    week_of_work(seeded)
    async with calendar(seeded) as (crm, _screen):
        for look in LOOKS:
            await crm.press_action(f"calendar.{look}")
            for size in ((20, 5), (12, 3), (200, 60), (80, 24)):
                await crm.pilot.resize_terminal(*size)
                await crm.press_action("move.down", "move.right", "calendar.next")
                assert crm.app.is_running
