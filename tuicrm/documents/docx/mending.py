"""What Word asks of a document where something was taken away: no table without rows, no cell without a paragraph."""

from __future__ import annotations

from itertools import count

from tuicrm.documents.docx import words
from tuicrm.documents.docx.xml import XmlNode


def mend(root: XmlNode) -> None:
    """Take away tables and content controls that have become empty, and give each cell and each text its last paragraph."""
    # From the innermost outwards.
    for element in reversed(list(root.iter(words.TBL, words.SDT_CONTENT))):
        if element.tag == words.TBL and element.find(f".//{words.TR}") is None:
            _remove(element)
        elif element.tag == words.SDT_CONTENT and not len(element):
            control = element.getparent()
            if control is not None:
                _remove(control)
    for cell in root.iter(words.TC):
        if not _ends_with_paragraph(cell):
            cell.append(cell.makeelement(words.P))
    for text in (root, *root.iter(*words.STORIES)):
        if text.tag in words.BLOCKS and text.find(f".//{words.P}") is None:
            text.append(text.makeelement(words.P))


def number_pictures(root: XmlNode) -> None:
    """Give each drawing of a part a number of its own: copies have that of what they were made from."""
    taken: set[str] = set()
    doubles = []
    for one in root.iter(words.DOC_PR):
        number = one.get("id", "")
        if number in taken:
            doubles.append(one)
        taken.add(number)
    free = (str(number) for number in count(1) if str(number) not in taken)
    for one in doubles:
        one.set("id", next(free))


def _ends_with_paragraph(cell: XmlNode) -> bool:
    last = next((one for one in reversed(cell) if one.tag not in words.MARKS), None)
    return last is not None and last.tag in (words.P, words.SDT)


def _remove(element: XmlNode) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
