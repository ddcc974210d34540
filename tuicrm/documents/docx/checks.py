"""What a template may not hold: macros, and what a program that opens the document would fetch from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tuicrm.documents.docx import words
from tuicrm.documents.docx.bad_template import BadTemplate
from tuicrm.documents.docx.relations import (
    HYPERLINK,
    MAIN,
    STRICT_MAIN,
    WORD,
    content_types,
    links,
    owner_of,
)
from tuicrm.documents.docx.xml import XmlNode, parsed
from tuicrm.i18n import _
from tuicrm.regex import regex

_CLICKED = regex(r"(?:https?|mailto|tel|sms|ftp):|#|(?!/)[^:\\]*$")
_FETCHING = regex(
    r"\s*(?:INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|LINK|DDE|DDEAUTO|DATABASE|RD|MACROBUTTON|IMPORTDATA)\b(.*)",
    2,
)
_ELSEWHERE = regex(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]+:|[/\\]{2})")
_VML = "{urn:schemas-microsoft-com:vml}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_KINDS = tuple(WORD + name for name in ("header+xml", "footer+xml", "footnotes+xml", "endnotes+xml", "comments+xml"))


def stories(parts: Mapping[str, bytes]) -> list[str]:
    """The parts that hold text, the document itself first. Raises BadTemplate where that is no document of Word without macros."""
    types = content_types(parts)
    for name, kind in types.items():
        if "macro" in kind.lower() or kind.startswith("application/vnd.ms-office.vba") or "vbaProject" in name:
            raise BadTemplate(_("the file has macros: save it as .docx, without them"))
    main = ""
    for one in links(parts, ""):
        if one.kind == STRICT_MAIN:
            raise BadTemplate(_("the file is Strict Open XML: save it as an ordinary Word document (.docx)"))
        if one.kind == MAIN and not one.external:
            main = one.target
    kind = types.get(main, "")
    if kind == f"{WORD}template.main+xml":
        raise BadTemplate(_("this is a template of Word (.dotx): save it as .docx"))
    if kind != f"{WORD}document.main+xml":
        raise BadTemplate(_("this is not a Word document (.docx)"))
    others = sorted(
        (name for name, kind in types.items() if kind in _KINDS), key=lambda name: _place(name, types[name])
    )
    return [main, *others]


def _place(name: str, kind: str) -> tuple[int, int, str]:
    return _KINDS.index(kind), len(name), name


def check_parts(parts: Mapping[str, bytes]) -> None:
    """Raise BadTemplate for XML that is none, for parts that are missing, and for what would be fetched."""
    for name in parts:
        if name.endswith(".rels"):
            _check_links(parts, owner_of(name))
        elif name.endswith(".xml") and not name.startswith("customXml/"):
            _check_part(parsed(name, parts[name]))
        elif name.endswith(".xml"):
            parsed(name, parts[name])


def _check_links(parts: Mapping[str, bytes], part: str) -> None:
    for one in links(parts, part):
        if one.external and not (one.kind == HYPERLINK and _CLICKED.match(one.target)):
            kind = one.kind.rpartition("/")[2]
            raise BadTemplate(
                _(
                    "the file would fetch something from elsewhere ({kind}: {target}): put it into the file itself"
                ).format(kind=kind, target=_cut(one.target))
            )
        if one.kind.endswith("/aFChunk"):
            raise BadTemplate(_("the file holds another one (altChunk): put its text into the file itself"))
        if not one.external and not one.target.startswith("#") and one.target not in parts:
            raise BadTemplate(_("the file is damaged: {part} is missing").format(part=_cut(one.target)))


def _check_part(root: XmlNode) -> None:
    for instruction in _instructions(root):
        fetching = _FETCHING.match(instruction)
        if fetching:
            raise BadTemplate(
                _("a field would fetch something from elsewhere ({field}): put it into the file itself").format(
                    field=_cut(instruction.strip())
                )
            )
    for element in root.iter(f"{_VML}imagedata", f"{_VML}fill", f"{_VML}stroke"):
        for place in ("src", f"{_OFFICE}href", f"{_OFFICE}althref"):
            if _ELSEWHERE.match(element.get(place, "")):
                raise BadTemplate(
                    _(
                        "the file would fetch something from elsewhere ({kind}: {target}): put it into the file itself"
                    ).format(kind="image", target=_cut(element.get(place, "")))
                )


def _instructions(root: XmlNode) -> Iterator[str]:
    """What the fields are told to do: a simple one in its attribute, another in pieces between its marks."""
    open_ones: list[list[str]] = []
    for element in root.iter(words.FIELD, words.FIELD_CHAR, words.INSTRUCTION):
        if element.tag == words.FIELD:
            yield element.get(words.FIELD_TEXT, "")
        elif element.tag == words.INSTRUCTION:
            if not open_ones:
                open_ones.append([])
            open_ones[-1].append(element.text or "")
        elif element.get(words.FIELD_CHAR_TYPE) == "begin":
            open_ones.append([])
        elif element.get(words.FIELD_CHAR_TYPE) == "end" and open_ones:
            yield "".join(open_ones.pop())
    for left in open_ones:
        yield "".join(left)


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
