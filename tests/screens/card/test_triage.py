"""Triage: one item after the other, each with one key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.agenda import AgendaScreen
from tuicrm.screens.card.triage import TriageScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.boards.list_columns import Arrangement, ListColumn, SortKey, keep
from tuicrm.services.calendar import planning
from tuicrm.services.items import activities, items
from tuicrm.services.items.activities import open_of
from tuicrm.services.kernel.session import Session

BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])
D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))


@asynccontextmanager
async def triage(
    session: Session, type_key: str = "deal", size: tuple[int, int] = SMALL
) -> AsyncIterator[tuple[Crm, TriageScreen]]:
    keep(session, "deal", Arrangement((ListColumn("title"),), (SortKey("created"),)))
    async with running(session, lambda s, surface: ListScreen(s, surface, type_key), size) as crm:
        await crm.press_action("triage.start")
        assert isinstance(crm.screen, TriageScreen)
        yield crm, crm.screen


async def test_every_action_of_the_table_is_there(demo: Session) -> None:
    async with triage(demo) as (crm, _screen):
        assert crm.actions_without_method() == []


@BOTH
async def test_one_key_and_the_next_comes(seeded: Session, size: tuple[int, int]) -> None:
    activity = activities.add(seeded, D1, "call", "2026-11-24T09:00:00Z")
    async with triage(seeded, size=size) as (crm, screen):
        assert screen.ref == D1
        assert "1/3" in crm.screen_lines()[0]
        assert "Triage › " in crm.screen_lines()[0]
        assert "◷ Tue 09:00  call" in crm.screen_text()
        await crm.press_action("triage.week")
        [record] = seeded.store.get("activity", [activity])
        assert record.doc["at"] == "2026-11-30T09:00:00Z"
        assert (screen.ref, "2/3" in crm.screen_lines()[0]) == (D2, True)
        await crm.press_action("triage.lost")
        if crm.dialog is not None:
            await crm.press_action("list.choose")
        assert seeded.get(D2).get("closed") is True
        assert screen.ref == D3
        await crm.press_action("triage.skip")
        told = crm.screen_text()
        for line in ("1  postponed", "1  lost", "1  skipped"):
            assert line in told
        await crm.press_action("close")
        assert isinstance(crm.screen, ListScreen)


async def test_done_asks_what_comes_next(seeded: Session) -> None:
    activity = activities.add(seeded, D1, "call", "2026-11-24T09:00:00Z")
    async with triage(seeded) as (crm, screen):
        await crm.press_action("triage.done")
        assert crm.dialog is not None
        await crm.type("Send the offer")
        await crm.press_action("form.save")
        [record] = seeded.store.get("activity", [activity])
        assert record.doc["done"] is True
        assert [one.doc["what"] for one in activities.open_of(seeded, D1)] == ["Send the offer"]
        assert screen.ref == D2
        await crm.press_action("undo")
        assert screen.ref == D1
        assert [one.id for one in activities.open_of(seeded, D1)] == [activity], "both at once"
        await crm.press_action("triage.done", "cancel")
        assert activities.open_of(seeded, D1) == [], "nothing comes next"
        assert screen.ref == D2
        await crm.press_action("triage.done")
        assert "No activity to mark as done" in crm.said()
        assert screen.ref == D2


async def test_where_nothing_is_planned_putting_off_plans(seeded: Session) -> None:
    async with triage(seeded) as (crm, screen):
        await crm.press_action("triage.tomorrow", "cancel")
        assert screen.ref == D1, "left: it is still its turn"
        await crm.press_action("triage.tomorrow")
        await crm.type("Ask")
        await crm.press_action("form.save")
        assert activities.open_of(seeded, D1)[0].doc["at"][:10] == "2026-11-24"
        assert screen.ref == D2


async def test_a_stage_on_and_back_with_undo(seeded: Session) -> None:
    async with triage(seeded) as (crm, screen):
        await crm.press_action("stage.next")
        assert seeded.get(D1).get("stage") == "preparation"
        assert screen.ref == D2
        await crm.press_action("undo")
        assert (screen.ref, seeded.get(D1).get("stage")) == (D1, "new")
        assert screen.triage.outcomes == {}


async def test_deleted_and_walked_about(seeded: Session, open_as: OpenAs) -> None:
    other = open_as("anna")
    async with triage(seeded) as (crm, screen):
        await crm.press_action("card.next", "card.previous", "triage.delete")
        assert seeded.peek(D1) is None
        items.delete(other, [D3])
        seeded.store.refresh()
        await crm.settle()
        assert screen.ref == D2
        await crm.press_action("triage.skip")
        assert "1  deleted" in crm.screen_text(), "what others deleted is passed by"
        assert "is left" in crm.screen_text()


async def test_esc_ends_it_with_what_became_of_all(seeded: Session) -> None:
    async with triage(seeded) as (crm, _screen):
        await crm.press_action("triage.skip", "back")
        assert "2  are left" in crm.screen_text()
        await crm.press_action("close")
        assert isinstance(crm.screen, ListScreen)
    async with triage(seeded) as (crm, _screen):
        await crm.press_action("back")
        assert isinstance(crm.screen, ListScreen)


async def test_only_the_marked_and_from_other_views(seeded: Session) -> None:
    async with running(
        seeded, lambda s, surface: AgendaScreen(s, surface, ViewSpec("deal"), "activities"), LARGE
    ) as crm:
        await crm.press_action("mark", "triage.start")
        assert isinstance(crm.screen, TriageScreen)
        assert len(crm.screen.shown.walk) == 1


async def test_of_a_type_without_stages_nothing_is_won(seeded: Session) -> None:
    async with triage(seeded, "company") as (crm, _screen):
        await crm.press_action("triage.won")
        assert "no stages" in crm.said()


async def test_nothing_to_go_through_says_so(workspace: Session) -> None:
    async with running(workspace, lambda s, surface: ListScreen(s, surface, "deal"), SMALL) as crm:
        await crm.press_action("triage.start")
        assert crm.said()


async def test_who_may_not_change_it_is_told(seeded: Session, open_as: OpenAs) -> None:
    async with triage(open_as("luca")) as (crm, screen):
        here = screen.ref
        await crm.press_action("triage.week")
        assert "may not" in crm.said()
        assert screen.ref == here


async def test_of_a_series_it_asks_which_is_meant_as_the_card_does(seeded: Session) -> None:
    number = planning.plan(seeded, D1, "Meet", at="2026-11-30T09:00:00Z", rule="FREQ=WEEKLY;BYDAY=MO;COUNT=9")

    def open_ones() -> list[str]:
        return [f"{one.doc['at'][:10]} {'series' if one.doc.get('rule') else 'one'}" for one in open_of(seeded, D1)]

    async with triage(seeded) as (crm, screen):
        seq = seeded.store.seq()
        for action in ("triage.done", "triage.tomorrow", "triage.week"):
            await crm.press_action(action)
            assert "only this one" in crm.screen_text()
            await crm.press_action("cancel")
            assert (screen.ref, seeded.store.seq()) == (D1, seq), "left unanswered, it keeps its turn"
        await crm.press_action("triage.done")
        await crm.press("t")
        assert crm.dialog is None, "the series goes on: what comes next is planned"
        assert (screen.ref, open_ones()) == (D2, ["2026-12-07 series"])
        await crm.press_action("undo", "triage.tomorrow")
        await crm.press("a")
        assert (screen.ref, open_ones()) == (D2, ["2026-11-24 series"])
        await crm.press_action("undo", "triage.tomorrow")
        await crm.press("t")
        assert open_ones() == ["2026-11-24 one", "2026-12-07 series"]
        await crm.press_action("undo", "triage.done")
        await crm.press("a")
        assert crm.dialog is not None, "it ends: what comes next is asked for"
        await crm.type("Ring tomorrow 9:00")
        await crm.press_action("form.save")
        assert open_ones() == ["2026-11-24 one"]
        await crm.press_action("undo")
        assert open_ones() == ["2026-11-30 series"], "one undo"
        assert not activities.known(seeded, number).doc["done"]
