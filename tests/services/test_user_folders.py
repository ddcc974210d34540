"""The user's folders are those of platformdirs, which is not imported for them."""

from __future__ import annotations

import sys

import pytest
from platformdirs import PlatformDirs

from tuicrm.services.workspace import environment

NAMES = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems ask platformdirs itself")
@pytest.mark.parametrize("named", [None, "", "/elsewhere", "  /with blanks ", "~/mine", "relative/folder"])
@pytest.mark.parametrize("home", ["/home/anna", "/home/with blank"])
def test_folders_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch, named: str | None, home: str) -> None:
    monkeypatch.setenv("HOME", home)
    monkeypatch.delenv("TUICRM_DATA", raising=False)
    for name in NAMES:
        if named is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, named)
    known = PlatformDirs("tuicrm", appauthor=False)
    assert environment.default_folder() == known.user_data_path
    assert environment.config_folder() == known.user_config_path
    assert environment.state_folder() == known.user_state_path
    assert environment.cache_folder() == known.user_cache_path
