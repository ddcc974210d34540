r"""What a terminal must not get: characters that steer it, turn the direction of text, end a line unseen, or hide.

Each has a number, `\u202e`, that can be shown in its place and that JSON reads as the character. Line ends and tabs stay.
"""

from __future__ import annotations

import re

from tuicrm.regex import regex

# Controls, formats, separators of lines and paragraphs, halves of characters, what is no character, and all that is never seen:
# Unicode's default ignorables, tags among them.
_ALWAYS = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Letters of scripts in which a joiner, itself unseen, tells how the letters around it are written; and pictures, of which joiners
# make others, and selectors variants.
_JOINING = "\u0600-\u1fff\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff"
_PICTURES = "\u203c-\u3299\U0001f000-\U0001faff"
# Patterns that are seldom needed are compiled then (3 ms). They begin with what they look for and look behind from there: looking
# behind at every character takes six times as long.
_LOOSE_NON_JOINER = f"\u200c(?<![{_JOINING}]\u200c)"
_PICTURED = f"{_PICTURES}#*0-9\u00a9\u00ae"
"""What a selector stands behind."""
_LOOSE = (
    f"{_LOOSE_NON_JOINER}|\u200d(?<![{_JOINING}{_PICTURES}]\u200d)(?<![{_PICTURED}]\ufe0f\u200d)"
    f"|\ufe0e(?<![{_PICTURED}]\ufe0e)|\ufe0f(?<![{_PICTURED}]\ufe0f)"
)
_KEPT_SOMETIMES = ("\u200c", "\u200d", "\ufe0e", "\ufe0f")
_harmful = regex(f"[{_ALWAYS}]")


def is_harmful(character: str) -> bool:
    """Whether a character is, whatever it stands beside."""
    return _harmful.match(character) is not None


def without_loose_joiners(text: str) -> str:
    """Without those zero-width non-joiners that join no letters: they would only make two texts look the same."""
    return re.sub(_LOOSE_NON_JOINER, "", text)


def numbered(text: str) -> str:
    """The text with the number of each harmful character in its place; inside JSON strings that is the same JSON."""
    if text.isascii() and text.isprintable():
        return text
    if any(character in text for character in _KEPT_SOMETIMES):
        text = re.sub(_LOOSE, _number, text)
    return _harmful.sub(_number, text)


def in_json(text: str) -> str:
    """JSON in ASCII alone: the same JSON, with the number of each other letter in its place."""
    return re.sub(r"[^\x00-\x7f]", _number, text)


def _number(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
