"""What a file is, from its first bytes: other formats are told apart before they are read as text."""

from __future__ import annotations

import codecs
from typing import BinaryIO, Literal, NamedTuple, TypeAlias

from tuicrm.errors import Refused
from tuicrm.i18n import N_, _

HEAD = 65_536
"""Bytes that are looked at to tell formats, encodings and separators apart."""

Format: TypeAlias = Literal["csv", "json"]

_MAGIC = (
    (b"PK\x03\x04", N_("an Excel or OpenDocument workbook, or a ZIP archive")),
    (b"\xd0\xcf\x11\xe0", N_("an old Excel workbook")),
    (b"%PDF", N_("a PDF")),
    (b"\x1f\x8b", N_("a gzip archive")),
    (b"SQLite format 3", N_("an SQLite database")),
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 17


class Encoding(NamedTuple):
    """`codec` is Python's name; `note` says what was found where that is worth a word, else ""."""

    codec: str
    note: str


def file_format(head: bytes, name: str) -> Format:
    """Tell CSV from JSON by the first bytes. Raises Refused for what is neither, saying what the file seems to be."""
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise Refused(
                _("{name} is {what}, not text: save it as CSV and import that").format(name=name, what=_(what))
            )
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if text[:11].upper() == b"BEGIN:VCARD" or text[:15].upper() == b"BEGIN:VCALENDAR":
        raise Refused(
            _("{name} is a vCard or calendar file: CSV and Bitrix24's JSON can be imported").format(name=name)
        )
    return "json" if text[:1] in (b"{", b"[") else "csv"


def find_encoding(stream: BinaryIO, name: str) -> Encoding:
    """The encoding of a whole seekable file, read once in bounded memory; the position is put back to the start.

    A byte-order mark decides; else valid UTF-8 is UTF-8, and anything else is taken for Windows-1252, the usual one of
    programs that do not say. Raises Refused for binary content.
    """
    stream.seek(0)
    head = stream.read(HEAD)
    for mark, codec in _BOMS:
        if head.startswith(mark):
            stream.seek(0)
            return Encoding(codec, "" if codec == "utf-8-sig" else codec.upper())
    if wide := _without_mark(head):
        stream.seek(0)
        return Encoding(wide, wide.upper())
    if b"\0" in head:
        raise Refused(_("{name} is not a text file: it holds NUL bytes").format(name=name))
    found = _eight_bit(stream, head, name)
    stream.seek(0)
    return found


def _without_mark(head: bytes) -> str:
    """UTF-16 without its mark: every other byte of plain text is zero."""
    even, odd = head[0::2], head[1::2]
    if len(head) < 8 or not head.count(0):
        return ""
    if odd.count(0) > len(odd) * 0.7 and not even.count(0):
        return "utf-16-le"
    if even.count(0) > len(even) * 0.7 and not odd.count(0):
        return "utf-16-be"
    return ""


def _eight_bit(stream: BinaryIO, head: bytes, name: str) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")()
    windows = codecs.getincrementaldecoder("cp1252")()
    is_utf8 = is_windows = True
    chunk = head
    while chunk:
        if is_utf8:
            is_utf8 = _decodes(decoder, chunk)
        if is_windows:
            is_windows = _decodes(windows, chunk)
        if not is_utf8 and not is_windows:
            raise Refused(
                _("{name} is in no known encoding (UTF-8, UTF-16 and Windows-1252 were tried)").format(name=name)
            )
        chunk = stream.read(_CHUNK)
    if is_utf8 and _decodes(decoder, b"", final=True):
        return Encoding("utf-8", "")
    return Encoding("cp1252", _("not UTF-8: read as Windows-1252"))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
