"""Who the process belongs to: what the door asks, and what a script is asked that goes past it; and where people are at home."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

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


class Comer(NamedTuple):
    """Somebody who came in through the front (SSH, a browser) on an account that is nobody's own: who (a person's key), by which of
    their keys (its fingerprint), from where."""

    person: str
    key: str = ""
    whence: str = ""


_came: list[Comer] = []


def come_in(who: Comer | None) -> None:
    """This process works for them from now on, and nothing of the account that it runs on is theirs; None for its own user again."""
    _came[:] = [who] if who is not None else []


def comer() -> Comer | None:
    """Who came in through the front; None where the process is its own user's."""
    return _came[0] if _came else None


def refuse_here(what: str = "") -> None:
    """Raise Refused where somebody came in through the front: files and programs of the server are not theirs."""
    if _came:
        told = _(
            "Files of the server cannot be named from where you come in: use - for what you send and get through ssh."
        )
        raise Refused(what or told)


def at_home(path: str | os.PathLike[str], *, own: bool = False) -> Path:
    """A path as somebody typed it, with `~` and `~name` read; `own` where it is the program's or the server's own and nobody typed it
    now. Raises Refused for the home of somebody who is not known here, and for any path where somebody came in through the front."""
    if not own:
        refuse_here()
    try:
        return Path(path).expanduser()
    except RuntimeError as unknown:
        told = _("{path}: there is no such user here; ./{path} names a file that is called so").format(
            path=os.fspath(path)
        )
        raise Refused(told) from unknown
