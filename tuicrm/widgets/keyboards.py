"""Pressed keys as the action table writes them; under a layout of another script by their place, where the terminal tells that.

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


# Textual's names of keys that people call otherwise.
_NAMES = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "delete": "del"}
_TEXTUAL_NAMES = {ours: theirs for theirs, ours in _NAMES.items()}
_CHARACTERS = {"space": " ", "enter": "\r", "tab": "\t", "escape": "\x1b", "backspace": "\x7f"}


class PlacedKey(events.Key):
    """A key of which the terminal told the place: the character that a Latin keyboard has there."""

    def __init__(self, key: str, character: str | None, place: str) -> None:
        super().__init__(key, character)
        self.place = place

    def copy(self) -> PlacedKey:
        return PlacedKey(self.key, self.character, self.place)


PlacedKey.handler_name = events.Key.handler_name  # who listens to keys listens to these


def script_of(character: str | None) -> str:
    """The script of a letter that is not Latin, in words; "" for any other character."""
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


def key_name(event: events.Key) -> str:
    """A pressed key as the action table writes it: the character itself, or `enter`, `pgup`, `shift+tab`, `F1`."""
    if event.character is not None and event.is_printable and event.character != " " and "+" not in event.key:
        return event.character
    *modifiers, name = event.key.split("+")
    name = _NAMES.get(name, name)
    if name[:1] == "f" and name[1:].isdigit():
        name = name.upper()
    return "+".join((*modifiers, name))


def command_key(event: events.Key) -> str:
    """The same where keys are commands: a letter of another script is the key of its place, where the terminal tells that."""
    if isinstance(event, PlacedKey) and script_of(event.character):
        return event.place
    return key_name(event)


def pressed(key: str) -> events.Key:
    """The event of a key that is written as the action table writes it."""
    if len(key) == 1:
        return events.Key(key, key)
    *modifiers, name = key.split("+")
    name = _TEXTUAL_NAMES.get(name, name.lower())
    return events.Key("+".join((*modifiers, name)), None if modifiers else _CHARACTERS.get(name))
