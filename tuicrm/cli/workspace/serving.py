"""Somebody who came in by SSH: the environment put away, then the program on their terminal, or the one command they asked for."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import MutableMapping

from tuicrm.errors import Refused, UsageError
from tuicrm.i18n import _
from tuicrm.login import Comer, come_in

_KEPT = ("TERM", "TZ", "LANG", "COLORTERM", "PATH", "HOME", "USER", "LOGNAME", "SHELL", "SSH_CONNECTION", "SSH_TTY")
"""What is kept of the environment, beside LC_…: the terminal's ways of theirs, and the account's own."""
_OURS = ("tuicrm", "crm")
"""What people put before a command out of habit."""


def serve(place: str, person: str, key: str) -> int:
    """Work for a person who came in by a key of theirs; the exit code. Raises AccessDenied for who is gone, and a key that was taken
    away; Refused for what is no command."""
    asked = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    whence = os.environ.get("SSH_CONNECTION", "").partition(" ")[0]
    put_away(os.environ, place)
    who = Comer(person, key, whence)
    come_in(who)
    try:
        words = words_of(asked)
        _noted(place, who, words)
        if not words:
            return _on_screen(place)
        from tuicrm.cli.run import run

        return run(words)
    finally:
        come_in(None)


def put_away(environ: MutableMapping[str, str], place: str) -> None:
    """Leave of an environment what a terminal needs, and say where the workspace is."""
    kept = {name: value for name, value in environ.items() if name in _KEPT or name.startswith("LC_")}
    environ.clear()
    environ.update(kept)
    environ["TUICRM_DATA"] = place


def words_of(asked: str) -> list[str]:
    """The words of a command as a shell reads them; [] for the program itself. Raises Refused."""
    try:
        words = shlex.split(asked)
    except ValueError as wrong:
        raise Refused(_("This is not a command that can be read: {why}").format(why=wrong)) from wrong
    return words[1:] if words and words[0] in _OURS else words


def _noted(place: str, who: Comer, words: list[str]) -> None:
    from tuicrm.services.workspace.logins import note
    from tuicrm.services.workspace.start import open_session

    session = open_session(place)
    try:
        note(session, who, " ".join(words[:2]))
    finally:
        session.close()


def _on_screen(place: str) -> int:
    from tuicrm.capable import has_screen

    if not (sys.stdin.isatty() and sys.stdout.isatty() and has_screen()):
        raise UsageError(_("tuicrm needs a terminal: ssh -t, or name a command: ssh … deal list"))
    from tuicrm.app import open_workspace

    return open_workspace(place)
