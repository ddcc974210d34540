"""Which encoding a text file is in. A byte-order mark decides; else NUL bytes tell UTF-16 and UTF-32, valid UTF-8 is UTF-8, and what
is left is told apart by what it reads as: charset-normalizer says which readings are a mess, the letters of the languages that an
encoding is for say which of the others is meant."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from itertools import pairwise
from typing import BinaryIO, NamedTuple
from unicodedata import category

from tuicrm.errors import Refused
from tuicrm.i18n import N_, _
from tuicrm.regex import regex

HEAD = 65_536
"""Bytes that are looked at to tell formats, encodings and separators apart."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_NO_TEXT = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined")
_NO_LETTERS = ("Cc", "Cn", "Co", "Cs")
"""Categories of characters that no text has: controls, what is not assigned or private, halves of characters."""

_CHUNK = 1 << 17
_SAMPLE = 16_384
_SHOWN = 60

_WEST = "àâäáãåæçéèêëíìîïñóòôöõøœúùûüßÿý"
_CENTRAL = "ąćęłńóśźżáčďéěíňřšťúůýžöüőűäôľßđșțăâîşţ"
_TURKISH = "çğıöşüâî"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ"
_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ"
_MARKS = frozenset("€£§°–—‘’“”„«»…•·№©®™¿¡ºª²³½¼¾×\u00a0")

_EIGHT_BIT: dict[str, tuple[str, str]] = {
    "cp1252": ("Windows-1252", _WEST),
    "cp1251": ("Windows-1251", _CYRILLIC),
    "cp1250": ("Windows-1250", _CENTRAL),
    "mac_roman": ("Mac Roman", _WEST),
    "mac_cyrillic": ("Mac Cyrillic", _CYRILLIC),
    "mac_latin2": (N_("Mac Central European"), _CENTRAL),
    "iso8859_2": ("ISO 8859-2", _CENTRAL),
    "cp1254": ("Windows-1254", _TURKISH),
    "cp1253": ("Windows-1253", _GREEK),
    "koi8_r": ("KOI8-R", _CYRILLIC),
    "cp866": ("DOS 866", _CYRILLIC),
}
"""What programs write that do not say what they write, the most usual first: what each is called, and the letters it is for."""

CHOICES = ("utf-8", "utf-16", "utf-32", "windows-1252", "windows-1251", "windows-1250", "mac-roman", "mac-cyrillic")
"""What is offered where people choose; any other name that Python knows is understood too."""

_WORD = regex(r"[^\W\d_]+")
# Letters of the west that stand at the end of a word, and õ that e follows: elsewhere they are Czech or Hungarian ones read wrongly.
_UNLIKELY = regex(r"[ìòù](?=\w)|õ(?!e)", re.IGNORECASE)
_GOOD, _CLEAR, _HOPELESS, _FEW, _MORE = 0.75, 0.15, 0.25, 3, 4


class Encoding(NamedTuple):
    """`codec` is Python's name; `note` says what was found where that is worth a word, else ""."""

    codec: str
    note: str = ""


class _Seen(NamedTuple):
    """What a scan of a whole file found: on which line it is no UTF-8, 0 where all of it is; which bytes beyond ASCII it has; lines
    with such, and the number of the first of them."""

    broken: int
    high: bytes
    lines: bytes
    first: int


def codec_of(name: str) -> str:
    """Python's name for an encoding that people name ("Windows-1251", "mac roman", "cp1250"); "" for what is no encoding of text."""
    plain = re.sub(r"[\s_]+", "-", name.strip().casefold())
    for wanted in (plain, re.sub(r"^(?:win(?:dows)?|cp)-?(?=\d)", "cp", plain), plain.replace("-", "_")):
        try:
            found = codecs.lookup(wanted).name
            # Codecs such as base64 or rot13 are found too: they make no text of bytes.
            with suppress(UnicodeDecodeError):
                b"a".decode(found)
        except (LookupError, ValueError):
            continue
        return "" if found in _NO_TEXT else found
    return ""


def find_encoding(stream: BinaryIO, name: str, asked: str = "") -> Encoding:
    """The encoding of a whole seekable file, read once in bounded memory; the position is put back to the start.

    `asked` is the codec that a person named: it holds unless a byte-order mark says another. Raises Refused for binary content, and
    for text that makes no sense in any encoding that is looked for."""
    stream.seek(0)
    head = stream.read(HEAD)
    try:
        for mark, codec in _BOMS:
            if head.startswith(mark):
                return Encoding(codec, "" if codec == "utf-8-sig" else codec.upper())
        wide = _without_mark(head) if b"\0" in head else ""
        if asked:
            return Encoding(wide if wide.startswith(asked) else asked, _("read as {name}, as asked").format(name=asked))
        if wide:
            return Encoding(wide, wide.upper())
        if b"\0" in head:
            raise Refused(_("{name} is not a text file: it holds NUL bytes").format(name=name))
        seen = _scan(stream, head)
        return _eight_bit(seen, name) if seen.broken else Encoding("utf-8")
    finally:
        stream.seek(0)


# -- wide ones ---------------------------------------------------------------------------------------------------------
def _without_mark(head: bytes) -> str:
    """UTF-16 or UTF-32 without its mark: the reading with line ends, separators and digits, and without anything that is no text."""
    best, most = "", 0
    for codec in _WIDE:
        size = 4 if "32" in codec else 2
        try:
            text = codecs.getincrementaldecoder(codec)().decode(head[: len(head) // size * size])
        except UnicodeDecodeError:
            continue
        plain = sum(char.isascii() for char in text)
        if plain > most and all(char in "\t\r\n\f\v" or category(char) not in _NO_LETTERS for char in text):
            best, most = codec, plain
    return best


# -- of eight bits -----------------------------------------------------------------------------------------------------
def _scan(stream: BinaryIO, head: bytes) -> _Seen:
    decoder = codecs.getincrementaldecoder("utf-8")()
    broken, high, lines, first, before = 0, set[int](), b"", 0, 0
    chunk = head
    while chunk:
        if not broken and (at := _where_not(decoder, chunk)) is not None:
            broken = before + _ends(chunk[:at]) + 1
        if not chunk.isascii():
            if not first:
                at = next(at for at, byte in enumerate(chunk) if byte > 127)
                first = before + _ends(chunk[:at]) + 1
            high.update(byte for byte in set(chunk) if byte > 127)
            if len(lines) < _SAMPLE:
                found = re.findall(rb"[^\r\n]*[\x80-\xff][^\r\n]*", chunk)
                lines = b"\n".join([lines, *found] if lines else found)[:_SAMPLE]
        before += _ends(chunk)
        chunk = stream.read(_CHUNK)
    if not broken and _where_not(decoder, b"", final=True) is not None:
        broken = before + 1
    return _Seen(broken, bytes(sorted(high)), lines, first)


def _where_not(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> int | None:
    """Where in a chunk it is not what is decoded; None where it is."""
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _is_damaged(lines: bytes) -> bool:
    """Whether it is UTF-8 for the most part: a file that was cut within a letter, or put together of two."""
    read = lines.decode("utf-8", errors="replace")
    wrong = read.count("\ufffd")
    return sum(not char.isascii() for char in read) - wrong > _MORE * max(wrong, 1)


def _ends(data: bytes) -> int:
    """How many lines end in this."""
    return data.count(b"\n") or data.count(b"\r")


def _eight_bit(seen: _Seen, name: str) -> Encoding:
    """The likeliest one that all bytes of the file have a meaning in. Raises Refused where nothing is likely."""
    if _is_damaged(seen.lines):
        told = _("{name} is UTF-8, but line {line} is not: the file is damaged, or set its encoding with --encoding")
        raise Refused(told.format(name=name, line=seen.broken))
    readings = _readings(seen)
    if not readings or readings[0][0] < _HOPELESS:
        raise Refused(_("the encoding of {name} cannot be recognised; set it with --encoding").format(name=name))
    score, codec, text = readings[0]
    other = next((one for one, _codec, read in readings[1:] if read != text), 0.0)
    called = _(_EIGHT_BIT[codec][0])
    enough = sum(not char.isascii() for char in text) >= _FEW
    if enough and score >= _GOOD and score - other >= _CLEAR:
        return Encoding(codec, _("not UTF-8: read as {name}").format(name=called))
    told = _(
        "not UTF-8: read as {name}, but this is a guess: line {line} reads “{text}”. If it is wrong, use --encoding"
    )
    return Encoding(codec, told.format(name=called, line=seen.first, text=_sample(text)))


def _readings(seen: _Seen) -> list[tuple[float, str, str]]:
    """(score, codec, text) of what the lines can be read as, the best first."""
    messy = _mess(seen.lines)
    found = []
    for place, (codec, (_called, letters)) in enumerate(_EIGHT_BIT.items()):
        try:
            seen.high.decode(codec)
            text = seen.lines.decode(codec)
        except UnicodeDecodeError:
            continue
        # Of quotes and signs of currencies alone, much looks like a mess and is not.
        mess = messy.get(codec, 1.0) if any(char.isalpha() for char in text if not char.isascii()) else 0.0
        # Where two read as well, the more usual one.
        found.append((_likely(text, letters) - mess - place * 0.004, codec, text))
    return sorted(found, key=lambda one: -one[0])


def _mess(data: bytes) -> dict[str, float]:
    # 30 ms, and only for files that are no UTF-8.
    from charset_normalizer import from_bytes

    found = from_bytes(
        data, cp_isolation=list(_EIGHT_BIT), threshold=1.0, preemptive_behaviour=False, language_threshold=1.0
    )
    return {codec: match.chaos for match in found for codec in match.could_be_from_charset}


def _likely(text: str, letters: str) -> float:
    """How likely a reading is, 1 at most: the share of its characters beyond ASCII that are letters of the languages, less the share
    of words that are put together as no language does it."""
    usual = set(letters) | {letter.upper() for letter in letters}
    strange = [char for char in text if not char.isascii()]
    west = letters is _WEST
    odd = len(_UNLIKELY.findall(text)) * 0.5 if west else 0.0
    points = sum(1.0 if char in usual else 0.8 if char in _MARKS else 0.0 for char in strange) - odd
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    wrong = sum(_is_wrong(word, latin=letters not in (_CYRILLIC, _GREEK)) for word in words)
    return points / max(len(strange), 1) - 0.5 * wrong / max(len(words), 1)


def _is_wrong(word: str, *, latin: bool) -> bool:
    own = sum(not char.isascii() for char in word)
    mixed = own > 0.6 * len(word) and len(word) > 2 if latin else own < len(word)
    return mixed or any(left.islower() and right.isupper() for left, right in pairwise(word))


def _sample(text: str) -> str:
    """The first line, around its first character beyond ASCII."""
    line = text.partition("\n")[0]
    at = next(place for place, char in enumerate(line) if not char.isascii())
    start = max(at - _SHOWN // 2, 0)
    cut = line[start : start + _SHOWN].strip()
    return f"{'…' if start else ''}{cut}{'…' if start + _SHOWN < len(line) else ''}"
