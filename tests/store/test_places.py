"""A place is opened, made, checked and saved in one way each, and what is no folder is refused with what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.command import run_here
from tuicrm.errors import StorageError
from tuicrm.store import places
from tuicrm.store.protocol import Op

ELSEWHERE = "postgresql://crm.example/office"


def test_a_folder_is_a_place_as_text_and_as_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    assert places.is_free(str(folder))
    with closing(places.create_store(str(folder))) as store:
        store.commit([Op("deal", 1, {"n": 1})])
        assert store.place == str(folder)
    assert not places.is_free(folder)
    assert places.verify(str(folder)) == []
    assert places.left_over(folder) == []
    with closing(places.open_store(folder)) as again:
        assert again.count("deal") == 1
    with closing(places.rescue(str(folder))) as saved:
        assert saved.tables == ["deal"]


@pytest.mark.parametrize(
    "asked",
    [
        places.is_free,
        places.open_store,
        places.create_store,
        places.verify,
        places.left_over,
        places.rescue,
        places.said,
    ],
)
def test_another_kind_of_place_is_refused_by_name(asked: Callable[[str], object]) -> None:
    with pytest.raises(StorageError, match=f"{ELSEWHERE}: a workspace must be a folder"):
        asked(ELSEWHERE)


def test_a_place_as_typed_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert places.said("~/a") == places.said("a") == str(tmp_path / "a")


@pytest.mark.parametrize("arguments", [["deal", "list"], ["fsck"], ["init"], ["init", ELSEWHERE], ["board"]])
@pytest.mark.parametrize("said", ["--data", "TUICRM_DATA"])
def test_the_command_line_says_so_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    given = ["--data", ELSEWHERE] if said == "--data" else []
    ran = run_here(tmp_path / "w", monkeypatch, *given, *arguments, env={"TUICRM_DATA": ELSEWHERE})
    assert ran.code == 7
    assert f"{ELSEWHERE}: a workspace must be a folder" in ran.err
    assert not list(tmp_path.iterdir())
