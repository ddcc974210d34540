"""From a place to the store that stands there: the one way to open, make, check or save a workspace.

A place is what a person says: the path of a folder. What is written as another kind (`postgresql://…`) is refused here, once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from os import fspath
from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.errors import StorageError
from tuicrm.i18n import _
from tuicrm.login import at_home
from tuicrm.store.creation import FOLDERS, create
from tuicrm.store.folder import Folder, is_empty, take_away
from tuicrm.store.journal_store import COMPACT_AT, JournalStore
from tuicrm.store.parts import Fault
from tuicrm.store.protocol import Indexes, StorePlace

if TYPE_CHECKING:
    from tuicrm.store.leftovers import Leftover
    from tuicrm.store.rescue import Rescue

_OTHER_KIND = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def folder_at(place: StorePlace) -> Path:
    """The folder that a place names. Raises StorageError for a place of another kind."""
    text = fspath(place)
    if _OTHER_KIND.match(text):
        told = _("{place}: a workspace must be a folder")
        raise StorageError(told.format(place=text))
    return Path(text)


def said(text: str) -> str:
    """A place as somebody typed it, whole: of a folder its absolute path, with `~` read. Raises StorageError."""
    return str(at_home(folder_at(text), own=True).absolute())


def open_store(
    place: StorePlace,
    indexes: Indexes | None = None,
    *,
    salvage: bool = False,
    compact_at: int = COMPACT_AT,
    kept: bool = True,
    own_cache: Callable[[], Path] | None = None,
) -> JournalStore:
    """Open a workspace. Raises NotAWorkspace, NewerFormat, Damaged, StorageError; nothing is touched then.

    `salvage` opens what is readable, read-only; `JournalStore.damage` lists what is not. `compact_at`: bytes of the journal at which
    it is folded, 0 for never. Without `kept`, what was derived from the records is derived anew, and nothing of it kept. `own_cache`:
    a folder of the user's own for what can be made again, where nothing can be kept beside the records."""
    return JournalStore(
        folder_at(place), salvage=salvage, indexes=indexes, compact_at=compact_at, kept=kept, own_cache=own_cache
    )


def create_store(place: StorePlace, indexes: Indexes | None = None) -> JournalStore:
    """Make an empty workspace where nothing is yet (a missing or empty folder) and open it. Raises StorageError."""
    create(folder_at(place))
    return open_store(place, indexes)


def is_free(place: StorePlace) -> bool:
    """Whether a workspace can be made there: nothing is there yet, or an empty folder. Raises StorageError."""
    try:
        return is_empty(folder_at(place)) is not False
    except OSError:
        return False


def verify(place: StorePlace) -> list[Fault]:
    """Every fault of what is kept there, without opening it as a store; [] for a sound workspace. Raises NotAWorkspace, NewerFormat,
    StorageError for what may not be read."""
    from tuicrm.store import fsck

    return fsck.verify(folder_at(place))


def left_over(place: StorePlace) -> list[Leftover]:
    """Files there that nothing names: they take room, and do no harm. Raises as `verify`."""
    from tuicrm.store import fsck

    return fsck.left_over(folder_at(place))


def rescue(place: StorePlace) -> Rescue:
    """What can still be read of a damaged workspace. Raises NotAWorkspace, NewerFormat, OSError."""
    from tuicrm.store.rescue import Rescue

    return Rescue(folder_at(place))


@contextmanager
def made_whole(place: StorePlace) -> Iterator[None]:
    """Make a workspace in the block. The place is as it was before, missing or empty, where that ends with a StorageError."""
    path = folder_at(place)
    empty: bool | None = False
    with suppress(OSError):
        empty = is_empty(path)
    try:
        yield
    except StorageError:
        if empty is not False:
            with suppress(OSError):
                _take_away(Folder.at(path))
        if empty is None:
            with suppress(OSError):
                take_away(path)
        raise


def _take_away(folder: Folder) -> None:
    """What is of our own naming; what somebody else put there meanwhile stays."""
    try:
        for name in FOLDERS:
            with suppress(OSError):
                _empty(folder.sub(name))
                folder.remove_folder(name)
        _empty(folder)
    finally:
        folder.close()


def _empty(folder: Folder) -> None:
    for sub in folder.subs():
        with suppress(OSError):
            _empty(sub)
            folder.remove_folder(sub.path.name)
    for name in folder.names():
        with suppress(OSError, ValueError):
            folder.remove(name)
