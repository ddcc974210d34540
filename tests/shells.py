"""Real shells on a terminal of their own: a line is typed, TAB pressed, and what stands in the line then is read back."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import sys
import termios
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT

_PATIENCE = 60
_ROWS, _COLUMNS = 40, 120
_TAB, _READ = "\t", "\x0f"
_MISSING = (
    "{name} is missing: these tests need bash, zsh and fish (scripts/shells.sh installs them on Debian and Ubuntu)"
)

_ARGUMENTS = {
    "bash": ("--norc", "--noprofile", "-i"),
    "zsh": ("-f", "-i"),
    "fish": ("--no-config", "-i"),
}
# ctrl+o writes the line as it stands into a file, and empties it; `@@` says that all before it has been shown.
_SETUP = {
    "bash": r"""
        eval "$(tuicrm completion bash)"
        told() {
            printf @@ > /dev/tty; printf %s "$READLINE_LINE" > "$TOLD.new"; mv "$TOLD.new" "$TOLD"
            READLINE_LINE=; READLINE_POINT=0
        }
        bind -x '"\C-o": told'
        : > "$TOLD"
    """,
    "zsh": r"""
        eval "$(tuicrm completion zsh)"
        told() { print -n @@ > /dev/tty; print -rn -- "$BUFFER" > "$TOLD.new"; mv "$TOLD.new" "$TOLD"; BUFFER= }
        zle -N told; bindkey "^O" told; unsetopt beep
        : > "$TOLD"
    """,
    "fish": r"""
        tuicrm completion fish | source
        function told; printf @@ > /dev/tty; commandline | string collect > $TOLD.new; mv $TOLD.new $TOLD; commandline ''; end
        bind \co told
        echo -n > $TOLD
    """,
}


def shell_or_skip(name: str) -> str:
    """Where a shell lies. One that is missing leaves the test out and says so; with TUICRM_ALL_TESTS it fails."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("TUICRM_ALL_TESTS"):
            pytest.fail(_MISSING.format(name=name))
        pytest.skip(_MISSING.format(name=name))
    return found


class Shell:
    """One shell, at home in a folder where `bin/tuicrm` is ours."""

    def __init__(self, name: str, home: Path, data: Path, environ: Mapping[str, str]) -> None:
        self.name, self._told = name, home / "told"
        program = home / "bin" / "tuicrm"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tuicrm "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        setup = home / "setup"
        setup.write_text(_SETUP[name], encoding="utf-8")
        there = {
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(home),
            "TERM": "xterm",
            "LANG": "C.UTF-8",
            "TOLD": str(self._told),
            "TUICRM_DATA": str(data),
            "TUICRM_CONFIG": str(home / "none"),
            **environ,
        }
        found = shell_or_skip(name)
        self._pid, self._terminal = pty.fork()
        if not self._pid:
            os.chdir(home)
            os.execve(found, [name, *_ARGUMENTS[name]], there)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
        self.shown, self._end = "", 0.0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._type(f" source {setup}\r")
        self._wait()

    def _read(self) -> None:
        """Read on, so that the shell never waits for us; fish asks what it runs on and waits for the answer."""
        while True:
            try:
                came = os.read(self._terminal, 65536)
            except OSError:
                return
            self.shown += came.decode(errors="replace")
            if b"\x1b[c" in came or b"\x1b[0c" in came:
                os.write(self._terminal, b"\x1b[?62;c")

    def _type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def _wait(self) -> str:
        self._end = time.monotonic() + _PATIENCE
        while not self._told.exists():
            if time.monotonic() > self._end:
                raise AssertionError(f"{self.name} says nothing; it shows {self.shown[-2000:]!r}")
            select.select([], [], [], 0.01)
        text = self._told.read_text(encoding="utf-8").removesuffix("\n")
        self._told.unlink()
        return text

    def completed(self, line: str, tabs: int = 1) -> str:
        """What a line is after TAB; `shown` is what stood on the terminal meanwhile."""
        self.shown = ""
        self._type(line + _TAB * tabs + _READ)
        text = self._wait()
        while "@@" not in self.shown and time.monotonic() < self._end:
            select.select([], [], [], 0.01)
        return text

    def close(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._terminal)
