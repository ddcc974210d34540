"""Files of an activity: kept by the store like those of a file field."""

from __future__ import annotations

from typing import Any

from tuicrm.domain.schema import Field
from tuicrm.services.items import attachments
from tuicrm.services.kernel.session import Session

_FILES = Field("files", "file", "Files", many=True)


def take(session: Session, text: str, present: object = None) -> list[Any]:
    """The files of typed lines: a name that is there already stays, a path is taken in. Raises BadValue, StorageError."""
    return list(attachments.take(session, _FILES, text, present) or ())


def check(text: str, present: object = None) -> str:
    """What is understood of typed lines, reading nothing. Raises BadValue."""
    return attachments.check(_FILES, text, present)


def shown(value: object) -> str:
    """Files as an editor offers them: a name a line."""
    return attachments.shown(value)
