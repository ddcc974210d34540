"""Streams that lead to a terminal: seen from its other end."""

from __future__ import annotations

import ast
import io
import os
import pty
import select
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import tuicrm
from tests.source import tree_of, walked
from tuicrm.streams import TerminalStream, draw, guarded, show_again

EVIL = "\x1b]0;x\x07\u202e"


class Pair:
    """Within it, stdout is on one terminal and stderr on another."""

    def __enter__(self) -> Pair:
        self._before = sys.stdout, sys.stderr
        pairs = [pty.openpty() for _stream in range(2)]
        self._ends = dict(zip(("stdout", "stderr"), (shown for shown, _given in pairs), strict=True))
        sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(given, "w"), encoding="utf-8") for _shown, given in pairs)
        return self

    def __exit__(self, *_exception: object) -> None:
        given = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self._before
        for stream in given:
            stream.close()
        for end in self._ends.values():
            os.close(end)

    def read(self, name: str) -> str:
        """What came to the terminal."""
        assert select.select([self._ends[name]], [], [], 5)[0], "nothing came"
        return os.read(self._ends[name], 65_536).decode().replace("\r\n", "\n")


def test_whatever_writes() -> None:
    with Pair() as pair, guarded() as guard:
        print("plain", "Società €", flush=True)  # noqa: T201 - whoever writes
        assert pair.read("stdout") == "plain Società €\n"
        assert not guard.cleaned
        sys.stdout.writelines([EVIL, "\r\n"])
        sys.stdout.flush()
        assert pair.read("stdout") == "\\u001b]0;x\\u0007\\u202e\n"
        assert guard.cleaned
        sys.__excepthook__(ValueError, ValueError(EVIL), None)
        sys.stderr.flush()
        assert "\\u001b]0;x\\u0007\\u202e\n" in pair.read("stderr")


def test_codes_of_our_own_are_drawn() -> None:
    with Pair() as pair, guarded() as guard:
        draw(sys.stdout, "\x1b[1mbold\x1b[0m")
        sys.stdout.flush()
        assert pair.read("stdout") == "\x1b[1mbold\x1b[0m"
        show_again(f"half {EVIL}")
        assert pair.read("stderr") == "\r\x1b[Khalf ]0;x"
        assert not guard.cleaned


def test_everything_is_put_back() -> None:
    with Pair() as pair:
        before = sys.stdout, sys.stderr
        with suppress(KeyboardInterrupt), guarded():
            assert isinstance(sys.stdout, TerminalStream)
            sys.stdout.write("begun")
            raise KeyboardInterrupt
        assert (sys.stdout, sys.stderr) == before
        assert pair.read("stdout") == "begun"
        sys.stdout.write(EVIL)
        sys.stdout.flush()
        assert pair.read("stdout") == EVIL


def test_no_terminal_no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")
    monkeypatch.setattr(sys, "stdout", stream)
    with guarded() as guard:
        assert sys.stdout is stream
        draw(sys.stdout, EVIL)
        sys.stdout.write(f"{EVIL}\r\n")
    stream.flush()
    assert stream.buffer.getvalue().decode() == f"{EVIL}{EVIL}\r\n"
    assert not guard.cleaned


PAST = {
    ("streams.py", "buffer"),
    ("cli/running/output.py", "buffer"),
    ("cli/files/export.py", "buffer"),
    ("app.py", "__stderr__"),
    ("services/workspace/backups.py", "buffer"),
    ("tty.py", "__stderr__"),
    ("first_look.py", "__stderr__"),
    ("first_look.py", "write"),
    ("tty.py", "write"),
    ("documents/jinja_child.py", "buffer"),
    ("handing_kitty.py", "write"),
    ("screens/documents/handing_over.py", "__stdout__"),
}
"""What writes past `sys.stdout` and `sys.stderr`: the guard itself; a file's content and a backup, where
they go to no terminal; the end of the screens, which gives the terminal back with codes of our own,
and tells who is put out why, by letters and numbers; a child's pipe to who started it;
and a file that is given to kitty in codes of its own."""


def test_nothing_writes_past_them() -> None:
    """Neither to the streams that Python began with, nor to buffers, nor to descriptors (those of the store are files)."""
    root = Path(tuicrm.__file__).parent
    found = {
        (str(path.relative_to(root)), how)
        for path in root.rglob("*.py")
        for node in walked(tree_of(path))
        if isinstance(node, ast.Attribute) and (how := _past(node))
    }
    assert {(path, how) for path, how in found if not path.startswith("store/")} == PAST


def _past(node: ast.Attribute) -> str:
    """The attribute, where it is a way past."""
    if node.attr not in ("__stdout__", "__stderr__", "buffer", "write", "writev"):
        return ""
    owner = ast.unparse(node.value)
    ways = {"__stdout__": owner == "sys", "__stderr__": owner == "sys", "buffer": owner != "sys.stdin"}
    ways |= dict.fromkeys(("write", "writev"), owner == "os")
    return node.attr if ways[node.attr] else ""
