"""Files of a mail that is being written: contents that are made here, such as documents, beside those that lie on disk."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from tuicrm.domain.messages.message import MessageFile
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.writing import refuse_too_much


def kept_file(session: Session, name: str, content: bytes) -> MessageFile:
    """A content kept, to go along with a mail. Raises StorageError."""
    return MessageFile(session.store.blobs.put(BytesIO(content)), name, len(content))


def with_files(present: Sequence[MessageFile], more: Sequence[MessageFile]) -> list[MessageFile]:
    """Files and others, each content under its name once. Raises Refused where they are too much for one mail."""
    found = list(dict.fromkeys((*present, *more)))
    refuse_too_much(found)
    return found


def content_of_file(session: Session, file: MessageFile) -> bytes:
    """What a file holds. Raises NotFound, Damaged, StorageError."""
    with session.store.blobs.open(file.blob) as kept:
        return kept.read()
