"""A template that is open: what it names, where, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from tuicrm.documents.docx import words
from tuicrm.documents.docx.checks import check_parts, stories
from tuicrm.documents.docx.joining import join_placeholders
from tuicrm.documents.docx.package import unpacked
from tuicrm.documents.docx.places import Places
from tuicrm.documents.docx.rows import picture_name
from tuicrm.documents.docx.sections import all_faults, spans
from tuicrm.documents.docx.texts import paragraph_text
from tuicrm.documents.docx.xml import XmlNode, parsed, written
from tuicrm.domain.documents.placeholders import SectionSign, placeholders
from tuicrm.regex import regex

_SHOWN = 80
_WORD = regex(r"\w+")


class Mention(Struct, frozen=True):
    """A placeholder as it stands in a template: where (`table 1, row 2`), and the paragraph's text in short (a picture's name)."""

    name: str
    modifier: str
    sign: SectionSign
    where: str
    text: str
    is_picture: bool = False


class Template(Struct, frozen=True):
    """A template: its parts by their names, with placeholders made whole; those that hold text; and those that name something."""

    parts: Mapping[str, bytes]
    stories: Sequence[str]
    named: Sequence[str]
    is_jinja: bool

    def found(self) -> list[Mention]:
        """All placeholders, in the order in which they stand: the document first, then headers, footers and notes."""
        found = []
        for part in self.named:
            root = parsed(part, self.parts[part])
            places = Places(root, _number(self.stories, part))
            for element in root.iter(words.P, words.DOC_PR):
                if _is_said_before(element):
                    continue
                is_picture = element.tag == words.DOC_PR
                text = picture_name(element) if is_picture else paragraph_text(element)
                named = placeholders(text) if "{" in text else []
                where, shown = (places.where(element), _cut(text)) if named else ("", "")
                found += [Mention(one.name, one.modifier, one.sign, where, shown, is_picture) for one in named]
        return found

    def where_is(self, *spoken: str) -> tuple[str, str]:
        """The first paragraph with braces that has all of these words: where it stands, and its text in short; "" for no such."""
        for part in self.stories:
            root = parsed(part, self.parts[part])
            for element in root.iter(words.P):
                text = paragraph_text(element)
                if "{" in text and set(spoken) <= set(_WORD.findall(text)):
                    return Places(root, _number(self.stories, part)).where(element), _cut(text)
        return "", ""

    def faults(self) -> list[tuple[str, str]]:
        """Sections that are never closed or cross one another: where, and what is wrong."""
        found = []
        for part in self.named:
            root = parsed(part, self.parts[part])
            places = Places(root, _number(self.stories, part))
            faults = [(mark.run, said) for mark, said in all_faults(root) if not _is_said_before(mark.run)]
            found += [(places.where(run), said) for run, said in faults]
        return found

    def pictures(self) -> list[str]:
        """What pictures are named, where that holds a placeholder."""
        roots = [parsed(part, self.parts[part]) for part in self.named]
        names = (picture_name(one) for root in roots for one in root.iter(words.DOC_PR))
        return [name for name in names if name]


def open_template(content: bytes) -> Template:
    """Read a template (.docx). Raises BadTemplate for what is no such, is encrypted, has macros, would fetch something from elsewhere,
    or unpacks to too much.
    """
    parts = unpacked(content)
    told = stories(parts)
    check_parts(parts)
    named, is_jinja = [], False
    for part in told:
        if b"{" not in parts[part].replace(b"\0", b""):
            continue
        root = parsed(part, parts[part])
        join_placeholders(root)
        texts = [paragraph_text(one) for one in root.iter(words.P)]
        is_jinja = is_jinja or any("{{" in text or "{%" in text for text in texts)
        if any(map(placeholders, texts)) or any(map(picture_name, root.iter(words.DOC_PR))):
            spans(list(root))
            named.append(part)
            parts[part] = written(root)
    return Template(parts, told, named, is_jinja)


def _is_said_before(element: XmlNode) -> bool:
    """Whether it stands in what older programs show in the place of what stands before it: a text box has its text twice."""
    return next(element.iterancestors(words.FALLBACK), None) is not None


def _number(stories: Sequence[str], part: str) -> int:
    """The how manyeth of its kind a part is."""
    alike = [one for one in stories if _without_digits(one) == _without_digits(part)]
    return alike.index(part) + 1


def _without_digits(name: str) -> str:
    return "".join(letter for letter in name if not letter.isdigit())


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
