"""Where a person's calendar lies on a server, and how they log in there. The address and the user are kept in the workspace; the
password never is, and stands on no command line: it comes from the environment, a command, or the keyring of the system."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from msgspec import Struct

from tuicrm.channels.secrets import first_line
from tuicrm.errors import AccessDenied, UsageError
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences

PASSWORD, COMMAND = "TUICRM_CALDAV_PASSWORD", "TUICRM_CALDAV_COMMAND"
SERVICE = "tuicrm-caldav"
"""What the password stands under in a keyring, with `user@address` for the user."""
_PATIENCE = 60
_KEYS = ("url", "user", "calendar", "on")


class CalendarAccount(Struct, frozen=True):
    """The address of a server or of a calendar on it, the user there, the calendar's name ("" where the address says it), and the ref
    of the item for events whose people reach no contact."""

    url: str
    user: str = ""
    calendar: str = ""
    on: str = ""


def account(session: Session) -> CalendarAccount | None:
    """The one that was kept; None for none yet."""
    found = {key: preferences.own_choice(session, f"caldav_{key}") for key in _KEYS}
    return CalendarAccount(**found) if found["url"] else None


def keep_account(session: Session, kept: CalendarAccount) -> None:
    """Remember it, for this person."""
    before = account(session)
    for key in _KEYS:
        if before is None or getattr(before, key) != getattr(kept, key):
            preferences.choose_own(session, f"caldav_{key}", getattr(kept, key))


def password_of(kept: CalendarAccount, environ: Mapping[str, str] = os.environ) -> str:
    """The password. Raises UsageError where none is found, AccessDenied where the command fails."""
    if password := environ.get(PASSWORD):
        return password
    if command := environ.get(COMMAND):
        return _answer(command)
    if password := _from_keyring(kept):
        return password
    told = _(
        "The password is not known: set {command} (a command that prints it), {password}, or keep it in the keyring: "
        "keyring set {service} {name}"
    )
    raise UsageError(told.format(command=COMMAND, password=PASSWORD, service=SERVICE, name=keyring_name(kept)))


def keyring_name(kept: CalendarAccount) -> str:
    """What the password of an account is kept under in a keyring."""
    return f"{kept.user}@{kept.url}"


def _answer(command: str) -> str:
    """The first line that a command prints. It is run as it stands, through no shell."""
    try:
        return first_line(command, _PATIENCE)
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        raise AccessDenied(_("{command} gives no password: {why}").format(command=COMMAND, why=problem)) from problem


def _from_keyring(kept: CalendarAccount) -> str:
    """The password in the system's keyring; "" where there is no such one, or no keyring."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(SERVICE, keyring_name(kept)) or ""
    except (KeyringError, RuntimeError, OSError):
        return ""
