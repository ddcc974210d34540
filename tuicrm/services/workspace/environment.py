"""What the system says about where and for whom we run: user, folders, language. Read once, at the start."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from tuicrm.login import at_home, system_login
from tuicrm.regex import regex

__all__ = [
    "FolderRights",
    "cache_folder",
    "config_folder",
    "default_folder",
    "folder_rights",
    "locale_for",
    "locale_of",
    "network_file_system",
    "state_folder",
    "system_login",
    "system_name",
]

_MOUNT_POINT = 4
_MOUNT_ESCAPE = regex(r"\\([0-7]{3})")
_NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.glusterfs", "fuse.sshfs", "lustre", "davfs",
     "fuse.davfs2", "ncpfs", "beegfs", "ocfs2", "gpfs", "orangefs")
)  # fmt: skip


def system_name(login: str) -> str:
    """The person's full name as the system has it (the GECOS field), else the login with a capital."""
    try:
        import pwd

        full = pwd.getpwnam(login).pw_gecos.partition(",")[0].strip()
    except (ImportError, KeyError):
        full = ""
    return full if full and full != login else login[:1].upper() + login[1:]


def default_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the workspace lies unless one is named: TUICRM_DATA, else `tuicrm` in the user's data folder."""
    named = environ.get("TUICRM_DATA")
    return at_home(named, own=True) if named else _user_folder("data")


def typed_place(text: str, *, own: bool = False) -> str | Path:
    """Where a workspace lies as somebody typed it (`own`: as the account says): a folder, with `~` read; what names another kind of
    place is left."""
    return text if "://" in text else at_home(text, own=own)


def default_place(environ: Mapping[str, str] = os.environ) -> str | Path:
    """The same as `default_folder`, of any kind of place that TUICRM_DATA may name."""
    named = environ.get("TUICRM_DATA")
    return typed_place(named, own=True) if named else default_folder(environ)


def config_folder() -> Path:
    """The user's own settings (`config.toml`)."""
    return _user_folder("config")


def state_folder() -> Path:
    """What the program remembers for this user on this machine: past filters, logs."""
    return _user_folder("state")


def cache_folder() -> Path:
    """What can be made again."""
    return _user_folder("cache")


_XDG = {
    "data": ("XDG_DATA_HOME", ".local/share"),
    "config": ("XDG_CONFIG_HOME", ".config"),
    "state": ("XDG_STATE_HOME", ".local/state"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
}


def _user_folder(kind: str) -> Path:
    """One of the user's folders as the platform wants it."""
    if sys.platform == "linux" and not hasattr(sys, "getandroidapilevel"):
        # What platformdirs comes to in plain surroundings, without its 4 ms at every start.
        variable, usual = _XDG[kind]
        named, home = os.environ.get(variable, ""), os.environ.get("HOME", "")
        if named.startswith("/"):
            return Path(named, "tuicrm")
        if not named and home.startswith("/"):
            return Path(home, usual, "tuicrm")
    from platformdirs import PlatformDirs

    folders = PlatformDirs("tuicrm", appauthor=False)
    return Path(getattr(folders, f"user_{kind}_dir"))


class FolderRights(Struct, frozen=True):
    """Who owns a folder, and who may write it; `open_to_all` where everybody may write it, read it or come in."""

    owner: str
    group: str
    writable_by: Literal["owner", "group", "everyone"]
    open_to_all: bool


def folder_rights(path: Path) -> FolderRights | None:
    """None where there is no such folder, or where the system knows no such rights."""
    try:
        found = path.stat()
        owner, group = path.owner(), path.group()
    except (OSError, NotImplementedError):
        return None
    except KeyError:  # a container's user or group without an entry
        owner, group = f"uid{found.st_uid}", f"gid{found.st_gid}"
    writable_by: Literal["owner", "group", "everyone"] = "owner"
    if found.st_mode & stat.S_IWOTH:
        writable_by = "everyone"
    elif found.st_mode & stat.S_IWGRP:
        writable_by = "group"
    return FolderRights(owner, group, writable_by, bool(found.st_mode & stat.S_IRWXO))


def network_file_system(path: str | os.PathLike[str], mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """The kind of network file system a folder lies on ("nfs4"); "" where it lies on none, or nothing tells.

    Locks and mapped files cannot be trusted there: a workspace is for one machine, reached over SSH."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
        place = Path(path).absolute().resolve()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        before, dash, after = line.partition(" - ")
        parts = before.split()
        if not dash or len(parts) < _MOUNT_POINT + 1:
            continue
        point = _MOUNT_ESCAPE.sub(lambda found: chr(int(found[1], 8)), parts[_MOUNT_POINT])
        if place.is_relative_to(point) and len(point) > best:
            best, kind = len(point), after.split()[0]
    return kind if kind in _NETWORK else ""


def locale_of(environ: Mapping[str, str] = os.environ) -> str:
    """The locale of times, numbers and texts, as `it_IT`; "" where none is set (`C`, `POSIX`)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "").partition(".")[0].partition("@")[0]
        if value:
            return "" if value in ("C", "POSIX") else value
    return ""


def locale_for(language: str) -> str:
    """The locale of a language: the system's own where it speaks it (`en` and `en_US`), else that of its country."""
    system = locale_of()
    if not language or system.partition("_")[0] == language:
        return system
    if "_" in language:
        return language
    return "en_GB" if language == "en" else f"{language}_{language.upper()}"
