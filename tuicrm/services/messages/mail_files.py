"""Files of a mail that is being written: contents that are made here, such as documents, beside those that lie on disk."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from tuicrm.domain.messages.message import MessageFile
from tuicrm.regex import regex
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.writing import attached, refuse_too_much

_DOCUMENT = regex(r"(doc-?\d{1,18})(\.pdf)?", 2)
"""How documents are named among files (2: whatever the case)."""


def kept_file(session: Session, name: str, content: bytes) -> MessageFile:
    """A content kept, to go along with a mail. Raises StorageError."""
    return MessageFile(session.store.blobs.put(BytesIO(content)), name, len(content))


def with_files(present: Sequence[MessageFile], more: Sequence[MessageFile]) -> list[MessageFile]:
    """Files and others, each content under its name once. Raises Refused where they are too much for one mail."""
    found = list(dict.fromkeys((*present, *more)))
    refuse_too_much(found)
    return found


def attachments(session: Session, words: Sequence[str], pdfs: Sequence[str] = ()) -> list[MessageFile]:
    """What goes along, as it is typed: paths of files, documents (`DOC-3`, `DOC-3.pdf`), and documents as PDF (`pdfs`). What looks
    like a document is one; a file of that name has its folder said (`./DOC-3`).

    Raises Refused, NotFound, AccessDenied, StorageError."""
    found: list[MessageFile] = []
    for word in words:
        named = _DOCUMENT.fullmatch(word.strip())
        found += [document_file(session, named[1], pdf=bool(named[2]))] if named else attached(session, [Path(word)])
    found += [document_file(session, word, pdf=True) for word in pdfs]
    refuse_too_much(found)
    return found


def document_file(session: Session, ref: str, *, pdf: bool = False) -> MessageFile:
    """A document made here, as it is or as a PDF (made where it was not yet). Raises NotFound, AccessDenied, Refused, Damaged."""
    from tuicrm.services.documents import reading, versions

    document = reading.find_document(session, ref)
    content = (versions.pdf if pdf else reading.content)(session, document)
    return kept_file(session, reading.file_name(document, "pdf" if pdf else "docx"), content)


def content_of_file(session: Session, file: MessageFile) -> bytes:
    """What a file holds. Raises NotFound, Damaged, StorageError."""
    with session.store.blobs.open(file.blob) as kept:
        return kept.read()
