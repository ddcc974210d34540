"""What no manifest names: left by a compaction or a write that was killed. The next compaction takes it away, `fsck` lists it.

A journal that no manifest names and that holds anything is no leftover: somebody put another past of the workspace in this one's
place, and it may be the only copy of what was written then. It is moved to history/, where it is listed and never read.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

import msgspec

from tuicrm.i18n import _
from tuicrm.regex import regex
from tuicrm.store import manifest
from tuicrm.store.folder import Folder, is_temporary
from tuicrm.store.manifest import PACKED, Manifest, journal_number, snapshot_number

_HISTORY, _CACHE, _BLOBS = "history", ".cache", "blobs"
_BEING_WRITTEN = 3600.0
"""Seconds for which a file without a name of its own may still be somebody's who is writing it."""

_OF_SNAPSHOT = regex(r"(.+\.jsonl)\.(?:idx|.+\.(?:col|view|post))")


class Leftover(msgspec.Struct, frozen=True):
    """A file that nothing names: where it lies, its bytes, what it is. `goes`: whether the next compaction takes it away."""

    folder: str
    name: str
    size: int
    what: str
    goes: bool

    @property
    def file(self) -> str:
        """Its path within the workspace."""
        return f"{self.folder}/{self.name}" if self.folder else self.name


def found(folder: Folder, current: Manifest) -> list[Leftover]:
    """All that no manifest names. Compaction is held off: else files that are just being written would seem to be left."""
    listed = [*_in_root(folder, current), *_in_history(folder, current), *_kept(folder, current)]
    for name in (_HISTORY, _CACHE, _BLOBS):
        listed += _temporaries(folder, name)
    return listed


def _in_root(folder: Folder, current: Manifest) -> Iterator[Leftover]:
    named = {*current.journals, *(held.file for held in current.tables.values())}
    packed = {one.file.removesuffix(PACKED) for one in current.folded}
    for name, size in _files(folder):
        if name in named:
            continue
        if snapshot_number(name):
            yield Leftover("", name, size, _("an old or unfinished snapshot of a table"), goes=True)
        elif journal_number(name) and (not size or name in packed):
            yield Leftover("", name, size, _("a journal that was compacted or never started"), goes=True)
        elif journal_number(name):
            yield Leftover("", name, size, _("a journal of a replaced history of this workspace"), goes=False)
        elif is_temporary(name):
            yield Leftover("", name, size, _("a file whose writing was cut short"), goes=True)


def _in_history(folder: Folder, current: Manifest) -> Iterator[Leftover]:
    named = {*current.dropped, *(one.file for one in current.folded)}
    living = {journal_number(name) for name in current.journals}
    for name, size in _files(_sub(folder, _HISTORY)):
        if name in named or not (journal_number(name) or manifest.is_dropped(name)):
            continue
        begun = journal_number(name) >= min(living) if journal_number(name) else snapshot_number(name) >= min(living)
        if begun and manifest.has_identity(name.removesuffix(PACKED)) and _is_of(name, current):
            yield Leftover(_HISTORY, name, size, _("a journal that was being compacted"), goes=True)
        else:
            yield Leftover(_HISTORY, name, size, _("a journal of a replaced history of this workspace"), goes=False)


def _is_of(name: str, current: Manifest) -> bool:
    """Whether a folded journal is a copy of one that lives, or values of fields whose dropping was cut short."""
    return manifest.is_dropped(name) or name.removesuffix(PACKED) in current.journals


def _kept(folder: Folder, current: Manifest) -> Iterator[Leftover]:
    """What was derived from snapshots that are gone."""
    names = set()
    for held in current.tables.values():
        known = folder.stat(held.file)
        if known is not None:
            names.add(manifest.kept_name(held.file, known))
    for name, size in _files(_sub(folder, _CACHE)):
        match = _OF_SNAPSHOT.fullmatch(name)
        if match and match[1] not in names:
            yield Leftover(_CACHE, name, size, _("derived from a snapshot that no longer exists"), goes=True)


def _temporaries(folder: Folder, within: str) -> Iterator[Leftover]:
    held, now = _sub(folder, within), time.time()
    for name, size in _files(held):
        known = held.stat(name) if held else None
        if is_temporary(name) and known is not None and abs(now - known.st_mtime) > _BEING_WRITTEN:
            yield Leftover(within, name, size, _("a file whose writing was cut short"), goes=True)


def _sub(folder: Folder, name: str) -> Folder | None:
    try:
        return folder.sub(name)
    except OSError:
        return None


def _files(folder: Folder | None) -> Iterator[tuple[str, int]]:
    """Names and sizes of what is a file of ours."""
    for name in folder.names() if folder is not None else ():
        if folder is not None and not folder.strange(name) and (known := folder.stat(name)) is not None:
            yield name, known.st_size


def sweep(folder: Folder, current: Manifest) -> None:
    """Take away what is left. The workspace's lock and that of compaction are held."""
    for one in found(folder, current):
        place = folder.sub(one.folder) if one.folder else folder
        with suppress(OSError, ValueError):
            if one.goes:
                place.remove(one.name)
            elif not one.folder:
                place.rename(one.name, one.name, folder.made(_HISTORY))


def remove_snapshots(folder: Folder, names: Iterable[str]) -> None:
    """Take away snapshots and what was derived from them."""
    for name in names:
        with suppress(OSError, ValueError):
            folder.remove(name)
    cache = _sub(folder, _CACHE)
    gone = set(names)
    for name in cache.names() if cache is not None else ():
        match = _OF_SNAPSHOT.fullmatch(name)
        if match and match[1] in gone and cache is not None:
            with suppress(OSError, ValueError):
                cache.remove(name)
