"""Who the process belongs to: what the door asks, and what a script is asked that goes past it; and where people are at home."""

from __future__ import annotations

import os
from pathlib import Path

from tuicrm.errors import Refused
from tuicrm.i18n import _


def system_login() -> str:
    """The system's user, by the process and not by the environment: `LOGNAME=boss tuicrm` must not make one the boss."""
    try:
        import pwd
    except ImportError:  # Windows
        import getpass

        return getpass.getuser()
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a container's user without an entry
        return f"uid{uid}"


def at_home(path: str | os.PathLike[str]) -> Path:
    """A path as somebody typed it, with `~` and `~name` read. Raises Refused for the home of somebody who is not known here."""
    try:
        return Path(path).expanduser()
    except RuntimeError as unknown:
        told = _("{path}: there is no such user here; ./{path} names a file that is called so").format(
            path=os.fspath(path)
        )
        raise Refused(told) from unknown
