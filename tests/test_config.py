"""config.toml: what is read, what is refused and how."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tuicrm.config import SETTINGS, Config, config_path, read_config
from tuicrm.errors import StorageError, UsageError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "config.toml"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_is_the_default(path: Path) -> None:
    assert read_config(path) == Config()


def test_the_declared_defaults_are_those_in_use() -> None:
    assert {setting.name: setting.default for setting in SETTINGS} == {
        name: value for name, value in msgspec.structs.asdict(Config()).items() if name != "keys"
    }


def test_the_file_can_be_named(tmp_path: Path) -> None:
    assert config_path({"TUICRM_CONFIG": str(tmp_path / "other.toml")}) == tmp_path / "other.toml"
    assert config_path({}).name == "config.toml"


def test_settings_are_read(path: Path) -> None:
    write(
        path,
        'language = "it"\ntheme = "light"\nascii = true\ntime_zone = "Europe/Rome"\n'
        '[keys]\nstage.next = [")", "alt+n"]\n"mark" = "b"\nundo = []\n',
    )
    config = read_config(path)
    assert config.language == "it"
    assert config.theme == "light"
    assert config.ascii == "yes"
    assert str(config.zone) == "Europe/Rome"
    assert config.keys == {"stage.next": (")", "alt+n"), "mark": ("b",), "undo": ()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('langauge = "it"', "There is no setting 'langauge'. Did you mean 'language'?"),
        (
            'theme = "drak"',
            "theme cannot be set to 'drak'. Choose one of: auto, dark, light, terminal. Did you mean 'dark'?",
        ),
        ("theme = 3", "theme cannot be set to 3."),
        ('time_zone = "Europe/Romee"', "time_zone cannot be set to 'Europe/Romee'."),
        ('locale = "xx_QQ"', "locale cannot be set to 'xx_QQ'."),
        ('country = "Italy"', "country cannot be set to 'Italy'."),
        ("keys = 1", "[keys] must be a table"),
        ("[keys]\nundo = 1", "[keys] undo: expected a key"),
        ('[keys]\nundoo = "x"', "Did you mean 'undo'?"),
        ('[keys]\nundo = "n"', "undo: the key 'n' already does new (board)."),
        ('theme = "dark', "is not TOML"),
    ],
)
def test_what_is_wrong_is_refused_with_file_key_and_nearest(path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        read_config(write(path, text))
    assert words in error.value.message
    assert str(path) in error.value.message


def test_a_file_that_is_not_text_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StorageError, match=r"config\.toml"):
        read_config(path)


def test_a_file_that_cannot_be_read_is_named_once(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StorageError) as error:
        read_config(path)
    assert error.value.message.count(str(path)) == 1
    assert "Errno" not in error.value.message
