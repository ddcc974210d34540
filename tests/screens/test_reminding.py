"""Reminders in an open session: in the top line, as a list on one key, by the terminal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Clock, OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tuicrm.config import Config
from tuicrm.domain.items import Ref
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.reminding import Reminding
from tuicrm.services.calendar import planning, reminders
from tuicrm.services.kernel.session import Session

D1 = Ref("deal", 1)
EVIL = "Call \x1b]0;x\x07\u202e Paolo"


def plan(session: Session, what: str = "Call Paolo", **more: Any) -> int:
    return planning.plan(session, D1, what, **{"at": "2026-11-23T10:30:00Z", "reminders": [15], "kind": "call", **more})


def reminding(crm: Crm) -> Reminding:
    known = crm.app._reminding
    assert known is not None
    return known


async def look(crm: Crm) -> None:
    await reminding(crm).look()
    await crm.settle()


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_top_line_tells_what_has_come_and_nothing_else_moves(
    seeded: Session, clock: Clock, size: tuple[int, int]
) -> None:
    plan(seeded, EVIL)
    async with running(seeded, BoardScreen, size) as crm:
        clock.tick(minutes=14)
        await look(crm)
        before = crm.screen_lines()
        clock.tick(minutes=1)
        await look(crm)
        now = crm.screen_lines()
        assert "◷ 10:30 Call ]0;x Paolo" in now[0]
        assert len(now[0]) == len(before[0])
        assert now[1:-1] == before[1:-1]
        assert "! reminders" in now[-1]
        for action in ("goto", "new"):
            await crm.press_action(action)
            assert crm.dialog is not None
            assert "! reminders" not in crm.screen_text(), "there the key does something else"
            await crm.press_action("cancel")
        assert now[0][:20] == before[0][:20]
        reminding(crm)._no_longer_brief()
        await crm.settle()
        assert crm.screen_lines()[0].rstrip().endswith("◷ 1")
        await crm.press("!")
        assert "10:30 Call ]0;x Paolo · Website redesign" in crm.screen_text()
        await crm.press("esc")
        assert crm.screen_lines() == before


async def test_from_the_list_it_is_opened_done_or_put_off(seeded: Session, clock: Clock) -> None:
    first, second = plan(seeded), plan(seeded, "Meet")
    async with running(seeded, BoardScreen, SMALL) as crm:
        await crm.press("!")
        assert crm.said() == "There is nothing left that you were reminded of."
        clock.tick(minutes=15)
        await look(crm)
        await crm.press("!", "enter", "1")
        assert reminders.next_at(seeded) == clock.now + timedelta(minutes=15)
        assert [one.activity for one in reminders.given(seeded)] in ([first], [second])
        await crm.press("enter", "d")
        assert crm.dialog is None
        assert crm.said() == "There is nothing left that you were reminded of."
        clock.tick(minutes=15)
        await look(crm)
        await crm.press("!", "enter", "o")
        assert isinstance(crm.screen, CardScreen)
        await crm.press("!", "enter", "t")
        assert reminders.next_at(seeded).isoformat() == "2026-11-24T09:00:00+00:00"


async def test_what_another_session_gave_is_not_told_again(seeded: Session, clock: Clock, open_as: OpenAs) -> None:
    plan(seeded)
    other = open_as("anna")
    async with running(seeded, BoardScreen, SMALL) as crm:
        clock.tick(minutes=15)
        assert len(reminders.take(other, "mail").now) == 1
        await look(crm)
        assert "◷ 10:30" not in crm.screen_lines()[0]


@pytest.mark.parametrize(("config", "environ", "told"), [
    (Config(), {"TERM": "foot"}, []),
    (Config(notify="bell"), {"TERM": "xterm"}, ["\a"]),
    (Config(notify="terminal"), {"TERM": "xterm-256color"}, []),
    (Config(notify="terminal"), {"TERM": "foot"}, ["\x1b]777;notify;tuicrm;10:30 Call Paolo · Website redesign\x1b\\"]),
    (Config(notify="terminal", notify_titles="no"), {"TERM": "foot"},
     ["\x1b]777;notify;tuicrm;There is a reminder.\x1b\\"]),
])  # fmt: skip
async def test_the_terminal_tells_where_it_is_set_and_knows_how(
    seeded: Session,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    config: Config,
    environ: dict[str, str],
    told: list[str],
) -> None:
    plan(seeded)
    for name in ("TMUX", "STY", "TERM_PROGRAM", "LC_TERMINAL", "KITTY_WINDOW_ID", "WEZTERM_PANE", "ITERM_SESSION_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", environ["TERM"])
    async with running(seeded, BoardScreen, SMALL) as crm:
        written: list[str] = []
        driver = crm.app._driver
        assert driver is not None
        monkeypatch.setattr(driver, "write", written.append)
        known = Reminding(crm.app, seeded, config, lambda: None)
        clock.tick(minutes=15)
        await known.look()
        known.close()
        assert written == told
