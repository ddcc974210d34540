"""RowsAt of a table that repeat: those that name something of a list."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from tuicrm.documents.docx import words
from tuicrm.documents.docx.xml import XmlNode
from tuicrm.domain.documents.placeholders import Placeholder, placeholders


def lists_of_row(row: XmlNode, list_of: Callable[[str], str | None], known: Container[str]) -> list[str]:
    """The lists that a row itself names, besides those known: not in tables within it, nor in sections that go through the list."""
    found: dict[str, None] = {}
    through: list[str] = []
    for one in _named(row):
        owner = list_of(one.name)
        if owner is None or owner in known:
            continue
        if one.name == owner and one.sign:
            if one.sign == "#":
                through.append(owner)
            elif one.sign == "/" and owner in through:
                through.remove(owner)
        elif owner not in through:
            found[owner] = None
    return list(found)


def _named(row: XmlNode) -> Iterator[Placeholder]:
    waiting = list(reversed(row))
    while waiting:
        element = waiting.pop()
        if element.tag == words.T:
            text = element.text or ""
        elif element.tag == words.DOC_PR:
            text = picture_name(element)
        elif element.tag != words.TBL:
            waiting.extend(reversed(element))
            continue
        else:
            continue
        if "{" in text:
            yield from placeholders(text)


def picture_name(properties: XmlNode) -> str:
    """The placeholder that a picture is named by, in its name, title or description; "" where it has no such."""
    for place in ("name", "title", "descr"):
        text = properties.get(place, "")
        if "{" in text and any(not one.sign for one in placeholders(text)):
            return text
    return ""
