"""Sections of a part whose placeholders are whole: which mark begins and which ends one, and what stands between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from tuicrm.documents.docx import words
from tuicrm.documents.docx.bad_template import BadTemplate
from tuicrm.documents.docx.joining import mark_of
from tuicrm.documents.docx.xml import XmlNode
from tuicrm.domain.documents.placeholders import UNCLOSED, UNOPENED, Placeholder, shown
from tuicrm.i18n import N_, _
from tuicrm.limits import TEMPLATE_SECTIONS

CROSSED = N_(
    "{mark} is closed elsewhere than it was opened: in another cell, table or text box, or across another section"
)


class SectionMark(Struct, frozen=True, eq=False):
    """A run that begins or ends a section, and the how manyeth it is."""

    run: XmlNode
    placeholder: Placeholder
    place: int

    @property
    def name(self) -> str:
        """The name of the section."""
        return self.placeholder.name


class SectionSpan(Struct, frozen=True, eq=False):
    """A section: its marks, the element that holds both ends, and that one's children with the ends in them."""

    begin: SectionMark
    end: SectionMark
    holder: XmlNode
    first: XmlNode
    last: XmlNode

    @property
    def units(self) -> list[XmlNode]:
        """What stands between the marks, ends included: runs, paragraphs and tables, or whole rows of a table."""
        found = [self.first]
        while found[-1] is not self.last:
            after = found[-1].getnext()
            if after is None:
                break
            found.append(after)
        return found


def marks(units: Iterable[XmlNode]) -> Iterator[SectionMark]:
    """The marks in elements, in their order."""
    place = 0
    for unit in units:
        for piece in unit.iter(words.T):
            if piece.text and piece.text.startswith("{"):
                run = piece.getparent()
                found = mark_of(run) if run is not None else None
                if run is not None and found is not None:
                    yield SectionMark(run, found, place)
                    place += 1


def _story(run: XmlNode, top: XmlNode | None) -> XmlNode | None:
    for one in run.iterancestors():
        if one is top or one.tag in words.STORIES:
            return one
    return None


def spans(units: Sequence[XmlNode]) -> tuple[list[SectionSpan], list[tuple[SectionMark, str]]]:
    """The sections in elements that are in no other one, and the marks that are at fault, with what is said of each (English).
    Raises BadTemplate where sections stand too deep in each other.
    """
    top = units[0].getparent() if units else None
    found: list[SectionSpan] = []
    faults: list[tuple[SectionMark, str]] = []
    by_story: dict[XmlNode | None, list[SectionMark]] = {}
    for mark in marks(units):
        by_story.setdefault(_story(mark.run, top), []).append(mark)
    for story in by_story.values():
        for begin, end in _pairs(story, faults):
            span = _between(begin, end)
            if span is None:
                faults.append((begin, CROSSED))
            else:
                found.append(span)
    return _outermost(found), sorted(faults, key=lambda fault: fault[0].place)


def _pairs(
    story: Iterable[SectionMark], faults: list[tuple[SectionMark, str]]
) -> Iterator[tuple[SectionMark, SectionMark]]:
    waiting: list[SectionMark] = []
    crossed: dict[str, int] = {}
    for mark in story:
        if mark.placeholder.sign != "/":
            waiting.append(mark)
            # What is inside is looked through once for each section around it.
            if len(waiting) > TEMPLATE_SECTIONS.most:
                raise BadTemplate(_("the file has too much in it: {told}").format(told=TEMPLATE_SECTIONS.told))
            continue
        at = next((n for n in range(len(waiting) - 1, -1, -1) if waiting[n].name == mark.name), None)
        if at is not None:
            # What was opened since then is closed later, or never.
            for one in waiting[at + 1 :]:
                faults.append((one, UNCLOSED))
                crossed[one.name] = len(faults) - 1
            yield waiting[at], mark
            del waiting[at:]
        elif mark.name in crossed:
            place = crossed.pop(mark.name)
            faults[place] = (faults[place][0], CROSSED)
        else:
            faults.append((mark, UNOPENED))
    faults.extend((one, UNCLOSED) for one in waiting)


def _outermost(found: list[SectionSpan]) -> list[SectionSpan]:
    """Without those inside another one."""
    kept: list[SectionSpan] = []
    for span in sorted(found, key=lambda span: span.begin.place):
        if not kept or span.begin.place > kept[-1].end.place:
            kept.append(span)
    return kept


def all_faults(root: XmlNode) -> list[tuple[SectionMark, str]]:
    """Every mark of a part that is at fault, with what is said of it."""
    return [(mark, _(said).format(mark=shown(mark.placeholder))) for mark, said in spans(list(root))[1]]


def _between(begin: SectionMark, end: SectionMark) -> SectionSpan | None:
    """The section between two marks; None where they stand in no one thing that could be repeated."""
    above = {one: child for child, one in _steps(begin.run)}
    for child, holder in _steps(end.run):
        if holder in above:
            return _span(begin, end, holder, above[holder], child)
    return None


def _steps(run: XmlNode) -> Iterator[tuple[XmlNode, XmlNode]]:
    child = run
    for one in run.iterancestors():
        yield child, one
        child = one


def _span(begin: SectionMark, end: SectionMark, holder: XmlNode, first: XmlNode, last: XmlNode) -> SectionSpan | None:
    kinds = {first.tag, last.tag}
    if first is begin.run and last is end.run:
        return SectionSpan(begin, end, holder, first, last)
    if kinds == {words.P} and holder.tag in words.BLOCKS:
        both = first is begin.run.getparent() and last is end.run.getparent()
        return SectionSpan(begin, end, holder, first, last) if both else None
    if kinds == {words.TR}:
        return SectionSpan(begin, end, holder, first, last)
    row, table = holder, holder.getparent()
    if kinds == {words.TC} and row.tag == words.TR and table is not None:
        return SectionSpan(begin, end, table, row, row)
    return None
