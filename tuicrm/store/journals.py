"""The journals of a workspace, the growing ones and those folded into history/: where their lines begin, and lines by number."""

from __future__ import annotations

import mmap
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import BinaryIO

import msgspec

from tuicrm.errors import Damaged
from tuicrm.i18n import _
from tuicrm.store.files import storage_error
from tuicrm.store.folder import Folder
from tuicrm.store.journal import MARK
from tuicrm.store.lines import unseal
from tuicrm.store.manifest import PACKED, Manifest
from tuicrm.store.packed import PackedJournal
from tuicrm.store.records import JournalLine, decode_head, decode_line

_HISTORY = "history"
_KEPT_FILES = 8
_ATTEMPTS = 10


class JournalIndex:
    """Where the lines of one journal file begin. Grows with the file; damaged lines are left out."""

    def __init__(self, folder: Folder, name: str) -> None:
        """Raises FileNotFoundError."""
        self.path = folder.path / name
        self.seqs = array("q")
        self.offsets = array("q")
        self._folder, self._name = folder, name
        self._read = 0
        self._settled = 0, 0
        """How many lines never change, and the byte behind them: those of a batch may be taken back (`journal.py`)."""
        self._pending = 0, b""
        """Where the newest line of a batch begins, and how: where it is still there, so is all before it."""
        self.extend()

    def extend(self) -> None:
        """Take in what was appended since."""
        with self._folder.reader(self._name) as file:
            damaged: list[int] = []
            for _attempt in range(_ATTEMPTS):
                if not self._is_there(file):
                    self._rewind()
                settled, before, damaged = self._settled, damaged, self._take_in(file)
                # What cannot be read may be half a line that was taken back meanwhile: looked at again.
                if self._is_there(file) and damaged == before:
                    return
                self._settled = settled
                self._rewind()

    def _take_in(self, file: BinaryIO) -> list[int]:
        """Read on; returns where damaged lines begin."""
        damaged = []
        file.seek(self._read)
        for line in file:
            if not line.endswith(b"\n"):
                break
            body = unseal(line[:-1])
            head = decode_head(body) if body is not None else None
            if head is None:
                damaged.append(self._read)
            else:
                self.seqs.append(head.seq)
                self.offsets.append(self._read)
                if head.pending:
                    self._pending = self._read, line[:MARK]
            self._read += len(line)
            if head is not None and not head.pending:
                self._settled = len(self.seqs), self._read
        return damaged

    def _is_there(self, file: BinaryIO) -> bool:
        offset, mark = self._pending
        file.seek(offset)
        return file.read(len(mark)) == mark

    def _rewind(self) -> None:
        count, self._read = self._settled
        del self.seqs[count:], self.offsets[count:]
        self._pending = 0, b""

    def line(self, seq: int) -> bytes | None:
        """The body of the line with that seq."""
        place = bisect_right(self.seqs, seq) - 1
        if place < 0 or self.seqs[place] != seq:
            return None
        return self.body(place)

    def body(self, place: int) -> bytes:
        """The body of the line at a place. Raises Damaged."""
        with self._folder.reader(self._name) as file:
            file.seek(self.offsets[place])
            body = unseal(file.readline().rstrip(b"\n"))
        if body is None:
            raise Damaged(
                _("{file}: the line at byte {byte} fails its checksum").format(file=self.path, byte=self.offsets[place])
            )
        return body

    def backwards(self, before: int) -> Iterator[bytes]:
        """Bodies of the lines with a smaller seq, newest first, from one mapping of the file."""
        place = bisect_right(self.seqs, before - 1)
        if not place:
            return
        with self._folder.reader(self._name) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            while place:
                place -= 1
                offset = self.offsets[place]
                body = unseal(mapped[offset : mapped.find(b"\n", offset)])
                if body is not None:
                    yield body


class _Held(msgspec.Struct, frozen=True):
    """A journal of the past: where it lies, and its first transaction where that is known (0 else)."""

    folder: str
    name: str
    first: int


class Journals:
    """The journals of a workspace, folded and living, with their indexes made when asked for."""

    def __init__(self, folder: Folder, manifest: Callable[[], Manifest], refresh: Callable[[], object]) -> None:
        """`manifest` gives the present one, after `refresh` the newest."""
        self._folder, self._manifest, self._refresh = folder, manifest, refresh
        self._indexes: dict[str, JournalIndex | PackedJournal] = {}
        self._firsts: dict[str, int] = {}

    def _held(self) -> list[_Held]:
        """All journals, newest first."""
        current = self._manifest()
        folded = [_Held(_HISTORY, one.file, one.first) for one in current.folded]
        return [*folded, *(_Held("", name, 0) for name in current.journals)][::-1]

    def _place(self, held: _Held) -> Folder:
        return self._folder.sub(held.folder) if held.folder else self._folder

    def _first(self, held: _Held) -> int:
        """Seq of a journal's first line; 0 for an empty one."""
        known = held.first or self._firsts.get(held.name, 0)
        if not known:
            if held.name.endswith(PACKED):
                frames = PackedJournal(self._place(held), held.name).frames
                known = frames[0].first if frames else 0
            else:
                with self._place(held).reader(held.name) as file:
                    body = unseal(file.readline().rstrip(b"\n"))
                known = decode_head(body).seq if body else 0
            if known:
                self._firsts[held.name] = known
        return known

    def _index(self, held: _Held) -> JournalIndex | PackedJournal:
        found = self._indexes.pop(held.name, None)
        if found is None:
            packed = held.name.endswith(PACKED)
            found = (PackedJournal if packed else JournalIndex)(self._place(held), held.name)
        elif isinstance(found, JournalIndex):
            found.extend()
        self._indexes[held.name] = found
        if len(self._indexes) > _KEPT_FILES:
            del self._indexes[next(iter(self._indexes))]
        return found

    def line(self, seq: int) -> JournalLine | None:
        """The line with that seq; None when no journal has it (archived, cut off before this workspace was copied, or damaged)."""
        body = self.body(seq)
        return decode_line(body) if body else None

    def body(self, seq: int) -> bytes | None:
        """The same as it is written, without its checksum."""
        return next(self._covering(lambda first: first <= seq, lambda index, _first: iter([index.line(seq)])), None)

    def backwards(self, before: int) -> Iterator[bytes]:
        """Bodies of all lines with a smaller seq, newest first."""
        reached = before

        def lines(index: JournalIndex | PackedJournal, first: int) -> Iterator[bytes]:
            nonlocal reached
            until, reached = reached, min(reached, first)
            return index.backwards(until)

        for body in self._covering(lambda first: first < reached, lines):
            if body is not None:
                yield body

    def _covering(
        self,
        wanted: Callable[[int], bool],
        read: Callable[[JournalIndex | PackedJournal, int], Iterator[bytes | None]],
    ) -> Iterator[bytes | None]:
        """What journals give, newest first. One that is gone was folded meanwhile: then it is looked for where it is by now."""
        held, looked_again = self._held(), False
        while held:
            one = held.pop(0)
            try:
                first = self._first(one)
                found = read(self._index(one), first) if first and wanted(first) else None
            except FileNotFoundError:
                if not looked_again:
                    looked_again = True
                    self._refresh()
                    held = self._held()
                continue
            except OSError as problem:
                raise storage_error(problem) from problem
            if found is not None:
                yield from found
