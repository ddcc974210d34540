"""How the words of a style look: dark, light, or in the terminal's own colours, with as many colours as it has.

Nothing is told by colour alone: where a colour speaks (late, today, marked) the line has a sign too, and without colours the
cursor is shown in reverse.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from tuicrm.render.colours import Colour, Depth, ink_on, legible, mix, normal, readable, to_depth

Theme: TypeAlias = Literal["dark", "light", "terminal"]


class Style(msgspec.Struct, frozen=True):
    """A resolved style; None for the terminal's own colour."""

    fg: Colour | None = None
    bg: Colour | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False


class Palette(msgspec.Struct, frozen=True):
    """`theme` "terminal" takes the terminal's own ground and its sixteen colours: for the command line, which does not know
    the ground. With `contrast`, all text is at least `HIGH` times as light as its ground, or the other way round."""

    theme: Theme
    depth: Depth
    contrast: bool = False


HIGH = 7.0
"""Contrast of high contrast: WCAG 2.2, level AAA for text of any size. Of rules, which are no text, `_HIGH_RULE`."""
_HIGH_RULE = 3.0


# word: dark, light, one of the terminal's sixteen colours, dim where there are no fine greys, bold
class _Ink(msgspec.Struct, frozen=True):
    dark: str
    light: str
    few: int | None = None
    dim: bool = False
    bold: bool = False
    underline: bool = False


_INKS = {
    "dim": _Ink("#98a2ad", "#57606a", dim=True),
    "faint": _Ink("#7b8591", "#66707a", dim=True),
    "rule": _Ink("#343b44", "#c4cbd3", dim=True),
    "accent": _Ink("#2fc6f6", "#0b6e99", 6),
    "late": _Ink("#ff6b66", "#c02020", 1),
    "today": _Ink("#ffa900", "#8a5a00", 3),
    "ok": _Ink("#7bd500", "#3a7500", 2),
    "link": _Ink("#6cb0ff", "#0a58ca", 4),
    "label": _Ink("#98a2ad", "#57606a"),
    "value": _Ink("#e6edf3", "#1b2027"),
    "title": _Ink("#f5f8fb", "#0b0d12", bold=True),
    "heading": _Ink("#98a2ad", "#57606a", bold=True),
    "required": _Ink("#ff6b66", "#c02020", 1, bold=True),
    "key": _Ink("#2fc6f6", "#0b6e99", 6, bold=True),
    "handle": _Ink("#ffa900", "#8a5a00", 3),
}
_TEXT = {"dark": "#d5dce3", "light": "#24292f"}
_SCREEN = {"dark": "#0f1117", "light": "#ffffff"}
_HIGH_TEXT = {"dark": "#ffffff", "light": "#000000"}
_HIGH_SCREEN = {"dark": "#000000", "light": "#ffffff"}
_GROUNDS = {
    "cursor": {"dark": "#20303c", "light": "#d0e4f7"},
    "bar": {"dark": "#161c22", "light": "#eaeef2"},
    "mark": {"dark": "#2a2a1a", "light": "#fff5d6"},
    "panel": {"dark": "#13181f", "light": "#f5f7f9"},
    "accent": {"dark": "#2fc6f6", "light": "#0b6e99"},
}
_HIGH_GROUNDS = {
    "cursor": {"dark": "#00344f", "light": "#cfe6ff"},
    "bar": {"dark": "#1c1c1c", "light": "#eeeeee"},
    "mark": {"dark": "#303000", "light": "#fff3b0"},
    "panel": {"dark": "#121212", "light": "#f5f5f5"},
    "accent": _GROUNDS["accent"],
}
_MANNERS = frozenset(("bold", "italic", "underline", "reverse"))
_CURSOR_GROUND_OF_16, _CURSOR_INK_OF_16, _ACCENT_OF_16 = 4, 15, 6


def screen_colour(palette: Palette) -> str | None:
    """The ground under everything, `#rrggbb`; None where it is the terminal's."""
    return (_HIGH_SCREEN if palette.contrast else _SCREEN).get(palette.theme)


def _text_colour(palette: Palette) -> str | None:
    return (_HIGH_TEXT if palette.contrast else _TEXT).get(palette.theme)


def _ground(name: str, palette: Palette) -> str:
    return (_HIGH_GROUNDS if palette.contrast else _GROUNDS)[name][palette.theme]


def _grounds(palette: Palette) -> tuple[str, ...]:
    """All that any ink may stand on: what is written on a stage's colour or the accent's has an ink of its own."""
    names = (name for name in _GROUNDS if name != "accent")
    return (screen_colour(palette) or "", *(_ground(name, palette) for name in names))


@lru_cache(maxsize=4096)
def resolve(words: str, palette: Palette) -> Style:
    """The look of a style's words; unknown words and malformed colours change nothing."""
    style = Style(fg=_fine(_text_colour(palette), palette))
    for word in words.split():
        style = _with(style, word, palette)
    return _cursor_of_few_colours(style, palette) if "on:cursor" in words else style


def _with(style: Style, word: str, palette: Palette) -> Style:
    if word in _MANNERS:
        return replace(style, **{word: True})
    if ink := _INKS.get(word):
        return _inked(style, ink, palette, _HIGH_RULE if word == "rule" else HIGH)
    kind, _, rest = word.partition(":")
    colour = normal(rest)
    if kind == "fg" and colour:
        return replace(style, fg=_stage_ink(colour, palette))
    if kind == "on" and (colour or rest in _GROUNDS):
        return _on(style, rest, colour, palette)
    if kind == "tint" and colour:
        return replace(style, bg=_fine(_tinted(colour, palette), palette))
    return style


def _fine(colour: str | None, palette: Palette) -> Colour | None:
    """A colour where there are fine ones; nothing where there are sixteen or none."""
    if colour is None or palette.depth in ("16", "none"):
        return None
    return to_depth(colour, palette.depth)


def _inked(style: Style, ink: _Ink, palette: Palette, least: float) -> Style:
    bold = style.bold or ink.bold
    dim = ink.dim and not palette.contrast
    if palette.depth == "none":
        return replace(style, bold=bold, dim=dim)
    if palette.theme == "terminal" or palette.depth == "16":
        # Which of its colours can be read on its ground only the terminal knows: with high contrast its own ink is taken.
        return replace(style, fg=None if palette.contrast else ink.few, bold=bold, dim=dim)
    colour = ink.dark if palette.theme == "dark" else ink.light
    if palette.contrast:
        colour = readable(colour, _grounds(palette), least, palette.depth)
    return replace(style, fg=to_depth(colour, palette.depth), bold=bold)


def _stage_ink(colour: str, palette: Palette) -> Colour | None:
    screen = screen_colour(palette)
    if not palette.contrast:
        return to_depth(legible(colour, screen) if screen else colour, palette.depth)
    if screen is None or palette.depth in ("16", "none"):
        return None
    return to_depth(readable(colour, _grounds(palette), HIGH, palette.depth), palette.depth)


def _tinted(colour: str, palette: Palette) -> str | None:
    """The screen with some of a stage's colour in it."""
    screen, text = screen_colour(palette), _text_colour(palette)
    if screen is None or text is None:
        return None
    tinted = mix(colour, screen, 0.35)
    return _behind(tinted, text, palette) if palette.contrast else tinted


def _behind(ground: str, ink: str, palette: Palette) -> str:
    """A ground, moved away from its ink until that can be read on it with high contrast."""
    return readable(ground, (ink,), HIGH, palette.depth) if palette.contrast else ground


def _on(style: Style, name: str, colour: str, palette: Palette) -> Style:
    if palette.depth == "none":
        return replace(style, reverse=True, dim=False) if colour or name in ("cursor", "accent") else style
    if colour:
        return _written_on(style, colour, palette)
    if palette.theme == "terminal" or palette.depth == "16":
        return replace(style, fg=0, bg=_ACCENT_OF_16) if name == "accent" else style
    ground = _ground(name, palette)
    return _written_on(style, ground, palette) if name == "accent" else replace(style, bg=_fine(ground, palette))


def _written_on(style: Style, ground: str, palette: Palette) -> Style:
    """Black or white on a colour."""
    ink = ink_on(ground)
    ground = _behind(ground, ink, palette)
    return replace(style, fg=to_depth(ink, palette.depth), bg=to_depth(ground, palette.depth))


def _cursor_of_few_colours(style: Style, palette: Palette) -> Style:
    """One ink on the cursor's ground: of sixteen colours, too many pairs cannot be read."""
    if palette.depth == "none":
        return replace(style, reverse=True, dim=False)
    if palette.depth == "16" or palette.theme == "terminal":
        return replace(style, fg=_CURSOR_INK_OF_16, bg=_CURSOR_GROUND_OF_16, dim=False)
    return style
