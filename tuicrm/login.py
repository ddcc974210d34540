"""Who the process belongs to: what the door asks, and what a script is asked that goes past it."""

from __future__ import annotations

import os


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
