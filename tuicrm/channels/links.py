"""Links that hand a number or a name over to another program: `tel:`, `sip:`, `callto:`, WhatsApp's and Telegram's.

Numbers come in their compared or stored form (`+390255550142;ext=7`). What people typed never gets into a link as it is: digits and a
plus alone, names by their letters, texts percent-encoded.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.regex import regex

CALL_SCHEMES = ("tel", "sip", "callto")
"""Links by which a desktop's program dials."""

_NAME = regex(r"[A-Za-z][A-Za-z0-9_]{3,31}")
"""A name of Telegram's."""
_PAGE = regex(
    r"(?:https?://)?[^\s:/\x00-\x1f\x7f-\x9f\"<>@]+(?::[0-9]{1,5})?(?:[/?#][^\s\x00-\x1f\x7f-\x9f\"<>]*)?",
    re.IGNORECASE,
)
"""A web page: the name of a host, and what follows it."""
_HOSTS = regex(r"(?:https?://)?(?:www\.)?(?:t|telegram)\.me/", re.IGNORECASE)


def call_link(number: str, scheme: str = "tel") -> str:
    """`tel:+390255550142;ext=7` (RFC 3966); of other schemes the number alone. Raises Refused for what has no digits."""
    main, extension = _dialled(number)
    return f"{scheme}:{main}" + (f";ext={extension}" if extension and scheme == "tel" else "")


def call_code(number: str) -> str:
    """What a QR code says to be dialled: in capitals, which take two thirds of the room (a scheme's case does not matter)."""
    main, _extension = _dialled(number)
    return f"TEL:{main}"


def dialled(number: str) -> str:
    """What a program is given to dial: `+390255550142`. Raises Refused."""
    return _dialled(number)[0]


def _dialled(number: str) -> tuple[str, str]:
    main, _semicolon, extension = number.partition(";ext=")
    digits = re.sub(r"[^0-9]", "", main)
    if not digits:
        raise Refused(_("“{text}” is not a number that can be called.").format(text=number))
    return ("+" if main.lstrip().startswith("+") else "") + digits, re.sub(r"[^0-9]", "", extension)


def mail_link(address: str) -> str:
    """`mailto:maria@rossi.example`: what is no letter of an address is percent-encoded, so that it adds no header."""
    return f"mailto:{quote(address.strip(), safe='@.+-_')}"


def page_link(text: str) -> str:
    """The address of a web page, whole; what people type without a scheme is on https. Raises Refused for any other scheme."""
    bare = text.strip()
    if not _PAGE.fullmatch(bare):
        raise Refused(_("“{text}” is not an address of a web page.").format(text=text))
    return bare if "://" in bare else f"https://{bare}"


def whatsapp_link(number: str, text: str = "") -> str:
    """`https://wa.me/393331234567?text=…`. Raises Refused for a number without its country."""
    main = dialled(number)
    if not main.startswith("+"):
        raise Refused(_("WhatsApp needs the whole number, with + and the country: {number}").format(number=main))
    return _with_text(f"https://wa.me/{main[1:]}", text)


def telegram_link(name: str, text: str = "") -> str:
    """`https://t.me/anna_rossi?text=…`, of a name (`@anna_rossi`, a link of Telegram's) or a whole number. Raises Refused."""
    bare = _HOSTS.sub("", name.strip(), count=1).removeprefix("@").rstrip("/")
    if _NAME.fullmatch(bare):
        return _with_text(f"https://t.me/{bare}", text)
    if re.fullmatch(r"\+[0-9 ().-]{6,24}(?:;ext=\d+)?", bare):
        return _with_text(f"https://t.me/{dialled(bare)}", text)
    raise Refused(
        _("“{name}” is neither a name of Telegram's, such as @anna_rossi, nor a whole number with +.").format(name=name)
    )


def _with_text(link: str, text: str) -> str:
    return f"{link}?text={quote(text, safe='')}" if text else link
