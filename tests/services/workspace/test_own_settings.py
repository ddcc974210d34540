"""How the program looks and speaks to one person: what may be chosen, what goes before it, and that it is theirs alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.hostile import HOSTILE_FEW
from tuicrm.config import SETTINGS, Config, is_set, with_own
from tuicrm.errors import Refused
from tuicrm.i18n import set_language
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import own_settings
from tuicrm.services.workspace.own_settings import OWN_SETTINGS
from tuicrm.services.workspace.people import Details, edit_person
from tuicrm.services.workspace.start import open_session, speak


def test_what_is_chosen_is_the_persons_and_no_step_of_undo(seeded: Session, open_as: OpenAs) -> None:
    items.add(seeded, "deal", {"title": "New"})
    own_settings.choose(seeded, {"theme": "light", "contrast": "high"})
    assert own_settings.chosen(open_as("anna")) == {"theme": "light", "contrast": "high"}
    assert own_settings.chosen(open_as("luca")) == {}
    assert undo(seeded).label == "add deal"
    own_settings.choose(seeded, {"theme": ""})
    assert own_settings.chosen(seeded) == {"contrast": "high"}


def test_names_and_values_are_named_as_they_are_shown(seeded: Session) -> None:
    own_settings.choose(seeded, {"Theme": "The terminal's own colours", "language": "Italiano"})
    assert own_settings.chosen(seeded) == {"theme": "terminal", "language": "it"}


def test_the_usual_ones_are_told_in_words(seeded: Session) -> None:
    for language, words in (
        ("en", ["as the terminal is", "usual", "that of the system"]),
        ("it", ["come il terminale", "normale", "quella del sistema"]),
    ):
        set_language(language)
        assert [own_settings.told(seeded, one) for one in OWN_SETTINGS] == words


WRONG = ({"theme": "drak"}, {"colour": "dark"}, {"theme": "dark", "contrast": "th"})


@pytest.mark.parametrize("texts", [*WRONG, *({"theme": one} for one in HOSTILE_FEW if one.strip())])
def test_what_is_wrong_is_refused_and_nothing_kept(seeded: Session, texts: dict[str, str]) -> None:
    with pytest.raises(Refused):
        own_settings.choose(seeded, texts)
    assert own_settings.chosen(seeded) == {}


def test_what_an_older_program_kept_and_this_one_does_not_know_is_nothing(seeded: Session) -> None:
    from tuicrm.services.workspace import preferences

    preferences.choose_own(seeded, "theme", "sepia")
    assert own_settings.chosen(seeded) == {}


def test_config_toml_goes_before_it() -> None:
    own = {"theme": "light", "contrast": "high"}
    assert (with_own(Config(), own).theme, with_own(Config(), own).contrast) == ("light", "high")
    held = with_own(Config(theme="dark"), own)
    assert (held.theme, held.contrast) == ("dark", "high")
    assert is_set(Config(theme="dark"), "theme")
    assert not is_set(Config(), "theme")


def test_config_toml_knows_every_one_of_them_and_their_values() -> None:
    declared = {setting.name: set(setting.values) for setting in SETTINGS}
    for one in OWN_SETTINGS:
        assert set(one.values) - {"system"} <= declared[one.key], one.key


def test_the_language_that_was_chosen_is_spoken(
    seeded: Session, workspace_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def spoken(language: str = "", locale: str = "") -> tuple[str, str]:
        session = open_session(workspace_path, login="anna", language=language, locale=locale)
        session.close()
        speak(seeded, language, locale)
        assert (seeded.language, seeded.locale) == (session.language, session.locale)
        return session.language, session.locale

    assert spoken() == ("en", "en_GB")
    own_settings.choose(seeded, {"language": "it"})
    assert spoken() == ("it", "it_IT")
    assert spoken(locale="en_IE") == ("it", "en_IE")
    assert spoken(language="en") == ("en", "en_GB")
    edit_person(seeded, "anna", Details(language="it"))
    own_settings.choose(seeded, {"language": ""})
    assert spoken() == ("it", "it_IT")
    assert own_settings.told(seeded, OWN_SETTINGS[2]) == "italiano"
    own_settings.choose(seeded, {"language": "system"})
    assert spoken() == ("en", "en_GB")
