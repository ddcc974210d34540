"""Keys under a keyboard layout of another script: by their place where the terminal tells it, else said to be of another layout.

Only terminals with kitty's keyboard protocol tell the place of a key. Elsewhere nothing is done by a guess: a layout may be another
than the usual one of its script, and a key may delete.
"""

from __future__ import annotations

from unicodedata import category, name

from textual import events

from tuicrm.i18n import N_, _

_SCRIPTS = {
    "CYRILLIC": N_("Cyrillic"),
    "GREEK": N_("Greek"),
    "HEBREW": N_("Hebrew"),
    "ARABIC": N_("Arabic"),
    "ARMENIAN": N_("Armenian"),
    "GEORGIAN": N_("Georgian"),
}
_LATIN = ("LATIN", "FULLWIDTH", "MODIFIER", "FEMININE", "MASCULINE")
_USUAL = (
    ("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"),
    ("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"),
    ("קראטוןםפשדגכעיחלךףזסבהנמצתץ", "ertyuiopasdfghjkl;zxcvbnm,."),
)
"""The usual layouts: the letters and, in the same places, those of a Latin keyboard."""
_SHIFTED = dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True))


class PlacedKey(events.Key):
    """A key of which the terminal told the place: the character that a Latin keyboard has there."""

    def __init__(self, key: str, character: str | None, place: str) -> None:
        super().__init__(key, character)
        self.place = place

    def copy(self) -> PlacedKey:
        return PlacedKey(self.key, self.character, self.place)


PlacedKey.handler_name = events.Key.handler_name  # who listens to keys listens to these


def script_of(character: str | None) -> str:
    """The script of a letter that is none of Latin, in words; "" for any other character."""
    if character is None or len(character) != 1 or character.isascii() or category(character)[0] != "L":
        return ""
    first = name(character, "").partition(" ")[0]
    if not first or first in _LATIN:
        return ""
    return _(_SCRIPTS[first]) if first in _SCRIPTS else _("another script")


def shifted(place: str) -> str:
    """What a Latin keyboard has in a place with shift."""
    return _SHIFTED.get(place, place.upper())


def usual_place(character: str) -> str:
    """What a Latin keyboard has where the usual layout of the script has this letter; "" where no such is known."""
    for letters, latin in _USUAL:
        if (at := letters.find(character.lower())) >= 0:
            return latin[at] if character == character.lower() else shifted(latin[at])
    return ""
