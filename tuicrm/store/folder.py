"""The one place where files of a workspace are opened, made, renamed and removed.

The folder is shared, so nothing in it is trusted to be what its name says. Every name is reached from a handle of the folder it
lies in, never through a link; only regular files that belong to the workspace's people are opened; what is new is made under a
name that was free, and only names of our own form are taken away. `tests/store/test_folder.py` holds that no other module of the
store opens anything.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from tuicrm.digests import token_hex
from tuicrm.i18n import _
from tuicrm.regex import regex
from tuicrm.store.files import NotOurs, storage_error, write_all

if TYPE_CHECKING:
    import sqlite3

_FILE_MODE, _FOLDER_MODE = 0o660, 0o2770
_BY_HANDLE = os.open in os.supports_dir_fd
"""Whether names can be reached from a folder's handle: not on Windows, where the folder's path stands for it."""

_SAFE = sum(getattr(os, name, 0) for name in ("O_CLOEXEC", "O_BINARY", "O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY"))
_AS_FOLDER = sum(getattr(os, name, 0) for name in ("O_CLOEXEC", "O_NOFOLLOW", "O_DIRECTORY"))
_STRANGE = (errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.EISDIR, errno.ENOTDIR, errno.ENODEV)
"""What opening a link, a pipe, a device or a folder gives in a file's place."""

_DENIED = (errno.EACCES, errno.EPERM)

_OWN_NAME = regex(
    r"CURRENT|BACKUP|lock|compact\.lock|ids"
    r"|[A-Za-z0-9_.~%-]+\.\d{8,12}(\.[0-9a-f]{16})?\.jsonl(\.zst)?(\.[A-Za-z0-9_.~%@-]+\.(col|view|post)|\.idx)?"
    r"|torn\.[0-9a-f.]+|\d+-[0-9a-f]{8}|[0-9a-f]{64}|[a-z_]+\.[0-9a-f]{8}\.db(-wal|-shm|-journal)?"
    r"|\.?[A-Za-z0-9_.~%-]+\.[0-9a-f]+\.tmp|tmp[a-z0-9_]{8}"
)
_TEMPORARY = regex(r"\.?.+\.[0-9a-f]+\.tmp|tmp[a-z0-9_]{8}")
"""What a write that was killed leaves: names of this tuicrm, and of former ones."""


def is_temporary(name: str) -> bool:
    """Whether a name is that of a file which is being written, or was when somebody was killed."""
    return _TEMPORARY.fullmatch(name) is not None


class Fresh:
    """A file that is being written and has no name of its own yet."""

    def __init__(self, folder: Folder, name: str, file: BinaryIO) -> None:
        self.file = file
        self._folder, self._name = folder, name

    def write(self, data: bytes) -> None:
        """Append bytes. Raises OSError."""
        self.file.write(data)

    def keep(
        self, name: str, to: Folder | None = None, *, mode: int = 0, durable: bool = True, one_of_many: bool = False
    ) -> None:
        """Give it its name, here or in another folder, in the place of what has it. `mode`: its rights, where not the usual ones.
        `one_of_many`: whoever writes it makes the folder's names last, once for all."""
        self.file.flush()
        if mode:
            os.fchmod(self.file.fileno(), mode)
        if durable:
            os.fsync(self.file.fileno())
        self.file.close()
        self._folder.rename(self._name, name, to)
        self._name = ""
        if durable and not one_of_many:
            (to or self._folder).sync()

    def close(self) -> None:
        """Nothing stays of what was not kept. Raises OSError."""
        try:
            self.file.close()
        finally:
            if self._name:
                self._folder.remove(self._name)


class Folder:
    """A folder by its handle. Every method raises OSError; NotOurs where something stands in a name's place that is not ours."""

    def __init__(self, path: Path, handle: int, owner: tuple[int, int] | None = None) -> None:
        """Use `at`, `sub` or `made`. `owner` are the user and group of the workspace."""
        self.path = path
        self._handle = handle
        self._subs: dict[str, Folder] = {}
        found = os.fstat(handle) if handle >= 0 else path.stat()
        self._identity = found.st_dev, found.st_ino
        self._owner = owner or (found.st_uid, found.st_gid)

    @classmethod
    def at(cls, path: Path) -> Folder:
        """The folder that a person named; if that is a link, the one it leads to."""
        if not _BY_HANDLE:
            if not path.is_dir():
                raise (NotADirectoryError if path.exists() else FileNotFoundError)(errno.ENOENT, "", str(path))
            return cls(path, -1)
        return cls(path, os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)))

    @classmethod
    def making(cls, path: Path) -> Folder:
        """The same, made for a group if it is missing (setgid: what is made in it belongs to the group)."""
        missing = not path.is_dir()
        path.mkdir(parents=True, exist_ok=True)
        found = cls.at(path)
        if missing:
            found._share(found._handle, _FOLDER_MODE)
        return found

    def close(self) -> None:
        """Let go of it and of what lies in it; again is nothing."""
        for each in self._subs.values():
            each.close()
        self._subs.clear()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -2

    def is_still_here(self) -> bool:
        """Whether its path still names this very folder."""
        try:
            found = os.stat(self.path)
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._identity

    def is_gone(self) -> bool:
        """Whether nothing has its path any more."""
        return not self.path.exists()

    # -- folders in it -------------------------------------------------------------------------------------------------
    def sub(self, name: str) -> Folder:
        """A folder of ours in it; one handle for as long as this folder is open."""
        found = self._subs.get(name)
        if found is None:
            path = self.path / name
            with self._told(name):
                if _BY_HANDLE:
                    handle = os.open(self._name(name), os.O_RDONLY | _AS_FOLDER, dir_fd=self._handle)
                else:
                    self._must(stat.S_ISDIR, name)
                    handle = -1
            found = Folder(path, handle, self._owner)
            if handle >= 0 and not self._is_ours(os.fstat(handle)):
                found.close()
                raise self._foreign(name)
            self._subs[name] = found
        return found

    def made(self, name: str) -> Folder:
        """The same, made if it is missing."""
        with contextlib.suppress(FileNotFoundError):
            return self.sub(name)
        with contextlib.suppress(FileExistsError), self._told(name):
            os.mkdir(self._name(name), _FOLDER_MODE, **self._from)
        found = self.sub(name)
        self._share(found._handle, _FOLDER_MODE)
        return found

    def subs(self) -> list[Folder]:
        """All folders in it; what is a link is no folder."""
        return [self.sub(name) for name in self.names() if (found := self.stat(name)) and stat.S_ISDIR(found.st_mode)]

    # -- what is there -------------------------------------------------------------------------------------------------
    def names(self) -> list[str]:
        """Names of what is in it, in order."""
        return sorted(os.listdir(self._handle if self._handle >= 0 else self.path))

    def stat(self, name: str) -> os.stat_result | None:
        """What a name is, a link itself and not what it leads to; None where nothing has it."""
        try:
            return os.stat(self._name(name), follow_symlinks=False, **self._from)
        except FileNotFoundError:
            return None

    def strange(self, name: str) -> str:
        """Why something is not what a name of ours stands for; "" for a file or folder of ours, and where there is nothing."""
        found = self.stat(name)
        if found is None or (self._is_ours(found) and (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode))):
            return ""
        return self._reason(found)

    def changed(self) -> int:
        """When something was made, renamed or removed in it last, in nanoseconds."""
        return os.stat(self._handle if self._handle >= 0 else self.path).st_mtime_ns

    def may_write(self, name: str = "") -> bool:
        """Whether this user may make files here, or write one that is there."""
        if self._handle < 0:
            return os.access(self.path / name, os.W_OK)
        return os.access(name or ".", os.W_OK, dir_fd=self._handle)

    def free(self) -> int:
        """Bytes that this user may still write on its disk."""
        if not hasattr(os, "fstatvfs"):
            import shutil

            return shutil.disk_usage(self.path).free
        found = os.fstatvfs(self._handle)
        return found.f_bavail * found.f_frsize

    # -- opening -------------------------------------------------------------------------------------------------------
    def open(self, name: str, flags: int = os.O_RDONLY) -> int:
        """A descriptor of a file that is there."""
        with self._told(name):
            descriptor = os.open(self._name(name), flags & ~os.O_CREAT | _SAFE, **self._from)
        try:
            found = os.fstat(descriptor)
            writing = bool(flags & (os.O_WRONLY | os.O_RDWR))
            if not stat.S_ISREG(found.st_mode) or not self._is_ours(found) or (writing and found.st_nlink > 1):
                raise self._foreign(name, writing=writing)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def opened(self, name: str, flags: int) -> int:
        """The same, made for the group if it is missing, whoever makes it first."""
        while True:
            with contextlib.suppress(FileNotFoundError):
                return self.open(name, flags)
            with contextlib.suppress(FileExistsError):
                return self._made(name, flags)

    def new(self, name: str) -> int:
        """A descriptor of a new, empty file to read and write; what had the name before is taken away."""
        self.remove(name)
        return self._made(name, os.O_RDWR)

    def _made(self, name: str, flags: int) -> int:
        with self._told(name):
            how = flags | os.O_CREAT | os.O_EXCL | _SAFE
            descriptor = os.open(self._name(name), how, _FILE_MODE, **self._from)
        self._share(descriptor, _FILE_MODE)
        return descriptor

    def reader(self, name: str) -> BinaryIO:
        """A file to read, from its beginning."""
        return os.fdopen(self.open(name), "rb")

    def read(self, name: str) -> bytes:
        """The whole content of a file."""
        with self.reader(name) as file:
            return file.read()

    def database(self, name: str, *, patience: float) -> sqlite3.Connection:
        """A connection to an SQLite file, made if it is missing. SQLite opens by path: it may open no other file than this one, and
        makes none itself, so that a link that comes in between leads nowhere. Raises sqlite3.Error too."""
        import sqlite3
        from urllib.parse import quote

        for beside in ("-wal", "-shm", "-journal"):
            if self.strange(name + beside):
                raise self._foreign(name + beside)
        os.close(self.opened(name, os.O_RDWR))
        path = os.path.join(os.path.realpath(self.path), name)
        connection = sqlite3.connect(
            f"file:{quote(path)}?mode=rw", timeout=patience, isolation_level=None, check_same_thread=False, uri=True
        )
        (_number, _schema, opened) = connection.execute("PRAGMA database_list").fetchone()
        if os.path.realpath(opened) != path or opened != path:
            connection.close()
            raise self._foreign(name)
        return connection

    # -- writing -------------------------------------------------------------------------------------------------------
    @contextlib.contextmanager
    def fresh(self) -> Iterator[Fresh]:
        """A file to write that nobody sees before it is kept; without that, nothing stays of it."""
        name = f".new.{token_hex(8)}.tmp"
        file = Fresh(self, name, os.fdopen(self._made(name, os.O_WRONLY), "wb", buffering=1 << 20))
        try:
            yield file
        finally:
            with contextlib.suppress(OSError):
                file.close()

    def replace(self, name: str, chunks: Iterable[bytes], *, durable: bool = True) -> None:
        """Write a file whole: fsync, rename, fsync of the folder. The former one stays on any failure. Raises StorageError, not
        OSError."""
        try:
            with self.fresh() as file:
                for chunk in chunks:
                    file.write(chunk)
                file.keep(name, durable=durable)
        except OSError as problem:
            raise storage_error(problem, self.path / name) from problem

    def rename(self, name: str, after: str, to: Folder | None = None) -> None:
        """Give a file another name, here or in another folder, in the place of what has it."""
        to = to or self
        with to._told(after):
            if self._handle >= 0:
                os.replace(name, after, src_dir_fd=self._handle, dst_dir_fd=to._handle)
            else:
                os.replace(self.path / name, to.path / after)

    def copy(self, name: str, content: bytes) -> None:
        """Write a new file; FileExistsError where the name is taken."""
        descriptor = self._made(name, os.O_WRONLY)
        try:
            write_all(descriptor, content)
        finally:
            os.close(descriptor)

    def nameless(self, size: int) -> int:
        """A descriptor of a new file of so many bytes that has no name: it takes them until it is closed, or its process has died."""
        name = f".new.{token_hex(8)}.tmp"
        descriptor = self._made(name, os.O_WRONLY)
        try:
            if os.name != "nt":  # there, what is open cannot be taken away: the next compaction does
                self.remove(name)
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, size)
            else:
                write_all(descriptor, bytes(size))
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def remove(self, name: str) -> None:
        """Take a file of ours away; nothing where it is gone. What its name leads to, if it is a link, stays. Raises ValueError for a
        name that is not of our form."""
        if not _OWN_NAME.fullmatch(name):
            raise ValueError(name)
        with contextlib.suppress(FileNotFoundError), self._told(name):
            os.unlink(self._name(name), **self._from)

    def remove_folder(self, name: str) -> None:
        """Take away a folder of ours that is empty."""
        found = self._subs.pop(name, None)
        if found is not None:
            found.close()
        with self._told(name):
            os.rmdir(self._name(name), **self._from)

    def sync(self) -> None:
        """Make renames in it last. Windows has no such call and needs none."""
        if self._handle >= 0:
            os.fsync(self._handle)

    def sync_all(self) -> None:
        """The same for the folders in it that were opened."""
        for each in self._subs.values():
            each.sync_all()
        self.sync()

    def touch(self) -> None:
        """Let whoever watches it see that something is new."""
        os.utime(self._handle if self._handle >= 0 else self.path)

    # -- trust ---------------------------------------------------------------------------------------------------------
    @property
    def _from(self) -> dict[str, Any]:
        return {"dir_fd": self._handle} if self._handle >= 0 else {}

    def _name(self, name: str) -> str | Path:
        if "/" in name or name in ("", ".", "..") or "\0" in name:
            raise ValueError(name)
        return name if self._handle >= 0 else self.path / name

    @staticmethod
    def _share(descriptor: int, mode: int) -> None:
        """Rights for the group, whatever the umask."""
        if hasattr(os, "fchmod") and descriptor >= 0:
            with contextlib.suppress(OSError):
                os.fchmod(descriptor, mode)

    def _is_ours(self, found: os.stat_result) -> bool:
        """Whether something belongs to the workspace: its owner, its group, root, or whoever is asking."""
        if os.name == "nt":
            return True
        user, group = self._owner
        return found.st_gid == group or found.st_uid in (user, 0, os.geteuid())

    def _must(self, kind: Callable[[int], bool], name: str) -> None:
        """Where there are no handles: look before opening."""
        found = self.stat(name)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path / name))
        if not kind(found.st_mode):
            raise self._foreign(name)

    @contextlib.contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """An OSError names the whole path; what is strange is told by what it is."""
        try:
            yield
        except OSError as problem:
            if isinstance(problem, NotOurs):
                raise
            may_be_strange = problem.errno in _STRANGE or (problem.errno in _DENIED and self.strange(name))
            if may_be_strange and self.stat(name) is not None:
                raise self._foreign(name) from problem
            problem.filename = str(self.path / name)
            raise

    def _foreign(self, name: str, *, writing: bool = False) -> NotOurs:
        found = self.stat(name)
        reason = self._reason(found, writing=writing) if found else os.strerror(errno.ENOENT)
        return NotOurs(errno.ELOOP, reason, str(self.path / name))

    def _reason(self, found: os.stat_result, *, writing: bool = False) -> str:
        mode = found.st_mode
        if stat.S_ISLNK(mode):
            return _("this is a link, and links are not followed inside a workspace")
        if stat.S_ISFIFO(mode):
            return _("this is a pipe (FIFO) where a file of the workspace should be")
        if stat.S_ISSOCK(mode) or stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
            return _("this is a device or a socket where a file of the workspace should be")
        if not self._is_ours(found):
            told = _("this belongs to another user ({user}) and group ({group}) than the workspace")
            return told.format(user=found.st_uid, group=found.st_gid)
        if stat.S_ISDIR(mode):
            return _("this is a folder where a file of the workspace should be")
        if writing and found.st_nlink > 1:
            return _("this file has a second name elsewhere (a hard link); writing here would change it there, too")
        return _("this is a file where a folder of the workspace should be")


# -- what is no part of any folder of ours yet -------------------------------------------------------------------------
def is_empty(path: Path) -> bool | None:
    """Whether a folder holds nothing; None where nothing is there. Raises OSError for what is no folder, or cannot be looked into."""
    try:
        return not any(path.iterdir())
    except FileNotFoundError:
        return None


def take_away(path: Path) -> None:
    """Remove an empty folder. Raises OSError."""
    path.rmdir()


def in_memory() -> sqlite3.Connection:
    """A database that is in no file at all."""
    import sqlite3

    return sqlite3.connect(":memory:")
