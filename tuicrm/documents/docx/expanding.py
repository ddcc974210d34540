"""What repeats and what falls away: sections and rows of tables, before anything is filled in.

So no value is ever taken for a part of the template. Each copy is told its scope: the row of each list that it is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy

from tuicrm.documents.docx import words
from tuicrm.documents.docx.bad_template import BadTemplate
from tuicrm.documents.docx.mending import mend, number_pictures
from tuicrm.documents.docx.resolver import Resolver
from tuicrm.documents.docx.row_scopes import RowsAt, RowScopes
from tuicrm.documents.docx.rows import lists_of_row
from tuicrm.documents.docx.sections import SectionSpan, marks, spans
from tuicrm.documents.docx.splitting import take_out
from tuicrm.documents.docx.xml import XmlNode
from tuicrm.i18n import _
from tuicrm.limits import DOCUMENT_TAGS


class Expansion(RowScopes):
    """The parts of one document while they are expanded; afterwards, the scope of each element that has one."""

    def __init__(self, resolver: Resolver) -> None:
        super().__init__(resolver)
        self._room = DOCUMENT_TAGS.most
        self._scopes: dict[XmlNode, RowsAt] = {}

    def expand(self, root: XmlNode) -> None:
        """Repeat what repeats in a part, and take away what falls away."""
        waiting: list[tuple[Sequence[XmlNode], RowsAt]] = [(list(root), {})]
        changed = False
        while waiting:
            units, scope = waiting.pop()
            rows = self._rows(units, scope)
            for span in spans(units)[0]:
                if _waits(span, rows):
                    continue
                units_of = set(span.units)
                rows = {row: lists for row, lists in rows.items() if units_of.isdisjoint((row, *row.iterancestors()))}
                waiting.extend(self._section(span, scope))
                changed = True
            for row, lists in rows.items():
                waiting.extend(self._row(row, lists, scope))
                changed = True
        if changed:
            mend(root)
            number_pictures(root)

    def scope(self, element: XmlNode) -> RowsAt:
        """The rows that an element stands in."""
        for one in (element, *element.iterancestors()):
            if one in self._scopes:
                return self._scopes[one]
        return {}

    def _rows(self, units: Sequence[XmlNode], scope: RowsAt) -> dict[XmlNode, list[str]]:
        """RowsAt that repeat, and are in no other one that does, with their lists."""
        found: dict[XmlNode, list[str]] = {}
        for unit in units:
            for row in unit.iter(words.TR):
                lists = lists_of_row(row, self.list_of, scope)
                if lists and not _stands_in(row, found):
                    found[row] = lists
        return found

    def _row(self, row: XmlNode, lists: Sequence[str], scope: RowsAt) -> list[tuple[Sequence[XmlNode], RowsAt]]:
        count = max(map(self._resolver.count, lists))
        return self._repeat([row], [{**scope, **dict.fromkeys(lists, index)} for index in range(count)])

    def _section(self, span: SectionSpan, scope: RowsAt) -> list[tuple[Sequence[XmlNode], RowsAt]]:
        return self._repeat(take_out(span), self.of_section(span.begin.placeholder, scope))

    def _repeat(self, units: Sequence[XmlNode], scopes: Sequence[RowsAt]) -> list[tuple[Sequence[XmlNode], RowsAt]]:
        """Have so many of these elements stand where they stand; returns those in which more is to be expanded."""
        parent = units[0].getparent() if units else None
        if parent is None:
            return []
        if not scopes:
            for unit in units:
                parent.remove(unit)
            return []
        self._room -= (len(scopes) - 1) * sum(1 for unit in units for _one in unit.iter())
        if self._room < 0:
            raise BadTemplate(_("the document becomes too large: {told}").format(told=DOCUMENT_TAGS.told))
        copies = [units, *(self._copies(units) for _one in scopes[1:])]
        last = units[-1]
        for copy in copies[1:]:
            for unit in copy:
                last.addnext(unit)
                last = unit
        for copy, scope in zip(copies, scopes, strict=True):
            if scope:
                self._scopes.update(dict.fromkeys(copy, scope))
        more = any(True for _one in marks(units)) or bool(self._rows(units, scopes[0]))
        return list(zip(copies, scopes, strict=True)) if more else []

    def _copies(self, units: Sequence[XmlNode]) -> list[XmlNode]:
        made = [deepcopy(unit) for unit in units]
        for unit in made:
            for one in unit.iter(words.P, words.TR):
                for place in words.COPIED_IDS:
                    one.attrib.pop(place, "")
            for one in (*unit.iter(*words.MARKS_ONCE), *unit.iterfind(f".//{words.SDT_PR}/{words.ID}")):
                parent = one.getparent()
                if parent is not None:
                    parent.remove(one)
        return [unit for unit in made if unit.tag not in words.MARKS]


def _stands_in(element: XmlNode, rows: Mapping[XmlNode, object]) -> bool:
    return any(one in rows for one in element.iterancestors(words.TR))


def _waits(span: SectionSpan, rows: Mapping[XmlNode, object]) -> bool:
    """Whether a section is of one row, or stands in one, that repeats first."""
    return _stands_in(span.first, rows) or (span.first is span.last and span.first in rows)
