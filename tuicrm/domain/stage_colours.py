"""The colours that stages have, by names that can be read where no colour can be seen."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import N_, _
from tuicrm.regex import regex

COLOURS: Mapping[str, str] = {
    N_("blue"): "#39A8EF",
    N_("sky blue"): "#2FC6F6",
    N_("turquoise"): "#55D0E0",
    N_("mint"): "#47E4C2",
    N_("green"): "#7BD500",
    N_("dark green"): "#37B44A",
    N_("yellow"): "#F7D325",
    N_("orange"): "#FFA900",
    N_("red"): "#FF5752",
    N_("dark red"): "#C02020",
    N_("pink"): "#F173AC",
    N_("violet"): "#A77BFF",
    N_("brown"): "#B07A4A",
    N_("grey"): "#8A8F98",
}
"""English name → `#RRGGBB`."""

_HEX = regex(r"#(?:[0-9a-fA-F]{3}){1,2}")


def colour_of(text: str) -> str:
    """The colour that is meant, by name (in English or as it is shown) or as `#RRGGBB`. Raises Refused listing the names."""
    word = " ".join(text.split())
    if _HEX.fullmatch(word):
        digits = word[1:] if len(word) == 7 else "".join(digit * 2 for digit in word[1:])
        return f"#{digits.upper()}"
    wanted = word.casefold()
    found = next((code for name, code in COLOURS.items() if wanted in (name, _(name).casefold())), None)
    if found is None:
        names = ", ".join(_(name) for name in COLOURS)
        message = _("a colour is expected: {names}, or one such as #39A8EF").format(names=names)
        raise Refused(message, [FieldProblem("colour", message, text)])
    return found


def colour_name(colour: str) -> str:
    """What people call a colour: the name of the one that is nearest to it; "" for what is no colour (imports bring anything)."""
    if not _HEX.fullmatch(colour):
        return ""
    channels = _channels(colour_of(colour))
    nearest = min(
        COLOURS, key=lambda name: sum((a - b) ** 2 for a, b in zip(channels, _channels(COLOURS[name]), strict=True))
    )
    return _(nearest)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
