"""Counters: the same numbers in all places at the same moment, whoever changed something and as time goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Clock, OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tuicrm.domain.due import Due
from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import stamp
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.boards.place_due import place_due
from tuicrm.services.calendar import due_lists, participants, planning
from tuicrm.services.items import activities, items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import shared_settings

D1, D2, D3 = (Ref("deal", n) for n in (1, 2, 3))
_WANTED = {"activities": [(3, 2, 1), (3, 1, 1), (3, 1, 0), (4, 0, 0)], "items": [(2, 0, 1)] * 2 + [(2, 0, 0)] * 2}
_SIGN = {"late": "!", "today": "◷", "asked": "[?]"}


def plan(session: Session, clock: Clock, ref: Ref, minutes: int, **more: Any) -> int:
    at = stamp(clock.now + timedelta(minutes=minutes))
    return planning.plan(session, ref, "Call", **{"at": at, "kind": "call", "responsible": session.person_key, **more})


def numbers(text: str) -> tuple[int, ...]:
    """Late, today and unanswered, as a line tells them."""
    found = (re.search(rf"{sign} ?(\d+)", text) for sign in _SIGN.values())
    return tuple(int(one[1]) if one else 0 for one in found)


def plain_of(due: Due) -> tuple[int, ...]:
    return due.late, due.today, due.asked


async def menu_line(crm: Crm, label: str) -> str:
    await crm.press_action("goto")
    line = next(line for line in crm.screen_lines() if re.search(rf"\b{label}\b.*│?", line) and "  " + label in line)
    await crm.press_action("cancel")
    return line[line.index(label) :]


async def on_the_board(crm: Crm, session: Session) -> Sequence[tuple[int, ...]]:
    screen = crm.screen
    assert isinstance(screen, BoardScreen)
    columns = [plain_of(column.due) for column in screen.board.columns]
    cards = [plain_of(card.due) for n in (1, 2, 3) if (card := screen.board.card(n)) is not None]
    return [
        numbers(crm.screen_lines()[0]),
        tuple(map(sum, zip(*columns, strict=True))),
        tuple(map(sum, zip(*cards, strict=True))),
        numbers(await menu_line(crm, "Deals")),
        plain_of(place_due(session).of_type("deal")),
    ]


@pytest.mark.parametrize(("counted", "size"), [("activities", LARGE), ("items", SMALL)])
async def test_the_same_number_stands_everywhere_at_the_same_moment(
    seeded: Session, clock: Clock, open_as: OpenAs, counted: str, size: tuple[int, int]
) -> None:
    shared_settings.change(seeded, {"counter_of": counted})
    luca = open_as("luca")
    for minutes in (-90, -5, 60):
        plan(seeded, clock, D1, minutes)
    others = plan(luca, clock, D2, -30)
    asked = plan(seeded, clock, D3, 3 * 24 * 60, people={"anna": "asked"}, responsible="luca")
    soon = plan(seeded, clock, D2, 20)
    wanted = iter(_WANTED[counted])
    async with running(seeded, BoardScreen, size) as crm, running(luca, BoardScreen, size) as theirs:

        async def all_say_so() -> None:
            told = next(wanted)
            luca.store.refresh()
            seeded.store.refresh()
            for one in (crm, theirs):
                one.app._read_again()
                await one.settle()
            places = [
                *await on_the_board(crm, seeded),
                *[(*one[:2], told[2]) for one in await on_the_board(theirs, luca)],
            ]
            assert places == [told] * len(places)

        await all_say_so()
        activities.delete(seeded, soon)
        await all_say_so()
        participants.answer(seeded, asked, "accepted")
        activities.done(luca, others)
        plan(luca, clock, D2, -1)
        await all_say_so()
        clock.tick(hours=2)
        await all_say_so()
    everybodys = due_lists.due_lines(seeded, None)
    assert (len(everybodys), sum(one.when == "late" for one in everybodys)) == (4, 4)
    async with running(seeded, lambda session, surface: ListScreen(session, surface, "deal"), size) as crm:
        assert numbers(crm.screen_lines()[0]) == _WANTED[counted][-1]
        shared_settings.change(seeded, {"counter_of": "activities"})
        crm.app._read_again()
        await crm.settle()
        assert numbers(crm.screen_lines()[0]) == _WANTED["activities"][-1]


async def test_the_calendar_counts_what_is_ones_own(seeded: Session, clock: Clock) -> None:
    plan(seeded, clock, D2, -5)
    plan(seeded, clock, D1, -5, responsible="luca")
    plan(seeded, clock, D1, 30, people={"anna": "accepted"}, responsible="luca")
    plan(seeded, clock, D1, 40, people={"anna": "declined"}, responsible="luca")
    plan(seeded, clock, D1, 50, people={"anna": "asked"}, responsible="luca")
    seeded.store.refresh()
    async with running(seeded, BoardScreen, SMALL) as crm:
        assert numbers(await menu_line(crm, "Calendar")) == (1, 2, 1)
        assert numbers(await menu_line(crm, "Deals")) == (2, 3, 1)
        assert numbers(await menu_line(crm, "Contacts")) == (0, 0, 0)
    mine = due_lists.due_lines(seeded, ["anna"])
    assert (sum(one.when == "late" for one in mine), len(mine), sum(one.asked for one in mine)) == (1, 3, 1)


async def test_what_time_makes_late_is_counted_without_anybody_pressing_a_key(seeded: Session, clock: Clock) -> None:
    plan(seeded, clock, D1, 10)
    plan(seeded, clock, D1, 20)
    async with running(seeded, BoardScreen, LARGE) as crm:
        known = crm.app._reminding
        assert known is not None
        seen = []
        for _step in range(4):
            await known.look()
            await crm.settle()
            seen.append((numbers(crm.screen_lines()[0])[:2], crm.screen_lines()[5]))
            clock.tick(minutes=8)
        assert [one for one, _card in seen] == [(0, 2), (0, 2), (1, 1), (2, 0)]
        assert seen[0] == seen[1], "nothing else moves"


async def test_a_move_of_the_cursor_and_an_open_menu_ask_the_store_nothing(
    seeded: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ref in (D1, D2, D3):
        plan(seeded, clock, ref, -5)
    async with running(seeded, BoardScreen, LARGE) as crm:
        await crm.press("j", "k", "l", "h")
        asked: list[str] = []

        def heard(name: str) -> Callable[..., Any]:
            known = getattr(type(seeded.store), name)

            def ask(*args: Any, **more: Any) -> Any:
                asked.append(name)
                return known(*args, **more)

            return ask

        for name in ("fold", "window", "find", "among"):
            monkeypatch.setattr(type(seeded.store), name, heard(name))
        await crm.press("j", "k", "l", "h")
        assert asked == []
        await crm.press_action("goto")
        counted = list(asked)
        await crm.press("j", "j", "k")
        assert asked == counted


async def test_others_numbers_are_grey_and_nobody_counts_what_they_may_not_read(
    seeded: Session, clock: Clock, open_as: OpenAs
) -> None:
    luca = open_as("luca")
    plan(luca, clock, D2, -5)
    seeded.store.refresh()
    assert place_due(seeded).of_type("deal") == Due(1, own=False)
    assert place_due(luca).of_type("deal") == Due(1)
    items.edit(seeded, D2, {"responsible": "anna"})
    assert place_due(seeded).of_type("deal") == Due(1)
    items.delete(seeded, [D2])
    assert place_due(seeded).of_type("deal").is_nothing
