"""Where something stands in a part, in the words of who looks for it there: `table 1, row 2`."""

from __future__ import annotations

from tuicrm.documents.docx import words
from tuicrm.documents.docx.xml import XmlNode
from tuicrm.i18n import _


class Places:
    """The places of one part, which is the how manyeth of its kind."""

    def __init__(self, root: XmlNode, number: int) -> None:
        self._root = root
        self._number = number
        shown = (one for one in root.iter(words.TEXT_BOX) if next(one.iterancestors(words.FALLBACK), None) is None)
        boxes = enumerate(shown, 1)
        tables = enumerate(root.iter(words.TBL), 1)
        self._numbers = {one: number for number, one in (*boxes, *tables)}
        free = (one for one in root.iter(words.P) if next(one.iterancestors(words.TBL, words.TEXT_BOX), None) is None)
        self._numbers |= {one: number for number, one in enumerate(free, 1)}

    def where(self, element: XmlNode) -> str:
        """Where an element stands."""
        paragraph = row = None
        for one in (element, *element.iterancestors()):
            if one.tag == words.P and paragraph is None:
                paragraph = one
            elif one.tag == words.TR and row is None:
                row = one
            elif one.tag == words.TEXT_BOX:
                return _("text box {n}").format(n=self._numbers[one])
            elif one.tag == words.TBL:
                rows = [] if row is None else [found for found in one.iter(words.TR) if _table(found) is one]
                return _("table {n}, row {row}").format(
                    n=self._numbers[one], row=rows.index(row) + 1 if row in rows else 1
                )
            elif one.tag in (words.FOOTNOTE, words.ENDNOTE, words.COMMENT):
                return _note(one)
        return self._of_part(paragraph)

    def _of_part(self, paragraph: XmlNode | None) -> str:
        if self._root.tag == words.HEADER:
            return _("header {n}").format(n=self._number)
        if self._root.tag == words.FOOTER:
            return _("footer {n}").format(n=self._number)
        return _("paragraph {n}").format(n=self._numbers.get(paragraph, 1) if paragraph is not None else 1)


def _table(row: XmlNode) -> XmlNode | None:
    return next(row.iterancestors(words.TBL), None)


def _note(note: XmlNode) -> str:
    number = note.get(words.ID, "")
    if note.tag == words.FOOTNOTE:
        return _("footnote {n}").format(n=number)
    if note.tag == words.ENDNOTE:
        return _("endnote {n}").format(n=number)
    return _("comment {n}").format(n=number)
