"""Theme, contrast and language in the settings: so at once, kept, and beside the list what each line holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, Crm, running
from tuicrm.i18n import _, set_language
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import own_settings


async def choose(crm: Crm, line: str, letter: str) -> None:
    assert isinstance(crm.screen, SettingsScreen)
    crm.screen.pane.move_to(f"own {line}")
    await crm.press_action("open")
    await crm.press(letter)
    assert isinstance(crm.screen, SettingsScreen)
    assert crm.screen.pane.cursor == f"own {line}"


async def test_a_theme_a_contrast_and_a_language_are_there_at_once(
    seeded: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUICRM_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORFGBG", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    try:
        async with running(seeded, lambda s, surface: BoardScreen(s, surface, "deal"), SMALL) as crm:
            await crm.press_action("open")
            assert isinstance(crm.screen, CardScreen)
            await crm.press_action("back", "goto")
            await crm.press("s")
            await choose(crm, "theme", "l")
            assert crm.app.theme == "tuicrm-light"
            assert isinstance(crm.screen, SettingsScreen)
            assert "light" in crm.screen_text()
            await choose(crm, "contrast", "h")
            assert crm.app.theme == "tuicrm-light-high"
            await choose(crm, "theme", "t")
            assert crm.app.native_ansi_color
            assert crm.screen.surface.look.palette.theme == "terminal"
            await choose(crm, "theme", "d")
            assert not crm.app.native_ansi_color
            await choose(crm, "language", "i")
            assert "Impostazioni" in crm.screen_text()
            assert seeded.locale == "it_IT"
            assert own_settings.chosen(seeded) == {"theme": "dark", "contrast": "high", "language": "it"}
            await crm.press_action("back", "open")
            assert isinstance(crm.screen, CardScreen)
            assert crm.screen.surface.look.palette.contrast
    finally:
        set_language("en")


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One with all colours, and no settings of its own."""
    monkeypatch.setenv("TUICRM_CONFIG", str(tmp_path / "config.toml"))
    for name, value in (("LC_ALL", "en_GB.UTF-8"), ("COLORTERM", "truecolor"), ("TERM", "xterm-256color")):
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("terminal")
async def test_what_the_person_chose_in_another_session_is_taken_over_without_a_jump(
    seeded: Session, open_as: OpenAs
) -> None:
    other, luca = open_as("anna"), open_as("luca")

    async def chosen(crm: Crm, session: Session, **values: str) -> None:
        own_settings.choose(session, values)
        seeded.store.refresh()
        await crm.settle()

    async with running(seeded, lambda s, surface: ListScreen(s, surface, "deal"), SMALL) as crm:
        under = crm.screen
        assert isinstance(under, ListScreen)
        listed: ListScreen = under
        await crm.press_action("move.down", "open", "move.down", "move.down", "field.edit")
        await crm.type("half a wo")
        top = crm.screen
        assert isinstance(top, CardScreen)
        card: CardScreen = top
        here, at = card.fields.cursor, listed.pane.cursor
        await chosen(crm, luca, theme="light", language="it")
        assert crm.app.theme == "tuicrm-dark", "what another person chose is theirs"
        await chosen(crm, other, theme="light", contrast="high")
        assert crm.app.theme == "tuicrm-light-high"
        grounds = {
            segment.style.bgcolor.name
            for segment in card.fields.render_line(1)
            if segment.style is not None and segment.style.bgcolor is not None
        }
        assert "#ffffff" in grounds
        await chosen(crm, other, language="it")
        assert crm.screen is card
        assert card.fields.cursor == here
        assert "half a wo" in crm.screen_text(), "what is being typed stays"
        await crm.press("esc")
        assert "Importo" in crm.screen_text()
        assert "Amount" not in crm.screen_text()
        await crm.press_action("back")
        assert crm.app.screen is listed
        assert listed.pane.cursor == at
        assert "Affari" in crm.screen_text()
        await crm.press_action("filter")
        await crm.type("amount > 999999999")
        await crm.press("enter")
        assert _("Nothing matches; {key} clears the filter.").format(key="esc") in crm.screen_text()
        assert "Nothing" not in crm.screen_text()
        await chosen(crm, other, theme="auto", language="en")
        assert crm.app.theme.startswith("tuicrm-")
        assert "Nothing matches" in crm.screen_text()


async def test_what_config_toml_says_is_told_and_stays(
    seeded: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('theme = "dark"\n')
    monkeypatch.setenv("TUICRM_CONFIG", str(config))
    async with running(seeded, SettingsScreen, SMALL) as crm:
        assert "dark · set in" in crm.screen_text()
        assert isinstance(crm.screen, SettingsScreen)
        crm.screen.pane.move_to("own theme")
        await crm.press_action("open")
        assert "change it there" in crm.said()
        assert crm.dialog is None


async def test_beside_the_list_stands_what_its_line_holds(seeded: Session, open_as: OpenAs) -> None:
    async with running(seeded, SettingsScreen, LARGE) as crm:
        assert isinstance(crm.screen, SettingsScreen)
        for line, words in (
            ("types", ("ITEM TYPES", "Leads", "L-1")),
            ("dictionaries", ("DICTIONARIES", "entries")),
            ("own language", ("English", "italiano")),
            ("deal fields", ("BUILT-IN", "Title")),
            ("deal card general", ("ABOUT THE DEAL", "Expected close")),
            ("deal pipelines", ("GENERAL", "Final invoice", "80 %")),
            ("quote numbering", ("Pattern", "{NUMBER")),
        ):
            crm.screen.pane.move_to(line)
            await crm.settle()
            right = "\n".join(text[72:] for text in crm.screen_lines())
            assert all(word in right for word in words), (line, right)
    async with running(seeded, SettingsScreen, SMALL) as crm:
        assert "ITEM TYPES" not in crm.screen_text()
