"""Bytes read as text by the charset that a mail names: by another one where that is unknown, wrong, or no charset at all."""

from __future__ import annotations

import codecs

_OTHERWISE = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8", "gb2312": "gb18030",
    "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932", "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6", "x-sjis": "cp932", "x-mac-roman": "mac_roman", "macintosh": "mac_roman",
    "unicode-1-1-utf-7": "utf-7",
    "cp-850": "cp850",
    "utf8mb4": "utf-8", "x-windows-949": "cp949", "windows-874": "cp874", "ansi": "cp1252", "binary": "utf-8",
}  # fmt: skip
"""Charsets by names that Python has not, and those that senders say where they mean one with more letters."""
_NOT_ONES = frozenset({
    "idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape", "undefined", "mbcs", "oem",
    "palmos",
})  # fmt: skip
"""What Python takes for a charset and no mail is in, or only one that hides what it says; some take very long."""
_TRIED = ("utf-8", "cp1252", "latin-1")


def decoded(content: bytes, charset: str) -> str:
    """The text; the last charset that is tried has a letter for every byte."""
    name = charset.strip().strip("\"'").casefold()[:60]
    name = _OTHERWISE.get(name, name)
    for tried in (*((name,) if _is_charset(name) else ()), *_TRIED):
        try:
            return content.decode(tried)
        except (UnicodeError, LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _is_charset(name: str) -> bool:
    try:
        return name.isascii() and codecs.lookup(name).name not in _NOT_ONES
    except (LookupError, ValueError):
        return False
