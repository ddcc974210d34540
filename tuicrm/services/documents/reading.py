"""Documents as they stand: which an item has, what each says, and its file, as far as a person may read them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec
from msgspec import Struct

from tuicrm.domain.conditions import Sort
from tuicrm.domain.documents import document
from tuicrm.domain.documents.document import DocumentRecord, DocVersion
from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, NotFound
from tuicrm.i18n import _
from tuicrm.services.documents.document_rights import why_closed
from tuicrm.services.kernel.reader import DOCUMENTS
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Ordered, Record

_LONGEST = 120
"""Characters of a file's name."""
_UNFIT = frozenset('/\\:*?"<>|')


class Document(Struct, frozen=True):
    """A document as a person may see it: its ref (`DOC-12`), the item it hangs on (`D-7`), and why its file may not be read ("" where
    it may): then `values` and `overrides` of the record are empty."""

    ref: str
    on: str
    record: DocumentRecord
    closed: str = ""


def documents(session: Session, ref: Ref) -> list[Document]:
    """The documents of an item, newest first; [] where it may not be read."""
    return [_seen(session, record) for record in reversed(session.owned(DOCUMENTS, ref))]


def newest(session: Session, n: int) -> list[Document]:
    """The newest documents of all items, so many at most, as far as they may be read."""
    found = []
    order = Ordered(DOCUMENTS, None, (Sort("id", "integer", descending=True),))
    for number in session.store.window(order, n).ids:
        with suppress(NotFound):
            found.append(by_id(session, number))
    return found


def find_document(session: Session, text: str) -> Document:
    """A document by its ref (`DOC-12`, `12`). Raises NotFound, in the same words whether there is no such or it may not be read."""
    number = document.read_ref(text)
    if number:
        return by_id(session, number)
    raise NotFound(_("{text} is not a ref of a document; one looks like DOC-12.").format(text=text))


def by_id(session: Session, number: int) -> Document:
    """The same by its id. Raises NotFound."""
    try:
        return _seen(session, session.record(DOCUMENTS, number))
    except NotFound:
        raise NotFound(_("There is no document {ref}.").format(ref=document.show_ref(number))) from None


def _seen(session: Session, record: Record) -> Document:
    made = document.read(record.id, record.doc)
    on = session.workspace.show_ref(made.owner) if made.owner is not None else ""
    closed = next(filter(None, (why_closed(session, one) for one in made.versions[-1:])), "")
    if closed:
        made = msgspec.structs.replace(made, values={}, overrides={})
    return Document(document.show_ref(record.id), on, made, closed)


def template_of(session: Session, found: Document) -> DocTemplate | None:
    """The template that it was made of, retired and deleted ones too; None for one that is gone."""
    return session.workspace.doc_templates.get(found.record.template)


def version_of(session: Session, found: Document, n: int = 0) -> DocVersion:
    """A version (the newest for 0) that this person may read. Raises NotFound, AccessDenied."""
    version = found.record.version(n) if n else found.record.newest
    if version is None or not version.blob:
        raise NotFound(_("{ref} has no version {n}.").format(ref=found.ref, n=n))
    if reason := why_closed(session, version):
        raise AccessDenied(f"{found.ref}: {reason}")
    return version


def content(session: Session, found: Document, n: int = 0) -> bytes:
    """The file (.docx) of a version, the newest for 0. Raises NotFound, AccessDenied, Damaged."""
    with session.store.blobs.open(version_of(session, found, n).blob) as file:
        return file.read()


def file_name(found: Document, ending: str = "docx") -> str:
    """What its file is called: the title without what file systems do not take."""
    plain = "".join(" " if c in _UNFIT or not c.isprintable() else c for c in found.record.title)
    words = " ".join(plain.split()).strip(". ")[:_LONGEST].strip()
    return f"{words or found.ref}.{ending}"


def plain(session: Session, found: Document, *, values: bool = False) -> dict[str, Any]:
    """A document as JSON tells it; with its values when asked for, and where the person may read them."""
    record, template = found.record, template_of(session, found)
    told: dict[str, Any] = {
        "ref": found.ref,
        "on": found.on,
        "title": record.title,
        "number": record.number,
        "template": record.template,
        "template_name": template.label if template is not None else None,
        "at": record.at,
        "by": record.by,
        "language": record.language,
        "stamps": record.stamps,
        "closed": found.closed or None,
        "version": record.newest.n,
        "size": record.newest.size,
        "versions": [_plain_version(session, one, record.pdfs) for one in record.versions],
    }
    if values:
        told |= {"values": record.values, "overrides": record.overrides}
    return told


def _plain_version(session: Session, one: DocVersion, pdfs: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {"n": one.n, "at": one.at, "by": one.by, "how": one.how, "size": one.size}
    return {**told, "pdf": one.blob in pdfs, "closed": why_closed(session, one) or None}
