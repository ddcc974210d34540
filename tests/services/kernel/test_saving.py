"""Files outside of the workspace, where others may have put something of theirs in the way."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tuicrm.errors import Refused, StorageError
from tuicrm.services.kernel.saving import save_file


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    victim, path = tmp_path / "victim", tmp_path / "mine.ics"
    victim.write_text("theirs")
    for link in (path, tmp_path / f".{path.name}.new"):
        link.symlink_to(victim)
    save_file(path, b"ours", replace=True)
    assert (victim.read_text(), path.read_bytes(), path.is_symlink()) == ("theirs", b"ours", False)
    assert sorted(one.name for one in tmp_path.iterdir()) == [".mine.ics.new", "mine.ics", "victim"]


def test_who_could_not_read_the_former_file_cannot_read_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.ics"
    path.write_text("")
    for mode in (0o600, 0o640, 0o400):
        path.chmod(mode)
        save_file(path, b"x" * mode, replace=True)
        assert (stat.S_IMODE(path.stat().st_mode), path.stat().st_size) == (mode, mode)


def test_what_cannot_be_replaced_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "there").write_text("x")
    long = "x" * 255
    for name, kind in (("folder", StorageError), ("no/such/file", StorageError), (long + "x", StorageError)):
        with pytest.raises(kind):
            save_file(tmp_path / name, b"x", replace=True)
    with pytest.raises(Refused, match="--force"):
        save_file(tmp_path / "there", b"y", replace=False)
    save_file(tmp_path / long, b"x", replace=False)
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(["folder", "there", long])
    assert not any((tmp_path / "folder").iterdir())


def test_a_named_pipe_is_not_waited_for_where_nobody_waits(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Refused, match="is not a file"):
        save_file(pipe, b"x", replace=True, waits=False)
    assert pipe.is_fifo()
