"""Templates of documents at their limits: what `tests/limit_cases.py` tries."""

from __future__ import annotations

from collections.abc import Callable
from zipfile import ZIP_STORED

from tests.documents.docx import making
from tests.limit_makers import Act, Where
from tuicrm.documents.docx.filling import fill
from tuicrm.documents.docx.template import open_template

NO_TEXT = making.parts_of("")
UNPACKED, PARTS = sum(map(len, NO_TEXT.values())), len(NO_TEXT)
FILE = len(making.zipped({**NO_TEXT, "word/a.png": b""}, ZIP_STORED))
"""How large a template with nothing in it is."""


def template_file(more: Callable[[int], dict[str, int]]) -> Callable[[Where, int], Act]:
    """A template with further parts, of so many bytes each."""

    def ready(_at: Where, n: int) -> Act:
        parts = {**NO_TEXT, **{name: bytes(size) for name, size in more(n).items()}}
        content = making.zipped(parts, ZIP_STORED)
        return lambda: open_template(content)

    return ready


def template_part(body: Callable[[int], str]) -> Callable[[Where, int], Act]:
    """A template with that body."""

    def ready(_at: Where, n: int) -> Act:
        content = making.template(body(n))
        return lambda: open_template(content)

    return ready


XML = len(making.parts_of(making.p(""))["word/document.xml"])


def tagged_template(_at: Where, n: int) -> Act:
    own = sum(map(NO_TEXT["word/document.xml"].count, (b"<", b"=")))
    content = making.template("<w:p/>" * (n - own))
    return lambda: open_template(content)


def repeated_paragraphs(_at: Where, n: int) -> Act:
    """The first of what repeats is the template's own."""
    content = making.template(making.p("{#Rows}") + "<w:p/>" + making.p("{/Rows}"))
    return lambda: fill(open_template(content), making.Values({"Rows": [{}] * (n + 1)}))
