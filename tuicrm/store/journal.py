"""A journal file: append-only, one transaction a line; read up to what is complete, appended to under the lock."""

from __future__ import annotations

import os
from collections.abc import Iterator

import msgspec

from tuicrm.errors import Damaged
from tuicrm.i18n import _
from tuicrm.store.files import write_all
from tuicrm.store.folder import Folder
from tuicrm.store.lines import unseal
from tuicrm.store.records import JournalLine, decode_line

_CHUNK = 1 << 20
MARK = 96
"""Bytes at the beginning of a line by which it is known: its checksum, seq and time."""


class FoundLine(msgspec.Struct, frozen=True):
    """A complete line: where it begins and ends, and what it says."""

    offset: int
    end: int
    line: JournalLine


class Journal:
    """One journal file; `offset` is how far it was read, `settled` how far it never changes.

    Lines of a batch that is still open may be taken back (`take_back`), as long as nothing but such lines is behind them: what was
    read of them beyond `settled` is known by the beginning of the last one. A batch's id is its own, so that no line comes again."""

    def __init__(self, folder: Folder, name: str, number: int, *, writable: bool) -> None:
        """Raises FileNotFoundError when it is gone (folded meanwhile), OSError else."""
        self.path = folder.path / name
        self.name = name
        self.number = number
        self.offset = 0
        self.settled = 0
        self._pending = False
        self._last = self._last_settled = 0, b""
        self._folder = folder
        self._descriptor = folder.open(name, os.O_RDWR | os.O_APPEND if writable else os.O_RDONLY)
        found = os.fstat(self._descriptor)
        self._identity = found.st_dev, found.st_ino

    def close(self) -> None:
        """Close the file's descriptor. It must not be used afterwards."""
        os.close(self._descriptor)

    @property
    def size(self) -> int:
        """The bytes of the file as it is now, lines of others included. Raises OSError."""
        return os.fstat(self._descriptor).st_size

    # -- reading -------------------------------------------------------------------------------------------------------
    def read_on(
        self, after_seq: int, *, locked: bool, last: bool, salvage: list[str] | None = None
    ) -> Iterator[FoundLine]:
        """Complete lines that were not read yet. Advances `offset` line by line.

        What is still arriving, or was torn by a crash, is left for the holder of the lock. Raises Damaged for a complete
        line with a wrong checksum and for a missing transaction; with `salvage`, they are listed there and passed over.

        Ends before a line whose predecessor was taken back meanwhile (`was_taken_back`)."""
        expected, looked_at = after_seq + 1, b""
        lines = self._complete_lines(self.offset)
        while (found := next(lines, None)) is not None:
            offset, end, raw = found
            if not locked and self.was_taken_back():
                return
            line = self._decode(raw)
            if not locked and raw != looked_at and (line is None or line.seq > expected):
                # It may be half of a line that was taken back and half of the one in its place.
                lines, looked_at = self._complete_lines(self.offset), raw
                continue
            if line is None:
                torn = last and end == self.size and (not locked or b"\0" in raw)
                if torn and salvage is None:
                    return
                self._damaged(
                    _("{file}: the line at byte {byte}, after transaction {seq}, fails its checksum").format(
                        file=self.path, byte=offset, seq=expected - 1
                    ),
                    salvage,
                )
                self._passed(offset, raw, end)
                continue
            if line.seq > expected:
                self._damaged(
                    _("{file}: transactions {first} to {last} are missing before byte {byte}").format(
                        file=self.path, first=expected, last=line.seq - 1, byte=offset
                    ),
                    salvage,
                )
            self._passed(offset, raw, end, pending=line.pending)
            expected = max(line.seq + 1, expected)
            yield FoundLine(offset, end, line)

    def _passed(self, offset: int, line: bytes, end: int, *, pending: bool = False) -> None:
        """Remember how far it was read, and how the last line begins: it is looked at again before anything is written behind it."""
        self.offset, self._last, self._pending = end, (offset, line[:MARK]), pending
        if not pending:
            self.settled, self._last_settled = end, self._last

    def was_taken_back(self) -> bool:
        """Whether the last line that was read is of a batch, and gone, or another by now: what was read beyond `settled` is to be read
        again."""
        return self._pending and not self._begins(self._last)

    def rewind(self) -> None:
        """Go back to where nothing changes."""
        self.offset, self._last, self._pending = self.settled, self._last_settled, False

    def is_still_here(self) -> bool:
        """Whether the name stands for this very file, and the file goes on behind what was read of it, but for lines that a batch has
        taken back."""
        found = self._folder.stat(self.name)
        if found is None or (found.st_dev, found.st_ino) != self._identity:
            return False
        if found.st_size >= self.offset and self._begins(self._last):
            return True
        return self._pending and found.st_size >= self.settled and self._begins(self._last_settled)

    def _begins(self, line: tuple[int, bytes]) -> bool:
        """Whether a line still begins there as it did."""
        at, mark = line
        return not mark or self._read(at, len(mark)) == mark

    @staticmethod
    def _damaged(message: str, salvage: list[str] | None) -> None:
        if salvage is None:
            raise Damaged(message)
        salvage.append(message)

    @staticmethod
    def _decode(raw: bytes) -> JournalLine | None:
        body = unseal(raw)
        if body is None:
            return None
        try:
            return decode_line(body)
        except msgspec.DecodeError:
            return None

    def _complete_lines(self, at: int) -> Iterator[tuple[int, int, bytes]]:
        """Offset, end and content of each line that has its end, from a byte on, a chunk in memory at a time."""
        buffer = b""
        start = at
        while True:
            part = self._read(at + len(buffer), _CHUNK)
            if not part:
                return
            buffer += part
            position = 0
            while (end := buffer.find(b"\n", position)) >= 0:
                yield start, start + end - position + 1, buffer[position:end]
                start += end - position + 1
                position = end + 1
            buffer = buffer[position:]
            at = start

    def _read(self, at: int, size: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, size, at)
        os.lseek(self._descriptor, at, os.SEEK_SET)
        return os.read(self._descriptor, size)

    def line_at(self, offset: int) -> JournalLine:
        """The line that begins at a byte. Raises Damaged."""
        return decode_line(self.body_at(offset))

    def body_at(self, offset: int) -> bytes:
        """The body of the line that begins at a byte. Raises Damaged."""
        for _offset, _end, raw in self._complete_lines(offset):
            body = unseal(raw)
            if body is not None:
                return body
            break
        raise Damaged(_("{file}: the line at byte {byte} fails its checksum").format(file=self.path, byte=offset))

    # -- writing (under the lock) --------------------------------------------------------------------------------------
    def append(self, data: bytes, *, pending: bool = False) -> int:
        """Write a line (of an open batch: `pending`) and sync it; returns the byte where it begins. Raises OSError; `cut_back` then
        undoes it."""
        start = self.offset
        write_all(self._descriptor, data)
        self.sync()
        self._passed(start, data.rstrip(b"\n"), start + len(data), pending=pending)
        return start

    def sync(self) -> None:
        """Have what was written on disk. Raises OSError."""
        getattr(os, "fdatasync", os.fsync)(self._descriptor)

    def ends_here(self) -> bool:
        """Whether nothing lies behind what was read and written."""
        return self.size == self.offset

    def cut_back(self) -> None:
        """Drop everything after what was read: a failed write, or a dead writer's torn line."""
        os.ftruncate(self._descriptor, self.offset)

    def take_back(self, offset: int) -> None:
        """Drop the lines of an open batch from a byte on, which is not before `settled`; what is left of those beyond is to be read
        again. Raises OSError."""
        os.ftruncate(self._descriptor, offset)
        self.rewind()

    def tail(self) -> bytes:
        """What lies after the last complete line. Raises Damaged where that is a whole one with something else in the place of its
        end: no write that was cut short leaves such a thing."""
        size = self.size - self.offset
        tail = self._read(self.offset, size) if size > 0 else b""
        if has_lost_its_end(tail):
            raise Damaged(
                _("{file}: the line at byte {byte} is complete except for its end").format(
                    file=self.path, byte=self.offset
                )
            )
        return tail


def has_lost_its_end(tail: bytes) -> bool:
    """Whether the last bytes of a journal are a sound line and one more byte that is no line end."""
    return not tail.endswith(b"\n") and unseal(tail[:-1]) is not None
