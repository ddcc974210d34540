"""A section taken out of its marks, so that what is between stands in elements of its own."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from tuicrm.documents.docx import words
from tuicrm.documents.docx.sections import SectionSpan
from tuicrm.documents.docx.xml import XmlNode


def take_out(span: SectionSpan) -> Sequence[XmlNode]:
    """Take the marks of a section away; returns what stood between. Paragraphs are parted at the marks where text is on both sides."""
    first = span.first
    if first is span.begin.run:
        units = span.units[1:-1]
    elif first.tag == words.P:
        return _paragraphs(span)
    else:
        units = span.units
    _remove(span.begin.run)
    _remove(span.end.run)
    if first.tag == words.TR and first is not span.last:
        return _without_rows_of_marks(units)
    return units


def _without_rows_of_marks(rows: Sequence[XmlNode]) -> list[XmlNode]:
    """Take the first and last row away where they held a mark alone."""
    bare = [row for row in (rows[0], rows[-1]) if not _shows(row)]
    for row in bare:
        _remove(row)
    return [row for row in rows if row not in bare]


def _paragraphs(span: SectionSpan) -> list[XmlNode]:
    first, last = span.first, span.last
    between = []
    after = first.getnext()
    while after is not None and after is not last:
        between.append(after)
        after = after.getnext()
    tail = list(span.begin.run.itersiblings())
    head = [one for one in span.end.run.itersiblings(preceding=True) if one.tag != words.PPR][::-1]
    _remove(span.begin.run)
    _remove(span.end.run)
    if _shows(tail):
        inner = _like(first)
        inner.extend(tail)
        first.addnext(inner)
        between.insert(0, inner)
    if _shows(head):
        inner = _like(last)
        inner.extend(head)
        last.addprevious(inner)
        between.append(inner)
    for outer in (first, last):
        if not _shows(outer) and outer.find(f"{words.PPR}/{words.SECTPR}") is None:
            _remove(outer)
    return between


def _like(paragraph: XmlNode) -> XmlNode:
    """An empty paragraph of the same style."""
    made = paragraph.makeelement(words.P)
    style = paragraph.find(words.PPR)
    if style is not None:
        made.append(deepcopy(style))
        for one in list(made[0].iter(words.SECTPR)):
            made[0].remove(one)
    return made


def _shows(elements: Sequence[XmlNode] | XmlNode) -> bool:
    """Whether anything is to be seen of elements beside white space."""
    for element in elements:
        for one in element.iter():
            if one.tag in words.BETWEEN or (one.tag == words.T and (one.text or "").strip()):
                return True
    return False


def _remove(element: XmlNode) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
