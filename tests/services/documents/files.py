"""Templates to make documents of, and what the documents say."""

from __future__ import annotations

import io
from typing import Any

import docx

from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.domain.items import Ref
from tuicrm.services.documents import making, reading, templates
from tuicrm.services.documents.reading import Document
from tuicrm.services.documents.templates import TemplateDetails
from tuicrm.services.kernel.session import Session

D1, D2, D3, L1, CO1 = Ref("deal", 1), Ref("deal", 2), Ref("deal", 3), Ref("lead", 1), Ref("company", 1)
OFFER = ("No. {DocumentNumber}", "{Title}", "{Amount}")


def file_of(*paragraphs: str) -> bytes:
    """A Word file that says this."""
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def said_in(content: bytes) -> list[str]:
    """The paragraphs of a Word file."""
    return [one.text for one in docx.Document(io.BytesIO(content)).paragraphs if one.text]


def add(
    session: Session, *paragraphs: str, label: str = "Offer", types: tuple[str, ...] = ("deal",), **said: Any
) -> DocTemplate:
    """A template of these paragraphs (OFFER without)."""
    details = TemplateDetails(label, types)._replace(**said)
    return templates.add_template(session, file_of(*(paragraphs or OFFER)), details)


def make(session: Session, ref: Ref = D1, template: str = "offer", **said: str) -> Document:
    """A document of an item."""
    return making.make(session, making.plan(session, ref, session.workspace.doc_templates[template], said))


def says(session: Session, found: Document, n: int = 0) -> list[str]:
    """What a document's file says."""
    return said_in(reading.content(session, found, n))
