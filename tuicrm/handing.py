"""How a file gets from here to the person: opened by the desktop, or, over SSH, by what their terminal can do.

On a desktop the system's opener is started, as an argument list, with a whole path, and only for kinds of files that are read and
never run. Over SSH the file lies on another computer: its path is told, as a link (OSC 8) where the terminal knows links, and the
terminal is offered the file itself where it says that it takes files (iTerm2: OSC 1337; kitty: `handing_kitty.py`). Inside tmux and
screen nothing is sent: they would cut it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import quote

import msgspec

from tuicrm.errors import Refused, StorageError, Unreachable
from tuicrm.harmless import is_harmful, numbered
from tuicrm.i18n import _
from tuicrm.login import comer

Transfer: TypeAlias = Literal["", "kitty", "iterm2"]

_ESC, _END, _BELL = "\x1b", "\x1b\\", "\a"
_READ = (".docx", ".pdf", ".odt", ".txt", ".csv", ".png", ".jpg", ".jpeg", ".gif")
"""What is only looked at. Anything else may be a program, or a page that runs some."""
_OPENERS = (("xdg-open",), ("gio", "open"), ("kde-open",))
_PATIENCE = 0.5
"""Seconds in which an opener says that it cannot; one that goes on is at work, or is the program itself."""
_LONGEST = 120
"""Bytes of a file's name: what all systems take, with a number behind it."""
_FORBIDDEN = '/\\:*?"<>|'
_LINKS_BY_PROGRAM = ("iTerm.app", "WezTerm", "ghostty", "vscode", "rio", "Hyper", "mintty")
_LINKS_BY_TERM = ("xterm-kitty", "xterm-ghostty", "wezterm", "foot", "alacritty")
_LINKS_BY_VARIABLE = (
    "VTE_VERSION",
    "KONSOLE_VERSION",
    "WT_SESSION",
    "KITTY_WINDOW_ID",
    "ITERM_SESSION_ID",
    "WEZTERM_PANE",
)


class Ways(msgspec.Struct, frozen=True):
    """How a file can reach the person: the words that open one on this desktop (() where it has no such, and over SSH), whether the
    terminal shows links, whether and how it takes a file."""

    opener: tuple[str, ...] = ()
    links: bool = False
    transfer: Transfer = ""


def ways(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Ways:
    """What is known from the environment, without asking anybody."""
    if comer() is not None:
        # Neither the server's programs nor its paths are theirs; what their terminal takes is.
        return Ways(transfer=_transfer(environ))
    return Ways(_opener(environ, platform), _knows_links(environ), _transfer(environ))


def is_over_ssh(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the person sits at another computer."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))


def _opener(environ: Mapping[str, str], platform: str) -> tuple[str, ...]:
    if is_over_ssh(environ):
        return ()
    if platform == "darwin":
        return ("/usr/bin/open",)
    if platform == "win32":
        return ("explorer",)
    found = _OPENERS if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") else ()
    for words in ((("wslview",),) if environ.get("WSL_DISTRO_NAME") else ()) + found:
        if program := shutil.which(words[0], path=environ.get("PATH", "")):
            return (program, *words[1:])
    return ()


def _is_plain(environ: Mapping[str, str]) -> bool:
    return environ.get("TERM", "") in ("", "dumb", "linux")


def _knows_links(environ: Mapping[str, str]) -> bool:
    if _is_plain(environ) or environ.get("STY"):
        return False
    term = environ.get("TERM", "")
    return (
        environ.get("TERM_PROGRAM", "") in _LINKS_BY_PROGRAM
        or environ.get("LC_TERMINAL") == "iTerm2"
        or any(term == name or term.startswith(f"{name}-") for name in _LINKS_BY_TERM)
        or any(environ.get(name) for name in _LINKS_BY_VARIABLE)
    )


def _transfer(environ: Mapping[str, str]) -> Transfer:
    if _is_plain(environ) or any(environ.get(name) for name in ("TMUX", "STY", "ZELLIJ")):
        return ""
    if environ.get("TERM") == "xterm-kitty" or environ.get("KITTY_WINDOW_ID"):
        return "kitty"
    is_iterm = environ.get("TERM_PROGRAM") == "iTerm.app" or environ.get("LC_TERMINAL") == "iTerm2"
    return "iterm2" if is_iterm else ""


# -- names and files ---------------------------------------------------------------------------------------------------
def harmless_name(name: str) -> str:
    """A file's name that no system and no program reads as anything else: one part, no controls, no option, not hidden, not long."""
    bare = "".join("_" if one in _FORBIDDEN else one for one in name if one.isprintable() and not is_harmful(one))
    stem, dot, suffix = " ".join(bare.split()).strip(" .-~").rpartition(".")
    stem, suffix = (stem, f"{dot}{suffix}") if stem and len(suffix) <= 8 else (f"{stem}{dot}{suffix}", "")
    room = _LONGEST - len(suffix.encode())
    return f"{stem.encode()[:room].decode('utf-8', 'ignore').rstrip(' .') or 'document'}{suffix}"


def lay_down(folder: Path, name: str, content: bytes) -> Path:
    """Write a new file into a folder, for its owner alone, under a harmless name (with a number where that is taken); returns its
    whole path. Raises StorageError; half a file is never left."""
    harmless = Path(harmless_name(name))
    for number in range(1, 1000):
        path = folder.absolute() / (harmless.name if number == 1 else f"{harmless.stem} ({number}){harmless.suffix}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except FileExistsError:
            continue
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror}") from error
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise StorageError(f"{path}: {error.strerror}") from error
        return path
    raise Refused(_("{path} exists already.").format(path=folder / harmless))


# -- ways to the person ------------------------------------------------------------------------------------------------
def open_file(path: Path, opener: tuple[str, ...]) -> None:
    """Open a file with the desktop's program for it (`Ways.opener`), which goes on by itself. Takes up to half a second.

    Raises Refused for a kind of file that is not only looked at, Unreachable where the opener cannot.
    """
    if path.suffix.lower() not in _READ:
        raise Refused(_("{name} is not opened from here: it may be a program").format(name=path.name))
    try:
        process = subprocess.Popen(  # noqa: S603 - the system's opener, an argument list, a whole path
            [*opener, str(path.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # It outlives the terminal, and gets none of its signals.
            start_new_session=True,
        )
        code = process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        return
    except OSError as error:
        raise Unreachable(
            _("{program} could not be run: {why}").format(program=opener[0], why=error.strerror)
        ) from error
    # Windows' says 1 when all went well.
    if code and sys.platform != "win32":
        raise Unreachable(_("{program} failed with exit code {code}").format(program=opener[0], code=code))


def address(path: Path, host: str = "") -> str:
    """The file's address, `file://host/path`, in ASCII without anything that a terminal would read otherwise."""
    return f"file://{quote(host, safe='')}{quote(os.fsencode(path.absolute()), safe='/')}"


def link(path: Path, environ: Mapping[str, str] = os.environ, host: str = "") -> str:
    """A path as text for the terminal: a link where it knows them, with the host that the file lies on."""
    shown = numbered(str(path).replace("\n", "\\n").replace("\t", "\\t"))
    if not _knows_links(environ):
        return shown
    return f"{_ESC}]8;;{address(path, host)}{_END}{shown}{_ESC}]8;;{_END}"


def for_iterm2(name: str, content: bytes) -> str:
    """What makes iTerm2 download a file: it asks its person first."""
    told = b64encode(harmless_name(name).encode()).decode()
    return f"{_ESC}]1337;File=name={told};size={len(content)};inline=0:{b64encode(content).decode()}{_BELL}"
