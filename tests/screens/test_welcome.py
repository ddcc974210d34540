"""The first start: what is offered, and that each offer ends in a workspace."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.driver import LARGE, SMALL, Crm
from tests.terminal import Terminal
from tuicrm.app import CrmApp
from tuicrm.keymap import keymap
from tuicrm.render.palette import Palette
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.welcome import OFFERS, WelcomeScreen
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.start import is_free, open_session
from tuicrm.widgets.surface import Surface, TerminalLook

BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])


@asynccontextmanager
async def welcome(path: Path, size: tuple[int, int] = SMALL) -> AsyncIterator[Crm]:
    surface = Surface(keymap(), TerminalLook(Palette("dark", "true"), False))
    kept: list[tempfile.TemporaryDirectory[str]] = []

    class Entering:
        async def open(self, path: Path) -> Session:
            return open_session(path)

        def show(self, session: Session) -> None:
            app.begin(session)

    app = CrmApp(
        None, surface, lambda s, sur: BoardScreen(s, sur, "deal"), None,
        lambda _app: WelcomeScreen(surface, path, Entering(), kept.append),
    )  # fmt: skip
    async with app.run_test(size=size) as pilot:
        crm = Crm(app, pilot, surface.keys)
        await crm.settle()
        yield crm
    if app.session is not None:
        app.session.close()
    for temporary in kept:
        temporary.cleanup()


@BOTH
async def test_it_says_what_can_be_done_and_where_things_will_lie(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "workspace"
    async with welcome(path, size) as crm:
        for said in ("See the demo", "New workspace", "Import…", str(path)[-20:], "not created yet", "config.toml"):
            assert said in crm.screen_text(), said
        shown = " ".join(crm.screen_text().split())
        for offer in OFFERS:
            assert all(word in shown for word in offer.help.split()), "told whole"
        assert crm.actions_without_method() == []
        await crm.press_action("back")
        assert "Q quits" in crm.said()
        assert is_free(path)


async def test_the_demo_is_shown_and_nothing_kept(tmp_path: Path) -> None:
    path = tmp_path / "workspace"
    async with welcome(path) as crm:
        await crm.press_action("welcome.demo")
        assert isinstance(crm.screen, BoardScreen)
        assert "Wholesale" in crm.screen_text()
    assert is_free(path)


@BOTH
async def test_a_new_workspace_is_made_from_four_answers(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "workspace"
    async with welcome(path, size) as crm:
        await crm.press_action("move.down", "open")
        await crm.type("Acme")
        await crm.press_action("form.save")
        assert is_free(path), "its country is asked, never guessed"
        await crm.press_action("form.next")
        await crm.type("Freedonia")
        assert "a country such as IT or Italy is expected" in crm.screen_text()
        await crm.press_action("cancel")
        await crm.press_action("welcome.new")
        await answered(crm, "Acme", "O", "Italy")
        await crm.press_action("form.save")
        assert "a code of 3 letters" in crm.screen_text()
        await crm.press_action("cancel")
        assert is_free(path)
        await crm.press_action("welcome.new")
        await answered(crm, "Acme", "", "Deutschland")
        assert "Germany" in crm.screen_text()
        await crm.press_action("form.save")
        assert isinstance(crm.screen, BoardScreen)
        assert "n adds one" in crm.screen_text()
        assert crm.app.session is not None
        assert crm.app.session.workspace.country == "DE"
    assert not is_free(path)


async def to_files(crm: Crm, name: str) -> None:
    """Name a company, and a file to import."""
    await crm.press_action("welcome.import")
    await answered(crm, "Acme", "", "IT", "", name)


async def seen(crm: Crm, text: str) -> None:
    """Wait for a dialog that shows this."""
    for _turn in range(200):
        if crm.dialog is not None and text in crm.screen_text():
            return
        await crm.settle()
    raise AssertionError(crm.screen_text())


async def answered(crm: Crm, *texts: str) -> None:
    """Type an answer after the other; each stays as it is offered where nothing is typed."""
    for at, text in enumerate(texts):
        if at:
            await crm.press_action("form.next")
        if text:
            await crm.type(text)


async def test_files_are_imported_into_a_new_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path, file = tmp_path / "workspace", tmp_path / "deals.csv"
    file.write_text(
        "Deal Name,Deal Stage,Amount,Close Date,Pipeline\nEngine,New,1200,2026-12-18,General\n", encoding="utf-8"
    )
    async with welcome(path, LARGE) as crm:
        await crm.press_action("welcome.import")
        await answered(crm, "Acme", "", "IT", "", "nothing.csv")
        assert "there is no file nothing.csv" in crm.screen_text()
        for _letter in "nothing.csv":
            await crm.press("backspace")
        await crm.type("deals.csv")
        assert "1 file" in crm.screen_text()
        await crm.press_action("form.save")
        await seen(crm, "nothing is written: 1 item created")
        assert "Result of the import" in crm.screen_text()
        # The row as it would become.
        assert "18 Dec 2026" in crm.screen_text()
        await crm.press_action("back", "confirm.yes")
        await seen(crm, "1 item created")
        await crm.press_action("back")
        assert isinstance(crm.screen, BoardScreen)
        assert "Engine" in crm.screen_text()


async def test_what_would_come_of_it_may_be_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deals.csv").write_bytes("Deal Name,Amount\nТверь,1200\n".encode("mac_cyrillic"))
    async with welcome(tmp_path / "workspace", LARGE) as crm:
        await to_files(crm, "deals.csv")
        await crm.press_action("form.on", "form.on", "form.choose")
        await crm.type("cyrillic")
        await crm.press_action("list.choose", "form.save")
        await seen(crm, "read as mac-cyrillic, as asked")
        assert "Тверь" in crm.screen_text()
        await crm.press_action("back")
        assert "1 item would be created." in crm.screen_text()
        await crm.press_action("confirm.no")
        assert isinstance(crm.screen, BoardScreen)
        assert "Тверь" not in crm.screen_text()


async def test_rows_that_look_like_others_are_told_or_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text(
        "First name,Last name,E-mail\nMaria,Rossi,maria@rossi.example\nRossi,Maria,\n", encoding="utf-8"
    )
    for leave_out in (False, True):
        async with welcome(tmp_path / f"workspace {leave_out}", LARGE) as crm:
            await to_files(crm, "people.csv")
            if leave_out:
                await crm.press_action("form.on", "form.choose")
                await crm.type("yes")
                await crm.press_action("list.choose")
            await crm.press_action("form.save")
            await seen(crm, "Dry run, nothing is written")
            await crm.press_action("back", "confirm.yes")
            await seen(crm, "✓ ")
            fate = "not imported" if leave_out else "added"
            assert f"line 3: line 2 of people.csv (name): {fate}" in crm.screen_text()
            await crm.press_action("back")


def test_it_speaks_the_language_of_the_settings(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text('language = "it"\n')
    command = ["env", f"TUICRM_CONFIG={settings}", sys.executable, "-m", "tuicrm", "--data", str(tmp_path / "none")]
    terminal = Terminal(command)
    try:
        terminal.see("Benvenuto in tuicrm")
        terminal.see("Tasti", b"?")
    finally:
        terminal.close()
