"""The first picture, kept from the last time: for whom, of what, and when it may not be shown any more."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tuicrm import kept_look
from tuicrm.kept_look import WorkspaceState, key_of, load, state_of, written_since
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.kernel.sight import tables_free_to_change
from tuicrm.services.workspace.environment import cache_folder, config_folder

SIZE = (80, 24)
ROWS = ["a row", "another"]


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def place_of(session: Session) -> Path:
    return Path(session.store.place)


def kept(place: Path, free: set[str]) -> bytes:
    key, state = key_of(place, "", SIZE), state_of(place)
    assert state is not None
    kept_look.keep(key, state, ROWS, "as it was", free)
    return key


def the_file(key: bytes) -> Path:
    return cache_folder() / "first" / key.hex()


def test_it_comes_back_as_it_was(seeded: Session) -> None:
    place = place_of(seeded)
    found = load(place, kept(place, set()))
    assert found is not None
    assert (found.rows, found.mark, found.seen) == (ROWS, "as it was", [])
    state = state_of(place)
    assert state is not None
    kept_look.keep(found.key, state, ROWS, "", set(), [("deal:1", "Website [/] redesign")])
    again = load(place, found.key)
    assert again is not None
    assert again.seen == [("deal:1", "Website [/] redesign")]
    assert the_file(found.key).stat().st_mode & 0o777 == 0o600
    assert the_file(found.key).parent.stat().st_mode & 0o777 == 0o700


def test_items_may_change_where_all_of_them_may_be_read(seeded: Session) -> None:
    place, free = place_of(seeded), tables_free_to_change(seeded)
    key = kept(place, free)
    items.add(seeded, "deal", {"title": "New"})
    assert load(place, key) is not None
    key = kept(place, set())
    items.add(seeded, "deal", {"title": "Newer"})
    assert load(place, key) is None


@pytest.mark.parametrize("table", ["role", "person", "department", "deal_of_others"])
def test_whatever_else_is_written_ends_it(seeded: Session, table: str) -> None:
    from tuicrm.store.protocol import Op

    place = place_of(seeded)
    key = kept(place, tables_free_to_change(seeded))
    seeded.store.commit([Op(table, 900, {"key": "x"})], by="anna")
    assert load(place, key) is None


def test_a_folded_workspace_has_none(seeded: Session) -> None:
    place = place_of(seeded)
    key = kept(place, tables_free_to_change(seeded))
    items.add(seeded, "deal", {"title": "New"})
    seeded.store.files.compact()
    assert load(place, key) is None


def test_another_folder_in_its_place_has_none(seeded: Session) -> None:
    place = place_of(seeded)
    key = kept(place, tables_free_to_change(seeded))
    moved = place.with_name("moved")
    shutil.copytree(place, moved)
    place.rename(place.with_name("away"))
    moved.rename(place)
    assert load(place, key) is None
    (place / "CURRENT").unlink()
    assert load(place, key) is None


@pytest.mark.parametrize(
    "end", [b"", b"shorter", b'{"ops":[["deal"]]}\n', b'{"ops":[[5]]}\n', b"\xff\xfe\n", b'{"torn']
)
def test_another_past_or_a_strange_end_has_none(seeded: Session, end: bytes) -> None:
    place = place_of(seeded)
    items.add(seeded, "deal", {"title": "New"})
    key, state = kept(place, {"deal"}), state_of(place)
    assert state is not None
    journal = place / state.journal
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-3] + end)
    assert load(place, key) is None


def test_a_link_or_a_pipe_in_place_of_files_has_none(seeded: Session, tmp_path: Path) -> None:
    place = place_of(seeded)
    key, state = kept(place, {"deal"}), state_of(place)
    assert state is not None
    journal = place / state.journal
    journal.rename(tmp_path / "elsewhere")
    journal.symlink_to(tmp_path / "elsewhere")
    assert load(place, key) is None
    journal.unlink()
    os.mkfifo(journal)
    assert load(place, key) is None
    assert written_since(place, state) is None


def _flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def _another(path: Path) -> None:
    """A picture that was kept for something else under this one's name."""
    other = path.with_name("00" * 16)
    kept_look.save(kept_look.Look(bytes(16), WorkspaceState((0, 0), b"", "j", 0, b""), [], ["theirs"], ""))
    other.replace(path)


def _linked(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def _piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir(0o700)


SPOILT: list[Callable[[Path], object]] = [
    _flipped,
    _another,
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(b"tuicrm first look 1\n"),
    lambda path: path.write_bytes(os.urandom(5_000)),
    lambda path: path.chmod(0o644),
    lambda path: path.parent.chmod(0o777),
    _linked,
    _piped,
    _a_folder,
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_not_as_it_was_written_is_ignored(seeded: Session, spoil: Callable[[Path], object]) -> None:
    place = place_of(seeded)
    key = kept(place, set())
    assert load(place, key) is not None
    spoil(the_file(key))
    assert load(place, key) is None


def test_anything_that_makes_it_another_picture_is_in_its_key(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of(seeded)
    keys = {
        key_of(place, "", SIZE),
        key_of(place, "marco", SIZE),
        key_of(place, "", (140, 40)),
        key_of(place / "x", "", SIZE),
    }
    for name, value in (("LANG", "it_IT.UTF-8"), ("NO_COLOR", "1"), ("TZ", "Asia/Tokyo"), ("TERM", "vt100")):
        monkeypatch.setenv(name, value)
        keys.add(key_of(place, "", SIZE))
    monkeypatch.setattr(kept_look, "system_login", lambda: "somebody-else")
    keys.add(key_of(place, "", SIZE))
    config = config_folder() / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text('theme = "light"\n')
    keys.add(key_of(place, "", SIZE))
    assert len(keys) == 10


def test_few_are_kept_and_where_nothing_can_be_nothing_is_wrong(seeded: Session) -> None:
    place = place_of(seeded)
    state = state_of(place)
    assert state is not None
    for n in range(20):
        kept_look.keep(bytes([n]) * 16, state, ROWS, "", set())
    folder = cache_folder() / "first"
    assert len(list(folder.iterdir())) == 16
    shutil.rmtree(folder)
    folder.write_text("a file")
    kept_look.keep(bytes(16), state, ROWS, "", set())
    assert load(place, bytes(16)) is None
