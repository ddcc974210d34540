"""Programs of the person's own: what others wrote is never a program, and no program is waited for without an end."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tuicrm.channels import programs
from tuicrm.channels.programs import read_command, run_command
from tuicrm.errors import StorageError, UsageError


@pytest.mark.parametrize(
    "command",
    [
        "{}", "/usr/bin/{}", "sh -c {}", "sh -c", "/bin/bash -lc 'echo {}'", "env X=1 zsh -c {}", "perl -e",
        "python3 -c 'print(\"{}\")'",
        "osascript -e 'display notification \"{}\"'", "ssh host notify-send", "ssh host notify-send {}", "pwsh -Command {}",
        "tmux display-message", "flatpak run x -c 'say {}'",
    ],
)  # fmt: skip
def test_what_others_wrote_is_no_program(command: str) -> None:
    with pytest.raises(UsageError, match="must not be part of a program"):
        read_command(command)


@pytest.mark.parametrize(
    "command",
    [
        "notify-send tuicrm", "notify-send -e {}", "notify-send -c crm tuicrm {}", "ntfy publish -c file topic {}", "sh note.sh",
        "sh -c 'echo \"$1\"' sh {}", "sh -c 'echo \"$1\"' sh", "python3 -m note {}", "curl -d '» {}' ntfy.sh/x",
    ],
)  # fmt: skip
def test_what_is_an_argument_is_let_through(command: str) -> None:
    assert read_command(command)


def test_a_program_that_does_not_end_is_stopped_with_all_that_it_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "PATIENCE", 0.2)
    script, grown = tmp_path / "loud.sh", tmp_path / "grown"
    script.write_text(f"(while :; do echo x >>'{grown}'; sleep 0.02; done) &\nyes\n")
    begun = time.monotonic()
    with pytest.raises(StorageError, match="could not be run"):
        run_command(["sh", str(script)], "Call")
    assert time.monotonic() - begun < 5
    size = grown.stat().st_size
    with pytest.raises(StorageError):
        run_command(["sh", "-c", "sleep 9", "sh"], "Call")
    assert grown.stat().st_size == size


def test_a_text_is_one_argument_whatever_it_holds(tmp_path: Path) -> None:
    got = tmp_path / "got"
    write = f"import sys; open({str(got)!r}, 'w').write(repr(sys.argv[1:]))"
    run_command([sys.executable, "-c", write, "a {} b", "{}"], "--help {} $(id) '")
    assert got.read_text() == repr(["a  --help {} $(id) ' b", " --help {} $(id) '"])
