"""Placeholders made whole: each in one text of one run, where Word has cut it into several; each mark of a section in a run alone.

The first run's style wins. What stands between the runs (spelling marks, bookmarks) stays. It is done once, to the template: what is
done afterwards need not know how it was cut.
"""

from __future__ import annotations

from bisect import bisect_right
from copy import deepcopy
from itertools import accumulate, pairwise

from tuicrm.documents.docx import words
from tuicrm.documents.docx.bad_template import BadTemplate
from tuicrm.documents.docx.texts import pieces, text_of
from tuicrm.documents.docx.xml import XmlNode
from tuicrm.domain.documents.placeholders import Placeholder, placeholders
from tuicrm.i18n import _
from tuicrm.limits import TEMPLATE_PLACEHOLDERS


def join_placeholders(root: XmlNode) -> None:
    """Make the placeholders of a part whole. Raises BadTemplate where there are too many."""
    room = TEMPLATE_PLACEHOLDERS.most
    for paragraph in list(root.iter(words.P)):
        texts = list(pieces(paragraph))
        told = [text_of(one) for one in texts]
        text = "".join(told)
        if "{" not in text:
            continue
        found = placeholders(text)
        room -= len(found)
        if room < 0:
            raise BadTemplate(_("the file has too much in it: {told}").format(told=TEMPLATE_PLACEHOLDERS.told))
        _join(texts, told, found)
        for piece in texts:
            if piece is not None:
                _settle(piece, found)


def _join(texts: list[XmlNode | None], told: list[str], found: list[Placeholder]) -> None:
    starts = [0, *accumulate(map(len, told))]
    text = "".join(told)
    # From the last to the first: what is before stays where it was.
    for one in reversed(found):
        first, last = bisect_right(starts, one.start) - 1, bisect_right(starts, one.end - 1) - 1
        # A piece without text begins where the next one does.
        if first == last:
            continue
        told[last] = told[last][one.end - starts[last] :]
        told[first] = told[first][: one.start - starts[first]] + text[one.start : one.end]
        for index in range(first + 1, last):
            told[index] = ""
        for index in range(first, last + 1):
            piece = texts[index]
            if piece is not None:
                piece.text = told[index]
                piece.set(words.SPACE, "preserve")


def _settle(piece: XmlNode, found: list[Placeholder]) -> None:
    """What the joining leaves of a piece: nothing, a text, or texts and marks in runs of their own."""
    run = piece.getparent()
    if run is None:
        return
    inside = placeholders(piece.text or "") if piece.text and "{" in piece.text else []
    if inside:
        _unbind(piece)
    if not piece.text and found:
        run.remove(piece)
        if run.tag == words.R and all(child.tag == words.RPR for child in run):
            _remove(run)
    elif run.tag == words.R and any(one.sign for one in inside):
        _part(piece, run, [one for one in inside if one.sign])


def _remove(element: XmlNode) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _part(piece: XmlNode, run: XmlNode, marks: list[Placeholder]) -> None:
    """Cut a run at the marks in one of its texts, so that each has a run alone."""
    text = piece.text or ""
    cuts = sorted({0, len(text), *(place for one in marks for place in (one.start, one.end))})
    behind = list(piece.itersiblings())
    run.remove(piece)
    last = run
    alone = []
    for start, end in pairwise(cuts):
        shown = piece.makeelement(words.T)
        shown.text = text[start:end]
        shown.set(words.SPACE, "preserve")
        last = _run_behind(last, [shown])
        if _is_mark(text[start:end]):
            alone.append(last)
    if behind:
        _run_behind(last, behind)
    if all(child.tag == words.RPR for child in run):
        _remove(run)
    for one in alone:
        _lift(one)


def _run_behind(run: XmlNode, content: list[XmlNode]) -> XmlNode:
    """A run of the same style behind another."""
    made = run.makeelement(words.R)
    style = run.find(words.RPR)
    if style is not None:
        made.append(deepcopy(style))
    made.extend(content)
    run.addnext(made)
    return made


def _is_mark(text: str) -> bool:
    found = placeholders(text)
    return len(found) == 1 and bool(found[0].sign) and found[0].end - found[0].start == len(text)


def mark_of(run: XmlNode) -> Placeholder | None:
    """The mark of a section that a run is."""
    if run.tag != words.R:
        return None
    shown = [child for child in run if child.tag != words.RPR]
    text = shown[0].text if len(shown) == 1 and shown[0].tag == words.T else None
    return placeholders(text)[0] if text and text.startswith("{") and _is_mark(text) else None


def _lift(run: XmlNode) -> None:
    """Bring a mark out of what stands around runs (a link, an insertion), which is parted there."""
    wrapper = run.getparent()
    while wrapper is not None and wrapper.tag in words.WRAPPERS and wrapper.getparent() is not None:
        rest = wrapper.makeelement(wrapper.tag, {str(name): str(value) for name, value in wrapper.attrib.items()})
        rest.extend(list(run.itersiblings()))
        wrapper.addnext(run)
        if len(rest):
            run.addnext(rest)
        if not len(wrapper):
            _remove(wrapper)
        wrapper = run.getparent()


def _unbind(piece: XmlNode) -> None:
    """A content control whose text is filled in shows that text: Word would take it from elsewhere, or for a prompt."""
    for control in piece.iterancestors(words.SDT):
        properties = control.find(words.SDT_PR)
        if properties is not None:
            for one in list(properties.iterchildren(*words.BINDINGS)):
                properties.remove(one)
