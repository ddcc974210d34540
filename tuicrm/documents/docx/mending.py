"""What Word asks of a document where something was taken away: no table without rows, no cell without a paragraph."""

from __future__ import annotations

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


def _ends_with_paragraph(cell: XmlNode) -> bool:
    last = next((one for one in reversed(cell) if one.tag not in words.MARKS), None)
    return last is not None and last.tag in (words.P, words.SDT)


def _remove(element: XmlNode) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
