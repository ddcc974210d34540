"""Handing a number over: to the program of a desktop that dials, to a command of the person's own, to the phone in the hand."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from tuicrm.channels import links, programs
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.traits import Traits
from tuicrm.errors import Refused, UsageError
from tuicrm.i18n import _
from tuicrm.login import comer
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.reaching import Reached, messenger

WAYS = (*links.CALL_SCHEMES, "command")
"""How a number is dialled: by a link that the desktop opens, or by the person's own command."""
APPS = ("whatsapp", "telegram")
_MOBILE = "mobile"


def prefer_for(app: str) -> str:
    """The sort of number that is taken first: an app lives on a mobile."""
    return _MOBILE if app else ""


def code_of(session: Session, to: Reached, named: str, app: str = "", text: str = "") -> tuple[str, str]:
    """The link that a phone opens, and what a QR code says of it: a call, or a first word in an app.

    `named` is what was asked for (a ref or a number). Raises Refused where the number does not do, UsageError for an unknown app."""
    if not app:
        if text:
            raise UsageError(_("A call takes no text: name an app with --app."))
        return links.call_link(to.number), links.call_code(to.number)
    if app == "whatsapp":
        link = links.whatsapp_link(to.number, text)
    elif app == "telegram":
        link = links.telegram_link(messenger(session, named, app) or to.number, text)
    else:
        raise UsageError(_("There is no app {name}; choose from: {known}").format(name=app, known=", ".join(APPS)))
    return link, link


def call_code(number: str) -> str:
    """What a QR code says so that a phone calls a number. Raises Refused where the number does not do."""
    return links.call_code(number)


def field_code(traits: Traits, value: str) -> tuple[str, str]:
    """The link of a value of a field, and what a QR code says of it: a phone calls, an address is written to, a page is opened.

    Raises Refused where the value leads nowhere."""
    if traits.is_phone:
        return links.call_link(value), links.call_code(value)
    link = links.mail_link(value) if traits.is_email else links.page_link(value)
    return link, link


def has_code(traits: Traits) -> bool:
    """Whether values of such a field lead somewhere."""
    return traits.is_phone or traits.is_email or traits.is_website or traits.is_link


def dial(number: str, way: str, command: str, environ: Mapping[str, str]) -> str:
    """Dial a number; returns what was handed over. `way` "" is the person's command where there is one, else `tel`.

    Raises Refused where no desktop is, UsageError for an unknown way, StorageError where a program fails."""
    way = way or ("command" if command else "tel")
    if way not in WAYS:
        raise UsageError(
            _("There is no way to dial {name}; choose from: {known}").format(name=way, known=", ".join(WAYS))
        )
    if way == "command":
        if not command:
            raise Refused(_('config.toml names no call_command, such as call_command = "linphonecsh dial {}".'))
        said = links.dialled(number)
        programs.run_command(programs.read_command(command, "call_command"), said)
        return said
    link = links.call_link(number, way)
    programs.run_command([_opener(environ)], link)
    return link


def open_link(link: str, environ: Mapping[str, str]) -> None:
    """Have the desktop open a link of ours. Raises Refused where no desktop is, StorageError where its program fails."""
    programs.run_command([_opener(environ)], link)


def has_desktop(environ: Mapping[str, str]) -> bool:
    """Whether a desktop is here whose programs dial."""
    try:
        _opener(environ)
    except Refused:
        return False
    return True


def _opener(environ: Mapping[str, str]) -> str:
    """The desktop's own program that opens links. Raises Refused where no desktop is, as over SSH."""
    # The desktop of a server is not that of who came in through the front.
    if comer() is None and sys.platform == "darwin":
        return "open"
    if comer() is None and sys.platform != "win32" and (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        return "xdg-open"
    raise Refused(
        _(
            "No desktop is here that could dial: `tuicrm call qr` shows the number to your phone, "
            "call_command in config.toml runs a program."
        )
    )


def shown_on(session: Session, on: tuple[Ref, ...]) -> list[str]:
    """Refs as people read them."""
    return [session.workspace.show_ref(ref) for ref in on]
