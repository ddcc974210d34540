"""The first picture of a workspace, kept from the last time in the user's own cache: its rows as they were written, for this person,
terminal, settings and workspace alone.

It is read before anything is opened, so it may only say what is surely still this person's to see. That rests on the workspace being
the very folder, with the very files and the very end of its journal, that the picture is of; and on nothing having been written since
but items, where the person may see all of these. Whatever differs, cannot be read or is not as it was written: there is no picture.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from tuicrm import __version__
from tuicrm.digests import blake2b, token_hex
from tuicrm.services.workspace.environment import cache_folder, config_folder, system_login

_MAGIC = b"tuicrm first look 1\n"
_DIGEST = 16
_END = 4_096
"""Bytes before the end of a journal that tell it from another one."""

_MOST_NEWER = 4 << 20
"""Bytes written since that are looked through (10 ms); who lags further behind has no picture."""

_MOST = 4 << 20
_KEPT = 16
"""Pictures that are kept, the newest of them."""

_SURROUNDINGS = (
    "TERM", "COLORTERM", "NO_COLOR", "COLORFGBG", "TZ", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LC_TIME", "LC_NUMERIC",
    "LC_MONETARY", "LANG",
)  # fmt: skip
"""What of the environment a picture depends on."""

_SAFE = sum(getattr(os, name, 0) for name in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY"))


class WorkspaceState(msgspec.Struct, frozen=True):
    """Which workspace it is, and how far it had come: its folder, the digest of CURRENT, the last journal, how long that was and what
    stood at its end."""

    folder: tuple[int, int]
    current: bytes
    journal: str
    size: int
    end: bytes


class Look(msgspec.Struct, frozen=True):
    """A picture: a row of the terminal each, and the one that says what it is. `free` names the tables that may have changed since;
    `seen` the items that are drawn, stored refs and names, first the one under the cursor."""

    key: bytes
    state: WorkspaceState
    free: list[str]
    rows: list[str]
    mark: str
    seen: list[tuple[str, str]] = []


class _Line(msgspec.Struct):
    ops: list[list[msgspec.Raw]]


class _Current(msgspec.Struct):
    journals: list[str]


def key_of(place: Path, as_user: str, size: tuple[int, int]) -> bytes:
    """What a picture is of: anything that could make it another one is in it."""
    settings = b""
    with suppress(OSError):
        settings = (config_folder() / "config.toml").read_bytes()
    parts = [
        __version__, os.path.realpath(place), system_login(), str(os.geteuid()), as_user, f"{size[0]}x{size[1]}",
        *(f"{name}={os.environ.get(name)}" for name in _SURROUNDINGS),
    ]  # fmt: skip
    digest = blake2b(digest_size=_DIGEST)
    for part in (*(part.encode("utf-8", "surrogateescape") for part in parts), settings):
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.digest()


# -- the workspace -----------------------------------------------------------------------------------------------------
def state_of(place: Path) -> WorkspaceState | None:
    """How a workspace is now; None where that cannot be told."""
    try:
        folder = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        found = os.fstat(folder)
        current = _part(folder, "CURRENT", 0, _MOST)
        journal = msgspec.json.decode(current, type=_Current).journals[-1]
        if "/" in journal:
            return None
        size = os.stat(journal, dir_fd=folder, follow_symlinks=False).st_size
        end = _part(folder, journal, max(0, size - _END), size - max(0, size - _END))
        return WorkspaceState((found.st_dev, found.st_ino), _digest(current), journal, size, _digest(end))
    except (OSError, ValueError, IndexError, msgspec.MsgspecError):
        return None
    finally:
        os.close(folder)


def written_since(place: Path, state: WorkspaceState) -> set[str] | None:
    """The tables that were written since a workspace was so; None where it is not that one, or that cannot be told."""
    now = state_of(place)
    if now is None or (now.folder, now.current, now.journal) != (state.folder, state.current, state.journal):
        return None
    if not state.size <= now.size <= state.size + _MOST_NEWER:
        return None
    try:
        folder = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            begin = max(0, state.size - _END)
            content = _part(folder, state.journal, begin, now.size - begin)
        finally:
            os.close(folder)
        before, newer = content[: state.size - begin], content[state.size - begin :]
        if _digest(before) != state.end:
            return None
        lines = [msgspec.json.decode(line, type=_Line) for line in newer.splitlines()]
        return {msgspec.json.decode(op[0], type=str) for line in lines for op in line.ops}
    except (OSError, ValueError, IndexError, msgspec.MsgspecError):
        return None


def _part(folder: int, name: str, start: int, size: int) -> bytes:
    """Some of a regular file of a folder; raises OSError for anything else in its place, and where there is less."""
    file = os.open(name, os.O_RDONLY | _SAFE, dir_fd=folder)
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(name)
        content = os.pread(file, size, start)
        if len(content) != min(size, max(0, found.st_size - start)):
            raise OSError(name)
        return content
    finally:
        os.close(file)


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST).digest()


# -- the cache ---------------------------------------------------------------------------------------------------------
def _cache(*, make: bool = False) -> int:
    """The folder of pictures, which is the user's own and nobody else's; raises OSError where it is not."""
    path = cache_folder() / "first"
    if make:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            path.mkdir(0o700)
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0))
    if not _is_own(os.fstat(folder)):
        os.close(folder)
        raise OSError(path)
    return folder


def _is_own(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & 0o077


def load(place: Path, key: bytes) -> Look | None:
    """The picture that was kept; None where none was, or it may not be shown any more."""
    try:
        folder = _cache()
        try:
            name = key.hex()
            if not _is_own(os.stat(name, dir_fd=folder, follow_symlinks=False)):
                return None
            content = _part(folder, name, 0, _MOST)
        finally:
            os.close(folder)
        head = len(_MAGIC) + _DIGEST
        if not content.startswith(_MAGIC) or content[len(_MAGIC) : head] != _digest(content[head:]):
            return None
        look = msgspec.msgpack.decode(content[head:], type=Look)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    if look.key != key:
        return None
    written = written_since(place, look.state)
    return look if written is not None and written <= set(look.free) else None


def save(look: Look) -> None:
    """Keep a picture for the next time. Not being able to is no error."""
    content = msgspec.msgpack.encode(look)
    if len(content) > _MOST - 1_000:
        return
    with suppress(OSError):
        folder = _cache(make=True)
        try:
            name = f"{token_hex(8)}.tmp"
            file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE, 0o600, dir_fd=folder)
            try:
                with os.fdopen(file, "wb") as out:
                    out.write(_MAGIC + _digest(content) + content)
                os.replace(name, look.key.hex(), src_dir_fd=folder, dst_dir_fd=folder)
            finally:  # it has another name by then, unless that failed
                with suppress(OSError):
                    os.unlink(name, dir_fd=folder)
            _sweep(folder)
        finally:
            os.close(folder)


def _sweep(folder: int) -> None:
    """Let go of all but the newest."""
    there: list[tuple[Any, str]] = []
    for name in os.listdir(folder):
        with suppress(OSError):
            there.append((os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime_ns, name))
    for _at, name in sorted(there, reverse=True)[_KEPT:]:
        with suppress(OSError):
            os.unlink(name, dir_fd=folder)


def keep(
    key: bytes,
    state: WorkspaceState,
    rows: Sequence[str],
    mark: str,
    free: Collection[str],
    seen: Sequence[tuple[str, str]] = (),
) -> None:
    """Keep what is shown. `state` is how the workspace was before it was opened: what was written since is then looked at again."""
    save(Look(key, state, sorted(free), list(rows), mark, list(seen)))
