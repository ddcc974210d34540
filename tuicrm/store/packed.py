"""A folded journal, packed: its lines in Zstandard frames, each of some megabytes and readable by itself, then an index of them in a
frame that other readers skip. So `zstd -d` gives the journal back byte for byte, and one line is read without all the others.

What an edit repeats of its document lies within a frame of what came before it, so that little of it is kept twice.
"""

from __future__ import annotations

import os
import struct
import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import BinaryIO

import msgspec
from msgspec import Struct

from tuicrm.errors import Damaged
from tuicrm.i18n import _
from tuicrm.store.folder import Folder
from tuicrm.store.lines import encode, seal, unseal
from tuicrm.store.records import decode_head

_FRAME = 4 << 20
"""Bytes of lines a frame: 16.8 MB of edits of 300 deals took 1.1 MB so, 2.5 MB in frames of 1 MB; one is unpacked in 2 to 10 ms."""

_LEVEL = 6
_SKIPPED = struct.Struct("<II")
"""Head of a frame that is skipped: its magic number and its length (RFC 8878, 3.1.2)."""
_MAGIC = 0x184D2A50
_LENGTH = struct.Struct("<I")
_KEPT_FRAMES = 4
ZSTANDARD = b"\x28\xb5\x2f\xfd"
"""How a frame begins."""
_STEP = 1 << 16


class Frame(Struct, array_like=True, frozen=True):
    """The transaction of its first line, where it begins in the file, its bytes packed and unpacked, how many lines it has, and the
    CRC-32 of what is packed."""

    first: int
    offset: int
    size: int
    raw: int
    lines: int
    check: int


class Summary(msgspec.Struct, frozen=True):
    """What was packed: first and last transaction, when the last was written, bytes before and after."""

    first: int
    last: int
    at: str
    raw: int
    packed: int


def pack(lines: Iterable[bytes], file: BinaryIO) -> Summary:
    """Write lines (each with its end) packed; each frame is unpacked again and compared. Raises OSError, Damaged for a line that is no
    journal's."""
    import zstandard

    packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True, write_content_size=True)
    unpacker = zstandard.ZstdDecompressor()
    frames: list[Frame] = []
    offset, last = 0, b""
    for part in _parts(lines):
        content = b"".join(part)
        data = packer.compress(content)
        if unpacker.decompress(data) != content:
            raise OSError(f"{file.name}: what was packed is not what it was")
        file.write(data)
        frames.append(Frame(_head(part[0]).seq, offset, len(data), len(content), len(part), zlib.crc32(data)))
        offset += len(data)
        last = part[-1]
    index = seal(encode({"frames": msgspec.to_builtins(frames)}))
    body = index + _LENGTH.pack(len(index))
    file.write(_SKIPPED.pack(_MAGIC, len(body)) + body)
    newest = _head(last) if last else None
    raw = sum(frame.raw for frame in frames)
    packed = offset + _SKIPPED.size + len(body)
    first = frames[0].first if frames else 0
    return Summary(first, newest.seq if newest else 0, newest.ts if newest else "", raw, packed)


def _parts(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    part: list[bytes] = []
    size = 0
    for line in lines:
        part.append(line)
        size += len(line)
        if size >= _FRAME:
            yield part
            part, size = [], 0
    if part:
        yield part


class _Seen(Struct):
    seq: int
    ts: str


_seen = msgspec.json.Decoder(_Seen)


def _head(line: bytes) -> _Seen:
    body = unseal(line.rstrip(b"\n"))
    if body is None:
        raise Damaged(_("a line fails its checksum"))
    return _seen.decode(body)


class PackedJournal:
    """A packed journal: lines by their seq. Damage is raised as Damaged, naming file and byte."""

    def __init__(self, folder: Folder, name: str) -> None:
        """Raises FileNotFoundError, OSError, Damaged where the index is."""
        self.path = folder.path / name
        self._folder, self._name = folder, name
        self._kept: OrderedDict[int, list[bytes]] = OrderedDict()
        with folder.reader(name) as file:
            self.frames = self._index(file)

    def _index(self, file: BinaryIO) -> list[Frame]:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - _LENGTH.size, 0))
        tail = file.read(_LENGTH.size)
        length = _LENGTH.unpack(tail)[0] if len(tail) == _LENGTH.size else 0
        begin = size - _LENGTH.size - length - _SKIPPED.size
        if begin < 0:
            raise self._damaged(0)
        file.seek(begin)
        head, index = file.read(_SKIPPED.size), file.read(length)
        body = unseal(index.rstrip(b"\n")) if index.endswith(b"\n") else None
        if head != _SKIPPED.pack(_MAGIC, length + _LENGTH.size) or body is None:
            raise self._damaged(begin)
        frames = msgspec.json.decode(body, type=dict[str, list[Frame]])["frames"]
        if sum(frame.size for frame in frames) != begin:
            raise self._damaged(begin)
        return frames

    def _damaged(self, byte: int) -> Damaged:
        return Damaged(
            _("{file}: the packed content at byte {byte} fails its checksum").format(file=self.path, byte=byte)
        )

    def _lines(self, number: int) -> list[bytes]:
        """The lines of a frame, without their ends."""
        found = self._kept.get(number)
        if found is None:
            lines = self.unpacked(self.frames[number])
            if lines is None:
                raise self._damaged(self.frames[number].offset)
            found = self._kept[number] = lines
            if len(self._kept) > _KEPT_FRAMES:
                self._kept.popitem(last=False)
        return found

    def unpacked(self, frame: Frame) -> list[bytes] | None:
        """The lines of a frame, without their ends; None when it is damaged. Raises OSError."""
        with self._folder.reader(self._name) as file:
            file.seek(frame.offset)
            data = file.read(frame.size)
        content = _content(data, frame.raw) if zlib.crc32(data) == frame.check else None
        lines = content.split(b"\n")[:-1] if content is not None else []
        return lines if len(lines) == frame.lines else None

    def line(self, seq: int) -> bytes | None:
        """The body of the line with that seq; None when there is none, or it is damaged."""
        number = bisect_right([frame.first for frame in self.frames], seq) - 1
        if number < 0:
            return None
        lines = self._lines(number)
        place = seq - self.frames[number].first
        for line in lines[place : place + 1] if 0 <= place < len(lines) else ():
            body = unseal(line)
            if body is not None and decode_head(body).seq == seq:
                return body
        return next((body for body in map(unseal, lines) if body is not None and decode_head(body).seq == seq), None)

    def backwards(self, before: int) -> Iterator[bytes]:
        """Bodies of the lines with a smaller seq, newest first."""
        for number in range(len(self.frames) - 1, -1, -1):
            if self.frames[number].first < before:
                for line in reversed(self._lines(number)):
                    body = unseal(line)
                    if body is not None and decode_head(body).seq < before:
                        yield body


def sound_lines(folder: Folder, name: str) -> Iterator[tuple[int, int, bytes]]:
    """What can be read of a packed journal, whatever of it is damaged: where its frame begins, where it begins in that, and each line
    with its end. Raises OSError."""
    with folder.reader(name) as file:
        content = file.read()
    at = content.find(ZSTANDARD)
    while at >= 0:
        begin = 0
        for line in _readable(content[at:]).splitlines(keepends=True):
            yield at, begin, line
            begin += len(line)
        at = content.find(ZSTANDARD, at + 1)


def sound_line(folder: Folder, name: str, frame: int, begin: int) -> bytes:
    """One of these lines again."""
    with folder.reader(name) as file:
        file.seek(frame)
        content = _readable(file.read())
    return content[begin : content.find(b"\n", begin) + 1]


def _readable(data: bytes) -> bytes:
    """What comes out of a frame before its damage, if it has any."""
    import zstandard

    reader, parts = zstandard.ZstdDecompressor().decompressobj(), list[bytes]()
    with suppress(zstandard.ZstdError):
        for at in range(0, len(data), _STEP):
            parts.append(reader.decompress(data[at : at + _STEP]))
            if reader.eof:
                break
    return b"".join(parts)


def _content(data: bytes, size: int) -> bytes | None:
    """The content of the frame that the data begin with, of at most so many bytes; None when it is damaged."""
    import zstandard

    try:
        reader = zstandard.ZstdDecompressor().decompressobj()
        content: bytes = reader.decompress(data)
    except (zstandard.ZstdError, MemoryError):
        return None
    return content if reader.eof and len(content) <= size else None
