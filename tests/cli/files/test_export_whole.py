"""`tuicrm export all -o FILE.zip` and `init --from`: the workspace as a whole, by a file or a pipe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Crm


def test_a_workspace_goes_into_a_file_and_comes_out_of_it(crm: Crm, tmp_path: Path) -> None:
    file, copy = tmp_path / "team.zip", tmp_path / "copy"
    assert crm("comment", "D-1", "Along").code == 0
    done = crm("export", "all", "-o", str(file), "--json").json
    assert (done["path"], done["records"] > 20) == (str(file), True)
    assert "already exists" in crm("export", "all", "-o", str(file)).err
    assert crm("export", "all", "-o", str(file), "--force").code == 0
    made = crm("init", str(copy), "--from", str(file))
    assert made.code == 0, made
    assert "You come in as" in made.err
    assert "Along" in crm("--data", str(copy), "timeline", "D-1").out
    assert "already a workspace" in crm("init", str(copy), "--from", str(file)).err
    assert crm("--data", str(copy), "fsck").code == 0, "and it is as it was"
    piped = subprocess.run(
        [sys.executable, "-m", "tuicrm", "--data", str(copy), "export", "all", "--format", "zip"],
        capture_output=True,
        check=False,
    )
    assert (piped.returncode, piped.stdout[:2]) == (0, b"PK")


def test_what_is_asked_wrongly_is_told(crm: Crm, tmp_path: Path) -> None:
    for words, code, told in (
        (("export", "deal", "-o", "x.zip"), 2, "the whole workspace"),
        (("export", "all", "-o", "x.zip", "--limit", "3"), 2, "no filter"),
        (("init", str(tmp_path / "n"), "--from", "nowhere.zip"), 3, "There is no file"),
        (("init", str(tmp_path / "n"), "--from", "-"), 4, "not a zip"),
        (("init", str(tmp_path / "n"), "--from", "-", "--demo"), 2, "alone"),
    ):
        ran = crm(*words, stdin="x")
        assert (ran.code, told in ran.err) == (code, True), (words, ran)
    assert not (tmp_path / "n").exists()
    assert "takes everything else along" in crm("export", "all").err
    assert crm("export", "all", "--format", "zip", "--as", "luca").code == 5
