"""A text written in the person's own editor ($VISUAL, $EDITOR), which has the terminal meanwhile."""

from __future__ import annotations

import os

from textual.app import App, SuspendNotSupported

from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.services.workspace.own_editors import editor_command, written_in


def edited(app: App[object], text: str) -> str | None:
    """The text as it was left in the editor; None where that failed. The screens stand aside meanwhile.

    Raises Refused where there is no editor, or no terminal to hand over (in a browser); StorageError."""
    if app.is_web:
        raise Refused(_("In the browser there is no terminal for an editor."))
    command = editor_command(os.environ)
    try:
        with app.suspend():
            return written_in(command, text)
    except SuspendNotSupported as error:
        raise Refused(_("This terminal cannot be handed to an editor.")) from error
