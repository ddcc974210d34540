"""Why a file cannot be a template."""

from __future__ import annotations

from tuicrm.errors import Refused


class BadTemplate(Refused):
    """The file is no .docx that can be filled; the message says why, in plain words."""
