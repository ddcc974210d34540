"""The text of a paragraph, whatever runs it is cut into, and text put into a run."""

from __future__ import annotations

from collections.abc import Iterator

from tuicrm.documents.docx import words
from tuicrm.documents.docx.xml import XmlNode, possible
from tuicrm.regex import regex

_BROKEN = regex("([\n\t])")
_BREAK = "\n"


def pieces(paragraph: XmlNode) -> Iterator[XmlNode | None]:
    """The texts (`w:t`) of a paragraph itself in their order, without those of paragraphs in it; None where something parts them."""
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag == words.T:
            yield element
        elif element.tag in words.BETWEEN:
            yield None
        elif element.tag != words.P and element.tag not in words.UNSEEN:
            waiting.extend(reversed(element))


def text_of(piece: XmlNode | None) -> str:
    """What a piece shows, as placeholders are looked for in it: what parts texts is a line end, and no text has one."""
    return _BREAK if piece is None else (piece.text or "").replace("\n", " ")


def paragraph_text(paragraph: XmlNode) -> str:
    """The text of a paragraph in one line."""
    return "".join(map(text_of, pieces(paragraph))).replace(_BREAK, " ")


def put(piece: XmlNode, text: str) -> None:
    """Have a `w:t` show a text: each line end becomes a break, each tab a tab, beside it in its run."""
    first, *others = _BROKEN.split(possible(text))
    _show(piece, first)
    after = piece
    for one in others:
        if not one:
            continue
        made = piece.makeelement({"\n": words.BR, "\t": words.TAB}.get(one, words.T))
        if made.tag == words.T:
            _show(made, one)
        after.addnext(made)
        after = made


def _show(piece: XmlNode, text: str) -> None:
    piece.text = text
    piece.set(words.SPACE, "preserve")
