"""The palette as a Textual theme, for the few widgets that Textual draws itself: inputs, boxes, the ground."""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

from tuicrm.render.palette import Palette, resolve, screen_colour


def theme_of(palette: Palette) -> Theme:
    """A theme in the palette's colours; Textual's own ANSI theme where the terminal's colours are taken."""
    if palette.theme == "terminal":
        return BUILTIN_THEMES["ansi-dark"]
    fine = Palette(palette.theme, "true", palette.contrast)

    def ink(word: str) -> str | None:
        return _hex(resolve(word, fine).fg)

    def ground(word: str) -> str | None:
        return _hex(resolve(word, fine).bg)

    return Theme(
        name=f"tuicrm-{palette.theme}{'-high' if palette.contrast else ''}",
        primary=ink("accent") or "",
        secondary=ink("link"),
        accent=ink("accent"),
        warning=ink("today"),
        error=ink("late"),
        success=ink("ok"),
        foreground=ink("value"),
        background=screen_colour(fine),
        surface=ground("on:cursor"),
        panel=ground("on:panel"),
        dark=palette.theme == "dark",
    )


def _hex(colour: str | int | None) -> str | None:
    return colour if isinstance(colour, str) else None
