"""Calendars opened for stories."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.driver import LARGE, SMALL, Crm, running
from tuicrm.domain.items import Ref
from tuicrm.screens.calendar.screen import CalendarScreen
from tuicrm.services.boards.view_spec import ViewSpec
from tuicrm.services.calendar import planning
from tuicrm.services.items import activities
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session

D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))
SIZES = {"80x24": SMALL, "140x40": LARGE}


@asynccontextmanager
async def calendar(
    session: Session, size: tuple[int, int] = SMALL, shown: ViewSpec | None = None, ascii_only: bool = False
) -> AsyncIterator[tuple[Crm, CalendarScreen]]:
    """One's own calendar, or that of a type's items, alone on the screen."""
    async with running(
        session, lambda s, surface: CalendarScreen(s, surface, shown), size, ascii_only=ascii_only
    ) as crm:
        assert isinstance(crm.screen, CalendarScreen)
        yield crm, crm.screen


def put(session: Session, what: str, at: str, length: int = 0, owner: Ref = D1, **fields: Any) -> int:
    """An activity at `2026-11-23T15:00` UTC, of so many minutes; returns its number."""
    from datetime import datetime, timedelta

    begin = datetime.fromisoformat(f"{at}:00+00:00")
    number = planning.plan(session, owner, what, at=f"{at}:00Z", responsible=fields.pop("responsible", ""))
    if length:
        end = (begin + timedelta(minutes=length)).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = {"end": end, **fields}
    if fields:
        with session.change("more of it") as change:
            change.patch(ACTIVITIES, number, fields)
    return number


def doc(session: Session, number: int) -> dict[str, Any]:
    """What is kept of an activity."""
    return session.record(ACTIVITIES, number).doc


def week_of_work(session: Session) -> None:
    """A week that has everything: blocks, points, overlaps, whole days, what is late, done, private, repeated."""
    put(session, "Weekly meeting", "2026-11-23T09:00", 60, kind="meeting", place="Blue room")
    put(session, "Call Paolo about the offer", "2026-11-23T11:00", kind="call")
    put(session, "Visit to Ferrari Legnami", "2026-11-24T10:00", 120, D2, kind="meeting", colour="4")
    put(session, "Send the offer", "2026-11-24T10:30", 60, D3)
    put(session, "Check the stock", "2026-11-24T11:00", 30, D3, kind="call")
    put(session, "日本語の会議", "2026-11-25T09:30", 30)
    put(session, "Interview", "2026-11-25T14:00", 90, private=True)
    put(session, "Workshop: data migration", "2026-11-26T16:00", 180, D2, colour="7")
    put(session, "Fair in Milan", "2026-11-26T12:00", owner=D3, day="2026-11-24", last_day="2026-11-26", colour="2")
    activities.done(session, put(session, "Order paper", "2026-11-27T09:00", 30))
