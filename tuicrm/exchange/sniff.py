"""What a file is, from its first bytes: other formats are told apart before they are read as text."""

from __future__ import annotations

import codecs
from typing import Literal, TypeAlias

from tuicrm.errors import Refused
from tuicrm.i18n import N_, _

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
