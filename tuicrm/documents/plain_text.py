"""Plain texts as templates: the placeholders and sections of documents in a mail's text or an SMS, filled by the same resolver.

A section's mark that stands alone on a line takes the line with it, so that nothing is left of what falls away. What is filled in is
no part of the template, and is not looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tuicrm.documents.docx.resolver import Resolver
from tuicrm.documents.docx.row_scopes import RowsAt, RowScopes
from tuicrm.domain.documents.placeholders import UNCLOSED, UNOPENED, Placeholder, placeholders, shown
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.limits import TEMPLATE_SECTIONS

_STEPS = 100_000
"""Pieces that one text is put together of at most: rows in rows grow fast."""


class TextPiece(Struct, frozen=True):
    """A part of a template: a text as it stands (`mark` None), a placeholder, or a section with what is inside."""

    text: str = ""
    mark: Placeholder | None = None
    inside: Sequence[TextPiece] = ()


class TextFault(Struct, frozen=True):
    """A mark of a section without its other end: in which line (from 1), and what is said of it."""

    line: int
    message: str


class PlainTemplate(Struct, frozen=True):
    """A text taken apart once; `faults` are marks that stay text."""

    pieces: Sequence[TextPiece]
    faults: Sequence[TextFault] = ()


class TextTooLong(Refused):
    """What a template becomes is more than may be kept."""


def read_template(text: str) -> PlainTemplate:
    """A text taken apart. Raises Refused for sections too deep in each other."""
    every = placeholders(text)
    pairs, alone = _pairs(every)
    faults = [
        TextFault(
            text.count("\n", 0, one.start) + 1, _(UNOPENED if one.sign == "/" else UNCLOSED).format(mark=shown(one))
        )
        for one in alone
    ]
    known = [one for one in every if one not in alone]
    pieces, _at = _inside(text, known, 0, 0, len(text), pairs)
    return PlainTemplate(pieces, faults)


def fill_text(template: PlainTemplate, resolver: Resolver, most: int) -> str:
    """The text that a template becomes. Raises TextTooLong for more than `most` letters."""
    filling = _TextFilling(resolver, most)
    filling.put(template.pieces, {})
    return "".join(filling.done)


def _pairs(every: Sequence[Placeholder]) -> tuple[dict[int, Placeholder], list[Placeholder]]:
    """The end of each section by where it begins, and the marks without another end."""
    waiting: list[Placeholder] = []
    pairs: dict[int, Placeholder] = {}
    alone: list[Placeholder] = []
    for mark in (one for one in every if one.sign):
        if mark.sign != "/":
            waiting.append(mark)
            if len(waiting) > TEMPLATE_SECTIONS.most:
                raise Refused(_("the text has too much in it: {told}").format(told=TEMPLATE_SECTIONS.told))
            continue
        at = next((n for n in range(len(waiting) - 1, -1, -1) if waiting[n].name == mark.name), None)
        if at is None:
            alone.append(mark)
        else:
            alone += waiting[at + 1 :]
            pairs[waiting[at].start] = mark
            del waiting[at:]
    return pairs, sorted([*alone, *waiting], key=lambda one: one.start)


def _inside(
    text: str, known: Sequence[Placeholder], at: int, begin: int, end: int, pairs: dict[int, Placeholder]
) -> tuple[list[TextPiece], int]:
    """What stands between two places, of which the placeholders from `at` on are a part; and the first that is behind."""
    pieces: list[TextPiece] = []
    while at < len(known) and known[at].start < end:
        one = known[at]
        if not one.sign:
            pieces += [TextPiece(text[begin : one.start]), TextPiece(mark=one)]
            begin, at = one.end, at + 1
            continue
        last = pairs[one.start]
        before, first = _mark_alone(text, one)
        until, after = _mark_alone(text, last)
        within, at = _inside(text, known, at + 1, first, until, pairs)
        pieces += [TextPiece(text[begin:before]), TextPiece(mark=one, inside=within)]
        begin, at = max(after, begin), at + 1
    return [one for one in [*pieces, TextPiece(text[begin:end])] if one.text or one.mark], at


def _mark_alone(text: str, mark: Placeholder) -> tuple[int, int]:
    """Where a mark begins and ends; with its line, where nothing else stands on it."""
    begin = text.rfind("\n", 0, mark.start) + 1
    end = text.find("\n", mark.end)
    end = len(text) if end < 0 else end + 1
    alone = not (text[begin : mark.start] + text[mark.end : end]).strip()
    return (begin, end) if alone else (mark.start, mark.end)


class _TextFilling:
    """One text while it is put together."""

    def __init__(self, resolver: Resolver, most: int) -> None:
        self.done: list[str] = []
        self._scopes = RowScopes(resolver)
        self._most, self._room, self._steps = most, most, _STEPS

    def put(self, pieces: Sequence[TextPiece], scope: RowsAt) -> None:
        for one in pieces:
            if one.mark is None:
                self._add(one.text)
            elif not one.mark.sign:
                self._add(self._scopes.text(one.mark, scope))
            else:
                for each in self._scopes.of_section(one.mark, scope):
                    self._steps -= 1
                    self.put(one.inside, each)

    def _add(self, text: str) -> None:
        self.done.append(text)
        self._room -= len(text)
        self._steps -= 1
        if self._room < 0 or self._steps < 0:
            raise TextTooLong(_("the text becomes too long: at most {n} characters are expected").format(n=self._most))
