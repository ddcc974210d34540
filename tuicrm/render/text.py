"""Users' text made safe and measured in terminal cells: what every drawn line is built from.

`clean` is one half of the plain boundary (DESIGN.md, decision 4): no control character, no bidirectional override and nothing that
is never seen passes it (`tuicrm/harmless.py` is the list). It also takes out what terminals measure differently (joiners and
variation selectors of emoji, skin tones; flags become their two letters), so that a line is as wide on the screen as it was
computed. The store keeps the text as it was typed: this is for drawing only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal, TypeAlias

from tuicrm.harmless import is_harmful, without_loose_joiners
from tuicrm.regex import regex

Align: TypeAlias = Literal["left", "right", "center"]

ELLIPSIS = "…"
MARKS_ON_A_CHARACTER = 4
"""More combining marks than any language stacks are decoration that would paint over the lines above and below."""

# Characters that need no cleaning and are one cell wide everywhere: western, Greek and Cyrillic letters, punctuation,
# currency signs, arrows, operators, box drawing. Text of these alone skips every table (and the import of wcwidth).
_PLAIN = regex(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20c0\u2190-\u21ff\u2200-\u22ff\u2500-\u25fc\u2713\u270e\u2801-\u28ff]*"
)

_BREAKS = frozenset("\t\n\r\v\f\x85\u2028\u2029")
_NARROW_FIXED_SPACES = frozenset("\u2007\u202f")
_KEPT_SPACES = frozenset(" \u00a0\u3000")
_KEPT_FORMATS = frozenset("\u200c\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
_CUT_PIECES = regex("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")  # of pictures: joiner, variants, skin tones


def _cleaned(character: str) -> str | None:
    """What stands for one character on the screen; None for nothing."""
    code = ord(character)
    if character in _BREAKS:
        return " "
    if 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return "\ufffd"
    if 0x1F1E6 <= code <= 0x1F1FF:
        return chr(ord("A") + code - 0x1F1E6)
    if _CUT_PIECES.fullmatch(character) or is_harmful(character):
        return None
    category = unicodedata.category(character)
    if category == "Cc" or (category == "Cf" and character not in _KEPT_FORMATS):
        return None
    if category == "Zs" and character not in _KEPT_SPACES:
        return "\u00a0" if character in _NARROW_FIXED_SPACES else " "
    return character


class _Replacements(dict[int, str | None]):
    """Table for `str.translate`, filled as characters are met."""

    def __missing__(self, code: int) -> str | None:
        found = self[code] = _cleaned(chr(code))
        return found


class _Cells(dict[str, int]):
    """Cells of a single character, filled as characters are met."""

    def __missing__(self, character: str) -> int:
        if _PLAIN.fullmatch(character):
            found = 1
        else:
            from wcwidth import wcwidth  # 25 ms, and most workspaces never need it

            found = max(wcwidth(character), 0)
        self[character] = found
        return found


_replacements = _Replacements()
_cells = _Cells()


def _is_plain(text: str) -> bool:
    return text.isprintable() if text.isascii() else _PLAIN.fullmatch(text) is not None


def clean(text: str) -> str:
    """The text on one line: no control or bidi characters; tabs and line ends become spaces; combining marks stay, a few."""
    if _is_plain(text):
        return text
    text = text.replace("\r\n", "\n").translate(_replacements)
    if "\u200c" in text:
        text = without_loose_joiners(text)
    return _cap_marks(text)


def clean_lines(text: str) -> list[str]:
    """The text's own lines, each cleaned. No lines for an empty text."""
    return [clean(line) for line in text.splitlines()]


def _cap_marks(text: str) -> str:
    if _is_plain(text):
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        if _cells[character]:
            marks = 0
        else:
            # A mark without a letter would paint on whatever is drawn before this text.
            if not kept:
                kept.append("◌")
            marks += 1
        if marks <= MARKS_ON_A_CHARACTER:
            kept.append(character)
    return "".join(kept)


def width(text: str) -> int:
    """Cells that a cleaned text takes."""
    if text.isascii() or _PLAIN.fullmatch(text):
        return len(text)
    return sum(map(_cells.__getitem__, text))


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """A cleaned text's characters, each with its marks, and the cells they take."""
    start, cells = 0, 0
    for index, character in enumerate(text):
        wide = _cells[character]
        if wide and index:
            yield text[start:index], cells
            start, cells = index, 0
        cells += wide
    if text:
        yield text[start:], cells


def _reach(text: str, start: int, cells: int) -> int:
    """The index up to which whole characters from `start` on fit into `cells`."""
    used = 0
    for index in range(start, len(text)):
        used += _cells[text[index]]
        if used > cells:
            return index
    return len(text)


def cut(text: str, cells: int) -> str:
    """Cleaned text in at most `cells`, ending in `…` where something is left out."""
    if cells <= 0:
        return ""
    most = cells * 16
    if len(text) > most and width(head := clean(text[:most])) > cells:
        text = head  # of a very long text the beginning is enough
    else:
        text = clean(text)
        if width(text) <= cells:
            return text
    end = cells - 1 if _is_plain(text) else _reach(text, 0, cells - 1)
    return text[:end] + ELLIPSIS


def fit(text: str, cells: int, align: Align = "left") -> str:
    """Cleaned text in exactly `cells`: cut with `…` or filled with spaces."""
    text = cut(text, cells)
    spare = cells - width(text)
    if spare <= 0:
        return text
    if align == "left":
        return text + " " * spare
    if align == "right":
        return " " * spare + text
    return " " * (spare // 2) + text + " " * (spare - spare // 2)


def wrap(text: str, cells: int, limit: int = 0) -> list[str]:
    """Cleaned lines of at most `cells` (1 or more), broken at spaces where there are any; the text's own lines stay apart.

    With a `limit`, no more than that many lines, the last ending in `…` where text is left out; what lies beyond is not even
    cleaned, so a very long text costs no more than a short one.
    """
    cells = max(cells, 1)
    beyond = False
    if limit:
        most = limit * (cells + 1) * (1 + MARKS_ON_A_CHARACTER)
        text, beyond = text[:most], len(text) > most
    lines: list[str] = []
    for line in clean_lines(text):
        for piece in _broken(line, cells):
            if limit and len(lines) == limit:
                return _open_ended(lines, cells)
            lines.append(piece)
    return _open_ended(lines, cells) if beyond and lines else lines


def _open_ended(lines: list[str], cells: int) -> list[str]:
    last = lines[-1]
    return [*lines[:-1], last + ELLIPSIS if width(last) < cells else cut(last + " ", cells)]


def _broken(line: str, cells: int) -> Iterator[str]:
    plain = _is_plain(line)
    start = 0
    while True:
        end = min(start + cells, len(line)) if plain else _reach(line, start, cells)
        if end == len(line):
            yield line[start:].rstrip(" ") if start else line
            return
        if end == start:  # a wide character where one cell is left
            yield ELLIPSIS
            end = start + 1
            while end < len(line) and not _cells[line[end]]:
                end += 1
            start = end
            if start == len(line):
                return
            continue
        space = end if line[end] == " " else line.rfind(" ", start, end)
        if line[start:space].strip(" ") if space > start else "":
            yield line[start:space].rstrip(" ")
            start = space
        else:
            yield line[start:end]
            start = end
        while line[start : start + 1] == " " and (plain or _cells[line[start + 1 : start + 2] or " "]):
            start += 1
        if start == len(line):
            return
