"""How a file reaches the person: by what the surroundings say, with names that nothing reads as anything else."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from base64 import b64decode
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tuicrm.errors import Refused, StorageError, Unreachable
from tuicrm.handing import Ways, address, for_iterm2, harmless_name, lay_down, link, open_file, ways

SSH = {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}
XTERM = {"TERM": "xterm-256color"}
EVIL = (
    "../../etc/passwd", "-rf", "--help.pdf", "$(touch x).pdf", "`id`;a&b|c.pdf", "a\nb\r\x1b]0;x\x07.pdf", "\u202egnp.fdp", ".hidden",
    "~root", "%2e%2e", "C:\\x\\y.pdf", "con:", "a" * 400 + ".pdf", "é" * 300 + ".docx", "", "...", "/", "\x00", "\ud800.pdf",
    "a.b" * 50,
)  # fmt: skip


@pytest.mark.parametrize(("environ", "platform", "told"), [
    ({}, "linux", Ways()),
    (XTERM, "linux", Ways()),
    ({**XTERM, "DISPLAY": ":0"}, "linux", Ways(("{bin}/xdg-open",))),
    ({**XTERM, "WAYLAND_DISPLAY": "w"}, "linux", Ways(("{bin}/xdg-open",))),
    ({**XTERM, **SSH, "DISPLAY": "localhost:10"}, "linux", Ways()),
    ({**XTERM, "TERM_PROGRAM": "iTerm.app"}, "darwin", Ways(("/usr/bin/open",), True, "iterm2")),
    ({**XTERM, **SSH, "LC_TERMINAL": "iTerm2"}, "linux", Ways((), True, "iterm2")),
    ({**XTERM, **SSH, "LC_TERMINAL": "iTerm2", "TMUX": "x"}, "linux", Ways((), True, "")),
    ({**SSH, "TERM": "xterm-kitty"}, "linux", Ways((), True, "kitty")),
    ({**SSH, "TERM": "screen", "STY": "x", "KITTY_WINDOW_ID": "1"}, "linux", Ways()),
    ({**XTERM, **SSH, "VTE_VERSION": "7600"}, "linux", Ways((), True, "")),
    ({**SSH, "TERM": "dumb", "KITTY_WINDOW_ID": "1"}, "linux", Ways()),
    ({**SSH, "TERM": "foot-extra"}, "linux", Ways((), True, "")),
])  # fmt: skip
def test_what_the_surroundings_say(tmp_path: Path, environ: dict[str, str], platform: str, told: Ways) -> None:
    (tmp_path / "xdg-open").write_text("#!/bin/sh\n")
    (tmp_path / "xdg-open").chmod(0o755)
    opener = tuple(word.format(bin=tmp_path) for word in told.opener)
    assert ways({"PATH": str(tmp_path), **environ}, platform) == Ways(opener, told.links, told.transfer)


def test_without_an_opener_there_is_none(tmp_path: Path) -> None:
    assert ways({**XTERM, "DISPLAY": ":0", "PATH": str(tmp_path)}, "linux").opener == ()


def test_names_are_one_part_and_no_option() -> None:
    assert harmless_name("Offer 2026/07 – R&D.pdf") == "Offer 2026_07 – R&D.pdf"
    for name in EVIL:
        bare = harmless_name(name)
        assert bare
        assert len(bare.encode()) <= 120
        assert bare.isprintable()
        assert not set(bare) & set('/\\:*?"<>|')
        assert not bare.startswith((".", "-", "~", " "))
    assert harmless_name("a" * 400 + ".pdf").endswith("a.pdf")


def test_a_file_is_laid_down_once_and_whole(tmp_path: Path) -> None:
    first, second = lay_down(tmp_path, "../Offer.pdf", b"1"), lay_down(tmp_path, "../Offer.pdf", b"2")
    assert [path.relative_to(tmp_path).as_posix() for path in (first, second)] == ["_Offer.pdf", "_Offer (2).pdf"]
    assert first.read_bytes() == b"1"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    # A link that somebody put there is not followed.
    (tmp_path / "trap.pdf").symlink_to(tmp_path / "elsewhere")
    assert lay_down(tmp_path, "trap.pdf", b"3").name == "trap (2).pdf"
    assert not (tmp_path / "elsewhere").exists()
    for name in EVIL:
        assert lay_down(tmp_path, name, b"x").parent == tmp_path
    with pytest.raises(StorageError, match="No such file"):
        lay_down(tmp_path / "missing", "a.pdf", b"")


def test_the_opener_gets_the_whole_path_as_one_word(tmp_path: Path) -> None:
    program, told = tmp_path / "opener", tmp_path / "told"
    program.write_text(f'#!/bin/sh\nprintf "%s\\0" "$@" > "{told}.new"; mv "{told}.new" "{told}"\n')
    program.chmod(0o755)
    place = tmp_path / "a b;$(touch hacked)\n"
    place.mkdir()
    path = place / "-x `touch hacked`.pdf"
    path.write_bytes(b"%PDF")
    open_file(path, (str(program), "--"))
    end = time.monotonic() + 10
    while not told.exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert told.read_bytes() == b"--\0" + os.fsencode(path) + b"\0"
    assert not list(tmp_path.rglob("hacked"))


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pytest.raises(Unreachable, match="failed with exit code 3"):
        open_file(path, ("/bin/sh", "-c", "exit 3"))
    with pytest.raises(Unreachable, match="could not be run: No such file"):
        open_file(path, (str(tmp_path / "missing"),))
    for name in ("a.desktop", "a.exe", "a.html", "a.sh", "a", "a.pdf.jar", "a.docm"):
        with pytest.raises(Refused, match="it may be a program"):
            open_file(tmp_path / name, ("/bin/true",))
    # One that goes on is left alone.
    begun = time.monotonic()
    open_file(path, ("/bin/sh", "-c", "sleep 2"))
    assert time.monotonic() - begun < 1.9


def test_a_link_is_shown_where_links_are_known() -> None:
    path = Path("/tmp/a b\x1b]52;c;x\x07é.pdf")
    shown = "/tmp/a b\\u001b]52;c;x\\u0007é.pdf"
    assert link(path, XTERM) == shown
    assert address(path, "host;\x1b") == "file://host%3B%1B/tmp/a%20b%1B%5D52%3Bc%3Bx%07%C3%A9.pdf"
    assert link(path, {"TERM": "xterm-kitty"}, "box") == f"\x1b]8;;{address(path, 'box')}\x1b\\{shown}\x1b]8;;\x1b\\"


def test_what_iterm2_downloads() -> None:
    told = for_iterm2("../R&D\x07.pdf", b"\x1b\x07content")
    head, _colon, body = told.removeprefix("\x1b]1337;File=").removesuffix("\a").rpartition(":")
    values = dict(one.split("=", 1) for one in head.split(";"))
    assert b64decode(values["name"]) == b"_R&D.pdf"
    assert (values["size"], values["inline"]) == ("9", "0")
    assert b64decode(body) == b"\x1b\x07content"
    assert told.count("\x1b") == told.count("\a") == 1


_PROGRAM = """
import os, sys
from pathlib import Path
from tuicrm.handing import for_iterm2, link, ways
environ = {**os.environ, "SSH_TTY": "/dev/pts/0", "TERM_PROGRAM": "iTerm.app"}
print(ways(environ))
print("<" + link(Path("/tmp/a\\x1b]0;evil\\x07.pdf"), environ) + ">" + for_iterm2("a.pdf", b"%PDF") + "|")
"""


def test_on_a_terminal_a_hostile_name_stays_text() -> None:
    terminal = Terminal([sys.executable, "-c", _PROGRAM])
    try:
        assert terminal.wait() == 0
        data = terminal.raw()
    finally:
        terminal.close()
    assert b"transfer='iterm2'" in data
    assert b"\x1b]8;;file:///tmp/a%1B%5D0%3Bevil%07.pdf\x1b\\/tmp/a\\u001b]0;evil\\u0007.pdf\x1b]8;;\x1b\\>" in data
    assert data.count(b"\x1b]") == 3
    assert not terminal.left_on()


def test_it_is_light() -> None:
    code = "import sys, tuicrm.handing; print({'textual', 'rich', 'docx', 'termios', 'tuicrm.handing_kitty'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
